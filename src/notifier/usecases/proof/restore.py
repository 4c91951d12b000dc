"""Restore: an older ledger in place of this one, and what it must learn before anything is sent again.

What it lacks git has seen, and the journal says so from then on. Who was told since, git knows of every notice that
began or ended, and the provider's events of every delivery that they name; what nobody can know `recover` asks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from notifier.errors import LedgerError
from notifier.ledger.database import Database
from notifier.ledger.evidence.learnt_since import LearntSince, came_since, learn
from notifier.ledger.evidence.ledger_copy import check_copy, copy_ledger, put_back
from notifier.ledger.people.since_copy import forgotten_since, said_since
from notifier.notice.delivery import Customer, NoticeState
from notifier.usecases.acceptance_csv import write_acceptances
from notifier.usecases.customers import export_roster_file
from notifier.usecases.proof.witnesses import own_up
from notifier.usecases.receipt_key import missing_key
from notifier.usecases.two_records import differences

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.proof.entry import Head
    from notifier.repository import Repository

SUFFIXES = ("", "-wal", "-shm")


class Restored(NamedTuple):
    """What came of it."""

    aside: Path | None
    """Where what was there before is kept."""
    head: Head
    """How far the journal of the copy goes."""
    lost: int
    """How many commits and tags have seen entries that it lacks."""
    forgotten: int
    """How many were forgotten anew, who had been since the copy was made."""
    unaccepted: int
    """How many acceptances the copy lacks."""
    acceptances: Path | None
    """Where those are, as `people import` takes them."""
    learnt: LearntSince
    """What was said since of whom not to write to, and was taken over."""
    customers: Path | None
    """Where those are who came or changed since, as `customers import` takes them."""
    key: str
    """What is to be said of the key that signs receipts, which no copy has; empty where it is there."""
    differences: tuple[str, ...]
    """What `recover` must settle before anything is posted or sent."""


def set_aside_damaged(database_path: Path | None, open_ledger: Callable[[], Ledger], now: datetime) -> Path | None:
    """A ledger that cannot be opened is moved out of the way, so that a copy can take its place; where it is then.

    Raises LedgerError where it is on a server: that is mended there.
    """
    try:
        open_ledger().close()
    except LedgerError:
        if database_path is None:
            raise
        aside = _aside(database_path.parent, now, "damaged")
        for suffix in SUFFIXES:
            file = database_path.with_name(database_path.name + suffix)
            if file.exists():
                file.rename(aside.with_name(aside.name + suffix))
        return aside
    return None


def restore(
    config: Config,
    repository: Repository,
    open_ledger: Callable[[], Ledger],
    copy: Path,
    *,
    state: Path,
    by: str,
    now: datetime,
) -> Restored:
    """Bring `copy` back; what is there is kept in the state folder. Raises Refused, Busy and LedgerError."""
    check_copy(copy)
    aside = _aside(state, now)
    with open_ledger() as ledger, ledger.sender_lock(), TemporaryDirectory(dir=state) as folder:
        ledger.high_water.keep()  # a process that was killed in the midst of sending did not
        copy_ledger(ledger.database, aside)
        of_today = Path(folder) / "copy.db"
        of_today.write_bytes(copy.read_bytes())
        with closing(Database(f"sqlite:///{of_today}")) as migrated:
            copy_ledger(migrated, Path(folder) / "whole.db")
        put_back(ledger.database, Path(folder) / "whole.db")
        head = ledger.journal.head()
        with closing(Database(f"sqlite:///{aside}")) as before:
            forgotten = forgotten_since(before, ledger.database)
            for one in forgotten:
                ledger.roster.forget(one, now, by=by)
            said = write_acceptances(said_since(before, ledger.database), aside.with_suffix(".acceptances.csv"))
            learnt = learn(before, ledger.database)
            _stop(ledger, learnt, by, now)
            came = _write_customers(came_since(before, ledger.database), aside.with_suffix(".customers.csv"))
    with open_ledger() as ledger:
        lost = own_up(repository, ledger, by, copy_sha256=hashlib.sha256(copy.read_bytes()).hexdigest())
        settle = differences(repository, ledger, config.page_dir)
        key = missing_key(config.root, ledger)
        return Restored(aside, head, lost, len(forgotten), *said, learnt, came, key, settle)


def _stop(ledger: Ledger, learnt: LearntSince, by: str, now: datetime) -> None:
    for notice_id, state in learnt.stopped:
        why = f"it was {state} after the copy was made that was brought back"
        (ledger.notices.cancel if state is NoticeState.CANCELLED else ledger.notices.hold)(notice_id, by, now, why)


def _write_customers(customers: Iterator[Customer], path: Path) -> Path | None:
    first = next(customers, None)
    if first is None:
        return None
    export_roster_file(chain((first,), customers), path)
    return path


def _aside(folder: Path, now: datetime, how: str = "before-restore") -> Path:
    return folder / f"ledger-{how}-{now:%Y%m%dT%H%M%S}.db"

"""Senders as processes that die: forked, so that each costs milliseconds, and killed with a real SIGKILL.

`Kill("notifier.ledger.notices:Notices.start", "before", 2)` dies just before the second call of that function.
"""

from __future__ import annotations

import faulthandler
import gc
import importlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import sendgrid  # noqa: F401  # imported before forking, so that each child need not
import sqlalchemy as sa

import notifier.mail.sendgrid.http  # noqa: F401  # the same
from notifier.cli import main
from notifier.ledger import Ledger
from notifier.ledger.schema import batch, delivery
from notifier.ledger.states import STATUS_OF_BATCH
from notifier.mail import Mailer
from notifier.mail.sendgrid import SendGridMailer
from notifier.notice.delivery import DeliveryStatus
from notifier.notice.sending_rules import SendingRules
from notifier.usecases.deliver import deliver
from tests.scenes import RULES
from tests.standins.sendgrid import API_KEY

HASTY = RULES._replace(
    max_bounce_rate=1.0,
    canary_wait=timedelta(0),
    in_doubt_wait=timedelta(0),
    silent_feed_wait=timedelta(0),
    patience=timedelta(seconds=2),
)
"""Nothing is waited for: what is in doubt at the start of a pass is sent again, marked."""


@dataclass(frozen=True, slots=True)
class Kill:
    """Where a process dies: before or after the `nth` call of `module:name`."""

    target: str
    when: Literal["before", "after"] = "before"
    nth: int = 1
    act: Callable[[], object] = lambda: os.kill(os.getpid(), signal.SIGKILL)
    """Something else may happen there: it is stopped, or cut off."""

    def arm(self) -> None:
        """In the process that is to die."""
        module, _, path = self.target.partition(":")
        *holders, name = path.split(".")
        holder: Any = importlib.import_module(module)
        for each in holders:
            holder = getattr(holder, each)
        setattr(holder, name, self._deadly(getattr(holder, name)))

    def _deadly(self, real: Callable[..., Any]) -> Callable[..., Any]:
        calls, lock = 0, threading.Lock()

        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            with lock:
                calls += 1
                is_due = calls == self.nth
            if is_due and self.when == "before":
                self.act()
            result = real(*arguments, **named)
            if is_due and self.when == "after":
                self.act()
            return result

        return call


def in_child(work: Callable[[], object], *, kills: Sequence[Kill] = (), killed_after_s: float | None = None) -> int:
    """Do `work` in a process of its own; its exit code, negative for a signal."""
    pid = os.fork()
    if pid == 0:
        _live_and_die(work, kills)
    if killed_after_s is not None:
        time.sleep(killed_after_s)
        os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _live_and_die(work: Callable[[], object], kills: Sequence[Kill]) -> None:
    code = 3
    try:
        for kill in kills:
            kill.arm()
        work()
        code = 0
    except BaseException:  # noqa: BLE001  # a child must never return into the test
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)


def started(*arguments: str, first: Callable[[], object] = lambda: None, **more: Any) -> subprocess.Popen[str]:
    """`notifier …` as a process of its own; `first`: what it does before.

    That the program starts as it is installed is shown by `cli/test_frame`, `cluster/test_by_the_verbs`, `test_wheel`.
    """

    def live() -> None:
        first()
        main(list(arguments))

    return at_work(live, **more)


def at_work(work: Callable[[], object], *, env: Mapping[str, str] | None = None, **more: Any) -> subprocess.Popen[str]:
    """A process that does `work` and ends; whatever `Popen` takes may be given.

    It is forked from this one, which has imported what it needs: to start an interpreter for it takes a second.
    """

    def live() -> None:
        _become_a_program(dict(os.environ if env is None else env))
        code: object = 1
        try:
            work()
            code = 0
        except SystemExit as end:
            code = end.code
        except BaseException:  # noqa: BLE001  # as the interpreter tells it
            traceback.print_exc()
        finally:
            with suppress(OSError, ValueError):
                sys.stdout.flush()
            os._exit(code if isinstance(code, int) else 0)

    gc.collect()  # SQLite knows by the process which files are open: one that waits for this would look open there
    return subprocess.Popen(["never started"], preexec_fn=live, text=True, **more)


def _become_a_program(env: dict[str, str]) -> None:
    """Forget the tests: their files, what they wait for, how they take signals and where they print."""
    gc.freeze()  # or what is garbage here closes the files of others
    faulthandler.disable()
    logging.getLogger().handlers.clear()  # pytest's
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # now `Popen` returns, and goes on beside this process
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    os.environ.clear()
    os.environ.update(env)
    sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115  # they last as long as the process
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace")  # noqa: SIM115


def send_once(
    url: str, mailer: Callable[[], Mailer], rules: SendingRules = HASTY, *, now: datetime | None = None
) -> None:
    """One pass of the sender, long after any other."""
    from notifier.usecases.deliver import SystemEnvironment

    around = SystemEnvironment(now=(lambda: now) if now else lambda: datetime.now(UTC))
    with Ledger.open(url) as ledger:
        let_leases_end(ledger)
        deliver(ledger, mailer(), rules, around)


def let_leases_end(ledger: Ledger) -> None:
    """As if so much time had passed: on PostgreSQL what a dead sender had claimed is its own for some minutes."""
    with ledger.database.write() as connection:
        held = sa.update(batch).where(batch.c.lease_until.is_not(None))
        connection.execute(held.values(lease_until=datetime(2026, 1, 1, tzinfo=UTC)))


def sendgrid_at(url: str, *, batch_size: int = 10, connections: int = 2, timeout_s: float = 5.0) -> SendGridMailer:
    """The real transport, towards the stand-in."""
    return SendGridMailer(API_KEY, host=url, timeout_s=timeout_s, batch_size=batch_size, connections=connections)


@dataclass(frozen=True, slots=True)
class Standing:
    """One delivery as the ledger has it."""

    email: str
    status: DeliveryStatus
    is_possible_duplicate: bool


def standings(ledger: Ledger) -> dict[str, Standing]:
    """delivery key → where it stands."""
    inside = sa.and_(
        batch.c.notice_no == delivery.c.notice_no,
        batch.c.message_no == delivery.c.message_no,
        delivery.c.seq.between(batch.c.first_seq, batch.c.last_seq),
    )
    query = sa.select(delivery, batch.c.state).select_from(delivery.outerjoin(batch, inside))
    with ledger.database.read() as connection:
        rows = connection.execute(query).all()
    return {row.delivery_key: Standing(row.email, _status(row), row.is_possible_duplicate) for row in rows}


def _status(row: Any) -> DeliveryStatus:
    if row.status is not None:
        return DeliveryStatus(row.status)
    return STATUS_OF_BATCH[row.state] if row.state is not None else DeliveryStatus.QUEUED

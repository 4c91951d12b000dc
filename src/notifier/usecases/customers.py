"""The roster in and out: a CSV file → the ledger's customers, and back. A bad row never stops the good ones."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from notifier.errors import CustomerError, Refused, RosterAway
from notifier.ledger.by_set.departures import Leaving
from notifier.notice.customer_csv import row_of
from notifier.notice.delivery import Customer
from notifier.notice.roster_columns import COLUMNS, Role
from notifier.notice.sending_rules import MOST_LOST
from notifier.usecases.roster_file import RosterReading, open_query, open_roster

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger

ROWS_SHOWN = 10
UNKNOWABLE = (
    "without a column of ids nobody can know which of the new ones are customers who moved: their old addresses are "
    "still written to; --replace, where this is the whole roster, lets them go"
)


class RosterImported(NamedTuple):
    """What an import did; `bad_rows` are lines for a person, `file:line: reason`."""

    added: int
    changed: int
    unchanged: int
    bad_rows: tuple[str, ...]
    """A column that looks like one of ours and is not read is among them, at line 1."""
    left: int = 0
    """Who is no longer in the company's whole list."""
    remarks: tuple[str, ...] = ()
    """What was recognised: an encoding, a column that is called otherwise."""


def import_roster(
    ledger: Ledger,
    reading: RosterReading,
    *,
    on_progress: Callable[[int], None] = lambda _: None,
    whole_at: datetime | None = None,
    whose: Leaving = Leaving.FROM_FILE,
    is_marked: bool = False,
) -> RosterImported:
    """Bring the customers of a CSV file into the ledger; a notice waits for the end of one that `is_marked`.

    With `whole_at` it is the company's whole list: who was in it (or on the roster at all: `whose`) and is no longer
    has left. Not while a row is bad: nobody knows who stands there.
    """
    name, is_everybody = Path(reading.name).name, bool(whole_at and whose is Leaving.ANYBODY)
    counts = ledger.roster.import_customers(
        reading.customers(on_progress),
        whole_at=whole_at,
        is_whole=lambda: not reading.bad_rows,
        whose=whose,
        unsaid=reading.unsaid,
        name=name,
        is_marked=is_marked,
    )
    ledger.roster.note_bad_rows(name, len(reading.bad_rows), is_by_hand=is_marked, is_everybody=is_everybody)
    said = reading.remarks
    if not reading.has_ids and counts.added and counts.changed + counts.unchanged and whole_at is None:
        said = (*said, f"{reading.name}: {UNKNOWABLE}")
    return RosterImported(counts.added, counts.changed, counts.unchanged, reading.told_bad_rows, counts.left, said)


class RosterPreview(NamedTuple):
    """What an import would do; `first` are the first customers of the file."""

    first: tuple[Customer, ...]
    imported: RosterImported
    """`left`: who would leave, were this the whole list."""
    languages: Mapping[str, int]
    """How many read each."""
    tags: Mapping[str, int]
    """How many have each."""


def look_at_roster(ledger: Ledger, reading: RosterReading, *, whose: Leaving = Leaving.ANYBODY) -> RosterPreview:
    """Read a file and compare it with the roster; nothing is changed."""
    first: list[Customer] = []
    languages, tags = Counter[str](), Counter[str]()

    def noting() -> Iterator[Customer]:
        for customer in reading.customers():
            first.extend([customer] * (len(first) < ROWS_SHOWN))
            languages[customer.language] += 1
            tags.update(customer.tags)
            yield customer

    counts = ledger.roster.compare(noting(), reading.unsaid, whose)
    leaving = 0 if reading.bad_rows else counts.left
    told, said = reading.told_bad_rows, reading.remarks
    imported = RosterImported(counts.added, counts.changed, counts.unchanged, told, leaving, said)
    return RosterPreview(tuple(first), imported, languages, tags)


def refuse_losing_many(ledger: Ledger, leaving: int) -> None:
    """Raise `Refused` where a new whole list would let go more of the roster than a company loses by itself."""
    here = sum(ledger.roster.count().values())
    if leaving > MOST_LOST * here:
        raise Refused(
            f"{leaving:,} of {here:,} customers are not in it and would be told nothing any more: is it the whole "
            "roster? --yes: let them go"
        )


class RosterRead(NamedTuple):
    """What a run has of the company's list."""

    bad_rows: tuple[str, ...] = ()
    leaving: int = 0
    """Who would be taken off the roster, where the run is a dry one."""
    away: str = ""
    """Why the company's database could not be asked: the roster is as it was last read."""


def read_configured_roster(
    config: Config, ledger: Ledger, now: datetime, *, is_dry: bool, on_progress: Callable[[int], None] = lambda _: None
) -> RosterRead:
    """Bring in the company's whole list, if there is one, or only look at it; `on_progress` gets how many are read.

    Raises CustomerError where it cannot be read. A database that is away costs nothing that is known: but nobody is not
    everybody, and where no list was ever read to its end it is an error.
    """
    if not has_list(config):
        return RosterRead()
    try:
        if is_dry:
            seen = look_at_configured_roster(config, ledger).imported
            return RosterRead(seen.bad_rows, leaving=seen.left)
        with open_configured(config) as reading:
            return RosterRead(import_roster(ledger, reading, on_progress=on_progress, whole_at=now).bad_rows)
    except RosterAway as error:
        if not ledger.roster.count() or ledger.roster.unfinished():
            raise
        return RosterRead(away=str(error))


def has_list(config: Config) -> bool:
    """Does the config say where the company's whole list is?"""
    return config.customers_file is not None or config.customers.query is not None


def look_at_configured_roster(config: Config, ledger: Ledger) -> RosterPreview:
    """What a run would make of the company's list; nothing is changed. Raises CustomerError where it cannot be read."""
    with open_configured(config) as reading:
        return look_at_roster(ledger, reading, whose=Leaving.FROM_FILE)


def open_configured(config: Config) -> AbstractContextManager[RosterReading]:
    """The company's list as the config has it, ready to be read."""
    mapped = {Role(role): name for role, name in config.customers.map.items()}
    if config.customers_query is not None:
        return open_query(*config.customers_query, mapped=mapped)
    if config.customers.query is not None:
        raise CustomerError("customers.url: required beside customers.query; with a password, NOTIFIER_CUSTOMERS_URL")
    if config.customers_file is None:
        raise Refused("config.toml names neither customers.file nor customers.url: name the FILE to import")
    encoding = None if config.customers.encoding == "auto" else config.customers.encoding
    return open_roster(config.customers_file, mapped=mapped, encoding=encoding)


def export_roster(customers: Iterable[Customer], out: IO[str]) -> int:
    """Write customers as CSV that `import_roster` reads back; how many they were."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for count, customer in enumerate(customers, 1):  # noqa: B007  # the count is the answer
        writer.writerow(row_of(customer))
    return count


def export_roster_file(customers: Iterable[Customer], path: Path) -> int:
    """The same into a file that only its owner reads, whole or not at all; how many they were."""
    partial = path.with_name(path.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        with partial.open("w", encoding="utf-8", newline="") as out:
            count = export_roster(customers, out)
        partial.replace(path)
    except OSError as error:
        raise CustomerError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    return count


def forget_all(ledger: Ledger, keys: Sequence[str], at: datetime) -> int:
    """Erase these, each in a transaction of their own; how many records lost their data.

    Raises `Refused` for who is unknown, by their place in the list, when all others are erased.
    """
    erased, unknown = 0, list[str]()
    for place, key in enumerate(keys, 1):
        try:
            erased += ledger.roster.forget(key, at)
        except Refused as error:
            unknown.append(str(error) if len(keys) == 1 else f"{error} (the {place}. of {len(keys):,} that were named)")
    if unknown:
        others = f"; the {len(keys) - len(unknown):,} others are forgotten" if len(keys) > 1 else ""
        raise Refused(f"{unknown[0]}{others}")
    return erased

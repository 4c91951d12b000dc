"""The roster in and out: a CSV file → the ledger's customers, and back. A bad row never stops the good ones."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from notifier.errors import CustomerError
from notifier.notice.customer_csv import COLUMNS, BadRow, read_roster, row_of
from notifier.notice.delivery import Customer

if TYPE_CHECKING:
    from notifier.ledger import Ledger


@dataclass(frozen=True, slots=True)
class RosterImported:
    """What an import did; `bad_rows` are lines for a person, `file:line: reason`."""

    added: int
    changed: int
    unchanged: int
    bad_rows: tuple[str, ...]
    left: int = 0
    """Who is no longer in the company's whole list."""


def import_roster(
    ledger: Ledger,
    lines: Iterable[str],
    name: str,
    *,
    on_progress: Callable[[int], None] = lambda _: None,
    whole_at: datetime | None = None,
) -> RosterImported:
    """Bring the customers of a CSV file into the ledger; `name` is the file as a person knows it.

    With `whole_at` it is the company's whole list: who was in it and is no longer has left. Not while a row is bad:
    nobody knows who stands there.
    """
    bad_rows: list[BadRow] = []
    try:
        counts = ledger.roster.import_customers(
            _good_rows(lines, bad_rows, on_progress), whole_at=whole_at, is_whole=lambda: not bad_rows
        )
    except CustomerError as error:
        raise CustomerError(f"{name}:{error}") from error
    told = tuple(f"{name}:{bad.line}: {bad.reason}" for bad in bad_rows)
    return RosterImported(counts.added, counts.changed, counts.unchanged, told, counts.left)


def import_roster_file(
    ledger: Ledger,
    path: Path,
    *,
    on_progress: Callable[[int, int | None], None] = lambda _done, _all: None,
    whole_at: datetime | None = None,
) -> RosterImported:
    """The same from a file; `on_progress` gets how many rows are done, of how many lines."""
    try:
        with path.open("rb") as source:
            count = sum(1 for _ in source)
        with path.open(encoding="utf-8", errors="surrogateescape", newline="") as lines:
            return import_roster(
                ledger, lines, str(path), on_progress=lambda done: on_progress(done, count), whole_at=whole_at
            )
    except OSError as error:
        raise CustomerError(f"{path}: {(error.strerror or str(error)).lower()}") from error


@dataclass(frozen=True, slots=True)
class RosterRead:
    """What a run has of `customers.file`. `trouble`: why nobody knows who the customers are now."""

    bad_rows: tuple[str, ...] = ()
    trouble: str = ""
    leaving: int = 0
    """Who would be taken off the roster, where the run is a dry one."""


def read_roster_file(ledger: Ledger, path: Path, now: datetime, *, is_dry: bool) -> RosterRead:
    """Bring in the company's whole list, or only look at it. A list that cannot be read stops no delivery under way."""
    try:
        if is_dry:
            return _look_at(ledger, path)
        return RosterRead(import_roster_file(ledger, path, whole_at=now).bad_rows)
    except CustomerError as error:
        return RosterRead(trouble=f"customers.file cannot be read: {error}")


def _look_at(ledger: Ledger, path: Path) -> RosterRead:
    from notifier.ledger.rows import email_key

    bad_rows: list[BadRow] = []
    ids: set[str] = set()
    keys: set[str] = set()
    try:
        with path.open(encoding="utf-8", errors="surrogateescape", newline="") as lines:
            for one in _good_rows(lines, bad_rows, lambda _: None):
                ids.add(one.customer_id)
                keys.add(email_key(one.email))
    except CustomerError as error:
        raise CustomerError(f"{path}:{error}") from error
    except OSError as error:
        raise CustomerError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    leaving = 0 if bad_rows else ledger.departures.leaving(ids, keys)
    return RosterRead(tuple(f"{path}:{bad.line}: {bad.reason}" for bad in bad_rows), leaving=leaving)


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


def _good_rows(lines: Iterable[str], bad_rows: list[BadRow], on_progress: Callable[[int], None]) -> Iterator[Customer]:
    for done, row in enumerate(read_roster(lines), 1):
        if done % 1000 == 0:
            on_progress(done)
        if isinstance(row, BadRow):
            bad_rows.append(row)
            continue
        yield row

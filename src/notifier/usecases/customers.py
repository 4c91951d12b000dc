"""The roster in and out: a CSV file → the ledger's customers, and back. A bad row never stops the good ones."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
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


def import_roster(
    ledger: Ledger, lines: Iterable[str], name: str, *, on_progress: Callable[[int], None] = lambda _: None
) -> RosterImported:
    """Bring the customers of a CSV file into the ledger; `name` is the file as a person knows it."""
    bad_rows: list[BadRow] = []
    try:
        counts = ledger.roster.import_customers(_good_rows(lines, bad_rows, on_progress))
    except CustomerError as error:
        raise CustomerError(f"{name}:{error}") from error
    told = tuple(f"{name}:{bad.line}: {bad.reason}" for bad in bad_rows)
    return RosterImported(counts.added, counts.changed, counts.unchanged, told)


def import_roster_file(
    ledger: Ledger, path: Path, *, on_progress: Callable[[int, int | None], None] = lambda _done, _all: None
) -> RosterImported:
    """The same from a file; `on_progress` gets how many rows are done, of how many lines."""
    try:
        with path.open("rb") as source:
            count = sum(1 for _ in source)
        with path.open(encoding="utf-8", errors="surrogateescape", newline="") as lines:
            return import_roster(ledger, lines, str(path), on_progress=lambda done: on_progress(done, count))
    except OSError as error:
        raise CustomerError(f"{path}: {(error.strerror or str(error)).lower()}") from error


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

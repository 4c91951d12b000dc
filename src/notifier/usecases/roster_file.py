"""A roster file being read: its bytes → text in the encoding that they show → customers, with all there is to say."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from notifier.errors import CustomerError, RosterAway
from notifier.ledger.by_set.company_database import company_rows
from notifier.ledger.by_set.rows_on_disk import RowsOnDisk
from notifier.notice.customer_csv import BadRow, read_roster, read_rows, safe_cell
from notifier.notice.delivery import Customer
from notifier.notice.roster_columns import Columns, Role
from notifier.notice.roster_encoding import NAMES, encoding_of

TOLD_EVERY = 1000
QUERY = "customers.query"


@dataclass
class RosterReading:
    """One file, or what a query gave, read once: `bad_rows` and `remarks` fill while its customers are taken."""

    name: str
    read: Callable[..., Iterator[Customer | BadRow]]
    lines_in_all: int | None = None
    bad_rows: list[BadRow] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    roles: frozenset[Role] = frozenset()
    """What its columns hold; known with the first customer."""

    def customers(self, on_progress: Callable[[int], None] = lambda _: None) -> Iterator[Customer]:
        """The good rows. Raises `CustomerError`, which begins with the file's name, where no row can be read."""
        has_days = False
        try:
            with closing(RowsOnDisk()) as firsts:
                for done, row in enumerate(self.read(on_columns=self._note, firsts=firsts), 1):
                    if done % TOLD_EVERY == 0:
                        on_progress(done)
                    if isinstance(row, BadRow):
                        self.bad_rows.append(row)
                        continue
                    has_days = has_days or row.since is not None
                    yield row
        except RosterAway:
            raise
        except CustomerError as error:
            if str(error).startswith(f"{self.name}:"):
                raise
            between = " " if self.name == QUERY else ""
            raise CustomerError(f"{self.name}:{between}{error}") from error
        if Role.SINCE in self.roles and not has_days:
            self.said.append("no row has a day such as 2024-05-01 as since: nobody knows since when they are customers")

    @property
    def has_ids(self) -> bool:
        return Role.ID in self.roles

    def unsaid(self) -> tuple[str, ...]:
        """Of what it says nothing: what is known of that stays."""
        names = {Role.NAME, Role.FIRST_NAME, Role.LAST_NAME}
        said = {"name": names, "language": {Role.LANGUAGE}, "tags": {Role.TAGS}, "since": {Role.SINCE}}
        return tuple(one for one, roles in said.items() if not roles & self.roles)

    @property
    def told_bad_rows(self) -> tuple[str, ...]:
        """In lines for a person, `file:line: reason`, or `customers.query: id 17: reason`."""
        return tuple(f"{self.name}:{f' {bad.key}' if bad.key else bad.line}: {bad.reason}" for bad in self.bad_rows)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was recognised, in lines for a person."""
        return tuple(f"{self.name}: {words}" for words in self.said)

    def _note(self, columns: Columns) -> None:
        self.roles = frozenset(columns.places)
        self.said += columns.recognised
        key = "columns" if self.name == QUERY else ""
        self.bad_rows += [BadRow(1, words, key) for words in columns.suspicious]


@contextmanager
def open_roster(
    source: Path | BinaryIO, *, mapped: Mapping[Role, str] = MappingProxyType({}), encoding: str | None = None
) -> Iterator[RosterReading]:
    """A file, or standard input, ready to be read. Raises `CustomerError` where it cannot be."""
    name, known = str(source) if isinstance(source, Path) else "-", ""
    try:
        with source.open("rb") if isinstance(source, Path) else io.BytesIO(source.read()) as raw:
            lines_in_all = sum(1 for _ in raw)
            raw.seek(0)
            known = _known(encoding) if encoding else encoding_of(raw)
            raw.seek(0)
            text = io.TextIOWrapper(raw, encoding=known, errors="surrogateescape", newline="")
            said = [f"read as {NAMES[known]}"] if known in NAMES else []
            yield RosterReading(name, partial(read_roster, text, mapped), lines_in_all, said=said)
    except CustomerError as error:
        raise error if str(error).startswith(f"{name}:") else CustomerError(f"{name}:{error}") from error
    except UnicodeError as error:
        claimed = encoding or NAMES.get(known, "text")
        raise CustomerError(f"{name}: not {claimed}, or cut off in the middle of a letter; save it as UTF-8") from error
    except OSError as error:
        raise CustomerError(f"{name}: {(error.strerror or str(error)).lower()}") from error


@contextmanager
def open_query(url: str, query: str, *, mapped: Mapping[Role, str] = MappingProxyType({})) -> Iterator[RosterReading]:
    """The company's database, asked and ready to be read. Raises `CustomerError`, `RosterAway` where it is away."""
    with company_rows(url, query) as (names, rows):
        cells = ([safe_cell(text) for text in row] for row in rows)  # no apostrophe of theirs is one of a spreadsheet
        yield RosterReading(QUERY, partial(read_rows, names, cells, mapped))


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError as error:
        raise CustomerError(f" --encoding: no such encoding as {encoding!r}; one is cp1251") from error

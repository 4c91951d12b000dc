"""The roster as a CSV file: one row → one `Customer`, or the reason why not; and back again.

Columns: `email` and, where there are any, `name`, `language`, `tags` (apart by spaces, `|`, `,` or `;`), `id`.
A cell that a spreadsheet would take for a formula is written with an apostrophe in front, and read without it.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from notifier.errors import CustomerError
from notifier.notice.delivery import Customer

COLUMNS = ("email", "name", "language", "tags", "id")
DELIMITERS = ",;\t"
LONGEST_CELL = 320
OPEN_QUOTE = "a quotation mark opens here and never closes; the rest was not read"

FORMULA = re.compile(r"'*[=+\-@\t\r]")
QUOTED_FORMULA = re.compile(r"'+[=+\-@\t\r]")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
BETWEEN_TAGS = re.compile(r"[\s,;|]+")
NOT_UTF8 = re.compile("[\ud800-\udfff]")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that makes no customer: the line where it begins, and why."""

    line: int
    reason: str


def read_roster(lines: Iterable[str]) -> Iterator[Customer | BadRow]:
    """Customers and bad rows in the order of the file; raises `CustomerError` where no row can be read at all.

    `lines` keep their line ends; bytes that are no UTF-8 come in as surrogates (`errors="surrogateescape"`).
    """
    lines = iter(lines)
    header = next(lines, "").removeprefix("\ufeff")
    columns = _columns(header)
    seen: dict[str, tuple[int, Customer]] = {}
    for line, cells in _rows(lines, _delimiter(header)):
        if isinstance(cells, str):
            yield BadRow(line, cells)
        elif any(cell.strip() for cell in cells):
            row = _customer_or_reason(dict(zip(columns, cells, strict=False)))
            yield from [BadRow(line, row)] if isinstance(row, str) else _unless_seen(row, line, seen)


def customer_id_of(address: str) -> str:
    """The key of a customer for whom the company gives none: made from the address, without regard to case."""
    return "a-" + hashlib.sha256(address.casefold().encode()).hexdigest()[:20]


def row_of(customer: Customer) -> list[str]:
    """A customer as a row under `COLUMNS`; `read_roster` makes the same customer of it."""
    own_id = "" if customer.customer_id == customer_id_of(customer.email) else customer.customer_id
    cells = (customer.email, customer.name, customer.language, " ".join(sorted(customer.tags)), own_id)
    return [safe_cell(cell) for cell in cells]


def safe_cell(cell: str) -> str:
    """A CSV cell that no spreadsheet takes for a formula."""
    return "'" + cell if FORMULA.match(cell) else cell


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _columns(header: str) -> list[str]:
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=_delimiter(header)), [])]
    if "email" not in names:
        example = ",".join(COLUMNS)
        raise CustomerError(f'1: no column "email"; the first line names the columns, as in "{example}"')
    doubled = next((name for name in COLUMNS if names.count(name) > 1), None)
    if doubled:
        raise CustomerError(f'1: two columns "{doubled}"')
    return names


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each row, or why it is none, with the line where it begins; the header was line 1."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 2
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"not CSV: {OPEN_QUOTE if 'unexpected end' in str(error) else error}"


def _customer_or_reason(cells: Mapping[str, str]) -> Customer | str:
    email, name, language, tags, own_id = (_cell(cells, column) for column in COLUMNS)
    if any(NOT_UTF8.search(cell) for cell in cells.values()):
        return "not UTF-8"
    if any(len(cell) > LONGEST_CELL for cell in (email, name, own_id)):
        return f"a cell is longer than {LONGEST_CELL} characters"
    address, trouble = _address(email)
    if trouble:
        return trouble
    if language and not LANGUAGE.fullmatch(language):
        return f'language: expected a code such as "en", got "{language[:20]}"'
    return Customer(
        customer_id=own_id or customer_id_of(address),
        email=address,
        name=name,
        language=language.replace("_", "-"),
        tags=frozenset(tag for tag in BETWEEN_TAGS.split(tags) if tag),
    )


def _cell(cells: Mapping[str, str], column: str) -> str:
    raw = cells.get(column, "").strip(" ")
    if QUOTED_FORMULA.match(raw):
        raw = raw[1:]
    return CONTROL.sub(" ", raw).strip()


def _address(text: str) -> tuple[str, str]:
    """The address in its normal form, and what is wrong with it (then without the form); no look-up anywhere."""
    from email_validator import EmailNotValidError, validate_email

    if not text:
        return "", "email: missing"
    try:
        return validate_email(text, check_deliverability=False).normalized, ""
    except EmailNotValidError as error:
        reason = str(error).split(". ")[0].rstrip(".")
        return "", f"email: {reason[:1].lower() + reason[1:]}"


def _unless_seen(customer: Customer, line: int, seen: dict[str, tuple[int, Customer]]) -> Iterator[Customer | BadRow]:
    """The customer, or why it contradicts a row above; the very same row again is silently once."""
    first_line, first = seen.setdefault(customer.customer_id, (line, customer))
    if first_line == line:
        yield customer
    elif first != customer:
        key = "address" if customer.customer_id == customer_id_of(customer.email) else "id"
        yield BadRow(line, f"the same {key} as in line {first_line}, with other details")

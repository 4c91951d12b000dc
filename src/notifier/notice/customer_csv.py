"""The roster as a CSV file: one row → one `Customer`, or the reason why not; and back again.

Columns: `email` and, where there are any, `name`, `language`, `tags` (apart by spaces, `|`, `,` or `;`), `id`, `since`;
or what other programs call them (`roster_columns`). What stands in a column that nobody reads is nobody's trouble.
A cell that a spreadsheet would take for a formula is written with an apostrophe in front, and read without it.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import islice
from operator import gt, itemgetter
from types import MappingProxyType
from typing import NamedTuple, Protocol

from notifier.errors import CustomerError
from notifier.notice.delivery import Customer
from notifier.notice.language_names import language_code
from notifier.notice.roster_columns import SYNONYMS, Columns, Role, find_columns, plain

DELIMITERS = ",;\t|"
SEPARATOR = re.compile(r"\"?sep=(.)\"?[\r\n]*", re.IGNORECASE)
"""A line that some spreadsheets put first, to tell each other the delimiter."""
LONGEST_CELL = 320
AT_ONCE = 500
FAR_DOWN = 20
"""So many lines a report may have above its table."""
MADE_ID = "a-"
"""How an id begins that is made of an address."""
OPEN_QUOTE = "a quotation mark opens here and never closes; the rest was not read"

FORMULA = re.compile(r"'*[=+\-@\t\r]")
QUOTED_FORMULA = re.compile(r"'+[=+\-@\t\r]")
BETWEEN_TAGS = re.compile(r"[\s,;|\"]+")
ARRAY = re.compile(r"\s*(?:\{(.*)\}|\[(.*)\])\s*", re.DOTALL)
"""Several tags as databases write them down: `{chat,beta}`, `["chat", "beta"]`."""
OBJECT = re.compile(r"\s*\{.*:.*\}\s*", re.DOTALL)
"""`{"chat": true}`: who has which, nobody can read from that unasked."""
NOT_UTF8 = re.compile("[\ud800-\udfff]")
PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_+=-](?:[A-Za-z0-9_+=-]|\.(?!\.)){0,62}(?<!\.)")
"""Before the @, as nearly everybody has it; anything else is looked at as a whole."""
PLAIN_LOCALS = re.compile(r"(?:[A-Za-z0-9_+=-]++(?:\.[A-Za-z0-9_+=-]++)*+\n)++")
"""The same of many, a line each, of whatever length: `LONGEST_ADDRESS` is the only one that counts."""
LONGEST_ADDRESS = 254
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


class BadRow(NamedTuple):
    """A row that makes no customer: the line where it begins, and why."""

    line: int
    reason: str
    key: str = ""
    """What it is known by where there are no lines."""


Picking = Callable[[Sequence[str]], Sequence[str]]


class FirstRows(Protocol):
    """Which rows of a list came first."""

    def before(self, rows: Sequence[tuple[int, Customer]]) -> dict[int, tuple[int, bool]]:
        """Note some rows; by line, of each whose id came before, the line of that and whether it says the same."""


class RowsInMemory:
    """As long as there are not too many."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[int, Customer]] = {}

    def before(self, rows: Sequence[tuple[int, Customer]]) -> dict[int, tuple[int, bool]]:
        found = {}
        for line, customer in rows:
            first_line, first = self._first.setdefault(customer.customer_id, (line, customer))
            if first_line != line:
                found[line] = first_line, first == customer
        return found


def read_roster(
    lines: Iterable[str],
    mapped: Mapping[Role, str] = MappingProxyType({}),
    *,
    on_columns: Callable[[Columns], None] = lambda _: None,
    firsts: FirstRows | None = None,
) -> Iterator[Customer | BadRow]:
    """Customers and bad rows in the order of the file; raises `CustomerError` where no row can be read at all.

    `lines` keep their line ends; bytes that are no UTF-8 come in as surrogates (`errors="surrogateescape"`). `mapped`
    says what a column is for; `on_columns` is told what was found, before the first row. `firsts` keeps which rows
    came first.
    """
    lines = iter(lines)
    header = next(lines, "").removeprefix("\ufeff")
    first_line = 2
    if SEPARATOR.fullmatch(header):
        header, first_line = next(lines, ""), 3
    columns = _columns_of(header, lines, first_line, mapped)
    on_columns(columns)
    yield from _each(csv_rows(lines, _delimiter(header), first_line), columns, firsts or RowsInMemory(), "line")


def _columns_of(header: str, lines: Iterator[str], first_line: int, mapped: Mapping[Role, str]) -> Columns:
    try:
        return find_columns(_cells(header), mapped)
    except CustomerError as error:
        for at, line in enumerate(islice(lines, FAR_DOWN), first_line):
            if any(plain(cell) in SYNONYMS[Role.EMAIL] for cell in _cells(line)):
                raise CustomerError(f"{error}; line {at} seems to be that line: take out those above it") from error
        raise


def read_rows(
    names: Sequence[str],
    rows: Iterable[Sequence[str]],
    mapped: Mapping[Role, str] = MappingProxyType({}),
    *,
    on_columns: Callable[[Columns], None] = lambda _: None,
    firsts: FirstRows | None = None,
) -> Iterator[Customer | BadRow]:
    """The same of a table whose columns have these names; a bad row is known by its id, else by its number."""
    try:
        columns = find_columns(names, mapped)
    except CustomerError as error:
        words = str(error).removeprefix("1: ")
        raise CustomerError(words.replace("the first line names the columns", "name the columns by AS")) from error
    on_columns(columns)
    yield from _each(enumerate(rows, 1), columns, firsts or RowsInMemory(), "row")


def _each(
    rows: Iterable[tuple[int, Sequence[str] | str]], columns: Columns, seen: FirstRows, unit: str
) -> Iterator[Customer | BadRow]:
    """What the rows make, some at a time; the very same row again is silently once."""
    pick = _picking(columns)
    rows = iter(rows)
    while some := list(islice(rows, AT_ONCE)):
        lines, texts = zip(*some, strict=True)
        plain = _all_plain(texts, columns)
        made: Sequence[Customer | str | None] = plain or [_made_of(cells, columns.width, pick) for cells in texts]
        again = seen.before([(line, one) for line, one in zip(lines, made, strict=True) if isinstance(one, Customer)])
        if plain and not again:
            yield from plain
            continue
        for (line, cells), one in zip(some, made, strict=True):
            first = again.get(line)
            if isinstance(one, Customer) and first is None:
                yield one
                continue
            reason = one if isinstance(one, str) else _contradiction(one, first, unit)
            if reason:
                yield BadRow(line, reason, "" if unit == "line" else _key(cells, columns) or f"row {line}")


def _picking(columns: Columns) -> Picking:
    """The cells of a row in the order of `Role`; empty where there is no such column."""
    pick = itemgetter(*(columns.places.get(role, -1) for role in Role))
    return lambda cells: pick([*cells, ""])


def _all_plain(rows: Sequence[Sequence[str] | str], columns: Columns) -> Sequence[Customer] | None:
    """The customers of rows that are all as most rows of most lists are, a column at a time, which is four times as
    fast; None where one of them must be looked at by itself."""
    if set(map(type, rows)) != {list} or set(map(len, rows)) != {columns.width}:
        return None
    whole = "".join(map("".join, rows))
    if not whole.isprintable() or "'" in whole or "{" in whole:
        return None
    by_place, empty = list(zip(*rows, strict=True)), ("",) * len(rows)
    given = (by_place[columns.places[role]] if role in columns.places else empty for role in Role)
    emails, names, first_names, last_names, languages, tags, ids, days = given
    emails, names, ids = (tuple(map(str.strip, cells)) for cells in (emails, names, ids))
    if any(first_names) or any(last_names):
        names = tuple(map(_full_name, names, first_names, last_names))
    locals_, _, domains = zip(*(one.rpartition("@") for one in emails), strict=True)
    known, codes = {one: _known_domain(one) for one in set(domains)}, tuple(map(_language, languages))
    longest = (max(map(len, cells)) for cells in (emails, names, ids))
    is_too_long = any(map(gt, longest, (LONGEST_ADDRESS, LONGEST_CELL, LONGEST_CELL)))
    if is_too_long or "" in known.values() or None in codes or not PLAIN_LOCALS.fullmatch("\n".join((*locals_, ""))):
        return None
    if any(one != domain for domain, one in known.items()):
        emails = tuple(f"{local}@{known[domain]}" for local, domain in zip(locals_, domains, strict=True))
    if "" in ids:
        ids = tuple(own_id or customer_id_of(email) for own_id, email in zip(ids, emails, strict=True))
    return list(map(AS_CUSTOMER, zip(ids, emails, names, codes, map(_tags, tags), map(_day, days), strict=True)))


def _made_of(cells: Sequence[str] | str, width: int, pick: Picking) -> Customer | str | None:
    """A customer, why there is none, or None of an empty row."""
    if isinstance(cells, str):
        return cells
    whole = "".join(cells)
    return _customer_or_reason(cells, width, pick, whole) if whole and not whole.isspace() else None


def _contradiction(customer: Customer | None, first: tuple[int, bool] | None, unit: str) -> str:
    if customer is None or first is None or first[1]:
        return ""
    key = "address" if customer.customer_id == customer_id_of(customer.email) else "id"
    return f"the same {key} as in {unit} {first[0]}, with other details"


def _key(cells: Sequence[str] | str, columns: Columns) -> str:
    """The id of a row, unless it is an address."""
    own_id = _cell(cells, columns.places[Role.ID])[:LONGEST_CELL] if Role.ID in columns.places else ""
    return f"id {own_id}" if own_id and "@" not in own_id else ""


def customer_id_of(address: str) -> str:
    """The key of a customer for whom the company gives none: made from the address, without regard to case."""
    return MADE_ID + hashlib.sha256(address.lower().encode()).hexdigest()[:20]


def row_of(customer: Customer) -> list[str]:
    """A customer as a row under `COLUMNS`; `read_roster` makes the same customer of it."""
    own_id = "" if customer.customer_id == customer_id_of(customer.email) else customer.customer_id
    since = customer.since.isoformat() if customer.since else ""
    cells = (customer.email, customer.name, customer.language, " ".join(sorted(customer.tags)), own_id, since)
    return [safe_cell(cell) for cell in cells]


def safe_cell(cell: str) -> str:
    """A CSV cell that no spreadsheet takes for a formula."""
    return "'" + cell if FORMULA.match(cell) else cell


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _cells(header: str) -> list[str]:
    return next(csv.reader([header], delimiter=_delimiter(header)), [])


def csv_rows(lines: Iterator[str], delimiter: str, first_line: int) -> Iterator[tuple[int, list[str] | str]]:
    """Each row, or why it is none, with the line where it begins."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + first_line
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"not CSV: {OPEN_QUOTE if 'unexpected end' in str(error) else error}"


def _customer_or_reason(cells: Sequence[str], width: int, pick: Picking, whole: str) -> Customer | str:
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        return (
            f"{len(cells)} cells under {width} columns: a cell with a comma in it, perhaps, that should stand "
            "in quotation marks"
        )
    if not whole.isprintable() or "'" in whole or len(cells) < width:
        cells = [_cell(cells, place) for place in range(width)]
        if any(map(NOT_UTF8.search, pick(cells))):
            return "not UTF-8"
    email, name, first_name, last_name, language, tags, own_id, since = pick(cells)
    email, own_id, name = email.strip(), own_id.strip(), name.strip()
    name = _full_name(name, first_name, last_name)
    if len(whole) > LONGEST_CELL and max(len(email), len(name), len(own_id)) > LONGEST_CELL:
        return f"a cell is longer than {LONGEST_CELL} characters"
    address, trouble = _address(email)
    if trouble:
        return trouble
    code = _language(language)
    if code is None:
        return f'language: expected a code such as "en", got "{language.strip()[:20]}"'
    if OBJECT.fullmatch(tags):
        return f'tags: expected words such as "chat beta", got "{tags.strip()[:20]}"'
    return Customer(own_id or customer_id_of(address), address, name, code, _tags(tags), _day(since))


def _full_name(name: str, first: str, last: str) -> str:
    if first or last:
        return " ".join(part for cell in (first, last) if (part := cell.strip()))
    return name


AS_CUSTOMER = partial(tuple.__new__, Customer)
"""What `Customer` does, without a function of Python's for each."""
_language = lru_cache(maxsize=1_024)(language_code)


@lru_cache(maxsize=4_096)
def _tags(cell: str) -> frozenset[str]:
    if array := ARRAY.fullmatch(cell):
        cell = array[1] or array[2] or ""
    return frozenset(tag for tag in BETWEEN_TAGS.split(cell) if tag)


@lru_cache(maxsize=4_096)
def _day(cell: str) -> date | None:
    """A day as machines write it; anything else says nothing, and costs nobody their letter."""
    try:
        return date.fromisoformat(cell.strip()[:10])
    except ValueError:
        return None


def _cell(cells: Sequence[str], place: int) -> str:
    raw = cells[place].strip(" ") if place < len(cells) else ""
    if QUOTED_FORMULA.match(raw):
        raw = raw[1:]
    return CONTROL.sub(" ", raw).strip()


def fault_of_address(text: str) -> str:
    """Why nothing can be sent there; empty where something can."""
    return _address(text)[1].removeprefix("email: ")


def _address(text: str) -> tuple[str, str]:
    """The address in its normal form, and what is wrong with it (then without the form); no look-up anywhere."""
    if not text:
        return "", "email: missing"
    local, _, domain = text.rpartition("@")
    if PLAIN_LOCAL.fullmatch(local) and len(text) <= LONGEST_ADDRESS and (known := _known_domain(domain)):
        return f"{local}@{known}", ""
    if text.count("@") > 1:
        return "", "email: more than one address in a cell: give each a row of its own, or leave one"
    if ":" in local or text.endswith(">"):
        return "", "email: expected the bare address, with no name, mailto: or brackets around it"
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False).normalized, ""
    except EmailNotValidError as error:
        reason = str(error).split(". ")[0].rstrip(".")
        return "", f"email: {reason[:1].lower() + reason[1:]}"


@lru_cache(maxsize=65_536)
def _known_domain(domain: str) -> str:
    """The domain in its normal form, empty where it is none: a roster has few of them, and looking at one is slow."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(f"a@{domain}", check_deliverability=False).normalized.rpartition("@")[2]
    except EmailNotValidError:
        return ""

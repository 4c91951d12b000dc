"""What each kind of config value must be: one check a kind, that returns the value or raises ValueError saying why.

The text of the error goes behind the key's name: `expected a whole number of days, got "thirty"`.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import PurePosixPath
from unicodedata import category
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

AUTHOR = re.compile(r"[^<>\n\r]+ <[^<>\s]+>")
HOST = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
FONT_FILE = re.compile(r"\.woff2?$", re.IGNORECASE)
FONTS = re.compile(r"""(?:[\w -]+|"[\w -]+"|'[\w -]+')(?:, *(?:[\w -]+|"[\w -]+"|'[\w -]+'))*""")
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the order of the letters around it, unseen."""
SQL_LITERAL = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*""")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


def shown(value: object) -> str:
    """A value as TOML writes it, short; what a person typed, told back."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value if len(value) <= 60 else value[:59] + "…"}"'
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, list) else str(value)


def text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected text in quotation marks, got {shown(value)}")
    if not value.strip():
        raise ValueError("expected text, got nothing; leave the key out for its default")
    odd = next((one for one in value if one != "\n" and (category(one) == "Cc" or one in _TURNS)), None)
    if odd is not None:
        raise ValueError(f"has a control character, U+{ord(odd):04X}")
    return value


def fitting(fits: Callable[[str], object], what: str) -> Callable[[object], str]:
    """Text of which this holds; `what` it is, in words."""

    def check(value: object) -> str:
        if not fits(text(value)):
            raise ValueError(f"expected {what}, got {shown(value)}")
        return str(value)

    return check


def inside(what: str) -> Callable[[object], str]:
    """A place below the installation."""
    check = fitting(lambda place: not place.startswith("/") and ".." not in PurePosixPath(place).parts, what)
    return lambda value: str(PurePosixPath(check(value)))


language = fitting(LANGUAGE.fullmatch, 'a language code such as "en"')
author = fitting(AUTHOR.fullmatch, '"Name <address>" as git wants it')
git_name = fitting(re.compile(r"[^\s-]\S*").fullmatch, 'a name that git knows, such as "main" or "origin"')
folder_inside = inside('a folder beside config.toml, such as "policies"')
file_inside = inside('a file beside config.toml, such as "logo.svg"')


def host(value: object) -> str:
    """A machine by name or number."""
    try:
        return text(value) if HOST.fullmatch(text(value)) else str(ip_address(text(value)))
    except ValueError as error:
        if not isinstance(value, str):
            raise
        raise ValueError(f'expected a host such as "smtp.chat.example", got {shown(value)}') from error


def encoding(value: object) -> str:
    """One that Python knows, or "auto"."""
    try:
        codecs.lookup("utf-8" if text(value) == "auto" else text(value))
    except LookupError as error:
        raise ValueError(f'no such encoding as {shown(value)}; one is "cp1251"') from error
    return str(value)


def hosts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"expected a list of hosts, got {shown(value)}")
    for host in value:
        if not HOST.fullmatch(text(host)):
            raise ValueError(f'expected hosts such as "chat.example", got {shown(host)}')
    return tuple(host.lower() for host in value)


def file_patterns(value: object) -> tuple[str, ...]:
    """Names of files below the folder of the policies, `*` for anything; with `!` those that are none."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip("!") for one in value):
        raise ValueError(f'expected a list such as ["privacy.md", "legal/*", "!README.md"], got {shown(value)}')
    return tuple(value)


def people(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f'expected a list such as ["Lena Legal <lena@chat.example>"], got {shown(value)}')
    return tuple(mailbox(person) for person in value)


def font(value: object) -> str:
    """Typefaces as CSS lists them, or a file of one beside config.toml."""
    if FONT_FILE.search(text(value)):
        return file_inside(value)
    if not FONTS.fullmatch(str(value)):
        raise ValueError(f'expected typefaces such as "Georgia, serif" or a .woff2 file, got {shown(value)}')
    return str(value)


def switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, got {shown(value)}")
    return value


def whole(least: int, greatest: int, unit: str = "") -> Callable[[object], int]:
    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(f"expected a whole number{unit}, got {shown(value)}")
        if not least <= value <= greatest:
            raise ValueError(f"expected {least:,} to {greatest:,}{unit.removeprefix(' of')}, got {value}")
        return value

    return check


def number(least: float, greatest: float, unit: str = "") -> Callable[[object], float]:
    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            raise ValueError(f"expected a number{unit}, got {shown(value)}")
        if not least <= value <= greatest:
            raise ValueError(f"expected {least:,} to {greatest:,}{unit.removeprefix(' of')}, got {value}")
        return value

    return check


def rate(value: object) -> float:
    if number(0, 1_000_000, " a second")(value) == 0:
        raise ValueError("expected a number above 0; leave the key out for no limit")
    return float(value)  # type: ignore[arg-type]  # `number` has checked it


def zone(value: object) -> str:
    try:
        ZoneInfo(text(value))
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f'unknown time zone {shown(value)}; write it as in "Europe/Berlin"') from error
    return str(value)


def cron(value: object) -> str:
    from notifier.cron import read_cron

    read_cron(text(value))
    return str(value)


def mailbox(value: object) -> str:
    """`Name <address>` or a bare address."""
    from notifier.policy.persons.mailbox import PLAIN, read_mailbox

    try:
        address = read_mailbox(text(value)).address
        if not PLAIN.fullmatch(address):
            from email_validator import validate_email

            validate_email(address, check_deliverability=False, test_environment=True)
    except ValueError as error:  # an `EmailNotValidError` is one
        mend = 'write it as in "Example Chat <privacy@chat.example>"'
        raise ValueError(f"not a mail address: {shown(value)} ({_first_sentence(error)}); {mend}") from error
    return str(value)


def return_path(value: object) -> str:
    """An address, or "none"."""
    return "none" if value == "none" else mailbox(value)


def addresses(value: object) -> tuple[str, ...]:
    """One mail address, or a list of them."""
    listed = value if isinstance(value, list) else [value]
    return tuple(mailbox(one) for one in listed)


def _is_endpoint(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.fragment or parts.username)


endpoint = fitting(_is_endpoint, 'an address such as "https://hooks.example/notifier"')
"""Where a request is posted to: unlike `url` it may end in a slash and hold a query."""


def command(value: object) -> tuple[str, ...]:
    """A program and its arguments; no shell reads them."""
    if isinstance(value, str):
        import shlex

        value = shlex.split(text(value))
    if not isinstance(value, list) or not value:
        raise ValueError(f'expected a list such as ["/usr/local/bin/page-me", "--quiet"], got {shown(value)}')
    return tuple(text(part) for part in value)


def url(value: object) -> str:
    parts = urlsplit(text(value))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f'expected an address such as "https://chat.example/legal", got {shown(value)}')
    if parts.username or parts.password:
        raise ValueError("a user name or password does not belong in this address")
    return str(value).rstrip("/")


LOOPBACK = ("localhost", "127.0.0.1", "::1")


def mail_place(value: object) -> str:
    """A folder, or a mailbox on an IMAP server; never a password, and none over a line that others can read."""
    if "://" not in text(value):
        return str(value)
    parts = urlsplit(str(value))
    if parts.scheme not in ("imaps", "imap") or not parts.hostname or not parts.username:
        raise ValueError(f'expected a Maildir, or "imaps://user@host/INBOX", got {shown(value)}')
    if parts.password:
        raise ValueError("a password does not belong in config.toml; set NOTIFIER_IMAP_PASSWORD in the environment")
    if parts.scheme == "imap" and parts.hostname not in LOOPBACK:
        raise ValueError("imap:// would send the password unencrypted; use imaps://")
    return str(value)


POSTGRESQL = ("postgresql+psycopg", "postgresql", "postgres")
"""As SQLAlchemy, PostgreSQL itself and those who host it write it; all mean the one driver that is here."""


def ledger_url(value: object, *, may_hold_password: bool = False) -> str:
    parts = urlsplit(text(value))
    is_sqlite = parts.scheme == "sqlite" and str(value).startswith("sqlite:///") and len(parts.path) > 1
    if not is_sqlite and not (parts.scheme in POSTGRESQL and parts.path.strip("/")):
        raise ValueError('expected "sqlite:///path/to/ledger.db" or "postgresql+psycopg://user@host/database"')
    if parts.password and not may_hold_password:
        raise ValueError("a password does not belong in config.toml; set NOTIFIER_LEDGER_URL in the environment")
    scheme, _, rest = str(value).partition("://")
    return f"{POSTGRESQL[0]}://{rest}" if scheme in POSTGRESQL else str(value)


def customers_url(value: object, *, may_hold_password: bool = False) -> str:
    parts = urlsplit(text(value))
    if not parts.scheme or not (parts.path.strip("/") or parts.query):
        raise ValueError(f'expected an address such as "postgresql://reader@host/shop", got {shown(value)}')
    if (parts.password or "password=" in parts.query) and not may_hold_password:
        raise ValueError("a password does not belong in config.toml; set NOTIFIER_CUSTOMERS_URL in the environment")
    return str(value)


def query(value: object) -> str:
    """One SELECT; over several lines where it is long."""
    said = text(value.replace("\t", " ").replace("\r", "") if isinstance(value, str) else value).strip().rstrip("; \n")
    bare = SQL_LITERAL.sub("", said)
    if ";" in bare:
        raise ValueError("expected one SELECT, got several statements")
    if not re.match(r"(select|with)\b", bare, re.IGNORECASE):
        raise ValueError(f"expected a SELECT, got {shown(said)}")
    return said


def wording(value: object) -> Mapping[str, str]:
    """Text, or a table of texts by language."""
    if isinstance(value, str):
        return {"": text(value)}
    if not isinstance(value, Mapping):
        raise ValueError(f"expected text, or a table of texts by language, got {shown(value)}")
    return {language(key): text(words) for key, words in value.items()}


def column_map(value: object) -> Mapping[str, str]:
    """What the columns of a roster are called, by role."""
    from notifier.notice.roster_columns import Role

    if not isinstance(value, Mapping):
        raise ValueError(f'expected a table such as {{ email = "Mail" }}, got {shown(value)}')
    unknown = next((key for key in value if key not in tuple(Role)), None)
    if unknown is not None:
        raise ValueError(f"no column is called {unknown}; there are {', '.join(Role)}")
    return {key: text(name) for key, name in value.items()}


def one_of(*choices: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in choices:
            *first, last = (f'"{choice}"' for choice in choices)
            raise ValueError(f"expected {', '.join(first)} or {last}, got {shown(value)}")
        return str(value)

    return check


def _first_sentence(error: Exception) -> str:
    sentence = str(error).split(". ")[0].rstrip(".")
    return sentence[:1].lower() + sentence[1:]

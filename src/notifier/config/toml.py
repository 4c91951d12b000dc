"""TOML bytes → `Tables`, by cattrs: unknown keys forbidden, every mistake collected and told by its dotted key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from cattrs import ClassValidationError, Converter, ForbiddenExtraKeysError
from cattrs.errors import AttributeValidationNote
from cattrs.gen import make_dict_structure_fn, override

from notifier.config import accent, checks, tables
from notifier.config.tables import Tables
from notifier.errors import ConfigError

CHECKS: dict[Any, Callable[[object], object]] = {
    str: checks.text,
    tables.Hosts: checks.hosts,
    tables.HostName: checks.host,
    tables.Encoding: checks.encoding,
    tables.FilePatterns: checks.file_patterns,
    bool: checks.switch,
    tables.Days: checks.whole(0, 3650, " of days"),
    tables.Hours: checks.number(0, 8760, " of hours"),
    tables.Minutes: checks.number(0, 43_200, " of minutes"),
    tables.Seconds: checks.number(1, 600, " of seconds"),
    tables.Count: checks.whole(1, 1000),
    tables.Share: checks.number(0, 1),
    tables.Rate: checks.rate,
    tables.Port: checks.whole(1, 65_535),
    tables.Language: checks.language,
    tables.Zone: checks.zone,
    tables.CronText: checks.cron,
    tables.Mailbox: checks.mailbox,
    tables.ReturnPath: checks.return_path,
    tables.People: checks.people,
    tables.Author: checks.author,
    tables.Url: checks.url,
    tables.LedgerUrl: checks.ledger_url,
    tables.Folder: checks.text,
    tables.FolderInside: checks.folder_inside,
    tables.GitName: checks.git_name,
    tables.Accent: accent.accent,
    tables.Font: checks.font,
    tables.FileInside: checks.file_inside,
    tables.Addresses: checks.addresses,
    tables.Endpoint: checks.endpoint,
    tables.Command: checks.command,
    tables.MailPlace: checks.mail_place,
    tables.Wording: checks.wording,
    tables.CustomersUrl: checks.customers_url,
    tables.Query: checks.query,
    tables.ColumnMap: checks.column_map,
}

ENVIRONMENT_FOR = {
    "mail.sendgrid.api_key": "SENDGRID_API_KEY",
    "mail.sendgrid.webhook_key": "SENDGRID_WEBHOOK_KEY",
    "mail.smtp.password": "NOTIFIER_SMTP_PASSWORD",
    "mail.imap.password": "NOTIFIER_IMAP_PASSWORD",
    "customers.password": "NOTIFIER_CUSTOMERS_URL",
    "alarms.secret": "NOTIFIER_ALARMS_WEBHOOK_SECRET",
    "alarms.webhook_secret": "NOTIFIER_ALARMS_WEBHOOK_SECRET",
}
"""Keys that people expect in the file, though secrets come from the environment only."""


def read_tables(source: bytes, name: str) -> Tables:
    """The tables in `source`; raises `ConfigError` with one line, beginning with `name`, for every mistake."""
    raw = _parse(source, name)
    raw.setdefault("mail", {})
    try:
        read: Tables = _converter().structure(raw, Tables)
    except ClassValidationError as error:
        raise ConfigError("\n".join(f"{name}: {line}" for line in _mistakes(error))) from None
    if read.mail.transport != "outbox" and read.page.url is None:
        raise ConfigError(f"{name}: page.url: required once mail leaves the machine: messages link to the posted page")
    return read


def known_keys(table: type = Tables, prefix: str = "") -> Iterator[str]:
    """Every key there is, dotted, as written in the file."""
    hints = get_type_hints(table)
    for key in fields(table):
        dotted = prefix + key.name.rstrip("_")
        yield dotted
        if is_dataclass(hints[key.name]):
            yield from known_keys(hints[key.name], dotted + ".")


def _parse(source: bytes, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source.decode())
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise ConfigError(f"{name}:{line}: not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"^(.*) \(at line (\d+), column \d+\)$", str(error))
        text, at = (place[1], place[2]) if place else (str(error), str(source.count(b"\n") + 1))
        raise ConfigError(f"{name}:{at}: not TOML: {text[:1].lower() + text[1:]}") from error


@cache
def _converter() -> Converter:
    """Made once: cattrs writes a function for each table, which takes longer than to read a file with it."""
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind, check in CHECKS.items():
        converter.register_structure_hook(kind, _checked_by(check))
    converter.register_structure_hook_func(_is_choice, lambda value, kind: checks.one_of(*get_args(kind))(value))
    converter.register_structure_hook_factory(is_dataclass, lambda table: _table_hook(table, converter))
    return converter


def _checked_by(check: Callable[[object], object]) -> Callable[[Any, Any], Any]:
    return lambda value, _: check(value)


def _is_choice(kind: Any) -> bool:
    return bool(get_origin(kind) == Literal)


def _table_hook(table: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    options: dict[str, Any] = {
        key.name: override(rename=key.name.rstrip("_")) for key in fields(table) if key.name.endswith("_")
    }

    @cache
    def structure() -> Callable[[Any, Any], Any]:
        return make_dict_structure_fn(table, converter, **options)

    def hook(value: Any, kind: Any) -> Any:
        if not isinstance(value, Mapping):
            raise ValueError(f"expected a table, got {checks.shown(value)}")
        return structure()(value, kind)

    return hook


def _mistakes(error: BaseException, path: tuple[str, ...] = ()) -> Iterator[str]:
    if isinstance(error, ForbiddenExtraKeysError):
        yield from (_unknown(".".join((*path, key))) for key in sorted(error.extra_fields))
    elif isinstance(error, ClassValidationError):
        for inner in error.exceptions:
            yield from _mistakes(inner, path + _noted_key(inner))
    else:
        yield f"{'.'.join(path)}: {'required, missing' if isinstance(error, KeyError) else error}"


def _noted_key(error: BaseException) -> tuple[str, ...]:
    """The key that cattrs notes on an error; none on an error about the table itself."""
    notes = getattr(error, "__notes__", ())
    return tuple(str(note.name).rstrip("_") for note in notes if isinstance(note, AttributeValidationNote))


def _unknown(key: str) -> str:
    if key in ENVIRONMENT_FOR:
        return f"{key}: unknown key; secrets come from the environment only: {ENVIRONMENT_FOR[key]}"
    known = tuple(known_keys())
    leaf = key.rpartition(".")[2]
    nearest = get_close_matches(key, known, n=1) or [other for other in known if other.rpartition(".")[2] == leaf]
    return f"{key}: unknown key" + (f"; did you mean {nearest[0]}?" if nearest else "")

"""Move: the ledger from its file on this machine to PostgreSQL, and what to write into the config then."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.engine import make_url

from notifier.config.checks import ledger_url
from notifier.errors import LedgerError, Refused
from notifier.ledger.database import HEAD, Database
from notifier.ledger.evidence.ledger_move import MovedLedger, OnStage, move_rows
from notifier.ledger.migrations.schema_marks import read_marks

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger

SHORT_SCHEME = re.compile(r"^postgres(ql)?://")


class LedgerPlace(NamedTuple):
    """Where a ledger is, as an operator says it."""

    key: str
    """`ledger.url` of the config, or the variable that stands in for it."""
    url: str
    """Without a password."""
    has_password: bool

    @property
    def lines(self) -> tuple[str, ...]:
        """What to write there."""
        if self.key != "ledger.url":
            return (f"set {self.key} in the environment to {self.url}" + ", with its password" * self.has_password,)
        said = ("write into config.toml:", "", "    [ledger]", f'    url = "{self.url}"', "")
        hint = "and the same with its password into NOTIFIER_LEDGER_URL, which counts before the file"
        return (*said, hint) if self.has_password else said


def at_target(config: Config, url: str) -> Config:
    """The same installation with its ledger there. Raises Refused where it cannot be."""
    if config.ledger_file is None:
        raise Refused("ledger.url: the ledger is on a server already; move carries SQLite to PostgreSQL")
    try:
        checked = ledger_url(SHORT_SCHEME.sub("postgresql+psycopg://", url), may_hold_password=True)
    except ValueError:
        checked = ""
    if not checked.startswith("postgresql"):
        raise Refused("the new place must be a database of PostgreSQL: postgresql+psycopg://user@host/database")
    return replace(config, secrets=replace(config.secrets, ledger_url=checked))


def place_of(config: Config, target: Config) -> LedgerPlace:
    """What the operator has to say from then on."""
    there = make_url(target.ledger_url)
    key = "NOTIFIER_LEDGER_URL" if config.secrets.ledger_url else "ledger.url"
    bare = there._replace(password=None).difference_update_query(("password",))  # `set` keeps what is None
    return LedgerPlace(key, bare.render_as_string().replace("%2F", "/"), bare != there)


def is_moved(config: Config, place: LedgerPlace) -> bool:
    """Was just that done before? Raises LedgerError where the ledger was moved elsewhere, or there is none."""
    with closing(Database.unprepared(config.ledger_url)) as source:
        schema = source.schema()
        if schema is None:
            raise Refused(f"{source.place}: there is no ledger to move")
        if schema < HEAD:
            return False
        with source.read() as connection:
            moved_to = read_marks(connection).moved_to
    if moved_to not in (None, place.url):
        raise LedgerError(f"{source.place}: was moved to {moved_to} before")
    return moved_to is not None


def move_ledger(
    source: Ledger, open_target: Callable[[], Ledger], place: LedgerPlace, on_stage: OnStage = lambda *_: None
) -> MovedLedger:
    """Carry it over, while nobody sends and nobody writes here. Raises Busy, Refused and LedgerError."""
    source.high_water.keep()
    with source.sender_lock(), open_target() as target:
        return move_rows(source.database, target.database, place.url, on_stage)

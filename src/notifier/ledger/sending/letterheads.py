"""Letterheads: with whose name, by which rules and settings an attempt's bytes were made of its frozen message.

With the frozen message, the recipient's row and the attempt's own time they are all that a message is made of: it is
not kept, and can be made again byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from notifier.ledger.database import Database
from notifier.ledger.rows import AnyRow, inserted_number
from notifier.ledger.schema import letterhead


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What shapes every message of an attempt beside the frozen text; addresses as in a mail header."""

    sender: str
    reply_to: str | None
    composition: int
    """By which of the ways to make bytes (`mail.mime.COMPOSITION`)."""
    settings: Mapping[str, str | bool] = field(default_factory=dict)
    """Of the transport, as far as they shape bytes."""


@dataclass(frozen=True)
class Letterheads:
    """Each kept once, however many attempts bear it."""

    _db: Database

    def number_of(self, wanted: Letterhead) -> int:
        """Its number, kept now where it is new."""
        values = {
            "sender": wanted.sender,
            "reply_to": wanted.reply_to,
            "composition": wanted.composition,
            "settings": json.dumps(dict(wanted.settings), sort_keys=True),
        }
        same = [letterhead.c[name].is_not_distinct_from(value) for name, value in values.items()]
        with self._db.write() as connection:
            known = connection.execute(sa.select(letterhead.c.number).where(*same)).scalar()
            return known or inserted_number(connection, letterhead.insert().values(values))


def read_letterhead(row: AnyRow) -> Letterhead:
    """From a row with the table's columns."""
    return Letterhead(row.sender, row.reply_to, row.composition, json.loads(row.settings))

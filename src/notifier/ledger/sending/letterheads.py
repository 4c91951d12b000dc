"""Letterheads: with whose name, by which rules and settings an attempt's bytes were made of its frozen message.

With the frozen message, the recipient's row and the attempt's own time they are all that a message is made of: it is
not kept, and can be made again byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.database import LedgerPart
from notifier.ledger.rows import inserted_number
from notifier.ledger.schema import attempt, letterhead, notice
from notifier.ledger.sending.batches import HAS_BEGUN


class Letterhead(NamedTuple):
    """What shapes every message of an attempt beside the frozen text; addresses as in a mail header."""

    sender: str
    reply_to: str | None
    composition: int
    """By which of the ways to make bytes (`mail.plain_name.COMPOSITION`)."""
    settings: Mapping[str, str | bool | float] = {}
    """Of the transport, as far as they shape bytes; and the rules by which all machines must send alike."""

    def differs_from(self, other: Letterhead) -> str:
        """The first thing in which the two are not alike, in words; of what both versions of Notifier know."""
        if (self.sender, self.reply_to) != (other.sender, other.reply_to):  # an address leaves by no alarm
            return "mail.from or mail.reply_to is another here than where it began"
        mine, theirs = self.settings, other.settings
        unlike = [name for name in mine if name in theirs and mine[name] != theirs[name]]
        return f"{unlike[0]} is {mine[unlike[0]]} here, and {theirs[unlike[0]]} where it began" if unlike else ""


class BegunNotice(NamedTuple):
    """One that any sender may go on with who sends alike: whither, and as its last attempt was made."""

    notice_id: str
    destination: str | None
    letterhead: Letterhead | None


class Letterheads(LedgerPart):
    """Each kept once, however many attempts bear it."""

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

    def of_begun(self) -> tuple[BegunNotice, ...]:
        """Notices that a run has begun, oldest first."""
        with self._db.read() as connection:
            query = sa.select(notice.c.number, notice.c.notice_id, notice.c.destination).where(HAS_BEGUN)
            rows = connection.execute(query.order_by(notice.c.number)).all()
            return tuple(BegunNotice(row.notice_id, row.destination, _last_of(connection, row.number)) for row in rows)


def _last_of(connection: Connection, number: int) -> Letterhead | None:
    query = sa.select(letterhead).join(attempt, attempt.c.letterhead_no == letterhead.c.number)
    query = query.where(attempt.c.notice_no == number).order_by(attempt.c.created_at.desc(), attempt.c.attempt_id)
    row = connection.execute(query.limit(1)).first()
    return Letterhead(row.sender, row.reply_to, row.composition, json.loads(row.settings)) if row else None

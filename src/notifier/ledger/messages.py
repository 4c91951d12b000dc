"""The frozen variants of a notice: kept as they were made, and told apart from what somebody changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import LedgerError
from notifier.ledger.rows import AnyRow
from notifier.ledger.schema import message
from notifier.notice.message import Message


def insert_messages(connection: Connection, number: int, messages: Sequence[Message]) -> None:
    """Keep every variant of a notice, numbered from 0."""
    connection.execute(message.insert(), [_message_columns(number, i, one) for i, one in enumerate(messages)])


def read_messages(connection: Connection, number: int) -> tuple[Message, ...]:
    """The variants by number; raises `LedgerError` where one no longer has the bytes it was frozen with."""
    return tuple(_as_frozen(row) for row in _rows(connection, number))


def variants(connection: Connection, number: int) -> tuple[Message, ...]:
    """The same for who asks who gets which of them, whatever became of their words; none where they were dropped."""
    return tuple(map(_message, _rows(connection, number)))


def _rows(connection: Connection, number: int) -> Sequence[AnyRow]:
    query = sa.select(message).where(message.c.notice_no == number).order_by(message.c.message_no)
    return connection.execute(query).all()


def refuse_gaps(messages: Sequence[Message], audiences: Mapping[str, frozenset[str]], language: str) -> None:
    """Raise `LedgerError` where somebody who joins the roster before sending would have no message to get."""
    for one in messages:
        if one.language == language and set(audiences) <= set(one.policies):
            return
    raise LedgerError(f"a notice needs a message in {language} for all of {', '.join(sorted(audiences))}")


def _message_columns(number: int, message_no: int, one: Message) -> dict[str, Any]:
    return {
        "notice_no": number,
        "message_no": message_no,
        "language": one.language,
        "policies": json.dumps(one.policies),
        "subject": one.subject,
        "text": one.text,
        "html": one.html,
        "sha256": one.sha256,
    }


def _message(row: AnyRow) -> Message:
    return Message(row.language, tuple(json.loads(row.policies)), row.subject, row.text, row.html)


def _as_frozen(row: AnyRow) -> Message:
    kept = _message(row)
    if kept.sha256 != row.sha256:
        raise LedgerError(f"message {row.message_no} of notice {row.notice_no} is not what was frozen; nothing is sent")
    return kept

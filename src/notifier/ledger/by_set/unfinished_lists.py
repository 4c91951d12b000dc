"""Lists that many transactions bring in: one that was cut off left a part of itself, and that part is not everybody.

The audit trail says when the first of them came and when the last: a notice made in between is not sent unasked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.audit import SYSTEM, write_audit
from notifier.ledger.schema import audit
from notifier.ledger.states import AuditAction

LACKS = (AuditAction.LIST_LACKS, AuditAction.LIST_MENDED)
BOTH = (AuditAction.LIST_BEGUN, AuditAction.LIST_ENDED)


@dataclass
class ListMark:
    """Of one list, by its name; nothing is noted of one that is not `kept`, or that one transaction brings in."""

    name: str
    is_kept: bool
    has_begun: bool = False

    def begin(self, connection: Connection, *, has_more: bool) -> None:
        """In the first transaction, where there may be `has_more`."""
        if self.is_kept and has_more and not self.has_begun:
            _write(connection, AuditAction.LIST_BEGUN, self.name)
            self.has_begun = True

    def end(self, connection: Connection, *, is_everybody: bool) -> None:
        """It is in, and so is what was cut off under this name before; where it `is_everybody`, under any."""
        for name in unfinished_lists(connection):
            if is_everybody or name == self.name:
                _write(connection, AuditAction.LIST_ENDED, name)


def unfinished_lists(connection: Connection) -> Mapping[str, datetime]:
    """By name, when they began; one may be under way just now."""
    query = sa.select(audit.c.detail, audit.c.what, audit.c.at).where(audit.c.what.in_(BOTH))
    last = {name: (what, at) for name, what, at in connection.execute(query.order_by(audit.c.number))}
    return {name: at for name, (what, at) in last.items() if what == AuditAction.LIST_BEGUN}


def note_bad_rows(connection: Connection, name: str, count: int, *, is_by_hand: bool, is_everybody: bool) -> None:
    """So many rows of a list name nobody; where none does, nor did its bad rows of before, nor where it `is_everybody`
    those of any other. Of a list that each run reads, each run says so itself."""
    if count and is_by_hand:
        _write(connection, AuditAction.LIST_LACKS, f"{count} {name}")
    for lacking in () if count else lacking_lists(connection):
        if is_everybody or lacking == name:
            _write(connection, AuditAction.LIST_MENDED, f"0 {lacking}")


def lacking_lists(connection: Connection) -> Mapping[str, int]:
    """By name, how many rows of a list that was brought in by hand name nobody."""
    query = sa.select(audit.c.detail).where(audit.c.what.in_(LACKS)).order_by(audit.c.number)
    said = (detail.partition(" ") for detail in connection.execute(query).scalars())
    last = {name: int(count) for count, _, name in said}
    return {name: count for name, count in last.items() if count}


def _write(connection: Connection, action: AuditAction, name: str) -> None:
    write_audit(connection, action, at=datetime.now(UTC), who=SYSTEM, detail=name)

"""What the parts of the ledger share: a database, and the trail of who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.database import Database
from notifier.ledger.schema import audit, notice

AnyRow = Any
"""A row of whatever columns were selected."""
SYSTEM = "notifier"
"""Who acted, where no person did."""


class Part:
    """One meaning's worth of the ledger's methods."""

    def __init__(self, database: Database) -> None:
        self._db = database


def insert_into(connection: Connection, table: sa.Table) -> Any:
    """The dialect's own INSERT, which knows ON CONFLICT; both dialects spell it alike."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def inserted_number(connection: Connection, statement: Any) -> int:
    """Insert one row and give back the number the database chose for it."""
    key: Any = connection.execute(statement).inserted_primary_key
    return int(key[0])


def write_audit(
    connection: Connection, *, at: datetime, who: str, what: str, notice_no: int | None = None, detail: str = ""
) -> None:
    """Append to the trail, in the same transaction as what it tells of."""
    connection.execute(audit.insert().values(at=at, who=who, what=what, notice_no=notice_no, detail=detail))


def notice_number(connection: Connection, notice_id: str) -> int:
    """The row of a notice. Raises `Refused` where there is none."""
    number = connection.execute(sa.select(notice.c.number).where(notice.c.notice_id == notice_id)).scalar()
    if number is None:
        raise Refused(f"there is no notice {notice_id!r}; `notifier notice list` shows them")
    return int(number)

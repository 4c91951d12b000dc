"""How far the ledger had come when it was last seen here, kept in a file beside it: so a copy of before is noticed.

Git and a ledger that were both set back to the same day agree, and customers would be told again of what came after.
A file of the ledger that was copied without its write-ahead log is such a copy too.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import LedgerError
from notifier.ledger.audit import write_audit
from notifier.ledger.database import Database
from notifier.ledger.journal.entries import head_of
from notifier.ledger.rows import AnyRow, insert_into
from notifier.ledger.schema import attempt, audit, journal, notice, posting, secret
from notifier.ledger.states import AttemptOutcome, AuditAction
from notifier.proof.entry import BEFORE_ALL

FILE = "high-water.json"
IDENTITY = "ledger"


class LedgerMark(NamedTuple):
    """The newest of each in a ledger at one moment; its own later entries do not stand in for those."""

    at: str | None = None
    """Of the last entry of the audit trail: an instant for people."""
    entry: int | None = None
    digest: str | None = None
    """Of that entry."""
    attempt: str | None = None
    """An attempt of the newest notice that was accepted."""
    notice: str | None = None
    """The newest that has begun."""
    posting: str | None = None
    """The tag of the newest."""
    head: str | None = None
    """Of its journal, where the ledger is a file: a replica that takes over from a server may lack the last entries."""


@dataclass(frozen=True)
class HighWater:
    """The mark of this ledger; `file` is None where none is kept."""

    _db: Database
    _file: Path | None

    def fault(self) -> str:
        """Why this may not be the newest copy of the ledger; empty where nothing says so."""
        if self._file is None:
            return ""
        with self._db.read() as connection:
            identity = _identity(connection)
            mark = self._marks().get(identity) if identity else None
            if identity is None or (mark and _has_reached(connection, mark)):
                return ""
        if mark:
            return f"the ledger is an older copy: what was in it at {mark.at or 'a later time'} is not"
        if not self._db.is_sqlite:
            return ""
        lacking = f"a copy without {self._db.path.name}-wal lacks what stood there"
        return f"nothing shows that this copy of the ledger is the newest, for {self._file} does not know it; {lacking}"

    def last_seen(self) -> LedgerMark | None:
        """How far this ledger had come; None where it was never seen here."""
        with self._db.read() as connection:
            identity = _identity(connection)
        return self._marks().get(identity) if identity else None

    def keep(self) -> None:
        """Write down how far it has come; an older copy leaves the mark as it is."""
        if self._file is None:
            return
        with self._db.read() as connection:
            identity, mark, marks = _identity(connection), _mark(connection), self._marks()
            known = marks.get(identity) if identity else None
            is_older = identity and not (_has_reached(connection, known) if known else not self._db.is_sqlite)
            if known == mark or is_older:
                return
        fresh = identity or secrets.token_hex(12)
        if self._write({**marks, fresh: mark}) and identity is None:
            with self._db.write() as connection:
                row = insert_into(connection, secret).values(name=IDENTITY, value=fresh)
                connection.execute(row.on_conflict_do_nothing())

    def accept(self, by: str, at: datetime, what: str, *, is_told_by_git: bool) -> None:
        """It goes on from here: git tells what it lacks, or a person says that nobody has a newer copy."""
        action = AuditAction.RECOVERED if is_told_by_git else AuditAction.SET_BACK
        with self._db.write() as connection:
            write_audit(connection, action, at=at, who=by, detail=what)
            mark, identity = _mark(connection), _identity(connection)
        if identity and self._file and not self._write({**self._marks(), identity: mark}):
            raise LedgerError(f"{self._file}: cannot be written; move away what is there, and run recover again")

    def accepted_at(self) -> datetime | None:
        """When a person last said that nobody has a newer copy."""
        query = sa.select(audit.c.at).where(audit.c.what == AuditAction.SET_BACK).order_by(audit.c.number.desc())
        with self._db.read() as connection:
            return connection.execute(query.limit(1)).scalar()

    def _marks(self) -> dict[str, LedgerMark]:
        """By ledger; nothing where nobody can read it."""
        try:
            found = json.loads(self._file.read_text(encoding="utf-8")) if self._file else {}
            return {name: LedgerMark(**mark) for name, mark in found.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _write(self, marks: Mapping[str, LedgerMark]) -> bool:
        """Whole or not at all. A disk that is full or read-only loses a mark, and stops nothing."""
        if self._file is None:
            return False
        partial = self._file.with_suffix(f".{os.getpid()}.partial")
        try:
            partial.touch(mode=0o600)
            with partial.open("w", encoding="utf-8") as file:
                json.dump({name: mark._asdict() for name, mark in marks.items()}, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self._file)
        except OSError:
            with suppress(OSError):
                partial.unlink()
            return False
        return True


def _identity(connection: Connection) -> str | None:
    return connection.execute(sa.select(secret.c.value).where(secret.c.name == IDENTITY)).scalar()


def _mark(connection: Connection) -> LedgerMark:
    last = connection.execute(sa.select(audit).order_by(audit.c.number.desc()).limit(1)).first()
    begun = sa.select(notice.c.number, notice.c.notice_id).where(notice.c.started_at.is_not(None))
    newest = connection.execute(begun.order_by(notice.c.number.desc()).limit(1)).first()
    sent = (
        sa.select(attempt.c.attempt_id)
        .where(attempt.c.notice_no == (newest.number if newest else None), attempt.c.outcome == AttemptOutcome.ACCEPTED)
        .order_by(attempt.c.batch_no.desc(), attempt.c.n.desc())
        .limit(1)
    )
    posted = sa.select(posting.c.tag).where(posting.c.confirmed_at.is_not(None)).order_by(posting.c.number.desc())
    return LedgerMark(
        at=f"{last.at:%Y-%m-%d %H:%M} UTC" if last else None,
        entry=last.number if last else None,
        digest=_digest(last) if last else None,
        attempt=connection.execute(sent).scalar() if newest else None,
        notice=newest.notice_id if newest else None,
        posting=connection.execute(posted.limit(1)).scalar(),
        head=str(head_of(connection)) if connection.dialect.name == "sqlite" else None,
    )


def _has_reached(connection: Connection, mark: LedgerMark) -> bool:
    row = connection.execute(sa.select(audit).where(audit.c.number == mark.entry)).first() if mark.entry else None
    taken = attempt.c.outcome == AttemptOutcome.ACCEPTED
    known = sa.select(sa.exists().where(attempt.c.attempt_id == mark.attempt, taken))
    has_entry = mark.entry is None or (row is not None and _digest(row) == mark.digest)
    number, _, proof = (mark.head or "").partition(" ")
    if proof and mark.head != str(BEFORE_ALL):
        said = sa.select(journal.c.hash).where(journal.c.number == int(number))
        has_entry = has_entry and connection.execute(said).scalar() == proof
    return has_entry and (mark.attempt is None or bool(connection.execute(known).scalar()))


def _digest(row: AnyRow) -> str:
    said = "\0".join((str(row.number), row.at.isoformat(), row.who, row.what, row.detail))
    return hashlib.blake2b(said.encode(), digest_size=12).hexdigest()

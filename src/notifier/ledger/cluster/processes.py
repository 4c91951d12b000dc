"""Who works on the ledger, and when each last gave a sign of life: one that hangs gives none, and nobody sends.

A sign is given by what a process does, never by a thread beside that. Whoever stops takes its row with it; one that
was killed leaves it behind, until another starts on that host, or for a day.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from socket import gethostname
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Column, Integer, String, Table

from notifier import __version__
from notifier.errors import NotifierError
from notifier.ledger.schema import UtcDateTime, metadata

SIGN_EVERY_S = 15.0
SILENT_AFTER = timedelta(minutes=10)
"""Longer than any one thing takes that a process does between two signs, such as reading millions of customers."""
GONE_AFTER = timedelta(minutes=1)
"""So long must one be silent before a person can say that it never comes back: several signs of life."""
FORGOTTEN_AFTER = timedelta(days=1)
Transaction = Callable[[], AbstractContextManager[sa.Connection]]

process = Table(
    "process",
    metadata,
    Column("host", String, primary_key=True),
    Column("pid", Integer, primary_key=True),
    Column("role", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)


class ProcessRole(StrEnum):
    """The verb that a process was started by."""

    SCHEDULE = "schedule"
    WORKER = "worker"


class SeenProcess(NamedTuple):
    """One of them."""

    host: str
    pid: int
    role: ProcessRole
    version: str
    began_at: datetime
    seen_at: datetime

    def is_silent(self, now: datetime) -> bool:
        """Has it said nothing for longer than it may?"""
        return now - self.seen_at > SILENT_AFTER


@dataclass(frozen=True)
class Processes:
    """A row for each."""

    _read: Transaction
    _write: Transaction

    def sign(self, role: ProcessRole, now: datetime, *, is_first: bool = False) -> None:
        """This process lives. With its first sign go those of its host that are there no more."""
        mine = _mine(role)
        with self._write() as connection:
            if is_first:
                for one in self._of(connection):
                    if (one.host, one.role) == (gethostname(), role) and (one.pid == os.getpid() or _is_gone(one.pid)):
                        connection.execute(sa.delete(process).where(*_mine(role, one.pid)))
            connection.execute(sa.delete(process).where(process.c.seen_at < now - FORGOTTEN_AFTER))
            if not connection.execute(sa.update(process).where(*mine).values(seen_at=now)).rowcount:
                row = SeenProcess(gethostname(), os.getpid(), role, __version__, now, now)
                connection.execute(sa.insert(process).values(row._asdict()))

    def leave(self, role: ProcessRole) -> None:
        """This process stops, as it should."""
        with self._write() as connection:
            connection.execute(sa.delete(process).where(*_mine(role)))

    def forget(self, role: ProcessRole, host: str, now: datetime) -> tuple[SeenProcess, ...]:
        """A person says that they never come back: whoever is silent there, and is on record no more."""
        mine = (process.c.host == host, process.c.role == role, process.c.seen_at < now - GONE_AFTER)
        with self._write() as connection:
            gone = self._of(connection, *mine)
            connection.execute(sa.delete(process).where(*mine))
        return gone

    def all(self, now: datetime) -> tuple[SeenProcess, ...]:
        """Everybody, by role and host; whose machine is gone for good is forgotten after a day."""
        with self._read() as connection:
            return tuple(one for one in self._of(connection) if now - one.seen_at <= FORGOTTEN_AFTER)

    def lives_here(self, role: ProcessRole, now: datetime) -> bool:
        """Does one of this role work on this host, and says so?"""
        host = gethostname()
        return any((one.host, one.role) == (host, role) and not one.is_silent(now) for one in self.all(now))

    @staticmethod
    def _of(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> tuple[SeenProcess, ...]:
        query = sa.select(process).where(*which).order_by(process.c.role, process.c.host, process.c.pid)
        return tuple(SeenProcess(**row._mapping) for row in connection.execute(query))


def _mine(role: ProcessRole, pid: int | None = None) -> tuple[sa.ColumnElement[bool], ...]:
    return process.c.host == gethostname(), process.c.pid == (pid or os.getpid()), process.c.role == role


def _is_gone(pid: int) -> bool:
    """Has it ended? Another's process of that number is none of ours."""
    try:
        os.kill(pid, 0)
    except OSError:
        return True
    return False


class Pulse:
    """Gives a sign now and then, as often as it is asked; a ledger that is away hears none."""

    def __init__(self, sign: Callable[[bool], None]) -> None:
        """`sign` is told whether it is the first."""
        self._sign = sign
        self._is_first = True
        self._next = time.monotonic()

    def beat(self) -> None:
        """What this process does goes on."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + SIGN_EVERY_S
        with suppress(NotifierError):
            self._sign(self._is_first)
            self._is_first = False

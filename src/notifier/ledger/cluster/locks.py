"""Who may do what alone: on SQLite a file beside the ledger, on PostgreSQL the server's own locks.

Either is freed when its process ends, however it ends: by the kernel, or with the connection that holds it. A process
that is stopped, or a machine that is cut off, ends nothing: so whoever holds a lock of the server's says every few
seconds that it is there, and the server ends a connection that has said nothing for a minute. Who wakes up after that
finds its connection gone (`check_run_lock`), and does nothing more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from notifier.errors import Busy, LedgerError
from notifier.state import file_lock

SENDER_LOCK, RUN_LOCK, FREEZING_LOCK, TELLING_LOCK = 0x6E6F7469, 0x6E6F7472, 0x6E6F7466, 0x6E6F7461
"""Advisory locks on PostgreSQL: "noti", "notr", "notf", "nota"."""
SILENT_S, SPEAK_EVERY_S = 60, 10.0
KNOWS_SILENCE = (14, 0)
"""Since which version the server ends a silent connection; an older one keeps it until its network gives up."""


@dataclass
class LedgerLocks:
    """Those of one process."""

    _engine: Engine
    _place: str
    _path: Path | None
    """SQLite's file; None where a server has the ledger."""
    _translated: Callable[[], AbstractContextManager[None]]
    _sender: Connection | None = None
    _run: Connection | None = None
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    """A connection is used by one thread at a time."""

    @contextmanager
    def sender_lock(self) -> Iterator[None]:
        """Held by the one process that sends, or that keeps everybody from it. Raises `Busy`."""
        with self._lock("sender", SENDER_LOCK, "another process is sending") as self._sender:
            try:
                yield
            finally:
                self._sender = None

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Held by everybody who sends: on SQLite as `sender_lock`, on PostgreSQL beside others. Raises `Busy`."""
        is_shared = self._path is None
        doing = "somebody keeps everybody from sending" if is_shared else "another process is sending"
        with self._lock("sender", SENDER_LOCK, doing, is_shared=is_shared) as self._sender:
            try:
                yield
            finally:
                self._sender = None

    @contextmanager
    def freezing(self) -> Iterator[None]:
        """Held by the one that freezes recipients, where several may send. Raises `Busy`."""
        if self._path is not None:
            yield
            return
        with self._lock("freezing", FREEZING_LOCK, "recipients are being frozen"):
            yield

    @contextmanager
    def run_lock(self) -> Iterator[None]:
        """Held by the one run that posts into this ledger, whatever machine it is on. Raises `Busy`."""
        with self._lock("run", RUN_LOCK, "a run is going") as self._run:
            try:
                yield
            finally:
                self._run = None

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Held by the one machine that tells alarms. Raises `Busy`."""
        with self._lock("telling", TELLING_LOCK, "alarms are being told"):
            yield

    @property
    def is_run(self) -> bool:
        """Do we hold the run lock of a server?"""
        return self._run is not None

    def check_run_lock(self) -> None:
        """Raise `LedgerError` where the server has freed our lock, since another run may post now."""
        self._check(self._run)

    def check_sender_lock(self) -> None:
        """Raise `LedgerError` where the server has freed our lock, since others may not expect us to send now."""
        self._check(self._sender)

    def _check(self, connection: Connection | None) -> None:
        if connection is not None:
            with self._translated(), self._one_at_a_time:
                if connection.invalidated:
                    raise LedgerError(f"{self._place}: the server has freed our lock")
                connection.execute(sa.text("SELECT 1"))

    @contextmanager
    def _lock(self, name: str, key: int, doing: str, *, is_shared: bool = False) -> Iterator[Connection | None]:
        """A file beside SQLite's; the server's own lock, freed with the connection it gives."""
        if self._path is not None:
            with file_lock(self._path.with_name(f"{self._path.name}.{name}"), doing):
                yield None
            return
        with self._translated():
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        take = sa.func.pg_try_advisory_lock_shared(key) if is_shared else sa.func.pg_try_advisory_lock(key)
        give_back = sa.func.pg_advisory_unlock_shared(key) if is_shared else sa.func.pg_advisory_unlock(key)
        try:
            with self._translated():
                is_ours = connection.execute(sa.select(take)).scalar_one()
            if not is_ours:
                raise Busy(f"{self._place}: {doing}; wait until it is done")
            try:
                with self._speaking(connection):
                    yield connection
            finally:
                with suppress(SQLAlchemyError):  # the server frees it with the connection, but a moment later
                    connection.execute(sa.select(give_back))
        finally:
            connection.invalidate()
            connection.close()

    @contextmanager
    def _speaking(self, connection: Connection) -> Iterator[None]:
        """Says meanwhile that this process lives, and has the server end the connection where it does not."""
        version = connection.dialect.server_version_info
        if version is not None and version >= KNOWS_SILENCE:
            with self._translated():
                connection.execute(sa.text(f"SET idle_session_timeout = '{SILENT_S}s'"))
        is_over = threading.Event()
        speaking = threading.Thread(target=self._speak, args=(connection, is_over), daemon=True, name="lock")
        speaking.start()
        try:
            yield
        finally:
            is_over.set()
            speaking.join()

    def _speak(self, connection: Connection, is_over: threading.Event) -> None:
        while not is_over.wait(SPEAK_EVERY_S):
            with suppress(Exception), self._one_at_a_time:  # whoever asks next is told that it is gone
                connection.execute(sa.text("SELECT 1"))

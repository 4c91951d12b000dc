"""The connection: SQLite or PostgreSQL, opened safely, migrated, and used in short transactions.

SQLite runs in WAL mode with full synchronisation; a transaction that writes takes the write lock at its start, so it
never finds out half-way that it may not. Whatever the database says in anger becomes a `LedgerError` that names the
place and never shows a statement's values.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, SQLAlchemyError

from notifier.errors import LedgerAway, LedgerBehind, LedgerError, LedgerOutgrown
from notifier.ledger.cluster.absence import CONNECT_SECONDS, FirstUse, is_away
from notifier.ledger.cluster.locks import LedgerLocks
from notifier.ledger.journal.journaling import end_journaling
from notifier.ledger.journal.touched_rows import forget_watch, watch
from notifier.ledger.migrations.schema_marks import learn_columns, read_marks, version_there

if TYPE_CHECKING:
    from notifier.ledger.migrations.steps import SchemaStep

HEAD = "0019"
"""The newest migration; a ledger that bears another version is migrated or refused."""
BUSY_SECONDS = 60
LOOK_EVERY_S = 1.0
"""How often a process on PostgreSQL looks whether the schema is still one that it may use."""
IDLE_S = 0.5
"""How long a connection to PostgreSQL may have lain unused before it is looked at again."""
LEFT_AT = "left at"
"""Under which a connection keeps when it was last given back."""
NETWORK_FILESYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.s3fs", "lustre", "ncpfs"}
)


class Database:
    """One ledger's engine. Safe to share between threads: each transaction has a connection of its own."""

    def __init__(self, url: str, *, migrates: bool = True, prepares: bool = True, waits: bool = False) -> None:
        """Raises LedgerError; LedgerBehind where the schema is an older one and this is not to change it.

        Where it `waits`, one that is away is looked at and migrated at its first use once it is back.
        """
        self.url = _checked_url(url)
        self.place = self.url.render_as_string(hide_password=True)
        self._engine = _engine(self.url)
        self.locks = LedgerLocks(self._engine, self.place, self.path if self.is_sqlite else None, self._translated)
        self._is_journaling = False
        self._version = HEAD
        self._look_at = 0.0
        self.outgrown = ""
        """Why this process must end: the ledger went on without it."""
        self._first_use = FirstUse((lambda: self._prepare(migrates=migrates)) if prepares else lambda: None)
        try:
            self._first_use.come()
        except BaseException as error:
            if waits and isinstance(error, LedgerAway):
                return
            self._engine.dispose()
            raise

    @property
    def away(self) -> LedgerAway | None:
        """Why it cannot be used yet."""
        return self._first_use.away

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def dialect(self) -> str:
        return self.url.get_backend_name()

    @property
    def path(self) -> Path:
        """The database file; only for SQLite."""
        return Path(self.url.database or "")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view; never blocks a writer."""
        self._first_use.come()
        with self._translated(), self._engine.connect() as connection:
            if not self.is_sqlite:  # whose transactions see one moment anyway
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                self._mind_schema(connection)
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write: committed whole at the end, or not at all."""
        self._first_use.come()
        options = {"is_writing": True}
        with self._translated(), self._engine.connect().execution_options(**options) as connection:
            if self._is_journaling:
                watch(connection)
            with connection.begin():
                self._mind_schema(connection, is_writing=True)
                yield connection
                if self._is_journaling:
                    end_journaling(connection, datetime.now(UTC))

    @contextmanager
    def bare(self) -> Iterator[Connection]:
        """A transaction that the journal hears nothing of: to bring a copy back, whose journal comes with it."""
        with self._translated(), self._engine.begin() as connection:
            forget_watch(connection)
            yield connection

    def check_integrity(self) -> None:
        """Raise `LedgerError` where a page of the file is not what SQLite wrote; a server looks after its own."""
        if not self.is_sqlite:
            return
        with self.read() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise LedgerError(f"{self.place}: damaged ({found}); nothing is sent until it is restored from a copy")

    def empty_log(self) -> None:
        """After an erasure: what was erased stays in SQLite's file until its log was written into it, and in the log.

        Where somebody reads for longer than a writer waits, the next checkpoint does it.
        """
        if self.is_sqlite:
            with self._translated(), self._engine.connect() as connection:
                cast("sqlite3.Connection", connection.connection.driver_connection).execute(
                    "PRAGMA wal_checkpoint(TRUNCATE)"
                ).fetchall()

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            kind = LedgerAway if is_away(error.orig) else LedgerError
            raise kind(f"{self.place}: {_in_words(error.orig, self.place)}") from error
        except SQLAlchemyError as error:
            raise LedgerError(f"{self.place}: {type(error).__name__}") from error
        except self._engine.dialect.loaded_dbapi.Error as error:  # where the driver was asked itself
            kind = LedgerAway if is_away(error) else LedgerError
            raise kind(f"{self.place}: {_in_words(error, self.place)}") from error

    @classmethod
    def unprepared(cls, url: str) -> Self:
        """To look at its schema, or to change that: nothing is made before."""
        return cls(url, prepares=False)

    @property
    def is_beside_newer(self) -> bool:
        """Did a newer Notifier change the schema, which this process may go on with?"""
        return self._version > HEAD

    def schema(self) -> str | None:
        """Which one is there; None where nothing is."""
        if self.is_sqlite and not self.path.exists():
            return None
        with self.read() as connection:
            return version_there(connection)

    def pending(self, version: str | None) -> tuple[SchemaStep, ...]:
        """What leads from there to the schema of today."""
        from notifier.ledger.migrations.steps import pending

        if version is not None and version >= HEAD:
            return ()
        try:
            return pending(version)
        except KeyError:
            raise LedgerError(f"{self.place}: its schema {version} is none of Notifier's") from None

    def migrate(self, version: str | None, patience_s: float = BUSY_SECONDS) -> None:
        """From `version` to the newest, while others use it."""
        from notifier.ledger.migrations.live import migrate

        if self.is_sqlite:
            _make_room(self.path)
        steps, at_once = self.pending(version), self.is_sqlite or version is None
        migrate(self.write, steps, at_once=at_once, patience_s=patience_s)

    def _prepare(self, *, migrates: bool) -> None:
        if self.is_sqlite:
            _make_room(self.path)
        version = self.schema()
        if version is not None and version < HEAD and not migrates:
            raise LedgerBehind(f"{self.place}: has schema {version}, this Notifier {HEAD}: notifier migrate")
        if version is None or version < HEAD:
            self.migrate(version)
        self._is_journaling = True
        with self.read():
            pass

    def _mind_schema(self, connection: Connection, *, is_writing: bool = False) -> None:
        """May this process still use the ledger? On SQLite asked before each write, which costs no way to a server."""
        if not self._is_journaling or not ((is_writing and self.is_sqlite) or time.monotonic() >= self._look_at):
            return
        self._look_at = time.monotonic() + LOOK_EVERY_S
        marks = read_marks(connection)
        try:
            marks.check(HEAD, self.place)
        except LedgerOutgrown as error:
            self.outgrown = str(error)
            raise
        if marks.version > self._version:
            learn_columns(connection)
            self._version = marks.version


class LedgerPart:
    """What the ledger keeps of one subject, and does with it."""

    def __init__(self, database: Database) -> None:
        self._db = database


def _checked_url(url: str) -> URL:
    try:
        checked = make_url(url)
    except ArgumentError as error:
        raise LedgerError("ledger.url: not a URL; write it as in sqlite:///.notifier/ledger.db") from error
    backend = checked.get_backend_name()
    if backend == "postgresql":
        return checked.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise LedgerError(f"ledger.url: {backend} is not supported; use sqlite:///… or postgresql+psycopg://…")
    if not checked.database or checked.database == ":memory:":
        raise LedgerError("ledger.url: a ledger in memory forgets who was told; name a file")
    return checked


SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # who was forgotten must not linger in free pages
    "cache_size=-16384",
    "temp_store=MEMORY",
)


ABANDONED_S = 60
"""How long a server waits for who is in the middle of a transaction and says nothing: a process that was stopped, or a
machine that is cut off, must not keep its rows from everybody else."""


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        patience = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_SECONDS}
        engine = sa.create_engine(url, hide_parameters=True, connect_args=patience)
        sa.event.listen(engine, "connect", _set_up_postgresql)
        sa.event.listen(engine, "checkin", lambda _, record: record.info.update({LEFT_AT: time.monotonic()}))
        sa.event.listen(engine, "checkout", lambda raw, record, _: _look_again(engine, raw, record.info))
        return engine
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    sa.event.listen(engine, "connect", _set_up_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _look_again(engine: Engine, raw: Any, info: dict[Any, Any]) -> None:
    """Is a connection still there that nobody used for a while? Whoever sends uses one dozens of times a second."""
    if time.monotonic() > info.get(LEFT_AT, time.monotonic()) + IDLE_S:
        try:
            engine.dialect.do_ping(raw)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


def _set_up_postgresql(connection: Any, _record: Any) -> None:
    from notifier.ledger.cluster.flat_lists import write_lists_at_once

    write_lists_at_once(connection)
    connection.execute(f"SET idle_in_transaction_session_timeout = '{ABANDONED_S}s'")
    connection.commit()


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("is_writing", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # it waits for nobody, and a hundred are begun in a run: past what SQLAlchemy does for each statement
        connection.connection.cursor().execute("BEGIN")


def _make_room(path: Path) -> None:
    """The folder for a new ledger file, readable by its owner only; refuses filesystems whose locks do not hold."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise LedgerError(f"{path}: cannot make its folder: {error.strerror}") from error
    filesystem = filesystem_of(path.parent)
    if filesystem in NETWORK_FILESYSTEMS:
        raise LedgerError(
            f"{path}: lies on a network filesystem ({filesystem}), where SQLite's locks do not hold; "
            "set ledger.url to a local disk or to PostgreSQL"
        )
    with suppress(OSError):  # who cannot write here is told when it is opened
        with suppress(FileExistsError):  # never open one that is there: to close it would free SQLite's locks on it
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        for file in filter(Path.exists, (path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm"))):
            file.chmod(0o600)


def filesystem_of(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """The type of the filesystem that holds `folder`, empty where the system does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    points = [(fields[1].replace("\\040", " "), fields[2]) for line in lines if len(fields := line.split()) > 2]
    here = folder.resolve()
    holding = [(len(point), kind) for point, kind in points if here.is_relative_to(point)]
    return max(holding, default=(0, ""))[1]


def _in_words(error: BaseException | None, place: str) -> str:
    """What the driver said, on one line, without the statement."""
    said = " ".join(str(error).split())
    folder = Path(place.removeprefix("sqlite:///")).parent
    is_short = folder.is_dir() and shutil.disk_usage(folder).free < 1 << 20
    if is_short and said in ("disk I/O error", "database or disk is full"):
        return f"the disk of {folder} is full: make room there; nothing is posted or sent meanwhile"
    if "database is locked" in said:
        return f"another process holds the write lock for more than {BUSY_SECONDS} s"
    if "malformed" in said or "not a database" in said:
        return f"damaged ({said}); nothing is sent until it is restored from a copy"
    return said

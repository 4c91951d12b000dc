"""A copy of a whole ledger, made while it is in use, and put back: always one SQLite file, whatever the ledger is in.

Of SQLite the pages are copied by its own backup, which sees one moment; of PostgreSQL the rows, in one transaction that
does. Both can be brought back into either.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from notifier.errors import LedgerError, Refused
from notifier.ledger.database import HEAD, Database
from notifier.ledger.evidence.table_rows import copy_rows, replace_rows
from notifier.ledger.schema import metadata

VERSION = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True))


def copy_ledger(database: Database, to: Path) -> int:
    """Write the copy, readable by its owner only; its size. Whole or not at all. Raises Refused where `to` is taken."""
    if to.exists():
        raise Refused(f"{to}: is there already; name a file that is not")
    partial = to.with_name(f".{to.name}.{os.getpid()}.partial")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        (_copy_pages if database.is_sqlite else _copy_rows_out)(database, partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.rename(to)
    except OSError as error:
        raise Refused(f"{to}: cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    return to.stat().st_size


def check_copy(copy: Path) -> None:
    """Raises Refused where it is no whole ledger."""
    try:
        with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    except (sqlite3.Error, TypeError) as error:
        raise Refused(f"{copy}: is no copy of a ledger: {error}") from error
    if found != "ok":
        raise Refused(f"{copy}: damaged ({found})")
    if version > HEAD:
        raise Refused(f"{copy}: made by a newer Notifier (schema {version}); update Notifier to bring it back")


def put_back(database: Database, copy: Path) -> None:
    """Bring a checked copy back in place of what is there, journal and all, while nobody else uses the ledger."""
    check_is_known(database)
    if not database.is_sqlite:
        with _opened(copy) as source, database.bare() as target:
            replace_rows(source, target)
        return
    try:
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(database.path)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise LedgerError(f"{database.place}: cannot be brought back: {error}") from error


def _copy_pages(database: Database, to: Path) -> None:
    try:
        with closing(sqlite3.connect(database.path)) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise LedgerError(f"{database.place}: cannot be copied: {error}") from error


def check_is_known(database: Database) -> None:
    """Raises Refused where a newer Notifier has added what this one would leave out."""
    if database.is_beside_newer:
        raise Refused(f"{database.place}: a newer Notifier has changed its schema; copy it with that one")


def _copy_rows_out(database: Database, to: Path) -> None:
    check_is_known(database)
    with _opened(to) as target, database.read() as source:
        metadata.create_all(target)
        VERSION.create(target)
        target.execute(VERSION.insert().values(version_num=HEAD))
        copy_rows(source, target)


@contextmanager
def _opened(path: Path) -> Iterator[Connection]:
    engine = sa.create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise LedgerError(f"{path}: {type(error).__name__}") from error
    finally:
        engine.dispose()

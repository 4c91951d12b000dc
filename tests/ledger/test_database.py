"""Opening a ledger: what is refused, what is migrated, and what survives."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from notifier.errors import Busy, LedgerError
from notifier.ledger import Ledger
from notifier.ledger.database import filesystem_of
from notifier.ledger.schema import metadata


def test_the_migrations_lead_to_the_schema_that_the_code_uses(ledger_url: str) -> None:
    with sa.create_engine(ledger_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_a_new_ledger_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    Ledger.open(f"sqlite:///{tmp_path}/new/ledger.db").close()

    assert (tmp_path / "new/ledger.db").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_sqlite_writes_through_to_the_disk_and_never_blocks_its_readers(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger, ledger.database.read() as connection:
        pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}

    assert pragmas == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_ledger_of_a_newer_notifier_is_refused(ledger_url: str) -> None:
    with sa.create_engine(ledger_url).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(LedgerError, match="newer Notifier"):
        Ledger.open(ledger_url)


def test_a_damaged_ledger_is_refused_and_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"this is no database" * 1000)

    with pytest.raises(LedgerError, match="damaged"):
        Ledger.open(f"sqlite:///{path}")


def test_a_ledger_torn_in_the_middle_never_counts_as_empty(sqlite_url: str, tmp_path: Path) -> None:
    with Ledger.open(sqlite_url):
        pass
    path = tmp_path / "ledger.db"
    torn = bytearray(path.read_bytes())
    torn[4096:] = b"\xff" * (len(torn) - 4096)
    path.write_bytes(bytes(torn))

    with pytest.raises(LedgerError), Ledger.open(sqlite_url) as ledger:
        ledger.notices.all()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x", "not a url"])
def test_only_a_ledger_that_lasts_is_opened(url: str) -> None:
    with pytest.raises(LedgerError, match=r"ledger\.url"):
        Ledger.open(url)


def test_an_unreachable_server_is_named_without_its_password() -> None:
    with pytest.raises(LedgerError) as raised:
        Ledger.open("postgresql+psycopg://notifier:s3cret@127.0.0.1:1/ledger")

    assert "127.0.0.1" in str(raised.value)
    assert "s3cret" not in str(raised.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(LedgerError, match="cannot make its folder"):
        Ledger.open(f"sqlite:///{tmp_path}/file/ledger.db")


def test_a_network_filesystem_is_recognised_by_the_longest_mount(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n")

    assert filesystem_of(tmp_path / "ledger", mounts) == "nfs4"
    assert filesystem_of(Path("/usr"), mounts) == "ext4"


def test_opening_a_current_ledger_does_not_pay_for_the_migration_tool(sqlite_url: str) -> None:
    opening = f"from notifier.ledger import Ledger; Ledger.open({sqlite_url!r})"
    program = f"import sys; {opening}; sys.exit('alembic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_transaction_that_fails_leaves_nothing_behind(ledger: Ledger) -> None:
    with pytest.raises(LedgerError):
        _write_half(ledger)

    assert ledger.events.feed_seen_at("x") is None


def _write_half(ledger: Ledger) -> None:
    with ledger.database.write() as connection:
        connection.execute(sa.text("INSERT INTO feed (mailer, last_event_at) VALUES ('x', '2026-01-01 00:00:00')"))
        connection.execute(sa.text("SELECT nothing FROM nowhere"))


def test_only_one_process_sends_at_a_time(ledger_url: str) -> None:
    with Ledger.open(ledger_url) as first, Ledger.open(ledger_url) as second, first.sender_lock(), pytest.raises(Busy):
        second.sender_lock().__enter__()


def test_the_senders_lock_is_free_again_after_it(ledger: Ledger) -> None:
    with ledger.sender_lock():
        pass

    with ledger.sender_lock():
        pass


def test_a_killed_sender_holds_no_lock(ledger_url: str) -> None:
    program = (
        "import sys, time\nfrom notifier.ledger import Ledger\n"
        f"with Ledger.open({ledger_url!r}).sender_lock():\n    print('locked', flush=True)\n    time.sleep(60)"
    )
    with (
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process,
        Ledger.open(ledger_url) as ledger,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == b"locked\n"
        with pytest.raises(Busy), ledger.sender_lock():
            pass
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

        _until_free(ledger)


def _until_free(ledger: Ledger) -> None:
    """The kernel frees a file lock at once; a server needs a moment to notice that its client is gone."""
    for _ in range(200):
        try:
            with ledger.sender_lock():
                return
        except Busy:
            signal.sigtimedwait([], 0.05)
    raise AssertionError("the lock of a killed sender was never freed")


def test_a_ledger_that_another_process_keeps_locked_is_an_error_in_words(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifier.ledger.database.BUSY_SECONDS", 0)
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with Ledger.open(sqlite_url) as ledger, pytest.raises(LedgerError, match="write lock"):
        ledger.rate_limits.go_on("memory")

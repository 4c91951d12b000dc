"""Opening a ledger: what is refused, what is migrated, and what survives."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from notifier.errors import Busy, LedgerError
from notifier.ledger import Ledger
from notifier.ledger.database import filesystem_of
from notifier.ledger.journal.verification import examine_journal
from notifier.ledger.migrations.schema_marks import read_marks
from notifier.ledger.schema import metadata
from notifier.ledger.states import RunOutcome
from notifier.ledger.types import NoticeCounts
from notifier.notice.delivery import SuppressionReason
from notifier.notice.message import Message
from notifier.usecases.deliver import deliver
from tests.databases import empty_schema
from tests.mailers import MemoryMailer
from tests.scenes import NOON, RULES, Clock


def test_the_migrations_lead_to_the_schema_that_the_code_uses(ledger_url: str) -> None:
    with sa.create_engine(ledger_url).connect() as connection:
        assert differences(connection) == []


def differences(connection: sa.Connection) -> list[Any]:
    """Between the tables there are and those that the code uses."""
    options = {"compare_type": False, "include_object": partial(_is_compared, connection.dialect.name)}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def _is_compared(dialect: str, thing: Any, name: str | None, kind: str, *_: object) -> bool:
    """Not PostgreSQL's partitions, of which each has indexes of its own and needs no proof that its notice is there."""
    if dialect == "sqlite" or kind == "column":
        return True
    return not str(name).startswith("delivery_") if kind == "table" else thing.table.name != "delivery"


RELEASED = """
INSERT INTO customer VALUES (1, 'c1', 'a@example.com', 'a@example.com', 'Anna', 'en', '[]');
INSERT INTO customer VALUES (2, 'c9', 'Straße@example.com', 'strasse@example.com', '', 'en', '[]');
INSERT INTO posting (number, tag, policy_id, commit_id, posted_on, effective_on, significance, is_adoption, must_tell,
    reasons, blobs, planned_at, confirmed_at) VALUES (1, 'posted/privacy/2026-11-01', 'privacy', 'c0ffee', '2026-11-01',
    '2026-12-01', 'significant', false, true, '[]', '{}', '2026-11-01 12:00:00', '2026-11-01 12:00:00');
INSERT INTO notice (number, notice_id, state, language, audiences, created_at, send_after, deadline, started_at,
    frozen_at, canary_passed_at) VALUES (1, '2026-11-01-privacy', 'sending', 'en', '{"privacy": []}',
    '2026-11-01 12:00:00', '2026-11-01 12:00:00', '2026-11-02 12:00:00', '2026-11-01 12:00:00', '2026-11-01 12:00:00',
    '2026-11-01 12:00:00');
UPDATE posting SET notice_no = 1;
INSERT INTO message (notice_no, message_no, language, policies, subject, text, html, sha256, recipients)
    VALUES (1, 0, 'en', '["privacy"]', 'S', 'T', 'H', :sha256, 3);
INSERT INTO delivery (notice_no, message_no, seq, delivery_key, customer_id, email, name)
    VALUES (1, 0, 1, 'k1', 'c1', 'a@example.com', ''), (1, 0, 2, 'k2', 'c2', 'b@example.com', ''),
           (1, 0, 3, 'k3', 'c3', 'c@example.com', '');
INSERT INTO batch (notice_no, batch_no, message_no, first_seq, last_seq, state, attempts)
    VALUES (1, 1, 0, 1, 1, 'accepted', 1), (1, 2, 0, 2, 2, 'sending', 1), (1, 3, 0, 3, 3, 'pending', 0);
INSERT INTO attempt (attempt_id, notice_no, batch_no, n, message_no, first_seq, last_seq, recipients, mailer,
    created_at, outcome) VALUES ('x1', 1, 1, 1, 0, 1, 1, 1, 'memory', '2026-11-01 12:00:00', 'accepted'),
    ('x2', 1, 2, 1, 0, 2, 2, 1, 'memory', '2026-11-01 12:00:00', 'intent');
INSERT INTO suppression (email_key, reason, is_mandatory, source, at)
    VALUES ('gone@example.com', 'manual', true, 'operator', '2026-11-01 12:00:00'),
    ('stranger@example.com', 'complaint', false, 'provider event', '2026-11-01 12:00:00');
INSERT INTO event (event_id, kind, at, received_at, delivery_key, is_known)
    VALUES ('e1', 'spamreport', '2026-11-01 12:00:00', '2026-11-01 12:00:00', 'news-1', false);
INSERT INTO run (started_at, finished_at, outcome) VALUES ('2026-11-01 12:00:00', '2026-11-01 12:00:00', 'done');
INSERT INTO audit (at, who, what, notice_no) VALUES ('2026-11-01 12:00:00', 'notifier', 'added as scheduled', 1);
INSERT INTO rate (bucket, tokens, updated_at, blocked_until, why)
    VALUES ('memory', 0, '2026-11-01 12:00:00', '2026-11-01 12:00:00', 'Maximum credits exceeded');
"""
"""A ledger as Notifier 0001 left it when it was killed in the middle of a notice."""


def as_released(url: str) -> None:
    """Make the ledger at `url`, which holds nothing, one of the first version, in the middle of a notice."""
    from notifier.ledger.migrations import steps

    sha256 = Message("en", ("privacy",), "S", "T", "H").sha256
    with sa.create_engine(url).begin() as connection:
        config = steps._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in RELEASED.split(";\n")[:-1]:
            connection.execute(sa.text(statement.replace('"privacy": []', '"privacy"\\: []')), {"sha256": sha256})


def test_a_ledger_of_the_released_version_opens_and_its_notice_goes_on(ledger_url: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/released.db" if ledger_url.startswith("sqlite") else ledger_url
    if url == ledger_url:
        empty_schema(url)
    as_released(url)
    mailer = MemoryMailer(batch_size=1)
    clock = Clock(NOON + timedelta(hours=1))

    with Ledger.open(url) as ledger:
        (before,) = ledger.notices.all()
        deliver(ledger, mailer, RULES, clock.environment())
        counts = ledger.deliveries.counts(before.notice_id)

        assert (before.destination, before.given_up, ledger.runs.last().outcome) == (None, 0, RunOutcome.DONE)  # type: ignore[union-attr]
        assert mailer.accepted == {"c@example.com": 1}
        assert counts == NoticeCounts(recipients=3, accepted=2, in_doubt=1)
        assert ledger.breakers.all_open() == ()
        assert ledger.roster.customer("STRAßE@example.com") is not None
        assert ledger.roster.suppressed("Gone@example.com") == (SuppressionReason.MANUAL,)
        with ledger.database.read() as connection:
            kept = str(connection.exec_driver_sql("SELECT * FROM suppression").all())
            assert "example.com" not in kept.lower()
            assert connection.exec_driver_sql("SELECT count(*) FROM event").scalar() == 0
        assert ledger.audit.entries()[0].what == "added as scheduled"
        begun = ledger.journal.entry(1)
        assert begun is not None
        assert "speaks_from" in begun.facts
        assert examine_journal(ledger.database.read).misfits == ()


def test_a_new_ledger_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    Ledger.open(f"sqlite:///{tmp_path}/new/ledger.db").close()

    assert (tmp_path / "new/ledger.db").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_a_ledger_file_that_others_could_read_is_closed_to_them(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "ledger.db").chmod(0o644)

    Ledger.open(sqlite_url).close()

    assert (tmp_path / "ledger.db").stat().st_mode & 0o077 == 0


def test_sqlite_writes_through_to_the_disk_and_never_blocks_its_readers(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger, ledger.database.read() as connection:
        pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}

    assert pragmas == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.processes
def test_a_server_that_opens_its_ledger_once_more_loses_nothing_to_whoever_else_comes_and_goes(
    tmp_path: Path,
) -> None:
    """POSIX: a process that closes any handle of a file loses all its locks on it, and SQLite its write-ahead log."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    visit = f"from notifier.ledger import Ledger; Ledger.open({url!r}).close()"
    with Ledger.open(url) as server, Ledger.open(url) as pages:
        server.runs.begin(NOON)
        pages.runs.last()
        subprocess.run([sys.executable, "-c", visit], check=True)
        server.runs.begin(NOON + timedelta(hours=1))
        assert (tmp_path / "ledger.db-wal").exists()
    with Ledger.open(url) as after:
        last = after.runs.last()
        assert last is not None
        assert last.started_at == NOON + timedelta(hours=1)


def test_a_ledger_of_a_newer_notifier_is_refused(ledger_url: str) -> None:
    with sa.create_engine(ledger_url).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(LedgerError, match="newer Notifier"):
        Ledger.open(ledger_url)


@pytest.mark.parametrize("harm", ["DELETE FROM alembic_version", "INSERT INTO alembic_version VALUES ('0001')"])
def test_a_ledger_that_no_longer_says_its_schema_is_refused_with_the_mend(sqlite_url: str, harm: str) -> None:
    """Before it is opened, and while it is in use."""
    with Ledger.open(sqlite_url) as ledger:
        with sa.create_engine(sqlite_url).begin() as connection:
            connection.execute(sa.text(harm))
        with pytest.raises(LedgerError, match="notifier restore FILE"):
            read_marks_of(ledger)

    with pytest.raises(LedgerError, match=r"alembic_version has \d rows .* notifier restore FILE"):
        Ledger.open(sqlite_url)


def read_marks_of(ledger: Ledger) -> None:
    with ledger.database.read() as connection:
        read_marks(connection)


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


@pytest.mark.processes
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


def test_only_one_run_posts_into_a_ledger_at_a_time_and_it_may_send(ledger_url: str) -> None:
    with Ledger.open(ledger_url) as first, Ledger.open(ledger_url) as second, first.run_lock(), first.sender_lock():
        refused_by = second.run_lock()
        with pytest.raises(Busy, match="a run is going"):
            refused_by.__enter__()
    with Ledger.open(ledger_url) as third, third.run_lock():
        pass


def test_a_run_whose_lock_the_server_freed_is_told_so(postgres_url: str) -> None:
    with Ledger.open(postgres_url) as ledger, ledger.run_lock():
        ledger.check_run_lock()
        with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as other:
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            other.execute(f"SELECT pg_terminate_backend(pid, 5000) {others}")

        with pytest.raises(LedgerError):
            ledger.check_run_lock()


def test_the_senders_lock_is_free_again_after_it(ledger: Ledger) -> None:
    with ledger.sender_lock():
        pass

    with ledger.sender_lock():
        pass


@pytest.mark.processes
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
        ledger.breakers.close("memory", datetime.now(UTC))

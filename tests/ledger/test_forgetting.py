"""Many people ask to be forgotten: the chain holds, and nothing of them is left in ledger, copy or journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifier.ledger import Ledger
from notifier.ledger.evidence.ledger_copy import copy_ledger
from notifier.ledger.journal.verification import examine_journal
from notifier.notice.delivery import Customer, DeliveryStatus, SuppressionReason
from notifier.usecases.deliver import deliver
from tests.mailers import MemoryMailer
from tests.scenes import NOON, RULES, Clock, announced, event

GONE, STAYING = 200, 50


@pytest.fixture
def ledger_url(sqlite_url: str) -> str:
    """A file can be searched byte by byte."""
    return sqlite_url


def test_many_are_forgotten_and_the_chain_holds(ledger: Ledger, tmp_path: Path) -> None:
    people = [Customer(f"cust-{n:05}-x", f"who{n:05}@mail.example", f"Name{n:05}") for n in range(GONE + STAYING)]
    announced(ledger, people)
    deliver(ledger, MemoryMailer(batch_size=500), RULES, Clock().environment())
    with ledger.database.read() as connection:
        keys = connection.exec_driver_sql("SELECT delivery_key, email FROM delivery WHERE seq <= 200").all()
    bounced, hard = DeliveryStatus.BOUNCED, SuppressionReason.HARD_BOUNCE
    ledger.events.record(
        [event(bounced, key, suppression=hard, reason=f"550 <{email}> is gone") for key, email in keys[::10]], NOON
    )
    head = ledger.journal.head()

    for one in people[:GONE]:
        ledger.roster.forget(one.email, NOON)
    copy_ledger(ledger.database, tmp_path / "copy.db")

    found = examine_journal(ledger.database.read)
    assert found.misfits == ()
    assert found.deliveries == GONE + STAYING
    entry = ledger.journal.entry(head.number)
    assert entry is not None
    assert entry.head == head
    ledger.close()
    for path in sorted(tmp_path.glob("*.db*")):
        content = path.read_bytes()
        assert b"who00220@mail.example" in content or path.suffix != ".db"
        for n in range(GONE):
            for trace in (f"who{n:05}@", f"cust-{n:05}-x", f"Name{n:05}"):
                assert trace.encode() not in content, (path.name, trace)


def test_who_is_forgotten_while_a_server_has_the_ledger_open_is_in_none_of_its_files(
    ledger: Ledger, ledger_url: str, tmp_path: Path
) -> None:
    announced(ledger, [Customer("cust-1", "ana@mail.example", "Ana")])
    ledger.roster.import_customers([Customer("cust-2", "zoe@mail.example", "Zoe")])
    with Ledger.open(ledger_url) as server:
        assert server.runs.last() is None

        ledger.roster.forget("ana@mail.example", NOON)

        assert all(b"ana@mail.example" not in path.read_bytes() for path in tmp_path.glob("*.db*"))
        assert any(b"zoe@mail.example" in path.read_bytes() for path in tmp_path.glob("*.db*"))

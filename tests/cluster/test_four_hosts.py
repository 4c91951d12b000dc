"""Four hosts on one switch, each with a network of its own: one loses its cable in the middle of a notice."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from notifier.ledger import Ledger
from notifier.ledger.database import ABANDONED_S
from notifier.ledger.schema import batch
from notifier.ledger.states import BatchState
from tests import databases
from tests.cluster.hosts import Hosts, can_be_made, hosts
from tests.cluster.processes import cluster, everybody_answered, is_finished, the_truth, until
from tests.processes import standings
from tests.scenes import announced, people
from tests.standins.sendgrid import SendGridProcess

COUNT = 3_000
pytestmark = pytest.mark.skipif(not can_be_made(), reason="NOT RUN: no network namespaces here, or not root")


@pytest.fixture
def four(_warm: str) -> Iterator[tuple[Hosts, str]]:
    """The hosts, and a ledger that they reach over the network."""
    with tempfile.TemporaryDirectory(prefix="notifier-pg-", ignore_cleanup_errors=True) as folder, hosts(4) as four:
        Path(folder).chmod(0o755)
        server = databases.PostgresServer(Path(folder))
        server.start(four.address)
        try:
            yield (
                four,
                databases.make_database(folder).replace(f"?host={folder}", "").replace("@/", f"@{four.address}/"),
            )
        finally:
            server.die()


def cut_off_while_it_sends(switch: Hosts, number: int, url: str, worker: int) -> None:
    def is_sending() -> bool:
        with Ledger.open(url) as ledger, ledger.database.read() as connection:
            mine = (batch.c.state == BatchState.SENDING) & batch.c.owner.endswith(f":{worker}")
            return bool(connection.execute(sa.select(sa.func.count()).where(mine)).scalar())

    while True:
        until(is_sending)
        switch.cut_off(number)
        time.sleep(0.1)
        if is_sending():  # what it claimed is in its hands, and nothing comes or goes
            return
        switch.join(number)


@pytest.mark.processes
def test_a_host_that_is_cut_off_keeps_nobody_waiting_and_doubles_only_who_is_marked(four: tuple[Hosts, str]) -> None:
    switch, url = four
    with Ledger.open(url) as ledger:
        announced(ledger, people(COUNT))
    with SendGridProcess(latency_s=0.05, host=switch.address) as provider, cluster(url, provider) as running:
        beside: tuple[Callable[[], object], ...] = (running.scheduler, running.scheduler, running.taker, running.taker)
        workers = []
        for number, starts in enumerate(beside):
            running.enter = partial(switch.enter, number)
            starts()
            workers.append(running.worker())
        until(lambda: provider.counts()["accepted"] > COUNT / 10)

        cut_off_while_it_sends(switch, 2, url, workers[2])
        left = COUNT - provider.counts()["accepted"]
        until(lambda: is_finished(url), ABANDONED_S + 30)  # where it was cut off in the middle of a transaction
        everybody_answered(url)
        assert left > COUNT / 4, "it was cut off in the middle"

        switch.join(2)
        time.sleep(2)
        times = the_truth(url, provider.accepted())

    with Ledger.open(url) as ledger:
        marked = {key for key, one in standings(ledger).items() if one.is_possible_duplicate}
    assert len(times) == COUNT
    assert len(marked) <= 20, "what it was sending: two batches of ten, of which events may have told"

"""Random faults and random kills of real processes: the invariant holds after each, in every seed."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from notifier.ledger import Ledger
from notifier.usecases.deliver import deliver
from tests.databases import empty_tables
from tests.processes import HASTY, sendgrid_at, standings
from tests.scenes import announced, people
from tests.soak.story import Story
from tests.standins import faults
from tests.standins.sendgrid import SendGridProcess

SEEDS = 1_000
TOGETHER = 20
"""Seeds that share one stand-in."""


def test_a_few_seeds_of_faults_and_kills(ledger: Ledger) -> None:
    _tell(range(6), ledger)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, SEEDS, TOGETHER))
def test_a_thousand_seeds_of_faults_and_kills(first: int, sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        _tell(range(first, first + TOGETHER), ledger)


def _tell(seeds: Iterable[int], ledger: Ledger) -> None:
    """One after another in the same ledger, emptied between them."""
    with SendGridProcess() as provider:
        _warm_up(ledger, provider)
        for seed in seeds:
            empty_tables(ledger)
            Story(seed, ledger, provider).tell()


def _warm_up(ledger: Ledger, provider: SendGridProcess) -> None:
    """Once in this process, so that the forked ones find their statements compiled."""
    announced(ledger, people(3))
    provider.script(faults.refuse(0), faults.accept_and_close())
    for _ in range(3):
        deliver(ledger, sendgrid_at(provider.url), HASTY)
    standings(ledger)

"""`notifier notice settle` and `retry --in-doubt`: a person ends the doubt."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Editor, Notifier
from tests.scenes import NOON, NOTICE, frozen, people

from notifier.ledger import Ledger
from notifier.ledger.types import NoticeCounts


@pytest.fixture
def in_doubt(root: Path, editor: Editor) -> Ledger:
    """A ledger with four people in doubt."""
    ledger = Ledger.open(f"sqlite:///{root}/.notifier/ledger.db")
    frozen(ledger, people(4))
    (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)
    ledger.attempts.record_in_doubt(claim, NOON, error="no answer")
    return ledger


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        (("settle", NOTICE, "accepted", "--because", "their log says so"), NoticeCounts(recipients=4, accepted=4)),
        (("settle", NOTICE, "absent", "--because", "their log has nothing"), NoticeCounts(recipients=4, queued=4)),
        (("retry", NOTICE, "--in-doubt"), NoticeCounts(recipients=4, queued=4, possible_duplicates=4)),
    ],
)
def test_a_person_ends_the_doubt(
    notifier: Notifier, in_doubt: Ledger, words: tuple[str, ...], counts: NoticeCounts
) -> None:
    answer = notifier("notice", *words, "--by", "anna")

    assert answer.code == 0, answer.err
    assert "4 customers" in answer.out
    assert in_doubt.deliveries.counts(NOTICE) == counts
    assert in_doubt.audit.entries(NOTICE)[-1].who == "anna"

"""`notifier notice settle`, `retry --in-doubt`, `accept-unreached`, `move`: what only a person can say."""

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
    ledger.attempts.record_in_doubt(claim, NOON, "no answer")
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


def test_the_doubt_of_a_cancelled_notice_ends_by_a_persons_word_and_writes_to_nobody(
    notifier: Notifier, in_doubt: Ledger, editor: Editor
) -> None:
    editor.commit("# Terms\n\nUpdated March 1, 2026.\n", "Write the terms", name="policies/terms.md")
    notifier("notice", "cancel", NOTICE, "--by", "anna")
    said = "4 customers in doubt (no answer), and it does not go on; by what the provider's own log says:"
    assert f"{said} notifier notice settle {NOTICE} accepted|absent" in notifier("status").out
    assert notifier("notice", "retry", NOTICE, "--in-doubt", "--by", "anna").code == 2

    notifier("notice", "settle", NOTICE, "absent", "--because", "their log has nothing", "--by", "anna")

    assert in_doubt.deliveries.counts(NOTICE) == NoticeCounts(recipients=4, cancelled=4)
    assert "in doubt (" not in notifier("status").out


@pytest.mark.parametrize(("whom", "said"), [((), "bounced or was dropped"), (("--in-doubt",), "is in doubt")])
def test_a_retry_for_nobody_is_no_success(
    notifier: Notifier, editor: Editor, root: Path, whom: tuple[str, ...], said: str
) -> None:
    with Ledger.open(f"sqlite:///{root}/.notifier/ledger.db") as ledger:
        frozen(ledger, people(4))

    answer = notifier("notice", "retry", NOTICE, *whom)

    assert (answer.code, f"nobody of it {said}" in answer.err) == (2, True), answer


def test_people_not_reached_are_an_alarm_until_a_person_accepts_it(
    notifier: Notifier, root: Path, editor: Editor
) -> None:
    with Ledger.open(f"sqlite:///{root}/.notifier/ledger.db") as ledger:
        frozen(ledger, people(4))
        (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)
        ledger.attempts.record_rejected_items(claim, NOON, "no such user", [1])
        (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=1)
        ledger.attempts.record_accepted(claim, NOON)
        ledger.notices.finish(NOTICE, NOON)
    editor.commit("# Terms\n\nUpdated March 1, 2026.\n", "Write the terms", name="policies/terms.md")
    before = notifier("status")
    assert (
        f"notice {NOTICE} did not reach 1 customer (refused by the provider: no such user): "
        f"notifier notice retry {NOTICE}" in before.out
    )
    assert before.code == 1

    answer = notifier("notice", "accept-unreached", NOTICE, "--because", "left years ago", "--by", "anna")

    assert (answer.code, answer.out) == (0, f"{NOTICE}: accepted as it ended, 1 customer not reached\n")
    assert "did not reach" not in notifier("status").out


def test_a_person_lets_a_notice_go_out_elsewhere_than_where_it_began(
    notifier: Notifier, root: Path, editor: Editor
) -> None:
    with Ledger.open(f"sqlite:///{root}/.notifier/ledger.db") as ledger:
        frozen(ledger, people(4))
        ledger.notices.bind(NOTICE, "smtp://old.example.com:25", NOON)

    answer = notifier("notice", "move", NOTICE, "--because", "the relay is gone", "--by", "anna")

    assert (answer.code, answer.out) == (0, f"{NOTICE}: moved, it began on smtp://old.example.com:25\n")
    assert notifier("notice", "move", NOTICE, "--because", "again", "--by", "anna").code == 2

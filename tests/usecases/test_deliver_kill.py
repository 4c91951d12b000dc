"""Kill -9 at every line that matters, with real processes and a real provider: the next run tells the truth."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifier.errors import LedgerError
from notifier.ledger import Ledger
from notifier.mail.outbox import OutboxMailer
from notifier.notice.delivery import DeliveryEvent, DeliveryStatus, NoticeState
from notifier.notice.sending_rules import SendingRules
from tests import databases
from tests.processes import Kill, Standing, in_child, send_once, sendgrid_at, standings
from tests.scenes import NOON, NOTICE, RULES, announced, people
from tests.standins import faults
from tests.standins.sendgrid import SendGridProcess

WAITING = SendingRules(RULES.sender, max_bounce_rate=1.0, canary_wait=timedelta(0), patience=timedelta(seconds=2))
"""In doubt stays in doubt."""
COUNT = 60


@pytest.fixture(scope="module")
def _provider() -> Iterator[SendGridProcess]:
    with SendGridProcess() as standing_in:
        yield standing_in


@pytest.fixture
def provider(_provider: SendGridProcess) -> SendGridProcess:
    _provider.forget()
    return _provider


LEARNED: set[str] = set()


def learn(url: str, provider: SendGridProcess) -> None:
    """Send once in this process: the forked ones find each statement compiled, which is a third of their work."""
    database = url.partition(":")[0]
    if database not in LEARNED:
        LEARNED.add(database)
        with Ledger.open(url) as ledger:
            announced(ledger, people(COUNT))
            send_once(url, lambda: sendgrid_at(provider.url))
            databases.empty_tables(ledger)
        provider.forget()


@pytest.fixture
def url(either_url: str, provider: SendGridProcess) -> str:
    """A ledger with a notice that is due."""
    learn(either_url, provider)
    with Ledger.open(either_url) as ledger:
        announced(ledger, people(COUNT))
    return either_url


BEFORE_ANYTHING_LEFT = {
    "while freezing": Kill("notifier.ledger.sending.recipients:insert_deliveries", "after"),
    "between freezing and cutting the batches": Kill("notifier.ledger.sending.recipients:_close"),
    "after freezing, before the first claim": Kill("notifier.ledger.sending.recipients:Recipients.freeze", "after"),
    "inside a claim, before its commit": Kill("notifier.ledger.sending.batches:_take", "after"),
}
AFTER_INTENT = {
    "after a claim, before the connection": Kill("notifier.ledger.sending.batches:Batches.claim", "after", 3),
    "with half of the request sent": Kill("http.client:HTTPConnection.send", "after", 3),
    "after the answer, before it is recorded": Kill(
        "notifier.ledger.sending.attempts:Attempts.record_accepted", "before", 2
    ),
    "inside recording the answer": Kill("notifier.ledger.sending.attempts:_accept", "after", 2),
    "after recording the answer": Kill("notifier.ledger.sending.attempts:Attempts.record_accepted", "after", 2),
    "before the notice is closed": Kill("notifier.ledger.notices:Notices.finish"),
}


@pytest.mark.parametrize("kill", BEFORE_ANYTHING_LEFT.values(), ids=BEFORE_ANYTHING_LEFT)
def test_killed_before_anything_left_the_next_run_writes_to_everybody_once(
    url: str, provider: SendGridProcess, kill: Kill
) -> None:
    assert in_child(lambda: send_once(url, lambda: sendgrid_at(provider.url)), kills=[kill]) == -signal.SIGKILL
    assert provider.counts()["accepted"] == 0

    assert in_child(lambda: send_once(url, lambda: sendgrid_at(provider.url), WAITING)) == 0

    _everybody_once(url, provider)


@pytest.mark.parametrize("kill", AFTER_INTENT.values(), ids=AFTER_INTENT)
def test_killed_while_sending_nobody_is_lost_and_nobody_twice_unless_marked(
    url: str, provider: SendGridProcess, kill: Kill
) -> None:
    assert in_child(lambda: send_once(url, lambda: sendgrid_at(provider.url)), kills=[kill]) == -signal.SIGKILL
    _the_truth(url, provider)

    assert in_child(lambda: send_once(url, lambda: sendgrid_at(provider.url), WAITING)) == 0
    assert max(_times(provider).values(), default=0) <= 1, "what is in doubt must not be sent again yet"
    _the_truth(url, provider)

    assert in_child(lambda: send_once(url, lambda: sendgrid_at(provider.url))) == 0
    assert in_child(lambda: send_once(url, lambda: sendgrid_at(provider.url))) == 0
    assert set(_times(provider)) == set(_standings(url))
    _the_truth(url, provider)


def test_killed_after_the_provider_took_it_and_before_the_answer(url: str, provider: SendGridProcess) -> None:
    provider.script(faults.NONE, faults.accept_and_hang(3))
    pid = os.fork()
    if pid == 0:
        send_once(url, lambda: sendgrid_at(provider.url))
        os._exit(0)
    _wait_until(lambda: provider.counts()["accepted"] >= 20)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

    send_once(url, lambda: sendgrid_at(provider.url), WAITING)

    assert max(_times(provider).values()) == 1
    with Ledger.open(url) as ledger:
        assert ledger.deliveries.counts(NOTICE).in_doubt >= 10
    _the_truth(url, provider)


@pytest.mark.parametrize(
    "kill",
    [
        Kill("notifier.ledger.sending.in_doubt:_cancel_leftovers"),
        Kill("notifier.ledger.sending.in_doubt:InDoubtBatches.mark_unfinished", "after"),
        Kill("notifier.ledger.sending.in_doubt:reopen"),
        Kill("notifier.ledger.sending.in_doubt:InDoubtBatches.resend", "after"),
    ],
    ids=["inside the sweep", "after the sweep", "inside the resend", "after the resend"],
)
def test_killed_while_settling_what_is_in_doubt(url: str, provider: SendGridProcess, kill: Kill) -> None:
    first = Kill("notifier.ledger.sending.attempts:Attempts.record_accepted", "before", 2)
    assert in_child(lambda: send_once(url, lambda: sendgrid_at(provider.url)), kills=[first]) == -signal.SIGKILL
    assert in_child(lambda: send_once(url, lambda: sendgrid_at(provider.url)), kills=[kill]) == -signal.SIGKILL
    _the_truth(url, provider)

    for _ in range(2):
        assert in_child(lambda: send_once(url, lambda: sendgrid_at(provider.url))) == 0

    assert set(_times(provider)) == set(_standings(url))
    _the_truth(url, provider)


@pytest.mark.parametrize("is_cancelled", [False, True], ids=["held", "cancelled"])
def test_killed_while_held_or_cancelled_the_counts_stay_exact(
    url: str, provider: SendGridProcess, is_cancelled: bool
) -> None:
    kill = Kill("notifier.ledger.sending.attempts:Attempts.record_accepted", "before", 3)
    assert in_child(lambda: send_once(url, lambda: sendgrid_at(provider.url)), kills=[kill]) == -signal.SIGKILL
    with Ledger.open(url) as ledger:
        (ledger.notices.cancel if is_cancelled else ledger.notices.hold)(NOTICE, "anna", NOON)
    before = provider.counts()["accepted"]

    assert in_child(lambda: send_once(url, lambda: sendgrid_at(provider.url))) == 0

    assert provider.counts()["accepted"] == before
    _the_truth(url, provider)


@pytest.mark.parametrize(
    ("kill", "is_kept"),
    [
        (Kill("notifier.ledger.delivery_events:_note_feed"), False),
        (Kill("notifier.ledger.delivery_events:Events.record", "after"), True),
    ],
    ids=["before the commit", "after the commit"],
)
def test_killed_while_taking_in_events_the_provider_posts_them_again(
    url: str, provider: SendGridProcess, kill: Kill, is_kept: bool
) -> None:
    send_once(url, lambda: sendgrid_at(provider.url))
    events = [
        DeliveryEvent(f"event-{n}", "delivered", datetime.now(UTC), DeliveryStatus.DELIVERED, key)
        for n, key in enumerate(_standings(url))
    ]

    def take_in() -> None:
        with Ledger.open(url) as ledger:
            ledger.events.record(events, datetime.now(UTC))

    assert in_child(take_in, kills=[kill]) == -signal.SIGKILL
    assert _delivered(url) == (COUNT if is_kept else 0)
    assert in_child(take_in) == 0
    assert _delivered(url) == COUNT


@pytest.mark.parametrize("nth", [1, 11, 20])
@pytest.mark.parametrize("step", ["notifier.mail.outbox:_write_through", "pathlib:Path.replace"])
def test_a_run_killed_while_writing_the_outbox_leaves_one_file_a_person(
    url: str, tmp_path: Path, step: str, nth: int
) -> None:
    def mailer() -> OutboxMailer:
        return OutboxMailer(tmp_path / "outbox", batch_size=10)

    assert in_child(lambda: send_once(url, mailer), kills=[Kill(step, "after", nth)]) == -signal.SIGKILL

    assert in_child(lambda: send_once(url, mailer)) == 0

    written = [path.stem for path in (tmp_path / "outbox").rglob("*.eml")]
    assert Counter(written) == Counter(list(_standings(url)))
    with Ledger.open(url) as ledger:
        counts = ledger.deliveries.counts(NOTICE)
        assert ledger.notices.get(NOTICE).state is NoticeState.FINISHED
    assert (counts.accepted, counts.possible_duplicates) == (COUNT, 0)


def test_a_power_cut_that_loses_the_last_writes_never_leaves_somebody_out(sqlite_url: str, tmp_path: Path) -> None:
    """The log of a WAL database cut off anywhere is an earlier state of the ledger, and a sound one."""
    with Ledger.open(sqlite_url) as ledger:
        announced(ledger, people(COUNT))
        ledger.notices.start(NOTICE, NOON)
        ledger.recipients.freeze(NOTICE, NOON, batch_size=10)
        for claim in ledger.batches.claim(NOTICE, NOON, mailer="memory", limit=3):
            ledger.attempts.record_accepted(claim, NOON)
        database, log = (tmp_path / "ledger.db").read_bytes(), (tmp_path / "ledger.db-wal").read_bytes()
    for cut in range(0, len(log) + 1, max(1, len(log) // 12)):
        (tmp_path / "torn.db").write_bytes(database)
        (tmp_path / "torn.db-wal").write_bytes(log[:cut])
        with Ledger.open(f"sqlite:///{tmp_path}/torn.db") as torn:
            assert torn.deliveries.check_counts() == ()
        for name in ("torn.db", "torn.db-wal", "torn.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)


def test_a_full_disk_stops_the_sender_before_it_sends(sqlite_url: str, provider: SendGridProcess) -> None:
    with Ledger.open(sqlite_url) as ledger:
        announced(ledger, people(2_000))

    def send_on_a_full_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        with pytest.raises(LedgerError):
            send_once(sqlite_url, lambda: sendgrid_at(provider.url))

    assert in_child(send_on_a_full_disk) == 0
    assert provider.counts()["requests"] == 0

    send_once(sqlite_url, lambda: sendgrid_at(provider.url, batch_size=1000))
    assert max(_times(provider).values()) == 1
    assert len(_times(provider)) == 2_000


def _standings(url: str) -> dict[str, Standing]:
    with Ledger.open(url) as ledger:
        return standings(ledger)


def _times(provider: SendGridProcess) -> Counter[str]:
    return Counter(taken.delivery_key for taken in provider.accepted())


def _the_truth(url: str, provider: SendGridProcess) -> None:
    """What the ledger says agrees with whom the provider truly wrote to."""
    times = _times(provider)
    for key, standing in _standings(url).items():
        if standing.status is DeliveryStatus.ACCEPTED:
            assert times[key] >= 1, f"{standing} was never written to"
        if standing.status in (DeliveryStatus.QUEUED, DeliveryStatus.CANCELLED) and not standing.is_possible_duplicate:
            assert times[key] == 0, f"{standing} was written to already"
        if times[key] > 1:
            assert standing.is_possible_duplicate, f"{standing} was written to {times[key]} times, unmarked"
    with Ledger.open(url) as ledger:
        assert ledger.deliveries.check_counts() == ()


def _everybody_once(url: str, provider: SendGridProcess) -> None:
    assert _times(provider) == Counter(list(_standings(url)))
    assert len(_standings(url)) == COUNT
    with Ledger.open(url) as ledger:
        assert ledger.deliveries.counts(NOTICE).possible_duplicates == 0


def _delivered(url: str) -> int:
    with Ledger.open(url) as ledger:
        return ledger.deliveries.counts(NOTICE).delivered


def _wait_until(is_so: object) -> None:
    assert callable(is_so)
    for _ in range(500):
        if is_so():
            return
        time.sleep(0.02)
    raise AssertionError("it never came to that")

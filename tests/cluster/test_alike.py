"""A worker that would send otherwise than the run that began a notice: it leaves that to the others, and says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from notifier.alarms import Alarm, AlarmCode
from notifier.errors import InDoubt
from notifier.ledger import Ledger
from notifier.ledger.cluster import jobs
from notifier.notice.delivery import NoticeState
from notifier.notice.sending_rules import SendingRules
from notifier.usecases.deliver import SystemEnvironment, deliver, send_along
from notifier.usecases.worker import Worker
from tests.cluster.processes import SHORT
from tests.mailers import MemoryMailer, accept_and_fail
from tests.scenes import NOTICE, announced, people

COUNT = 60


@pytest.fixture(autouse=True)
def _uncalled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests look themselves: a thread that jobs call would live on, and take the jobs of the tests after these."""
    monkeypatch.setattr(jobs, "engine_version", lambda: None)


def begun_by_a_run(ledger: Ledger, run: MemoryMailer) -> None:
    announced(ledger, people(COUNT))
    stopped = SystemEnvironment(now=ledger.now, should_stop=lambda: run.accepted.total() > 0)
    deliver(ledger, run, SHORT, stopped)
    assert 0 < run.accepted.total() < COUNT


@contextmanager
def ended() -> Iterator[threading.Event]:
    """What a worker of this process starts ends with the block, or it would do the jobs of later tests."""
    stopping = threading.Event()
    try:
        yield stopping
    finally:
        stopping.set()
        for one in threading.enumerate():
            if one.name == "jobs":
                one.join(10)
                assert not one.is_alive()


@pytest.mark.parametrize(
    ("mailer", "rules", "why"),
    [
        (MemoryMailer(batch_size=10, has_events=True, place="elsewhere"), SHORT, "memory:here where it began"),
        (MemoryMailer(batch_size=10), SHORT, "provider's events is False here"),
        (MemoryMailer(batch_size=10, has_events=True), SHORT._replace(sender="News <news@example.com>"), "mail.from"),
        (MemoryMailer(batch_size=10, has_events=True), SHORT._replace(max_bounce_rate=0.5), "0.5 here, and 1.0 where"),
        (MemoryMailer(batch_size=10, has_events=True), SHORT._replace(resends_in_doubt=False), "hold here, and resend"),
    ],
    ids=["transport", "no events", "sender", "bounce limit", "doubt"],
)
def test_a_worker_with_another_config_sends_nothing_and_says_in_what_it_differs(
    url: str, mailer: MemoryMailer, rules: SendingRules, why: str
) -> None:
    said: list[str] = []
    raised: list[tuple[Alarm, ...]] = []

    def tell(_action: str, text: str, /, **_: object) -> None:
        said.append(text)

    with Ledger.open(url) as ledger:
        begun_by_a_run(ledger, MemoryMailer(batch_size=10, connections=1, has_events=True))
        with ended() as stopping:
            worker = Worker(ledger, mailer, rules, stopping, tell, lambda alarms, _: raised.append(tuple(alarms)))
            worker.look()
            worker.look()

        assert mailer.accepted.total() == 0
        assert ledger.notices.get(NOTICE).state is NoticeState.SENDING
    assert [one.code for one in raised[0]] == [AlarmCode.SENDING_FAILED]
    assert why in raised[0][0].text
    assert [text for text in said if why in text] == [raised[0][0].text]


def test_it_sends_once_its_config_is_mended_without_being_started_again(url: str) -> None:
    raised: list[tuple[Alarm, ...]] = []
    run = MemoryMailer(batch_size=10, connections=1, has_events=True)
    with Ledger.open(url) as ledger, ended() as stopping:
        begun_by_a_run(ledger, run)
        renamed = SHORT._replace(sender="News <news@example.com>")
        worker = Worker(
            ledger, MemoryMailer(batch_size=10, has_events=True), renamed, stopping, lambda *_, **__: None,
            lambda alarms, _: raised.append(tuple(alarms)),
        )  # fmt: skip
        worker.look()
        ledger.canaries.mark_passed(NOTICE, ledger.now())

        mended = MemoryMailer(batch_size=10, has_events=True)
        worker.take_up(mended, SHORT)
        worker.look()  # without the rest after a pass that could send nothing

        assert mended.accepted.total() + run.accepted.total() == COUNT
    failed = [any(one.code is AlarmCode.SENDING_FAILED for one in alarms) for alarms in raised]
    assert failed == [True, False]


def test_it_does_not_decide_what_is_in_doubt_either(url: str) -> None:
    run = MemoryMailer(batch_size=10, connections=1, has_events=True)
    with Ledger.open(url) as ledger:
        begun_by_a_run(ledger, run)
        run.faults.append(accept_and_fail(InDoubt("no answer")))
        patient = SHORT._replace(resends_in_doubt=False)
        ledger.canaries.mark_passed(NOTICE, ledger.now())
        deliver(ledger, run, patient, SystemEnvironment(now=ledger.now))
        assert ledger.deliveries.counts(NOTICE).in_doubt == 10

        report = send_along(ledger, MemoryMailer(batch_size=10), SHORT, SystemEnvironment(now=ledger.now))

        assert [one.code for one in report.alarms] == [AlarmCode.SENDING_FAILED]
        assert ledger.deliveries.counts(NOTICE).in_doubt == 10
        assert ledger.deliveries.counts(NOTICE).possible_duplicates == 0


def test_once_a_run_sends_by_the_new_config_workers_with_the_old_one_stop_and_the_new_go_on(url: str) -> None:
    renamed = SHORT._replace(sender="Example Chat <privacy@example.com>")
    run, old, new = (MemoryMailer(batch_size=10, connections=1) for _ in range(3))
    with Ledger.open(url) as ledger:
        begun_by_a_run(ledger, run)
        sent = run.accepted.total()
        stopped = SystemEnvironment(now=ledger.now, should_stop=lambda: run.accepted.total() > sent)
        deliver(ledger, run, renamed, stopped)
        around = SystemEnvironment(now=ledger.now)

        assert send_along(ledger, old, SHORT, around).alarms[0].code is AlarmCode.SENDING_FAILED
        assert AlarmCode.SENDING_FAILED not in {one.code for one in send_along(ledger, new, renamed, around).alarms}

        assert old.accepted.total() == 0
        assert ledger.notices.get(NOTICE).state is NoticeState.FINISHED
        assert len(run.accepted + new.accepted) == COUNT

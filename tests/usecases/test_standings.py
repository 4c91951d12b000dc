"""What becomes of a change, told as stories: each ends in who was told of what, and who was not, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from notifier.ledger import Ledger
from notifier.notice.delivery import NoticeState
from notifier.policy.editor_word import EditorWord
from notifier.policy.waiting import WaitReason
from notifier.significance import Significance
from notifier.usecases.decide import decide
from notifier.usecases.status import Status, take_status
from tests.usecases.road import Road, adopted


@pytest.fixture
def ledger(sqlite_url: str) -> Iterator[Ledger]:
    with Ledger.open(sqlite_url) as ledger:
        yield ledger


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with adopted(tmp_path) as road:
        yield road


@pytest.fixture
def with_approval(tmp_path: Path) -> Iterator[Road]:
    with adopted(tmp_path, "manual") as road:
        yield road


def notices(road: Road) -> list[tuple[tuple[str, ...], NoticeState]]:
    return [(one.policies, one.state) for one in road.ledger.notices.all()]


def alarms(road: Road) -> str:
    status = road.ask(lambda one: take_status(one.records(), road.ledger))
    assert isinstance(status, Status)
    return "\n".join(map(str, status.alarms))


def letters(road: Road) -> str:
    return "\n".join(path.read_text() for path in road.root.glob(".notifier/outbox/*/*.eml"))


@pytest.mark.parametrize("step", ["stamped", "tagged", "posted"])
def test_a_kill_between_posting_and_withdrawal_tells_nobody_of_what_was_taken_back(
    with_approval: Road, step: str
) -> None:
    road = with_approval
    road.swap("longer")
    road.commit("significant")
    road.run()
    road.approve()
    road.swap("longer")
    road.commit("nothing")
    assert road.run(killed_at=step) is None

    road.go_on()  # as the schedule does before its next run
    assert not letters(road)
    road.compare()

    assert notices(road) == [(("privacy",), NoticeState.CANCELLED)]
    assert not letters(road)


def test_a_slip_in_english_hides_nothing_that_the_german_text_says_anew(road: Road) -> None:
    road.swap("typo")
    road.swap("longer in German")

    road.compare()

    assert notices(road) == [(("privacy",), NoticeState.FINISHED)]
    assert "60 Tage" in letters(road)


def test_a_close_call_waits_by_one_clock_whatever_is_committed_later(road: Road) -> None:
    road.swap("nobody can judge")
    road.commit("nothing")
    weighty = road.git("rev-parse", "HEAD")
    first = road.run()
    road.now += timedelta(hours=71)
    road.swap("typo")
    road.commit("nothing")

    second = road.run()
    assert first is not None
    assert second is not None
    [wait] = second.plan.waiting
    assert wait.until == first.plan.waiting[0].until
    assert wait.commits == (weighty,)
    assert weighty[:7] in alarms(road)
    road.now += timedelta(hours=1)
    road.compare()

    assert notices(road) == [(("privacy",), NoticeState.FINISHED)]


def test_a_word_on_the_policy_settles_all_that_waits_of_it(road: Road) -> None:
    road.swap("nobody can judge")
    road.commit("nothing")
    road.run()
    road.swap("typo")
    road.commit("nothing")

    road.ask(lambda one: decide(one.records(), "privacy", Significance.MINOR, "a joke of ours", by="Ann"))
    road.compare()

    assert notices(road) == []
    [posting] = [one for one in road.postings() if one.policy_id == "privacy" and not one.is_adoption]
    assert (posting.significance, posting.word) == (Significance.MINOR, "minor by Ann: a joke of ours")


def test_a_close_call_that_is_taken_back_is_no_alarm_any_more(road: Road) -> None:
    road.swap("nobody can judge")
    road.commit("nothing")
    road.run()
    assert "waits for an editor's word" in alarms(road)
    road.swap("nobody can judge")
    road.commit("nothing")

    road.compare()

    assert alarms(road) == ""


def test_a_new_policy_is_told_of_though_a_slip_is_mended_while_its_notice_waits(with_approval: Road) -> None:
    road = with_approval
    road.newcomer("cookies.md")
    road.compare()
    text = (road.root / "policies" / "cookies.md").read_text()
    road.write("cookies.md", text.replace("one cookie", "one Cookie"))
    road.now += timedelta(days=1)

    road.compare()
    road.approve()
    road.run()

    assert notices(road) == [(("cookies",), NoticeState.CANCELLED), (("cookies",), NoticeState.FINISHED)]


def test_a_run_killed_before_its_tag_keeps_the_word_that_decided(road: Road) -> None:
    road.swap("longer")
    road.commit("minor, agreed")
    road.ask(lambda one: decide(one.records(), "privacy", Significance.MINOR, "a slip", by="Ann"))
    road.run(killed_at="stamped")

    road.run()

    [posting] = [one for one in road.postings() if not one.is_adoption]
    assert posting.word == "minor by Ann: a slip"
    assert posting.compared_with == "posted/privacy/2026-03-03"


def test_a_plan_that_never_reached_git_is_made_anew_on_the_day_it_is_made_true(road: Road) -> None:
    road.swap("longer")
    road.commit("significant")
    road.run(killed_at="posting planned")
    road.now += timedelta(days=3)

    road.compare()

    [posting] = [one for one in road.postings() if not one.is_adoption]
    assert posting.posted_on == road.now.date()


@pytest.mark.processes
def test_a_first_run_that_was_killed_among_its_adoptions_is_still_the_first(ledger: Ledger, tmp_path: Path) -> None:
    road = Road(tmp_path / "chat", ledger, "auto")
    road.set_up(is_adopted=False)
    road.run(killed_at="posted")

    report = road.run()

    assert report is not None
    assert not report.needs_a_person
    assert {posting.policy_id for posting in road.postings()} == {"privacy", "terms"}


def test_nobody_is_not_everybody(road: Road) -> None:
    for person in list(road.ledger.roster.customers()):
        road.ledger.roster.forget(person.customer_id, road.now)
    road.swap("longer")
    road.commit("significant")

    report = road.run()

    assert report is not None
    assert report.needs_a_person
    assert notices(road) == [(("privacy",), NoticeState.NO_AUDIENCE)]
    assert "nobody on the roster" in alarms(road)


def test_a_posted_date_never_goes_down(road: Road) -> None:
    road.swap("typo")
    road.commit("nothing")
    road.run()
    road.now -= timedelta(days=2)
    road.run()
    assert "set the clock" in alarms(road), "also before anything is to be posted"
    road.swap("longer")
    road.commit("significant")

    report = road.run()

    assert report is not None
    assert report.posted == ()
    assert [wait.reason for wait in report.plan.waiting] == [WaitReason.CLOCK]
    assert "set the clock" in alarms(road)
    road.now += timedelta(days=3)
    road.compare()
    assert notices(road) == [(("privacy",), NoticeState.FINISHED)]


def test_a_renamed_policy_takes_its_waiting_notice_along(with_approval: Road) -> None:
    road = with_approval
    road.swap("longer")
    road.commit("significant")
    road.run()
    road.git("mv", "policies/privacy.md", "policies/data.md")
    road.git("mv", "policies/privacy.de.md", "policies/data.de.md")
    road.commit("nothing")
    text = (road.root / "policies" / "data.md").read_text()
    road.write("data.md", text.replace("60 days", "30 days"))

    road.compare()

    assert notices(road) == [(("privacy",), NoticeState.CANCELLED)]


def test_what_is_posted_and_not_announced_is_told_together_with_what_comes_next(road: Road) -> None:
    road.swap("longer")
    road.commit("significant")
    road.run(killed_at="posted")
    assert "not announced yet" in alarms(road)
    road.swap("more sharing")
    road.commit("significant")

    road.compare()

    assert notices(road) == [(("privacy",), NoticeState.FINISHED)]
    assert "with advertisers" in letters(road)
    assert "60 days" in letters(road)


def test_the_word_on_what_was_taken_back_is_worth_nothing(road: Road) -> None:
    road.swap("longer")
    road.commit("significant")
    road.swap("longer")
    road.swap("typo")
    road.commit("nothing")

    report = road.run()

    assert report is not None
    [standing] = [one for one in report.plan.standings if one.verdict]
    assert standing.verdict is not None
    assert standing.verdict.word == EditorWord(Significance.SIGNIFICANT, standing.verdict.word.commit_id, "Erin")


def test_a_notice_made_while_no_approval_was_asked_for_waits_once_it_is(road: Road) -> None:
    config = road.root / "config.toml"
    asking = config.read_text().replace('approval = "auto"', 'approval = "manual"')
    config.write_text(config.read_text().replace("[notice]\n", "[notice]\nhold_hours = 5\n"))
    road.swap("longer")
    road.commit("significant")
    road.run()
    config.write_text(asking)
    road.now += timedelta(hours=6)

    road.go_on()
    assert notices(road) == [(("privacy",), NoticeState.SCHEDULED)]
    assert "waits for approval" in alarms(road)
    [notice] = road.ledger.notices.all()
    road.ledger.notices.approve(notice.notice_id, "Ann", road.now)
    road.go_on()

    assert notices(road) == [(("privacy",), NoticeState.FINISHED)]


def test_a_policy_that_cannot_be_read_waits_alone(road: Road) -> None:
    road.write("terms.md", "---\naudience: [unclosed\n---\n\n# Terms\n\nYou may use it.\n")
    road.swap("longer")
    road.commit("significant")

    report = road.run()

    assert report is not None
    assert [(wait.policy_id, wait.reason) for wait in report.plan.waiting] == [("terms", WaitReason.TEXT)]
    assert "policies/terms.md:" in alarms(road)
    assert notices(road) == [(("privacy",), NoticeState.FINISHED)]


def test_a_policy_that_appears_later_waits_until_it_says_whether_customers_are_told(road: Road) -> None:
    road.write("cookies.md", "# Cookies\n\nWe set one cookie.\n")
    road.commit("nothing")
    first = road.run()
    road.newcomer("cookies.md")
    road.compare()

    assert first is not None
    assert first.posted == ()
    assert [(wait.policy_id, wait.reason) for wait in first.plan.waiting] == [("cookies", WaitReason.ANNOUNCE)]
    assert notices(road) == [(("cookies",), NoticeState.FINISHED)]


def test_a_date_that_cannot_be_set_stops_its_policy_alone(road: Road) -> None:
    road.write("terms.md", "# Terms\n\nLast updated: 03/04/2026\n\nYou may use it if you are 21.\n")
    road.swap("longer")
    road.commit("significant")

    report = road.run()

    assert report is not None
    assert [(wait.policy_id, wait.reason) for wait in report.plan.waiting] == [("terms", WaitReason.TEXT)]
    assert notices(road) == [(("privacy",), NoticeState.FINISHED)]

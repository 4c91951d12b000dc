"""What cannot be posted, or cannot be told, waits alone: the rest goes out, and the next run takes it up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from notifier.notice.delivery import NoticeState
from notifier.usecases.status import Status, take_status
from tests.usecases.road import Road, adopted


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with adopted(tmp_path) as road:
        yield road


def test_a_policy_that_git_does_not_take_waits_alone_and_is_told_with_the_next_run(road: Road) -> None:
    road.swap("typo")
    road.swap("older")
    road.commit("nothing")
    road.git("sparse-checkout", "set", "--no-cone", "/*", "!/policies/terms.md")

    report = road.run()

    assert report is not None
    assert [posting.policy_id for posting in report.posted] == ["privacy"]
    assert any("terms is not posted" in alarm.text for alarm in report.alarms)
    assert report.needs_a_person
    assert road.ledger.notices.all() == ()
    road.git("sparse-checkout", "disable")
    assert road.run() is not None
    assert [one.state for one in road.ledger.notices.all()] == [NoticeState.FINISHED]
    road.nobody_is_forgotten()


def test_where_the_config_says_what_no_letter_may_only_what_must_be_told_waits(road: Road) -> None:
    config = road.root / "config.toml"
    config.write_text(config.read_text().replace("[notice]", '[notice]\naction = "Go to www.elsewhere.example"'))
    road.swap("longer")
    road.commit("significant")
    road.newcomer("imprint.md")  # of which nobody is told
    road.commit("nothing")

    report = road.run()

    assert report is not None
    assert [posting.policy_id for posting in report.posted] == ["imprint"]
    assert any("privacy is not posted: config.toml: notice.action" in alarm.text for alarm in report.alarms)
    assert report.needs_a_person


def test_what_a_killed_run_posted_is_called_untold_whatever_was_written_since(road: Road) -> None:
    road.swap("longer")
    road.commit("significant")
    road.run(killed_at="posted")
    for edit in ("typo", "longer"):  # another revision on top, then the change itself taken back
        road.swap(edit)
        road.commit("nothing")

        status = road.ask(lambda one: take_status(one.records(), road.ledger))

        assert isinstance(status, Status)
        assert any("not announced yet" in alarm.text for alarm in status.alarms)
    assert road.run() is not None
    road.nobody_is_forgotten()


def test_a_letter_that_cannot_be_made_stops_no_notice_that_is_due(road: Road) -> None:
    config = road.root / "config.toml"
    config.write_text(config.read_text().replace('approval = "auto"', 'approval = "auto"\nhold_hours = 1'))
    road.swap("longer")
    road.commit("significant")
    road.run()
    road.now += timedelta(hours=2)
    road.swap("older")
    road.commit("significant")
    words = road.root / "templates" / "notice" / "words"
    words.mkdir(parents=True)
    (words / "en.toml").write_text("{% if %}")

    road.run()

    assert [one.state for one in road.ledger.notices.all()] == [NoticeState.FINISHED]
    status = road.ask(lambda one: take_status(one.records(), road.ledger))
    assert isinstance(status, Status)
    assert any("no letter" in alarm.text and "en.toml:1:" in alarm.text for alarm in status.alarms)

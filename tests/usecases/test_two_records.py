"""Git says what was posted, the ledger who was told: where they differ, nothing is posted until a person has looked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from notifier.notice.delivery import NoticeState
from notifier.usecases.recover import Recovered, Told, recover
from notifier.usecases.status import Status, take_status
from tests.databases import empty_tables
from tests.usecases.road import PEOPLE, Road, adopted

ADOPTED = "posted/privacy/2026-03-03"
POSTED = "posted/privacy/2026-11-02"


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    """Privacy was posted as significant, and everybody was told; then it was changed again."""
    with adopted(tmp_path) as road:
        road.swap("longer")
        road.commit("significant")
        road.run()
        road.swap("more sharing")
        road.commit("significant")
        yield road


def alarms(road: Road) -> str:
    status = road.ask(lambda one: take_status(one.records(), road.ledger))
    assert isinstance(status, Status)
    return "\n".join(map(str, status.alarms))


def recovered(road: Road, answers: dict[str, Told] | None = None) -> Recovered:
    done = road.ask(lambda one: recover(one.records(), road.ledger, answers or {}, by="Ann"))
    assert isinstance(done, Recovered)
    return done


def stops(road: Road) -> None:
    """Nothing is posted, nobody is told, and a person is called."""
    before = road.git("tag", "--list"), road.git("rev-parse", "HEAD"), len(road.ledger.notices.all())
    report = road.run()
    assert report is not None
    assert report.needs_a_person
    assert report.posted == ()
    assert report.plan.differences
    assert before == (road.git("tag", "--list"), road.git("rev-parse", "HEAD"), len(road.ledger.notices.all()))


def test_a_tag_that_was_moved_stops_posting_and_the_alarm_names_both_sides(road: Road) -> None:
    stamp = road.git("rev-parse", f"{POSTED}^{{commit}}")
    message = road.git("tag", "--list", "--format=%(contents)", POSTED)
    road.git("tag", "--annotate", "--force", "-m", message, POSTED, "HEAD")

    stops(road)

    assert f"on {road.git('rev-parse', '--short=7', 'HEAD')}, in the ledger on {stamp[:7]}" in alarms(road)
    done = recovered(road)
    assert done.differences == ()
    assert list(done.tags) == [POSTED]
    assert road.git("rev-parse", f"{POSTED}^{{commit}}") == stamp
    road.compare()


def test_a_tag_that_was_deleted_is_made_anew_from_its_stamp(road: Road) -> None:
    kept = _said_and_place(road)
    road.git("tag", "--delete", POSTED)
    road.git("tag", "--delete", ADOPTED)
    stops(road)

    done = recovered(road)

    assert set(done.tags) == {ADOPTED, POSTED}
    assert done.differences == ()
    assert _said_and_place(road) == kept
    road.compare()


def test_a_tag_that_another_hand_made_anew_with_the_same_words_is_seen_and_put_back(road: Road) -> None:
    said, stamp = _said_and_place(road)
    whole = road.git("tag", "--list", "--format=%(contents)", POSTED)
    road.git("tag", "--annotate", "--force", "-m", whole, POSTED, stamp)
    assert _said_and_place(road) == (said, stamp)
    stops(road)
    assert f"{POSTED}: in git it is object" in alarms(road)
    assert "another hand made the tag anew" in alarms(road)

    assert recovered(road).differences == ()
    road.compare()


def test_a_tag_of_what_was_told_that_another_hand_made_anew_stops_posting(road: Road) -> None:
    [told] = road.git("tag", "--list", "told/*/ended").split()
    said = road.git("tag", "--list", "--format=%(contents)", told).replace("accepted ", "accepted 9")
    road.git("tag", "--annotate", "--force", "-m", said, told, f"{told}^{{commit}}")
    stops(road)
    assert f"after: git tag -d {told}" in alarms(road)

    road.git("tag", "--delete", told)
    road.compare()


def _said_and_place(road: Road) -> tuple[str, str]:
    """What the tag tells, but for how far the journal went, and where it stands."""
    said, _, head = road.git("tag", "--list", "--format=%(contents)", POSTED).partition("Notifier-Journal: ")
    assert head.split(" ")[0].isdigit()
    return said, road.git("rev-parse", f"{POSTED}^{{commit}}")


@pytest.mark.parametrize(("answer", "letters"), [(Told.TOLD, 1), (Told.NOT_TOLD, 1), (Told.TELL_NOW, 1)])
def test_a_ledger_that_was_lost_is_rebuilt_and_who_was_told_is_asked(road: Road, answer: Told, letters: int) -> None:
    empty_tables(road.ledger)
    road.git("tag", "--delete", *road.git("tag", "--list", "told/*").split())  # as an earlier Notifier left git
    road.ledger.roster.import_customers(PEOPLE)
    stops(road)
    assert "the ledger has none" in alarms(road)
    asked = recovered(road)
    assert [posting.tag for posting in asked.questions] == [POSTED]
    assert asked.differences

    done = recovered(road, {POSTED: answer})
    road.compare()

    assert done.differences == ()
    sent = [one for one in road.ledger.notices.all(NoticeState.FINISHED) if not one.notice_id.startswith("recovered")]
    assert len(sent) == letters
    compared = {posting.tag: posting.compared_with for posting in road.postings()}
    assert compared[f"{POSTED}.2"] == (POSTED if answer is Told.TOLD else ADOPTED)


def test_a_tag_that_nobody_here_made_is_not_believed(road: Road) -> None:
    message = road.git("tag", "--list", "--format=%(contents)", POSTED).replace("2026-11-02", "2026-11-09")
    road.git("tag", "--annotate", "-m", message, "posted/privacy/2026-11-09", "HEAD")

    stops(road)

    assert "the ledger does not know it" in alarms(road)
    assert recovered(road).postings == ()

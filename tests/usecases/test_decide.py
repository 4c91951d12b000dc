"""`decide`: whose word is kept on what, and what is said where no word is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from notifier.errors import Refused
from notifier.significance import Significance
from notifier.usecases.decide import Decided, decide
from tests.usecases.road import Road, adopted

MINOR, SIGNIFICANT = Significance.MINOR, Significance.SIGNIFICANT


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with adopted(tmp_path) as road:
        yield road


def say(road: Road, name: str, word: Significance, by: str | None = "Ann", *, again: bool = False) -> Decided:
    said = road.ask(lambda one: decide(one.records(), name, word, "so it is", by=by, again=again))
    assert isinstance(said, Decided)
    return said


def landed(road: Road, edit: str) -> str:
    road.swap(edit)
    road.commit("nothing")
    return road.git("rev-parse", "HEAD")


def close_call(road: Road) -> str:
    return landed(road, "nobody can judge")


def commit_as(road: Road, name: str, address: str) -> None:
    who = ("-c", f"user.name={name}", "-c", f"user.email={address}")
    road.git(*who, "commit", "-q", "--allow-empty", "--author", f"{name} <{address}>", "-m", "Something else")


def test_a_second_word_is_kept_only_where_it_is_asked_for(road: Road) -> None:
    commit_id = close_call(road)
    say(road, "privacy", MINOR)

    with pytest.raises(Refused, match=r"called minor by Ann on 2026-11-02: so it is; add --again"):
        say(road, "privacy", SIGNIFICANT, "Ben")
    with pytest.raises(Refused, match="add --again"):
        say(road, commit_id, SIGNIFICANT, "Ben")
    say(road, "privacy", SIGNIFICANT, "Ben", again=True)
    road.run()

    assert [one.word for one in road.postings() if one.word] == ["significant by Ben: so it is"]


def test_a_word_on_one_policy_says_nothing_of_another_that_the_same_commit_changed(road: Road) -> None:
    """An editor waves a synonym in the privacy policy through; the age in the terms went up with it."""
    road.swap("older")
    commit_id = close_call(road)

    with pytest.raises(Refused, match=r"HEAD changes privacy and terms: .* notifier decide privacy minor; notifier"):
        say(road, "HEAD", MINOR)
    assert say(road, "privacy", MINOR).policies == ("privacy",)
    road.run()

    assert {one.policy_id: one.significance for one in road.postings() if not one.is_adoption} == {
        "privacy": MINOR,
        "terms": SIGNIFICANT,
    }
    assert [one.policies for one in road.ledger.notices.all()] == [("terms",)]
    assert [one.word for one in road.postings() if one.commit_id == commit_id] == ["minor by Ann: so it is", ""]


def test_a_word_on_one_policy_says_nothing_of_another_that_came_or_went_with_it(road: Road) -> None:
    for name in ("cookies", "dpa"):
        road.write(f"{name}.md", f"# Our {name}\n\nWe set one cookie.\n")
    road.git("rm", "-q", "policies/terms.md")
    close_call(road)

    say(road, "privacy", MINOR)
    report = road.run()

    assert report is not None
    assert [one.policy_id for one in report.plan.waiting] == ["cookies", "dpa", "terms"]


def test_of_what_is_out_already_it_says_when_and_as_what(road: Road) -> None:
    commit_id = landed(road, "longer")
    landed(road, "more sharing")
    road.run()

    for name in (commit_id, commit_id[:9]):
        with pytest.raises(Refused, match=rf"{name} was posted already: privacy 2026-11-02 as significant;"):
            say(road, name, MINOR)
    with pytest.raises(Refused, match="HEAD was posted already: privacy 2026-11-02 as significant"):
        say(road, "HEAD", MINOR)
    with pytest.raises(Refused, match=r"privacy: it reads as posted.* last posted 2026-11-02 as significant;"):
        say(road, "privacy", MINOR)
    with pytest.raises(Refused, match=r"terms: .* last posted 2026-03-03, the first text on record"):
        say(road, "terms", MINOR)


def test_where_several_people_commit_the_author_alone_cannot_call_it_minor(road: Road) -> None:
    commit_id = close_call(road)
    commit_as(road, "Ben", "ben@chat.example")

    with pytest.raises(Refused, match=r"was made by Erin, who cannot call it minor alone"):
        say(road, commit_id, MINOR, "Erin")
    assert say(road, commit_id, SIGNIFICANT, "Erin").by == "Erin"
    assert say(road, commit_id, MINOR, "Ben", again=True).by == "Ben"


def test_who_removed_a_policy_alone_cannot_say_that_nobody_need_hear_of_it(road: Road) -> None:
    road.git("rm", "-q", "policies/terms.md")
    road.git("commit", "-q", "-m", "Drop the terms")
    commit_as(road, "Ben", "ben@chat.example")

    with pytest.raises(Refused, match=r"was made by Erin, who cannot call it minor alone"):
        say(road, "terms", MINOR, "Erin")
    assert say(road, "terms", MINOR, "Ben").policies == ("terms",)


def test_who_works_here_is_known_by_address_as_well(road: Road) -> None:
    close_call(road)
    commit_as(road, "Ben", "ben@chat.example")
    road.git("config", "user.name", "E. Editor")
    road.git("config", "user.email", "Erin+work@chat.example")

    with pytest.raises(Refused, match="cannot call it minor alone"):
        say(road, "privacy", MINOR, None)


def test_who_edits_alone_decides_alone_and_notifiers_own_commits_make_no_second_editor(road: Road) -> None:
    landed(road, "longer")
    road.run()
    close_call(road)

    assert say(road, "privacy", MINOR, "Erin").policies == ("privacy",)


def test_the_second_person_can_be_waived_in_the_config(road: Road) -> None:
    config = road.root / "config.toml"
    config.write_text(config.read_text() + "[judgement]\nsecond_person = false\n")
    close_call(road)
    commit_as(road, "Ben", "ben@chat.example")

    assert say(road, "privacy", MINOR, "Erin").by == "Erin"


def approved_by(road: Road, *people: str) -> None:
    config = road.root / "config.toml"
    listed = ", ".join(f'"{person}"' for person in people)
    config.write_text(config.read_text() + f"[judgement]\napprovers = [{listed}]\n")


def test_where_the_config_names_approvers_only_they_decide_for_minor(road: Road) -> None:
    approved_by(road, "Lena Legal <lena@chat.example>")
    close_call(road)

    with pytest.raises(Refused, match=r"Ann may not call a change minor; judgement.approvers names Lena Legal"):
        say(road, "privacy", MINOR, "Ann")
    with pytest.raises(Refused, match="may not call a change minor"):
        say(road, "privacy", MINOR, None)
    assert say(road, "privacy", SIGNIFICANT, "Ann").by == "Ann"
    for name in ("lena legal", "LENA@chat.example", "Somebody <lena@chat.example>"):
        assert say(road, "privacy", MINOR, name, again=True).by == "Lena Legal"


def test_an_approver_is_known_by_the_address_that_git_has_here(road: Road) -> None:
    approved_by(road, "Lena Legal <lena@chat.example>")
    close_call(road)
    road.git("config", "user.email", "lena@chat.example")

    assert say(road, "privacy", MINOR, None).by == "Lena Legal"


def test_who_decides_is_who_git_would_name_as_author(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    close_call(road)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ben")

    assert say(road, "privacy", MINOR, None).by == "Ben"


def test_a_claim_waits_for_a_decision_and_goes_out_as_significant_without_one(road: Road) -> None:
    """Silence never hides a change, and a claim delays it by no more than a close call waits."""
    road.swap("longer")
    road.commit("minor, agreed")
    first = road.run()
    road.now += timedelta(hours=73)
    second = road.run()

    assert first is not None
    assert second is not None
    assert first.posted == ()
    assert first.needs_a_person
    assert "an editor's word does not count by itself" in first.plan.waiting[0].why
    assert [one.significance for one in second.posted] == [SIGNIFICANT]


def test_a_decision_settles_a_claim(road: Road) -> None:
    road.swap("longer")
    road.commit("minor, agreed")
    road.run()
    say(road, "privacy", MINOR)

    report = road.run()

    assert report is not None
    assert [one.word for one in report.posted] == ["minor by Ann: so it is"]
    assert not report.plan.ignored


def test_a_word_that_nobody_understands_holds_even_a_typo_and_counts_as_significant(road: Road) -> None:
    road.swap("typo")
    road.commit("odd")
    first = road.run()
    road.now += timedelta(hours=73)
    second = road.run()

    assert first is not None
    assert second is not None
    assert first.posted == ()
    assert '"Significance: large" is neither minor nor significant' in str(first.plan.ignored[0])
    assert [one.significance for one in second.posted] == [SIGNIFICANT]

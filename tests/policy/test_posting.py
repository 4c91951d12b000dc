"""When a posting is dated, when it binds, and how git keeps it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from notifier.errors import PolicyError
from notifier.policy.editor_word import EditorWord
from notifier.policy.posting import adopt, next_tag, post, posting_trailers, read_posting, stamped_texts
from notifier.policy.revision import Commit, FrontMatter, PolicyText, Revision
from notifier.policy.trailers import folded, read_trailers
from notifier.significance import Certainty, Classification, Significance

SIGNIFICANT = Classification(Significance.SIGNIFICANT, Certainty.CLEAR, ())
MINOR = Classification(Significance.MINOR, Certainty.CLEAR, ())
ON = date(2026, 3, 1)
TODAY = date(2026, 6, 1)


def revision(text: str = "# Privacy\n", front_matter: FrontMatter | None = None) -> Revision:
    commit = Commit("c" * 40, datetime(2026, 2, 28, 23, 30, tzinfo=UTC), "Ana", "a@x.example", "a@x.example", "s", "")
    policy = PolicyText("policies/privacy.md", "en", "b" * 40, text, front_matter or FrontMatter(), "Privacy")
    return Revision("privacy", "en", commit, {"en": policy})


def test_a_significant_change_takes_effect_only_after_its_notice_period() -> None:
    posting = post(revision(), SIGNIFICANT, posted_on=ON, notice_days=30, tag="t")

    assert (posting.posted_on, posting.effective_on) == (ON, date(2026, 3, 31))


def test_a_later_effective_date_of_the_policy_counts_and_a_sooner_one_does_not() -> None:
    later = revision(front_matter=FrontMatter(effective=date(2026, 6, 1)))
    sooner = revision(front_matter=FrontMatter(effective=date(2026, 3, 10)))

    assert post(later, SIGNIFICANT, posted_on=ON, notice_days=30, tag="t").effective_on == date(2026, 6, 1)
    assert post(sooner, SIGNIFICANT, posted_on=ON, notice_days=30, tag="t").effective_on == date(2026, 3, 31)


def test_a_minor_change_binds_at_once() -> None:
    assert post(revision(), MINOR, posted_on=ON, notice_days=30, tag="t").effective_on == ON


def test_a_spelling_fix_does_not_make_a_waiting_text_bind_sooner() -> None:
    posting = post(revision(), MINOR, posted_on=ON, notice_days=30, tag="t", not_before=date(2026, 3, 20))

    assert posting.effective_on == date(2026, 3, 20)


def test_an_editors_word_counts_before_the_verdict_and_is_kept() -> None:
    word = EditorWord(Significance.MINOR, "c" * 40, "Ana", "only spelling", "Ben")

    posting = post(revision(), SIGNIFICANT, posted_on=ON, notice_days=30, tag="t", word=word)

    assert posting.significance is Significance.MINOR
    assert posting.word == "minor by Ana, approved by Ben: only spelling"


def test_a_word_that_does_not_count_leaves_the_verdict() -> None:
    posting = post(revision(), SIGNIFICANT, posted_on=ON, notice_days=30, tag="t", word=EditorWord())

    assert (posting.significance, posting.word) == (Significance.SIGNIFICANT, "")


def test_what_stands_there_is_adopted_with_the_date_it_bears() -> None:
    posting = adopt(revision("# Privacy\n\nUpdated May 1, 2014.\n"), timezone=UTC, today=TODAY, taken=())

    assert (posting.posted_on, posting.effective_on) == (date(2014, 5, 1), date(2014, 5, 1))
    assert (posting.tag, posting.is_adoption) == ("posted/privacy/2014-05-01", True)


def test_without_a_date_it_is_adopted_on_the_day_it_landed_where_the_company_is() -> None:
    assert adopt(revision(), timezone=UTC, today=TODAY, taken=()).posted_on == date(2026, 2, 28)
    assert adopt(revision(), timezone=ZoneInfo("Europe/Berlin"), today=TODAY, taken=()).posted_on == date(2026, 3, 1)


def test_a_commit_from_the_future_is_adopted_today() -> None:
    assert adopt(revision(), timezone=UTC, today=date(2025, 1, 1), taken=()).posted_on == date(2025, 1, 1)


def test_a_date_still_ahead_is_when_an_adopted_text_binds() -> None:
    posting = adopt(revision("# Privacy\n\nEffective April 1, 2026\n"), timezone=UTC, today=TODAY, taken=())

    assert (posting.posted_on, posting.effective_on) == (date(2026, 2, 28), date(2026, 4, 1))


def test_a_placeholder_is_not_adopted() -> None:
    with pytest.raises(PolicyError, match=r"policies/privacy\.md:3: .*placeholder"):
        adopt(revision("# Privacy\n\nUpdated [DATE].\n"), timezone=UTC, today=TODAY, taken=())


def test_a_second_posting_of_a_day_gets_its_own_tag() -> None:
    first = next_tag("privacy", ON, set())
    second = next_tag("privacy", ON, {first})

    assert (first, second) == ("posted/privacy/2026-03-01", "posted/privacy/2026-03-01.2")
    assert next_tag("privacy", ON, {first, second}) == "posted/privacy/2026-03-01.3"


def test_a_posting_is_read_back_from_the_trailers_of_its_tag() -> None:
    made = post(revision(), SIGNIFICANT, posted_on=ON, notice_days=30, tag="posted/privacy/2026-03-01")
    posting = made._replace(
        summary="We share more:\n\nNotifier-Significance: minor", word="minor by X\nNotifier-Adopted: true"
    )

    read = read_posting("privacy", read_trailers("\n".join(["Post privacy", "", *folded(posting_trailers(posting))])))

    assert read is not None
    assert read.significance is Significance.SIGNIFICANT
    assert not read.is_adoption
    assert read._replace(summary=None, word="") == posting._replace(summary=None, word="")
    assert read.summary == "We share more: Notifier-Significance: minor"


def test_somebody_elses_tag_is_no_posting() -> None:
    assert read_posting("privacy", [("Notifier-Posting", "posted/privacy/2026-03-01")]) is None


def test_a_line_of_updates_bears_the_day_of_posting_and_one_of_effect_the_day_it_binds() -> None:
    written = revision("# Privacy\n\nLast updated: May 1, 2024\nEffective date: May 1, 2024\n\nWords.\n")
    posting = post(written, SIGNIFICANT, posted_on=ON, notice_days=30, tag="t")

    [text] = stamped_texts(written, posting, stamps_minor=True, before=None).values()

    assert "Last updated: March 1, 2026\nEffective date: March 31, 2026\n" in text


def test_a_minor_posting_that_gets_no_date_keeps_the_one_posted_last_whatever_an_editor_wrote() -> None:
    before = revision("# Privacy\n\nLast updated: May 1, 2024\n\nWords.\n")
    written = revision("# Privacy\n\nLast updated: June 9, 2029\n\nWords!\n")
    posting = post(written, MINOR, posted_on=ON, notice_days=30, tag="t")

    [text] = stamped_texts(written, posting, stamps_minor=False, before=before).values()

    assert text == "# Privacy\n\nLast updated: May 1, 2024\n\nWords!\n"

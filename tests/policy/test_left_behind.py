"""A translation follows only where it changed as the controlling text did; a slip mended in it hides nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from notifier.policy.revision import Commit, PolicyText, Revision
from notifier.policy.translations.left_behind import first_lacked, lagging
from notifier.text.front_matter import FrontMatter

ENGLISH = "# Privacy\n\nWe collect your name.\n\nWe keep it for 30 days.\n\nWe never sell it.\n\nWrite to us.\n"
GERMAN = (
    "# Datenschutz\n\nWir erheben Ihren Namen.\n\nWir speichern ihn 30 Tage.\n\n"
    "Wir verkaufen ihn nie.\n\nSchreiben Sie uns.\n"
)
SOLD = ENGLISH.replace("never sell it", "sell it to advertisers")
VERKAUFT = GERMAN.replace("verkaufen ihn nie", "verkaufen ihn an Werber")
SLIP = GERMAN.replace("Schreiben Sie uns.", "Schreiben Sie uns!")
LONGER = GERMAN.replace("30 Tage", "90 Tage")


def revision(english: str, german: str) -> Revision:
    commit = Commit("c" * 40, datetime(2026, 2, 28, tzinfo=UTC), "Ana", "a@x.example", "a@x.example", "s", "")
    texts = {
        language: PolicyText(f"privacy.{language}.md", language, str(hash(text)), text, FrontMatter(), "Privacy")
        for language, text in (("en", english), ("de", german))
    }
    return Revision("privacy", "en", commit, texts)


FIRST = revision(ENGLISH, GERMAN)


@pytest.mark.parametrize(
    ("german", "follows"),
    [(GERMAN, False), (SLIP, False), (LONGER, False), (VERKAUFT, True)],
    ids=["untouched", "a slip mended", "another rule changed", "the same sentence changed"],
)
def test_a_sentence_turned_round_in_english_is_followed_only_by_that_sentence_in_german(
    german: str, follows: bool
) -> None:
    head = revision(SOLD, german)

    assert lagging(FIRST, head) == (() if follows else ("de",))
    assert first_lacked([FIRST, head], "de") == (None if follows else 1)


def test_a_slip_mended_later_does_not_make_the_translation_a_new_one() -> None:
    behind = revision(SOLD, GERMAN)

    assert first_lacked([FIRST, behind, revision(SOLD, SLIP)], "de") == 1
    assert first_lacked([FIRST, behind, revision(SOLD, VERKAUFT)], "de") is None
    assert first_lacked([FIRST, behind, revision(ENGLISH, GERMAN)], "de") is None


def test_a_change_that_is_translated_hides_none_that_is_not() -> None:
    behind, later = revision(SOLD, GERMAN), SOLD.replace("30 days", "90 days")

    assert first_lacked([FIRST, behind, revision(later, LONGER)], "de") == 1
    both = LONGER.replace("verkaufen ihn nie", "verkaufen ihn an Werber")
    assert first_lacked([FIRST, behind, revision(later, both)], "de") is None
    assert first_lacked([FIRST, behind, revision(later, LONGER), revision(later, both)], "de") is None
    longer_still = later.replace("90 days", "2 years")
    turned = VERKAUFT.replace("Ihren Namen", "Ihren Namen und Ihr Alter")
    aged = longer_still.replace("your name", "your name and your age")
    steps = [FIRST, behind, revision(later, GERMAN), revision(longer_still, GERMAN), revision(aged, turned)]
    assert first_lacked(steps, "de") == 2, "it has the first change by now, and lacks the second"


def test_texts_built_of_other_blocks_follow_by_a_change_of_weight() -> None:
    short = GERMAN.replace("\n\nWir verkaufen", " Wir verkaufen")
    first, sold = (
        revision(ENGLISH, short),
        revision(SOLD, short.replace("verkaufen ihn nie", "verkaufen ihn an Werber")),
    )

    assert lagging(first, sold) == ()
    assert lagging(first, revision(SOLD, short.replace("uns.", "uns!"))) == ("de",)

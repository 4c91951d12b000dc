"""Texts made to break a differ: still lossless, no false move, and honest where the budget was reached."""

from __future__ import annotations

import random

import pytest
from benchmarks.hard_texts import KINDS
from tests.diff.marks import edited_words, lossless


@pytest.mark.parametrize("kind", KINDS)
def test_a_hard_text_is_compared_whole_and_without_a_false_move(kind: str, subtests: pytest.Subtests) -> None:
    for case in KINDS[kind]():
        with subtests.test(case.name):
            drawn = lossless(case.old, case.new)
            assert case.moves or drawn.moves == ()
            if case.words is not None:
                assert edited_words(drawn) == case.words


def test_a_stretch_too_long_to_compare_is_struck_out_whole_and_flagged() -> None:
    rng = random.Random(1)  # noqa: S311 - a made-up text, the same at every run
    old, new = (" ".join(str(rng.randrange(5)) for _ in range(9_000)) for _ in range(2))
    drawn = lossless(old, new)
    assert drawn.diff.budget_reached


def test_an_ordinary_policy_reaches_no_budget() -> None:
    text = "# Policy\n\n" + "\n\n".join(f"Paragraph {at} says what it says." for at in range(400))
    assert not lossless(text, text.replace("what", "that")).diff.budget_reached


def test_more_words_than_there_are_characters_in_the_planes_are_compared() -> None:
    words = [f"w{at}" for at in range(70_000)]
    drawn = lossless(" ".join(words), " ".join([*words[:40_000], "new", *words[40_000:]]))
    assert edited_words(drawn) == 1


def test_one_edit_in_a_very_long_line_does_not_copy_the_line_for_every_edit() -> None:
    words = [f"word{at % 900}" for at in range(8_000)]
    changed = [word.upper() if at % 10 == 0 else word for at, word in enumerate(words)]
    edits = lossless(" ".join(words), " ".join(changed)).diff.edits
    assert len({id(edit.before.sentence) for edit in edits}) == 1

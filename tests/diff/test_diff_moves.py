"""What stands elsewhere now has moved; what was edited inside it is shown there; nothing else counts as a move."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.diff.marks import edited_words, lossless, marked

from notifier.diff import Layer
from notifier.diff.redline import Redline

DIFFS = Path(__file__).resolve().parents[2].parent / "shared" / "diffs"

COOKIES = "## Cookies\n\nWe set a cookie when you sign in. It ends with the session.\n\n- one cookie only\n\n"
SHARING = (
    "## Sharing\n\nWe share your records with nobody, and sell them to nobody.\n\n"
    "This was never otherwise and never will be.\n\n"
)
ENDING = "## Ending\n\nYou may close your account at any time, and we erase what we hold within a month of that day.\n"


def test_a_section_carried_elsewhere_is_one_move_without_an_edited_word() -> None:
    drawn = lossless(COOKIES + SHARING + ENDING, SHARING + ENDING + "\n" + COOKIES)
    assert [move.title for move in drawn.moves] == ["Cookies"]
    assert edited_words(drawn) == 0


def test_of_two_swapped_sections_the_smaller_one_moves() -> None:
    drawn = lossless(SHARING + COOKIES, COOKIES + SHARING)
    assert [move.title for move in drawn.moves] == ["Cookies"]


def test_a_word_edited_in_a_moved_section_is_shown_inside_the_move() -> None:
    drawn = lossless(COOKIES + SHARING + ENDING, SHARING + COOKIES.replace("session", "month") + ENDING)
    (edit,) = [edit for edit in drawn.diff.edits if edit.layer is Layer.WORDS]
    assert (edit.before.text, edit.after.text, edit.in_move) == ("session", "month", True)
    assert edited_words(drawn) == 2
    assert {span.move for span in drawn.spans if span.layer is Layer.WORDS and span.text in ("session", "month")} == {0}


def test_edits_come_in_the_order_of_the_new_text_moved_or_not() -> None:
    old = COOKIES + SHARING + ENDING
    new = SHARING.replace("records", "files") + COOKIES.replace("session", "month") + ENDING.replace("month", "week")
    words = [edit for edit in lossless(old, new).diff.edits if edit.layer is Layer.WORDS]
    assert [edit.after.text for edit in words] == ["files", "month", "week"]


def test_a_moved_section_takes_its_subsections_along() -> None:
    nested = COOKIES + "### Which ones\n\nOnly those that the law calls strictly necessary, as listed.\n\n"
    drawn = lossless(nested + SHARING + ENDING * 2, SHARING + nested + ENDING * 2)
    assert len(drawn.moves) == 1
    assert edited_words(drawn) == 0


def test_a_paragraph_moved_and_edited_is_found_again() -> None:
    kept = "Nothing in this first paragraph will ever change, and it is the longest of the three by far."
    old = "We erase your records within thirty days of the day you ask us to."
    drawn = lossless(f"{old}\n\n{kept}\n\n{ENDING}", f"{kept}\n\n{ENDING}\n{old.replace('thirty', 'ninety')}\n")
    assert len(drawn.moves) == 1
    assert edited_words(drawn) == 2


def test_a_sentence_carried_into_another_paragraph_has_moved() -> None:
    sentence = "We never sell your name to anyone."
    old = f"First we collect it, as said above. {sentence}\n\nThen we keep it for as long as you stay with us."
    new = f"First we collect it, as said above.\n\nThen we keep it for as long as you stay with us. {sentence}"
    drawn = lossless(old, new)
    assert [move.before.text for move in drawn.moves] == [sentence]
    assert edited_words(drawn) == 0


def test_text_copied_is_put_in_and_nothing_has_moved() -> None:
    drawn = lossless(COOKIES + SHARING, COOKIES + SHARING + COOKIES)
    assert drawn.moves == ()
    assert drawn.stats.words_deleted == 0


def test_equal_items_and_renumbered_lists_hold_no_moves() -> None:
    items = ["the same words again here"] * 40
    old = "".join(f"{at}. {item}\n" for at, item in enumerate(items, 1))
    new = "".join(f"{at}. {item}\n" for at, item in enumerate(["a first one", *items], 1))
    drawn = lossless(old, new)
    assert drawn.moves == ()
    assert edited_words(drawn) == 3


def test_a_few_words_found_elsewhere_by_chance_have_not_moved() -> None:
    old = "# Contact us\n\nWrite to us.\n\n# Scope\n\nAll of it, everywhere, for everyone who comes.\n"
    new = "# Scope\n\nAll of it, everywhere, for everyone who comes.\n\nUnlike before.\n\n# Contact us\n\nCall.\n"
    assert lossless(old, new).moves == ()


def test_a_link_changed_inside_a_move_is_not_hidden() -> None:
    linked = "## Help\n\nSee [our pages](https://a.example/{}) for all that we could not say here.\n\n"
    drawn = lossless(linked.format("x") + SHARING + ENDING, SHARING + ENDING + "\n" + linked.format("y"))
    assert [edit.before.text for edit in drawn.diff.edits if edit.layer is Layer.LINKS] == ["](https://a.example/x)"]


def test_moved_text_stands_at_both_its_places() -> None:
    seen = marked(COOKIES + SHARING, SHARING + COOKIES)
    assert seen.count("We set a cookie") == 2
    assert seen.startswith("<<## Cookies")


@pytest.mark.parametrize(("numbers", "truth"), [(range(20), 0), (range(20, 40), 2)])
def test_swapped_sections_of_real_policies_show_their_true_edits(numbers: range, truth: int) -> None:
    if not DIFFS.is_dir():
        pytest.skip(f"NO REAL POLICIES AT {DIFFS}: moves are tested on made-up texts only")
    assert [edited_words(_real(f"{number:03}")) for number in numbers] == [truth] * 20


def test_a_word_edited_in_a_link_target_of_a_moved_section_is_one_word_for_one() -> None:
    linked = "## Help\n\nSee [our pages](https://a.example/{}) for all that we could not say here.\n\n"
    drawn = lossless(linked.format("help") + SHARING + ENDING, SHARING + ENDING + "\n" + linked.format("aid"))
    assert (drawn.stats.words_deleted, drawn.stats.words_inserted, drawn.stats.words_in_links) == (1, 1, 2)


def _real(number: str) -> Redline:
    old, new = ((DIFFS / "moves" / f"{number}.{side}.md").read_bytes().decode() for side in ("old", "new"))
    return lossless(old, new)

"""What a reader sees of one change: the words, cut where a reader would cut, each kind of change on its layer."""

from __future__ import annotations

import pytest
from tests.diff.marks import edited_words, edits, lossless, marked

from notifier.diff import Layer
from notifier.text.document import BlockKind, Place


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("The red apple.", "The green apple.", "The [-red-]{+green+} apple."),
        ("thirty (30) days", "sixty (60) days", "[-thirty (30)-]{+sixty (60)+} days"),
        ("We sell your data.", "We do not sell your data.", "We {+do not +}sell your data."),
        ("We may share it.", "We will share it.", "We [-may-]{+will+} share it."),
        ("See Section 4 below.", "See Section 5 below.", "See Section [-4-]{+5+} below."),
        ("a, b and c", "a, b, x and c", "a, b{+, x+} and c"),
        ("data (name, address)", "data (name, address, phone)", "data (name, address{+, phone+})"),
        ("$1,000.50 or 10%", "€1,000.50 or 12%", "[-$1,000.50-]{+€1,000.50+} or [-10%-]{+12%+}"),
        ("30 days", "30 months", "30 [-days-]{+months+}"),
        ("We tell you before.", "You tell us before.", "[-We tell you-]{+You tell us+} before."),
        ("A. B.", "A. New words here. B.", "A. {+New words here. +}B."),
        ("write to a@b.example now", "write to c@b.example now", "write to [-a@b.example-]{+c@b.example+} now"),
        ("It ends: now", "It ends; now", "It ends[-:-]{+;+} now"),
        ("We tell you. We stop.", "We tell you. We wait. We stop.", "We tell you. {+We wait. +}We stop."),
        (
            "We tell you, and we stop.",
            "We tell you, and we wait, and we stop.",
            "We tell you, {+and we wait, +}and we stop.",
        ),
    ],
)
def test_changed_words_are_cut_as_a_reader_would(old: str, new: str, seen: str) -> None:
    assert marked(old, new) == seen


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("我们收集您的数据。", "我们收集您的位置数据。", "我们收集您的{+位置+}数据。"),
        ("เราเก็บข้อมูล", "เราไม่เก็บข้อมูล", "เรา{+ไม่+}เก็บข้อมูล"),
        ("نحن نجمع بياناتك", "نحن لا نجمع بياناتك", "نحن {+لا +}نجمع بياناتك"),
        ("हम डेटा बेचते हैं", "हम डेटा नहीं बेचते हैं", "हम डेटा {+नहीं +}बेचते हैं"),
    ],
)
def test_scripts_without_spaces_or_with_signs_are_cut_at_their_own_letters(old: str, new: str, seen: str) -> None:
    assert marked(old, new) == seen


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("[site](https://a.example/x)", "[site](https://a.example/y)", Layer.LINKS),
        ("[site](https://a.example/x)", "[site](https://a.example/x 'Title')", Layer.LINKS),
        ("See https://a.example/x.", "See https://a.example/y.", Layer.LINKS),
        ("See <https://a.example/x>.", "See <https://a.example/y>.", Layer.LINKS),
        ("[site][s]\n\n[s]: https://a.example/x", "[site][s]\n\n[s]: https://a.example/y", Layer.LINKS),
        ("our site", "our [site](https://a.example)", Layer.LINKS),
        ('<a href="x">site</a>', '<a href="y">site</a>', Layer.LINKS),
        ("must not share", "**must not** share", Layer.MARKUP),
        ("keep *it*", "keep _it_", Layer.MARKUP),
        ("# Sharing", "## Sharing", Layer.MARKUP),
        ("Sharing\n-------\n\nText", "## Sharing\n\nText", Layer.MARKUP),
        ("## 3. Keeping\n\n## 4. Sharing", "## 4. Keeping\n\n## 5. Sharing", Layer.MARKUP),
        ("* one\n* two", "- one\n- two", Layer.MARKUP),
        ("1. one\n2. two", "1) one\n2) two", Layer.MARKUP),
        ("(a) one", "(b) one", Layer.MARKUP),
        ("> quoted words", "- quoted words", Layer.MARKUP),
        ("- one\n  - two", "- one\n- two", Layer.MARKUP),
        ("one two three four", "one two\nthree four", Layer.MARKUP),
        ("one\r\ntwo\r\n", "one\ntwo\n", Layer.MARKUP),
        ("no newline", "no newline\n", Layer.MARKUP),
        ("one  \ntwo", "one\ntwo", Layer.MARKUP),
        ("| a | b |\n|---|---|\n| c | d |", "| a | b |\n|:--|--:|\n| c | d |", Layer.MARKUP),
        ("one<br>two", "one<br/>two", Layer.MARKUP),
        ('say "so"', "say “so”", Layer.TYPOGRAPHY),
        ("it's", "it’s", Layer.TYPOGRAPHY),
        ("so - really", "so – really", Layer.TYPOGRAPHY),
        ("so...", "so…", Layer.TYPOGRAPHY),
        ("30 days", "30\u00a0days", Layer.TYPOGRAPHY),
        ("30 days", "30&nbsp;days", Layer.TYPOGRAPHY),
        ("e-mail", "e\u2011mail", Layer.TYPOGRAPHY),
        ("caf\u00e9", "cafe\u0301", Layer.TYPOGRAPHY),
        ("\ufeffHello", "Hello", Layer.MARKUP),
        ("contract", "con\u00adtract", Layer.TYPOGRAPHY),
    ],
)
def test_a_change_of_form_keeps_to_its_layer(old: str, new: str, seen: Layer) -> None:
    found = edits(old, new)
    assert {edit.layer for edit in found} == {seen}
    drawn = lossless(old, new)
    assert edited_words(drawn) == drawn.stats.words_in_links
    assert bool(drawn.stats.runs) == bool(edited_words(drawn)) == (seen is Layer.LINKS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We pay you.", "We p\u0430y you."),
        ("You must not.", "You mu\u200bst not."),
        ("Fee is 51.", "Fee is \u202e51\u202c."),
        ("We pay.", "We PAY."),
    ],
)
def test_what_only_looks_the_same_is_a_changed_word(old: str, new: str) -> None:
    assert Layer.WORDS in {edit.layer for edit in edits(old, new)}


def test_a_changed_link_does_not_hide_the_word_changed_beside_it() -> None:
    assert marked("See [our site](x) now", "See [this site](y) now") == (
        "See [[-our-]{+this+} site]([-link:x-]{+link:y+}) now"
    )


def test_a_negation_between_two_changes_is_never_swallowed() -> None:
    assert marked("He may then not sell it", "She can always not buy them") == (
        "[-He may then-]{+She can always+} not [-sell it-]{+buy them+}"
    )
    assert "soon" in marked("He may then soon sell it", "She can always soon buy them").split("-]")[0]


def test_a_word_or_two_between_larger_changes_go_with_them() -> None:
    assert marked("We store old names of rich people.", "We share new numbers of poor companies.").count("[-") == 1


def test_a_change_never_reaches_over_the_end_of_a_sentence_or_cell() -> None:
    cells = marked("|a|b|c|\n|-|-|-|\n|one two|x|three four|", "|a|b|c|\n|-|-|-|\n|five six|x|seven eight|")
    assert cells.endswith("|[-one two-]{+five six+}|x|[-three four-]{+seven eight+}|")


def test_a_row_of_other_words_is_replaced_cell_by_cell() -> None:
    head = "| a | b |\n|---|---|\n"

    assert marked(f"{head}| one | two |\n", f"{head}| three | four |\n").endswith(
        "| [-one-]{+three+} | [-two-]{+four+} |\n"
    )
    assert marked(f"{head}|one|two|", f"{head}|three|four|").endswith("|[-one-]{+three+}|[-two-]{+four+}|")


def test_a_paragraph_whose_first_half_goes_to_a_new_list_keeps_both_halves() -> None:
    old = "We use what we know to make it better for all. This means showing you the news that you like most."
    new = "We use what we know to make it better for all.\n\n- A new thing\n- Showing you the news that you like most."
    assert marked(old, new).startswith("We use what we know to make it better for all.")
    assert lossless(old, new).stats.words_deleted <= 3


def test_an_item_put_in_takes_its_whole_line_and_the_rest_is_renumbered() -> None:
    assert marked("1. one thing\n2. two things\n", "1. one thing\n2. new\n3. two things\n") == (
        "1. one thing\n{+2. new\n+}[-markup:2-]{+markup:3+}. two things\n"
    )


def test_a_paragraph_cut_in_two_or_made_one_has_no_edited_word() -> None:
    whole, halves = "We keep it a year. Then we erase it.", "We keep it a year.\n\nThen we erase it."
    assert edited_words(lossless(whole, halves)) == 0
    assert edited_words(lossless(halves, whole)) == 0


def test_lines_that_stay_are_no_edit_where_they_become_another_kind_of_block() -> None:
    lines = "We keep what you tell us for a year.\nThen we erase it.\n"
    assert edited_words(lossless(lines, f"```\n{lines}```\n")) == 0
    assert edited_words(lossless(lines, f"<div>\n{lines}</div>\n")) == 0


def test_a_table_laid_out_as_a_list_keeps_its_words() -> None:
    table = "| what | how long |\n|---|---|\n| session cookie | one day |\n| account name | two years |\n"
    listed = "- what: how long\n- session cookie: one day\n- account name: two years\n"
    assert edited_words(lossless(table, listed)) == 0


def test_a_renamed_heading_is_one_change_and_its_body_stays() -> None:
    assert marked("# What we collect\n\nBody stays.", "# Data we gather\n\nBody stays.").endswith("\n\nBody stays.")


def test_of_equal_clauses_the_missing_one_is_struck_out_once() -> None:
    assert marked("A clause. A clause. A clause.", "A clause. A clause. A new one.").count("[-") == 1


def test_an_edit_knows_its_section_place_and_sentence_in_both_texts() -> None:
    old = "# Keeping\n\nFirst words, e.g. names. We keep chats for 30 days. Last.\n"
    new = "# Keeping\n\nMore.\n\nFirst words, e.g. names. We keep chats for 12 months. Last.\n"
    edit = edits(old, new)[-1]
    assert (edit.before.text, edit.after.text) == ("30 days", "12 months")
    assert (edit.before.section, edit.before.paragraph) == (("Keeping",), 1)
    assert (edit.after.section, edit.after.paragraph) == (("Keeping",), 2)
    assert (edit.before.place, edit.after.place) == (Place(3, 44), Place(5, 44))
    assert edit.before.block is BlockKind.PARAGRAPH
    assert edit.before.sentence == "We keep chats for 30 days."
    assert edit.after.sentence == "We keep chats for 12 months."


def test_what_was_put_in_says_where_it_goes_in() -> None:
    (edit,) = edits("One.\n\nThree.\n", "One.\n\nTwo.\n\nThree.\n")
    assert (edit.before.text, edit.before.start, edit.before.place) == ("", 6, Place(3, 1))
    assert edit.after.text == "Two.\n\n"


def test_the_sentence_of_a_table_cell_is_its_row() -> None:
    table = "| what | how long |\n|---|---|\n| cookie | {} days. Or more |\n"
    (edit,) = edits(table.format(30), table.format(60))
    assert edit.before.block is BlockKind.TABLE_ROW
    assert edit.before.sentence == "| cookie | 30 days. Or more |"


def test_front_matter_is_compared_key_by_key() -> None:
    (edit,) = edits("---\na: 1\ntitle: Old\n---\nText", "---\na: 1\ntitle: New\n---\nText")
    assert (edit.before.block, edit.before.text, edit.after.text) == (BlockKind.FRONT_MATTER, "Old", "New")


def test_equal_texts_have_no_edits() -> None:
    drawn = lossless("# A\n\nText.\n", "# A\n\nText.\n")
    assert (drawn.diff.edits, drawn.moves, len(drawn.spans)) == ((), (), 1)


@pytest.mark.parametrize(("old", "new"), [("", ""), ("", "New.\n"), ("Old.\n", ""), ("\n\n", "\n"), ("---", "***")])
def test_next_to_nothing_is_compared_too(old: str, new: str) -> None:
    lossless(old, new)


def test_an_edit_at_a_heading_or_list_marker_belongs_to_the_block_it_opens() -> None:
    old, new = "# One\n\ntext\n\n# Two\n\n- a\n- b\n", "# One\n\ntext\n\n## Two\n\n- a\n- new\n- b\n"
    level, item = edits(old, new)
    assert (level.before.block, level.before.section) == (BlockKind.HEADING, ("Two",))
    assert (item.after.block, item.after.section, item.after.sentence) == (BlockKind.LIST_ITEM, ("One", "Two"), "new")

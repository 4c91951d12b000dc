from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier import redline
from notifier.diff import Layer
from notifier.render.labels import Labels
from notifier.render.redline.html import DrawnRedline, draw_html
from notifier.render.site.anchors import NO_ANCHORS, next_anchors
from notifier.render.site.policy_body import draw_policy
from notifier.text.markdown import parse
from tests.examples import examples

from .reading import elements, read

PAIRS = Path(__file__).resolve().parents[2].parent / "shared" / "diffs" / "pairs"
NOT_NEW = ("del", "gone", "said", "folded", "moved-away", "move-note")
NOT_OLD = ("ins", "added", "said", "folded", "moved-away", "move-note")


def drawn(before: str, after: str) -> DrawnRedline:
    return draw_html(redline(before, after))


def section(name: str) -> str:
    return f"## {name}\n\n" + " ".join(f"{name.lower()}{n}" for n in range(40)) + ".\n\n"


def words_of(text: str) -> str:
    """What a page of this text alone says."""
    page = draw_policy(parse(text), next_anchors(NO_ANCHORS, parse(text)), Labels())
    return read(page.title + page.body, "said")


def test_a_changed_word_is_marked_inside_its_sentence() -> None:
    before = "Chats are kept for **30 days** after they end.\n"
    shown = drawn(before, before.replace("30 days", "12 months"))

    assert elements(shown.body, "del") == ["30 days"]
    assert elements(shown.body, "ins") == ["12 months"]
    assert "<strong>30 days</strong>" in shown.body
    assert read(shown.body, *NOT_NEW) == "Chats are kept for 12 months after they end."


def test_who_hears_the_page_hears_what_is_gone_and_what_is_new() -> None:
    assert read(drawn("We keep it.\n", "We sell it.\n").body) == ("We removed: keep (end)inserted: sell (end) it.")


def test_a_row_that_is_gone_stays_a_row_of_its_table() -> None:
    head = "| Cookie | Life |\n|---|---|\n| session | one day |\n"
    shown = drawn(head + "| tracking | ten years |\n| choice | one year |\n", head + "| choice | one year |\n")

    assert shown.body.count("<table>") == 1
    assert '<tr class="gone" id="change-1"><td><del>' in shown.body
    assert re.sub(r"<[^>]+>", "", shown.body.split("<tbody>")[1]).index("session") < shown.body.index("tracking")


def test_a_new_item_stays_an_item_of_its_list() -> None:
    shown = drawn("We collect:\n\n- names\n- chats\n", "We collect:\n\n- names\n- locations\n- chats\n")

    assert shown.body.count("<ul>") == 1
    assert elements(shown.body, "li") == ["names", "locations", "chats"]
    assert elements(shown.body, "ins") == ["locations"]


def test_an_item_that_is_gone_stays_in_the_list_it_stood_in() -> None:
    shown = drawn("- names of all visitors\n- locations of all phones\n- chats\n", "- names of all visitors\n- chats\n")

    assert shown.body.count("<ul>") == 1
    assert len(elements(shown.body, "li")) == 3
    assert elements(shown.body, "del") == ["locations of all phones"]


def test_a_heading_that_is_gone_is_no_heading_of_the_page() -> None:
    shown = drawn("# Policy\n\n## Selling\n\nWe sell nothing.\n\n## Rest\n\nYes.\n", "# Policy\n\n## Rest\n\nYes.\n")

    assert elements(shown.body, "h3") == ["Rest"]
    assert elements(shown.body, "del") == ["Selling", "We sell nothing."]


def test_both_ends_of_a_move_link_to_each_other() -> None:
    one, two, three = map(section, ("Alpha", "Beta", "Gamma"))
    shown = drawn(one + two + three, two + three + one)

    assert not elements(shown.body, "del")
    assert 'id="move-1-from" href="#move-1-here"' in shown.body
    assert 'id="move-1-here" href="#move-1-from"' in shown.body


def test_a_word_edited_inside_a_move_is_shown_where_the_text_stands_now() -> None:
    one, two, three = map(section, ("Alpha", "Beta", "Gamma"))
    shown = drawn(one + two + three, two + three + one.replace("alpha20", "sold"))

    assert elements(shown.body, "del") == ["alpha20"]
    assert elements(shown.body, "ins") == ["sold"]
    assert shown.body.index("Gamma") < shown.body.index("alpha20")


def test_changes_are_listed_by_the_heading_above_them() -> None:
    shown = drawn("# P\n\n## A\n\nOne two.\n\n## B\n\nThree four.\n", "# P\n\n## A\n\nOne six.\n\n## B\n\nFive four.\n")

    assert [(section.title, section.first_id, section.count) for section in shown.sections] == [
        ("A", "change-1", 1),
        ("B", "change-2", 1),
    ]


def test_policy_text_cannot_forge_marks_or_run_scripts() -> None:
    shown = drawn(
        "Keep this text.\n",
        "Keep this text. <del>not deleted</del> <script>a()</script> [x](javascript:a()) <img src=x onerror=a()>\n\n"
        '<div class="gone" onclick="x()"><ins>forged</ins><svg><script>1</script></svg></div>\n',
    )

    assert not elements(shown.body, "del")
    assert "<script" not in shown.body
    assert "<svg" not in shown.body
    assert "<img" not in shown.body
    assert "onclick" not in shown.body
    assert 'href="javascript' not in shown.body
    assert 'class="gone"' not in shown.body


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("See [our list](https://a.example/x) of partners.\n", "See [our new list](https://a.example/x) of buyers.\n"),
        ("Write `code here` now.\n", "Write `code there` now.\n"),
        ("_All_ of it.\n", "_Some_ of it.\n"),
        ("A \\* star & more.\n", "A \\* moon & more.\n"),
        ("> quoted words here\n", "> quoted text here\n"),
        ("1. first thing said\n2. second thing said\n", "1. first thing said\n2. third thing said\n"),
        ("a\n\n- b c d\n\n  e f g\n", "a\n\n- b c d\n\n  e x g\n"),
        ("| a | b \\| c |\n|---|---|\n| d e | f g |\n", "| a | b \\| c |\n|---|---|\n| d x | f g |\n"),
        ("```\ncode one\n```\n", "```\ncode two\n```\n"),
        ("Title\n=====\n\nText.\n", "Heading\n=======\n\nText.\n"),
        ("Kept **bold and** plain.\n", "Kept **bold or** plain.\n"),
        ("我们共享数据。\n", "我们出售数据。\n"),
        ("<p>raw words</p>\n", "<p>raw text</p>\n"),
    ],
)
def test_without_its_marks_the_page_reads_as_either_text(before: str, after: str) -> None:
    shown = drawn(before, after).body

    assert read(shown, *NOT_NEW) == words_of(after)
    assert read(shown, *NOT_OLD) == words_of(before)


BITS = (
    "word ",
    "other ",
    "**bold** ",
    "_em_ ",
    "[link](u) ",
    "`c` ",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "# ",
    "> ",
    "| a | b |\n|---|---|\n| c | d |\n",
    "\n---\n",
    "<b>",
    "</b>",
    "30 ",
    "&amp; ",
    "\\*",
    "~~s~~ ",
    "<!-- c -->\n\n",
    "- [x] ",
    "> [!NOTE]\n> ",
    "note[^n] ",
    "\n\n[^n]: ",
    "\n: ",
    "<del>",
    "</del>",
    "<table><tr><td>",
    "</td></tr></table>",
    "<details><summary>",
    "</summary>",
    "</details>\n\n",
    "\n```\n",
    "![p](u) ",
    "# h {#n}\n",
)
TEXTS = st.lists(st.sampled_from(BITS), max_size=16).map("".join)


@given(TEXTS, TEXTS)
@settings(max_examples=examples(80), deadline=None)
def test_any_redline_is_well_nested_and_says_the_new_text(before: str, after: str) -> None:
    shown = drawn(before, after)

    assert read(shown.body, *NOT_NEW).replace(" ", "") == words_of(after).replace(" ", "")
    ids = re.findall(r'\bid="([^"]+)"', shown.body)
    assert len(ids) == len(set(ids))


@pytest.mark.skipif(not PAIRS.is_dir(), reason=f"NOT RUN: no pairs of real policies at {PAIRS}")
@pytest.mark.parametrize("number", range(0, 300, 12))
def test_redlines_of_real_policies_say_both_texts(number: int) -> None:
    before, after = (
        (PAIRS / f"{number:03}.{side}.md").read_text(encoding="utf-8", errors="replace") for side in ("old", "new")
    )
    comparison = redline(before, after)
    shown = draw_html(comparison).body

    assert read(shown, *NOT_NEW).replace(" ", "") == words_of(after).replace(" ", "")
    if not comparison.moves and all(edit.layer is Layer.WORDS for edit in comparison.diff.edits):
        assert read(shown, *NOT_OLD).replace(" ", "") == words_of(before).replace(" ", "")


def test_a_link_that_leads_elsewhere_says_so_beside_it_where_it_is_asked_for() -> None:
    before = "See [the list](https://a.example/partners/of/ours/2024) of partners.\n"
    drawn = redline(before, before.replace("2024", "2026"))

    shown = draw_html(drawn, show_targets=True).body
    assert "/of/ours/2024</del> <ins>" in shown
    assert shown.index("the list</a>") < shown.index('<small class="target">') < shown.index(" of partners.")
    assert draw_html(drawn, show_targets=True).count == 0
    assert "<del>" not in draw_html(drawn).body


def test_a_line_across_the_page_moves_along_with_its_section() -> None:
    moved = "## Cookies\n\nWe set one cookie when you sign in, and it ends with the session.\n\n* * *\n\nNo others.\n\n"
    stays = "## Sharing\n\n" + "We share your records with nobody and sell them to nobody at all. " * 3 + "\n\n"

    shown = drawn(moved + stays + "## End\n\nBye.\n", stays + moved + "## End\n\nBye.\n").body

    assert shown.count("<hr") == 1
    assert "<del>" not in shown


def test_the_address_of_a_link_that_is_gone_is_no_markup_on_the_page() -> None:
    shown = drawn(
        "As told in the [Google documentation](https://a.example/cookies) here\n",
        "As told in the Google documentation. See the [Privacy Policy](https://b.example/privacy). here\n",
    )

    assert elements(shown.body, "del") == ["(https://a.example/cookies)"]


def test_a_row_of_other_words_has_each_change_in_its_own_cell() -> None:
    head = "| a | b |\n|---|---|\n| cookie | life |\n"
    shown = drawn(f"{head}| session | one day | kept\n", f"{head}| choice | two years | kept\n")

    assert "session" in shown.body.partition("choice")[0]
    assert elements(shown.body, "del") == ["session", "one day"]


def test_a_renamed_heading_does_not_come_between_an_item_and_its_list() -> None:
    """The new item belongs to the section above, and what the next section was called stands before its new name."""
    before = "# T\n\n## Accounts\n\n- Keep it secret.\n\n## Fees\n\nYou pay monthly for every seat that you use.\n"
    after = before.replace("secret.\n", "secret.\n- Log out on shared computers.\n").replace("## Fees", "## Prices")

    body = drawn(before, after).body
    assert body.index("Log out") < body.index("Fees") < body.index("Prices")
    assert body.index("</ul>") < body.index("Fees")


def test_what_is_gone_from_a_row_with_a_column_more_stands_in_the_column_that_it_stood_in() -> None:
    before = "| Plan | Price |\n|---|---|\n| Team | 9 € |\n| Fleet | 19 € |\n"
    after = "| Plan | Users | Price |\n|---|---|---|\n| Team | 10 | 9 € |\n| Fleet | 100 | 21 € |\n"

    cells = re.findall(r"<td[^>]*>(.*?)</td>", drawn(before, after).body)
    assert [read(cell, "said") for cell in cells[-3:]] == ["Fleet", "100", "1921 €"]
    assert ["<del" in cell for cell in cells[-3:]] == [False, False, True]

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.render.redline.terminal import draw_comparison, draw_redline
from notifier.render.styled_text import columns
from tests.examples import examples

from .shown import AFTER, BEFORE, comparison, reason

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def drawn(before: str, after: str, *, width: int = 90, show_all: bool = False, side_by_side: bool = False) -> str:
    redline = comparison(before, after).redline
    return draw_redline(redline, width=width, colour=False, show_all=show_all, side_by_side=side_by_side)


def test_marks_alone_say_what_is_gone_and_what_is_new() -> None:
    shown = draw_comparison(comparison(), width=90, colour=False)

    assert "Chats are kept for [-30 days-] [+12 months+] after they end." in shown
    assert "\x1b" not in shown


def test_colour_changes_nothing_but_colour() -> None:
    plain, coloured = (draw_comparison(comparison(), width=90, colour=colour) for colour in (False, True))

    assert "\x1b[" in coloured
    assert ANSI.sub("", coloured) == plain


def test_the_verdict_and_its_numbered_reasons_come_first() -> None:
    lines = draw_comparison(
        comparison(), width=110, colour=False, heading="privacy · Privacy Policy", told="customers: 12"
    ).splitlines()

    assert lines[0] == "privacy · Privacy Policy"
    assert lines[2].startswith("SIGNIFICANT, clear")
    assert lines[2].endswith("customers: 12")
    assert lines[3] == "  1  retention  How long we keep data ¶1  30 days → 12 months (WP260 ¶30)"


def test_a_reason_is_quoted_as_it_reads_and_a_link_by_its_address() -> None:
    listed = reason(changed_before="| **Ours:** [us](https://a.example) |", changed_after="all<br>of you")
    moved = reason(changed_before="](https://a.example/x)", changed_after="](https://a.example/y)")
    shown = draw_comparison(comparison(BEFORE, AFTER, listed, moved), width=130, colour=False)

    assert "Ours: us → all of you" in shown
    assert "https://a.example/x → https://a.example/y" in shown


def test_of_two_long_addresses_a_reason_names_the_host_and_what_differs() -> None:
    address = "https://host.example/go?to=https%3A%2F%2Fother.example%2Frules%2Ffor%2Fall&e="
    shown = draw_comparison(
        comparison(BEFORE, AFTER, reason(changed_before=f"]({address}AT1n)", changed_after=f"]({address}XY0z)")),
        width=120,
        colour=False,
    )

    assert "host.example/…s%2Ffor%2Fall&e=AT1n → host.example/…s%2Ffor%2Fall&e=XY0z" in shown


def test_reasons_are_aligned() -> None:
    reasons = (reason(), reason(topic="sharing", section=("Sharing",), changed_before="", changed_after="partners"))
    lines = draw_comparison(comparison(BEFORE, AFTER, *reasons), width=110, colour=False).splitlines()

    assert lines[1].index("30 days") == lines[2].index("new: “partners”")


def test_each_section_is_named_with_its_line() -> None:
    shown = drawn(BEFORE, AFTER)

    assert re.search(r"^── Privacy Policy › How long we keep data ─+ line 7 ──$", shown, re.MULTILINE)


def test_unchanged_text_is_folded_with_its_length() -> None:
    items = [f"- Item number {n} stays as it is." for n in range(9)]
    changed = [items[0].replace("stays", "goes"), *items[1:8], items[8].replace("stays", "goes")]

    assert "… 7 paragraphs unchanged" in drawn("\n".join(items), "\n".join(changed))


def test_a_new_paragraph_has_its_mark_before_every_line() -> None:
    new = " ".join(["something new is said here"] * 12)
    lines = drawn(BEFORE, f"{BEFORE}\n{new}\n", width=60).splitlines()

    marked = [line for line in lines if "something" in line]
    assert len(marked) > 3
    assert all(line.startswith(" + ") for line in marked)


def test_a_moved_section_is_told_in_one_line() -> None:
    one, two, three = (
        f"## {name}\n\n" + " ".join(f"{name.lower()}{n}" for n in range(30)) + "\n\n"
        for name in ("Alpha", "Beta", "Gamma")
    )

    shown = drawn(one + two + three, two + three + one)

    assert "[-" not in shown
    assert "“Alpha” now stands after" in shown or "“Alpha” now stands elsewhere" in shown
    assert "(unchanged)" in shown


def test_links_and_markup_are_counted_and_shown_on_demand() -> None:
    before = "See [the list](https://old.example/list) of *partners*.\n"
    after = "See [the list](https://new.example/list) of **partners**.\n"

    assert "No words changed." in drawn(before, after)
    assert "1 link" in drawn(before, after)
    assert "new" not in drawn(before, after)
    assert "[-old-] [+new+]" in drawn(before, after, show_all=True)


def test_the_small_changes_are_counted_by_kind_in_lines_that_fit() -> None:
    before = '# A\n\n> quoted\n\n* one\n* two *so*\n\n| a | b |\n|---|---|\n| see [it](x) | "c" - d<br>e |\n'
    after = "## A\n\nquoted\n\n1. one\n2. two so\n\n| a | b |\n|:--|---|\n| see [it](y) | “c” – d e |\n"
    lines = drawn(before, after, width=40).splitlines()

    told = " ".join(lines[-5:])
    for kind in ("1 link", "1 heading level", "2 list markers", "1 quotation level", "2 quotation marks", "1 dash"):
        assert kind in told
    assert max(map(columns, lines)) <= 40


def test_equal_texts_say_so() -> None:
    assert drawn(BEFORE, BEFORE) == "Nothing changed."


def test_policy_text_cannot_steer_the_terminal() -> None:
    shown = drawn("Keep this.\n", "Keep this \x1b]0;owned\x07\x1b[2J\u202egnp.exe.\n")

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)
    assert "⟨U+001B⟩" in shown
    assert "⟨U+202E⟩" in shown


def test_an_unseen_character_is_seen_where_it_changed() -> None:
    assert "⟨U+200B⟩" in drawn("We sell data.\n", "We se\u200bll data.\n", show_all=True)


def test_side_by_side_has_the_old_text_left_and_the_new_one_right() -> None:
    lines = drawn(BEFORE, AFTER, width=130, side_by_side=True).splitlines()

    line = next(line for line in lines if "Chats" in line)
    left, right = line.split(" │ ")
    assert "[-30 days-]" in left
    assert "[+12 months+]" in right
    assert "months" not in left


def test_side_by_side_a_new_paragraph_has_its_mark_in_the_right_margin_alone() -> None:
    lines = drawn(BEFORE, f"{BEFORE}\nA new thing.\n", width=130, side_by_side=True).splitlines()

    left, right = next(line for line in lines if "A new thing." in line).split(" │ ")
    assert (left.strip(), right) == ("", " + A new thing.")


def test_side_by_side_paragraphs_that_are_gone_stand_beside_the_new_ones_in_their_place() -> None:
    old = "Nobody sees your messages.\n\nPictures live for a week.\n"
    new = "Our partners read every letter.\n\nFilms stay with us forever.\n"
    rows = drawn(f"{BEFORE}\n{old}", f"{BEFORE}\n{new}", width=120, side_by_side=True).splitlines()

    assert [[side.strip() for side in row.split("│")] for row in rows if " - " in row or " + " in row] == [
        ["- Nobody sees your messages.", "+ Our partners read every letter."],
        ["- Pictures live for a week.", "+ Films stay with us forever."],
    ]


def test_side_by_side_needs_room() -> None:
    assert " │ " not in drawn(BEFORE, AFTER, width=119, side_by_side=True)


@pytest.mark.parametrize("width", [40, 60, 80, 130])
@pytest.mark.parametrize("side_by_side", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, side_by_side: bool) -> None:
    before = BEFORE + "\n我们与为我们工作的处理者共享个人数据。" * 8 + "\n"
    after = AFTER + "\n我们与为我们工作的广告商共享个人数据。" * 8 + "\n" + "x" * 300

    shown = draw_comparison(comparison(before, after), width=width, colour=False, side_by_side=side_by_side)

    assert max(map(columns, shown.splitlines())) <= width


def test_a_paragraph_that_is_gone_is_coloured_but_not_struck_through_so_that_it_can_be_read() -> None:
    redline = comparison(f"{BEFORE}\nGone with all its words.\n", BEFORE).redline
    shown = draw_redline(redline, width=90, colour=True)

    assert "\x1b[31m - \x1b[0m\x1b[31mGone\x1b[0m" in shown


def test_changed_words_and_their_marks_are_coloured_and_can_be_read() -> None:
    shown = draw_redline(comparison("Kept for 30 days.\n", "Kept for 90 days.\n").redline, width=90, colour=True)

    assert "\x1b[31m[-30-]\x1b[0m \x1b[32m[+90+]\x1b[0m" in shown


def test_the_words_of_a_reason_are_coloured_as_the_changed_words_are() -> None:
    shown = draw_comparison(comparison(), width=90, colour=True)

    assert "\x1b[31m30\x1b[0m\x1b[31m \x1b[0m\x1b[31mdays\x1b[0m → \x1b[32m12" in shown


def test_a_reason_quotes_a_link_that_was_cut_without_its_bracket() -> None:
    cut = reason(changed_before="", changed_after="for sales. [See their policy")

    assert "new: “for sales. See their policy”" in draw_comparison(
        comparison(BEFORE, AFTER, cut), width=90, colour=False
    )


def test_a_list_item_put_in_does_not_take_the_bullet_of_the_next_one() -> None:
    shown = drawn("- **Speed and use:** how fast\n- last\n", "- **Work:** all of it.\n- **Use:** how fast\n- last\n")

    assert shown.splitlines()[1:] == [
        " + - Work: all of it.",
        "",
        "   - [-Speed and use-] [+Use+]: how fast",
    ]


def test_a_heading_that_is_gone_is_shown_without_its_underline() -> None:
    shown = drawn(f"{BEFORE}\nThe End\n-------\n\nGone.\n", BEFORE)

    assert " - ## The End\n" in shown
    assert "---" not in shown


def test_an_address_that_is_its_own_text_is_said_once() -> None:
    address = "https://law.example/licenses/by/4.0/"

    assert f" + See {address}." in drawn(BEFORE, f"{BEFORE}\nSee [{address}]({address}).\n")


def test_a_long_address_is_cut_before_the_part_of_it_that_changed() -> None:
    old = "See [the list](https://host.example/one/very/long/path/to/a/place/list?of=old) now.\n"
    shown = drawn(old, old.replace("=old", "=new"), show_all=True)

    assert "   line 1 …/long/path/to/a/place/list?of=[-old-] [+new+]) now." in shown


TEXTS = st.lists(
    st.sampled_from(["# A\n", "b c. ", "- d\n", "| e | f |\n", "\n\n", "世界 ", "**g**", "\x1b[1m"]), max_size=12
)


@given(TEXTS, TEXTS)
@settings(max_examples=examples(40), deadline=None)
def test_any_two_texts_can_be_drawn_without_control_characters(before: list[str], after: list[str]) -> None:
    shown = drawn("".join(before), "".join(after), width=40, show_all=True)

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown)


def test_what_moved_is_called_as_it_reads_now_and_stands_beside_words_of_its_own_kind() -> None:
    """Not by the number that it had, not before a footnote, and a row with its cells apart."""
    clauses = [f"{name}\n\n" + " ".join(f"{name.lower()}{n}" for n in range(30)) for name in ("Law", "Courts")]
    before = "\n\n".join(f"## {n}. {clause}" for n, clause in enumerate(clauses, 1))
    after = "\n\n".join(f"## {n}. {clause}" for n, clause in enumerate(reversed(clauses), 1))
    note = "\n\nIt counts.[^a]\n\n[^a]: From today on.\n"

    assert "“2. Law” now stands before “It counts.”" in drawn(before + note, after + note)
    rows = "| Plan | Price |\n|---|---|\n{}\n\nPrices include tax.[^a]\n\n[^a]: Of 19 %.\n"
    plans = ["| Free of any charge | 0 € each month |", "| Team of ten people | 9 € each month |"]
    moved = " ".join(drawn(*(rows.format("\n".join(order)) for order in (plans, plans[::-1]))).split())
    assert "“Team of ten people | 9 € each month” now stands before “Free of any charge | 0 € each month”" in moved or (
        "“Free of any charge | 0 € each month” now stands before “Prices include tax.”" in moved
    )


def test_a_footnote_call_is_drawn_where_it_is_and_counted_nowhere_else() -> None:
    before = "# Fees\n\nThe fee is 10 euros a month. It is due at once.\n"
    after = before.replace("month.", "month.[^m]") + "\n[^m]: Without value added tax.\n"

    shown = draw_comparison(
        comparison(before, after, reason(changed_before="", changed_after="[^m]")), width=100, colour=False
    )

    assert "The fee is 10 euros a month.[+[1]+] It is due at once." in shown
    assert "link" not in shown
    assert "new: “footnote m”" in shown
    assert "[^m]" not in shown

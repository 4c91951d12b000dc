"""Changes in lists, tables, links and moves, as they are read where there is only text: terminal and Markdown."""

from __future__ import annotations

import pytest

from notifier import redline
from notifier.render.redline.html import draw_html
from notifier.render.redline.html_page import draw_page
from notifier.render.redline.pull_request import draw_redline_markdown
from notifier.render.redline.terminal import draw_redline
from notifier.significance.comparison import compare_files

from .reading import elements
from .shown import BEFORE, comparison

ROW = "| Purposes | Categories |\n|---|---|\n| **{}** | Account Data<br><br>Profile Data<br> <br>Usage Data{} |\n"


def drawn(before: str, after: str) -> str:
    return draw_redline(comparison(before, after).redline, width=200, colour=False)


def commented(before: str, after: str) -> str:
    return draw_redline_markdown(comparison(before, after).redline)


def test_an_edited_list_item_keeps_its_bullet() -> None:
    old, new = "Terms:\n\n*   We keep it for a day.\n", "Terms:\n\n*   We keep it for a week.\n"

    assert "   - We keep it for a [-day-] [+week+]." in drawn(old, new)
    assert "> • We keep it for a <del>day</del> <ins>week</ins>." in commented(old, new)


def test_line_breaks_in_a_cell_are_a_sign_and_no_tags() -> None:
    old, new = ROW.format("Work", ""), ROW.format("Work", "<br><br>Insights")

    assert "| Account Data ⏎ Profile Data ⏎ Usage Data [+⏎ Insights+]" in drawn(old, new)
    assert "Usage Data <ins>⏎ Insights</ins> |" in commented(old, new)


def test_a_long_row_that_is_cut_still_says_which_row_it_is() -> None:
    purpose = "To improve the service<br><br>" + "and to do research that others have asked us to do, " * 12
    shown = drawn(ROW.format(purpose, ""), ROW.format(purpose, "<br>Insights"))

    assert "   **To improve the service ⏎ and to do research that others… | Account Data" in shown


def test_a_long_item_or_cell_that_is_cut_still_begins_with_what_names_it() -> None:
    work = "we check that nobody was told twice and that nobody was left out, " * 8
    item, table = (
        f"Do this:\n\n3. {work}for {{}} days.\n",
        "| What | Which |\n|---|---|\n| **{}** of all | {{}} days |\n",
    )
    row = table.format(f"Safety, as {work}")

    assert "   3. … " in drawn(item.format(30), item.format(60))
    assert "> • … " in commented(item.replace("3.", "*").format(30), item.replace("3.", "*").format(60))
    assert "   **Safety, as we check that nobody was told twice and that…" in drawn(row.format(30), row.format(60))
    assert " | [-30-] [+60+] days" in drawn(row.format(30), row.format(60))


def test_a_new_link_at_the_end_of_new_words_is_new_as_a_whole() -> None:
    old = "|a|b|c|d|\n|---|---|---|---|\n| cookie | 1 year | Sales and analytics | choose it in our banner |\n"
    new = old.replace("Sales and analytics", "Advertising (Propensity). [See their policy](https://a.example/p).")

    assert "[+Advertising (Propensity). See their policy (https://a.example/p).+]" in drawn(old, new)


def test_the_address_of_a_link_that_is_gone_has_no_bracket_of_its_words() -> None:
    old = "As told in the [Google documentation](https://a.example/cookies) | x\n"
    new = "As told in the Google documentation. See the [Privacy Policy](https://b.example/privacy). | x\n"

    assert "documentation [-(https://a.example/cookies)-] [+. See the" in drawn(old, new)


def test_two_blanks_never_stand_between_what_is_gone_and_what_is_new() -> None:
    shown = drawn("Cookies used by the Reddit Pixel.\n", "Cookies (of the advertising) Reddit Pixel.\n")

    assert "-]  [+" not in shown
    assert "-] [+" in shown


def test_a_rewritten_paragraph_is_shown_as_two_whole_ones() -> None:
    old = "Pictures live with us for a week, and nobody but you, by and by, can see them.\n"
    new = "Pictures stay, and partners of ours can read, copy and sell them for ever and ever.\n"

    assert f" - {old} + {new.strip()}" in drawn(old, new)


def test_what_a_page_says_by_its_looks_stands_apart_from_the_words() -> None:
    old = "- one\n  - or two of us\n    - three deep two\n\n> Quoted is two.\n>\n> > Asked is two.\n\n"
    old += "Run `npm two` for *it*.\n"
    shown, commented_on = drawn(old, old.replace("two", "six")), commented(old, old.replace("two", "six"))

    for line in (
        "     - or [-two-] [+six+] of us",
        "       - three deep [-two-] [+six+]",
        "   > Quoted is [-two-] [+six+].",
        "   > > Asked is [-two-] [+six+].",
        "   Run `npm [-two-] [+six+]` for it.",
    ):
        assert line in shown.splitlines()
    assert "> &emsp; &emsp; • three deep <del>two</del> <ins>six</ins>" in commented_on
    assert "> > > Asked is <del>two</del> <ins>six</ins>." in commented_on
    assert "Run <code>npm</code> <code><del>two</del></code> <code><ins>six</ins></code> for it." in commented_on


def test_rows_of_a_table_stand_in_its_columns_under_its_headings() -> None:
    table = "| Data | Kept | Why |\n|---|---|---|\n| Logs | 30 days | safety |\n| Chats | a year | you |\n"
    table += "| Mail | never | - |\n"
    new = table.replace("30", "90").replace("never", "always") + "| Calls | a month | trust |\n"

    assert drawn(table, new).splitlines()[1:] == [
        "   Data  | Kept                 | Why",
        "   Logs  | [-30-] [+90+] days   | safety",
        "   … 1 row unchanged",
        "   Mail  | [-never-] [+always+] | -",
        " + Calls | a month              | trust",
    ]
    assert commented(table, new).splitlines()[2:] == [
        "> | Data | Kept | Why |",
        "> | --- | --- | --- |",
        "> | Logs | <del>30</del> <ins>90</ins> days | safety |",
        "> | Mail | <del>never</del> <ins>always</ins> | \\- |",
        "> | <ins>Calls</ins> | <ins>a month</ins> | <ins>trust</ins> |",
    ]


def test_code_keeps_its_lines_and_a_heading_is_seen_to_be_one() -> None:
    old = "## Who we are\n\n```\nfirst\n  keep = 30\nlast\nfar away\n```\n"
    new = old.replace("we are", "you are").replace("30", "90")

    assert drawn(old, new).splitlines()[1:] == [
        "   ## Who [-we-] [+you+] are",
        "",
        "       first",
        "         keep = [-30-] [+90+]",
        "       last",
    ]
    assert "> <b>Who <del>we</del> <ins>you</ins> are</b>" in commented(old, new)
    assert "> <pre>first\n>   keep = <del>30</del><ins>90</ins>\n> last" in commented(old, new)


def test_an_empty_heading_after_a_new_paragraph_is_not_shown() -> None:
    shown = drawn(BEFORE, f"{BEFORE}\nCall us.\n\n### \n\nRead more\n")

    assert " + Call us.\n" in shown
    assert "###" not in shown


def test_paragraphs_that_came_together_are_still_paragraphs_and_items_one_list() -> None:
    paragraphs = drawn(BEFORE, f"{BEFORE}\nOne new rule.\n\nAnother new rule.\n")
    items = drawn(BEFORE, f"{BEFORE}\n- one new item\n- another new item\n")

    assert " + One new rule.\n\n + Another new rule." in paragraphs
    assert " + - one new item\n + - another new item" in items


def test_emphasis_is_left_out_of_a_comment_but_never_what_stands_in_code() -> None:
    shown = commented("_See_ `_ga_x_` for one.\n", "_See_ `_ga_x_` for two.\n")

    assert "> See <code>\\_ga\\_x\\_</code> for <del>one</del> <ins>two</ins>." in shown


def test_a_full_stop_that_is_no_longer_strong_is_an_emphasis_that_changed_and_no_word() -> None:
    old, new = "It is **the end.** You may go today.\n", "It is **the end**. You may go now.\n"

    assert "the end. You may go [-today-] [+now+]." in drawn(old, new)
    assert "and 2 emphases" in drawn(old, new)
    assert "the end. You may go <del>today</del> <ins>now</ins>." in commented(old, new)
    assert elements(draw_html(redline(old, new)).body, "del") == ["today"]
    small = draw_redline(redline(old, new), width=90, colour=False, show_all=True)
    assert "**the end[+**+]." in small
    assert "**the end**.[-**-]" in small


def test_a_backslash_of_the_markdown_is_not_said_in_a_comment() -> None:
    shown = commented("**8\\. Sharing with others** in 30 days\n", "**8\\. Sharing with others** in 60 days\n")

    assert "> 8\\. Sharing with others in <del>30</del> <ins>60</ins> days" in shown


def test_a_raw_table_is_read_by_its_cells() -> None:
    before = "<table>\n<tr><th>Data</th><th>Kept</th></tr>\n<tr><td>Logs</td><td>30 days</td></tr>\n</table>\n"

    assert "Data | Kept Logs | [-30-] [+90+] days" in " ".join(drawn(before, before.replace("30", "90")).split())


def test_a_sentence_that_becomes_a_footnote_is_said_to_stand_elsewhere() -> None:
    old = "We keep chats for 30 days. You may object at any time.\n\nMore.\n"
    new = old.replace(" You may object at any time.", "[^1]\n\n[^1]: You may object at any time.")

    assert "“You may object at any time.” now stands in a footnote" in drawn(old, new)
    assert "- moved: “You may object at any time.” now stands in a footnote" in commented(old, new)
    assert "now stands in the text, no longer in a footnote" in drawn(new, old)
    assert '<span class="move-note">moved here' in draw_html(redline(old, new)).body


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Last updated: 1 May 2026 | Version 7", "Last updated: 1 May 2026 | Version "),
        ("**Last updated: 1 May 2026** | Version 7", "Last updated: 1 May 2026 | Version "),
        ("Version 7, last updated: **1 May 2026**", ", last updated: 1 May 2026"),
        ("Version 7. Effective date: 1 May 2026.", ". Effective date: 1 May 2026."),
    ],
)
def test_the_posted_date_beside_a_change_is_shown_in_every_target_and_is_no_change(line: str, shown: str) -> None:
    """It is not compared; where it stands a reader saw a blank, with the emphasis around it as asterisks."""
    found = compare_files(f"# Fees\n\n{line}\n", f"# Fees\n\n{line.replace('7', '8')}\n", language="en")

    plain = draw_redline(found.redline, width=100, colour=False)
    assert shown in plain
    assert "[-7-]" in plain
    beside = draw_redline(found.redline, width=140, colour=False, side_by_side=True)
    assert beside.count(shown.strip(", ")) == 2
    assert shown in draw_redline_markdown(found.redline).replace("\\|", "|")
    [article] = elements(draw_page(found, "fees"), "main")
    assert "1 May 2026" in article
    assert "*" not in plain + article


def test_the_posted_date_of_a_line_that_came_or_went_whole_goes_with_it() -> None:
    text = "# Fees\n\nLast updated: 1 May 2026, version 7\n\nThe fee is 10 euros.\n"
    without = "# Fees\n\nThe fee is 10 euros.\n"

    for before, after, sign in ((text, without, "-"), (without, text, "+")):
        drawn = draw_redline(compare_files(before, after, language="en").redline, width=100, colour=False)
        assert f" {sign} Last updated: 1 May 2026, version 7" in drawn

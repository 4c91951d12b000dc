from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.render.redline.pull_request import draw_markdown, escaped
from notifier.text.document import RunKind
from notifier.text.markdown import parse
from tests.examples import examples

from .shown import AFTER, BEFORE, comparison, reason


def test_a_reviewer_reads_verdict_reasons_and_what_is_left_to_do() -> None:
    shown = draw_markdown(
        comparison(), heading="privacy", told="48,210 customers will be told", tasks=["no summary in the front matter"]
    )

    assert shown.startswith("### privacy: significant (clear)\n")
    assert "| 1 | retention | How long we keep data ¶1 | 30 days | 12 months | WP260 ¶30 |" in shown
    assert "- [ ] no summary in the front matter" in shown
    assert "<details><summary>Redline</summary>\n\n**Privacy Policy › How long we keep data**, line 7" in shown
    assert "Chats are kept for <del>30 days</del> <ins>12 months</ins> after they end." in shown


def test_policy_text_cannot_break_the_table() -> None:
    shown = draw_markdown(comparison(BEFORE, AFTER, reason(changed_after="a | b\n\n| c `d`")), heading="privacy")

    row = next(line for line in shown.splitlines() if line.startswith("| 1 "))
    assert row.replace("\\|", "").count("|") == 7


def test_policy_text_cannot_inject_html_or_call_anyone() -> None:
    shown = draw_markdown(comparison("Old.\n", "New </details><img src=x> for @everyone and #12.\n"), heading="privacy")

    assert "<img" not in shown
    assert shown.count("</details>") == 1
    assert "@everyone" not in shown
    assert "#12" not in shown


def test_a_very_long_redline_fits_into_a_comment_and_says_that_it_was_cut() -> None:
    before = "\n\n".join(f"Paragraph {n} says one thing." for n in range(3000))
    after = "\n\n".join(f"Paragraph {n} told another tale." for n in range(3000))

    shown = draw_markdown(comparison(before, after), heading="privacy")

    assert len(shown) < 65_536
    assert "`notifier preview` shows it whole" in shown


def test_a_comment_says_when_no_words_changed_but_links_did() -> None:
    shown = draw_markdown(
        comparison("See [it](https://a.example/a).\n", "See [it](https://a.example/b).\n"), heading="x"
    )

    assert "No words changed.\n\nand 1 link" in shown


def test_strong_words_stand_in_a_comment_without_stars() -> None:
    shown = draw_markdown(comparison("**Sharing:** with none.\n", "**Sharing:** with some.\n"), heading="privacy")

    assert "> Sharing: with <del>none</del> <ins>some</ins>." in shown


@given(st.text(alphabet="ab1 *_`[](){}<>#+-.!|~\\&:/@=w\n", max_size=30))
@settings(max_examples=examples(80), deadline=None)
def test_escaped_text_reads_as_itself_and_is_no_markup(text: str) -> None:
    document = parse(f"x {escaped(text)}")

    (block,) = document.blocks
    assert {(run.kind, run.styles, run.link) for run in block.runs} == {(RunKind.TEXT, (), None)}
    assert not document.unseen
    assert block.text.replace("\u2060", "").split() == f"x {text}".split()

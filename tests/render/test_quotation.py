"""Policy Markdown as words that a letter can quote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.render.message.excerpts import excerpts
from notifier.render.message.quotation import one_line, quote


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("Chats are kept for **30 days**, `always`.", "Chats are kept for 30 days, always."),
        ("- a list item", "a list item"),
        ("  1) a numbered one", "a numbered one"),
        ("> ## A heading", "A heading"),
        ("| Name | who | why |", "Name · who · why"),
        ("| `a` | b \\| c | |", "a · b | c"),
        ("*one*\n_sentence_ on two lines", "one sentence on two lines"),
        ("[us](https://chat.example/x)", "us (https://chat.example/x)"),
        ("[us](https://else.test/x)", "us (else.test/x)"),
        ("<https://chat.example/x>", "https://chat.example/x"),
        ("[mail](mailto:a@chat.example)", "mail"),
        ("[see][1] below", "see below"),
        ("![a picture](x.png) here", "a picture here"),
        ("a <b>bold</b> &amp; \\*plain\\* word~~s~~", "a bold & *plain* word~~s~~"),
        ("2026 was good", "2026 was good"),
        ("See https://chat.example/x or https://else.test/y.", "See https://chat.example/x or else.test/y."),
        ("[odd](http://[x)", "odd ([x)"),
        ("**Nevada residents** may ask. *Others", "Nevada residents may ask. Others"),
        ("{% if x %}Ask [our team]({{ site.email }}#top).{% endif %}", "Ask our team."),
        ("The cookies _fbp, __utma and `_ga`", "The cookies _fbp, __utma and _ga"),
        ("_We never sell it.", "We never sell it."),
        ("Residents** of snake_case, 3 * 4", "Residents of snake_case, 3 * 4"),
        (
            "<table><tr><td>Data</td><td>Kept</td></tr><tr><td>Logs</td><td>30 days</td></tr></table>",
            "Data · Kept; Logs · 30 days",
        ),
        ("We ~~never~~ sell", "We ~~never~~ sell"),
        ("[x] I agree", "☑ I agree"),
        ("- [ ] I agree", "☐ I agree"),
        ("-notifier_name_t- stays open", "notifier_name_t- stays open"),
    ],
)
def test_no_marks_are_left_over(markdown: str, words: str) -> None:
    assert quote(markdown, hosts=("chat.example",)) == words


@pytest.mark.parametrize(
    ("before", "after", "lead", "changed"),
    [
        ("for us.", "for us and others.", "for us ", "and others"),
        ("kept 30 days here", "kept 12 months here", "kept ", "12 months"),
        ("we may share", "we share", "we ", ""),
        ("costs 1,400 now", "costs 1,500 now", "costs ", "1,500"),
        ("costs €4.90 an order", "costs €6.90 an order", "costs €", "6.90"),
        ("", "all new", "", "all new"),
    ],
)
def test_an_excerpt_marks_just_the_words_that_changed(before: str, after: str, lead: str, changed: str) -> None:
    assert excerpts(before, after)[1].lead == lead
    assert excerpts(before, after)[1].changed == changed


def test_a_long_sentence_is_cut_around_the_change() -> None:
    start, end = "a start " * 40, " an end" * 40

    excerpt = excerpts(f"{start}old{end}", f"{start}new{end}")[1]

    assert str(excerpt).startswith("… ")
    assert str(excerpt).endswith(" …")
    assert excerpt.changed == "new"
    assert len(str(excerpt)) < 200


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_short_sentence_is_quoted_whole(before: str, after: str) -> None:
    old, new = one_line(before), one_line(after)

    assert tuple(map(str, excerpts(old, new))) == (old, new)


@given(st.text(alphabet="a *_`[]()<>|#-!\\{}%&;~\n:/", max_size=80))
def test_whatever_marks_a_sentence_holds_it_can_be_quoted_on_one_line(markdown: str) -> None:
    assert "\n" not in quote(markdown)


@given(st.text())
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    assert "\n" not in one_line(text)


def test_a_footnote_is_not_quoted_by_its_marker() -> None:
    assert (
        quote("We share data with carriers.[^1] And with banks[^bank].")
        == "We share data with carriers. And with banks."
    )
    assert quote("[^1]: At present DHL.") == "At present DHL."
    assert quote(r"The form \[^1] stays.") == "The form [^1] stays."

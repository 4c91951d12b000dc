"""Front matter: where it ends, what is read of it, and that none of it is ever on a page."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifier.errors import PolicyError
from notifier.render.plain_text import plain_text
from notifier.text.compared_text import compared_text
from notifier.text.front_matter import (
    FrontMatter,
    body_start,
    drop_used_up,
    find_front_matter,
    front_matter_fields,
    read_front_matter,
    split_front_matter,
)
from notifier.text.front_matter_syntax import FieldKind
from notifier.text.markdown import parse


def test_front_matter_is_read_and_unknown_keys_are_ignored() -> None:
    text = (
        "---\ntitle: Privacy\neffective: 2026-06-01\naudience: [eu, beta]\nsummary: >\n  We share\n  more.\n"
        "language: en-GB\nannounce: true\nlayout: page\n---\n# X\n"
    )

    assert read_front_matter(text) == FrontMatter(
        "Privacy", date(2026, 6, 1), frozenset({"eu", "beta"}), "We share more.", "en-GB", announce=True
    )


@pytest.mark.parametrize(
    "text",
    ["# Privacy\n", "", "---\n\nA rule above.\n", "---\n---\n# X\n", "Words\n---\ntitle: x\n---\n",
     "---\n\nWe keep chats.\n\n---\n\nWe share them.\n", "+++\n\nWe keep chats.\n\n+++\n"],
)  # fmt: skip
def test_without_front_matter_there_is_none(text: str) -> None:
    assert read_front_matter(text) == FrontMatter()


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Privacy\n---\nBODY",
        "\ufeff---  \r\ntitle: Privacy\r\n...\r\nBODY",
        "---\rtitle: Privacy\r---\rBODY",
        "---\r\ntitle: Privacy\n---\nBODY",
        "---\n\n# ours\n\ntitle: Privacy\n---\nBODY",
        '+++\ntitle = "Privacy"\nparams = { a.b = 1 }\n[build]\ntitle = 3\n+++\nBODY',
    ],
)
def test_front_matter_ends_at_the_line_that_closes_it_in_yaml_and_in_toml(text: str) -> None:
    assert text[body_start(text) :] == "BODY"
    assert read_front_matter(text) == FrontMatter("Privacy")


def test_toml_is_read_as_yaml_is() -> None:
    text = (
        '+++\ntitle = "Privacy"\neffective = 2026-06-01\naudience = ["eu", "beta"]\nsummary = """\nWe share\n'
        'title = "no".\n"""\nannounce = true\nweight = 3\n+++\n# X\n'
    )

    found = read_front_matter(text)

    assert found == FrontMatter(
        "Privacy", date(2026, 6, 1), frozenset({"eu", "beta"}), 'We share\ntitle = "no".', announce=True
    )
    assert read_front_matter(drop_used_up(text)) == found._replace(summary=None, effective=None)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("---\ntitle: Privacy\n\n# X\n", "p.md:1: the front matter is not closed"),
        ("---\ntitle: x\neffective: [\n---\n", "p.md:4: the front matter is not YAML"),
        ("---\ntitle: x\ntitle: : y\n---\n", "p.md:3: the front matter is not YAML"),
        ("---\n- a\n---\n", 'p.md:2: the front matter must be one "key: value" a line'),
        ("---\n{title: x, summary: y}\n---\n", 'p.md:2: the front matter must be one "key: value" a line'),
        (
            "---\nx: 1\neffective: soon\n---\n",
            "p.md:3: front matter effective: expected a date as in 2024-05-01, got 'soon'",
        ),
        (
            "---\neffective: 2024-13-01\n---\n",
            "p.md:2: front matter effective: expected a date as in 2024-05-01, got '2024-13-01'",
        ),
        ("---\nannounce: maybe\n---\n", "p.md:2: front matter announce: expected true or false, got 'maybe'"),
        ("---\naudience: 3\n---\n", "p.md:2: front matter audience: expected a list of customer tags, got '3'"),
        ("---\nannounce: 1\n---\n", "p.md:2: front matter announce: expected true or false, got '1'"),
        ("---\naudience: {eu: 1}\n---\n", "p.md:2: front matter audience: expected a list of customer tags"),
        ("---\naudience: eu\n\naudience: us\n---\n", "p.md:4: front matter audience: 2 times, expected once"),
        ("---\nx: &a 1\ny: *a\n---\n", 'p.md:3: the front matter has an alias, "*a"; write the value out'),
        ("---\nx: " + "[" * 5000 + "\n---\n", "p.md:2: the front matter"),
        ("---\nx: " + "- " * 50 + "\n---\n", "p.md:2: the front matter"),
        ("---\nx: '" + "long " * 9000 + "'\n---\n", "p.md:1: the front matter has 45,006 characters; at most 32,768"),
        ('+++\ntitle = "x\n+++\n', "p.md:2: the front matter is not TOML"),
        ('+++\ntitle = "x"\n\n# X\n', "p.md:1: the front matter is not closed"),
        ("+++\naudience = 3\n+++\n", "p.md:2: front matter audience: expected a list of customer tags, got '3'"),
    ],
)
def test_broken_front_matter_is_an_error_at_its_line(text: str, complaint: str) -> None:
    with pytest.raises(PolicyError) as raised:
        read_front_matter(text, "p.md")

    assert str(raised.value).startswith(complaint)
    assert "\n" not in str(raised.value)


def test_every_mistake_in_front_matter_is_told_at_once() -> None:
    with pytest.raises(PolicyError) as raised:
        read_front_matter("---\ntitle: [a]\nannounce: 3\n---\n", "p.md")

    assert [line[:7] for line in str(raised.value).splitlines()] == ["p.md:2:", "p.md:3:"]


@pytest.mark.parametrize(
    "front_matter",
    ['+++\nsummary = {en = "More.", "de" = "Mehr."}\n', '+++\nsummary.en = "More."\nsummary . de = "Mehr."\n',
     '+++\ntitle = "T"\n[summary]\nen = "More."\nde = """\nMehr."""\n', "---\nsummary: {en: More., de: Mehr.}\n"],
)  # fmt: skip
def test_a_summary_of_several_languages_is_read_however_it_is_written(front_matter: str) -> None:
    text = f"{front_matter}{front_matter[:3]}\n# T\n"

    assert read_front_matter(text).summaries == {"en": "More.", "de": "Mehr."}
    assert read_front_matter(drop_used_up(text)).summaries == {}
    assert "More" not in drop_used_up(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\ntitle: T\nsummary: We share.\nlayout: x\n---\n# T\n", "---\ntitle: T\nlayout: x\n---\n# T\n"),
        ("---\nsummary: |\n  We share.\n\n  And more.\nlayout: x\n---\n", "---\nlayout: x\n---\n"),
        ('---\nlayout: x\nsummary: "We\n  share."\n---\n', "---\nlayout: x\n---\n"),
        ("---\r\nsummary: We share.\r\nlayout: x\r\n---\r\nW\r\n", "---\r\nlayout: x\r\n---\r\nW\r\n"),
        ("---\nsummary: We share.\n---\n# T\n", "# T\n"),
        ("\ufeff---\nsummary: We share.\n---\n# T\n", "\ufeff# T\n"),
        ("---\ntitle: summary\n---\n# summary: x\n", "---\ntitle: summary\n---\n# summary: x\n"),
        ("# T\n\nsummary: no front matter\n", "# T\n\nsummary: no front matter\n"),
        ("---\nmeta:\n  summary: theirs\n---\n", "---\nmeta:\n  summary: theirs\n---\n"),
        ('+++\nsummary = "We share."\nx = 1\n+++\nW\n', "+++\nx = 1\n+++\nW\n"),
        ("+++\n[meta]\nsummary = 'theirs'\n+++\n", "+++\n[meta]\nsummary = 'theirs'\n+++\n"),
        (
            '+++\nx = 1\n[summary]\nen = "We share."\nde = "Wir teilen."\n\n[meta]\ny = 2\n+++\n',
            "+++\nx = 1\n[meta]\ny = 2\n+++\n",
        ),
        ('+++\nsummary.en = "We share."\nsummary.de = "Wir teilen."\n+++\nW\n', "W\n"),
    ],
)
def test_a_used_summary_goes_and_nothing_else(before: str, after: str) -> None:
    assert drop_used_up(before) == after
    assert drop_used_up(after) == after


def test_front_matter_of_hostile_making_costs_no_time() -> None:
    laughs = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    hostile = [
        f"---\na0: &a0 lol\n{laughs}---\n",
        "---\nx: " + "{a: " * 8000 + "\n---\n",
        "+++\n" + ".".join("a" * 16000) + " = 1\n+++\n",
        "+++\nx = " + "[\n" * 16000 + "+++\n",
        "---\n" * 60000,
        "---\ntitle: x\n" + "words\n" * 60000,
    ]
    began = time.process_time()

    for text in hostile:
        split_front_matter(text)
        with suppress(PolicyError):
            read_front_matter(text)
        drop_used_up(text)

    assert time.process_time() - began < 1


LINES = [
    "---", "...", "+++", "title: x", "summary: draft", "summary: |", "  draft", "audience: [eu]", 'title = "x"',
    'summary = """', "draft", '"""', "[meta]", "# comment", "", "# Heading", "Words.", "- item", "---  ", "****",
]  # fmt: skip
texts = st.builds(
    lambda mark, lines, newline, tail: mark + newline.join(lines) + tail,
    st.sampled_from(["", "\ufeff"]),
    st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=8)), max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\n"]),
)


@given(texts)
@example("---\naudience: [secret]\nsummary: draft\n...\n# T\n")
@example("+++\naudience = ['secret']\n+++\n# T\n")
def test_front_matter_is_never_on_a_page_nor_compared(text: str) -> None:
    front, body = split_front_matter(text)

    assert front + body == text
    assert compared_text(f"{front}\nWORDS", language="en").strip() == "WORDS"
    assert plain_text(parse(text)) == plain_text(parse("\n" + body.removeprefix("\ufeff")))


@given(texts)
def test_every_field_is_found_where_it_stands(text: str) -> None:
    span = find_front_matter(text)
    for field in front_matter_fields(text):
        assert span is not None
        assert span.start <= field.lines[0] <= field.key_start < field.start <= field.end <= field.lines[1] <= span.stop
        if field.words and "\n" not in text[field.start : field.end] and field.kind is not FieldKind.LIST:
            assert text[field.start : field.end].strip() == field.words[0]


@given(texts)
def test_without_its_summary_front_matter_says_all_that_it_said(text: str) -> None:
    try:
        before = read_front_matter(text)
    except PolicyError:
        return

    after = drop_used_up(text)

    assert read_front_matter(after) == before._replace(summary=None)
    assert split_front_matter(after)[1].removeprefix("\ufeff") == split_front_matter(text)[1].removeprefix("\ufeff")


def test_a_summary_may_stand_in_several_languages_and_leaves_with_the_day_it_was_said_for() -> None:
    text = "---\ntitle: T\nsummary:\n  en: We share more.\n  de: Wir teilen mehr.\npost_on: 2026-12-01\n---\n# X\n"

    found = read_front_matter(text)

    assert (found.summary, found.summaries) == (None, {"en": "We share more.", "de": "Wir teilen mehr."})
    assert found.post_on == date(2026, 12, 1)
    assert drop_used_up(text) == "---\ntitle: T\n---\n# X\n"
    assert read_front_matter("---\nsummary: {en: More., de: Mehr.}\n---\n").summaries["de"] == "Mehr."


def test_a_summary_in_a_table_of_toml_is_used_up_too() -> None:
    text = '+++\ntitle = "T"\n[summary]\nen = "More."\nde = "Mehr."\n+++\n# X\n'

    assert read_front_matter(text).summaries == {"en": "More.", "de": "Mehr."}
    assert drop_used_up(text) == '+++\ntitle = "T"\n+++\n# X\n'


def test_a_summary_that_is_neither_words_nor_words_by_language_is_named() -> None:
    with pytest.raises(PolicyError, match=r"summary.en: expected a text"):
        read_front_matter("---\nsummary: {en: [1, 2]}\n---\n")

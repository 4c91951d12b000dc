"""The blocks of a policy as its reader sees them, and where they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from notifier.text.document import BlockKind, Place, parse

POLICY = """---
title: Privacy
effective: 2026-01-01
---
# Privacy Policy

We keep it
short.

## What we collect

- your name
- your address,
  in full
1. first

| what | how long |
|------|---------:|
| name | a year |

> quoted words

```
code stays
```

Sharing
-------

We share **nothing**.
"""


def seen(text: str) -> list[tuple[str, str]]:
    document = parse(text)
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def test_every_kind_of_block_is_found_without_its_markers() -> None:
    assert seen(POLICY) == [
        ("front_matter", "title: Privacy"),
        ("front_matter", "effective: 2026-01-01"),
        ("heading", "Privacy Policy"),
        ("paragraph", "We keep it\nshort."),
        ("heading", "What we collect"),
        ("list_item", "your name"),
        ("list_item", "your address,\n  in full"),
        ("list_item", "first"),
        ("table_row", "| what | how long |"),
        ("table_row", "| name | a year |"),
        ("paragraph", "quoted words"),
        ("code", "code stays"),
        ("heading", "Sharing"),
        ("paragraph", "We share **nothing**."),
    ]


def test_a_block_knows_its_headings_and_its_number_below_them() -> None:
    document = parse("# A\n\none\n\n## B *and* [C](x)\n\ntwo\n\nthree\n\n# D\n")
    assert [(block.section, block.paragraph) for block in document.blocks] == [
        (("A",), 0),
        (("A",), 1),
        (("A", "B and C"), 0),
        (("A", "B and C"), 1),
        (("A", "B and C"), 2),
        (("D",), 0),
    ]


def test_a_place_is_counted_as_an_editor_counts_it() -> None:
    document = parse("one\ntwo\r\nthree")
    assert [document.place(offset) for offset in (0, 3, 4, 9, 13)] == [
        Place(1, 1),
        Place(1, 4),
        Place(2, 1),
        Place(3, 1),
        Place(3, 5),
    ]


def test_a_line_of_equals_signs_makes_a_heading_only_below_a_paragraph() -> None:
    assert seen("Title\n=====\n\ntext\n\n---\n\nmore") == [
        ("heading", "Title"),
        ("paragraph", "text"),
        ("paragraph", "more"),
    ]


def test_an_unclosed_fence_turns_the_rest_into_code() -> None:
    kinds = [kind for kind, _ in seen("text\n\n```\n# not a heading\n\nnot a paragraph")]
    assert kinds == ["paragraph", "code", "code"]


def test_an_unclosed_comment_runs_to_the_end() -> None:
    assert [kind for kind, _ in seen("text\n\n<!-- open\n\n# still inside")] == ["paragraph", "html", "html"]


def test_front_matter_that_never_ends_is_text() -> None:
    assert seen("---\ntitle: A\n") == [("paragraph", "title: A")]


def test_a_marker_or_a_heading_without_text_holds_no_block() -> None:
    assert seen("-\n\n#\n\n>\n\n1.\n") == []


def test_a_numbered_heading_inside_a_list_is_a_heading() -> None:
    assert seen("1. # Scope\n2. text\n") == [("heading", "Scope"), ("list_item", "text")]


def test_a_hundred_thousand_quotes_are_no_recursion() -> None:
    assert seen(">" * 100_000 + " deep") == [("paragraph", "deep")]


def test_a_text_is_parsed_once() -> None:
    assert parse(POLICY) is parse(POLICY)


@given(st.text(alphabet=st.sampled_from("ab \n\r\t#-=|>*`~<![]():.1\ufeff\u2028é"), max_size=80))
def test_blocks_lie_apart_and_in_order_in_any_text(text: str) -> None:
    blocks = parse(text).blocks
    ends = [0, *(block.end for block in blocks)]
    for block, before in zip(blocks, ends, strict=False):
        assert before <= block.start < block.end <= len(text)
        assert text[block.start : block.end].strip() == text[block.start : block.end]


def test_the_words_of_a_policy_lie_in_the_blocks_that_a_commonmark_parser_finds() -> None:
    body = POLICY[POLICY.index("# Privacy") :]
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    theirs = [token.content for token in tokens if token.type == "inline" and "|" not in token.content]
    ours = [
        text.replace("\n  ", "\n") for kind, text in seen(body) if kind not in (BlockKind.TABLE_ROW, BlockKind.CODE)
    ]
    rows = ["what", "how long", "name", "a year"]
    assert ours == [content for content in theirs if content not in rows]

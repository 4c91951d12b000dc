"""Markdown → `Document`, by pulldown-cmark: CommonMark with what GitHub shows beside it.

Tables, footnotes, alerts, task lists, struck-out text, `{#id}` of headings, definition lists, web addresses written
out. It never fails, takes time linear in the text and bounds what is nested; `html_elements` reads raw HTML.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

import pyromark
from pyromark import Options

from notifier.text.builder import Builder
from notifier.text.document import Block, BlockKind, ContainerKind, Document, RunKind
from notifier.text.front_matter import FrontMatterSpan, body_start, find_front_matter
from notifier.text.markdown_events import OPTIONS, MarkdownReader
from notifier.text.source_offsets import offsets_in

_SURROGATE = re.compile("[\ud800-\udfff]")
_FRONT_MATTER_KEY = re.compile(r"^[^\s#-][^\n]*+(?:\n(?:[ \t-][^\n]*+)?(?=\n|\Z))*+", re.MULTILINE)


@lru_cache(maxsize=32)
def parse(text: str) -> Document:
    """As `read`; the last few texts are remembered, so a history is parsed once a text."""
    return read(text)


def read(text: str) -> Document:
    """The blocks of a Markdown text."""
    front, skipped = find_front_matter(text), body_start(text)
    builder, footnotes = _events_read(_readable(text), skipped)
    blocks = _with_notes_where_called(builder.blocks) if footnotes else builder.blocks
    hidden = sorted(builder.unseen, key=lambda block: block.start)
    unseen = (*_keys(text, front), *_apart(hidden, blocks))
    return Document(text, tuple(blocks), unseen, footnotes)


def _with_notes_where_called(blocks: list[Block]) -> list[Block]:
    """A footnote speaks of the section in which it is called, and not of the last one, below which it is written."""
    called: dict[str, Block] = {}
    for block in blocks:
        for run in block.runs:
            if run.kind is RunKind.FOOTNOTE:
                called.setdefault(run.label, block)
    return [_placed(block, called) if block.path else block for block in blocks]


def _placed(block: Block, called: dict[str, Block]) -> Block:
    label = next((one.label for one in block.path if one.kind is ContainerKind.FOOTNOTE), None)
    by = called.get(label) if label is not None else None
    return block._replace(section=by.section, paragraph=by.paragraph) if by else block


_RETRIED = (OPTIONS, OPTIONS & ~Options.ENABLE_HEADING_ATTRIBUTES, Options(0))


def _events_read(source: str, skipped: int) -> tuple[Builder, tuple[str, ...]]:
    """The blocks of the body, and its footnotes.

    pulldown-cmark panics on a few texts (`{}` alone above the line under a heading). It is asked again for less, and
    at last every character is shown as it is typed: whatever it is, it is seen, compared and told.
    """
    for options in _RETRIED:
        reader = MarkdownReader(source, skipped, options)
        try:
            reader.read()
            reader.builder.unseen += _definitions(reader.body, skipped, options)
        except BaseException as error:  # a panic is no Exception
            if type(error).__name__ != "PanicException":
                raise
        else:
            return reader.builder, tuple(reader.numbers)
    builder = Builder(source)
    builder.kind = BlockKind.CODE
    builder.text(skipped, len(source))
    builder.end_block()
    return builder, ()


def _readable(text: str) -> str:
    """The text with U+FFFD, one for one, for what no page can hold: NUL and halves of characters."""
    source = text.replace("\0", "\ufffd") if "\0" in text else text
    try:
        source.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", source)
    return source


def _keys(text: str, front: FrontMatterSpan | None) -> Iterator[Block]:
    """The keys of the front matter, each with its value."""
    for key in _FRONT_MATTER_KEY.finditer(text, front.start, front.stop) if front else ():
        yield Block(BlockKind.FRONT_MATTER, key.start(), key.start() + len(key[0].rstrip()), (), 0)


def _definitions(body: str, skipped: int, options: Options) -> Iterator[Block]:
    """Link definitions: what they say is where links lead."""
    if "]:" not in body:
        return
    at = offsets_in(body, skipped)
    for definition in pyromark.reference_definitions(body, options=options).values():
        span = definition["span"]
        yield Block(BlockKind.UNSEEN, at(span["start"]), at(span["end"]), (), 0)


def _apart(unseen: list[Block], blocks: list[Block]) -> Iterator[Block]:
    """What is unseen and outside every block, with the section and the number of the block before it."""
    starts = [block.start for block in blocks]
    done = 0
    for block in unseen:
        index = bisect_right(starts, block.start) - 1
        before = blocks[index] if index >= 0 else None
        following = starts[index + 1] if index + 1 < len(starts) else block.end
        if max(done, before.end if before else 0) <= block.start < block.end <= following:
            done = block.end
            yield block._replace(section=before.section, paragraph=before.paragraph) if before else block

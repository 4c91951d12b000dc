"""Paragraphs that speak of what stands before them, and stand behind something else now: `This does not apply to …`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from notifier.diff import Diff, Layer
from notifier.significance.reading.lexicon import Lexicon, lexicon
from notifier.significance.reading.plain_words import plain_words
from notifier.text.document import Block, BlockKind, Document

SET = frozenset({BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW})
FIRST = 60
"""Characters in which a paragraph says that it speaks of another."""
NOWHERE = ""
MARKED = 10
"""Characters of marks and blanks before a heading or an item, at most."""


def resettled(diff: Diff, lexicon: Lexicon) -> Iterator[tuple[Block, Block]]:
    """Each such paragraph as it stands in both texts; what it stood behind, and what it stands behind, are in both."""
    if not any(edit.before.text.strip() or edit.after.text.strip() for edit in diff.edits) and not diff.moves:
        return
    now = dict(_referring(diff.after, lexicon))
    if not now:
        return
    texts = tuple({block.text for block in document.blocks} for document in (diff.before, diff.after))
    for text, was_at in _referring(diff.before, lexicon):
        if text not in now:
            continue
        was, stands = _above(diff.before, was_at), _above(diff.after, now[text])
        if was != stands and was in texts[1] and stands in texts[0]:
            yield diff.before.blocks[was_at], diff.after.blocks[now[text]]


def _referring(document: Document, lexicon: Lexicon) -> Iterator[tuple[str, int]]:
    """The paragraphs that begin with `this`, `it`, `otherwise`, by what they say; kept with the text."""
    key = f"referring {lexicon.language}"
    known = document.memo.get(key)
    if not isinstance(known, list):
        known = document.memo[key] = [
            (block.text, at)
            for at, block in enumerate(document.blocks)
            if block.kind is BlockKind.PARAGRAPH and refers_back(document.text[block.start : block.end], lexicon)
        ]
    return iter(known)


def refers_back(text: str, lexicon: Lexicon) -> bool:
    """Does it begin with words that speak of what stands before it?"""
    return _refers_back(text[:FIRST], lexicon.language)


@lru_cache(maxsize=4096)
def _refers_back(beginning: str, language: str) -> bool:
    opens, documents = (lexicon(language).lists.get(name, frozenset()) for name in ("refers_back", "documents"))
    words = plain_words(beginning)
    is_whole = not documents.isdisjoint(words[1:3])  # `this policy` is the whole text
    return not is_whole and any(words[: len(entry)] == entry for entry in (opening.split() for opening in opens))


def _above(document: Document, at: int) -> str:
    """What a paragraph stands right behind."""
    return document.blocks[at - 1].text if at else NOWHERE


def restructured(diff: Diff) -> Iterator[tuple[Block, Block]]:
    """Headings of another level, items of another depth, rows with other cells: the same words, set otherwise."""
    for edit in diff.edits:
        if edit.layer is not Layer.MARKUP or edit.in_move:
            continue
        one, other = _set(diff.before, edit.before.end), _set(diff.after, edit.after.end)
        if one is None or other is None or one.kind is not other.kind or one.line.split() != other.line.split():
            continue
        if (one.level, len(one.path), filled_cells(one)) != (other.level, len(other.path), filled_cells(other)):
            yield one, other


def _set(document: Document, offset: int) -> Block | None:
    """The heading, item or row in which something is set otherwise, or right before which."""
    at = bisect_right(document.blocks, offset, key=lambda block: block.start)
    near = (block for block in document.blocks[max(0, at - 1) : at + 1] if block.kind in SET)
    return next((block for block in near if block.start - MARKED <= offset <= block.end + MARKED), None)


def filled_cells(block: Block) -> list[tuple[int, int, int]]:
    """Which cells of a row hold something, and for how many columns and rows each of them holds."""
    return [(at, cell.columns, cell.rows) for at, cell in enumerate(block.row) if cell.text.strip()]

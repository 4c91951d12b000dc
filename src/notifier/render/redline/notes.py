"""What a redline counts rather than draws (links, markup, typography), and what it says of moved text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise

from notifier.diff import Edit, Layer, Move
from notifier.diff.redline import Redline
from notifier.plurals import counted
from notifier.render.block_html import note_of
from notifier.render.redline.annotations import is_drawn
from notifier.text.document import Block, BlockKind, Document, RunKind

_MARKUP = (
    (re.compile(r"\s*(?:#+|[=-]{3,})\s*"), "heading level", "heading levels"),
    (re.compile(r"[*_~]+"), "emphasis", "emphases"),
    (re.compile(r"[\s>]*(?:(?:[-+*•]|\(?[\da-zA-Z]{1,4}\\?[.)])\s*)+"), "list marker", "list markers"),
    (re.compile(r"\s+"), "line break or space", "line breaks or spaces"),
    (re.compile(r"[\s>]+"), "quotation level", "quotation levels"),
    (re.compile(r"\\+"), "backslash", "backslashes"),
    (re.compile(r"[|:\-\s]+"), "table layout", "table layouts"),
)
_BREAK = re.compile(r"<br\s*/?>")
_BLANK = re.compile(r"[\s>]*")
_QUOTES = frozenset("'\"‘’‚‛“”„‟«»‹›′″`")


def small_edits(redline: Redline) -> tuple[str, ...]:
    """`("3 links", "1 heading level")`: the edits that are not words, counted by kind, in a fixed order."""
    counts: Counter[tuple[str, str]] = Counter()
    for edit in redline.diff.edits:
        if not is_drawn(edit):
            counts[_kind(edit)] += 1
    stressed = sum(_is_restressed(one, other, redline.diff.after) for one, other in pairwise(redline.diff.edits))
    counts += Counter({("emphasis", "emphases"): stressed})
    return tuple(f"{count:,} {names[count != 1]}" for names, count in sorted(counts.items(), key=_by_layer))


def _is_restressed(one: Edit, other: Edit, after: Document) -> bool:
    """Are two edits one mark that went over stars, out of the emphasis or into it: `end.**` and `end**.`?"""
    if (one.before.text, one.after.text) != (other.after.text, other.before.text) or one.layer is not Layer.WORDS:
        return False
    return after.text[one.after.start + len(one.after.text) : other.after.start] == "**"


def _kind(edit: Edit) -> tuple[str, str]:
    if edit.layer is Layer.LINKS:
        return "link", "links"
    text = edit.before.text + edit.after.text
    if edit.layer is Layer.TYPOGRAPHY:
        return _typography(text)
    sides = [_BREAK.sub("\n", side) for side in (edit.before.text, edit.after.text) if side]
    for pattern, one, many in _MARKUP:
        found = [bool(pattern.fullmatch(side)) for side in sides]
        if any(found) and all(fits or _BLANK.fullmatch(side) for fits, side in zip(found, sides, strict=True)):
            return one, many
    return "other mark", "other marks"


def _typography(text: str) -> tuple[str, str]:
    if any(character in _QUOTES for character in text):
        return "quotation mark", "quotation marks"
    if any(unicodedata.category(character) == "Pd" for character in text):
        return "dash", "dashes"
    if not text.strip():
        return "space", "spaces"
    return "character form", "character forms"


_ORDER = (
    "link", "heading level", "list marker", "emphasis", "table layout", "line break or space", "quotation level",
    "backslash", "other mark",
)  # fmt: skip


def _by_layer(counted_kind: tuple[tuple[str, str], int]) -> tuple[int, str]:
    one = counted_kind[0][0]
    return (_ORDER.index(one) if one in _ORDER else len(_ORDER), one)


def move_sentence(redline: Redline, index: int) -> str:
    """`"Do Not Track" now stands before "Cookies" (unchanged)`."""
    move = redline.moves[index]
    after = redline.diff.after
    return f"“{shortened(_title(after, move), 60)}” now stands {_neighbour(after, move)} ({edited(redline, move)})"


def edited(redline: Redline, move: Move) -> str:
    """What happened to moved text beside moving: `unchanged`, or how many edits stand in it."""
    count = sum(
        edit.in_move and edit.layer is Layer.WORDS and move.after.start <= edit.after.start <= move.after.end
        for edit in redline.diff.edits
    )
    if not count:
        return "unchanged"
    return f"with {counted(count, 'edit')}"


def _title(after: Document, move: Move) -> str:
    """What to call what moved: a heading and a row as they read now, anything else by its words."""
    first = next((block for block in after.blocks if block.end > move.after.start), None)
    is_whole = first is not None and first.kind in (BlockKind.HEADING, BlockKind.TABLE_ROW)
    return _said(first) if first is not None and is_whole else move.title


def _neighbour(after: Document, move: Move) -> str:
    is_noted = any(note_of(b.path) for b in after.blocks if move.after.start <= b.start < move.after.end)
    beside = [b for b in after.blocks if b.line and (note_of(b.path) is not None) is is_noted]
    following = next((b for b in beside if b.start >= move.after.end), None)
    if following is not None:
        return f"before “{shortened(_said(following), 40)}”"
    preceding = [b for b in beside if b.end <= move.after.start]
    return f"after “{shortened(_said(preceding[-1]), 40)}”" if preceding else "elsewhere"


def _said(block: Block) -> str:
    """What a reader reads of a block, without the numbers of footnotes."""
    cells = ("".join(run.text for run in cell.runs if run.kind is not RunKind.FOOTNOTE) for cell in block.cells)
    return " | ".join(filter(None, (" ".join(cell.split()) for cell in cells)))


def shortened(text: str, width: int) -> str:
    """One line of at most about `width` characters, cut at a word."""
    text = " ".join(text.split())
    if len(text) <= width:
        return text
    head = text[:width].rsplit(" ", 1)[0]
    return f"{head.rstrip(' ,;:.')}…"

"""A redline as one line of text, so that a test can show what a reader would see."""

from __future__ import annotations

from notifier import redline
from notifier.diff import Edit, Layer
from notifier.diff.redline import Redline, SpanKind

LAYER = {Layer.WORDS: "", Layer.LINKS: "link:", Layer.MARKUP: "markup:", Layer.TYPOGRAPHY: "type:"}
MARKS = {
    SpanKind.KEPT: ("", ""),
    SpanKind.DELETED: ("[-", "-]"),
    SpanKind.INSERTED: ("{+", "+}"),
    SpanKind.MOVED_AWAY: ("<<", "<<"),
    SpanKind.MOVED_HERE: (">>", ">>"),
}


def lossless(old: str, new: str) -> Redline:
    """The redline of two texts, which it holds to the last character."""
    drawn = redline(old, new)
    assert drawn.reject() == old
    assert drawn.accept() == new
    return drawn


def marked(old: str, new: str) -> str:
    """`We [-may-]{+will+} share it`: struck out, put in; `markup:`, `link:` and `type:` name the other layers."""
    out = ""
    for span in lossless(old, new).spans:
        before, after = MARKS[span.kind]
        layer = "" if span.kind is SpanKind.KEPT else LAYER[span.layer]
        out += f"{before}{layer}{span.text}{after}"
    return out


def edits(old: str, new: str) -> tuple[Edit, ...]:
    """The edits between two texts."""
    return lossless(old, new).diff.edits


def edited_words(drawn: Redline) -> int:
    """Words struck out and put in."""
    return drawn.stats.words_deleted + drawn.stats.words_inserted

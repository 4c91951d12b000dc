"""What a diff is made of: layers, passages, edits and moves."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from notifier.text.document import BlockKind, Place


class Layer(StrEnum):
    """What an edit touches; only `WORDS` can change what the text says to a reader of plain words."""

    __hash__ = str.__hash__  # that of an enum is written in Python, and asked for at every look-up

    WORDS = "words"
    LINKS = "links"
    MARKUP = "markup"
    TYPOGRAPHY = "typography"


class SpanKind(StrEnum):
    """What became of a stretch of text."""

    __hash__ = str.__hash__  # that of an enum is written in Python, and asked for at every look-up

    KEPT = "kept"
    DELETED = "deleted"
    INSERTED = "inserted"
    MOVED_AWAY = "moved_away"
    MOVED_HERE = "moved_here"


OLD_KINDS = frozenset({SpanKind.KEPT, SpanKind.DELETED, SpanKind.MOVED_AWAY})
NEW_KINDS = frozenset({SpanKind.KEPT, SpanKind.INSERTED, SpanKind.MOVED_HERE})


class Span(NamedTuple):
    """A stretch of text and what became of it. `move` is the index in `Diff.moves` where it belongs to one."""

    kind: SpanKind
    layer: Layer
    text: str
    move: int | None = None
    words: int = 0
    """How many words it strikes out, puts in or moves: of the text, or of a link's target."""


class Passage(NamedTuple):
    """A stretch of one text: `text == source[start:end]`, the line and column of `start`, and where it stands.

    `sentence` is the source of the whole sentence (or table row, list item) around it, exactly as written.
    An insertion has an empty `text` on the old side, at the place where it goes in.
    """

    text: str
    start: int
    end: int
    line: int
    column: int
    section: tuple[str, ...]
    paragraph: int
    block: BlockKind
    sentence: str

    @property
    def place(self) -> Place:
        """The line and column of `start`, as an editor counts them."""
        return Place(self.line, self.column)


class Edit(NamedTuple):
    """One change: `before` was replaced by `after` (either may be empty text). `in_move`: inside moved text."""

    layer: Layer
    before: Passage
    after: Passage
    in_move: bool = False


class Move(NamedTuple):
    """Text that stands elsewhere now; words edited inside it are edits of their own (`in_move`)."""

    before: Passage
    after: Passage
    words: int
    title: str
    """What a person would call it: the heading of a moved section, else its first words."""

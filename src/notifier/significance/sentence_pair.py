"""A `SentencePair`: what stood there and what stands there now, each side as it stands in its source."""

from __future__ import annotations

from typing import NamedTuple

from notifier.diff import Layer
from notifier.significance.reading.atoms import Atom, atoms_of
from notifier.significance.reading.lexicon import Lexicon
from notifier.significance.reading.sentence_spans import Span, block_at, shown
from notifier.text.document import BlockKind, Document


class PairSide(NamedTuple):
    """One side of a pair: the sentences as they stand in the source, and where."""

    text: str = ""
    start: int = 0
    section: tuple[str, ...] = ()
    paragraph: int = 0
    kind: BlockKind = BlockKind.PARAGRAPH
    atoms: tuple[Atom, ...] = ()
    is_new: bool = False
    """Was it cut from the new text?"""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class SentencePair(NamedTuple):
    """What stood there and what stands there now; a side is empty where sentences came or went whole."""

    before: PairSide
    after: PairSide
    layer: Layer
    in_move: bool = False
    times: int = 1
    """How often the same sentences changed the same way."""

    @property
    def side(self) -> PairSide:
        """Where a reader finds it: in the new text, or in the old one for a deletion."""
        return self.after if self.after.text else self.before

    @property
    def sides(self) -> tuple[PairSide, PairSide]:
        return self.before, self.after

    @property
    def is_insertion(self) -> bool:
        return not self.before.text

    @property
    def is_deletion(self) -> bool:
        return not self.after.text

    @property
    def is_reworded(self) -> bool:
        return bool(self.before.text and self.after.text)


def side_of(document: Document, span: Span, lexicon: Lexicon, *, is_new: bool) -> PairSide:
    """One sentence, or one block, as a side of a pair."""
    block = block_at(document, span[0])
    text = document.text[span[0] : span[1]]
    atoms = atoms_of(shown(document, span, block), lexicon, is_row=block.kind is BlockKind.TABLE_ROW)
    return PairSide(text, span[0], block.section, block.paragraph, block.kind, atoms, is_new)

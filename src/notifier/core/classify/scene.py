"""What a change is seen against: the whole of both texts. Looked at only when a sign asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from notifier.core.classify.changes import Change, Side
from notifier.core.classify.lexicon import Lexicon
from notifier.core.classify.words import words_in, words_of
from notifier.core.diff import Diff
from notifier.core.document import Document

LEGAL_FORM = frozenset(
    words_in("""
    inc llc ltd limited gmbh corp corporation sarl plc pbc bv ag sas kg srl
""")
)
"""Another legal form is another company, however often it is named."""
OFTEN = 3
SHINGLE = 4
"""Words in a row that make it unlikely that two texts share them by chance."""


@dataclass(frozen=True)
class Scene:
    """Both texts of a diff, as words, and what changed between them."""

    diff: Diff
    changes: tuple[Change, ...]
    lexicon: Lexicon

    @cached_property
    def renamed(self) -> frozenset[str]:
        """Names that gave way to others all over the text, and the others."""
        return frozenset(_renamed(self))

    @cached_property
    def _old(self) -> tuple[tuple[str, ...], ...]:
        return tuple(_words_by_block(self.diff.before, self._known))

    @cached_property
    def _new(self) -> tuple[tuple[str, ...], ...]:
        return tuple(_words_by_block(self.diff.after, self._known))

    @cached_property
    def _known(self) -> dict[str, tuple[str, ...]]:
        """Most blocks stand in both texts: each is read once."""
        return {}

    @cached_property
    def old_vocabulary(self) -> frozenset[str]:
        return frozenset().union(*set(self._old))

    @cached_property
    def new_vocabulary(self) -> frozenset[str]:
        return frozenset().union(*set(self._new))

    @cached_property
    def net(self) -> frozenset[str]:
        """Words that the one text holds more of than the other: what moved and was cut anew is not in here."""
        old, new = Counter(self._old), Counter(self._new)
        counts: Counter[str] = Counter()
        for words, times in (new - old).items():
            counts.update(words * times)
        for words, times in (old - new).items():
            counts.subtract(words * times)
        return frozenset(word for word, times in counts.items() if times)

    @cached_property
    def old_shingles(self) -> frozenset[tuple[str, ...]]:
        return shingles_of(tuple(chain.from_iterable(self._old)))

    @cached_property
    def new_shingles(self) -> frozenset[tuple[str, ...]]:
        return shingles_of(tuple(chain.from_iterable(self._new)))

    def is_rare(self, word: str) -> bool:
        """Does one of the texts hold it just once?"""
        return 1 in (sum(words.count(word) for words in side) for side in (self._old, self._new))


def _words_by_block(document: Document, known: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    for block in document.blocks:
        text = document.text[block.start : block.end]
        words = known.get(text)
        if words is None:
            words = known[text] = tuple(map(str.lower, words_of(text)))
        yield words


def shingles_of(words: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(words[offset:] for offset in range(SHINGLE)), strict=False))


def share_in(words: tuple[str, ...], shingles: frozenset[tuple[str, ...]]) -> float:
    """How much of a run of words, by shingles, also stands in another text: 0 to 1; 0 when too short to tell."""
    own = shingles_of(words)
    return sum(1 for shingle in own if shingle in shingles) / len(own) if own else 0.0


def _renamed(scene: Scene) -> Iterator[str]:
    """Words of swaps of a few capitalised words for a few that are made `OFTEN` alike."""
    swaps: Counter[tuple[frozenset[str], frozenset[str]]] = Counter()
    for change in scene.changes:
        gone, come = frozenset(change.removed), frozenset(change.added)
        if not gone or not come or max(len(gone), len(come)) > 3 or (gone | come) & LEGAL_FORM:
            continue
        if _are_names(change.before, gone) and _are_names(change.after, come):
            swaps[gone, come] += change.times * max(1, len(change.removed) // len(gone))
    for (gone, come), times in swaps.items():
        if times >= OFTEN and not gone.isdisjoint(scene.net):
            yield from gone | come


def _are_names(side: Side, words: frozenset[str]) -> bool:
    written = {word.lower() for word in side.words if word[0].isupper()}
    return all(word in written for word in words)

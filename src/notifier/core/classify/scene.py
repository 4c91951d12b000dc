"""What a change is seen against: the whole of both texts. Looked at only when a sign asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from notifier.core.classify.changes import Change, Side
from notifier.core.classify.lexicon import Lexicon
from notifier.core.classify.words import plain_words, words_in, words_of
from notifier.core.diff import Diff
from notifier.core.document import Document

LEGAL_FORM = frozenset(
    words_in("""
    inc llc ltd limited gmbh corp corporation sarl plc pbc bv ag sas kg srl
""")
)
"""Another legal form is another company, however often it is named."""
SUBJECT_WORDS = 30
OFTEN = 3
SAMPLES = 24
MANY = 100
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
    def subject(self) -> Counter[str]:
        """Topics and classes of the first words of the text: what it is about."""
        opening = " ".join(block_text for block_text in _opening(self.diff.after))
        return self.lexicon.marks([word.lower() for word in words_of(opening)][:SUBJECT_WORDS])

    def was_heard(self, word: str) -> bool:
        """Does the old text know a word?"""
        return _knows(self._old_vocabulary, word)

    def is_heard(self, word: str) -> bool:
        """Does the new text know a word?"""
        return _knows(self._new_vocabulary, word)

    @cached_property
    def _old_vocabulary(self) -> frozenset[str]:
        return frozenset(_plain(self.diff.before))

    @cached_property
    def _new_vocabulary(self) -> frozenset[str]:
        return frozenset(_plain(self.diff.after))

    @cached_property
    def net(self) -> frozenset[str]:
        """Words that the one text holds more of than the other: what moved and was cut anew is not in here."""
        old, new = (Counter(_block_texts(text)) for text in (self.diff.before, self.diff.after))
        counts: Counter[str] = Counter()
        for text, times in (new - old).items():
            counts.update([word.lower() for word in words_of(text)] * times)
        for text, times in (old - new).items():
            counts.subtract([word.lower() for word in words_of(text)] * times)
        return frozenset(word for word, times in counts.items() if times)

    @cached_property
    def old_shingles(self) -> Shingles:
        return Shingles(_plain(self.diff.before))

    @cached_property
    def new_shingles(self) -> Shingles:
        return Shingles(_plain(self.diff.after))

    @cached_property
    def _headings(self) -> dict[tuple[str, ...], Counter[str]]:
        return {}

    def heading(self, section: tuple[str, ...]) -> Counter[str]:
        """Topics and classes of the headings of a section."""
        marks = self._headings.get(section)
        if marks is None:
            marks = self._headings[section] = self.lexicon.marks([word.lower() for word in words_of(" ".join(section))])
        return marks

    def is_rare(self, word: str) -> bool:
        """Does one of the texts hold it just once?"""
        bare = "".join(plain_words(word))
        return 1 in (_plain(self.diff.before).count(bare), _plain(self.diff.after).count(bare))


def _plain(document: Document) -> list[str]:
    """The bare words of a text, kept with it."""
    words = document.memo.get("plain_words")
    if not isinstance(words, list):
        words = document.memo["plain_words"] = plain_words(document.text)
    return words


def _knows(vocabulary: frozenset[str], word: str) -> bool:
    return word in vocabulary or all(part in vocabulary for part in plain_words(word))


def _block_texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        yield document.text[block.start : block.end]


def _opening(document: Document) -> Iterator[str]:
    """The first headings and paragraphs, front matter included: it may hold the title."""
    for block in document.blocks[:3]:
        yield document.text[block.start : block.end]


class Shingles:
    """The runs of `SHINGLE` words of a text: searched for when few are asked for, gathered when many are."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.line = f" {' '.join(words)} "
        self.asked = 0
        self.gathered: frozenset[tuple[str, ...]] = frozenset()

    def has(self, run: tuple[str, ...]) -> bool:
        """Does the text hold this run of words?"""
        self.asked += 1
        if self.asked <= MANY:
            return f" {' '.join(run)} " in self.line
        if not self.gathered:
            self.gathered = frozenset(zip(*(self.words[offset:] for offset in range(SHINGLE)), strict=False))
        return run in self.gathered


def share_in(words: Sequence[str], shingles: Shingles) -> float:
    """How much of a run of words, by samples of it, also stands in another text: 0 to 1; 0 when too short to tell."""
    last = len(words) - SHINGLE
    if last < 0:
        return 0.0
    starts = range(0, last + 1, max(1, (last + 1) // SAMPLES))
    return sum(1 for start in starts if shingles.has(tuple(words[start : start + SHINGLE]))) / len(starts)


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

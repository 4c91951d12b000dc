"""What a change is seen against: the whole of both texts. Looked at only when a sign asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from notifier.core.classify.changes import Change, Side
from notifier.core.classify.lexicon import Lexicon
from notifier.core.classify.words import words_of
from notifier.core.diff import Diff

OFTEN = 3
SHINGLE = 4
"""Words in a row that make it unlikely that two texts share them by chance."""


@dataclass(frozen=True)
class Scene:
    """Both texts of a diff, as words."""

    diff: Diff
    lexicon: Lexicon
    renamed: frozenset[str] = frozenset()
    """Names that gave way to others all over the text, and the others."""

    @cached_property
    def old_words(self) -> tuple[str, ...]:
        return tuple(word.lower() for word in words_of(self.diff.before.text))

    @cached_property
    def new_words(self) -> tuple[str, ...]:
        return tuple(word.lower() for word in words_of(self.diff.after.text))

    @cached_property
    def old_vocabulary(self) -> frozenset[str]:
        return frozenset(self.old_words)

    @cached_property
    def new_vocabulary(self) -> frozenset[str]:
        return frozenset(self.new_words)

    @cached_property
    def net(self) -> Counter[str]:
        """Words that the one text holds more of than the other: what moved and was cut anew is not in here."""
        old, new = Counter(self.old_words), Counter(self.new_words)
        return (new - old) + (old - new)

    @cached_property
    def old_shingles(self) -> frozenset[tuple[str, ...]]:
        return _shingles(self.old_words)

    @cached_property
    def new_shingles(self) -> frozenset[tuple[str, ...]]:
        return _shingles(self.new_words)


def _shingles(words: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(words[offset:] for offset in range(SHINGLE)), strict=False))


def share_in(words: tuple[str, ...], shingles: frozenset[tuple[str, ...]]) -> float:
    """How much of a run of words, by shingles, also stands in another text: 0 to 1; 0 when too short to tell."""
    own = _shingles(words)
    return sum(1 for shingle in own if shingle in shingles) / len(own) if own else 0.0


def scene_of(diff: Diff, changes: tuple[Change, ...], lexicon: Lexicon) -> Scene:
    """The scene of a diff, with what was renamed in it."""
    scene = Scene(diff, lexicon)
    return replace(scene, renamed=frozenset(_renamed(changes, scene)))


def _renamed(changes: tuple[Change, ...], scene: Scene) -> Iterator[str]:
    """Words of swaps of a few capitalised words, one or two for one or two, that are made `OFTEN` alike."""
    swaps: Counter[tuple[frozenset[str], frozenset[str]]] = Counter()
    for change in changes:
        gone, came = frozenset(change.removed), frozenset(change.added)
        if (
            gone
            and came
            and len(gone) <= 3
            and len(came) <= 3
            and _are_names(change.before, gone)
            and _are_names(change.after, came)
        ):
            swaps[gone, came] += change.times * max(1, len(change.removed) // len(gone))
    for (gone, came), times in swaps.items():
        if times >= OFTEN and any(word not in scene.new_vocabulary or scene.net[word] >= OFTEN for word in gone):
            yield from gone | came


def _are_names(side: Side, words: frozenset[str]) -> bool:
    written = {word.lower() for word in side.words if word[0].isupper()}
    return all(word in written for word in words)

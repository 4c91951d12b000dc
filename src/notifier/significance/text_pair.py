"""What a pair of sentences is seen against: the whole of both texts. Looked at only where a rule asks for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from notifier.diff import Diff
from notifier.significance.reading.atoms import Kind, atoms_of
from notifier.significance.reading.document_words import (
    block_counts,
    block_texts,
    line_of,
    vocabulary_of,
    words_of_block,
    words_of_item,
)
from notifier.significance.reading.language import is_in
from notifier.significance.reading.lexicon import Lexicon
from notifier.significance.reading.plain_words import masked, parted, plain_words, words_of
from notifier.significance.reading.section_numbers import is_counted, unnumbered
from notifier.significance.reading.sentence_index import sentence_index
from notifier.significance.reading.sentence_spans import block_at
from notifier.significance.reading.word_forms import spelled
from notifier.significance.sentence_pair import PairSide, SentencePair
from notifier.text.document import Block, BlockKind, ContainerKind, Document

SUBJECT_WORDS = 30
LISTED = 3
"""Lines that name headings, from which on they are a table of contents."""
LEAD_CHARACTERS = 300
SAMPLE_CHARACTERS = 4000
SIGNS = re.compile(r"[$€£¥₹%~<]")
HEADING_NUMBER = re.compile(
    r"[*_ ]{0,3}\d{1,3}(?=\s+[*_]*[A-ZÀ-Þ][a-zà-ÿ]+\s[a-zà-ÿ])|[*_ ]{0,3}\d{1,2}(?=\s*[*_]*[A-ZÀ-Þ][a-zà-ÿ]{2}\w*$)"
)
IN_LISTS = frozenset({BlockKind.LIST_ITEM, BlockKind.TABLE_ROW})
ANYBODY = frozenset(("account", "accounts", "user", "users", "customer", "customers", "app", "apps"))
HOLDS_FOR = frozenset({Kind.PARTY, Kind.PLACE, Kind.QUALIFIER, Kind.DIRECTION, Kind.NAME})
BINDING = frozenset(
    ("not", "never", "only", "except", "may", "must", "obliged", "shall", "should", "will", "without", "free", "paid",
     "charged", "optional", "necessary", "opt-in", "opt-out", "turn-on", "turn-off")
)  # fmt: skip


@dataclass(frozen=True)
class TextPair:
    """Both texts of a diff, and what changed between them."""

    diff: Diff
    pairs: tuple[SentencePair, ...]
    lexicon: Lexicon

    @cached_property
    def subject(self) -> Counter[str]:
        """Topics and classes of the first words of the text: what it is about."""
        opening = " ".join(opening_of(self.diff.after))
        return self.lexicon.marks([word.lower() for word in words_of(opening)][:SUBJECT_WORDS])

    @cached_property
    def opening_words(self) -> frozenset[str]:
        """The first words of the old text, in lower case: whom it is by, and about."""
        return frozenset(word.lower() for text in opening_of(self.diff.before) for word in words_of(text))

    @cached_property
    def is_read(self) -> bool:
        """Are both texts in the language that they are judged in?"""
        if self.lexicon.is_empty:
            return False
        texts = (_sample_of(text) for text in (self.diff.before, self.diff.after))
        return all(is_in(text, self.lexicon.language, is_whole=True) for text in texts)

    def was_heard(self, word: str) -> bool:
        """Does the old text know a word?"""
        return _knows(vocabulary_of(self.diff.before, self.lexicon.language), word)

    def is_heard(self, word: str) -> bool:
        """Does the new text know a word?"""
        return _knows(vocabulary_of(self.diff.after, self.lexicon.language), word)

    @cached_property
    def changed_counts(self) -> Counter[str]:
        """How many more (or fewer) of a word the new text holds; what only moved is not in here."""
        old, new = (block_counts(text) for text in (self.diff.before, self.diff.after))
        came, went = list[str](), list[str]()
        for text in {text for text, _ in old.items() ^ new.items()}:
            more = new[text] - old[text]
            (came if more > 0 else went).extend(_spelled_words(text, self.lexicon.language) * abs(more))
        found = Counter(came)
        found.subtract(Counter(went))
        return Counter({word: times for word, times in found.items() if times})

    def holds_signs(self, side: PairSide) -> bool:
        """Does the other text hold a sentence to the letter, where it has signs that bare words leave out?"""
        if not SIGNS.search(side.text):
            return True
        other = self.diff.before if side.is_new else self.diff.after
        return " ".join(side.text.split()) in " ".join(other.text.split())

    def is_ranked(self, side: PairSide) -> bool:
        """Does the order of a list matter, as its numbers or what stands above it say?"""
        if side.kind not in IN_LISTS:
            return False
        if is_counted(block_at(self.document_of(side), side.start)):
            return True
        above = f"{self.list_intro(side)} {' '.join(side.section)}".lower()
        return not self.lexicon.lists.get("order", frozenset()).isdisjoint(plain_words(above))

    def other_says(self, side: PairSide) -> bool:
        """Does the other text say the same in whole sentences, where the headings and the list say the same of it?"""
        words = words_of_block(side.text)
        other = self.diff.before if side.is_new else self.diff.after
        if f" {' '.join(words)} " not in line_of(other):
            return False
        here = (self.context(side), self._audience(side))
        twins = (_side_of(other, block, is_new=not side.is_new) for block in sentence_index(other).blocks_saying(words))
        return any((self.context(twin), self._audience(twin)) == here for twin in twins)

    def _audience(self, side: PairSide) -> frozenset[str]:
        """For whom and where the headings say that it holds: free accounts, families, Europe."""
        named = self.lexicon.lists.get("audience", frozenset())
        return frozenset(
            atom.value
            for atom in atoms_of(" / ".join(side.section), self.lexicon)
            if (atom.kind in HOLDS_FOR and atom.value not in ("we", "you")) or not named.isdisjoint(atom.key.split())
        )

    def heading_classes(self, section: tuple[str, ...]) -> Counter[str]:
        """Topics and classes of the headings of a section, but for the title of the whole text."""
        named = section[1:] if len(section) > 1 and section[0] in self._titles else section
        return marks_of(" ".join(named), self.lexicon)

    @cached_property
    def _titles(self) -> frozenset[str]:
        first = (next((b for b in text.blocks if b.section), None) for text in (self.diff.before, self.diff.after))
        return frozenset(block.section[0] for block in first if block is not None)

    def list_intro(self, side: PairSide) -> str:
        """What introduces a list or a table: the text right above it, or its first row; nothing outside of one."""
        if side.kind not in IN_LISTS:
            return ""
        document = self.document_of(side)
        index = bisect_right(document.blocks, side.start, key=lambda block: block.start) - 1
        above = document.blocks[_intro_indexes(document)[index]]
        return document.text[above.start : above.end][-LEAD_CHARACTERS:]

    def document_of(self, side: PairSide) -> Document:
        """The text that a side was cut from."""
        return self.diff.after if side.is_new else self.diff.before

    def context(self, side: PairSide) -> tuple[str, ...]:
        """What the headings and the introduction of a list say of its members, as values of binding words."""
        return _binding(self.list_intro(side), self.lexicon) + _binding(" ".join(side.section), self.lexicon)

    def stays_listed(self, side: PairSide) -> bool:
        """Does the other text hold an item or row as often, in the same list or section?"""
        here, there = (self._listed(side, is_new=is_new) for is_new in (side.is_new, not side.is_new))
        return 0 < here <= there

    def _listed(self, side: PairSide, *, is_new: bool) -> int:
        document = self.diff.after if is_new else self.diff.before
        words = words_of_item(side.text, self.lexicon)
        twins = (
            _side_of(document, block, is_new=is_new)
            for block in document.blocks
            if block.kind in IN_LISTS and words_of_item(document.text[block.start : block.end], self.lexicon) == words
        )
        return sum(1 for twin in twins if self._is_same_list(side, twin))

    def _is_same_list(self, one: PairSide, other: PairSide) -> bool:
        if self.context(one) != self.context(other):
            return False
        return one.section == other.section or self.list_intro(one) == self.list_intro(other)

    def stands_under(self, side: PairSide) -> tuple[tuple[str, ...], frozenset[str]]:
        """What holds of a heading by those above it, but for the title of the text, and of an item by the one that it
        is a part of."""
        is_heading = side.kind is BlockKind.HEADING
        titles = tuple(title for title in side.section[:-1] if title not in self._titles)
        above = titles if is_heading else (self._whole_item(side),)
        said = " / ".join(above)
        parties = {atom.value for atom in atoms_of(said, self.lexicon) if atom.kind in (Kind.PARTY, Kind.PLACE)}
        audience = self.lexicon.lists.get("audience", frozenset()) & frozenset(plain_words(said)) - ANYBODY
        return _binding(said, self.lexicon), audience | frozenset(parties - {"we", "you"})

    def _whole_item(self, side: PairSide) -> str:
        """The item in whose list an item stands."""
        document = self.document_of(side)
        items = [one for one in block_at(document, side.start).path if one.kind is ContainerKind.ITEM][:-1]
        return next((b.text for b in document.blocks if items and b.path and b.path[-1] is items[-1]), "")

    def context_elsewhere(self, side: PairSide) -> tuple[str, ...] | None:
        """The same of the item or row of the other text that says what this one does."""
        other = self.diff.before if side.is_new else self.diff.after
        words = words_of_block(side.text)
        for block in other.blocks:
            if block.kind in IN_LISTS and words_of_block(other.text[block.start : block.end]) == words:
                return self.context(_side_of(other, block, is_new=not side.is_new))
        return None

    def is_over_old_text(self, heading: PairSide) -> bool:
        """Does the block below a heading stand in the other text, too?"""
        document = self.document_of(heading)
        other = self.diff.before if heading.is_new else self.diff.after
        at = bisect_right(document.blocks, heading.start, key=lambda block: block.start)
        below = document.blocks[at : at + 1]
        return any(document.text[block.start : block.end] in block_texts(other) for block in below)

    def below(self, title: PairSide) -> str:
        """What stands behind a title in its block, and below it up to the next heading of its rank: its first block."""
        document = self.document_of(title)
        at = bisect_right(document.blocks, title.start, key=lambda block: block.start)
        own, next_one = document.blocks[at - 1], next(iter(document.blocks[at : at + 1]), None)
        behind = document.text[title.end : own.end].strip(" *_\n")
        if behind or next_one is None:
            return behind
        is_below = next_one.kind is not BlockKind.HEADING or 0 < own.level < next_one.level
        return document.text[next_one.start : next_one.end] if is_below else ""

    def is_over_list(self, heading: PairSide) -> bool:
        """Is what stands right below a heading a list or a table, so that the heading says what it is a list of?"""
        document = self.document_of(heading)
        at = bisect_right(document.blocks, heading.start, key=lambda block: block.start)
        return at < len(document.blocks) and document.blocks[at].kind in IN_LISTS

    def leads_otherwise(self, lead: PairSide) -> bool:
        """Does what stands below an introduction stand below another one in the other text, that says another thing?"""
        document = self.document_of(lead)
        at = bisect_right(document.blocks, lead.start, key=lambda block: block.start)
        if at >= len(document.blocks) or document.blocks[at].kind not in IN_LISTS:
            return False
        first = _side_of(document, document.blocks[at], is_new=lead.is_new)
        return self.context_elsewhere(first) not in (None, self.context(first))

    @cached_property
    def old_headings(self) -> frozenset[tuple[str, ...]]:
        """The headings of the old text, as words in lower case without their numbers."""
        return frozenset(_headings(self.diff.before))

    @cached_property
    def new_headings(self) -> frozenset[tuple[str, ...]]:
        return frozenset(_headings(self.diff.after))

    @cached_property
    def numbers_headings(self) -> bool:
        """Are the headings numbered, without a full stop? `3 Devices per seat` by itself counts devices."""
        return any(_is_numbered(text) for text in (self.diff.before, self.diff.after))

    @cached_property
    def lists_headings(self) -> bool:
        """Did a table of contents come or go: lines that say what headings of the same text say?"""
        return sum(1 for pair in self.pairs if not pair.is_reworded and self.names_heading(pair)) >= LISTED

    def names_heading(self, pair: SentencePair) -> bool:
        """Does a line that came or went say what a heading of its own text says?"""
        known = self.new_headings if pair.after.text else self.old_headings
        return pair.side.kind is not BlockKind.HEADING and unnumbered(pair.side.text) in known


def _sample_of(document: Document) -> str:
    """What a reader reads first, without the addresses of links; kept with the text."""
    sample = document.memo.get("sample")
    if not isinstance(sample, str):
        sample = document.memo["sample"] = masked(document.text[:SAMPLE_CHARACTERS])
    return sample


def _side_of(document: Document, block: Block, *, is_new: bool) -> PairSide:
    text = document.text[block.start : block.end]
    return PairSide(text, block.start, block.section, block.paragraph, block.kind, is_new=is_new)


@lru_cache(maxsize=512)
def _spelled_words(text: str, language: str) -> tuple[str, ...]:
    return tuple(spelled(word.lower(), language) for word in words_of(parted(text)))


@lru_cache(maxsize=2048)
def _marks_by(text: str, language: str) -> Counter[str]:
    from notifier.significance.reading.lexicon import lexicon

    return lexicon(language).marks([word.lower() for word in words_of(text)])


def marks_of(text: str, lexicon: Lexicon) -> Counter[str]:
    """Topics and classes of a text, kept for the last few thousand."""
    return _marks_by(text, lexicon.language)


def _binding(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The words of a heading or introduction that say what holds of what stands below: not, only, collect, sell."""
    return _binding_in(text, lexicon.language) if text else ()


@lru_cache(maxsize=1024)
def _binding_in(text: str, language: str) -> tuple[str, ...]:
    from notifier.significance.reading.lexicon import lexicon

    words = lexicon(language)
    return tuple(
        atom.value
        for atom in atoms_of(text, words)
        if atom.value in BINDING or ("duty_verb" in words.of(atom.key) and atom.kind is Kind.TERM)
    )


def _intro_indexes(document: Document) -> list[int]:
    """For each block the one that introduces it: above its list, or the first row of its table; kept with the text."""
    known = document.memo.get("intros")
    if not isinstance(known, list):
        known = document.memo["intros"] = []
        first = 0
        for index, block in enumerate(document.blocks):
            if not index or document.blocks[index - 1].kind is not block.kind:
                first = index
            known.append(max(0, first - (block.kind is BlockKind.LIST_ITEM)))
    return known


def _is_numbered(document: Document) -> bool:
    """Do two headings begin with numbers that follow each other?"""
    starts = (document.text[block.start : block.end] for block in document.blocks if block.kind is BlockKind.HEADING)
    numbers = {int(match[0].strip("*_ ")) for start in starts if (match := HEADING_NUMBER.match(start))}
    return any(number + 1 in numbers for number in numbers)


def _headings(document: Document) -> Iterator[tuple[str, ...]]:
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            words = unnumbered(document.text[block.start : block.end])
            if words:
                yield words


def _knows(vocabulary: frozenset[str], word: str) -> bool:
    return word in vocabulary or all(part in vocabulary for part in plain_words(word))


def opening_of(document: Document) -> Iterator[str]:
    """The first blocks through the first whole sentence: the title, and whom the text is by."""
    for block in document.blocks[:3]:
        text = document.text[block.start : block.end]
        yield text
        if text.rstrip().endswith("."):
            return

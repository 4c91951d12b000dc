"""A pair of sentences as a lawyer looks at it: in which runs it differs, what it is about, and what stands around."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from notifier.significance.reading.alignment import WordRun, runs_as_written, runs_between, spoken
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.reading.language import is_in
from notifier.significance.reading.lexicon import Lexicon
from notifier.significance.reading.link_addresses import LinkTarget, link_targets, referenced_links, relinked
from notifier.significance.reading.plain_words import masked, plain_words
from notifier.significance.reading.resettled import refers_back
from notifier.significance.reading.section_numbers import counts_on
from notifier.significance.reading.sentence_spans import block_at
from notifier.significance.sentence_pair import PairSide, SentencePair
from notifier.significance.text_pair import HEADING_NUMBER, TextPair, marks_of
from notifier.text.document import BlockKind

NEAR_TOP = 0.04
"""The share of a text that is its top, of at least 200 and at most 1,200 characters."""
SEVERAL = 3
PRO_DROP = frozenset(("es",))
"""Languages that say by the verb alone who may or must: `Puede acceder a sus datos`."""
OWN_NUMBER = re.compile(
    r"[*_\\ ]{0,4}(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,5})\\?[.)](?=[\s*_]|$)"
    r"|\d{1,3}(?:\.\d{1,3})+[.)]?(?=\s+[*_]*[A-ZÀ-Þ]))"
)
"""The number of a section, a clause or an item: its place in the order, not what it says."""
CALLED_NUMBER = re.compile(
    r"[*_\\ ]{0,4}(?:article|artikel|section|clause|abschnitt|ziffer|artículo|cláusula|sección|part|teil|partie)\s+"
    r"(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5})\s*[.:–—-](?=\s)",
    re.IGNORECASE,
)
"""The same of a heading that says what it is: `Article 3 – Sharing`."""


CLAUSES = re.compile(r"(?<=\))[.!?]\s|[;,:](?=\s)|\s[–—-]\s|(?<=[a-zß-ÿ)][.!?])\s")
SAID = re.compile(r"\d")
LINKS_ONLY = re.compile(r"[\s>*+\-\d.|]*(?:(?:!?\[[^\]]*\]\([^)]*\)|<?https?://[^\s<>]++>?)[\s.,;|*]*+)+$")
LABEL = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])|<a\b[^>]*>([^<]*)</a>")
LINKED_LINE = re.compile(rf"[\s>*+\-\d.|_]*(?:</?p>|(?:{LABEL.pattern})[\s.,;|*_]*+)+$")
ADDRESS_WORD = re.compile(r"[a-z][a-z-]+")


@dataclass(frozen=True)
class ChangeFeatures:
    """A pair against both texts; everything is worked out at most once."""

    pair: SentencePair
    texts: TextPair
    follows_summary: bool = False
    renamed: frozenset[tuple[tuple[str, ...], tuple[str, ...]]] = frozenset()
    """Names and terms that gave way to others all over the text."""

    @cached_property
    def lexicon(self) -> Lexicon:
        return self.texts.lexicon

    @property
    def kind(self) -> BlockKind:
        return self.pair.side.kind

    @cached_property
    def old(self) -> tuple[Atom, ...]:
        """What the sentence said, but for the number that it begins with."""
        return spoken(self._unnumbered(self.pair.before))

    @cached_property
    def new(self) -> tuple[Atom, ...]:
        return spoken(self._unnumbered(self.pair.after))

    def _unnumbered(self, side: PairSide) -> tuple[Atom, ...]:
        """The atoms of a sentence without the number of a section or clause in front."""
        number = OWN_NUMBER.match(side.text)
        if number and side.kind is BlockKind.PARAGRAPH and not counts_on(self.texts.document_of(side), number[0]):
            return side.atoms  # `C. Lopez is our data protection officer`
        if number is None and side.kind is BlockKind.HEADING:
            number = CALLED_NUMBER.match(side.text)
        if number is None and side.kind is BlockKind.HEADING:
            number = HEADING_NUMBER.match(side.text)
            is_parted = number is not None and side.text[number.end() : number.end() + 1].isspace()
            if (is_parted and not self.texts.numbers_headings) or (number and not side.atoms[0].value.isalnum()):
                return side.atoms  # it counts something
        if number is None:
            return side.atoms
        return tuple(atom for atom in side.atoms if atom.end > number.end())

    @cached_property
    def runs(self) -> tuple[WordRun, ...]:
        """All in which the two sentences differ, links included."""
        if not self.pair.is_reworded or self.is_moved_to_another_list:
            old, new = (atoms or _targets(links) for atoms, links in zip((self.old, self.new), self.links, strict=True))
            return (WordRun(old, new, 0, 0),)
        if not self.is_read:
            return runs_as_written(self.old, self.new) + tuple(_link_runs(*self.links))
        return runs_between(self.old, self.new) + tuple(_link_runs(*self.links))

    @cached_property
    def is_read(self) -> bool:
        """Is it in the language that it is judged in, and so is the whole text? Else nothing is proven of it."""
        return self.texts.is_read and all(is_in(masked(side.text), self.lexicon.language) for side in self.pair.sides)

    @cached_property
    def is_moved_to_another_list(self) -> bool:
        """Did it move as it is to where something else is said of it, or within a list whose order matters?"""
        pair, texts = self.pair, self.texts
        if not (pair.in_move and pair.is_reworded):
            return False
        if not self.is_in_list:
            return pair.before.text == pair.after.text and self.refers_back
        return texts.context(pair.before) != texts.context(pair.after) or texts.is_ranked(pair.after)

    @cached_property
    def refers_back(self) -> bool:
        """Does it speak of what stands before it: `This does not apply to …`?"""
        return refers_back(self.pair.side.text, self.lexicon)

    @cached_property
    def is_referred_to(self) -> bool:
        """Does the sentence behind it speak of it: `We keep backups. This does not apply to …`?"""
        side = self.pair.side
        document = self.texts.document_of(side)
        end = block_at(document, side.start).end
        return refers_back(document.text[side.end : end].lstrip(), self.lexicon)

    @cached_property
    def links(self) -> tuple[tuple[LinkTarget, ...], tuple[LinkTarget, ...]]:
        return self._links(self.pair.before), self._links(self.pair.after)

    def _links(self, side: PairSide) -> tuple[LinkTarget, ...]:
        document = self.texts.document_of(side)
        return (*link_targets(side.text), *referenced_links(document, side.start, side.end)) if side.text else ()

    @cached_property
    def sentence_classes(self) -> Counter[str]:
        """Topics and classes of the whole sentence, as it stands now (or stood)."""
        return marks_of(self.pair.side.text, self.lexicon)

    @cached_property
    def heading_classes(self) -> Counter[str]:
        """Topics and classes of the headings above."""
        return self.texts.heading_classes(self.pair.side.section)

    @cached_property
    def list_intro_classes(self) -> Counter[str]:
        """Topics and classes of what introduces the list or table it stands in; empty outside of one."""
        return marks_of(self.texts.list_intro(self.pair.side), self.lexicon)

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of both sentences, as they are looked up."""
        return frozenset(atom.key for side in self.pair.sides for atom in side.atoms)

    @property
    def is_near_top(self) -> bool:
        document = self.texts.document_of(self.pair.side)
        return self.pair.side.start < max(200, min(1200, len(document.text) * NEAR_TOP))

    @cached_property
    def says_duty(self) -> bool:
        """Does the sentence say of someone that he may, must or must not?"""
        classes = self.sentence_classes
        someone = classes["we"] + classes["you"] + classes["party"] or self.lexicon.language in PRO_DROP
        return bool(someone and classes["must"] + classes["may"] + classes["negation"])

    @cached_property
    def says_practice(self) -> bool:
        """Does the sentence say of someone what he does with data, content, money or accounts?"""
        classes = self.sentence_classes
        return bool(classes["we"] + classes["you"] + classes["party"] and classes["duty_verb"])

    @property
    def says(self) -> bool:
        return self.says_duty or self.says_practice

    @cached_property
    def binds(self) -> bool:
        """Does it say what is, may or must be done, be it of nobody by name: `Chats are kept`?"""
        classes = self.sentence_classes
        return self.says or classes["duty_verb"] + classes["must"] + classes["may"] + classes["negation"] > 0

    @cached_property
    def names_others(self) -> bool:
        """Does it stand where others are named who receive something?"""
        marks = ("topic.subprocessors", "topic.sharing", "topic.cookies_tracking")
        is_row = self.kind is BlockKind.TABLE_ROW
        columns = self.list_intro_classes if is_row else Counter[str]()
        return any(self.sentence_classes[mark] + self.heading_classes[mark] + columns[mark] for mark in marks)

    @cached_property
    def is_pointer(self) -> bool:
        """Does the sentence send the reader elsewhere, by a link?"""
        return self.sentence_classes["pointer"] > 0 and "](" in self.pair.side.text

    @cached_property
    def only_points(self) -> bool:
        """Does it send the reader elsewhere and say nothing beside that? `Calls are kept; see our page` says more.

        What leads up to the pointer (`To learn how we share data,`) belongs to it.
        """
        if not self.is_pointer:
            return False
        said = [clause for clause in CLAUSES.split(self.pair.side.text) if not self._points(clause)]
        return not any(SAID.search(clause) or self._does(clause) for clause in said)

    def _points(self, clause: str) -> bool:
        words = plain_words(clause)
        leads = bool(words) and words[0] in self.lexicon.lists.get("leads_in", frozenset())
        return "](" in clause or leads or marks_of(clause, self.lexicon)["pointer"] > 0

    def _does(self, clause: str) -> bool:
        marks = marks_of(clause, self.lexicon)
        return marks["duty_verb"] + marks["must"] + marks["negation"] > 0

    @cached_property
    def is_way_to_act(self) -> bool:
        """Does it lead to where one does something, and not only reads on: `Click here to cancel`, `[Object](…)`?

        What a line that is nothing but links leads to, their labels alone say, in any words; an address, its own words.
        """
        side, lists = self.pair.side, self.lexicon.lists
        if not any(self.links):
            return False
        if self.sentence_classes["remedy"] or self.lexicon.marks(ADDRESS_WORD.findall(side.text.lower()))["remedy"]:
            return True
        if LINKED_LINE.match(side.text):
            labels = [plain_words(match[1] or match[2] or "") for match in LABEL.finditer(side.text)]
            if any(words and not self.lexicon.opens(words[0], "pointer") for words in labels):
                return True
        aims = {word for before, word in pairwise(plain_words(side.text)) if before in lists.get("purpose", ())}
        return bool(aims - lists.get("learning", frozenset()) - self.lexicon.glue)

    @cached_property
    def speaks_of_the_text(self) -> bool:
        """Does it speak of this text and its versions, and of no sum, period or number beside a day?"""
        if not self.sentence_classes["transitional"]:
            return False
        quantities = [atom.value for atom in self.old + self.new if atom.kind is Kind.QUANTITY]
        return all(value.startswith("date ") or value.isalnum() for value in quantities)

    @property
    def praises(self) -> bool:
        """Does it say what we value or believe, and not what the committee decides, or is of value?"""
        return self.sentence_classes["values"] > 0 and self.sentence_classes["we"] > 0

    @property
    def is_about_the_text(self) -> bool:
        """Does it send the reader elsewhere, or speak of the text itself?"""
        points = self.only_points or (self.sentence_classes["pointer"] > 0 and not self.is_pointer)
        return points or self.speaks_of_the_text

    @cached_property
    def introduces(self) -> bool:
        """Does a whole sentence say of the section what it holds: `This section lists what we collect`?"""
        side, classes, lists = self.pair.side, self.sentence_classes, self.lexicon.lists
        words = plain_words(side.text)[:2]
        if self.pair.is_reworded or len(words) < 2 or words[0] not in lists.get("refers_back", ()):
            return False
        is_part = words[1] in lists.get("cites", ()) or words[1] in lists.get("documents", ())
        is_bound = classes["must"] + classes["may"] + classes["negation"] + classes["limit"] > 0
        return is_part and not is_bound and not SAID.search(side.text)

    @cached_property
    def is_enumeration(self) -> bool:
        """Does it enumerate?"""
        return any(
            atom.kind is Kind.SEPARATOR and atom.value in (",", "and", "or")
            for side in self.pair.sides
            for atom in side.atoms
        )

    @property
    def is_in_list(self) -> bool:
        return self.kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)

    @cached_property
    def is_table_head(self) -> bool:
        """Is it the row that says what the columns of a table are?"""
        if self.kind is not BlockKind.TABLE_ROW:
            return False
        block = block_at(self.texts.document_of(self.pair.side), self.pair.side.start)
        return bool(block.row) and block.row[0].is_head

    @property
    def names_languages(self) -> bool:
        """Does it stand in a choice of languages?"""
        return self.sentence_classes["language"] >= SEVERAL

    @cached_property
    def share_elsewhere(self) -> float:
        """How many of the changed words the texts as a whole have as many of as before: 1 when all of it only moved."""
        words = [atom.key for run in self.runs for atom in run.atoms if atom.has_meaning]
        net = self.texts.changed_counts
        return sum(1 for word in words if not net[word]) / len(words) if words else 0.0


def _targets(links: tuple[LinkTarget, ...]) -> tuple[Atom, ...]:
    """What a line without a word leads to."""
    return tuple(Atom(Kind.LINK, link.target, link.label, 0, 0) for link in links)


def _link_runs(old: tuple[LinkTarget, ...], new: tuple[LinkTarget, ...]) -> list[WordRun]:
    return [
        WordRun((Atom(Kind.LINK, was, label, 0, 0),), (Atom(Kind.LINK, target, label, 0, 0),), -1, -1)
        for label, was, target in relinked(old, new)
    ]

"""Pairs for edits outside of every sentence: programs, addresses of links by reference, numbers of list items, and
footnotes that changed places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from notifier.diff import Diff, Edit, Layer
from notifier.significance.reading.atoms import Atom, Kind, atoms_of
from notifier.significance.reading.lexicon import Lexicon
from notifier.significance.reading.sentence_spans import Span, blocks_between, sentences_between
from notifier.significance.sentence_pair import PairSide, SentencePair, side_of
from notifier.text.document import Block, ContainerKind, Document, RunKind

PROGRAM = re.compile(r"\s*<(?:script|iframe|object|embed|form|applet)\b", re.IGNORECASE)
REFERENCE = re.compile(r"\[[^\]\n]{1,300}\]:\s*<?([^\s>]+)")
NUMBER_OF_ITEM = re.compile(r"\s{0,3}\d{1,3}[.)]\s*")
CALL = re.compile(r"\[\^[^\]\s]+\]")
NEAR = 40
"""Characters between the number of an item and its text, at most."""


def unseen_pairs(diff: Diff, edits: Sequence[Edit], layer: Layer, lexicon: Lexicon) -> Iterator[SentencePair]:
    """What stands in no sentence: programs and frames, which nobody here can read; where links by reference lead; a
    day that Markdown takes for the number of an item."""
    before, after = (_program(document, spans) for document, spans in _passages(diff, edits))
    if before.text != after.text:
        yield SentencePair(before, after, layer)
    yield from _relinked(diff, edits, lexicon)
    old, new = (_numbered(document, spans, lexicon) for document, spans in _passages(diff, edits))
    if old and new:
        yield SentencePair(old._replace(is_new=False), new._replace(is_new=True), Layer.WORDS)


def _relinked(diff: Diff, edits: Sequence[Edit], lexicon: Lexicon) -> Iterator[SentencePair]:
    """The sentences whose links by reference lead elsewhere, as they stand in both texts."""
    old, new = (_linked(document, spans) for document, spans in _passages(diff, edits))
    for one, other in zip(old, new, strict=False):
        before, after = (
            side_of(diff.before, one, lexicon, is_new=False),
            side_of(diff.after, other, lexicon, is_new=True),
        )
        yield SentencePair(before, after, Layer.LINKS)


def _linked(document: Document, edits: list[Span]) -> list[Span]:
    """The sentences with links whose address is defined where something was edited."""
    targets = {
        match[1]
        for block in document.unseen
        if any(start <= block.end and end >= block.start for start, end in edits)
        and (match := REFERENCE.match(document.text, block.start))
    }
    return [
        sentences_between(document, run.start, run.end)[0]
        for block in document.blocks
        for run in block.runs
        if run.link is not None and run.link.target in targets and sentences_between(document, run.start, run.end)
    ]


def _numbered(document: Document, edits: list[Span], lexicon: Lexicon) -> PairSide | None:
    """The item of a list together with its number, where that was edited: `30. Juni` is a day."""
    for start, _ in edits:
        low = document.text.rfind("\n", 0, start) + 1
        block = next((b for b in blocks_between(document, low, start + NEAR) if b.start > start), None)
        if block is not None and NUMBER_OF_ITEM.fullmatch(document.text[low : block.start]):
            side = side_of(document, (block.start, block.end), lexicon, is_new=False)
            text = document.text[low : block.end]
            return side._replace(text=text, start=low, atoms=atoms_of(text, lexicon))
    return None


def _passages(diff: Diff, edits: Sequence[Edit]) -> Iterator[tuple[Document, list[Span]]]:
    yield diff.before, [(edit.before.start, edit.before.end) for edit in edits]
    yield diff.after, [(edit.after.start, edit.after.end) for edit in edits]


def _program(document: Document, spans: list[Span]) -> PairSide:
    for block in document.unseen:
        text = document.text[block.start : block.end]
        if PROGRAM.match(text) and any(start < block.end and end >= block.start for start, end in spans):
            atom = Atom(Kind.OPAQUE, text, text, 0, len(text))
            return PairSide(text, block.start, block.section, block.paragraph, block.kind, (atom,))
    return PairSide()


@dataclass(slots=True)
class _Calls:
    """The notes of a text by what they are called, and which of them each sentence calls."""

    notes: dict[str, str] = field(default_factory=dict)
    sentences: dict[str, tuple[Span, list[str]]] = field(default_factory=dict)

    def said(self, labels: list[str]) -> list[str]:
        return [self.notes.get(label, "") for label in labels]


def noted_otherwise(diff: Diff, lexicon: Lexicon) -> Iterator[SentencePair]:
    """A sentence that stands in both texts and calls another note that both texts have: nobody here can weigh that.

    What a note calls itself is no word of it, and a note that was reworded has a pair of its own.
    """
    if not (diff.before.footnotes and diff.after.footnotes):
        return
    old, new = _calls(diff.before), _calls(diff.after)
    in_both = {*old.notes.values()} & {*new.notes.values()}
    for sentence, (before, were) in old.sentences.items():
        after, are = new.sentences.get(sentence, (before, were))
        was, now = old.said(were), new.said(are)
        if sentence in new.sentences and was != now and in_both.issuperset(was + now):
            one = _with_notes(side_of(diff.before, before, lexicon, is_new=False), was)
            other = _with_notes(side_of(diff.after, after, lexicon, is_new=True), now)
            yield SentencePair(one, other, Layer.WORDS)


def _calls(document: Document) -> _Calls:
    found = _Calls()
    for block in document.blocks:
        label = _note_of(block)
        if label is not None:
            found.notes[label] = f"{found.notes.get(label, '')} {block.line}".strip()
        for run in block.runs:
            spans = sentences_between(document, run.start, run.end) if run.kind is RunKind.FOOTNOTE else ()
            for start, end in spans[:1]:
                words = " ".join(CALL.sub("", document.text[start:end]).split())
                found.sentences.setdefault(words, ((start, end), []))[1].append(run.label)
    return found


def _note_of(block: Block) -> str | None:
    return next((one.label for one in block.path if one.kind is ContainerKind.FOOTNOTE), None)


def _with_notes(side: PairSide, notes: list[str]) -> PairSide:
    """The sentence with what its calls lead to, where they stand."""
    called = zip(CALL.finditer(side.text), notes, strict=False)
    atoms = [Atom(Kind.OPAQUE, note, note, *call.span()) for call, note in called]
    kept = [atom for atom in side.atoms if not CALL.fullmatch(side.text[atom.start : atom.end])]
    return side._replace(atoms=tuple(sorted([*kept, *atoms], key=lambda atom: atom.start)))

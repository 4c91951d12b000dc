"""What an operator is, and the two ways most are made: another text in a slot, and texts that a function finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from tests.edits.sentence import Sentence, Slot

Label = Literal["minor", "significant"]
Edits = Callable[[Sentence], Iterator[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Operator:
    """A way to edit a sentence, whose every edit has the same label."""

    name: str
    kind: str
    label: Label
    reason: str
    """Why the label holds."""
    pairs: Edits
    """A sentence → the texts before and after, of each edit that it allows."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One sentence, edited."""

    operator: Operator
    sentence: Sentence
    old: str
    new: str
    number: int
    """Among the operator's edits of this sentence."""

    @property
    def edit_id(self) -> str:
        return f"{self.operator.name}:{self.sentence.sentence_id}:{self.number}"


def edits_of(sentence: Sentence, operators: tuple[Operator, ...]) -> Iterator[Edit]:
    """Everything the operators can do to a sentence."""
    for operator in operators:
        for number, (old, new) in enumerate(operator.pairs(sentence)):
            yield Edit(operator, sentence, old, new, number)


def significant(kind: str, name: str, reason: str, pairs: Edits) -> Operator:
    return Operator(name, kind, "significant", reason, pairs)


def harmless(kind: str, name: str, reason: str, pairs: Edits) -> Operator:
    return Operator(name, kind, "minor", reason, pairs)


def forward(*kinds: str) -> Edits:
    """Each other text of such a slot takes the place of what stands there."""

    def pairs(sentence: Sentence) -> Iterator[tuple[str, str]]:
        for at, slot in sentence.slots(*kinds):
            for other in slot.options[1:]:
                yield sentence.text, sentence.render({at: other})

    return pairs


def backward(*kinds: str) -> Edits:
    """The same the other way."""
    ahead = forward(*kinds)
    return lambda sentence: ((new, old) for old, new in ahead(sentence))


def grown(*kinds: str) -> Edits:
    """The shorter text of such a slot becomes the longer one, whichever stands there: something comes."""
    ahead = forward(*kinds)
    return lambda sentence: (tuple(sorted(pair, key=len)) for pair in ahead(sentence))  # type: ignore[misc]


def shrunk(*kinds: str) -> Edits:
    """The longer becomes the shorter: something goes."""
    coming = grown(*kinds)
    return lambda sentence: ((new, old) for old, new in coming(sentence))


def either(*kinds: str) -> Edits:
    """Both ways."""
    ahead = forward(*kinds)

    def pairs(sentence: Sentence) -> Iterator[tuple[str, str]]:
        for old, new in ahead(sentence):
            yield from ((old, new), (new, old))

    return pairs


def exchanged(kind: str) -> Edits:
    """The two slots of a kind change places."""

    def pairs(sentence: Sentence) -> Iterator[tuple[str, str]]:
        found = list(sentence.slots(kind))
        if len(found) == 2:
            (first, one), (second, other) = found
            yield sentence.text, sentence.render({first: _as(other, one), second: _as(one, other)})

    return pairs


def across(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """A member of one list moves to the other: both slots take their other text at once."""
    found = list(sentence.slots("across"))
    if len(found) == 2:
        moved = sentence.render({at: slot.options[1] for at, slot in found})
        yield from ((sentence.text, moved), (moved, sentence.text))


def _as(slot: Slot, stands: Slot) -> str:
    """A slot's text with the first letter as large as that of the text it takes the place of."""
    text, model = slot.options[0], stands.options[0]
    return (text[0].upper() if model[0].isupper() else text[0].lower()) + text[1:]


def derived(kinds: tuple[str, ...], others: Callable[[str, str], Iterator[str]]) -> Edits:
    """`others(text, language)` finds what else may stand in such a slot."""

    def pairs(sentence: Sentence) -> Iterator[tuple[str, str]]:
        for at, slot in sentence.slots(*kinds):
            for other in others(slot.options[0], sentence.language):
                yield sentence.text, sentence.render({at: other})

    return pairs


def rewritten(change: Callable[[Sentence], str | None]) -> Edits:
    """`change(sentence)` is the new text, or none."""

    def pairs(sentence: Sentence) -> Iterator[tuple[str, str]]:
        new = change(sentence)
        if new is not None and new != sentence.text:
            yield sentence.text, new

    return pairs

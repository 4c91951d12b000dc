"""What an enumeration, list or table holds; and rules that come or go whole."""

from __future__ import annotations

from collections.abc import Iterator

from tests.edits.operator import Operator, across, backward, forward, grown, shrunk, significant
from tests.edits.sentence import Sentence

NO_RULES = "other"
"""The topic of sentences that bind nobody: no rule comes or goes with them."""


def rule_dropped(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """The whole sentence goes."""
    if sentence.form == "prose" and sentence.topics[0] != NO_RULES:
        yield sentence.text, ""


def rule_added(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """The whole sentence comes."""
    yield from ((new, old) for old, new in rule_dropped(sentence))


def member_dropped(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """The last member, and the one in the middle."""
    for at, slot in sentence.slots("list", "orlist"):
        members = slot.members
        for gone in sorted({len(members) // 2, len(members) - 1}):
            rest = members[:gone] + members[gone + 1 :]
            if len(rest) > 1:
                yield sentence.text, sentence.render({at: sentence.enumerated(slot, rest)})


def member_added(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """A further member, before the last."""
    for at, slot in sentence.slots("list", "orlist"):
        for extra in slot.options[1:]:
            members = (*slot.members[:-1], extra, slot.members[-1])
            yield sentence.text, sentence.render({at: sentence.enumerated(slot, members)})


OPERATORS: tuple[Operator, ...] = (
    significant("membership", "rule-dropped", "a promise, right or duty is gone", rule_dropped),
    significant("membership", "rule-added", "a practice, right or duty is new", rule_added),
    significant("membership", "member-dropped", "it no longer covers one thing", member_dropped),
    significant("membership", "member-added", "it covers one thing more", member_added),
    significant("membership", "member-moved", "from what is done to what is not", across),
    significant("membership", "item-dropped", "the list is shorter", shrunk("item")),
    significant("membership", "item-added", "the list is longer", grown("item", "additem")),
    significant("membership", "row-added", "the table covers more", grown("row", "addrow")),
    significant("membership", "row-dropped", "the table covers less", shrunk("row")),
    significant("membership", "cell-widened", "a cell covers more", grown("cell")),
    significant("membership", "cell-narrowed", "a cell covers less", shrunk("cell")),
    significant("membership", "purpose-added", "used for one thing more", grown("purp")),
    significant("membership", "purpose-dropped", "used for one thing less", shrunk("purp")),
    significant("membership", "enumeration-opened", "a closed list is open", forward("open")),
    significant("membership", "enumeration-closed", "an open list is closed", backward("open")),
)

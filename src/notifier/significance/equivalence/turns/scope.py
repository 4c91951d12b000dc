"""Whether a word of force still reaches as far: `You must not: copy, sell` is no `You must not copy. Sell`.

A `not`, `never`, `only`, `may` or `should` holds for what stands behind it up to the end of the sentence, or to another
one who does it, and in the lead of a list for each of its items.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.reading.alignment import WordRun, matches
from notifier.significance.reading.atoms import Atom, Kind, atoms_of
from notifier.significance.sentence_pair import PairSide
from notifier.text.document import BlockKind

REACHES = {"not": "not", "never": "not", "only": "only", "may": "may", "might": "may", "should": "should"}
BANS = frozenset(("forbidden", "prohibited", "verboten", "untersagt", "interdit", "interdits", "prohibido", "verboden"))
ITEM = r"\n[\s>]*(?:[-*+•]|\(?\w{1,3}[.)])\s"
LETTERED = re.compile(r"[\s*_]*\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})\)\s", re.IGNORECASE)
FIRST_LETTER = re.compile(r"[\s*_]\(?(?:a|i|1)\)\s")
BREAK, ITEMS = re.compile(rf"{ITEM}|\n\s*\n"), re.compile(ITEM)
"""Where a block ends inside of what is compared, and where an item of a list begins."""
END = re.compile(r"[.!?][*_\"'”)]*\s")
PARTED = re.compile(r"[.!?;][*_\"'”)]*\s|\n|[^.!?][*_\"'”)\s]*\Z")
"""What stands in more than one whole sentence."""
CLOSED = re.compile(r"[.!?;][*_\"'”)\s]*$")
"""How a line ends that leads to no list."""
CONDITIONS = frozenset(("if", "unless", "once", "while", "until"))
"""What a clause begins with of which a `not` before says nothing."""
JOINTS = frozenset((",", ";", "and", "but", "while", "aber", "und", "mais", "et", "pero", "y", "maar", "en"))
SOMEBODY = frozenset(
    ("we", "they", "you", "wir", "sie", "nous", "vous", "ils", "elles", "usted", "ustedes", "wij", "u")
)
"""Who does it, so that a `not` before says nothing of that."""
NOTHING: frozenset[str] = frozenset()


class Reach(NamedTuple):
    """What holds by the lead, for each word, where that ends, what holds for the item behind, and that item."""

    lead: frozenset[str]
    held: dict[int, frozenset[str]]
    ends: list[int]
    beyond: frozenset[str]
    behind: str


def out_of_reach(features: ChangeFeatures) -> WordRun | None:
    """The word of force that held for a word that stayed, or for the items behind, and holds for it no more, or that
    holds for it now. Where other words changed, too, the lead of a list alone tells."""
    sides = features.pair.sides
    if sides[0].kind is sides[1].kind is BlockKind.PARAGRAPH and not any(PARTED.search(side.text) for side in sides):
        return None
    old, new = (_scope(features, side) for side in sides)
    if old.behind and old.behind == new.behind and old.beyond != new.beyond:
        return _run(features.old[-1], features.new[-1], old.beyond, new.beyond)
    was, now = ([atom.value for atom in side] for side in (features.old, features.new))
    if (old.ends == new.ends) if was == now else (old.lead == new.lead):
        return None
    for at, there, size in matches(was, now):
        for one, other in zip(features.old[at : at + size], features.new[there : there + size], strict=True):
            if old.held[one.start] != new.held[other.start]:
                return _run(one, other, old.held[one.start], new.held[other.start])
    return None


def _run(one: Atom, other: Atom, held: frozenset[str], holds: frozenset[str]) -> WordRun:
    gone, come = (
        tuple(atom._replace(kind=Kind.FORCE, value=value) for value in sorted(values))
        for atom, values in ((one, held - holds), (other, holds - held))
    )
    return WordRun(gone, come, 0, 0)


def _scope(features: ChangeFeatures, side: PairSide) -> Reach:
    is_item = side.kind is BlockKind.LIST_ITEM or _is_lettered(side.text)
    led = lead = reach = _led(features, side) if is_item else NOTHING
    held: dict[int, frozenset[str]] = {}
    ends = [-1] if lead else []
    last: Atom | None = None
    outside = NOTHING  # what reaches past a condition: `you may not, if you are new, copy`
    for at, atom in enumerate(side.atoms):
        between = side.text[last.end : atom.start] if last else ""
        if BREAK.search(between):
            reach |= outside
            opens = NOTHING if CLOSED.search(ITEMS.split(between)[0]) else reach
            lead = NOTHING if not ITEMS.search(between) else lead if is_item else opens
            is_item = ITEMS.search(between) is not None
            reach = lead
            ends.append(at)
        elif (END.search(between) and side.text[atom.start].isupper()) or (last and _is_parted(side, last, atom)):
            reach = lead
            ends.append(at)
        elif atom.key in SOMEBODY and last and last.key in JOINTS:
            reach = lead
        if atom.key == ",":
            reach, outside = reach | outside, NOTHING
        elif atom.kind is Kind.FORCE and atom.value in CONDITIONS:
            reach, outside = lead, outside | reach
        held[atom.start] = reach
        reach |= _reach(atom)
        last = atom
    reach |= outside
    beyond = lead if is_item else NOTHING if CLOSED.search(side.text) else reach
    return Reach(led, held, ends, beyond, _behind(features, side))


def _is_parted(side: PairSide, last: Atom, atom: Atom) -> bool:
    """Does the only semicolon stand between them, so that it parts no members?"""
    return last.key == ";" and side.text.count(";") == 1 and atom.kind is not Kind.SEPARATOR


def _reach(atom: Atom) -> frozenset[str]:
    value = "not" if atom.key in BANS else REACHES.get(atom.value, "") if atom.kind is Kind.FORCE else ""
    return frozenset({value}) if value else NOTHING


def _led(features: ChangeFeatures, side: PairSide) -> frozenset[str]:
    """What the lead of its list says of an item; one that is a whole sentence says nothing of it."""
    lead = features.texts.list_intro(side) or _lead_of_letters(features, side)
    last = () if CLOSED.search(lead) else atoms_of(END.split(lead)[-1], features.lexicon)
    return NOTHING.union(*map(_reach, last))


def _is_lettered(text: str) -> bool:
    return LETTERED.match(text) is not None


def _lead_of_letters(features: ChangeFeatures, side: PairSide) -> str:
    """What introduces items that are such by their letters alone, `(a) sell it`, `(b) copy it`: in paragraphs of their
    own, or in that of the introduction."""
    if not _is_lettered(side.text):
        return ""
    document = features.texts.document_of(side)
    at = bisect_right(document.blocks, side.start, key=lambda block: block.start) - 1
    while at > 0 and document.blocks[at].kind is BlockKind.PARAGRAPH and _is_lettered(document.blocks[at].text):
        at -= 1
    block = document.blocks[at]
    if block.kind is not BlockKind.PARAGRAPH:
        return ""
    lead = FIRST_LETTER.split(document.text[block.start : min(block.end, side.start)])[0].rstrip(" *_\n\xa0")
    return lead if lead.endswith(":") else ""


def _behind(features: ChangeFeatures, side: PairSide) -> str:
    """What stands in the item right behind."""
    document = features.texts.document_of(side)
    at = bisect_right(document.blocks, side.end - 1, key=lambda block: block.start)
    behind = document.blocks[at] if at < len(document.blocks) else None
    if behind is None or behind.kind is not BlockKind.LIST_ITEM:
        return ""
    between = document.text[side.end : behind.start]
    return "" if any(letter.isalpha() for letter in between) else document.text[behind.start : behind.end]

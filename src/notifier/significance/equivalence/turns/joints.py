"""Proof that sentences were only joined, or parted: by `and`, by a comma and `while`, by saying `you must not` once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifier.significance.change_features import PRO_DROP, ChangeFeatures
from notifier.significance.equivalence.proof import Proof
from notifier.significance.equivalence.turns.order import REACHING, WORDED
from notifier.significance.reading.alignment import WordRun, spoken
from notifier.significance.reading.atoms import Atom, Kind, atoms_of
from notifier.significance.reading.plain_words import plain_words
from notifier.significance.sentence_pair import PairSide
from notifier.text.document import BlockKind

END = re.compile(r"[.!?;][*_\"'”)]*(?:\s|$)")
BUT = frozenset(("but", "aber", "jedoch", "mais", "maar"))
OPENED = re.compile(r"(?:^|[.!?;:]\s)[\s*_]*(?:the |our |your |die |der |das |les? |la )?$", re.IGNORECASE)
WHILE = frozenset(("while", "whereas", "während", "tandis que", "alors que", "mientras que", "terwijl"))
REPEATED = frozenset(("we", "you", "may", "must", "obliged", "shall", "will", "not", "never"))
"""What a second sentence says again, and what the first one may say of both."""
OPENING = frozenset({Kind.FORCE, Kind.DIRECTION, Kind.QUANTITY})
REACHING_BACK = frozenset({Kind.DIRECTION, Kind.QUANTITY, Kind.QUALIFIER})
"""Kinds of words that may hold for both halves, where only the second one said them."""
MODALS = frozenset(("may", "might", "must", "obliged", "shall", "will", "would", "should"))
SCOPING = REACHING | MODALS
"""Words of force that may."""
LISTED = frozenset({Kind.WORD, Kind.TERM, Kind.NAME, Kind.PARTY})
FEW = 3
"""Words beside a `no` that say of what, or of whom and that he may or must."""
STANDS_FOR = frozenset(
    ("it", "they", "these", "es", "sie", "diese", "dieser", "dieses", "il", "elle", "ils", "elles", "deze", "dit", "ze")
)
"""What the second sentence is about where it stands for that of the first."""


def are_joined(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Do two sentences stand as one, or one as two, with nothing said of either that was not said of it?"""
    is_said = features.lexicon.language not in PRO_DROP  # Spanish says by the verb alone of whom it speaks
    return is_said and features.pair.is_reworded and all(_is_joined(features, run) for run in runs)


def _is_joined(features: ChangeFeatures, run: WordRun) -> bool:
    before, after = features.pair.sides
    old, new = (before.text, features.old, run.old_at, run.removed), (after.text, features.new, run.new_at, run.added)
    if not run.old_at and not run.new_at:
        return _is_led(features, before, run.removed, run.added) or _is_led(features, after, run.added, run.removed)
    return (
        _are_one(features, old, new)
        or _are_one(features, new, old)
        or (not (run.removed and run.added) and _is_said_again(features, *(old if run.removed else new)[1:]))
    )


def _is_said_again(features: ChangeFeatures, atoms: Sequence[Atom], at: int, said: Sequence[Atom]) -> bool:
    """`Must be polite and must pay`: is it the last modal before, with no `not` since? Or who does it and what, and
    nothing since but what it is done to: `we store your name and we store your address`?"""
    opens, again = ([atom.value for atom in some] for some in (atoms[: len(said)], said))
    if len(said) > 1 and opens == again and said[0].kind is Kind.PARTY and atoms[at - 1].value == "and":
        since = atoms[len(said) : at - 1]
        return all(atom.kind in LISTED and "duty_verb" not in features.lexicon.of(atom.key) for atom in since)
    binding = [atom.value for atom in atoms[:at] if atom.value in SCOPING and not atom.key.startswith("be ")]
    return (
        len(said) == 1 and atoms[at - 1].value == "and" and said[0].value in MODALS and binding[-1:] == [said[0].value]
    )


def _is_led(features: ChangeFeatures, item: PairSide, said: Sequence[Atom], again: Sequence[Atom]) -> bool:
    """Does what introduces its list say what the other one says itself: `You must not:`?"""
    if said or item.kind is not BlockKind.LIST_ITEM:
        return False
    led = spoken(atoms_of(features.texts.list_intro(item), features.lexicon))
    values = [atom.value for atom in again]
    sentence = features.pair.after if item is features.pair.before else features.pair.before
    is_pronoun = not STANDS_FOR.isdisjoint(plain_words(sentence.text)[:1])
    return REPEATED.issuperset(values) and [atom.value for atom in led[is_pronoun and len(led) > 1 :]] == values


Place = tuple[str, Sequence[Atom], int, Sequence[Atom]]
"""A text, what it says, the place of a run in it, and what of the run stands there."""


def _are_one(features: ChangeFeatures, parted: Place, joined: Place) -> bool:
    """Does the one hold an end of a sentence, and what the second says again, where the other has a joint?"""
    text, atoms, at, again = parted
    whole, others, place, joint = joined
    behind, there = at + len(again), place + len(joint)
    if not (at and place and behind < len(atoms) and there < len(others)):
        return False
    between = whole[others[place - 1].end : others[there].start]
    if not END.search(text, atoms[at - 1].end - 1, atoms[at].start) or END.search(between):
        return False
    first, second = _around(text, atoms, at, behind)
    words = [atom.value for atom in joint]
    is_aside = len(joint) == 1 and joint[0].key in WHILE | BUT and "," in between
    is_parted = bool(words) or "\n" in between or ("," in between and bool(again))  # `print it, then fold it`
    if not (words in ([], ["and"], ["or"]) or is_aside) or not is_parted:
        return False
    is_pronoun = _stands_for(text[atoms[at - 1].end : atoms[behind].start], between)
    if again or is_pronoun:
        said = [atom.value for atom in again]
        opens = [atom.value for atom in first[is_pronoun and bool(said) :]]
        is_list = "\n" in between
        return (
            (REPEATED.issuperset(said) or _is_nothing(again, first, second))
            and said == opens[: len(said)]
            and ("or" in words) == ("not" in said or "never" in said) * bool(words)
            and SCOPING.isdisjoint(opens[len(said) :])
            and (bool(said) or sum(atom.kind in (Kind.PARTY, Kind.NAME) for atom in first) <= 1)
            and (is_list or not any(map(_binds_both if _is_own_deed(features, between) else _may_reach_back, second)))
        )
    opening = text[first[0].start : atoms[at - 1].end]
    ahead = plain_words(END.split(text[: first[0].start])[-1])
    is_placed = any(word in group.split("/") for word in ahead[:1] for group in features.lexicon.lists["prepositions"])
    is_led = first[0].kind in OPENING or is_placed
    return words != ["or"] and not is_led and ("," not in opening or _is_somebody(text, first[0]))


def _is_nothing(again: Sequence[Atom], first: Sequence[Atom], second: Sequence[Atom]) -> bool:
    """Is it said of nothing and nobody, and nothing else may hold for both: `No data is sold. No data is lent`?"""
    of = [atom for atom in again if atom.value != "not"]
    is_denied = len(of) == len(again) - 1 and 0 < len(of) <= FEW
    rest = (*first[len(again) :], *second)
    return (
        is_denied
        and all(atom.kind in LISTED or atom.value in MODALS for atom in of)
        and all(atom.kind in LISTED for atom in rest)
    )


def _is_own_deed(features: ChangeFeatures, joint: str) -> bool:
    """Has the second half its own auxiliary: `… and are deleted after 14 days`? Then the days are not the first's."""
    return not features.lexicon.lists.get("copula", frozenset()).isdisjoint(plain_words(joint))


def _binds_both(atom: Atom) -> bool:
    return atom.kind is Kind.QUALIFIER or atom.value in SCOPING


def _may_reach_back(atom: Atom) -> bool:
    """May it hold for both halves: `we store it and share it with your consent`? Not `we switch it off`."""
    return (atom.kind in REACHING_BACK and not atom.value.startswith("turn-")) or atom.value in SCOPING


def _is_somebody(text: str, first: Atom) -> bool:
    """Does the sentence begin with what it is about, so that a comma in it parts members: `The price covers A, B`?"""
    return OPENED.search(text[: first.start]) is not None


def _around(text: str, atoms: Sequence[Atom], at: int, behind: int) -> tuple[Sequence[Atom], Sequence[Atom]]:
    """What the sentence before a place says, and the one behind it."""
    ends = [match.end() for match in END.finditer(text)]
    start = max((end for end in ends if end <= atoms[at - 1].start), default=0)
    stop = min((end for end in ends if end > atoms[behind].start), default=len(text))
    return [atom for atom in atoms[:at] if atom.start >= start], [a for a in atoms[behind:] if a.start < stop]


def _stands_for(between: str, joined: str) -> bool:
    """Does the second sentence begin with a pronoun that the joined one does without?"""
    return bool(STANDS_FOR.intersection(plain_words(between)) - set(plain_words(joined)))


JOINED = Proof(
    "sentences-joined",
    WORDED,
    are_joined,
    "Two sentences became one, or one became two.",
    "The lamp is bright. The page is dark.",
    "The lamp is bright, and the page is dark.",
)

"""Proofs that the same words stand in another order: members of one enumeration, clauses, and who does it said last."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import ANY, Proof
from notifier.significance.reading.alignment import WordRun, spoken
from notifier.significance.reading.atoms import Atom, Kind, atoms_of
from notifier.text.document import BlockKind

WORDED = ANY - {Kind.LINK, Kind.CONTACT, Kind.OPAQUE}
REACH = 6
"""Words by which the first or last member may begin before, or end behind, what changed."""
ANYWHERE, IN_FRONT = frozenset({Kind.FORCE, Kind.QUANTITY}), frozenset({Kind.DIRECTION, Kind.QUALIFIER})
"""Kinds of words that may hold for the members behind them, too: all members have one, or none has."""
SCOPED = ANYWHERE | IN_FRONT
WHERE_OR_WHEN = frozenset({Kind.DIRECTION, Kind.PLACE, Kind.QUANTITY})
"""Kinds of words with which a phrase begins that says where or when, and may stand behind who does it."""
BOUGHT = frozenset(("order",))
IN_ORDER = re.compile(r"\b(?:in|by) (?:\w+ ){0,3}order\b(?! to\b)|\border of\b", re.IGNORECASE)
EXAMPLES = frozenset(("like", "beispielsweise", "exemple", "por ejemplo", "bijvoorbeeld"))
"""What stands before examples, and describes none of them."""
Row = tuple[tuple[str, Kind], ...]
LONGEST_CLAUSE = 14
LONGEST_PHRASE = 5
FRONT = re.compile(
    r"[\s*_]*(?:in|at|on|during|after|before|upon|for) [\w ]+\b(?:the|our|your|we|you|any|all) ", re.IGNORECASE
)
"""A phrase on where or when, and who or what the sentence is about."""
REACHING = frozenset(
    ("not", "never", "only", "if", "unless", "except", "until", "once", "while", "subject-to", "depends")
)
"""Words that may reach over a clause behind them: `we stop unless you pay after a month`."""
GERMAN_RELATIVES = frozenset(("der", "die", "das", "den", "dem"))
"""Articles, too: those of the last member stand behind `und`."""
OF = (
    re.compile(r"\b(\w+) of ((?:the|our|your|their|its|a|an|each|every|this|that|any) )?(\w+)\b", re.IGNORECASE),
    re.compile(r"\b(\w+) of ()(\w+ \w+)\b", re.IGNORECASE),
    re.compile(r"\b(?:the|an?|any) (\w+ \w+) of ((?:the|our|your|their|its|an?) )(\w+)\b", re.IGNORECASE),
    re.compile(r"\b(\w+(?: \w+){1,3}) of ((?:the|our|your|their|its|each|every) )(\w+)\b", re.IGNORECASE),
)
"""`The privacy of our users`, `notice of one month`."""
MOST_TURNED = 6
"""Words that may be read otherwise once such a phrase is turned round; with more, it cannot be all that changed."""
AN_OF = re.compile(r"\bof\b", re.IGNORECASE)
"""Where the other side has as many, the two nouns only changed places: `a guest of a member`, `a member of a guest`."""
BEHIND_NOUNS = frozenset(("fr", "es"))
"""Languages in which a word that describes another one stands behind it."""
RELATIVES = frozenset(("that", "que", "die", "dat"))
"""Words that begin a clause on what stands right before them."""
CONDITIONS = frozenset(("if", "unless", "once", "while", "until", "before", "after", "not", "without"))
CLAUSAL, DENIED = frozenset(("if", "unless", "once", "while", "until")), frozenset(("not", "never"))
"""What a clause begins with of which no `not` of the sentence says anything: `we do not stop if you object`."""
FRONTING = frozenset(("de", "nl"))
"""Languages in which the verb stands second, whatever stands first."""


def _row(atoms: Sequence[Atom]) -> Row:
    return tuple((atom.value, atom.kind) for atom in atoms if atom.kind is not Kind.GLUE)


def is_enumeration_reordered(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """Do the same members stand in one enumeration, in another order?"""
    if not features.pair.is_reworded or not _are_same_words(features):
        return False
    if not features.words.isdisjoint(features.lexicon.lists.get("order", frozenset()) - BOUGHT) or _is_ordered(
        features
    ):
        return False
    if not features.words.isdisjoint(features.lexicon.lists.get("respectively", ())) or _holds_stand_in(features):
        return False
    old, new = _row(features.pair.before.atoms), _row(features.pair.after.atoms)
    start = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    end = next((at for at, (a, b) in enumerate(zip(old[::-1], new[::-1], strict=False)) if a != b), 0)
    for left in range(min(REACH, start) + 1):
        for right in range(min(REACH, end) + 1):
            low, behind = start - left, end - right
            if behind < 0 or not _same_members(old[low : len(old) - behind], new[low : len(new) - behind]):
                continue
            is_matched = _is_matched(old[low : len(old) - behind], old[:low] + old[len(old) - behind :])
            if not is_matched and not _leans(features, low, len(old) - behind):
                return True
    return False


def _is_ordered(features: ChangeFeatures) -> bool:
    """`In the following order`; and not `carry out your order`, `in order to`."""
    return any(IN_ORDER.search(side.text) for side in features.pair.sides)


def _leans(features: ChangeFeatures, low: int, high: int) -> bool:
    """Does a word beside the members describe the one that it stands by: `hashed passwords and names`, `gift cards`?"""
    atoms, language = features.pair.before.atoms, features.lexicon.language
    places = [at for at, atom in enumerate(atoms) if atom.kind is not Kind.GLUE]
    if language in BEHIND_NOUNS:
        behind = atoms[places[high]] if high < len(places) else None
        is_close = behind is not None and places[high] == places[high - 1] + 1  # no small word between
        return behind is not None and (behind.kind is Kind.QUALIFIER or (is_close and behind.kind is Kind.WORD))
    owners = features.lexicon.lists.get("owners", frozenset())
    if low < len(places) and atoms[places[low]].key in owners:
        return False  # what describes a thing stands behind whose it is: `receives your name and your address`
    at = places[low] - 1 if low < len(places) else -1
    if at < 0 or atoms[at].kind is Kind.QUALIFIER:
        return at >= 0
    if atoms[at].value in EXAMPLES:
        return False
    if atoms[at].kind is not Kind.WORD and atoms[at].value != "free":
        return False
    return _opens(features, atoms, at) or _describes(features, atoms, at)


def _describes(features: ChangeFeatures, atoms: Sequence[Atom], at: int) -> bool:
    """Does it stand behind a verb or an article, and is it none itself: `we repair broken bikes and scooters`?"""
    before = atoms[at - 1]
    is_behind = before.kind in (Kind.WORD, Kind.TERM) or before.key in features.lexicon.lists.get("articles", ())
    return is_behind or "duty_verb" in features.lexicon.of(before.value)


def _opens(features: ChangeFeatures, atoms: Sequence[Atom], at: int) -> bool:
    """Does a sentence or a member begin with the word, or with an article before it?"""
    articles = features.lexicon.lists.get("articles", frozenset())
    if at and atoms[at - 1].key in articles:
        at -= 1
    is_item = features.kind is BlockKind.LIST_ITEM  # `offer weapons or drugs`
    return atoms[at - 1].kind is Kind.SEPARATOR if at else not is_item


def _are_same_words(features: ChangeFeatures) -> bool:
    """Do both sentences have the same words as often, in whatever order?"""
    old, new = (
        sorted([atom.value for atom in side.atoms if atom.kind is not Kind.GLUE and atom.value != ","])
        for side in features.pair.sides
    )
    return old == new


def _holds_stand_in(features: ChangeFeatures) -> bool:
    """Does a word follow that stands for a member, or speaks of one: `one in A, which counts, and one in B`?"""
    lists = features.lexicon.lists
    relatives, stand_ins = (lists.get(name, frozenset()) for name in ("relatives", "stand_ins"))
    old, new = ([atom.key for atom in side.atoms] for side in features.pair.sides)
    first = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), 0)
    same = next((at for at, (a, b) in enumerate(zip(old[::-1], new[::-1], strict=False)) if a != b), 0)
    if features.lexicon.language == "de" and not _joints(_row(features.pair.before.atoms)):
        relatives |= GERMAN_RELATIVES
    if first > 1 and old[first - 2] == "," and old[first - 1] in relatives:
        return True  # `guests, who pay, leave`: the commas part a clause, and no members
    return any(
        not relatives.isdisjoint(keys[first:]) or not stand_ins.isdisjoint(keys[first : len(keys) - same])
        for keys in (old, new)
    )


def _is_matched(members: Row, others: Row) -> bool:
    """Does each member belong to one of as many quantities elsewhere: `Solo, Crew and Guild cost 4, 9 and 19`?"""
    return sum(kind is Kind.QUANTITY for _, kind in others) >= len(list(_members(members)))


def _same_members(old: Row, new: Row) -> bool:
    """Cells of a row, numbers and sums stand where they stand for a reason; so do `and` and `or`."""
    olds, news = list(_members(old)), list(_members(new))
    if len(olds) < 2 or Counter(olds) != Counter(news) or any(kind is Kind.QUANTITY for _, kind in old):
        return False
    joints = _joints(old)
    if joints != _joints(new) or "|" in joints:
        return False
    scopes = {frozenset(_scopes(member)) for member in olds}
    return len(scopes) == 1


def _joints(row: Row) -> list[str]:
    return [value for value, kind in row if kind is Kind.SEPARATOR and value != ","]


def _scopes(member: Row) -> Iterator[Kind]:
    """The kinds of words in a member that may hold for those behind it, too."""
    yield from (kind for _, kind in member if kind in ANYWHERE)
    if member[0][1] in IN_FRONT:
        yield member[0][1]


def _members(row: Row) -> Iterator[Row]:
    member: list[tuple[str, Kind]] = []
    for value, kind in row:
        if kind is not Kind.SEPARATOR:
            member.append((value, kind))
        elif member:
            yield tuple(member)
            member = []
    if member:
        yield tuple(member)


def is_clause_moved(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """Did what stood before the comma go to the end of the sentence, or come from there: `If you ask, we stop`?"""
    ordered = features.lexicon.lists.get("order", frozenset()) - BOUGHT
    if not features.pair.is_reworded or not features.words.isdisjoint(ordered) or _is_ordered(features):
        return False
    parts = [clauses(side.atoms) for side in features.pair.sides]
    if len(parts[0]) != len(parts[1]):
        return False
    pairs = [(_row(old), _row(new)) for old, new in zip(*parts, strict=True)]
    if len(pairs) == 1 and _is_phrase_fronted(features, *pairs[0]):
        return True
    turns, is_loose = features.lexicon.language in FRONTING, _may_belong_to_another(features)
    return all(
        old == new
        or _leads_with_end(old, new, turns=turns, is_loose=is_loose)
        or _leads_with_end(new, old, turns=turns, is_loose=is_loose)
        for old, new in pairs
    )


def _is_phrase_fronted(features: ChangeFeatures, old: Row, new: Row) -> bool:
    """English: `In storms the course is put off`, `The course is put off in storms`, without a comma?"""
    if features.lexicon.language != "en" or _may_belong_to_another(features):
        return False
    texts = [side.text for side in features.pair.sides]
    return any(
        leading[at:] + leading[:at] == trailing and not REACHING.intersection(value for value, _ in leading)
        for leading, trailing, text in ((old, new, texts[0]), (new, old, texts[1]))
        if FRONT.match(text)
        for at in range(1, min(LONGEST_PHRASE, len(leading) - 1))
    )


def _may_belong_to_another(features: ChangeFeatures) -> bool:
    """Does something stand in it that what is put at the end may belong to: `files that you remove after 30 days`,
    `devices made by partners in Spain`?"""
    lists = features.lexicon.lists
    relatives = lists.get("relatives", frozenset()) | RELATIVES
    side = features.pair.after.atoms
    is_parted = any(
        atom.key in relatives and side[at - 1].kind in (Kind.TERM, Kind.WORD, Kind.PARTY, Kind.NAME)
        for at, atom in enumerate(side)
        if at
    )
    owners = lists.get("owners", frozenset())
    parties = {atom.value for atom in side if atom.kind is Kind.PARTY and atom.key not in owners}
    return is_parted or len(parties) > 1


def clauses(atoms: Sequence[Atom], marks: frozenset[str] = frozenset(";")) -> list[list[Atom]]:
    """What a semicolon parts, or these marks."""
    found: list[list[Atom]] = [[]]
    for atom in atoms:
        if atom.key in marks:
            found.append([])
        else:
            found[-1].append(atom)
    return found


def _leads_with_end(leading: Row, trailing: Row, *, turns: bool = False, is_loose: bool = False) -> bool:
    """Is the one sentence `A, B` where the other is `B A`? In German, `Wenn A, tun wir B` says `Wir tun B, wenn A`.

    Where it `is_loose`, what is put at the end may belong to another word there, unless it is a clause of its own.
    """
    if any(one == "," and other in ("and", "or") for (one, _), (other, _) in pairwise(trailing)):
        return False  # `we delete it, and tell our partners if you object`
    plain = [pair for pair in trailing if pair[0] != ","]
    for at, (value, _) in enumerate(leading[: LONGEST_CLAUSE + 1]):
        if value != "," or not at:
            continue
        first, rest = list(leading[:at]), [pair for pair in leading[at + 1 :] if pair[0] != ","]
        if is_loose and (first[0][0] not in CONDITIONS or first[-1][1] is Kind.QUANTITY):
            return False
        reaching = REACHING - DENIED if first[0][0] in CLAUSAL else REACHING
        if (len(first) == 1 and first[0][1] in SCOPED) or any(value in reaching for value, _ in rest):
            return False
        if rest + first == plain or _is_put_inside(first, rest, plain) or _is_parenthesis(first, rest, trailing):
            return True
        if turns and [value for value, _ in rest[1:2]] == ["we"] and [rest[1], rest[0], *rest[2:], *first] == plain:
            return True
    return False


def _is_parenthesis(first: list[tuple[str, Kind]], rest: list[tuple[str, Kind]], trailing: Row) -> bool:
    """`On the last day, guests must leave`, `Guests must, on the last day, leave`: between two commas."""
    commas = [at for at, (value, _) in enumerate(trailing) if value == ","]
    return any(
        first == list(trailing[low + 1 : high]) and rest == [*trailing[:low], *trailing[high + 1 :]]
        for low, high in pairwise(commas)
    )


def _is_put_inside(first: list[tuple[str, Kind]], rest: list[tuple[str, Kind]], plain: list[tuple[str, Kind]]) -> bool:
    """`From the age of 16, children decide`, `Children from the age of 16 decide`: behind the one who does it."""
    if first[0][1] not in WHERE_OR_WHEN or sum(kind is Kind.PARTY for _, kind in rest) > 1:
        return False  # `from 16, parents decide for children`: whose age it is hangs on where it stands
    return plain == [*rest[:1], *first, *rest[1:]]


def is_genitive(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """English: `the privacy of our users`, `our users' privacy`?"""
    if not features.pair.is_reworded or features.lexicon.language != "en":
        return False
    before, after = (side.text for side in features.pair.sides)
    gone, come = (Counter(atom.value for atom in side) for side in (features.old, features.new))
    if (gone - come).total() > MOST_TURNED or (come - gone).total() > MOST_TURNED:
        return False
    sides = ((before, after, features.new), (after, before, features.old))
    return any(len(AN_OF.findall(text)) > len(AN_OF.findall(said)) and _turned(text, other, features)
               for text, said, other in sides)  # fmt: skip


def _turned(text: str, other: Sequence[Atom], features: ChangeFeatures) -> bool:
    """Does the text say what the other one does, once an `X of Y` in it is `Y's X`?"""
    wanted = [atom.value for atom in other]
    turned = (
        f"{text[: of.start()]}{of[2] or ''}{of[3]} {of[1]}{text[of.end() :]}"
        for pattern in OF
        for of in pattern.finditer(text)
    )
    return any([atom.value for atom in spoken(atoms_of(one, features.lexicon))] == wanted for one in turned)


ORDER = (
    Proof(
        "genitive",
        WORDED,
        is_genitive,
        "`The privacy of our users` became `our users' privacy`, or the reverse.",
        "We like the faces of our guests.",
        "We like our guests' faces.",
    ),
    Proof(
        "enumeration-order",
        WORDED,
        is_enumeration_reordered,
        "The members of one enumeration stand in another order.",
        "We store names, addresses and orders.",
        "We store addresses, orders and names.",
    ),
    Proof(
        "clause-order",
        WORDED,
        is_clause_moved,
        "What stood before the comma stands at the end now, or the reverse.",
        "If you object, we stop the delivery.",
        "We stop the delivery if you object.",
    ),
)

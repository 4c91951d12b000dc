"""Proofs on how a thing is put: the company's name for `we`, `durante diez años`, `the following partners:`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import WORDS, Proof
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Kind
from notifier.text.document import BlockKind, Document

OWN_NAME = re.compile(
    r"((?:[A-ZÀ-Þ][\w.&’'-]{0,40}+,? ?(?:& )?){1,6}+)\((?:[\w ,]{0,30}?)[\"“”„«»'‘’* ]{1,4}"
    r"(?:we|us|our|wir|uns|nous|nosotros|wij|ons)[\"“”„«»'‘’*, ]"
)
"""`Acme Tools Ltd (“we”)`: the company that the text is by, and says `we`. A part of a name is a whole word: cut in any
other way, a paragraph in capitals has more of them than can be tried."""
LASTING = frozenset(("durante", "pendant", "durant", "gedurende", "während"))
WITHIN = frozenset(("en el plazo de", "en un plazo de"))
IN_PERIOD = re.compile(r"\ben (?:(?:el|un) plazo de )?(?:un|una|dos|tres|\d+)\b", re.IGNORECASE)
"""Spanish: `en el plazo de un mes`, `en un mes`."""
PURPOSE = re.compile(
    r"[*_ ]*(?:(?:in order )?to|(?:if|should|when) you (?:(?:want|wish|would like) )to|pour"
    r"|si vous (?:souhaitez|voulez|désirez)|para|si (?:desea|quiere|deseas|quieres))\b",
    re.IGNORECASE,
)
"""What a sentence on how to do something begins with."""
FOLLOWING = frozenset(
    ("following", "folgende", "folgenden", "suivant", "suivants", "suivante", "suivantes", "siguiente", "siguientes",
     "volgende")
)  # fmt: skip
CALLED = frozenset(
    ("purposes", "purpose", "cases", "reasons", "zwecke", "zwecken", "fälle", "fällen", "gründe", "gründen", "fins",
     "cas", "fines", "casos", "doeleinden", "doelen", "gevallen")
)  # fmt: skip
"""What the members of a list may be called, which say what they are themselves."""
COLON = re.compile(r"[\s*_]*:[\s*_]*(?:\n|$)")
TWO, ROOT = 2, 4
LINKING, LONGER = 2, 5
"""Letters that link the parts of a German compound, and by which its first part may be longer when it stands alone."""
MEMBERS = frozenset({Kind.WORD, Kind.TERM, Kind.NAME, Kind.SEPARATOR})
"""Kinds of words in the members of an enumeration that belong to somebody."""
BEFORE_COLON = 4
"""Words between `the following` and the colon, at most."""


def is_own_name(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Does the company call itself by its name where it said `we`, or the reverse?"""
    return all(_is_own_name(features, run) for run in runs)


def _is_own_name(features: ChangeFeatures, run: WordRun) -> bool:
    we, named = (run.removed, run.added) if [atom.value for atom in run.removed] == ["we"] else (run.added, run.removed)
    if [atom.value for atom in we] != ["we"] or not named or not all(atom.is_capital for atom in named):
        return False
    if features.pair.side.kind is BlockKind.TABLE_ROW:
        return False
    names = own_names(features.texts.diff.before) & own_names(features.texts.diff.after)
    words = tuple(atom.key for atom in named)
    return any(words == name[: len(words)] and not _is_other_s(features, words, name) for name in names)


def _is_other_s(features: ChangeFeatures, words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Does another name in the text begin in the same way: `Acme Prints Ltd`, where `Acme Paper Ltd` says `we`?"""
    begins = re.compile(r"[\W_]+".join(map(re.escape, words)) + r" +([\w’'-]+)", re.IGNORECASE)
    own = name[len(words) : len(words) + 1]
    behind = {
        match[1]
        for document in (features.texts.diff.before, features.texts.diff.after)
        for match in begins.finditer(document.text)
    }
    return any(word[:1].isupper() and word.lower() not in own for word in behind)


def own_names(document: Document) -> frozenset[tuple[str, ...]]:
    """The names, in lower case, of whom the text calls `we`; kept with the text."""
    known = document.memo.get("own_names")
    if not isinstance(known, frozenset):
        found = (re.findall(r"[\w'’-]+", match[1].lower()) for match in OWN_NAME.finditer(document.text))
        known = document.memo["own_names"] = frozenset(tuple(words) for words in found if words)
    return known


def is_lasting(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Did `durante` come or go before a period: `durante diez años`, `diez años`?"""
    return all(_lasts(features, run) for run in runs)


def _lasts(features: ChangeFeatures, run: WordRun) -> bool:
    if run.atoms[0].key in WITHIN:
        return len(run.atoms) == 1 and all(IN_PERIOD.search(side.text) for side in features.pair.sides)
    side, at = (features.old, run.old_at) if run.removed else (features.new, run.new_at)
    behind = side[at + 1 : at + 2]
    return (
        [atom.key for atom in run.atoms if atom.key not in LASTING] == []
        and len(run.atoms) == 1
        and bool(behind)
        and behind[0].value.startswith("duration ")
    )


def begins_as_purpose(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Does a sentence begin with `If you want to write`, and did it with `To write`, or the reverse?"""
    begins = [match.end() if (match := PURPOSE.match(side.text)) else 0 for side in features.pair.sides]
    return features.pair.is_reworded and all(
        atom.end <= end
        for run in runs
        for end, atoms in zip(begins, (run.removed, run.added), strict=True)
        for atom in atoms
    )


def is_announced(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Is what stands below the colon called `the following` or not: `with these partners:`?"""
    if not features.pair.is_reworded or not any(COLON.search(side.text) for side in features.pair.sides):
        return False
    return all(_announces(features, run) for run in runs)


def _announces(features: ChangeFeatures, run: WordRun) -> bool:
    """Or does it stand before the list that became a part of the sentence: `for the following purposes:`?"""
    side, at = (features.old, run.old_at) if run.removed else (features.new, run.new_at)
    text = (features.pair.before if run.removed else features.pair.after).text
    if run.atoms[0].key not in FOLLOWING or (run.removed and run.added):
        return False
    if all(one.text.rstrip(" *_").endswith(":") for one in features.pair.sides):
        return len(run.atoms) == 1 and len(side) - at <= BEFORE_COLON
    return all(atom.key in CALLED for atom in run.atoms[1:]) and bool(COLON.match(text, run.atoms[-1].end))


def is_compound(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """German: `Termine der Lieferung`, `Liefertermine`?"""
    return features.lexicon.language == "de" and all(_is_compound(run) for run in runs)


def _is_compound(run: WordRun) -> bool:
    one, more = (run.removed, run.added) if len(run.removed) == 1 else (run.added, run.removed)
    parts = [atom for atom in more if atom.kind in (Kind.WORD, Kind.TERM, Kind.NAME, Kind.PARTY)]
    joints = [atom.key for atom in more if atom not in parts]
    if (
        len(one) != 1
        or not 1 < len(parts) <= TWO + 1
        or joints not in ([], ["von"], ["von", "und"])
        or more[0] != parts[0]
    ):
        return False
    whole, head, of = one[0].key, parts[0].key, parts[1:]
    first = whole.removesuffix(head)
    if first == whole or len(first) < ROOT:
        return False
    begins = first[: max(ROOT, len(first) - LINKING)]
    return all(part.key.startswith(begins) and len(part.key) <= len(first) + LONGER for part in of)


def is_owner_repeated(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Did `your` come or go before a further member of an enumeration: `your name and address`, `and your address`?"""
    return features.pair.is_reworded and all(_is_owner_repeated(features, run) for run in runs)


def _is_owner_repeated(features: ChangeFeatures, run: WordRun) -> bool:
    owners = features.lexicon.lists.get("owners", frozenset())
    side = features.pair.before.atoms if run.removed else features.pair.after.atoms
    said = [atom for atom in side if atom.kind is not Kind.GLUE]
    at = next((at for at, atom in enumerate(said) if atom.start == run.atoms[0].start), 0)
    if len(run.atoms) != 1 or run.atoms[0].key not in owners or not at or said[at - 1].kind is not Kind.SEPARATOR:
        return False
    first = next((one for one in range(at - 1, -1, -1) if said[one].value == run.atoms[0].value), -1)
    return first >= 0 and all(atom.kind in MEMBERS or atom.key in owners for atom in said[first:at])


PHRASING = (
    Proof(
        "owner-repeated",
        frozenset({Kind.PARTY}),
        is_owner_repeated,
        "`Your` or `our` came or went before a further member of an enumeration that begins with it.",
        "We keep your chairs and tables.",
        "We keep your chairs and your tables.",
    ),
    Proof(
        "own-name",
        WORDS | {Kind.PARTY},
        is_own_name,
        "The company that the text says `we` of is named where it said `we`, or the reverse.",
        "Acme Paper Ltd (“we”) runs this page.\n\nWe print paper.",
        "Acme Paper Ltd (“we”) runs this page.\n\nAcme Paper prints paper.",
    ),
    Proof(
        "lasting",
        frozenset({Kind.FORCE}),
        is_lasting,
        "A word such as `durante` or `pendant` came or went before a period.",
        "La tienda abre diez meses.",
        "La tienda abre durante diez meses.",
        "es",
    ),
    Proof(
        "purpose",
        WORDS | {Kind.FORCE, Kind.PARTY},
        begins_as_purpose,
        "A sentence begins with `if you want to` where it began with `to`, or the reverse.",
        "To print the page, press the button.",
        "If you want to print the page, press the button.",
    ),
    Proof(
        "announced",
        WORDS | {Kind.DIRECTION, Kind.QUALIFIER},
        is_announced,
        "What stands below a colon is called `the following`, or no longer.",
        "This page has the following parts:",
        "This page has these parts:",
    ),
    Proof(
        "compound",
        WORDS | {Kind.DIRECTION, Kind.PARTY},
        is_compound,
        "German: two words became one that is made of them, or the reverse.",
        "Hier stehen die Termine der Lieferung.",
        "Hier stehen die Liefertermine.",
        "de",
    ),
)

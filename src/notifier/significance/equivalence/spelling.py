"""Proofs that a word is written otherwise: a slip of the pen, a lost space, a broken encoding, a small word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import ANY, WORDS, Proof
from notifier.significance.reading.alignment import WordRun, spoken
from notifier.significance.reading.atoms import FACTS, Atom, Kind, atoms_of
from notifier.significance.reading.word_forms import is_word, lemma
from notifier.significance.reading.written_words import is_other_with_hyphen
from notifier.text.document import BlockKind
from notifier.text.numbers import number_in_words

SHORTEST = 4
"""Letters of a word in which a slip can be told from another word."""
LONG = 8
"""Letters from which on two of them may be wrong."""
COMPOUNDING, PART, HEAD = frozenset(("de", "nl")), 3, 6
"""Languages that make one word of two, and how short they may be."""
INFLECTED = ("s", "ed", "ing")
UNLIKE = 7
"""Letters of a number word that no slip turns into another one: `sixy` may be six or sixty."""
LETTERS = re.compile(r"[^\W\d_]+")
NO_LETTER = re.compile(r"[\W_]")
BROKEN = re.compile(r"[ÂÃâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ ]{1,2}")
"""UTF-8 that was read as Latin-1 or Windows-1252: `â€™` for `’`."""
ROLES = tuple(pair for one in ("or", "er", "ant") for pair in ((one, "ee"), ("ee", one)))
"""Endings of who does it, and of whom it is done to: `promisor`, `promisee`."""
TURNS_ROUND = tuple(
    pair
    for one, other in (("in", "ex"), ("over", "under"), ("pre", "post"), ("inter", "intra"), ("hyper", "hypo"))
    for pair in ((one, other), (other, one))
)
NEGATIVE = ("un", "non", "in", "im", "il", "ir", "dis", "mis", "a", "de", "anti", "ex", "ent", "miss", "ver", "unter")


def is_slip(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Is each word that went much like the one that came, and is exactly one of the two no word at all?"""
    return all(
        0 < len(run.removed) == len(run.added)
        and all(_is_slip(features, one, other) for one, other in zip(run.removed, run.added, strict=True))
        for run in runs
    )


def _is_slip(features: ChangeFeatures, one: Atom, other: Atom) -> bool:
    wrong, right = (_nearest(atom.key, beside.key) for atom, beside in ((one, other), (other, one)))
    if wrong == right or not _look_alike(wrong, right):
        return False
    known = [_is_known(features, atom) for atom in (one, other)]
    if not any(known):  # one of them begins as a rule word does: `anonyised`, `anonymised`
        known = [atom.kind is Kind.QUALIFIER or bool(features.lexicon.of(atom.key)) for atom in (one, other)]
    if any(known) == all(known):
        return False
    mistaken, meant = (one, other) if known[1] else (other, one)
    return not (mistaken.is_capital and mistaken.kind is Kind.NAME and meant.kind in (Kind.NAME, Kind.WORD))


def _look_alike(one: str, other: str) -> bool:
    """May one be the other with a letter or two wrong, and not its opposite?"""
    from rapidfuzz.distance import OSA

    if min(len(one), len(other)) < SHORTEST or not (one.isalpha() and other.isalpha()):
        return False
    if OSA.distance(one, other) > (2 if min(len(one), len(other)) >= LONG else 1) or is_opposite(one, other):
        return False
    return one[0] == other[0] or sorted(one[:2]) == sorted(other[:2]) or one[1:] == other or other[1:] == one


def is_mistyped(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Are slips all that differs, of words that make up a fact: `31 Decmber`? No other number may look like it."""
    if not features.pair.is_reworded or is_slip(features, runs):
        return False
    old, new = (side.text for side in features.pair.sides)
    if [" ".join(part.split()) for part in LETTERS.split(old)] != [" ".join(p.split()) for p in LETTERS.split(new)]:
        return False
    words = zip(LETTERS.findall(old.lower()), LETTERS.findall(new.lower()), strict=True)
    changed = [(one, other) for one, other in words if one != other]
    return bool(changed) and all(_is_mistyped(features, one, other) for one, other in changed)


def _is_mistyped(features: ChangeFeatures, one: str, other: str) -> bool:
    if not _look_alike(one, other):
        return False
    lexicon = features.lexicon
    language = lexicon.language
    known = [
        word in lexicon.exact or lexicon.meaning((word,), 0) is not None or is_word(word, language)
        for word in (one, other)
    ]
    if all(known) or not any(known):
        return False
    meant = one if known[0] else other
    return number_in_words(meant, language) is None or len(meant) >= UNLIKE


def _nearest(phrase: str, word: str) -> str:
    """The word of a phrase that looks most like another: `exampla` is a slip in `for example`."""
    from rapidfuzz.distance import OSA

    return min(phrase.split(), key=lambda part: OSA.distance(part, word)) if " " in phrase else phrase


def _is_known(features: ChangeFeatures, atom: Atom) -> bool:
    """Is it a word: of the rules, of a dictionary, or one that the texts hold elsewhere, too?"""
    key, language = atom.key, features.lexicon.language
    if features.lexicon.meaning((key,), 0) or key in features.lexicon.exact:
        return True
    if atom.kind in FACTS and atom.kind is not Kind.QUALIFIER:
        return True
    if language in COMPOUNDING and any(
        is_word(key[:cut], language) and is_word(key[cut:], language) for cut in range(PART, len(key) - HEAD + 1)
    ):
        return True  # `Vormieter` is no slip of `Vermieter`
    stem = lemma(key, language)
    forms = (key, stem, f"{stem}e") if key.endswith(INFLECTED) else (key,)
    if any(is_word(form, language) for form in forms):
        return True
    return features.texts.was_heard(key) and features.texts.is_heard(key)


def is_opposite(one: str, other: str) -> bool:
    """Is one of two words the other with a beginning that turns it round, or with `-less` at its end?"""
    short, long = sorted((one, other), key=len)
    if any(long == prefix + short for prefix in NEGATIVE) or (long.endswith("less") != short.endswith("less")):
        return True
    if any(one.endswith(a) and other.endswith(b) and one[: -len(a)] == other[: -len(b)] for a, b in ROLES):
        return True
    return any(one[len(a) :] == other[len(b) :] and one.startswith(a) and other.startswith(b) for a, b in TURNS_ROUND)


def is_run_together(_features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Did words lose or gain the space or hyphen between them?"""
    return all(
        _letters(run.removed) == _letters(run.added) != "" and not is_other_with_hyphen(_letters(run.removed))
        for run in runs
    )


def _letters(atoms: Sequence[Atom]) -> str:
    return NO_LETTER.sub("", "".join(atom.key for atom in atoms)).lower()


def is_encoding_mended(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """Do both sentences read the same once broken letters are mended?"""
    old, new = (side.text for side in features.pair.sides)
    if not (BROKEN.search(old) or BROKEN.search(new)):
        return False
    first, second = (spoken(atoms_of(BROKEN.sub(_mended, text), features.lexicon)) for text in (old, new))
    return [atom.value for atom in first] == [atom.value for atom in second]


def _mended(match: re.Match[str]) -> str:
    for encoding in ("cp1252", "latin-1"):
        try:
            return match[0].encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    mixed = b"".join(_byte(letter) for letter in match[0])
    try:
        return mixed.decode("utf-8")
    except UnicodeError:
        return match[0]


def _byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeError:
        return letter.encode("latin-1", "replace")


def are_small(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Did an `and` come or go where a comma stands on the other side, or behind an item; or an `or` of what is not
    done: `we do not store: names; faces`, `we do not store names or faces`?"""
    return all(len(run.atoms) == 1 and _is_joint(features, run) for run in runs)


def _is_joint(features: ChangeFeatures, run: WordRun) -> bool:
    side, at = (features.old, run.old_at) if run.removed else (features.new, run.new_at)
    text = (features.pair.before if run.removed else features.pair.after).text
    is_last = 0 < at == len(side) - 1 and (features.kind is BlockKind.LIST_ITEM or "\n" in text)
    if run.atoms[0].value == "and":
        return is_last or _is_comma(features, run)
    is_denied = any(atom.value in ("not", "never") for atom in side[:at])
    return run.atoms[0].value == "or" and is_denied and (is_last or _is_between_items(features, run))


def _is_between_items(features: ChangeFeatures, run: WordRun) -> bool:
    """Is it an item of a list on the other side that begins here?"""
    pair = features.pair
    sides = (pair.after, features.new, run.new_at), (pair.before, features.old, run.old_at)
    other, there, at = sides[0] if run.removed else sides[1]
    return 0 < at < len(there) and "\n" in other.text[there[at - 1].end : there[at].start]


def _is_comma(features: ChangeFeatures, run: WordRun) -> bool:
    """Is there a comma where the other side has its `and`?"""
    side, spoken_there, at = (
        (features.pair.after, features.new, run.new_at)
        if run.removed
        else (features.pair.before, features.old, run.old_at)
    )
    behind = spoken_there[at].start if at < len(spoken_there) else len(side.text)
    before = spoken_there[at - 1].end if at else 0
    is_item = "\n" in side.text[before:behind]
    return is_item or any(atom.value == "," and before <= atom.start < behind for atom in side.atoms)


def are_cells(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Did a row of a table become an item of a list, or the reverse?"""
    kinds = {side.kind for side in features.pair.sides}
    return len(kinds) > 1 and all({atom.value for atom in run.atoms} == {"|"} for run in runs)


def is_doubled(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Was a word written twice in a row, and is it once now, or the reverse?"""
    return all(len(run.atoms) == 1 and run.atoms[0].value != "|" and _stands_beside(features, run) for run in runs)


def _stands_beside(features: ChangeFeatures, run: WordRun) -> bool:
    atoms = features.pair.before.atoms if run.removed else features.pair.after.atoms
    at = next(at for at, atom in enumerate(atoms) if atom.start == run.atoms[0].start)
    return run.atoms[0].key in {atom.key for atom in (*atoms[max(0, at - 1) : at], *atoms[at + 1 : at + 2])}


SPELLING = (
    Proof(
        "doubled-word",
        WORDS | {Kind.PARTY, Kind.DIRECTION},
        is_doubled,
        "A word stood there twice in a row.",
        "This page is for everybody, and our our guests.",
        "This page is for everybody, and our guests.",
    ),
    Proof(
        "slip",
        ANY - {Kind.QUANTITY, Kind.OPAQUE, Kind.CONTACT, Kind.LINK},
        is_slip,
        "A slip of the pen was mended (or made): one of the two is no word.",
        "We explanes it here.",
        "We explains it here.",
    ),
    Proof(
        "run-together",
        WORDS | {Kind.QUALIFIER, Kind.PARTY},
        is_run_together,
        "The same letters: a space or hyphen between words was lost or found.",
        "Write to the help desk.",
        "Write to the helpdesk.",
    ),
    Proof(
        "function-words",
        WORDS,
        are_small,
        "Only an `and` between members came or went.",
        "We store names, addresses, orders.",
        "We store names, addresses and orders.",
    ),
)
PHRASES = Proof(
    "slip-in-phrase",
    ANY - {Kind.OPAQUE, Kind.CONTACT, Kind.LINK},
    is_mistyped,
    "A slip of the pen was mended (or made) in words that are one fact: a month, a title; nothing else changed.",
    "The offer ends on 31 Decmber 2026.",
    "The offer ends on 31 December 2026.",
)
CELLS = Proof(
    "table-as-list",
    WORDS,
    are_cells,
    "A row of a table became an item of a list, or the reverse.",
    "| What | How long |\n|---|---|\n| Chats | long |",
    "What, how long:\n\n* Chats: long",
)
ENCODING = Proof(
    "broken-encoding",
    ANY,
    is_encoding_mended,
    "Letters that a wrong encoding had broken were mended.",
    "The customerâ€™s data.",
    "The customer’s data.",
)

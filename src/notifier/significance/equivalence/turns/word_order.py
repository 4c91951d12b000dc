"""Proof that a German or Dutch sentence only begins with something else: what stands before the verb, and behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import Proof
from notifier.significance.equivalence.turns.order import FRONTING, REACHING, WORDED
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Atom, Kind

SUBJECTS = frozenset(("wir", "sie", "du", "ihr", "wij", "we", "u", "je", "jij", "ze", "es", "er"))
EITHER = frozenset(("sie", "ze", "je", "ihr", "es"))
"""Pronouns that may be who does it, and to whom it is done: `Die Mieter verklagen Sie`."""
PREPOSITIONS = frozenset(
    ("nach", "bei", "beim", "mit", "in", "im", "an", "am", "auf", "aus", "von", "vom", "zu", "zum", "zur", "für",
     "durch", "ohne", "vor", "während", "innerhalb", "binnen", "seit", "gegen", "per", "na", "bij", "met", "aan", "op",
     "uit", "van", "tot", "voor", "door", "zonder", "tijdens", "sinds", "via")
)  # fmt: skip
DONE_TO = frozenset(("den", "einen", "unseren", "ihren", "diesen", "jeden", "keinen", "deinen", "euren", "meinen"))
"""German: what begins with one of these is who it is done to, or they to whom it is given, and never who does it."""
ARTICLES = frozenset(("der", "die", "das", "de", "het"))
"""What somebody or something begins with that does it, or to whom it is done, behind the verb."""
ADVERBS = frozenset(
    ("jederzeit", "automatisch", "rechtzeitig", "regelmäßig", "regelmässig", "schriftlich", "vorab", "altijd", "tijdig",
     "automatisch", "schriftelijk", "vooraf", "regelmatig")
)  # fmt: skip
NEAR, LONGEST = 3, 8
"""Pronouns behind the verb that something is put behind, and words of what is put elsewhere, at most."""


def is_fronted(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """Did what stands before the verb change places with who does it, or a phrase with the verb at the end?"""
    if features.lexicon.language not in FRONTING or not features.pair.is_reworded:
        return False
    old, new = (_without_asides(features, side.atoms) for side in features.pair.sides)
    if len(old) != len(new) or sorted(atom.key for atom in old) != sorted(atom.key for atom in new):
        return False
    return _keys(old) == _keys(new) or any(_keys(one) == _keys(other) for one, other in _turned(old, new))


def _without_asides(features: ChangeFeatures, atoms: Sequence[Atom]) -> list[Atom]:
    """All but commas and `außerdem` or the like; in front, that is what stands before the verb."""
    asides = features.lexicon.lists.get("by_the_way", frozenset())
    kept = [atom for atom in atoms if atom.value != "," and atom.key not in asides]
    if atoms and atoms[0].key in asides and len(kept) > 1 and kept[1].key in SUBJECTS:
        return [kept[1], kept[0], *kept[2:]]  # `ferner können Sie …`
    return kept


def _turned(old: Sequence[Atom], new: Sequence[Atom]) -> Iterator[tuple[Sequence[Atom], Sequence[Atom]]]:
    """Each side put as the other one may be, and that one."""
    for one, other in ((old, new), (new, old)):
        yield from ((form, other) for form in _plain_forms(one))
        yield from ((form, other) for form in _verb_first(one))


def _plain_forms(fronted: Sequence[Atom]) -> Iterator[list[Atom]]:
    """`X V S R` as `S V X R`, or with X behind a pronoun or a thing of R."""
    for at in range(2, min(len(fronted), LONGEST + 2)):
        first, verb, subject, rest = fronted[: at - 1], fronted[at - 1], fronted[at], fronted[at + 1 :]
        if subject.key in ARTICLES and rest and (first[0].key in PREPOSITIONS or first[0].key in DONE_TO):
            if _may_move(first, subject) and rest[0].is_capital:  # `nach der Frist werden die Daten gelöscht`
                yield [subject, rest[0], verb, *first, *rest[1:]]
            continue
        if subject.key not in SUBJECTS or not (_may_move(first, subject) or _is_yours(first, verb)):
            continue
        yield [subject, verb, *first, *rest]
        if [atom.value for atom in rest] == ["not"]:
            yield [subject, verb, *rest, *first]  # `für Wertsachen haften wir nicht`
        for near in range(1, min(NEAR, len(rest)) + 1):
            if _is_object(_unhurried(rest[:near])):  # not `wir verkaufen Geräte von Partnern in Spanien`
                yield [subject, verb, *rest[:near], *first, *rest[near:]]


def _unhurried(atoms: Sequence[Atom]) -> Sequence[Atom]:
    """Without a last word that says how or when it is done: `wir informieren Sie rechtzeitig`."""
    return atoms[:-1] if len(atoms) > 1 and atoms[-1].key in ADVERBS else atoms


def _is_yours(first: Sequence[Atom], verb: Atom) -> bool:
    """Is it one thing of the reader's before a verb that is said of more than one: `Ihr Konto können Sie löschen`?"""
    return first[0].key == "ihr" and len(first) == NEAR - 1 and verb.key.endswith("en")


def _is_object(atoms: Sequence[Atom]) -> bool:
    """Is it a pronoun, a sum, or a thing with its article?"""
    if all(atom.kind is Kind.QUANTITY or atom.value == "each" for atom in atoms):
        return True
    if all(atom.kind is Kind.PARTY and atom.value in ("we", "you") for atom in atoms):
        return True
    *article, thing = atoms
    return len(article) == 1 and article[0].kind is Kind.GLUE and thing.kind in (Kind.WORD, Kind.TERM)


def _may_move(first: Sequence[Atom], subject: Atom) -> bool:
    """Is it no clause, and nobody who could be the one who does it?"""
    if any(atom.value in REACHING and atom.value != "until" for atom in first):
        return False  # `bis 14 Tage vor Beginn` is no clause
    if first[0].key in DONE_TO:
        return True
    is_phrase = first[0].key in PREPOSITIONS
    is_nobody = not any(atom.kind in (Kind.PARTY, Kind.NAME) for atom in first)
    return is_phrase or is_nobody or subject.key not in EITHER


def _verb_first(atoms: Sequence[Atom]) -> Iterator[list[Atom]]:
    """`worden op servers opgeslagen` as `worden opgeslagen op servers`: a phrase behind the verb at the end."""
    for at in range(1, len(atoms) - 1):
        is_alone = atoms[at - 1].kind in (Kind.GLUE, Kind.FORCE)  # belongs to no noun before it
        if is_alone and atoms[at].key in PREPOSITIONS and len(atoms) - at <= LONGEST:
            yield [*atoms[:at], atoms[-1], *atoms[at:-1]]


def _keys(atoms: Sequence[Atom]) -> list[str]:
    return [f"{atom.key} {atom.value}" if atom.kind is Kind.PARTY else atom.key for atom in atoms]


FRONTED = Proof(
    "fronted",
    WORDED,
    is_fronted,
    "German, Dutch: what stands before the verb changed places with who does it, or a phrase with the verb at the end.",
    "Im Garten pflanzen wir Rosen.",
    "Wir pflanzen im Garten Rosen.",
    "de",
)

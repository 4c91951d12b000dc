"""Proofs that the same people are named: women and men both or by a form that holds for all, the reader as `you` or as
`the user`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import WORDS, Proof
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.reading.lexicon import Lexicon
from notifier.significance.reading.plain_words import plain_words
from notifier.significance.reading.word_forms import lemma

UMLAUTS = str.maketrans("äöü", "aou")
ROOT = 3
FORMS = {
    "de": (re.compile(r"in(?:nen)?$"), re.compile(r"(?:end)?(?:ern|en|er|e|n|s)$")),
    "fr": (
        re.compile(r"s$"),
        re.compile(r"(?:trice|teur)$"),
        re.compile(r"(?:euse|eur)$"),
        re.compile(r"(?:ère|er)$"),
        re.compile(r"(?:ive|if)$"),
        re.compile(r"e$"),
        re.compile(r"(?<=n)n$"),
    ),
    "es": (re.compile(r"s$"), re.compile(r"[oae]$")),
}
"""The endings by which a language tells women from men, cut one after another."""
WOMEN = {
    "de": re.compile(r"in(?:nen)?$"),
    "fr": re.compile(r"(?:es?|trices?)$"),
    "es": re.compile(r"as?$"),
}
FOR_ALL = re.compile(r"ende[nr]?$")
PERSON = re.compile(
    r"(?:[dts]or|[aie]nte|ist|ari|er|ic|an|in|at|ad|eg|[ín]g|an)[oae]?s?$|^(?:hij|alumn|soci|niñ|herman|amig)[oa]s$"
)
"""Endings of Spanish words for somebody."""
PERSONS = "personas"
RECIPIENTS = frozenset(
    ("partner", "partners", "party", "parties", "affiliate", "affiliates", "vendor", "vendors", "supplier", "suppliers",
     "provider", "providers", "processor", "processors", "agency", "personnel", "contractor", "contractors", "children")
)  # fmt: skip
"""Who only receives or does something for the company, and is no reader who agrees to anything."""


def root(word: str, language: str) -> str:
    """What the words for a woman and a man of one trade share."""
    found = word.translate(UMLAUTS) if language == "de" else word
    for ending in FORMS.get(language, ()):
        cut = ending.sub("", found)
        found = cut if len(cut) >= ROOT else found
    return found


def are_both(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Do women and men of one kind stand where one word named them, or the reverse?"""
    return features.lexicon.language in FORMS and all(_is_doubled(features, run) for run in runs)


def _is_doubled(features: ChangeFeatures, run: WordRun) -> bool:
    language = features.lexicon.language
    if bool(run.removed) == bool(run.added):
        gone, come = ([atom for atom in side if atom.kind is not Kind.GLUE] for side in (run.removed, run.added))
        return len(gone) == len(come) == 1 and _is_for_all(gone[0].key, come[0].key, language)
    side, at = (features.old, run.old_at) if run.removed else (features.new, run.new_at)
    atoms, behind = run.atoms, side[at + len(run.atoms) :]
    if language == "es" and [atom.key for atom in atoms] == [PERSONS] and behind:
        there, place = (features.new, run.new_at) if run.removed else (features.old, run.old_at)
        return _are_twins(behind[:1], there[place : place + 1], language)
    before = side[:at]
    if atoms[0].value == "and" and before:
        return _are_twins(before, atoms[1:], language)
    lead = next((place for place, atom in enumerate(atoms) if atom.value == "and"), 0)
    return bool(lead and behind) and _are_twins(atoms[:lead], (*atoms[lead + 1 :], behind[0]), language)


def _are_twins(first: Sequence[Atom], second: Sequence[Atom], language: str) -> bool:
    """`Kundinnen`, `Kunden`; before the second at most the word of force that stands before the first: `jeder`."""
    if not second or not first:
        return False
    *lead, other = second
    one = first[-1]
    held = {atom.value for atom in first[:-1]}
    if any(atom.kind is not Kind.FORCE or (held and atom.value not in held) for atom in lead) or len(lead) > 1:
        return False
    if language == "es" and not (one.kind is Kind.PARTY or PERSON.search(one.key) or PERSON.search(other.key)):
        return False  # `los cargos y las cargas`
    women = WOMEN[language]
    is_one_of_each = bool(women.search(one.key)) != bool(women.search(other.key))
    return is_one_of_each and one.key != other.key and root(one.key, language) == root(other.key, language)


def _is_for_all(one: str, other: str, language: str) -> bool:
    """`Bewerber`, `Bewerbende`."""
    if language != "de" or bool(FOR_ALL.search(one)) == bool(FOR_ALL.search(other)):
        return False
    man = other if FOR_ALL.search(one) else one
    return lemma(man, "de") != man and man.endswith(("er", "ern")) and root(one, "de") == root(other, "de")


def is_reader_named(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Is the reader called `you` who was called `the user`, in a text that knows nobody else who could be meant?"""
    named = {atom.key for run in runs for atom in run.atoms if atom.value != "you"}
    texts, lexicon = features.texts.diff, features.lexicon
    side = texts.after if any(atom.value != "you" for run in runs for atom in run.added) else texts.before
    return (
        features.pair.is_reworded
        and all(len(run.removed) == len(run.added) == 1 and _reads(run, lexicon) for run in runs)
        and len({lemma(word, lexicon.language) for word in named}) == 1
        and not _knows_others(side.text, next(iter(named)), lexicon)
    )


def _reads(run: WordRun, lexicon: Lexicon) -> bool:
    """Is one of the two `you`, and the other one who may be it?"""
    readers = [atom for atom in run.atoms if atom.value != "you"]
    return len(readers) == 1 and "you" in lexicon.of(readers[0].key)


def _knows_others(text: str, reader: str, lexicon: Lexicon) -> bool:
    """Does a text that calls the reader by that word speak of others who use it, or of `you`: `you tell your users`?"""
    known = {word: {*lexicon.of(word), *lexicon.of(word.removesuffix("s"))} for word in plain_words(text)}
    people = {word for word, marks in known.items() if marks & {"party", "you"}} - RECIPIENTS
    return any(lemma(word, lexicon.language) != lemma(reader, lexicon.language) for word in people)


GENDERED = (
    Proof(
        "reader-named",
        frozenset({Kind.PARTY, Kind.TERM, Kind.WORD}),
        is_reader_named,
        "The reader is called `you` and not `the user`, or the reverse, in a text that names no others who use it.",
        "Users must be honest.",
        "You must be honest.",
    ),
    Proof(
        "both-genders",
        WORDS | {Kind.PARTY, Kind.FORCE},
        are_both,
        "Women and men of one kind are both named, where one word named them, or the reverse.",
        "Die Leser freuen sich über die Stille.",
        "Die Leserinnen und Leser freuen sich über die Stille.",
        "de",
    ),
)

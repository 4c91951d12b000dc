"""Proof that a sentence is only put in other words: phrases that say the same, and turns of speech brought to one form.

Both stand in the lexicons: `alike` are groups of phrases of which any may stand for any other wherever it stands,
`said` are patterns with what they are read as. What a turn is read as is asked of again by the proofs for runs, and so
is what a sentence says once each phrase of a group that only the old side has is put as the new side puts it: a
synonym in a sentence that was turned round, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.modals import DUTY, is_denied
from notifier.significance.equivalence.proof import ANY, Proof
from notifier.significance.equivalence.speech.gerunds import without_subjects
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import FACTS, Kind, atoms_of
from notifier.significance.reading.lexicon import entries, lexicon
from notifier.significance.reading.plain_words import plain_words
from notifier.significance.reading.word_forms import lemma, spelled
from notifier.significance.sentence_pair import PairSide
from notifier.text.document import BlockKind

WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*['’]?")
WORDS = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")
SOMETHING_ELSE = re.compile(r"\\(?:x..|u.{4}|.)|\[\^?\]?(?:\\.|[^\]\\])*\]")
GROUP = re.compile(r"\((?P<kind>\?(?:<?[!=]|-i:|:))?(?P<inner>[^()]*)\)(?P<often>(?:[?*+]|\{[^{}]*\})*)")
LETTERS = re.compile(r"[^\W\d_]+(?![?*{])")
"""Of a pattern: what is escaped and classes of letters, groups with how often they stand, letters that always stand."""
LETTERS_ALONE = re.compile(r"[^\W\d_]+")
LONG_FORM = r"(?:[A-ZÀ-Þ][\w-]+ ?(?:of the |of |and |for |on |the |de |für |van )?){2,7}+"
SPELLED_OUT = re.compile(
    rf"\b(?:(?P<long>{LONG_FORM})\((?:the )?[\"“„«]?(?P<short>[A-Z]{{2,6}})"
    rf"|(?P<first>[A-Z]{{2,6}}) \((?P<name>{LONG_FORM}))[\"”“»]?\)"
)
"""`General Data Protection Regulation (GDPR)`, `GDPR (General Data Protection Regulation)`."""
MARK = re.compile(
    r"(?<![^\s:*_])(?<!\d )\((?P<mark>[a-z]|[ivx]{1,4}|\d)\)(?=\s)"
    r"|(?m:^)[\s>]*(?P<line>[a-z]|[ivx]{1,4}|\d{1,2})[.)](?=\s)",
    re.IGNORECASE,
)
"""What members are called by: `(a)`, `(ii)`, `3.` at the beginning of a line."""
ROWS = (
    list("abcdefghijklm"),
    ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"],
    [str(number) for number in range(1, 30)],
)
LONGEST = 16
"""Words on both sides that are tried to be parted into phrases."""
REACH = 3
"""Words of a meaning beside those that changed with which they may be one phrase: two at most on each side."""
UNTOUCHED = frozenset({BlockKind.TABLE_ROW, BlockKind.HEADING, BlockKind.FRONT_MATTER})
"""Blocks whose few words are no sentences."""
NO_GROUP: frozenset[int] = frozenset()
Words = tuple[str, ...]
Signs = tuple[Words, ...]
"""Rows of letters: of each set one at least stands in all that a pattern matches."""
NO_SIGNS = ("",)
"""Of a turn that may stand in any text."""


def are_alike(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Does a phrase stand where another one stood of which the lexicon says that it says the same?"""
    return features.pair.is_reworded and all(_is_alike(features, run) for run in runs)


def _is_alike(features: ChangeFeatures, run: WordRun) -> bool:
    if features.kind is BlockKind.TABLE_ROW or not all(WORDS.fullmatch(atom.key) for atom in run.atoms):
        return False
    if {atom.value for atom in run.atoms} >= DUTY and is_denied(features):
        return False
    return any(
        was != now and _say_the_same(was, now, features.lexicon.language)
        for left in range(REACH)
        for right in range(REACH)
        for was, now in (_stretches(features, run, left, right),)
    )


def _stretches(features: ChangeFeatures, run: WordRun, left: int, right: int) -> tuple[Words, Words]:
    """The words of both sides in which they differ, with so many beside them that stayed."""
    pair, language = features.pair, features.lexicon.language
    sides = (
        (pair.before.text, features.old, run.old_at, run.old_at + len(run.removed)),
        (pair.after.text, features.new, run.new_at, run.new_at + len(run.added)),
    )
    was, now = (
        text[
            atoms[at - 1 - left].end if at > left else 0 : atoms[end + right].start
            if end + right < len(atoms)
            else len(text)
        ]
        for text, atoms, at, end in sides
    )
    return phrase_words(was, language), phrase_words(now, language)


@lru_cache(maxsize=4096)
def _say_the_same(was: Words, now: Words, language: str) -> bool:
    """Are they phrases of one group, or may both be parted into such phrases?"""
    groups = phrase_groups(language)
    if groups.get(was, NO_GROUP) & groups.get(now, NO_GROUP):
        return True
    if not 1 < len(was) + len(now) - 1 <= LONGEST or not _words_of_phrases(language).issuperset({*was} ^ {*now}):
        return False
    reached, phrases = {(0, 0)}, _phrases(now, language)
    for at, known in enumerate(_phrases(was, language)):
        for to, others in enumerate(phrases):
            if (at, to) not in reached:
                continue
            if was[at] == now[to]:
                reached.add((at + 1, to + 1))
            reached.update((end, stop) for end, one in known for stop, other in others if one & other)
    return (len(was), len(now)) in reached


def _phrases(words: Words, language: str) -> list[list[tuple[int, frozenset[int]]]]:
    """For each word the phrases that begin with it: where each ends, and the groups that it stands in."""
    groups, sizes = phrase_groups(language), phrase_sizes(language)
    stretches = (
        [(at + size, words[at : at + size]) for size in sizes.get(word, ()) if at + size <= len(words)]
        for at, word in enumerate(words)
    )
    return [[(end, groups[phrase]) for end, phrase in begun if phrase in groups] for begun in stretches]


@lru_cache(maxsize=4096)
def phrase_words(text: str, language: str) -> Words:
    return tuple([form for word in WORD.findall(text) if (form := phrase_form(word, language)) is not None])


@lru_cache(maxsize=16384)
def phrase_form(word: str, language: str) -> str | None:
    """A word as phrases are compared; nothing of an article, and of what is said by the way."""
    lists, small = lexicon(language).lists, word.lower().replace("’", "'")
    if any(small in lists.get(name, ()) for name in ("articles", "by_the_way")):
        return None
    return lemma(spelled(small, language), language).removesuffix("e")


@cache
def phrase_groups(language: str) -> Mapping[Words, frozenset[int]]:
    """Phrases, each with the numbers of the groups that it stands in."""
    found: dict[Words, set[int]] = {}
    for number, group in enumerate(entries(lexicon(language).stored.get("phrases", {}).get("alike", ""))):
        for phrase in group.split("/"):
            found.setdefault(phrase_words(phrase, language), set()).add(number)
    return {words: frozenset(numbers) for words, numbers in found.items()}


@cache
def _words_of_phrases(language: str) -> frozenset[str]:
    return frozenset(word for phrase in phrase_groups(language) for word in phrase)


@cache
def phrase_sizes(language: str) -> Mapping[str, Sequence[int]]:
    """First word → how many words the phrases have that begin with it, the shortest first."""
    found: dict[str, set[int]] = {}
    for words in filter(None, phrase_groups(language)):
        found.setdefault(words[0], set()).add(len(words))
    return {first: sorted(sizes) for first, sizes in found.items()}


def said_plainly(features: ChangeFeatures) -> ChangeFeatures | None:
    """The same pair with its turns of speech in one form; nothing where none of them stands in it."""
    pair = features.pair
    if pair.side.kind in UNTOUCHED or any("<" in side.text for side in pair.sides):
        return None
    before, after = (_plain(side, features.lexicon.language) for side in _unmarked(features, *pair.sides))
    if (before, after) == (pair.before, pair.after):
        return None
    return replace(features, pair=pair._replace(before=before, after=after))


def _unmarked(features: ChangeFeatures, *sides: PairSide) -> tuple[PairSide, ...]:
    """Without the letters and numbers of members, `(a) sell it, (b) copy it`, where the other side has others or none;
    what stands behind a word that cites is no such mark."""
    marks = [[(match["mark"] or match["line"]).lower() for match in MARK.finditer(side.text)] for side in sides]
    cites = features.lexicon.lists.get("cites", frozenset())
    cited = any(
        not cites.isdisjoint(plain_words(side.text[: match.start()])[-1:])
        for side in sides
        for match in MARK.finditer(side.text)
    )
    if marks[0] == marks[1] or cited or not all(any(row[: len(of)] == of for row in ROWS) for of in marks):
        return sides
    language = features.lexicon.language
    texts = (MARK.sub(" ", side.text) for side in sides)
    return tuple(
        side._replace(text=text, atoms=atoms_of(text, lexicon(language)))
        for side, text in zip(sides, texts, strict=True)
    )


def _plain(side: PairSide, language: str) -> PairSide:
    text = _put_plainly(side.text, language)
    return side if text == side.text else side._replace(text=text, atoms=atoms_of(text, lexicon(language)))


@lru_cache(maxsize=4096)
def _put_plainly(text: str, language: str) -> str:
    turns = _turns(language)
    waiting = _turns_in(text, language)
    while waiting:
        at = waiting.pop()
        text, times = _turn(turns[at].pattern).subn(turns[at].instead, text)
        if times:
            waiting = [later for later in _turns_in(text, language) if later > at]
    text = SPELLED_OUT.sub(partial(_short, language), text) if "(" in text else text
    return without_subjects(text) if language == "en" else text


def _short(language: str, found: re.Match[str]) -> str:
    """The short form of a name, where its letters are those that the words of the long one begin with."""
    short, long = (found["short"], found["long"]) if found["short"] else (found["first"], found["name"])
    capitals = "".join(letter for letter in long if letter.isupper())
    is_name = all(atom.kind not in FACTS for atom in atoms_of(long, lexicon(language)))
    return short if is_name and capitals == short else found[0]


def _turns_in(text: str, language: str) -> list[int]:
    """The places of the turns that may stand in a text, the last one first: those of which all signs stand in it."""
    turns, begun = _turns(language), _turns_by_sign(language)
    folded = text.casefold().replace("ı", "i")  # as a pattern takes the letters that ignores their case
    signs = frozenset(NO_SIGNS).union(*[_signs_in(word, language) for word in LETTERS_ALONE.findall(folded)])
    found = {at for sign in signs for at in begun.get(sign, ())}
    return sorted((at for at in found if not any(map(signs.isdisjoint, turns[at].signs))), reverse=True)


@lru_cache(maxsize=16384)
def _signs_in(word: str, language: str) -> frozenset[str]:
    """The signs of turns that stand in a word."""
    beginning, begun = _signs_by_beginning(language), {*word, *map("".join, pairwise(word))}
    return frozenset(sign for letters in begun for sign in beginning.get(letters, ()) if sign in word)


@cache
def _signs_by_beginning(language: str) -> Mapping[str, Sequence[str]]:
    """The signs of all turns by their first two letters."""
    found: dict[str, list[str]] = {}
    for sign in {sign for turn in _turns(language) for signs in turn.signs for sign in signs}:
        found.setdefault(sign[:2], []).append(sign)
    return found


@cache
def _turns_by_sign(language: str) -> Mapping[str, Sequence[int]]:
    """The places of the turns of which a sign is one of the first signs; of those without any, under none."""
    found: dict[str, list[int]] = {}
    for at, turn in enumerate(_turns(language)):
        for sign in next(iter(turn.signs), NO_SIGNS):
            found.setdefault(sign, []).append(at)
    return found


class Turn(NamedTuple):
    """A turn of speech: its signs, its pattern, and what it is read as."""

    signs: Signs
    pattern: str
    instead: str


@cache
def _turns(language: str) -> tuple[Turn, ...]:
    """Turns of speech, in order.

    To look for signs is much faster, and a pattern whose signs stand in no text is never compiled.
    """
    written = lexicon(language).stored.get("said", {})
    return tuple(Turn(_signs(pattern), pattern, instead) for pattern, instead in written.items())


@cache
def _turn(pattern: str) -> re.Pattern[str]:
    """A turn of speech as a pattern; a space stands for any white space."""
    return re.compile(pattern.replace(" ?", r"\s*").replace(" ", r"\s+"), re.IGNORECASE)


def _signs(pattern: str) -> Signs:
    """Those outside of all groups, and those of each way to fill a group that stands in no other and may not be left
    out; folded."""
    bare, ways = SOMETHING_ELSE.sub(" ", pattern), []
    while group := GROUP.search(bare):
        before = bare[: group.start()]
        is_sure = group["often"] in ("", "+") and "!" not in (group["kind"] or "") and group["inner"][:1] != "?"
        if is_sure and before.count("(") == before.count(")"):
            ways.append(group["inner"])
        bare = f"{before} {bare[group.end() :]}"
    ways = [bare] if "|" in bare else [*bare.split(), *ways]
    signs = (tuple(map(_longest_row, way.split("|"))) for way in ways)
    return tuple(words for words in signs if all(words))


def _longest_row(way: str) -> str:
    return max(LETTERS.findall(way), key=len, default="").casefold().replace("ı", "i")


ALIKE = Proof(
    "said-alike",
    ANY - {Kind.QUANTITY, Kind.PLACE, Kind.CONTACT, Kind.LINK, Kind.OPAQUE},
    are_alike,
    "A phrase gave way to another of which the lexicon says that it says the same, wherever it stands.",
    "You must fill in the form.",
    "You must complete the form.",
)

"""Names and terms that gave way to others all over a text: found once for the whole, so that each place is nothing new.

Three kinds: a name for a name (`Twitter`, `X`), a term for a term that is gone for good (`tweet`, `post`), and a name
that grew or shrank beside a word that stayed (`Lite`, `Firefox Lite`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator

from notifier.significance.changes import Change, Side
from notifier.significance.figures import figure
from notifier.significance.lexicon import Lexicon
from notifier.significance.words import words_in, words_of

LEGAL_FORM = frozenset(
    words_in("""
    inc llc ltd limited gmbh corp corporation sarl plc pbc bv ag sas kg srl ab oy oyj aps nv pty llp
""")
)
"""Another legal form is another company, however often it is named."""
OFTEN = 3
TERM_WORDS, NAME_WORDS = 2, 3
BINDING = frozenset(words_in("may must negation quantifier exception conjunction limit we you party unit month place"))
"""Classes of words that are no mere term: what changes with them is a rule, however often it changes."""
FORMERLY = frozenset(words_in("ex former formerly previously"))
PARTS = re.compile(r"[-./]")


def renamed(
    changes: Iterable[Change],
    lexicon: Lexicon,
    is_fewer: Callable[[Collection[str]], bool],
    is_heard: Callable[[str], bool],
    opening: Collection[str],
) -> Iterator[str]:
    """The words of what was renamed. `is_fewer`: does the new text as a whole hold fewer (or more) of these words?
    `is_heard`: does the new text know this word? `opening`: the first words of the old text. Someone else who is named
    where data is handed on is replaced, not renamed: only who the text is by or about, and so opens with, is.
    """
    handed_on: set[frozenset[str]] = set()
    names: Counter[tuple[frozenset[str], frozenset[str]]] = Counter()
    terms: Counter[tuple[frozenset[str], frozenset[str]]] = Counter()
    grown: Counter[tuple[frozenset[str], str]] = Counter()
    for change in changes:
        gone, come = frozenset(change.removed), frozenset(change.added)
        if (gone | come) & LEGAL_FORM:
            continue
        if bool(gone) != bool(come):
            for run, neighbour in _beside(change):
                grown[run, neighbour] += change.times
        elif gone and max(len(gone), len(come)) <= NAME_WORDS:
            times = change.times * max(1, len(change.removed) // len(gone))
            if any(_binds(lexicon, word) for word in gone | come):
                continue
            if _are_names(change.before, gone) and _are_names(change.after, come):
                names[gone, come] += times
                if gone.isdisjoint(opening) and _hands_on(lexicon, change):
                    handed_on.add(gone)
            elif max(len(gone), len(come)) <= TERM_WORDS:
                terms[_singular(gone), _singular(come)] += times
    for (gone, come), times in names.items():
        if times >= OFTEN and is_fewer(gone) and gone not in handed_on:
            yield from gone | come
    for (gone, come), times in terms.items():
        if times >= OFTEN and not any(is_heard(word) for word in gone):
            yield from (form for word in gone | come for form in (word, f"{word}s"))
    for (run, _), times in grown.items():
        if times >= OFTEN and is_fewer(run):
            yield from run


def without_renamed(words: Iterable[str], names: Collection[str]) -> Iterator[str]:
    """Words but for renamed ones; of `off-twitter` is left `off`."""
    for word in words:
        if word in names:
            continue
        parts = PARTS.split(word)
        left = [part for part in parts if part not in names]
        if len(left) == len(parts):
            yield word
        elif left:
            yield "-".join(left)


def _beside(change: Change) -> Iterator[tuple[frozenset[str], str]]:
    """A name of which a word came or went while its neighbour stayed: the word (or two), and the neighbour."""
    side = change.after if change.added else change.before
    changed = frozenset(change.added or change.removed)
    written = [word for word in side.words if word.lower() in changed and word.lower() not in FORMERLY]
    if not written or len(changed) > TERM_WORDS or not all(word[0].isupper() for word in written):
        return
    words = side.words
    for at, word in enumerate(words):
        if word.lower() in changed and (at + 1 == len(words) or words[at + 1].lower() not in changed):
            start = at
            while start and words[start - 1].lower() in changed:
                start -= 1
            known = _neighbour(side.sentence, words, start, at)
            if known:
                yield changed, known.lower()


def _neighbour(sentence: str, words: tuple[str, ...], start: int, end: int) -> str | None:
    """The name right after these words, or right before them: in a list, what stands beside is another name."""
    run = r"\s+".join(re.escape(word) for word in words[start : end + 1])
    after, before = words[end + 1 : end + 2], words[max(0, start - 1) : start]
    for word, pattern in (
        *((w, run + r"\s+" + re.escape(w)) for w in after),
        *((w, re.escape(w) + r"[\s(]+" + run) for w in before),
    ):
        if word[0].isupper() and word.lower() not in LEGAL_FORM and re.search(pattern, sentence):
            return word
    return None


def _hands_on(lexicon: Lexicon, change: Change) -> bool:
    headings = words_of(" ".join(change.before.section))
    marks = lexicon.marks([word.lower() for word in (*headings, *change.before.words)])
    return marks["topic.sharing"] + marks["topic.subprocessors"] > 0


def _binds(lexicon: Lexicon, word: str) -> bool:
    return bool(lexicon.of(word) & BINDING) or figure(word) is not None or word.isdigit() or "@" in word


def _singular(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in words)


def _are_names(side: Side, words: frozenset[str]) -> bool:
    written = {word.lower() for word in side.words if word[0].isupper()}
    return all(word in written for word in words)

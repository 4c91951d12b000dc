"""Proofs on text that went, came or moved while all of it stands in both texts: nothing was said or unsaid."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import ANY, WORDS, Proof
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.reading.plain_words import plain_words, words_of
from notifier.significance.reading.section_numbers import unnumbered
from notifier.text.document import BlockKind

ANCHOR = re.compile(r"\[[^\]]*\]\((?:<#[^>]*>|#[^)]*)\)")
CONTENTS = frozenset(("contents", "table of contents", "jump to", "on this page", "in this article", "inhalt"))
"""What stands over a table of contents."""
SENTENCE = 5
"""Words from which on a sentence says something by itself, wherever it stands."""
TITLED = frozenset({Kind.WORD, Kind.TERM, Kind.SEPARATOR, Kind.PARTY})
BELOW_TITLE = 2
"""Headings above one another, from which on it is no title of the whole text."""
BOLD = re.compile(r"\*\*[^*]+\*\*|__[^_]+__")
SENTENCE_ENDS = (".", "!")
ROOT = 5
"""Letters that `Delivery` and `we deliver` share."""
TITLE_ENDS = 200
"""Characters within which the title of a page begins."""
IN_LIST = 10
"""The same of an item, of which the list may say something else."""
MAY_BE_HEADING = frozenset({BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.LIST_ITEM})


def stands_elsewhere(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """Does all of what went still stand in the new text, or did all of what came stand in the old one, word for word,
    and under headings and in lists that say the same of it?"""
    pair, texts = features.pair, features.texts
    if pair.is_reworded or texts.is_ranked(pair.side) or _is_bound_to_its_place(features):
        return False
    if features.is_in_list and texts.stays_listed(pair.side):
        return True
    least = SENTENCE if not features.is_in_list else IN_LIST
    return len(plain_words(pair.side.text)) >= least and texts.other_says(pair.side) and texts.holds_signs(pair.side)


def _is_bound_to_its_place(features: ChangeFeatures) -> bool:
    """Does it speak of the sentence before it, or the one behind it of this one?"""
    return not features.is_in_list and (features.refers_back or features.is_referred_to)


def is_contents(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """A line of a table of contents: hardly a word outside links into the page itself, or the label over them."""
    text, words = features.pair.side.text, words_of(features.pair.side.text)
    if features.pair.is_reworded:
        return False
    if " ".join(words).lower() in CONTENTS or (
        features.texts.names_heading(features.pair) and features.texts.lists_headings
    ):
        return True
    outside, links = ANCHOR.subn(" ", text)
    return links > 0 and len(words_of(outside)) <= 0.2 * len(words) and (links > 1 or not _says_more(features))


def _says_more(features: ChangeFeatures) -> bool:
    """Does a line that leads into the page say what no heading says: `[Nothing is sold without consent](#consent)`?"""
    if features.texts.names_heading(features.pair):
        return False
    return any(atom.kind in (Kind.FORCE, Kind.DIRECTION, Kind.QUANTITY) for atom in features.pair.side.atoms) or (
        features.says_practice
    )


def is_heading_cut(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Did a heading run into the text below it, or was it parted from it?"""
    if len(runs) != 1 or bool(runs[0].removed) == bool(runs[0].added):
        return False
    pair, texts = features.pair, features.texts
    if not pair.is_reworded:
        return pair.side.kind in MAY_BE_HEADING and _has_twin(features)
    run, side = runs[0], pair.before if runs[0].removed else pair.after
    words = unnumbered(side.text[run.atoms[0].start : run.atoms[-1].end])
    ours, theirs = texts.old_headings, texts.new_headings
    ours, theirs = (ours, theirs) if run.removed else (theirs, ours)
    is_at_an_end = run.atoms[0] is side.atoms[0] or run.atoms[-1] is side.atoms[-1]
    return len(words) > 0 and words in theirs and words not in ours and is_at_an_end


def _has_twin(features: ChangeFeatures) -> bool:
    """Did the same words come where these went, or go where these came: once a heading, once not?"""
    pair = features.pair
    words = unnumbered(pair.side.text)
    return any(
        other.is_insertion is pair.is_deletion
        and not other.is_reworded
        and BlockKind.HEADING in (pair.side.kind, other.side.kind)
        and unnumbered(other.side.text) == words
        for other in features.texts.pairs
    )


def is_title(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Did a heading, or a bold title of a paragraph, come or go, or a plain word in it: `Retention periods`?

    A heading in which a word gave way to another holds what stands below it for others: `Family accounts`, `School
    accounts`.
    """
    side = features.pair.side
    if _is_retitled(features, runs):
        return True
    if features.pair.is_reworded:
        if side.kind is not BlockKind.HEADING or len(side.section) < BELOW_TITLE or not _are_plain_words(runs):
            return False
    elif not _is_bare_title(features):
        return False
    changed = [word for run in runs for atom in run.atoms for word in atom.key.split()]
    classes = features.lexicon.marks(changed) if features.pair.is_reworded else features.sentence_classes
    if classes["duty_verb"] + classes["negation"] + classes["limit"] + classes["may"] + classes["must"]:
        return False
    return not is_audience(features, runs)


def _is_bare_title(features: ChangeFeatures) -> bool:
    """Is it set as a title, over text that it is the title of, and no sentence that is only set like one?"""
    side, text = features.pair.side, features.pair.side.text.strip()
    if not (side.kind is BlockKind.HEADING or BOLD.fullmatch(text)) or features.is_way_to_act:
        return False
    below = features.texts.below(side)
    if not below:
        return False
    is_sentence = text.rstrip("*_# ").endswith(SENTENCE_ENDS)
    return not (is_sentence or features.texts.is_over_old_text(side)) or _is_of_a_matter(features, below)


def _is_of_a_matter(features: ChangeFeatures, below: str) -> bool:
    """Does it ask, or is it made of words that titles are made of, that name a matter, or that stand below it?"""
    lists, words = features.lexicon.lists, plain_words(features.pair.side.text)
    if words and words[0] in lists.get("asks", ()):
        return True
    bland = lists.get("title_words", frozenset()) | features.lexicon.glue
    roots = {word[:ROOT] for word in plain_words(below)}
    matters = (
        features.lexicon.marks(plain_words(below)) if features.texts.is_over_old_text(features.pair.side) else None
    )
    return all(word in bland or word[:ROOT] in roots or _is_matter(features, word, matters) for word in words)


def _is_matter(features: ChangeFeatures, word: str, matters: Counter[str] | None) -> bool:
    """Does it name a matter, and of text that stood there before one that it speaks of: no `Subscriptions` over the
    right to cancel anything?"""
    topics = [mark for mark in features.lexicon.of(word) if mark.startswith("topic.")]
    return any(matters is None or matters[topic] for topic in topics)


def _is_retitled(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Did words that titles are made of give way to others, over text that is no list: `Your data`, `Your rights`?"""
    side, bland = features.pair.side, features.lexicon.lists.get("title_words", frozenset())
    if not features.pair.is_reworded or side.kind is not BlockKind.HEADING or len(side.section) < BELOW_TITLE:
        return False
    words = [word for run in runs for atom in run.atoms for word in atom.key.split()]
    gone, come = ([atom.value for atom in side if atom.kind is Kind.PARTY] for side in _sides(runs))
    if gone and come and sorted(gone) != sorted(come):
        return False  # `What you do`, `What we do`
    return all(word in bland for word in words) and not features.texts.is_over_list(features.pair.after)


def _are_plain_words(runs: Sequence[WordRun]) -> bool:
    """Did words only come or go, and `we` and `you` at most change places: `Your rights`, `Which rights you have`?"""
    gone, come = ([atom.value for atom in side if atom.kind is Kind.PARTY] for side in _sides(runs))
    return sorted(gone) == sorted(come) and not any(_is_swapped(run) for run in runs)


def _sides(runs: Sequence[WordRun]) -> tuple[list[Atom], list[Atom]]:
    return [atom for run in runs for atom in run.removed], [atom for run in runs for atom in run.added]


def _is_swapped(run: WordRun) -> bool:
    """Did a word give way to another, or is it more than a word of a title?"""
    gone, come = ([atom for atom in side if atom.kind is not Kind.PARTY] for side in (run.removed, run.added))
    return not run.kinds <= TITLED or bool(gone and come)


def is_audience(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Does it name for whom something holds: `Family accounts`, `For teachers`?"""
    named = features.lexicon.lists.get("audience", frozenset())
    return any(
        (atom.kind is Kind.PARTY and atom.value not in ("we", "you")) or not named.isdisjoint(atom.key.split())
        for run in runs
        for atom in run.atoms
    )


def is_site_name(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Did the title of the page get, or lose, the name of the site behind a bar: `Terms | Acme`?"""
    pair = features.pair
    if not pair.is_reworded or max(side.start for side in pair.sides) > TITLE_ENDS or len(runs) != 1:
        return False
    run = runs[0]
    if bool(run.removed) == bool(run.added):
        return False
    long, short = (pair.before.text, pair.after.text) if run.removed else (pair.after.text, pair.before.text)
    return re.sub(r"\s*[|–—]\s[^|]*$", "", long).strip() == short.strip()


ELSEWHERE = (
    Proof(
        "stands-elsewhere",
        ANY,
        stands_elsewhere,
        "What went still stands elsewhere in the text, or what came stood there before.",
        "We never sell your personal data to anyone.\n\nHello.\n\nWe never sell your personal data to anyone.",
        "We never sell your personal data to anyone.\n\nHello.",
    ),
    Proof(
        "site-name",
        WORDS | {Kind.PARTY},
        is_site_name,
        "The title of the page got, or lost, the name of the site behind a bar.",
        "Terms | Acme\n\nHello.",
        "Terms\n\nHello.",
    ),
    Proof(
        "title",
        WORDS | {Kind.PARTY},
        is_title,
        "A title, or a plain word of it, came or went, and it says neither what anybody does nor of whom.",
        "# Terms\n\nHello.",
        "# Terms\n\n## Welcome\n\nHello.",
    ),
    Proof(
        "contents-entry",
        ANY,
        is_contents,
        "A line of the table of contents came or went.",
        "# Terms\n\nHello.",
        "# Terms\n\n[Your rights](#rights)\n\nHello.",
    ),
    Proof(
        "heading-cut",
        ANY,
        is_heading_cut,
        "A heading was parted from the text below it, or ran into it.",
        "# Terms\n\nIndemnification. You pay for harm.",
        "# Terms\n\n# Indemnification\n\nYou pay for harm.",
    ),
)

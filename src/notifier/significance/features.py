"""`Difference` → what the model weighs: which rules show, what is new or gone, what it is about, its shape."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from notifier.significance.change_features import LINKS_ONLY
from notifier.significance.reading.atoms import Kind
from notifier.significance.rule import Rule
from notifier.significance.topic_names import TOPICS
from notifier.significance.unexplained import Difference

CLASSES = (
    "we", "you", "party", "must", "may", "negation", "duty_verb", "pointer", "transitional", "example", "summary",
    "values", "support", "thanks", "instrument", "law", "binding", "renaming", "credit", "upcoming", "announcement",
    "authority", "deadline", "quantifier", "exception", "hedge", "date_line", "language", "conduct", "limit",
)  # fmt: skip
"""Classes of words that say what kind of sentence it is."""
AROUND = ("must", "may", "negation", "duty_verb", "pointer", "support", "thanks", "conduct", "summary", "example")
"""The same of headings and of what introduces a list."""
MUCH = 15
UNCOUNTED = frozenset({Kind.GLUE, Kind.SEPARATOR})


def features_of(difference: Difference, rules: Sequence[Rule]) -> dict[str, float]:
    """The features that show on a change, with their strengths."""
    found = {f"rule {rule.name}": 1.0 for rule in rules}
    for part in (_kinds, _topics, _classes, _shape, _words):
        found.update((name, strength) for name, strength in part(difference) if strength)
    return found


def _kinds(difference: Difference) -> Iterator[tuple[str, float]]:
    is_reworded = difference.is_reworded
    for kind in difference.kinds - UNCOUNTED:
        old, new = difference.values(kind)
        if is_reworded:
            yield f"{kind} went", math.log1p(len(old))
            yield f"{kind} came", math.log1p(len(new))
        else:
            yield f"{kind} in it", math.log1p(len(old + new))


def _topics(difference: Difference) -> Iterator[tuple[str, float]]:
    """`topic retention`: its words changed; `near retention`: it is what the sentence or the heading is about."""
    if not difference.content:
        return
    changed = difference.classes
    said, above = difference.features.sentence_classes, difference.features.heading_classes
    for topic in TOPICS:
        mark = f"topic.{topic}"
        if mark in changed:
            yield f"topic {topic}", min(2.0, 1 + math.log2(changed[mark]) / 2)
        elif mark in said or mark in above:
            yield f"near {topic}", 1.0


def _classes(difference: Difference) -> Iterator[tuple[str, float]]:
    features = difference.features
    said, changed = features.sentence_classes, difference.classes
    for name in CLASSES:
        if name in said:
            yield f"says {name}", float(said[name] > 0)
        if name in changed:
            yield f"changed {name}", float(changed[name] > 0)
    above, led = features.heading_classes, features.list_intro_classes
    for name in AROUND:
        if name in above:
            yield f"under {name}", float(above[name] > 0)
        if name in led:
            yield f"led by {name}", float(led[name] > 0)


def _shape(difference: Difference) -> Iterator[tuple[str, float]]:
    features, pair = difference.features, difference.features.pair
    shape = "came" if pair.is_insertion else "went" if pair.is_deletion else "reworded"
    size = len(difference.content)
    yield f"sentence {shape}", 1.0
    yield f"{features.kind} {shape}", 1.0
    yield "in a move", float(pair.in_move)
    yield "often", float(pair.times > 2)
    yield "near the top", float(features.is_near_top)
    yield "under a summary", float(features.follows_summary)
    yield "a pointer", float(features.is_pointer)
    yield "links alone", float(LINKS_ONLY.match(pair.side.text) is not None)
    yield "names others", float(features.names_others)
    yield "says a duty", float(features.says_duty)
    yield "says a practice", float(features.says_practice)
    yield "about the text", float(features.is_about_the_text)
    yield "words", math.log1p(size) / 3
    yield "much", float(size > MUCH)
    yield "one word", float(size == 1)
    yield "nothing of its own", float(not size)
    yield "words came alone", float(pair.is_reworded and not difference.removed)
    yield "words went alone", float(pair.is_reworded and not difference.added)
    yield "enumerated", float(pair.is_reworded and features.is_enumeration)


def _words(difference: Difference) -> Iterator[tuple[str, float]]:
    """How much of it is new or gone for the whole text, and not only here."""
    features = difference.features
    yield "only moved", features.share_elsewhere
    if not difference.content:
        return
    new = sum(1 for atom in difference.added if not features.texts.was_heard(atom.key))
    gone = sum(1 for atom in difference.removed if not features.texts.is_heard(atom.key))
    yield "unheard of", (new + gone) / len(difference.atoms)
    yield "new name", float(any(a.is_capital and not features.texts.was_heard(a.key) for a in difference.added))
    yield "lost name", float(any(a.is_capital and not features.texts.is_heard(a.key) for a in difference.removed))

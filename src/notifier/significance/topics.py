"""Which topics a change touches: a sum that a person can read of what its words, its sentence and the headings say.

What each clue weighs is learned. A topic is named only where its own word changed or stands above the sentence, and
where it is not much less likely than the likeliest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from notifier.significance.model import logistic
from notifier.significance.topic_names import TOPICS
from notifier.significance.unexplained import Difference

Clues = Mapping[str, float]
"""What in a change, and around it, speaks of a topic."""
OWN = ("named", "near", "headed", "led")
"""Clues that may say more of one topic than of another."""
NEARLY = 0.7
"""The share of the likeliest topic's chance from which on another one is named."""
MOST = 3
LIKELY = 0.1
"""The chance below which a topic is a guess, and none is better."""
SAID_BY_RULE = {"rule governing-law": "disputes_law"}
"""What a rule is about whatever words stand around it: the same word means "law" and "right" in three languages."""


def topics_of(
    difference: Difference, rules: Mapping[str, float], weights: Mapping[str, float]
) -> list[tuple[str, float]]:
    """The topics that a change is about, each with its chance, the likeliest first; `rules` are the features."""
    told = [(topic, 1.0) for rule, topic in SAID_BY_RULE.items() if rule in rules]
    if told:
        return told
    clues, names = clues_of(difference), of_change(rules)
    return named_of({topic: chance_of(topic, clue, names, weights) for topic, clue in clues.items()}, clues)


def named_of(chances: Mapping[str, float], clues: Mapping[str, Clues]) -> list[tuple[str, float]]:
    """The likeliest topic, and others that are nearly as likely and whose own word changed or stands above."""
    ranked = sorted(chances.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        (topic, chance)
        for at, (topic, chance) in enumerate(ranked[:MOST])
        if chance >= LIKELY
        and (
            not at or (chance >= NEARLY * ranked[0][1] and any(clues[topic].get(name) for name in ("named", "headed")))
        )
    ]


def chance_of(topic: str, clues: Clues, names: Sequence[str], weights: Mapping[str, float]) -> float:
    """How likely a change is about a topic; `names` are the features `of_change`."""
    told = topic_features(topic, clues, names)
    return logistic(sum([weights[name] * value for name, value in told if name in weights]))


def clues_of(difference: Difference) -> dict[str, Clues]:
    """How the words of each topic stand in the change, around it and above it.

    Of a topic that none of them speaks of, nothing: a reader could point to no word.
    """
    features, changed = difference.features, difference.classes
    said, above, before = features.sentence_classes, features.heading_classes, features.list_intro_classes
    most = max(changed.get(f"topic.{topic}", 0) for topic in TOPICS)
    found: dict[str, Clues] = {}
    for topic in TOPICS:
        mark = f"topic.{topic}"
        named, near = changed.get(mark, 0), said.get(mark, 0)
        headed, led = above.get(mark, 0), before.get(mark, 0)
        if named or near or headed or led:
            found[topic] = {
                "named": min(named, 3),
                "is named": float(named > 0),
                "most named": float(0 < named == most),
                "near": min(near, 2),
                "is near": float(near > 0),
                "led": float(led > 0),
                "headed": float(headed > 0),
                "subject": float(features.texts.subject[mark] > 0),
            }
    return found


def topic_features(topic: str, clues: Clues, names: Sequence[str]) -> Iterator[tuple[str, float]]:
    """What a topic's chance is the sum of, by the names its weights have: its clues, and the features of the change."""
    yield topic, 1.0
    for name, value in clues.items():
        if value:
            yield name, float(value)
            if name in OWN:
                yield f"{topic}: {name}", float(value)
    if clues["is named"] and (clues["headed"] or clues["led"]):
        yield "named under its heading", 1.0
    if clues["is named"] and clues["near"] > clues["named"]:
        yield "named and near", 1.0
    for name in names:
        yield f"{topic}: {name}", 1.0


def of_change(rules: Mapping[str, float]) -> list[str]:
    """The features that say what kind of change it is, in one order: sums of fractions depend on it."""
    return sorted(name for name in rules if not name.startswith(("topic ", "near ")))

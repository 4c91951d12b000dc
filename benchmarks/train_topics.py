"""What speaks for each topic of a significant change: weights learned from the topics that people named.

One logistic sum for every change and every topic; what all topics share is learned once, what is a topic's own is held
close to nothing. Plain Python, rows in a fixed order, so that the same labels give the same weights to the byte.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notifier.significance.topics import Clues, topic_features

ROUNDS, PACE = 25, 0.12
SHRINK = 2e-5
OWN_SHRINK = 0.2
"""A topic's own weights are many, and each is seen seldom."""
LEAST = 0.05
"""Weights nearer to nothing are not kept."""


@dataclass(frozen=True)
class Told:
    """A change of a significant revision: its clues by topic, its signs, how much of the revision it is, its topics."""

    clues: Mapping[str, Clues]
    signs: Mapping[str, float]
    share: float
    topics: frozenset[str]


def train_topics(changes: Sequence[Told]) -> dict[str, float]:
    """Weights by the names of `topic_features`."""
    rows = [
        (list(topic_features(topic, clues, told.signs)), topic in told.topics, told.share)
        for told in changes
        for topic, clues in told.clues.items()
    ]
    weights: dict[str, float] = {}
    seen: dict[str, float] = {}
    draw = random.Random(1)
    for _ in range(ROUNDS):
        draw.shuffle(rows)
        for features, is_touched, share in rows:
            total = sum(weights.get(name, 0.0) * value for name, value in features)
            miss = share * (1 / (1 + math.exp(-total)) - is_touched)
            for name, value in features:
                _step(weights, seen, name, miss * value)
    return {name: round(weight, 2) for name, weight in sorted(weights.items()) if abs(weight) >= LEAST}


def _step(weights: dict[str, float], seen: dict[str, float], name: str, slope: float) -> None:
    """AdaGrad: what has been seen often moves little."""
    weight = weights.get(name, 0.0)
    slope += (OWN_SHRINK if ": " in name else SHRINK) * weight
    seen[name] = seen.get(name, 1e-6) + slope * slope
    weights[name] = weight - PACE * slope / math.sqrt(seen[name])

"""Features → how likely a change, and a revision, is significant: two small models, written in `weights.json`.

The first sums the weights of a change's features (logistic; a revision is significant when any change is), so that
every feature has one weight a person can read and every reason a weight. The trees see the revision as a whole: which
features occur, how often, how strong. The judgement is a mean of the two, calibrated on revisions of publishers that
neither was trained on. `benchmarks/train_judgement.py` makes the file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

WEIGHTS = Path(__file__).with_name("weights.json")
TREES_COUNT = 2
"""How much the trees weigh beside the sums: they tell significant revisions better (AUC 0.875 against 0.825)."""
Strengths = Mapping[str, float]
Node = tuple[str, float, int, int] | float
"""A fork (feature, threshold, index when at most, index when more) or a leaf's value."""


class Model(NamedTuple):
    """The weights. `minor_below` and `significant_from` are the two thresholds; between them a call is close."""

    bias: float
    weights: Mapping[str, float]
    tree_bias: float
    trees: tuple[tuple[Node, ...], ...]
    minor_below: float
    significant_from: float
    slope: float = 1.0
    shift: float = 0.0
    """The calibration: the log-odds are stretched and shifted."""
    topic_weights: Mapping[str, float] = {}
    """What speaks for a topic: see `topics.topic_features`."""

    def weigh(self, features: Strengths) -> float:
        """How likely one change is significant by itself."""
        weights = self.weights
        return logistic(self.bias + sum(weights.get(name, 0.0) * features[name] for name in sorted(features)))

    def judge(self, changes: Sequence[Strengths]) -> float:
        """How likely a revision with these changes is significant."""
        return self.calibrated(self.raw(changes)) if changes else 0.0

    def raw(self, changes: Sequence[Strengths]) -> float:
        """Both models, the trees counting twice."""
        none = math.exp(sum(math.log1p(-min(self.weigh(features), 1 - 1e-12)) for features in changes))
        return (1.0 - none + TREES_COUNT * self._by_trees(revision_features(changes))) / (1 + TREES_COUNT)

    def calibrated(self, chance: float) -> float:
        odds = math.log(max(chance, 1e-6) / max(1 - chance, 1e-6))
        return logistic(self.slope * odds + self.shift)

    def _by_trees(self, features: Strengths) -> float:
        return logistic(self.tree_bias + sum(_leaf(tree, features) for tree in self.trees))


def revision_features(changes: Sequence[Strengths]) -> dict[str, float]:
    """A revision as a whole: the strongest and the sum of each feature, and the number of changes."""
    found: dict[str, float] = {"changes": math.log1p(len(changes))}
    for features in changes:
        for name, strength in features.items():
            most, total = f"most {name}", f"all {name}"
            found[most] = max(found.get(most, 0.0), strength)
            found[total] = found.get(total, 0.0) + strength
    return {name: math.log1p(max(value, 0.0)) if name.startswith("all ") else value for name, value in found.items()}


def _leaf(tree: Sequence[Node], features: Strengths) -> float:
    node, value_of = tree[0], features.get
    while type(node) is tuple:
        name, threshold, low, high = node
        node = tree[low if value_of(name, 0.0) <= threshold else high]
    assert isinstance(node, float)  # noqa: S101 - a node is a fork or a value
    return node


def logistic(total: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def shipped() -> Model:
    """The model in the package."""
    return read_model(WEIGHTS.read_text("utf-8"))


@cache
def judgement_version() -> str:
    """Which judgement makes a verdict: this release, and a digest of its weights and words."""
    import hashlib

    from notifier import __version__
    from notifier.significance.reading.lexicon import LEXICONS

    known = (WEIGHTS, *sorted(LEXICONS.glob("*.toml")))
    digest = hashlib.sha256(b"".join(one.read_bytes() for one in known)).hexdigest()
    return f"{__version__} {digest[:16]}"


def read_model(content: str) -> Model:
    """A model from its JSON text."""
    stored = json.loads(content)
    return Model(
        bias=stored["bias"],
        weights=stored["weights"],
        tree_bias=stored["tree_bias"],
        trees=tuple(tuple(_nodes(tree)) for tree in stored["trees"]),
        minor_below=stored["minor_below"],
        significant_from=stored["significant_from"],
        slope=stored["slope"],
        shift=stored["shift"],
        topic_weights=stored["topics"],
    )


def _nodes(tree: Iterable[object]) -> Iterable[Node]:
    for node in tree:
        if isinstance(node, list):
            name, threshold, low, high = node
            yield str(name), float(threshold), int(low), int(high)
        elif isinstance(node, int | float):
            yield float(node)

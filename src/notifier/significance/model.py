"""Signs → how likely it is that customers must be told. Two small trained models, both read from `weights.json`.

The additive one weighs each change by its signs (logistic; a revision is significant when any change is), so that every
sign has one weight a person can read and every reason a weight. The trees see the revision as a whole: which signs
occur, how often, how strong. The judgement is the mean of the two. `benchmarks/train_judgement.py` makes the file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

Signs = Mapping[str, float]
Node = tuple[str, float, int, int] | float
"""A fork (feature, threshold, index when at most, index when more) or a leaf's value."""


@dataclass(frozen=True, slots=True)
class Model:
    """The weights. `minor_below` and `significant_from` are the two thresholds; between them a call is close."""

    bias: float
    weights: Mapping[str, float]
    tree_bias: float
    trees: tuple[tuple[Node, ...], ...]
    minor_below: float
    significant_from: float
    topic_weights: Mapping[str, float] = field(default_factory=dict)
    """What speaks for a topic: see `topics.topic_features`."""

    def weigh(self, signs: Signs) -> float:
        """How likely one change is significant by itself."""
        total = self.bias + sum(self.weights.get(name, 0.0) * strength for name, strength in sorted(signs.items()))
        return logistic(total)

    def judge(self, changes: Sequence[Signs]) -> float:
        """How likely a revision with these changes is significant."""
        if not changes:
            return 0.0
        chances = [self.weigh(signs) for signs in changes]
        any_of_them = 1.0 - math.exp(sum(math.log1p(-min(chance, 1 - 1e-12)) for chance in chances))
        return (any_of_them + self._by_trees(features_of(changes))) / 2

    def _by_trees(self, features: Signs) -> float:
        return logistic(self.tree_bias + sum(_leaf(tree, features) for tree in self.trees))


def features_of(changes: Sequence[Signs]) -> dict[str, float]:
    """A revision as a whole: the strongest and the sum of each sign, and the number of changes."""
    features: dict[str, float] = {"changes": math.log1p(len(changes))}
    for signs in changes:
        for name, strength in signs.items():
            most, total = f"most {name}", f"all {name}"
            features[most] = max(features.get(most, 0.0), strength)
            features[total] = features.get(total, 0.0) + strength
    return {name: math.log1p(max(value, 0.0)) if name.startswith("all ") else value for name, value in features.items()}


def _leaf(tree: Sequence[Node], features: Signs) -> float:
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
    content = files("notifier.significance").joinpath("weights.json").read_text("utf-8")
    return read_model(content)


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
        topic_weights=stored["topics"],
    )


def _nodes(tree: Iterable[object]) -> Iterable[Node]:
    for node in tree:
        if isinstance(node, list):
            name, threshold, low, high = node
            yield str(name), float(threshold), int(low), int(high)
        elif isinstance(node, int | float):
            yield float(node)

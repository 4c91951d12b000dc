"""`python -m benchmarks.train_judgement`: labelled revisions → `significance/weights.json`, the same to the byte.

Plain Python, no randomness but a seeded one, no clock. Thresholds are set on predictions for publishers that the model
predicting them was not trained on. `--held-out` leaves the held-out publishers out of the training, to measure on them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.train_topics import Told, train_topics
from benchmarks.train_trees import train_trees
from notifier.diff import diff
from notifier.significance.changes import changes_of
from notifier.significance.judge import shows, within
from notifier.significance.lexicon import lexicon
from notifier.significance.model import Model, Node, features_of, logistic, read_model
from notifier.significance.reasons import heaviest
from notifier.significance.scene import Scene
from notifier.significance.signs import COMPELS, GUARDS, signs_of
from notifier.significance.topics import clues_of
from notifier.significance.view import View
from notifier.significance.views import views_of
from notifier.text.document import parse

CORPUS = Path(__file__).resolve().parents[1].parent / "shared" / "corpus"
WEIGHTS = Path(__file__).resolve().parents[1] / "src/notifier/significance/weights.json"
LABELS = ("labels.jsonl", "labels-single.jsonl")
TRUST = {1: 0.4, 2: 0.8, 3: 1.0}
"""How much a label counts, by its annotator's confidence; twice as much where two annotators agreed."""
FOLDS = 5
STEPS, RATE, SHRINK = 400, 0.05, 0.002
SEEDS = (1, 2, 3)
"""One forest each; their mean is steadier than any of them."""
MISSED, FALSE_ALARM = 0.0115, 0.035
"""What the thresholds aim at, on publishers not trained on."""


@dataclass(frozen=True)
class Case:
    """One labelled revision, with the signs on each of its changes."""

    case_id: str
    publisher: str
    is_significant: bool
    trust: float
    agreed: bool
    changes: tuple[Mapping[str, float], ...]
    topics: frozenset[str]
    texts: tuple[Path, Path]


def publisher_of(label: Mapping[str, str]) -> str:
    """Who wrote it: the repository's owner, or the service in a collection of many."""
    owner = label["source"].split("/")[0]
    return label["document"].split("/")[0] if owner == "OpenTermsArchive" else owner


def is_held_out(publisher: str) -> bool:
    """The publishers no rule was written on and no threshold set on: a quarter, by a hash of the name."""
    return int(hashlib.sha256(publisher.encode()).hexdigest(), 16) % 4 == 0


def read_cases(corpus: Path, wanted: Callable[[str], bool]) -> list[Case]:
    """The labelled revisions of the wanted publishers, by id."""
    cases = []
    for name in LABELS:
        for line in (corpus / name).read_text("utf-8").splitlines():
            label = json.loads(line)
            publisher = publisher_of(label)
            if wanted(publisher):
                cases.append(_case(corpus, label, publisher, agreed=name == "labels.jsonl"))
    return sorted(cases, key=lambda case: case.case_id)


def _case(corpus: Path, label: Mapping[str, Any], publisher: str, *, agreed: bool) -> Case:
    old, new = (corpus / "revisions" / f"{label['id']}.{side}.md" for side in ("old", "new"))
    signs = tuple(signs_of(view) for view in _views(old, new))
    topics = frozenset(label.get("topics_either") or label.get("topics") or ())
    trust = TRUST[int(label["confidence"])] * (2 if agreed else 1)
    is_significant = label["significance"] == "significant"
    return Case(label["id"], publisher, is_significant, trust, agreed, signs, topics, (old, new))


def _views(old: Path, new: Path) -> list[View]:
    change = diff(parse(old.read_text("utf-8")), parse(new.read_text("utf-8")))
    found = changes_of(change)
    return views_of(found, Scene(change, found, lexicon("en")))


# the additive model


def train_additive(cases: Sequence[Case]) -> tuple[float, dict[str, float]]:
    """Weights of signs, so that a revision is significant when any of its changes is; Adam over all cases at once."""
    names = sorted({name for case in cases for signs in case.changes for name in signs})
    index = {name: number for number, name in enumerate(names)}
    rows = [
        [[(index[name], value) for name, value in sorted(signs.items())] for signs in case.changes] for case in cases
    ]
    weights, first, second = ([0.0] * (len(names) + 1) for _ in range(3))
    weights[-1] = -2.0
    for step in range(1, STEPS + 1):
        slope = _slope(cases, rows, weights)
        for number, value in enumerate(slope):
            first[number] = 0.9 * first[number] + 0.1 * value
            second[number] = 0.99 * second[number] + 0.01 * value * value
            pace = RATE * (first[number] / (1 - 0.9**step)) / (math.sqrt(second[number] / (1 - 0.99**step)) + 1e-8)
            weights[number] -= pace
    return round(weights[-1], 4), {name: round(weights[number], 4) for name, number in index.items()}


def _slope(
    cases: Sequence[Case], rows: Sequence[Sequence[Sequence[tuple[int, float]]]], weights: list[float]
) -> list[float]:
    slope = [SHRINK * weight for weight in weights[:-1]] + [0.0]
    for case, changes in zip(cases, rows, strict=True):
        chances = [logistic(weights[-1] + sum(weights[number] * value for number, value in row)) for row in changes]
        none = math.exp(sum(math.log1p(-min(chance, 1 - 1e-9)) for chance in chances))
        pull = none / max(1 - none, 1e-9) if case.is_significant else -1.0
        scale = -pull * case.trust / len(cases)
        for chance, row in zip(chances, changes, strict=True):
            slope[-1] += scale * chance
            for number, value in row:
                slope[number] += scale * chance * value
    return slope


# all of it


def train(cases: Sequence[Case]) -> Model:
    """A model without thresholds of its own."""
    bias, weights = train_additive(cases)
    rows = [features_of(case.changes) for case in cases]
    wanted, trust = [case.is_significant for case in cases], [case.trust for case in cases]
    forests = [train_trees(rows, wanted, trust, seed) for seed in SEEDS]
    trees = tuple(_shared(tree) for _, forest in forests for tree in forest)
    return Model(bias, weights, forests[0][0], trees, 0.5, 0.5)


def with_topics(model: Model, cases: Sequence[Case]) -> Model:
    """The model, with what speaks for each topic learned from the significant cases."""
    told = [told for case in cases if case.is_significant for told in _told(case, model)]
    return replace(model, topic_weights=train_topics(told))


def _told(case: Case, model: Model) -> list[Told]:
    """The changes that are reasons of a significant revision; clues are not kept with a case, they take much memory."""
    weights = [model.weigh(signs) for signs in case.changes]
    numbers = heaviest(weights)
    views, total = _views(*case.texts), sum(weights[number] for number in numbers)
    return [
        Told(clues_of(views[number]), case.changes[number], weights[number] / total, case.topics) for number in numbers
    ]


def _shared(tree: Sequence[Node]) -> tuple[Node, ...]:
    """A tree of one forest among several: each has an equal say."""
    return tuple(round(node / len(SEEDS), 5) if isinstance(node, float) else node for node in tree)


def predictions(cases: Sequence[Case]) -> list[tuple[Case, float]]:
    """Each case judged by a model that saw none of its publisher."""
    fold_of = _folds(cases)
    judged = []
    for fold in range(FOLDS):
        model = train([case for case in cases if fold_of[case.publisher] != fold])
        judged += [(case, model.judge(case.changes)) for case in cases if fold_of[case.publisher] == fold]
    return judged


def _folds(cases: Iterable[Case]) -> dict[str, int]:
    sizes, fold_of = [0] * FOLDS, {}
    for publisher, count in sorted(
        Counter(case.publisher for case in cases).items(), key=lambda pair: (-pair[1], pair[0])
    ):
        fold_of[publisher] = sizes.index(min(sizes))
        sizes[fold_of[publisher]] += count
    return fold_of


def thresholds(judged: Sequence[tuple[Case, float]]) -> tuple[float, float]:
    """Where as many are missed, and as many false alarms rung, as we aim at, with the signs that decide counted in."""
    unmissable = [(case, 1.0 if shows(case.changes, GUARDS | COMPELS) else chance) for case, chance in judged]
    alarming = [(case, 1.0 if shows(case.changes, COMPELS) else chance) for case, chance in judged]
    minor_below = _quantile(unmissable, True, MISSED)
    return minor_below, max(minor_below, _quantile(alarming, False, 1 - FALSE_ALARM))


def _quantile(judged: Sequence[tuple[Case, float]], significant: bool, share: float) -> float:
    chances = sorted((chance, case.trust) for case, chance in judged if case.is_significant is significant)
    left = share * sum(trust for _, trust in chances)
    for chance, trust in chances:
        left -= trust
        if left < 0:
            return round(chance, 4)
    return 1.0


def figures(judged: Sequence[tuple[Case, float]], minor_below: float, significant_from: float) -> str:
    """What the thresholds do on predictions, in one line."""
    limits = {"minor_below": minor_below, "significant_from": significant_from}
    judged = [(case, within(case.changes, chance, **limits)) for case, chance in judged]
    significant = [chance for case, chance in judged if case.is_significant]
    minor = [chance for case, chance in judged if not case.is_significant]
    kept = [chance for _, chance in judged if chance >= minor_below]
    close = sum(1 for chance in kept if chance < significant_from)
    missed = sum(1 for chance in significant if chance < minor_below)
    alarms = sum(1 for chance in minor if chance >= significant_from)
    return (
        f"{len(judged)} revisions, missed {missed / len(significant):.3f}, false alarms {alarms / len(minor):.3f}, "
        f"close {close / len(judged):.3f}, precision {(len(significant) - missed) / len(kept):.3f}"
    )


def written(model: Model, minor_below: float, significant_from: float) -> str:
    """The model as the JSON text that is shipped."""
    content = {
        "minor_below": minor_below,
        "significant_from": significant_from,
        "bias": model.bias,
        "weights": dict(sorted(model.weights.items())),
        "tree_bias": model.tree_bias,
        "trees": model.trees,
        "topics": model.topic_weights,
    }
    return json.dumps(content, separators=(",", ":")).replace('],["', '],\n["').replace("}", "}\n").strip() + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true", help="train without the held-out publishers")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    chosen = parser.parse_args()
    cases = read_cases(CORPUS, lambda publisher: not (chosen.held_out and is_held_out(publisher)))
    judged = predictions(cases)
    limits = thresholds(judged)
    for name, part in (("all", judged), ("agreed", [pair for pair in judged if pair[0].agreed])):
        print(f"{name}: {figures(part, *limits)}")
    text = written(with_topics(train(cases), cases), *limits)
    read_model(text)
    chosen.out.write_text(text, "utf-8")
    print(f"{len(cases)} revisions, clear below {limits[0]} and from {limits[1]}: {chosen.out}")


if __name__ == "__main__":
    main()

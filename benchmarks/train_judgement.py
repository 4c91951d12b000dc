"""`python -m benchmarks.train_judgement`: labelled revisions and made edits → `significance/weights.json`.

No randomness but a seeded one, no clock. Thresholds and calibration are set on predictions for publishers (and
sentences) that the model predicting them was not trained on.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from benchmarks.judged_cases import FOLDS, SEED, TRUST_IN_EDIT, Case, Change, made_edits, revisions
from notifier.significance.model import Model, Node, read_model, revision_features
from notifier.significance.reasons import told_of, weight_of
from notifier.significance.topic_names import TOPICS
from notifier.significance.topics import Clues, chance_of, named_in, of_change, topic_features

WEIGHTS = Path(__file__).resolve().parents[1] / "src/notifier/significance/weights.json"
EDITS = 3000
STEPS, RATE, SHRINK = 300, 0.05, 0.002
TREES = {
    "n_estimators": 200,
    "max_depth": 3,
    "learning_rate": 0.05,
    "subsample": 0.7,
    "max_features": 0.1,
    "min_samples_leaf": 8,
}
LEAST_SEEN = 4
"""Cases in which a feature must show to be given a weight."""
MISSED, FALSE_ALARM = 0.005, 0.0365
"""What the thresholds aim at, on publishers not trained on."""
MINOR_MOST = 0.05
"""The chance from which nothing is clearly minor, whatever the curve allows. The labelled revisions are long and would
allow 0.2 at the same 0.003 missed, for 7 in 1,000 fewer close calls; but of 2,554 significant single edits written by
hand one would be clearly minor then: "on instructions of the customer or its own", of which only an `or` is known.
"""
ABOUT, MOST_ABOUT = 0.7, 3
"""Which topics a letter says the change is about: those that weigh nearly as much as the first, and how many."""
TOPIC_LEAST = 0.1
"""Weights nearer to nothing are not kept: of revisions 0.05 keeps three times as many and names topics no better."""


def train(cases: Sequence[Case]) -> Model:
    """A model without thresholds, calibration and topics of its own."""
    bias, weights = train_additive(cases)
    tree_bias, trees = train_trees(cases)
    return Model(bias, weights, tree_bias, trees, 0.5, 0.5)


def train_additive(cases: Sequence[Case]) -> tuple[float, dict[str, float]]:
    """Weights of features, so that a revision is significant when any of its changes is; Adam over all at once."""
    cases = [case for case in cases if case.changes]
    names = _names([change.features for case in cases for change in case.changes])
    rows = _matrix([change.features for case in cases for change in case.changes], names)
    owner = np.repeat(np.arange(len(cases)), [len(case.changes) for case in cases])
    wanted = np.array([case.is_significant for case in cases])
    trust = np.array([case.trust for case in cases]) / sum(case.trust for case in cases)
    weights, first, second = np.zeros(len(names) + 1), np.zeros(len(names) + 1), np.zeros(len(names) + 1)
    weights[-1] = -2.0
    for step in range(1, STEPS + 1):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights[:-1] + weights[-1], -30, 30)))
        none = np.exp(np.bincount(owner, np.log1p(-np.minimum(chance, 1 - 1e-9)), len(cases)))
        pull = np.where(wanted, none / np.maximum(1 - none, 1e-9), -1.0) * trust
        slope_of_row = -pull[owner] * chance
        slope = np.append(rows.T @ slope_of_row + SHRINK * weights[:-1] / 10, slope_of_row.sum())
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope * slope
        weights -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return round(float(weights[-1]), 4), {name: round(float(weights[at]), 4) for at, name in enumerate(names)}


def train_trees(cases: Sequence[Case]) -> tuple[float, tuple[tuple[Node, ...], ...]]:
    """Boosted trees over the revision as a whole."""
    rows = [revision_features([change.features for change in case.changes]) for case in cases]
    names = _names(rows)
    boosted = GradientBoostingClassifier(random_state=1, **TREES)
    boosted.fit(
        _matrix(rows, names).toarray(),
        [case.is_significant for case in cases],
        sample_weight=[case.trust for case in cases],
    )
    base = float(boosted.init_.class_prior_[1])
    trees = tuple(_tree(one[0].tree_, names, boosted.learning_rate) for one in boosted.estimators_)
    return round(math.log(base / (1 - base)), 4), trees


def _tree(tree: object, names: Sequence[str], rate: float) -> tuple[Node, ...]:
    """A tree of scikit-learn as ours."""
    nodes: list[Node] = []
    for at in range(tree.node_count):  # type: ignore[attr-defined]
        low, high = int(tree.children_left[at]), int(tree.children_right[at])  # type: ignore[attr-defined]
        if low < 0:
            nodes.append(round(float(tree.value[at][0][0]) * rate, 5))  # type: ignore[attr-defined]
        else:
            nodes.append((names[tree.feature[at]], round(float(tree.threshold[at]), 4), low, high))  # type: ignore[attr-defined]
    return tuple(nodes)


def _names(rows: Sequence[Mapping[str, float]]) -> list[str]:
    counts: dict[str, int] = {}
    for row in rows:
        for name in row:
            counts[name] = counts.get(name, 0) + 1
    return sorted(name for name, count in counts.items() if count >= min(LEAST_SEEN, len(rows) / 4))


def _matrix(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> csr_matrix:
    index = {name: at for at, name in enumerate(names)}
    cells = [(at, index[name], value) for at, row in enumerate(rows) for name, value in row.items() if name in index]
    data, where = [value for _, _, value in cells], ([at for at, _, _ in cells], [name for _, name, _ in cells])
    return csr_matrix((data, where), shape=(len(rows), len(names)))


def with_topics(model: Model, cases: Sequence[Case]) -> Model:
    """The model, with what speaks for each topic learned from the significant cases."""
    rows, wanted, trust = [], [], []
    for case in cases:
        if not case.is_significant or not case.topics:
            continue
        weights = [model.weigh(change.features) for change in case.changes]
        top = sorted(range(len(weights)), key=lambda at: -weights[at])[:6]
        total = sum(weights[at] for at in top) or 1.0
        for at in top:
            change = case.changes[at]
            for topic, clues in change.clues.items():
                rows.append(dict(topic_features(topic, clues, of_change(change.features, change.words))))
                wanted.append(topic == case.first_topic if case.is_made else topic in case.topics)
                trust.append(weights[at] / total * (TRUST_IN_EDIT if case.is_made else 1.0))
    names = _names(rows)
    fitted = LogisticRegression(C=0.3, max_iter=300, solver="liblinear").fit(
        _matrix(rows, names), wanted, sample_weight=trust
    )
    learned = {name: round(float(weight), 2) for name, weight in zip(names, fitted.coef_[0], strict=True)}
    shift = round(float(fitted.intercept_[0]), 2)
    known = {name: weight for name, weight in learned.items() if abs(weight) >= TOPIC_LEAST}
    for topic in TOPICS:
        known[topic] = round(known.get(topic, 0.0) + shift, 2)
    return model._replace(topic_weights=known)


def topics_named(case: Case, model: Model) -> list[str]:
    """The topics that a letter says the change is about, the first one first."""
    rows = [
        (weight_of(model.weigh(change.features), rules_of(change), is_forced=change.is_forced), rules_of(change))
        for change in case.changes
    ]
    told = [(rows[at][0], *_chances(case.changes[at], model)) for at in told_of(rows)]
    weights: dict[str, float] = {}
    for named in named_in(told):
        for topic, weight in named:
            weights[topic] = max(weight, weights.get(topic, 0.0))
    most = max(weights.values(), default=0.0)
    ranked = sorted(weights, key=lambda topic: -weights[topic])
    return [topic for topic in ranked if weights[topic] >= ABOUT * most][:MOST_ABOUT]


def rules_of(change: Change) -> list[str]:
    return [name.removeprefix("rule ") for name in change.features if name.startswith("rule ")]


def _chances(change: Change, model: Model) -> tuple[dict[str, float], Mapping[str, Clues]]:
    names = of_change(change.features, change.words)
    chances = {topic: chance_of(topic, clue, names, model.topic_weights) for topic, clue in change.clues.items()}
    return chances, change.clues


def predictions(cases: Sequence[Case]) -> list[tuple[Case, float]]:
    """Each case judged by a model that saw nothing of its publisher or sentence, before calibration."""
    judged = []
    for fold in range(FOLDS):
        model = train([case for case in cases if case.fold != fold])
        held = [case for case in cases if case.fold == fold]
        judged += [
            (case, model.raw([change.features for change in case.changes]) if case.changes else 0.0) for case in held
        ]
    return judged


def calibration(judged: Sequence[tuple[Case, float]]) -> tuple[float, float]:
    """What stretches and shifts the log-odds so that a chance of 0.8 comes true four times in five."""
    real = [(case, chance) for case, chance in judged if not case.is_made and case.changes]
    odds = np.array([[math.log(max(chance, 1e-6) / max(1 - chance, 1e-6))] for _, chance in real])
    fitted = LogisticRegression(C=10.0).fit(
        odds, [case.is_significant for case, _ in real], sample_weight=[case.trust for case, _ in real]
    )
    return round(float(fitted.coef_[0][0]), 4), round(float(fitted.intercept_[0]), 4)


def thresholds(judged: Sequence[tuple[Case, float]]) -> tuple[float, float]:
    """Where as many are missed, and as many false alarms rung, as we aim at, with the rules that decide counted in."""
    real = [(case, chance) for case, chance in judged if not case.is_made]
    missed = [(1.0 if case.is_fact else chance, case.trust) for case, chance in real if case.is_significant]
    alarms = [
        (1.0 if case.is_forced else chance * case.may_be_weighed, case.trust)
        for case, chance in real
        if not case.is_significant
    ]
    low = min(_quantile(missed, MISSED), MINOR_MOST)
    return low, max(low, _quantile(alarms, 1 - FALSE_ALARM))


def _quantile(chances: list[tuple[float, float]], share: float) -> float:
    left = share * sum(trust for _, trust in chances)
    for chance, trust in sorted(chances):
        left -= trust
        if left < 0:
            return round(min(chance, 0.99), 4)
    return 0.99


def called(case: Case, chance: float, low: float, high: float) -> str:
    """`minor`, `close` or `significant`, as the classifier says it."""
    if not case.changes:
        return "minor"
    if case.is_forced or (case.may_be_weighed and chance >= high):
        return "significant"
    return "close" if case.is_fact or chance >= low else "minor"


def figures(judged: Sequence[tuple[Case, float]], low: float, high: float) -> str:
    """What the thresholds do on predictions, in one line."""
    said = [(case.is_significant, called(case, chance, low, high)) for case, chance in judged]
    significant, minor = (
        [call for is_significant, call in said if is_significant],
        [call for is_sig, call in said if not is_sig],
    )
    kept = sum(call != "minor" for call in significant + minor)
    return (
        f"{len(said)}: missed {significant.count('minor') / max(1, len(significant)):.3f}, "
        f"close of significant {significant.count('close') / max(1, len(significant)):.3f}, "
        f"false alarms {minor.count('significant') / max(1, len(minor)):.3f}, "
        f"close of minor {minor.count('close') / max(1, len(minor)):.3f}, "
        f"close {(significant + minor).count('close') / len(said):.3f}, "
        f"precision {(len(significant) - significant.count('minor')) / max(1, kept):.3f}"
    )


def written(model: Model) -> str:
    """The model as the JSON text that is shipped."""
    content = {
        "minor_below": model.minor_below,
        "significant_from": model.significant_from,
        "slope": model.slope,
        "shift": model.shift,
        "bias": model.bias,
        "weights": dict(sorted(model.weights.items())),
        "tree_bias": model.tree_bias,
        "trees": model.trees,
        "topics": dict(sorted(model.topic_weights.items())),
    }
    return json.dumps(content, separators=(",", ":")).replace('],["', '],\n["').replace("}", "}\n").strip() + "\n"


def trained(cases: Sequence[Case]) -> tuple[Model, list[tuple[Case, float]]]:
    """The model to ship, and the predictions (calibrated) by which its thresholds are set."""
    raw = predictions(cases)
    slope, shift = calibration(raw)
    shape = Model(0, {}, 0, (), 0.5, 0.5, slope, shift)
    judged = [(case, shape.calibrated(chance)) for case, chance in raw]
    low, high = thresholds(judged)
    model = train(cases)._replace(slope=slope, shift=shift, minor_below=low, significant_from=high)
    return with_topics(model, cases), judged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=EDITS)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    chosen = parser.parse_args()
    cases = [*revisions(), *(made_edits(SEED, chosen.edits) if chosen.edits else ())]
    model, judged = trained(cases)
    for name, part in (
        ("revisions", [pair for pair in judged if not pair[0].is_made]),
        ("agreed", [pair for pair in judged if pair[0].agreed]),
        ("made edits", [pair for pair in judged if pair[0].is_made]),
    ):
        if part:
            print(f"{name} {figures(part, model.minor_below, model.significant_from)}")
    text = written(model)
    read_model(text)
    chosen.out.write_text(text, "utf-8")
    print(f"{len(cases)} cases, clear below {model.minor_below} and from {model.significant_from}: {chosen.out}")


if __name__ == "__main__":
    main()

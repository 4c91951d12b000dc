"""`python -m benchmarks.train_judgement`: labelled revisions → `core/classify/weights.json`, the same to the byte.

Plain Python, no randomness but a seeded one, no clock. Thresholds are set on predictions for publishers that the model
predicting them was not trained on. `--held-out` leaves the held-out publishers out of the training, to measure on them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from notifier.core.classify.changes import changes_of
from notifier.core.classify.judge import shows, within
from notifier.core.classify.lexicon import lexicon
from notifier.core.classify.model import Model, Node, features_of, read_model
from notifier.core.classify.scene import Scene
from notifier.core.classify.signs import COMPELS, GUARDS, signs_of
from notifier.core.classify.views import views_of
from notifier.core.diff import diff
from notifier.core.document import parse

CORPUS = Path(__file__).resolve().parents[1].parent / "shared" / "corpus"
WEIGHTS = Path(__file__).resolve().parents[1] / "src/notifier/core/classify/weights.json"
LABELS = ("labels.jsonl", "labels-single.jsonl")
TRUST = {1: 0.4, 2: 0.8, 3: 1.0}
"""How much a label counts, by its annotator's confidence; twice as much where two annotators agreed."""
FOLDS = 5
STEPS, RATE, SHRINK = 400, 0.05, 0.002
TREES, DEPTH, LEARN, SAMPLE, LOOK_AT = 150, 3, 0.08, 0.6, 0.2
SEEDS = (1, 2, 3)
"""One forest each; their mean is steadier than any of them."""
LEAST_TRUST_IN_LEAF = 6.0
STEADY = 3.0
"""Added below the line of each leaf: a leaf of few revisions says little."""
MISSED, FALSE_ALARM = 0.013, 0.045
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


def _case(corpus: Path, label: Mapping[str, str], publisher: str, *, agreed: bool) -> Case:
    texts = [(corpus / "revisions" / f"{label['id']}.{side}.md").read_text("utf-8") for side in ("old", "new")]
    change = diff(parse(texts[0]), parse(texts[1]))
    found = changes_of(change)
    scene = Scene(change, found, lexicon("en"))
    signs = tuple(signs_of(view) for view in views_of(found, scene))
    trust = TRUST[int(label["confidence"])] * (2 if agreed else 1)
    return Case(label["id"], publisher, label["significance"] == "significant", trust, agreed, signs)


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


def logistic(total: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


# the trees


@dataclass(frozen=True)
class Table:
    """Features by column: the steps between their values, and for each step the rows at or above it."""

    names: tuple[str, ...]
    values: tuple[dict[int, float], ...]
    steps: tuple[tuple[float, ...], ...]


def table_of(rows: Sequence[Mapping[str, float]]) -> Table:
    names = sorted(name for name, count in Counter(name for row in rows for name in row).items() if count >= 4)
    values = tuple({number: row[name] for number, row in enumerate(rows) if row.get(name)} for name in names)
    return Table(tuple(names), values, tuple(_steps(column, len(rows)) for column in values))


def _steps(column: Mapping[int, float], rows: int) -> tuple[float, ...]:
    """Up to eight thresholds that part the values evenly; the first parts none from some."""
    known = sorted(column.values())
    low = 0.0 if len(known) < rows else known[0]
    cuts = {round(known[len(known) * part // 8], 4) for part in range(1, 8)}
    return (low / 1 if low == 0.0 else round(low, 4), *sorted(cut for cut in cuts if low < cut < known[-1]))


def train_trees(
    cases: Sequence[Case], rows: Sequence[Mapping[str, float]], seed: int
) -> tuple[float, list[list[Node]]]:
    """Gradient boosting on the logistic loss, with Newton leaves; rows and features drawn by a seeded generator."""
    table, draw = table_of(rows), random.Random(seed)
    trust = [case.trust for case in cases]
    yes = sum(case.trust for case in cases if case.is_significant)
    bias = round(math.log(yes / (sum(trust) - yes)), 4)
    totals, trees = [bias] * len(cases), []
    for _ in range(TREES):
        chances = [logistic(total) for total in totals]
        pulls = [case.trust * (case.is_significant - chance) for case, chance in zip(cases, chances, strict=True)]
        stiffness = [weight * chance * (1 - chance) for weight, chance in zip(trust, chances, strict=True)]
        chosen = sorted(draw.sample(range(len(cases)), int(SAMPLE * len(cases))))
        tree: list[Node] = []
        _grow(tree, table, chosen, pulls, stiffness, trust, draw, DEPTH)
        trees.append(tree)
        for number in range(len(cases)):
            totals[number] += _walk(tree, rows[number])
    return bias, trees


def _walk(tree: Sequence[Node], features: Mapping[str, float]) -> float:
    node = tree[0]
    while isinstance(node, tuple):
        name, step, low, high = node
        node = tree[low if features.get(name, 0.0) <= step else high]
    return node


def _grow(
    tree: list[Node],
    table: Table,
    rows: Sequence[int],
    pulls: Sequence[float],
    stiffness: Sequence[float],
    trust: Sequence[float],
    draw: random.Random,
    depth: int,
) -> int:
    """Add the node for these rows and those below it; gives its index."""
    here = len(tree)
    tree.append(_leaf_value(rows, pulls, stiffness))
    split = _best_split(table, rows, pulls, trust, draw) if depth else None
    if split is None:
        return here
    column, step = split
    values = table.values[column]
    low = [row for row in rows if values.get(row, 0.0) <= step]
    high = [row for row in rows if values.get(row, 0.0) > step]
    below = _grow(tree, table, low, pulls, stiffness, trust, draw, depth - 1)
    above = _grow(tree, table, high, pulls, stiffness, trust, draw, depth - 1)
    tree[here] = (table.names[column], step, below, above)
    return here


def _leaf_value(rows: Sequence[int], pulls: Sequence[float], stiffness: Sequence[float]) -> float:
    return round(LEARN * sum(pulls[row] for row in rows) / (sum(stiffness[row] for row in rows) + STEADY), 5)


def _best_split(
    table: Table, rows: Sequence[int], pulls: Sequence[float], trust: Sequence[float], draw: random.Random
) -> tuple[int, float] | None:
    """The column and step that part the pulls most, of a drawn share of the columns."""
    all_pull, all_trust = sum(pulls[row] for row in rows), sum(trust[row] for row in rows)
    inside, best, found = set(rows), all_pull**2 / all_trust + 1e-9, None
    for column in sorted(draw.sample(range(len(table.names)), max(1, int(LOOK_AT * len(table.names))))):
        known = [(value, row) for row, value in table.values[column].items() if row in inside]
        for step in table.steps[column]:
            above = [row for value, row in known if value > step]
            high_trust = sum(trust[row] for row in above)
            low_trust = all_trust - high_trust
            if min(high_trust, low_trust) < LEAST_TRUST_IN_LEAF:
                continue
            high_pull = sum(pulls[row] for row in above)
            gain = high_pull**2 / high_trust + (all_pull - high_pull) ** 2 / low_trust
            if gain > best:
                best, found = gain, (column, step)
    return found


# both


def train(cases: Sequence[Case]) -> Model:
    """A model without thresholds of its own."""
    bias, weights = train_additive(cases)
    rows = [features_of(case.changes) for case in cases]
    forests = [train_trees(cases, rows, seed) for seed in SEEDS]
    trees = tuple(_shared(tree) for _, forest in forests for tree in forest)
    return Model(bias, weights, forests[0][0], trees, 0.5, 0.5)


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
    text = written(train(cases), *limits)
    read_model(text)
    chosen.out.write_text(text, "utf-8")
    print(f"{len(cases)} revisions, clear below {limits[0]} and from {limits[1]}: {chosen.out}")


if __name__ == "__main__":
    main()

"""Boosted trees over whole revisions: gradient boosting on the logistic loss, seeded, in plain Python."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notifier.significance.model import Node, logistic

TREES, DEPTH, LEARN, SAMPLE, LOOK_AT = 150, 3, 0.08, 0.6, 0.2
LEAST_TRUST_IN_LEAF = 6.0
STEADY = 3.0
"""Added below the line of each leaf: a leaf of few revisions says little."""


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
    rows: Sequence[Mapping[str, float]], wanted: Sequence[bool], trust: Sequence[float], seed: int
) -> tuple[float, list[list[Node]]]:
    """Bias and trees, with Newton leaves; rows and features are drawn by a seeded generator."""
    table, draw = table_of(rows), random.Random(seed)
    yes = sum(weight for weight, is_wanted in zip(trust, wanted, strict=True) if is_wanted)
    bias = round(math.log(yes / (sum(trust) - yes)), 4)
    totals, trees = [bias] * len(rows), []
    for _ in range(TREES):
        chances = [logistic(total) for total in totals]
        pulls = [
            weight * (is_wanted - chance) for weight, is_wanted, chance in zip(trust, wanted, chances, strict=True)
        ]
        stiffness = [weight * chance * (1 - chance) for weight, chance in zip(trust, chances, strict=True)]
        chosen = sorted(draw.sample(range(len(rows)), int(SAMPLE * len(rows))))
        tree: list[Node] = []
        _grow(tree, table, chosen, pulls, stiffness, trust, draw, DEPTH)
        trees.append(tree)
        for number in range(len(rows)):
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

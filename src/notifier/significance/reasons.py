"""Why: the changes that weigh most, each with its topics and the rule that speaks loudest; or what makes it minor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from notifier.diff import Diff, Edit, Layer
from notifier.significance.changes import Side
from notifier.significance.hints import HINTS
from notifier.significance.model import Model
from notifier.significance.moved import MOVED
from notifier.significance.sameness import PROOFS
from notifier.significance.topics import basis_of, topics_of
from notifier.significance.verdict import Reason
from notifier.significance.view import View

MOST_REASONS = 12
TOPICS_EACH = 3
LEAST_CHANCE = 0.05
"""A topic that is less likely touched is not named."""
SAID_BEFORE = 0.7
LEAST_SHARE = 0.15
"""A change that weighs less than this, beside the one that weighs most, is no reason."""
UNNAMED = "reworded"
"""The rule of a change that weighs but shows no sign of what moved."""
LAYER_RULES = {Layer.LINKS: "link-target", Layer.MARKUP: "markup", Layer.TYPOGRAPHY: "typography"}
MOVED_RULES = tuple(sign.name for sign in MOVED)
DECIDES = frozenset(sign.name for sign in MOVED if sign.compels)
SAME_RULES = tuple(sign.name for sign in PROOFS + HINTS)


def reasons_for_significant(
    views: Sequence[View], signs: Sequence[Mapping[str, float]], weights: Sequence[float], model: Model
) -> tuple[Reason, ...]:
    """By falling weight; a change that touches several topics gives a reason for each of its first few."""
    reasons = [
        reason
        for number in heaviest(weights)
        for reason in _of_change(views[number], signs[number], weights[number], model)
    ]
    return tuple(_by_weight(reasons)[:MOST_REASONS])


def heaviest(weights: Sequence[float]) -> list[int]:
    """Which changes are reasons, by falling weight."""
    first = sorted(range(len(weights)), key=lambda number: -weights[number])[:MOST_REASONS]
    return [number for number in first if weights[number] >= LEAST_SHARE * weights[first[0]]]


def _of_change(view: View, signs: Mapping[str, float], weight: float, model: Model) -> Iterator[Reason]:
    rule = _rule(signs, model)
    topics = topics_of(view, signs, model.topic_weights)
    likely = [pair for pair in topics[:TOPICS_EACH] if pair[1] >= LEAST_CHANCE]
    if not likely:
        yield _reason(view, None, rule, weight * LEAST_CHANCE)
    for topic, chance in likely:
        yield _reason(view, topic, rule, weight * chance)


def _by_weight(reasons: Sequence[Reason]) -> list[Reason]:
    """By falling weight; a reason that says of another sentence what was said before weighs less each time."""
    said: Counter[str | None] = Counter()
    lighter = []
    for reason in sorted(reasons, key=lambda reason: -reason.weight):
        lighter.append(replace(reason, weight=round(reason.weight * SAID_BEFORE ** said[reason.topic], 4)))
        said[reason.topic] += 1
    return sorted(lighter, key=lambda reason: -reason.weight)


def _rule(seen: Mapping[str, float], model: Model) -> str:
    """Of what moved, what decides by itself; or else what weighs most."""
    moved = [name for name in MOVED_RULES if name in seen]
    deciding = [name for name in moved if name in DECIDES]
    return max(deciding or moved, key=lambda name: model.weights.get(name, 0.0) * seen[name], default=UNNAMED)


def reasons_for_minor(diff: Diff, views: Sequence[View], signs: Sequence[Mapping[str, float]]) -> tuple[Reason, ...]:
    """Each rule that made a change minor, once, with its first change; what many changes share comes first."""
    found: dict[str, list[View]] = {}
    for view, seen in zip(views, signs, strict=True):
        rule = next((name for name in SAME_RULES if name in seen), UNNAMED)
        found.setdefault(rule, []).append(view)
    total = sum(len(same) for same in found.values())
    reasons = [_reason(same[0], None, rule, len(same) / total) for rule, same in found.items()]
    reasons.sort(key=lambda reason: -reason.weight)
    return tuple(reasons) or tuple(_of_layers(diff.edits))


def _of_layers(edits: Sequence[Edit]) -> Iterator[Reason]:
    """Where no word changed: links, markup and typography, each once."""
    for layer, rule in LAYER_RULES.items():
        same = [edit for edit in edits if edit.layer is layer]
        if same:
            yield _of_edit(same[0], rule, len(same) / len(edits))


def _of_edit(edit: Edit, rule: str, weight: float) -> Reason:
    side = edit.after if edit.after.sentence else edit.before
    return Reason(
        None, rule, side.section, side.paragraph, edit.before.sentence, edit.after.sentence,
        edit.before.text, edit.after.text, None, weight, side.place.line,
    )  # fmt: skip


def _reason(view: View, topic: str | None, rule: str, weight: float) -> Reason:
    change = view.change
    document = view.scene.diff.after if change.after.sentence else view.scene.diff.before
    return Reason(
        topic=topic,
        rule=rule,
        section=change.side.section,
        paragraph=change.side.paragraph,
        before=change.before.sentence,
        after=change.after.sentence,
        changed_before=_cuts(change.before),
        changed_after=_cuts(change.after),
        basis=basis_of(topic, rule),
        weight=round(weight, 4),
        line=document.place(change.side.start).line,
    )


def _cuts(side: Side) -> str:
    return " … ".join(cut.strip() for cut in side.cuts if cut.strip())

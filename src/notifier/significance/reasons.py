"""Why: the differences that weigh most, each with its topics and the rule that decides; or what makes it minor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from notifier.diff import Diff, Edit
from notifier.significance.classification import Reason
from notifier.significance.equivalence import LAYERS
from notifier.significance.facts import FACT_RULES
from notifier.significance.model import Model, Strengths
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Atom
from notifier.significance.rule import Rule
from notifier.significance.topic_names import basis_of
from notifier.significance.topics import named_in, topics_of
from notifier.significance.unexplained import Difference

MOST_REASONS = 12
SAID_BEFORE = 0.7
"""What a reason weighs that says of another sentence what was said before."""
LEAST_SHARE = 0.15
"""A change that weighs less than this, beside the one that weighs most, is no reason."""
LEAST_TOPIC = 0.05
FORCED = 0.9
"""What a change weighs at least that decides by itself."""
SOFT = frozenset(("word-swapped", "statement-bent", "topic-named"))
"""Rules that name no fact: a word changed, and nobody knows whether it says the same."""
UNNAMED_MOST = 0.45
UNNAMED = "reworded"
"""The rule of a change that weighs but is no known difference in facts."""


class Weighed(NamedTuple):
    """A difference with the rules that show on it, those that decide, what the model weighs, and its weight."""

    difference: Difference
    rules: tuple[Rule, ...]
    forcing: tuple[Rule, ...]
    features: Strengths
    weight: float


def weighed_of(difference: Difference, rules: tuple[Rule, ...], features: Strengths, model: Model) -> Weighed:
    """How much a difference weighs by itself."""
    forcing = forcing_of(difference, rules)
    weight = weight_of(model.weigh(features), [rule.name for rule in rules], is_forced=bool(forcing))
    return Weighed(difference, rules, forcing, features, weight)


def forcing_of(difference: Difference, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules that decide; where to read on is no duty, whatever the pointer mentions."""
    if difference.features.only_points or _is_pointer_alone(difference) or difference.features.introduces:
        return ()
    found = tuple(rule for rule in rules if rule.decides(difference))
    plain = difference.put_plainly if found else None
    return found if plain is None or any(rule.test(plain) and rule.decides(plain) for rule in FACT_RULES) else ()


def _is_pointer_alone(difference: Difference) -> bool:
    """Is all that came or went in a sentence a pointer to a document: `(see the section … of our privacy policy)`?"""
    said = difference.classes
    return bool(
        difference.is_one_stretch and said["pointer"] and said["instrument"] and not said["must"] + said["negation"]
    )


def weight_of(chance: float, rules: Sequence[str], *, is_forced: bool) -> float:
    """What a change weighs; words that no fact names come behind the facts: the real change is said first."""
    if is_forced:
        return max(chance, FORCED)
    return min(chance, UNNAMED_MOST) if SOFT.issuperset(rules) else chance


def reasons_for_significant(weighed: Sequence[Weighed], model: Model) -> tuple[Reason, ...]:
    """By falling weight; a change that touches several topics gives a reason for each."""
    told = heaviest(weighed)
    named = named_in([(one.weight, *topics_of(one.difference, one.features, model.topic_weights)) for one in told])
    reasons = [reason for one, topics in zip(told, named, strict=True) for reason in _of_change(one, topics, model)]
    return tuple(_by_weight(reasons)[:MOST_REASONS])


def heaviest(weighed: Sequence[Weighed]) -> list[Weighed]:
    """Which changes are reasons, by falling weight; beside a fact that changed, what may be style is only counted."""
    return [weighed[at] for at in told_of([(one.weight, [rule.name for rule in one.rules]) for one in weighed])]


def told_of(changes: Sequence[tuple[float, Sequence[str]]]) -> list[int]:
    """The places of the changes (their weights and rules) that are reasons."""
    first = sorted(range(len(changes)), key=lambda at: -changes[at][0])[:MOST_REASONS]
    told = [at for at in first if changes[at][0] >= LEAST_SHARE * changes[first[0]][0]]
    facts = [at for at in told if not _may_be_style(*changes[at])]
    return facts or told


def _may_be_style(weight: float, rules: Sequence[str]) -> bool:
    """Does no rule name a fact, and does the model not take it for one?"""
    return SOFT.issuperset(rules) and weight < UNNAMED_MOST


def _of_change(one: Weighed, topics: Sequence[tuple[str, float]], model: Model) -> Iterator[Reason]:
    rule = rule_of(one, model)
    if not topics:
        yield _reason(one.difference, None, rule, one.weight * LEAST_TOPIC)
    for topic, weight in topics:
        yield _reason(one.difference, topic, rule, weight)


def rule_of(one: Weighed, model: Model) -> str:
    """The rule that decides by itself, or else the one that weighs most."""
    rules = one.forcing or one.rules
    return max((rule.name for rule in rules), key=lambda name: model.weights.get(f"rule {name}", 0.0), default=UNNAMED)


def _by_weight(reasons: Sequence[Reason]) -> list[Reason]:
    """By falling weight; a reason that says of another sentence what was said before weighs less each time."""
    said: Counter[str | None] = Counter()
    lighter = []
    for reason in sorted(reasons, key=lambda reason: -reason.weight):
        lighter.append(replace(reason, weight=round(reason.weight * SAID_BEFORE ** said[reason.topic], 4)))
        said[reason.topic] += 1
    return sorted(lighter, key=lambda reason: -reason.weight)


def reasons_for_minor(differences: Sequence[Difference], diff: Diff) -> tuple[Reason, ...]:
    """Each rule that made a change minor, once, with its first change; what many changes share comes first."""
    if not differences:
        return tuple(_of_layers(diff.edits))
    found: dict[str, list[Difference]] = {}
    for difference in differences:
        rule = UNNAMED if difference.runs else difference.equivalence.rules[0]
        found.setdefault(rule, []).append(difference)
    reasons = [_reason(same[0], None, rule, len(same) / len(differences)) for rule, same in found.items()]
    return tuple(sorted(reasons, key=lambda reason: -reason.weight))


def _of_layers(edits: Sequence[Edit]) -> Iterator[Reason]:
    """Where no sentence reads otherwise: links, markup and typography, each once."""
    for layer, rule in LAYERS.items():
        same = [edit for edit in edits if edit.layer is layer]
        if same:
            yield _of_edit(same[0], rule, round(len(same) / len(edits), 4))


def _of_edit(edit: Edit, rule: str, weight: float) -> Reason:
    side = edit.after if edit.after.sentence else edit.before
    return Reason(
        None, rule, side.section, side.paragraph, edit.before.sentence, edit.after.sentence,
        edit.before.text, edit.after.text, None, weight, side.place.line,
    )  # fmt: skip


def _reason(difference: Difference, topic: str | None, rule: str, weight: float) -> Reason:
    features, pair = difference.features, difference.features.pair
    runs = difference.runs or features.runs
    return Reason(
        topic=topic,
        rule=rule,
        section=pair.side.section,
        paragraph=pair.side.paragraph,
        before=pair.before.text,
        after=pair.after.text,
        changed_before=_words(pair.before.text, runs, "removed"),
        changed_after=_words(pair.after.text, runs, "added"),
        basis=basis_of(topic, rule),
        weight=round(weight, 4),
        line=features.texts.document_of(pair.side).place(pair.side.start).line,
    )


def _words(text: str, runs: Sequence[WordRun], side: str) -> str:
    """The words of a side that changed, as they stand in the text."""
    atoms: list[tuple[Atom, ...]] = [getattr(run, side) for run in runs if run.old_at >= 0]
    cuts = (text[run[0].start : run[-1].end] for run in atoms if run)
    return " … ".join(cut for cut in cuts if cut.strip())

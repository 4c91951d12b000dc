"""The judgement on publishers that no weight was trained on: how often it is right, close and wrong, and at what price.

The figures are of cross-validation by publisher: every revision is judged by a model that saw none of its publisher's,
with the same rules. The shipped weights are trained on all.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence

from benchmarks.judged_cases import CORPUS, FOLDS, SEED, Case, made_edits, revisions
from benchmarks.table import Table
from benchmarks.train_judgement import EDITS, called, rules_of, topics_named, train, trained, with_topics

Predicted = Sequence[tuple[Case, float]]
STEPS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def run() -> Sequence[Table]:
    """Minutes, not seconds."""
    if not CORPUS.exists():
        print(f"SKIPPED: no labelled revisions at {CORPUS}", file=sys.stderr)
        return ()
    cases = [*revisions(), *made_edits(SEED, EDITS)]
    model, judged = trained(cases)
    real = [pair for pair in judged if not pair[0].is_made]
    made = [pair for pair in judged if pair[0].is_made]
    parts = {
        "two annotators agreed": [pair for pair in real if pair[0].agreed],
        "one annotator": [pair for pair in real if not pair[0].agreed],
        "all": real,
        "made edits": made,
    }
    limits = (model.minor_below, model.significant_from)
    return (
        in_sum(parts, *limits),
        ceiling(real),
        lone_rules(real),
        curve(real, *limits),
        reliability(real),
        topics(cases),
    )


def in_sum(parts: Mapping[str, Predicted], low: float, high: float) -> Table:
    rows = [(name, str(len(part)), *shares(part, low, high)) for name, part in parts.items()]
    return Table(
        "Judgement, by cross-validation over publishers",
        ("cases", "number", "missed", "close of significant", "false alarms", "close of minor", "close", "precision"),
        rows,
        (
            "missed: significant ones called clearly minor; false alarms: minor ones called clearly significant.",
            "precision: of those called significant, close ones taken for significant, the share that is.",
            f"clearly minor below {low}, clearly significant from {high}; and what rules decide.",
        ),
    )


def shares(part: Predicted, low: float, high: float) -> tuple[str, ...]:
    said = [(case.is_significant, called(case, chance, low, high)) for case, chance in part]
    significant = [call for is_significant, call in said if is_significant]
    minor = [call for is_significant, call in said if not is_significant]
    kept = sum(call != "minor" for call in significant + minor)
    found = (
        significant.count("minor") / max(1, len(significant)),
        significant.count("close") / max(1, len(significant)),
        minor.count("significant") / max(1, len(minor)),
        minor.count("close") / max(1, len(minor)),
        (significant + minor).count("close") / max(1, len(said)),
        (len(significant) - significant.count("minor")) / max(1, kept),
    )
    return tuple(f"{share:.3f}" for share in found)


def ceiling(part: Predicted) -> Table:
    """What no model can mend: minor revisions on which a rule shows that keeps them from being called clearly minor."""
    rows = []
    for name, group in (("agreed", [case for case, _ in part if case.agreed]), ("all", [case for case, _ in part])):
        significant = sum(case.is_significant for case in group)
        held = sum(case.is_fact for case in group if not case.is_significant)
        decided = sum(case.is_forced for case in group if not case.is_significant)
        rows.append((name, str(len(group)), str(held), str(decided), f"{significant / (significant + held):.3f}"))
    return Table(
        "What the rules alone cost",
        ("revisions", "number", "minor ones held back", "minor ones decided", "best precision of any model"),
        rows,
    )


def lone_rules(part: Predicted) -> Table:
    """Which rules keep a revision from being called clearly minor, and how often they are the only ones to do so."""
    shown: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    alone: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for case, _ in part:
        rules = {rule for change in case.changes for rule in rules_of(change)}
        shown[case.is_significant].update(rules)
        if len(rules) == 1:
            alone[case.is_significant].update(rules)
    rows = [
        (rule, *(str(counts[rule]) for counts in (shown[False], alone[False], alone[True])))
        for rule, _ in sorted(shown[False].items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    return Table(
        "What each rule costs",
        ("rule", "minor revisions that show it", "alone on minor ones", "alone on significant ones"),
        rows,
    )


def curve(part: Predicted, low: float, high: float) -> Table:
    """What another lower threshold would have given: missed against close and precision."""
    rows = [(f"{step:.2f}", *shares(part, step, max(step, high))) for step in sorted({*STEPS, low})]
    return Table(
        "Missed against close and precision",
        ("clear below", "missed", "close of significant", "false alarms", "close of minor", "close", "precision"),
        rows,
        (f"the threshold shipped is {low:.2f}",),
    )


def reliability(part: Predicted) -> Table:
    """Of revisions given a chance, how many were significant."""
    rows = []
    open_ones = [(case, chance) for case, chance in part if case.changes]
    for tenth in range(10):
        group = [case for case, chance in open_ones if tenth / 10 <= chance < (tenth + 1) / 10 + (tenth == 9)]
        mean = sum(chance for case, chance in open_ones if case in group) / max(1, len(group))
        share = sum(case.is_significant for case in group) / max(1, len(group))
        rows.append((f"{tenth / 10:.1f}-{(tenth + 1) / 10:.1f}", str(len(group)), f"{mean:.2f}", f"{share:.2f}"))
    return Table("Reliability of the chance", ("chance", "revisions", "mean chance", "significant"), rows)


def topics(cases: Sequence[Case]) -> Table:
    """Topics named on publishers (and sentences) that were not trained on."""
    rows = []
    for name, wanted in (("revisions", False), ("made edits", True)):
        right = named = wrong = number = 0
        for fold in range(FOLDS):
            rest = [case for case in cases if case.fold != fold]
            model = with_topics(train(rest), rest)
            for case in cases:
                if (
                    case.fold == fold
                    and case.is_made is wanted
                    and case.is_significant
                    and case.topics
                    and case.changes
                ):
                    said = topics_named(case, model)
                    number += 1
                    right += bool(said) and said[0] in case.topics
                    named += len(said)
                    wrong += sum(topic not in case.topics for topic in said)
        rows.append((name, str(number), f"{right / max(1, number):.3f}", f"{wrong / max(1, named):.3f}"))
    note = "those that a letter says the change is about: the first reason's, and what weighs nearly as much"
    return Table("Topics", ("cases", "significant", "first topic right", "topics named wrong"), rows, (note,))

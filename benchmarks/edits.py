"""One edit in a clean policy, of every kind: is it called what it is? All generated cases of `tests.edits`.

`python -m benchmarks edits` judges all of them (minutes). `python -m benchmarks.edits OPERATOR… [--language en]
[--count 2000] [--seed 1]` judges those of some operators, and prints the ones that are called wrongly or close.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.edits.by_hand import edits_of, policies
from tests.edits.cases import Case, case_of, plans, sample
from tests.edits.held_out import held_out_cases
from tests.edits.sentence import LANGUAGES

from benchmarks.table import Table
from notifier import compare

SEED = 1
CALLS = ("minor", "close", "clear")
PROBES = Path(__file__).resolve().parents[1].parent / "shared" / "corpus" / "probes.jsonl"


@dataclass(frozen=True, slots=True)
class JudgedEdit:
    """A case and what the judgement says of it."""

    case: Case
    call: str
    """`minor`, `close` or `clear` (clearly significant)."""
    first_topic: str | None

    @property
    def is_significant(self) -> bool:
        return self.case.label == "significant"

    @property
    def is_topic_right(self) -> bool:
        return self.first_topic in self.case.topics


def judge(case: Case) -> JudgedEdit:
    """As any user of the library is told."""
    return JudgedEdit(case, *call_of(case.old, case.new, case.language))


def call_of(old: str, new: str, language: str) -> tuple[str, str | None]:
    """What the judgement says: `minor`, `close` or `clear`, and the topic it names first."""
    verdict = compare(old, new, language=language)
    if verdict.certainty.value == "close":
        call = "close"
    else:
        call = "minor" if verdict.significance.value == "minor" else "clear"
    return call, verdict.reasons[0].topic if verdict.reasons and call != "minor" else None


def judged(seed: int, count: int | None, operators: Sequence[str], languages: Sequence[str]) -> Iterator[JudgedEdit]:
    """The verdicts on all cases, or on some."""
    wanted = [plan for plan in plans(tuple(languages)) if not operators or plan.operator in operators]
    chosen = wanted if count is None else sample(wanted, seed, count)
    return (judge(case_of(plan, seed)) for plan in chosen)


def run() -> Sequence[Table]:
    """All cases of all languages, the probes, and those that no rule was written from."""
    with ProcessPoolExecutor() as pool:  # some 24,000 cases: minutes on two cores
        verdicts = list(pool.map(judge_at, range(len(plans())), chunksize=200))
    return (*tables(verdicts), *probes(), held_out(), by_hand())


def judge_at(number: int) -> JudgedEdit:
    """Of all plans the one with this number: operators cannot be sent to another process, numbers can."""
    return judge(case_of(plans()[number], SEED))


def probes() -> Sequence[Table]:
    """By kind: the small edits that once failed, where they are at hand."""
    if not PROBES.exists():
        print(f"SKIPPED: no probes at {PROBES}", file=sys.stderr)
        return ()
    found = [json.loads(line) for line in PROBES.read_text("utf-8").splitlines()]
    calls = [(one["label"], one["kind"], call_of(one["old"], one["new"], one["lang"])[0]) for one in found]
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for label, kind, call in calls:
        groups[label, "all"].append(call)
        groups[label, kind].append(call)
    rows = [
        (*key, str(len(group)), *(str(group.count(call)) for call in CALLS)) for key, group in sorted(groups.items())
    ]
    return (Table("Probes", ("label", "kind", "edits", "clearly minor", "close", "clear"), rows),)


def held_out() -> Table:
    """By kind: the edits written by hand in other styles."""
    groups: dict[tuple[str, str], list[tuple[str, bool]]] = defaultdict(list)
    for case in held_out_cases():
        call, topic = call_of(case.old, case.new, case.language)
        for kind in (case.kind, "all"):
            groups[case.label, kind].append((call, topic in case.topics))
    columns = ("label", "kind", "edits", "clearly minor", "close", "clear", "first topic")
    rows = []
    for (label, kind), group in sorted(groups.items()):
        calls = [call for call, _ in group]
        topics = share(sum(is_right for _, is_right in group), len(group)) if label == "significant" else "-"
        rows.append((label, kind, str(len(group)), *(str(calls.count(call)) for call in CALLS), topics))
    return Table("Held out: written by hand in other styles", columns, rows)


def by_hand() -> Table:
    """By policy: what a lawyer may do to it with one edit."""
    rows = []
    for policy in policies():
        calls = [(edit.label, call_of(edit.old, edit.new, edit.language)[0]) for edit in edits_of(policy)]
        rows += [
            (policy, label, str(sum(one == label for one, _ in calls)), *(str(calls.count((label, c))) for c in CALLS))
            for label in ("significant", "minor")
        ]
    return Table("Written by hand", ("policy", "label", "edits", "clearly minor", "close", "clear"), rows)


def tables(verdicts: Sequence[JudgedEdit]) -> Sequence[Table]:
    """In sum, and by operator."""
    return (in_sum(verdicts), by_form(verdicts), significant_ones(verdicts), harmless_ones(verdicts))


def in_sum(verdicts: Sequence[JudgedEdit]) -> Table:
    """By language, alone and hidden."""
    groups: dict[tuple[str, str], list[JudgedEdit]] = defaultdict(list)
    for one in verdicts:
        place = "hidden" if one.case.is_hidden else "alone"
        groups[one.case.language, place].append(one)
        groups["all", place].append(one)
    rows = [(language, place, *sums(group)) for (language, place), group in sorted(groups.items())]
    return Table(
        "One edit in a policy",
        ("language", "edit", "significant", "clearly minor", "close", "first topic", "harmless", "clear", "close "),
        rows,
        (
            "clearly minor, close: of the significant edits; clear, close: of the harmless ones.",
            "first topic: of the significant edits that are told, whose first reason names a topic of the sentence.",
            "hidden: among 30 restylings of other sentences.",
        ),
    )


def sums(group: Sequence[JudgedEdit]) -> tuple[str, ...]:
    grave = [one for one in group if one.is_significant]
    light = [one for one in group if not one.is_significant]
    told = [one for one in grave if one.call != "minor"]
    return (
        str(len(grave)),
        str(sum(one.call == "minor" for one in grave)),
        share(sum(one.call == "close" for one in grave), len(grave)),
        share(sum(one.is_topic_right for one in told), len(told)),
        str(len(light)),
        share(sum(one.call == "clear" for one in light), len(light)),
        share(sum(one.call == "close" for one in light), len(light)),
    )


def by_form(verdicts: Sequence[JudgedEdit]) -> Table:
    """By where the sentence stands."""
    groups: dict[str, list[JudgedEdit]] = defaultdict(list)
    for one in verdicts:
        if not one.case.is_hidden:
            groups[one.case.form].append(one)
    rows = [(form, *sums(group)) for form, group in sorted(groups.items())]
    columns = ("edit alone in", "significant", "clearly minor", "close", "first topic", "harmless", "clear", "close ")
    return Table("By place", columns, rows)


def significant_ones(verdicts: Iterable[JudgedEdit]) -> Table:
    """Of each operator in each language: how many are clearly minor, close, clear."""
    columns = ("operator", "kind", "language", "edits", "clearly minor", "close", "clear", "first topic")
    rows = [
        (*key, *(counts(group)), share(sum(one.is_topic_right for one in group), len(group)))
        for key, group in by_operator(verdicts, "significant")
    ]
    return Table("Significant edits alone", columns, rows)


def harmless_ones(verdicts: Iterable[JudgedEdit]) -> Table:
    """Of each operator in each language: how many are clearly minor, close, clear."""
    columns = ("operator", "kind", "language", "edits", "clearly minor", "close", "clear")
    return Table(
        "Harmless edits alone", columns, [(*key, *counts(group)) for key, group in by_operator(verdicts, "minor")]
    )


def by_operator(verdicts: Iterable[JudgedEdit], label: str) -> list[tuple[tuple[str, str, str], list[JudgedEdit]]]:
    groups: dict[tuple[str, str, str], list[JudgedEdit]] = defaultdict(list)
    for one in verdicts:
        if one.case.label == label and not one.case.is_hidden:
            groups[one.case.operator, one.case.kind, one.case.language].append(one)
    return sorted(groups.items(), key=lambda group: (group[0][1], group[0][0], group[0][2]))


def counts(group: Sequence[JudgedEdit]) -> tuple[str, ...]:
    return (str(len(group)), *(str(sum(one.call == call for one in group)) for call in CALLS))


def share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def main(arguments: Sequence[str]) -> int:
    """Print the cases of some operators that are not called what they are, and the sums."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.edits")
    parser.add_argument("operators", nargs="*")
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--count", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args(arguments)
    verdicts = list(judged(chosen.seed, chosen.count, chosen.operators, chosen.language or LANGUAGES))
    for one in verdicts:
        if chosen.operators and one.call != ("clear" if one.is_significant else "minor"):
            print(
                f"{one.call:5} {one.case.label} {one.case.case_id}\n  - {one.case.old_words}\n  + {one.case.new_words}"
            )
    for table in tables(verdicts):
        print(table.text(), end="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The redline beside the differs people use: CPU time, edited words, runs, moves, hard texts, memory.

Tools take turns on every pair (a shared machine's load then falls on all of them alike); times are CPU, children
included. Everything a tool shows is counted the same way (`peers.figures`).
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from benchmarks import peers
from benchmarks.hard_texts import cases
from benchmarks.table import Table
from notifier.diff import diff
from notifier.diff.redline import Redline, draw
from notifier.text.markdown import parse

DIFFS = Path(__file__).resolve().parents[1].parent / "shared" / "diffs"
EVERY_FIFTH = 5
"""The slow peers see one pair in five: all 300 would take the better part of an hour."""
WIKIDIFF2_WORDS_TO_GIT = 611_803 / 578_481
"""Edited words of wikidiff2 to those of git patience on these 300 pairs, as measured for the project in 2026-11."""

Pair = tuple[str, str]
Tool = Callable[[str, str], Iterator[peers.Shown]]
COLD, CACHED, WHOLE = "Notifier, cold", "Notifier, blocks cached", "Notifier, cold, every edit's place and sentence too"
GIT, FAST_DMP, REDLINES, DIFFLIB = "git patience", "fast-diff-match-patch", "redlines", "difflib"
PEERS: dict[str, Tool] = {GIT: peers.of_git, FAST_DMP: peers.of_fast_dmp}
SLOW: dict[str, Tool] = {REDLINES: peers.of_redlines, DIFFLIB: peers.of_difflib}


def run() -> Sequence[Table]:
    """All tables; without the pairs of texts beside the checkout only those on made-up texts."""
    hard = _hard_texts()
    if not DIFFS.is_dir():
        print(f"SKIPPED: no pairs of texts at {DIFFS}; only the made-up ones are measured", file=sys.stderr)
        return [hard]
    pairs = list(read_pairs(DIFFS / "pairs"))
    every, fifth = Race(PEERS), Race({**PEERS, **SLOW})
    for number, (old, new) in enumerate(pairs):
        (fifth if number % EVERY_FIFTH == 0 else every).run(old, new)
    every.take_in(fifth)
    return [
        _bars(every, fifth),
        _race_table(f"All {len(pairs)} pairs", every),
        _race_table("Every fifth pair, the slow peers too", fifth),
        _moves(list(read_pairs(DIFFS / "moves"))),
        hard,
        _memory(),
    ]


def read_pairs(folder: Path) -> Iterator[Pair]:
    """The pairs of a folder, as `NNN.old.md` and `NNN.new.md`."""
    for old in sorted(folder.glob("*.old.md")):
        new = old.with_name(old.name.replace(".old.", ".new."))
        yield _read(old), _read(new)


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def cold(old: str, new: str) -> Redline:
    """Nothing remembered: parsed, compared, drawn."""
    parse.cache_clear()
    return draw(diff(parse(old), parse(new)))


@dataclass(slots=True)
class Score:
    """One tool over all pairs; `prose` counts the layer of words alone, which only Notifier tells apart."""

    seconds: list[float] = field(default_factory=list)
    words: int = 0
    runs: int = 0
    stretches: int = 0
    prose_words: int = 0
    prose_runs: int = 0

    @property
    def total(self) -> float:
        return sum(self.seconds)

    def add(self, seconds: float, shown: Sequence[peers.Shown]) -> None:
        """Count one pair."""
        every, prose = peers.figures(shown), peers.figures(shown, prose_only=True)
        self.seconds.append(seconds)
        self.words += every.words
        self.runs += every.runs
        self.stretches += every.stretches
        self.prose_words += prose.words
        self.prose_runs += prose.runs


class Race:
    """Notifier and its peers, taking turns pair by pair."""

    def __init__(self, tools: dict[str, Tool]) -> None:
        self.tools = tools
        self.scores = {name: Score() for name in (COLD, CACHED, WHOLE, *tools)}

    def run(self, old: str, new: str) -> None:
        """One pair, every tool."""
        self._ours(COLD, old, new, lambda: cold(old, new))
        self._ours(CACHED, old, new, lambda: draw(diff(parse(old), parse(new))))
        self._ours(WHOLE, old, new, lambda: _with_edits(old, new))
        for name, tool in self.tools.items():
            seconds, shown = _timed(lambda tool=tool: list(tool(old, new)))  # type: ignore[misc]
            self.scores[name].add(seconds, shown)

    def _ours(self, name: str, old: str, new: str, work: Callable[[], Redline]) -> None:
        seconds, redline = _timed(work)
        assert (redline.reject(), redline.accept()) == (old, new), "a redline that loses text"
        self.scores[name].add(seconds, list(peers.of_redline(redline)))

    def take_in(self, other: Race) -> None:
        """Count the pairs of another race as well, for the tools that ran in both."""
        for name, score in self.scores.items():
            theirs = other.scores[name]
            score.seconds += theirs.seconds
            score.words += theirs.words
            score.runs += theirs.runs
            score.stretches += theirs.stretches
            score.prose_words += theirs.prose_words
            score.prose_runs += theirs.prose_runs


def _with_edits(old: str, new: str) -> Redline:
    redline = cold(old, new)
    assert redline.diff.edits is not None
    return redline


T = TypeVar("T")


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    before = _cpu()
    result = work()
    return _cpu() - before, result


def _cpu() -> float:
    """CPU seconds of this process and its children so far."""
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _bars(every: Race, fifth: Race) -> Table:
    """What was set out for, beside what was measured."""
    ours, git, dmp = (every.scores[name] for name in (COLD, GIT, FAST_DMP))
    cached, few, few_cached = every.scores[CACHED], fifth.scores[COLD], fifth.scores[CACHED]
    p95, worst = sorted(ours.seconds)[int(len(ours.seconds) * 0.95)], max(ours.seconds)
    wiki = git.words * WIKIDIFF2_WORDS_TO_GIT
    rows = [
        ["cold: times faster than redlines", "13", f"{fifth.scores[REDLINES].total / few.total:.1f}", ""],
        ["cold: times faster than difflib", "40", f"{fifth.scores[DIFFLIB].total / few.total:.1f}", ""],
        ["cold: times faster than fast-diff-match-patch", "2", f"{dmp.total / ours.total:.2f}", ""],
        ["cached: times faster than redlines", "45", f"{fifth.scores[REDLINES].total / few_cached.total:.1f}", ""],
        ["cached: times the time of git", "at most 2", f"{cached.total / git.total:.2f}", ""],
        ["p95 ms", "at most 120", f"{1000 * p95:.0f}", ""],
        ["worst pair ms", "at most 300", f"{1000 * worst:.0f}", ""],
        [
            "words to git patience",
            "at most 0.91",
            f"{ours.words / git.words:.3f}",
            f"{ours.prose_words / git.words:.3f}",
        ],
        ["words to wikidiff2", "at most 0.87", f"{ours.words / wiki:.3f}", f"{ours.prose_words / wiki:.3f}"],
        [
            "words to fast-diff-match-patch",
            "at most 1.01",
            f"{ours.words / dmp.words:.3f}",
            f"{ours.prose_words / dmp.words:.3f}",
        ],
        ["runs to git patience", "at most 0.53", f"{ours.runs / git.runs:.3f}", f"{ours.prose_runs / git.runs:.3f}"],
    ]
    notes = [
        "redlines and difflib on every fifth pair; wikidiff2 by an earlier measurement of the same pairs",
        f"runs hold at least one word; with stretches of marks alone (emphasis, line breaks): "
        f"{ours.stretches / git.stretches:.3f} of git patience",
    ]
    return Table("Bars", ["bar", "goal", "measured", "layer of words alone"], rows, notes)


def _race_table(title: str, race: Race) -> Table:
    ours, cached = race.scores[COLD].total, race.scores[CACHED].total
    rows = []
    for name, score in race.scores.items():
        figures = [f"{score.words:,}", f"{score.runs:,}", f"{score.total / ours:.2f}", f"{score.total / cached:.2f}"]
        rows.append([name, f"{score.total:.2f}", *_spread(score.seconds), *figures])
    mine = race.scores[COLD]
    notes = [
        "words and runs: all that is struck out or put in, link targets and markup included; moved text is neither",
        f"Notifier on the layer of words alone: {mine.prose_words:,} words in {mine.prose_runs:,} runs",
        "git diff --word-diff=porcelain --patience with its process; redlines and git at their own idea of a word; "
        "difflib with autojunk off; fast-diff-match-patch over words as characters with semantic clean-up",
    ]
    columns = ["tool", "CPU s", "p50 ms", "p95 ms", "max ms", "words", "runs", "x cold", "x cached"]
    return Table(title, columns, rows, notes)


def _spread(seconds: Sequence[float]) -> list[str]:
    ordered = sorted(seconds)
    marks = (statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1])
    return [f"{1000 * mark:.1f}" for mark in marks]


def _moves(pairs: Sequence[Pair]) -> Table:
    rows = []
    for name, truth, chosen in (("pure moves", 0, pairs[:20]), ("moves with one word edited", 2, pairs[20:])):
        words = [_edited(cold(old, new)) for old, new in chosen]
        exact = sum(found == truth for found in words)
        rows.append([name, str(len(chosen)), str(truth), str(exact), str(sum(words))])
    notes = ["words as `Redline.stats` counts them, in the text and in link targets: one of the edited words is in one"]
    return Table("Two sections swapped", ["kind", "pairs", "true words each", "exact", "words in all"], rows, notes)


def _edited(redline: Redline) -> int:
    return redline.stats.words_deleted + redline.stats.words_inserted


def _hard_texts() -> Table:
    rows, false_moves = [], 0
    for case in cases():
        seconds, redline = _timed(lambda case=case: cold(case.old, case.new))  # type: ignore[misc]
        assert (redline.reject(), redline.accept()) == (case.old, case.new), case.name
        false_moves += 0 if case.moves else len(redline.moves)
        true = "" if case.words is None else f"{case.words:,}"
        flag = "yes" if redline.diff.budget_reached else ""
        figures = [f"{1000 * seconds:.0f}", f"{_edited(redline):,}", true, f"{redline.stats.runs:,}"]
        rows.append([case.name, *figures, str(len(redline.moves)), flag])
    columns = ["texts", "CPU ms", "words", "true words", "runs", "moves", "budget reached"]
    return Table("Hard texts", columns, rows, [f"false moves: {false_moves}"])


_ALL_PAIRS = """
from benchmarks.redline import DIFFS, cold, read_pairs
for old, new in read_pairs(DIFFS / "pairs"):
    cold(old, new)
"""
_PEAK = """
from pathlib import Path
lines = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""
"""The high-water mark since this program was started: `ru_maxrss` would count the parent's memory before `exec`."""


def _memory() -> Table:
    """The peak of a process of its own over all pairs, and of a bare interpreter."""
    if not Path("/proc/self/status").exists():
        return Table("Memory", ["process", "peak MB"], [], ["not measured: no /proc here"])
    bare, all_pairs = _peak(_PEAK), _peak(_ALL_PAIRS + _PEAK)
    rows = [["bare interpreter", f"{bare:.0f}"], ["all pairs, texts included", f"{all_pairs:.0f}"]]
    return Table("Memory", ["process", "peak MB"], [*rows, ["difference", f"{all_pairs - bare:.0f}"]])


def _peak(program: str) -> float:
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    return int(answer.stdout) / 1024

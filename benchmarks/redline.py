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
from pathlib import Path
from typing import NamedTuple

from benchmarks import peers
from benchmarks.hard_texts import cases
from benchmarks.table import Table
from notifier.core.diff import diff
from notifier.core.document import parse
from notifier.core.redline import Redline, draw

DIFFS = Path(__file__).resolve().parents[1].parent / "shared" / "diffs"
EVERY_FIFTH = 5
"""The slow peers see one pair in five: all 300 would take the better part of an hour."""
WIKIDIFF2_WORDS_TO_GIT = 611_803 / 578_481
"""Edited words of wikidiff2 to those of git patience on these 300 pairs, as measured for the project in 2026-11."""

Pair = tuple[str, str]
Tool = Callable[[str, str], Iterator[peers.Shown]]


def run() -> Sequence[Table]:
    """All tables; without the pairs of texts beside the checkout only those on made-up texts."""
    made_up = [_hard_texts()]
    if not DIFFS.is_dir():
        print(f"SKIPPED: no pairs of texts at {DIFFS}; only the made-up ones are measured", file=sys.stderr)
        return made_up
    pairs = list(read_pairs(DIFFS / "pairs"))
    tools: dict[str, Tool] = {"git patience": peers.of_git, "fast-diff-match-patch": peers.of_fast_dmp}
    slow: dict[str, Tool] = {"redlines": peers.of_redlines, "difflib": peers.of_difflib}
    return [
        _beside("All 300 pairs", pairs, tools),
        _beside("Every fifth pair, slow peers too", pairs[::EVERY_FIFTH], {**tools, **slow}),
        _moves(list(read_pairs(DIFFS / "moves"))),
        *made_up,
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


class Score(NamedTuple):
    """One tool over all pairs."""

    seconds: list[float]
    words: int
    runs: int


def _timed(work: Callable[[], object]) -> tuple[float, object]:
    before = _cpu()
    result = work()
    return _cpu() - before, result


def _cpu() -> float:
    """CPU seconds of this process and its children so far."""
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _beside(title: str, pairs: Sequence[Pair], tools: dict[str, Tool]) -> Table:
    scores = {name: Score([], 0, 0) for name in ("Notifier, cold", "Notifier, blocks cached", *tools)}
    prose = peers.Figures(0, 0)
    for old, new in pairs:
        for name, is_cold in (("Notifier, cold", True), ("Notifier, blocks cached", False)):
            seconds, redline = _timed(lambda old=old, new=new, is_cold=is_cold: _ours(old, new, is_cold))  # type: ignore[misc]
            assert isinstance(redline, Redline)
            assert (redline.reject(), redline.accept()) == (old, new), "a redline that loses text"
            _add(scores, name, seconds, peers.figures(peers.of_redline(redline)))
        found = peers.figures(peers.of_redline(cold(old, new)), prose_only=True)
        prose = peers.Figures(prose.words + found.words, prose.runs + found.runs)
        for name, tool in tools.items():
            seconds, shown = _timed(lambda old=old, new=new, tool=tool: list(tool(old, new)))  # type: ignore[misc]
            assert isinstance(shown, list)
            _add(scores, name, seconds, peers.figures(iter(shown)))
    return _score_table(title, scores, prose, len(pairs))


def _ours(old: str, new: str, is_cold: bool) -> Redline:
    return cold(old, new) if is_cold else draw(diff(parse(old), parse(new)))


def _add(scores: dict[str, Score], name: str, seconds: float, figures: peers.Figures) -> None:
    score = scores[name]
    scores[name] = Score([*score.seconds, seconds], score.words + figures.words, score.runs + figures.runs)


def _score_table(title: str, scores: dict[str, Score], prose: peers.Figures, pairs: int) -> Table:
    ours, cached = (sum(scores[name].seconds) for name in ("Notifier, cold", "Notifier, blocks cached"))
    rows = []
    for name, score in scores.items():
        total = sum(score.seconds)
        figures = [f"{score.words:,}", f"{score.runs:,}", f"{total / ours:.2f}", f"{total / cached:.2f}"]
        rows.append([name, f"{total:.2f}", *_spread(score.seconds), *figures])
    git = scores["git patience"]
    mine = scores["Notifier, cold"]
    notes = [
        f"{pairs} pairs; edited words are all words struck out and put in, link targets included, moved ones not",
        f"on the layer of words alone: {prose.words:,} words in {prose.runs:,} runs",
        f"edited words to git patience {mine.words / git.words:.3f} (words alone {prose.words / git.words:.3f}), "
        f"to wikidiff2 {mine.words / git.words / WIKIDIFF2_WORDS_TO_GIT:.3f} "
        f"(words alone {prose.words / git.words / WIKIDIFF2_WORDS_TO_GIT:.3f}; its figure is from an earlier "
        f"measurement of the same pairs, by way of git's), to fast-diff-match-patch "
        f"{mine.words / scores['fast-diff-match-patch'].words:.3f} "
        f"(words alone {prose.words / scores['fast-diff-match-patch'].words:.3f})",
        f"runs to git patience {mine.runs / git.runs:.3f} (words alone {prose.runs / git.runs:.3f})",
        "git's time includes its process; redlines at its defaults; difflib over words with autojunk off; "
        "fast-diff-match-patch over words as characters with semantic clean-up",
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
    return Table("Two sections swapped", ["kind", "pairs", "true words each", "exact", "words in all"], rows)


def _edited(redline: Redline) -> int:
    return redline.stats.words_deleted + redline.stats.words_inserted


def _hard_texts() -> Table:
    rows, false_moves = [], 0
    for case in cases():
        seconds, redline = _timed(lambda case=case: cold(case.old, case.new))  # type: ignore[misc]
        assert isinstance(redline, Redline)
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

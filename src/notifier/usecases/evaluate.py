"""Measure the judgement: labelled revisions → how often it is right, close and wrong.

A labels file is JSON lines: `id`, `significance` (`minor` or `significant`; other values are left out), and where known
`topics_either` or `topics`, and `why`. The texts are `revisions/ID.old.md` and `revisions/ID.new.md` beside it, or the
files that `old_path` and `new_path` name, relative to it. `language` is `en` when not given.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from notifier.diff.redline import Redline
from notifier.errors import Refused
from notifier.significance import Certainty, Classification, Significance
from notifier.significance.comparison import compare


class Label(NamedTuple):
    """What people say of one revision."""

    label_id: str
    significance: Significance
    topics: frozenset[str]
    why: str
    old_path: Path
    new_path: Path
    language: str = "en"
    source: Mapping[str, object] = {}


class Judged(NamedTuple):
    """A label beside the verdict."""

    label: Label
    verdict: Classification
    redline: Redline

    @property
    def is_missed(self) -> bool:
        """Significant, and called clearly minor: nobody would be told."""
        return self.label.significance is Significance.SIGNIFICANT and self.called == "minor"

    @property
    def is_false_alarm(self) -> bool:
        """Minor, and called clearly significant: everybody would be told."""
        return self.label.significance is Significance.MINOR and self.called == "significant"

    @property
    def called(self) -> str:
        """`minor`, `close` or `significant`."""
        return "close" if self.verdict.certainty is Certainty.CLOSE else self.verdict.significance.value

    @property
    def hits_topic(self) -> bool:
        """Is a topic of the reasons among those people named?"""
        return any(reason.topic in self.label.topics for reason in self.verdict.reasons)


class Evaluation(NamedTuple):
    """Every judged revision, and the figures made of them. A share of nothing is None."""

    judged: tuple[Judged, ...]

    @property
    def confusion(self) -> dict[str, dict[str, int]]:
        """Rows: what people say; columns: what was called, `minor` and `significant` clearly."""
        counts = Counter((one.label.significance.value, one.called) for one in self.judged)
        called = ("minor", "close", "significant")
        return {label.value: {name: counts[label.value, name] for name in called} for label in Significance}

    @property
    def missed(self) -> float | None:
        """The share of significant revisions that were called clearly minor."""
        return _share(self.judged, lambda one: one.is_missed, lambda one: _is_significant(one.label))

    @property
    def false_alarms(self) -> float | None:
        """The share of minor revisions that were called clearly significant."""
        return _share(self.judged, lambda one: one.is_false_alarm, lambda one: not _is_significant(one.label))

    @property
    def close(self) -> float | None:
        return _share(self.judged, lambda one: one.called == "close")

    @property
    def recall(self) -> float | None:
        """Close taken for significant."""
        return None if self.missed is None else 1 - self.missed

    @property
    def precision(self) -> float | None:
        """Of those called significant, close or clear, the share that is."""
        return _share(self.judged, lambda one: _is_significant(one.label), lambda one: one.called != "minor")

    @property
    def topic_hits(self) -> float | None:
        """Of the significant revisions with topics, those of whose reasons one has a topic that people named."""
        return _share(self.judged, lambda one: one.hits_topic, lambda one: bool(one.label.topics))

    @property
    def topic_recall(self) -> dict[str, float]:
        """By topic: of the revisions that people gave it, the share that was not missed."""
        of_topic: dict[str, list[bool]] = {}
        for one in self.judged:
            for topic in sorted(one.label.topics):
                of_topic.setdefault(topic, []).append(not one.is_missed)
        return {topic: sum(told) / len(told) for topic, told in sorted(of_topic.items())}

    @property
    def wrong(self) -> tuple[Judged, ...]:
        """Missed ones first."""
        missed = tuple(one for one in self.judged if one.is_missed)
        return missed + tuple(one for one in self.judged if one.is_false_alarm)


def evaluate(labels: Path, *, tick: Callable[[int, int], None] | None = None) -> Evaluation:
    """Judge every labelled revision; `tick` is told how many of how many are done. Raises Refused on a bad file."""
    known = list(read_labels(labels))
    judged = []
    for number, label in enumerate(known, start=1):
        comparison = compare(_text(label.old_path), _text(label.new_path), language=label.language)
        judged.append(Judged(label, comparison.classification, comparison.redline))
        if tick:
            tick(number, len(known))
    return Evaluation(tuple(judged))


def read_labels(labels: Path) -> Iterator[Label]:
    """The labels of a file that are minor or significant."""
    try:
        lines = labels.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{labels}: cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        label = _label(line, labels, number) if line.strip() else None
        if label is not None:
            yield label


def _label(line: str, labels: Path, number: int) -> Label | None:
    try:
        stored = json.loads(line)
        label_id, significance = str(stored["id"]), stored["significance"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f'{labels}:{number}: expected {{"id": …, "significance": …}} in JSON on one line') from error
    if significance not in {member.value for member in Significance}:
        return None
    root = labels.parent
    return Label(
        label_id,
        Significance(significance),
        frozenset(stored.get("topics_either") or stored.get("topics") or ()),
        str(stored.get("why", "")),
        root / str(stored.get("old_path", f"revisions/{label_id}.old.md")),
        root / str(stored.get("new_path", f"revisions/{label_id}.new.md")),
        str(stored.get("language", "en")),
        stored,
    )


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: cannot be read: {error}") from error


def _is_significant(label: Label) -> bool:
    return label.significance is Significance.SIGNIFICANT


def _share(
    judged: tuple[Judged, ...], hit: Callable[[Judged], bool], of: Callable[[Judged], bool] | None = None
) -> float | None:
    base = [one for one in judged if of is None or of(one)]
    return sum(1 for one in base if hit(one)) / len(base) if base else None

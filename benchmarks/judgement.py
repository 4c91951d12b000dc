"""The judgement on publishers that no rule was written on and no weight trained on, and its time beside the diff's.

The shipped weights are trained on every labelled revision; these figures are of weights trained without the held-out
publishers, with the same rules and the same command, so that they say what to expect of a policy not seen before.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from benchmarks.table import Table
from benchmarks.train_judgement import (
    CORPUS,
    LABELS,
    is_held_out,
    predictions,
    publisher_of,
    read_cases,
    thresholds,
    train,
    with_topics,
    written,
)
from notifier.diff import diff
from notifier.diff.redline import draw
from notifier.significance import classify
from notifier.significance.model import Model, read_model
from notifier.text.document import parse
from notifier.usecases.evaluate import Evaluation, Judged, Label, read_labels


def run() -> Sequence[Table]:
    """Train without the held-out publishers, then judge theirs; minutes, not seconds."""
    if not CORPUS.exists():
        print(f"SKIPPED: no labelled revisions at {CORPUS}", file=sys.stderr)
        return ()
    labels = held_out_labels()
    model = trained_without_them()
    judged, diff_s, classify_s = judge_all([label for label, _ in labels], model)
    agreed = {label.label_id for label, is_agreed in labels if is_agreed}
    parts = {
        "two annotators agreed": Evaluation(tuple(one for one in judged if one.label.label_id in agreed)),
        "one annotator": Evaluation(tuple(one for one in judged if one.label.label_id not in agreed)),
        "all": Evaluation(judged),
    }
    return (figures(parts), topics(parts["all"]), speed(len(judged), diff_s, classify_s))


def held_out_labels() -> list[tuple[Label, bool]]:
    """The labels of the held-out publishers, and whether two annotators agreed on each."""
    return [
        (label, name == "labels.jsonl")
        for name in LABELS
        for label in read_labels(CORPUS / name)
        if is_held_out(publisher_of({key: str(value) for key, value in label.source.items()}))
    ]


def trained_without_them() -> Model:
    """A model of the other publishers, as the training command makes it."""
    cases = read_cases(CORPUS, lambda publisher: not is_held_out(publisher))
    return read_model(written(with_topics(train(cases), cases), *thresholds(predictions(cases))))


def judge_all(labels: Sequence[Label], model: Model) -> tuple[tuple[Judged, ...], float, float]:
    """The verdicts, and the CPU seconds that diffs and verdicts took."""
    judged, diff_s, classify_s = [], 0.0, 0.0
    for label in labels:
        old, new = label.old_path.read_bytes().decode(), label.new_path.read_bytes().decode()
        start = time.process_time()
        change = diff(parse(old), parse(new))
        middle = time.process_time()
        verdict = classify(change, language=label.language, model=model)
        end = time.process_time()
        for reason in verdict.reasons:
            assert reason.before in old, label.label_id
            assert reason.after in new, label.label_id
        judged.append(Judged(label, verdict, draw(change)))
        diff_s, classify_s = diff_s + middle - start, classify_s + end - middle
    return tuple(judged), diff_s, classify_s


def figures(parts: dict[str, Evaluation]) -> Table:
    rows = []
    for name, part in parts.items():
        shares = (part.missed, part.false_alarms, part.close, part.precision, part.topic_hits)
        rows.append((name, str(len(part.judged)), *("-" if share is None else f"{share:.3f}" for share in shares)))
    return Table(
        "Judgement on held-out publishers",
        ("labels", "revisions", "missed", "false alarms", "close", "precision", "topic hit"),
        rows,
        (
            "missed: significant revisions called clearly minor; false alarms: minor ones called clearly significant.",
            "close: of all revisions; precision: of those called significant, close ones taken for significant.",
            "topic hit: a topic of the reasons is among those people named, of significant revisions.",
            "Every cited sentence was checked to stand in its text.",
        ),
    )


def topics(part: Evaluation) -> Table:
    counts = {topic: sum(topic in one.label.topics for one in part.judged) for topic in part.topic_recall}
    rows = [(topic, str(counts[topic]), f"{share:.3f}") for topic, share in part.topic_recall.items()]
    return Table("Recall by topic", ("topic", "revisions", "recall"), rows)


def speed(revisions: int, diff_s: float, classify_s: float) -> Table:
    return Table(
        "Time beside the diff",
        ("revisions", "diff, CPU s", "judgement, CPU s", "ratio"),
        [(str(revisions), f"{diff_s:.2f}", f"{classify_s:.2f}", f"{classify_s / diff_s:.2f}")],
        ("diff: parsing both texts and comparing them; one process, no warm caches.",),
    )

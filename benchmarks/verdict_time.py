"""What a verdict costs beside the diff that it is made from: parsing both texts and comparing them, then judging."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence

from benchmarks.judged_cases import CORPUS
from benchmarks.table import Table
from notifier.diff import diff
from notifier.significance.classifier import classify
from notifier.text.markdown import parse
from notifier.usecases.evaluate import read_labels

BAR, GOAL = 2, 1


def run() -> Sequence[Table]:
    """Every labelled revision, once: one process, no text seen before."""
    if not CORPUS.exists():
        print(f"SKIPPED: no labelled revisions at {CORPUS}", file=sys.stderr)
        return ()
    diff_s = classify_s = 0.0
    labels = [label for name in ("labels.jsonl", "labels-single.jsonl") for label in read_labels(CORPUS / name)]
    for label in labels:
        old, new = label.old_path.read_bytes().decode(), label.new_path.read_bytes().decode()
        start = time.process_time()
        change = diff(parse(old), parse(new))
        middle = time.process_time()
        verdict = classify(change, language=label.language)
        end = time.process_time()
        for reason in verdict.reasons:
            assert reason.before in old, label.label_id
            assert reason.after in new, label.label_id
        diff_s, classify_s = diff_s + middle - start, classify_s + end - middle
    row = (str(len(labels)), f"{diff_s:.2f}", f"{classify_s:.2f}", f"{classify_s / diff_s:.2f}", str(BAR), str(GOAL))
    columns = ("revisions", "diff, CPU s", "judgement, CPU s", "ratio", "at most", "goal")
    return [Table("Time beside the diff", columns, [row], [f"load of the machine: {os.getloadavg()[0]:.1f}"])]

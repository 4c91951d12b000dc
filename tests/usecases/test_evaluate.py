"""`evaluate`: how often the judgement is right, on anybody's labels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from notifier.errors import Refused
from notifier.significance import Significance
from notifier.usecases.evaluate import evaluate

KEPT = "# Privacy\n\nWe keep your chats for {} days after they end.\n"


def labels_in(folder: Path, *labels: dict[str, object]) -> Path:
    path = folder / "labels.jsonl"
    path.write_text("".join(json.dumps(label) + "\n" for label in labels), "utf-8")
    return path


def texts_in(folder: Path, label_id: str, old: str, new: str) -> None:
    (folder / "revisions").mkdir(exist_ok=True)
    (folder / "revisions" / f"{label_id}.old.md").write_text(old, "utf-8")
    (folder / "revisions" / f"{label_id}.new.md").write_text(new, "utf-8")


def test_a_right_verdict_counts_as_right(tmp_path: Path) -> None:
    texts_in(tmp_path, "period", KEPT.format(30), KEPT.format(60))
    texts_in(tmp_path, "bold", KEPT.format(30), KEPT.format("**30**"))
    labels = labels_in(
        tmp_path,
        {"id": "period", "significance": "significant", "topics_either": ["retention"]},
        {"id": "bold", "significance": "minor"},
    )

    found = evaluate(labels)

    assert found.confusion == {
        "minor": {"minor": 1, "close": 0, "significant": 0},
        "significant": {"minor": 0, "close": 0, "significant": 1},
    }
    assert (found.recall, found.precision, found.close, found.topic_hits) == (1.0, 1.0, 0.0, 1.0)
    assert found.topic_recall == {"retention": 1.0}
    assert found.wrong == ()


def test_a_wrong_verdict_is_shown_with_its_redline(tmp_path: Path) -> None:
    texts_in(tmp_path, "bold", KEPT.format(30), KEPT.format("**30**"))

    found = evaluate(labels_in(tmp_path, {"id": "bold", "significance": "significant", "why": "a test"}))

    assert found.missed == 1.0
    assert found.wrong[0].label.why == "a test"
    assert found.wrong[0].redline.accept() == KEPT.format("**30**")


def test_the_texts_may_stand_anywhere(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Hello.\n", "utf-8")
    label: dict[str, object] = {
        "id": "same",
        "significance": "minor",
        "old_path": "a.md",
        "new_path": "a.md",
        "language": "de",
    }

    assert evaluate(labels_in(tmp_path, label)).judged[0].called == "minor"


def test_noise_is_left_out_and_nothing_is_no_share(tmp_path: Path) -> None:
    found = evaluate(labels_in(tmp_path, {"id": "x", "significance": "noise"}))

    assert (found.judged, found.missed, found.precision) == ((), None, None)


def test_progress_is_told(tmp_path: Path) -> None:
    texts_in(tmp_path, "bold", "a\n", "b\n")
    told: list[tuple[int, int]] = []

    evaluate(
        labels_in(tmp_path, {"id": "bold", "significance": "minor"}),
        tick=lambda done, total: told.append((done, total)),
    )

    assert told == [(1, 1)]


def test_a_line_that_is_no_label_is_named(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"significance": "minor"}\n', "utf-8")

    with pytest.raises(Refused, match=r"labels\.jsonl:1: expected"):
        evaluate(path)


def test_a_missing_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"gone\.old\.md"):
        evaluate(labels_in(tmp_path, {"id": "gone", "significance": Significance.MINOR}))

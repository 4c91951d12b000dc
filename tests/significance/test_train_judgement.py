"""Training the judgement: the same labels give the same bytes, and what is learned makes sense."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.train_judgement import read_cases, thresholds, train, with_topics, written

from notifier.diff import diff
from notifier.significance import classify
from notifier.significance.model import read_model
from notifier.text.document import parse

KEPT = "# Privacy\n\nWe keep {} for {} days.\n\nWe are {} to see you.\n"


def corpus_in(folder: Path) -> Path:
    (folder / "revisions").mkdir()
    labels = []
    for number in range(24):
        is_significant = number % 2 == 0
        old = KEPT.format("chats", 30, "glad")
        new = KEPT.format("chats", 31 + number, "glad") if is_significant else KEPT.format("chats", 30, "happy")
        for side, text in (("old", old), ("new", new)):
            (folder / "revisions" / f"c{number:02}.{side}.md").write_text(text, "utf-8")
        labels.append(
            {
                "id": f"c{number:02}",
                "significance": "significant" if is_significant else "minor",
                "confidence": 3,
                "source": f"company{number % 5}/policies",
                "document": "privacy.md",
                "topics": ["retention"] if is_significant else [],
            }
        )
    (folder / "labels.jsonl").write_text("".join(json.dumps(label) + "\n" for label in labels), "utf-8")
    (folder / "labels-single.jsonl").write_text("", "utf-8")
    return folder


def test_the_same_labels_give_the_same_weights_to_the_byte(tmp_path: Path) -> None:
    cases = read_cases(corpus_in(tmp_path), bool)

    first, second = (written(with_topics(train(cases), cases), 0.2, 0.8) for _ in range(2))

    assert first == second


def test_what_was_written_judges_as_what_was_trained(tmp_path: Path) -> None:
    cases = read_cases(corpus_in(tmp_path), lambda publisher: publisher != "company3")
    model = train(cases)
    read = read_model(written(model, 0.2, 0.8))

    assert all(read.judge(case.changes) == model.judge(case.changes) for case in cases)
    assert (read.minor_below, read.significant_from) == (0.2, 0.8)


def test_a_model_names_the_topic_it_was_told(tmp_path: Path) -> None:
    cases = read_cases(corpus_in(tmp_path), bool)
    model = with_topics(train(cases), cases)
    kept = [KEPT.format("chats", days, "glad") for days in (30, 90)]

    reasons = classify(diff(parse(kept[0]), parse(kept[1])), model=model).reasons

    assert reasons[0].topic == "retention"
    assert model.topic_weights["retention"] > model.topic_weights.get("fees_refunds", 0.0)


def test_a_model_tells_apart_what_it_was_shown(tmp_path: Path) -> None:
    cases = read_cases(corpus_in(tmp_path), bool)
    model = train(cases)
    chances = {case.is_significant: model.judge(case.changes) for case in cases}

    assert chances[False] < 0.5 < chances[True]


def test_thresholds_never_cross(tmp_path: Path) -> None:
    cases = read_cases(corpus_in(tmp_path), bool)

    low, high = thresholds([(case, 0.3 if case.is_significant else 0.6) for case in cases])

    assert low <= high

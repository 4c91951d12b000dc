"""`notifier evaluate`, on labels of a user's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Notifier

BEFORE = "# Privacy\n\nWe keep chats for 30 days after they end. We answer within a month.\n"
LONGER = BEFORE.replace("30 days", "900 days")


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """One revision labelled as anyone would, one as nobody would."""
    said = [
        {"id": "longer", "significance": "significant", "topics": ["retention"], "why": "Chats are kept for years."},
        {"id": "equal", "significance": "significant", "why": "A mistake of the labeller."},
        {"id": "unsure", "significance": "unclear"},
    ]
    (tmp_path / "revisions").mkdir()
    for label_id, after in (("longer", LONGER), ("equal", BEFORE), ("unsure", BEFORE)):
        (tmp_path / "revisions" / f"{label_id}.old.md").write_text(BEFORE, encoding="utf-8")
        (tmp_path / "revisions" / f"{label_id}.new.md").write_text(after, encoding="utf-8")
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in said), encoding="utf-8")
    return path


def test_figures_are_told_for_machines_with_the_wrong_cases(notifier: Notifier, labels: Path) -> None:
    told = notifier("evaluate", labels, "--json").json

    assert told["revisions"] == 2
    assert told["confusion"]["significant"]["minor"] == 1
    assert (told["missed"], told["recall"], told["false_alarms"]) == (0.5, 0.5, None)
    (wrong,) = told["wrong"]
    assert (wrong["id"], wrong["called"], wrong["why"]) == ("equal", "minor", "A mistake of the labeller.")
    assert "".join(span["text"] for span in wrong["redline"]["spans"]) == BEFORE


def test_figures_are_told_for_people_with_the_wrong_cases_below(notifier: Notifier, labels: Path) -> None:
    told = notifier("evaluate", labels).out

    assert "2 labelled revisions" in told
    assert "significant called clearly minor          50.0 %" in told
    assert "equal: labelled significant, called clearly minor\nA mistake of the labeller." in told


@pytest.mark.parametrize(("text", "reason"), [("{}\n", ":1: expected"), ("not json\n", ":1: expected")])
def test_a_line_that_is_no_label_is_named(notifier: Notifier, labels: Path, text: str, reason: str) -> None:
    labels.write_text(text, encoding="utf-8")
    answer = notifier("evaluate", labels)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"{labels}{reason}")


def test_a_missing_file_is_named(notifier: Notifier, tmp_path: Path) -> None:
    answer = notifier("evaluate", tmp_path / "nothing.jsonl")

    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)

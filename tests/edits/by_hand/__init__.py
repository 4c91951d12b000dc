"""One-edit revisions of clean policies, written by hand as an editor would commit them: a table beside each policy.

A line has the label (`s` significant, `m` minor; with `*` the words change wherever they stand), the kind, and the
words before and after; `⏎` stands for a line break.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
LABELS = {"s": "significant", "m": "minor"}


@dataclass(frozen=True, slots=True)
class HandmadeEdit:
    """A policy and the same after one edit."""

    edit_id: str
    language: str
    label: str
    old: str
    new: str


def policies() -> list[str]:
    """The names of the policies, each with its language."""
    return sorted(path.stem for path in FOLDER.glob("*.tsv"))


def edits_of(policy: str) -> list[HandmadeEdit]:
    """The edits of one policy; words that do not stand exactly once in it are an error."""
    text = (FOLDER / f"{policy}.md").read_text("utf-8")
    lines = (FOLDER / f"{policy}.tsv").read_text("utf-8").splitlines()
    return [_edit(policy, text, number, line) for number, line in enumerate(lines, 1)]


def _edit(policy: str, text: str, number: int, line: str) -> HandmadeEdit:
    label, kind, old, new = (part.replace("⏎", "\n") for part in line.split("\t"))
    assert text.count(old) == 1 or (label.endswith("*") and old in text), (policy, number, old)
    language = policy.rsplit(".", 1)[1]
    return HandmadeEdit(f"{policy}:{number} {kind}", language, LABELS[label[0]], text, text.replace(old, new))

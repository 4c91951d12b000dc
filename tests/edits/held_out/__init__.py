"""One-edit revisions of whole policies, written by hand in other styles and never used to write a rule.

What the generator's sentences have in common, these do not share: they say whether a rule learnt from the grammar holds
for what somebody else writes.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class HeldOutCase:
    """Two texts of one policy, and what a lawyer says of their difference."""

    case_id: str
    language: str
    kind: str
    label: str
    topics: tuple[str, ...]
    old: str
    new: str
    old_words: str
    new_words: str


def held_out_cases() -> list[HeldOutCase]:
    """All of them; an edit whose words do not stand exactly once in its policy is an error."""
    tables = tomllib.loads((FOLDER / "edits.toml").read_text("utf-8"))
    return [
        _case(policy, number, edit) for policy, table in tables.items() for number, edit in enumerate(table["edits"])
    ]


def _case(policy: str, number: int, edit: dict[str, Any]) -> HeldOutCase:
    text = (FOLDER / f"{policy}.md").read_text("utf-8")
    before, after = edit["old"], edit["new"]
    assert text.count(before) == 1, (policy, before)
    language, topics = policy.rsplit(".", 1)[1], tuple(edit["topics"])
    new = text.replace(before, after)
    return HeldOutCase(f"{policy}.{number}", language, edit["kind"], edit["label"], topics, text, new, before, after)

"""A comparison as one JSON object, for programs; the keys are a promise and only grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifier.diff import Edit, Move, Passage
from notifier.diff.redline import Redline
from notifier.significance import Reason
from notifier.text.compared_text import LineNumbers

if TYPE_CHECKING:
    from notifier.significance.comparison import Comparison

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


def comparison_json(comparison: Comparison) -> dict[str, JsonValue]:
    """`significance`, `certainty`, `reasons`, `edits`, `moves`, `stats`, `budget_reached`."""
    return {
        "significance": comparison.significance.value,
        "certainty": comparison.certainty.value,
        "reasons": [reason_json(reason) for reason in comparison.reasons],
        **redline_json(comparison.redline),
    }


def redline_json(redline: Redline) -> dict[str, JsonValue]:
    """The redline alone: `edits` in the order of the new text, `moves`, `stats`, `budget_reached`."""
    stats = redline.stats
    return {
        "edits": [_edit(edit, redline) for edit in redline.diff.edits],
        "moves": [_move(move, redline) for move in redline.moves],
        "stats": {
            "words_deleted": stats.words_deleted,
            "words_inserted": stats.words_inserted,
            "words_moved": stats.words_moved,
            "runs": stats.runs,
            "words_in_links": stats.words_in_links,
        },
        "budget_reached": redline.diff.budget_reached,
    }


def reason_json(reason: Reason) -> dict[str, JsonValue]:
    return {
        "topic": reason.topic,
        "rule": reason.rule,
        "section": list(reason.section),
        "paragraph": reason.paragraph,
        "before": reason.before,
        "after": reason.after,
        "changed_before": reason.changed_before,
        "changed_after": reason.changed_after,
        "basis": reason.basis,
        "line": reason.line,
    }


def _edit(edit: Edit, redline: Redline) -> dict[str, JsonValue]:
    return {
        "layer": edit.layer.value,
        "in_move": edit.in_move,
        "before": _passage(edit.before, redline.lines[0]),
        "after": _passage(edit.after, redline.lines[1]),
    }


def _passage(passage: Passage, lines: LineNumbers) -> dict[str, JsonValue]:
    """What stood or stands there, and where: an empty text says where something went in or out."""
    return {
        "text": passage.text,
        "line": lines.in_file(passage.line),
        "column": passage.column,
        "section": list(passage.section),
        "paragraph": passage.paragraph,
        "block": passage.block.value,
        "sentence": passage.sentence,
    }


def _move(move: Move, redline: Redline) -> dict[str, JsonValue]:
    return {
        "title": move.title,
        "words": move.words,
        "from_section": list(move.before.section),
        "to_section": list(move.after.section),
        "from_line": redline.lines[0].in_file(move.before.line),
        "to_line": redline.lines[1].in_file(move.after.line),
    }

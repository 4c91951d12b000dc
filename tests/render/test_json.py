from __future__ import annotations

import json

from notifier.render.redline.json import comparison_json

from .shown import comparison


def test_the_object_has_the_keys_that_were_promised() -> None:
    shown = json.loads(json.dumps(comparison_json(comparison())))

    assert shown["significance"] == "significant"
    assert shown["certainty"] == "clear"
    assert shown["reasons"][0]["section"] == ["Privacy Policy", "How long we keep data"]
    assert set(shown["reasons"][0]) >= {"topic", "rule", "section", "before", "after", "basis"}
    assert shown["moves"] == []
    assert [edit["layer"] for edit in shown["edits"]] == ["words"] * 3
    assert shown["stats"] == {
        "words_deleted": 4,
        "words_inserted": 8,
        "words_moved": 0,
        "runs": 3,
        "words_in_links": 0,
    }


def test_a_move_is_named_with_both_places() -> None:
    one, two = ("## Alpha\n\n" + "alpha beta " * 30, "## Gamma\n\n" + "gamma delta " * 40)

    moves = comparison_json(comparison(f"{one}\n\n{two}\n", f"{two}\n\n{one}\n"))["moves"]

    assert isinstance(moves, list)
    assert len(moves) == 1


def test_every_edit_says_what_it_replaced_and_where_both_stand() -> None:
    shown = comparison_json(comparison("# Keeping\n\nKept for 30 days.\n", "# Keeping\n\nNew.\n\nKept for 60 days.\n"))

    assert isinstance(shown["edits"], list)
    put_in, replaced = shown["edits"]
    assert isinstance(put_in, dict)
    assert isinstance(replaced, dict)
    assert put_in["before"] == {**put_in["before"], "text": "", "line": 3, "column": 1}  # type: ignore[dict-item]
    assert replaced["before"] == {
        "text": "30",
        "line": 3,
        "column": 10,
        "section": ["Keeping"],
        "paragraph": 1,
        "block": "paragraph",
        "sentence": "Kept for 30 days.",
    }
    assert replaced["after"] == {
        **replaced["before"],
        "text": "60",
        "line": 5,
        "paragraph": 2,
        "sentence": "Kept for 60 days.",
    }

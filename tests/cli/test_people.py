"""`notifier people` and `notifier keys`: who accepted what, who has yet to, what was accepted before, and receipts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Editor, MadeOnce, Notifier

TERMS = "# Terms\n\nLast updated: March 1, 2026\n\nThe fee is 10 euros a month. You can write to us at any time.\n"
FIRST = "2026-03-01"


@pytest.fixture
def posted(editor: Editor, notifier: Notifier, made_once: MadeOnce) -> Editor:
    """Terms whose fee went up, and three customers."""

    def make() -> None:
        editor.commit(TERMS, "Terms", name="policies/terms.md")
        (editor.root / "roster.csv").write_text("id,email\nu-1,ana@x.example\nu-2,bo@x.example\nu-3,cy@x.example\n")
        notifier("customers", "import", "roster.csv")
        notifier("run")
        editor.commit(TERMS.replace("10 euros", "20 euros"), "Raise the fee", name="policies/terms.md")
        assert notifier("run").code == 0

    made_once(make)
    return editor


def newest(editor: Editor) -> str:
    return editor.git("tag", "--list", "posted/terms/*", "--sort=creatordate").splitlines()[-1]


def test_old_acceptances_come_in_once_and_say_who_is_outdated(posted: Editor, notifier: Notifier) -> None:
    rows = f"u-1,terms,{FIRST},2026-03-05T10:00:00Z\nbo@x.example,terms,{newest(posted)},2999-01-01T00:00:00Z\n"
    (posted.root / "old.csv").write_text("person,policy,posting,at\n" + rows.replace("2999-01-01", "2999-01-01"))
    assert "old.csv:3: at: lies in the future" in notifier("people", "import", "old.csv").err

    (posted.root / "old.csv").write_text("person,policy,posting,at\n" + rows.splitlines()[0] + "\n")
    tried = notifier("people", "import", "old.csv", "--dry-run")
    done, again = (notifier("people", "import", "old.csv", "--json").json for _ in range(2))

    assert tried.out == "old.csv: 1 acceptance would be written down; nothing was, 0 known before\n"
    assert (done["added"], again["added"], again["known"]) == (1, 0, 1)
    assert [one["person"] for one in notifier("people", "list", "--outdated", "--json").json] == ["u-1"]
    assert "u-1      terms    outdated   accept" in notifier("people", "list", "--policy", "terms").out
    assert notifier("status", "--json").json["policies"][0]["people"] == {
        "accepted": 0, "acknowledged": 0, "outdated": 1, "none": 2,
    }  # fmt: skip
    assert "terms: 0 accepted, 0 acknowledged, 1 outdated, 2 never said anything" in notifier("status").out
    shown = notifier("people", "show", "ana@x.example", "--json").json
    assert (shown["person"], shown["acceptances"][0]["method"]) == ("u-1", "import")
    assert f"posted/terms/{FIRST}" in notifier("people", "show", "u-1").out


def test_each_mistake_is_named_by_its_line_and_nothing_is_written(posted: Editor, notifier: Notifier) -> None:
    rows = (
        f"u-1,terms,{FIRST},2026-03-05T10:00:00Z,,",
        f"u-7,terms,{FIRST},2026-03-05T10:00:00Z,,",
        "u-1,cookies,2026-03-01,2026-03-05T10:00:00Z,,",
        "u-1,terms,2020-01-01,2026-03-05T10:00:00Z,,",
        f"u-1,terms,{FIRST},yesterday,,",
        f"u-1,terms,{FIRST},2026-03-05T10:00:00Z,{'0' * 64},",
        f"u-1,terms,{FIRST},2026-03-05T10:00:00Z,,telepathy",
        "u-1,terms",
        f"u-1,terms,{newest(posted)},2020-03-05T10:00:00Z,,",
    )
    (posted.root / "old.csv").write_text("person,policy,posting,at,text_sha256,method\n" + "\n".join(rows) + "\n")

    answer = notifier("people", "import", "old.csv")

    assert answer.code == 2
    said = answer.err.splitlines()
    assert [line.split(":")[1] for line in said[:-1]] == [str(line) for line in range(3, 11)]
    assert said[-1] == "old.csv: nothing was written down"
    assert "nothing was accepted" in notifier("people", "show", "u-1").out
    (posted.root / "old.csv").write_text("name,when\n")
    assert "old.csv:1: expected the columns person, policy" in notifier("people", "import", "old.csv").err


def test_a_key_is_shown_once_listed_without_itself_and_revoked(root: Path, notifier: Notifier) -> None:
    made = notifier("keys", "create", "--name", "shop", "--scope", "read")
    created = notifier("keys", "create", "--json").json

    assert made.out.startswith("ntf_")
    assert "shown only this once" in made.err
    assert created["scopes"] == ["read", "write"]
    listed = notifier("keys", "list")
    assert "shop" in listed.out
    assert made.out.strip() not in listed.out
    assert notifier("keys", "revoke", created["id"]).out == f"{created['id']}: revoked\n"
    assert notifier("keys", "list", "--json").json[1]["revoked_at"]
    assert "there is no key 'x'" in notifier("keys", "revoke", "x").err


def test_a_forged_receipt_is_one_clear_line(posted: Editor, notifier: Notifier) -> None:
    receipt = {"receipt": {"person": "u-1"}, "signature": {"algorithm": "Ed25519", "key": "k", "value": "AA"}}
    (posted.root / "receipt.json").write_text(json.dumps(receipt))

    answer = notifier("people", "receipt", "receipt.json")

    assert (answer.code, answer.out) == (1, "receipt.json: is signed by a key that is none of ours: 'k'\n")
    (posted.root / "receipt.json").write_text("{")
    assert notifier("people", "receipt", "receipt.json").err == "receipt.json: no JSON\n"
    assert "u-9: unknown person" in notifier("people", "show", "u-9").err
    assert "there is no policy 'x' that was posted; there are terms" in notifier("people", "list", "--policy", "x").err

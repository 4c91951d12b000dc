"""`verify` says of each tier what it was held against, and finds what was changed in ledger, journal, git or pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.conftest import Answer, Editor, MadeOnce, Notifier

POLICY = "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep chats for 30 days.\n"


@pytest.fixture
def told(notifier: Notifier, editor: Editor, made_once: MadeOnce) -> Editor:
    """Adopted, then posted as significant; the two customers were told."""

    def make() -> None:
        (editor.root / "roster.csv").write_text("email,language\nana@mail.example,en\nben@mail.example,en\n")
        notifier("customers", "import", editor.root / "roster.csv")
        editor.commit(POLICY, "Write the policy")
        assert notifier("run").code == 0
        editor.commit(POLICY.replace("30", "60"), "Keep longer")
        assert notifier("run").code == 0

    made_once(make)
    return editor


def in_ledger(root: Path, *statements: str) -> None:
    with closing(sqlite3.connect(root / ".notifier" / "ledger.db")) as connection, connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, statement


def page(root: Path) -> None:
    path = root / "site" / "privacy" / "index.html"
    path.write_text(path.read_text().replace("We keep chats", "We sell chats"))


def tag(root: Path) -> None:
    editor = Editor(root)
    name = editor.git("tag", "--list", "told/*/ended")
    said = editor.git("tag", "--list", "--format=%(contents)", name)
    editor.git(
        "tag", "--annotate", "--force", "-m", said.replace("accepted 2", "accepted 1"), name, f"{name}^{{commit}}"
    )


def row(root: Path) -> None:
    in_ledger(root, "UPDATE delivery SET email = 'eve@mail.example' WHERE seq = 2")


def cut(root: Path) -> None:
    """Everything since some entry, head and all, as if it had never been."""
    in_ledger(
        root,
        "DELETE FROM journal WHERE number > 8",
        "UPDATE journal_head SET number = 8, hash = (SELECT hash FROM journal WHERE number = 8)",
    )


def added(root: Path) -> None:
    folder = root / "site" / "privacy" / "2020-01-01"
    folder.mkdir()
    (folder / "index.html").write_text("<p>We always sold your data.</p>")


def along(root: Path) -> None:
    in_ledger(root, "CREATE TRIGGER quiet AFTER INSERT ON suppression BEGIN DELETE FROM suppression; END")


def accepted(editor: Editor, notifier: Notifier, person: str = "ana@mail.example") -> Answer:
    """Somebody's acceptance of the newest posting, brought in from a file."""
    newest = editor.git("tag", "--list", "posted/privacy/*", "--sort=creatordate").splitlines()[-1]
    rows = f"person,policy,posting,at\n{person},privacy,{newest},{datetime.now(UTC).isoformat()}\n"
    (editor.root / "said.csv").write_text(rows)
    done = notifier("people", "import", "said.csv")
    assert done.code == 0, done.err
    return done


HARMS: dict[Callable[[Path], None], tuple[str, str]] = {
    added: ("matches the pages", "page privacy/2020-01-01/index.html is there, and nobody posted it"),
    page: ("matches the pages", "page privacy/index.html is not what was posted"),
    tag: ("matches git", "ended is another than the one that entry"),
    row: ("chained", "recipients 1 to 2 are not those that entry"),
    along: ("consistent", "trigger quiet on suppression: is none of Notifier's"),
    cut: ("matches git", "and the journal ends with entry 8: it was cut off, or is an older copy"),
}


def test_each_tier_says_what_it_was_held_against_and_no_more(notifier: Notifier, told: Editor) -> None:
    done = notifier("verify")

    assert done.code == 0
    assert [line[:2] for line in done.out.splitlines()] == ["ok", "ok", "ok", "ok", "--"]
    assert "commits and tags bear witness, up to entry" in done.out
    answer = notifier("verify", "--json").json
    assert answer["holds"]
    assert answer["first_misfit"] is None
    assert answer["head"]["number"] == int(answer["tiers"][1]["says"].split(" ")[0])
    assert "Notifier-Journal: " in told.git("log", "-1", "--format=%B")


def test_what_people_accepted_since_git_last_bore_witness_is_counted(notifier: Notifier, told: Editor) -> None:
    accepted(told, notifier)

    between = notifier("verify").out.splitlines()[2]
    assert "(1 of them with what people accepted) no clone has seen yet" in between

    told.commit(POLICY.replace("30", "90"), "Keep much longer", on="2026-03-02")
    assert notifier("run").code == 0
    assert "accepted" not in notifier("verify").out.splitlines()[2]


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_what_was_changed_behind_its_back_is_found(
    notifier: Notifier, told: Editor, harm: Callable[[Path], None]
) -> None:
    harm(told.root)

    answer = notifier("verify", "--json")

    tier, says = HARMS[harm]
    found = {one["tier"]: one for one in answer.json["tiers"]}
    assert answer.code == 1
    assert not answer.json["holds"]
    assert any(says in misfit["says"] for misfit in found[tier]["misfits"]), found[tier]
    assert found[tier]["holds"] is False
    assert notifier("verify").code == 1

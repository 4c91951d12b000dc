"""Bad input: one clear line on stderr for each mistake, exit 2, and nothing changed."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import LEAST_CONFIG, Answer, Editor, MadeOnce, Notifier

POLICY = "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep chats for 30 days.\n"
CHANGED = POLICY.replace("30 days", "90 days")
WORD = "\n\nSignificance: significant"


def refused(answer: Answer) -> list[str]:
    """The lines on stderr of an answer that was refused."""
    assert (answer.code, answer.out) == (2, ""), answer
    return answer.err.splitlines()


@pytest.fixture
def posted(notifier: Notifier, editor: Editor, made_once: MadeOnce) -> Editor:
    """A policy adopted, one customer, and a significant revision that waits for its run."""

    def make() -> None:
        editor.commit(POLICY, "Write the policy")
        assert notifier("run").code == 0
        (editor.root / "roster.csv").write_text("email\nana@mail.example\n", encoding="utf-8")
        notifier("customers", "import", "roster.csv")
        editor.commit(CHANGED, f"Keep chats longer{WORD}", on="2026-03-02")

    made_once(make)
    return editor


def state(root: Path) -> dict[str, object]:
    """All that a run may change, but for the record that a run was tried."""
    with sqlite3.connect(root / ".notifier" / "ledger.db") as ledger:
        counts = {table: ledger.execute(f"SELECT count(*) FROM {table}").fetchone() for table in TABLES}  # noqa: S608
    refs = Editor(root).git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags")
    dirty = Editor(root).git("status", "--porcelain", "--untracked-files=no")
    letters = sorted(str(path) for path in (root / ".notifier" / "outbox").rglob("*.eml"))
    return {"ledger": counts, "refs": refs, "letters": letters, "dirty": dirty}


TABLES = ("posting", "notice", "delivery", "close_call")


@pytest.mark.processes
def test_outside_a_git_repository(notifier: Notifier, root: Path) -> None:
    (line,) = refused(notifier("run"))

    assert "not a git repository" in line


@pytest.mark.processes
def test_without_a_commit(notifier: Notifier, root: Path) -> None:
    Editor(root).git("init", "-q", "-b", "main")
    (line,) = refused(notifier("run"))

    assert "no commit" in line


def _not_utf8(root: Path) -> None:
    (root / "policies" / "privacy.md").write_bytes(POLICY.encode() + b"D\xedaz\n")


def _broken_front_matter(root: Path) -> None:
    (root / "policies" / "privacy.md").write_text("---\ntitle: [\n---\n" + CHANGED, encoding="utf-8")


def _ambiguous_date(root: Path) -> None:
    text = CHANGED.replace("March 1, 2026", "03/04/2026")
    (root / "policies" / "privacy.md").write_text(text, encoding="utf-8")


def _placeholder_date(root: Path) -> None:
    text = CHANGED.replace("March 1, 2026", "[DATE]")
    (root / "policies" / "privacy.md").write_text(text, encoding="utf-8")


def _two_with_one_id(root: Path) -> None:
    (root / "policies" / "privacy.en.md").write_text(POLICY, encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "place", "word"),
    [
        (_not_utf8, "policies/privacy.md:6", "UTF-8"),
        (_broken_front_matter, "policies/privacy.md:", "front matter"),
        (_ambiguous_date, "policies/privacy.md:3", "03/04/2026"),
        (_placeholder_date, "policies/privacy.md:3", "[DATE]"),
        (_two_with_one_id, "policies/privacy", "privacy"),
    ],
)
def test_a_policy_that_cannot_be_posted_is_named_by_file_and_line(
    notifier: Notifier, posted: Editor, spoil: Callable[[Path], None], place: str, word: str
) -> None:
    spoil(posted.root)
    posted.git("add", "-A", "policies")
    posted.git("commit", "-q", "-m", "Spoil")
    tags, head = posted.git("tag", "--list"), posted.git("rev-parse", "HEAD")
    answer = notifier("run")

    [line] = [line for line in answer.out.splitlines() if line.startswith("alarm: privacy is not posted")]
    assert answer.code == 1
    assert place in line
    assert word in line
    assert (posted.git("tag", "--list"), posted.git("rev-parse", "HEAD")) == (tags, head)


def test_every_spoiled_policy_is_named_at_once_and_the_others_are_posted(notifier: Notifier, posted: Editor) -> None:
    posted.commit(POLICY.replace("March 1, 2026", "[DATE]"), "Spoil", name="policies/cookies.md")
    posted.commit(POLICY.replace("March 1, 2026", "03/04/2026"), "Spoil too", name="policies/terms.md")
    answer = notifier("run", "--json")

    assert answer.code == 1
    assert [posting["policy"] for posting in answer.json["posted"]] == ["privacy"]
    waiting = {wait["policy"]: wait["why"].split(":")[0] for wait in answer.json["waiting"]}
    assert waiting == {"cookies": "policies/cookies.md", "terms": "policies/terms.md"}


def test_a_template_error_is_named_by_file_and_line_before_anything_is_posted(
    notifier: Notifier, posted: Editor
) -> None:
    from notifier.shipped import shipped

    for path in shipped("templates").rglob("*"):
        if path.is_file():
            target = posted.root / "templates" / path.relative_to(shipped("templates"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    text = posted.root / "templates" / "notice" / "text.txt.j2"
    text.write_text("Hello\n{{ nothing_of_that_name }}\n", encoding="utf-8")
    tags, head = posted.git("tag", "--list"), posted.git("rev-parse", "HEAD")
    answer = notifier("run")

    [line] = [line for line in answer.out.splitlines() if line.startswith("alarm: privacy is not posted")]
    assert answer.code == 1
    assert "templates/notice/text.txt.j2:2" in line
    assert (posted.git("tag", "--list"), posted.git("rev-parse", "HEAD")) == (tags, head)


def test_an_unwritable_outbox_is_named_before_anything_is_posted(notifier: Notifier, posted: Editor) -> None:
    (posted.root / "taken").write_text("a file", encoding="utf-8")
    (posted.root / "config.toml").write_text(LEAST_CONFIG + '[mail.outbox]\npath = "taken/outbox"\n', encoding="utf-8")
    before = state(posted.root)
    (line,) = refused(notifier("run"))

    assert "taken/outbox" in line
    assert state(posted.root) == before


def test_a_second_run_says_who_holds_the_lock(notifier: Notifier, posted: Editor) -> None:
    before = state(posted.root)
    with (posted.root / ".notifier" / "run.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (line,) = refused(notifier("run"))

    assert "a run is going already (process " in line
    assert state(posted.root) == before


def test_a_ledger_from_a_newer_version_is_left_alone(notifier: Notifier, posted: Editor) -> None:
    path = posted.root / ".notifier" / "ledger.db"
    with sqlite3.connect(path) as ledger:
        ledger.execute("UPDATE alembic_version SET version_num = '9999'")
    (line,) = refused(notifier("run"))

    assert "newer" in line
    assert sqlite3.connect(path).execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_a_broken_roster_file_is_named(notifier: Notifier, posted: Editor) -> None:
    (posted.root / "config.toml").write_text(LEAST_CONFIG + '[customers]\nfile = "gone.csv"\n', encoding="utf-8")
    before = state(posted.root)
    (line,) = refused(notifier("run"))

    assert "gone.csv" in line
    assert state(posted.root) == before

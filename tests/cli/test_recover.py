"""Where git and the ledger tell different stories every verb says so, no page changes, and `recover` is the way on."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Editor, MadeOnce, Notifier
from tests.databases import write_as_ours

POLICY = "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep chats for 30 days.\n"
ROSTER = "email,language\nana@mail.example,en\n"


@pytest.fixture
def posted(notifier: Notifier, editor: Editor, made_once: MadeOnce) -> Editor:
    """Adopted, then posted as significant; the one customer was told."""

    def make() -> None:
        (editor.root / "roster.csv").write_text(ROSTER)
        notifier("customers", "import", editor.root / "roster.csv")
        editor.commit(POLICY, "Write the policy")
        assert notifier("run").code == 0
        editor.commit(POLICY.replace("30", "60"), "Keep longer")
        assert notifier("run").code == 0

    made_once(make)
    return editor


def newest(editor: Editor) -> str:
    return next(tag for tag in editor.git("tag", "--list", "posted/*").split() if "2026-03-01" not in tag)


def told(editor: Editor, tag: str) -> str:
    return editor.git("tag", "--list", "--format=%(contents)", tag)


def pages(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted((root / "site").rglob("*")) if path.is_file()}


def moved(editor: Editor, tag: str) -> None:
    editor.git("tag", "--annotate", "--force", "-m", told(editor, tag), tag, "HEAD~1")


def lightweight(editor: Editor, tag: str) -> None:
    editor.git("tag", "--force", tag, f"{tag}^{{commit}}")


def deleted(editor: Editor, tag: str) -> None:
    editor.git("tag", "--delete", tag)


def retold(editor: Editor, tag: str) -> None:
    other = told(editor, tag).replace("Notifier-Effective: 20", "Notifier-Effective: 21")
    editor.git("tag", "--annotate", "--force", "-m", other, tag, f"{tag}^{{commit}}")


def test_where_the_ledger_is_lost_too_every_harmed_tag_is_named_with_its_mend(
    notifier: Notifier, posted: Editor
) -> None:
    for tag in posted.git("tag", "--list", "posted/*").split():
        lightweight(posted, tag)
    lose(posted)

    said = notifier("recover")

    assert said.code == 1
    mends = [line.rpartition("git ")[2] for line in said.out.splitlines() if "git tag -d posted/" in line]
    assert len(mends) == 2
    for mend in mends:
        posted.git(*mend.split()[:3])
    said = notifier("run")
    assert said.code == 1
    assert "if there are none: notifier recover --no-newer-copy" in said.out


@pytest.mark.parametrize("harm", [moved, lightweight, deleted, retold])
def test_a_harmed_tag_is_told_by_every_verb_changes_no_page_and_is_put_back(
    notifier: Notifier, posted: Editor, harm: object
) -> None:
    tag, before = newest(posted), pages(posted.root)
    stamp = posted.git("rev-parse", f"{tag}^{{commit}}")
    assert callable(harm)
    harm(posted, tag)

    for verb in (("run",), ("status",), ("publish",), ("run", "--dry-run")):
        said = notifier(*verb)
        assert (said.code, tag in said.out) == (1, True), verb
        assert "notifier recover" in said.out
    assert notifier("withdraw", "privacy", "--because", "we think again").code == 2
    looked = notifier("doctor")
    assert looked.code == 1
    assert "git and the ledger differ" in looked.out
    assert pages(posted.root) == before

    assert notifier("recover").code == 0
    assert posted.git("rev-parse", f"{tag}^{{commit}}") == stamp
    assert notifier("run").code == 0
    assert pages(posted.root) == before


def test_a_forged_tag_is_told_with_what_gives_it_away_and_is_never_believed(notifier: Notifier, posted: Editor) -> None:
    forged = "posted/privacy/2031-01-01"
    tag = newest(posted)
    said = told(posted, tag).replace(tag, forged)
    posted.git("checkout", "--quiet", "-b", "draft")
    posted.commit(POLICY.replace("30", "90"), "Slip it in")
    posted.git("tag", "--annotate", "-m", said, forged, "HEAD")
    posted.git("checkout", "--quiet", "main")
    posted.git("branch", "--quiet", "-D", "draft")

    assert notifier("recover").code == 1
    shown = notifier("status")

    assert shown.code == 1
    assert f"git tag -d {forged}" in shown.out
    assert "2031" not in shown.out.split("alarm")[0]
    posted.git("tag", "--delete", forged)
    assert notifier("run").code == 0


def test_history_that_was_rewritten_is_an_alarm_and_not_a_dead_end(notifier: Notifier, posted: Editor) -> None:
    tag = newest(posted)
    posted.git("commit", "--quiet", "--amend", "-m", "Something else")

    shown = notifier("status")
    assert shown.code == 1
    assert f"git merge -s ours {posted.git('rev-parse', tag + '^{commit}')[:12]}" in shown.out
    assert notifier("run", "--json").json["posted"] == []

    posted.git("merge", "--quiet", "-s", "ours", "--no-edit", tag)
    assert notifier("run").code == 0


def test_policies_that_moved_are_an_alarm_and_status_still_answers(notifier: Notifier, posted: Editor) -> None:
    posted.git("mv", "policies", "legal")
    posted.git("commit", "--quiet", "-m", "Move")

    for verb in ("run", "status"):
        said = notifier(verb)
        assert said.code == 1
        assert "policies: is not on main" in said.out
        assert "deleted" not in said.out


# A ledger that is lost, or restored from an earlier copy


def ledger_of(editor: Editor) -> Path:
    return editor.root / ".notifier" / "ledger.db"


def lose(editor: Editor, copy: Path | None = None) -> None:
    """The ledger is gone; in its place an earlier copy, where there is one."""
    for path in ledger_of(editor).parent.glob("ledger.db*"):
        path.unlink()
    if copy:
        shutil.copyfile(copy, ledger_of(editor))


def mails(editor: Editor) -> int:
    return len(list((editor.root / ".notifier" / "outbox").rglob("*.eml")))


def keep_longer(editor: Editor) -> str:
    return editor.commit(POLICY.replace("30", "90"), "Keep longer still\n\nSignificance: significant")


def test_git_has_what_customers_were_told_and_names_no_person(notifier: Notifier, posted: Editor) -> None:
    assert notifier("run").code == 0
    said = posted.git("tag", "--list", "told/*", "--format=%(refname:strip=3) %(contents)")

    notice_id = notifier("notice", "list", "--json").json[0]["id"]
    assert f"{notice_id}/begun" in said
    assert f"{notice_id}/ended" in said
    assert f"Notifier-Told-Of: {newest(posted)}" in said
    assert "Notifier-Count: accepted 1" in said
    [message] = notifier("notice", "show", notice_id, "--json").json["messages"]
    assert message["sha256"] in said
    assert "ana" not in said
    assert len(posted.git("tag", "--list", "told/*").split()) == 2


def test_a_lost_ledger_does_not_lose_that_customers_were_told(notifier: Notifier, posted: Editor) -> None:
    lose(posted)
    notifier("customers", "import", posted.root / "roster.csv")
    for verb in ("run", "status", "publish", "doctor"):
        assert notifier(verb).code == 1

    said = notifier("recover")

    assert said.code == 0
    assert "git says that it ended, finished: recipients 1, accepted 1" in said.out
    assert notifier("run").code == 0
    assert mails(posted) == 1
    assert len(posted.git("tag", "--list", "told/*").split()) == 2
    keep_longer(posted)
    assert notifier("run").code == 0
    assert mails(posted) == 2


@pytest.mark.parametrize("is_waiting", [False, True])
def test_a_ledger_from_before_a_notice_ended_tells_nobody_twice(
    notifier: Notifier, posted: Editor, tmp_path: Path, is_waiting: bool
) -> None:
    config = posted.root / "config.toml"
    before, copy = config.read_text(), tmp_path / "copy.db"
    if is_waiting:
        config.write_text(f"{before}\n[notice]\nhold_hours = 5\n")
        keep_longer(posted)
        notifier("run")
        config.write_text(before)
        _copy(notifier, copy, posted)
        notice_id = notifier("notice", "list", "--json").json[-1]["id"]
        _send_now(posted, notice_id)
    else:
        _copy(notifier, copy, posted)
        keep_longer(posted)
    assert notifier("run").code == 0
    assert mails(posted) == 2
    lose(posted, copy)

    for verb in ("run", "status"):
        assert notifier(verb).code == 1
    assert mails(posted) == 2
    assert notifier("recover").code == 0
    assert notifier("run").code == 0
    assert mails(posted) == 2


def _copy(notifier: Notifier, copy: Path, posted: Editor) -> None:
    import sqlite3

    with sqlite3.connect(ledger_of(posted)) as source, sqlite3.connect(copy) as target:
        source.backup(target)


def _send_now(posted: Editor, notice_id: str) -> None:
    write_as_ours(posted.root, f"UPDATE notice SET send_after = created_at WHERE notice_id = '{notice_id}'")  # noqa: S608


@pytest.mark.parametrize(("answer", "more"), [("told", 0), ("not-told", 0), ("tell-now", 1)])
def test_where_git_saw_a_notice_begin_and_not_end_a_person_is_asked(
    notifier: Notifier, posted: Editor, answer: str, more: int
) -> None:
    ended = next(tag for tag in posted.git("tag", "--list", "told/*").split() if tag.endswith("/ended"))
    posted.git("tag", "--delete", ended)
    lose(posted)
    notifier("customers", "import", posted.root / "roster.csv")

    asked = notifier("recover", "--json")
    assert asked.code == 1
    assert asked.json["questions"] == [newest(posted)]
    assert "were customers told? --told" in notifier("recover").out

    assert notifier("recover", f"--{answer}", newest(posted)).code == 0
    assert notifier("run").code == 0
    assert mails(posted) == 1 + more
    assert notifier("status").code == 0


def test_at_a_terminal_it_asks(notifier: Notifier, posted: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    for tag in posted.git("tag", "--list", "told/*").split():
        posted.git("tag", "--delete", tag)
    lose(posted)
    monkeypatch.setattr("click.prompt", lambda *_, **__: "told")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)

    said = notifier("recover")

    assert said.code == 0
    assert "says so" in said.out


def test_an_answer_about_no_tag_is_refused(notifier: Notifier, posted: Editor) -> None:
    assert notifier("recover", "--told", "posted/privacy/1999-01-01").code == 2


def test_a_list_is_not_brought_by_hand_into_a_ledger_that_is_another_company_s(
    posted: Editor, notifier: Notifier
) -> None:
    shutil.rmtree(posted.root / ".git")
    posted.git("init", "-q", "-b", "main")
    posted.commit("# Privacy\n\nLast updated: 3 March 2026\n\nWe are another house.\n", "Write it")
    (posted.root / "roster.csv").write_text("email\nben@mail.example\n")

    refused = notifier("customers", "import", "roster.csv")
    alarms = notifier("status", "--json").json["alarms"]
    by_word = notifier("customers", "import", "roster.csv", "--records-differ")

    assert (refused.code, by_word.code) == (2, 0)
    assert "the ledger is another company's, or another repository's; look at ledger.url" in refused.err
    assert "--records-differ" in refused.err
    (told,) = [one for one in alarms if one["code"] == "records-differ"]
    assert "another company's" in told["text"]
    assert "1 new" in by_word.out

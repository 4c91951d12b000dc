"""`notifier diff`: two files or two REV:PATH, shown four ways."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Editor, Notifier

BEFORE = "# Privacy Policy\n\nWe keep chats for 30 days after they end.\n\nWe answer within a month.\n"
AFTER = BEFORE.replace("30 days", "12 months")


@pytest.fixture
def texts(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text(BEFORE, encoding="utf-8")
    new.write_text(AFTER, encoding="utf-8")
    return old, new


def test_the_verdict_comes_first_and_the_redline_after(notifier: Notifier, texts: tuple[Path, Path]) -> None:
    answer = notifier("diff", *texts)

    assert answer.code == 0
    assert "SIGNIFICANT" in answer.out
    assert "[-30 days-] [+12 months+]" in answer.out
    assert "\x1b" not in answer.out


def test_json_is_one_object_with_the_promised_keys(notifier: Notifier, texts: tuple[Path, Path]) -> None:
    told = notifier("diff", *texts, "--json").json

    assert told["significance"] == "significant"
    assert told["certainty"] in ("clear", "close")
    assert {"topic", "rule", "section", "before", "after", "basis"} <= set(told["reasons"][0])
    assert told["reasons"][0]["before"] == "We keep chats for 30 days after they end."
    assert told["moves"] == []
    assert {"words_deleted", "words_inserted", "words_moved", "runs"} <= set(told["stats"])


def test_equal_texts_differ_in_nothing(notifier: Notifier, texts: tuple[Path, Path]) -> None:
    told = notifier("diff", texts[0], texts[0], "--json").json

    assert (told["significance"], told["certainty"], told["reasons"]) == ("minor", "clear", [])
    assert set(told["stats"].values()) == {0}


def test_files_called_old_and_new_are_in_no_language_of_that_name(notifier: Notifier, texts: tuple[Path, Path]) -> None:
    named = [
        text.rename(text.with_name(f"privacy.{side}.md")) for text, side in zip(texts, ("old", "new"), strict=True)
    ]
    told = notifier("diff", *named, "--json").json
    assert {reason["rule"] for reason in told["reasons"]}.isdisjoint({"unread-language"})
    assert told["reasons"][0]["topic"]


def test_markdown_and_html_show_the_same(notifier: Notifier, texts: tuple[Path, Path]) -> None:
    assert "<ins>" in notifier("diff", *texts, "--format", "markdown").out
    page = notifier("diff", *texts, "--format", "html").out

    assert page.startswith("<!doctype html>")
    assert "<del" in page
    assert "<ins" in page


def test_two_commits_of_a_policy_are_compared_by_name(notifier: Notifier, editor: Editor) -> None:
    editor.commit(BEFORE, "Write the policy")
    editor.commit(AFTER, "Keep chats longer")

    editor.git("checkout", "-q", "-b", "draft")  # which of two is published matters to nobody here
    told = notifier("diff", "HEAD~1:policies/privacy.md", "HEAD:policies/privacy.md", "--json").json
    assert told["significance"] == "significant"


@pytest.mark.parametrize("name", ["--output=stolen:privacy.md", "nowhere:policies/privacy.md", "HEAD:nothing.md"])
def test_a_revision_from_outside_is_never_an_option(notifier: Notifier, editor: Editor, name: str) -> None:
    editor.commit(BEFORE, "Write the policy")
    answer = notifier("diff", "--", name, "HEAD:policies/privacy.md")

    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert not (editor.root / "stolen").exists()


def test_a_text_that_another_program_hands_on_is_read(
    notifier: Notifier, texts: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with texts[0].open() as handed_on:
        monkeypatch.setattr("sys.stdin", handed_on)
        answer = notifier("diff", "-", texts[1], "--json")

    assert answer.json == notifier("diff", *texts, "--json").json


def test_a_missing_file_is_named(notifier: Notifier, texts: tuple[Path, Path]) -> None:
    answer = notifier("diff", texts[0], "nothing.md")

    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert "nothing.md: no such file or directory" in answer.err


def test_bytes_that_are_no_text_are_named_by_line(notifier: Notifier, texts: tuple[Path, Path]) -> None:
    texts[1].write_bytes(b"# Privacy\n\nWe keep D\xedaz\n")
    answer = notifier("diff", *texts)

    assert (answer.code, answer.out) == (2, "")
    assert f"{texts[1]}:3: not UTF-8" in answer.err


def test_what_a_policy_holds_cannot_steer_the_terminal(notifier: Notifier, texts: tuple[Path, Path]) -> None:
    texts[1].write_text(AFTER + "\n\x1b[2J\x1b]0;owned\x07 new words\n", encoding="utf-8")
    answer = notifier("diff", *texts)

    assert answer.code == 0
    assert "\x1b" not in answer.out
    assert "\x07" not in answer.out


@pytest.mark.processes
def test_no_heavy_library_is_imported_for_two_files(texts: tuple[Path, Path]) -> None:
    program = (
        "import sys; from notifier.cli import exit_code; "
        f"exit_code(['diff', {str(texts[0])!r}, {str(texts[1])!r}]); print(*sorted(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    modules = set(out.splitlines()[-1].split())

    assert not modules & {"git", "rich", "cattrs", "sqlalchemy", "jinja2", "yaml", "markdown_it", "notifier.config"}

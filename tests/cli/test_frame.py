"""The frame of the command line: help, failures in one line, exit codes, safe and quiet output."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from tests.cli.conftest import Notifier

from notifier.cli import VERBS
from notifier.cli.frame import scrub, table

PYTHON_M_NOTIFIER = [sys.executable, "-m", "notifier"]


@pytest.mark.processes
def test_help_lists_every_verb_without_importing_one() -> None:
    program = "import sys; from notifier.cli import exit_code; exit_code(['--help']); print(sorted(sys.modules))"
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    help_text, modules = out.rsplit("\n", 2)[0], out.rsplit("\n", 2)[1]

    assert all(re.search(rf"^  {verb} +\w", help_text, re.MULTILINE) for verb in VERBS)
    assert not [verb for verb in VERBS if f"'notifier.cli.{verb}'" in modules]
    assert not [name for name in ("git", "rich", "cattrs", "sqlalchemy", "jinja2") if f"'{name}'" in modules]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_of_the_table_is_there_and_says_what_it_does(verb: str) -> None:
    command = importlib.import_module(f"notifier.cli.{verb}").command

    assert isinstance(command, click.Command)
    assert command.name == verb
    assert command.help


def test_no_command_shows_the_help(notifier: Notifier) -> None:
    answer = notifier()

    assert answer.code == 2
    assert "Commands:" in answer.err


def test_a_mistyped_verb_comes_with_the_nearest_one(notifier: Notifier) -> None:
    answer = notifier("statsu")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "notifier: statsu: no such command; did you mean status?; see notifier --help\n"


def test_wrong_use_is_one_line_on_stderr(notifier: Notifier) -> None:
    answer = notifier("customers", "forget")

    assert (answer.code, answer.out) == (2, "")
    missing = "notifier customers forget: missing argument 'ID|ADDRESS...'; see notifier customers forget --help\n"
    assert answer.err == missing


def test_no_config_is_one_line_that_says_how_to_make_one(
    notifier: Notifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = notifier("customers", "list")

    assert (answer.code, answer.out) == (2, "")
    needs_none = "(`diff`, and `log --policies DIR`, need none)"
    assert answer.err.endswith(f"make an installation with `notifier init` {needs_none}\n")
    assert answer.err.count("\n") == 1


def test_every_mistake_in_the_config_is_a_line_of_its_own(notifier: Notifier, root: Path) -> None:
    (root / "config.toml").write_text('[notice]\nperiode_days = 3\n[mail.smtp]\nport = "five"\n', encoding="utf-8")
    answer = notifier("customers", "list")

    assert answer.code == 2
    assert len(answer.err.splitlines()) == 3
    assert all(line.startswith("config.toml: ") for line in answer.err.splitlines())


def test_the_config_may_be_named_by_its_folder_or_itself(
    notifier: Notifier, root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    assert notifier("customers", "list", "--config", root).code == 0
    assert notifier("customers", "list", "--config", root / "config.toml").code == 0


def test_a_bug_is_one_line_and_a_traceback_on_demand(
    notifier: Notifier, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_url: str) -> None:
        raise ZeroDivisionError("something private")

    monkeypatch.setattr("notifier.ledger.Ledger.open", broken)
    answer = notifier("customers", "list")

    assert answer.code == 1
    assert re.fullmatch(r"notifier failed: ZeroDivisionError at test_frame.py:\d+; NOTIFIER_DEBUG=1 .*\n", answer.err)
    monkeypatch.setenv("NOTIFIER_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        notifier("customers", "list")


@pytest.mark.processes
def test_a_reader_that_goes_away_is_nothing_to_complain_about() -> None:
    command = " ".join([*PYTHON_M_NOTIFIER, "--help", "|", "true"])
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.processes
def test_a_full_disk_is_told_in_one_line() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this machine")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*PYTHON_M_NOTIFIER, "--help"], stdout=full, stderr=subprocess.PIPE, text=True)

    assert done.returncode == 1
    assert done.stderr == "notifier failed: no space left on device\n"


def test_what_steers_a_terminal_is_made_visible() -> None:
    assert "\x1b" not in scrub("a\x1b[2Jb\x9bc")
    assert "\u202e" not in scrub("privacy\u202e.md")
    assert scrub("two\nlines\tand ümläuts 日本") == "two\nlines\tand ümläuts 日本"


def test_colours_stay_where_they_are_ours() -> None:
    assert scrub("\x1b[31mred\x1b[0m", keep_colour=True) == "\x1b[31mred\x1b[0m"
    assert "\x1b[2J" not in scrub("\x1b[31m\x1b[2Jred\x1b[0m", keep_colour=True)


def test_columns_stand_under_each_other_whatever_the_script() -> None:
    drawn = table(("name", "count"), [("日本", 1200), ("Ana", None)], right=("count",))

    assert drawn.splitlines() == ["name   count", "日本   1,200", "Ana        -"]


@pytest.mark.parametrize(
    ("shell", "mark"),
    [("bash", "complete -o"), ("zsh", "#compdef"), ("fish", "complete --"), ("fish", '--max 1 "," $c')],
)
@pytest.mark.processes
def test_completions_are_there_for_each_shell(notifier: Notifier, shell: str, mark: str) -> None:
    assert mark in notifier("completion", shell).out


@pytest.mark.processes
def test_bash_completes_a_verb() -> None:
    environ = os.environ | {"_NOTIFIER_COMPLETE": "bash_complete", "COMP_WORDS": "notifier st", "COMP_CWORD": "1"}
    program = "import sys; sys.argv[0] = 'notifier'; from notifier.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True)

    assert done.stdout == "plain,status\n"

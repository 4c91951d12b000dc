"""What the README says of the verbs is so, and their help is whole."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from tests.cli.conftest import Configure, Notifier
from tests.cli.verbs import every_verb, takes

README = (Path(__file__).parents[2] / "README.md").read_text()
SAID = re.search(r"Every verb takes `--config PATH` \(but (.*?), which .*?`--json` \(but (.*?)\)", README, re.S)


def test_the_readme_s_table_has_every_verb() -> None:
    table = README.partition("| verb | does |")[2].partition("\n\n")[0]
    rows = [
        (set(re.findall(r"`([a-z]+)`", row.split("|")[1])), row) for row in table.splitlines() if row.count("|") > 2
    ]

    for path, _ in every_verb():
        verb, _, name = path.partition(" ")
        row = next((row for verbs, row in rows if verb in verbs), "")
        assert row, verb
        assert verb == "hook" or name in row


@pytest.mark.parametrize(("option", "place"), [("--config", 1), ("--json", 2)])
def test_it_names_the_verbs_that_lack_an_option(option: str, place: int) -> None:
    assert SAID is not None
    lacking = set(re.findall(r"`([a-z]+)`", SAID[place]))

    for path, command in every_verb():
        verb = path.partition(" ")[0]
        if path != "hook merge":  # git alone calls it
            assert takes(command, option) == (verb not in lacking), path


@pytest.mark.parametrize("group", ["notice", "customers", "hook"])
def test_the_help_of_a_group_is_not_cut_off(notifier: Notifier, group: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    help_text = " ".join(notifier(group, "--help").out.split())

    assert "..." not in help_text.partition("[ARGS]...")[2]
    for path, command in every_verb():
        if path.startswith(f"{group} ") and not command.hidden:
            assert " ".join((command.help or "").split())[:60].rstrip(".") in help_text


def test_a_worker_that_is_refused_gives_back_the_signals_that_it_waits_for(
    notifier: Notifier, configure: Configure
) -> None:
    configure()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())

    assert notifier("worker").code == 2
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before

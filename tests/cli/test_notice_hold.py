"""`notifier notice hold` from wherever somebody sees that the text is wrong."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from tests.cli.conftest import Editor, Notifier
from tests.scenes import NOTICE, frozen, people

from notifier.ledger import Ledger
from notifier.notice.delivery import NoticeState


@pytest.fixture
def sending(root: Path, editor: Editor) -> Ledger:
    ledger = Ledger.open(f"sqlite:///{root}/.notifier/ledger.db")
    frozen(ledger, people(4))
    return ledger


def test_a_hold_does_not_wait_for_a_remote_that_is_away(notifier: Notifier, sending: Ledger, root: Path) -> None:
    with (root / "config.toml").open("a") as config:
        config.write('\n[repository]\nremote = "https://127.0.0.1:9/policies.git"\n')
    began = time.monotonic()

    answer = notifier("notice", "hold", NOTICE, "--because", "wrong text")

    assert answer.code == 0, answer.err
    assert time.monotonic() - began < 5
    assert sending.notices.get(NOTICE).state is NoticeState.HELD


def test_who_has_no_repository_says_who_they_are(notifier: Notifier, sending: Ledger, root: Path) -> None:
    """On a machine that only sends."""
    shutil.rmtree(root / ".git")

    refused = notifier("notice", "hold", NOTICE, "--because", "wrong text")
    answer = notifier("notice", "hold", NOTICE, "--because", "wrong text", "--by", "Anna")

    assert refused.code == 2
    assert "--by" in refused.err
    assert answer.code == 0, answer.err
    assert sending.notices.get(NOTICE).state is NoticeState.HELD

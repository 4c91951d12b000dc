"""`notifier run`: its last line is true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.scenes import NOON, NOTICE

from notifier.cli.run import tell
from notifier.ledger.types import StoredNotice
from notifier.notice.delivery import NoticeState
from notifier.usecases.run import RunReport

SCHEDULED = StoredNotice(
    NOTICE,
    NoticeState.SCHEDULED,
    None,
    ("privacy",),
    (),
    NOON,
    NOON + timedelta(days=1),
    NOON,
    None,
    None,
    None,
    None,
    None,
)


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (RunReport(), "nothing to do: every policy stands as posted, everybody has been told\n"),
        (
            RunReport(open_notices=(SCHEDULED,)),
            f"nothing to do yet: still to be told of {NOTICE} (after 2026-11-02 12:00 UTC)\n",
        ),
        (RunReport(alarms=("notice x is held",)), "alarm: notice x is held\n"),
    ],
)
def test_everybody_has_been_told_is_said_only_where_it_is_so(
    report: RunReport, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(report, is_dry=False)

    assert capsys.readouterr().out == line

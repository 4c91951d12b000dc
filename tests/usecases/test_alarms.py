"""What makes an alarm, apart from what the acceptance tests see on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifier.alarms import AlarmCode
from notifier.config import load
from notifier.ledger import Ledger
from notifier.usecases.alarms import notice_alarms
from tests.scenes import NOON

CONFIG = """
[mail]
from = "Example <privacy@example.com>"
transport = "sendgrid"
[mail.sendgrid]
sandbox = {sandbox}
[page]
url = "https://example.com/legal/"
"""


@pytest.mark.parametrize("sandbox", [True, False])
def test_while_the_sandbox_is_on_an_alarm_says_that_nobody_gets_anything(
    tmp_path: Path, sqlite_url: str, sandbox: bool
) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(sandbox=str(sandbox).lower()))
    with Ledger.open(sqlite_url) as ledger:
        alarms = list(notice_alarms(load(tmp_path / "config.toml", {}), ledger, NOON))

    assert any(alarm.code is AlarmCode.SANDBOX for alarm in alarms) == sandbox

"""What makes an alarm, apart from what the acceptance tests see on the way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from notifier.alarms import AlarmCode
from notifier.config import load
from notifier.ledger import Ledger
from notifier.ledger.schema import notice
from notifier.notice.delivery import DeliveryStatus, NoticeState
from notifier.usecases.alarms import notice_alarms
from notifier.usecases.deliver import deliver
from tests.mailers import MemoryMailer
from tests.scenes import NOON, NOTICE, RULES, Clock, announced, event, people

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


def test_a_notice_that_ended_late_is_overdue_no_more_since_nobody_can_mend_it(tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(sandbox="false"))
    config, late = load(tmp_path / "config.toml", {}), Clock(NOON + timedelta(days=4))
    with Ledger.open(sqlite_url) as ledger:
        announced(ledger, people(3))
        before = [one.code for one in notice_alarms(config, ledger, late.now())]
        deliver(ledger, MemoryMailer(name="sendgrid"), RULES, late.environment())

        after = [one.code for one in notice_alarms(config, ledger, late.now())]

    assert (before, after) == ([AlarmCode.OVERDUE], [])


def test_whom_the_provider_dropped_for_a_list_of_its_own_is_told_with_the_mend(tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(sandbox="false"))
    with Ledger.open(sqlite_url) as ledger:
        notice_id = announced(ledger, people(3))
        deliver(ledger, MemoryMailer(name="sendgrid"), RULES, Clock().environment())
        with ledger.database.read() as connection:
            keys = connection.exec_driver_sql("SELECT delivery_key FROM delivery").scalars().all()
        dropped, bounced = DeliveryStatus.DROPPED, DeliveryStatus.BOUNCED
        ledger.events.record(
            [event(dropped, keys[0], reason="Unsubscribed Address"), event(bounced, keys[1], reason="550 no")], NOON
        )

        (alarm,) = notice_alarms(load(tmp_path / "config.toml", {}), ledger, NOON)

    assert (alarm.code, alarm.notice, alarm.count) == (AlarmCode.NOT_REACHED, notice_id, 2)
    assert "the provider dropped 1 by its own list" in alarm.text
    assert "mail.sendgrid.bypass" in alarm.text


def test_a_notice_that_an_older_version_ended_for_nobody_stands_until_a_person_accepts_it(
    tmp_path: Path, sqlite_url: str
) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(sandbox="false"))
    config = load(tmp_path / "config.toml", {})
    with Ledger.open(sqlite_url) as ledger:
        announced(ledger)
        ended = {"state": NoticeState.FINISHED, "started_at": NOON, "frozen_at": NOON, "finished_at": NOON}
        with ledger.database.write() as connection:
            connection.execute(sa.update(notice).values(ended))

        (alarm,) = notice_alarms(config, ledger, NOON)
        assert (alarm.code, "nobody was told" in alarm.text) == (AlarmCode.NOT_REACHED, True)

        ledger.notices.give_up(NOTICE, "Ana", NOON, "there was nobody then")
        assert not list(notice_alarms(config, ledger, NOON))

"""What a run does last: let go whose time is over, have the journal's head stamped, look whether it holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from notifier.usecases.proof.anchor import anchor_alarms
from notifier.usecases.proof.witnesses import journal_alarms

if TYPE_CHECKING:
    from notifier.alarms import Alarm
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.repository import Repository


def after_run(config: Config, repository: Repository, ledger: Ledger, now: datetime) -> tuple[Alarm, ...]:
    """The first two by the config, off by default."""
    days = config.retention.days_after_effect
    if days is not None:
        today = now.astimezone(config.posting_zone).date()
        for notice_id in ledger.retention.due(today - timedelta(days=days)):
            ledger.retention.retire(notice_id, now)
    return *anchor_alarms(config, ledger), *journal_alarms(repository, ledger)

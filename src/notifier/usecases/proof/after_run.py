"""What a run does last of all: let go whose time is over, and have the journal's head stamped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from notifier.usecases.proof.anchor import anchor_alarms

if TYPE_CHECKING:
    from notifier.alarms import Alarm
    from notifier.config import Config
    from notifier.ledger import Ledger


def after_run(config: Config, ledger: Ledger, now: datetime) -> tuple[Alarm, ...]:
    """By the config, each off by default."""
    days = config.retention.days_after_effect
    if days is not None:
        today = now.astimezone(config.posting_zone).date()
        for notice_id in ledger.retention.due(today - timedelta(days=days)):
            ledger.retention.retire(notice_id, now)
    return anchor_alarms(config, ledger)

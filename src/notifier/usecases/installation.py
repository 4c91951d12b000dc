"""`Installation`: one installation's concrete parts, as `bootstrap` puts them together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.usecases.standings import Records, read_records

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.mail import Mailer
    from notifier.repository import Repository
    from notifier.usecases.deliver import Progress

OnStep = Callable[[str], None]
"""Told the name of each step when it is done: for logs, and for tests that kill a run there."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything that a run works with, open."""

    config: Config
    repository: Repository
    ledger: Ledger
    mailer: Mailer
    templates: Path
    now: Callable[[], datetime]
    on_step: OnStep = lambda _: None
    on_progress: Callable[[Progress], None] = lambda _: None
    should_stop: Callable[[], bool] = lambda: False
    check_lock: Callable[[], None] = lambda: None
    """Raises LedgerError where another run may have begun meanwhile."""

    @property
    def today(self) -> date:
        """Where the company is."""
        return self.now().astimezone(self.config.posting_zone).date()

    def records(self) -> Records:
        """Git and the ledger as they are now."""
        return read_records(self.config, self.repository, self.ledger, self.now())

"""`--is-alive` of what runs for long: what a supervisor asks, which kills and starts anew whatever hangs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notifier.cli.frame import say
from notifier.errors import LedgerError, in_a_line

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger.cluster.processes import ProcessRole

alive_option = click.option(
    "--is-alive",
    "asks_alive",
    is_flag=True,
    help="For probes: exit 1 where none on this machine has given a sign of life in ten minutes, and end.",
)


def answer_alive(config: Config, role: ProcessRole) -> int:
    """A ledger that is away says nothing of the process, which goes on by itself once it is back."""
    from notifier.bootstrap import open_ledger

    try:
        with open_ledger(config, migrates=False) as ledger:
            lives = ledger.processes.lives_here(role, ledger.now())
    except LedgerError as error:
        say(f"nobody can tell: {in_a_line(error)}")
        return 0
    say(f"notifier {role} works here" if lives else f"no notifier {role} on this machine says anything")
    return 0 if lives else 1

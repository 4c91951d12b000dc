"""`--is-alive` and `--gone` of what runs for long.

The one is for a supervisor, which kills and starts anew whatever hangs; the other for a person who took a machine away.
"""

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
gone_option = click.option(
    "--gone",
    "gone_host",
    metavar="HOST",
    help="Say that what was killed on HOST never comes back: it is no alarm any more; and end.",
)


def answer_gone(config: Config, role: ProcessRole, host: str) -> int:
    """One that lives all the same is on record again with its next sign."""
    from notifier.bootstrap import open_ledger

    with open_ledger(config) as ledger:
        gone = ledger.processes.forget(role, host, ledger.now())
        others = sorted({one.host for one in ledger.processes.all(ledger.now()) if one.role == role})
    for one in gone:
        say(f"notifier {role} on {host} (process {one.pid}), last seen {one.seen_at:%Y-%m-%d %H:%M} UTC: forgotten")
    if not gone:
        words = f"on record: {', '.join(others)}" if others else "none is on record"
        say(f"no notifier {role} on {host} has been silent for a minute ({words})")
    return 0 if gone else 1


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

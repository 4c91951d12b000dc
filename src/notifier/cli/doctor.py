"""`notifier doctor`: what is configured, reachable, missing."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from notifier.cli.frame import config_option, json_option, load_config, say, say_json

MARKS = {"well": "ok", "lacking": "--", "broken": "!!"}


@click.command(name="doctor")
@click.option("--online", is_flag=True, help="Ask the mail provider too whether it takes mail from mail.from.")
@config_option
@json_option
def command(online: bool, config_path: Path | None, as_json: bool) -> int:
    """Say what is configured, what can be reached, and what is missing; exit 1 if a run would fail.

    It connects to the mail server, looks at its certificate and logs in, and sends nothing to anybody.
    """
    from notifier import bootstrap
    from notifier.usecases.doctor import Openers, PartHealth, examine

    config = load_config(config_path)
    openers = Openers(
        repository=lambda: bootstrap.open_repository(config),
        ledger=lambda: bootstrap.open_ledger(config, migrates=False),
        mailer=lambda: closing(bootstrap.make_mailer(config)),
    )
    found = []
    for finding in examine(config, openers, datetime.now(UTC), asks_sender=online):
        found.append(finding)
        if not as_json:
            say(f"{MARKS[finding.health]}  {finding.part:9}  {finding.says}")
    is_well = all(finding.health is not PartHealth.BROKEN for finding in found)
    if as_json:
        parts = [{"part": finding.part, "health": finding.health, "says": finding.says} for finding in found]
        say_json({"is_well": is_well, "parts": parts})
    return 0 if is_well else 1

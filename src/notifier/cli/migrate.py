"""`notifier migrate`: the ledger's schema to that of this version, or what that would be."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import config_option, json_option, load_config, say, say_json
from notifier.plurals import counted

if TYPE_CHECKING:
    from notifier.ledger.database import Database
    from notifier.ledger.migrations.steps import SchemaStep


@click.command(name="migrate")
@click.option("--dry-run", "is_dry", is_flag=True, help="Change nothing; exit 1 where something is pending.")
@click.option("--sql", "is_sql", is_flag=True, help="Print the SQL of it, to read before or to have run by others.")
@click.option("--wait", "wait_s", type=click.FloatRange(min=0), default=60.0, metavar="SECONDS", show_default=True,
              help="How long each step is tried while others hold its tables.")  # fmt: skip
@config_option
@json_option
def command(is_dry: bool, is_sql: bool, wait_s: float, config_path: Path | None, as_json: bool) -> int:
    """Bring the ledger to the schema of this version, while others use it.

    Each step waits two seconds for its tables, and is tried again. Processes of the version before go on beside it; one
    that is too old stops, and says why. Whatever opens the ledger does the same by itself.
    """
    from notifier.ledger.cluster.jobs import install_jobs
    from notifier.ledger.database import HEAD, Database

    with closing(Database.unprepared(load_config(config_path).ledger_url)) as database:
        version, began = database.schema(), time.monotonic()
        steps = database.pending(version)
        if is_sql:
            _print_sql(database, version)
            return 0
        if not is_dry and steps:
            database.migrate(version, wait_s)
        if not is_dry:
            with database.write() as connection:
                install_jobs(connection)
    if as_json:
        said = [{"version": one.version, "says": one.says, "compatible_since": one.compatible_since} for one in steps]
        is_at = version if is_dry else max(version or "", HEAD)
        say_json({"schema": is_at, "newest": HEAD, "was": version, "steps": said})
    else:
        _tell(version, max(version or "", HEAD), steps, is_dry=is_dry, took_s=time.monotonic() - began)
    return 1 if is_dry and steps else 0


def _print_sql(database: Database, version: str | None) -> None:
    from notifier.ledger.journal.touched_rows import trigger_statements
    from notifier.ledger.migrations.live import script

    if database.is_sqlite:
        triggers: list[str] = []
    else:
        with database.read() as connection:
            triggers = list(trigger_statements(connection))
    for piece in script(database.dialect, version, triggers):
        say(piece)


def _tell(version: str | None, newest: str, steps: tuple[SchemaStep, ...], *, is_dry: bool, took_s: float) -> None:
    if not steps:
        say(f"nothing to do: the ledger has schema {newest}")
        return
    for step in steps:
        say(f"{step.version}  {step.says}")
    oldest = max(step.compatible_since for step in steps)
    those_of = f"those of {oldest} and newer go on beside it, " if oldest < newest else ""
    beside = f"; {those_of}processes that are older end and say why"
    if is_dry:
        say(f"{counted(len(steps), 'step')} from schema {version or 'none'} to {newest} pending{beside}")
    else:
        say(f"from schema {version or 'none'} to {newest} in {took_s:.1f} s{beside}")

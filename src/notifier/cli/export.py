"""`notifier export notice ID`: everybody whom a notice was for, before their rows go."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from notifier.cli import suggestions
from notifier.cli.frame import UncutGroup, config_option, json_option, load_config, say, say_json
from notifier.plurals import counted


@click.group(name="export", cls=UncutGroup)
def command() -> None:
    """Write to a file what the ledger will not keep for ever."""


@command.command(name="notice")
@click.argument("notice_id", metavar="ID", shell_complete=suggestions.notices)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file: .csv, or .parquet with pyarrow.")
@click.option("--drop", is_flag=True, help="Then take them out of the ledger; only of a notice that is over.")
@config_option
@json_option
def notice(notice_id: str, out: Path, drop: bool, config_path: Path | None, as_json: bool) -> int:
    """Write everybody whom the notice was for, what became of it, and what proves their place in the journal.

    `retention.days_after_effect` takes these rows away in the end, --drop at once. The journal keeps the hash of the
    file; how many were reached stays on record.
    """
    from notifier.bootstrap import open_ledger, open_repository
    from notifier.usecases.proof.export import export_notice

    config = load_config(config_path)
    with open_repository(config) as repository, open_ledger(config) as ledger:
        count = export_notice(ledger, notice_id, out, by=repository.identity()[0])
        if drop:
            ledger.retention.retire(notice_id, datetime.now(UTC))
    if as_json:
        say_json({"file": str(out.absolute()), "rows": count})
    else:
        say(f"{out}: {counted(count, 'recipient')}{', no longer in the ledger' if drop else ''}")
    return 0

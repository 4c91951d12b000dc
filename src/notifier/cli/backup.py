"""`notifier backup FILE`: a copy of the ledger, made while it is in use."""

from __future__ import annotations

from pathlib import Path

import click

from notifier.cli.frame import config_option, json_option, load_config, say, say_json


@click.command(name="backup")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@config_option
@json_option
def command(file: Path, config_path: Path | None, as_json: bool) -> int:
    """Copy the ledger into FILE as it is at one moment, whatever runs meanwhile; `notifier restore` brings it back.

    One SQLite file, also of a ledger on PostgreSQL. It holds customers' addresses, and only its owner can read it.
    """
    from notifier.bootstrap import open_ledger
    from notifier.ledger.evidence.ledger_copy import copy_ledger
    from notifier.state import state_folder
    from notifier.usecases.receipt_key import FILE

    config = load_config(config_path)
    key = state_folder(config.root) / FILE
    with open_ledger(config) as ledger:
        size = copy_ledger(ledger.database, file)
        head = ledger.journal.head()
    if as_json:
        say_json({"file": str(file.absolute()), "bytes": size, "head": {"number": head.number, "hash": head.hash}})
    else:
        say(f"{file}: {size:,} bytes, with the journal up to about entry {head.number}")
        if key.exists():
            say(f"not in it: {key}, which signs receipts; keep a copy of that apart from backups")
    return 0

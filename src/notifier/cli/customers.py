"""`notifier customers`: the roster of whom the company must tell."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import config_option, counted, json_option, load_config, note, progress, say, say_json, table

if TYPE_CHECKING:
    from notifier.core.delivery import Customer
    from notifier.pipeline.roster import RosterImported

HEADERS = ("id", "email", "name", "language", "tags")


@click.group(name="customers")
def command() -> None:
    """Import, export, list or forget customers."""


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@config_option
@json_option
def import_(file: Path, config_path: Path | None, as_json: bool) -> int:
    """Bring in customers from a CSV FILE (- for standard input), again and again without doubles.

    Columns: email and, if you have them, name, language, tags, id; comma or semicolon between them. Rows are known
    again by id, else by address. A bad row is named on stderr and does not stop the others; exit 1 if there is any.
    """
    from notifier.ledger import Ledger
    from notifier.pipeline.roster import import_roster, import_roster_file

    config = load_config(config_path)
    with Ledger.open(config.ledger_url) as ledger, progress("importing") as on_progress:
        if str(file) == "-":
            lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="surrogateescape", newline="")
            imported = import_roster(ledger, lines, "-", on_progress=lambda done: on_progress(done, None))
        else:
            imported = import_roster_file(ledger, file, on_progress=on_progress)
    return _tell_import(imported, file, as_json=as_json)


def _tell_import(imported: RosterImported, file: Path, *, as_json: bool) -> int:
    for bad in imported.bad_rows:
        note(bad)
    if as_json:
        counts = {"added": imported.added, "changed": imported.changed, "unchanged": imported.unchanged}
        say_json({**counts, "bad_rows": list(imported.bad_rows)})
    else:
        say(
            f"{file}: {imported.added:,} new, {imported.changed:,} changed, {imported.unchanged:,} as before, "
            f"{counted(len(imported.bad_rows), 'bad row')}"
        )
    return 1 if imported.bad_rows else 0


@command.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default="-")
@config_option
@json_option
def export(file: Path, config_path: Path | None, as_json: bool) -> None:
    """Write all customers as CSV to FILE (or standard output), as `import` reads it; safe in a spreadsheet."""
    from notifier.ledger import Ledger
    from notifier.pipeline.roster import export_roster, export_roster_file

    config = load_config(config_path)
    with Ledger.open(config.ledger_url) as ledger:
        if as_json:
            say_json([_as_json(customer) for customer in ledger.customers()])
        elif str(file) == "-":
            export_roster(ledger.customers(), sys.stdout)
        else:
            note(f"{file}: {counted(export_roster_file(ledger.customers(), file), 'customer')}")


@command.command(name="list")
@config_option
@json_option
def list_(config_path: Path | None, as_json: bool) -> None:
    """List all customers, in the order in which they came."""
    from notifier.ledger import Ledger

    config = load_config(config_path)
    with Ledger.open(config.ledger_url) as ledger:
        customers = list(ledger.customers())
    if as_json:
        return say_json([_as_json(customer) for customer in customers])
    if not customers:
        return say("no customers yet: notifier customers import FILE")
    return say(table(HEADERS, [_cells(customer) for customer in customers]))


@command.command()
@click.argument("key", metavar="ID|ADDRESS")
@config_option
@json_option
def forget(key: str, config_path: Path | None, as_json: bool) -> None:
    """Erase a customer's data everywhere; that a notice went out stays on record, but not to whom."""
    from notifier.ledger import Ledger

    config = load_config(config_path)
    with Ledger.open(config.ledger_url) as ledger:
        erased = ledger.forget_customer(key, datetime.now(UTC))
    if as_json:
        return say_json({"records_erased": erased})
    say(f"forgotten: no name and no address in {counted(erased, 'record')} any more")
    if any(config.outbox_dir.rglob("*.eml")):
        note(f"letters written before stay as they are in {config.outbox_dir}")
    if config.customers_file is not None:
        note(f"take the row out of {config.customers_file} too, else the next run brings it back")
    return None


def _as_json(customer: Customer) -> dict[str, object]:
    tags = sorted(customer.tags)
    values = (customer.customer_id, customer.email, customer.name, customer.language, tags)
    return dict(zip(HEADERS, values, strict=True))


def _cells(customer: Customer) -> tuple[object, ...]:
    return tuple(" ".join(value) if isinstance(value, list) else value for value in _as_json(customer).values())

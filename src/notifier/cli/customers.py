"""`notifier customers`: the roster of whom the company must tell."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli import suggestions
from notifier.cli.frame import (
    UncutGroup,
    config_option,
    confirm,
    json_option,
    load_config,
    note,
    progress,
    say,
    say_json,
    table,
)
from notifier.cli.status import joined_json, told_of_joined
from notifier.errors import Refused, RepositoryError
from notifier.plurals import counted

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.ledger.types import CustomerDelivery
    from notifier.notice.delivery import Customer
    from notifier.usecases.audience import Joined
    from notifier.usecases.customers import RosterImported, RosterPreview
    from notifier.usecases.roster_file import RosterReading

HEADERS = ("id", "email", "name", "language", "tags")
MOST_COUNTED = 20
FATE_HEADERS = ("notice", "status", "accepted", "language", "subject", "remark")


@click.group(name="customers", cls=UncutGroup)
def command() -> None:
    """Import, export, list, show, suppress or forget customers."""


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), required=False)
@click.option("--map", "maps", multiple=True, metavar="ROLE=COLUMN", help="As in email=Mail,name=Contact.")
@click.option("--encoding", metavar="NAME", help="Default: UTF-8, UTF-16 or Windows-1252, as its bytes say.")
@click.option("--replace", "is_whole", is_flag=True, help="It is the whole roster: who is not in it has left.")
@click.option("--yes", is_flag=True, help="Also where more than a fifth would leave, without asking.")
@click.option("--records-differ", is_flag=True, help="Also where git and the ledger tell different stories.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Show the first ten and what would change; change nothing.")
@config_option
@json_option
def import_(
    file: Path | None,
    maps: tuple[str, ...],
    encoding: str | None,
    is_whole: bool,
    yes: bool,
    records_differ: bool,
    is_dry: bool,
    config_path: Path | None,
    as_json: bool,
) -> int:
    """Bring in customers from a CSV FILE (- for standard input), again and again without doubles.

    Without FILE, the whole list that the config names: customers.file, or what customers.query asks of customers.url.
    Columns: email and, if you have them, name (or first and last name), language, tags, id, under these names or those
    that other programs give them; which, is said. Rows are known again by id, else by address. A bad row is named on
    stderr and does not stop the others; exit 1 if there is any.
    """
    from notifier.ledger import Ledger
    from notifier.ledger.by_set.departures import Leaving
    from notifier.usecases.audience import not_reached_yet
    from notifier.usecases.customers import import_roster, look_at_roster, refuse_losing_many

    config = load_config(config_path)
    opened = _opener(config, file, maps, encoding)
    whose, is_whole = Leaving.FROM_FILE if file is None else Leaving.ANYBODY, is_whole or file is None
    now = datetime.now(UTC)
    with Ledger.open(config.ledger_url) as ledger, progress("importing") as on_progress:
        if not (is_dry or records_differ):
            _check_ledger(config, ledger)
        if is_dry or (is_whole and not yes):
            with opened() as reading:
                seen = look_at_roster(ledger, reading, whose=whose)
            if is_dry:
                return _tell_import(seen.imported, reading.name, as_json=as_json, seen=seen, is_whole=is_whole)
            refuse_losing_many(ledger, seen.imported.left)
        with opened() as reading:
            imported = import_roster(
                ledger, reading, on_progress=lambda done: on_progress(done, reading.lines_in_all),
                whole_at=now if is_whole else None, whose=whose, is_marked=True,
            )  # fmt: skip
        today, is_news = now.astimezone(config.posting_zone).date(), imported.added or imported.changed
        untold = tuple(not_reached_yet(ledger, today)) if is_news else ()
    return _tell_import(imported, reading.name, untold, as_json=as_json, is_whole=is_whole)


def _check_ledger(config: Config, ledger: Ledger) -> None:
    from notifier.bootstrap import open_repository
    from notifier.usecases.two_records import check_ledger_is_ours

    with contextlib.suppress(RepositoryError), open_repository(config) as repository:
        check_ledger_is_ours(repository, ledger, config.page_dir)


def _opener(
    config: Config, file: Path | None, maps: Sequence[str], encoding: str | None
) -> Callable[[], AbstractContextManager[RosterReading]]:
    """What opens the list that is meant, as often as it must be read."""
    from notifier.notice.roster_columns import read_map
    from notifier.usecases.customers import open_configured
    from notifier.usecases.roster_file import open_roster

    if file is not None:
        source = io.BytesIO(sys.stdin.buffer.read()) if str(file) == "-" else file
        return partial(open_roster, source, mapped=read_map(maps), encoding=encoding)
    if maps or encoding:
        raise click.UsageError("--map and --encoding are for a FILE; in the config: customers.map, .encoding")
    return partial(open_configured, config)


def _tell_import(
    imported: RosterImported,
    name: str,
    untold: Joined = (),
    *,
    as_json: bool,
    seen: RosterPreview | None = None,
    is_whole: bool,
) -> int:
    """`seen`: what was only looked at, where nothing was changed."""
    for line in (*imported.remarks, *imported.bad_rows):
        note(line)
    if is_whole and imported.bad_rows:
        note(f"{name}: nobody is let go while a row is bad: nobody knows who stands there")
    if as_json:
        say_json(_import_json(imported, untold, seen, is_whole=is_whole))
        return 1 if imported.bad_rows else 0
    if seen and seen.first:
        say(table(HEADERS, [_cells_of(_masked(customer)) for customer in seen.first]) + "\n")
        say(f"languages: {_counted(seen.languages, 'none given')}\ntags: {_counted(seen.tags, 'none')}\n")
    gone = f", {imported.left:,} {'would leave' if seen else 'gone'}" if is_whole else ""
    say(
        f"{name}: {imported.added:,} new, {imported.changed:,} changed, {imported.unchanged:,} as before{gone}, "
        f"{counted(len(imported.bad_rows), 'bad row')}{'; nothing was changed' if seen else ''}"
    )
    for line in told_of_joined(untold):
        say(line)
    return 1 if imported.bad_rows else 0


def _counted(counts: Mapping[str, int], nothing: str) -> str:
    """The most frequent first."""
    order = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    shown = [f"{name or nothing} {count:,}" for name, count in order[:MOST_COUNTED]]
    return (
        ", ".join(shown) + (f" and {len(order) - MOST_COUNTED:,} more" if len(order) > MOST_COUNTED else "") or nothing
    )


def _import_json(
    imported: RosterImported,
    untold: Joined,
    seen: RosterPreview | None,
    *,
    is_whole: bool,
) -> dict[str, object]:
    return {
        "added": imported.added,
        "changed": imported.changed,
        "unchanged": imported.unchanged,
        "gone": imported.left if is_whole else 0,
        "bad_rows": list(imported.bad_rows),
        "remarks": list(imported.remarks),
        "not_reached_by": joined_json(untold),
        "dry_run": seen is not None,
        "first": [_masked(customer) for customer in seen.first] if seen else [],
        "languages": dict(sorted(seen.languages.items())) if seen else {},
        "tags": dict(sorted(seen.tags.items())) if seen else {},
    }


def _masked(customer: Customer) -> dict[str, object]:
    """Enough to see that the columns are right, and not whom it is about."""
    local, _, domain = customer.email.rpartition("@")
    name = " ".join(f"{word[:1]}…" for word in customer.name.split())
    own_id = f"{customer.customer_id[:2]}…" if len(customer.customer_id) > 2 else customer.customer_id
    return _as_json(customer) | {"id": own_id, "email": f"{local[:1]}…@{domain}", "name": name}


@command.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default="-")
@config_option
@json_option
def export(file: Path, config_path: Path | None, as_json: bool) -> None:
    """Write all customers as CSV to FILE (or standard output), as `import` reads it; safe in a spreadsheet."""
    from notifier.ledger import Ledger
    from notifier.usecases.customers import export_roster, export_roster_file

    config = load_config(config_path)
    with Ledger.open(config.ledger_url) as ledger:
        if as_json:
            say_json([_as_json(customer) for customer in ledger.roster.customers()])
        elif str(file) == "-":
            export_roster(ledger.roster.customers(), sys.stdout)
        else:
            note(f"{file}: {counted(export_roster_file(ledger.roster.customers(), file), 'customer')}")


@command.command(name="list")
@config_option
@json_option
def list_(config_path: Path | None, as_json: bool) -> None:
    """List all customers, in the order in which they came."""
    from notifier.ledger import Ledger

    config = load_config(config_path)
    with Ledger.open(config.ledger_url) as ledger:
        customers = list(ledger.roster.customers())
    if as_json:
        return say_json([_as_json(customer) for customer in customers])
    if not customers:
        return say("no customers yet: notifier customers import FILE")
    return say(table(HEADERS, [_cells(customer) for customer in customers]))


@command.command()
@click.argument("key", metavar="ID|ADDRESS", shell_complete=suggestions.customers)
@config_option
@json_option
def show(key: str, config_path: Path | None, as_json: bool) -> int:
    """Show one customer, and what became of every notice to them; exit 1 where there is nothing to show."""
    from notifier.ledger import Ledger

    config = load_config(config_path)
    with Ledger.open(config.ledger_url) as ledger:
        customer = ledger.roster.customer(key)
        left_at = ledger.roster.left_at(customer.customer_id) if customer else None
        suppressed = ledger.roster.suppressed(customer.email if customer else key)
        fates = ledger.deliveries.of_customer(customer.customer_id if customer else key)
    if as_json:
        shown = {"customer": _as_json(customer) if customer else None, "left_at": left_at}
        say_json({**shown, "suppressed": list(suppressed), "notices": [_fate_json(fate) for fate in fates]})
    else:
        say(table(HEADERS, [_cells(customer)]) if customer else f"{key}: not on the roster")
        if left_at:
            say(f"left the roster on {left_at:%Y-%m-%d}: told nothing any more")
        if suppressed:
            say(f"suppressed: {', '.join(suppressed)}")
        say(table(FATE_HEADERS, [_fate_cells(fate) for fate in fates]) if fates else "no notice was to reach them")
    return 0 if customer or fates else 1


@command.command()
@click.argument("address")
@click.option("--lift", is_flag=True, help="Write to it again.")
@click.option("--yes", is_flag=True, help="Also an address that nobody on the roster has, without asking.")
@config_option
@json_option
def suppress(address: str, lift: bool, yes: bool, config_path: Path | None, as_json: bool) -> None:
    """Write to ADDRESS no more, not even a mandatory notice: each one counts it as not reached.

    An address that nobody on the roster has is asked about first: it may be mistyped.
    """
    from notifier.ledger import Ledger
    from notifier.notice.customer_csv import fault_of_address
    from notifier.notice.delivery import SuppressionReason

    config = load_config(config_path)
    with Ledger.open(config.ledger_url) as ledger:
        if not lift and (wrong := fault_of_address(address)):
            raise Refused(f"{address}: {wrong}: nothing is suppressed")
        if not lift and not yes and ledger.roster.customer(address) is None:
            confirm(f"nobody on the roster has the address {address}", "suppress it all the same")
        if lift:
            ledger.roster.unsuppress(address)
        else:
            ledger.roster.suppress(address, SuppressionReason.MANUAL, datetime.now(UTC), source="operator")
        suppressed = ledger.roster.suppressed(address)
    if as_json:
        return say_json({"suppressed": list(suppressed)})
    return say("suppressed: nothing is sent there" if suppressed else "not suppressed: notices go there")


@command.command()
@click.argument("keys", metavar="ID|ADDRESS...", nargs=-1, required=True, shell_complete=suggestions.customers)
@config_option
@json_option
def forget(keys: tuple[str, ...], config_path: Path | None, as_json: bool) -> None:
    """Erase customers' data everywhere; that a notice went out stays on record, but not to whom."""
    from notifier.ledger import Ledger
    from notifier.state import state_folder
    from notifier.usecases.customers import forget_all

    config = load_config(config_path)
    with Ledger.open(config.ledger_url) as ledger:
        erased = forget_all(ledger, keys, datetime.now(UTC))
    if as_json:
        return say_json({"records_erased": erased})
    say(f"forgotten: no name and no address in {counted(erased, 'record')} any more")
    if any(config.outbox_dir.rglob("*.eml")):
        note(f"letters written before stay as they are in {config.outbox_dir}")
    for copy in sorted(state_folder(config.root).glob("ledger-*-*")):
        note(f"what restore kept of before still names them; delete it when you can: {copy}")
    if where := config.customers_file or (config.customers.query and "what customers.query reads"):
        note(f"take the row out of {where} too, else the next run brings it back")
    return None


def _as_json(customer: Customer) -> dict[str, object]:
    tags = sorted(customer.tags)
    values = (customer.customer_id, customer.email, customer.name, customer.language, tags)
    return dict(zip(HEADERS, values, strict=True))


def _fate_json(fate: CustomerDelivery) -> dict[str, object]:
    return {
        "notice_id": fate.notice_id,
        "status": fate.status,
        "accepted_at": fate.accepted_at and fate.accepted_at.isoformat(),
        "language": fate.language,
        "subject": fate.subject,
        "reason": fate.reason,
        "possible_duplicate": fate.is_possible_duplicate,
    }


def _fate_cells(fate: CustomerDelivery) -> tuple[object, ...]:
    accepted = f"{fate.accepted_at:%Y-%m-%d %H:%M:%S} UTC" if fate.accepted_at else ""
    remark = "perhaps twice" if fate.is_possible_duplicate else ""
    return fate.notice_id, fate.status, accepted, fate.language, fate.subject, fate.reason or remark


def _cells(customer: Customer) -> tuple[object, ...]:
    return _cells_of(_as_json(customer))


def _cells_of(values: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(" ".join(value) if isinstance(value, list) else value for value in values.values())

"""`notifier people`: who acknowledged or accepted what, who has yet to, and the receipts of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from notifier.cli import suggestions
from notifier.cli.frame import (
    UncutGroup,
    config_option,
    json_option,
    load_config,
    say,
    say_json,
    say_json_list,
    table,
)
from notifier.plurals import counted

if TYPE_CHECKING:
    from notifier.ledger.people.receipt import StoredAcceptance
    from notifier.usecases.people import PersonStanding

STATUSES = ("accepted", "acknowledged", "outdated", "none")
HEADERS = ("person", "policy", "status", "required", "by")
SAID_HEADERS = ("posting", "method", "at", "receipt")


@click.group(name="people", cls=UncutGroup)
def command() -> None:
    """List who stands where with what postings ask, show one, import what was accepted before, check a receipt."""


@command.command(name="list")
@click.option("--outdated", "is_outdated", is_flag=True, help="Only those whom a later text asks anew.")
@click.option("--status", "statuses", multiple=True, type=click.Choice(STATUSES), help="Only those who stand so.")
@click.option("--policy", metavar="POLICY", shell_complete=suggestions.policies, help="Only with this one.")
@config_option
@json_option
def list_(
    is_outdated: bool, statuses: tuple[str, ...], policy: str | None, config_path: Path | None, as_json: bool
) -> None:
    """List every customer with each policy that is theirs, by id: where they stand, what is asked, and by when."""
    from notifier.bootstrap import open_ledger, open_repository, utc_now
    from notifier.policy.agreement import AgreementStatus
    from notifier.usecases.people import known_askings, narrowed, people_standings
    from notifier.usecases.standings import read_records

    config = load_config(config_path)
    wanted = {*statuses, *(("outdated",) if is_outdated else ())} or set(STATUSES)
    with open_repository(config) as repository, open_ledger(config) as ledger:
        policies = narrowed(known_askings(read_records(config, repository, ledger, utc_now())), policy)
        found = people_standings(ledger, policies, statuses=frozenset(map(AgreementStatus, wanted)))
        if as_json:
            return say_json_list(map(_as_json, found))
        rows = [_cells(one) for one in found]
    return say(table(HEADERS, rows) if rows else "nobody")


@command.command()
@click.argument("key", metavar="ID|ADDRESS", shell_complete=suggestions.customers)
@config_option
@json_option
def show(key: str, config_path: Path | None, as_json: bool) -> None:
    """Show where one customer stands, and everything that they said."""
    from notifier.bootstrap import open_ledger, open_repository, utc_now
    from notifier.usecases.people import known_askings, show_person
    from notifier.usecases.standings import read_records

    config = load_config(config_path)
    with open_repository(config) as repository, open_ledger(config) as ledger:
        policies = known_askings(read_records(config, repository, ledger, utc_now()))
        person, standings, said = show_person(ledger, policies, key)
    if as_json:
        receipts = [_receipt_json(one) for one in said]
        return say_json({"person": person, "standings": [*map(_as_json, standings)], "acceptances": receipts})
    say(table(HEADERS, [_cells(one) for one in standings]) if standings else f"{person}: no policy is theirs")
    return say("\n" + table(SAID_HEADERS, [_said_cells(one) for one in said]) if said else "\nnothing was accepted")


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", "is_dry", is_flag=True, help="Say what would be written down; write nothing.")
@config_option
@json_option
def import_(file: Path, is_dry: bool, config_path: Path | None, as_json: bool) -> None:
    """Bring in acceptances kept elsewhere, from a CSV FILE: all of it, or nothing where a row is wrong.

    Columns: person (a customer's id, or their address), policy, posting (its tag or version), at (with its zone) and,
    if you have them, text_sha256 and method. The same file again adds nothing.
    """
    from notifier.bootstrap import open_ledger, open_repository, utc_now
    from notifier.usecases.acceptance_csv import import_acceptances
    from notifier.usecases.posted_texts import PostedTexts
    from notifier.usecases.publish import site_of
    from notifier.usecases.receipt_key import open_signer

    config, now = load_config(config_path), utc_now()
    zone = config.posting_zone
    with open_repository(config) as repository, open_ledger(config) as ledger:
        texts = PostedTexts(site_of(config, repository, ledger, today=now.astimezone(zone).date()))
        signer = open_signer(config.root, ledger, now)
        done = import_acceptances(ledger, texts, file, signer, now, zone, is_dry=is_dry)
    if as_json:
        return say_json({"added": done.added, "known": done.known, "dry_run": is_dry})
    would = "would be written down; nothing was" if is_dry else "written down"
    return say(f"{file}: {counted(done.added, 'acceptance')} {would}, {done.known:,} known before")


@command.command()
@click.argument("file", type=click.File(encoding="utf-8"))
@config_option
@json_option
def receipt(file: TextIO, config_path: Path | None, as_json: bool) -> int:
    """Check a receipt, as its page gives it as a FILE: exit 1 where it is not what was signed."""
    from notifier.errors import Refused
    from notifier.ledger import Ledger
    from notifier.usecases.receipt_key import receipt_fault

    try:
        said = json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise Refused(f"{file.name}: no JSON") from error
    config = load_config(config_path)
    with Ledger.open(config.ledger_url) as ledger:
        fault = receipt_fault(said, dict(ledger.receipt_keys.all()))
    if as_json:
        say_json({"is_genuine": not fault, "fault": fault or None})
    else:
        say(f"{file.name}: {fault or 'genuine: it says what was signed here'}")
    return 1 if fault else 0


def _as_json(one: PersonStanding) -> dict[str, object]:
    standing = one.standing
    values = (one.person, one.policy_id, standing.status.value, standing.required.value, _day(one))
    return dict(zip(HEADERS, values, strict=True))


def _cells(one: PersonStanding) -> tuple[object, ...]:
    return tuple(_as_json(one).values())


def _day(one: PersonStanding) -> str | None:
    return one.standing.by.isoformat() if one.standing.by else None


def _receipt_json(one: StoredAcceptance) -> dict[str, object]:
    return {
        "policy": one.policy_id,
        "posting": one.tag,
        "text_sha256": one.text_sha256,
        "language": one.language,
        "method": one.method.value,
        "at": one.at,
        "recorded_at": one.recorded_at,
        "receipt": one.receipt_id,
    }


def _said_cells(one: StoredAcceptance) -> tuple[object, ...]:
    return one.tag, one.method.value, f"{one.at:%Y-%m-%d %H:%M:%S} UTC", one.receipt_id

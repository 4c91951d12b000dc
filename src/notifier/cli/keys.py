"""`notifier keys`: who may use the interface for applications."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import UncutGroup, config_option, json_option, load_config, note, say, say_json, table

if TYPE_CHECKING:
    from notifier.ledger.people.api_keys import ApiKey

HEADERS = ("id", "name", "scopes", "created", "revoked")


@click.group(name="keys", cls=UncutGroup)
def command() -> None:
    """Create, list or revoke keys to the interface for applications."""


@command.command()
@click.option("--name", default="", help="Whose it is, for the list.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(("read", "write")),
    help="What it may do; default: both. Read: standings and histories. Write: acceptances.",
)
@config_option
@json_option
def create(name: str, scopes: tuple[str, ...], config_path: Path | None, as_json: bool) -> None:
    """Make a key and show it, once: it is kept as a hash. It belongs into a server, never into a browser."""
    from notifier.ledger import Ledger
    from notifier.ledger.people.api_keys import Scope

    config = load_config(config_path)
    with Ledger.open(config.ledger_url) as ledger:
        made, shown = ledger.api_keys.create(name, [Scope(one) for one in scopes or ("read", "write")], _now())
    if as_json:
        return say_json({**_as_json(made), "key": shown})
    say(shown)
    return note(f"key {made.key_id} ({' '.join(sorted(made.scopes))}): keep it now, it is shown only this once")


@command.command(name="list")
@config_option
@json_option
def list_(config_path: Path | None, as_json: bool) -> None:
    """List all keys, revoked ones too; never a key itself."""
    from notifier.ledger import Ledger

    config = load_config(config_path)
    with Ledger.open(config.ledger_url) as ledger:
        found = ledger.api_keys.all()
    if as_json:
        return say_json([_as_json(one) for one in found])
    if not found:
        return say("no keys yet: notifier keys create")
    return say(table(HEADERS, [_cells(one) for one in found]))


@command.command()
@click.argument("key", metavar="ID")
@config_option
@json_option
def revoke(key: str, config_path: Path | None, as_json: bool) -> None:
    """The key that `list` calls ID opens nothing from now on."""
    from notifier.ledger import Ledger

    config = load_config(config_path)
    with Ledger.open(config.ledger_url) as ledger:
        revoked = ledger.api_keys.revoke(key, _now())
    if as_json:
        return say_json(_as_json(revoked))
    return say(f"{revoked.key_id}: revoked")


def _now() -> datetime:
    return datetime.now(UTC)


def _as_json(key: ApiKey) -> dict[str, object]:
    kept = key._asdict()
    return {"id": kept.pop("key_id"), **kept, "scopes": sorted(key.scopes)}


def _cells(key: ApiKey) -> tuple[object, ...]:
    revoked = f"{key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else None
    return key.key_id, key.name, " ".join(sorted(key.scopes)), f"{key.created_at:%Y-%m-%d %H:%M}", revoked

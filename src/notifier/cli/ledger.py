"""`notifier ledger move URL`: the ledger from SQLite to PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import UncutGroup, config_option, json_option, load_config, say, say_json, stages
from notifier.cli.verify import look_at_tiers, tier_json

if TYPE_CHECKING:
    from notifier.ledger.evidence.ledger_move import MovedLedger
    from notifier.usecases.move_ledger import LedgerPlace


@click.group(name="ledger", cls=UncutGroup)
def command() -> None:
    """Carry the record of who was told to another database."""


@command.command(name="move")
@click.argument("url", metavar="URL")
@config_option
@json_option
def move(url: str, config_path: Path | None, as_json: bool) -> int:
    """Carry the ledger from SQLite to the PostgreSQL database at URL, journal and all, and verify it there.

    Nothing is sent or written meanwhile. All is compared before it counts; the file here stays, marked as moved, so
    that nobody goes on with it. After a kill run it again. A database that holds something else is refused. Exit 1
    where the ledger, once there, does not hold against git or pages.
    """
    from notifier.bootstrap import locked, open_ledger
    from notifier.usecases.move_ledger import at_target, is_moved, move_ledger, place_of

    config = load_config(config_path)
    target = at_target(config, url)
    place, moved = place_of(config, target), None
    if not is_moved(config, place):
        with locked(config), open_ledger(config) as source, stages() as on_stage:
            moved = move_ledger(source, lambda: open_ledger(target), place, on_stage)
    if not as_json:
        _tell(moved, place)
    tiers = look_at_tiers(target, as_json=as_json)
    holds = all(one.holds is not False for one in tiers)
    if as_json:
        rows = (
            [{"table": name, "rows": one.rows, "digest": one.hex} for name, one in moved.tables.items()]
            if moved
            else []
        )
        say_json(
            {"holds": holds, "url": place.url, "key": place.key, "tables": rows, "tiers": list(map(tier_json, tiers))}
        )
    else:
        say("\n" + "\n".join(place.lines))
    return 0 if holds else 1


def _tell(moved: MovedLedger | None, place: LedgerPlace) -> None:
    if moved is None:
        say(f"it was moved to {place.url} before")
        return
    for name, found in moved.tables.items():
        if found.rows:
            say(f"{name:14}  {found.rows:>12,}  {found.hex[:12]}")
    anew = "; what an earlier move had left there was replaced" if moved.is_anew else ""
    say(f"moved to {place.url}: the journal up to entry {moved.head.number:,}, every row compared{anew}\n")

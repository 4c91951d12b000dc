"""What the shell offers at a press of Tab: policies, notices, customers' ids. It only looks, and never complains."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from notifier.ledger import Ledger

MOST = 50
"""More than that nobody reads; who types a letter more gets others."""


def policies(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Ids of policies, from the names of their files: asking git would be felt."""
    from notifier.cli.frame import load_config

    with suppress(Exception):
        folder = load_config(context.params.get("config_path")).policies_dir
        names = (str(path.relative_to(folder))[: -len(".md")] for path in sorted(folder.rglob("*.md")))
        return [name for name in names if "." not in name.rpartition("/")[2] and name.startswith(incomplete)][:MOST]
    return []


def notices(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Ids of notices, newest first."""
    with _ledger(context) as ledger:
        found = [] if ledger is None else [one.notice_id for one in reversed(ledger.notices.all())]
        return [notice_id for notice_id in found if notice_id.startswith(incomplete)][:MOST]


def customers(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Ids of customers; never an address, which would stay in the shell's history."""
    with _ledger(context) as ledger:
        return [] if ledger is None else list(ledger.roster.ids(incomplete, MOST))


@contextmanager
def _ledger(context: click.Context) -> Iterator[Ledger | None]:
    """The ledger where there is one already: Tab makes none."""
    from notifier.cli.frame import load_config

    ledger = None
    with suppress(Exception):
        from notifier.ledger import Ledger

        config = load_config(context.params.get("config_path"))
        file = config.ledger_file
        ledger = Ledger.open(config.ledger_url) if file is None or file.is_file() else None
    try:
        yield ledger
    finally:
        if ledger is not None:
            ledger.close()

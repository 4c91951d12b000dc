"""`notifier publish [DIR]`: write the posted pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import config_option, json_option, load_config, note, progress, say, say_json
from notifier.plurals import counted

if TYPE_CHECKING:
    from notifier.alarms import Alarm


@click.command(name="publish")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), required=False)
@config_option
@json_option
def command(folder: Path | None, config_path: Path | None, as_json: bool) -> int:
    """Write the posted pages into DIR (default: page.path), as static files that any web server can host.

    Only what changed is written, each file whole or not at all. Exit 1, with nothing written, where git and the ledger
    tell different stories of what was posted.
    """
    from notifier.bootstrap import open_ledger, open_repository, utc_now
    from notifier.shipped import templates_for
    from notifier.usecases.alarms import differing
    from notifier.usecases.publish import publish_pages
    from notifier.usecases.two_records import differences

    config = load_config(config_path)
    today = utc_now().astimezone(config.posting_zone).date()
    with (
        open_repository(config) as repository,
        open_ledger(config) as ledger,
        progress("publishing") as on_progress,
    ):
        found = tuple(differing(differences(repository, ledger, config.page_dir)))
        if found:
            return _tell_alarms(found, as_json=as_json)
        published = publish_pages(
            config, repository, ledger, templates_for(config.root), today=today, out=folder, on_progress=on_progress
        )
    out = (folder or config.page_dir).absolute()
    if as_json:
        counts = {"written": published.written, "kept": published.kept, "removed": published.removed}
        say_json({"folder": str(out), **counts, "left_out": dict(published.left_out), "alarms": []})
        return 1 if published.left_out else 0
    say(
        f"{out}: {counted(published.written, 'file')} written, {published.kept:,} as before, "
        f"{published.removed:,} removed"
    )
    for omission in published.omissions:
        note(omission)
    return 1 if published.left_out else 0


def _tell_alarms(alarms: Sequence[Alarm], *, as_json: bool) -> int:
    if as_json:
        counts = {"written": 0, "kept": 0, "removed": 0}
        say_json({"folder": None, **counts, "left_out": {}, "alarms": [alarm.as_json() for alarm in alarms]})
    else:
        for alarm in alarms:
            say(f"alarm: {alarm.text}")
        say("no page was written")
    return 1

"""`notifier import FILE`: a policy from Word, LibreOffice or a web page."""

from __future__ import annotations

from pathlib import Path

import click

from notifier.cli.frame import config_option, json_option, load_config, say, say_json
from notifier.plurals import counted


@click.command(name="import")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--as", "name", metavar="NAME", help="Such as privacy or privacy.de; default: the file's own.")
@config_option
@json_option
def command(source: Path, name: str | None, config_path: Path | None, as_json: bool) -> None:
    """Make a policy in clean Markdown from FILE (.docx, .odt, .html), and name what could not be carried over.

    Nothing is written over, and nothing is committed.
    """
    from notifier.usecases.importing import import_file

    config = load_config(config_path)
    imported = import_file(source, config.policies_dir, name=name)
    if as_json:
        return say_json(
            {
                "path": str(imported.path),
                "title": imported.title,
                "headings": imported.headings,
                "lost": list(imported.lost),
            }
        )
    say(f"{imported.path}: {imported.title}, {counted(imported.headings, 'heading')}")
    for lost in imported.lost:
        say(f"  {lost}")
    return say("read it beside the original, then: notifier check")

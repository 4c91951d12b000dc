"""`notifier init [DIR]`: make an installation."""

from __future__ import annotations

from pathlib import Path

import click

from notifier.cli.frame import json_option, say, say_json

NEXT = """
Next:
  1. config.toml: your company, mail.from and page.url
  2. policies/: your policies instead of the samples; commit them
  3. notifier customers import FILE
  4. notifier run        the first run adopts what is there and mails nobody
"""


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".", required=False)
@json_option
def command(folder: Path, as_json: bool) -> None:
    """Make an installation in DIR (default: here): policies, templates, config.toml, a git repository.

    What is there already stays as it is.
    """
    from notifier.config.tables import PostingConfig
    from notifier.usecases.init import install

    installed = install(folder.absolute(), author=PostingConfig().author)
    if as_json:
        return say_json(
            {
                "root": str(installed.root),
                "made": list(installed.made),
                "kept": list(installed.kept),
                "commit": installed.commit_id,
            }
        )
    say(f"installation in {installed.root}")
    for word, names in (("made", installed.made), ("kept", installed.kept)):
        if names:
            say(f"  {word}   {', '.join(names)}")
    say(
        f"  commit {installed.commit_id[:7]}"
        if installed.commit_id
        else "  the repository has commits: commit what is new"
    )
    return say(NEXT.rstrip())

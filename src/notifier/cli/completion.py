"""`notifier completion SHELL`: the script that makes a shell complete verbs and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from notifier.cli.frame import say

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_NOTIFIER_COMPLETE"


@click.command(name="completion")
@click.argument("shell", type=click.Choice(SHELLS), metavar="SHELL")
def command(shell: str) -> None:
    """Print the completion script for SHELL; `eval "$(notifier completion bash)"` in its start-up file."""
    from notifier.cli import notifier

    completion = get_completion_class(shell)
    if completion is None:
        raise click.UsageError(f"no completion for {shell}")
    source = completion(notifier, {}, "notifier", VARIABLE).source()
    say(source.replace('string split ","', 'string split --max 1 ","'))  # fish: a description may hold commas

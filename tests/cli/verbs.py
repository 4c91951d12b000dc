"""Every verb there is, groups' commands too, as click has them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from notifier.cli import notifier


def every_verb(command: click.Command = notifier, *path: str) -> Iterator[tuple[str, click.Command]]:
    """`notice list` and the like, each with its command."""
    if not isinstance(command, click.Group):
        yield " ".join(path), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from every_verb(found, *path, name)


def takes(command: click.Command, option: str) -> bool:
    return any(option in parameter.opts for parameter in command.params)

"""`notifier hook`: the check as a git hook."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from notifier.cli.frame import config_option, load_config, note, say


@click.group(name="hook")
def command() -> None:
    """Run the check before each commit that touches a policy, and on each message that speaks of significance."""


@command.command(name="install")
@config_option
def install(config_path: Path | None) -> int:
    """Install the hooks pre-commit and commit-msg. Hooks that are there already are not touched."""
    from notifier.repository.hooks import install as install_hooks

    config = load_config(config_path)
    check = [sys.executable, "-m", "notifier", "check"]
    hooks = install_hooks(config.root, check, config=config.path.name, policies=config.policies.path)
    for hook in hooks:
        if hook.outcome == "kept":
            note(f"{hook.path}: there is a hook already; add to it: {shlex.join([*check, '--staged'])}")
        else:
            say(f"{hook.path}: {hook.outcome}")
    return 1 if any(hook.outcome == "kept" for hook in hooks) else 0


@command.command(name="remove")
@config_option
def remove(config_path: Path | None) -> None:
    """Remove the hooks that `install` made."""
    from notifier.repository.hooks import remove as remove_hooks

    hooks = remove_hooks(load_config(config_path).root)
    for hook in hooks:
        say(f"{hook.path}: {hook.outcome}")
    if not hooks:
        say("no hooks of ours here")

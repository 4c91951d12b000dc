"""`notifier hook`: the check as a git hook."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from notifier.cli.frame import UncutGroup, config_option, load_config, note, say


@click.group(name="hook", cls=UncutGroup)
def command() -> None:
    """Run the check before each commit that touches a policy, and on each message that speaks of significance."""


@command.command(name="install")
@config_option
def install(config_path: Path | None) -> int:
    """Install the hooks pre-commit and commit-msg, and have git merge policies around the dates that Notifier sets.

    Hooks that are there already are not touched.
    """
    from notifier.repository.hooks import install as install_hooks
    from notifier.repository.merge_driver import install_driver

    config = load_config(config_path)
    check = [sys.executable, "-m", "notifier", "check"]
    hooks = install_hooks(config.root, check, config=config.path.name, policies=config.policies.path)
    for hook in hooks:
        if hook.outcome == "kept":
            note(f"{hook.path}: there is a hook already; add to it: {shlex.join([*check, '--staged'])}")
        else:
            say(f"{hook.path}: {hook.outcome}")
    driver = [sys.executable, "-m", "notifier", "hook", "merge"]
    place = install_driver(config.root, driver, config.policies.path, config.policies.language, config.policies.layout)
    say(f"{place}: policies are merged around the dates that Notifier sets")
    return 1 if any(hook.outcome == "kept" for hook in hooks) else 0


@command.command(name="remove")
@config_option
def remove(config_path: Path | None) -> None:
    """Remove the hooks that `install` made."""
    from notifier.repository.hooks import remove as remove_hooks
    from notifier.repository.merge_driver import remove_driver

    root = load_config(config_path).root
    hooks, driver = remove_hooks(root), remove_driver(root)
    for hook in hooks:
        say(f"{hook.path}: {hook.outcome}")
    if driver:
        say(f"{driver}: policies are merged like any other file again")
    if not hooks and not driver:
        say("no hooks of ours here")


@command.command(name="merge", hidden=True)
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.argument("path")
@click.option("--folder", default="policies")
@click.option("--language", default="en")
@click.option("--layout", "habit", default="suffix")
def merge(base: Path, ours: Path, theirs: Path, path: str, folder: str, language: str, habit: str) -> int:
    """What git calls to merge one policy; the result stands in OURS."""
    from notifier.policy.layout import Habit, Layout
    from notifier.repository.merge_driver import merge as merge_files

    layout = Layout(folder, language, habit=Habit(habit))
    return 0 if merge_files(base, ours, theirs, path=path, layout=layout) else 1

"""What manifests say of Notifier — verbs, flags, names of the environment, the image — held against Notifier itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from notifier.cli import notifier
from notifier.config import load

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
SENDS = frozenset({"SENDGRID_API_KEY", "NOTIFIER_SMTP_PASSWORD"})
"""Whoever knows one of these can write to customers in the company's name."""


class _Asked(Mapping[str, str]):
    """An environment that keeps which names were asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def names_of_the_environment() -> set[str]:
    """Every secret that Notifier reads from its environment."""
    asked = _Asked()
    load(ROOT / "config.toml", asked)
    return asked.names


def names_in(source: str) -> set[str]:
    """What stands before `=` in a file of `NAME=value` lines."""
    return {line.partition("=")[0] for line in source.splitlines() if line.strip() and not line.startswith("#")}


def check_command(words: Sequence[str]) -> None:
    """Raise click's own error where Notifier has no such verb, flag or argument."""
    with click.Context(notifier) as context:
        name, verb, rest = notifier.resolve_command(context, list(words))
        assert verb is not None
        verb.make_context(name, rest, parent=context, resilient_parsing=True)


def image_user() -> int:
    """Whom the image runs as."""
    [uid] = re.findall(r"useradd .*--uid (\d+) notifier", CONTAINERFILE)
    return int(uid)

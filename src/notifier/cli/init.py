"""`notifier init [DIR]`: make an installation."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import json_option, note, say, say_json

if TYPE_CHECKING:
    from notifier.usecases.init import Installed, Wishes


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".", required=False)
@click.option("--company", metavar="NAME", help="Who sends: the last line of every letter and page.")
@click.option(
    "--sender", metavar="MAILBOX", help='From whom letters come, such as "Example Ltd <privacy@example.com>".'
)
@click.option("--pages", "--url", "pages", metavar="URL", help="Where people will find the posted pages.")
@click.option("--language", metavar="CODE", help="Of the policies without a language in their name; default: en.")
@click.option("--policies", metavar="FOLDER", help="The folder that holds your policies; default: one that is there.")
@click.option("--samples", is_flag=True, help="Write a made-up company's policies and settings, to play with.")
@json_option
def command(
    folder: Path,
    company: str | None,
    sender: str | None,
    pages: str | None,
    language: str | None,
    policies: str | None,
    samples: bool,
    as_json: bool,
) -> None:
    """Make an installation in DIR (default: here): config.toml, templates, a folder for policies, a git repository.

    Asks for what no option says where it can. What is there already stays as it is.
    """
    from notifier.config import FILE_NAME, checks
    from notifier.config.tables import PostingConfig
    from notifier.usecases.init import Wishes, install

    wishes = Wishes(
        company=_checked("--company", company, checks.text),
        sender=_checked("--sender", sender, checks.mailbox),
        pages=_checked("--pages", pages, checks.url),
        language=_checked("--language", language, checks.language),
        policies=_checked("--policies", policies, checks.folder_inside),
        with_samples=samples,
    )
    if _is_at_a_terminal() and not (samples or as_json) and not (folder / FILE_NAME).exists():
        wishes = _asked(wishes)
    installed = install(folder.absolute(), author=PostingConfig().author, wishes=wishes)
    if as_json:
        return say_json(
            {
                "root": str(installed.root),
                "made": list(installed.made),
                "kept": list(installed.kept),
                "commit": installed.commit_id,
                "policies": installed.policies,
                "to_fill_in": [] if samples else list(installed.unsaid),
            }
        )
    return _show(installed, with_samples=samples)


def _is_at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _checked(option: str, value: str | None, check: Callable[[object], str]) -> str | None:
    try:
        return None if value is None else check(value)
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}") from error


def _asked(wishes: Wishes) -> Wishes:
    """What no option said, as a person answers it; an empty answer leaves it for later."""
    from dataclasses import replace

    from notifier.config import checks

    company = wishes.company or _ask("Company (as in the last line of every letter)", checks.text)
    pages = wishes.pages or _ask("Address of the pages, such as https://example.com/legal", checks.url)
    sender = wishes.sender or _ask('Sender, such as "Example Ltd <privacy@example.com>"', checks.mailbox)
    language = wishes.language or _ask("Language of the policies", checks.language, "en")
    return replace(wishes, company=company, sender=sender, pages=pages, language=language)


def _ask(question: str, check: Callable[[object], str], default: str = "") -> str | None:
    while True:
        answer = str(click.prompt(question, default=default, show_default=bool(default), err=True)).strip()
        try:
            return check(answer) if answer else None
        except ValueError as error:
            note(f"  {error}")


def _show(installed: Installed, *, with_samples: bool) -> None:
    say(f"installation in {installed.root}")
    for word, names in (("made", installed.made), ("kept", installed.kept)):
        if names:
            say(f"  {word}   {', '.join(names)}")
    say(
        f"  commit {installed.commit_id[:7]}"
        if installed.commit_id
        else "  the repository has commits: commit what is new"
    )
    steps = list(_next(installed, with_samples=with_samples))
    say("\nNext:")
    for number, step in enumerate(steps, start=1):
        say(f"  {number}. {step}")


def _next(installed: Installed, *, with_samples: bool) -> list[str]:
    folder = "here" if installed.policies == "." else f"{installed.policies}/"
    steps = []
    if with_samples:
        steps.append("play: change a sample, notifier preview, commit, notifier run; nothing leaves this machine")
    elif installed.unsaid:
        steps.append(f"config.toml: {', '.join(installed.unsaid)}; nobody is written to before that")
    if installed.has_policies:
        steps.append(f"policies: those in {folder}, as they are; notifier check says what to mend before they go out")
    else:
        steps.append(f"policies: write {folder}privacy.md, or notifier import FILE; then commit")
    steps.append("notifier customers import FILE")
    steps.append("notifier run        the first run adopts what is there and mails nobody")
    return steps

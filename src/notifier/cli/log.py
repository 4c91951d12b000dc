"""`notifier log`: every revision with its date, significance and first reason."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli import suggestions
from notifier.cli.frame import OnProgress, config_option, json_option, load_config, progress, say, say_json_list

if TYPE_CHECKING:
    from notifier.policy.editor_word import Approvals
    from notifier.policy.revision import Commit
    from notifier.repository import Repository
    from notifier.usecases.log import Logged

LINE = "{:10}   {:8}   {:19}   {:{widest}}   {:24}   {}"
"""Rows are printed as they come, so widths are known before: of the policies' names, as they are today."""


@click.command(name="log")
@click.argument("policies", nargs=-1, metavar="[POLICY]...", shell_complete=suggestions.policies)
@click.option("--policies", "folder", metavar="DIR", help="Where the policies are, in a repository without a config.")
@click.option("-n", "--number", type=click.IntRange(1, 10**9), help="At most so many.")
@config_option
@json_option
def command(
    policies: tuple[str, ...], folder: str | None, number: int | None, config_path: Path | None, as_json: bool
) -> None:
    """List every revision, newest first, with its significance and why; of each POLICY named, or of all.

    Needs no installation: --policies says where the Markdown files are in any git repository.
    """
    from notifier.usecases.log import log
    from notifier.usecases.verdict_cache import VerdictCache

    with _repository(folder, config_path) as repository, _progress() as on_progress:
        approvers = load_config(config_path).judgement.approvers if folder is None else ()

        def approvals(commits: Sequence[Commit]) -> Approvals:
            return repository.approvals(commits, approvers)

        reader = repository.reader()
        known = VerdictCache(reader.kept_in, reader.layout.language)
        changes = repository.changes()
        logged = log(changes, reader, approvals=approvals, policies=policies, known=known, most=number)
        found = _counted(_some(logged, folder), on_progress)
        if as_json:
            return say_json_list(_as_json(one) for one in found)
        names = policies or (repository.policies_at(repository.tip) if repository.has_commits else ())
        widest = max(map(len, ("policy", *names)))
        say(LINE.format("landed", "revision", "significance", "policy", "first reason", "subject", widest=widest))
        for one in found:
            say(LINE.format(*_row(one), widest=widest))
    return None


def _progress() -> AbstractContextManager[OnProgress]:
    """None on a terminal that shows the rows themselves."""
    return nullcontext(lambda _done, _all: None) if sys.stdout.isatty() else progress("judging")


def _repository(folder: str | None, config_path: Path | None) -> Repository:
    if folder is None:
        from notifier.bootstrap import open_repository

        return open_repository(load_config(config_path))
    from notifier.repository import Repository

    return Repository.open(Path.cwd(), policies_path=folder, at="HEAD")


def _some(logged: Iterable[Logged], folder: str | None) -> Iterator[Logged]:
    """As they come. A folder in which no policy ever stood is a slip of the pen, not an empty history."""
    is_empty = True
    for one in logged:
        is_empty = False
        yield one
    if is_empty and folder is not None:
        raise click.UsageError(f"--policies {folder}: no policy ever stood there")


def _counted(logged: Iterable[Logged], on_progress: OnProgress) -> Iterator[Logged]:
    for done, one in enumerate(logged, 1):
        on_progress(done, None)
        yield one


def _row(logged: Logged) -> tuple[str, ...]:
    commit, verdict = logged.commit, logged.verdict
    significance = logged.significance.value if logged.significance else "first text"
    if verdict and verdict.certainty.value == "close" and not logged.word.significance:
        significance += " (close)"
    topic = (verdict.reasons[0].topic or verdict.reasons[0].rule) if verdict and verdict.reasons else "-"
    why = "editor's word" if logged.word.significance else topic
    return str(commit.landed_at.date()), commit.commit_id[:7], significance, logged.policy_id, why, commit.subject


def _as_json(logged: Logged) -> dict[str, object]:
    from notifier.render.redline.json import reason_json

    commit, verdict, word = logged.commit, logged.verdict, logged.word
    return {
        "policy": logged.policy_id,
        "revision": commit.commit_id,
        "landed_at": commit.landed_at,
        "author": commit.author,
        "subject": commit.subject,
        "significance": logged.significance,
        "certainty": "clear" if word.significance else verdict.certainty if verdict else None,
        "reasons": [reason_json(reason) for reason in verdict.reasons] if verdict else [],
        "editor": {"because": word.because, "approved_by": word.approved_by} if word.significance else None,
        "ignored": [str(one) for one in word.ignored],
    }

"""`notifier check`: what must be mended before a revision lands, for a desk, a git hook and a pull request."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from notifier.cli.consent_words import consent_line
from notifier.cli.frame import config_option, json_option, load_config, say, say_json
from notifier.plurals import counted

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.errors import Finding
    from notifier.ledger import Ledger
    from notifier.repository import Repository
    from notifier.usecases.check import Report
    from notifier.usecases.merge import Merge


FILE = click.Path(path_type=Path, dir_okay=False, writable=True)


@click.command(name="check")
@click.option("--from", "from_", metavar="REV", help="Check what changed since here; default: what customers know.")
@click.option("--staged", "is_staged", is_flag=True, help="What is staged, and only what committing it would change.")
@click.option("--format", "shape", type=click.Choice(("terminal", "github", "json")), default="terminal")
@click.option(
    "--message", "message_file", type=click.File(encoding="utf-8"), help="A commit message, for its trailers."
)
@click.option("--sarif", "sarif_file", type=FILE, help="Write the findings to this file as SARIF, too.")
@click.option("--annotations", "annotations_file", type=FILE, help="And as a forge's workflow commands to this one.")
@config_option
@json_option
def command(
    from_: str | None,
    is_staged: bool,
    shape: str,
    message_file: TextIO | None,
    sarif_file: Path | None,
    annotations_file: Path | None,
    config_path: Path | None,
    as_json: bool,
) -> int:
    """Look for what must be mended before a revision lands. Exit code 1 if there is anything; advice does not count."""
    from notifier.bootstrap import open_checkout, utc_now
    from notifier.usecases.check import check
    from notifier.usecases.check_staged import check_staged

    if is_staged and from_:
        raise click.UsageError("--staged looks at what this commit changes, --from at what changed since REV; take one")
    config = load_config(config_path)
    message = message_file.read() if message_file else None
    index = os.environ.get("GIT_INDEX_FILE")  # git commits from another one than its own where paths are named
    with open_checkout(config) as repository:
        if is_staged:
            report = check_staged(config, repository, Path(index).absolute() if index else None, message, utc_now())
        else:
            report = check(config, repository, from_=from_, message=message, now=utc_now())
            report = report._replace(findings=(*report.findings, *_of_the_roster(config, report)))
        merge = _merge(config, repository, report) if shape == "github" and not as_json else None
    _write_places(report, config, sarif_file, annotations_file)
    if as_json or shape == "json":
        say_json(report_json(report))
    elif merge:
        from notifier.cli.check_markdown import report_markdown

        say(report_markdown(report, merge, _summary(report)))
    else:
        _show(report)
    return 1 if report.errors else 0


def _of_the_roster(config: Config, report: Report) -> tuple[Finding, ...]:
    from notifier.shipped import templates_for
    from notifier.usecases.audience import audience_findings
    from notifier.usecases.reader_languages import reader_language_findings

    with _roster(config) as ledger:
        if ledger is None:
            return ()
        texts = [after.controlling for _, after in report.pairs]
        return (
            *reader_language_findings(config, ledger, templates_for(config.root)),
            *(one for text in texts for one in audience_findings(ledger, text.path, text.front_matter.audience)),
        )


@contextmanager
def _roster(config: Config, *, reads_list: bool = False) -> Iterator[Ledger | None]:
    """Where this installation's customers are known, as at its desk; else None, or (`reads_list`) from their list."""
    from tempfile import TemporaryDirectory

    from notifier.bootstrap import utc_now
    from notifier.errors import CustomerError, LedgerError
    from notifier.ledger import Ledger
    from notifier.usecases.customers import has_list, read_configured_roster

    file = config.ledger_file
    with ExitStack() as parts:
        ledger = None
        try:
            if file is None or file.is_file():
                ledger = parts.enter_context(Ledger.open(config.ledger_url))
            elif reads_list and has_list(config):
                folder = parts.enter_context(TemporaryDirectory(prefix="notifier-"))
                fresh = parts.enter_context(Ledger.open(f"sqlite:///{folder}/roster.db"))
                read_configured_roster(config, fresh, utc_now(), is_dry=False)
                ledger = fresh
        except (LedgerError, CustomerError):
            ledger = None
        yield ledger


def _write_places(report: Report, config: Config, sarif_file: Path | None, annotations_file: Path | None) -> None:
    import json

    from notifier.cli.check_annotations import sarif, workflow_commands

    if sarif_file:
        told = sarif(report.findings, anywhere=config.path.name)
        sarif_file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    if annotations_file:
        lines = "".join(f"{line}\n" for line in workflow_commands(report.findings))
        annotations_file.write_text(lines, encoding="utf-8")


def _merge(config: Config, repository: Repository, report: Report) -> Merge:
    from notifier.bootstrap import utc_now
    from notifier.shipped import templates_for
    from notifier.usecases.merge import merge_of, with_readers
    from notifier.usecases.standings import Records

    templates = templates_for(config.root)
    merge = merge_of(Records(config, repository, utc_now()), report, templates)
    with _roster(config, reads_list=True) as ledger:
        return with_readers(merge, ledger, templates, config.policies.language) if ledger else merge


def _show(report: Report) -> None:
    for finding in report.findings:
        say(f"{finding} ({_kind(finding)})")
    for one in report.changed:
        asked = consent_line(
            one.verdict.after, one.consent, one.verdict.significance, one.reasons, withdraws=one.verdict.withdraws
        )
        if asked:
            say(f"{one.policy_id}: {asked}")
    say(_summary(report))


def _kind(finding: Finding) -> str:
    said = finding.code if finding.is_error else f"advice: {finding.code}"
    return f"{said}, {finding.basis}" if finding.basis else said


def _summary(report: Report) -> str:
    advice = len(report.findings) - len(report.errors)
    policies = counted(report.policies, "policy")
    told = f", and {counted(advice, 'piece')} of advice" if advice else ""
    return f"{policies}: {len(report.errors) or 'nothing'} to mend{told}"


def report_json(report: Report) -> dict[str, object]:
    """As `check --json` prints it."""
    from notifier.render.redline.json import comparison_json

    return {
        "findings": [
            {
                "path": finding.path,
                "line": finding.line or None,
                "rule": finding.code,
                "text": finding.message,
                "mend": finding.mend,
                "is_error": finding.is_error,
                "basis": finding.basis or None,
            }
            for finding in report.findings
        ],
        "changed": [
            {
                "policy": one.policy_id,
                "before": one.before,
                "lacks_word": one.verdict.lacks_word,
                "counts_as": one.verdict.significance.value,
                "consent": one.consent.value,
                "ignored": [str(ignored) for ignored in one.verdict.word.ignored],
                **comparison_json(one.verdict.comparison.weightiest),
            }
            for one in report.changed
        ],
    }

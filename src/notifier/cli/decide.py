"""`notifier decide`: an editor's word on a close call."""

from __future__ import annotations

from pathlib import Path

import click

from notifier.cli import suggestions
from notifier.cli.frame import config_option, json_option, load_config, say, say_json


@click.command(name="decide")
@click.argument("revision", shell_complete=suggestions.policies)
@click.argument("significance", type=click.Choice(("minor", "significant")))
@click.option(
    "--because", required=True, metavar="TEXT", help="Why; kept on record, and shown wherever the verdict is."
)
@click.option("--by", metavar="NAME", help="Who decides, taken at its word; default: git's user.name.")
@click.option("--again", is_flag=True, help="Also where somebody has decided already: this word counts then.")
@config_option
@json_option
def command(
    revision: str, significance: str, because: str, by: str | None, again: bool, config_path: Path | None, as_json: bool
) -> None:
    """Settle what waits of REVISION: a policy, for all that waits of it, or a commit. The next run acts on it."""
    from notifier.bootstrap import open_ledger, open_repository, utc_now
    from notifier.significance import Significance
    from notifier.usecases.decide import decide
    from notifier.usecases.standings import read_records

    config = load_config(config_path)
    with open_repository(config) as repository, open_ledger(config) as ledger:
        records = read_records(config, repository, ledger, utc_now())
        decided = decide(records, revision, Significance(significance), because, by=by, again=again)
    if as_json:
        return say_json(
            {
                "policies": list(decided.policies),
                "revisions": list(decided.commits),
                "significance": significance,
                "because": because,
                "by": decided.by,
            }
        )
    commits = ", ".join(commit_id[:7] for commit_id in decided.commits)
    return say(f"{', '.join(decided.policies)}: {commits} is {significance}, says {decided.by}: {because}")

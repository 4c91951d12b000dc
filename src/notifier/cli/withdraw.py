"""`notifier withdraw`: take back what was announced and has yet to come."""

from __future__ import annotations

from pathlib import Path

import click

from notifier.cli import suggestions
from notifier.cli.frame import config_option, json_option, load_config, say, say_json


@click.command(name="withdraw")
@click.argument("posting", shell_complete=suggestions.policies)
@click.option("--because", required=True, metavar="TEXT", help="Why; the commit says it.")
@click.option("--by", metavar="NAME", help="Who takes it back; default: git's user.name.")
@config_option
@json_option
def command(posting: str, because: str, by: str | None, config_path: Path | None, as_json: bool) -> None:
    """Take POSTING back (privacy/2026-11-22, its tag, or a policy for what waits of it) before its day has come.

    The text before it is committed again. The next run posts that and tells everybody who was told: nothing changes.
    """
    from notifier.bootstrap import locked, open_ledger, open_repository, utc_now
    from notifier.usecases.standings import read_records
    from notifier.usecases.withdraw import withdraw

    config = load_config(config_path)
    with locked(config), open_repository(config) as repository, open_ledger(config) as ledger:
        done = withdraw(read_records(config, repository, ledger, utc_now()), posting, because, by=by)
    if as_json:
        return say_json(
            {
                "policy": done.policy_id,
                "withdrawn": [one.tag for one in done.taken_back],
                "stays": done.stays.tag,
                "commit": done.commit_id,
                "is_told": done.is_told,
            }
        )
    for one in done.taken_back:
        say(f"{done.policy_id}: what was posted {one.posted_on} and was to apply from {one.effective_on} does not come")
    then = "and tells customers that it does not come" if done.is_told else "and tells nobody: nobody was told of it"
    return say(f"  the text of {done.stays.posted_on} stays; commit {done.commit_id[:7]}, the next run posts it {then}")

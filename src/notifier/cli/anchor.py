"""`notifier anchor`: a time stamp of an authority over the journal's head."""

from __future__ import annotations

from pathlib import Path

import click

from notifier.cli.frame import config_option, json_option, load_config, say, say_json


@click.command(name="anchor")
@click.option("--url", metavar="URL", help="The time-stamping authority (RFC 3161); default: proof.anchor.")
@config_option
@json_option
def command(url: str | None, config_path: Path | None, as_json: bool) -> int:
    """Have an authority stamp the journal's head with its time: nobody could have written it later.

    Only a hash is sent. With `proof.anchor` every run does it at its end.
    """
    from notifier.bootstrap import open_ledger
    from notifier.errors import Refused
    from notifier.usecases.proof.anchor import Authority, anchor_head, authority_of

    config = load_config(config_path)
    configured = authority_of(config)
    authority = Authority(url, configured.roots if configured else None) if url else configured
    if authority is None:
        raise Refused("there is no authority to ask: say --url URL, or set proof.anchor in config.toml")
    with open_ledger(config) as ledger:
        made = anchor_head(ledger, authority)
        last = made or (ledger.head_stamps.all() or (None,))[-1]
    if as_json:
        head = {"number": last.head.number, "hash": last.head.hash} if last else None
        at = last.stamped_at if last else None
        say_json({"is_new": made is not None, "head": head, "stamped_at": at, "authority": authority.url})
    elif made is None:
        say("nothing was written to the journal since it was stamped last")
    else:
        say(f"entry {made.head.number} stood in the journal before {made.stamped_at:%Y-%m-%d %H:%M:%S} UTC")
        say(f"so says {made.authority}")
    return 0

"""`notifier restore FILE`: a copy of the ledger back in its place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import config_option, json_option, load_config, say, say_json
from notifier.plurals import counted

if TYPE_CHECKING:
    from notifier.ledger.evidence.learnt_since import LearntSince
    from notifier.usecases.proof.restore import Restored


@click.command(name="restore")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@config_option
@json_option
def command(file: Path, config_path: Path | None, as_json: bool) -> int:
    """Put the ledger that `notifier backup` wrote to FILE in place of this one, which is kept beside.

    Git says what the copy does not know any more; `notifier recover` settles it, and asks what nobody can know. Exit 1
    as long as there is something to settle; nothing is posted or sent before.
    """
    from notifier.bootstrap import ledger_file, locked, open_ledger, open_repository, utc_now
    from notifier.ledger.evidence.ledger_copy import check_copy
    from notifier.state import state_folder
    from notifier.usecases.proof.restore import restore, set_aside_damaged

    config, now = load_config(config_path), utc_now()
    check_copy(file)
    damaged = set_aside_damaged(ledger_file(config), lambda: open_ledger(config), now)
    with locked(config), open_repository(config) as repository:
        done = restore(
            config, repository, lambda: open_ledger(config), file,
            state=state_folder(config.root), by=repository.identity()[0], now=now,
        )  # fmt: skip
    aside = damaged or done.aside
    if as_json:
        say_json(_as_json(done, aside))
    else:
        _say(done, aside)
    return 1 if done.differences else 0


def _as_json(done: Restored, aside: Path | None) -> dict[str, object]:
    return {
        "aside": str(aside),
        "head": {"number": done.head.number, "hash": done.head.hash},
        "lost": done.lost,
        "forgotten": done.forgotten,
        "unaccepted": done.unaccepted,
        "acceptances": str(done.acceptances) if done.acceptances else None,
        "key": done.key or None,
        "customers": str(done.customers) if done.customers else None,
        "learnt": _learnt_json(done.learnt),
        "differences": list(done.differences),
    }


def _say(done: Restored, aside: Path | None) -> None:
    say(f"the ledger is as it was with entry {done.head.number} of its journal; what was there is in {aside}")
    if gone := done.learnt.gone:
        kinds = ", ".join(f"{count} {kind}" for kind, count in gone.items())
        say(f"the copy lacks {counted(sum(gone.values()), 'entry')} of the journal: {kinds}")
    if done.lost:
        say(f"git has seen more: {done.lost} commits and tags name entries that it does not have, and it says so")
    if done.forgotten:
        say(f"forgotten once more: {counted(done.forgotten, 'customer')}, whom the copy named again")
    if done.acceptances:
        said = counted(done.unaccepted, "acceptance")
        say(f"{said} came after the copy: notifier people import {done.acceptances}")
    if done.customers:
        say(f"customers came or changed after the copy: notifier customers import {done.customers}")
    _say_learnt(done.learnt)
    if done.key:
        say(f"not in any copy: {done.key}")
    for difference in done.differences:
        say(f"to settle: {difference}")
    if done.differences:
        say("nothing is posted or sent before they agree: notifier recover")


def _learnt_json(learnt: LearntSince) -> dict[str, object]:
    stopped = {notice_id: state.value for notice_id, state in learnt.stopped}
    counts = {"held_back": learnt.held_back, "let_go": learnt.let_go, "revoked": learnt.revoked}
    return {**counts, "stopped": stopped, "gone": dict(learnt.gone)}


def _say_learnt(learnt: LearntSince) -> None:
    if learnt.held_back:
        say(f"still not written to: {counted(learnt.held_back, 'suppression')} that came after the copy")
    if learnt.let_go:
        lifted = counted(learnt.let_go, "suppression")
        say(f"not written to again: {lifted} lifted after the copy: notifier customers suppress --lift ADDRESS")
    if learnt.revoked:
        say(f"revoked again: {counted(learnt.revoked, 'key')} to the interface")
    for notice_id, state in learnt.stopped:
        say(f"notice {notice_id} is {state} again")

"""`notifier recover`: make git and the ledger agree again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import config_option, json_option, load_config, say, say_json

if TYPE_CHECKING:
    from notifier.policy.posting import Posting
    from notifier.usecases.recover import Recovered

ANSWERS = ("told", "not-told", "tell-now")


@click.command(name="recover")
@click.option("--told", multiple=True, metavar="TAG", help="Customers were told of this posting.")
@click.option("--not-told", multiple=True, metavar="TAG", help="They were not, and need not be told of it by itself.")
@click.option("--tell-now", multiple=True, metavar="TAG", help="They were not; the next run tells them.")
@click.option("--no-newer-copy", is_flag=True, help="The ledger was set back, and no newer copy of it is left.")
@config_option
@json_option
def command(
    told: tuple[str, ...],
    not_told: tuple[str, ...],
    tell_now: tuple[str, ...],
    no_newer_copy: bool,
    config_path: Path | None,
    as_json: bool,
) -> int:
    """Rebuild what one of git and the ledger has lost and the other proves; ask what nobody can know.

    At a terminal it asks of each posting; else say it by the options. Exit 1 while a question is open, or they differ.
    """
    from notifier.bootstrap import locked, open_ledger, open_repository, utc_now
    from notifier.usecases.recover import Told, recover
    from notifier.usecases.standings import read_records

    config = load_config(config_path)
    answers = dict.fromkeys(told, Told.TOLD) | dict.fromkeys(not_told, Told.NOT_TOLD)
    answers |= dict.fromkeys(tell_now, Told.TELL_NOW)
    with locked(config), open_repository(config) as repository, open_ledger(config) as ledger:

        def once_more() -> Recovered:
            records, by = read_records(config, repository, ledger, utc_now()), repository.identity()[0]
            return recover(records, ledger, answers, by=by, no_newer_copy=no_newer_copy)

        done = once_more()
        if done.questions and not as_json and sys.stdin.isatty():
            answers |= {posting.tag: Told(_asked(posting)) for posting in done.questions}
            done = _together(done, once_more())
    if as_json:
        say_json(_json(done))
    else:
        say("\n".join(_lines(done)))
    return 1 if done.differences or done.questions else 0


def _json(done: Recovered) -> dict[str, object]:
    return {
        "tags": list(done.tags),
        "postings": list(done.postings),
        "notices": list(done.notices),
        "questions": [posting.tag for posting in done.questions],
        "differences": list(done.differences),
    }


def _lines(done: Recovered) -> Iterator[str]:
    for tag, stood_on in done.tags.items():
        yield f"{tag}  tagged again in git" + (f"; it stood on {stood_on[:7]}" if stood_on else "")
    yield from (f"{tag}  written down again in the ledger" for tag in done.postings)
    yield from done.notices
    for posting in done.questions:
        answer = " | ".join(f"--{one} {posting.tag}" for one in ANSWERS)
        yield f"{posting.tag}  posted {posting.posted_on} as significant; were customers told? {answer}"
    yield from (f"differs: {line}" for line in done.differences)
    if not (done.tags or done.postings or done.questions or done.differences):
        yield "git and the ledger agree"


def _asked(posting: Posting) -> str:
    what = f"{posting.tag}, posted {posting.posted_on} as significant: were customers told?"
    answer: str = click.prompt(what, type=click.Choice(ANSWERS))
    return answer


def _together(first: Recovered, then: Recovered) -> Recovered:
    """What was done before and after the questions, as one answer."""

    tags, postings = {**first.tags, **then.tags}, (*first.postings, *then.postings)
    return then._replace(tags=tags, postings=postings, notices=(*first.notices, *then.notices))

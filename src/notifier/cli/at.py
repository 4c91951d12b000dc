"""`notifier at POLICY DATE`: which text was in force on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli import suggestions
from notifier.cli.frame import config_option, json_option, load_config, say, say_json

if TYPE_CHECKING:
    from notifier.usecases.at import DayAnswer, TextInForce


class Day(click.ParamType[date]):
    name = "DATE"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f'expected a day such as "2026-03-01", got "{value}"', param, ctx)


@click.command(name="at")
@click.argument("policy", shell_complete=suggestions.policies)
@click.argument("day", metavar="DATE", type=Day())
@click.option("--language", metavar="CODE", help="The text in this language; default: the controlling one.")
@click.option("--text", "wants_text", is_flag=True, help="Print the text itself, as it was posted.")
@config_option
@json_option
def command(
    policy: str, day: date, language: str | None, wants_text: bool, config_path: Path | None, as_json: bool
) -> int:
    """Tell which text of POLICY was, is or will be in force on DATE (2026-03-01). A policy may go by an earlier name.

    Exit 1 where none was in force on that day.
    """
    from notifier.bootstrap import open_ledger, open_repository, utc_now
    from notifier.usecases.at import text_on_day

    config = load_config(config_path)
    today = utc_now().astimezone(config.posting_zone).date()
    with open_repository(config) as repository, open_ledger(config) as ledger:
        answer = text_on_day(config, repository, ledger, policy, day, today=today, language=language)
    if as_json:
        say_json(_json(answer))
    elif wants_text and answer.found:
        click.echo(answer.found.text.text, nl=False)
    else:
        say("\n".join(_lines(answer)))
    return 0 if answer.found else 1


def _lines(answer: DayAnswer) -> list[str]:
    called = "" if answer.asked_for == answer.policy_id else f"{answer.asked_for} is called {answer.policy_id} today"
    called += "".join(f"{', and ' if called else ''}{answer.asked_for} was once {one}, too" for one in answer.others)
    if answer.found is None:
        first = answer.first
        if answer.retired_on and answer.retired_on <= answer.day:
            since = f"it applies no longer since {answer.retired_on}"
            if answer.first.effective_on > answer.day:
                since = f"it ended on {answer.retired_on}, and comes back on {answer.first.effective_on}"
            gone = f"{answer.policy_id}: no text was in force on {answer.day}; {since}"
            return [line for line in (called, gone) if line]
        none = f"{answer.policy_id}: no text was in force on {answer.day}; the first on record is in force "
        return [line for line in (called, f"{none}from {first.effective_on} (posted {first.posted_on})") if line]
    return [line for line in (called, _sentence(answer, answer.found), *_details(answer.found)) if line]


def _sentence(answer: DayAnswer, found: TextInForce) -> str:
    posting = found.posting
    day = str(posting.posted_on)
    text = f"the text posted on {day}" + (f" ({posting.version})" if posting.version != day else "")
    if answer.is_to_come:
        return f"{answer.policy_id}: as things stand today, {text} will be in force on {answer.day}"
    verb = "is" if answer.day == answer.today else "was"
    return f"{answer.policy_id}: {text} {verb} in force on {answer.day}"


def _details(found: TextInForce) -> list[str]:
    posting, until = found.posting, found.period.until
    return [
        f"  in force  from {found.period.start}" + (f" until {until}" if until else ", with no end set"),
        f"  revision  {posting.commit_id[:12]}, tag {posting.tag}",
        f"  text      git show {posting.tag}:{found.text.path}",
        f"  page      {found.page}" if found.page else "",
        f"  late      this translation was posted on {posting.posted_on}" if found.translates else "",
        *_lacking(found),
    ]


def _lacking(found: TextInForce) -> list[str]:
    if found.behind is None:
        return []
    posted, effective = found.behind.posted_on, found.behind.effective_on
    return [
        f"  lacks     the change posted on {posted}, which applies from {effective}: the controlling text went on "
        f"without this translation ({found.text.language})"
    ]


def _json(answer: DayAnswer) -> dict[str, object]:
    found = answer.found
    return {
        "policy": answer.policy_id,
        "asked_for": answer.asked_for,
        "day": answer.day,
        "is_to_come": answer.is_to_come,
        "retired_on": answer.retired_on,
        "first_in_force_on": answer.first.effective_on,
        "in_force": {
            "tag": found.posting.tag,
            "version": found.posting.version,
            "revision": found.posting.commit_id,
            "posted_on": found.posting.posted_on,
            "effective_on": found.period.start,
            "until": found.period.until,
            "significance": found.posting.significance.value,
            "language": found.text.language,
            "title": found.text.title,
            "path": found.text.path,
            "page": found.page or None,
            "lacks": found.behind.tag if found.behind else None,
            "translates": found.translates.tag if found.translates else None,
        }
        if found
        else None,
    }

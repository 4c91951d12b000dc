"""`notifier notice`: one notice, and the operator's word on it."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli import suggestions
from notifier.cli.frame import (
    UncutGroup,
    config_option,
    json_option,
    load_config,
    note,
    say,
    say_json,
    say_json_list,
    table,
)
from notifier.errors import Refused, RepositoryError
from notifier.plurals import counted

if TYPE_CHECKING:
    from datetime import datetime

    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.ledger.types import Recipient
    from notifier.notice.message import Message

Word = Callable[..., str | None]
RECIPIENT_HEADERS = ("id", "email", "name", "language", "status", "attempt", "at", "remark")


@click.group(name="notice", cls=UncutGroup)
def command() -> None:
    """List, show, approve, hold, resume, cancel, retry, extend, settle, move or test notices."""


def operators_word(done: str, *, name: str = "") -> Callable[[Word], click.Command]:
    """A verb that says a word on one notice: said, recorded with who said it, and told as `done`.

    What it decorates gets the open ledger, the notice's id, who and when, and its own options; what it returns is told
    too.
    """

    def as_verb(word: Word) -> click.Command:
        @click.argument("notice_id", metavar="ID", shell_complete=suggestions.notices)
        @click.option("--by", metavar="NAME", help="Who says so, for the record; default: git's user.name.")
        @config_option
        @json_option
        @wraps(word)
        def verb(notice_id: str, by: str | None, config_path: Path | None, as_json: bool, **options: object) -> None:
            from notifier.bootstrap import open_ledger, utc_now

            config = load_config(config_path)
            who = by or _person(config)
            with open_ledger(config) as ledger:
                stops = word.__name__ in ("hold", "cancel")
                for line in ledger.held_rows.settle_before(notice_id, who, utc_now(), stops=stops):
                    note(line)
                outcome = word(ledger, notice_id, who, utc_now().astimezone(config.posting_zone), **options)
                state = ledger.notices.get(notice_id).state.value
            if as_json:
                return say_json({"notice_id": notice_id, "id": notice_id, "state": state})
            return say(f"{notice_id}: {done}{f', {outcome}' if outcome else ''}")

        return command.command(name=name or word.__name__)(verb)

    return as_verb


def _person(config: Config) -> str:
    """Git's user.name where the editors work: no word waits for the remote, least of all one that stops a notice."""
    from notifier.bootstrap import open_checkout

    try:
        with open_checkout(config) as repository:
            return repository.identity()[0]
    except RepositoryError as error:
        raise Refused(f"{error}; or say who you are: --by NAME") from error


because_option = click.option("--because", default="", metavar="TEXT", help="Why, for the record.")


@command.command(name="list")
@config_option
@json_option
def list_(config_path: Path | None, as_json: bool) -> None:
    """List all notices with their counts, oldest first."""
    from notifier.bootstrap import open_ledger, utc_now
    from notifier.cli.status import notice_json, notices_table
    from notifier.usecases.status import notice_standings

    with open_ledger(load_config(config_path)) as ledger:
        standings = notice_standings(ledger, utc_now())
    if as_json:
        return say_json([notice_json(standing) for standing in standings])
    return say(notices_table(standings) if standings else "no notice yet")


@command.command()
@click.argument("notice_id", metavar="ID", shell_complete=suggestions.notices)
@click.option("--text", "shows_text", is_flag=True, help="Show the messages as they were frozen.")
@click.option("--not-reached", "as_csv", is_flag=True, help="Write as CSV whom it did not reach, and why.")
@config_option
@json_option
def show(notice_id: str, shows_text: bool, as_csv: bool, config_path: Path | None, as_json: bool) -> None:
    """Show a notice: its counts, its messages, and who did what to it."""
    from notifier.bootstrap import open_ledger, utc_now

    with open_ledger(load_config(config_path)) as ledger:
        if as_csv:
            return _write_not_reached(ledger, notice_id)
        if as_json:
            return say_json(_whole(ledger, notice_id, utc_now()))
        return _tell(ledger, notice_id, utc_now(), shows_text=shows_text)


@operators_word("approved")
@because_option
def approve(ledger: Ledger, notice_id: str, who: str, at: datetime, because: str) -> None:
    """Let a notice go out that waits for approval; with a reason, where something speaks against it."""
    from notifier.usecases.audience import approve as approve_notice

    approve_notice(ledger, notice_id, who, at, because)


@operators_word("held")
@because_option
def hold(ledger: Ledger, notice_id: str, who: str, at: datetime, because: str) -> None:
    """Stop a notice before its next batch; a run that is sending it stops too."""
    ledger.notices.hold(notice_id, who, at, because)


@operators_word("resumed")
def resume(ledger: Ledger, notice_id: str, who: str, at: datetime) -> None:
    """Go on with a held notice where it stopped; the next run sends."""
    from notifier.usecases.audience import resume as resume_notice

    resume_notice(ledger, notice_id, who, at)


@operators_word("cancelled")
@because_option
def cancel(ledger: Ledger, notice_id: str, who: str, at: datetime, because: str) -> str:
    """Write to nobody more; the counts stay exact, and the change counts as untold: an alarm until accept-unreached."""
    spared = ledger.notices.cancel(notice_id, who, at, because)
    return f"{counted(spared or ledger.readers.not_begun(notice_id), 'customer')} not written to"


@operators_word("retried")
@click.option("--in-doubt", is_flag=True, help="Those in doubt instead: some may get it twice, and are marked so.")
def retry(ledger: Ledger, notice_id: str, who: str, at: datetime, in_doubt: bool) -> str:
    """Queue it once more for those whom it did not reach; the next run sends."""
    queue = ledger.in_doubt.resend_all if in_doubt else ledger.batches.retry_not_reached
    queued = queue(notice_id, who, at)
    if not queued:
        why = "nobody of it bounced or was dropped (or was held back by hand, or away, and is no longer)"
        shown = f"notifier notice show {notice_id} --not-reached"
        raise Refused(f"notice {notice_id}: {why}, so nobody is queued again; {shown}")
    return f"{counted(queued, 'customer')} queued again"


@operators_word("settled")
@click.argument("outcome", type=click.Choice(["accepted", "absent"]))
@click.option("--because", required=True, metavar="TEXT", help="How you found out, for the record.")
def settle(ledger: Ledger, notice_id: str, who: str, at: datetime, outcome: str, because: str) -> str:
    """Say what the provider knows of those in doubt: it accepted them, or never had them (then they are queued)."""
    were_accepted = outcome == "accepted"
    settled = ledger.in_doubt.settle(notice_id, who, at, were_accepted=were_accepted, because=because)
    return f"{counted(settled, 'customer')} {outcome}"


@operators_word("accepted as it ended", name="accept-unreached")
@click.option("--because", required=True, metavar="TEXT", help="Why they need not be told, for the record.")
def accept_unreached(ledger: Ledger, notice_id: str, who: str, at: datetime, because: str) -> str:
    """Say that those it did not tell need not be told; whoever turns out later is an alarm again."""
    unreached = ledger.notices.give_up(notice_id, who, at, because)
    return f"{counted(unreached or ledger.readers.not_begun(notice_id), 'customer')} not reached"


@operators_word("extended")
@click.option("--because", metavar="TEXT", help="Once its period is over: why they are told now, for the record.")
def extend(ledger: Ledger, notice_id: str, who: str, at: datetime, because: str | None) -> str:
    """Tell it to customers too who joined the roster while its period runs; the next run sends.

    Not to those who became customers after it was posted, where the roster's column `since` says so. Once the period is
    over, only to those who were customers by then as that column says.
    """
    joined = ledger.extensions.extend(notice_id, who, at, because)
    later = f"; not {joined.later:,} who became customers after it was posted" if joined.later else ""
    unknown = f", {joined.unknown:,} of them by your word: the roster does not say since when" if joined.unknown else ""
    return f"{counted(joined.told, 'customer')} more{unknown}{later}"


@operators_word("moved")
@click.option("--because", required=True, metavar="TEXT", help="Why nobody gets it twice, for the record.")
def move(ledger: Ledger, notice_id: str, who: str, at: datetime, because: str) -> str:
    """Let what is left of a notice go out where config.toml sends mail now, not where it began; then resume it."""
    return f"it began on {ledger.notices.unbind(notice_id, who, at, because)}"


@command.command()
@click.argument("address")
@click.option(
    "--notice",
    "notice_id",
    metavar="ID",
    shell_complete=suggestions.notices,
    help="Default: the newest unfinished, else the working tree's.",
)
@click.option("--language", metavar="CODE", help="Only this variant; default: all.")
@config_option
@json_option
def test(address: str, notice_id: str | None, language: str | None, config_path: Path | None, as_json: bool) -> None:
    """Send the real message to ADDRESS, marked as a test and counted nowhere."""
    from notifier.bootstrap import installation
    from notifier.usecases.send_test import send_test

    config = load_config(config_path)
    with installation(config) as parts:
        sent = send_test(parts, address, notice_id=notice_id, language=language)
    if as_json:
        return say_json({"source": sent.source, "notice_id": sent.notice_id, "languages": list(sent.languages)})
    return say(f"{sent.source}: sent as a test in {', '.join(sent.languages)} by {config.mail.transport}")


def _whole(ledger: Ledger, notice_id: str, now: datetime) -> dict[str, object]:
    from notifier.cli.status import notice_json
    from notifier.usecases.status import notice_standing

    standing = notice_standing(ledger, ledger.notices.get(notice_id), now)
    return {
        **notice_json(standing),
        "tags": list(standing.notice.tags),
        "created_at": standing.notice.created_at,
        "deadline": standing.notice.deadline,
        "approved_by": standing.notice.approved_by,
        "messages": [
            {
                "language": message.language,
                "policies": list(message.policies),
                "subject": read.subject,
                "recipients": recipients,
                "sha256": message.sha256,
            }
            for message, read, recipients in _variants(ledger, notice_id)
        ],
        "causes": [
            {"status": one.status.value, "reason": one.reason, "customers": one.customers}
            for one in ledger.deliveries.causes(notice_id)
        ],
        "audit": [
            {"at": entry.at, "who": entry.who, "what": entry.what, "detail": entry.detail}
            for entry in ledger.audit.entries(notice_id)
        ],
    }


def _tell(ledger: Ledger, notice_id: str, now: datetime, *, shows_text: bool) -> None:
    from notifier.cli.status import notices_table
    from notifier.usecases.status import notice_standing

    standing = notice_standing(ledger, ledger.notices.get(notice_id), now)
    say(notices_table((standing,)))
    variants = _variants(ledger, notice_id)
    rows = [
        (one.language, ", ".join(one.policies), people, read.subject, one.sha256[:12]) for one, read, people in variants
    ]
    say("\n" + table(("language", "policies", "recipients", "subject", "sha256"), rows, right=("recipients",)))
    if causes := [(one.status.value, one.customers, one.reason) for one in ledger.deliveries.causes(notice_id)]:
        say("\n" + table(("not reached", "customers", "because"), causes, right=("customers",)))
    trail = [(f"{e.at:%Y-%m-%d %H:%M:%S}", e.who, e.what, e.detail) for e in ledger.audit.entries(notice_id)]
    say("\n" + table(("when (UTC)", "who", "what", ""), trail))
    if shows_text:
        for message, read, recipients in variants:
            to = f"{message.language}, {', '.join(message.policies)}, {counted(recipients, 'recipient')}"
            say(f"\n── {to} ──\n{read.subject}\n\n{read.text}")


def _variants(ledger: Ledger, notice_id: str) -> list[tuple[Message, Message, int]]:
    """Each message as frozen, as one of its readers gets it, and how many these are."""
    messages, counts = ledger.notices.messages(notice_id), ledger.readers.by_message(notice_id)
    names = [ledger.readers.a_name(notice_id, message_no) for message_no in range(len(messages))]
    return [(one, one.to(name), count) for one, name, count in zip(messages, names, counts, strict=True)]


@command.command()
@click.argument("notice_id", metavar="ID", shell_complete=suggestions.notices)
@config_option
@json_option
def recipients(notice_id: str, config_path: Path | None, as_json: bool) -> None:
    """List whom a notice goes to, each with status and attempt; before it begins, whom it would go to now."""
    from notifier.bootstrap import open_ledger

    with open_ledger(load_config(config_path)) as ledger:
        ledger.notices.get(notice_id)
        found = ledger.readers.all(notice_id)
        if as_json:
            return say_json_list(_recipient_json(one) for one in found)
        rows = [_recipient_cells(one) for one in found]
    return say(table(RECIPIENT_HEADERS, rows) if rows else "nobody on the roster is in its audience")


def _recipient_json(one: Recipient) -> dict[str, object]:
    return {
        "id": one.customer_id,
        "email": one.email,
        "name": one.name,
        "language": one.language,
        "status": one.status.value,
        "reason": one.reason,
        "attempt": one.attempt,
        "attempt_id": one.attempt_id,
        "attempted_at": one.attempted_at,
        "possible_duplicate": one.is_possible_duplicate,
        "moved": one.is_elsewhere,
    }


def _recipient_cells(one: Recipient) -> tuple[object, ...]:
    when = f"{one.attempted_at:%Y-%m-%d %H:%M:%S} UTC" if one.attempted_at else ""
    said = (one.reason, "perhaps twice" * one.is_possible_duplicate, "moved or left since" * one.is_elsewhere)
    person = (one.customer_id, one.email, one.name, one.language)
    return *person, one.status.value, one.attempt, when, "; ".join(filter(None, said))


def _write_not_reached(ledger: Ledger, notice_id: str) -> None:
    from notifier.notice.customer_csv import safe_cell

    ledger.notices.get(notice_id)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("id", "email", "name", "language", "status", "reason"))
    written = 0
    for one in ledger.readers.all(notice_id, only_missed=True):
        cells = (one.customer_id, one.email, one.name, one.language, one.status.value, one.reason or one.status)
        writer.writerow([safe_cell(cell) for cell in cells])
        written += 1
    note(f"{notice_id}: {counted(written, 'customer')} not reached")

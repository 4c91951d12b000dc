"""`notifier status`: what is posted, pending, sending, overdue and not reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.alarms.codes import REMINDERS
from notifier.cli.frame import (
    config_option,
    json_option,
    load_config,
    say,
    say_json,
    table,
    terminal_width,
)
from notifier.plurals import counted
from notifier.policy.agreement import AgreementStatus
from notifier.render.styled_text import columns

if TYPE_CHECKING:
    from notifier.ledger.cluster.processes import SeenProcess
    from notifier.ledger.types import NoticeCounts
    from notifier.usecases.audience import Joined
    from notifier.usecases.status import NoticeStanding, PolicyStatus, Status

STANDINGS: dict[AgreementStatus, str] = {
    AgreementStatus.ACCEPTED: "accepted",
    AgreementStatus.ACKNOWLEDGED: "acknowledged",
    AgreementStatus.OUTDATED: "outdated",
    AgreementStatus.NONE: "never said anything",
}
COUNTS = ("recipients", "queued", "accepted", "delivered", "deferred", "bounced", "dropped", "suppressed", "in doubt")


@click.command(name="status")
@config_option
@json_option
def command(config_path: Path | None, as_json: bool) -> int:
    """Show what is posted, pending, sending and not reached; exit 1 while an alarm needs somebody.

    Not for a yearly review alone, which it only reminds of.
    """
    from notifier.bootstrap import alarm_store, open_ledger, open_repository, utc_now
    from notifier.usecases.standings import read_records
    from notifier.usecases.status import take_status

    config = load_config(config_path)
    with open_repository(config) as repository, open_ledger(config) as ledger:
        status = take_status(
            read_records(config, repository, ledger, utc_now()), ledger, alarm_store(config, ledger).read()
        )
    if as_json:
        say_json(status_json(status))
    else:
        _tell(status)
    return 1 if any(one.code not in REMINDERS for one in status.alarms) else 0


def status_json(status: Status) -> dict[str, object]:
    return {
        "policies": [_policy_json(standing, status.people.get(standing.policy_id)) for standing in status.policies],
        "notices": [notice_json(standing) for standing in status.notices],
        "not_reached_by": joined_json(status.joined),
        "processes": [one._asdict() for one in status.processes],
        "alarms": [alarm.as_json() for alarm in status.alarms],
    }


def joined_json(joined: Joined) -> list[dict[str, object]]:
    return [{"notice_id": one, "until": until, "customers": count} for one, until, count in joined]


def told_of_joined(joined: Joined) -> Iterator[str]:
    """Who came into an audience after its notice went out, in lines for people."""
    for notice_id, until, count in joined:
        yield (
            f"notice {notice_id} has not reached {counted(count, 'customer')} who joined its audience since (its "
            f"period runs until {until}); if they were in it when it was posted: notifier notice extend {notice_id}"
        )


def _policy_json(standing: PolicyStatus, people: Mapping[AgreementStatus, int] | None) -> dict[str, object]:
    return {
        "policy": standing.policy_id,
        "posted_on": standing.posted_on,
        "effective_on": standing.effective_on,
        "in_force_since_posting_of": standing.in_force_on,
        "waiting_for": standing.waiting_for,
        "people": None if people is None else {name: people.get(name, 0) for name in STANDINGS},
    }


def notice_json(standing: NoticeStanding) -> dict[str, object]:
    """One notice with its counts, as `status --json` and `notice list --json` print it."""
    notice, counts = standing.notice, standing.counts
    return {
        "notice_id": notice.notice_id,
        "id": notice.notice_id,
        "state": notice.state.value,
        "why": notice.why,
        "policies": list(notice.policies),
        "effective_on": notice.effective_on,
        "overdue": standing.is_overdue,
        **counts_json(counts),
        "per_second": standing.speed,
        "seconds_left": standing.seconds_left,
    }


def counts_json(counts: NoticeCounts) -> dict[str, int]:
    """How many of a notice's recipients stand where, as every verb prints it."""
    said = {name: number for name, number in asdict(counts).items() if name != "covered"}
    return {**said, "not_reached": counts.not_reached}


def _tell(status: Status) -> None:
    rows = [
        (one.policy_id, one.posted_on, f"ends {one.ends_on}" if one.ends_on else one.effective_on, one.waiting_for)
        for one in status.policies
    ]
    say(table(("policy", "posted", "in force", "waiting for"), rows))
    said = any(name is not AgreementStatus.NONE for people in status.people.values() for name in people if people[name])
    for number, (policy_id, people) in enumerate(sorted(status.people.items()) if said else ()):
        counts = ", ".join(f"{people.get(name, 0):,} {words}" for name, words in STANDINGS.items())
        say(f"{'' if number else chr(10)}{policy_id}: {counts}")
    if status.notices:
        say("\n" + notices_table(status.notices))
    for line in told_of_joined(status.joined):
        say(f"\n{line}")
    if status.processes:
        headers = ("process", "host", "pid", "version", "since", "last sign")
        say("\n" + table(headers, [_process_row(one) for one in status.processes]))
    if status.alarms:
        say(f"\n{counted(len(status.alarms), 'alarm')}")
    for alarm in status.alarms:
        say(f"  {alarm.text}")


def _process_row(one: SeenProcess) -> tuple[object, ...]:
    since, seen = (f"{moment:%Y-%m-%d %H:%M:%S} UTC" for moment in (one.began_at, one.seen_at))
    return one.role, one.host, one.pid, one.version, since, seen


def notices_table(standings: tuple[NoticeStanding, ...]) -> str:
    """Every notice on a line, its counts aligned to the right; a block each where the terminal is too narrow.

    Speed and time left stand there only while one is being sent.
    """
    pace = ("speed", "left") if any(standing.speed for standing in standings) else ()
    headers = ("notice", "state", *COUNTS, "not reached", *pace)
    rows = [_notice_row(standing)[: len(headers)] for standing in standings]
    wide = table(headers, rows, right=headers[2:])
    if columns(wide.partition("\n")[0]) <= terminal_width():
        return wide
    return "\n".join(_block(headers, row) for row in rows)


def _block(headers: Sequence[str], row: Sequence[object]) -> str:
    """One notice in a few short lines."""
    counts = [
        f"{header} {value:,}" if isinstance(value, int) else f"{header} {value}"
        for header, value in zip(headers[2:], row[2:], strict=True)
        if value is not None
    ]
    lines = "\n".join(f"  {' · '.join(counts[at : at + 5])}" for at in range(0, len(counts), 5))
    return f"notice {row[0]}, {row[1]}\n{lines}"


def _notice_row(standing: NoticeStanding) -> tuple[object, ...]:
    counts = standing.counts
    return (
        standing.notice.notice_id,
        standing.notice.state.value,
        counts.recipients,
        counts.queued,
        counts.taken,
        counts.delivered,
        counts.deferred,
        counts.bounced,
        counts.dropped,
        counts.suppressed,
        counts.in_doubt,
        counts.not_reached,
        f"{standing.speed:,.0f}/s" if standing.speed else None,
        f"{standing.seconds_left:,.0f} s" if standing.seconds_left else None,
    )

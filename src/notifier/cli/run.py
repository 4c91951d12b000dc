"""`notifier run`: one pass, and what it did."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import config_option, json_option, load_config, note, say, say_json, stages, table
from notifier.cli.status import counts_json, told_of_joined
from notifier.notice.delivery import NoticeState
from notifier.plurals import counted
from notifier.structured_log import VARIABLE

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger.types import StoredNotice
    from notifier.policy.posting import Posting
    from notifier.policy.waiting import Waiting
    from notifier.usecases.deliver import NoticeReport
    from notifier.usecases.plan import Plan
    from notifier.usecases.run import RunReport

TOPICS_SHOWN = 2
"""So that a line fits a terminal; `preview` and `explain` show all."""


@click.command(name="run")
@click.option("--dry-run", "is_dry", is_flag=True, help="Say what a run would do; change nothing.")
@config_option
@json_option
def command(is_dry: bool, config_path: Path | None, as_json: bool) -> int:
    """Make one pass: adopt or post, announce, send, record, publish.

    Exit 1 where something needs a person: a close call waits, a message could not be sent, a notice is overdue.
    """
    from notifier.bootstrap import installation, make_run, telling_broken_config
    from notifier.usecases.deliver.traces import set_up_traces
    from notifier.usecases.run import dry_run

    with telling_broken_config(config_path):
        config = load_config(config_path)
    if is_dry:
        with installation(config) as parts:
            report = dry_run(parts)
    else:
        set_up_traces()
        with stages() as bar:
            report = make_run(config, on_progress=lambda come: bar(come.phase, come.done, come.total or None))
    if not is_dry:
        _log(config, report)
    if as_json:
        say_json(report_json(report))
    else:
        tell(report, is_dry=is_dry)
    return 1 if report.needs_a_person else 0


def _log(config: Config, report: RunReport) -> None:
    """Where a log is asked for, beside the answer; nothing of a run that found nothing to do."""
    is_asked_for = bool(os.environ.get(VARIABLE))
    if is_asked_for and (report.posted or report.notices or report.alarms or report.plan.waiting):
        from notifier.cli.log_facts import keep_log, tell_run

        keep_log(config)
        tell_run(report)


def report_json(report: RunReport) -> dict[str, object]:
    """What `run --json` prints."""
    return {
        "posted": [_posting_json(posting, report.plan) for posting in report.posted],
        "notices": [
            {
                "notice_id": one.notice.notice_id,
                "id": one.notice.notice_id,
                "state": one.notice.state.value,
                "policies": list(one.notice.policies),
                "effective_on": one.notice.effective_on,
                "audience": one.counts.recipients,
                "sent": one.counts.taken,
                "failed": one.counts.bounced + one.counts.dropped,
                **counts_json(one.counts),
            }
            for one in report.notices
        ],
        "waiting": [
            {
                "policy": wait.policy_id,
                "reason": wait.reason.value,
                "why": wait.why,
                "until": wait.until,
                "revisions": list(wait.commits),
            }
            for wait in report.plan.waiting
        ],
        "ignored": [str(ignored) for ignored in report.plan.ignored],
        "announced": sorted(report.plan.announced),
        "withdrawn": list(report.plan.withdrawn),
        "alarms": [alarm.as_json() for alarm in report.alarms],
    }


def _posting_json(posting: Posting, plan: Plan) -> dict[str, object]:
    return {
        "policy": posting.policy_id,
        "revision": posting.commit_id,
        "significance": posting.significance.value,
        "posted_on": posting.posted_on,
        "effective_on": posting.effective_on,
        "tag": posting.tag,
        "adopted": posting.is_adoption and not plan.changes_text(posting),
    }


def tell(report: RunReport, *, is_dry: bool) -> None:
    """What `run` prints for people."""
    rows = [_posted_row(posting, report.plan, is_dry=is_dry) for posting in report.posted]
    rows += [_waiting_row(wait) for wait in report.plan.waiting]
    if rows:
        say(_without_header(rows))
    for ignored in report.plan.ignored:
        note(str(ignored))
    for notice_id in report.plan.withdrawn:
        say(f"notice {notice_id} {'would be' if is_dry else 'was'} withdrawn: overtaken before anyone was told")
    for one in report.notices:
        say(f"\nnotice {one.notice.notice_id}  {_told(one)}")
    for alarm in report.alarms:
        say(f"alarm: {alarm.text}")
    if not rows and not report.notices and not report.alarms:
        say(_nothing(report))


def _nothing(report: RunReport) -> str:
    """Why there was nothing to do: everybody has been told only where no notice is open, cancelled or given up on."""
    if not report.plan.standings:
        return "no policy here yet: write one as Markdown, or notifier import FILE; then commit it"
    if report.open_notices:
        return f"nothing to do yet: still to be told of {', '.join(map(_open, report.open_notices))}"
    stand = "nothing to do: every policy stands as posted"
    untold = [f"{one.policy_id} of {one.posted_on}" for one in report.untold]
    if untold:
        return f"{stand}; not everybody was told of {', '.join(untold)}, as that notice was cancelled"
    if report.joined:
        return "; ".join((stand, *told_of_joined(report.joined)))
    if report.given_up:
        return f"{stand}, everybody has been told but {report.given_up:,} whom a person gave up"
    return f"{stand}, everybody has been told"


def _open(notice: StoredNotice) -> str:
    if notice.state is NoticeState.SCHEDULED:
        return f"{notice.notice_id} (after {notice.send_after:%Y-%m-%d %H:%M} UTC)"
    return f"{notice.notice_id} ({notice.why or notice.state.replace('_', ' ')})"


def _posted_row(posting: Posting, plan: Plan, *, is_dry: bool) -> tuple[str, ...]:
    if posting.is_adoption and not plan.changes_text(posting):
        what = "would be adopted" if is_dry else "adopted"
        as_of = f"{what} as of {posting.posted_on}"
        return (posting.policy_id, as_of, " ", "no text changed", " ", f"tag {posting.tag}")
    done = f"would be posted {posting.posted_on}" if is_dry else f"posted {posting.posted_on}"
    verb = "ends" if posting.tag in plan.ended else "in force"
    told = f"{verb} {posting.effective_on}" if posting.tag in plan.announced else "no notice"
    what = "new" if posting.is_adoption else posting.significance.value
    return (posting.policy_id, done, what, _why(posting), told, f"tag {posting.tag}")


def _why(posting: Posting) -> str:
    """An editor's word where it decided, else the topics of the reasons."""
    if posting.word:
        return posting.word
    topics = list(dict.fromkeys(reason.topic for reason in posting.reasons if reason.topic))
    more = f" and {len(topics) - TOPICS_SHOWN} more" if len(topics) > TOPICS_SHOWN else ""
    return (", ".join(topics[:TOPICS_SHOWN]) or "-") + more


def _waiting_row(wait: Waiting) -> tuple[str, ...]:
    return (wait.policy_id, "waits", " ", wait.why)


def _without_header(rows: list[tuple[str, ...]]) -> str:
    """Aligned like a table; a row's last cell may be as long as it likes."""
    width = max(len(row) for row in rows)
    padded = [(*row[:-1], *[" "] * (width - len(row)), row[-1]) if len(row) < width else row for row in rows]
    return table(padded[0], padded[1:])


def _told(report: NoticeReport) -> str:
    counts = report.counts
    people = counted(counts.recipients, "recipient")
    if counts.suppressed:
        people += f", {counts.suppressed:,} suppressed"
    failed = counts.bounced + counts.dropped
    parts = [f"accepted {counts.taken:,}", f"in doubt {counts.in_doubt:,}", f"failed {failed:,}"]
    if counts.queued:
        parts.append(f"still queued {counts.queued:,}")
    if report.waiting_for:
        until = f" (until {report.until:%Y-%m-%d %H:%M} UTC)" if report.until else ""
        parts.append(f"waits: {report.waiting_for}{until}")
    return f"{people}\n  {' · '.join(parts)}"

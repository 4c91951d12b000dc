"""The log of the verbs that work by themselves: where it goes, and what a run leaves in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifier.plurals import counted
from notifier.structured_log import set_up, tell

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.usecases.run import RunReport


def keep_log(config: Config) -> None:
    """On stderr from now on, without the config's secrets."""
    set_up(config.secrets.words)


def tell_sent(notice_id: str, sent: int) -> None:
    tell("notice.sent", f"{notice_id}: {counted(sent, 'message')} sent", notice=notice_id, sent=sent)


def tell_run(report: RunReport) -> None:
    """What was posted, where each notice stands, what needs a person; and that it is done, in one line."""
    for posting in report.posted:
        what = "adopted" if posting.is_adoption else "posted"
        tell(
            "policy.posted", f"{posting.policy_id} {what} {posting.posted_on}, {posting.significance}",
            policy=posting.policy_id, tag=posting.tag, significance=posting.significance.value,
            effective_on=posting.effective_on, is_adoption=posting.is_adoption,
        )  # fmt: skip
    for waiting in report.plan.waiting:
        tell(
            "policy.waits", f"{waiting.policy_id} waits: {waiting.why}", policy=waiting.policy_id, reason=waiting.reason
        )
    for one in report.notices:
        counts, notice = one.counts, one.notice
        tell(
            "notice.stands", f"notice {notice.notice_id}: {notice.state}, {one.sent:,} sent in this run",
            notice=notice.notice_id, state=notice.state.value, sent=one.sent, recipients=counts.recipients,
            queued=counts.queued, in_doubt=counts.in_doubt, failed=counts.bounced + counts.dropped,
        )  # fmt: skip
    for alarm in report.alarms:
        tell("alarm.stands", alarm.text, level="warning", code=alarm.code.value)
    tell(
        "run.done", f"run done: {_in_words(report)}",
        posted=len(report.posted), notices=len(report.notices), alarms=len(report.alarms),
    )  # fmt: skip


def _in_words(report: RunReport) -> str:
    done = [counted(len(report.posted), "posting"), counted(len(report.notices), "notice")]
    waiting = [f"{waiting.policy_id} waits: {waiting.why}" for waiting in report.plan.waiting]
    return "; ".join([", ".join(done), *waiting, *map(str, report.plan.ignored)])

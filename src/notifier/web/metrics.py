"""`/metrics`, for Prometheus: how far each notice has come and when Notifier last ran. Ids and counts, no persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from notifier.alarms import Alarm, AlarmCode
from notifier.notice.delivery import NoticeState

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.types import StoredNotice

SHOWN_FOR = timedelta(days=30)
"""How long a notice that is over stays in the figures."""
OVER = frozenset({NoticeState.FINISHED, NoticeState.CANCELLED})
OVERDUE = "notifier_notice_overdue"
DELIVERIES = "notifier_deliveries"
ALARMS = "notifier_alarms"

HELP = {
    ALARMS: "Alarms that stand, by code (docs/operator.md says what each means).",
    DELIVERIES: "Deliveries of a notice by status.",
    OVERDUE: "1 where a notice did not reach everybody before its deadline.",
    "notifier_last_run_started_seconds": "When the last run started (Unix time).",
    "notifier_last_run_finished_seconds": "When the last run ended (Unix time); absent while it is under way.",
    "notifier_foreign_events": "Events of other mail than ours that a provider reported; nothing of them is kept.",
    "notifier_last_event_seconds": "When a provider last reported an event (Unix time).",
}

Sample = tuple[str, dict[str, str], float]


def metrics_text(ledger: Ledger, now: datetime, alarms: Iterable[Alarm] = ()) -> str:
    """The figures at `now`, in Prometheus' text format."""
    lines: list[str] = []
    seen: set[str] = set()
    samples = [*_alarm_samples(alarms), *_samples(ledger, now)]
    for name, labels, value in sorted(samples, key=lambda sample: sample[0]):
        if name not in seen:
            lines += [f"# HELP {name} {HELP[name]}", f"# TYPE {name} gauge"]
            seen.add(name)
        lines.append(f"{name}{_braced(labels)} {value:.17g}")
    return "\n".join(lines) + "\n"


def _samples(ledger: Ledger, now: datetime) -> Iterator[Sample]:
    for notice in ledger.notices.all():
        if _is_shown(notice, now):
            yield from _notice_samples(ledger, notice, now)
    last = ledger.runs.last()
    if last is not None:
        yield "notifier_last_run_started_seconds", {}, last.started_at.timestamp()
    if last is not None and last.finished_at is not None:
        yield "notifier_last_run_finished_seconds", {}, last.finished_at.timestamp()
    heard_at = ledger.events.feed_seen_at("sendgrid")
    if heard_at is not None:
        yield "notifier_last_event_seconds", {"mailer": "sendgrid"}, heard_at.timestamp()
        yield "notifier_foreign_events", {"mailer": "sendgrid"}, ledger.events.foreign("sendgrid")


def _alarm_samples(alarms: Iterable[Alarm]) -> Iterator[Sample]:
    """Every code, also those of which none stands: a rule that waits for one must find it."""
    counts = Counter(alarm.code for alarm in alarms)
    for code in AlarmCode:
        yield ALARMS, {"code": code}, counts[code]


def _is_shown(notice: StoredNotice, now: datetime) -> bool:
    return notice.state not in OVER or now - (notice.finished_at or notice.created_at) < SHOWN_FOR


def _notice_samples(ledger: Ledger, notice: StoredNotice, now: datetime) -> Iterator[Sample]:
    counts = asdict(ledger.deliveries.counts(notice.notice_id))
    counts.pop("recipients")
    for status, count in counts.items():
        yield DELIVERIES, {"notice": notice.notice_id, "state": notice.state, "status": status}, count
    yield OVERDUE, {"notice": notice.notice_id}, notice.is_overdue(now)


def _braced(labels: dict[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

"""A notice whose letters name what is true no longer: a day that it could not keep, or an address of before.

Nobody is bound by what not everybody could read for the whole period, so the day moves on as long as somebody waits.
Where it has not begun yet, the letters are written anew with it, and where `page.url` is another one by now, under a
new id; whoever let the notice go has let this one go.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import timedelta
from urllib.parse import quote

from notifier.alarms import Alarm, AlarmCode, alarm
from notifier.errors import Refused
from notifier.ledger.types import StoredNotice
from notifier.notice.delivery import UNFINISHED, NoticeState
from notifier.notice.telling import TellingStage
from notifier.usecases.announce import add_notice
from notifier.usecases.deliver import DeliveryReport, move_days
from notifier.usecases.fitting import compose_fitting
from notifier.usecases.installation import Installation
from notifier.usecases.plan import letters_anew
from notifier.usecases.publish import publish_what_stands
from notifier.usecases.two_records import differences


def with_true_days(installation: Installation, withheld: Collection[str]) -> tuple[dict[str, Alarm], list[Alarm]]:
    """Before anything leaves: move the days of what is late, and write its letters anew.

    By id, those that stay behind, as no letter can be made of them now; and what days have moved by it.
    """
    unfinished = installation.ledger.notices.all(*UNFINISHED)
    if not unfinished or _differ(installation):
        return {}, []
    moved = [_move(installation, one) for one in unfinished]
    if any(moved):
        publish_what_stands(installation)
    _ask_of_days_that_came(installation)
    left: dict[str, Alarm] = {}
    late: list[Alarm] = []
    for one in list(_beginning_late(installation, withheld)):
        try:
            late += _write_anew(installation, one)
        except Refused as error:
            count = sum(installation.ledger.readers.by_message(one.notice_id))
            left[one.notice_id] = alarm(AlarmCode.UNSENT, "it waits", notice=one.notice_id, count=count, why=error)
    return left, late


def with_moved_days(installation: Installation, delivery: DeliveryReport) -> tuple[Alarm, ...]:
    """A notice that ended late has moved the day from which its texts apply: the pages say so at once."""
    is_late = any(one.code is AlarmCode.ENDED_LATE for one in delivery.alarms)
    return publish_what_stands(installation) if is_late and not _differ(installation) else ()


def _differ(installation: Installation) -> bool:
    return bool(differences(installation.repository, installation.ledger, installation.config.page_dir))


def _move(installation: Installation, one: StoredNotice) -> bool:
    """Of a notice that has begun only days to come: what was told in time stays, where others joined since."""
    if not one.is_overdue(installation.now()):
        return False
    day = installation.today + timedelta(days=installation.config.notice.period_days)
    zone = installation.config.posting_zone
    since = installation.today if one.started_at else one.created_at.astimezone(zone).date()
    late = move_days(installation.ledger, one, day, since)
    return bool(late and late.has_moved)


def _ask_of_days_that_came(installation: Installation) -> None:
    """The letters of a notice that has begun stay as they are: once the day that they name has come, whoever is left
    gets them by a person's word alone, as their text will apply later."""
    ledger, zone = installation.ledger, installation.config.posting_zone
    texts = {one.tag for one in ledger.postings.all() if not one.restores}
    for one in ledger.notices.all(NoticeState.SENDING):
        told = installation.repository.told.of(one.notice_id, TellingStage.BEGUN)
        if told is None or not one.is_overdue(installation.now()):
            continue
        made_on = one.created_at.astimezone(zone).date()
        came = {day for tag, day in told.effective.items() if tag in texts and made_on < day <= installation.today}
        why = f"its letters name {', '.join(map(str, sorted(came)))}, and that day came before all had them"
        counts = ledger.deliveries.counts(one.notice_id)
        if came and (counts.queued or counts.in_doubt) and ledger.audit.resumed_at(one.notice_id, why) is None:
            ledger.notices.stop(one.notice_id, installation.now(), why)


def _beginning_late(installation: Installation, withheld: Collection[str]) -> Iterator[StoredNotice]:
    ledger, now = installation.ledger, installation.now()
    due = {*ledger.notices.due(now)}.difference(withheld)
    for one in ledger.notices.all(NoticeState.SCHEDULED):
        if one.notice_id in due and not one.started_at and (one.is_overdue(now) or _leads_elsewhere(installation, one)):
            yield one


def _leads_elsewhere(installation: Installation, one: StoredNotice) -> bool:
    """Do its letters name another address of the pages than the config does now?"""
    here = installation.config.page.url or ""
    for message in installation.ledger.notices.messages(one.notice_id) if here else ():
        names = "|".join(re.escape(quote(one)) for one in message.policies)
        page = rf"/({re.escape(message.language)}/)?({names})/(changes/|compare/)?\d{{4}}-\d\d-\d\d"
        links = (link for link in re.findall(r"https?://\S+", message.text) if re.search(page, link))
        if any(not re.match(re.escape(here) + page, link) for link in links):
            return True
    return False


def _write_anew(installation: Installation, late: StoredNotice) -> Iterator[Alarm]:
    records = installation.records()
    step = letters_anew(records, late.notice_id)
    if step is None:
        raise Refused("its letters are late, and nothing is left to write anew")
    composed = compose_fitting(records, installation.templates, step.announcements)
    taken = {one.notice_id for one in installation.repository.told.records}
    made = add_notice(installation.config, installation.ledger, composed, step, installation.now(), taken, late=late)
    installation.on_step("notice added")
    told = (one.posting for one in step.announcements)
    tags = ", ".join(one.tag for one in told if late.is_overdue(installation.now()) and not one.restores)
    if tags:
        day = installation.ledger.notices.get(made).effective_on
        yield alarm(AlarmCode.ENDED_LATE, "written anew", notice=made, effective_on=day, tags=tags)

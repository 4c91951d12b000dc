"""What each alarm says: one line for people that names the mend. Nobody parses it.

Where an alarm has several occasions, a sentence stands here for each, by the name that its finder gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from notifier.alarms.codes import Alarm, AlarmCode
from notifier.plurals import are, counted

_APPROVE = "notifier notice approve {notice}"
SENTENCES: Mapping[AlarmCode | tuple[AlarmCode, str], str] = MappingProxyType(
    {
        AlarmCode.RECORDS_DIFFER: (
            "the two records differ: {what}; nothing is posted until they agree: notifier recover"
        ),
        AlarmCode.CLOSE_CALL: (
            "{policy} waits for an editor's word on {commits} (until {ends}, then it goes out as significant)"
        ),
        AlarmCode.POLICY_GONE: "{policy}: {why}",
        AlarmCode.NOT_POSTED: "{policy} is not posted: {why}",
        (AlarmCode.NOT_POSTED, "until then"): "{policy} is not posted: {why} (until {ends}, then they are)",
        AlarmCode.GIT_REFUSED: "{policy} is not posted: {why}",
        AlarmCode.CUT_SHORT: "{policy}: a run was cut short while posting; the next `notifier run` finishes it",
        AlarmCode.NOT_ANNOUNCED: "{policy}: posted {posted_on} and not announced yet; the next `notifier run` does",
        (AlarmCode.NOT_ANNOUNCED, "with more"): (
            "{policy}: posted {posted_on} and not announced yet; the next `notifier run` does, with what has come since"
        ),
        AlarmCode.AWAITING_APPROVAL: f"notice {{notice}} waits for approval: {_APPROVE}",
        (AlarmCode.AWAITING_APPROVAL, "for a reason"): (
            f"notice {{notice}} waits, for {{why}}: {_APPROVE} --because TEXT, or cancel"
        ),
        (AlarmCode.AWAITING_APPROVAL, "would"): "the notice would wait for approval: {why}",
        AlarmCode.NO_AUDIENCE: (
            "notice {notice} tells nobody: {why}. Import customers, then notifier notice resume {notice}; "
            f"or {_APPROVE} --because TEXT, or cancel"
        ),
        AlarmCode.HELD: "notice {notice} is held ({why}): notifier notice resume {notice}, or cancel",
        AlarmCode.OVERDUE: (
            "notice {notice} is overdue: it was to reach everybody by {deadline:%Y-%m-%d}; its effective date moves"
        ),
        AlarmCode.ENDED_LATE: "notice {notice} ended late; it takes effect on {effective_on}: {tags}",
        (AlarmCode.ENDED_LATE, "written anew"): (
            "notice {notice} goes out late, in letters written anew; it takes effect on {effective_on}: {tags}"
        ),
        AlarmCode.UNSENT: "notice {notice}: {customers} {are} still to be told, and nobody sends; notifier run goes on",
        (AlarmCode.UNSENT, "it waits"): "notice {notice}: {customers} {are} still to be told; it waits: {why}",
        (AlarmCode.UNSENT, "joined"): (
            "notice {notice} has not reached {customers} from before it was posted, on the roster only since it was "
            "sent: notifier notice extend {notice}"
        ),
        (AlarmCode.UNSENT, "joined late"): (
            "notice {notice} has not reached {customers} from before it was posted, and its period is over: "
            "notifier notice extend {notice} --because TEXT, or accept-unreached {notice} --because TEXT"
        ),
        AlarmCode.NOT_REACHED: (
            "notice {notice} did not reach {customers} ({why}): notifier notice retry {notice}, or "
            "accept-unreached {notice} --because TEXT"
        ),
        (AlarmCode.NOT_REACHED, "silenced"): (
            "notice {notice} did not reach {customers} ({why}): notifier notice retry {notice}, or "
            "accept-unreached {notice} --because TEXT; the provider dropped {silenced:,} by its own list "
            "(unsubscribed, complained or bounced, of any mail of the account): take them off there, or see "
            "mail.sendgrid.bypass"
        ),
        (AlarmCode.NOT_REACHED, "cancelled"): (
            "notice {notice} was cancelled ({why}) before it told {customers} of {tags}: the next change there that is "
            "told tells of it too; if nobody need hear of it: notifier notice accept-unreached {notice} --because TEXT"
        ),
        (AlarmCode.NOT_REACHED, "nobody"): (
            "notice {notice} ended, and nobody was told: it had no recipient. Import who was to be told, then notifier "
            "notice extend {notice}; or accept-unreached {notice} --because TEXT"
        ),
        AlarmCode.IN_DOUBT: (
            "notice {notice}: {customers} in doubt ({why}); nobody can tell yet whether they were taken; runs settle "
            "it once that is known, or its time is over"
        ),
        (AlarmCode.IN_DOUBT, "nobody sends"): (
            "notice {notice}: {customers} in doubt ({why}), and it does not go on; by what the provider's own log "
            "says: notifier notice settle {notice} accepted|absent --because TEXT"
        ),
        (AlarmCode.IN_DOUBT, "since"): (
            "notice {notice}: {customers} in doubt since {since:%Y-%m-%d %H:%M} UTC ({why}); {what_then}"
        ),
        AlarmCode.NO_MAIL_TAKEN: ("{transport} takes no mail: {why}; {customers} {are} still to be told, and {again}"),
        (AlarmCode.NO_MAIL_TAKEN, "nobody waits"): "{transport} takes no mail: {why}",
        (AlarmCode.NO_MAIL_TAKEN, "in doubt"): "{transport}: {why}",
        AlarmCode.BOUNCES_UNREAD: "mail.bounces: {why}: nobody knows what bounced",
        AlarmCode.ROSTER_AWAY: "customers.url: {why}: the roster is as it was last read, and who joined is not told",
        AlarmCode.BAD_ROWS: "{what}",
        AlarmCode.LIST_LACKS: (
            "{rows} of {what} came in for nobody, and whoever they name is told nothing: mend them, and import it again"
        ),
        AlarmCode.COUNTS_DIFFER: "{what}",
        AlarmCode.JOURNAL_DIFFERS: "the journal is not as it was: {why}; notifier verify says what else differs",
        AlarmCode.NO_PAGE: "{what}",
        AlarmCode.TOLD_NOT_IN_GIT: "{what}",
        AlarmCode.NOT_ANCHORED: "the journal's head has no time stamp: {why}",
        AlarmCode.REVIEW_DUE: "{policy} was last posted {posted_on}: due for its yearly review",
        AlarmCode.SANDBOX: "mail.sendgrid.sandbox is on: notices are recorded as accepted, and nobody gets them",
        AlarmCode.DISK_FULL: "the disk of {folder} {state}: a run could not write down what it did; make room there",
        AlarmCode.RUN_FAILED: "the run failed: {why}; notifier run tries again",
        AlarmCode.RUN_MISSED: (
            "a run was due {due_at:%Y-%m-%d %H:%M %Z} and none was made in time: is notifier schedule running?"
        ),
        (AlarmCode.RUN_MISSED, "left out"): (
            "a run was due, and the one before it has not ended: see `notifier doctor`"
        ),
        AlarmCode.PROCESS_SILENT: (
            "notifier {role} on {host} (process {pid}) has said nothing since {seen_at:%Y-%m-%d %H:%M} UTC: it hangs "
            "or was killed; end it, and start it again there; or, if it never comes back: notifier {role} --gone {host}"
        ),
        AlarmCode.SENDING_FAILED: "sending cannot go on: {why}; tried again each minute",
        (AlarmCode.SENDING_FAILED, "left alone"): (
            "this machine's worker sends nothing of notice {notice}: {why}; give all machines the same config.toml and "
            "environment"
        ),
        AlarmCode.CONFIG_BROKEN: "{why}; what the file said before holds until it is mended",
        (AlarmCode.CONFIG_BROKEN, "no run"): "{why}; no run is made until it is mended",
        AlarmCode.ALARM_NOT_SENT: "an alarm did not go out by alarms.{channel}: {why}; each run tries again",
    }
)


def alarm(
    code: AlarmCode,
    occasion: str = "",
    *,
    policy: str | None = None,
    notice: str | None = None,
    transport: str | None = None,
    channel: str | None = None,
    count: int | None = None,
    until: datetime | None = None,
    **facts: Any,
) -> Alarm:
    """An alarm with its fields, and its line made from these and what else its sentence names."""
    fields = {
        "policy": policy, "notice": notice, "transport": transport, "channel": channel, "count": count, "until": until,
    }  # fmt: skip
    sentence = SENTENCES[(code, occasion) if occasion else code]
    people = {"customers": counted(count or 0, "customer"), "are": are(count or 0)}
    if isinstance(facts.get("why"), str):  # a provider's sentence ends within ours
        facts["why"] = facts["why"].rstrip(". ")
    return Alarm(code, sentence.format(**fields, **people, **facts), policy, notice, transport, channel, count, until)

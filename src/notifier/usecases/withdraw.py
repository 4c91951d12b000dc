"""Withdraw: take back what was announced and has yet to come, by a commit that brings the earlier text back.

The next run posts it: it reads as the text in force, so customers who were told hear that nothing changes.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from notifier.errors import Refused
from notifier.policy.posting import Posting
from notifier.policy.revision import Revision
from notifier.policy.revision_comparison import has_changed
from notifier.policy.timeline import Timeline
from notifier.usecases.standings import Records
from notifier.usecases.two_records import differences


class Withdrawn(NamedTuple):
    """What was taken back, oldest first, and what stays in its place."""

    policy_id: str
    taken_back: tuple[Posting, ...]
    stays: Posting
    commit_id: str
    is_told: bool
    """Will customers be told? They will not where nobody was told of what is taken back."""


def withdraw(records: Records, name: str, because: str, *, by: str | None) -> Withdrawn:
    """Take back the posting `name` (its tag, `privacy/2026-11-22`, or a policy for the first that waits), and what was
    posted on top of it.

    Raises Refused where that is in force already, was taken back, or the policy was changed since it was posted.
    """
    if not because.strip():
        raise Refused("--because: say why, in words that an auditor will understand")
    differ = differences(records.repository, records.ledger, records.config.page_dir)
    if differ:
        raise Refused(f"git and the ledger tell different stories of what was posted: {differ[0]}; notifier recover")
    policy_id, timeline, at = _found(records, name)
    if at == 0:
        raise Refused(f"{name}: there is no text before it; remove the file, and say so in a commit")
    stays, taken_back = timeline.postings[at - 1], timeline.postings[at:]
    head, texts = _texts(records, policy_id, timeline, stays)
    dates = ", ".join(dict.fromkeys(one.posted_on.isoformat() for one in taken_back))
    said = f"Take back {policy_id} of {dates}\n\n{because.strip()}\n"
    author = _author(records, by)
    commit_id = records.repository.write(head.policy_id, texts, said, author)
    if records.ledger is not None:
        records.ledger.postings.take_back([one.tag for one in taken_back], records.now, author.partition(" <")[0])
    return Withdrawn(policy_id, taken_back, stays, commit_id, any(map(timeline.has_told, taken_back)))


def _found(records: Records, name: str) -> tuple[str, Timeline, int]:
    """The policy, its postings, and the index of the one that is meant."""
    wanted = name.removeprefix("posted/")
    for policy_id in records.repository.policies_posted():
        timeline = records.timeline(policy_id)
        if wanted == policy_id:
            return policy_id, timeline, _first_waiting(timeline, policy_id, records.today)
        for at, posting in enumerate(timeline.postings):
            if wanted in (posting.tag.removeprefix("posted/"), f"{policy_id}/{posting.version}"):
                _refuse_in_force(timeline, at, records.today)
                return policy_id, timeline, at
    raise Refused(f"{name}: no posting; `notifier status` shows what waits for its day")


def _first_waiting(timeline: Timeline, policy_id: str, today: date) -> int:
    now = timeline.in_force(today)
    first = 0 if now is None else now + 1
    if first >= len(timeline.postings):
        raise Refused(f"{policy_id}: nothing that was posted waits for its day")
    return first


def _refuse_in_force(timeline: Timeline, at: int, today: date) -> None:
    posting = timeline.postings[at]
    back = timeline.withdrawn_by(at)
    if back is not None:
        raise Refused(f"{posting.tag}: it was taken back on {back.posted_on}")
    day = timeline.effective_on(posting)
    if day <= today:
        raise Refused(f"{posting.tag}: it is in force since {day}; change the text, and customers are told of that")


def _texts(records: Records, policy_id: str, timeline: Timeline, stays: Posting) -> tuple[Revision, dict[str, str]]:
    """The policy as it stands, and each of its files with the words that it had; a language that came since stays.

    Raises Refused where bringing those back would lose what nobody has posted yet, or where a file is gone.
    """
    head = records.repository.heads().revisions.get(policy_id)
    posted, text = records.text_of(policy_id, timeline.last), records.text_of(policy_id, stays)
    if head is None or posted is None or text is None or has_changed(posted, head):
        raise Refused(f"{policy_id}: it was changed since it was posted, or is gone; post or revert that first")
    gone = ", ".join(sorted(text.texts.keys() - head.texts.keys()))
    if gone:
        raise Refused(f"{policy_id}: it was there in {gone}, too; bring those files back with git, and commit them")
    return head, {head.texts[language].path: one.text for language, one in text.texts.items()}


def _author(records: Records, by: str | None) -> str:
    name, address = records.repository.identity()
    return by if by and "<" in by else f"{by or name or 'Somebody'} <{address or 'notifier@localhost'}>"

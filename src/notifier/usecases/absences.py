"""Was a policy gone for a while, without a word to anybody? On those days its pages said that it did not apply."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import TYPE_CHECKING

from notifier.policy.posting import Posting
from notifier.policy.revision import Revision
from notifier.policy.verdict import DRAFT

if TYPE_CHECKING:
    from notifier.repository import Repository


def ended_silently(
    repository: Repository, last: Posting | None, posted: Revision, head: Revision, *, zone: tzinfo, today: date
) -> date | None:
    """The first day on which a policy that is there again applied no longer, since its `last` posting.

    By its file, which was removed and came back on another day, or by its front matter, whose day came.
    """
    if last is None or head.controlling.front_matter.retired:
        return None
    day = _removed_on(repository, head.policy_id, last.commit_id, zone) or _retired_on(repository, last, posted, head)
    return day if day and last.effective_on < day <= today else None


def _removed_on(repository: Repository, policy_id: str, since: str, zone: tzinfo) -> date | None:
    past = repository.past()
    for gone, back in past.absences(policy_id):
        left_on, came_on = (past.commit(one).landed_at.astimezone(zone).date() for one in (gone, back))
        if left_on < came_on and repository.is_ancestor(since, gone):
            return left_on
    return None


def _retired_on(repository: Repository, last: Posting, posted: Revision, head: Revision) -> date | None:
    """The newest day that it was said to end on, and no longer is. Where no commit came since, none took it out."""
    if head.commit.commit_id == last.commit_id:
        return None
    steps = () if head.commit.commit_id == DRAFT else repository.revisions(head.policy_id, last.commit_id)
    said = (one.controlling.front_matter.retired for one in (*steps, posted))
    return next((day for day in said if day), None)

"""What there is to preview: which policies, which came or went, and what of them cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from notifier.bootstrap import utc_now
from notifier.config import Config
from notifier.ledger import Ledger
from notifier.repository import Repository
from notifier.usecases.comings import Coming
from notifier.usecases.preview import Preview, fates, preview, records_for_drafts, unreadable
from notifier.usecases.standings import Records


class Found(NamedTuple):
    """What there is to show: the policies, which came or went, and mistakes of those that cannot be read."""

    records: Records
    previews: Sequence[Preview]
    fates: Sequence[Coming]
    are_any: bool
    """Did any policy come or go, whether it was asked for or not?"""
    broken: Sequence[str]
    lacks_published: bool
    """Is the working tree that of an older revision than the published one?"""


def find(
    config: Config, repository: Repository, ledger: Ledger, policies: Sequence[str], from_: str | None, to: str | None
) -> Found:
    """Of POLICIES, or of all; between two revisions, or of the working tree against what customers know."""
    records = records_for_drafts(config, repository, ledger, utc_now())
    is_draft = from_ is None and to is None
    came_and_went = fates(records) if is_draft else ()
    gone = {one.policy_id for one in came_and_went if one.is_gone}
    wanted = tuple(one for one in policies if one not in gone)
    previews = preview(records, ledger, wanted, from_=from_, to=to) if wanted or not policies else ()
    unread = unreadable(records).values() if is_draft and not policies else ()
    asked = [one for one in came_and_went if not policies or one.policy_id in policies]
    broken = [str(one) for found in unread for one in found]
    return Found(records, previews, asked, bool(came_and_went), broken, is_draft and repository.lacks_published())

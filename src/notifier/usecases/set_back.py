"""Were both records set back to an earlier day? Then they agree, and only others show it: the ledger's mark, the pages.

What customers were told since then nobody can know. Nothing goes out before a person has said that no newer copy is
left (`recover --no-newer-copy`), and then the first notice of each policy waits for a word of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.notice.delivery import UNFINISHED

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.types import StoredNotice
    from notifier.repository import Repository

MEND = "notifier recover --no-newer-copy"
_VERSION = re.compile(r"(?P<policy>.+)/(?P<version>\d{4}-\d\d-\d\d(?:\.\d+)?)/index\.html")


def set_back(repository: Repository, ledger: Ledger, pages: Path) -> Iterator[str]:
    """What shows that there was more than the two records know, in lines for people that say the mend."""
    fault = ledger.high_water.fault()
    if fault:
        mend = "" if is_told_by_git(repository, ledger) else f"; if there is none: {MEND}"
        yield f"{fault}; bring the newer one back{mend}"
    unknown = _unknown_pages(repository, ledger, pages)
    if unknown:
        yield (
            f"{pages} shows {', '.join(unknown)}, and neither git nor the ledger knows that it was posted: both were "
            f"set back; bring the newer ones back; if there are none: {MEND}"
        )


def is_told_by_git(repository: Repository, ledger: Ledger) -> bool:
    """Does git know the newest posting and notice that the ledger had? Then it was not set back, and knows the rest."""
    mark = ledger.high_water.last_seen()
    if mark is None:
        return False
    begun = {one.notice_id for one in repository.told.records}
    return (mark.posting is None or mark.posting in repository.tags_taken()) and (
        mark.notice is None or mark.notice in begun
    )


def under_way(ledger: Ledger) -> tuple[StoredNotice, ...]:
    """Notices that have begun and not ended: how far they came since is not known where the ledger was set back."""
    return tuple(one for one in ledger.notices.all(*UNFINISHED) if one.started_at is not None)


def told_again(ledger: Ledger, policies: Iterable[str]) -> Iterator[str]:
    """Why a notice of these policies waits: the first one after the records were set back may repeat another."""
    since = ledger.high_water.accepted_at()
    if since is None:
        return
    approved = (one for one in ledger.notices.all() if one.approved_at and one.approved_at > since)
    settled = {policy_id for one in approved for policy_id in one.policies}
    doubtful = sorted(set(policies) - settled)
    if doubtful:
        yield (
            f"the records were set back, as was found on {since:%Y-%m-%d}: customers may have been told of "
            f"{', '.join(doubtful)} before"
        )


def _unknown_pages(repository: Repository, ledger: Ledger, pages: Path) -> list[str]:
    """Versions that the pages' manifest has, and that were never posted as far as the two records know."""
    from notifier.render.site.output import MANIFEST, read_manifest

    try:
        written_at = datetime.fromtimestamp((pages / MANIFEST).stat().st_mtime, UTC)
    except OSError:
        return []
    accepted_at = ledger.high_water.accepted_at()
    if accepted_at is not None and written_at <= accepted_at:
        return []
    known = repository.tags_taken() | {one.tag for one in ledger.postings.all()}
    now = [(name, one) for one in repository.policies_posted() for name in (one, *repository.names(one))]
    unknown = []
    for policy_id, (_, files) in read_manifest(pages).units.items():
        versions = [
            found["version"] for file in files if (found := _VERSION.fullmatch(file)) and found["policy"] == policy_id
        ]
        lost = [one for one in versions if f"posted/{policy_id}/{one}" not in known]
        those = [today for name, today in now if name == policy_id] if lost else []
        own = {one.version for today in those for one in repository.postings(today)}
        unknown += [f"{policy_id} as posted {one}" for one in lost if one not in own]
    return sorted(unknown)

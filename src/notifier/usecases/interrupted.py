"""What killed runs had planned and not confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from notifier.policy.posting import Posting

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.types import PlannedPosting
    from notifier.repository import Repository


class Interrupted(NamedTuple):
    """A posting that a killed run had planned and not confirmed. `is_made`: it stands in git, and is finished."""

    posting: Posting
    must_tell: bool
    blobs: Mapping[str, str]
    """Path → blob id of the files that the run was about to commit."""
    stamp_id: str | None
    is_made: bool


def read_interrupted(repository: Repository, ledger: Ledger) -> tuple[Interrupted, ...]:
    """What killed runs left half done, oldest first."""
    return tuple(_interrupted(repository, planned) for planned in ledger.postings.planned())


def _interrupted(repository: Repository, planned: PlannedPosting) -> Interrupted:
    """A posting stands in git by its stamp commit, which knows all that was said; what was adopted as it is, by its
    tag."""
    posting = planned.posting
    stamped = repository.stamped(posting.tag, posting.commit_id, planned.blobs)
    if stamped:
        return Interrupted(stamped[1], planned.must_tell, planned.blobs, stamped[0], is_made=True)
    is_made = posting.is_adoption and posting.tag in repository.tags_taken()
    return Interrupted(posting, planned.must_tell, planned.blobs, None, is_made)

"""Why a policy is not posted now, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from notifier.errors import Finding


class WaitReason(StrEnum):
    """Why a policy is not posted now."""

    COMMIT = "commit"  #: Somebody is editing it: only what is committed is posted.
    TEXT = "text"  #: Its text cannot be read, or is none.
    WORD = "word"  #: A close call: an editor has to say whether it is significant, or the time for it runs out.
    ANNOUNCE = "announce"  #: It is new, and does not say whether customers are told of it.
    GONE = "gone"  #: Its file was removed: a person has to say whether customers must be told.
    RECORDS = "records"  #: Git and the ledger tell different stories of what was posted: a person must look first.
    DATE = "date"  #: Its front matter says on which day to post it, and that has not come.
    TRANSLATION = "translation"  #: A translation did not follow, and the config says to wait for it.
    CLOCK = "clock"  #: The clock is behind the last posting, and a posted date never goes down.


class Waiting(NamedTuple):
    """A policy that is not posted now. `needs_a_person`: it would go out if somebody did something."""

    policy_id: str
    reason: WaitReason
    why: str
    commits: tuple[str, ...] = ()  #: The ids of those that wait for an editor's word, oldest first.
    until: datetime | None = None
    needs_a_person: bool = True


def wait_for_text(policy_id: str, mistakes: Sequence[Finding]) -> Waiting:
    """One text that cannot be read waits alone: the others are posted, and what is under way is delivered."""
    return Waiting(policy_id, WaitReason.TEXT, "; ".join(map(str, mistakes)))

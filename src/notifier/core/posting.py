"""Revision + Classification + today → `Posting` with its dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from notifier.core.classify import Reason, Significance
from notifier.core.revision import Revision


@dataclass(frozen=True, slots=True)
class Posting:
    """A revision made public. `posted_on` is what the top of the page says; `effective_on` when it binds."""

    policy_id: str
    commit_id: str
    """The revision's landing (not the stamp commit)."""
    posted_on: date
    effective_on: date
    significance: Significance
    tag: str
    """`posted/<policy>/<YYYY-MM-DD>`, `.2` for a second that day."""
    is_adoption: bool = False
    reasons: tuple[Reason, ...] = ()
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting with its text as stamped, as read back from git: what pages are made from."""

    posting: Posting
    revision: Revision
    """Texts as they stand at the tag (the posted date in them)."""

"""Whose text, at which commit: `Policy` files, their front matter, and `Revision`s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What Notifier reads from a policy's YAML front matter; unknown keys stay in the text and are ignored."""

    title: str | None = None
    effective: date | None = None
    audience: frozenset[str] = frozenset()
    """Customer tags; empty means every customer."""
    summary: str | None = None
    language: str | None = None
    announce: bool = False


@dataclass(frozen=True, slots=True)
class PolicyText:
    """One language of a policy at one commit."""

    path: str
    language: str
    blob_id: str
    text: str
    front_matter: FrontMatter
    title: str
    """Front matter `title`, else the first heading, else the policy's id made readable."""


@dataclass(frozen=True, slots=True)
class Landing:
    """A first-parent commit on the published branch that touched a policy."""

    commit_id: str
    landed_at: datetime
    author: str
    author_email: str
    committer_email: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A policy's text, in all its languages, at one landing on the published branch."""

    policy_id: str
    language: str
    """Of the controlling text."""
    landing: Landing
    texts: Mapping[str, PolicyText]

    @property
    def controlling(self) -> PolicyText:
        return self.texts[self.language]

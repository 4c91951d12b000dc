"""A real git repository in a temporary folder, as editors make one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from notifier.policy.posting import Posted, Posting, next_tag
from notifier.policy.revision import Revision, drop_used_up
from notifier.repository import Repository
from notifier.significance import Significance
from notifier.text.dates.posted_date import set_posted_date

ON = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The editors' checkout."""

    root: Path

    def git(self, *arguments: str, **environment: str) -> str:
        ran = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, **environment},
        )
        return ran.stdout.strip()

    def write(self, path: str, text: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def commit(
        self, message: str, files: Mapping[str, str | bytes] | None = None, author: str = "Ana <ana@x.example>"
    ) -> str:
        for path, text in (files or {}).items():
            self.write(path, text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message, "--author", author)
        return self.git("rev-parse", "HEAD")

    def open(self, **options: str) -> Repository:
        return Repository.open(self.root, **options)  # type: ignore[arg-type]


def sandbox(root: Path, branch: str = "main") -> Sandbox:
    root.mkdir(parents=True, exist_ok=True)
    box = Sandbox(root)
    box.git("init", "--quiet", "-b", branch)
    box.git("config", "user.name", "Ana")
    box.git("config", "user.email", "ana@x.example")
    return box


def posting_of(revision: Revision, repository: Repository, on: date = ON) -> Posting:
    """A significant posting of the revision, without asking a classifier."""
    tag = next_tag(revision.policy_id, on, repository.tags_taken())
    summary = revision.controlling.front_matter.summary
    return Posting(
        revision.policy_id, revision.commit.commit_id, on, on, Significance.SIGNIFICANT, tag, summary=summary
    )


def stamped(revision: Revision, on: date = ON) -> dict[str, str]:
    return {
        text.path: set_posted_date(drop_used_up(text.text), on, language=text.language)
        for text in revision.texts.values()
    }


def history(repository: Repository) -> Iterator[Revision]:
    """Every revision of every policy, newest first."""
    past = repository.past()
    return map(past.revision, past.changes())


def post(repository: Repository, policy_id: str = "privacy", on: date = ON) -> str:
    """Stamps and tags the policy at the tip; the stamp commit's id."""
    revision = repository.head_revisions()[policy_id]
    posting = posting_of(revision, repository, on)
    commit_id = repository.stamp(posting, stamped(revision, on))
    repository.tag(posting, commit_id)
    return commit_id


def last_posted(repository: Repository, policy_id: str = "privacy") -> Posted | None:
    return next(reversed(repository.posted(policy_id)), None)

"""Check what is staged: what the commit being made would change, and nothing that was so before it. Read only."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.errors import Finding
from notifier.usecases.check import Report, check

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.repository import Repository


def check_staged(
    config: Config, repository: Repository, index: Path | None, message: str | None, now: datetime
) -> Report:
    """The report on the index (`index`, where git commits from another than its own).

    A finding in a file that the commit leaves alone counts only where the commit brings it: somebody else's old fault
    must not stop an editor who never touched it. Raises RepositoryError while a merge is not resolved.
    """
    staged = repository.staged(index)
    report = check(config, staged, from_=None, message=message, now=now)
    if not repository.has_commits:
        return report
    before = repository.unchanged()
    committed = before.working_files()
    touched = {path for path, blob in staged.working_files().items() if committed.get(path) != blob}
    policies = [one for one in staged.working_policies() if _blobs(staged, one) != _blobs(before, one)]
    elsewhere = [one for one in report.findings if one.path not in touched]
    old = {_what(one) for one in check(config, before, from_=None, message=None, now=now).findings} if elsewhere else ()
    findings = tuple(one for one in report.findings if one.path in touched or _what(one) not in old)
    changed = tuple(one for one in report.changed if one.policy_id in policies)
    return report._replace(findings=findings, changed=changed, policies=len(policies))


def _blobs(repository: Repository, policy_id: str) -> set[tuple[str, str]]:
    revision = repository.working_revision(policy_id)
    return {(text.path, text.blob_id) for text in revision.texts.values()} if revision else set()


def _what(finding: Finding) -> tuple[str, str, str]:
    """A finding by what it says, wherever its line has gone."""
    return finding.code, finding.path, finding.message

"""Explain: one revision, from its edits over the rules and the editors' words to what was done about it. Read only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifier.errors import Refused
from notifier.policy.posting import Posting
from notifier.policy.revision import Revision
from notifier.policy.trailers import EditorWord, editor_word, says_minor
from notifier.significance.comparison import Comparison
from notifier.usecases.judge import compare_revisions

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.types import CloseCall, Decision, NoticeCounts, StoredNotice
    from notifier.repository import Repository


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole chain of one policy's revision. `comparison` is None for the first: there is nothing before it."""

    revision: Revision
    comparison: Comparison | None
    word: EditorWord
    decision: Decision | None
    posting: Posting | None
    """The posting by which it became public, alone or with later ones."""
    notice: StoredNotice | None
    counts: NoticeCounts | None
    waiting: CloseCall | None


def explain(repository: Repository, ledger: Ledger, name: str) -> tuple[Explanation, ...]:
    """One explanation for each policy that `name` (a commit) changed. Raises Refused where it changed none."""
    commit_id = repository.resolve(name)
    found = tuple(_explanations(repository, ledger, commit_id))
    if not found:
        raise Refused(f"{name}: no revision of a policy landed there; `notifier log` shows those that did")
    return found


def _explanations(repository: Repository, ledger: Ledger, commit_id: str) -> Iterator[Explanation]:
    for policy_id in repository.head_revisions():
        revisions = iter(repository.revisions(policy_id))
        revision = next((one for one in revisions if one.commit.commit_id == commit_id), None)
        if revision is not None:
            yield _explained(repository, ledger, revision, next(revisions, None))


def _explained(repository: Repository, ledger: Ledger, revision: Revision, before: Revision | None) -> Explanation:
    commit = revision.commit
    posting = _posting_of(repository, revision)
    notice = next((one for one in ledger.notices.all() if posting and posting.tag in one.tags), None)
    aliases = repository.aliases() if says_minor([commit]) else {}
    return Explanation(
        revision=revision,
        comparison=compare_revisions(before, revision) if before else None,
        word=editor_word([commit], aliases=aliases),
        decision=ledger.reviews.decision(commit.commit_id),
        posting=posting,
        notice=notice,
        counts=ledger.deliveries.counts(notice.notice_id) if notice else None,
        waiting=next((call for call in ledger.reviews.waiting() if call.commit_id == commit.commit_id), None),
    )


def _posting_of(repository: Repository, revision: Revision) -> Posting | None:
    """The first posting whose text contains the revision."""
    return next(
        (
            posting
            for posting in repository.postings(revision.policy_id)
            if repository.is_ancestor(revision.commit.commit_id, posting.commit_id)
        ),
        None,
    )

"""Explain: one revision, from its edits over the rules and the editors' words to what was done about it. Read only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from notifier.errors import Refused
from notifier.policy.editor_word import EditorWord, editor_word
from notifier.policy.posting import Posting
from notifier.policy.revision import Revision
from notifier.policy.revision_comparison import compare_revisions
from notifier.policy.standing import Standing
from notifier.significance.comparison import Comparison
from notifier.usecases.standings import Records

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.types import Decision, NoticeCounts, StoredNotice
    from notifier.repository import Repository


class Explanation(NamedTuple):
    """The whole chain of one policy's revision. `comparison` is None for the first: there is nothing before it."""

    revision: Revision
    comparison: Comparison | None
    word: EditorWord
    decision: Decision | None
    posting: Posting | None
    """The posting by which it became public, alone or with later ones."""
    notice: StoredNotice | None
    counts: NoticeCounts | None
    standing: Standing
    """Where the policy stands: what becomes of the revision where it is not posted."""


def explain(records: Records, ledger: Ledger, name: str) -> tuple[Explanation, ...]:
    """One explanation for each policy that `name` (a commit) changed. Raises Refused where it changed none."""
    commit_id = records.repository.resolve(name)
    found = tuple(_explanations(records, ledger, commit_id))
    if not found:
        raise Refused(f"{name}: no revision of a policy landed there; `notifier log` shows those that did")
    return found


def _explanations(records: Records, ledger: Ledger, commit_id: str) -> Iterator[Explanation]:
    for policy_id, head in records.repository.heads().revisions.items():
        revisions = records.repository.revisions(policy_id)
        revision = next((one for one in revisions if one.commit.commit_id == commit_id), None)
        if revision is not None:
            yield _explained(records, ledger, revision, next(revisions, None), head)


def _explained(
    records: Records, ledger: Ledger, revision: Revision, before: Revision | None, head: Revision
) -> Explanation:
    repository, commit = records.repository, revision.commit
    posting = _posting_of(repository, revision)
    notice = next((one for one in ledger.notices.all() if posting and posting.tag in one.tags), None)
    return Explanation(
        revision=revision,
        comparison=compare_revisions(before, revision).weightiest if before else None,
        word=editor_word([commit], records.approvals([commit])),
        decision=ledger.reviews.decision(commit.commit_id, revision.policy_id),
        posting=posting,
        notice=notice,
        counts=ledger.deliveries.counts(notice.notice_id) if notice else None,
        standing=records.standing(revision.policy_id, head),
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

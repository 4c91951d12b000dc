"""Git says what was posted, the ledger says who was told: the two compared, both ways. Neither is believed alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.errors import Refused, RepositoryError
from notifier.plurals import counted
from notifier.policy.posting import Posting
from notifier.usecases.set_back import set_back
from notifier.usecases.told_in_git import told_differences

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.repository import Repository, TagRecord


def differences(repository: Repository, ledger: Ledger | None, pages: Path) -> tuple[str, ...]:
    """Where the two tell different stories, in lines for people that name both sides; none is the usual case.

    What a killed run had planned is no difference: the next run finishes or drops it. `pages`: the folder in which
    what was posted stands, which shows where both were set back.
    """
    return (*_differences(repository, ledger), *set_back(repository, ledger, pages)) if ledger else ()


def is_elsewhere(repository: Repository, ledger: Ledger) -> bool:
    """Does the ledger here know of none of git's postings? An editor's clone has no other; where Notifier runs, its
    own was lost."""
    return bool(repository.tag_records()) and not ledger.postings.stamped() and not ledger.postings.planned()


def _differences(repository: Repository, ledger: Ledger) -> Iterator[str]:
    tags = {record.name: record for record in repository.tag_records()}
    if is_elsewhere(repository, ledger):
        there = counted(len(tags), "posting")
        yield f"git has {there} and the ledger has none: it was lost, or is another installation's"
        yield from (_unknown(repository, one) for one in tags.values() if repository.record_faults(one))
        return
    known = {posting.tag: (posting, stamp_id) for posting, stamp_id in ledger.postings.stamped()}
    if _is_of_another_repository(repository, {stamp_id or posting.commit_id for posting, stamp_id in known.values()}):
        yield (
            f"none of the ledger's {counted(len(known), 'posting')} stands on a commit that this repository has: the "
            "ledger is another company's, or another repository's; look at ledger.url before anything else"
        )
        return
    yield from other_branch(repository, ledger) if known else ()
    yield from (f"{one}; take it out of the database" for one in ledger.held_rows.writing_along())
    yield from map(str, ledger.held_rows.edits())
    made = ledger.held_rows.tags()
    under_way = {planned.posting.tag for planned in ledger.postings.planned()}
    for tag, record in tags.items():
        if tag in known:
            yield from (f"{tag}: in git {fault}" for fault in faults(record, *known[tag], made.get(tag)))
        elif tag not in under_way:
            yield _unknown(repository, record)
    for tag, (posting, stamp_id) in known.items():
        if tag not in tags:
            where = (stamp_id or posting.commit_id)[:7]
            yield f"{tag}: the ledger has it on {where}, and git has no such tag: it was deleted, or never fetched"
    for notice_id, said in told_differences(repository, ledger).items():
        yield f"notice {notice_id}: {said}"
    for tag, object_id in repository.told.told_objects.items():
        if made.get(tag, object_id) != object_id:
            yield f"{tag}: {_remade(object_id, made[tag])}; the next run makes ours again, after: git tag -d {tag}"


def other_branch(repository: Repository, ledger: Ledger) -> Iterator[str]:
    """A draft's branch has all that was posted, too: only the ledger shows that customers were told from another."""
    posted, here = ledger.runs.branch(), repository.branch
    if posted and here and posted != here:
        yield (
            f"the ledger has what was posted from the branch {posted}, and here {here} would be posted: set "
            f"repository.branch to {posted}, or say by recover that {here} is published from now on"
        )


def _is_of_another_repository(repository: Repository, commit_ids: set[str]) -> bool:
    if not commit_ids or commit_ids & {record.commit_id for record in repository.tag_records()}:
        return False
    return not any(_has(repository, commit_id) for commit_id in commit_ids)


def _has(repository: Repository, commit_id: str) -> bool:
    try:
        return bool(repository.resolve(commit_id))
    except RepositoryError:
        return False


def check_ledger_is_ours(repository: Repository, ledger: Ledger, pages: Path) -> None:
    """Nobody comes into a ledger that may be another company's, whose notices they would get. Raises `Refused`.

    One that is empty is nobody's yet: where the old one was lost, the roster is the first that comes in again.
    """
    if is_elsewhere(repository, ledger):
        return
    if found := differences(repository, ledger, pages):
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise Refused(
            f"the two records differ: {found[0]}{more}; no customers are brought into a ledger that may be another "
            "company's: notifier recover, or --records-differ to bring them in all the same"
        )


def _unknown(repository: Repository, record: TagRecord) -> str:
    said = f"{record.name}: git has it on {record.commit_id[:7]}, and the ledger does not know it"
    forged = repository.record_faults(record)
    mend = f"if you did not make it, run: git tag -d {record.name}"
    return f"{said}; Notifier did not make it so ({', '.join(forged)}); {mend}" if forged else said


def faults(record: TagRecord, posting: Posting, stamp_id: str | None, made: str | None) -> Iterator[str]:
    """What is not as the ledger has it, in words that follow "in git". `made`: the tag's object, as its journal says.

    The id of a commit is the digest of all below it: where it is the ledger's, text, parents and history are too.
    """
    expected = stamp_id or posting.commit_id
    if not record.is_annotated:
        yield "it is no annotated tag, and Notifier made one"
    elif record.commit_id != expected:
        yield f"it is on {record.commit_id[:7]}, in the ledger on {expected[:7]}: the tag was moved"
    elif record.posting is None or _said(record.posting) != _said(posting):
        yield "the tag tells another posting than the ledger"
    elif not posting.is_adoption and record.posting != record.stamp_posting:
        yield "the tag tells another posting than the commit that it stands on"
    elif made is not None and record.object_id != made:
        yield _remade(record.object_id, made)
    if not record.is_on_branch:
        yield (
            "it is on no commit of the branch any more: its history was rewritten; bring the old commits back, or keep "
            f"the record beside the new history with: git merge -s ours {expected[:12]}"
        )


def _remade(object_id: str, made: str) -> str:
    return f"it is object {object_id[:7]}, and Notifier made {made[:7]}: another hand made the tag anew"


def _said(posting: Posting) -> tuple[object, ...]:
    return posting.commit_id, posting.posted_on, posting.significance, posting.is_adoption

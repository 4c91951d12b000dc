"""Annotated tags under `posted/`: the record of what was posted, read back whole from git alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from notifier.errors import RepositoryError
from notifier.policy.posting import Posting, posting_trailers, read_posting
from notifier.policy.trailers import folded, read_trailers
from notifier.repository.git import Git, GitFailed

_FORMAT = "%(refname:strip=2)%00%(objecttype)%00%(*objectname)%00%(contents:body)%00"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A posting and the commit that holds its text as stamped."""

    posting: Posting
    commit_id: str


def read_tags(git: Git, within: str | None = None) -> tuple[dict[str, list[Tagged]], frozenset[str]]:
    """Postings by the policy id in their tag, oldest first; and every tag name taken, ours or not.

    With `within`, only those that are part of that commit's history.
    """
    by_policy: dict[str, list[Tagged]] = {}
    taken = set()
    for name, kind, commit_id, body in _records(git, within):
        taken.add(name)
        policy_id = name.removeprefix("posted/").rpartition("/")[0]
        posting = read_posting(policy_id, read_trailers(f"tag\n\n{body}")) if kind == "tag" else None
        if posting and posting.tag == name:
            by_policy.setdefault(policy_id, []).append(Tagged(posting, commit_id))
    for tagged in by_policy.values():
        tagged.sort(key=lambda one: (one.posting.posted_on, _count(one.posting.tag)))
    return by_policy, frozenset(taken)


def _records(git: Git, within: str | None) -> Iterator[tuple[str, str, str, str]]:
    merged = [f"--merged={within}"] if within else []
    fields = git.run("for-each-ref", f"--format={_FORMAT}", *merged, "refs/tags/posted/").split("\0")
    for at in range(0, len(fields) - 1, 4):
        name, kind, commit_id, body = fields[at : at + 4]
        yield name.lstrip("\n"), kind, commit_id, body


def _count(tag: str) -> int:
    last = tag.rpartition("/")[2].partition(".")[2]
    return int(last) if last.isdigit() else 1


def message(posting: Posting, subject: str) -> str:
    """A commit's or tag's message: a line for people, then the posting as trailers."""
    return "\n".join([subject, "", *folded(posting_trailers(posting)), ""])


def write_tag(
    git: Git, posting: Posting, commit_id: str, tagger: dict[str, str], options: tuple[str, ...] = ()
) -> None:
    """Tags `commit_id`; does nothing where the tag stands there already.

    Raises RepositoryError where the tag is taken by something else.
    """
    ref = f"refs/tags/{posting.tag}"
    present = git.answer("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if present == commit_id:
        return
    if present:
        raise RepositoryError(f"tag {posting.tag} is on {present[:7]} already; run: git tag -d {posting.tag}")
    verb = "Adopt" if posting.is_adoption else "Post"
    text = message(posting, f"{verb} {posting.policy_id} of {posting.posted_on.isoformat()}")
    try:
        git.run(
            *options, "tag", "--annotate", "--cleanup=whitespace", "-F", "-", "--", posting.tag, commit_id,
            stdin=text, environment=tagger,
        )  # fmt: skip
    except GitFailed as error:
        raise RepositoryError(f"cannot make tag {posting.tag}: {error.brief}") from error


def lost_tags(git: Git, tip: str) -> list[str]:
    """Posted tags whose commit is no longer part of the branch: its history was rewritten."""
    said = git.run("for-each-ref", f"--no-merged={tip}", "--format=%(refname:strip=2)", "refs/tags/posted/")
    return said.split()


def with_policy_id(tagged: Tagged, policy_id: str) -> Tagged:
    """The same posting under the id that its policy has today."""
    return replace(tagged, posting=replace(tagged.posting, policy_id=policy_id))

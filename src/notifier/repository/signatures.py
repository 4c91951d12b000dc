"""Who signed a commit, or a tag on it, as git verifies it against the operator's list of signers or keyring.

The list is the operator's: one that git tracks would be anybody's whose change is merged, so it is not used. Programs
that verify are git's own defaults, whatever the repository's config names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from notifier.policy.editor_word import Approvals, Signature, says_minor
from notifier.policy.revision import Commit
from notifier.repository.git import Git, GitFailed

APPROVALS = "refs/tags/approved/"
"""Where tags that approve stand: signed, on the landing commit."""
_PROGRAMS = ("-c", "gpg.program=gpg", "-c", "gpg.ssh.program=ssh-keygen", "-c", "gpg.x509.program=gpgsm")
_SSH_SIGNER = re.compile(r'^Good "git" signature for (?P<signer>\S+) with ', re.M)
_GPG_SIGNER = re.compile(r"^\[GNUPG:\] GOODSIG \S+ (?P<signer>.+)$", re.M)
_GPG_TRUSTED = re.compile(r"^\[GNUPG:\] TRUST_(?:FULLY|ULTIMATE)", re.M)


def approvals_of(
    home: Git, git: Git, commits: Sequence[Commit], approvers: Sequence[str], aliases: Callable[[], Mapping[str, str]]
) -> Approvals:
    """What is known of the approvers' word on these commits: asked only where one claims to be minor, or is tagged."""
    landed = [commit.commit_id for commit in commits if commit.commit_id]
    is_tagged = approvers and git.answer("for-each-ref", "--count=1", "--format=%(refname)", APPROVALS)
    if not (approvers and landed and (is_tagged or says_minor(commits))):
        return Approvals(tuple(approvers))
    return Approvals(tuple(approvers), signatures(home, git, landed), aliases(), signers_file(home)[1])


def signers_file(home: Git) -> tuple[str, str]:
    """The list of SSH signers (empty: none is set), and why it is not used where that is so."""
    said = (home.answer("config", "--type=path", "--get", "gpg.ssh.allowedSignersFile") or "").strip()
    if not said:
        return "", ""
    path = (home.folder / said).resolve()
    top = home.folder.resolve()
    if path.is_relative_to(top) and home.answer("ls-files", "--", f":(top,literal){path.relative_to(top)}"):
        return "", f"{said} is part of the repository, so whoever changes it could sign for anybody; keep it elsewhere"
    return str(path), ""


def signatures(home: Git, git: Git, commit_ids: Collection[str]) -> Mapping[str, tuple[Signature, ...]]:
    """Every signature on these commits, and on tags below `approved/` that stand on them, that git calls good."""
    options = (*_PROGRAMS, "-c", f"gpg.ssh.allowedSignersFile={signers_file(home)[0] or Path('/dev/null')}")
    found: dict[str, list[Signature]] = {}
    for commit_id, signature in (*_on_commits(git, options, commit_ids), *_on_tags(git, options, commit_ids)):
        found.setdefault(commit_id, []).append(signature)
    return {commit_id: tuple(signed) for commit_id, signed in found.items()}


def _on_commits(git: Git, options: tuple[str, ...], commit_ids: Collection[str]) -> Iterator[tuple[str, Signature]]:
    if not commit_ids:
        return
    show = ("log", "--no-walk=unsorted", "-z", "--no-show-signature", "--format=%H%x1f%G?%x1f%GS")
    for record in git.run(*options, *show, "--end-of-options", *commit_ids).split("\0"):
        commit_id, grade, signer = (*record.strip().split("\x1f"), "", "")[:3]
        if grade == "G" and signer:
            yield commit_id, Signature(signer)


def _on_tags(git: Git, options: tuple[str, ...], commit_ids: Collection[str]) -> Iterator[tuple[str, Signature]]:
    listed = git.run("for-each-ref", "--format=%(refname)%00%(*objectname)%00%(contents)%00%00", APPROVALS)
    for record in listed.split("\0\0"):
        name, commit_id, message = (*record.lstrip("\n").split("\0"), "", "")[:3]
        signer = _tag_signer(git, options, name) if commit_id in commit_ids else ""
        if signer:
            yield commit_id, Signature(signer, _unsigned(message))


def _tag_signer(git: Git, options: tuple[str, ...], ref: str) -> str:
    try:
        said = git.verified(*options, "verify-tag", "--raw", "--end-of-options", ref)
    except GitFailed:
        return ""
    ssh, gpg = _SSH_SIGNER.search(said), _GPG_SIGNER.search(said)
    if gpg and _GPG_TRUSTED.search(said):
        return gpg["signer"]
    return ssh["signer"] if ssh else ""


def _unsigned(message: str) -> str:
    """A tag's message without the signature at its end."""
    return re.split(r"^-----BEGIN [A-Z ]*SIGN[A-Z ]*-----", message, maxsplit=1, flags=re.M)[0]

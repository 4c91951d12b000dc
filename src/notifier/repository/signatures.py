"""Who signed a commit, or a tag on it, as git verifies it against the operator's list of signers or keyring.

The lists, of signers and of keys that are revoked, are the operator's: one that git tracks would be anybody's whose
change is merged, so none is used then. Programs that verify are git's own defaults, whatever the repository's config
names. Git asks whether a key was good on the day that the signature gives itself, and who signs chooses that day: it
does not count where it lies before what is signed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from notifier.policy.editor_word import Approvals, Signature, says_minor
from notifier.policy.revision import Commit
from notifier.repository.git import Git, GitFailed

APPROVALS = "refs/tags/approved/"
"""Where tags that approve stand: signed, on the landing commit."""
_PROGRAMS = ("-c", "gpg.program=gpg", "-c", "gpg.ssh.program=ssh-keygen", "-c", "gpg.x509.program=gpgsm")
_LISTS = ("gpg.ssh.allowedSignersFile", "gpg.ssh.revocationFile")
_SKEW_S = 24 * 3600
"""So much may two clocks differ."""
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
    return Approvals(tuple(approvers), signatures(home, git, landed), aliases(), signers_files(home)[1])


def signers_files(home: Git) -> tuple[dict[str, str], str]:
    """The lists that are set, by their keys in git's config, and why none is used where that is so."""
    said = {key: (home.answer("config", "--type=path", "--get", key) or "").strip() for key in _LISTS}
    top, found = home.folder.resolve(), dict[str, str]()
    for key, name in said.items():
        path = (home.folder / name).resolve()
        if (
            name
            and path.is_relative_to(top)
            and home.answer("ls-files", "--", f":(top,literal){path.relative_to(top)}")
        ):
            why = "is part of the repository, so whoever changes it could sign for anybody"
            return {}, f"{name} {why}; keep it elsewhere"
        found |= {key: str(path)} if name else {}
    return found, ""


def signatures(home: Git, git: Git, commit_ids: Collection[str]) -> Mapping[str, tuple[Signature, ...]]:
    """Every signature on these commits, and on tags below `approved/` that stand on them, that git calls good."""
    lists = {_LISTS[0]: os.devnull} | signers_files(home)[0]
    options = (*_PROGRAMS, *(part for key, path in lists.items() for part in ("-c", f"{key}={path}")))
    found: dict[str, list[Signature]] = {}
    for commit_id, signature in (*_on_commits(git, options, commit_ids), *_on_tags(git, options, commit_ids)):
        found.setdefault(commit_id, []).append(signature)
    return {commit_id: tuple(signed) for commit_id, signed in found.items()}


def _on_commits(git: Git, options: tuple[str, ...], commit_ids: Collection[str]) -> Iterator[tuple[str, Signature]]:
    if not commit_ids:
        return
    show = ("log", "--no-walk=unsorted", "-z", "--format=%H%x1f%G?%x1f%GS")
    for record in git.run(*options, *show, "--end-of-options", *commit_ids).split("\0"):
        commit_id, grade, signer = (*record.strip().split("\x1f"), "", "")[:3]
        if grade == "G" and signer and not _is_backdated(git, commit_id):
            yield commit_id, Signature(signer)


def _on_tags(git: Git, options: tuple[str, ...], commit_ids: Collection[str]) -> Iterator[tuple[str, Signature]]:
    said = "%(refname)%00%(*objectname)%00%(taggerdate:unix)%00%(*committerdate:unix)%00%(contents)%00%00"
    for record in git.run("for-each-ref", f"--format={said}", APPROVALS).split("\0\0"):
        name, commit_id, at, after, message = (*record.lstrip("\n").split("\0"), *[""] * 4)[:5]
        is_ours = commit_id in commit_ids and int(at or 0) + _SKEW_S >= int(after or 0)
        signer = _tag_signer(git, options, name) if is_ours else ""
        if signer:
            yield commit_id, Signature(signer, _unsigned(message))


def _is_backdated(git: Git, commit_id: str) -> bool:
    at, *parents = git.run("log", "--no-walk=unsorted", "--format=%ct", commit_id, f"{commit_id}^@").split()
    return any(int(at) + _SKEW_S < int(one) for one in parents)


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

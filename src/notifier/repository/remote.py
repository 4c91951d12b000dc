"""Posting to a remote: Notifier's own clone, `.notifier/clone`, which is always what the remote says.

Every opening fetches and drops what was never pushed; the run then does it again. So a run that dies between commit
and push leaves nothing behind, and an editor's checkout is never written to.
"""

from __future__ import annotations

import os
from pathlib import Path

from notifier.errors import RepositoryError
from notifier.repository.commit import Moved
from notifier.repository.git import Git, GitFailed

_INHERITED = (
    r"^(commit\.gpgsign|tag\.gpgsign|user\.signingkey|gpg\..*|credential\..*|core\.sshcommand|http\..*|url\..*)$"
)
"""Settings of the editors' checkout that the clone uses too: how to sign, and how to reach the remote."""


def open_clone(home: Git, folder: Path, remote: str, branch: str, *, is_fresh: bool) -> Git:
    """The clone, fetched unless `is_fresh` is False and it is there already. Raises RepositoryError."""
    is_new = not (folder / "HEAD").exists()
    folder.mkdir(parents=True, exist_ok=True)
    clone = Git(folder, _inherited(home))
    try:
        if is_new:
            clone.run("init", "--quiet", "--bare", ".")
        clone.run("config", "remote.origin.url", address_of(home, remote))
    except GitFailed as error:
        raise RepositoryError(f"{folder}: {error.brief}") from error
    if is_new or is_fresh:
        fetch(clone, branch)
    return clone


def address_of(home: Git, remote: str) -> str:
    """A remote's address: that of the named remote, else the name itself as an address."""
    named = home.answer("config", "--get", f"remote.{remote}.url")
    address = named or remote
    if address.startswith("-") or not address.isprintable():
        raise RepositoryError(f"repository.remote: {address!r} is neither a remote of this repository nor an address")
    local = home.folder / address
    return str(local.resolve()) if "://" not in address and local.exists() else address


def fetch(clone: Git, branch: str) -> None:
    """Makes branch and posted tags what they are at the remote."""
    refs = (f"+refs/heads/{branch}:refs/heads/{branch}", "+refs/tags/posted/*:refs/tags/posted/*")
    try:
        clone.run("fetch", "--quiet", "--no-tags", "--prune", "--end-of-options", "origin", *refs)
    except GitFailed as error:
        if "couldn't find remote ref" in error.said:
            raise RepositoryError(f"the remote has no branch {branch!r}; set repository.branch") from error
        raise RepositoryError(f"cannot fetch from the remote: {error.brief}") from error


def push(clone: Git, ref: str) -> None:
    """Pushes one ref. Raises Moved where somebody pushed first, RepositoryError where it cannot be done."""
    try:
        clone.run("push", "--quiet", "--no-verify", "--end-of-options", "origin", f"{ref}:{ref}")
    except GitFailed as error:
        if "[rejected]" in error.said or "fetch first" in error.said:
            raise Moved from error
        raise RepositoryError(f"the remote refused {ref}: {error.brief}") from error


def _inherited(home: Git) -> dict[str, str]:
    """The checkout's settings for the environment, so that no secret in them is written anywhere."""
    listed = home.answer("config", "--local", "--null", "--get-regexp", _INHERITED) or ""
    pairs = [setting.partition("\n")[::2] for setting in listed.split("\0") if setting]
    present = os.environ.get("GIT_CONFIG_COUNT", "")
    first = int(present) if present.isdigit() else 0  # what the caller hands git this way stays
    environment = {"GIT_CONFIG_COUNT": str(first + len(pairs))}
    for at, (key, value) in enumerate(pairs, first):
        environment |= {f"GIT_CONFIG_KEY_{at}": key, f"GIT_CONFIG_VALUE_{at}": value}
    return environment

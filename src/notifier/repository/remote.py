"""Posting to a remote: Notifier's own clone, `.notifier/clone`, which is always what the remote says.

Every opening fetches and drops what was never pushed; the run then does it again. So a run that dies between commit
and push leaves nothing behind, and an editor's checkout is never written to. Nothing that stands in the clone's
folder is believed: its config is written anew at each opening and holds no address, since an address may hold a token.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from notifier.errors import RepositoryError
from notifier.repository.git import Git, GitFailed
from notifier.repository.signatures import APPROVALS

PAUSES_S = (1.0, 3.0, 9.0)
"""How long to wait before each further try while the remote cannot be reached; most outages are a restart."""
_CONFIG = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
_INHERITED = r"^(commit\.gpgsign|tag\.gpgsign|user\.signingkey|gpg\..*|credential\..*|http\..*|url\..*)$"
"""Settings of the editors' checkout that the clone uses too: how to sign, and how to reach the remote.

Not `core.sshCommand`: it is a command, and belongs to who runs Notifier (`GIT_SSH_COMMAND`, or git's global config).
"""
_OUTAGE = re.compile(
    r"could not resolve host|couldn't connect|connection (?:refused|reset|timed out|closed)|operation timed out"
    r"|early eof|hung up|network is unreachable|temporary failure|error: 5\d\d\b",
    re.IGNORECASE,
)


class Moved(Exception):
    """The branch moved while a commit was made for it: look again and redo. Never leaves this room."""


def open_clone(home: Git, folder: Path, remote: str, branch: str, *, is_fresh: bool) -> Git:
    """The clone, fetched unless `is_fresh` is False and it is there already. Raises RepositoryError."""
    is_new = not (folder / "HEAD").exists()
    clone = Git(folder, _settings(home, address_of(home, remote)))
    try:
        if is_new or folder.stat().st_mode & 0o077:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
        _put_config(folder)
        if is_new:
            clone.run("init", "--quiet", "--bare", "--template=", ".")
            _put_config(folder)
    except (GitFailed, OSError) as error:
        raise RepositoryError(f"{folder}: {error.brief if isinstance(error, GitFailed) else error.strerror}") from error
    if is_new or is_fresh:
        fetch(clone, branch)
    return clone


def _put_config(folder: Path) -> None:
    """The clone's config as Notifier has it and nothing more; untouched where it is, so that who only reads may."""
    config = folder / "config"
    if config.is_symlink() or not config.is_file() or config.read_bytes() != _CONFIG.encode():
        config.unlink(missing_ok=True)
        config.write_text(_CONFIG)


def address_of(home: Git, remote: str) -> str:
    """A remote's address: that of the named remote, else the name itself as an address."""
    named = home.answer("config", "--get", f"remote.{remote}.url")
    address = named or remote
    if address.startswith("-") or not address.isprintable():
        raise RepositoryError(f"repository.remote: {address!r} is neither a remote of this repository nor an address")
    local = home.folder / address
    return str(local.resolve()) if "://" not in address and local.exists() else address


def fetch(clone: Git, branch: str) -> None:
    """Makes the branch and the tags of postings and approvals what they are at the remote."""
    refs = (
        f"+refs/heads/{branch}:refs/heads/{branch}",
        "+refs/tags/posted/*:refs/tags/posted/*",
        "+refs/tags/told/*:refs/tags/told/*",
        "+refs/tags/restored/*:refs/tags/restored/*",
        f"+{APPROVALS}*:{APPROVALS}*",
    )
    try:
        _reach(lambda: clone.run("fetch", "--quiet", "--no-tags", "--prune", "--end-of-options", "origin", *refs))
    except GitFailed as error:
        if "couldn't find remote ref" in error.said:
            raise RepositoryError(f"the remote has no branch {branch!r}; set repository.branch") from error
        raise RepositoryError(f"cannot fetch from the remote: {error.brief}") from error


def push(clone: Git, ref: str, *, replaces: bool = False) -> None:
    """Pushes one ref. Raises Moved where somebody pushed first, RepositoryError where it cannot be done."""
    spec = f"{'+' if replaces else ''}{ref}:{ref}"
    try:
        _reach(lambda: clone.run("push", "--quiet", "--no-verify", "--end-of-options", "origin", spec))
    except GitFailed as error:
        if "[rejected]" in error.said or "fetch first" in error.said:
            raise Moved from error
        raise RepositoryError(
            f"the remote refused {ref}: {error.brief}; let Notifier push to it, or take its protection away"
        ) from error


def _reach(act: Callable[[], str]) -> None:
    """Does what needs the remote, again after an outage of seconds: fetching and pushing twice ends as once."""
    for pause_s in PAUSES_S:
        try:
            act()
            return
        except GitFailed as error:
            if not _OUTAGE.search(error.said):
                raise
            time.sleep(pause_s)
    act()


def _settings(home: Git, address: str) -> dict[str, str]:
    """The remote's address and the checkout's settings, for the environment: nothing of them is written anywhere."""
    listed = home.answer("config", "--local", "--null", "--get-regexp", _INHERITED) or ""
    pairs = [setting.partition("\n")[::2] for setting in listed.split("\0") if setting]
    pairs.append(("remote.origin.url", address))
    present = os.environ.get("GIT_CONFIG_COUNT", "")
    first = int(present) if present.isdigit() else 0  # what the caller hands git this way stays
    environment = {"GIT_CONFIG_COUNT": str(first + len(pairs))}
    for at, (key, value) in enumerate(pairs, first):
        environment |= {f"GIT_CONFIG_KEY_{at}": key, f"GIT_CONFIG_VALUE_{at}": value}
    return environment

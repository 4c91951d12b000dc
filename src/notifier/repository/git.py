"""Running git, by GitPython: every command of this room goes through `Git`, and every failure becomes a sentence.

Revisions and paths from outside never become options: revisions stand after `--end-of-options`, paths after `--`.
What a repository's own config could make git run is off: hooks, filters and file system monitors are the editors',
addresses that run commands are nobody's.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO, Any, cast

from notifier.errors import RepositoryError

_ALWAYS = tuple(
    part
    for setting in (
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.quotePath=false", "log.showSignature=false",
        "log.follow=false", "grep.patternType=basic", "i18n.logOutputEncoding=UTF-8", "diff.relative=false",
    )
    for part in ("-c", setting)
)  # fmt: skip
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
}
"""Nobody is asked, nobody's lock is taken, no object or parent stands for another; `ext::` and other helpers run
commands."""
_OF_ANOTHER = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE", "GIT_SHALLOW_FILE",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_REPLACE_REF_BASE",
    "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    "GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE",
)  # fmt: skip
"""What git sets for the hooks it runs, or a script for commands of its own: here it would lead to a repository, an
index or a path that is not meant, or date a posting falsely."""


_FILTER_OFF = (("clean", ""), ("process", ""), ("required", "false"))
_CREDENTIALS = re.compile(r"://[^/@\s']+@")
MOST_AT_ONCE = 500
"""So many objects may be asked for at once: more names would fill the pipe, and git and we wait for each other."""


class GitFailed(RepositoryError):
    """A git command failed; `said` is what it wrote to stderr. This room says more, wherever it knows more."""

    def __init__(self, said: str) -> None:
        said = _CREDENTIALS.sub("://", said)
        lines = [line.removeprefix("fatal: ").removeprefix("error: ").strip() for line in said.splitlines()]
        brief = "; ".join(line for line in lines if line and not line.startswith("hint:"))[:300]
        super().__init__(f"git failed: {brief or 'it gave no reason'}")
        self.said = said
        self.brief = brief or "git gave no reason"


class Git:
    """Git in one folder. Close it: it keeps a `git cat-file --batch` running.

    The variables that point to a repository are taken out of this process's environment for good: GitPython hands on
    the whole of it, and can add but not take away.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        try:
            import git
        except ImportError as error:
            raise RepositoryError("git is not installed, or not on PATH") from error
        for name in _OF_ANOTHER:
            os.environ.pop(name, None)
        self.folder = folder
        self._git: Any = git.Git(str(folder))
        self._git.update_environment(**(_ENVIRONMENT | dict(environment or {})))
        self._failed: type[Exception] = git.GitCommandError
        self._reading = threading.Lock()
        self._reader: Any = None

    def output(self, *arguments: str, stdin: str | None = None, environment: Mapping[str, str] | None = None) -> bytes:
        """What a git command prints. Raises GitFailed."""
        with tempfile.TemporaryFile() as given:
            given.write((stdin or "").encode("utf-8", "surrogateescape"))
            given.seek(0)
            try:
                out = self._git.execute(
                    ["git", *_ALWAYS, *arguments],
                    istream=given,
                    stdout_as_string=False,
                    strip_newline_in_stdout=False,
                    env=dict(environment or {}),
                )
            except self._failed as error:
                raise GitFailed(_said(error)) from error
        return cast("bytes", out)

    def run(self, *arguments: str, stdin: str | None = None, environment: Mapping[str, str] | None = None) -> str:
        """The same as text, without the last line break."""
        out = self.output(*arguments, stdin=stdin, environment=environment)
        return out.decode("utf-8", "surrogateescape").rstrip("\n")

    def answer(self, *arguments: str) -> str | None:
        """What a command prints, None where it fails: for questions whose answer may be no."""
        try:
            return self.run(*arguments)
        except GitFailed:
            return None

    def verified(self, *arguments: str) -> str:
        """What a command that verifies a signature says of it, which git does on stderr. Raises GitFailed."""
        try:
            _, _, said = self._git.execute(["git", *_ALWAYS, *arguments], with_extended_output=True)
        except self._failed as error:
            raise GitFailed(_said(error)) from error
        return cast("str", said)

    def without_filters(self) -> dict[str, str]:
        """Environment in which no program that the repository's config names rewrites files on their way into git."""
        pattern = r"^filter\..*\.(clean|process)$"
        said = self.answer("config", "--null", "--show-scope", "--name-only", "--get-regexp", pattern) or ""
        words = said.split("\0")
        pairs = zip(words[::2], words[1::2], strict=False)
        drivers = {key.rpartition(".")[0] for scope, key in pairs if scope in ("local", "worktree")}
        off = [(f"{one}.{key}", value) for one in sorted(drivers) for key, value in _FILTER_OFF]
        first = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
        keys = {f"GIT_CONFIG_KEY_{n}": key for n, (key, _) in enumerate(off, first)}
        values = {f"GIT_CONFIG_VALUE_{n}": value for n, (_, value) in enumerate(off, first)}
        return {**keys, **values, "GIT_CONFIG_COUNT": str(first + len(off))} if off else {}

    def records(self, *arguments: str) -> Iterator[str]:
        """What a command prints with `-z`, record by record while it runs, in bounded memory.

        Raises RepositoryError where the command fails.
        """
        process = self._git.execute(["git", *_ALWAYS, *arguments], as_process=True)
        rest = b""
        try:
            while chunk := process.stdout.read1(1 << 16):
                *whole, rest = (rest + chunk).split(b"\0")
                yield from (record.decode("utf-8", "surrogateescape") for record in whole)
            process.wait()
        except self._failed as error:
            raise RepositoryError(f"git {arguments[0]}: {GitFailed(_said(error)).brief}") from error
        finally:
            process.__del__()

    def read(self, object_id: str) -> tuple[str, bytes]:
        """Kind and content of one object. Raises RepositoryError where it is missing or damaged."""
        return next(iter(self.read_all((object_id,))))

    def read_all(self, object_ids: Sequence[str]) -> list[tuple[str, bytes]]:
        """The same of several, at most `MOST_AT_ONCE`, all asked for before the first is read."""
        with self._asked(object_ids) as answers:
            return [_object(answers, object_id) for object_id in object_ids]

    def named(self, name: str) -> str | None:
        """The object that a whole name such as `refs/heads/main^{commit}` stands for now; None where it is none's.

        Asked of the process that reads objects: to start another one costs more than all that it does.
        """
        with self._asked((name,)) as answers:
            header = answers.readline().split()
            if header[-1:] == [b"missing"]:
                return None
            if len(header) != 3 or not header[2].isdigit():
                raise RepositoryError(f"git did not say what {name} is; run: git fsck")
            answers.read(int(header[2]) + 1)
            return header[0].decode()

    def id_of(self, name: str) -> str:
        """The same of what was just made. Raises RepositoryError where it is gone again."""
        found = self.named(name)
        if found is None:
            raise RepositoryError(f"{name} is gone again; run again")
        return found

    @contextmanager
    def _asked(self, names: Sequence[str]) -> Iterator[IO[bytes]]:
        """What the reading process answers; only one asks at a time."""
        if any("\n" in name for name in names):
            raise RepositoryError("no object has a line break in its name")
        with self._reading:
            self._reader = self._reader or self._git.execute(
                ["git", *_ALWAYS, "cat-file", "--batch"], istream=subprocess.PIPE, as_process=True
            )
            try:
                self._reader.stdin.write("".join(f"{name}\n" for name in names).encode())
                self._reader.stdin.flush()
                yield self._reader.stdout
            except (OSError, RepositoryError):
                self.close()  # what it would have said next is no answer to the next question
                raise

    @cached_property
    def common(self) -> Path:
        """The folder that every checkout of the repository shares."""
        return Path(self.run("rev-parse", "--path-format=absolute", "--git-common-dir"))

    def close(self) -> None:
        """Ends the reading process."""
        if self._reader is not None:
            self._reader.__del__()
            self._reader = None


def _object(answers: IO[bytes], object_id: str) -> tuple[str, bytes]:
    header = answers.readline().split()
    if len(header) != 3 or not header[2].isdigit():
        raise RepositoryError(f"the repository lacks object {object_id}; run: git fetch --tags; then git fsck")
    content = answers.read(int(header[2]))
    answers.read(1)
    return header[1].decode(), content


def _said(error: Exception) -> str:
    said = getattr(error, "stderr", "") or ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return text.strip().removeprefix("stderr:").strip().strip("'").strip()

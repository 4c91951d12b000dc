"""Running git, by GitPython: every command of this room goes through `Git`, and every failure becomes a sentence.

Revisions and paths from outside never become options: revisions stand after `--end-of-options`, paths after `--`.
Git's own hooks are off: they are the editors'.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from notifier.errors import RepositoryError

_ALWAYS = ("-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never", "-c", "core.quotePath=false")
"""`ext::` addresses run commands; they are off in git by default, and stay off here."""


class GitFailed(RepositoryError):
    """A git command failed; `said` is what it wrote to stderr. This room says more, wherever it knows more."""

    def __init__(self, said: str) -> None:
        lines = [line.removeprefix("fatal: ").removeprefix("error: ").strip() for line in said.splitlines()]
        brief = "; ".join(line for line in lines if line and not line.startswith("hint:"))[:300]
        super().__init__(f"git failed: {brief or 'it gave no reason'}")
        self.said = said
        self.brief = brief or "git gave no reason"


class Git:
    """Git in one folder. Close it: it keeps a `git cat-file --batch` running."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        try:
            import git
        except ImportError as error:
            raise RepositoryError("git is not installed, or not on PATH") from error
        self.folder = folder
        self._git: Any = git.Git(str(folder))
        self._git.update_environment(GIT_TERMINAL_PROMPT="0", GIT_OPTIONAL_LOCKS="0", **(environment or {}))
        self._failed: type[Exception] = git.GitCommandError
        self._reading = threading.Lock()

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
        try:
            with self._reading:
                _, kind, _, content = self._git.get_object_data(object_id)
        except ValueError as error:
            raise RepositoryError(f"the repository lacks object {object_id}; run: git fsck") from error
        return kind.decode() if isinstance(kind, bytes) else kind, content  # GitPython says str and gives bytes

    def close(self) -> None:
        """Ends the reading process."""
        self._git.clear_cache()


def _said(error: Exception) -> str:
    said = getattr(error, "stderr", "") or ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return text.strip().removeprefix("stderr:").strip().strip("'").strip()

"""Check a pull request's policies and say so on the forge: one comment that is kept up to date, annotations, SARIF.

    python deploy/forge/pull_request.py github|gitlab REV

Standard library alone. What it needs to know, the forge puts into the environment; a token it only reads there. The
exit code is that of `notifier check`: a comment that cannot be written is told, and fails nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARK = "<!-- notifier: this comment is kept up to date -->"
MOST_PAGES = 30
"""Of a hundred comments each: a longer discussion gets a second comment of ours."""
PAUSES_S = (0.5, 2.0, 5.0)
TIMEOUT_S = 20


class NotSaid(Exception):
    """The comment could not be written; the text is for a person."""


@dataclass(frozen=True)
class Api:
    """A forge's API: JSON over HTTP, tried again where the forge is overloaded."""

    base: str
    headers: Mapping[str, str]

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What the forge answers. Raises NotSaid."""
        for pause in (*PAUSES_S, None):
            try:
                return self._once(method, path, body)
            except urllib.error.HTTPError as error:
                if error.code < 500 or pause is None:
                    raise NotSaid(f"{method} {path}: the forge answered {error.code} {error.reason}") from error
            except (urllib.error.URLError, TimeoutError, ValueError) as error:
                if pause is None:
                    raise NotSaid(f"{method} {path}: {error}") from error
            time.sleep(pause)
        raise NotSaid(path)

    def _once(self, method: str, path: str, body: object) -> Any:
        content = json.dumps(body).encode() if body is not None else None
        headers = {"Accept": "application/json", "Content-Type": "application/json", **self.headers}
        if not self.base.startswith(("https://", "http://")):
            raise NotSaid(f"{self.base} is no address of a forge")
        request = urllib.request.Request(f"{self.base}{path}", content, headers, method=method)  # noqa: S310 - looked at
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - the same
            return json.loads(answer.read() or "null")


@dataclass(frozen=True)
class Discussion:
    """Where comments stand, how ours is known, and how one is changed."""

    api: Api
    comments: str
    comment: str
    """With `{id}`."""
    change: str
    own: Mapping[str, object]
    """What is true of the account that we write as: somebody may copy the mark into a comment of theirs."""

    def say(self, text: str) -> None:
        """Put the text into our comment, or write the first one. Raises NotSaid."""
        body = {"body": f"{MARK}\n{text}"}
        for comment in self._ours():
            if comment.get("body") != body["body"]:
                self.api.ask(self.change, self.comment.format(id=int(comment["id"])), body)
            return
        self.api.ask("POST", self.comments, body)

    def _ours(self) -> Iterator[dict[str, Any]]:
        for page in range(1, MOST_PAGES + 1):
            found = self.api.ask("GET", f"{self.comments}?per_page=100&page={page}")
            for one in found:
                author = one.get("user") or one.get("author") or {}
                is_own = all(author.get(key) == value for key, value in self.own.items())
                if is_own and str(one.get("body", "")).startswith(MARK):
                    yield one
            if len(found) < 100:
                return


def github(environment: Mapping[str, str]) -> Discussion:
    """The pull request that a workflow runs for."""
    event = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    number = int((event.get("pull_request") or event)["number"])
    headers = {"Authorization": f"Bearer {environment['GITHUB_TOKEN']}", "X-GitHub-Api-Version": "2022-11-28"}
    api = Api(environment.get("GITHUB_API_URL", "https://api.github.com"), headers)
    repository = f"/repos/{environment['GITHUB_REPOSITORY']}/issues"
    comment = f"{repository}/comments/{{id}}"
    return Discussion(api, f"{repository}/{number}/comments", comment, "PATCH", {"type": "Bot"})


def gitlab(environment: Mapping[str, str]) -> Discussion:
    """The merge request that a pipeline runs for."""
    api = Api(environment["CI_API_V4_URL"], {"PRIVATE-TOKEN": environment["NOTIFIER_GITLAB_TOKEN"]})
    project, number = int(environment["CI_PROJECT_ID"]), int(environment["CI_MERGE_REQUEST_IID"])
    notes = f"/projects/{project}/merge_requests/{number}/notes"
    return Discussion(api, notes, f"{notes}/{{id}}", "PUT", {"id": api.ask("GET", "/user")["id"]})


FORGES = {"github": github, "gitlab": gitlab}


def checked(revision: str, sarif: str, annotations: Path) -> tuple[int, str]:
    """Exit code and answer of `notifier check`; ends here where it could not look at all."""
    command = [sys.executable, "-m", "notifier", "check", "--from", revision, "--format", "github"]
    command += ["--annotations", str(annotations), *(["--sarif", sarif] if sarif else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.returncode)
    return done.returncode, done.stdout


def main(forge: str, revision: str, environment: Mapping[str, str]) -> int:
    """Check, annotate, write the summary and SARIF where somebody wants them, comment."""
    with tempfile.TemporaryDirectory() as folder:
        annotations = Path(folder) / "annotations"
        code, comment = checked(revision, environment.get("NOTIFIER_SARIF", ""), annotations)
        sys.stdout.write(annotations.read_text(encoding="utf-8") if forge == "github" else comment)
        sys.stdout.flush()
    if summary := environment.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(comment)
    try:
        FORGES[forge](environment).say(comment)
    except (NotSaid, KeyError, ValueError, TypeError, OSError) as error:
        why = f"{error} is not set" if isinstance(error, KeyError) else f"{error}"
        sys.stderr.write(f"no comment was written: {why}\n")
    return code


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in FORGES:
        raise SystemExit("usage: pull_request.py github|gitlab REV")
    raise SystemExit(main(sys.argv[1], sys.argv[2], os.environ))

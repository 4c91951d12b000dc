"""The script behind the action and the GitLab template, against a stand-in of the forges' APIs on loopback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from tests.cli.conftest import LEAST_CONFIG, Editor

TOP = Path(__file__).resolve().parents[1]
SCRIPT = TOP / "deploy/forge/pull_request.py"
TEXT = "# Privacy Policy\n\nLast updated: May 1, 2014\n\nWe keep chats for 30 days.\n"


@dataclass
class Forge:
    """Comments on one pull request, as both forges answer, and every request with its token."""

    url: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)

    def answer(self, method: str, path: str, token: str, body: Any) -> tuple[int, Any]:
        self.asked.append((method, path, token))
        if self.failures:
            return self.failures.pop(0), {}
        if path == "/user":
            return 200, {"id": 7}
        if method == "GET":
            page = int(re.findall(r"&page=(\d+)", path)[0])
            return 200, self.comments[(page - 1) * 100 : page * 100]
        if method == "POST":
            who = {"user": {"type": "Bot"}} if "/issues/" in path else {"author": {"id": 7}}
            self.comments.append({"id": len(self.comments) + 1, **who, **body})
            return 201, self.comments[-1]
        self.comments[int(path.rpartition("/")[2]) - 1] |= body
        return 200, {}


@pytest.fixture
def forge() -> Iterator[Forge]:
    forge = Forge()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "null")
            token = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
            status, told = forge.answer(self.command, self.path, token, body)
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PATCH = do_PUT = do_GET  # noqa: N815 - as the library names them

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    forge.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield forge
    server.shutdown()
    server.server_close()


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = spec_from_file_location("pull_request_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PAUSES_S", (0.01, 0.01, 0.01))
    return module


def of_github(forge: Forge, tmp_path: Path) -> dict[str, str]:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 12}}))
    return {"GITHUB_EVENT_PATH": str(event), "GITHUB_TOKEN": "t0ken", "GITHUB_API_URL": forge.url,
            "GITHUB_REPOSITORY": "chat/legal"}  # fmt: skip


def of_gitlab(forge: Forge, _: Path) -> dict[str, str]:
    return {"CI_API_V4_URL": forge.url, "NOTIFIER_GITLAB_TOKEN": "t0ken", "CI_PROJECT_ID": "3",
            "CI_MERGE_REQUEST_IID": "12"}  # fmt: skip


BOTH = pytest.mark.parametrize(
    ("name", "environment", "change", "path"),
    [("github", of_github, "PATCH", "/repos/chat/legal/issues/comments/1"),
     ("gitlab", of_gitlab, "PUT", "/projects/3/merge_requests/12/notes/1")],
)  # fmt: skip


@BOTH
def test_there_is_one_comment_and_it_is_kept_up_to_date(
    forge: Forge, script: ModuleType, tmp_path: Path, name: str,
    environment: Callable[[Forge, Path], dict[str, str]], change: str, path: str,
) -> None:  # fmt: skip
    for text in ("first", "first", "second"):
        script.FORGES[name](environment(forge, tmp_path)).say(text)

    assert [one["body"] for one in forge.comments] == [f"{script.MARK}\nsecond"]
    assert [(method, where) for method, where, _ in forge.asked if method in ("PATCH", "PUT")] == [(change, path)]
    assert {token for _, _, token in forge.asked} <= {"Bearer t0ken", "t0ken"}


def test_somebody_elses_comment_with_our_mark_is_never_changed(
    forge: Forge, script: ModuleType, tmp_path: Path
) -> None:
    forge.comments += [{"id": 1, "user": {"type": "User"}, "body": f"{script.MARK}\nall is well"}]
    forge.comments += [{"id": n, "user": {"type": "User"}, "body": "me too"} for n in range(2, 150)]

    for text in ("one", "two"):
        script.github(of_github(forge, tmp_path)).say(text)

    assert forge.comments[0]["body"].endswith("all is well")
    assert [one["body"] for one in forge.comments[149:]] == [f"{script.MARK}\ntwo"]


def test_an_overloaded_forge_is_asked_again_and_a_refusal_is_told(
    forge: Forge, script: ModuleType, tmp_path: Path
) -> None:
    forge.failures = [502, 503]
    script.github(of_github(forge, tmp_path)).say("said")
    forge.failures = [403]

    with pytest.raises(script.NotSaid, match="the forge answered 403"):
        script.github(of_github(forge, tmp_path)).say("not said")
    assert len(forge.comments) == 1


@pytest.mark.processes
def test_the_whole_script_annotates_writes_sarif_and_summary_and_ends_as_the_check_does(
    forge: Forge, tmp_path: Path
) -> None:
    root = tmp_path / "chat"
    root.mkdir()
    (root / "config.toml").write_text(LEAST_CONFIG)
    editor = Editor(root)
    editor.git("init", "-q", "-b", "main")
    editor.commit(TEXT, "Add")
    editor.git("switch", "-qc", "edit")
    editor.commit(TEXT.replace("30 days", "12 months, see [fees](#fees)"), "Keep longer")
    summary, sarif = tmp_path / "summary.md", tmp_path / "notifier.sarif"
    environment = of_github(forge, tmp_path) | {"GITHUB_STEP_SUMMARY": str(summary), "NOTIFIER_SARIF": str(sarif)}

    done = subprocess.run(
        [sys.executable, str(SCRIPT), "github", "main"],
        cwd=root, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    place = "file=policies/privacy.md,line=5,title=link"
    assert done.returncode == 1
    assert f"::error {place}::no heading here has the anchor #fees" in done.stdout
    assert "t0ken" not in done.stdout + done.stderr
    [comment] = forge.comments
    assert "significant (clear)" in comment["body"]
    assert comment["body"].removeprefix("<!-- notifier: this comment is kept up to date -->\n") == summary.read_text()
    told = json.loads(sarif.read_text())
    [wrong] = [one for one in told["runs"][0]["results"] if one["level"] == "error"]
    assert told["version"] == "2.1.0"
    assert wrong["ruleId"] == "link"
    assert wrong["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "policies/privacy.md"}, "region": {"startLine": 5},
    }  # fmt: skip


@pytest.mark.parametrize("name", ["action.yml", "deploy/forge/gitlab-ci.yml"])
def test_the_templates_run_that_script_and_pin_what_they_use(name: str) -> None:
    source = (TOP / name).read_text(encoding="utf-8")
    assert yaml.safe_load(source)

    assert "deploy/forge/pull_request.py" in source
    assert "requirements.lock" in source
    for used in re.findall(r"uses: (\S+)", source):
        assert re.search(r"@(?:[0-9a-f]{40}|COMMIT)$", used)
    for image in re.findall(r"^ +image: (\S+)|^  image: (\S+)", source, re.M):
        assert re.search(r"@sha256:[0-9a-f]{64}$", "".join(image))
    assert "pull_request_target" not in source.replace("Never run it on pull_request_target", "")


def test_no_words_of_a_contributor_reach_a_shell_or_break_out_of_an_annotation() -> None:
    """Inputs go by the environment; `${{ }}` never stands in a script."""
    action = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))

    assert all("${{" not in step["run"] for step in action["runs"]["steps"])

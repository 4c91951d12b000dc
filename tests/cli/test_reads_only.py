"""What the web reaches reads: it fetches nothing, writes nothing into a repository, and needs no key that sends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from starlette.requests import Request
from tests.cli.conftest import Editor, Notifier

from notifier.config import load
from notifier.web.pages import pages_for

POLICY = "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep chats for 30 days.\n"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_pages_are_made_without_the_remote_and_without_a_word_written(
    editor: Editor, notifier: Notifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = editor.root.parent / f"{editor.root.name}-origin.git"
    editor.commit(POLICY, "Write the policy")
    editor.git("clone", "-q", "--bare", str(editor.root), str(origin))
    editor.git("remote", "add", "origin", str(origin))
    with (editor.root / "config.toml").open("a") as config:
        config.write('[repository]\nbranch = "main"\nremote = "origin"\n')
    editor.git("commit", "-qam", "Publish from the remote")
    editor.git("push", "-q", "origin", "main")
    assert notifier("run").code == 0
    shutil.rmtree(origin)
    for name in ("SENDGRID_API_KEY", "NOTIFIER_SMTP_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    clone, checkout = editor.root / ".notifier/clone", editor.root / ".git"
    before = contents(clone), contents(checkout)

    request = Request(
        {"type": "http", "method": "GET", "path": "/privacy/at/2026-05-01/", "raw_path": b"", "headers": []}
    )
    answer = pages_for(load(editor.root / "config.toml")).respond(request)

    assert answer.status_code == 200
    changed = [
        path
        for was, now in zip(before, (contents(clone), contents(checkout)), strict=True)
        for path in was.keys() ^ now.keys() | {path for path in was.keys() & now.keys() if was[path] != now[path]}
    ]
    assert changed == []

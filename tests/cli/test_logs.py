"""The log for machines: a line of JSON for each fact, actions that stay, and neither an address nor a secret in it."""

from __future__ import annotations

import json
import logging
import socketserver
import struct
import subprocess
import threading
from collections.abc import Iterator

import pytest
from tests.cli.conftest import Answer, Configure, Editor, Notifier
from tests.cli.test_verify import POLICY
from tests.processes import started
from tests.standins.smtp import Desk, Smtp

from notifier import structured_log
from notifier.structured_log import set_up, tell, tell_exception

ADDRESSES = ("ana@mail.example", "ben@mail.example", "mail.example")
"""What names a customer; the company's own is chat.example."""
PASSWORD = "correct horse battery"
ASKS_FOR_TLS, ASKS_FOR_GSS = 80877103, 80877104
"""What libpq says first, in place of a version of the protocol."""


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    structured_log._is_set_up = False


def logged(answer: Answer) -> list[dict[str, object]]:
    return [json.loads(line) for line in answer.err.splitlines()]


def test_a_run_leaves_each_fact_as_a_line_and_no_address_whatever_a_provider_says(
    notifier: Notifier, editor: Editor, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFIER_SMTP_PASSWORD", PASSWORD)
    monkeypatch.setenv("NOTIFIER_LOG", "json")
    desk = Desk(replies={"RCPT": ["550 5.7.1 <ben@mail.example>: relaying denied, see ben%40mail.example"] * 9})
    with Smtp(desk) as server:
        smtp = f'[mail.smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\nconnections = 1\n'
        configure('transport = "smtp"\n', '[page]\nurl = "https://chat.example/legal"\n', smtp)
        (editor.root / "roster.csv").write_text("email,language\nana@mail.example,en\nben@mail.example,en\n")
        notifier("customers", "import", editor.root / "roster.csv")
        editor.commit(POLICY, "Write the policy")
        adopted = logged(notifier("run"))
        editor.commit(POLICY.replace("30", "60"), "Keep longer")
        told = notifier("run")

    assert [line["action"] for line in adopted] == ["policy.posted", "run.done"]
    assert {line["action"] for line in logged(told)} >= {"policy.posted", "notice.stands", "run.done"}
    assert all(list(line)[:4] == ["at", "level", "action", "text"] for line in logged(told))
    assert "<address>" in told.err, "the provider named somebody"
    assert not [word for word in (*ADDRESSES, PASSWORD) if word in told.err]


def test_a_run_leaves_no_log_where_none_is_asked_for(notifier: Notifier, editor: Editor) -> None:
    editor.commit(POLICY, "Write the policy")

    answer = notifier("run")

    assert ("adopted" in answer.out, answer.err) == (True, "")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 <ana@mail.example> unknown", "550 <<address>> unknown"),
        ("to=ana@mail.example, id 7", "<address>, id 7"),
        ("returned to bounces+ana=mail.example@chat.example;", "returned to <address>;"),
        ("ana%40mail.example was dropped", "<address> was dropped"),
        ("postgresql+psycopg://notifier@db/ledger is away", "postgresql+psycopg://notifier@db/ledger is away"),
        ('550 <"ana b"@mail.example> unknown', "550 <<address>> unknown"),
        ("postgresql://notifier:***@db:5432/ledger is away", "postgresql://notifier:***@db:5432/ledger is away"),
        ("imaps://x/ana@mail.example", "imaps://x/<address>"),
        (f"login failed with {PASSWORD}", "login failed with <secret>"),
    ],
)
def test_what_looks_like_an_address_or_is_a_secret_is_taken_out(
    capfd: pytest.CaptureFixture[str], said: str, kept: str
) -> None:
    set_up([PASSWORD])

    tell("mail.not_taken", said, level="warning", provider=[{"words": said}])

    line = json.loads(capfd.readouterr().err)
    assert (line["text"], line["provider"][0]["words"]) == (kept, kept)
    assert (line["action"], line["level"]) == ("mail.not_taken", "warning")


def test_what_libraries_say_and_where_an_error_came_from_comes_the_same_way(capfd: pytest.CaptureFixture[str]) -> None:
    set_up()
    logging.getLogger("some.library").warning("a request of %s was cut off", "ana@mail.example")
    try:
        raise ValueError("ben@mail.example")
    except ValueError:
        tell_exception("page.failed", "a page could not be made")

    library, failed = map(json.loads, capfd.readouterr().err.splitlines())
    assert (library["action"], library["text"]) == ("library.some.library", "a request of <address> was cut off")
    assert failed["exception"].endswith("ValueError: <address>")
    assert "test_logs.py" in failed["exception"]


class _KnowsNobody(socketserver.StreamRequestHandler):
    """PostgreSQL's word on a wrong password, whoever asks: that is no database to wait for."""

    def handle(self) -> None:
        while True:
            size, code = struct.unpack("!ii", self.rfile.read(8))
            if code not in (ASKS_FOR_TLS, ASKS_FOR_GSS):
                break
            self.wfile.write(b"N")
        self.rfile.read(size - 8)
        said = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "notifier"\0\0'
        self.wfile.write(b"E" + struct.pack("!i", len(said) + 4) + said)


def _ended(verb: str, editor: Editor) -> tuple[str, int]:
    """What it said, and its exit code; one that does not end is ended."""
    with started(verb, cwd=editor.root, stderr=subprocess.PIPE) as process:
        try:
            return process.communicate(timeout=60)[1], process.returncode
        finally:
            process.kill()


def test_the_log_of_what_ends_by_a_failure_has_that_too(
    editor: Editor, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _KnowsNobody) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        place = f"127.0.0.1:{server.server_address[1]}/ledger"
        monkeypatch.setenv("NOTIFIER_LEDGER_URL", f"postgresql+psycopg://notifier:horse-battery@{place}")
        ended = [(verb, *_ended(verb, editor)) for verb in ("worker", "schedule", "serve")]
        server.shutdown()

    for verb, said, exit_code in ended:
        assert said.startswith("{"), said
        *_, last = map(json.loads, said.splitlines())
        assert (last["action"], last["level"], last["exit_code"]) == ("process.failed", "error", exit_code), verb
        assert f"notifier:***@{place}" in last["text"]
        assert "horse-battery" not in said


def test_at_a_terminal_or_where_asked_for_it_is_the_sentence_with_its_time(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFIER_LOG", "text")
    set_up()

    tell("schedule.next_run", "next run 2026-11-30 09:00 UTC", due_at="2026-11-30T09:00:00+00:00")

    assert capfd.readouterr().err[20:] == " next run 2026-11-30 09:00 UTC\n"

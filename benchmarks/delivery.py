"""The sender and its ledger: freezing, sending beside a bare loop and beside the package, memory, events, restart.

The ledger is SQLite with full synchronisation; the provider is the tests' stand-in in a process of its own, which
reads every request and answers after 50 ms. Each sending runs in a fresh process, so that its memory is its own.
"""

from __future__ import annotations

import gc
import json
import os
import queue
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.scenes import posted
from tests.standins.events import Signer, event
from tests.standins.sendgrid import API_KEY, SEND_PATH, SendGridProcess, Taken

from benchmarks.table import Table
from notifier.ledger import Ledger
from notifier.mail import Addressee, Envelope
from notifier.mail.sendgrid import SendGridMailer
from notifier.notice.delivery import Customer
from notifier.notice.message import Message, Notice
from notifier.notice.sending_rules import SendingRules
from notifier.usecases.deliver import SystemEnvironment, deliver

MANY = int(os.environ.get("NOTIFIER_BENCH_RECIPIENTS", "1000000"))
FEW = 10_000
BATCH = 1_000
CONNECTIONS = 8
LATENCY_S = 0.05
BY_MAIL_OBJECTS = 20_000
EVENTS = 40_000
REQUEST_BYTES = 700_000
RULES = SendingRules("Example <privacy@example.com>", max_bounce_rate=1.0, canary_wait=timedelta(0))
NOTICE = "2026-11-01-privacy"
LETTER = Message(
    "en", ("privacy",), "Our privacy policy changes", "What changes. " * 200, "<p>What changes.</p>" * 1_500
)
ROOT = Path(__file__).resolve().parents[1]


class Sent(NamedTuple):
    """One sending, measured in its own process."""

    frozen_per_s: float
    sent_per_s: float
    cpu_s: float
    peak_mb: float


def run() -> Sequence[Table]:
    """All of it; `NOTIFIER_BENCH_RECIPIENTS` makes it smaller."""
    with tempfile.TemporaryDirectory() as folder:
        few = sending(Path(folder) / "few.db", FEW)
        many = sending(Path(folder) / "many.db", MANY)
        bare, by_objects = bare_loop(MANY), _mail_objects()
        taken_in = _events(Path(folder) / "many.db")
        restart_s = _restart(Path(folder) / "restart.db")
        idle_s = _idle(Path(folder) / "many.db")
    return [
        Table(
            f"Delivery, {MANY:,} recipients",
            ("", "goal", "measured"),
            (
                ("freezing", "70,000/s", f"{many.frozen_per_s:,.0f}/s"),
                (f"sending, {CONNECTIONS} connections, answers after 50 ms", "40,000/s", f"{many.sent_per_s:,.0f}/s"),
                ("beside a bare loop posting the same bytes", "0.35 (0.6)", f"{many.sent_per_s / bare:.2f}"),
                ("beside the package's Mail objects in a loop", "3 times", f"{many.sent_per_s / by_objects:.1f} times"),
                (f"peak memory, {FEW:,} recipients", "150 MB", f"{few.peak_mb:.0f} MB"),
                (f"peak memory, {MANY:,} recipients", "150 MB", f"{many.peak_mb:.0f} MB"),
                ("events, signed, requests of 700 KB", "8,000/s", f"{taken_in:,.0f}/s"),
                ("from kill -9 to sending again", "3 s", f"{restart_s:.2f} s"),
                ("`notifier run` with nothing to do, CPU", "1.5 s", f"{idle_s:.2f} s"),
            ),
            notes=(
                f"The bare loop made {bare:,.0f} recipients a second, the Mail objects {by_objects:,.0f}.",
                f"The sender used {many.cpu_s:.1f} s of CPU; the stand-in shares the machine's two cores with it.",
                f"Load average of the machine at the end: {os.getloadavg()[0]:.1f} (its own is about 2).",
                f"One message of {len(LETTER.text) + len(LETTER.html):,} characters; batches of {BATCH:,}.",
            ),
        )
    ]


def sending(path: Path, count: int) -> Sent:
    prepare(f"sqlite:///{path}", count)
    with provider_apart() as provider:
        program = f"from benchmarks.delivery import send_and_report; send_and_report({str(path)!r}, {provider.url!r})"
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
        accepted = provider.counts()
    assert accepted["deliveries"] == count, accepted
    assert accepted["repeated"] == 0, accepted
    return Sent(*json.loads(done.stdout.splitlines()[-1]))


def send_and_report(path: str, url: str) -> None:
    """In a process of its own: freeze, send, and print the figures as JSON."""
    gc.set_threshold(200_000, 50, 100)  # as the command and the worker do
    times: dict[str, float] = {"start": time.perf_counter()}

    def note(progress: Any) -> None:
        times[progress.phase] = time.perf_counter()

    with Ledger.open(f"sqlite:///{path}") as ledger:
        report = deliver(ledger, mailer_to(url), RULES, SystemEnvironment(on_progress=note))
        (notice,) = report.notices
        assert notice.counts.accepted == notice.counts.recipients, notice
        assert ledger.deliveries.check_counts() == ()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    count = notice.counts.recipients
    freezing, sending = times["freezing"] - times["start"], times["sending"] - times["freezing"]
    print(json.dumps([count / freezing, count / sending, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))


def prepare(url: str, count: int) -> None:
    """A roster, and a notice that is due."""
    now = datetime.now(UTC)
    with Ledger.open(url) as ledger:
        ledger.roster.import_customers(
            Customer(f"c{n}", f"person{n}@example.com", f"Person {n}", "en") for n in range(count)
        )
        ledger.notices.add(
            Notice(NOTICE, (posted(ledger),), now),
            [LETTER],
            audiences={"privacy": frozenset()},
            language="en",
            send_after=now,
            deadline=now + timedelta(days=1),
        )


@contextmanager
def provider_apart(latency_s: float = LATENCY_S) -> Iterator[SendGridProcess]:
    with SendGridProcess(latency_s=latency_s, lean=True) as provider:
        yield provider


def mailer_to(url: str) -> SendGridMailer:
    return SendGridMailer(API_KEY, host=url, batch_size=BATCH, connections=CONNECTIONS)


def _people(batch: int) -> tuple[Addressee, ...]:
    first = batch * BATCH
    return tuple(Addressee(f"{n:022x}", f"person{n}@example.com", f"Person {n}") for n in range(first, first + BATCH))


def bare_loop(count: int) -> float:
    """Recipients a second of threads that post bytes prepared before, over as many kept connections."""
    from notifier.mail.sendgrid.request import request_body

    envelope = Envelope(NOTICE, "a" * 22, RULES.sender, None, LETTER, _people(0))
    body = request_body(envelope, sandbox=False)
    with provider_apart() as provider:
        waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        for _ in range(count // BATCH):
            waiting.put(body)
        threads = [threading.Thread(target=_post_all, args=(provider.url, waiting)) for _ in range(CONNECTIONS)]
        started = time.perf_counter()
        for thread in threads:
            waiting.put(None)
            thread.start()
        for thread in threads:
            thread.join()
        return count / (time.perf_counter() - started)


def _post_all(url: str, waiting: queue.SimpleQueue[bytes | None]) -> None:
    headers = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"}
    connection = HTTPConnection(urlsplit(url).netloc)
    while (body := waiting.get()) is not None:
        connection.request("POST", SEND_PATH, body, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 202
    connection.close()


def _mail_objects() -> float:
    """Recipients a second of the package as its own examples use it: `Mail`, one request after another."""
    from sendgrid import SendGridAPIClient

    with provider_apart() as provider:
        client = SendGridAPIClient(API_KEY, host=provider.url)
        started = time.perf_counter()
        for batch in range(BY_MAIL_OBJECTS // BATCH):
            client.send(_mail(batch))
        return BY_MAIL_OBJECTS / (time.perf_counter() - started)


def _mail(batch: int) -> Any:
    from sendgrid.helpers.mail import Content, CustomArg, Email, Mail, Personalization, To

    mail = Mail()
    mail.from_email = Email("privacy@example.com", "Example")
    mail.subject = LETTER.subject
    mail.add_content(Content("text/plain", LETTER.text))
    mail.add_content(Content("text/html", LETTER.html))
    for person in _people(batch):
        one = Personalization()
        one.add_to(To(person.email, person.name))
        one.add_custom_arg(CustomArg("pn_d", person.delivery_key))
        one.add_custom_arg(CustomArg("pn_a", "a" * 22))
        mail.add_personalization(one)
    return mail


def _events(path: Path) -> float:
    """Events a second through signature, parsing and ledger, as the web server hands them over."""
    from notifier.mail.sendgrid.webhook import load_keys
    from notifier.usecases.provider_events import EventRecorder

    signer = Signer.new()
    with Ledger.open(f"sqlite:///{path}") as ledger:
        bodies = list(_bodies(_taken(ledger)))
        recorder = EventRecorder(ledger, load_keys([signer.public_key]), lambda: datetime.now(UTC))
        posts = [({name.lower(): value for name, value in signer.headers(body).items()}, body) for body, _ in bodies]
        started = time.perf_counter()
        for headers, body in posts:
            recorder(headers, body)
        return sum(count for _, count in bodies) / (time.perf_counter() - started)


def _taken(ledger: Ledger) -> list[Taken]:
    """The first deliveries as the provider knows them."""
    query = "SELECT d.delivery_key, a.attempt_id, d.email FROM delivery d JOIN attempt a ON d.seq BETWEEN a.first_seq"
    with ledger.database.read() as connection:
        rows = connection.exec_driver_sql(f"{query} AND a.last_seq WHERE d.seq <= {EVENTS // 2}").all()
    return [Taken(key, attempt, email, "request") for key, attempt, email in rows]


def _bodies(taken: Sequence[Taken]) -> Iterator[tuple[bytes, int]]:
    """Requests of processed and delivered events, each as large as the goal names."""
    events = [event(kind, one) for kind in ("processed", "delivered") for one in taken]
    size = REQUEST_BYTES // (len(json.dumps(events[0])) + 2)
    for start in range(0, len(events), size):
        part = events[start : start + size]
        yield (json.dumps(part) + "\r\n").encode(), len(part)


def _restart(path: Path) -> float:
    """Seconds from the kill of a sender to the next request of the one that is started at once."""
    prepare(f"sqlite:///{path}", MANY)
    with provider_apart() as provider:
        program = f"from benchmarks.delivery import send_and_report; send_and_report({str(path)!r}, {provider.url!r})"
        command = [sys.executable, "-c", program]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as first:
            _until(lambda: provider.counts()["requests"] >= MANY // BATCH // 4)
            first.send_signal(signal.SIGKILL)
        time.sleep(LATENCY_S * 3)
        before, started = provider.counts()["requests"], time.perf_counter()
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as second:
            _until(lambda: provider.counts()["requests"] > before)
            took = time.perf_counter() - started
            second.kill()
    return took


def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        time.sleep(0.005)


def _idle(path: Path) -> float:
    """CPU seconds of the second `notifier run` of an installation whose ledger holds so many deliveries."""
    installation = path.parent / "installation"
    surroundings = {**os.environ, "NOTIFIER_LEDGER_URL": f"sqlite:///{path}"}

    def call(*words: str) -> None:
        command = [sys.executable, "-m", "notifier", *words]
        done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True)
        if done.returncode > 1:  # 1: git knows nothing of what this ledger holds, and the run says so
            raise RuntimeError(done.stderr)

    call("init", str(installation))
    call("run", "--config", str(installation / "config.toml"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    call("run", "--config", str(installation / "config.toml"))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

"""Standings and acceptances a second, from an SQLite ledger of 100,000 people: as calls, and over HTTP with a key."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any

import uvicorn

from benchmarks.table import Table
from notifier.ledger import Ledger
from notifier.ledger.people.api_keys import Scope
from notifier.ledger.people.receipt import NewAcceptance, PersonOnRecord
from notifier.notice.delivery import Customer
from notifier.policy.agreement import AgreementMethod
from notifier.policy.posting import Posted, Posting
from notifier.policy.revision import Commit, PolicyText, Revision, read_front_matter
from notifier.render.site.editions import PolicyHistory, Site
from notifier.render.site.translations import translation_for
from notifier.shipped import TEMPLATES, shipped
from notifier.significance import Significance
from notifier.text.front_matter import Consent
from notifier.usecases.acceptance import AcceptanceDesk, AcceptanceRequest
from notifier.usecases.person_standing import StandingAnswer, standing_json
from notifier.usecases.posted_texts import PostedTexts, text_sha256
from notifier.usecases.receipt_key import open_signer
from notifier.web.api import Interface
from notifier.web.app import make_app
from notifier.web.connections import impatient

PEOPLE, POSTINGS, SAID = 100_000, 12, 100_000
ASKED, WRITTEN = 4_000, 2_000
AT_ONCE = 8
BARS = {"standings": 2_000, "acceptances": 500}
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def run() -> Sequence[Table]:
    with tempfile.TemporaryDirectory() as folder, Ledger.open(f"sqlite:///{folder}/ledger.db") as ledger:
        texts, signer = PostedTexts(_site()), open_signer(Path(folder), ledger, NOW)
        _fill(ledger, texts, signer)
        desk = AcceptanceDesk(ledger, lambda: texts, lambda: signer, lambda: NOW, UTC)
        rows = [
            ["standings, one thread", *_rate(ASKED, _standing(desk, texts)), f"{BARS['standings']:,}"],
            [f"acceptances, {AT_ONCE} at once", *_accepting(desk, texts), f"{BARS['acceptances']:,}"],
        ]
        key = ledger.api_keys.create("bench", list(Scope), NOW)[1]
        templates = shipped(TEMPLATES)
        interface = Interface(ledger, desk, lambda: texts, templates, NOW.date, "https://legal.example/")
        with _served(make_app(ledger, now=lambda: NOW, interface=interface)) as port:
            rows += [
                ["standings over HTTP", *_over_http(port, key, "standing", ASKED), f"{BARS['standings']:,}"],
                ["acceptances over HTTP", *_over_http(port, key, "accept", WRITTEN), f"{BARS['acceptances']:,}"],
            ]
    notes = [
        f"{PEOPLE:,} people, {SAID:,} acceptances before, two policies of {POSTINGS} postings; every acceptance with "
        "its entry in the journal, an Ed25519 signature, and synchronous=FULL",
        "a second of CPU: how many one core does where nothing else runs; of the server alone, where there is a client",
        "over HTTP: one server process, and one client process with eight connections on the same two cores",
        f"load average of the machine at the end: {os.getloadavg()[0]:.1f} (its own is about 2)",
    ]
    return [Table("Acceptance", ["what", "wall s", "a second", "CPU µs each", "a second of CPU", "goal"], rows, notes)]


def _site() -> Site:
    return Site("Shop", "", NOW.date(), "en", (_history("terms"), _history("privacy")))


def _history(policy_id: str) -> PolicyHistory:
    return PolicyHistory(policy_id, tuple(_posted(policy_id, month) for month in range(1, POSTINGS + 1)))


def _posted(policy_id: str, month: int) -> Posted:
    on = date(2025, month, 1)
    words = f"# {policy_id}\n\nUpdated {on}.\n\n" + f"The fee is {month} euros. We keep it for {month} months. " * 200
    text = PolicyText(f"policies/{policy_id}.md", "en", f"b{month}", words, read_front_matter(words), policy_id)
    commit = Commit(f"c{month}", NOW, "Erin", "e@x.example", "e@x.example", "Change", "")
    consent = (Consent.NONE, Consent.ACCEPT, Consent.ACKNOWLEDGE)[month % 3]
    weight = Significance.MINOR if consent is Consent.NONE else Significance.SIGNIFICANT
    tag = f"posted/{policy_id}/{on}"
    posting = Posting(policy_id, f"c{month}", on, on, weight, tag, summary="It costs more.", consent=consent)
    return Posted(posting, Revision(policy_id, "en", commit, {"en": text}))


def _fill(ledger: Ledger, texts: PostedTexts, sign: Callable[[str], tuple[str, str]]) -> None:
    ledger.roster.import_customers(Customer(f"u{n}", f"u{n}@x.example", "", "en") for n in range(PEOPLE))
    policies = list(texts.policies.values())
    for start in range(0, SAID, 10_000):
        some = [_said(policies[n % 2], n // 2 % PEOPLE, n % POSTINGS) for n in range(start, start + 10_000)]
        ledger.acceptances.record(some, NOW, sign)


def _said(policy: Any, person: int, index: int) -> NewAcceptance:
    posting, click = policy.postings[index], AgreementMethod.CLICK
    sha256 = policy.sha256(index, "en")
    return NewAcceptance(f"u{person}", policy.policy_id, posting.tag, sha256, "en", posting.consent, click, NOW)


def _standing(desk: AcceptanceDesk, texts: PostedTexts) -> Callable[[int], object]:
    templates = shipped(TEMPLATES)
    answer = StandingAnswer(
        NOW.date(), "en", lambda place: f"https://x/{place}", lambda one: translation_for(templates, one)
    )
    return lambda n: standing_json(texts, _person(desk, f"u{n * 7919 % PEOPLE}"), answer)


def _person(desk: AcceptanceDesk, key: str) -> PersonOnRecord:
    found = desk.people([key])[key]
    assert isinstance(found, PersonOnRecord)
    return found


def _accepting(desk: AcceptanceDesk, texts: PostedTexts) -> list[str]:
    policy = texts.policies["terms"]
    sha256 = text_sha256(policy.history.postings[-1].revision.controlling)
    said = {"policy": "terms", "posting": policy.postings[-1].tag, "text_sha256": sha256, "method": "click"}

    def some(n: int) -> None:
        people = range(n * AT_ONCE, (n + 1) * AT_ONCE)
        desk.record([AcceptanceRequest({**said, "person": f"u{m * 7919 % PEOPLE}"}, "bench", f"k{m}") for m in people])

    return _rate(WRITTEN // AT_ONCE, some, each=AT_ONCE)


def _rate(times: int, work: Callable[[int], object], each: int = 1) -> list[str]:
    started, before = time.perf_counter(), time.process_time()
    for n in range(times):
        work(n)
    return _figures(times * each, time.perf_counter() - started, time.process_time() - before)


def _figures(times: int, wall: float, busy: float) -> list[str]:
    return [f"{wall:.1f}", f"{times / wall:,.0f}", f"{busy / times * 1e6:,.0f}", f"{times / busy:,.0f}"]


@contextmanager
def _served(app: Any) -> Iterator[int]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as `serve` has it
    settings = uvicorn.Config(app, log_level="error", lifespan="off", access_log=False, http=impatient())
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()


def _over_http(port: int, key: str, what: str, times: int) -> list[str]:
    texts = PostedTexts(_site()).policies["terms"]
    known = {"posting": texts.postings[-1].tag, "sha256": texts.sha256(POSTINGS - 1, "en")}
    command = [sys.executable, "-m", "benchmarks.acceptance", str(port), key, what, str(times), json.dumps(known)]
    before = time.process_time()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return _figures(times, float(done.stdout), time.process_time() - before)


def _client(port: str, key: str, what: str, times: str, known: str) -> None:
    """Eight connections that ask as fast as they are answered; prints the seconds that it took."""
    text, numbers = json.loads(known), count()
    said = {"policy": "terms", "posting": text["posting"], "text_sha256": text["sha256"], "method": "click"}

    def work(_: int) -> None:
        connection = HTTPConnection("127.0.0.1", int(port), timeout=60)
        while (n := next(numbers)) < int(times):
            person, headers = f"u{n * 7919 % PEOPLE}", {"Authorization": f"Bearer {key}"}
            if what == "standing":
                connection.request("GET", f"/v1/people/{person}/standing", headers=headers)
            else:
                headers["Idempotency-Key"] = f"h{n}"
                connection.request("POST", "/v1/acceptances", json.dumps({**said, "person": person}), headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status in (200, 201), answer.status
        connection.close()

    started = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    print(time.perf_counter() - started)


if __name__ == "__main__":
    _client(*sys.argv[1:])

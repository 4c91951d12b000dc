"""The interface for applications, over HTTP before a real installation: who stands where, who said what and when."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import pytest
from tests.processes import started
from tests.web.shop import DEARER, PRIVACY, TEURER, Application, Reply, Shop, open_shop

from notifier.ledger.people.api_keys import Scope
from notifier.shipped import TEMPLATES, shipped
from notifier.usecases.receipt_key import receipt_fault


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The fee went up, which is to be accepted; that messages are kept longer was announced, and taken back."""
    shop = open_shop(tmp_path_factory.mktemp("shop"))
    shop.post("Raise the fee", terms=DEARER, terms_de=TEURER)
    shop.post("Keep longer", privacy=PRIVACY.replace("30 days", "60 days"))
    assert shop.notifier("withdraw", "privacy", "--because", "a mistake") == 0
    assert shop.notifier("run") == 0
    return shop


@pytest.fixture(scope="module")
def first(shop: Shop, app: Application) -> dict[str, str]:
    """The text of the terms before the fee went up, as `accept` takes it."""
    return {"posting": "posted/terms/2026-03-01", "text_sha256": sha256(app.ask("/terms/2026-03-01.md"))}


@contextmanager
def accepted_by_one(folder: Path) -> Iterator[tuple[Shop, Application, dict[str, str]]]:
    """A shop of its own where the fee went up, and u-1 has accepted that; and what others are asked to accept."""
    shop = open_shop(folder)
    shop.post("Raise the fee", terms=DEARER, terms_de=TEURER)
    with shop.served() as url:
        app = Application(url, shop.key())
        asked = app.standing("u-1")["terms"]["asked"]
        assert app.accept("u-1", asked, "before").status == 201
        yield shop, app, asked


def sha256(reply: Reply) -> str:
    assert reply.status == 200
    return hashlib.sha256(reply.body).hexdigest()


def recorded(shop: Shop) -> int:
    with shop.ledger() as ledger:
        return ledger.journal.head().number


def problem(reply: Reply) -> tuple[int, str]:
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json["status"] == reply.status
    return reply.status, reply.json["type"].rpartition(":")[2]


def test_a_person_s_way_from_the_old_text_to_the_new(app: Application, first: dict[str, str]) -> None:
    new = app.standing("u-1")["terms"]
    assert (new["status"], new["required"], new["accepted"], new["redline"]) == ("none", "accept", None, None)
    assert b"20 euros" in app.ask("/" + new["asked"]["redline"].split("/", 3)[3]).body, "from the text in force"

    assert app.accept("u-1", first).status == 201
    outdated = app.standing("u-1")["terms"]
    assert (outdated["status"], outdated["required"], outdated["by"]) == (
        "outdated", "accept", outdated["coming"]["effective_on"],
    )  # fmt: skip
    assert outdated["in_force"]["posting"] == first["posting"] == outdated["accepted"]["posting"]
    assert outdated["asked"]["summaries"] == ["The fee goes up to 20 euros a month."]
    redline = app.ask("/" + outdated["asked"]["redline"].split("/", 3)[3])
    assert redline.status == 200
    assert b"20 euros" in redline.body
    assert sha256(app.ask(f"/terms/{outdated['asked']['version']}.md")) == outdated["asked"]["text_sha256"]

    assert app.accept("u-1", outdated["asked"]).status == 201
    assert app.standing("u-1")["terms"]["status"] == "accepted"
    assert (app.standing("u-1")["terms"]["asked"], app.standing("u-1")["terms"]["redline"]) == (None, None)


def test_everybody_reads_it_in_their_language_or_in_that_of_the_page(app: Application) -> None:
    own, asked = app.standing("u-2")["terms"], app.standing("u-2", "fr")["terms"]

    assert (own["title"], own["language"], own["asked"]["language"]) == ("AGB", "de", "de")
    assert own["asked"]["summaries"] == ["Die Gebühr steigt auf 20 Euro im Monat."]
    assert own["asked"]["says"]["yes"] == "Ich stimme zu"
    assert "/de/terms/" in own["asked"]["text"]
    assert (asked["language"], asked["asked"]["says"]["yes"]) == ("en", "J’accepte")
    assert app.accept("u-2", own["asked"]).json["receipt"]["language"] == "de"


def test_a_receipt_is_signed_kept_and_shown_to_whom_it_is_about(app: Application, first: dict[str, str]) -> None:
    made = app.accept("u-3", first, context={"page": "/sign-up", "shown_sha256": "ab"}, at="2026-03-05T10:00:00+02:00")
    receipt = made.json
    keys = {key["kid"]: key["x"] for key in app.ask("/.well-known/notifier-receipts.json").json["keys"]}
    page = app.ask("/" + receipt["page"].split("/", 3)[3])
    file = app.ask("/" + receipt["page"].split("/", 3)[3] + ".json")

    assert made.headers["location"] == receipt["page"]
    assert receipt_fault(receipt, keys) == ""
    assert receipt["receipt"]["at"] == "2026-03-05T08:00:00.000000Z"
    assert file.json == {key: receipt[key] for key in ("receipt", "signature")}
    assert page.headers["cache-control"] == "no-store"
    assert all(word in page.body.decode() for word in ("u-3", first["text_sha256"], "Accepted", "5 March 2026"))
    assert receipt in app.ask("/v1/people/u-3/history").json["acceptances"]
    forged = {**receipt, "receipt": {**receipt["receipt"], "person": "u-1"}}
    assert "forged" in receipt_fault(forged, keys)
    assert "none of ours" in receipt_fault(receipt, {})
    assert "no receipt" in receipt_fault([], keys)
    seal = receipt["signature"]
    for beside in ({**receipt, "note": "and more"}, {**receipt, "signature": {**seal, "algorithm": "none"}},
                   {**receipt, "signature": {**seal, "value": f"{seal['value']}="}}):  # fmt: skip
        assert "says more than what was signed" in receipt_fault(beside, keys)
    assert problem(app.ask("/receipts/guessed")) == (404, "unknown-receipt")


def test_an_installation_with_templates_of_its_own_from_before_shows_receipts_too(
    shop: Shop, first: dict[str, str]
) -> None:
    own = shop.root / "templates"
    shutil.copytree(shipped(TEMPLATES), own)
    (own / "pages" / "receipt.html.j2").unlink()
    try:
        with shop.served() as url:
            app = Application(url, shop.key())
            page = app.accept("u-3", first).json["page"]
            assert app.ask("/" + page.split("/", 3)[3]).status == 200
    finally:
        shutil.rmtree(own)


def test_the_same_request_is_answered_as_before_and_another_under_its_key_is_refused(
    app: Application, shop: Shop, first: dict[str, str]
) -> None:
    said = {"person": "u-1", "policy": "terms", "method": "checkbox", **first}
    once, again = app.post(said, "k-1"), app.post(dict(reversed(said.items())), "k-1")
    before = recorded(shop)

    assert (once.status, again.status) == (201, 201)
    assert once.body == again.body
    assert problem(app.post({**said, "method": "click"}, "k-1")) == (422, "other-request")
    assert recorded(shop) == before


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"text_sha256": "0" * 64}, (409, "other-text")),
        ({"person": "nobody"}, (404, "unknown-person")),
        ({"policy": "cookies"}, (404, "unknown-policy")),
        ({"posting": "posted/terms/2020-01-01"}, (404, "unknown-posting")),
        ({"method": "telepathy"}, (422, "bad-value")),
        ({"at": "2999-01-01T00:00:00Z"}, (422, "bad-value")),
        ({"at": "2026-03-05T10:00:00"}, (422, "bad-value")),
        ({"context": "words"}, (422, "bad-value")),
        ({"context": {"much": "x" * 5000}}, (422, "bad-value")),
        ({"context": {"n": 2**60}}, (422, "bad-value")),
        ({"person": "u\u0000"}, (422, "bad-value")),
        ({"person": 7}, (422, "bad-value")),
        ({"colour": "red"}, (422, "bad-value")),
    ],
)
def test_what_cannot_be_is_a_problem_document_and_nothing_is_recorded(
    app: Application, shop: Shop, first: dict[str, str], change: dict[str, object], expected: tuple[int, str]
) -> None:
    before = recorded(shop)

    assert problem(app.post({"person": "u-1", "policy": "terms", "method": "click", **first, **change})) == expected
    assert recorded(shop) == before


def test_what_was_taken_back_is_gone_for_good_and_asks_nothing(app: Application, shop: Shop) -> None:
    tags = shop.git("tag", "--list", "posted/privacy/*", "--sort=creatordate").splitlines()
    taken_back = app.ask(f"/privacy/{tags[1].rpartition('/')[2]}.md")
    said = {"person": "u-1", "policy": "privacy", "posting": tags[1], "text_sha256": sha256(taken_back)}

    assert problem(app.post({**said, "method": "click"})) == (410, "withdrawn")
    assert app.standing("u-1")["privacy"]["required"] == "none"


def test_nobody_accepts_what_was_taken_back_although_no_run_has_posted_that_yet(tmp_path: Path) -> None:
    with accepted_by_one(tmp_path) as (shop, app, asked):
        assert shop.notifier("withdraw", "terms", "--because", "a mistake") == 0

        assert problem(app.accept("u-2", asked)) == (410, "withdrawn")
        assert app.accept("u-1", asked, "before").status == 201
        now = app.standing("u-2")["terms"]
        assert (now["required"], now["coming"], now["asked"]) == ("none", None, None)
        assert shop.notifier("run") == 0
        assert problem(app.accept("u-2", asked, "later")) == (410, "withdrawn")
        with shop.ledger() as ledger:
            assert ledger.postings.taken_back() == frozenset()


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{", b"\xff", b'{"a": NaN}', b'"' * 20, b"[" * 9_000, b'{"a": 1, "a": 2}']
)
def test_a_body_that_is_no_object_is_named_as_such(app: Application, raw: bytes) -> None:
    assert problem(app.post(raw)) == (400, "not-json")


def test_a_body_is_bounded_and_a_request_has_an_idempotency_key(app: Application) -> None:
    assert problem(app.post(b"x" * 20_000)) == (413, "too-large")
    assert problem(app.post(b"x" * 40_000)) == (413, "too-large")
    assert problem(app.ask("/v1/acceptances", "POST", {})) == (400, "no-idempotency-key")


def test_keys_open_what_their_scopes_allow_until_they_are_revoked(app: Application, shop: Shop) -> None:
    reader, writer = (Application(app.url, shop.key(scope)) for scope in (Scope.READ, Scope.WRITE))
    path = "/v1/people/u-1/standing"

    assert reader.ask(path).status == 200
    assert problem(reader.post({})) == (403, "no-scope")
    assert problem(writer.ask(path)) == (403, "no-scope")
    assert problem(writer.post({})) == (422, "bad-value")
    for wrong in ("", "nonsense", reader.key[:-1], reader.key + "x"):
        refused = Application(app.url, wrong).ask(path)
        assert problem(refused) == (401, "no-key")
        assert refused.headers["www-authenticate"].startswith("Bearer")
    with shop.ledger() as ledger:
        ledger.api_keys.revoke(reader.key.split("_")[1], ledger.api_keys.all()[0].created_at)
    assert problem(reader.ask(path)) == (401, "no-key")


def test_whom_there_is_no_room_for_is_told_so_in_a_problem_document(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifier.web.app.API_AT_ONCE", 0)
    with shop.served() as url:
        full = Application(url, "none").ask("/v1/people/u-1/standing")

    assert problem(full) == (503, "too-many")
    assert full.headers["retry-after"] == "1"


def test_an_address_of_nothing_and_a_wrong_method_are_problems_too(app: Application) -> None:
    for nothing in ("/v1/nothing", "/v1/", "/v1", "/v1/people/u-1/standing/"):
        assert problem(app.ask(nothing)) == (404, "not-here")
    assert problem(app.ask("/v1", "POST", {})) == (404, "not-here")
    wrong = app.ask("/v1/acceptances")
    assert problem(wrong) == (405, "wrong-method")
    assert wrong.headers["allow"] == "POST"
    assert problem(app.ask("/v1/people/nobody/standing")) == (404, "unknown-person")
    assert app.ask("/v1/people/ana@x.example/standing").json["person"] == "u-1"


def test_what_was_said_after_a_copy_was_made_comes_back_from_beside_it(tmp_path: Path) -> None:
    with accepted_by_one(tmp_path) as (shop, app, asked):
        assert shop.notifier("backup", str(tmp_path / "copy")) == 0
        receipt = app.accept("u-2", asked, "after").json
    assert shop.notifier("restore", str(tmp_path / "copy")) in (0, 1)
    shop.notifier("recover")

    (kept,) = (tmp_path / ".notifier").glob("*.acceptances.csv")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert shop.notifier("people", "import", str(kept)) == 0

    with shop.ledger() as ledger:
        (back,) = ledger.acceptances.of("u-2")
        assert len(ledger.acceptances.of("u-1")) == 1
    said = receipt["receipt"]
    assert (back.tag, back.text_sha256, back.method) == (said["posting"], said["text_sha256"], said["method"])
    assert back.at.isoformat().startswith(said["at"].removesuffix("Z"))


def test_who_was_forgotten_leaves_a_receipt_that_names_nobody(app: Application, shop: Shop) -> None:
    (shop.root / "roster.csv").write_text("id,email\nu-9,gone@x.example\n")
    shop.notifier("customers", "import", str(shop.root / "roster.csv"))
    text = app.standing("u-9")["terms"]["asked"]
    receipt = app.accept("u-9", text, context={"ip": "192.0.2.7"}).json
    shop.notifier("customers", "forget", "u-9")

    place = "/" + receipt["page"].split("/", 3)[3]
    assert problem(app.ask(place)) == (410, "forgotten")
    assert problem(app.ask("/v1/people/u-9/history")) == (404, "unknown-person")
    assert b"192.0.2.7" not in (shop.root / ".notifier" / "ledger.db").read_bytes()
    keys = {key["kid"]: key["x"] for key in app.ask("/.well-known/notifier-receipts.json").json["keys"]}
    assert receipt_fault(receipt, keys) == ""


def test_what_was_answered_for_is_there_after_a_kill_and_the_rest_comes_again(
    tmp_path: Path,
) -> None:
    """Many ask at once, and the server dies among them: each 201 is in the ledger, each retry is answered."""
    shop = open_shop(tmp_path / "shop")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (shop.root / "config.toml").write_text((shop.root / "config.toml").read_text() + f"[web]\nport = {port}\n")
    key = shop.key()
    app = Application(f"http://127.0.0.1:{port}", key)

    def say(number: int) -> tuple[int, int]:
        try:
            return number, app.accept("u-1", text, context={"n": number}, once=f"k-{number}").status
        except (OSError, HTTPException):
            return number, 0

    serve = started("serve", "--config", str(shop.root / "config.toml"), stderr=subprocess.PIPE)
    with serve as server, ThreadPoolExecutor(8) as pool:
        assert server.stderr is not None
        server.stderr.readline()
        text = app.standing("u-1")["terms"]["in_force"]
        answers = {}
        for number, status in pool.map(say, range(60)):
            answers[number] = status
            if len(answers) == 20:
                server.kill()
    with shop.ledger() as ledger:
        kept = {json.loads(one.context or "{}")["n"] for one in ledger.acceptances.of("u-1")}
    assert {number for number, status in answers.items() if status == 201} <= kept

    with shop.served() as url:
        app = Application(url, key)
        assert {say(number)[1] for number in range(60)} == {201}
    with shop.ledger() as ledger:
        assert sorted(json.loads(one.context or "{}")["n"] for one in ledger.acceptances.of("u-1")) == list(range(60))

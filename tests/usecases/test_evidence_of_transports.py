"""What left for a real server is in the evidence as it left; what a provider signed is in it as it came."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from notifier.bootstrap import utc_now
from notifier.config import load
from notifier.ledger import Ledger
from notifier.mail.sendgrid.webhook import load_keys
from notifier.notice.message import NAME_TAG_TEXT as TAG
from notifier.usecases.evidence.examination import examine
from notifier.usecases.evidence.letters import letters_of
from notifier.usecases.evidence.parcel import FACTS, as_json, read_parcel, write_folder
from notifier.usecases.provider_events import EventRecorder
from tests.acceptance.stage import CONFIG, Stage
from tests.standins.events import Signer, as_body, bounce, event
from tests.standins.sendgrid import API_KEY, SendGrid
from tests.standins.smtp import Smtp
from tests.usecases.test_evidence import resealed

ToldBySendGrid = tuple[Stage, list[bytes], Path]
"""Everybody was told; Ana's mail arrived, Bruno's did not. The bodies that SendGrid was given; Ana's evidence."""
DAY = "2026-11-24T09:00:00+00:00"


def told(root: Path, transport: str, settings: str) -> Stage:
    stage = Stage(root).set_up()
    stage.run_as_of("2026-11-01T09:00:00+00:00")
    mail = f'[mail]\ntransport = "{transport}"\nreply_to = "Law <law@chat.example>"\n'
    (stage.root / "config.toml").write_text(CONFIG.replace("[mail]\n", mail) + settings)
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners that measure our campaigns.")
    stage.commit("Measure our campaigns", "Significance: significant")
    assert stage.run_as_of(DAY).code == 0
    return stage


def test_what_a_mail_server_received_is_what_the_evidence_has_byte_for_byte(tmp_path: Path) -> None:
    with Smtp() as server:
        settings = f'\n[mail.smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
        stage = told(tmp_path / "chat", "smtp", settings)
        received = {taken.recipients[0]: taken.content for taken in server.desk.taken}
    for name in ("ana", "bruno", "chloe"):
        stage.notifier("evidence", "customer", f"{name}@mail.example", "--out", str(tmp_path / name))

        [mail] = (tmp_path / name).glob("notices/*/*.eml")
        assert mail.read_bytes() == received[f"{name}@mail.example"]
        assert examine(tmp_path / name).holds


@pytest.fixture(scope="module")
def by_sendgrid(tmp_path_factory: pytest.TempPathFactory) -> ToldBySendGrid:
    root, signer = tmp_path_factory.mktemp("sendgrid"), Signer(ec.generate_private_key(ec.SECP256R1()))
    with pytest.MonkeyPatch.context() as environment, SendGrid() as provider:
        environment.setenv("SENDGRID_API_KEY", API_KEY)
        stage = told(root / "chat", "sendgrid", f'\n[mail.sendgrid]\nhost = "{provider.url}"\n')
        taken = {one.email: one for one in provider.accepted()}
        given = [raw for _, raw in provider.desk.bodies]
        config = load(stage.root / "config.toml")
    ana, bruno = taken["ana@mail.example"], taken["bruno@mail.example"]
    body = as_body([event("delivered", ana, ip="192.0.2.7"), bounce(bruno)])
    with Ledger.open(config.ledger_url) as ledger:
        record = EventRecorder(ledger, load_keys([signer.public_key]), utc_now)
        record({name.lower(): value for name, value in signer.headers(body).items()}, body)
    said = stage.notifier("evidence", "customer", "1", "--out", "ana")
    assert said.code == 0, said.err
    return stage, given, stage.root / "ana"


def test_of_a_request_to_sendgrid_this_persons_part_alone_is_shown(
    by_sendgrid: ToldBySendGrid,
) -> None:
    _, given, evidence = by_sendgrid
    [request] = evidence.glob("notices/*/attempt-1.request.json")
    mine = json.loads(request.read_bytes())
    whole = next(body for body in map(json.loads, given) if "ana@" in str(body["personalizations"]))

    assert {**whole, "personalizations": None} == {**mine, "personalizations": None}
    assert mine["personalizations"][0] in whole["personalizations"]
    assert len(mine["personalizations"]) == 1
    assert b"bruno" not in b"".join(path.read_bytes() for path in evidence.rglob("*") if path.is_file()).lower()


def test_what_the_provider_reported_is_there_as_it_came_and_signed(
    by_sendgrid: ToldBySendGrid,
) -> None:
    _, _, evidence = by_sendgrid
    [reported] = evidence.glob("notices/*/event-1.json")
    steps = {step.name: step for step in examine(evidence).steps}

    assert json.loads(reported.read_bytes())["ip"] == "192.0.2.7"
    assert steps["reports"].holds
    assert "taken by the receiving mail server" in (evidence / "index.html").read_text()
    assert all(step.holds for step in steps.values())


@pytest.mark.parametrize("field", ["signature", "key", "timestamp", "signed_sha256"])
def test_another_signature_key_or_hash_is_found_also_under_a_new_manifest(
    by_sendgrid: ToldBySendGrid, tmp_path: Path, field: str
) -> None:
    files = read_parcel(by_sendgrid[2])
    facts = json.loads(files[FACTS])
    report = facts["notices"][0]["events"][0]["report"]
    report[field] = report[field][:-3] + ("000" if report[field][-3:] != "000" else "111")
    write_folder(resealed({**files, FACTS: as_json(facts)}), tmp_path / "forged")

    assert not examine(tmp_path / "forged").holds


def test_a_report_of_somebody_who_was_forgotten_is_gone_and_the_others_still_hold(
    by_sendgrid: ToldBySendGrid, tmp_path: Path
) -> None:
    stage = by_sendgrid[0].copied(tmp_path / "chat")
    stage.notifier("customers", "forget", "bruno@mail.example")
    stage.notifier("evidence", "customer", "1", "--out", str(tmp_path / "ana"))

    assert b"bruno@" not in (stage.root / ".notifier" / "ledger.db").read_bytes()
    assert examine(tmp_path / "ana").holds


def test_a_letter_is_made_again_by_the_composition_that_made_it() -> None:
    head = {"sender": "Example Chat <privacy@chat.example>", "reply_to": None, "settings": "{}"}
    made = {"created_at": DAY, "mailer": "smtp", "finished_at": DAY}
    told = {
        "notice": {"notice_id": "2026-11-24-privacy"},
        "delivery": {"delivery_key": "k1", "email": "mina@mail.example", "name": "می\u200cنا"},
        "messages": [
            {"language": "en", "policies": '["privacy"]', "subject": "New", "text": f"Hello{TAG}", "html": ""}
        ],
        "letterheads": [{**head, "number": one, "composition": one} for one in (1, 2, 3)],
        "attempts": [{**made, "attempt_id": f"a{one}", "letterhead_no": one} for one in (1, 2, 3)],
    }

    old, new = letters_of(told)  # the third was made by a Notifier to come

    assert (old.message.text, new.message.text) == ("Hello می نا", "Hello می\u200cنا")
    assert "می نا".encode() in b64decode(old.content.rsplit(b"\r\n\r\n", 1)[-1])
    assert "می\u200cنا".encode() in b64decode(new.content.rsplit(b"\r\n\r\n", 1)[-1])

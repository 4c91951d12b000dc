"""`notifier doctor`: each part by itself, and nothing sent or changed."""

from __future__ import annotations

import base64
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.cli.conftest import LEAST_CONFIG, Editor, MadeOnce, Notifier
from tests.standins import certificates
from tests.standins.sendgrid import API_KEY, SendGrid
from tests.standins.smtp import Desk, Smtp

from notifier.shipped import TEMPLATES, shipped

COMPANY = '[company]\nname = "Harbour Chat"\naddress = "1 Sample Street"\ncontact = "privacy@chat.example"\n'
OWN = '[mail]\nfrom = "Harbour Chat <privacy@harbour.example>"\n'
OWN_PAGE = '[page]\nurl = "https://harbour.example/legal"\n'
PAGE = '[page]\nurl = "https://chat.example/legal"\n'


@pytest.fixture
def policy(editor: Editor, made_once: MadeOnce) -> Editor:

    def make() -> None:
        editor.commit("# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep chats.\n", "Write the policy")

    made_once(make)
    return editor


def found(notifier: Notifier) -> dict[str, tuple[str, str]]:
    answer = notifier("doctor", "--json")
    assert answer.code == (0 if answer.json["is_well"] else 1)
    return {part["part"]: (part["health"], part["says"]) for part in answer.json["parts"]}


def configure(root: Path, text: str) -> None:
    (root / "config.toml").write_text(text, encoding="utf-8")


def test_a_whole_installation_is_well(notifier: Notifier, policy: Editor) -> None:
    configure(policy.root, LEAST_CONFIG + COMPANY + PAGE)
    (policy.root / "roster.csv").write_text("email,language\nana@mail.example,de\n", encoding="utf-8")
    notifier("customers", "import", "roster.csv")

    parts = found(notifier)
    assert {health for health, _ in parts.values()} == {"well"}
    assert parts["customers"][1] == "1 (de 1)"
    assert "privacy on branch main" in parts["policies"][1]
    assert "nothing leaves this machine" in parts["mail"][1]


def test_what_is_merely_missing_is_named_and_no_failure(notifier: Notifier, policy: Editor) -> None:
    answer = notifier("doctor")

    assert answer.code == 0
    assert "--  customers  none yet: notifier customers import FILE" in answer.out
    assert "--  company    config.toml: company.name, company.address, company.contact" in answer.out
    assert "--  page       config.toml: page.url" in answer.out


@pytest.mark.processes
def test_one_broken_part_hides_no_other(notifier: Notifier, root: Path) -> None:
    parts = found(notifier)

    assert parts["policies"][0] == "broken"
    assert "not a git repository" in parts["policies"][1]
    assert parts["schedule"][0] == "well"


def test_a_mail_server_that_does_not_answer_is_named(notifier: Notifier, policy: Editor) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    smtp = f'transport = "smtp"\n[mail.smtp]\nhost = "127.0.0.1"\nport = {port}\n'
    configure(policy.root, LEAST_CONFIG + smtp + PAGE)

    assert found(notifier)["mail"] == ("broken", f"127.0.0.1:{port} cannot be reached: connection refused")


def test_a_mail_server_that_answers_is_well(notifier: Notifier, policy: Editor) -> None:
    with Smtp() as server:
        smtp = f'transport = "smtp"\n[mail.smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
        configure(policy.root, LEAST_CONFIG + smtp + PAGE)

        assert found(notifier)["mail"] == ("well", f"smtp, none; 127.0.0.1:{server.port} answers")


def test_a_certificate_that_proves_nothing_is_found_before_a_run_is(
    notifier: Notifier, policy: Editor, tmp_path: Path
) -> None:
    with Smtp(Desk(tls=certificates.make(tmp_path, expired=True).server)) as server:
        smtp = f'transport = "smtp"\n[mail.smtp]\nhost = "127.0.0.1"\nport = {server.port}\n'
        configure(policy.root, LEAST_CONFIG + smtp + PAGE)
        health, says = found(notifier)["mail"]

    assert health == "broken"
    assert "its certificate is not valid" in says


def test_starttls_the_login_and_a_certificate_that_ends_soon_are_told(
    notifier: Notifier, policy: Editor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "ca"
    folder.mkdir()
    desk = Desk(tls=certificates.make(folder).server, login=("notifier", "secret"))
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
    with Smtp(desk) as server:
        smtp = f'transport = "smtp"\n[mail.smtp]\nhost = "127.0.0.1"\nport = {server.port}\nusername = "notifier"\n'
        configure(policy.root, OWN + smtp + OWN_PAGE)
        monkeypatch.setenv("NOTIFIER_SMTP_PASSWORD", "wrong")
        refused = found(notifier)["mail"]
        monkeypatch.setenv("NOTIFIER_SMTP_PASSWORD", "secret")
        taken = found(notifier)["mail"]

    assert refused == ("broken", f"127.0.0.1:{server.port} refused the login: 535 5.7.8 no such login")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert taken[0] == "lacking"
    assert f"certificate until {tomorrow:%Y-%m-%d}; logged in as notifier; that certificate ends in 0 days" in taken[1]
    assert desk.taken == []


def test_the_sender_is_tried_only_where_somebody_asks(notifier: Notifier, policy: Editor) -> None:
    with Smtp(Desk(replies={"MAIL": ["550 5.7.1 sender not allowed", "250 fine"]})) as server:
        smtp = f'transport = "smtp"\n[mail.smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
        configure(policy.root, OWN + smtp + OWN_PAGE)

        assert notifier("doctor").code == 0
        assert "MAIL" not in server.desk.verbs
        refused = notifier("doctor", "--online")
        assert (refused.code, "sender not allowed" in refused.out) == (1, True)
        assert "MAIL FROM is taken: 250 fine" in notifier("doctor", "--online").out
        assert server.desk.taken == []


def test_key_and_sender_are_tried_in_the_sandbox_and_nothing_is_sent(
    notifier: Notifier, policy: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", API_KEY)
    with SendGrid() as provider:
        configure(policy.root, OWN + f'transport = "sendgrid"\n[mail.sendgrid]\nhost = "{provider.url}"\n' + OWN_PAGE)
        assert "key and sender are taken by the sandbox" in notifier("doctor", "--online").out
        monkeypatch.setenv("SENDGRID_API_KEY", "SG.another-key.0123456789")
        assert "answered 401" in notifier("doctor", "--online").out
        assert provider.accepted() == []


@pytest.mark.parametrize(
    ("written", "health"),
    [
        ("{key}", "well"),
        ('"{key}"', "well"),
        ("-----BEGIN PUBLIC KEY-----\n{key}\n-----END PUBLIC KEY-----\n", "well"),
        ("-----BEGIN PUBLIC KEY-----\\n{key}\\n-----END PUBLIC KEY-----", "well"),
        ("MFkwgarbage", "broken"),
        ("{key},not-a-key", "broken"),
    ],
)
def test_a_webhook_key_is_read_as_serve_will_read_it(
    notifier: Notifier, policy: Editor, monkeypatch: pytest.MonkeyPatch, written: str, health: str
) -> None:
    der = ec.generate_private_key(ec.SECP256R1()).public_key()
    plain = base64.b64encode(der.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    monkeypatch.setenv("SENDGRID_API_KEY", API_KEY)
    monkeypatch.setenv("SENDGRID_WEBHOOK_KEY", written.format(key=plain))
    configure(policy.root, OWN + 'transport = "sendgrid"\n' + OWN_PAGE)

    assert found(notifier)["events"][0] == health


def test_a_missing_key_is_named_and_a_given_one_never_shown(
    notifier: Notifier, policy: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"http://127.0.0.1:{server.getsockname()[1]}"
        sendgrid = f'transport = "sendgrid"\n[mail.sendgrid]\nhost = "{host}"\n'
        configure(policy.root, LEAST_CONFIG + sendgrid + PAGE)
        without = found(notifier)
        monkeypatch.setenv("SENDGRID_API_KEY", "SG.hidden.key")
        answer = notifier("doctor")

    assert without["mail"][0] == "broken"
    assert "SENDGRID_API_KEY" in without["mail"][1]
    assert "SENDGRID_WEBHOOK_KEY" in without["events"][1]
    assert "hidden" not in answer.out + answer.err
    assert "ok  mail" in answer.out


def test_a_roster_file_that_cannot_be_read_is_named(notifier: Notifier, policy: Editor) -> None:
    configure(policy.root, LEAST_CONFIG + '[customers]\nfile = "roster.csv"\n')

    health, says = found(notifier)["customers"]
    assert (health, "roster.csv: cannot be read" in says) == ("broken", True)


def test_a_roster_file_is_read_as_a_run_will_read_it(notifier: Notifier, policy: Editor) -> None:
    configure(policy.root, LEAST_CONFIG + '[customers]\nfile = "roster.csv"\n')
    roster = policy.root / "roster.csv"
    roster.write_bytes("E-Mail;Sprache\nana@mail.example;German\n".encode("utf-16"))

    health, says = found(notifier)["customers"]
    assert (health, "roster.csv: read as UTF-16" in says, '"Sprache" is read as language' in says) == (
        "well",
        True,
        True,
    )
    roster.write_text("email\nana@mail.example\nnobody\nno one\n", encoding="utf-8")
    health, says = found(notifier)["customers"]
    assert (health, "roster.csv:3: email:" in says, "and 1 more: nobody there is told" in says) == (
        "lacking",
        True,
        True,
    )


def test_templates_of_one_s_own_are_told_from_the_shipped_ones(notifier: Notifier, policy: Editor) -> None:
    notice = policy.root / "templates" / "notice"
    notice.mkdir(parents=True)
    (notice / "subject.txt.j2").write_text("Hello\n", encoding="utf-8")
    (notice / "en.j2").write_text("of an earlier version\n", encoding="utf-8")

    assert found(notifier)["templates"] == (
        "well",
        "unlike the shipped ones: notice/subject.txt.j2; not of this version: notice/en.j2",
    )


@pytest.mark.parametrize("name", ["notice/words/fr.toml", "notice/text.txt.j2", "pages/redline.html.j2"])
def test_a_template_with_a_mistake_is_named_before_a_run_needs_it(
    notifier: Notifier, policy: Editor, name: str
) -> None:
    copytree(shipped(TEMPLATES), policy.root / TEMPLATES)
    assert found(notifier)["templates"][0] == "well"
    path = policy.root / TEMPLATES / name
    path.write_text(f"{path.read_text()}\n{{% if %}}\n")

    health, says = found(notifier)["templates"]

    assert (health, f"{name}:" in says) == ("broken", True)


def test_a_logo_that_no_page_could_show_is_named_before_a_run_needs_it(notifier: Notifier, policy: Editor) -> None:
    configure(policy.root, f'{LEAST_CONFIG}{COMPANY}{PAGE}logo = "logo.svg"\n')
    assert "page.logo" in found(notifier)["page"][1]
    (policy.root / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert found(notifier)["page"][0] == "well"

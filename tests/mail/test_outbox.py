"""The outbox: one file a delivery, truly once, that a real mail client opens."""

from __future__ import annotations

import subprocess
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.errors import Refused, Unavailable
from notifier.mail import Addressee, Envelope
from notifier.mail.mime import build
from notifier.mail.outbox import OutboxMailer
from notifier.notice.message import NAME_TAG_HTML, NAME_TAG_TEXT, Message

MESSAGE = Message(
    language="de",
    policies=("privacy",),
    subject="Änderungen an unserer Datenschutzerklärung, gültig ab dem 1. Januar 2027 für alle Kundinnen und Kunden",
    text=f"Guten Tag{NAME_TAG_TEXT},\n\nwir ändern unsere Datenschutzerklärung.\n",
    html=f"<html lang='de'><title>Änderungen</title><p>Guten Tag{NAME_TAG_HTML},</p></html>",
)


def envelope(*addressees: Addressee, is_test: bool = False) -> Envelope:
    return Envelope(
        notice_id="2026-11-22-privacy",
        attempt_id="a1",
        sender="Müller GmbH <privacy@example.com>",
        reply_to="Recht <legal@example.com>",
        message=MESSAGE,
        addressees=addressees,
        is_test=is_test,
    )


def read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def only_file(root: Path) -> Path:
    (path,) = root.rglob("*.eml")
    return path


def test_a_delivery_becomes_one_file_named_by_notice_and_delivery(tmp_path: Path) -> None:
    OutboxMailer(tmp_path).send(envelope(Addressee("k1", "anna@example.org", "Anna")))

    assert only_file(tmp_path) == tmp_path / "2026-11-22-privacy" / "k1.eml"


def test_nobody_else_looks_into_the_outbox_whoever_made_it(tmp_path: Path) -> None:
    (tmp_path / "outbox").mkdir(mode=0o755)
    OutboxMailer(tmp_path / "outbox").send(envelope(Addressee("k1", "anna@example.org", "Anna")))

    for path in ((tmp_path / "outbox"), *(tmp_path / "outbox").rglob("*")):
        assert path.stat().st_mode & 0o077 == 0


def test_the_message_says_who_sends_it_to_whom_and_that_a_machine_did(tmp_path: Path) -> None:
    OutboxMailer(tmp_path).send(envelope(Addressee("k1", "anna@example.org", "Anna Öz")))

    message = read(only_file(tmp_path))
    assert str(message["From"]) == "Müller GmbH <privacy@example.com>"
    assert str(message["To"]) == "Anna Öz <anna@example.org>"
    assert str(message["Reply-To"]) == "Recht <legal@example.com>"
    assert message["Subject"] == MESSAGE.subject
    assert message["Message-ID"] == "<pn.2026-11-22-privacy.k1@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Content-Language"] == "de"
    assert message["Date"]


def test_the_text_comes_before_the_html_and_both_name_the_reader(tmp_path: Path) -> None:
    OutboxMailer(tmp_path).send(envelope(Addressee("k1", "anna@example.org", "Anna <b>Öz</b>")))

    message = read(only_file(tmp_path))
    text, markup = message.iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(markup, EmailMessage)
    assert message.get_content_type() == "multipart/alternative"
    assert (text.get_content_type(), markup.get_content_type()) == ("text/plain", "text/html")
    assert "Guten Tag Anna <b>Öz</b>," in text.get_content()
    assert "Guten Tag Anna &lt;b&gt;Öz&lt;/b&gt;," in markup.get_content()


def test_every_line_of_the_file_ends_as_mail_lines_do_and_is_short_enough(tmp_path: Path) -> None:
    OutboxMailer(tmp_path).send(envelope(Addressee("k1", "anna@example.org", "Anna")))

    content = only_file(tmp_path).read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


def test_a_message_is_plain_ascii_on_the_way_whatever_its_language(tmp_path: Path) -> None:
    OutboxMailer(tmp_path).send(envelope(Addressee("k1", "anna@example.org", "Änne 明")))

    assert only_file(tmp_path).read_bytes().isascii()


def test_sending_again_changes_no_file(tmp_path: Path) -> None:
    outbox = OutboxMailer(tmp_path)
    outbox.send(envelope(Addressee("k1", "anna@example.org", "Anna")))
    before = only_file(tmp_path).stat()

    outbox.send(envelope(Addressee("k1", "anna@example.org", "Anna")))

    after = only_file(tmp_path).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_attempt_that_died_between_writing_and_naming_is_made_good(tmp_path: Path) -> None:
    folder = tmp_path / "2026-11-22-privacy"
    folder.mkdir()
    (folder / "k1.tmp").write_bytes(b"half a mess")

    OutboxMailer(tmp_path).send(envelope(Addressee("k1", "anna@example.org"), Addressee("k2", "bo@example.org")))

    assert sorted(path.name for path in folder.iterdir()) == ["k1.eml", "k2.eml"]
    assert read(folder / "k1.eml")["Subject"] == MESSAGE.subject


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.mail.test_outbox import envelope
from notifier.mail import Addressee
from notifier.mail.outbox import OutboxMailer
rename, seen = Path.replace, []
def die_at_the_second(self, target):
    seen.append(self)
    if len(seen) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)
Path.replace = die_at_the_second
OutboxMailer(Path({path!r})).send(envelope(*(Addressee(f"k{{n}}", f"c{{n}}@example.org") for n in range(5))))
"""


@pytest.mark.processes
def test_a_sender_killed_half_way_writes_the_rest_next_time_and_nothing_twice(tmp_path: Path) -> None:
    root = str(Path(__file__).resolve().parents[2])
    subprocess.run([sys.executable, "-c", KILLED.format(root=root, path=str(tmp_path))], check=False)
    written = {path.name: path.stat().st_ino for path in tmp_path.rglob("*.eml")}
    assert len(written) == 1

    OutboxMailer(tmp_path).send(envelope(*(Addressee(f"k{n}", f"c{n}@example.org") for n in range(5))))

    now = {path.name: path.stat().st_ino for path in tmp_path.rglob("*.eml")}
    assert len(now) == 5
    assert written.items() <= now.items()


def test_a_folder_that_cannot_be_written_is_refused_before_anybody_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")

    with pytest.raises(Refused, match="outbox: no message can be written here"):
        OutboxMailer(tmp_path / "outbox").check("p@example.com", None)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_leaves_no_message_that_looks_whole(tmp_path: Path) -> None:
    folder = tmp_path / "2026-11-22-privacy"
    folder.mkdir()
    (folder / "k1.tmp").symlink_to("/dev/full")

    with pytest.raises(Unavailable, match="No space left"):
        OutboxMailer(tmp_path).send(envelope(Addressee("k1", "anna@example.org")))

    assert not list(tmp_path.rglob("*.eml"))


@pytest.mark.parametrize("key", ["../k1", "..", "", "a\0b", ".hidden"])
def test_no_key_leads_out_of_the_outbox(tmp_path: Path, key: str) -> None:
    with pytest.raises(Refused, match="cannot name a file"):
        OutboxMailer(tmp_path / "outbox").send(envelope(Addressee(key, "anna@example.org")))

    assert not list(tmp_path.rglob("*.eml"))


def test_an_address_outside_ascii_keeps_its_letters(tmp_path: Path) -> None:
    OutboxMailer(tmp_path).send(envelope(Addressee("k1", "änna@example.org")))

    assert "To: <änna@example.org>\r\n".encode() in only_file(tmp_path).read_bytes()


@given(st.text(max_size=200))
def test_no_name_adds_a_header_or_an_addressee(name: str) -> None:
    message = message_from_bytes(build(envelope(_k1(name)), _k1(name)), policy=default)

    assert [address.addr_spec for address in message["To"].addresses] == ["anna@example.org"]
    assert len(message.keys()) == len(set(message.keys())) == 11
    assert message.get_content_type() == "multipart/alternative"


def _k1(name: str) -> Addressee:
    return Addressee("k1", "anna@example.org", name)


def test_addresses_stay_out_of_what_is_logged_of_an_envelope() -> None:
    assert "anna@example.org" not in repr(envelope(Addressee("k1", "anna@example.org", "Anna")))

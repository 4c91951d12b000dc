"""Each transport with a stand-in on loopback that keeps whom it truly accepted, and that goes wrong when told."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, cast

from tests.standins import faults
from tests.standins.sendgrid import API_KEY, SendGrid
from tests.standins.smtp import DROP, THE_DOT, Desk, Smtp

from notifier.mail import Addressee, Envelope, Mailer
from notifier.mail.outbox import OutboxMailer
from notifier.mail.sendgrid import SendGridMailer
from notifier.mail.smtp import SmtpMailer
from notifier.notice.message import NAME_TAG_HTML, NAME_TAG_TEXT, Message

MESSAGE = Message(
    language="de",
    policies=("privacy",),
    subject="Änderungen an unserer Datenschutzerklärung, gültig ab dem 1. Januar 2027 für alle Kundinnen und Kunden",
    text=f"Guten Tag{NAME_TAG_TEXT},\n\n.\nwir ändern unsere Datenschutzerklärung.\n",
    html=f"<html lang='de'><title>Änderungen</title><p>Guten Tag{NAME_TAG_HTML},</p></html>",
)
TO = re.compile(rb"^To: .*<(.+)>\r$", re.MULTILINE)
PASSWORD = "s3cret-of-the-relay"


def people(count: int) -> tuple[Addressee, ...]:
    return tuple(Addressee(f"delivery{n:014d}", f"customer{n}@example.org", f"Customer {n}") for n in range(count))


def envelope(*addressees: Addressee, **changes: Any) -> Envelope:
    settings: dict[str, Any] = {
        "notice_id": "2026-11-22-privacy",
        "attempt_id": "attempt-1",
        "sender": "Example <privacy@example.com>",
        "reply_to": "Legal <legal@example.com>",
        "message": MESSAGE,
        **changes,
    }
    return Envelope(addressees=addressees, **settings)


@dataclass(frozen=True, slots=True)
class Received:
    """One message as its reader gets it, and the key that says which delivery it is."""

    email: str
    key: str
    subject: str
    text: str
    html: str
    headers: tuple[str, ...]


class Rig(Protocol):
    """A transport and its stand-in."""

    mailer: Mailer

    def received(self) -> list[Received]:
        """What was truly accepted."""
        ...

    def addresses(self) -> list[str]:
        """The same, who it was."""
        ...

    def refuse(self, address: str) -> None:
        """Refuse this recipient, whoever writes."""

    def refuse_all(self) -> None:
        """Refuse whatever we send, from now on."""

    def be_away(self) -> None:
        """Serve nobody, once."""

    def come_back(self) -> None:
        """Serve everybody again."""

    def lose_the_answer(self) -> None:
        """Accept, once, and say nothing."""

    def open_connections(self) -> int: ...


@dataclass
class OutboxRig:
    """Files. Nobody can refuse there, and no answer is lost."""

    folder: Path
    mailer: Mailer = field(init=False)

    def __post_init__(self) -> None:
        self.mailer = OutboxMailer(self.folder)

    def received(self) -> list[Received]:
        return [_read(path.read_bytes()) for path in sorted(self.folder.rglob("*.eml"))]

    def addresses(self) -> list[str]:
        return [TO.findall(path.read_bytes())[0].decode() for path in self.folder.rglob("*.eml")]

    def be_away(self) -> None:
        """The disk is back by the next attempt."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.write_text("a file where the folder should be")

    def come_back(self) -> None:
        self.folder.unlink()

    def open_connections(self) -> int:
        return 0


@dataclass
class SmtpRig:
    """An SMTP server that wants a login."""

    server: Smtp
    mailer: Mailer = field(init=False)

    def __post_init__(self) -> None:
        self.mailer = SmtpMailer("127.0.0.1", self.server.port, "none", username="us", password=PASSWORD, timeout_s=1.0)

    def received(self) -> list[Received]:
        return [_read(taken.content) for taken in self.server.desk.taken]

    def addresses(self) -> list[str]:
        return [taken.recipients[0] for taken in self.server.desk.taken]

    def refuse(self, address: str) -> None:
        self.server.desk.dead |= {address}

    def refuse_all(self) -> None:
        self.server.desk.replies["MAIL"] = ["550 5.7.1 sender not verified"] * 100

    def be_away(self) -> None:
        self.server.desk.replies["greeting"] = ["421 too busy"]

    def come_back(self) -> None:
        """It has."""

    def lose_the_answer(self) -> None:
        self.server.desk.replies[THE_DOT] = [DROP]

    def open_connections(self) -> int:
        return self.server.desk.connections - self.server.desk.verbs.count("QUIT")


@dataclass
class SendGridRig:
    """The stand-in for SendGrid's API."""

    provider: SendGrid
    mailer: Mailer = field(init=False)

    def __post_init__(self) -> None:
        self.mailer = SendGridMailer(API_KEY, self.provider.url, timeout_s=1.0)

    def received(self) -> list[Received]:
        taken = {one.delivery_key for one in self.provider.accepted()}
        bodies = [json.loads(raw) for _, raw in self.provider.desk.bodies]
        found = [_personal(body, person) for body in bodies for person in body["personalizations"]]
        return [one for one in found if one.key in taken]

    def addresses(self) -> list[str]:
        return [taken.email for taken in self.provider.accepted()]

    def refuse(self, address: str) -> None:
        self.provider.refuse([address])

    def refuse_all(self) -> None:
        self.provider.script(*[faults.unverified_sender()] * 100)

    def be_away(self) -> None:
        self.provider.script(faults.rate_limited(None))

    def come_back(self) -> None:
        """It has."""

    def lose_the_answer(self) -> None:
        self.provider.script(faults.accept_and_close())

    def open_connections(self) -> int:
        pool = cast(SendGridMailer, self.mailer)._pool
        return 0 if pool.pool is None else sum(one is not None for one in pool.pool.queue)


def _read(content: bytes) -> Received:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    text, markup = (cast(EmailMessage, part).get_content() for part in message.iter_parts())
    (to,) = message["To"].addresses
    key = str(message["Message-ID"]).removeprefix("<pn.2026-11-22-privacy.").removesuffix("@example.com>")
    return Received(to.addr_spec, key, str(message["Subject"]), _lines(text), markup, tuple(message.keys()))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _personal(body: dict[str, Any], person: dict[str, Any]) -> Received:
    """What SendGrid makes of it: plain replacement in subject, text and HTML."""
    parts = [body["subject"], *(content["value"] for content in body["content"])]
    for tag, value in person.get("substitutions", {}).items():
        parts = [part.replace(tag, value) for part in parts]
    (to,) = person["to"]
    subject, text, html = parts
    return Received(to["email"], person["custom_args"]["pn_d"], subject, text, html, tuple(body["headers"]))


@contextmanager
def outbox(folder: Path) -> Iterator[Rig]:
    yield cast(Rig, OutboxRig(folder / "outbox"))


@contextmanager
def smtp(_folder: Path) -> Iterator[Rig]:
    with Smtp(Desk(login=("us", PASSWORD), extensions=("8BITMIME", "SMTPUTF8"))) as server:
        yield SmtpRig(server)


@contextmanager
def sendgrid(_folder: Path) -> Iterator[Rig]:
    with SendGrid() as provider:
        yield SendGridRig(provider)


RIGS: Mapping[str, Callable[[Path], Any]] = MappingProxyType({"outbox": outbox, "smtp": smtp, "sendgrid": sendgrid})
"""One line a transport: a new one joins here."""
CANNOT_REFUSE = frozenset({"outbox"})
"""No server there to refuse anybody, nor to lose an answer."""

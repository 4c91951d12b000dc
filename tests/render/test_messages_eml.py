"""The letter as a mail program opens it: the file that the outbox wrote, read by two parsers."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import mailparser
import pytest

from notifier.mail import Addressee, Envelope
from notifier.mail.outbox import OutboxMailer
from notifier.notice.message import Message
from tests.render.notices import change, message_about, reason

TITLES = {"en": "Privacy Policy", "de": "Datenschutzerklärung", "fr": "Politique de confidentialité"}
NAME = "Zoë Größenwahn-O'Brien <zoë>"


def written(message: Message, folder: Path) -> bytes:
    OutboxMailer(folder).send(
        Envelope(
            notice_id="n",
            attempt_id="a",
            sender="Harbour Chat <privacy@chat.example>",
            reply_to=None,
            message=message,
            addressees=(Addressee("k", "zoe@example.net", NAME),),
        )
    )
    return next(folder.rglob("*.eml")).read_bytes()


@pytest.mark.parametrize("language", TITLES)
def test_two_parsers_read_the_letter_as_it_was_composed(tmp_path: Path, language: str) -> None:
    told = change(title=TITLES[language], language=language, reasons=(reason("", "Zürich, 北京, “quoted”, مرحبا"),))
    message = message_about(told, language=language)
    raw = written(message, tmp_path)

    strict = message_from_bytes(raw, policy=policy.strict)
    second = mailparser.parse_from_bytes(raw)

    assert isinstance(strict, EmailMessage)
    assert strict["subject"] == second.subject == message.subject
    text, html = (strict.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == second.text_plain[0].splitlines()
    assert html.get_content().splitlines() == second.text_html[0].splitlines()
    assert text.get_content().splitlines()[0].endswith(f" {NAME},")
    assert "Zürich, 北京, “quoted”, مرحبا" in text.get_content()
    assert "&lt;zoë&gt;," in html.get_content()

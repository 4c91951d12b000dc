"""The mails of evidence, made again byte for byte from what the ledger says of an attempt.

Of a SendGrid request, which bears many people, only this person's part is shown beside what is the same for all; what
SendGrid made of it, and signed and sent in our name, is not known here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from notifier.errors import NotifierError
from notifier.ledger.states import FROZEN_ANEW
from notifier.mail import Addressee, Envelope
from notifier.mail.mime import build
from notifier.mail.plain_name import COMPOSITION, plain_name
from notifier.mail.sendgrid.request import Bypass, request_body
from notifier.notice.message import Message
from notifier.usecases.evidence.parcel import file_name

Told = Mapping[str, Any]
"""A notice of `facts.json`."""
AS_SENT = ("outbox", "smtp")
"""Transports whose message is the bytes that leave."""


class MadeAgain(NamedTuple):
    """What one attempt carried for this person."""

    attempt: Mapping[str, Any]
    message: Message
    """With this person's name in it."""
    content: bytes
    request: bytes | None = None
    """This person's part of a provider's request; then `content` is only how it reads."""


def folder_of(facts: Mapping[str, Any], told: Told) -> str:
    """Where the files of a notice are; those of what was meant for each address of before have a place of their own,
    and so has a further letter, of policies that the first did not tell them of."""
    folder = f"notices/{file_name(told['notice']['notice_id'])}"
    same = [one for one in facts["notices"] if one["notice"]["notice_id"] == told["notice"]["notice_id"]]
    before = [id(one) for one in same if one.get("delivery", {}).get("reason") == FROZEN_ANEW]
    if id(told) in before:
        place = before.index(id(told)) + 1
        return f"{folder}-before" if place == 1 else f"{folder}-before-{place}"
    place = [id(one) for one in same if id(one) not in before].index(id(told)) + 1
    return folder if place == 1 else f"{folder}-{place}"


def letter_files(told: Told, folder: str) -> dict[str, bytes]:
    """The mails of a notice by their paths."""
    files: dict[str, bytes] = {}
    for number, letter in enumerate(letters_of(told), 1):
        files[f"{folder}/attempt-{number}.eml"] = letter.content
        if letter.request is not None:
            files[f"{folder}/attempt-{number}.request.json"] = letter.request
    return files


def letters_of(told: Told) -> Iterator[MadeAgain]:
    """One for each attempt that this person was in and whose letterhead was kept, oldest first."""
    delivery = told.get("delivery")
    heads = {head["number"]: head for head in told["letterheads"]}
    for attempt in told["attempts"] if delivery and delivery["email"] else ():
        head = heads.get(attempt.get("letterhead_no"))
        if head is not None and head["composition"] <= COMPOSITION:
            yield _letter(told, delivery, attempt, head)


def _letter(told: Told, delivery: Any, attempt: Mapping[str, Any], head: Mapping[str, Any]) -> MadeAgain:
    message = message_of(told["messages"][0])
    addressee = Addressee(delivery["delivery_key"], delivery["email"], delivery["name"])
    envelope = Envelope(
        notice_id=told["notice"]["notice_id"],
        attempt_id=attempt["attempt_id"],
        sender=head["sender"],
        reply_to=head.get("reply_to"),
        message=message,
        addressees=(addressee,),
        made_at=datetime.fromisoformat(attempt["created_at"]),
        composition=head["composition"],
    )
    read = message.to(plain_name(addressee.name, envelope.composition))
    content, request = _made("message", lambda: build(envelope, addressee)), None
    if attempt["mailer"] == "sendgrid":
        said = json.loads(head["settings"])
        sandbox, bypass = bool(said["sandbox"]), Bypass(said["bypass"])
        request = _made("request", lambda: request_body(envelope, sandbox=sandbox, bypass=bypass))
    return MadeAgain(attempt, read, content, request)


def _made(what: str, make: Callable[[], bytes]) -> bytes:
    try:
        return make()
    except NotifierError as error:
        return f"no {what} could be made: {error}\n".encode()


def message_of(row: Mapping[str, Any]) -> Message:
    """A frozen message from its row."""
    return Message(row["language"], tuple(json.loads(row["policies"])), row["subject"], row["text"], row["html"])

"""An envelope → the body of one SendGrid mail/send request: JSON, byte for byte the same whenever it is made.

Never the package's `Mail` objects: those show a list of recipients to each other and turn their order round. Every
personalization has exactly one `to`; what SendGrid keeps about it are our two opaque ids. Nothing is tracked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted
from types import MappingProxyType
from typing import Any

from notifier.errors import RejectedItems
from notifier.mail.base import Addressee, Envelope
from notifier.mail.mime import encoded_phrase, recipient_address, sender_address
from notifier.mail.plain_name import name_for_html, name_for_text, plain_name
from notifier.notice.message import NAME_TAG_HTML, NAME_TAG_TEXT, Message

DELIVERY_ARG = "pn_d"
ATTEMPT_ARG = "pn_a"
"""Our ids as custom arguments; SendGrid gives them back in every event, among its own keys, hence the prefix."""

ORDINARY = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z]{2,}")
SIMPLE_NAME = re.compile(r"(?=.{0,100}\Z)\w+(?: \w+)*+")
"""Letters, digits and single spaces: what every composition makes of it is the same name."""
OFF = {"enable": False}
NAME_FOR: Mapping[str, Callable[[str, int], str]] = MappingProxyType(
    {NAME_TAG_TEXT: name_for_text, NAME_TAG_HTML: name_for_html}
)

Json = dict[str, Any]


class Bypass(StrEnum):
    """Whom the account's own suppressions do not keep a message from, as in `mail.sendgrid.bypass`.

    They hold for the whole account: who unsubscribed from its newsletter is sent no notice either.
    """

    NONE = "none"
    UNSUBSCRIBES = "unsubscribes"
    COMPLAINTS = "complaints"  #: and who unsubscribed
    ALL = "all"  #: and who bounced: SendGrid's whole list management


SETTINGS_OF_BYPASS: Mapping[Bypass, tuple[str, ...]] = MappingProxyType(
    {
        Bypass.NONE: (),
        Bypass.UNSUBSCRIBES: ("bypass_unsubscribe_management",),
        Bypass.COMPLAINTS: ("bypass_unsubscribe_management", "bypass_spam_management"),
        Bypass.ALL: ("bypass_list_management",),  # SendGrid takes it only without the narrower ones
    }
)


def request_body(envelope: Envelope, *, sandbox: bool, bypass: Bypass = Bypass.NONE) -> bytes:
    """The request. Raises `RejectedItems` where SendGrid would refuse addresses, before it is asked."""
    people = ", ".join(_people(envelope))
    of_all = envelope.message, envelope.subject, envelope.sender, envelope.reply_to, envelope.composition
    return f'{{"personalizations": [{people}], {_rest(*of_all, sandbox, bypass)}'.encode()


@lru_cache(maxsize=16)
def _rest(
    message: Message,
    subject: str,
    sender: str,
    reply_to: str | None,
    composition: int,
    sandbox: bool,
    bypass: Bypass,  # each is part of a key
) -> str:
    """What stands behind the people: a notice has a few letters, each in many requests."""
    rest: Json = {
        "from": _company(sender, "mail.from", composition),
        "subject": " ".join(subject.split()),
        "content": _content(message.text, message.html),
        "headers": {
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": message.language,
        },
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": OFF,
            "subscription_tracking": OFF,
            "ganalytics": OFF,
        },
    }
    if reply_to:
        rest["reply_to"] = _company(reply_to, "mail.reply_to", composition)
    on = (*SETTINGS_OF_BYPASS[bypass], *(["sandbox_mode"] if sandbox else []))
    if on:
        rest["mail_settings"] = {setting: {"enable": True} for setting in on}
    return json.dumps(rest)[1:]


def _content(text: str, markup: str) -> list[Json]:
    parts = [{"type": "text/plain", "value": text}, {"type": "text/html", "value": markup}]
    return [part for part in parts if part["value"]]


def _people(envelope: Envelope) -> list[str]:
    """A personalization each."""
    tags = [tag for tag in (NAME_TAG_TEXT, NAME_TAG_HTML) if _is_used(envelope, tag)]
    attempt = quoted(envelope.attempt_id)
    emails: list[str] = []
    bad: list[int] = []
    for index, addressee in enumerate(envelope.addressees):
        email = addressee[1]
        if not ORDINARY.fullmatch(email):
            try:
                email = recipient_address(addressee).addr_spec
            except ValueError:
                bad.append(index)
        emails.append(email)
    if bad:
        raise RejectedItems(f"{len(bad)} of {len(envelope.addressees)} addresses are none", indexes=tuple(bad))
    if len(set(map(str.lower, emails))) < len(
        emails
    ):  # SendGrid refuses such a request. No place is wrong: halving tells them apart
        raise RejectedItems("one address stands in this batch more than once")
    ours = f', "{ATTEMPT_ARG}": {attempt}}}'
    return [
        _personalization(*each, ours, tags, envelope.composition)
        for each in zip(envelope.addressees, emails, strict=True)
    ]


def _is_used(envelope: Envelope, tag: str) -> bool:
    return any(tag in part for part in (envelope.subject, envelope.message.text, envelope.message.html))


def _personalization(addressee: Addressee, email: str, ours: str, tags: list[str], composition: int) -> str:
    """Written by hand, as `json` would: a dict for each of a million people costs more than all else about them."""
    key, _, name = addressee
    shown = name  # SendGrid takes neither of these two in a name
    if not SIMPLE_NAME.fullmatch(name):
        shown = plain_name(name.replace(",", " ").replace(";", " "), composition)
    named = f', "name": {quoted(shown)}' if shown else ""
    own = f', "substitutions": {json.dumps({tag: NAME_FOR[tag](name, composition) for tag in tags})}' if tags else ""
    return (
        f'{{"to": [{{"email": {quoted(email)}{named}}}], "custom_args": {{"{DELIVERY_ARG}": {quoted(key)}{ours}{own}}}'
    )


def _company(header: str, key: str, composition: int) -> dict[str, str]:
    """SendGrid takes no letters outside ASCII and no commas in the sender's name: they go as encoded words."""
    address = sender_address(header, key, composition)
    name = encoded_phrase(address.display_name)
    return {"email": address.addr_spec, "name": name} if name else {"email": address.addr_spec}

"""An envelope → the body of one SendGrid mail/send request, as a dict.

Never the package's `Mail` objects: those show a list of recipients to each other and turn their order round. Every
personalization has exactly one `to`; what SendGrid keeps about it are our two opaque ids. Nothing is tracked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from notifier.errors import RejectedItems
from notifier.mail.base import Addressee, Envelope
from notifier.mail.mime import (
    encoded_phrase,
    name_for_html,
    name_for_text,
    plain_name,
    recipient_address,
    sender_address,
)
from notifier.notice.message import NAME_TAG_HTML, NAME_TAG_TEXT

DELIVERY_ARG = "pn_d"
ATTEMPT_ARG = "pn_a"
"""Our ids as custom arguments; SendGrid gives them back in every event, among its own keys, hence the prefix."""

ORDINARY = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z]{2,}")
OFF = {"enable": False}

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


def request_body(envelope: Envelope, *, sandbox: bool, bypass: Bypass = Bypass.NONE) -> Json:
    """The request. Raises `RejectedItems` where SendGrid would refuse addresses, before it is asked."""
    message = envelope.message
    body: Json = {
        "personalizations": _personalizations(envelope),
        "from": _company(envelope.sender, "mail.from"),
        "subject": " ".join(envelope.subject.split()),
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
    if envelope.reply_to:
        body["reply_to"] = _company(envelope.reply_to, "mail.reply_to")
    on = (*SETTINGS_OF_BYPASS[bypass], *(["sandbox_mode"] if sandbox else []))
    if on:
        body["mail_settings"] = {setting: {"enable": True} for setting in on}
    return body


def _content(text: str, markup: str) -> list[Json]:
    parts = [{"type": "text/plain", "value": text}, {"type": "text/html", "value": markup}]
    return [part for part in parts if part["value"]]


def _personalizations(envelope: Envelope) -> list[Json]:
    tags = [tag for tag in (NAME_TAG_TEXT, NAME_TAG_HTML) if _is_used(envelope, tag)]
    people: list[Json] = []
    bad: list[int] = []
    for index, addressee in enumerate(envelope.addressees):
        try:
            people.append(_personalization(addressee, envelope.attempt_id, tags))
        except ValueError:
            bad.append(index)
    if bad:
        raise RejectedItems(f"{len(bad)} of {len(envelope.addressees)} addresses are none", indexes=tuple(bad))
    _refuse_repeats(people)
    return people


def _refuse_repeats(people: list[Json]) -> None:
    """SendGrid refuses a request that names an address twice. No single place is wrong: halving tells them apart."""
    if len({person["to"][0]["email"].lower() for person in people}) < len(people):
        raise RejectedItems("one address stands in this batch more than once")


def _is_used(envelope: Envelope, tag: str) -> bool:
    return any(tag in part for part in (envelope.subject, envelope.message.text, envelope.message.html))


def _personalization(addressee: Addressee, attempt_id: str, tags: list[str]) -> Json:
    person: Json = {
        "to": [_recipient(addressee)],
        "custom_args": {DELIVERY_ARG: addressee.delivery_key, ATTEMPT_ARG: attempt_id},
    }
    if tags:
        values = {NAME_TAG_TEXT: name_for_text, NAME_TAG_HTML: name_for_html}
        person["substitutions"] = {tag: values[tag](addressee.name) for tag in tags}
    return person


def _recipient(addressee: Addressee) -> dict[str, str]:
    email = addressee.email
    if not ORDINARY.fullmatch(email):
        email = recipient_address(addressee).addr_spec
    name = plain_name(addressee.name.replace(",", " ").replace(";", " "))  # SendGrid takes neither in a name
    return {"email": email, "name": name} if name else {"email": email}


def _company(header: str, key: str) -> dict[str, str]:
    """SendGrid takes no letters outside ASCII and no commas in the sender's name: they go as encoded words."""
    address = sender_address(header, key)
    name = encoded_phrase(plain_name(address.display_name))
    return {"email": address.addr_spec, "name": name} if name else {"email": address.addr_spec}

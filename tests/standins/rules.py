"""What SendGrid's mail/send refuses, checked as strictly as its documentation says; nothing lenient.

Each refusal is SendGrid's own shape: `{"message": …, "field": …}`. Written apart from `notifier.mail`, on purpose.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

MOST_PERSONALIZATIONS = 1000
MOST_BYTES = 30 * 1024 * 1024
MOST_ARG_BYTES = 10_000

EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z]"
                   r"(?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")  # fmt: skip
BAD_NAME = re.compile(r"[;,\r\n\x00-\x1f]")
LINE_BREAK = re.compile(r"[\r\n]")
ROOT_KEYS = frozenset({
    "personalizations", "from", "reply_to", "reply_to_list", "subject", "content", "attachments",
    "template_id", "headers", "categories", "custom_args", "send_at", "batch_id", "asm", "ip_pool_name",
    "mail_settings", "tracking_settings",
})  # fmt: skip
PERSONAL_KEYS = frozenset({
    "to", "cc", "bcc", "from", "subject", "headers", "substitutions", "dynamic_template_data", "custom_args",
    "send_at",
})  # fmt: skip
RESERVED_HEADERS = frozenset({
    "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to",
    "from", "subject", "reply-to", "cc", "bcc",
})  # fmt: skip
GRANULAR_BYPASSES = ("bypass_spam_management", "bypass_bounce_management", "bypass_unsubscribe_management")

Refusal = Mapping[str, str | None]
Json = dict[str, Any]


def refusal(message: str, field: str | None) -> Refusal:
    return {"message": message, "field": field, "help": None}


def refusals(body: object, *, refused_addresses: frozenset[str], names_refused: bool) -> list[Refusal]:
    """Everything wrong with a request; empty where SendGrid would take it."""
    if not isinstance(body, dict):
        return [refusal("Bad Request", None)]
    found = [*_root(body), *_contents(body), *_settings(body)]
    people = body.get("personalizations")
    if not isinstance(people, list) or not people:
        return [*found, refusal("The personalizations field is required and must have at least one personalization.",
                                "personalizations")]  # fmt: skip
    if len(people) > MOST_PERSONALIZATIONS:
        return [*found, refusal("Too many personalizations: at most 1000.", "personalizations")]
    return [*found, *_personalizations(people, body, refused_addresses, names_refused)]


def _root(body: Json) -> Iterator[Refusal]:
    for key in body.keys() - ROOT_KEYS:
        yield refusal(f"Additional property {key} is not allowed", key)
    sender = body.get("from")
    if not isinstance(sender, dict) or not _is_email(sender.get("email")):
        yield refusal("The from object must be provided with a valid email.", "from.email")
    elif not str(sender.get("name", "")).isascii() or BAD_NAME.search(str(sender.get("name", ""))):
        yield refusal("Unicode encoding is not supported for the from field.", "from.name")
    if "reply_to" in body and not _is_email((body["reply_to"] or {}).get("email")):
        yield refusal("The reply_to email must be valid.", "reply_to.email")
    yield from _headers(body.get("headers", {}), "headers")
    categories = body.get("categories", [])
    if len(categories) > 10 or any(not isinstance(each, str) or len(each) > 255 for each in categories):
        yield refusal("At most 10 categories of at most 255 characters.", "categories")
    if len(body.get("ip_pool_name", "")) > 64:
        yield refusal("The ip_pool_name is too long.", "ip_pool_name")
    if len((body.get("asm") or {}).get("groups_to_display", [])) > 25:
        yield refusal("At most 25 groups to display.", "asm.groups_to_display")
    if not isinstance(body.get("send_at", 0), int) or body.get("send_at", 0) > time.time() + 72 * 3600:
        yield refusal("send_at may be at most 72 hours ahead.", "send_at")


def _contents(body: Json) -> Iterator[Refusal]:
    contents = body.get("content")
    if not isinstance(contents, list) or not contents:
        yield refusal("The content field is required.", "content")
        return
    for index, each in enumerate(contents):
        if set(each) != {"type", "value"} or not isinstance(each["value"], str) or not each["value"]:
            yield refusal(
                "The content value must be a string at least one character in length.", f"content.{index}.value"
            )
    kinds = [each.get("type") for each in contents]
    if kinds not in (["text/plain"], ["text/html"], ["text/plain", "text/html"]):
        yield refusal("text/plain must come first, followed by text/html.", "content")


def _settings(body: Json) -> Iterator[Refusal]:
    for group in ("mail_settings", "tracking_settings"):
        for name, setting in (body.get(group) or {}).items():
            if not isinstance(setting, dict) or not isinstance(setting.get("enable"), bool):
                yield refusal("The enable parameter must be a boolean.", f"{group}.{name}.enable")
    settings = body.get("mail_settings") or {}
    if "bypass_list_management" in settings and any(each in settings for each in GRANULAR_BYPASSES):
        yield refusal("bypass_list_management cannot be combined with other bypass filters.", "mail_settings")


def _personalizations(people: list[Any], body: Json, refused: frozenset[str], names_refused: bool) -> Iterator[Refusal]:
    seen: set[str] = set()
    total = 0
    for index, person in enumerate(people):
        if not isinstance(person, dict) or not isinstance(person.get("to"), list) or not person["to"]:
            yield refusal("The to array is required for all personalization objects.", f"personalizations.{index}.to")
            continue
        addresses = [*person["to"], *person.get("cc", ()), *person.get("bcc", ())]
        total += len(addresses)
        yield from _addresses(addresses, index, seen, refused, names_refused)
        yield from _person(person, index, body)
    if total > MOST_PERSONALIZATIONS:
        yield refusal("The total number of recipients must not exceed 1000.", "personalizations")


def _addresses(
    addresses: Iterable[Any], index: int, seen: set[str], refused: frozenset[str], names_refused: bool
) -> Iterator[Refusal]:
    for each in addresses:
        email = each.get("email") if isinstance(each, dict) else None
        if not _is_email(email) or email in refused:
            yield refusal(
                "Does not contain a valid address.", f"personalizations.{index}.to" if names_refused else None
            )
            continue
        if BAD_NAME.search(each.get("name", "")):
            yield refusal("The name must not contain ; or ,", f"personalizations.{index}.to.name")
        folded = str(email).lower()
        if folded in seen:
            yield refusal("Each unique email address in the personalizations array should only be included once.",
                          "personalizations")  # fmt: skip
        seen.add(folded)


def _person(person: Json, index: int, body: Json) -> Iterator[Refusal]:
    at = f"personalizations.{index}"
    if not person.keys() <= PERSONAL_KEYS:
        yield refusal("Additional property is not allowed", at)
    subject = person.get("subject", body.get("subject"))
    if not isinstance(subject, str) or not subject or LINE_BREAK.search(subject):
        yield refusal("The subject is required and must be one line.", f"{at}.subject")
    if not _is_small_map(person.get("custom_args", {})) or not _is_small_map(person.get("substitutions", {})):
        yield {"field": None, "message": "Bad Request", "help": None}
    if "substitutions" in person and "template_id" in body:
        yield refusal("Substitutions may not be used with dynamic templating", f"{at}.substitutions")
    if "headers" in person:
        yield from _headers(person["headers"], f"{at}.headers")


def _headers(headers: object, at: str) -> Iterator[Refusal]:
    if not isinstance(headers, dict):
        yield refusal("Headers must be an object.", at)
        return
    for name, value in headers.items():
        if name.lower() in RESERVED_HEADERS or not isinstance(value, str) or LINE_BREAK.search(name + value):
            yield refusal("The header is not allowed.", f"{at}.{name}")


def _is_email(email: object) -> bool:
    return isinstance(email, str) and len(email) <= 254 and EMAIL.fullmatch(email) is not None


def _is_small_map(values: object) -> bool:
    """Strings only, below SendGrid's 10,000 bytes; numbers get its bare 'Bad Request'."""
    if not isinstance(values, dict):
        return False
    try:
        return sum(map(len, values)) + sum(map(len, map(str.encode, values.values()))) < MOST_ARG_BYTES
    except TypeError:
        return False

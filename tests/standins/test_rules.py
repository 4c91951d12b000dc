"""The stand-in refuses what SendGrid refuses: otherwise the tests against it would prove little."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.standins.rules import Json, refusals

GOOD: Json = {
    "personalizations": [
        {"to": [{"email": "anna@example.org", "name": "Anna"}], "custom_args": {"pn_d": "d1", "pn_a": "a1"}},
        {"to": [{"email": "bo@example.org"}], "custom_args": {"pn_d": "d2", "pn_a": "a1"}},
    ],
    "from": {"email": "privacy@example.com", "name": "Example"},
    "subject": "Changes",
    "content": [{"type": "text/plain", "value": "t"}, {"type": "text/html", "value": "h"}],
}


def found(body: object, *, refused: frozenset[str] = frozenset(), names_refused: bool = True) -> list[Any]:
    return refusals(body, refused_addresses=refused, names_refused=names_refused)


def changed(path: str, value: Any) -> Json:
    """`GOOD` with one place set to `value`, or taken out where that is `...`."""
    body = copy.deepcopy(GOOD)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place: Any = body
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return body


def test_a_good_request_is_taken() -> None:
    assert found(GOOD) == []


PEOPLE = [{"to": [{"email": f"c{n}@example.org"}]} for n in range(1001)]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("personalizations", ...),
        ("personalizations", []),
        ("personalizations", PEOPLE),
        ("personalizations.0.to", []),
        ("personalizations.0.to", ...),
        ("personalizations.0.to.0.email", "anna@"),
        ("personalizations.0.to.0.email", "änna@example.org"),
        ("personalizations.0.to.0.email", f"{'a' * 250}@example.org"),
        ("personalizations.0.to.0.name", "Doe, Anna"),
        ("personalizations.0.to.0.name", "Doe; Anna"),
        ("personalizations.0.to.0.name", "Anna\r\nBcc: x@y.org"),
        ("personalizations.1.to.0.email", "ANNA@example.org"),
        ("personalizations.0.cc", [{"email": "bo@example.org"}]),
        ("personalizations.0.custom_args.pn_d", 7),
        ("personalizations.0.custom_args.pn_d", "x" * 10_000),
        ("personalizations.0.substitutions", {"-x-": None}),
        ("personalizations.0.substitutions", {"-x-": "ü" * 5_000}),
        ("personalizations.0.headers", {"To": "eve@example.net"}),
        ("personalizations.0.unknown", 1),
        ("from", ...),
        ("from.email", "privacy"),
        ("from.name", "Müller"),
        ("reply_to", {"email": ""}),
        ("subject", ...),
        ("subject", ""),
        ("subject", "a\r\nBcc: x@y.org"),
        ("content", ...),
        ("content", []),
        ("content.0.value", ""),
        ("content.0.type", "text/html"),
        ("headers", {"Received": "x"}),
        ("headers", {"X-Ours": 7}),
        ("headers", {"X-Ours": "a\r\nBcc: x"}),
        ("categories", ["c"] * 11),
        ("categories", ["c" * 256]),
        ("ip_pool_name", "p" * 65),
        ("asm", {"group_id": 1, "groups_to_display": list(range(26))}),
        ("send_at", 4_102_444_800),
        ("send_at", "soon"),
        ("mail_settings", {"sandbox_mode": {"enable": "yes"}}),
        ("mail_settings", {"bypass_list_management": {"enable": True}, "bypass_spam_management": {"enable": True}}),
        ("tracking_settings", {"open_tracking": {"enable": 0}}),
        ("unknown", 1),
    ],
)
def test_a_request_against_a_rule_is_refused(path: str, value: Any) -> None:
    assert found(changed(path, value))


def test_a_request_that_is_no_object_is_refused() -> None:
    assert found([]) == [{"message": "Bad Request", "field": None, "help": None}]


def test_a_refused_address_is_named_by_its_place_if_so_told() -> None:
    bo = frozenset({"bo@example.org"})

    assert [each["field"] for each in found(GOOD, refused=bo)] == ["personalizations.1.to"]
    assert [each["field"] for each in found(GOOD, refused=bo, names_refused=False)] == [None]

"""SendGrid's events: who may say that mail arrived, and what their words mean in ours."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given
from hypothesis import strategies as st
from tests.standins.events import SIGNATURE, TIMESTAMP, Signer, as_body, bounce, dropped, event
from tests.standins.sendgrid import Taken

from notifier.errors import ConfigError, Unreadable, Unsigned
from notifier.mail.sendgrid.webhook import load_keys, parse, verify
from notifier.notice.delivery import DeliveryEvent, DeliveryStatus, SuppressionReason

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
ANNA = Taken("delivery-1", "attempt-1", "anna@example.org", "request-1")


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer.new()


def signed(signer: Signer, body: bytes, timestamp: str = STAMP) -> dict[str, str]:
    return {name.lower(): value for name, value in signer.headers(body, timestamp=timestamp).items()}


def check(signer: Signer, headers: dict[str, str], body: bytes, *others: Signer) -> None:
    keys = load_keys([each.public_key for each in (*others, signer)])
    verify(headers, body, keys, now=NOW)


def read(*events: Any) -> tuple[DeliveryEvent, ...]:
    return parse(json.dumps(events).encode(), received_at=NOW)


def read_one(found: Any) -> DeliveryEvent:
    (one,) = read(found)
    return one


# --- the signature


def test_a_post_signed_by_our_key_is_believed(signer: Signer) -> None:
    body = as_body([event("delivered", ANNA)])

    check(signer, signed(signer, body), body)


def test_during_a_rotation_either_key_will_do(signer: Signer) -> None:
    old, body = Signer.new(), as_body([event("delivered", ANNA)])

    check(signer, signed(old, body), body, old)
    check(signer, signed(signer, body), body, old)


def test_another_key_is_not_believed(signer: Signer) -> None:
    body = as_body([event("delivered", ANNA)])

    with pytest.raises(Unsigned):
        check(signer, signed(Signer.new(), body), body)


def test_without_any_key_nobody_is_believed(signer: Signer) -> None:
    body = as_body([event("delivered", ANNA)])

    with pytest.raises(Unsigned):
        verify(signed(signer, body), body, (), now=NOW)


@pytest.mark.parametrize("changed", ["re-serialised", "without its last line break", "with an event more", "empty"])
def test_a_changed_body_is_not_believed(signer: Signer, changed: str) -> None:
    body = as_body([event("delivered", ANNA)])
    bodies = {
        "re-serialised": json.dumps(json.loads(body)).encode(),
        "without its last line break": body.rstrip(),
        "with an event more": as_body([event("delivered", ANNA)] * 2),
        "empty": b"",
    }

    with pytest.raises(Unsigned):
        check(signer, signed(signer, body), bodies[changed])


@pytest.mark.parametrize("name", [SIGNATURE, TIMESTAMP])
@pytest.mark.parametrize("value", [None, "", "!", "AAAA", "ümlaut", "x" * 10_000])
def test_a_header_missing_or_broken_is_not_believed(signer: Signer, name: str, value: str | None) -> None:
    body = as_body([event("delivered", ANNA)])
    headers = signed(signer, body)
    headers.pop(name.lower())
    if value is not None:
        headers[name.lower()] = value

    with pytest.raises(Unsigned):
        check(signer, headers, body)


def test_a_digit_moved_from_the_timestamp_into_the_body_is_not_believed(signer: Signer) -> None:
    body = as_body([event("delivered", ANNA)])
    headers = signed(signer, body) | {TIMESTAMP.lower(): STAMP[:-1]}

    with pytest.raises(Unsigned):
        check(signer, headers, STAMP[-1:].encode() + body)


@pytest.mark.parametrize("body", [b"", b"{}", b"0[]", b" []", b"\xef\xbb\xbf[]"])
def test_a_body_that_does_not_begin_as_a_list_is_not_believed_whoever_signed_it(signer: Signer, body: bytes) -> None:
    with pytest.raises(Unsigned):
        check(signer, signed(signer, body), body)


@pytest.mark.parametrize("timestamp", ["１７６３８１２８００", f"{STAMP}\n", f" {STAMP}", f"+{STAMP[1:]}"])
def test_a_timestamp_is_ten_digits_and_nothing_else(signer: Signer, timestamp: str) -> None:
    body = as_body([event("delivered", ANNA)])

    with pytest.raises(Unsigned):
        check(signer, signed(signer, body, timestamp), body)


@pytest.mark.parametrize(("age", "believed"), [(24, True), (26, False), (-1, True), (-26, False)])
def test_a_post_may_be_as_late_as_sendgrid_tries_and_no_later(signer: Signer, age: int, believed: bool) -> None:
    body = as_body([event("delivered", ANNA)])
    headers = signed(signer, body, str(int((NOW - timedelta(hours=age)).timestamp())))

    if believed:
        check(signer, headers, body)
        return
    with pytest.raises(Unsigned):
        check(signer, headers, body)


@pytest.mark.parametrize("text", ["", "not base64!", "AAAA"])
def test_a_key_that_is_none_is_an_error_that_names_where_it_came_from(text: str) -> None:
    with pytest.raises(ConfigError, match="SENDGRID_WEBHOOK_KEY"):
        load_keys([text])


def test_a_key_of_another_kind_is_an_error_too() -> None:
    public = ed25519.Ed25519PrivateKey.generate().public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    with pytest.raises(ConfigError, match="not an elliptic-curve key"):
        load_keys([base64.b64encode(der).decode()])


# --- the words


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("processed", DeliveryStatus.PROCESSED),
        ("deferred", DeliveryStatus.DEFERRED),
        ("delivered", DeliveryStatus.DELIVERED),
        ("dropped", DeliveryStatus.DROPPED),
        ("bounce", DeliveryStatus.BOUNCED),
        ("spamreport", DeliveryStatus.COMPLAINED),
        ("open", None),
        ("click", None),
        ("unsubscribe", None),
        ("group_unsubscribe", None),
        ("group_resubscribe", None),
        ("account_status_change", None),
        ("a word of next year", None),
    ],
)
def test_what_each_word_means_for_a_delivery(kind: str, status: DeliveryStatus | None) -> None:
    one = read_one(event(kind, ANNA, at=1_700_000_000))

    assert (one.kind, one.status) == (kind, status)
    assert (one.delivery_key, one.attempt_id) == ("delivery-1", "attempt-1")
    assert one.at == datetime.fromtimestamp(1_700_000_000, UTC)


@pytest.mark.parametrize(
    ("found", "suppression"),
    [
        (bounce(ANNA), SuppressionReason.HARD_BOUNCE),
        (bounce(ANNA, type="blocked"), None),
        (event("spamreport", ANNA), SuppressionReason.COMPLAINT),
        (event("unsubscribe", ANNA), SuppressionReason.UNSUBSCRIBE),
        (event("group_unsubscribe", ANNA), SuppressionReason.UNSUBSCRIBE),
        (dropped(ANNA, "Bounced Address"), SuppressionReason.HARD_BOUNCE),
        (dropped(ANNA, "Spam Reporting Address"), SuppressionReason.COMPLAINT),
        (dropped(ANNA, "Invalid"), SuppressionReason.INVALID),
        (dropped(ANNA, "Unsubscribed Address"), SuppressionReason.UNSUBSCRIBE),
        (dropped(ANNA, "Recipient List over Package Quota"), None),
        (event("delivered", ANNA), None),
    ],
)
def test_which_news_bars_an_address_from_what_is_not_mandatory(
    found: dict[str, Any], suppression: SuppressionReason | None
) -> None:
    assert read_one(found).suppression is suppression


def test_a_bounce_says_why() -> None:
    assert read_one(bounce(ANNA)).reason == "Invalid Address · 5.1.1 · 550 5.1.1 The email account does not exist."


def test_an_event_keeps_its_place_among_the_others() -> None:
    kinds = ["processed", "bounce", "x", "delivered"]

    assert [one.kind for one in read(*(event(kind, ANNA) for kind in kinds))] == kinds


# --- what is missing or broken


def test_a_delayed_bounce_without_the_providers_message_id_is_still_ours() -> None:
    one = read_one(bounce(ANNA, sg_message_id=None, **{"smtp-id": None}))

    assert (one.status, one.delivery_key) == (DeliveryStatus.BOUNCED, "delivery-1")


def test_an_event_without_an_id_gets_the_same_one_each_time_and_no_other_events() -> None:
    found = event("delivered", ANNA, sg_event_id=None, at=1_700_000_000)

    assert read_one(found).event_id == read_one(dict(reversed(found.items()))).event_id
    assert read_one(found).event_id != read_one({**found, "timestamp": 1_700_000_001}).event_id


@pytest.mark.parametrize("given", ["", "x" * 101, 7, None, ["a"], "a b", "a\0b"])
def test_an_id_that_cannot_be_one_is_replaced(given: Any) -> None:
    assert read_one({**event("delivered", ANNA), "sg_event_id": given}).event_id.startswith("sha256:")


@pytest.mark.parametrize("timestamp", [None, "soon", -1, 0, 10**18, 1.5, True, [1]])
def test_a_time_that_cannot_be_one_becomes_the_time_of_receipt(timestamp: Any) -> None:
    assert read_one({**event("delivered", ANNA), "timestamp": timestamp}).at == NOW


@pytest.mark.parametrize("key", [None, "", 7, "x" * 65, "a'; DROP TABLE delivery; --", "a\0b", ["a"]])
def test_a_key_that_cannot_be_ours_names_no_delivery(key: Any) -> None:
    assert read_one({**event("delivered", ANNA), "pn_d": key, "pn_a": key}).delivery_key is None


@pytest.mark.parametrize("broken", [None, 7, "delivered", [], [[]], {}, {"event": None}, {"event": {"a": 1}}])
def test_a_broken_event_is_kept_as_unknown_and_costs_none_of_its_neighbours(broken: Any) -> None:
    before, one, after = read(event("delivered", ANNA), broken, event("bounce", ANNA))

    assert (before.status, one.status, after.status) == (DeliveryStatus.DELIVERED, None, DeliveryStatus.BOUNCED)
    assert one.event_id.startswith("sha256:")


def test_control_characters_and_lone_surrogates_do_not_get_through() -> None:
    one = read_one(bounce(ANNA, reason="a\0b\x1b[31m\ud800\u202ec\nd", status=None, bounce_classification=None))

    assert one.reason == "a b [31m c d"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[",
        b"{}",
        b'"x"',
        b"null",
        b"\xff\xfe[",
        b"[" * 100_000,
        b'[{"a":' * 50_000,
        b"[" + b"1," * 60_000 + b"1]",
    ],
    ids=["empty", "cut", "object", "text", "null", "not utf-8", "deep", "deep objects", "too many"],
)
def test_what_is_no_list_of_events_is_refused_as_a_whole(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(raw, received_at=NOW)


def test_a_deep_event_costs_none_of_its_neighbours() -> None:
    deep = b'{"event":"bounce","deep":' + b"[" * 500 + b"]" * 500 + b"}"
    one, two = parse(b"[" + deep + b"," + json.dumps(event("delivered", ANNA)).encode() + b"]", received_at=NOW)

    assert (one.status, two.status) == (DeliveryStatus.BOUNCED, DeliveryStatus.DELIVERED)


def test_addresses_stay_out_of_what_is_logged_of_an_event() -> None:
    assert "anna@example.org" not in repr(read_one(event("delivered", ANNA)))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(["event", "timestamp", "sg_event_id", "pn_d", "pn_a", "reason", "type", "status", "email"])


@given(st.lists(values | st.dictionaries(names, values), max_size=6))
def test_any_json_list_is_read_into_as_many_events(found: list[Any]) -> None:
    events = parse(json.dumps(found).encode(), received_at=NOW)

    assert len(events) == len(found)
    assert all(one.event_id and one.kind and one.at.tzinfo for one in events)

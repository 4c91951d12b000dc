"""A message is not kept, it is made again: the same envelope makes the same bytes, in any year."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.mail.rigs import MESSAGE, envelope

from notifier.mail import Addressee
from notifier.mail.mime import build
from notifier.mail.plain_name import COMPOSITION
from notifier.notice.message import Message

MADE_AT = datetime(2026, 11, 22, 9, 30, 1, tzinfo=UTC)
LONG = "We keep it for a year, and no longer. " * 9
AS_SENT = {
    "plain": "544a8d5dbde067830a03682201d319724c6430dba2d716fec88c7315adedbcc4",
    "quoted": "65a8b3e3324eb1f5d0bae9394589b91b17be7bd4520c825d387e694da0a89438",
    "in base64": "8c5546c7918e938535b4582d886891064a0f0299c267f44d88c8824d5c6ac214",
    "text alone": "0a1bdbc843534f575648bb4503aa3d4d7a4da439898d5bd3daa041292f26485d",
}
OF_A_NAME = {
    1: "afb0730c1efc730fc52c77b743e8ac2f6dfb30da8958cb7d05a68b4512a3a311",
    2: "b9dd26b0639c1005392cd4152de7321c8d6badd47ba0027430eaa553028520f6",
}
TEXTS = {
    "plain": Message("en", ("privacy",), "New terms", "Hello,\n.\nbye\n", "<p>Hello</p>\n"),
    "quoted": MESSAGE,
    "in base64": Message("ja", ("privacy",), "規約の変更", "規約を変更します。\n" * 9, f"<p>規約</p><p>{LONG}</p>"),
    "text alone": Message("en", ("privacy",), "New terms", f"{LONG}\u2028\x0c\n", ""),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_no_release_makes_other_bytes_under_the_same_number(kind: str) -> None:
    sent = envelope(Addressee("k1", "anna@bücher.example", "Anna Öz, LL.M."), message=TEXTS[kind], made_at=MADE_AT)

    for composition in range(1, COMPOSITION + 1):  # they differ in names alone that hold what nobody sees
        made = build(replace(sent, composition=composition), sent.addressees[0])
        assert hashlib.sha256(made).hexdigest() == AS_SENT[kind]


@pytest.mark.parametrize(("composition", "made"), OF_A_NAME.items())
def test_a_letter_of_before_is_made_again_as_it_was_though_names_have_kept_their_joiners_since(
    composition: int, made: str
) -> None:
    addressee = Addressee(
        "k1", "mina@example.com", "مینا می\u200cرزاده \U0001f468\u200d\U0001f469\u200d\U0001f467 Mül\u00adler"
    )
    sent = envelope(addressee, message=MESSAGE, made_at=MADE_AT, composition=composition)

    assert hashlib.sha256(build(sent, addressee)).hexdigest() == made

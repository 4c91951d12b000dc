"""Words that reach every customer: no address elsewhere in any spelling, nothing unseen, nothing to be filled in."""

from __future__ import annotations

import pytest
from tests.test_cost import grows_with_its_length

from notifier.policy.drafts.public_words import action_findings, foreign_addresses, word_faults

OWN = {"chat.example", "legal.harbour.example"}
ADDRESSES = """
    www.evil.example evil.com evil．com evil。com evil․com evil[.]com evil\u200b.com ev\u00adil.com ｅｖｉｌ.com
    ⓔvil.com
    x@evil.com x＠evil.com https://evil.example/x hxxp://evil http://localhost/x https:evil.com //evil.com/x evil.com.
    (evil.com) сhat.example chat.example.evil.com chat.example@evil.com https://chat.example@evil.com/
    xn--80ak6aa92e.com 1.2.3.4 http://[::1]/ bit.ly/abc t.me/x evil.рф 中国.中国 javascript:alert(1) mailto:x@evil.com
    tel:+49123456 sms:+49123456
"""


@pytest.mark.parametrize("words", [*ADDRESSES.split(), "evil (dot) com", "x (at) evil.com", "evil [punkt] com"])
def test_an_address_elsewhere_is_known_in_every_spelling(words: str) -> None:
    assert list(foreign_addresses(f"Sign in anew at {words} today", OWN))


@pytest.mark.parametrize(
    "words",
    [
        "See chat.example/legal", "write to privacy@chat.example", "https://chat.example/legal/x?y=1#z",
        "pages.chat.example", "harbour.example", "Chat.Example", "We keep chats, i.e. longer.", "e.g. your name",
        "from 9 a.m. to 5 p.m.", "in the U.S. and the U.K.", "3.50 a month", "version 2.0.1", "50 % more",
        "We're here. You're not.", "z.B. Name", "p.ej. nombre", "am 1.5.2024 um 10:30", "Daten: Name, Ort", "A/B tests",
        "(at) least", "می\u200cخواهیم", "No. 5",
    ],
)  # fmt: skip
def test_plain_words_and_the_companys_own_addresses_are_none(words: str) -> None:
    assert list(word_faults(words, OWN)) == []


@pytest.mark.parametrize("words", ["a\x1b[2Jb", "a\x00b", "a\u202eb", "a\u2066b", "ne\u200bver", "a\ufeffb", "a\x85b"])
def test_nothing_stands_there_that_nobody_sees(words: str) -> None:
    assert "which nobody sees" in next(word_faults(words, OWN))


@pytest.mark.parametrize(
    "words", ["{{ name }}", "{% if x %}", "{name}", "a } b", "<% x %>", "%name%", "*|NAME|*", "-notifier_name-"]
)
def test_nothing_stands_there_that_a_template_or_provider_fills_in(words: str) -> None:
    assert "would fill in" in next(word_faults(words, OWN))


def test_what_customers_can_do_may_name_the_day_and_no_other_address() -> None:
    fine, foul = {"en": "Close it before {effective_on}: https://chat.example/x"}, {"en": "Go to evil.com, {name}"}

    assert action_findings(fine, OWN, "config.toml") == []
    assert [str(one) for one in action_findings(foul, OWN, "config.toml")] == [
        'config.toml: notice.action reaches every customer, and holds "{", which a template or a mail provider would '
        "fill in; change it",
        'config.toml: notice.action reaches every customer, and holds the address "evil.com", which is not one of the '
        "company; mail.link_hosts names those that are; change it",
    ]


@pytest.mark.parametrize("piece", ["a.", "a@", "a", "https:", "http://", "1.", "[.]", "x@y.", "-", "\u200b", "{"])
def test_the_cost_is_linear_in_the_words(piece: str) -> None:
    assert grows_with_its_length(lambda words: list(word_faults(words, OWN)), lambda size: piece * size, 10_000)

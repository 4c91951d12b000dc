"""What is a word: every token of a text, and nothing lost between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.text.tokens import any_token, find_tokens, split_tokens, token_key


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("We keep (your) chats, don't re-use them.", "We keep your chats don't re-use them"),
        ("he/she and/or it", "he she and or it"),
        ("30 days, 30-day, $1,000.50, 5%, 5 %", "30 days 30-day $1,000.50 5% 5 %"),
        ("1.000,50 €, 5€, 1'000", "1.000,50 € 5€ 1'000"),
        ("under <16, >18, §5, ≥ 3, 16+", "under < 16 > 18 § 5 ≥ 3 16 +"),
        ("a@b.example, www.a.example, 2024-05-01, TLS 1.3", "a@b.example www.a.example 2024-05-01 TLS 1.3"),
        ("l’adresse café cafe\u0301 naïve", "l’adresse café cafe\u0301 naïve"),
        ("データを保存", "デ ー タ を 保 存"),
        ("เราเก็บ", "เ ร า เ ก็ บ"),
        ("हम डेटा रखते", "हम डेटा रखते"),
        ("نحتفظ بالبيانات", "نحتفظ بالبيانات"),
        ("yes 👨‍👩‍👧 👍🏽 🇩🇪 ❤️ 1️⃣ no", "yes 👨‍👩‍👧 👍🏽 🇩🇪 ❤️ 1️⃣ no"),
    ],
)
def test_a_token_is_what_a_reader_takes_as_one(text: str, tokens: str) -> None:
    assert split_tokens(text)[1::2] == tokens.split(" ")


def test_typography_makes_no_other_word() -> None:
    assert token_key("don’t") == "don't"
    assert token_key("e\u2011mail") == token_key("e\u2010mail") == "e-mail"
    assert token_key("Daten\u00adschutz") == "Datenschutz"
    assert token_key("cafe\u0301") == token_key("café")
    assert token_key("May") != token_key("may")


@given(st.text())
def test_tokens_lose_nothing(text: str) -> None:
    parts = split_tokens(text)

    assert "".join(parts) == text
    assert [match[0] for match in find_tokens(text)] == parts[1::2]
    assert not any(letter.isalnum() for gap in parts[0::2] for letter in gap)


@given(st.text(st.characters(codec="ascii")))
def test_the_fast_way_for_ascii_reads_as_the_other(text: str) -> None:
    assert split_tokens(text) == any_token().split(text)

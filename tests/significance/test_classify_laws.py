"""What holds of every verdict, whatever the texts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.diff import diff
from notifier.significance import Certainty, Significance
from notifier.significance.classifier import classify
from notifier.significance.model import shipped
from notifier.text.markdown import parse

SENTENCES = (
    "We collect your name and your e-mail address.",
    "You must be 16 or older to use the service.",
    "We keep chats for 30 days.",
    "We share data only with processors, such as Acme Ltd.",
    "Contact us at privacy@chat.example or at 12 High Street, Leeds.",
    "Last updated: May 1, 2024",
    "## How long we keep data",
    "## Sharing",
    "* a name\n* an address\n* a photo",
    "| Who | Why |\n|---|---|\n| Acme | mail |",
    "See [the list](https://chat.example/list) for more information.",
    "The fee is $5 a month; taxes come on top.",
    "私たちはデータを三十日間保存します。",
)
texts = st.lists(st.sampled_from(SENTENCES), max_size=8).map("\n\n".join)
loose_texts = st.one_of(texts, st.text(max_size=200))


@given(loose_texts, loose_texts)
@settings(max_examples=150, deadline=None)
def test_what_a_reason_cites_stands_in_the_texts_under_its_headings(old: str, new: str) -> None:
    before, after = parse(old), parse(new)

    for reason in classify(diff(before, after)).reasons:
        assert reason.before in old
        assert reason.after in new
        document, cited = (after, reason.after) if reason.after else (before, reason.before)
        assert cited in document.text
        assert document.text.count("\n") + 1 >= reason.line >= 1
        assert reason.section in {block.section for block in document.blocks} | {()}


@given(loose_texts)
@settings(max_examples=60, deadline=None)
def test_an_unchanged_text_is_clearly_minor_without_reasons(text: str) -> None:
    verdict = classify(diff(parse(text), parse(text)))

    assert (verdict.significance, verdict.certainty, verdict.reasons) == (Significance.MINOR, Certainty.CLEAR, ())


@given(texts, texts)
@settings(max_examples=60, deadline=None)
def test_reasons_come_by_falling_weight_and_a_significant_verdict_has_one(old: str, new: str) -> None:
    verdict = classify(diff(parse(old), parse(new)))

    weights = [reason.weight for reason in verdict.reasons]
    assert weights == sorted(weights, reverse=True)
    assert verdict.reasons or verdict.significance is Significance.MINOR


@given(texts, texts)
@settings(max_examples=30, deadline=None)
def test_a_close_call_is_taken_for_significant(old: str, new: str) -> None:
    verdict = classify(diff(parse(old), parse(new)))

    assert verdict.certainty is Certainty.CLEAR or verdict.significance is Significance.SIGNIFICANT


def test_the_thresholds_leave_room_for_doubt() -> None:
    model = shipped()

    assert 0 < model.minor_below < model.significant_from < 1

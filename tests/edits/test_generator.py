"""The grammar itself: what it yields is reproducible, varied, consistent, and our own."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from tests.edits.cases import cases, edits, plans
from tests.edits.held_out import held_out_cases
from tests.edits.operator import edits_of
from tests.edits.operators import HARMLESS, SIGNIFICANT
from tests.edits.sentence import LANGUAGES, Sentence, Slot, sentences
from tests.edits.teaching import exams, lessons
from tests.edits.whole import WHOLE

SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpus"
TOPICS = set(
    """data_collection purpose ai_training sharing subprocessors transfers retention security cookies_tracking
    rights_choices contact_channel controller_entity children_age user_obligations enforcement_termination fees_refunds
    service_level liability_warranty disputes_law intellectual_property scope notice_terms other""".split()  # noqa: SIM905 - a list of words reads better so
)
FORMS = {"prose", "list", "table", "footnote", "heading", "definition", "html"}
INVERSE = (("dropped", "added"), ("added", "dropped"), ("weakened", "strengthened"), ("opened", "closed"))
ONE_WAY = {"recipient-added", "row-added", "item-added"}
"""Operators that may do more than their inverse: a vendor gone is no loss."""


def test_the_same_seed_yields_the_same_cases() -> None:
    assert list(cases(7, 80)) == list(cases(7, 80))


def test_cases_have_their_own_names() -> None:
    names = [plan.case_id for plan in plans()]
    assert len(names) == len(set(names))


def test_there_are_sentences_of_every_topic_in_every_place() -> None:
    english = sentences("en")
    assert len(english) >= 300
    assert {one.topics[0] for one in english} == TOPICS
    assert {one.form for one in english} >= FORMS


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_language_has_sentences_of_many_topics_and_places(language: str) -> None:
    assert len(sentences(language)) >= 60
    assert len({one.topics[0] for one in sentences(language)}) >= 18
    assert {one.form for one in sentences(language)} >= FORMS


def test_there_are_sixty_operators_and_each_applies_often() -> None:
    assert len(SIGNIFICANT) + len(HARMLESS) + len(WHOLE) >= 60
    count = Counter(edit.operator.name for language in LANGUAGES for edit in edits(language))
    rare = {one.name: count[one.name] for one in SIGNIFICANT + HARMLESS if count[one.name] < 3}
    assert not rare


def test_every_slot_is_edited_by_some_operator() -> None:
    """A slot whose kind is mistyped would never be."""
    for language in LANGUAGES:
        for sentence in sentences(language):
            assert not re.search(r"[{}]", sentence.text), sentence.sentence_id
            for at, part in enumerate(sentence.parts):
                if isinstance(part, Slot):
                    fixed = (*sentence.parts[:at], sentence.said(part), *sentence.parts[at + 1 :])
                    assert count_of(replace(sentence, parts=fixed)) < count_of(sentence), (sentence.sentence_id, part)


def count_of(sentence: Sentence) -> int:
    """How many edits of words there are; emphasis may fall on any slot."""
    operators = SIGNIFICANT + tuple(one for one in HARMLESS if one.kind != "typography")
    return sum(1 for _ in edits_of(sentence, operators))


def test_an_edit_changes_the_text_and_no_edit_has_two_labels() -> None:
    labels: dict[tuple[str, str], set[str]] = defaultdict(set)
    for language in LANGUAGES:
        for edit in edits(language):
            assert edit.old != edit.new, edit.edit_id
            labels[edit.old, edit.new].add(edit.operator.label)
    assert [pair for pair, found in labels.items() if len(found) > 1] == []


def test_what_binds_nobody_is_only_edited_harmlessly() -> None:
    idle = [one for language in LANGUAGES for one in sentences(language) if one.topics[0] == "other"]
    assert [edit.edit_id for one in idle for edit in edits_of(one, SIGNIFICANT)] == []


def test_what_one_operator_adds_its_inverse_drops() -> None:
    operators = {one.name: one for one in SIGNIFICANT}
    for name, operator in operators.items():
        for here, there in INVERSE:
            inverse = operators.get(name.removesuffix(here) + there) if name.endswith(here) else None
            if inverse is None or name in ONE_WAY or inverse.name in ONE_WAY or "member" in name:
                continue
            for language in LANGUAGES:
                for sentence in sentences(language):
                    back = {(new, old) for old, new in inverse.pairs(sentence)}
                    assert set(operator.pairs(sentence)) == back, (name, sentence.sentence_id)


def test_a_policy_is_as_long_as_policies_are_and_only_the_edit_differs() -> None:
    for case in cases(3, 300):
        assert 400 <= len(case.old.split()) <= 1000, case.case_id
        assert case.old != case.new
        if case.is_hidden or case.form == "whole":
            continue
        assert case.old_words in case.old
        assert case.new_words in case.new
        if case.old_words and case.new_words:
            assert case.old.replace(case.old_words, case.new_words, 1) == case.new, case.case_id


def test_no_sentence_is_taken_from_the_probes() -> None:
    if not SHARED.exists():
        pytest.skip(f"no probes at {SHARED}")
    probes = [json.loads(line) for line in (SHARED / "probes.jsonl").read_text("utf-8").splitlines()]
    taken = {plain(text) for probe in probes for text in (probe["old_words"], probe["new_words"])}
    for language in LANGUAGES:
        for sentence in sentences(language):
            assert plain(sentence.text) not in taken, sentence.sentence_id


def plain(text: str) -> str:
    """Words alone."""
    return " ".join(re.findall(r"\w+", text.lower()))


def test_no_lesson_shares_its_sentence_or_operator_with_an_exam() -> None:
    taught, asked = list(lessons(1, 150)), list(exams(1, 150))
    assert {one.operator for one in taught}.isdisjoint(one.operator for one in asked)
    assert {one.sentence_id for one in taught if one.form != "whole"}.isdisjoint(one.sentence_id for one in asked)
    assert len(asked) == 150
    assert {one.label for one in asked} == {"minor", "significant"}


def test_held_out_edits_are_many_of_many_kinds_in_four_languages() -> None:
    held_out = held_out_cases()
    assert len(held_out) >= 120
    assert {one.language for one in held_out} == set(LANGUAGES)
    assert len({one.kind for one in held_out}) >= 40
    assert all(bool(one.topics) == (one.label == "significant") for one in held_out)

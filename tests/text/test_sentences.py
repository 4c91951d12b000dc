"""Where a sentence ends."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.text.sentences import sentences

CASES = Path(__file__).parents[1] / "cases" / "sentences.txt"
LINES = [line for line in CASES.read_text().splitlines() if line and not line.startswith("# ")]


@pytest.mark.parametrize("line", LINES)
def test_a_sentence_ends_where_a_reader_ends_it(line: str) -> None:
    written = [part.replace("\\n", "\n").replace("\\\\", "\\") for part in line.split("¶")]
    text = "".join(written)

    assert [text[start:end] for start, end in sentences(text)] == [part.strip() for part in written]


@given(st.lists(st.one_of(st.sampled_from([*LINES, ". ", "\n", "<br>", "A", "z. B. ", "5", "」", "*"]), st.text())))
def test_sentences_follow_each_other_and_every_word_is_in_one(parts: list[str]) -> None:
    text = "".join(parts).replace("¶", "")
    spans = sentences(text)
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    outside = [text[a:b] for a, b in zip([0, *ends], [*starts, len(text)], strict=True)]

    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)
    assert not spans or not any(between.strip() for between in outside)


def test_a_part_of_a_text_is_split_where_it_lies() -> None:
    text = "One. Two. Three. Four."

    assert [text[start:end] for start, end in sentences(text, 5, 15)] == ["Two.", "Three"]


def test_a_long_text_is_split_in_time_that_grows_with_it() -> None:
    began = time.process_time()
    for hostile in ("a. ", "z. B. ", ".", "<", " \n", "((((", ".*", " ", "<a. ", "1. ", ".](", ". (a"):
        sentences(hostile * (30_000 // len(hostile)))

    assert time.process_time() - began < 3

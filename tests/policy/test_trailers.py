"""What commit messages say: trailers as git reads them, and words on significance wherever they stand."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.policy.trailers import folded, read_trailers, reasons_said, sayings
from notifier.significance import Significance

SIGNIFICANT, MINOR = Significance.SIGNIFICANT, Significance.MINOR


@pytest.mark.parametrize(
    "message",
    [
        "x\n\nSignificance: significant",
        "Significance: significant",
        "x\r\n\r\nSignificance: significant\r\n",
        "x\r\rSignificance: significant\r",
        "x\n\nSignificance: significant\n\nThat is what we decided.",
        "x\n\nWords before.\nSignificance: significant",
        "Merge #12\n\n* Share data\n\nSignificance: significant\n\n* Fix a typo\n\nCo-authored-by: A <a@b.example>",
        "Merge #12\n\n- Share data\n\n  Significance: significant\n- Fix a typo\n",
        "x\n\n* Significance: significant\n* other",
        "x\n\nNotes: see below\n Significance: significant",
        "x\n\n**Significance:** significant",
        "x\n\nSignificance = significant",
        "x\n\nSignificance：significant",
        "x\n\nsignificance - significant",
        "x\n\nSIGNIFICANCE: Significant.",
        "x\n\nSignifcance: significant",
        "x\n\nSigni\u200bficance: significant",
        "x\n\nSignificance\u2060: signi\u00adficant",
        "x\n\nѕіgnіfісаnсе: significant",
        "x\n\nSignificane: significant",
        "x\n\nSignificance: signficant",
        "x\n\nSignificance: siginficant (pricing)",
        "x\n\nSignificance: signifikant",
        "x\n\nSignif\u0456cance: significant",
        "x\n\nSignificant: significant",
    ],
)
def test_significant_is_heard_wherever_and_however_it_is_said(message: str) -> None:
    assert SIGNIFICANT in [one.significance for one in sayings(message)]


@pytest.mark.parametrize(
    ("message", "is_trailer"),
    [
        ("x\n\nSignificance: minor", True),
        ("x\r\n\r\nSignificance: MINOR\r\n", True),
        ("x\n\nSignifcance: minor", False),
        ("Significance: minor", False),
        ("x\n\nSignificance: minor\n\nThat is what we decided.", False),
        ("x\n\nSome words before.\nSignificance: minor", False),
        ("x\n\nNotes: see below\n Significance: minor", False),
        ("x\n\nsignificance minor", False),
    ],
)
def test_minor_is_a_trailer_or_is_known_as_none(message: str, is_trailer: bool) -> None:
    assert [(one.significance, one.is_trailer) for one in sayings(message)] == [(MINOR, is_trailer)]


@pytest.mark.parametrize("value", ["trivial", "insignificant", "not significant", "minro", "minor change", "", "none"])
def test_a_word_that_is_neither_is_known_as_such(value: str) -> None:
    assert [one.significance for one in sayings(f"x\n\nSignificance: {value}\nAcked-by: A <a@b.example>")] == [None]


@pytest.mark.parametrize(
    "message",
    [
        "Significant changes for minor users",
        "x\n\n> Significance: minor",
        "x\n\nThe significance of this: none that we know of.",
        "x\n\nSignificance-Reason: a slip",
        "x\n\nMagnificence: great\nSimplification: yes",
    ],
)
def test_other_words_say_nothing(message: str) -> None:
    assert list(sayings(message)) == []


def test_a_reason_is_read_as_a_trailer_or_on_any_line() -> None:
    assert reasons_said("x\n\nSignificance: minor\nSignificance-Reason: a\n slip") == ("a slip",)
    assert reasons_said("x\n\n* one\n\nSignificance-Reason: a price\n\n* two") == ("a price",)
    assert reasons_said("x\n\nSignificance-Reason:") == ()


MESSAGES = [
    "subject", "subject\n\nbody", "s\n\nA: b", "s\n\nA: b\n c\nD: e", "s\n\nbody\n\nA: b", "s\n\nbody\nA: b",
    "s\n\nbody\nSigned-off-by: x <y>", "s\n\nbody\n\nA: b\nSigned-off-by: x <y>\nprose", "A: b", "A: b\n\nC: d",
    "s\n\nA: b\n\n", "s\n\nA : b", "s\n\n A: b", "s\n\nA:b\n(cherry picked from commit 12)", "s\n\nA:\nB: ",
    "s\n\nA b: c", "s\n\nA: b\n> C: d", "s\n\none\ntwo\nthree\nfour\nSigned-off-by: a", "s\nA: b", "s\n\n\n\nA: b",
]  # fmt: skip


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.processes
def test_trailers_are_read_as_git_reads_them(message: str, tmp_path: Path) -> None:
    assert [f"{key}: {value}".strip() for key, value in read_trailers(message)] == git_trailers(message, tmp_path)


def git_trailers(message: str, folder: Path) -> list[str]:
    read = subprocess.run(
        ["git", "interpret-trailers", "--parse", "--no-divider"],
        input=message + "\n", cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [line.strip() for line in read.stdout.splitlines()]


@given(st.dictionaries(st.from_regex(r"\A[A-Za-z][A-Za-z0-9-]{0,9}\Z"), st.text(max_size=40), max_size=4))
def test_trailers_that_were_written_are_read_back_on_one_line(trailers: dict[str, str]) -> None:
    message = "\n".join(["subject", "", *folded(trailers)])

    assert dict(read_trailers(message)) == {key: " ".join(value.split()) for key, value in trailers.items()}

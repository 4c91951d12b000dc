"""Laws that hold for any two texts: nothing is lost, every edit is cut from its source, no machine differs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.diff.marks import lossless

from notifier import redline
from notifier.diff import Layer
from notifier.diff.engine import edit_script, edit_script_in_python

DIFFS = Path(__file__).resolve().parents[2].parent / "shared" / "diffs"

_BITS = (
    "We you may not share keep data thirty 30 (30) days. Then, **bold** _it_ [link](https://a.example/x) [ref][r] "
    "[r]: /x <b>tag</b> <!-- --> &nbsp; “quote” 'it's' – … | |---|---| ``` # ## - * 1. 2) > === --- \\* 我们 数据。 ไม่ "
    "p\u0430y mu\u200bst cafe\u0301 \ufeff \u00a0 \u202e \u2028 \x0b \x00 \U0001f600 http://a.example $5 10%"
)
BITS = st.sampled_from(_BITS.split(" "))
GAPS = st.sampled_from([" ", "  ", "\n", "\n\n", "\r\n", "\r", "\t", "", "\n- ", "\n1. ", "\n> ", "\n# ", "\n    "])


@st.composite
def markdown(draw: st.DrawFn) -> str:
    """Bits of policies, joined by whatever may stand between them."""
    return "".join(draw(BITS) + draw(GAPS) for _ in range(draw(st.integers(0, 30))))


@st.composite
def revised(draw: st.DrawFn) -> tuple[str, str]:
    """A text and the same text with pieces taken out, put in and swapped."""
    pieces = draw(st.lists(markdown(), max_size=8))
    edited = list(pieces)
    for _ in range(draw(st.integers(0, 4))):
        at, to = draw(st.integers(0, len(edited))), draw(st.integers(0, len(edited)))
        moved = edited[at : at + 2]
        edited = edited[:at] + edited[at + 2 :]
        edited[to:to] = draw(st.sampled_from([moved, [], [draw(markdown())]]))
    return "".join(pieces), "".join(edited)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_can_be_had_back(old: str, new: str) -> None:
    lossless(old, new)


@settings(max_examples=300)
@given(revised())
def test_any_revision_can_be_had_back_and_undone(texts: tuple[str, str]) -> None:
    old, new = texts
    assert redline(old, new).accept() == redline(new, old).reject() == new
    lossless(old, new)


@settings(max_examples=150)
@given(revised())
def test_every_edit_and_move_is_cut_from_its_source(texts: tuple[str, str]) -> None:
    diff = lossless(*texts).diff
    passages = [(edit.before, edit.after) for edit in diff.edits]
    passages += [(move.before, move.after) for move in diff.moves]
    for before, after in passages:
        for passage, document in ((before, diff.before), (after, diff.after)):
            assert document.text[passage.start : passage.end] == passage.text
            assert passage.place == document.place(passage.start)
            assert passage.sentence in document.text


@settings(max_examples=150)
@given(revised())
def test_texts_that_differ_have_an_edit_or_a_move(texts: tuple[str, str]) -> None:
    diff = redline(*texts).diff
    assert bool(diff.edits or diff.moves) == (texts[0] != texts[1])


@settings(max_examples=150)
@given(revised())
def test_edits_tell_all_that_the_spans_show(texts: tuple[str, str]) -> None:
    diff = lossless(*texts).diff  # before strokes are joined, and cut at the borders of cells
    drawn_whole = {Layer.WORDS, Layer.TYPOGRAPHY}  # of a link or of markup only the part that changed is drawn
    struck = sum(len(span.text) for span in diff.spans if span.kind == "deleted" and span.layer in drawn_whole)
    told = sum(len(edit.before.text) for edit in diff.edits if edit.layer in drawn_whole)
    assert told <= struck
    assert all(edit.before.text != edit.after.text for edit in diff.edits)


@settings(max_examples=100)
@given(markdown())
def test_quotes_and_line_ends_never_change_a_word(text: str) -> None:
    wrapped = text.replace("'", "’").replace("\r\n", "\n")
    assert Layer.WORDS not in {edit.layer for edit in redline(text, wrapped).diff.edits}


PROGRAM = """
import hashlib, sys
from notifier import redline
old = "\\n\\n".join(f"We {w} the {n} of {w}s and {n}s, part {i % 7}." for i, (w, n) in enumerate(
    (w, n) for w in "collect share keep sell erase".split() for n in "name card mail call note".split()))
parts = old.split("\\n\\n")
new = "\\n\\n".join(parts[9:] + [p.replace("the", "any") for p in parts[3:9]] + parts[:2])
print(hashlib.sha256(repr((redline(old, new).spans, redline(old, new).diff.edits)).encode()).hexdigest())
"""


def test_the_same_texts_give_the_same_redline_whatever_the_hash_seed() -> None:
    answers = set()
    for seed in ("0", "1", "4242"):
        environ = {**os.environ, "PYTHONHASHSEED": seed}
        answers.add(
            subprocess.run([sys.executable, "-c", PROGRAM], env=environ, capture_output=True, check=True).stdout
        )
    assert len(answers) == 1


def test_three_hundred_real_revisions_can_be_had_back() -> None:
    if not DIFFS.is_dir():
        pytest.skip(f"NO REAL REVISIONS AT {DIFFS}: losslessness is tested on made-up texts only")
    for old in sorted((DIFFS / "pairs").glob("*.old.md")):
        new = old.with_name(old.name.replace(".old.", ".new."))
        lossless(*(path.read_bytes().decode("utf-8", "surrogateescape") for path in (old, new)))


@given(st.text("abcdef", max_size=60), st.text("abcdef", max_size=60))
def test_the_compiled_and_the_original_diff_match_patch_say_the_same(one: str, other: str) -> None:
    assert [tuple(step) for step in edit_script(one, other)] == edit_script_in_python(one, other)

"""Laws that hold for any two texts: nothing is lost, every edit is cut from its source, no machine differs."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.diff.marks import lossless
from tests.examples import examples
from tests.text.test_visible_words import TEXTS

from notifier import redline
from notifier.diff import NEW_KINDS, OLD_KINDS, Diff, Layer, Passage, SpanKind
from notifier.diff.engine import edit_script, edit_script_in_python
from notifier.diff.extents import Extents, extents_of
from notifier.diff.gap_atoms import reading
from notifier.diff.redline import Redline
from notifier.text.document import Document

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


@settings(max_examples=examples(120))
@given(revised())
def test_any_revision_can_be_had_back_and_every_change_is_told_where_it_stands(texts: tuple[str, str]) -> None:
    old, new = texts
    diff = lossless(old, new).diff

    assert redline(new, old).reject() == new
    assert bool(diff.edits or diff.moves) == (old != new)
    is_cut_from_its_source(diff)
    tells_all_that_the_spans_show(diff)


def is_cut_from_its_source(diff: Diff) -> None:
    passages = [(edit.before, edit.after) for edit in diff.edits]
    passages += [(move.before, move.after) for move in diff.moves]
    for before, after in passages:
        for passage, document in ((before, diff.before), (after, diff.after)):
            assert document.text[passage.start : passage.end] == passage.text
            assert passage.place == document.place(passage.start)
            assert passage.sentence in document.text


def tells_all_that_the_spans_show(diff: Diff) -> None:
    """The spans as they are before strokes are joined, and cut at the borders of cells."""
    drawn_whole = {Layer.WORDS, Layer.TYPOGRAPHY}  # of a link or of markup only the part that changed is drawn
    struck = sum(len(span.text) for span in diff.spans if span.kind == "deleted" and span.layer in drawn_whole)
    told = sum(len(edit.before.text) for edit in diff.edits if edit.layer in drawn_whole)
    assert told <= struck
    for edit in diff.edits:
        before, after = (diff.before, edit.before), (diff.after, edit.after)
        assert edit.before.text != edit.after.text or read(*before) != read(*after)


def read(document: Document, passage: Passage) -> list[str]:
    """The words and signs that a passage says."""
    return said(document, passage.start, passage.end)


def said(document: Document, start: int, end: int) -> list[str]:
    """The words and signs that a stretch of the source says, struck out or not."""
    return list(reading([extents_of(document).between(start, end)])) if start < end else []


def is_same_number(old: Extents, a: int, new: Extents, b: int, size: int) -> bool:
    """Is what is kept the number of a clause or item, which only one side counts up to?"""
    one, other = (
        {"".join(side.seen(at, at + size, with_numbers=is_said).split()) for is_said in (True, False)}
        for side, at in ((old, a), (new, b))
    )
    return not one.isdisjoint(other)


def untold(drawn: Redline) -> str | None:
    """Where words differ and no edit says so, or an edit says so and none do."""
    diff = drawn.diff
    a = b = 0
    for span in diff.spans:
        size = len(span.text)
        is_kept = span.kind is SpanKind.KEPT
        differ = is_kept and said(diff.before, a, a + size) != said(diff.after, b, b + size)
        if differ and not is_same_number(extents_of(diff.before), a, extents_of(diff.after), b, size):
            return f"{span.text!r} is kept"
        a += size if span.kind in OLD_KINDS else 0
        b += size if span.kind in NEW_KINDS else 0
    for edit in diff.edits:
        if edit.layer is not Layer.WORDS and read(diff.before, edit.before) != read(diff.after, edit.after):
            return f"{edit.before.text!r} is changed on the layer of {edit.layer}"
    is_told = bool(diff.moves) or any(edit.layer is Layer.WORDS for edit in diff.edits)
    differ = said(diff.before, 0, len(diff.before.text)) != said(diff.after, 0, len(diff.after.text))
    return f"differ: {differ}, told: {is_told}" if differ is not is_told else None


@settings(max_examples=examples(120))
@given(st.tuples(TEXTS, TEXTS, TEXTS, TEXTS))
def test_words_differ_where_an_edit_on_their_layer_says_so_and_nowhere_else(parts: tuple[str, ...]) -> None:
    """Words hidden, struck out, in addresses of links or in code are what a reader makes of them."""
    head, old, new, tail = parts
    assert untold(lossless(f"{head}{old}{tail}", f"{head}{new}{tail}")) is None


@pytest.mark.parametrize(
    ("old", "new", "is_told"),
    [
        ("We never sell it.", "We ~~never~~ sell it.", True),
        ("We never sell it.", "We <del>never</del> sell it.", True),
        ("- [ ] agreed", "- [x] agreed", True),
        ("We sell it.", "<!-- We sell it. -->", True),
        ("We sell it.", "<div hidden>We sell it.</div>", True),
        ("<script>\nno\n</script>\n\nWe sell it.", "<script>\n\nWe sell it.", True),
        ("[a]: /x 'We sell it.'\n\nWe [a].", "[a]: /x 'We keep it.'\n\nWe [a].", False),
        ("<div title='We sell it.'>It.</div>", "<div title='We keep it.'>It.</div>", False),
        ("---\nsummary: We sell.\n---\nIt.", "---\nsummary: We keep.\n---\nIt.", False),
        ("<td>Data<td>Kept", "<td>Data</td>\n<td>Kept</td>", False),
        ("unhappy", "**un**happy", False),
        ("A & B", "A &amp; B", False),
        ("We 👩\u200d👩\u200d👧 it", "We 👩\u200d👩\u200d👦 it", True),
        ("> [!NOTE]\n> It.", "> [!WARNING]\n> It.", True),
        ("We keep it[^1].\n\n[^1]: A year.", "We keep it[^1].\n\n[^1]: A month.", True),
        ("2.5 percent of it is sold.", "9.5 percent of it is sold.", True),
        ("30. Juni ist der Tag.", "31. Juni ist der Tag.", True),
        ("1. Juni ist der Tag.", "15. Juni ist der Tag.", True),
        ("## 30. Juni", "## 31. Juni", True),
        ("(30) days of notice.", "(60) days of notice.", True),
        ("<ol start=30><li>Juni ist der Tag.</ol>", "<ol start=31><li>Juni ist der Tag.</ol>", True),
        ("1. We keep.\n2. We sell.", "1. We keep.\n1. We sell.", False),
        ("1. We keep.\n\nIt.\n\n2. We sell.", "2. We keep.\n\nIt.\n\n3. We sell.", True),
        ("0. We keep.\n1. We sell.\n\nIt.\n\n2. We.", "1. We keep.\n2. We sell.\n\nIt.\n\n3. We.", False),
        ("2.4 We keep.\n\n2.5 We sell.", "2.5 We keep.\n\n2.6 We sell.", False),
        ("请访问https://a.example，我们保留。", "请访问https://a.example，我们出售。", True),
    ],
)
def test_what_a_reader_reads_is_told_and_nothing_else(old: str, new: str, is_told: bool) -> None:
    drawn = lossless(old, new)
    assert (Layer.WORDS in {edit.layer for edit in drawn.diff.edits}) is is_told
    assert untold(drawn) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [("We\n> We", "> We\n> We"), ("}\r\nit", "```\n}\r\nit"), ("We http://a.example\n", "```\nWe http://a.example\n")],
)
def test_markup_written_the_same_has_stayed_whatever_it_marks(old: str, new: str) -> None:
    assert [edit for edit in lossless(old, new).diff.edits if edit.before.text == edit.after.text] == []


def test_a_number_that_stays_is_not_told_though_the_list_above_it_no_longer_leads_to_it() -> None:
    old, new = "1. a\n2. b\n\nand\n\n3. c", "1. a\n\nand\n\n3. c"

    words = [edit for edit in lossless(old, new).diff.edits if edit.layer is Layer.WORDS]

    assert [edit.before.text.strip() for edit in words] == ["2. b"]


def test_real_revisions_with_words_taken_out_and_put_in_tell_all_of_it() -> None:
    if not DIFFS.is_dir():
        pytest.skip(f"NO REAL REVISIONS AT {DIFFS}: what edits tell is tested on made-up texts only")
    rng = random.Random(11)  # noqa: S311 - the same edits at every run
    for old in sorted((DIFFS / "pairs").glob("*.old.md"))[::30]:
        text = old.read_bytes().decode("utf-8", "surrogateescape")
        words = re.split(r"(\s+)", text)
        for _ in range(12):
            at = rng.randrange(len(words))
            words[at : at + rng.randrange(3)] = rng.choice([[], [" not "], ["\n\n"], ["<!--"], ["~~"], ["`"], ["["]])
        assert untold(lossless(text, "".join(words))) is None, old.name


@settings(max_examples=examples(40))
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


@pytest.mark.processes
def test_the_same_texts_give_the_same_redline_whatever_the_hash_seed() -> None:
    answers = set()
    for seed in ("0", "1", "4242"):
        environ = {**os.environ, "PYTHONHASHSEED": seed}
        answers.add(
            subprocess.run([sys.executable, "-c", PROGRAM], env=environ, capture_output=True, check=True).stdout
        )
    assert len(answers) == 1


@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.soak)])
def test_real_revisions_can_be_had_back(every: int) -> None:
    if not DIFFS.is_dir():
        pytest.skip(f"NO REAL REVISIONS AT {DIFFS}: losslessness is tested on made-up texts only")
    found = sorted((DIFFS / "pairs").glob("*.old.md"))[::every]
    assert found
    for old in found:
        new = old.with_name(old.name.replace(".old.", ".new."))
        lossless(*(path.read_bytes().decode("utf-8", "surrogateescape") for path in (old, new)))


@given(st.text("abcdef", max_size=60), st.text("abcdef", max_size=60))
def test_the_compiled_and_the_original_diff_match_patch_say_the_same(one: str, other: str) -> None:
    assert [tuple(step) for step in edit_script(one, other)] == edit_script_in_python(one, other)

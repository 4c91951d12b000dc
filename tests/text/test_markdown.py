"""What holds of every document: where its blocks and runs stand, and that no text breaks the reader."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from notifier.text.document import BlockKind, Place
from notifier.text.markdown import parse, read

_BITS = (
    "We you may not share 30 days. **bold** _it_ ~~never~~ [link](https://a.example/x) [ref][r] [r]: /x ![alt](p.png) "
    "<b> </b> <i> </i> <div> <div hidden> </div> <span hidden> </span> <!-- --> <!-- <script> </script> <style> "
    "<table> <tr> <td> </td> </tr> </table> <ul> <li> </li> </ul> <h2> </h2> <p> </p> <pre> </pre> <br> <hr> <td "
    "<a href='y'> </a> <?x ?> <!X > <![CDATA[ ]]> &nbsp; &amp; &#0; &copy [^1] [^1]: [^a] [^a]: [ ] [x] [!NOTE] "
    "| |---|---| ``` ~~~ # ## {#id} - * 1. 2) > === --- \\* \\| ` `` : +++ http://a.example/(x) www.a.example "
    "我们 数据。 ไม่ p\u0430y cafe\u0301 \ufeff \u00a0 \u202e \u2028 \x0b \x00 \U0001f600 \ud800 👩‍👩‍👧"
)
BITS = st.sampled_from(_BITS.split(" "))
GAPS = st.sampled_from(
    [" ", "", "\n", "\n\n", "\r\n", "\r", "\t", "\n- ", "\n- [ ] ", "\n1. ", "\n> ", "\n# ", "\n    ", "\n| ", "\n: "]
)
TEXTS = st.lists(st.tuples(BITS, GAPS), max_size=40).map(lambda pairs: "".join(bit + gap for bit, gap in pairs))


@settings(max_examples=examples(120))
@given(TEXTS)
def test_any_text_is_read_and_every_block_and_run_stands_where_it_says(text: str) -> None:
    document = parse.__wrapped__(text)
    at = 0
    for block in document.blocks:
        assert at <= block.start < block.end <= len(text)
        assert bool(block.runs or block.row) is (block.kind is not BlockKind.RULE)
        at = block.start
        for run in block.runs:
            assert at <= run.start <= run.end <= block.end
            at = run.end
            assert not run.is_verbatim or run.text == _shown(text[run.start : run.end])
    starts = sorted((block.start, block.end) for block in (*document.blocks, *document.unseen))
    assert all(one[1] <= two[0] for one, two in pairwise(starts))


def _shown(source: str) -> str:
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in source)


def test_what_a_page_never_shows_is_no_word_wherever_it_stands() -> None:
    for text in ("<!-- no -->", "<script>no</script>", "<div hidden>\n\nno\n\n</div>", "[r]: /no 'no'", "<?no ?>"):
        assert parse(text).visible_words() == [], text
        assert parse(f"{text}\n\nyes").visible_words() == ["yes"], text


def test_a_block_knows_its_headings_and_its_number_below_them() -> None:
    document = parse("# A\n\none\n\n## B *and* [C](x)\n\ntwo\n\n<p>three</p>\n\n<h1>D</h1>\n")
    assert [(block.section, block.paragraph) for block in document.blocks] == [
        (("A",), 0),
        (("A",), 1),
        (("A", "B and C"), 0),
        (("A", "B and C"), 1),
        (("A", "B and C"), 2),
        (("D",), 0),
    ]


def test_a_place_is_counted_as_an_editor_counts_it() -> None:
    document = parse("one\ntwo\r\nthree")
    assert [document.place(offset) for offset in (0, 3, 4, 9, 13)] == [
        Place(1, 1),
        Place(1, 4),
        Place(2, 1),
        Place(3, 1),
        Place(3, 5),
    ]


def test_a_stretch_of_the_source_is_read_as_its_runs() -> None:
    document = parse("We **never** [sell](x)\n\n<!-- no --> it.\n")
    read = [run.text for run in document.runs_between(5, len(document.text))]
    assert read == ["never", " ", "sell", "\n", "it."]
    assert [run.text for run in document.runs_between(6, 9)] == ["eve"]


def test_an_unclosed_list_or_cell_of_raw_html_takes_in_only_what_follows_it_in_its_block() -> None:
    for opened in ("<div hidden>\n", "<table><tr><td>a\n", "<ul><li>a\n", "<details>\n"):
        assert parse(f"{opened}\nwords\n").blocks[-1].path == (), opened
        assert parse(f"{opened}\nwords\n").blocks[-1].text == "words", opened


def test_a_text_is_parsed_once() -> None:
    text = "# A text\n"
    assert parse(text) is parse(text)


def test_what_is_nested_without_end_is_bounded() -> None:
    for opened in (">", "- ", "<div>", "<b>", "<ul><li>", "<table><tr><td>", "*a ", "[", "<a ", "<!-- ", "&", "`"):
        document = parse.__wrapped__(opened * 20_000 + "words")
        assert all(len(block.path) <= 101 for block in document.blocks), opened


def test_a_very_long_line_is_one_block() -> None:
    (block,) = parse.__wrapped__("word " * 400_000).blocks
    assert len(block.runs) == 1


@pytest.mark.parametrize("text", ["- n\n   {}\n  =", "1. We\n    {}\n   -\n\n[^1] it\n\n[^1]: note"])
def test_a_text_that_the_parser_panics_on_is_read_without_what_it_panics_on(text: str) -> None:
    assert {"{}"} < set(parse(text).visible_words())


def test_a_text_that_no_parser_reads_is_shown_as_it_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    def panic(*_: object, **__: object) -> None:
        raise type("PanicException", (BaseException,), {})

    monkeypatch.setattr("pyromark.events_with_range", panic)
    document = read("---\ntitle: no\n---\n<!-- We -->\n[sell](/it)\n")

    assert [block.text for block in document.blocks] == ["<!-- We -->\n[sell](/it)"]

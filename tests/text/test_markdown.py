"""Markdown as its reader sees it: what is visible, how it is set, where it stands."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.text.document import BlockKind, ContainerKind, Document, RunKind
from notifier.text.markdown import parse

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


def seen(text: str) -> list[tuple[str, str]]:
    """The kind of each block and what a reader reads of it."""
    return [(block.kind.value, block.text) for block in parse(text).blocks]


def shown(text: str) -> str:
    """The runs of the first block: `never/s`."""
    runs = parse(text).blocks[0].runs
    return " ".join("/".join([run.text.strip(), *(style.value for style in run.styles)]) for run in runs)


def around(document: Document, index: int = -1) -> list[str]:
    """The kinds of the containers of a block."""
    return [container.kind.value for container in document.blocks[index].path]


@settings(max_examples=400)
@given(TEXTS)
def test_any_text_is_read_and_every_block_and_run_stands_where_it_says(text: str) -> None:
    document = parse.__wrapped__(text)
    at = 0
    for block in document.blocks:
        assert at <= block.start < block.end <= len(text)
        assert bool(block.cells) is (block.kind is not BlockKind.RULE)
        at = block.start
        for run in block.runs:
            assert at <= run.start <= run.end <= block.end
            at = run.end
            assert not run.is_verbatim or run.text == _shown(text[run.start : run.end])
    starts = sorted((block.start, block.end) for block in (*document.blocks, *document.unseen))
    assert all(one[1] <= two[0] for one, two in pairwise(starts))


def _shown(source: str) -> str:
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in source)


def test_a_raw_table_is_its_rows_and_cells() -> None:
    text = "<table>\n<tr><td>Data<td>Kept\n<tr><td>Logs<td>30 days\n</table>"
    assert seen(text) == [("table_row", "Data\tKept"), ("table_row", "Logs\t30 days")]
    assert around(parse(text)) == ["table", "table_body"]


def test_markdown_in_raw_html_stands_in_its_lists_and_cells() -> None:
    assert around(parse("<ul><li>\n\n**a**\n\n</li></ul>")) == ["bullet_list", "item"]
    assert seen("<table><tr><td>\n\n- a\n- b\n\n</td><td>c</td></tr></table>") == [("table_row", "a\nb\tc")]


def test_what_a_page_does_not_show_is_no_word() -> None:
    for text in (
        "<!-- no -->",
        "<script>no</script>",
        "<style>\n\nno\n\n</style>",
        "<?no ?>",
        "<!no>",
        "<div hidden>\n\nno\n\n</div>",
        "<p style='display: none'>no</p>",
        "[r]: /no 'no'",
        "---\ntitle: no\n---\n",
        "\n<iframe src='no'>no</iframe>",
    ):
        assert parse(text).visible_words() == [], text
        assert parse(f"{text}\n\nyes").visible_words() == ["yes"], text


def test_words_struck_out_stay_words_and_look_it() -> None:
    assert shown("We ~~never~~ <del>ever</del> sell") == "We never/s  ever/s sell"


def test_a_task_an_alert_and_a_footnote_say_what_github_shows() -> None:
    document = parse("- [x] done[^n]\n\n> [!NOTE]\n> text\n\n[^n]: why\n")
    assert document.visible_words() == ["☑", "done", "Note", "text", "why"]
    assert [run.text for run in document.blocks[0].runs if run.kind is RunKind.FOOTNOTE] == ["1"]
    assert document.blocks[0].path[-1].is_done
    assert around(document, 2) == [ContainerKind.ALERT]
    assert document.footnotes == ("n",)


def test_entities_are_the_characters_they_stand_for() -> None:
    assert parse("A&amp;B &copy; `&lt;`").visible_words() == ["A&B", "©", "&lt;"]


def test_a_heading_keeps_its_id_out_of_its_words() -> None:
    (block,) = parse("## What we keep {#keep}").blocks
    assert (block.text, block.anchors, block.level) == ("What we keep", ("keep",), 2)


def test_what_is_nested_without_end_is_bounded() -> None:
    for text in (">" * 50_000 + " a", "- " * 50_000 + "a", "<div>" * 50_000 + "a", "<b>" * 50_000 + "a"):
        (block,) = parse.__wrapped__(text).blocks
        assert block.text == "a"
        assert len(block.path) <= 100

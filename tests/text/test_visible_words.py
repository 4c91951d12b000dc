"""One definition of visible: the words of a document are the words that a browser shows of the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.text.browser_words import browser_words
from tests.text.outline import outline

from notifier.text.markdown import parse

CASES = sorted((Path(__file__).parents[1] / "cases" / "markdown").glob("*.md"))
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
EVERY = 40
"""Of the real texts one in so many; `make soak` reads all of them, which takes two minutes."""

_BITS = (
    "We you may not share 30 days. **bold** _it_ ~~never~~ [link](https://a.example/x) [ref][r] [r]: /x ![alt](p.png) "
    "&nbsp; &amp; &#0; &copy [^1] [^1]: [^a] [^a]: [ ] [x] [!NOTE] | |---|---| ``` ~~~ # ## {#id} - * > === --- "
    "\\* \\| ` `` : +++ http://a.example/(x) www.a.example 我们 数据。 ไม่ p\u0430y cafe\u0301 \u00a0 \u202e \u2028 "
    "\x0b \x00 \U0001f600 👩\u200d👩\u200d👧 <b>one</b> <!--no--> <span>two</span> <span/hidden>no</span> <br> "
    "<del>x</del> <sup>3</sup>"
)
_BLOCKS = (
    "<p>one<p>two",
    "<div hidden>no</div>",
    "<table><tr><td>a<td>b<tr><td>c</table>",
    "<ul><li>a<li>b<ul><li>c</ul></ul>",
    "<script>no</script>",
    "<!-- no\n\nno -->",
    "<h2>three</h2>",
    "<dl><dt>t<dd>d</dl>",
    "<pre>\n a\n  b</pre>",
    "<ol type=a><li>\n\n*x*\n\n</ol>",
)
WORDS = st.sampled_from(_BITS.split(" "))
GAPS = st.sampled_from(
    [" ", "", "\n", "\n\n", "\r\n", "\t", "\n- ", "\n- [ ] ", "\n1. ", "\n> ", "\n# ", "\n    ", "\n: "]
)
BITS = st.tuples(WORDS, GAPS) | st.tuples(st.sampled_from([f"\n\n{block}" for block in _BLOCKS]), st.just("\n\n"))
TEXTS = st.lists(BITS, max_size=30).map(lambda pairs: "".join(bit + gap for bit, gap in pairs))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_kind_of_markdown_reads_as_its_outline_says_and_as_a_browser_shows_it(path: Path) -> None:
    text = path.read_bytes().decode()
    document = parse(text)

    assert outline(document) == path.with_suffix(".txt").read_text("utf-8")
    assert document.visible_words() == browser_words(text)


@settings(max_examples=examples(120))
@given(TEXTS)
def test_the_words_of_any_text_are_those_a_browser_shows(text: str) -> None:
    assert parse.__wrapped__(text).visible_words() == browser_words(text)


@pytest.mark.parametrize("every", [EVERY, pytest.param(1, marks=pytest.mark.soak)])
def test_the_words_of_real_policies_are_those_a_browser_shows(every: int) -> None:
    files = sorted((SHARED / "corpus" / "revisions").glob("*.md")) + sorted((SHARED / "diffs").glob("*/*.md"))
    if not files:
        pytest.skip(f"NO REAL POLICIES AT {SHARED}: visible words are tested on made-up texts only")
    for path in files[::every]:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        assert parse.__wrapped__(text).visible_words() == browser_words(text), path.name

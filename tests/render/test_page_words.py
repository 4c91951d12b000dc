"""Where the words of two posted pages differ the redline says so on the layer of words, and nowhere else.

The pages are read as HTML: whatever hides in attributes, styles, closed elements or characters of no width counts for
what the page makes of it.
"""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from notifier import redline
from notifier.diff import Layer
from notifier.render.labels import Labels
from notifier.render.site.anchors import NO_ANCHORS, next_anchors
from notifier.render.site.policy_body import draw_policy
from notifier.text.markdown import parse
from tests.examples import examples

_HTML = (
    "<i hidden>X</i>", "<p hidden>X</p>", "<i style='display:none'>X</i>", "<i style='font-size:0'>X</i>",
    "<i style='opacity:0.0'>X</i>", "<i style='color:white'>X</i>", "<i style='position:absolute;left:-9em'>X</i>",
    "<i hidden=until-found>X</i>", "<abbr title='X'>a</abbr>", "<i aria-label='X'>a</i>", "<img alt='X' src=a>",
    "<a title='X' href=/y>a</a>", "<a href='/X'>a</a>", "<input value='X'>",
    "<details><summary>X</summary>X</details>", "<details hidden>X</details>", "<dialog>X</dialog>",
    "<template>X</template>", "<noscript>X</noscript>", "<object>X</object>", "<video>X</video>",
    "<svg><text>X</text></svg>", "<textarea>X</textarea>", "<select><option>X<option>X</select>",
    "<ruby>X<rp>(</rp><rt>X</rt></ruby>", "<bdo dir=rtl>X</bdo>", "<del>X</del>", "<ins>X</ins>", "<q>X</q>",
    "<sup>X</sup>", "<!-- X -->", "<script>X</script>", "<style>X</style>", "<title>X</title>", "<xmp>X</xmp>",
    "<![CDATA[X]]>", "<?x X ?>", "<x-y>X</x-y>", "<table><caption>X</caption><tr><td>X<td>X</table>",
    "<ol start=7><li>X</ol>", "<dl><dt>X<dd>X</dl>", "<optgroup label='X'>X</optgroup>", "<iframe>X</iframe>",
    "<area alt='X'>", "<font size=0>X</font>",
)  # fmt: skip
_MARKDOWN = (
    "X", "**X**", "~~X~~", "`X`", "``` X", "![X](/a)", "![a](/b 'X')", "[X](/y 'X')", "[X](/X)", "[X][r]",
    "[r]: /y 'X'", "[^X]", "{#X}", "\\X", "# X", "> X", "- X", "- [x] X", ": X", "7. X", "1. X", "> [!NOTE]\n> X",
    "[^a]: X", "a\n: X", "| X | X |\n|---|---|\n| X | X |",
)  # fmt: skip
_SIGNS = (
    "&nbsp;", "&zwnj;", "&shy;", "&amp;", "&lt;b&gt;", "&copy", "&#8238;", "&#x200b;", "&#0;", "&euro;",
    "mu\u200bst", "\u202eX\u202c", "\u2066X\u2069", "\ufeff", "cafe\u0301", "p\u0430y", "👩\u200d👩\u200d👧", "10%",
    "$5", "§3", "≥5", "数据。", "ไม่",
)  # fmt: skip
WORDS = st.sampled_from(["sell", "keep", "never", "30"])
SHAPES = st.sampled_from([*_HTML, *_MARKDOWN, *_SIGNS])
GAPS = st.sampled_from([" ", "", "\n", "\n\n", "\r\n", "\t"])


@st.composite
def revisions(draw: st.DrawFn) -> tuple[str, str]:
    """Shapes filled with words, and the same with one of them filled with another word, left out or put in."""
    shapes = draw(st.lists(st.tuples(SHAPES, GAPS), min_size=1, max_size=7))
    pieces = [shape.replace("X", draw(WORDS)) + gap for shape, gap in shapes]
    at = draw(st.integers(0, len(pieces) - 1))
    shape, gap = draw(st.sampled_from([shapes[at], ("", ""), draw(st.tuples(SHAPES, GAPS))]))
    edited = [*pieces[:at], shape.replace("X", draw(WORDS)) + gap, *pieces[at + draw(st.integers(0, 1)) :]]
    return "".join(pieces), "".join(edited)


class PageWords(HTMLParser):
    """The text of a page's body, without what pages add."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.number = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in ("br", "hr", "img", "input"):
            return
        self.open.append((tag, not {"said", "ours", "note-number", "back"}.isdisjoint(values.get("class", "").split())))
        self.text += ["\u0336"] if tag == "s" else []
        self.text += [" "] if values.get("class") == "picture" else []  # its words are none of the sentence's
        if tag == "ol":
            self.number = int(values.get("start", "0"))
        if tag == "li" and self.number:  # a list that does not just count says its numbers
            self.text.append(f" {self.number} ")
            self.number += 1

    def handle_endtag(self, tag: str) -> None:
        self.text += ["\u0336"] if tag == "s" else []
        if self.open and self.open[-1][0] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += [] if any(is_ours for _, is_ours in self.open) else [data]


_FORM = re.compile(r"[\"'“”‘’‚„«»‹›…–—―‐‑•·\-\s\u00ad\u200b-\u200f\u2060\ufeff.()]")
"""Typography and white space, which are layers of their own."""


def page_text(text: str) -> str:
    document = parse(text)
    page = draw_policy(document, next_anchors(NO_ANCHORS, document), Labels())
    words = PageWords()
    words.feed(f"{page.title}\n{page.body}")
    words.close()
    return unicodedata.normalize("NFC", "".join(words.text))


@settings(max_examples=examples(120))
@given(revisions())
def test_words_of_pages_differ_where_the_redline_says_so_and_nowhere_else(texts: tuple[str, str]) -> None:
    diff = redline(*texts).diff
    is_told = bool(diff.moves) or any(edit.layer is Layer.WORDS for edit in diff.edits)
    old, new = map(page_text, texts)

    assert is_told or _FORM.sub("", old) == _FORM.sub("", new), "untold"
    assert not is_told or old.split() != new.split(), "told, and nobody sees it"

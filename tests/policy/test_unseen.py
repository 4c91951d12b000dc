"""What stands in a policy's source and on no page is named."""

from __future__ import annotations

import pytest

from notifier.policy.drafts.unseen import unseen_findings
from notifier.policy.revision import FrontMatter, PolicyText

TEXT = "# Privacy\n\nWe keep it.\n\n{}\n\n## Changes\n\nWe tell you.\n"
RIGHT = "You may object at any time."


def told(text: str) -> list[tuple[bool, str]]:
    found = unseen_findings(PolicyText("p.md", "en", "", text, FrontMatter(), "Privacy"))
    assert {one.line for one in found} <= {5}
    return [(one.is_error, one.message) for one in found]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (f"<script>\n{RIGHT}", "<script> and hides all below it"),
        (f"<style>\n{RIGHT}", "<style> and hides all below it"),
        (f"<title>\n{RIGHT}", "<title> and hides all below it"),
        (f"<!--\n{RIGHT}", "<!-- is never closed, and hides all below it"),
        (f"<?\n{RIGHT}", '"<? You may object'),
        (f"<!X\n{RIGHT}", '"<!X You may object'),
        (f"<![CDATA[\n{RIGHT}", '"<![CDATA[ You may object'),
        (f"```\n{RIGHT}", "``` is never closed: all below is shown as code"),
        (f"~~~~ html\n{RIGHT}", "~~~~ is never closed"),
    ],
)
def test_what_hides_the_rest_of_the_page_must_be_mended(words: str, said: str) -> None:
    [(is_error, message)] = told(TEXT.format(words))

    assert is_error
    assert message.startswith(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (f"<script>{RIGHT}</script>", "<script> and what stands in it is on no page"),
        (f"<template>{RIGHT}</template>", "<template> and what stands in it is on no page"),
        (f"<p hidden>{RIGHT}</p>", "<p> is hidden"),
        (f'<span style="font-size:0">{RIGHT}</span>', "<span> is hidden"),
        (f'<div style="display: none">\n\n{RIGHT}\n\n</div>', "<div> is hidden"),
        (f'<div title="{RIGHT}">\n</div>', 'the words in title="…" of <div>'),
        (f"<? {RIGHT} ?>", '"<? You may object'),
        ("[You may object at any time]: /x", "defines a link, and is on no page"),
        (f'[x]: /x "{RIGHT}"', "defines a link, and is on no page"),
        (f'<span style="color:#fff">{RIGHT}</span>', "style= on <span> is not kept"),
        (f'<p onclick="x()">{RIGHT}</p>', "onclick= on <p> is not kept"),
        (f"<blink>{RIGHT}</blink>", "<blink> is not kept, only the words in it"),
    ],
)
def test_what_a_page_drops_or_hides_is_told_as_advice(words: str, said: str) -> None:
    [(is_error, message)] = told(TEXT.format(words))

    assert not is_error
    assert said in message


@pytest.mark.parametrize(
    "words",
    [
        RIGHT, f"~~{RIGHT}~~", f"<del>{RIGHT}</del>", "`<script>`", "```html\n<script>\n```", "\\<script>", "a < b > c",
        "<!-- say more about this, says Ann -->", "<br>", '<a href="/x" id="y">x</a>', "[home]: /x",
        "![A very long text about it](x.png)",
        "<table><tr><td>a</td></tr></table>", "<details><summary>s</summary>\n\nx\n\n</details>",
    ],
)  # fmt: skip
def test_what_a_page_shows_is_not_named(words: str) -> None:
    assert told(TEXT.format(words)) == []


def test_front_matter_is_no_part_of_the_page() -> None:
    assert told("---\nnote: <script>\n---\n# Privacy\n\nWe keep it.\n") == []


def test_addresses_in_angle_brackets_are_no_tags() -> None:
    assert told(TEXT.format("See <https://chat.example/x>, <mailto:a@chat.example> or <privacy@chat.example>.")) == []

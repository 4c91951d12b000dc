"""The words that a browser shows of a page are the words of the document: one definition of what is visible."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifier.render.block_html import drawing_order
from notifier.render.labels import Labels
from notifier.render.site.anchors import NO_ANCHORS, next_anchors
from notifier.render.site.policy_body import draw_policy
from notifier.text.document import Document, RunKind
from notifier.text.markdown import parse
from tests.render.histories import hostile, site
from tests.text.test_markdown import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "diffs" / "pairs"
STYLE = (Path(__file__).resolve().parents[2] / "templates/pages/assets/pages.css").read_text(encoding="utf-8")
SHOWN = """bodies => {
  const frame = document.querySelector("article");
  return bodies.map(body => {
    frame.innerHTML = body;
    frame.querySelectorAll(".said, .ours, .folded, .note-number, .back").forEach(ours => ours.remove());
    return frame.innerText;
  });
}"""
"""What a browser shows of each body, without what pages add to the policy's words."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(java_script_enabled=True)
    page.set_content(f"<!doctype html><style>{STYLE}</style><article></article>")
    yield page
    page.close()


def words_in_order(document: Document) -> list[str]:
    """The document's words as a page has them: footnotes last. What lists draw is no text to a browser."""
    blocks = (document.blocks[index] for index in drawing_order(document))
    unnumbered = (
        block._replace(runs=tuple(run for run in block.runs if run.kind is not RunKind.NUMBER)) for block in blocks
    )
    return replace(document, blocks=tuple(unnumbered)).visible_words()


def differing(page: Page, texts: list[str]) -> list[tuple[str, list[str], list[str]]]:
    """The texts of which the browser shows other words: text, the document's words, the browser's."""
    documents = [parse(text) for text in texts]
    drawn = [draw_policy(document, next_anchors(NO_ANCHORS, document), Labels()) for document in documents]
    shown = page.evaluate(SHOWN, [policy.title + policy.body for policy in drawn])
    both = zip(texts, map(words_in_order, documents), (one.split() for one in shown), strict=True)
    return [(text, words, seen) for text, words, seen in both if words != seen]


def test_a_browser_shows_the_words_of_the_documents_of_the_suite(page: Page) -> None:
    texts = [
        text.text
        for history in site(hostile()).policies
        for one in history.postings
        for text in one.revision.texts.values()
    ]

    assert differing(page, texts) == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=10, max_size=10))
def test_a_browser_shows_the_words_of_any_document(page: Page, texts: list[str]) -> None:
    assert differing(page, texts) == []


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"NOT RUN: no real policies at {CORPUS}")
def test_a_browser_shows_the_words_of_real_policies(page: Page) -> None:
    paths = sorted(CORPUS.glob("*.md"))[::5]

    assert differing(page, [path.read_text(encoding="utf-8", errors="replace") for path in paths]) == []

"""What an office file holds beside its text, which no converter carries over: it is named, so that nobody misses it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

_TEXT = re.compile(r"<(?:w:t|text:p|text:span)(?:\s[^>]*)?>([^<]*)")
_NUMBERED_HEADING = re.compile(
    r"<w:style\b(?:(?!</w:style>).)*?<w:name w:val=\"heading \d\"(?:(?!</w:style>).)*?<w:numPr>", re.S | re.I
)
_HIDDEN_RUN = re.compile(r"<w:r\b(?:(?!</w:r>).)*?<w:vanish(?:\s+w:val=\"(?:1|true|on)\")?\s*/>.*?</w:r>", re.S)
_HIDDEN_ELEMENT = re.compile(
    r"<[a-z][^>]*(?:display\s*:\s*none|visibility\s*:\s*hidden|\shidden(?=[\s>=]))[^>]*>([^<]*)", re.I
)
_MOST_BYTES = 20_000_000
"""Of one part of the file; more is no policy."""


def beside_the_text(source: Path, kind: str) -> Iterator[str]:
    """Page headers and footers, text boxes, and numbers that the program counts by itself."""
    if kind == "html":
        yield from _in_page(source.read_text(encoding="utf-8", errors="replace"))
        return
    try:
        with zipfile.ZipFile(source) as file:
            parts = {one.filename: one.file_size for one in file.infolist()}
            yield from _in_office(file, [name for name, size in parts.items() if size <= _MOST_BYTES], kind)
    except (OSError, zipfile.BadZipFile):
        return


def _in_page(html: str) -> Iterator[str]:
    yield from _shown_now(" ".join(_HIDDEN_ELEMENT.findall(html)))
    for tag, what in (("iframe", "an embedded page"), ("form", "a form"), ("video", "a video"), ("svg", "a drawing")):
        found = len(re.findall(rf"<{tag}\b", html, re.I))
        if found:
            yield f"{what} is left out" + (f" ({found} times)" if found > 1 else "")


def _in_office(file: zipfile.ZipFile, names: list[str], kind: str) -> Iterator[str]:
    if kind == "odt":
        styles = _read(file, names, "styles.xml")
        for what in ("header", "footer"):
            found = re.findall(rf"<style:{what}\b.*?</style:{what}>", styles, re.S)
            yield from _said(f"page {what}", " ".join(_words(one) for one in found))
        return
    for what in ("header", "footer"):
        found = [_words(_read(file, names, one)) for one in sorted(names) if re.fullmatch(rf"word/{what}\d*\.xml", one)]
        yield from _said(f"page {what}", " / ".join(dict.fromkeys(filter(None, found))))
    document = _read(file, names, "word/document.xml")
    boxes = [_words(one) for one in re.findall(r"<w:txbxContent>.*?</w:txbxContent>", document, re.S)]
    yield from _said("text box", " / ".join(dict.fromkeys(filter(None, boxes))))
    yield from _shown_now(" / ".join(filter(None, map(_words, _HIDDEN_RUN.findall(document)))))
    if _NUMBERED_HEADING.search(_read(file, names, "word/styles.xml")):
        yield "numbers of headings that Word counts by itself are left out; write them in where the text cites them"


def _read(file: zipfile.ZipFile, names: list[str], name: str) -> str:
    return file.read(name).decode("utf-8", "replace") if name in names else ""


def _words(xml: str) -> str:
    return " ".join("".join(_TEXT.findall(xml)).split())


def _shown_now(words: str) -> Iterator[str]:
    """What readers of the original did not see."""
    if words.strip():
        yield f'what was hidden there may be text here: "{words[:80]}{"…" if len(words) > 80 else ""}"'


def _said(what: str, words: str) -> Iterator[str]:
    if words:
        yield f'the {what} is left out: "{words[:80]}{"…" if len(words) > 80 else ""}"'

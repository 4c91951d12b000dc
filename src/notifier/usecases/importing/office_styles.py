"""What the converter does not read of an office file: which paragraph is its title, and which bullets are blank."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from notifier.usecases.importing.tree_nodes import Node, inlines_of, words_of

_PARAGRAPH = re.compile(r'<text:p\b[^>]*text:style-name="([^"]*)"[^>]*>(.*?)</text:p>', re.S)
_OF_TITLE = re.compile(r'<style:style\b(?=[^>]*style:parent-style-name="Title")[^>]*style:name="([^"]*)"')
_LISTS = re.compile(r'<w:abstractNum\b[^>]*w:abstractNumId="(\d+)".*?</w:abstractNum>', re.S)
_USES = re.compile(r'<w:num\b[^>]*w:numId="(\d+)"[^>]*>\s*<w:abstractNumId w:val="(\d+)"', re.S)
_MARKS = re.compile(r'<w:lvlText\b[^>]*w:val="([^"]*)"')
_NUMBERING = "word/numbering.xml"


def title_in(source: Path, blocks: list[Node]) -> tuple[list[Node], list[Node]]:
    """Of a LibreOffice file the words of its title, which is none of its headings, and the blocks without it."""
    with zipfile.ZipFile(source) as file:
        xml = file.read("content.xml").decode("utf-8", "replace")
    names = {"Title", *_OF_TITLE.findall(xml)}
    told = [re.sub(r"<[^>]+>", "", words) for style, words in _PARAGRAPH.findall(xml) if style in names]
    wanted = " ".join(told[0].split()) if told else ""
    for at, block in enumerate(blocks):
        if wanted and block["t"] == "Para" and " ".join(words_of(block["c"]).split()) == wanted:
            return inlines_of(wanted), [*blocks[:at], *blocks[at + 1 :]]
    return [], blocks


def with_blank_bullets_continued(content: bytes) -> bytes:
    """A Word file in which a paragraph whose bullet is blank goes on with the item above it, as its reader sees it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            blank = _blank_lists(file.read(_NUMBERING).decode("utf-8", "replace"))
            return _with_continued(file, blank) if blank else content
    except (zipfile.BadZipFile, KeyError):  # no lists in it, or no file of Word's: the converter says what is wrong
        return content


def _with_continued(file: zipfile.ZipFile, blank: set[str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other:
        for name in file.namelist():
            part = file.read(name)
            other.writestr(name, _continued(part, blank) if name == "word/document.xml" else part)
    return made.getvalue()


def _blank_lists(xml: str) -> set[str]:
    shapes = {found[1] for found in _LISTS.finditer(xml) if not "".join(_MARKS.findall(found[0])).strip()}
    return {number for number, shape in _USES.findall(xml) if shape in shapes}


def _continued(document: bytes, blank: set[str]) -> bytes:
    numbers = "|".join(sorted(blank))
    pattern = rf'(<w:numId w:val=")(?:{numbers})(")'.encode()
    return re.sub(pattern, rb"\g<1>0\g<2>", document)

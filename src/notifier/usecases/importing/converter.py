"""Pandoc: the one converter, run without any access to other files or the network."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from notifier.errors import Refused
from notifier.usecases.importing.google_docs import as_plain_page
from notifier.usecases.importing.office_styles import title_in, with_blank_bullets_continued

_READERS = {"docx": "docx+gfm_auto_identifiers", "odt": "odt", "html": "html+gfm_auto_identifiers-native_divs"}
_WRITER = "gfm-raw_html-raw_attribute+footnotes+strikeout"
_MAIN = re.compile(rb"<main\b.*?</main\s*>", re.S | re.I)
_AROUND = re.compile(rb"<(nav|aside|footer|script|style|noscript)\b.*?</\1\s*>", re.S | re.I)
_CHARSET = re.compile(rb"<meta[^>]*charset\s*=\s*[\"']?([\w-]+)", re.I)
_KEPT = "main nav aside footer section u font tt dl dt dd tfoot thead tbody caption colgroup col ins del"
_KEPT_ATTRIBUTES = "id class style href src alt title rowspan colspan start type align role"
_NO_TEXT = "title script style noscript template button select textarea svg"
"""What is in these is no part of what a page's reader reads as its text."""
_PATIENCE_S = 120


def read_tree(source: Path, kind: str) -> dict[str, Any]:
    """The file as Pandoc's tree. Raises Refused where it cannot be read, or the converter is not installed."""
    try:
        content = source.read_bytes()
    except OSError as error:
        raise Refused(f"{source}: {(error.strerror or str(error)).lower()}") from error
    options = ["--track-changes=all"] if kind == "docx" else []
    content = _main_part(_well_formed(content)) if kind == "html" else content
    content = with_blank_bullets_continued(content) if kind == "docx" else content
    said = _pandoc(["--from", _READERS[kind], "--to", "json", *options], content, str(source))
    tree: dict[str, Any] = json.loads(said)
    if kind == "odt":
        title, tree["blocks"] = title_in(source, tree["blocks"])
        tree["meta"] |= {"title": {"t": "MetaInlines", "c": title}} if title else {}
    return tree


def _well_formed(html: bytes) -> bytes:
    """The page as a browser reads it, every element closed: the converter takes `<td>` without an end for none."""
    import nh3

    said = _CHARSET.search(html[:2048])
    tags = set(_KEPT.split()) | set(nh3.ALLOWED_TAGS)
    words = as_plain_page(decoded(html, said[1].decode() if said else "utf-8"))
    attributes = {"*": set(_KEPT_ATTRIBUTES.split())}
    no_text = set(_NO_TEXT.split())
    cleaned = nh3.clean(words, tags=tags, clean_content_tags=no_text, attributes=attributes, link_rel=None)
    return cleaned.encode()


def decoded(content: bytes, encoding: str) -> str:
    """As the page says of itself; else as the one that old programs write without saying so."""
    try:
        return content.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return content.decode("cp1252", "replace")


def _main_part(html: bytes) -> bytes:
    """A page without what stands around its text on every page of a site."""
    mains = _MAIN.findall(html)
    return _AROUND.sub(b"", mains[0] if len(mains) == 1 else html)


def write_markdown(tree: dict[str, Any]) -> str:
    """The tree as Markdown, a paragraph a line: what changes in git then is the sentence that changed."""
    content = json.dumps(tree).encode()
    return _pandoc(["--from", "json", "--to", _WRITER, "--wrap=none"], content, "the document").decode()


def _pandoc(arguments: list[str], content: bytes, name: str) -> bytes:
    command = [_program(), "--sandbox", *arguments]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_PATIENCE_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise Refused(f"{name}: not converted within {_PATIENCE_S} s") from error
    if done.returncode:
        why = " ".join(done.stderr.decode("utf-8", "replace").split())
        raise Refused(f"{name}: cannot be read: {why[:300]}")
    return done.stdout


def _program() -> str:
    try:
        import pypandoc
    except ImportError as error:
        raise Refused("notifier import needs a converter: pip install 'policy-notifier[import]'") from error
    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as error:
        raise Refused(f"notifier import needs Pandoc: {' '.join(str(error).split())[:200]}") from error

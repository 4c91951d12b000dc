"""Policy text as a letter can quote it: plain words on one line, nothing in them that a mail program would act on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlsplit

from notifier.render.plain_text import to_text
from notifier.text.document import Block, BlockKind, Document, Link, Run, RunKind, TextStyle
from notifier.text.markdown import read

_CELL_BORDER = re.compile(r"(?<!\\)\|")
_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
"""A link by name; the name is defined elsewhere in the policy."""
_ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
"""Characters that steer a terminal or the direction of writing, or cannot be seen; joiners that scripts need stay."""
_SITE_LINK = re.compile(r"\[([^\[\]]+)\]\(\s*\{\{[^{}]*\}\}[^()]*\)")
_SITE_TAG = re.compile(r"\{%.*?%\}")
"""What a site generator fills in: a link whose target is not known here, and marks that no reader sees."""
_LEFT_OVER = re.compile(r"\*\*|(?<!\w)\*(?=\w)|(?<=[\w.,:;!?])\*(?!\w)|\A__?(?=[^\W\d_a-z])|(?<=[.,:;!?])__?\Z")
"""Emphasis that begins or ends in a neighbouring sentence; an underscore at an end alone, for `_fbp` is a name."""
_NOTE = re.compile(r"(?<!\\)\[\^[^\]\s]+\](?::\s*)?")
"""What calls a footnote, or stands before it."""
_TASK = re.compile(r"\A\s*(?:[-*+]\s+)?\[([ xX])\]\s")
"""The box of a task, whose bullet may be cut off."""
_BARE_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)
_OUR_TAGS = re.compile(r"-(?=notifier_)")


def one_line(text: str) -> str:
    """One line without control characters, marks that turn the direction of writing, or our own name tags."""
    return _OUR_TAGS.sub("", " ".join(_ACTING.sub("", " ".join(text.split())).split()))


def quote(markdown: str, hosts: Collection[str] = ()) -> str:
    """The words of a sentence, list item or table row; behind those of a link stands its address.

    The address of a host that is not in `hosts` loses its scheme, so that no mail program makes a link of it.
    """
    return _quoted(markdown, frozenset(hosts))


@lru_cache(maxsize=1024)
def _quoted(markdown: str, hosts: frozenset[str]) -> str:
    """Remembered: a letter in ten languages quotes the same words, and so does every page that tells of a change."""
    markdown = _TASK.sub(lambda box: "☐ " if box[1] == " " else "☑ ", markdown)
    markdown = _NOTE.sub("", markdown)
    source = _SITE_TAG.sub("", _SITE_LINK.sub(r"\1", _REFERENCE.sub(r"\1", markdown))).strip()
    cells = _CELL_BORDER.split(source.strip("|")) if source.startswith("|") else [source]
    line = one_line(" · ".join(filter(None, (_words(read(cell.strip()), hosts) for cell in cells))))
    return _BARE_ADDRESS.sub(lambda found: _shown(found[0], hosts), line)


def host_of(href: str) -> str | None:
    """The host an address leads to; None where it leads to none."""
    try:
        return urlsplit(href).hostname
    except ValueError:  # such as "http://[" in a policy
        return None


def _words(document: Document, hosts: Collection[str]) -> str:
    """Blocks after one another, the cells of a row parted, and rows from each other."""
    words = ""
    last: Block | None = None
    for block in document.blocks:
        cells = ("".join(_linked([_whole(run, document.text) for run in cell.runs], hosts)) for cell in block.cells)
        is_row = last is not None and last.kind is block.kind is BlockKind.TABLE_ROW
        words += ("; " if is_row else " ") + " · ".join(cell for cell in cells if cell.strip())
        last = block
    return words


def _linked(runs: Sequence[Run], hosts: Collection[str]) -> Iterator[str]:
    for link, group in groupby(runs, lambda run: run.link):
        found = list(group)
        text = to_text(found)
        blank = " " if found[0].text[:1].isspace() else ""
        yield f"{blank}{text}{_address(link, text, hosts)}{' ' * (found[-1].text[-1:].isspace() and text != '')}"


def _whole(run: Run, source: str) -> Run:
    """The run without emphasis marks that found no partner; one behind a backslash stands for itself."""
    if run.kind is not RunKind.TEXT or not run.is_verbatim or TextStyle.CODE in run.styles:
        return run
    kept = int(source[run.start - 1 : run.start] == "\\")
    return run._replace(text=run.text[:kept] + _LEFT_OVER.sub("", run.text[kept:]))


def _address(link: Link | None, text: str, hosts: Collection[str]) -> str:
    """What to add behind a link's words: its address, unless they are the address or it leads nowhere outside."""
    if link is None or not link.target.startswith(("http://", "https://")) or text == link.target:
        return ""
    return f" ({_shown(link.target, hosts)})"


def _shown(address: str, hosts: Collection[str]) -> str:
    return address if host_of(address) in hosts else address.partition("://")[2]

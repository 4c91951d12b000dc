"""Web addresses written out in text, which GitHub makes links: runs of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from notifier.text.document import Link, Run, RunKind, TextStyle

_ADDRESS = re.compile(
    r"(?<![\w/])(?:https?://|ftp://|www\.)[\w\-.~:/?#\[\]@!$&'()*+,;=%{}^]*[\w/#%&=+\-@$()\[\]{}](?<!_)", re.ASCII
)
"""In ASCII: where words are not parted by blanks, those after an address are none of it."""


_SIGNS = re.compile("://"), re.compile(r"www\.")
"""What every address holds; looked for one by one, since so `re` finds them fastest."""


def signs_of_addresses(source: str) -> list[int]:
    """Where addresses may stand in a text, the first one last."""
    return sorted((match.start() for sign in _SIGNS for match in sign.finditer(source)), reverse=True)


def with_addresses(runs: Iterable[Run], *, is_code: bool) -> tuple[Run, ...]:
    """The runs, parted at web addresses; in code an address is no link."""
    found: list[Run] = []
    for run in runs:
        is_text = run.kind is RunKind.TEXT and run.is_verbatim
        if is_text and ("://" in run.text or "www." in run.text):
            found += _parted(run, is_code=is_code)
        else:
            found.append(run)
    return tuple(found)


def _parted(run: Run, *, is_code: bool) -> Iterator[Run]:
    at = run.start
    for match in _ADDRESS.finditer(run.text):
        address = _balanced(match[0])
        start = run.start + match.start()
        if at < start:
            yield run.between(at, start)
        at = start + len(address)
        link = run.link
        if link is None and not is_code and TextStyle.CODE not in run.styles:
            link = Link(address if "://" in address else f"http://{address}")
        yield run.between(start, at)._replace(link=link, kind=RunKind.ADDRESS)
    if at == run.start:
        yield run
    elif at < run.end:
        yield run.between(at, run.end)


def _balanced(address: str) -> str:
    """The address without the bracket that closes one opened before it."""
    spare = min(address.count(")") - address.count("("), len(address) - len(address.rstrip(")")))
    return address[: len(address) - spare] if spare > 0 else address

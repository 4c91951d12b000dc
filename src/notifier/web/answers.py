"""HTTP answers for pages: entity tags, compression, and how long a copy may be kept."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "json": "application/json",
    "xml": "application/atom+xml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "link": "application/link-format",
}
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Encoding",
}
_NOTHING: Mapping[str, str] = MappingProxyType({})
_WORTH_PACKING = 512
"""Bytes; below this a packed answer is no shorter on the wire."""
_VERSION = r"\d{4}-\d{2}-\d{2}(?:\.\d+)?"
_SOURCE = re.compile(rf"/{_VERSION}\.(?:md|txt)\Z")
_LASTING = re.compile(rf"/(?:changes/)?{_VERSION}/index\.html\Z|/compare/[^/]+/index\.html\Z")


_LATER = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Try again soon</title><h1>Try again soon</h1><p>{}</p></html>
"""


def try_later(why: str, *, seconds: int) -> Response:
    """A page that says so to a reader, with nothing that would have to be read from anywhere."""
    return Response(_LATER.format(why), 503, {**_HEADERS, "Retry-After": str(seconds)}, TYPES["html"])


@dataclass(frozen=True, slots=True)
class Body:
    """What an answer carries, plain and packed, each under a tag of its own."""

    plain: bytes
    packed: bytes | None
    tag: str


@lru_cache(maxsize=512)
def body_of(content: bytes) -> Body:
    """Bytes of a page, packed once for all who ask."""
    tag = hashlib.sha256(content).hexdigest()
    packed = gzip.compress(content, 6, mtime=0) if len(content) >= _WORTH_PACKING else None
    return Body(content, packed if packed and len(packed) < len(content) else None, tag)


def keeping(name: str) -> str:
    """How long a copy of a file may be kept.

    The source of a posted text never changes. A page at a permanent address keeps its text, but one day says that it
    is an earlier one. Everything else is asked for each time, which costs a few bytes where it did not change.
    """
    if _SOURCE.search(f"/{name}"):
        return "public, max-age=31536000, immutable"
    if _LASTING.search(f"/{name}"):
        return "public, max-age=86400"
    if name.startswith("assets/"):
        return "public, max-age=3600"
    return "public, no-cache"


def answer(
    request: Request, content: bytes, kind: str, *, keep: str, status: int = 200, more: Mapping[str, str] = _NOTHING
) -> Response:
    """The content in the form that the client takes, or 304 where the client has it already.

    `more` headers may bring an `ETag` of the text alone; then it is the page around it that `Last-Modified` is about,
    and both must be as the client has them.
    """
    body = body_of(content)
    is_packed = body.packed is not None and _takes_gzip(request.headers.get("accept-encoding", ""))
    tag = f'"{body.tag}-gz"' if is_packed else f'"{body.tag}"'
    headers = {**_HEADERS, "Cache-Control": keep, "ETag": tag, **more}
    known = _has(request.headers.get("if-none-match", ""), headers["ETag"].removeprefix("W/"))
    is_as_read = more.get("Last-Modified") in (None, request.headers.get("if-modified-since"))
    if status == 200 and known and is_as_read:
        return Response(status_code=304, headers=headers)
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    sent = body.packed if is_packed and body.packed is not None else body.plain
    headers |= {"Content-Type": TYPES[kind], "Content-Length": str(len(sent))}
    return Response(b"" if request.method == "HEAD" else sent, status_code=status, headers=headers)


def _takes_gzip(accepted: str) -> bool:
    for part in accepted.lower().split(","):
        coding, _, parameters = part.strip().partition(";")
        if coding.strip() in ("gzip", "*"):
            return re.fullmatch(r"\s*q=0(\.0*)?\s*", parameters) is None
    return False


def _has(wanted: str, tag: str) -> bool:
    """`If-None-Match` compares weakly (RFC 9110 §13.1.2)."""
    return wanted.strip() == "*" or tag in {part.strip().removeprefix("W/") for part in wanted.split(",")}

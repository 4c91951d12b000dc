"""Problem documents (RFC 9457): one shape for everything that the interface refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from starlette.responses import Response

from notifier.errors import RefusalCode

TYPE = "application/problem+json"
NAMES = "urn:notifier:problem:"


class Problem(NamedTuple):
    """What stays the same of a problem, however often it comes."""

    status: int
    title: str


PROBLEMS: Mapping[str, Problem] = {
    RefusalCode.UNKNOWN_PERSON.value: Problem(404, "Nobody is known by this id"),
    RefusalCode.UNKNOWN_POLICY.value: Problem(404, "There is no such policy"),
    RefusalCode.UNKNOWN_POSTING.value: Problem(404, "There is no such posting"),
    RefusalCode.UNKNOWN_RECEIPT.value: Problem(404, "There is no such receipt"),
    RefusalCode.OTHER_TEXT.value: Problem(409, "The hash is not that of the posted text"),
    RefusalCode.WITHDRAWN.value: Problem(410, "The posting was taken back"),
    RefusalCode.OTHER_REQUEST.value: Problem(422, "The idempotency key was used for another request"),
    RefusalCode.BAD_VALUE.value: Problem(422, "A value cannot be"),
    "forgotten": Problem(410, "This receipt was erased"),
    "no-key": Problem(401, "A key is needed"),
    "no-scope": Problem(403, "The key does not allow this"),
    "no-idempotency-key": Problem(400, "An Idempotency-Key is needed"),
    "not-json": Problem(400, "The body is no JSON object"),
    "too-large": Problem(413, "The body is too large"),
    "not-arrived": Problem(408, "The body did not arrive"),
    "not-here": Problem(404, "There is nothing at this address"),
    "wrong-method": Problem(405, "The method is not allowed here"),
    "try-later": Problem(503, "The ledger cannot be used right now"),
    "too-many": Problem(503, "Too many ask at this moment"),
}


def problem(code: str, detail: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """One problem; nothing was changed."""
    status, title = PROBLEMS[code]
    told = {"type": f"{NAMES}{code}", "title": title, "status": status}
    body = json.dumps(told | ({"detail": detail} if detail else {}))
    return Response(body, status, {"Cache-Control": "no-store", **(headers or {})}, media_type=TYPE)

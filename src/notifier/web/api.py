"""The interface for applications, under `/v1/`: where a person stands, and what they said, written down with a receipt.

Every answer that is no success is a problem document, and nothing was written down then. A key is a bearer's: it
belongs into an application's server, never into a browser.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from notifier.errors import LedgerError, NotAccepted, Refused
from notifier.ledger.people.api_keys import ApiKey, Scope
from notifier.ledger.people.receipt import receipt_facts
from notifier.render.site.translations import translation_for
from notifier.shipped import shipped
from notifier.usecases.person_standing import StandingAnswer, standing_json
from notifier.usecases.receipt_key import signed_receipt
from notifier.web.bodies import LONGEST_UPLOAD_S, read_body
from notifier.web.problems import problem
from notifier.web.receipts import Receipts

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.people.receipt import StoredAcceptance
    from notifier.proof.canonical_json import Json
    from notifier.usecases.acceptance import AcceptanceDesk
    from notifier.usecases.posted_texts import PostedTexts

logger = logging.getLogger(__name__)

MOST_BYTES = 16 * 1024
"""Of one request: a context has four thousand at most."""
THREADS = 48
"""Requests that wait for the ledger at the same time; those that write share its commits."""
DESCRIPTION, GATE = "docs/openapi.json", "embed/gate.js"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
Answer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Interface:
    """What the interface works with: all of it is handed in."""

    ledger: Ledger
    desk: AcceptanceDesk
    texts: Callable[[], PostedTexts]
    templates: Path
    today: Callable[[], date]
    url: str
    """Where the pages stand for the public; empty where that is this server itself."""

    @property
    def receipts(self) -> Receipts:
        return Receipts(self.ledger, self.texts, self.templates)

    def address(self, request: Request, place: str) -> str:
        """A place on the pages, where people find them."""
        return f"{self.url.rstrip('/') + '/' if self.url else str(request.base_url).removesuffix('v1/')}{place}"


def make_api(parts: Interface) -> Starlette:
    """The application below `/v1`."""
    api = _Api(parts)
    routes = [
        Route("/people/{person:path}/standing", api.standing, methods=["GET"]),
        Route("/people/{person:path}/history", api.history, methods=["GET"]),
        Route("/acceptances", api.accept, methods=["POST"]),
        Route("/openapi.json", partial(_file, name=DESCRIPTION, kind="application/json"), methods=["GET"]),
        Route("/gate.js", partial(_file, name=GATE, kind="text/javascript"), methods=["GET"]),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _no_route})


class _Api:
    def __init__(self, parts: Interface) -> None:
        self._parts = parts
        self._threads = CapacityLimiter(THREADS)

    async def standing(self, request: Request) -> Response:
        return await self._answer(request, Scope.READ, self._standing)

    async def history(self, request: Request) -> Response:
        return await self._answer(request, Scope.READ, self._history)

    async def accept(self, request: Request) -> Response:
        """201 once it is committed; also where the same request was answered so before."""
        try:
            async with asyncio.timeout(LONGEST_UPLOAD_S):
                raw = await read_body(request, MOST_BYTES)
        except (ClientDisconnect, TimeoutError):
            return problem("not-arrived")
        if raw is None:
            return problem("too-large", f"at most {MOST_BYTES} bytes", {"Connection": "close"})
        return await self._answer(request, Scope.WRITE, partial(self._accept, raw=raw))

    async def _answer(self, request: Request, scope: Scope, make: Callable[[Request, ApiKey], Response]) -> Response:
        return await to_thread.run_sync(self._guarded, request, scope, make, limiter=self._threads)

    def _guarded(self, request: Request, scope: Scope, make: Callable[[Request, ApiKey], Response]) -> Response:
        try:
            key = self._key_of(request)
            if key is None:
                return problem("no-key", "Authorization: Bearer …, a key of notifier keys create", _ASKS)
            if scope not in key.scopes:
                return problem("no-scope", f"it has not the scope {scope.value}")
            return make(request, key)
        except NotAccepted as refused:
            return problem(refused.code.value, str(refused))
        except LedgerError as error:
            logger.error("the interface cannot use the ledger: %s", error)
        except Refused:
            logger.exception("the interface could not answer")
        return problem("try-later", headers={"Retry-After": "10"})

    def _key_of(self, request: Request) -> ApiKey | None:
        how, _, shown = request.headers.get("authorization", "").partition(" ")
        return self._parts.ledger.api_keys.recognise(shown.strip()) if how.lower() == "bearer" else None

    def _standing(self, request: Request, _key: ApiKey) -> Response:
        parts, asked = self._parts, request.query_params.get("language", "")
        person = parts.desk.person(request.path_params["person"])
        texts = parts.texts()
        language = asked if _LANGUAGE.fullmatch(asked) else person.language or texts.site.language
        answer = StandingAnswer(
            parts.today(), language, partial(parts.address, request), partial(translation_for, parts.templates)
        )
        return _json(standing_json(texts, person, answer))

    def _history(self, request: Request, _key: ApiKey) -> Response:
        person = self._parts.desk.person(request.path_params["person"]).person
        found = self._parts.ledger.acceptances.of(person)
        return _json({"person": person, "acceptances": [self._receipt(request, one) for one in found]})

    def _accept(self, request: Request, key: ApiKey, raw: bytes) -> Response:
        wanted = request.headers.get("idempotency-key", "")
        if not _KEY.fullmatch(wanted):
            return problem("no-idempotency-key", "1 to 200 visible characters, the same when it is sent again")
        values = _object(raw)
        if values is None:
            return problem("not-json", "expected one JSON object in UTF-8")
        made = self._parts.desk.record(values, key.key_id, wanted)
        told = self._receipt(request, made)
        return _json(told, 201, {"Location": str(told["page"])})

    def _receipt(self, request: Request, one: StoredAcceptance) -> dict[str, Json]:
        page = self._parts.address(request, f"receipts/{one.receipt_id}")
        return {**signed_receipt(receipt_facts(one), one.signed_by, one.signature), "page": page}


_ASKS = {"WWW-Authenticate": 'Bearer realm="notifier"'}


def _json(told: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = json.dumps(told, ensure_ascii=False).encode()
    return Response(body, status, {"Cache-Control": "no-store", **(headers or {})}, media_type="application/json")


def _object(raw: bytes) -> dict[str, Any] | None:
    """The JSON object; None for anything else, also for what JSON does not know, such as NaN."""
    try:
        found = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _refuse(name: str) -> None:
    raise ValueError(name)


async def _file(_request: Request, name: str, kind: str) -> Response:
    content = await to_thread.run_sync(shipped(name).read_bytes)
    return Response(content, media_type=kind, headers={"Cache-Control": "public, max-age=3600"})


async def _no_route(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is of these alone
    code = "wrong-method" if error.status_code == 405 else "not-here"
    return problem(code, headers=error.headers)

"""The interface for applications, under `/v1/`: where a person stands, and what they said, written down with a receipt.

Every answer that is no success is a problem document, and nothing was written down then. A key is a bearer's: it
belongs into an application's server, never into a browser.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, Router

from notifier.errors import LedgerError, NotAccepted, Refused
from notifier.ledger.people.api_keys import ApiKey, Scope
from notifier.ledger.people.receipt import receipt_facts
from notifier.render.site.page_addresses import absolute
from notifier.render.site.translations import translation_for
from notifier.shipped import shipped
from notifier.structured_log import tell, tell_exception
from notifier.usecases.acceptance import AcceptanceRequest
from notifier.usecases.person_standing import StandingAnswer, standing_json
from notifier.usecases.receipt_key import signed_receipt
from notifier.web.bodies import LONGEST_UPLOAD_S, read_body
from notifier.web.problems import problem
from notifier.web.receipts import Receipts
from notifier.web.together import Together

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.people.receipt import StoredAcceptance
    from notifier.proof.canonical_json import Json
    from notifier.usecases.acceptance import AcceptanceDesk
    from notifier.usecases.posted_texts import PostedTexts

MOST_BYTES = 16 * 1024
"""Of one request: a context has four thousand at most."""
DESCRIPTION, GATE = "docs/openapi.json", "embed/gate.js"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")


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
        return absolute(self.url or str(request.base_url).removesuffix("v1/"), place)


def make_api(parts: Interface) -> Router:
    """What is below `/v1`; what is not, the application around it answers."""
    api = _Api(parts)
    routes = [
        Route("/people/{person:path}/standing", api.standing, methods=["GET"]),
        Route("/people/{person:path}/history", api.history, methods=["GET"]),
        Route("/acceptances", api.accept, methods=["POST"]),
        Route("/openapi.json", partial(_file, name=DESCRIPTION, kind="application/json"), methods=["GET"]),
        Route("/gate.js", partial(_file, name=GATE, kind="text/javascript"), methods=["GET"]),
    ]
    return Router(routes, redirect_slashes=False)  # an address that is none is a problem, and leads nowhere


class _Api:
    def __init__(self, parts: Interface) -> None:
        self._parts = parts
        self._standings = Together(partial(self._each, Scope.READ, self._make_standings))
        self._histories = Together(partial(self._each, Scope.READ, self._make_histories))
        self._acceptances = Together(partial(self._each, Scope.WRITE, self._make_acceptances))

    async def standing(self, request: Request) -> Response:
        return await self._standings(_Asked(request))

    async def history(self, request: Request) -> Response:
        return await self._histories(_Asked(request))

    async def accept(self, request: Request) -> Response:
        """201 once it is committed; also where the same request was answered so before."""
        try:
            async with asyncio.timeout(LONGEST_UPLOAD_S):
                raw = await read_body(request, MOST_BYTES)
        except (ClientDisconnect, TimeoutError):
            return problem("not-arrived")
        if raw is None:
            return problem("too-large", f"at most {MOST_BYTES} bytes", {"Connection": "close"})
        return await self._acceptances(_Asked(request, raw))

    def _each(self, scope: Scope, make: Make, asked: Sequence[_Asked]) -> list[Response]:
        """Answer these requests, whose keys are looked at first."""
        try:
            keys = {shown: self._parts.ledger.api_keys.recognise(shown) for shown in {one.shown for one in asked}}
            answers = [_at_the_door(keys[one.shown], scope) for one in asked]
            let_in = [(one, key) for one, no in zip(asked, answers, strict=True) if not no and (key := keys[one.shown])]
            made = make(let_in) if let_in else iter(())
            return [no or next(made) for no in answers]
        except LedgerError as error:
            tell("api.no_ledger", f"the interface cannot use the ledger: {error}", level="error")
        except Refused:
            tell_exception("api.failed", "the interface could not answer")
        return [problem("try-later", headers={"Retry-After": "10"}) for _ in asked]

    def _make_standings(self, asked: Sequence[_LetIn]) -> Iterator[Response]:
        parts, texts, today = self._parts, self._parts.texts(), self._parts.today()
        people = parts.desk.people([one.person for one, _ in asked])
        for one, _ in asked:
            person = people[one.person]
            if isinstance(person, NotAccepted):
                yield problem(person.code.value, str(person))
                continue
            language = one.language or person.language or texts.site.language
            address = partial(parts.address, one.request)
            answer = StandingAnswer(today, language, address, partial(translation_for, parts.templates))
            yield _answer(standing_json(texts, person, answer))

    def _make_histories(self, asked: Sequence[_LetIn]) -> Iterator[Response]:
        people = self._parts.desk.people([one.person for one, _ in asked])
        for one, _ in asked:
            person = people[one.person]
            if isinstance(person, NotAccepted):
                yield problem(person.code.value, str(person))
                continue
            found = self._parts.ledger.acceptances.of(person.person)
            told = [self._receipt(one.request, acceptance) for acceptance in found]
            yield _json({"person": person.person, "acceptances": told})

    def _make_acceptances(self, asked: Sequence[_LetIn]) -> Iterator[Response]:
        read = [one.acceptance(key) for one, key in asked]
        made = iter(self._parts.desk.record([one for one in read if isinstance(one, AcceptanceRequest)]))
        for (one, _), request in zip(asked, read, strict=True):
            answer = next(made) if isinstance(request, AcceptanceRequest) else request
            if isinstance(answer, Response):
                yield answer
            elif isinstance(answer, NotAccepted):
                yield problem(answer.code.value, str(answer))
            else:
                told = self._receipt(one.request, answer)
                yield _json(told, 201, {"Location": str(told["page"])})

    def _receipt(self, request: Request, one: StoredAcceptance) -> dict[str, Json]:
        page = self._parts.address(request, f"receipts/{one.receipt_id}")
        return {**signed_receipt(receipt_facts(one), one.signed_by, one.signature), "page": page}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request, and its body where it has one."""

    request: Request
    raw: bytes = b""

    @property
    def shown(self) -> str:
        """The key that it bears."""
        how, _, shown = self.request.headers.get("authorization", "").partition(" ")
        return shown.strip() if how.lower() == "bearer" else ""

    @property
    def person(self) -> str:
        return str(self.request.path_params["person"])

    @property
    def language(self) -> str:
        """As asked for; empty where that is none."""
        asked = self.request.query_params.get("language", "")
        return asked if _LANGUAGE.fullmatch(asked) else ""

    def acceptance(self, key: ApiKey) -> AcceptanceRequest | Response:
        """What is to be written down, or what speaks against it."""
        wanted = self.request.headers.get("idempotency-key", "")
        if not _KEY.fullmatch(wanted):
            return problem("no-idempotency-key", "1 to 200 visible characters, the same when it is sent again")
        values = _object(self.raw)
        if values is None:
            return problem("not-json", "expected one JSON object in UTF-8, with each name once")
        return AcceptanceRequest(values, key.key_id, wanted)


_LetIn = tuple[_Asked, ApiKey]
Make = Callable[[Sequence[_LetIn]], Iterator[Response]]


def _at_the_door(key: ApiKey | None, scope: Scope) -> Response | None:
    if key is None:
        return problem("no-key", "Authorization: Bearer …, a key of notifier keys create", _ASKS)
    return None if scope in key.scopes else problem("no-scope", f"it has not the scope {scope.value}")


_ASKS = {"WWW-Authenticate": 'Bearer realm="notifier"'}


def _json(told: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return _answer(json.dumps(told, ensure_ascii=False), status, headers)


def _answer(written: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(written.encode(), status, kept, media_type="application/json")


def _object(raw: bytes) -> dict[str, Any] | None:
    """The JSON object; None for anything else, also for what JSON does not know, such as NaN, and for two of a name:
    each reader would take another one of them for what the person accepted."""
    try:
        found = json.loads(raw.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_once_each)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(name: str) -> None:
    raise ValueError(name)


async def _file(_request: Request, name: str, kind: str) -> Response:
    content = await to_thread.run_sync(shipped(name).read_bytes)
    return Response(content, media_type=kind, headers={"Cache-Control": "public, max-age=3600"})

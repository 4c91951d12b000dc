"""Receipts for the people that they are about: a page to keep, the file to check, and the keys to check it with.

Whoever knows a receipt's address may read it; nobody guesses one. No copy of it is kept on the way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from notifier.errors import LedgerError
from notifier.ledger.people.receipt import receipt_facts
from notifier.policy.agreement import AgreementMethod
from notifier.render.site.context import context_for
from notifier.text.front_matter import Consent
from notifier.usecases.receipt_key import public_keys, signed_receipt
from notifier.web.answers import answer
from notifier.web.problems import problem

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.people.receipt import StoredAcceptance
    from notifier.usecases.posted_texts import PostedTexts

PAGE = "receipt.html.j2"
KEYS_PATH = "/.well-known/notifier-receipts.json"


@dataclass(frozen=True)
class Receipts:
    """Three addresses, for anybody."""

    ledger: Ledger
    texts: Callable[[], PostedTexts]
    templates: Path

    def routes(self) -> list[Route]:
        return [
            Route(KEYS_PATH, partial(self._answer, self._keys), methods=["GET"]),
            Route("/receipts/{receipt_id}.json", partial(self._answer, partial(self._shown, _file)), methods=["GET"]),
            Route("/receipts/{receipt_id}", partial(self._answer, partial(self._shown, self._page)), methods=["GET"]),
        ]

    async def _answer(self, make: Callable[[Request], Response], request: Request) -> Response:
        try:
            return await run_in_threadpool(make, request)
        except LedgerError:
            return problem("try-later", headers={"Retry-After": "10"})

    def _keys(self, request: Request) -> Response:
        content = json.dumps(public_keys(self.ledger), indent=1).encode()
        return answer(request, content, "json", keep="public, max-age=300")

    def _shown(self, draw: Callable[[StoredAcceptance], tuple[str, str]], request: Request) -> Response:
        one = self.ledger.acceptances.receipt(request.path_params["receipt_id"])
        if one is None:
            return problem("unknown-receipt")
        if one.person is None:
            return problem("forgotten", "whose it is was erased; a copy that somebody kept can still be checked")
        content, kind = draw(one)
        return answer(request, content.encode(), kind, keep="no-store")

    def _page(self, one: StoredAcceptance) -> tuple[str, str]:
        texts = self.texts()
        context = context_for(replace(texts.site, policies=()), self.templates)
        policy = texts.policies.get(texts.policy_of(one.tag) or "")
        index = policy.index(one.tag) if policy else 0
        shown = policy.history.postings[index].revision.texts.get(one.language) if policy else None
        is_yes = one.asked is not Consent.ACKNOWLEDGE and one.method is not AgreementMethod.CONTINUED_USE
        words = context.translation(one.language)
        page = context.page(
            PAGE,
            f"receipts/{one.receipt_id}",
            language=words.language,
            title=words.words["receipt_title"],
            others={},
            one=one,
            said=words.words["receipt_accepted" if is_yes else "receipt_acknowledged"],
            policy_title=shown.title if shown else one.policy_id,
            text_address=policy.page(index, one.language) if policy and shown else "",
            on=words.date(one.at.date()),
            moment=f"{one.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
            keys_address=KEYS_PATH,
        )
        return page, "html"


def _file(one: StoredAcceptance) -> tuple[str, str]:
    told = signed_receipt(receipt_facts(one), one.signed_by, one.signature)
    return json.dumps(told, ensure_ascii=False, indent=1), "json"

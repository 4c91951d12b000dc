"""`python -m docs.openapi`: write `docs/openapi.json`, the description of the interface for applications (OpenAPI 3.1).

The server gives this very file at `/v1/openapi.json`; the suite holds a real server to it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from notifier.policy.agreement import AgreementMethod, AgreementStatus
from notifier.text.front_matter import Consent
from notifier.web.problems import NAMES, PROBLEMS

FILE = Path(__file__).parent / "openapi.json"
Schema = dict[str, Any]


def text(says: str = "", **more: Any) -> Schema:
    return {"type": "string", **({"description": says} if says else {}), **more}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def closed(properties: dict[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    """An object with exactly these."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


NAME = {"minLength": 1, "maxLength": 200, "pattern": r"^[^\u0000-\u001f\u007f-\u009f]+$"}
HASH = text("SHA-256 in hexadecimal digits.", pattern="^[0-9a-fA-F]{64}$", minLength=64, maxLength=64)
TAG = text("The posting, by its tag: `posted/terms/2026-11-22`.")
INSTANT = text("", format="date-time")
DAY = text("", format="date")
LANGUAGE = text("A language tag, such as `de`.")
ADDRESS = text("An address for anybody.")
METHOD = text("", enum=[one.value for one in AgreementMethod])
CONSENT = text("", enum=[one.value for one in Consent])
STATUS = text("", enum=[one.value for one in AgreementStatus])

POSTED = {
    "posting": TAG,
    "version": text("The last part of its address."),
    "effective_on": DAY,
    "text_sha256": HASH,
    "language": LANGUAGE,
    "text": ADDRESS,
}
SAYS = {name: text() for name in ("language", "heading", "due", "changes", "text", "yes", "later", "failed")}
SCHEMAS = {
    "Posted": closed(POSTED),
    "Asked": closed(
        {
            **POSTED,
            "redline": maybe(text("What changed since the text that they last spoke on, else from the one in force.")),
            "summaries": {"type": "array", "items": text(), "description": "What changes, in plain words."},
            "says": closed({**SAYS, "is_due": {"type": "boolean"}}),
        }
    ),
    "PolicyStanding": closed(
        {
            "policy": text("Its id, such as `terms`."),
            "title": text(),
            "language": LANGUAGE,
            "status": STATUS,
            "required": CONSENT,
            "by": maybe(DAY | {"description": "From when the text applies that asks; past where it does already."}),
            "accepted": maybe(
                closed(
                    {"posting": TAG, "version": text(), "method": METHOD, "at": INSTANT, "receipt": ADDRESS},
                )
            ),
            "in_force": maybe(ref("Posted")),
            "coming": maybe(ref("Posted")),
            "redline": maybe(text("What changed since the text that this person last spoke on.")),
            "asked": maybe(ref("Asked")),
        }
    ),
    "Standing": closed(
        {
            "person": text("The customer's id."),
            "language": LANGUAGE,
            "policies": {"type": "array", "items": ref("PolicyStanding")},
        }
    ),
    "Acceptance": closed(
        {
            "person": text("A customer's id, else an address that only one customer has.", **NAME),
            "policy": text("A policy's id.", **NAME),
            "posting": text("A posting's tag, or its version.", **NAME),
            "text_sha256": HASH,
            "method": METHOD,
            "at": maybe(INSTANT | {"description": "When they said it; by default now."}),
            "context": maybe({"type": "object", "description": "Whatever shows how it was said; at most 4,096 bytes."}),
        },
        ("at", "context"),
    ),
    "Receipt": closed(
        {
            "receipt": closed(
                {
                    "receipt": text(),
                    "person": maybe(text()),
                    "salt": maybe(text("In hexadecimal digits; SHA-256 of it and the id as JSON is `person_hash`.")),
                    "person_hash": HASH,
                    "policy": text(),
                    "posting": TAG,
                    "text_sha256": HASH,
                    "language": LANGUAGE,
                    "asked": CONSENT,
                    "method": METHOD,
                    "at": INSTANT,
                    "recorded_at": INSTANT,
                    "context": maybe({"type": "object"}),
                    "context_hash": maybe(HASH),
                }
            ),
            "signature": closed(
                {
                    "algorithm": {"const": "Ed25519"},
                    "key": text("Which of the public keys."),
                    "value": text("In base64url, over the canonical JSON (RFC 8785) of `receipt`."),
                }
            ),
            "page": ADDRESS,
        },
        ("page",),
    ),
    "History": closed(
        {"person": text(), "acceptances": {"type": "array", "items": ref("Receipt"), "description": "Oldest first."}}
    ),
    "Problem": closed(
        {
            "type": text("", enum=[f"{NAMES}{code}" for code in PROBLEMS]),
            "title": text(),
            "status": {"type": "integer"},
            "detail": text("For a person."),
        },
        ("detail",),
    ),
    "Keys": closed(
        {
            "keys": {
                "type": "array",
                "items": closed({name: text() for name in ("kty", "crv", "use", "kid", "x")}),
            }
        }
    ),
}


def answered(says: str, name: str) -> Schema:
    return {"description": says, "content": {"application/json": {"schema": ref(name)}}}


def refused(*codes: str) -> Schema:
    """Problem documents by their status."""
    found: dict[str, list[str]] = {}
    for code in (*codes, "no-key", "no-scope", "try-later", "too-many"):
        found.setdefault(str(PROBLEMS[code].status), []).append(PROBLEMS[code].title)
    content = {"application/problem+json": {"schema": ref("Problem")}}
    return {status: {"description": "; ".join(titles), "content": content} for status, titles in found.items()}


PERSON = {
    "name": "person",
    "in": "path",
    "required": True,
    "description": "A customer's id, else an address that only one customer has.",
    "schema": text("", minLength=1, maxLength=200),
}
ASKED_LANGUAGE = {
    "name": "language",
    "in": "query",
    "required": False,
    "description": "Of titles, words and texts; by default the person's own.",
    "schema": LANGUAGE,
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "The same when a request is sent again: it is answered as it was before.",
    "schema": text("", minLength=1, maxLength=200, pattern=r"^[\x21-\x7e]+$"),
}
OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Notifier for applications",
        "version": "1",
        "description": "Where a person stands with your policies, and what they said, with a receipt.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
    "servers": [{"url": "/"}],
    "security": [{"key": []}],
    "paths": {
        "/v1/people/{person}/standing": {
            "get": {
                "operationId": "standing",
                "summary": "Where a person stands with every policy",
                "parameters": [PERSON, ASKED_LANGUAGE],
                "responses": {"200": answered("How things stand today.", "Standing"), **refused("unknown-person")},
            }
        },
        "/v1/people/{person}/history": {
            "get": {
                "operationId": "history",
                "summary": "Everything that a person said, with its receipts",
                "parameters": [PERSON],
                "responses": {"200": answered("Oldest first.", "History"), **refused("unknown-person")},
            }
        },
        "/v1/acceptances": {
            "post": {
                "operationId": "accept",
                "summary": "Write down what a person said of a posting",
                "parameters": [IDEMPOTENCY_KEY],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": ref("Acceptance")}},
                },
                "responses": {
                    "201": answered("Written down; also where the same request came before.", "Receipt"),
                    **refused(
                        *("no-idempotency-key", "not-json", "unknown-person", "unknown-policy", "unknown-posting"),
                        *("not-arrived", "other-text", "withdrawn", "too-large", "other-request", "bad-value"),
                    ),
                },
            }
        },
        "/.well-known/notifier-receipts.json": {
            "get": {
                "operationId": "keys",
                "summary": "The public keys that receipts are checked with",
                "security": [],
                "responses": {"200": answered("JSON Web Keys (RFC 8037).", "Keys")},
            }
        },
    },
    "components": {
        "securitySchemes": {
            "key": {"type": "http", "scheme": "bearer", "description": "Made by `notifier keys create`."}
        },
        "schemas": SCHEMAS,
    },
}


def written() -> str:
    return json.dumps(OPENAPI, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")

"""The description of the interface: what the server gives is just that, and it does that, whatever is sent to it."""

from __future__ import annotations

import json
from typing import Any

import schemathesis
from docs.openapi import FILE, OPENAPI, written
from hypothesis import HealthCheck, Phase, settings
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.web.shop import Application

schema = schemathesis.openapi.from_path(FILE)
CHECKS = [
    schemathesis.checks.not_a_server_error,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]


def test_the_file_is_what_the_code_says_and_what_the_server_gives(app: Application) -> None:
    assert FILE.read_text() == written(), "write it anew: python -m docs.openapi"
    assert app.ask("/v1/openapi.json").body == FILE.read_bytes()
    assert json.loads(written())["openapi"] == "3.1.0"


@schema.parametrize()
@settings(max_examples=40, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_is_answered_as_described(case: schemathesis.Case[Any], app: Application) -> None:
    headers = {"Authorization": f"Bearer {app.key}"}
    case.call_and_validate(base_url=app.url, headers=headers, checks=CHECKS)


def test_what_the_interface_answers_to_real_people_is_as_described(app: Application) -> None:
    text = app.standing("u-1")["terms"]["asked"]
    for path, method, reply in (
        ("/v1/people/{person}/standing", "get", app.ask("/v1/people/u-1/standing")),
        ("/v1/acceptances", "post", app.accept("u-1", text, context={"page": "/"})),
        ("/v1/people/{person}/history", "get", app.ask("/v1/people/u-1/history")),
        ("/.well-known/notifier-receipts.json", "get", app.ask("/.well-known/notifier-receipts.json")),
    ):
        answered = OPENAPI["paths"][path][method]["responses"][str(reply.status)]
        wanted = {**answered["content"]["application/json"]["schema"], "components": OPENAPI["components"]}
        Draft202012Validator(wanted).validate(reply.json)

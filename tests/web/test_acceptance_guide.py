"""`docs/acceptance.md` as a developer follows it: its commands and requests work, its examples have their shape."""

from __future__ import annotations

import json
import re
import shlex
from contextlib import chdir
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from docs.openapi import OPENAPI
from jsonschema import Draft202012Validator
from tests.web.shop import Application, Reply, Shop

GUIDE = (Path(__file__).parents[2] / "docs" / "acceptance.md").read_text(encoding="utf-8")
SCHEMA_OF = {"standing": "Standing", "receipt": "Receipt"}


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", GUIDE, re.M | re.S)


def made(app: Application, request: str) -> Reply:
    """One request as the guide writes it, with what was learned from the one before."""
    asked = app.standing("u-1")["terms"]["asked"] or app.standing("u-1")["terms"]["in_force"]
    known = {"$KEY": app.key, "$POSTING": asked["posting"], "$SHA256": asked["text_sha256"]}
    for name, value in known.items():
        request = request.replace(name, value)
    head, _, body = request.partition("\n\n")
    first, *lines = head.strip().splitlines()
    method, path = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    return app.ask(
        path, method, body.encode() if body else None, **{key.replace("-", "_"): headers[key] for key in headers}
    )


def test_its_three_requests_are_answered(app: Application) -> None:
    standing, receipt, history = (made(app, request) for request in blocks("http"))

    assert (standing.status, receipt.status, history.status) == (200, 201, 200)
    assert [one["receipt"] for one in history.json["acceptances"]] == [receipt.json["receipt"]]
    assert app.standing("u-1")["terms"]["status"] == "accepted"


def test_its_examples_have_the_shape_of_the_answers() -> None:
    for name, schema in SCHEMA_OF.items():
        (example,) = blocks(f"json {name}")
        wanted = {"$ref": f"#/components/schemas/{schema}", "components": OPENAPI["components"]}
        Draft202012Validator(wanted).validate(json.loads(example))


def test_its_commands_work_in_their_order(shop: Shop) -> None:
    (shop.root / "old.csv").write_text(blocks("csv")[0])
    with chdir(shop.root):
        for line in "".join(blocks("sh")).splitlines():
            program, *arguments = shlex.split(line)
            assert program == "notifier"
            assert shop.notifier(*arguments) in (0, 1), line
    with shop.ledger() as ledger:
        assert [one.method.value for one in (*ledger.acceptances.of("u-2"), *ledger.acceptances.of("u-3"))] == [
            "checkbox", "import",
        ]  # fmt: skip


def test_its_six_lines_check_a_receipt(app: Application) -> None:
    receipt = app.accept("u-2", app.standing("u-2")["terms"]["in_force"]).json
    known = {"receipt": receipt, "keys": app.ask("/.well-known/notifier-receipts.json").json}
    (lines,) = blocks("python")

    exec(lines, dict(known))  # noqa: S102  # the guide's own
    receipt["receipt"]["person"] = "u-1"
    with pytest.raises(InvalidSignature):
        exec(lines, dict(known))  # noqa: S102

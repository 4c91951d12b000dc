"""Every answer in JSON that a test sees is held to the schema that the docs show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

FOLDER = Path(__file__).parents[1] / "docs" / "schemas"
GROUPS = ("notice", "customers", "evidence", "people", "keys", "export", "ledger")


def _is_date(value: object) -> bool:
    return not isinstance(value, str) or date.fromisoformat(value).isoformat() == value


def _is_aware_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


FORMATS = FormatChecker(formats=())
FORMATS.checks("date", raises=ValueError)(_is_date)
FORMATS.checks("date-time", raises=ValueError)(_is_aware_moment)


def schema_of(arguments: Sequence[str]) -> str:
    """The file that describes what this call prints: `notice-list.json`."""
    return ("-".join(arguments[:2]) if arguments[0] in GROUPS else arguments[0]) + ".json"


@cache
def _validator(name: str) -> Any:
    return Draft202012Validator(json.loads((FOLDER / name).read_text(encoding="utf-8")), format_checker=FORMATS)


def asks_for_json(arguments: Sequence[str]) -> bool:
    return "--json" in arguments or ("--format", "json") in pairwise(arguments)


def hold_to_schema(arguments: Sequence[str], out: str) -> None:
    """Where the call asked for JSON and got it: AssertionError for what its schema does not know."""
    if not asks_for_json(arguments) or not out.strip():
        return
    broken = sorted(_validator(schema_of(arguments)).iter_errors(json.loads(out)), key=lambda one: list(one.path))
    assert not broken, "\n".join(
        f"{schema_of(arguments)}: {list(one.path)}: {one.message[:300]}; docs/schemas.py describes it" for one in broken
    )

"""A check's findings for machines that show them beside the lines: workflow commands, and SARIF 2.1.0."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from notifier import __version__

if TYPE_CHECKING:
    from notifier.errors import Finding

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def workflow_commands(findings: Iterable[Finding]) -> Iterator[str]:
    """One line for each finding, as GitHub's runner reads them from a step's output."""
    for one in findings:
        kind = "error" if one.is_error else "notice"
        where = f"file={_property(one.path)},line={one.line}," if one.line else ""
        said = f"{one.message}; {one.mend}" if one.mend else one.message
        yield f"::{kind} {where}title={_property(one.code)}::{_message(said if one.line else f'{one.path}: {said}')}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def sarif(findings: Iterable[Finding], *, anywhere: str) -> dict[str, Any]:
    """The same as SARIF. What is about a commit stands at the file `anywhere`: code scanning asks for a place."""
    results = [_result(one, anywhere) for one in findings]
    rules = [{"id": code} for code in sorted({result["ruleId"] for result in results})]
    driver = {"name": "notifier", "version": __version__, "rules": rules}
    return {"$schema": SARIF, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _result(one: Finding, anywhere: str) -> dict[str, Any]:
    said = f"{one.message}; {one.mend}" if one.mend else one.message
    place: dict[str, Any] = {"artifactLocation": {"uri": one.path if one.line else anywhere}}
    if one.line:
        place["region"] = {"startLine": one.line}
    return {
        "ruleId": str(one.code),
        "level": "error" if one.is_error else "note",
        "message": {"text": said if one.line else f"{one.path}: {said}"},
        "locations": [{"physicalLocation": place}],
    }

"""What a change does to `config.toml`: it says who may decide and what goes out, so reviewers see each key of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from notifier.errors import Finding, FindingCode, NotifierError, Severity
from notifier.repository.open import find

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.repository import Repository

_MEND = "review it as you do the policies"


def config_findings(config: Config, repository: Repository, start: str) -> Iterator[Finding]:
    """Every key that reads differently than at commit `start`; nothing where there was no config then."""
    path = config.path.resolve().relative_to(find(config.root).top.resolve()).as_posix()
    try:
        before = dict(_flat(tomllib.loads(repository.text_at(f"{start}:{path}"))))
        after = dict(_flat(tomllib.loads(config.path.read_text(encoding="utf-8"))))
    except (NotifierError, tomllib.TOMLDecodeError):
        return
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key, "not set"), after.get(key, "not set")
        if old != new:
            yield Finding(FindingCode.CONFIG, path, 1, f"{key} was {old}, and is {new}", _MEND, Severity.ADVICE)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)[:200]

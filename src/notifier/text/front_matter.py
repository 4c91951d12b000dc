"""A policy's YAML front matter: the editor's, read by Notifier, and never written but to take out `summary`.

What Notifier does not know is kept and ignored; what it knows must be of its type, or the editor hears of every
mistake at once, with its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from notifier.errors import PolicyError

if TYPE_CHECKING:
    import yaml


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What Notifier reads from a policy's YAML front matter; unknown keys stay in the text and are ignored."""

    title: str | None = None
    effective: date | None = None
    audience: frozenset[str] = frozenset()
    """Customer tags; empty means every customer."""
    summary: str | None = None
    language: str | None = None
    announce: bool = False


_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*(\r\n|\n|\r)(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\1|\Z)", re.S | re.M)
_OPENED = re.compile(r"\A\ufeff?---[ \t]*(?:\r\n|\n|\r)[A-Za-z_][\w-]*[ \t]*:(?:[ \t]|\r|\n)")


def split_front_matter(text: str) -> tuple[str, str]:
    """The text's front matter (with its fences, a BOM with it) and what follows; the first is empty without one."""
    found = _FRONT_MATTER.match(text)
    end = found.end() if found else 0
    return text[:end], text[end:]


def read_front_matter(text: str, path: str = "") -> FrontMatter:
    """What Notifier reads of the front matter.

    Raises PolicyError with one `path:line:` a mistake: unclosed, not YAML, not one key a line, a known key of a
    wrong type.
    """
    front, _ = split_front_matter(text)
    if front:
        return _read(front, path)
    if _OPENED.match(text):
        raise PolicyError(f'{path}:1: the front matter is not closed; end it with a line "---"')
    return FrontMatter()


@lru_cache(maxsize=256)
def _read(front: str, path: str) -> FrontMatter:
    values, lines = _values(front, path)
    read = _Reading(values, lines, path)
    front_matter = FrontMatter(
        title=read.words("title"),
        effective=read.day("effective"),
        audience=read.tags("audience"),
        summary=read.words("summary"),
        language=read.words("language"),
        announce=read.flag("announce"),
    )
    if read.mistakes:
        raise PolicyError("\n".join(read.mistakes))
    return front_matter


def _values(front: str, path: str) -> tuple[dict[str, Any], dict[str, int]]:
    """The front matter's mapping, and the file's line of each key."""
    import yaml

    loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(_yaml_of(front), Loader=loader)
        values = yaml.load(_yaml_of(front), Loader=loader)  # noqa: S506 - both loaders are the safe ones
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise PolicyError(f"{path}:{line}: the front matter is not YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise PolicyError(f"{path}:1: the front matter is not YAML: {_one_line(error)}") from error
    if values is None:
        return {}, {}
    if not isinstance(values, dict) or not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise PolicyError(f'{path}:2: the front matter must be one "key: value" a line')
    return values, {str(key.value): key.start_mark.line + 2 for key, _ in node.value}


def _yaml_of(front: str) -> str:
    found = _FRONT_MATTER.match(front)
    assert found is not None  # noqa: S101 - callers pass what this pattern cut out
    return found["yaml"].replace("\r\n", "\n").replace("\r", "\n")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


class _Reading:
    """Reads typed values and gathers every mistake, so that an editor mends them in one go."""

    def __init__(self, values: dict[str, Any], lines: dict[str, int], path: str) -> None:
        self.values, self.lines, self.path = values, lines, path
        self.mistakes: list[str] = []

    def words(self, key: str) -> str | None:
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return (value or "").strip() or None
        self._expected(key, "a text", value)
        return None

    def day(self, key: str) -> date | None:
        value = self.values.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        try:
            return date.fromisoformat(value.strip() if isinstance(value, str) else "")
        except ValueError:
            self._expected(key, "a date as in 2024-05-01", value)
            return None

    def tags(self, key: str) -> frozenset[str]:
        value = self.values.get(key)
        listed = [value] if isinstance(value, str) else value or []
        if isinstance(listed, list) and all(isinstance(tag, str) and tag.strip() for tag in listed):
            return frozenset(tag.strip() for tag in listed)
        self._expected(key, "a list of customer tags", value)
        return frozenset()

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if isinstance(value, bool):
            return value
        self._expected(key, "true or false", value)
        return False

    def _expected(self, key: str, kind: str, value: object) -> None:
        line = self.lines.get(key, 1)
        self.mistakes.append(f"{self.path}:{line}: front matter {key}: expected {kind}, got {str(value)[:60]!r}")


def drop_summary(text: str) -> str:
    """The text without the front matter's `summary`; nothing else changes, but emptied front matter goes with it."""
    front, body = split_front_matter(text)
    if "summary" not in front:
        return text
    lines = front.splitlines(keepends=True)
    for first, last in _summary_lines(front):
        lines[first:last] = [""] * (last - first)
    kept = "".join(lines)
    if kept == front or "".join(lines[1:-1]).strip():
        return kept + body
    return ("\ufeff" if front.startswith("\ufeff") else "") + body


def _summary_lines(front: str) -> list[tuple[int, int]]:
    """The lines of `front` (from 0, the end exclusive) that hold `summary` keys and their values."""
    import yaml

    try:
        node = yaml.compose(_yaml_of(front), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return []
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        return []
    return [
        (key.start_mark.line + 1, value.end_mark.line + 1 + (value.end_mark.column > 0))
        for key, value in node.value
        if key.value == "summary"
    ]

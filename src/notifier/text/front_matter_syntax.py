"""Front matter's content → its `FrontMatterField`s, each with its place, from YAML or TOML.

Whoever can commit can write it, so its cost is bounded: in size, in depth, and by refusing YAML's aliases, of which a
few hundred bytes can stand for gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import yaml

MAX_CHARACTERS = 32_768
"""A long summary has 2,000; ten times that with room to spare. TOML's parser takes quadratic time on hostile keys."""
MAX_DEPTH = 20
"""Site generators nest three or four deep."""
MAX_DOTS_ON_A_LINE = 500
"""Of a TOML line: a dotted key of 30,000 parts takes its parser 17 seconds, one of 500 takes 5 milliseconds."""
MAX_LINES_OF_A_VALUE = 200
"""Where a TOML value ends is tried line by line: at most this often the whole content is read."""


class FieldKind(StrEnum):
    """What a key holds, as far as Notifier tells apart."""

    TEXT = "text"  #: Words.
    TYPED = "typed"  #: A number, a truth value or a date, as written.
    LIST = "list"  #: Of texts.
    EMPTY = "empty"
    OTHER = "other"  #: A mapping, or a list of more than texts.


class FrontMatterField(NamedTuple):
    """One key: `start` to `end` is its value as written, within its quotes; `lines` are the whole lines it takes."""

    name: str
    """Dotted for one within a mapping: `last_update.date`."""
    kind: FieldKind
    words: tuple[str, ...]
    key_start: int
    start: int
    end: int
    lines: tuple[int, int]

    def moved(self, by: int) -> FrontMatterField:
        """The same field with its places counted from `by` characters before."""
        low, high = self.lines
        return self._replace(
            key_start=self.key_start + by, start=self.start + by, end=self.end + by, lines=(low + by, high + by)
        )


class Malformed(Exception):
    """The content cannot be read; `line` is where in it, from 1, or 0 where nobody knows."""

    def __init__(self, fault: str, line: int = 0) -> None:
        super().__init__(fault)
        self.line = line


@lru_cache(maxsize=256)
def yaml_fields(content: str) -> tuple[FrontMatterField, ...]:
    """The fields of a YAML mapping. Raises Malformed."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    _refuse_long(content)
    try:
        _refuse_costly(yaml.parse(content, Loader=loader))
        node = yaml.compose(content, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark
        line = mark.line + 1 if mark else 0
        raise Malformed(f"is not YAML: {error.problem}", line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Malformed(f"is not YAML: {_one_line(error)}") from error
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        return ()
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise Malformed('must be one "key: value" a line', 1)
    return tuple(_yaml_fields(node, content, ""))


def _refuse_long(content: str) -> None:
    if len(content) > MAX_CHARACTERS:
        raise Malformed(f"has {len(content):,} characters; at most {MAX_CHARACTERS:,} are read")


def _refuse_costly(events: Iterator[Any]) -> None:
    import yaml

    depth = 0
    for event in events:
        line: int = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise Malformed(f'has an alias, "*{event.anchor}"; write the value out', line)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise Malformed(f"is nested more than {MAX_DEPTH} deep", line)


def _yaml_fields(node: yaml.MappingNode, content: str, prefix: str) -> Iterator[FrontMatterField]:
    import yaml

    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        name, kind, words = f"{prefix}{key.value}", *_yaml_value(value)
        start, end = value.start_mark.index, value.end_mark.index
        is_quoted = isinstance(value, yaml.ScalarNode) and value.style in ("'", '"')
        low = _line_start(content, key.start_mark.index)
        high = end if content[end - 1 : end] in ("\n", "\r") else _next_line(content, end)
        yield FrontMatterField(name, kind, words, key.start_mark.index, start + is_quoted, end - is_quoted, (low, high))
        if isinstance(value, yaml.MappingNode):
            yield from _yaml_fields(value, content, f"{name}.")


def _yaml_value(node: yaml.Node) -> tuple[FieldKind, tuple[str, ...]]:
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return _YAML_KINDS.get(node.tag, FieldKind.TEXT), (node.value,)
    if isinstance(node, yaml.SequenceNode) and all(_yaml_value(one)[0] is FieldKind.TEXT for one in node.value):
        return FieldKind.LIST, tuple(one.value for one in node.value)
    return FieldKind.OTHER, ()


_YAML_KINDS = {
    "tag:yaml.org,2002:null": FieldKind.EMPTY,
    **{f"tag:yaml.org,2002:{name}": FieldKind.TYPED for name in ("int", "float", "bool", "timestamp")},
}


@lru_cache(maxsize=256)
def toml_fields(content: str) -> tuple[FrontMatterField, ...]:
    """The fields of a TOML document, those of tables by dotted names. Raises Malformed."""
    import tomllib

    _refuse_long(content)
    for number, line in enumerate(content.splitlines(), 1):
        if line.count(".") > MAX_DOTS_ON_A_LINE:
            raise Malformed("has a line of too many dots; break it up", number)
    try:
        values = tomllib.loads(content.replace("\r\n", "\n").replace("\r", "\n"))
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        said = re.search(r"at line (\d+)", str(error))
        raise Malformed(f"is not TOML: {_one_line(error)}", int(said[1]) if said else 0) from error
    return tuple(_toml_fields(content, values))


_TOML_KEY = r"(?:[\w-]+|\"[^\"\r\n]*\"|'[^'\r\n]*')"
_TOML_LINE = re.compile(
    r"^[ \t]*(?:\[[ \t]*(?P<table>[^\[\]\r\n]+?)[ \t]*\][^\r\n]*|\[\[.*"
    rf"|(?P<key>{_TOML_KEY}(?:[ \t]*\.[ \t]*{_TOML_KEY})*)[ \t]*=[ \t]*(?P<value>[^\r\n]*))",
    re.M,
)
_TOML_ONE_LINE = re.compile(r"(?P<quote>[\"']?)(?P<value>.*?)(?P=quote)[ \t]*(?:#[^\r\n]*)?")


def _toml_fields(content: str, values: Mapping[str, Any]) -> Iterator[FrontMatterField]:
    """Each key's line is found again, and believed only where what stands there is what the parser read."""
    table, began, after = "", 0, 0
    for line in _TOML_LINE.finditer(content):
        if line.start() < after:
            continue  # within a string of several lines
        if line["key"] is None:
            yield from _toml_table(table, content, began, line.start())
            began = line.start()
            table = f"{line['table']}." if line["table"] else "[]."
            continue
        name = table + ".".join(part.strip(" \t\"'") for part in line["key"].split("."))
        after = _toml_end(content, line.start("key"))
        start, end = line.span("value")
        one_line = _TOML_ONE_LINE.fullmatch(line["value"])
        if one_line and after <= _next_line(content, end):
            start, end = (start + offset for offset in one_line.span("value"))
        value = _looked_up(values, name)
        field = FrontMatterField(name, *_toml_value(value), line.start("key"), start, end, (line.start(), after))
        yield field
        for key, one in value.items() if isinstance(value, Mapping) else ():
            kind, words = _toml_value(one)
            yield field._replace(name=f"{name}.{key}", kind=kind, words=words)
    yield from _toml_table(table, content, began, len(content))


def _toml_table(table: str, content: str, start: int, end: int) -> Iterator[FrontMatterField]:
    """A table of a name as one field, from its own line to the next one's."""
    if table.strip("[]."):
        yield FrontMatterField(table[:-1], FieldKind.OTHER, (), start, start, _next_line(content, start), (start, end))


def _toml_end(content: str, start: int) -> int:
    """Where the lines of a `key = value` end: the fewest that are TOML by themselves."""
    import tomllib

    end = start
    for _ in islice(iter(int, 1), MAX_LINES_OF_A_VALUE):
        end = _next_line(content, end)
        try:
            tomllib.loads(content[start:end].replace("\r\n", "\n").replace("\r", "\n"))
        except tomllib.TOMLDecodeError:
            continue
        break
    return end


def _looked_up(values: Mapping[str, Any], name: str) -> Any:
    """The value of a dotted name; None where there is none."""
    found: Any = values
    for part in name.split("."):
        found = found.get(part.strip("\"' ")) if isinstance(found, Mapping) else None
    return found


def _toml_value(value: object) -> tuple[FieldKind, tuple[str, ...]]:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return FieldKind.LIST, tuple(value)
    if value is None or isinstance(value, (list, Mapping)):
        return FieldKind.OTHER, ()
    return (FieldKind.TEXT if isinstance(value, str) else FieldKind.TYPED), (str(value),)


def _line_start(content: str, offset: int) -> int:
    return max(content.rfind("\n", 0, offset), content.rfind("\r", 0, offset)) + 1


def _next_line(content: str, offset: int) -> int:
    found = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)").match(content, offset)
    return found.end() if found else len(content)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__

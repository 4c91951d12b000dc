"""Lists of texts as PostgreSQL reads them: the driver would look at each of tens of thousands by itself, in Python."""

from __future__ import annotations

from types import NoneType
from typing import Any

import psycopg
from psycopg.types.array import ListDumper

NUL, QUOTE, BACKSLASH = "\0", '"', "\\"


class FlatListDumper(ListDumper):
    """Writes lists of texts and nothing at once, and all others as the driver does."""

    def dump(self, obj: list[Any]) -> Any:
        """The literal; what PostgreSQL can keep in no text is refused by the driver."""
        if not all(issubclass(kind, str | NoneType) for kind in set(map(type, obj))):
            return super().dump(obj)
        listed = _listed(obj)
        texts = len(obj) - obj.count(None)
        if NUL in listed:
            return super().dump(obj)
        if BACKSLASH in listed or listed.count(QUOTE) != 2 * texts:
            listed = _listed([one and one.replace(BACKSLASH, r"\\").replace(QUOTE, r"\"") for one in obj])
        return f"{{{listed}}}".encode(self.connection.info.encoding if self.connection else "utf-8")


def _listed(texts: list[str | None]) -> str:
    return ",".join(["NULL" if one is None else f'"{one}"' for one in texts])


def write_lists_at_once(connection: psycopg.Connection[Any]) -> None:
    """For all statements of this connection."""
    connection.adapters.register_dumper(list, FlatListDumper)

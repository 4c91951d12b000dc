"""What happened, as facts: a sentence for people, an action's name for machines, ids instead of addresses.

One line each on stderr: JSON where that is no terminal, else the sentence with its time. An action's name never
changes; a sentence may. What libraries say comes the same way, as `library.NAME`. What looks like an address is taken
out, and so is every secret of the config: a provider's words, which are not ours, may hold either.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from contextlib import suppress
from typing import Any, Protocol

OURS = "notifier"
VARIABLE = "NOTIFIER_LOG"
"""`json` or `text`, whatever stderr is."""
FIRST = ("at", "level", "action", "text")
ADDRESS = re.compile(
    r"""(?<![^\s<>"'(),;:/])(?<!://)(?!\*{3}@)(?:\\?"[^"\n]{1,64}"|[^\s<>"'(),;:/@]+)(?:@|%40)[^\s<>"'(),;:/@]+"""
)
LEAST_SECRET = 6
"""Shorter ones would take ordinary words out."""

_is_set_up = False


class Tell(Protocol):
    """Say that something happened: which action, in words, and the facts of it."""

    def __call__(self, action: str, text: str, /, *, level: str = "info", **facts: object) -> None: ...


def tell(action: str, text: str, /, *, level: str = "info", **facts: object) -> None:
    """In the log that `set_up` made; before it did, as Python's own logging has it."""
    if not _is_set_up:
        logging.getLogger(OURS).log(logging.getLevelNamesMapping()[level.upper()], text)
        return
    import structlog

    getattr(structlog.get_logger(OURS), level)(action, text=text, **facts)


def is_kept() -> bool:
    """Does this process keep a log, in which its end belongs too?"""
    return _is_set_up


def tell_exception(action: str, text: str, /, **facts: object) -> None:
    """The same of the exception that is being handled, with where it came from."""
    tell(action, text, level="error", **facts, exc_info=sys.exc_info())


def set_up(secrets: Iterable[str] = ()) -> None:
    """From now on, for this process; `secrets` appear in no line of it."""
    global _is_set_up  # a process has one stderr
    import structlog
    from structlog.stdlib import ProcessorFormatter

    wanted = os.environ.get(VARIABLE) or ("text" if sys.stderr.isatty() else "json")
    before: list[Any] = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", key="at")]
    structlog.configure(
        processors=[*before, structlog.processors.format_exc_info, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = _StderrLines()
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[*before, structlog.processors.format_exc_info, _of_a_library],
            processors=[
                ProcessorFormatter.remove_processors_meta,
                structlog.processors.EventRenamer("action"),
                _Hiding(secrets),
                _as_text if wanted == "text" else _as_json,
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(OURS).setLevel(logging.INFO)
    _is_set_up = True


def without_addresses(text: str, instead: str = "<address>") -> str:
    """The same without what looks like a mail address; `user@host` of a URL says where a server is, and stays."""
    return ADDRESS.sub(instead, text)


class _StderrLines(logging.Handler):
    """A line on stderr; where nobody reads it (a terminal that was closed, a full disk), that is no reason to stop."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()


class _Hiding:
    """Takes addresses and secrets out of whatever a line says."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = [one for one in secrets if len(one) >= LEAST_SECRET]

    def __call__(self, _logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {name: self._hidden(value) for name, value in line.items()}

    def _hidden(self, value: Any) -> Any:
        if isinstance(value, str):
            for one in self._secrets:
                value = value.replace(one, "<secret>")
            return without_addresses(value)
        if isinstance(value, Mapping):
            return {self._hidden(key): self._hidden(one) for key, one in value.items()}
        return [self._hidden(one) for one in value] if isinstance(value, list | tuple) else value


def _of_a_library(logger: logging.Logger, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    name = getattr(line.get("_record"), "name", "") or getattr(logger, "name", "")
    return {**line, "text": line["event"], "event": f"library.{name}"}


def _as_json(_logger: object, _method: str, line: MutableMapping[str, Any]) -> str:
    ordered = {name: line[name] for name in FIRST if name in line} | dict(line)
    return json.dumps(ordered, ensure_ascii=False, default=str)


def _as_text(_logger: object, _method: str, line: MutableMapping[str, Any]) -> str:
    at = str(line.get("at", ""))[:19].replace("T", " ")
    said = "".join(
        one if one.isprintable() else f"\\u{ord(one):04x}" for one in str(line.get("text", line.get("action")))
    )
    trace = f"\n{line['exception']}" if "exception" in line else ""
    return f"{at}Z {said}{trace}"

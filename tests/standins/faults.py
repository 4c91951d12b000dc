"""What the stand-in can be told to do with one request instead of taking it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Do(StrEnum):
    """What happens to the connection."""

    ANSWER = "answer"  #: an HTTP answer, after `seconds`
    RESET_UNREAD = "reset_unread"  #: the connection is reset before the body is read
    RESET = "reset"  #: read, then reset without an answer
    CLOSE = "close"  #: read, then closed in good order without an answer
    HANG = "hang"  #: read, then silence for `seconds`, then closed
    GARBAGE = "garbage"  #: read, then bytes that are not HTTP
    DRIP = "drip"  #: read, then an answer of one byte each `seconds`
    CUT = "cut"  #: read, then an answer that ends before its own length


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `accepts`: the mail is truly taken all the same (the answer lies or gets lost)."""

    do: Do = Do.ANSWER
    accepts: bool = False
    status: int = 202
    seconds: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    limits_for_s: float = 0.0
    """After this one every request is answered 429 and counted as too early, for so long."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Fault:
        return cls(**{**values, "do": Do(values["do"])})


def errors(*messages: str, field: str | None = None) -> str:
    return json.dumps({"errors": [{"message": each, "field": field, "help": None} for each in messages]})


NONE = Fault(accepts=True)
"""Takes the request as usual; fills a place in a script."""


def late(seconds: float) -> Fault:
    """Takes the mail and answers 202, late."""
    return Fault(accepts=True, seconds=seconds)


def reset_unread() -> Fault:
    return Fault(Do.RESET_UNREAD)


def reset_unaccepted() -> Fault:
    return Fault(Do.RESET)


def accept_and_reset() -> Fault:
    return Fault(Do.RESET, accepts=True)


def accept_and_close() -> Fault:
    return Fault(Do.CLOSE, accepts=True)


def accept_and_hang(seconds: float) -> Fault:
    return Fault(Do.HANG, accepts=True, seconds=seconds)


def hang(seconds: float) -> Fault:
    return Fault(Do.HANG, seconds=seconds)


def status(code: int, *, accepts: bool = False, body: str | None = None) -> Fault:
    return Fault(accepts=accepts, status=code, body=errors(f"status {code}") if body is None else body)


def redirect(to: str, code: int = 302) -> Fault:
    return Fault(status=code, headers={"Location": to})


def garbage() -> Fault:
    return Fault(Do.GARBAGE, accepts=True)


def drip(seconds: float) -> Fault:
    return Fault(Do.DRIP, accepts=True, seconds=seconds)


def cut_short() -> Fault:
    return Fault(Do.CUT, accepts=True)


def rate_limited(reset: str | None, *, for_s: float = 0.0) -> Fault:
    """429; `reset` is the X-RateLimit-Reset header (epoch seconds as text, or nonsense), none when absent."""
    headers = {"X-RateLimit-Limit": "10000", "X-RateLimit-Remaining": "0"}
    if reset is not None:
        headers["X-RateLimit-Reset"] = reset
    return Fault(status=429, headers=headers, body=errors("too many requests"), limits_for_s=for_s)


def out_of_credits() -> Fault:
    return Fault(status=401, body=errors("Maximum credits exceeded"))


def unverified_sender() -> Fault:
    return Fault(status=403, body=errors("The from address does not match a verified Sender Identity.", field="from"))


def too_large() -> Fault:
    return Fault(status=413, body=errors("Payload too large"))


def refuse(*indexes: int) -> Fault:
    """400 naming these places in the request."""
    found = [{"message": "Does not contain a valid address.", "field": f"personalizations.{n}.to"} for n in indexes]
    return Fault(status=400, body=json.dumps({"errors": found}))

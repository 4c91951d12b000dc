"""`Name <address>` as people write it: read once, for the config, for every header, and for whoever git names.

A name stands as it is, with commas, in any script, quoted or not; only one address may follow it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>", re.DOTALL)
QUOTED = re.compile(r'"(?P<inside>(?:[^"\\]|\\.)*)"')
ESCAPED = re.compile(r"\\(.)")
PLAIN = re.compile(
    r"[a-z0-9]{1,20}(?:[._+-][a-z0-9]{1,20}){0,2}@(?:[a-z0-9]{1,20}(?:-[a-z0-9]{1,20})?\.){1,3}"
    r"(?!arpa|invalid|local|onion)[a-z]{2,10}"
)
"""An address in which nobody who checks one finds a fault; most are. What checks the others takes 25 ms to load."""


class Mailbox(NamedTuple):
    """A display name (or nothing) and an address, split and not yet looked at closely."""

    name: str
    address: str


def split_person(text: str) -> Mailbox:
    """The same of whoever git or a list of people names; what is no mailbox is a name alone."""
    try:
        return read_mailbox(text)
    except ValueError:
        return Mailbox(text.strip(), "")


def without_addresses(words: str) -> str:
    """Somebody's words for logs and alarms: on one line, an ellipsis for each address.

    Word by word: a search for `\\S+@` takes the square of the length of a text that a stranger wrote.
    """
    return " ".join("…" if "@" in word.strip("@") else word for word in words.split())


def read_mailbox(text: str) -> Mailbox:
    """Raises `ValueError` where it is not exactly one."""
    text = text.strip()
    found = NAMED.fullmatch(text)
    name, address = (found["name"].strip(), found["address"].strip()) if found else ("", text)
    if not found and re.search(r"[<>,;\s]", text):
        raise ValueError("not exactly one address")
    if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
        raise ValueError("an address needs a name before and a domain after the @")
    quoted = QUOTED.fullmatch(name)
    if quoted:
        return Mailbox(ESCAPED.sub(r"\1", quoted["inside"]), address)
    if "@" in name and "," in name:
        raise ValueError("not exactly one address")
    return Mailbox(name, address)

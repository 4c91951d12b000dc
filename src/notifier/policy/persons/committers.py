"""Who is who: addresses and names that belong to one person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from notifier.policy.persons.mailbox import split_person
from notifier.policy.revision import Commit

MACHINES = frozenset({"noreply@github.com"})
"""Committers that stand for a web editor and are nobody."""


def aliases_of(people: Collection[tuple[str, str]]) -> dict[str, str]:
    """From (name, address) pairs to one owner for each address: who shares a name, or an address, is one person."""
    owners: dict[str, str] = {}

    def owner(key: str) -> str:
        while owners.setdefault(key, key) != key:
            key = owners[key]
        return key

    for name, email in sorted(people):
        first, second = owner(mailbox(email)), owner(f"name {same_name(name)}")
        owners[max(first, second)] = min(first, second)
    return {key: owner(key) for key in list(owners) if not key.startswith("name ")}


def has_made(commit: Commit, name: str, email: str, aliases: Mapping[str, str]) -> bool:
    """Whether this person made the commit, or what it merged, by name or by any of their addresses.

    Who merely merged another's work did not make it. An empty `email` is nobody's.
    """
    makers = commit.merged if commit.is_mere_merge else (commit, *commit.merged)
    emails = {address for one in makers for address in (one.author_email, one.committer_email)} - MACHINES
    own = {owner_of(address, aliases) for address in emails} | {mailbox(address) for address in emails}
    names = {same_name(one.author) for one in makers}
    is_own = bool(email) and bool({owner_of(email, aliases), mailbox(email)} & own)
    return is_own or same_name(name) in names


def owner_of(email: str, aliases: Mapping[str, str]) -> str:
    """Whose address it is, as far as the history tells."""
    return aliases.get(mailbox(email), mailbox(email))


def mailbox(email: str) -> str:
    """The address that mail to `email` ends in: without regard to case, and without a `+tag`."""
    local, _, domain = email.strip().casefold().rpartition("@")
    return f"{local.split('+')[0]}@{domain}"


def same_name(name: str) -> str:
    """A name without regard to case, spacing and typography."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold()))


def find_person(wanted: str, people: Collection[str]) -> str | None:
    """Whom of `people` (`Name <address>`) a name or an address means: the address to the letter, but for its case."""
    name, address = split_person(wanted) if "@" in wanted else (wanted, "")
    for person in people:
        known_name, known_address = split_person(person)
        if address and address.casefold() == known_address.casefold():
            return person
        if not address and same_name(name) and same_name(name) == same_name(known_name):
            return person
    return None


def shown_name(person: str) -> str:
    """A person's name, else the address."""
    name, address = split_person(person)
    return name or address

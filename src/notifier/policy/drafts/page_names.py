"""Which names a policy cannot have, since something else stands where its pages and tags would.

A name is refused before anything is posted under it: `check`, every look-ahead and the pages themselves ask here. The
policy with the taken name waits alone; nothing else stops.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

OF_THE_SITE = {
    "assets": "what all pages look like",
    "_redirects": "what hosts of static files are told",
    "index": "the list of all policies",
    "feed": "the feed of all policies",
    "events": "what takes in a mail provider's events",
    "healthz": "the answer to whether the server works",
    "metrics": "the server's figures",
    "receipts": "what people accepted, each for themselves",
    "v1": "the interface for applications",
}
"""First parts of a name that are taken, and by what."""
OF_A_POLICY = frozenset({"changes", "compare", "at", "feed", "index"})
"""Folders and files that each policy has among its pages."""
_FILE = re.compile(r".+\.(?:html?|xml|json|md|txt|css|js|svg|ics|png|ico|part|lock)", re.I)
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(?:\..*)?")
"""Versions are called by their day, in addresses and in tags."""


def name_faults(
    policies: Collection[str], *, posted: Collection[str] = (), languages: Collection[str] = ()
) -> Mapping[str, str]:
    """For each policy that cannot be published by its name: why not, in words that follow the name.

    Of two policies that want one address the one stays that was `posted`, else the shorter name. `languages` are those
    of translations, whose pages stand in a folder of their own.
    """
    found: dict[str, str] = {}
    seen: dict[str, str] = {}
    taken = {language.casefold() for language in languages}
    everyone = {*policies, *posted}
    for policy_id in sorted(everyone, key=lambda one: (one not in posted, len(one), one)):
        fault = next(_faults(policy_id, everyone, taken), "") or _case_fault(policy_id, seen, policies)
        if fault:
            found[policy_id] = fault
            continue
        for depth in range(1, policy_id.count("/") + 2):
            folder = "/".join(policy_id.split("/")[:depth])
            seen.setdefault(folder.casefold(), folder)
    return found


def _faults(policy_id: str, everyone: Collection[str], languages: Collection[str]) -> Iterator[str]:
    first, *others = policy_id.casefold().split("/")
    stem = first.partition(".")[0] if _FILE.fullmatch(first) else first
    if stem in OF_THE_SITE:
        yield f"{OF_THE_SITE[stem]} stands at /{first}"
    if first in languages:
        yield f"translations into that language stand at /{first}/"
    for part in (first, *others):
        if _FILE.fullmatch(part):
            yield f"{part} is called as a file of the pages is"
    parts = policy_id.split("/")
    for depth, part in enumerate(others, 1):
        above = "/".join(parts[:depth])
        if above in everyone and (part in OF_A_POLICY or _VERSION.fullmatch(part)):
            yield f"pages of policy {above} stand at /{above}/{parts[depth]}/"


def _case_fault(policy_id: str, seen: Mapping[str, str], policies: Collection[str]) -> str:
    """Not every file system tells `Legal/` from `legal/`. A policy whose name changes to such a one is the same."""
    parts = policy_id.split("/")
    for depth in range(1, len(parts) + 1):
        folder = "/".join(parts[:depth])
        other = seen.get(folder.casefold(), folder)
        if other != folder and (folder != policy_id or other in policies):
            return f"it differs only in case from {other}"
    return ""

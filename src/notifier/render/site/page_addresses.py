"""Where each page stands. An address that was once given out keeps its meaning for ever; all links are relative."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote

PLAIN = "/.~-_"
"""What stands in an address as it is, beside letters and digits of ASCII."""
_AS_IT_IS = re.compile(r"[A-Za-z0-9/.~_-]+")


class PageAddresses(NamedTuple):
    """One policy in one language: the folder its pages stand in, such as `de/legal/dpa/`."""

    policy_id: str
    prefix: str = ""
    """`de/` for a translation."""

    @property
    def folder(self) -> str:
        return f"{self.prefix}{self.policy_id}/"

    @property
    def changes(self) -> str:
        return f"{self.folder}changes/"

    @property
    def days(self) -> str:
        return f"{self.folder}at/"

    @property
    def feed(self) -> str:
        return f"{self.folder}feed.xml"

    @property
    def json_feed(self) -> str:
        return f"{self.folder}feed.json"

    def version(self, version: str) -> str:
        return f"{self.folder}{version}/"

    def source(self, version: str) -> str:
        return f"{self.folder}{version}.md"

    def plain(self, version: str) -> str:
        return f"{self.folder}{version}.txt"

    def change(self, version: str) -> str:
        return f"{self.changes}{version}/"

    def comparison(self, before: str, after: str) -> str:
        return f"{self.folder}compare/{before}..{after}/"

    def day(self, day: str) -> str:
        return f"{self.days}{day}/"


def file_of(address: str) -> str:
    """The file behind an address: a folder's is its `index.html`."""
    return f"{address}index.html" if address.endswith("/") or not address else address


def absolute(base: str, address: str) -> str:
    """The page at `address` of the site at `base`, as a mail program or a header line takes it (RFC 3986)."""
    return f"{base.rstrip('/')}/{quote(address, safe=PLAIN)}"


def relative(source: str, target: str) -> str:
    """The link from the page at `source` to `target`, which works wherever the site is put."""
    folder, parts = source.split("/")[:-1], target.split("/")
    shared = 0
    while shared < min(len(folder), len(parts) - 1) and folder[shared] == parts[shared]:
        shared += 1
    link = "../" * (len(folder) - shared) + "/".join(parts[shared:])
    return link if _AS_IT_IS.fullmatch(link) else quote(link or "./", safe=PLAIN)

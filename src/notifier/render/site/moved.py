"""Old addresses of a policy that was renamed, or whose controlling language is another one now: each page stays, names
the new one and links the same version there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from notifier.render.site.context import VERSION, SiteContext, addresses_of, old_addresses
from notifier.render.site.editions import PolicyHistory, editions, languages


class MovedFile(NamedTuple):
    """A file at an old address, and the address that took its place."""

    name: str
    content: bytes
    address: str


def moved_files(context: SiteContext, history: PolicyHistory, files: Sequence[str], out: Path) -> Iterator[MovedFile]:
    """The policy's `files` as they stood where it was before, as far as they were given out there."""
    for language, now in addresses_of(history).items():
        title = editions(history, language)[-1].text.title
        for old, versions in old_addresses(history, language).items():
            for file in files:
                rest = file.removeprefix(now.folder)
                if file.startswith(now.folder) and set(VERSION.findall(rest)) <= versions:
                    yield _moved(context, file, f"{old.folder}{rest}", language, out, title)


def moved_overviews(context: SiteContext) -> Iterator[MovedFile]:
    """The list of policies of a language that now is at the top of the site."""
    histories = context.site.policies
    now = {addresses.prefix for history in histories for addresses in addresses_of(history).values()}
    once = {old.prefix for one in histories for language in languages(one) for old in old_addresses(one, language)}
    for prefix in sorted(once - now - {""}):
        html = _moved_page(context, prefix, prefix.strip("/"), "", context.site.title)
        yield MovedFile(f"{prefix}index.html", html.encode(), "")


def _moved(context: SiteContext, file: str, old: str, language: str, out: Path, title: str) -> MovedFile:
    """A page that says where it stands now; what programs read is the same at both addresses."""
    address = file.removesuffix("index.html")
    if not file.endswith(".html"):
        return MovedFile(old, (out / file).read_bytes(), address)
    return MovedFile(old, _moved_page(context, old, language, address, title).encode(), address)


def _moved_page(context: SiteContext, old: str, language: str, address: str, title: str) -> str:
    words = context.translation(language).words
    return context.page(
        "missing.html.j2",
        old.removesuffix("index.html"),
        language=language,
        title=words["moved_title"],
        others={},
        canonical=address,
        explanation=words["moved_text"],
        nearby=[{"address": address, "label": title}],
    )

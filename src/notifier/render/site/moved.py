"""A renamed policy's old addresses: each page stays, names the new one and links the same version there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from notifier.render.site.context import SiteContext
from notifier.render.site.editions import PolicyHistory, editions, languages

_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class MovedFile:
    """A file at an old address, and the address that took its place."""

    name: str
    content: bytes
    address: str


def moved_files(context: SiteContext, history: PolicyHistory, files: Sequence[str], out: Path) -> Iterator[MovedFile]:
    """The policy's `files` as they stood under each name that it had, as far as they were given out under that."""
    titles = {language: editions(history, language)[-1].text.title for language, _ in _prefixes(history)}
    for name, versions in old_names(history).items():
        for language, prefix in _prefixes(history):
            folder, old = f"{prefix}{history.policy_id}/", f"{prefix}{name}/"
            for file in files:
                rest = file.removeprefix(folder)
                if file.startswith(folder) and set(_VERSION.findall(rest)) <= versions:
                    yield _moved(context, file, f"{old}{rest}", language, out, titles.get(language, ""))


def old_names(history: PolicyHistory) -> dict[str, set[str]]:
    """Each name that the policy had, with the versions that were given out until it lost it."""
    found: dict[str, set[str]] = {}
    versions: set[str] = set()
    for posted in history.postings:
        versions.add(posted.posting.version)
        found[posted.posting.name] = set(versions)
    return {name: given for name, given in found.items() if name != history.policy_id}


def _prefixes(history: PolicyHistory) -> Iterator[tuple[str, str]]:
    own, *translations = languages(history)
    yield own, ""
    yield from ((language, f"{language}/") for language in translations)


def _moved(context: SiteContext, file: str, old: str, language: str, out: Path, title: str) -> MovedFile:
    """A page that says where it stands now; what programs read is the same at both addresses."""
    address = file.removesuffix("index.html")
    if not file.endswith(".html"):
        return MovedFile(old, (out / file).read_bytes(), address)
    words = context.translation(language).words
    html = context.page(
        "missing.html.j2",
        old.removesuffix("index.html"),
        language=language,
        title=words["moved_title"],
        others={},
        canonical=address,
        explanation=words["moved_text"],
        nearby=[{"address": address, "label": title}],
    )
    return MovedFile(old, html.encode(), address)

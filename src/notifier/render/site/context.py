"""What every page of one site is made with: its templates, its words, where its policies stand."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from notifier.render.localised import language_name
from notifier.render.site.editions import PolicyHistory, Site, editions, languages
from notifier.render.site.page_addresses import PageAddresses, absolute, relative
from notifier.render.site.translations import Translation, direction, translation_for
from notifier.render.templates import open_environment, render
from notifier.shipped import TEMPLATES, shipped, template_files

if TYPE_CHECKING:
    from jinja2 import Environment


_OLD_NAMES = {"place": "addresses", "places": "nearby"}
"""What the templates of older installations call things."""
_WHOLE = re.compile(r"/|[a-z][a-z\d+.-]*:", re.IGNORECASE)
"""An address that leads to the same place from every page."""
_TO_FILE = re.compile(r"([^:#?]+\.md)(#.*)?")


VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(?:\.\d+)?")


Former = tuple[PageAddresses, frozenset[str], str]
"""A policy at an address that it had: where it stands now, the versions that it had there, what it is called."""


@dataclass(frozen=True)
class SiteContext:
    """Renders templates for one site."""

    site: Site
    templates: Path
    folders: Mapping[str, str]
    """Where the policy of each file stands: `policies/terms.md` → `terms/`, for links from text to text."""
    once: Mapping[str, Sequence[Former]] = field(default_factory=dict)
    """By folder, the policies that stood there before the one that does now."""

    @cached_property
    def environment(self) -> Environment:
        environment = open_environment(self.templates, shipped(TEMPLATES), escapes=True)
        environment.auto_reload = False  # one site has thousands of pages; each look at the file would be felt
        return environment

    @cached_property
    def digest(self) -> str:
        """Of the templates, for knowing whether pages must be made anew."""
        found = hashlib.blake2b(digest_size=16)
        for name, path in template_files(self.templates, "pages").items():
            found.update(name.encode() + b"\0" + path.read_bytes())
        return found.hexdigest()

    @cached_property
    def translation(self) -> Callable[[str], Translation]:
        """Of a language; looked for once for a site."""
        return cache(partial(translation_for, self.templates))

    def page(
        self, template: str, address: str, *, language: str, title: str, others: Mapping[str, str], **said: Any
    ) -> str:
        """The page at `address`. `others` are the addresses of the same page by language, its own among them."""
        translation = self.translation(language)
        return render(
            self.environment,
            f"pages/{template}",
            {
                "site": self.site,
                "t": translation.words,
                "language": language,
                "page_direction": direction(translation.language),
                "title": title,
                "canonical": self.absolute(said.pop("canonical", address)) if self.site.url else "",
                "alternates": [self._alternate(address, other, at) for other, at in others.items()],
                "link": lambda target: relative(address, target),
                "home": "",
                "formerly": list(self._formerly(said.get("addresses"), address)),
                **said,
                **{old: said[new] for old, new in _OLD_NAMES.items() if new in said},
            },
        )

    def _formerly(self, here: PageAddresses | None, address: str) -> Iterator[dict[str, str]]:
        """What stood at the address of a policy's page before, and has another one now."""
        versions = VERSION.findall(address.removeprefix(here.folder)) if here else []
        for now, given_out, title in self.once.get(here.folder, ()) if here else ():
            if given_out.issuperset(versions):
                yield {"address": now.version(versions[-1]) if versions else now.folder, "label": title}

    def links(self, address: str, path: str, written: Mapping[str, str]) -> Callable[[str], str]:
        """Where the links of a policy's text lead from its page at `address`.

        Those to other policies' files lead to their pages, those within the text to the ids that `written` gives to
        what editors write; those to files that no page shows lead nowhere.
        """

        def link(target: str) -> str:
            if target.startswith("#"):
                return f"#{written.get(unquote(target[1:]), target[1:])}"
            found = _TO_FILE.fullmatch(target)
            file = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(found[1]))) if found else ""
            if found is not None and file in self.folders:
                return relative(address, self.folders[file]) + (found[2] or "")
            return target if _WHOLE.match(target) else ""

        return link

    def absolute(self, address: str) -> str:
        """The public URL of a page; without a configured one, its address from the top of the site."""
        return absolute(self.site.url, address)

    def _alternate(self, here: str, language: str, address: str) -> dict[str, str]:
        absolute = self.absolute(address) if self.site.url else relative(here, address)
        name = language_name(language, language)
        shown = name[:1].upper() + name[1:]
        return {"language": language, "name": shown, "link": relative(here, address), "absolute": absolute}


def addresses_of(history: PolicyHistory) -> dict[str, PageAddresses]:
    """Where the policy stands, by language. Its controlling text stands at the top whatever its language."""
    own, *translations = languages(history)
    found = {own: PageAddresses(history.policy_id)}
    return found | {language: PageAddresses(history.policy_id, f"{language}/") for language in translations}


def old_addresses(history: PolicyHistory, language: str) -> dict[PageAddresses, set[str]]:
    """Where the policy stood in a language before it was renamed, or another language became the controlling one, with
    the versions that were given out until then."""
    found: dict[PageAddresses, set[str]] = {}
    versions: set[str] = set()
    for count, posted in enumerate(history.postings, 1):
        if language in posted.revision.texts:
            versions.add(posted.posting.version)
            prefix = "" if language == posted.revision.language else f"{language}/"
            between = (name for name, had in history.names.items() if had == count)
            for name in (posted.posting.name, *between):
                found[PageAddresses(name, prefix)] = set(versions)
    now = addresses_of(history)[language]
    return {addresses: given for addresses, given in found.items() if addresses != now}


def folders_of(site: Site) -> dict[str, str]:
    """Every file that a policy was ever posted from, and where its pages stand."""
    return {
        text.path: addresses_of(history)[language].folder
        for history in site.policies
        for posted in history.postings
        for language, text in posted.revision.texts.items()
    }


def stood_before(site: Site) -> dict[str, list[Former]]:
    """By folder, the policies that stood there once; of those where another one may stand now."""
    found: dict[str, list[Former]] = {}
    for history in site.policies:
        for language, now in addresses_of(history).items() if len(site.policies) > 1 else ():
            for old, versions in old_addresses(history, language).items():
                title = editions(history, language)[-1].text.title
                found.setdefault(old.folder, []).append((now, frozenset(versions), title))
    return found


def context_for(site: Site, templates: Path) -> SiteContext:
    """The context for a whole site."""
    return SiteContext(site, templates, folders_of(site), stood_before(site))

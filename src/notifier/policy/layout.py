"""Paths → policies: which file is which language of which policy, by what habit it was named, and which is none.

`privacy.de.md` is always read. What else people write is read where the config says so: a name alone proves little
(`terms-uk.md` may be for the United Kingdom).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple

from notifier.policy.revision import is_language, policy_id_of


class Habit(StrEnum):
    """How translations are named."""

    SUFFIX = "suffix"  #: `privacy.de.md`
    DASH = "dash"  #: `privacy-de.md`, `privacy_de.md`
    FOLDER = "folder"  #: `de/privacy.md`
    INSIDE = "inside"  #: `privacy/de.md`


_DASHED = re.compile(r"(?P<base>.+?)[-_](?P<tag>[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?)")
_PROJECTS = re.compile(
    r"(?:^|/)(?:README|CHANGELOG|CHANGES|CONTRIBUTING|CONTRIBUTORS|CODE[-_]OF[-_]CONDUCT|LICEN[CS]E|SECURITY|SUPPORT"
    r"|AUTHORS|GOVERNANCE|MAINTAINERS|HISTORY|NEWS|NOTICE|INSTALL|TODO|AGENTS|(?i:readme|changelog|contributing))"
    r"(?:\.[A-Za-z-]{2,8})?\.md$"
)
"""What every project has; in capitals, as projects write it: `security.md` is a policy."""
_BESIDE = re.compile(
    r"(?:^|/)(?:node_modules|vendor|templates|\.[^/]+)/"
    r"|(?:^|/)\d{4}-\d\d-\d\d(?:\.\d+)?\.md$"  # the texts that pages offer, wherever they were published to
)
_WORK = re.compile(r"(?:^|/)(?:docs?|documentation|wiki|src|lib|tests?|spec|examples?|scripts|tools)/", re.I)
_POLICYS = re.compile(
    r"(?<![a-z])(?:privacy|terms|tos|cookies?|polic(?:y|ies)|legal|dpa|imprint|agreement|conditions|disclaimer|eula|aup"
    r"|subprocessors?|refunds?|returns|security|safety|guidelines|acceptable|copyright|datenschutz\w*|agb|impressum"
    r"|\w*bedingungen|widerruf\w*|confidentialit\w+|mentions|cg[uv]|politique|privacidad\w*|privacidade|t[eé]rmin\w+"
    r"|termos|condic\w+|aviso|informativa|condizioni|termini|voorwaarden|privacyverklaring|integritet\w*|villkor"
    r"|vilk[aå]r|personvern|persondata\w*|polityka|prywatno\w+|regulamin)(?![a-z])",
    re.I,
)


class Layout(NamedTuple):
    """Where policies lie and which language a file is in whose name does not say it."""

    folder: str
    """From the repository's top."""
    language: str
    is_shared: bool = False
    """Is it the folder of the whole installation, in which lies what is no policy?"""
    private: tuple[str, ...] = ()
    """Folders from the top that Notifier writes, its pages among them."""
    habit: Habit = Habit.SUFFIX
    files: tuple[str, ...] = ()
    """Patterns of the files that are policies, and with `!` of those that are none; by default all are."""

    def place(self, path: str) -> tuple[str, str | None] | None:
        """(policy id, language); the language is None for a controlling text, and all is None for no policy."""
        if self.is_shared and any(path.startswith(f"{one}/") for one in self.private):
            return None
        placed = _place(path, self.folder, self.language, self.habit)
        if placed is None or not (self.files or self.is_shared):
            return placed
        said = self._said(path, placed[0])
        return placed if said or (said is None and not (self.is_shared and _is_beside(path))) else None

    def wants_word(self, path: str) -> bool:
        """Is it no policy's by its name, and nobody has said that it is one?"""
        placed = self.place(path)
        if placed is None or self._said(path, placed[0]):
            return False
        return _PROJECTS.search(path) is not None or (self.is_shared and not _POLICYS.search(path))

    def is_unsaid(self, path: str) -> bool:
        """Is it no policy only because the config names others?"""
        placed = _place(path, self.folder, self.language, self.habit)
        return placed is not None and self.place(path) is None and not self._is_excluded(path, placed[0])

    def is_taken_for_policy(self, path: str) -> bool:
        """Would people take it for a policy by its name, though it is read as none: `privacy.markdown`?"""
        name = PurePosixPath(path)
        is_ours = any(path.startswith(f"{one}/") for one in self.private) or _is_beside(path)
        return name.suffix != ".md" and not is_ours and _POLICYS.search(name.name) is not None

    def _is_excluded(self, path: str, policy_id: str) -> bool:
        return _matches(self._names(path, policy_id), (one[1:] for one in self.files if one.startswith("!")))

    def _names(self, path: str, policy_id: str) -> tuple[str, str]:
        """What patterns are held against: the file, and the text whose translation it may be."""
        return str(PurePosixPath(path).relative_to(self.folder or ".")), f"{policy_id}.md"

    def _said(self, path: str, policy_id: str) -> bool | None:
        """Is it a policy, as the config says? None where it says nothing of it."""
        if self._is_excluded(path, policy_id):
            return False
        wanted = [one for one in self.files if not one.startswith("!")]
        return _matches(self._names(path, policy_id), wanted) if wanted else None


def read_as(layout: Layout, language: str, habit: str) -> Layout:
    """The same as it was when something was posted; as it is where that is not known."""
    known = {one.value: one for one in Habit}
    return layout._replace(language=language or layout.language, habit=known.get(habit, layout.habit))


def is_policys(name: str) -> bool:
    """Is it what people call a policy's file?"""
    return name.endswith(".md") and _POLICYS.search(name) is not None and not _PROJECTS.search(name)


def _matches(names: Iterable[str], patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in names)


def _is_beside(path: str) -> bool:
    """Does this lie among the policies of a project's own folder, and is none?"""
    is_work = _WORK.search(path) is not None and not _POLICYS.search(PurePosixPath(path).name)
    return is_work or _PROJECTS.search(path) is not None or _BESIDE.search(path) is not None


@lru_cache(maxsize=8192)
def _place(path: str, folder: str, language: str, habit: Habit) -> tuple[str, str | None] | None:
    placed = policy_id_of(path, folder)
    if placed is not None and placed[1] is None:
        name, tag = _by_habit(placed[0], habit)
        placed = (name, tag)
    if placed is None or placed[1] is None or placed[1].lower() != language.lower():
        return placed
    return placed[0], None


def _by_habit(name: str, habit: Habit) -> tuple[str, str | None]:
    """A name without its language, and that; the name as it is where it has none."""
    at = PurePosixPath(name)
    dashed = _DASHED.fullmatch(at.name) if habit is Habit.DASH else None
    if dashed and is_language(dashed["tag"].replace("_", "-")):
        return str(at.with_name(dashed["base"])), dashed["tag"].replace("_", "-")
    if habit is Habit.INSIDE and len(at.parts) > 1 and is_language(at.name):
        return str(at.parent), at.name
    if habit is Habit.FOLDER:
        for index, part in enumerate(at.parts[:-1]):
            if is_language(part):
                return str(PurePosixPath(*at.parts[:index], *at.parts[index + 1 :])), part
    return name, None


def habit_of(paths: Iterable[str], folder: str, language: str) -> Habit:
    """By which habit these files are named: the one by which each translation stands beside a text that it
    translates. What two habits would read, and what none does, is left to the config."""
    named = sorted(paths)
    found = [habit for habit in Habit if habit is not Habit.SUFFIX and _fits(named, folder, language, habit)]
    return found[0] if len(found) == 1 else Habit.SUFFIX


def _fits(paths: list[str], folder: str, language: str, habit: Habit) -> bool:
    placed = [one for path in paths if (one := _place(path, folder, language, habit))]
    controlling = {name for name, tag in placed if tag is None}
    plain = {one for path in paths if (one := _place(path, folder, language, Habit.SUFFIX))}
    by_habit = [name for name, tag in placed if (name, tag) not in plain and tag is not None]
    return bool(by_habit) and set(by_habit) <= controlling

"""Files → policy texts: which file is which language of which policy, and what is wrong with them.

All mistakes are found before any is raised, so that an editor mends them in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from notifier.errors import Finding, FindingCode, PolicyError
from notifier.policy.revision import PolicyText, policy_id_of, read_front_matter, title_of
from notifier.repository.objects import LINK, TreeEntry
from notifier.text.dates.posted_date import find_posted_date
from notifier.text.front_matter import FrontMatter

Files = dict[str | None, tuple[str, TreeEntry]]
"""A policy's files by language (None: the controlling text): path and entry."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where policies lie and which language a file without suffix is in."""

    folder: str
    """From the repository's top."""
    language: str

    def place(self, path: str) -> tuple[str, str | None] | None:
        """(policy id, language); the language is None for a controlling text, and all is None for no policy."""
        return _place(path, self.folder, self.language)


@lru_cache(maxsize=8192)
def _place(path: str, folder: str, language: str) -> tuple[str, str | None] | None:
    placed = policy_id_of(path, folder)
    if placed is None or placed[1] is None or placed[1].lower() != language.lower():
        return placed
    return placed[0], None


@dataclass(slots=True)
class PolicyFiles:
    """The policies' files at one commit, by policy and language. Changes as history is walked back."""

    layout: Layout
    files: dict[str, Files] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Mapping[str, TreeEntry], layout: Layout) -> PolicyFiles:
        """All policies among the files; of two files with one id the later stands."""
        found = cls(layout)
        for path, entry in files.items():
            found.put(path, entry)
        return found

    def put(self, path: str, entry: TreeEntry) -> None:
        placed = self.layout.place(path)
        if placed:
            self.files.setdefault(placed[0], {})[placed[1]] = (path, entry)

    def take(self, path: str) -> None:
        placed = self.layout.place(path)
        if placed:
            self.files.get(placed[0], {}).pop(placed[1], None)
            if not self.files.get(placed[0]):
                self.files.pop(placed[0], None)


def layout_mistakes(files: Iterable[tuple[str, TreeEntry]], layout: Layout) -> list[Finding]:
    """Two policies with one id, ids that differ only in case, translations without a text, symbolic links."""
    mistakes: list[Finding] = []
    seen: dict[tuple[str, str | None], str] = {}
    names: dict[str, str] = {}
    for path, entry in files:
        placed = layout.place(path)
        if placed is None:
            continue
        if entry.mode == LINK:
            mistakes.append(_unreadable(path, "a symbolic link cannot be a policy", "put the text itself there"))
        if placed in seen:
            mistakes.append(_unreadable(path, f"the same policy as {seen[placed]}", "rename or remove one of them"))
        elif names.setdefault(placed[0].casefold(), placed[0]) != placed[0]:
            other = names[placed[0].casefold()]
            mistakes.append(_unreadable(path, f"differs only in case from policy {other}", "rename one"))
        if placed[0].endswith(".lock") or "/." in placed[0] or ".." in placed[0]:
            mistakes.append(_unreadable(path, f"git takes no tag with the name {placed[0]!r}", "rename the file"))
        seen.setdefault(placed, path)
    return mistakes + _without_controlling(seen)


def _unreadable(path: str, message: str, mend: str = "", line: int = 1) -> Finding:
    return Finding(FindingCode.UNREADABLE, path, line, message, mend)


def _without_controlling(seen: Mapping[tuple[str, str | None], str]) -> list[Finding]:
    return [
        _unreadable(path, "a translation without its controlling text", f"add {policy_id}.md")
        for (policy_id, language), path in seen.items()
        if language is not None and (policy_id, None) not in seen
    ]


def read_texts(
    policy_id: str,
    files: Mapping[str | None, tuple[str, TreeEntry]],
    read: Callable[[str], bytes],
    layout: Layout,
    *,
    mistakes: list[Finding] | None = None,
) -> tuple[str, dict[str, PolicyText]]:
    """The controlling language and every text of one policy.

    With `mistakes`, what is wrong goes there; without, old texts are read as far as they can be.
    """
    texts: dict[str, PolicyText] = {}
    controlling = layout.language
    for suffix, (path, entry) in sorted(files.items(), key=lambda file: file[0] or ""):
        text = decode(read(entry.object_id), path, mistakes)
        front_matter = _front_matter(text, path, mistakes)
        language = suffix or front_matter.language or layout.language
        controlling = language if suffix is None else controlling
        if mistakes is not None:
            mistakes.extend(_date_mistakes(text, language, path))
        if language in texts and mistakes is not None:
            mistakes.append(_unreadable(path, f"the same language ({language}) as {texts[language].path}"))
        title = title_of(text, front_matter, policy_id)
        texts.setdefault(language, PolicyText(path, language, entry.object_id, text, front_matter, title))
    return controlling, texts


def language_of(path: str, text: str, layout: Layout) -> str | None:
    """The language of a policy file; None where it is none."""
    placed = layout.place(path)
    return placed and (placed[1] or _front_matter(text, path, None).language or layout.language)


def decode(content: bytes, path: str, mistakes: list[Finding] | None) -> str:
    """The text of a file; bytes that are not UTF-8 are a mistake, or replaced where mistakes do not matter."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if mistakes is not None:
            message = f"not UTF-8 (byte 0x{content[error.start]:02x})"
            mistakes.append(_unreadable(path, message, "save the file as UTF-8", line))
        return content.decode("utf-8", "replace")
    if "\0" in text and mistakes is not None:
        line = text.count("\n", 0, text.index("\0")) + 1
        mistakes.append(_unreadable(path, "a zero byte", "this is no text file", line))
    return text


def _front_matter(text: str, path: str, mistakes: list[Finding] | None) -> FrontMatter:
    try:
        return read_front_matter(text, path)
    except PolicyError as error:
        if mistakes is not None:
            mistakes.extend(error.findings)
        return FrontMatter()


def _date_mistakes(text: str, language: str, path: str) -> list[Finding]:
    """An ambiguous or placeholder date: told with all the others, not when its policy's turn comes."""
    try:
        find_posted_date(text, language=language, path=path)
    except PolicyError as error:
        return list(error.findings)
    return []


def all_mistakes(files: Mapping[str, TreeEntry], read: Callable[[str], bytes], layout: Layout) -> list[Finding]:
    """Everything in these files that keeps a run from reading them."""
    mistakes = layout_mistakes(files.items(), layout)
    for policy_id, languages in PolicyFiles.of(files, layout).files.items():
        read_texts(policy_id, languages, read, layout, mistakes=mistakes)
    return mistakes

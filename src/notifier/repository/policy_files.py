"""Files → policy texts: which file is which language of which policy, and what is wrong with them.

All mistakes are found before any is raised, so that an editor mends them in one go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from notifier.errors import Finding, FindingCode, PolicyError
from notifier.policy.drafts.page_names import name_faults
from notifier.policy.layout import Layout
from notifier.policy.revision import PolicyText, Revision, read_front_matter, title_of
from notifier.policy.translations.misplaced import misplaced
from notifier.repository.objects import LINK, SUBMODULE, TreeEntry
from notifier.text.dates.posted_date import find_posted_date, without_posted_date
from notifier.text.front_matter import FrontMatter, drop_used_up

Files = Mapping[str | None, tuple[str, TreeEntry]]
"""A policy's files by language (None: the controlling text): path and entry."""

_LOOKS_LIKE_MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdwn", ".mdx"})
_NO_TEXT = (
    (
        re.compile(r"\Aversion https://git-lfs\.github\.com/spec/"),
        "a pointer of Git LFS",
        "run: git lfs migrate export",
    ),
    (re.compile(r"^(?:<{7}|>{7}|\|{7}) .", re.M), "a conflict marker", "finish the merge"),
    (
        re.compile(r"\A[\s\ufeff]*(?:<!doctype html|<html|<head|<body|<\?xml)\b", re.I),
        "an HTML page",
        "put the Markdown there",
    ),
    (re.compile(r'\A[\s\ufeff]*(?:\{\s*"|\[\s*[{"])'), "a JSON document", "put the policy's Markdown there"),
    (
        re.compile(r"\A[\s\ufeff]*(?:40[0-9]|50[0-9])\b(?!\.)[: ]"),
        "a server's error message",
        "put the policy's Markdown there",
    ),
    (
        re.compile(r"\A[^\n]*\r[^\n]*\Z"),
        "one line for all that reads it (its lines end as on old Macs)",
        "save it with \\n or \\r\\n",
    ),
    (re.compile(r"\0"), "a zero byte", "this is no text file"),
    (re.compile(r"\A\s*\Z"), "an empty file", "remove it, or write the policy"),
)
"""What stands where a policy should, after a tool went wrong."""


class Heads(NamedTuple):
    """Every policy at the tip: those that can be read, and what is wrong with the others."""

    revisions: Mapping[str, Revision]
    mistakes: Mapping[str, tuple[Finding, ...]]
    """By policy; under "" what lies among the policies and is in none."""


class PolicyFiles:
    """The policies' files at one commit, by policy and language. Changes as history is walked back."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._by_policy: dict[str, dict[str | None, tuple[str, TreeEntry]]] = {}
        self._all: dict[str, TreeEntry] = {}

    @classmethod
    def among(cls, files: Mapping[str, TreeEntry], layout: Layout) -> PolicyFiles:
        """All policies among the files; of two files with one id the later stands."""
        found = cls(layout)
        for path, entry in files.items():
            found.put(path, entry)
        return found

    def read_by(self, layout: Layout) -> PolicyFiles:
        """The same files read otherwise."""
        return self if layout == self.layout else PolicyFiles.among(self._all, layout)

    def of(self, policy_id: str) -> Files:
        """A policy's files as they are now."""
        return dict(self._by_policy.get(policy_id, {}))

    def ids(self) -> list[str]:
        """Every policy, and what has translations alone."""
        return sorted(self._by_policy)

    def controlled(self) -> list[str]:
        """Every policy that has a controlling text."""
        return [policy_id for policy_id in self.ids() if None in self._by_policy[policy_id]]

    def put(self, path: str, entry: TreeEntry) -> None:
        self._all[path] = entry
        placed = self.layout.place(path)
        if placed:
            self._by_policy.setdefault(placed[0], {})[placed[1]] = (path, entry)

    def take(self, path: str) -> None:
        self._all.pop(path, None)
        placed = self.layout.place(path)
        if placed:
            self._by_policy.get(placed[0], {}).pop(placed[1], None)
            if not self._by_policy.get(placed[0]):
                self._by_policy.pop(placed[0], None)


def _layout_mistakes(files: Mapping[str, TreeEntry], layout: Layout) -> Iterator[tuple[str, Finding]]:
    """By policy: two files for one id, translations without a text, links."""
    seen: dict[tuple[str, str | None], str] = {}
    for path, entry in files.items():
        placed = layout.place(path)
        if placed is None and layout.is_shared and not layout.is_taken_for_policy(path):
            continue
        if placed is None:
            yield from (("", finding) for finding in _passed_over(path, entry, layout))
            continue
        policy_id = placed[0]
        if entry.mode in (LINK, SUBMODULE):
            yield policy_id, _unreadable(path, "a link cannot be a policy", "put the text itself there")
        if placed in seen:
            mend = f"rename or remove one of them{'' if placed[1] else _both_count(policy_id, layout.language)}"
            yield policy_id, _unreadable(path, f"the same policy as {seen[placed]}", mend)
        if policy_id.endswith(".lock") or "/." in policy_id or ".." in policy_id:
            yield policy_id, _unreadable(path, f"git takes no tag with the name {policy_id!r}", "rename the file")
        seen.setdefault(placed, path)
    for (policy_id, language), path in seen.items():
        if language is not None and (policy_id, None) not in seen:
            message = "a translation without its controlling text"
            mend = f"add {policy_id}.md, or name it after that where it has another name now"
            yield policy_id, _unreadable(path, message, mend)


def _both_count(policy_id: str, language: str) -> str:
    other = f"{policy_id}.{'de' if language == 'en' else 'en'}.md"
    return (
        f": both are the text that counts, in {language} (policies.language). A translation names its language, as in "
        f"{other}; where a text in another language counts, policies.language is that one, and texts in {language} "
        f"that count say language: {language}"
    )


def _name_mistakes(at: PolicyFiles, posted: Collection[str]) -> Iterator[tuple[str, Finding]]:
    """By policy: names under which nothing could be published."""
    files = {policy_id: at.of(policy_id) for policy_id in at.ids()}
    languages = {language for one in files.values() for language in one if language}
    for policy_id, why in name_faults(files, posted=posted, languages=languages).items():
        for path, _ in files.get(policy_id, {}).values():
            yield policy_id, Finding(FindingCode.NAME, path, 1, f"no policy can have this name: {why}", "rename it")


def _no_policy(text: PolicyText, layout: Layout) -> Iterator[Finding]:
    """What is no policy by its name is published only after somebody said that it is one."""
    if layout.wants_word(text.path) and text.front_matter.announce is None:
        name = PurePosixPath(text.path).relative_to(layout.folder or ".")
        mend = f'if it is one, write announce: true or false into its front matter; else policies.files = ["!{name}"]'
        yield Finding(FindingCode.NEW_POLICY, text.path, 1, "by its name this is no policy", mend)


def _passed_over(path: str, entry: TreeEntry, layout: Layout) -> Iterator[Finding]:
    """What an editor takes for a policy, or for a folder of them, and Notifier would not see."""
    name = PurePosixPath(path)
    if any(part.startswith(".") for part in name.relative_to(layout.folder or ".").parts):
        return
    if entry.mode == SUBMODULE:
        yield _unreadable(path, "a submodule: its policies are not part of this repository", "put the files here")
    elif entry.mode == LINK and not name.suffix:
        yield _unreadable(path, "a symbolic link: policies behind it are not read", "put the files here")
    elif name.suffix == ".md":
        if layout.is_unsaid(path):
            mend = f'name it there, or say that it is none: "!{name.relative_to(layout.folder or ".")}"'
            yield _unreadable(path, "policies.files does not name it: it is not published", mend)
    elif name.suffix.lower() in _LOOKS_LIKE_MARKDOWN:
        yield _unreadable(path, f"{name.suffix} is not read as a policy", f"call it {name.stem}.md")


def _unreadable(path: str, message: str, mend: str = "", line: int = 1) -> Finding:
    return Finding(FindingCode.UNREADABLE, path, line, message, mend)


def read_texts(
    policy_id: str,
    files: Files,
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
        is_here = entry.mode != SUBMODULE  # of one the repository has a commit's id alone
        text = decode(read(entry.object_id) if is_here else b"", path, mistakes)
        front_matter = _front_matter(text, path, mistakes)
        language = suffix or front_matter.language or layout.language
        controlling = language if suffix is None else controlling
        if mistakes is not None:
            mistakes.extend(_date_mistakes(text, language, path))
        if language in texts and mistakes is not None:
            mistakes.append(_unreadable(path, f"the same language ({language}) as {texts[language].path}"))
        title = title_of(text, front_matter, policy_id)
        texts.setdefault(language, PolicyText(path, language, entry.object_id, text, front_matter, title))
    if mistakes is not None and controlling in texts:
        mistakes.extend(_said_in_vain(texts, texts[controlling]))
    return controlling, texts


_OF_THE_POLICY = ("effective", "post_on", "retired", "audience", "announce", "consent")
"""What only the controlling text can say; a translation may say the same."""


def _said_in_vain(texts: Mapping[str, PolicyText], own: PolicyText) -> Iterator[Finding]:
    """What translations say that would count for nothing: an editor would wait in vain for that day."""
    for text in texts.values():
        said, heard = text.front_matter, own.front_matter
        for key in _OF_THE_POLICY if text is not own else ():
            if getattr(said, key) not in (None, frozenset(), getattr(heard, key)):
                yield _unreadable(text.path, f"{key} says nothing in a translation", f"write it into {own.path}")
        if text is not own and (said.language or text.language).lower()[:2] != text.language.lower()[:2]:
            mend = f"call it after its language, or leave language: {said.language} out"
            yield _unreadable(text.path, f"by its name it is {text.language}, whatever its front matter says", mend)


def language_of(path: str, text: str, layout: Layout) -> str | None:
    """The language of a policy file; None where it is none."""
    placed = layout.place(path)
    return placed and (placed[1] or _front_matter(text, path, None).language or layout.language)


def decode_strictly(content: bytes, path: str) -> str:
    """A file's text. Raises PolicyError with all that is wrong with it."""
    mistakes: list[Finding] = []
    text = decode(content, path, mistakes)
    if mistakes:
        raise PolicyError(*mistakes)
    return text


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
    if mistakes is not None:
        mistakes.extend(_no_text(text, path))
    return text


def _no_text(text: str, path: str) -> Iterator[Finding]:
    for pattern, message, mend in _NO_TEXT:
        found = pattern.search(text)
        if found:
            yield _unreadable(path, message, mend, text.count("\n", 0, found.start()) + 1)


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


def no_commit_brought(policy_id: str, at: PolicyFiles) -> Finding:
    """What must never be: a policy of which the history knows nothing would be posted by nobody."""
    path = next(path for path, _ in at.of(policy_id).values())
    return _unreadable(path, "no commit says where it came from", "commit a change of its text")


def _left_out(files: Mapping[str, TreeEntry], layout: Layout, posted: Collection[str]) -> Iterator[tuple[str, Finding]]:
    """By policy: what was posted, and is there, and the config would pass over without a word."""
    whole = layout._replace(files=())
    for path in files if layout.files else ():
        policy_id, language = whole.place(path) or ("", None)
        if policy_id in posted and language is None and layout.place(path) is None:
            mend = "let it name the file; a policy that ends says so with retired: DATE in its front matter"
            yield policy_id, _unreadable(path, "policies.files leaves it out, and it was posted", mend)


def mistakes_by_policy(
    files: Mapping[str, TreeEntry], read: Callable[[str], bytes], layout: Layout, posted: Collection[str] = ()
) -> dict[str, tuple[Finding, ...]]:
    """What keeps a run from reading or publishing each policy; under "" what is in no policy's files.

    `posted` are the ids of all that was ever posted: their pages stand for ever.
    """
    found: dict[str, list[Finding]] = {}
    at = PolicyFiles.among(files, layout)
    left_out = _left_out(files, layout, posted)
    for policy_id, finding in (*_layout_mistakes(files, layout), *_name_mistakes(at, posted), *left_out):
        found.setdefault(policy_id, []).append(finding)
    for policy_id in at.ids():
        mistakes = found.setdefault(policy_id, [])
        language, texts = read_texts(policy_id, at.of(policy_id), read, layout, mistakes=mistakes)
        if language in texts:
            mistakes += misplaced(texts[language], layout.folder)
            mistakes += _no_policy(texts[language], layout) if policy_id not in posted else ()
    return {policy_id: tuple(findings) for policy_id, findings in sorted(found.items()) if findings}


def is_stamped_form(before: str, after: str, language: str) -> bool:
    """Whether two texts differ at most by their posted date and a used-up summary."""
    return _but_for_stamp(before, language) == _but_for_stamp(after, language)


def _but_for_stamp(text: str, language: str) -> str:
    return without_posted_date(drop_used_up(text), language=language)

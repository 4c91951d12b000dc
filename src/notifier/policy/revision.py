"""Whose text, at which commit: policy files, their front matter, and `Revision`s.

A policy's id is its path below the policies folder without `.md` and language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple

from notifier.text.document import BlockKind
from notifier.text.front_matter import FrontMatter as FrontMatter
from notifier.text.front_matter import body_start
from notifier.text.front_matter import drop_used_up as drop_used_up
from notifier.text.front_matter import read_front_matter as read_front_matter
from notifier.text.markdown import read


class PolicyText(NamedTuple):
    """One language of a policy at one commit."""

    path: str
    language: str
    blob_id: str
    text: str
    front_matter: FrontMatter
    title: str
    """Front matter `title`, else the first heading, else the policy's id made readable."""


class Commit(NamedTuple):
    """A first-parent commit on the published branch that touched a policy."""

    commit_id: str
    landed_at: datetime
    author: str
    author_email: str
    committer_email: str
    subject: str
    body: str
    merged: tuple[Commit, ...] = ()
    """The commits that a merge brought in, as far as they touched the policy: where editors write trailers."""
    is_mere_merge: bool = False
    """A merge whose policy text is the merged branch's, word for word: who merged it wrote none of it."""


class Revision(NamedTuple):
    """A policy's text, in all its languages, at one commit on the published branch."""

    policy_id: str
    language: str
    """Of the controlling text."""
    commit: Commit
    texts: Mapping[str, PolicyText]

    @property
    def controlling(self) -> PolicyText:
        return self.texts[self.language]


_CODES = (
    "aa ab af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja "
    "jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb "
    "nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq "
    "sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
    "ast ckb fil gsw haw yue"
)
LANGUAGES = frozenset(_CODES.split())
"""ISO 639-1, and the few longer codes that sites use; so `terms.old.md` is a policy and `terms.de.md` a translation."""

_NOT_IN_A_NAME = re.compile(r"[^\w./-]+")


def policy_id_of(path: str, root: str) -> tuple[str, str | None] | None:
    """`policies/legal/dpa.de.md` below `policies` → (`legal/dpa`, `de`); None for what is no policy file.

    Hidden files and folders are none. Characters that git or an address would not take become `-`.
    """
    below = PurePosixPath(path)
    if root not in ("", "."):
        if not below.is_relative_to(root):
            return None
        below = below.relative_to(root)
    if below.suffix != ".md" or any(part.startswith(".") for part in below.parts):
        return None
    stem, language = _language_suffix(below.with_suffix("").name)
    named = unicodedata.normalize("NFC", str(below.with_name(stem)))
    return "/".join(_NOT_IN_A_NAME.sub("-", part).strip("-.") or "-" for part in named.split("/")), language


def _language_suffix(stem: str) -> tuple[str, str | None]:
    name, dot, tag = stem.rpartition(".")
    return (name, tag) if dot and name and is_language(tag) else (stem, None)


def is_language(tag: str) -> bool:
    """Is it the code of a language, `de` or `pt-BR`?"""
    parts = tag.split("-")
    return parts[0] in LANGUAGES and all(re.fullmatch(r"[A-Za-z0-9]{2,8}", part) for part in parts)


_FIRST_PART = 1024
"""Characters in which the first heading of nearly every policy stands: the whole is read only where it does not."""
_MAY_HAVE_HEADING = re.compile(r"^\ufeff?[ \t>]*(?:#|=+[ \t]*\r?$|-+[ \t]*\r?$)|<h[1-6]", re.M | re.I)


def title_of(text: str, front_matter: FrontMatter, policy_id: str) -> str:
    """Front matter `title`, else the first heading as a reader reads it, else the policy's id made readable."""
    if front_matter.title:
        return front_matter.title
    heading = _remembered(_opening(text)) or _first_heading(text[:_FIRST_PART].rpartition("\n\n")[0])
    heading = heading or _first_heading(text)
    return heading or re.sub(r"[-_]+", " ", policy_id.rsplit("/", 1)[-1]).strip().capitalize()


def _opening(text: str) -> str:
    """The text through the paragraph of its first heading; empty where what follows may make another one of it."""
    found = _MAY_HAVE_HEADING.search(text, body_start(text), _FIRST_PART)
    end = text.find("\n\n", found.start(), _FIRST_PART) if found else -1
    return "" if end < 0 or "[" in text[:end] or "<" in text[:end] else text[:end]


@lru_cache(maxsize=512)
def _remembered(opening: str) -> str:
    """Of a history, nearly every text begins as the one before."""
    return _first_heading(opening)


def _first_heading(text: str) -> str:
    if not _MAY_HAVE_HEADING.search(text):
        return ""
    return next((block.line for block in read(text).blocks if block.kind is BlockKind.HEADING and block.line), "")

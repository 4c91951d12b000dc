"""Links between policies: whether they lead anywhere, and which anchors a revision takes away."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from notifier.errors import Finding, FindingCode, Severity
from notifier.policy.findings import line_at
from notifier.policy.revision import PolicyText
from notifier.render.site.anchors import NO_ANCHORS, Anchors, next_anchors, written_anchors
from notifier.text.document import RunKind, TextStyle
from notifier.text.markdown import parse

_UNDEFINED = re.compile(r"\[(?P<words>[^\[\]\n]+)\]\[(?P<name>[^\[\]\n]*)\](?!\()")
"""What a reader sees of a link by a name that nothing defines: its brackets."""


class Linked(NamedTuple):
    """One policy text with its headings' ids: those it has, and those it had when it was last posted."""

    text: PolicyText
    policy_id: str
    anchors: Anchors
    before: Anchors
    ids: frozenset[str]
    """Where a link into this text can lead."""


def linked(text: PolicyText, policy_id: str, before: PolicyText | None) -> Linked:
    """A text with the ids that its page will give to its headings."""
    posted = next_anchors(NO_ANCHORS, parse(before.text)) if before else NO_ANCHORS
    document = parse(text.text)
    anchors = next_anchors(posted, document)
    named = {anchor for block in document.blocks for anchor in block.anchors}
    ids = frozenset(anchors.ids.values()) | set(written_anchors(document, anchors)) | named | {"", "top"}
    return Linked(text, policy_id, anchors, posted, ids)


def link_findings(texts: Mapping[str, Linked], *, has_file: Callable[[str], bool], page_url: str) -> list[Finding]:
    """Links that lead nowhere: within a text, to another policy's file or page, or by a name that nothing defines.

    `texts` by path; `page_url` is where the posted pages are, empty where that is not known.
    """
    found = []
    for path, one in texts.items():
        for offset, target in _targets(one.text.text):
            fault = _fault(target, path, texts, has_file, page_url.rstrip("/"))
            if fault:
                found.append(_finding(one.text, offset, *fault))
        for offset, name in _undefined(one.text.text):
            found.append(_finding(one.text, offset, f"[…][{name}] is defined nowhere", f"add: [{name}]: address"))
    return found


def vanished_findings(texts: Mapping[str, Linked]) -> list[Finding]:
    """Headings that were posted and are gone: mails and pages out there may point to them."""
    return [
        Finding(
            FindingCode.ANCHOR, one.text.path, 1, f'the heading "{name}" is gone, and links to #{anchor} lead nowhere',
            f'keep it, or put <a id="{anchor}"></a> where its text went', Severity.ADVICE,
        )
        for one in texts.values()
        for name, anchor in one.before.names
        if anchor not in one.ids
    ]  # fmt: skip


def _finding(text: PolicyText, offset: int, fault: str, mend: str) -> Finding:
    return Finding(FindingCode.LINK, text.path, line_at(text.text, offset), fault, mend)


def _targets(text: str) -> Iterator[tuple[int, str]]:
    """Every link that the page has, with its place."""
    for block in parse(text).blocks:
        for link, runs in groupby(block.runs, key=lambda run: run.link):
            if link is not None:
                yield next(runs).start, link.target


def _undefined(text: str) -> Iterator[tuple[int, str]]:
    for block in parse(text).blocks:
        for run in block.runs:
            if run.kind is RunKind.TEXT and TextStyle.CODE not in run.styles and text[run.start - 1] != "\\":
                yield from (
                    (run.start + match.start(), match["name"] or match["words"])
                    for match in _UNDEFINED.finditer(run.text)
                )


def _fault(
    target: str, path: str, texts: Mapping[str, Linked], has_file: Callable[[str], bool], page_url: str
) -> tuple[str, str] | None:
    """What is wrong with a link, and the mend; None for a good one and for what leads elsewhere."""
    if page_url and (target + "/").startswith(page_url + "/"):
        return _page_fault(target, target[len(page_url) :], texts)
    try:
        address = urlsplit(target)
    except ValueError:
        return f"{target} is no address", "write it as in https://example.org/"
    if address.scheme or address.netloc or target.startswith(("/", "{{", "{%")):
        return None
    aimed = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address.path))) if address.path else path
    if aimed in texts:
        return _anchor_fault(unquote(address.fragment), texts[aimed], is_own=aimed == path)
    return None if has_file(aimed) else (f"there is no file {aimed}", "mend the link or add the file")


def _page_fault(target: str, rest: str, texts: Mapping[str, Linked]) -> tuple[str, str] | None:
    """A link to the posted pages: only the current page of a policy is looked up, the rest are permanent."""
    place, _, fragment = rest.strip("/").partition("#")
    place = place.strip("/")
    aimed = [one for one in texts.values() if place == one.policy_id]
    if aimed:
        return _anchor_fault(unquote(fragment), aimed[0], is_own=False)
    known = {one.policy_id for one in texts.values()}
    if not place or place.rpartition(".")[1] or any(place.startswith(f"{policy_id}/") for policy_id in known):
        return None
    languages = {one.text.language for one in texts.values()}
    if place.split("/")[0] in languages:
        return None
    return f"{target} is no posted page", f"there are {', '.join(sorted(known))}"


def _anchor_fault(fragment: str, aimed: Linked, *, is_own: bool) -> tuple[str, str] | None:
    if fragment in aimed.ids:
        return None
    where = "here" if is_own else f"in {aimed.text.path}"
    return f"no heading {where} has the anchor #{fragment}", _nearest(fragment, aimed)


MOST_COMPARED = 200
"""Anchors among which one that is nearly right is looked for, and characters of what was written."""


def _nearest(fragment: str, aimed: Linked) -> str:
    from difflib import get_close_matches

    is_worth_it = len(aimed.ids) <= MOST_COMPARED and len(fragment) <= MOST_COMPARED
    near = get_close_matches(fragment, sorted(aimed.ids - {""}), n=1) if is_worth_it else []
    return f"did you mean #{near[0]}?" if near else "link to a heading that is there"

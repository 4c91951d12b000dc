"""Git's own proof, without git: from a tag's object through commit and trees to the text, each known by its SHA-1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha1
from typing import Any

from notifier.policy.posting import Posting, read_posting
from notifier.policy.trailers import read_trailers

Objects = Mapping[str, tuple[str, bytes]]
"""Kind and content by id, of objects whose id was computed."""


def git_faults(files: Mapping[str, bytes], texts: Mapping[str, Any]) -> Iterator[str]:
    """A line for each text whose tag, commit and trees do not lead to it, and for each object that none needs."""
    objects: dict[str, tuple[str, bytes]] = {}
    for path, content in files.items():
        if path.startswith("git/"):
            if sha1(content, usedforsecurity=False).hexdigest() != path.removeprefix("git/"):
                yield f"{path}: is not the object of this name"
            head, _, body = content.partition(b"\0")
            objects[path.removeprefix("git/")] = head.split(b" ")[0].decode("ascii", "replace"), body
    for tag, text in sorted(texts.items()):
        if "tag_object" in text:
            yield from _faults(objects, files, tag, text)


def _faults(objects: Objects, files: Mapping[str, bytes], tag: str, text: Mapping[str, Any]) -> Iterator[str]:
    kind, body = objects.get(text["tag_object"], ("", b""))
    commit_id = _field(body, b"object") if kind == "tag" else text["tag_object"]
    if kind == "tag" and _field(body, b"tag") != tag:
        yield f"{tag}: object {text['tag_object'][:12]} is another tag"
    if commit_id != text["commit"]:
        yield f"{tag}: is on commit {commit_id[:12]}, not on {text['commit'][:12]}"
    kind, body = objects.get(text["commit"], ("", b""))
    if kind != "commit":
        yield f"{tag}: commit {text['commit'][:12]} is not in the folder"
        return
    if text["version"] != tag.rpartition("/")[2]:
        yield f"{tag}: is called {text['version']}"
    written = _field(objects.get(text["revision"], ("", b""))[1], b"author")
    if written.rpartition(">")[0] + ">" != text["author"]:
        yield f"{tag}: revision {text['revision'][:12]} was not written by {text['author']}"
    for one in text["files"].values():
        content = files[one["file"]]
        blob = sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
        if not blob == one["blob"] == _entry(objects, _field(body, b"tree"), one["path"]):
            yield f"{one['file']}: is not what stands at {one['path']} in commit {text['commit'][:12]}"


def word_faults(files: Mapping[str, bytes], facts: Mapping[str, Any]) -> Iterator[str]:
    """A line for each posting of which git's own trailers say something else."""
    for told in facts["notices"]:
        for change in told["postings"]:
            if change["after"] not in (None, change["row"]["tag"]):
                yield f"{change['after']}: is not what {change['row']['tag']} posted"
            text = facts["texts"].get(change["after"] or "", {})
            if "commit" not in text:
                continue
            message = files[f"git/{text['commit']}"].partition(b"\n\n")[2].decode("utf-8", "replace")
            tag = files[f"git/{text['tag_object']}"].partition(b"\n\n")[2].decode("utf-8", "replace")
            found = [read_posting(change["policy"], read_trailers(one)) for one in (tag, message)]
            said = next((one for one in found if one is not None and one.tag == change["after"]), None)
            row = change["row"]
            if said is None or said_in_git(said) != change["says"] or said.commit_id != row["commit_id"]:
                yield f"{change['after']}: git's trailers say something else of it"


def said_in_git(posting: Posting) -> dict[str, Any]:
    """What git's own trailers say of a posting beside the ledger's row."""
    return {
        "word": posting.word,
        "compared_with": posting.compared_with,
        "restores": posting.restores,
        "posted_on": posting.posted_on.isoformat(),
        "effective_on": posting.effective_on.isoformat(),
        "significance": posting.significance.value,
        "is_adoption": posting.is_adoption,
    }


def _entry(objects: Objects, tree: str, path: str) -> str:
    """The id of what stands at a path below a tree; empty where the folder does not show it."""
    for name in path.encode().split(b"/"):
        kind, body = objects.get(tree, ("", b""))
        tree = _entries(body).get(name, "") if kind == "tree" else ""
    return tree


def _entries(body: bytes) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    while body:
        head, _, rest = body.partition(b"\0")
        found[head.partition(b" ")[2]] = rest[:20].hex()
        body = rest[20:]
    return found


def _field(body: bytes, name: bytes) -> str:
    """A line of the head of a tag or commit."""
    for line in body.partition(b"\n\n")[0].split(b"\n"):
        if line.startswith(name + b" "):
            return line[len(name) + 1 :].decode("utf-8", "replace")
    return ""

"""Annotated tags under `posted/`: the record of what was posted, read back whole from git alone.

Postings come in the order of their commits' ancestry: a clock set back, a moved time zone or a commit dated years
ahead changes no order. A posting stands under the id that its policy has today.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

from notifier.errors import RepositoryError
from notifier.policy.layout import Habit, Layout, read_as
from notifier.policy.posting import Posted, Posting, posting_trailers, read_posting
from notifier.policy.trailers import folded, message_of, read_trailers
from notifier.repository.git import Git, GitFailed
from notifier.repository.history import History
from notifier.repository.objects import Objects
from notifier.repository.policy_files import Files, PolicyFiles, decode, is_stamped_form, language_of
from notifier.repository.tags.journal_heads import head_trailer
from notifier.text.front_matter import set_day

_FIELDS = ("refname:strip=2", "objectname", "objecttype", "*objectname", "contents:body", "*contents:body")
_FORMAT = "".join(f"%({field})%00" for field in _FIELDS)
Named = Mapping[str, tuple[Posting, str]]
"""Postings by tag, each with the commit that it stands on, as somebody has written them down apart from git."""


class TagRecord(NamedTuple):
    """One tag under `posted/`, as git has it."""

    name: str
    object_id: str
    """Of the tag itself. It is the digest of all below: equal ids are equal postings, stamps, texts and histories."""
    is_annotated: bool
    commit_id: str
    """That holds the text as stamped."""
    posting: Posting | None
    """What its trailers tell; None where they tell of none, or of another tag: somebody else's."""
    is_on_branch: bool
    stamp_posting: Posting | None = None
    """What the commit's own trailers tell."""


class PostedTags:
    """What was posted, as tags and commits say it at one moment."""

    def __init__(
        self,
        git: Git,
        objects: Objects,
        layout: Layout,
        history: History,
        *,
        is_within: bool = False,
        named: Named | None = None,
    ) -> None:
        """`is_within`: only what is part of `history` counts. `named`: these count, wherever tags stand."""
        self._git, self._objects, self._history = git, objects, history
        self._today = layout
        self._is_within, self._named, self._stamped_until = is_within, named, ""

    def with_stamps(self, until: str) -> PostedTags:
        """The same, with what stamps up to a commit tell that have no tag here."""
        parts = (self._git, self._objects, self._today, self._history)
        other = PostedTags(*parts, is_within=self._is_within, named=self._named)
        other._stamped_until = until
        return other

    @cached_property
    def records(self) -> tuple[TagRecord, ...]:
        """Every tag under `posted/`, ours or not, oldest first by ancestry."""
        if not self._history.tip:
            return ()
        fields = self._git.run("for-each-ref", f"--format={_FORMAT}", "refs/tags/posted/").split("\0")
        width = len(_FIELDS)
        found = (_record(self._ages, *fields[at : at + width]) for at in range(0, len(fields) - 1, width))
        counting = (one for one in found if one.is_on_branch or not self._is_within)
        return tuple(sorted(counting, key=lambda one: (self._age(one.commit_id), _count(one.name), one.name)))

    def policies(self) -> tuple[str, ...]:
        """The ids of all policies ever posted."""
        return tuple(sorted(self._by_policy))

    def postings(self, policy_id: str) -> tuple[Posting, ...]:
        """The policy's postings, oldest first."""
        return tuple(posting for posting, _ in self._by_policy.get(policy_id, ()))

    def names(self, policy_id: str) -> dict[str, int]:
        """What the policy was called before, also between two postings, and how many it had when it was renamed."""
        ages, names, name = (
            [self._age(one) for _, one in self._by_policy.get(policy_id, ())],
            dict[str, int](),
            policy_id,
        )
        for rename in self._history.renames():
            if rename.new_id == name:
                name, age = rename.old_id, self._age(rename.commit_id)
                names.setdefault(name, sum(one < age for one in ages))
        return {name: count for name, count in names.items() if count}

    def posted(self, policy_id: str) -> Iterator[Posted]:
        """The policy's postings with their texts as stamped, newest first: each is read when it is asked for."""
        for posting, commit_id in reversed(self._by_policy.get(policy_id, ())):
            yield self._posted(posting, commit_id)

    def posted_at(self, policy_id: str, tag: str) -> Posted:
        """One posting with its texts as stamped. Raises RepositoryError where there is no such tag."""
        for posting, commit_id in self._by_policy.get(policy_id, ()):
            if posting.tag == tag:
                return self._posted(posting, commit_id)
        raise RepositoryError(f"there is no tag {tag}; `notifier status` says what was posted")

    def faults(self, record: TagRecord) -> Iterator[str]:
        """What Notifier would not have made so: somebody forged or moved this tag, or its stamp."""
        posting = record.posting
        if not record.is_annotated:
            yield "is no annotated tag"
        elif posting is None:
            yield "its message tells of no posting by this name"
        elif posting.is_adoption and posting.commit_id == record.commit_id:
            pass
        elif posting.is_adoption and self._told_by(record.commit_id, posting.policy_id) != posting:
            yield f"adopts {posting.commit_id[:7]}, and stands on {record.commit_id[:7]}"
        else:
            yield from self._stamp_faults(posting, record.commit_id)
        if not record.is_on_branch:
            yield "is on no commit of the branch"

    def _stamp_faults(self, posting: Posting, stamp_id: str) -> Iterator[str]:
        parents = self._objects.parents(stamp_id)
        if len(parents) != 1:
            yield f"its commit {stamp_id[:7]} has {len(parents)} parents, and a stamp has one"
            return
        if self._told_by(stamp_id, posting.policy_id) != posting:
            yield f"its commit {stamp_id[:7]} tells another posting than the tag"
        for path in self._git.run("diff-tree", "-r", "-z", "--no-renames", "--name-only", parents[0], stamp_id).split(
            "\0"
        ):
            placed = self._today.place(path) or self._today._replace(files=()).place(path)
            if path and (placed or ("",))[0] != posting.policy_id:
                yield f"its commit {stamp_id[:7]} changes {path}"
        name, layout = _name_in(posting.tag), self._layout_of(self._filled(posting))
        stamped, judged = self._files(stamp_id, name, layout), self._files(posting.commit_id, name, layout)
        retired = None if judged else posting.effective_on
        if not self._is_stamped_form(judged or self._ended(posting), stamped, retired, layout):
            yield f"its commit {stamp_id[:7]} has other words than revision {posting.commit_id[:7]}"

    def _ended(self, posting: Posting) -> Files:
        """What was posted before the posting that brings a policy back to end it; nothing where nothing was."""
        today = self._name_today(_name_in(posting.tag), posting.commit_id)
        listed = self._by_policy.get(today, ())
        at = next((at for at, (one, _) in enumerate(listed) if one.tag == posting.tag), 0)
        if not at:
            return {}
        before, commit_id = listed[at - 1]
        return self._files(commit_id, before.name, self._layout_of(before))

    def _filled(self, posting: Posting) -> Posting:
        """The posting as it counts, with how its files are read."""
        listed = self._by_policy.get(self._name_today(_name_in(posting.tag), posting.commit_id), ())
        return next((one for one, _ in listed if one.tag == posting.tag), posting)

    def _is_stamped_form(self, judged: Files, stamped: Files, retired: date | None, layout: Layout) -> bool:
        if judged.keys() != stamped.keys():
            return False
        for suffix, (path, entry) in judged.items():
            before, after = (decode(self._objects.content(one), path, None) for one in (entry, stamped[suffix][1]))
            before = set_day(before, "retired", retired) if retired and suffix is None else before
            if not is_stamped_form(before, after, language_of(path, before, layout) or layout.language):
                return False
        return True

    def _posted(self, posting: Posting, commit_id: str) -> Posted:
        """The texts may stand under the name that the policy had then."""
        name, layout = _name_in(posting.tag), self._layout_of(posting)
        files = self._files(commit_id, name, layout)
        if None not in files and not posting.language:  # posted before postings said how, and never since: as others
            others = ((self._layout_of(one), one) for all_of in self._by_policy.values() for one, _ in all_of)
            tried = ((other, self._files(commit_id, name, other)) for other in dict(others))
            layout, files = next((one for one in tried if None in one[1]), (layout, files))
        if None not in files:
            mend = (
                "if policies.path, policies.language or policies.layout was changed, or the folder moved, set it back"
            )
            raise RepositoryError(f"{posting.tag} holds no text of {name} in {self._today.folder or '.'}/; {mend}")
        commit = self._objects.commit(posting.commit_id)
        return Posted(posting, self._history.revision_of(posting.policy_id, files, commit, layout))

    def _layout_of(self, posting: Posting) -> Layout:
        """How the files of a posting are read: as they were when it was made."""
        return read_as(self._today, posting.language, posting.layout)

    def _files(self, commit_id: str, name: str, layout: Layout) -> Files:
        """A policy's files at a commit: by their names, else (spaces and the like) by going through all of them."""
        stem = f"{layout.folder}/{name}" if layout.folder else name
        if layout.habit is Habit.SUFFIX:
            files = PolicyFiles.among(self._objects.files_of(commit_id, stem), layout).of(name)
            if None in files:
                return files
        listed = self._objects.files(commit_id, layout.folder)
        files = PolicyFiles.among(listed, layout).of(name)
        left_out_too = layout._replace(files=())  # what was posted is a policy, whatever is left out
        return files if None in files else PolicyFiles.among(listed, left_out_too).of(name)

    @cached_property
    def _by_policy(self) -> dict[str, list[tuple[Posting, str]]]:
        """Postings and the commits they stand on, oldest first, by the id that their policy has today."""
        found: dict[str, list[tuple[Posting, str]]] = {}
        for posting, commit_id in self._counting():
            today = self._name_today(_name_in(posting.tag), posting.commit_id)
            found.setdefault(today, []).append((posting._replace(policy_id=today), commit_id))
        for postings in found.values():
            postings.sort(key=lambda one: (self._age(one[1]), _count(one[0].tag)))
        return {today: _with_readings(postings) for today, postings in found.items()}

    def _counting(self) -> Iterator[tuple[Posting, str]]:
        """Every posting that counts: those that are named, each as its own commit tells it; else those of the tags."""
        if self._named is None:
            yield from ((one.posting, one.commit_id) for one in self.records if one.posting)
            yield from self._untagged()
            return
        tags = {one.name: one for one in self.records}
        for tag, (named, commit_id) in self._named.items():
            there = tags.get(tag)
            told = there.posting if there and there.commit_id == commit_id else None
            if told and there and there.stamp_posting == told:
                yield told, commit_id
                continue
            said = self._told_by(commit_id, named.name)
            if told and told.is_adoption:
                named = named._replace(language=told.language, layout=told.layout)
            yield (said if said and said.tag == tag else named), commit_id

    def _untagged(self) -> Iterator[tuple[Posting, str]]:
        """Stamps since the newest tag."""
        newest = max((one.commit_id for one in self.records if one.is_on_branch), key=self._age, default="")
        known, span = {one.name for one in self.records}, f"{newest}..{self._stamped_until}".removeprefix("..")
        found = self._history.stamps(span) if self._stamped_until else iter(())
        yield from (one for one in found if one[0].tag not in known)

    def told_by(self, commit_id: str, posting: Posting) -> Posting | None:
        """The posting as its stamp commit tells it; None where that is no stamp of it."""
        if posting.is_adoption:
            return posting if self._git.answer("cat-file", "-t", commit_id) == "commit" else None
        said = self._told_by(commit_id, posting.name)
        return said if said and (said.tag, said.commit_id) == (posting.tag, posting.commit_id) else None

    def _told_by(self, commit_id: str, policy_id: str) -> Posting | None:
        """What a stamp commit says of itself; None where it is not there, or is none."""
        try:
            commit = self._objects.commit(commit_id)
        except RepositoryError:
            return None
        return read_posting(policy_id, read_trailers(message_of(commit)))

    @cached_property
    def _ages(self) -> dict[str, int]:
        """Every commit of the branch's history, counted so that each is greater than all it descends from."""
        listed = self._git.run("rev-list", "--topo-order", "--reverse", self._history.tip).split()
        return {commit_id: number for number, commit_id in enumerate(listed)}

    def _age(self, commit_id: str) -> int:
        """What is no part of the branch any more was newer than all that still is."""
        return self._ages.get(commit_id, len(self._ages))

    def _name_today(self, name: str, commit_id: str) -> str:
        """What the policy that was called `name` at a commit is called at the tip."""
        for rename in reversed(self._history.renames()):
            if rename.old_id == name and self._age(commit_id) < self._age(rename.commit_id):
                name = rename.new_id
        return name


def _record(
    branch: Container[str], name: str, object_id: str, kind: str, commit_id: str, body: str, stamp_body: str
) -> TagRecord:
    name, commit_id = name.lstrip("\n"), commit_id or object_id
    is_annotated = kind == "tag"
    posting = _said(name, body) if is_annotated else None
    return TagRecord(name, object_id, is_annotated, commit_id, posting, commit_id in branch, _said(name, stamp_body))


def _with_readings(postings: list[tuple[Posting, str]]) -> list[tuple[Posting, str]]:
    """One that does not say how its files were read (it was made before postings did, or its language was mistaken)
    was read as the next one says.
    """
    found: list[tuple[Posting, str]] = []
    language = layout = ""
    for posting, commit_id in reversed(postings):
        language, layout = (posting.language, posting.layout) if posting.language else (language, layout)
        found.append((posting._replace(language=language, layout=layout), commit_id))
    return found[::-1]


def _said(name: str, body: str) -> Posting | None:
    posting = read_posting(_name_in(name), read_trailers(f"tag\n\n{body}"))
    return posting if posting is not None and posting.tag == name else None


def _name_in(tag: str) -> str:
    """The policy's id as it was when the tag was made."""
    return tag.removeprefix("posted/").rpartition("/")[0]


def _count(tag: str) -> int:
    last = tag.rpartition("/")[2].partition(".")[2]
    return int(last) if last.isdigit() else 1


def message(posting: Posting, subject: str, head: str) -> str:
    """A commit's or tag's message: a line for people, the posting as trailers, and how far the journal goes."""
    return "\n".join([subject, "", *folded(posting_trailers(posting) | head_trailer(head)), ""])


def write_tag(
    git: Git, posting: Posting, commit_id: str, tagger: dict[str, str], head: str, *, replaces: bool = False
) -> None:
    """Tags `commit_id`; does nothing where the tag stands there already.

    Raises RepositoryError where the tag is taken by something else, unless this one `replaces` it.
    """
    ref = f"refs/tags/{posting.tag}"
    force = ["--force"] if replaces else []
    verb = "Adopt" if posting.is_adoption else "Post"
    text = message(posting, f"{verb} {posting.policy_id} of {posting.posted_on.isoformat()}", head)
    try:
        git.run(
            "tag", "--annotate", *force, "--cleanup=whitespace", "-F", "-", "--", posting.tag, commit_id,
            stdin=text, environment=tagger,
        )  # fmt: skip
    except GitFailed as error:
        present = git.answer("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        if present is None or replaces:
            raise RepositoryError(f"cannot make tag {posting.tag}: {error.brief}") from error
        if present != commit_id:
            said = f"tag {posting.tag} is on {present[:7]} already; run: git tag -d {posting.tag}"
            raise RepositoryError(said) from error

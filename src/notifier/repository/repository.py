"""`Repository`: what was written, what was posted, and posting it. The only door to git."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path

from notifier.errors import Finding, PolicyError, RepositoryError
from notifier.policy.editor_word import Approvals
from notifier.policy.layout import Habit, Layout
from notifier.policy.posting import Posted, Posting
from notifier.policy.revision import Commit, Revision
from notifier.repository import open as opening
from notifier.repository import policy_files
from notifier.repository import remote as remotes
from notifier.repository.change_reader import ChangeReader
from notifier.repository.commit import Committer, people
from notifier.repository.git import Git
from notifier.repository.git_log import aliases
from notifier.repository.history import History, PolicyChange, with_paths_of
from notifier.repository.objects import Objects
from notifier.repository.policy_files import Heads, PolicyFiles
from notifier.repository.signatures import approvals_of
from notifier.repository.tags.git_objects import GitProof, git_proof_of
from notifier.repository.tags.posted_tags import Named, PostedTags, TagRecord
from notifier.repository.tags.told_tags import ToldTags
from notifier.repository.worktree import Edits, WorkingTree, index_tree, tree_as_working, working_tree

CLONE = ".notifier/clone"


class Repository:
    """Policies in a git repository. Use it in a `with`: it keeps a git process running.

    Nothing in the editors' checkout is written but the files of a stamp, and those only where they are clean.
    """

    def __init__(self, root: Path, git: Git, layout: Layout, *, branch: str, remote: str | None, author: str) -> None:
        self.root, self.branch, self._home = root, branch, git
        self._layout, self._remote, self._author = layout, remote, author
        self._at: str | None = None
        self._named: Named | None = None
        self._tree: str | None = None
        self._use(git)

    def _use(self, git: Git) -> None:
        self._git, self._objects = git, Objects(git)
        self._parts = (git, self._objects, self._layout)
        self._past = lru_cache(maxsize=8)(lambda tip: History(*self._parts, tip))
        self._committer = Committer(self._home, *self._parts, self.branch, self._remote is not None, self._author)
        self._look_again()

    def _look_again(self) -> None:
        """What was asked of git is kept as long as an opening: a run sees one moment, and then what it wrote itself."""
        self._kept_tip = self._at
        self._kept_tags: PostedTags | None = None
        self._kept_edits: Edits | None = None

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        branch: str | None = None,
        remote: str | None = None,
        policies_path: str = "policies",
        language: str = "en",
        habit: str = Habit.SUFFIX,
        files: Sequence[str] = (),
        author: str = "Notifier <notifier@localhost>",
        private: Sequence[Path] = (),
        is_fresh: bool = True,
        at: str | None = None,
    ) -> Repository:
        """The repository that the installation `root` lies in.

        With a `remote`, Notifier's own clone of it, fetched unless `is_fresh` is False. With `at`, to read only: the
        checkout as if the branch stood at that revision, and what was posted up to there. `private` are paths where
        git may track nothing. Raises RepositoryError.
        """
        checkout = opening.find(root.resolve())
        home = checkout.git()
        opening.check_config(home)
        opening.check_untracked(home, private)
        name = "" if at else opening.published_branch(home, checkout, branch)
        own = opening.inside_of(home.folder, private)
        is_shared = policies_path in ("", ".")
        layout = Layout(checkout.path_of(policies_path), language, is_shared, own, Habit(habit), tuple(files))
        self = cls(root.resolve(), home, layout, branch=name, remote=remote, author=author)
        if at:
            self._kept_tip = self._at = self.resolve(at) if self.has_commits else ""
        elif remote:
            opening.check_untracked(home, [root / CLONE])
            self._use(remotes.open_clone(home, root.resolve() / CLONE, remote, self.branch, is_fresh=is_fresh))
        return self

    def __enter__(self) -> Repository:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the git processes."""
        self._git.close()
        self._home.close()

    @property
    def has_commits(self) -> bool:
        return self._home.answer("rev-parse", "--verify", "--quiet", "HEAD") is not None

    @property
    def tip(self) -> str:
        """The commit at the tip of the published branch. Raises RepositoryError where there is none."""
        if self._kept_tip is None:
            self._kept_tip = opening.tip_of(self._git, self.branch)
        return self._kept_tip

    def head_revisions(self) -> dict[str, Revision]:
        """Each policy at the tip, as it landed. Raises PolicyError with every mistake, RepositoryError as `heads`."""
        found = self.heads()
        if found.mistakes:
            raise PolicyError(*(finding for findings in found.mistakes.values() for finding in findings))
        return dict(found.revisions)

    def heads(self) -> Heads:
        """The same, policy by policy: one that cannot be read says nothing of others; without a folder none can."""
        tip = self.tip
        where = (self._objects, tip, self._layout.folder, self.branch)
        if self._at is None and (gone := opening.folder_mistake(*where)):
            return Heads({}, dict.fromkeys(self._tags().policies() or ("",), (gone,)))
        listed = self._objects.files(tip, self._layout.folder)
        mistakes = policy_files.mistakes_by_policy(listed, self._objects.blob, self._layout, self.policies_posted())
        files, history = PolicyFiles.among(listed, self._layout), self.past(tip)
        wanted = set(files.controlled()) - mistakes.keys()
        found: dict[str, Revision] = {}
        changes = history.changes() if wanted else iter(())
        while len(found) < len(wanted) and (change := next(changes, None)):
            if change.policy_id in wanted and change.policy_id not in found:
                found[change.policy_id] = with_paths_of(history.head(change), files)
        lost = {policy_id: (policy_files.no_commit_brought(policy_id, files),) for policy_id in wanted - found.keys()}
        return Heads({policy_id: found[policy_id] for policy_id in sorted(found)}, mistakes | lost)

    def revisions(self, policy_id: str, since: str | None = None, until: str | None = None) -> Iterator[Revision]:
        """The policy's revisions after `since`, up to `until` or the tip, newest first, with what merges brought."""
        history = self.past(self.resolve(until) if until else self.tip)
        for change in history.changes(since):
            if change.policy_id == policy_id:
                yield history.with_merged(history.revision(change))

    def changes(self) -> Iterator[PolicyChange]:
        """Every revision of every policy, newest first, in bounded memory; `reader` reads them, in any process."""
        yield from self.past().changes()

    def reader(self) -> ChangeReader:
        """What reads changes of this repository."""
        return ChangeReader(self._git.folder, self._layout)

    def past(self, tip: str = "") -> History:
        """The published line up to `tip`: its revisions, which policies went, and which were renamed."""
        return self._past(tip or self.tip)

    def _files(self, revision: str) -> PolicyFiles:
        return PolicyFiles.among(self._objects.files(self.resolve(revision), self._layout.folder), self._layout)

    def posted(self, policy_id: str) -> tuple[Posted, ...]:
        """Every posted version of the policy, oldest first by ancestry, read from tags and commits alone."""
        return tuple(reversed(list(self._tags().posted(policy_id))))

    def posted_at(self, policy_id: str, tag: str) -> Posted:
        """One posted version. Raises RepositoryError where there is no such tag."""
        return self._tags().posted_at(policy_id, tag)

    def postings(self, policy_id: str) -> tuple[Posting, ...]:
        """Without their texts, oldest first."""
        return self._tags().postings(policy_id)

    def names(self, policy_id: str) -> dict[str, int]:
        """What the policy was called before, and how many postings it had when it was renamed."""
        return self._tags().names(policy_id)

    def policies_posted(self) -> tuple[str, ...]:
        """The ids, as they are today, of every policy that was ever posted."""
        return self._tags().policies()

    def hold_to(self, named: Named) -> None:
        """From now on these are what was posted, each on the commit named for it, wherever tags stand."""
        if named != (self._named or {}):
            self._named, self._kept_tags = named or None, None

    def tags_taken(self) -> frozenset[str]:
        """Every tag name under `posted/`."""
        return frozenset(record.name for record in self._tags().records)

    def tag_records(self) -> tuple[TagRecord, ...]:
        """Every tag under `posted/` as git has it, whoever made it: to be held against the ledger."""
        return self._tags().records

    def record_faults(self, record: TagRecord) -> tuple[str, ...]:
        """What Notifier would not have made so, in words that follow the tag's name."""
        return tuple(self._tags().faults(record))

    def trust_stamps(self, until: str) -> None:
        """What stamps up to a commit tell was posted, too: `git pull origin main` leaves tags behind. Only to read."""
        self._kept_tags = self._tags().with_stamps(until)

    def _tags(self) -> PostedTags:
        if self._kept_tags is None:
            self._kept_tags = PostedTags(*self._parts, self.past(), is_within=self._at is not None, named=self._named)
        return self._kept_tags

    def uncommitted(self, policy_id: str, ours: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """Paths of the policy with uncommitted edits where the branch is checked out, but for blobs `ours`."""
        self._kept_edits = self._kept_edits or self._committer.edits()
        return self._kept_edits.of(policy_id, self._layout, ours or {})

    def put_back(self, ours: Mapping[str, str]) -> tuple[str, ...]:
        """Gives files that hold what a dropped stamp wrote their committed text again; their paths."""
        self._look_again()
        return self._committer.put_back(ours)

    def git_proof(self, posting: Posting, commit_id: str, paths: tuple[str, ...]) -> GitProof:
        """What proves, to somebody without this repository, that these files stood in the commit of a posting."""
        return git_proof_of(self._git, self._objects, posting.tag, commit_id, posting.commit_id, paths)

    def stamp(self, posting: Posting, texts: Mapping[str, str], head: str = "") -> str:
        """Commits `texts` (by path) as the stamp of `posting`, bearing the journal's `head`; its id. Nothing twice."""
        self._look_again()
        return self._committer.stamp(posting, texts, head)

    def stamped(self, tag: str, commit_id: str, blobs: Mapping[str, str] | None = None) -> tuple[str, Posting] | None:
        """The commit that stamped revision `commit_id` as `tag` (to these blobs), and the posting it tells."""
        return self.past().stamp_of(tag, commit_id, blobs)

    def told_at(self, posting: Posting, commit_id: str) -> Posting | None:
        """The posting as the commit tells it that somebody says it stands on; None where that is not so."""
        return self._tags().told_by(commit_id, posting)

    def tag(self, posting: Posting, commit_id: str, head: str = "", *, replaces: bool = False) -> str:
        """Tags the stamp commit, in place of another tag where it `replaces`; the tag's object. Does nothing twice."""
        self._look_again()
        return self._committer.tag(posting, commit_id, head, replaces=replaces)

    @cached_property
    def told(self) -> ToldTags:
        """What customers were told, as git has it."""
        return ToldTags(self._git, people(self._author), is_remote=self._remote is not None)

    def write(self, policy_id: str, texts: Mapping[str, str], message: str, author: str) -> str:
        """Commits `texts` (by path) over files that the branch has; the commit's id. Raises Busy, RepositoryError."""
        self._look_again()
        return self._committer.write(policy_id, texts, message, author)

    def staged(self, index: Path | None = None) -> Repository:
        """The same with what git's index holds (or another, as git names it to hooks) as the working tree."""
        return self._with_tree(index_tree(self._home, index))

    def unchanged(self) -> Repository:
        """The same with what is committed."""
        return self._with_tree(self._objects.tree(self.resolve("HEAD")))

    def _with_tree(self, tree_id: str) -> Repository:
        other = copy.copy(self)
        other._tree = tree_id
        return other

    @property
    def _working(self) -> WorkingTree:
        of = self._layout
        return tree_as_working(self._objects, of, self._tree) if self._tree else working_tree(self._home, of)

    def working_files(self) -> dict[str, str]:
        """Every path among the working tree's policies, with its blob id."""
        return {path: entry.object_id for path, entry in self._working.files.items()}

    def working_policies(self) -> tuple[str, ...]:
        """The ids of the policies in the working tree."""
        return self._working.policies()

    def working_revision(self, policy_id: str) -> Revision | None:
        """A policy as it stands in the working tree, as far as it can be read; None without a controlling text."""
        language, texts = self._working.readable(policy_id)
        commit = Commit("", datetime.now(UTC), self.identity()[0], "", "", "not committed yet", "")
        return Revision(policy_id, language, commit, texts) if language in texts else None

    def has_file(self, path: str) -> bool:
        """Whether the working tree has a file (or folder) at a path from its top, and not beyond it."""
        if self._tree:
            return self._objects.entry_in(self._tree, path) is not None
        found = (self._home.folder / path).resolve()
        return found.is_relative_to(self._home.folder.resolve()) and found.exists()

    def working_mistakes(self) -> dict[str, tuple[Finding, ...]]:
        """Every mistake in the working tree that would keep a run from a policy; under "" what is in none's files."""
        posted = self.policies_posted() if self.has_commits else ()
        return self._working.mistakes(posted)

    def resolve(self, revision: str) -> str:
        """The commit that a name from outside means, a branch before a tag. Raises RepositoryError."""
        return opening.commit_named(self._git, revision)

    def text_at(self, place: str) -> str:
        """The file at `REV:PATH`, the path from the repository's top. Raises RepositoryError, PolicyError."""
        revision, colon, path = place.partition(":")
        entry = self._objects.entry(self.resolve(revision), path) if colon and path else None
        if entry is None:
            raise RepositoryError(f"{place!r} names no file here; write REVISION:PATH")
        return policy_files.decode_strictly(self._objects.blob(entry.object_id), place)

    def policies_at(self, revision: str) -> tuple[str, ...]:
        """The ids of the policies at a revision. Raises RepositoryError."""
        return tuple(self._files(revision).controlled())

    def revision_at(self, revision: str, policy_id: str) -> Revision | None:
        """A policy as it stood at a commit; None where it was not there. Raises RepositoryError for no commit."""
        files, commit_id = self._files(revision).of(policy_id), self.resolve(revision)
        if None not in files:
            return None
        return self.past(commit_id).revision_of(policy_id, files, self._objects.commit(commit_id), self._layout)

    def parting(self, one: str, other: str) -> str:
        """Where two revisions parted: their last common commit. Raises RepositoryError where there is none."""
        found = self._git.answer("merge-base", self.resolve(one), self.resolve(other))
        if found is None:
            raise RepositoryError(f"{one} and {other} have no commit in common")
        return found

    def is_ancestor(self, commit_id: str, of: str | None = None) -> bool:
        """Whether a commit is part of the history of another, the tip by default."""
        return self._git.answer("merge-base", "--is-ancestor", commit_id, of or self.tip) is not None

    def lacks_published(self) -> bool:
        """Has the remote commits that the checkout has not?"""
        return bool(self._remote) and self._home.answer("merge-base", "--is-ancestor", self.tip, "HEAD") is None

    def identity(self) -> tuple[str, str]:
        """Name and address of who works here; the operating system's user where git knows nobody."""
        return opening.identity(self._home)

    @cached_property
    def aliases(self) -> dict[str, str]:
        """From every author's address to one name for its owner, by names, addresses and `.mailmap`; one long walk."""
        return aliases(self._git, self.tip)

    def approvals(self, commits: Sequence[Commit], approvers: Sequence[str]) -> Approvals:
        """Whether any of the `approvers` has verifiably called these commits minor, and whose address is whose."""
        return approvals_of(self._home, self._git, commits, approvers, lambda: self.aliases)

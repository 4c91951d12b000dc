"""`Repository`: what was written, what was posted, and posting it. The only door to git."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from notifier.errors import Finding, PolicyError, RepositoryError
from notifier.policy.posting import Posted, Posting
from notifier.policy.revision import Commit, PolicyText, Revision
from notifier.policy.trailers import aliases_of
from notifier.repository import commit as stamps
from notifier.repository import posted_tags as tags
from notifier.repository import remote as remotes
from notifier.repository.git import Git
from notifier.repository.history import History, with_paths_of
from notifier.repository.objects import Objects, TreeEntry
from notifier.repository.open import find, published_branch, tip_of
from notifier.repository.policy_files import Layout, PolicyFiles, all_mistakes, decode, read_texts
from notifier.repository.record import Record
from notifier.repository.stamper import Place, Stamper
from notifier.repository.worktree import working_tree


class Repository:
    """Policies in a git repository. Use it in a `with`: it keeps a git process running.

    Nothing in the editors' checkout is written but the files of a stamp, and those only where they are clean.
    """

    def __init__(self, root: Path, git: Git, layout: Layout, *, branch: str, remote: str | None, author: str) -> None:
        self.root, self.branch = root, branch
        self._git, self._layout, self._remote, self._author = git, layout, remote, author
        self._home = git
        self._at: str | None = None
        self._kept_record: Record | None = None
        self._objects = Objects(git)

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        branch: str | None = None,
        remote: str | None = None,
        policies_path: str = "policies",
        language: str = "en",
        author: str = "Notifier <notifier@localhost>",
        is_fresh: bool = True,
        at: str | None = None,
    ) -> Repository:
        """The repository that the installation `root` lies in.

        With a `remote`, Notifier's own clone of it, fetched unless `is_fresh` is False. With `at`, to read only: the
        checkout as if the branch stood at that revision, and what was posted up to there. Raises RepositoryError.
        """
        checkout = find(root.resolve())
        folder = "/".join(part for part in (checkout.below, policies_path.strip("/")) if part not in ("", "."))
        home = Git(checkout.top)
        name = "" if at else published_branch(checkout, branch)
        self = cls(root.resolve(), home, Layout(folder, language), branch=name, remote=remote, author=author)
        if at:
            self._at = self.resolve(at) if self.has_commits else ""
        elif remote:
            clone = root.resolve() / ".notifier" / "clone"
            self._git = remotes.open_clone(home, clone, remote, self.branch, is_fresh=is_fresh)
            self._objects = Objects(self._git)
        return self

    def __enter__(self) -> Repository:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the git processes."""
        self._git.close()
        self._home.close()

    @property
    def has_commits(self) -> bool:
        """Whether anything was ever committed."""
        return self._home.answer("rev-parse", "--verify", "--quiet", "HEAD") is not None

    # What is there ---------------------------------------------------------------------------------------------

    @property
    def tip(self) -> str:
        """The commit at the tip of the published branch. Raises RepositoryError where there is none."""
        return tip_of(self._git, self.branch) if self._at is None else self._at

    def head_revisions(self) -> dict[str, Revision]:
        """Each policy at the tip, with its newest commit and its texts as they landed.

        Raises PolicyError with every mistake in every policy, and RepositoryError where the branch's history was
        rewritten under what was posted.
        """
        tip = self.tip
        if self._at is None:
            self._check_history(tip)
        self._check_texts(tip)
        files = PolicyFiles.of(self._files(tip), self._layout)
        wanted = {policy_id for policy_id, languages in files.files.items() if None in languages}
        found: dict[str, Revision] = {}
        for revision in self._history(tip).revisions() if wanted else ():
            if revision.policy_id in wanted and revision.policy_id not in found:
                found[revision.policy_id] = with_paths_of(revision, files)
            if len(found) == len(wanted):
                break
        return {policy_id: found[policy_id] for policy_id in sorted(found)}

    def revisions(self, policy_id: str, since: str | None = None) -> Iterator[Revision]:
        """The policy's revisions after commit `since`, newest first, with what each merge brought in."""
        history = self._history(self.tip)
        for revision in history.revisions(since):
            if revision.policy_id == policy_id:
                yield history.with_merged(revision)

    def history(self) -> Iterator[Revision]:
        """Every revision of every policy, newest first, in bounded memory; old mistakes are read past."""
        yield from self._history(self.tip).revisions()

    def _history(self, tip: str) -> History:
        return History(self._git, self._objects, self._layout, tip)

    def _files(self, commit_id: str) -> dict[str, TreeEntry]:
        return self._objects.files(commit_id, self._layout.folder)

    def _check_texts(self, tip: str) -> None:
        mistakes = all_mistakes(self._files(tip), self._objects.blob, self._layout)
        if mistakes:
            raise PolicyError(*mistakes)

    def _check_history(self, tip: str) -> None:
        lost = tags.lost_tags(self._git, tip)
        if lost:
            raise RepositoryError(
                f"the history of {self.branch} was rewritten: {', '.join(lost[:5])} "
                f"{'is' if len(lost) == 1 else 'are'} no longer part of it; bring the old commits back, "
                f"or keep the record beside the new history with: git merge -s ours {lost[-1]}"
            )

    # What was posted -------------------------------------------------------------------------------------------

    def posted(self, policy_id: str) -> tuple[Posted, ...]:
        """Every posted version of the policy, oldest first, read from tags and commits alone."""
        record = self._record()
        return tuple(record.posted(tagged) for tagged in record.tagged(policy_id))

    def last_posted(self, policy_id: str) -> Posted | None:
        """The newest posted version; None before the first."""
        record = self._record()
        tagged = record.tagged(policy_id)
        return record.posted(tagged[-1]) if tagged else None

    def postings(self, policy_id: str) -> tuple[Posting, ...]:
        """The policy's postings without their texts, oldest first."""
        return tuple(tagged.posting for tagged in self._record().tagged(policy_id))

    def policies_posted(self) -> tuple[str, ...]:
        """The ids, as they are today, of every policy that was ever posted."""
        return self._record().policies()

    def tags_taken(self) -> frozenset[str]:
        """Every tag name under `posted/`."""
        return self._record().taken

    def _record(self) -> Record:
        """Read once an opening, and anew after a posting of our own: with many policies the tags are many."""
        if self._kept_record is None:
            is_within = self._at is not None
            self._kept_record = Record(self._git, self._objects, self._layout, self.tip, is_within=is_within)
        return self._kept_record

    # Posting ---------------------------------------------------------------------------------------------------

    def uncommitted(self, policy_id: str, ours: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """Paths of the policy that somebody is editing where the branch is checked out: it must wait.

        `ours` are paths with the blob ids that Notifier was about to commit: such a file is no editor's work.
        """
        return self._stamper.uncommitted(policy_id, ours or {})

    def blob_id(self, text: str) -> str:
        """The id that a text has in git: what `uncommitted` knows Notifier's own files by."""
        return stamps.blob_id_of(text)

    def stamp(self, posting: Posting, texts: Mapping[str, str]) -> str:
        """Commits `texts` (by path) as the stamp of `posting`; the commit's id. Does nothing twice.

        Raises Busy while somebody edits, merges or holds git's lock; RepositoryError where the policy changed
        meanwhile, or the remote refuses.
        """
        self._kept_record = None
        return self._stamper.stamp(posting, texts)

    def stamp_of(self, posting: Posting) -> str | None:
        """The commit that stamped this posting; None while none has."""
        return self._stamper.present(posting, {}, self.tip)

    def tag(self, posting: Posting, commit_id: str) -> None:
        """Tags the stamp commit with the posting. Does nothing twice."""
        self._kept_record = None
        self._stamper.tag(posting, commit_id)

    def adopt(self, posting: Posting) -> None:
        """Tags the commit itself: what stood there before Notifier counts as posted, unchanged."""
        self.tag(replace(posting, is_adoption=True), posting.commit_id)

    @property
    def _stamper(self) -> Stamper:
        where = Place(self._home, self._git, self.branch, is_remote=self._remote is not None)
        return Stamper(where, self._objects, self._layout, self._author)

    # Texts -----------------------------------------------------------------------------------------------------

    def working_policies(self) -> tuple[str, ...]:
        """The ids of the policies in the working tree."""
        return working_tree(self._home, self._layout).policies()

    def working_texts(self, policy_id: str) -> dict[str, PolicyText]:
        """A policy's texts by language as they stand in the working tree. Raises PolicyError."""
        return working_tree(self._home, self._layout).texts(policy_id)

    def working_revision(self, policy_id: str) -> Revision | None:
        """A policy as it stands in the working tree, as if it landed now; None without a controlling text.

        It is read as far as it can be: `working_mistakes` tells the rest.
        """
        language, texts = working_tree(self._home, self._layout).readable(policy_id)
        commit = Commit("", datetime.now(UTC), self.person(), "", "", "not committed yet", "")
        return Revision(policy_id, language, commit, texts) if language in texts else None

    def has_file(self, path: str) -> bool:
        """Whether the working tree has a file (or folder) at a path from its top, and not beyond it."""
        found = (self._home.folder / path).resolve()
        return found.is_relative_to(self._home.folder.resolve()) and found.exists()

    def working_mistakes(self) -> tuple[Finding, ...]:
        """Every mistake in the working tree's policies that would stop a run."""
        return working_tree(self._home, self._layout).mistakes()

    def resolve(self, revision: str) -> str:
        """The commit that a name from outside means. Raises RepositoryError."""
        found = self._git.answer("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if found is None or not found.isalnum():
            raise RepositoryError(f"{revision!r} names no commit here")
        return found

    def text_at(self, place: str) -> str:
        """The file at `REV:PATH`, the path from the repository's top. Raises RepositoryError, PolicyError."""
        _, colon, path = place.partition(":")
        found = self._git.answer("rev-parse", "--verify", "--quiet", "--end-of-options", place) if colon else None
        if found is None or not path:
            raise RepositoryError(f"{place!r} names no file here; write REVISION:PATH")
        mistakes: list[Finding] = []
        text = decode(self._objects.blob(found), place, mistakes)
        if mistakes:
            raise PolicyError(*mistakes)
        return text

    def policies_at(self, revision: str) -> tuple[str, ...]:
        """The ids of the policies at a revision. Raises RepositoryError."""
        files = PolicyFiles.of(self._files(self.resolve(revision)), self._layout).files
        return tuple(sorted(policy_id for policy_id, languages in files.items() if None in languages))

    def revision_at(self, revision: str, policy_id: str) -> Revision | None:
        """A policy as it stood at a commit; None where it was not there. Raises RepositoryError for no commit."""
        commit_id = self.resolve(revision)
        files = PolicyFiles.of(self._files(commit_id), self._layout)
        return self._history(commit_id).texts_of(policy_id, files, self._objects.commit(commit_id))

    def texts_at(self, revision: str, policy_id: str) -> dict[str, PolicyText]:
        """A policy's texts by language at a revision. Raises RepositoryError where it is not there."""
        commit_id = self.resolve(revision)
        files = PolicyFiles.of(self._files(commit_id), self._layout).files.get(policy_id, {})
        if None not in files:
            raise RepositoryError(f"there is no policy {policy_id!r} at {revision}")
        return read_texts(policy_id, files, self._objects.blob, self._layout)[1]

    def parting(self, one: str, other: str) -> str:
        """Where two revisions parted: their last common commit. Raises RepositoryError where there is none."""
        found = self._git.answer("merge-base", self.resolve(one), self.resolve(other))
        if found is None:
            raise RepositoryError(f"{one} and {other} have no commit in common")
        return found

    def is_ancestor(self, commit_id: str, of: str | None = None) -> bool:
        """Whether a commit is part of the history of another, the tip by default."""
        return self._git.answer("merge-base", "--is-ancestor", commit_id, of or self.tip) is not None

    def person(self) -> str:
        """Who works here, by git's own settings; the operating system's user where git knows nobody."""
        from getpass import getuser

        return (self._home.answer("config", "user.name") or "").strip() or getuser()

    def identity(self) -> tuple[str, str]:
        """Name and address that a commit made here now would bear as its author."""
        said = self._home.answer("var", "GIT_AUTHOR_IDENT") or ""
        name, _, rest = said.partition(" <")
        return name, rest.partition(">")[0]

    def aliases(self) -> dict[str, str]:
        """From every author's address to one name for its owner, by names, addresses and `.mailmap`.

        One pass over the history: only worth it where a commit claims to be minor.
        """
        said = self._git.records("log", "-z", "--no-show-signature", "--format=%an%x00%ae%x00%aN%x00%aE", self.tip)
        people = {pair for name, email, known, address in zip(said, said, said, said, strict=False)
                  for pair in ((name, email), (known, address), (known, email))}  # fmt: skip
        return aliases_of(people)

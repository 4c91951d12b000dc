"""Posting: one stamp commit, one tag, nobody's work touched, and no harm in doing it twice."""

from __future__ import annotations

import subprocess
import threading
from datetime import UTC, date
from pathlib import Path

import pytest

from notifier.errors import Busy, RepositoryError
from notifier.policy.posting import adopt
from notifier.repository import Repository
from notifier.repository import commit as stamps
from notifier.repository.git import GitFailed
from notifier.repository.objects import blob_id
from notifier.repository.worktree import write_over
from notifier.significance import Significance
from tests.repository.sandbox import ON, Sandbox, last_posted, post, posting_of, sandbox, stamped

POLICY = "policies/privacy.md"
TEXT = "---\nsummary: We share.\n---\n# Privacy\n\nUpdated May 1, 2014.\n\nWe share.\n"
AFTER = "# Privacy\n\nUpdated November 24, 2026.\n\nWe share.\n"


@pytest.fixture
def shared(box: Sandbox) -> Sandbox:
    box.commit("Share", {POLICY: TEXT, "policies/terms.md": "# Terms\n"})
    return box


def test_a_posting_is_one_commit_by_notifier_that_changes_date_and_summary_alone(shared: Sandbox) -> None:
    with shared.open(author="Legal Bot <bot@x.example>") as repository:
        commit_id = post(repository)

    assert shared.git("rev-parse", "HEAD") == commit_id
    assert shared.git("show", f"HEAD:{POLICY}") + "\n" == AFTER
    assert (shared.root / POLICY).read_text() == AFTER
    assert shared.git("show", "--format=%an <%ae> %cn <%ce>", "--name-only") == (
        f"Legal Bot <bot@x.example> Legal Bot <bot@x.example>\n\n{POLICY}"
    )
    assert shared.git("status", "--porcelain") == ""


def test_what_was_posted_is_read_back_from_tags_alone(shared: Sandbox, tmp_path: Path) -> None:
    with shared.open() as repository:
        as_it_stood = adopt(repository.head_revisions()["terms"], timezone=UTC, today=ON, taken=())
        repository.tag(as_it_stood, as_it_stood.commit_id)
        post(repository)
    shared.git("clone", "--quiet", str(shared.root), str(tmp_path / "years later"))

    with Repository.open(tmp_path / "years later") as repository:
        posted = last_posted(repository, "privacy")
        assert repository.policies_posted() == ("privacy", "terms")
        adopted = last_posted(repository, "terms")

    assert posted is not None
    assert adopted is not None
    assert (posted.posting.posted_on, posted.posting.significance) == (ON, Significance.SIGNIFICANT)
    assert posted.posting.summary == "We share."
    assert posted.revision.controlling.text == AFTER
    assert posted.revision.commit.subject == "Share"
    assert adopted.posting.is_adoption
    assert adopted.revision.controlling.text == "# Terms\n"


def test_doing_it_twice_does_nothing(shared: Sandbox) -> None:
    with shared.open() as repository:
        revision = repository.head_revisions()["privacy"]
        posting = posting_of(revision, repository)
        first = repository.stamp(posting, stamped(revision))
        shared.commit("An editor goes on", {"policies/terms.md": "# Terms\n\nMore.\n"})
        assert repository.stamp(posting, stamped(revision)) == first
        repository.tag(posting, first)
        repository.tag(posting, first)

    assert shared.git("rev-list", "--count", "HEAD") == "4"


def test_a_tag_that_is_taken_is_not_moved(shared: Sandbox) -> None:
    with shared.open() as repository:
        revision = repository.head_revisions()["privacy"]
        posting = posting_of(revision, repository)
        shared.git("tag", posting.tag, "HEAD~1")

        with pytest.raises(RepositoryError, match=r"tag posted/privacy/2026-11-24 is on .* already"):
            repository.tag(posting, shared.git("rev-parse", "HEAD"))
        assert last_posted(repository, "privacy") is None
        assert posting_of(revision, repository).tag == "posted/privacy/2026-11-24.2"


def test_a_run_that_died_before_its_commit_is_taken_up(shared: Sandbox) -> None:
    with shared.open() as repository:
        revision = repository.head_revisions()["privacy"]
        posting, texts = posting_of(revision, repository), stamped(revision)
        write_over(shared.root / POLICY, texts[POLICY].encode())

        assert repository.uncommitted("privacy") == (POLICY,)
        assert repository.uncommitted("privacy", {POLICY: blob_id(texts[POLICY])}) == ()
        repository.stamp(posting, texts)

    assert shared.git("show", f"HEAD:{POLICY}") + "\n" == AFTER
    assert shared.git("status", "--porcelain") == ""


def test_an_editors_uncommitted_work_makes_the_policy_wait(shared: Sandbox) -> None:
    with shared.open() as repository:
        revision = repository.head_revisions()["privacy"]
        posting, texts = posting_of(revision, repository), stamped(revision)
        shared.write(POLICY, "# Privacy\n\nA draft.\n")
        assert repository.uncommitted("privacy") == (POLICY,)
        assert repository.uncommitted("terms") == ()

        with pytest.raises(Busy, match=r"policies/privacy\.md: uncommitted edits"):
            repository.stamp(posting, texts)

    assert (shared.root / POLICY).read_text() == "# Privacy\n\nA draft.\n"


@pytest.mark.parametrize("change", ["staged", "new translation", "deleted"])
def test_every_kind_of_uncommitted_work_counts(shared: Sandbox, change: str) -> None:
    if change == "staged":
        text = (shared.root / POLICY).read_text()
        shared.write(POLICY, "# Privacy\n\nStaged.\n")
        shared.git("add", POLICY)
        shared.write(POLICY, text)
    if change == "new translation":
        shared.write("policies/privacy.de.md", "# Datenschutz\n")
    if change == "deleted":
        (shared.root / POLICY).unlink()

    with shared.open() as repository:
        assert len(repository.uncommitted("privacy")) == 1


def test_whatever_else_is_staged_or_dirty_stays_so(shared: Sandbox) -> None:
    shared.write("policies/terms.md", "# Terms\n\nStaged.\n")
    shared.git("add", "policies/terms.md")
    shared.write("policies/terms.md", "# Terms\n\nDirty.\n")
    shared.write("notes.txt", "untracked")

    with shared.open() as repository:
        post(repository)

    assert shared.git("status", "--porcelain") == "MM policies/terms.md\n?? notes.txt"
    assert shared.git("show", ":policies/terms.md") == "# Terms\n\nStaged."
    assert (shared.root / "policies/terms.md").read_text() == "# Terms\n\nDirty.\n"


def test_editors_hooks_do_not_run(shared: Sandbox) -> None:
    for name in ("pre-commit", "commit-msg", "prepare-commit-msg", "post-commit", "reference-transaction"):
        hook = shared.root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {shared.root}/ran-{name}\nexit 1\n")
        hook.chmod(0o755)

    with shared.open() as repository:
        post(repository)

    assert list(shared.root.glob("ran-*")) == []


def test_a_policy_that_changed_meanwhile_is_not_stamped(shared: Sandbox) -> None:
    with shared.open() as repository:
        revision = repository.head_revisions()["privacy"]
        posting, texts = posting_of(revision, repository), stamped(revision)
        shared.commit("Sell", {POLICY: "# Privacy\n\nWe sell.\n"})

        with pytest.raises(RepositoryError, match=r"policies/privacy\.md: changed while privacy was posted"):
            repository.stamp(posting, texts)

    assert "We sell." in (shared.root / POLICY).read_text()


def test_a_lock_that_a_full_or_read_only_disk_refuses_is_no_other_command_s() -> None:
    def refused() -> None:
        raise GitFailed("fatal: Unable to create '/srv/.git/index.lock': Read-only file system")

    with pytest.raises(GitFailed, match="Read-only file system"):
        stamps.patiently(refused)


def test_a_git_folder_behind_a_link_is_no_checkout_of_its_own(shared: Sandbox) -> None:
    """Git lists the folder behind the link as the checkout."""
    kept = shared.root.with_name("kept.git")
    (shared.root / ".git").rename(kept)
    (shared.root / ".git").symlink_to(kept)

    with shared.open() as repository:
        commit_id = post(repository)

    assert (shared.root / POLICY).read_text() == AFTER
    assert (shared.git("rev-parse", "HEAD"), shared.git("status", "--porcelain")) == (commit_id, "")


def test_a_held_lock_is_waited_for_and_then_named(shared: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "LOCK_WAIT_S", 0.1)
    lock = shared.root / ".git/index.lock"
    lock.touch()

    with shared.open() as repository:
        with pytest.raises(Busy, match=r"another git command holds .*index\.lock since 20.* remove that file"):
            post(repository)
        assert shared.git("log", "-1", "--format=%s") == "Share"
        monkeypatch.setattr(stamps, "LOCK_WAIT_S", 20.0)
        threading.Timer(0.1, lock.unlink).start()
        post_again(repository)

    assert shared.git("log", "-1", "--format=%s") == "Post privacy, significant"


def post_again(repository: Repository) -> None:
    revision = repository.head_revisions()["privacy"]
    repository.stamp(posting_of(revision, repository), stamped(revision))


@pytest.mark.parametrize(("begin", "told"), [("merge", "git merge --abort"), ("rebase", "git rebase --abort")])
def test_a_merge_or_rebase_under_way_makes_the_run_wait(shared: Sandbox, begin: str, told: str) -> None:
    shared.git("checkout", "--quiet", "-b", "other", "HEAD~1")
    shared.commit("Conflict", {POLICY: "# Privacy\n\nOther.\n"})
    shared.git("checkout", "--quiet", "main")
    with pytest.raises(subprocess.CalledProcessError):
        shared.git(begin, "other")

    with shared.open(branch="main") as repository, pytest.raises(Busy, match=told):
        post_again(repository)


def test_a_branch_that_is_checked_out_nowhere_is_stamped_without_touching_any_file(shared: Sandbox) -> None:
    shared.git("checkout", "--quiet", "-b", "editing")
    shared.write(POLICY, "# Privacy\n\nA draft.\n")

    with shared.open(branch="main") as repository:
        assert repository.uncommitted("privacy") == ()
        commit_id = post(repository)

    assert shared.git("rev-parse", "main") == commit_id
    assert shared.git("show", f"main:{POLICY}") + "\n" == AFTER
    assert shared.git("diff", "--stat", "main~1", "main", "--", "policies/terms.md") == ""
    assert (shared.root / POLICY).read_text() == "# Privacy\n\nA draft.\n"
    shared.git("checkout", "--quiet", "--force", "main")


def test_a_branch_checked_out_in_another_worktree_is_stamped_there(shared: Sandbox, tmp_path: Path) -> None:
    shared.git("checkout", "--quiet", "-b", "editing")
    shared.git("worktree", "add", "--quiet", str(tmp_path / "live"), "main")

    with shared.open(branch="main") as repository:
        post(repository)

    assert (tmp_path / "live" / POLICY).read_text() == AFTER
    assert Sandbox(tmp_path / "live").git("status", "--porcelain") == ""


def test_when_editors_commit_all_the_while_no_commit_is_lost(shared: Sandbox) -> None:
    shared.git("branch", "busy")
    shared.git("checkout", "--quiet", "busy")

    def edit() -> None:
        for number in range(15):
            subprocess.run(
                ["git", "-C", shared.root, "commit", "-q", "--allow-empty", "-m", f"Edit {number}"], check=False
            )

    editor = threading.Thread(target=edit)
    with shared.open(branch="busy") as repository:
        editor.start()
        for day in range(1, 6):
            shared_post(repository, date(2026, 12, day))
        editor.join()

    subjects = shared.git("log", "--format=%s", "busy").splitlines()
    assert subjects.count("Post privacy, significant") == 5
    assert shared.git("status", "--porcelain") == ""


def shared_post(repository: Repository, on: date) -> None:
    revision = repository.head_revisions()["privacy"]
    posting = posting_of(revision, repository, on)
    repository.tag(posting, repository.stamp(posting, stamped(revision, on)))


def test_line_endings_of_the_checkout_stay(shared: Sandbox) -> None:
    shared.git("config", "core.autocrlf", "true")
    shared.write(POLICY, TEXT.replace("\n", "\r\n"))
    shared.git("add", POLICY)

    with shared.open() as repository:
        assert repository.uncommitted("privacy") == ()
        post(repository)

    assert (shared.root / POLICY).read_bytes() == AFTER.replace("\n", "\r\n").encode()
    assert shared.git("cat-file", "blob", f"HEAD:{POLICY}") + "\n" == AFTER
    assert shared.git("status", "--porcelain") == ""


def test_mode_bits_stay_and_nothing_is_left_beside_the_file(shared: Sandbox) -> None:
    (shared.root / POLICY).chmod(0o640)

    with shared.open() as repository:
        post(repository)

    assert (shared.root / POLICY).stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in (shared.root / "policies").iterdir()) == ["privacy.md", "terms.md"]


def test_a_posting_that_changes_nothing_is_still_a_commit(shared: Sandbox) -> None:
    shared.commit("Dated already", {POLICY: AFTER.replace("share", "sell")})

    with shared.open() as repository:
        commit_id = post(repository)
        assert repository.head_revisions()["privacy"].commit.subject == "Dated already"

    assert shared.git("rev-parse", "HEAD") == commit_id
    assert shared.git("diff", "--stat", "HEAD~1") == ""


@pytest.mark.parametrize("author", ["nobody", "A\nB <a@x.example>", "<a@x.example>"])
def test_an_author_that_is_none_is_a_config_error(shared: Sandbox, author: str) -> None:
    with shared.open(author=author) as repository, pytest.raises(RepositoryError, match=r"posting\.author: expected"):
        post(repository)


def test_signing_as_the_repository_is_set_up_to(shared: Sandbox, tmp_path: Path) -> None:
    key = tmp_path / "key"
    made = subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=False, capture_output=True)
    if made.returncode:
        pytest.skip("no ssh-keygen here, so no key to sign with")
    for setting in ("gpg.format ssh", f"user.signingkey {key}", "commit.gpgsign true", "tag.gpgsign true"):
        shared.git("config", *setting.split(" "))

    with shared.open(branch="main") as repository:
        first = post(repository)
        shared.git("checkout", "--quiet", "-b", "aside")
    with shared.open(branch="main") as repository:
        second = post(repository, "terms")

    for commit_id in (first, second):
        assert "gpgsig -----BEGIN SSH SIGNATURE" in shared.git("cat-file", "commit", commit_id)
    assert "BEGIN SSH SIGNATURE" in shared.git("cat-file", "tag", "posted/privacy/2026-11-24")
    with shared.open(branch="main") as repository:
        posted = last_posted(repository, "privacy")
    assert posted is not None
    assert posted.posting._replace(reasons=()).posted_on == ON


def test_killed_between_any_two_git_commands_and_run_again_it_ends_the_same(tmp_path: Path) -> None:
    """The file is written, the commit made, the tag set: stopped before each, the next run ends in the same place."""
    for stop in range(3):
        box = sandbox(tmp_path / f"stop {stop}")
        box.commit("Add", {POLICY: TEXT})
        with box.open() as repository:
            revision = repository.head_revisions()["privacy"]
            posting, texts = posting_of(revision, repository), stamped(revision)
            if stop >= 1:
                write_over(box.root / POLICY, texts[POLICY].encode())
            if stop >= 2:
                repository.stamp(posting, texts)
        with box.open() as repository:
            repository.tag(posting, repository.stamp(posting, texts))

        assert box.git("log", "--format=%s") == "Post privacy, significant\nAdd"
        assert box.git("rev-parse", "posted/privacy/2026-11-24^{commit}") == box.git("rev-parse", "HEAD")
        assert box.git("status", "--porcelain") == ""


def test_a_sparse_checkout_without_the_policies_is_told_how_to_get_them(shared: Sandbox) -> None:
    shared.write("site/index.html", "x")
    shared.commit("Site")
    shared.git("sparse-checkout", "set", "site")

    with shared.open() as repository, pytest.raises(RepositoryError, match="git sparse-checkout disable"):
        post(repository)


@pytest.mark.parametrize("flag", ["assume-unchanged", "skip-worktree"])
def test_an_edit_that_git_is_told_not_to_look_for_is_not_written_over(shared: Sandbox, flag: str) -> None:
    shared.git("update-index", f"--{flag}", POLICY)
    (shared.root / POLICY).write_text(TEXT + "A draft.\n")
    tip = shared.git("rev-parse", "HEAD")

    mend = f"run: git update-index --no-{flag} {POLICY}"
    with shared.open() as repository, pytest.raises(RepositoryError, match=mend):
        post(repository)

    assert (shared.root / POLICY).read_text() == TEXT + "A draft.\n"
    assert shared.git("rev-parse", "HEAD") == tip
    shared.git(*mend.split()[2:])
    assert POLICY in shared.git("status", "--porcelain")


def test_a_damaged_repository_is_one_line_and_no_traceback(shared: Sandbox) -> None:
    with shared.open() as repository:
        revision = repository.head_revisions()["privacy"]
        posting, texts = posting_of(revision, repository), stamped(revision)
        (shared.root / ".git/index").write_bytes(b"not an index")

        with pytest.raises(RepositoryError, match=r"git failed: .*index"):
            repository.stamp(posting, texts)


def test_a_message_on_its_way_into_an_editors_commit_is_left_alone(shared: Sandbox) -> None:
    """Git passes every commit's message through this file: two commits at the same moment would swap theirs."""
    shared.write(".git/COMMIT_EDITMSG", "An editor's\n")

    with shared.open() as repository:
        post(repository)

    assert (shared.root / ".git/COMMIT_EDITMSG").read_text() == "An editor's\n"
    assert shared.git("log", "-1", "--format=%s") == "Post privacy, significant"

"""What a repository must be, and what is said of one that is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from notifier.errors import PolicyError, RepositoryError
from notifier.repository import Repository
from notifier.repository.git import Git
from notifier.repository.open import tip_of
from tests.repository.sandbox import Sandbox, history, post, posting_of, sandbox, stamped


def test_a_folder_without_git_is_refused_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="not a git repository; run: git init"):
        Repository.open(tmp_path)


@pytest.mark.parametrize("damage", ["empty", "leads nowhere", "link to nothing"])
def test_where_git_is_damaged_nobody_is_told_to_begin_a_new_history(tmp_path: Path, damage: str) -> None:
    place = tmp_path / ".git"
    match damage:
        case "empty":
            place.mkdir()
        case "leads nowhere":
            place.write_text("gitdir: /nowhere\n")
        case _:
            place.symlink_to(tmp_path / "gone")

    with pytest.raises(RepositoryError, match=r"/\.git: git cannot read it.*; bring it back from a copy or a clone"):
        Repository.open(tmp_path)


def test_a_repository_without_commits_is_refused(tmp_path: Path) -> None:
    with (
        sandbox(tmp_path / "x").open() as repository,
        pytest.raises(RepositoryError, match=r"no commits yet; run: git add"),
    ):
        repository.head_revisions()


def test_a_shallow_clone_is_refused(box: Sandbox, tmp_path: Path) -> None:
    box.commit("More", {"policies/privacy.md": "# Privacy\n"})
    box.git("clone", "--quiet", "--depth=1", f"file://{box.root}", str(tmp_path / "shallow"))

    with pytest.raises(RepositoryError, match="shallow clone lacks history; run: git fetch --unshallow"):
        Repository.open(tmp_path / "shallow")


def test_a_bare_repository_is_refused(box: Sandbox, tmp_path: Path) -> None:
    box.git("clone", "--quiet", "--bare", str(box.root), str(tmp_path / "bare.git"))

    with pytest.raises(RepositoryError, match="a bare repository holds no policies"):
        Repository.open(tmp_path / "bare.git")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_another_users_repository_is_refused_with_the_setting_that_trusts_it(box: Sandbox) -> None:
    for folder, _, names in os.walk(box.root):
        for name in (".", *names):
            os.chown(Path(folder, name), 4321, 4321)

    with pytest.raises(RepositoryError, match=r"git config --global --add safe\.directory") as raised:
        Repository.open(box.root)
    assert str(box.root) in str(raised.value)


def test_a_detached_head_needs_the_branch_by_name(box: Sandbox) -> None:
    box.git("checkout", "--quiet", "--detach")

    with pytest.raises(RepositoryError, match=r"no branch is checked out; .* set repository\.branch"):
        box.open()
    with box.open(branch="main") as repository:
        assert list(repository.head_revisions()) == ["privacy"]


def test_the_tip_is_what_others_made_of_it_since_wherever_git_keeps_it(box: Sandbox) -> None:
    git = Git(box.root)
    first = tip_of(git, "main")
    box.commit("More", {"policies/privacy.md": "# Privacy\n"})
    second = tip_of(git, "main")
    box.git("pack-refs", "--all", "--prune")
    assert tip_of(git, "main") == second != first
    box.git("update-ref", "refs/heads/main", first)

    assert tip_of(git, "main") == first
    git.close()


def test_an_unknown_branch_is_refused_with_those_there_are(box: Sandbox) -> None:
    with box.open(branch="--output=x") as repository, pytest.raises(RepositoryError, match="there is main"):
        repository.head_revisions()


def test_an_installation_may_lie_below_the_repositorys_top(tmp_path: Path) -> None:
    outer = sandbox(tmp_path / "mono")
    outer.commit("Add", {"legal/policies/privacy.md": "# Privacy\n", "policies/other.md": "# Not ours\n"})

    with Repository.open(outer.root / "legal") as repository:
        found = repository.head_revisions()

    assert list(found) == ["privacy"]
    assert found["privacy"].controlling.path == "legal/policies/privacy.md"


def test_every_mistake_in_every_policy_is_told_at_once(box: Sandbox) -> None:
    box.commit(
        "Break much",
        {
            "policies/latin.md": "# Impressum\n\nStra\xdfe\n".encode("latin-1"),
            "policies/open.md": "---\ntitle: x\n\n# X\n",
            "policies/privacy.en.md": "# Twice\n",
            "policies/Privacy.md": "# Case\n",
            "policies/lonely.de.md": "# Allein\n",
            "policies/zero.md": "# Zero\n\n\0\n",
        },
    )
    (box.root / "policies/link.md").symlink_to("privacy.md")
    box.commit("Link")

    with box.open() as repository, pytest.raises(PolicyError) as raised:
        repository.head_revisions()

    told = sorted(
        line.split(":", 1)[0].removeprefix("policies/") + ":" + line.split(":")[1]
        for line in str(raised.value).splitlines()
    )
    assert told == [
        "latin.md:3",
        "link.md:1",
        "lonely.de.md:1",
        "open.md:1",
        "privacy.md:1",
        "privacy.md:1",
        "zero.md:3",
    ]
    assert "policies/privacy.md:1: the same policy as policies/privacy.en.md" in str(raised.value)
    assert "no policy can have this name: it differs only in case from Privacy" in str(raised.value)
    assert "not UTF-8 (byte 0xdf)" in str(raised.value)


def test_history_rewritten_under_what_was_posted_is_seen_until_the_record_is_kept_beside_it(box: Sandbox) -> None:
    box.commit("Share", {"policies/privacy.md": "# Privacy\n\nWe share.\n"})
    with box.open() as repository:
        post(repository)
    box.git("reset", "--quiet", "--hard", "HEAD~2")

    with box.open() as repository:
        assert [one.is_on_branch for one in repository.tag_records()] == [False]

    box.git("merge", "--quiet", "-s", "ours", "--no-edit", "posted/privacy/2026-11-24")
    with box.open() as repository:
        assert [one.is_on_branch for one in repository.tag_records()] == [True]
        assert list(repository.head_revisions()) == ["privacy"]


def test_a_missing_object_is_named_with_the_command_that_looks_for_more(box: Sandbox) -> None:
    blob = box.git("rev-parse", "HEAD:policies/privacy.md")
    (box.root / ".git/objects" / blob[:2] / blob[2:]).unlink()

    mend = f"lacks object {blob}; run: git fetch --tags; then git fsck"
    with box.open() as repository, pytest.raises(RepositoryError, match=mend):
        repository.head_revisions()


def test_revisions_and_paths_from_outside_are_never_options(box: Sandbox) -> None:
    with box.open() as repository:
        for name in ("--output=/tmp/x", "-h", "HEAD..HEAD", "", "^HEAD", "--all"):
            with pytest.raises(RepositoryError, match="names no commit here"):
                repository.resolve(name)
        for place in ("--output=x:y", "HEAD:../x", "HEAD:", "nowhere", "HEAD:policies/none.md", "HEAD:policies"):
            with pytest.raises(RepositoryError):
                repository.text_at(place)
        assert repository.text_at("HEAD:policies/privacy.md").startswith("# Privacy")


def test_git_settings_of_the_reader_change_nothing(box: Sandbox) -> None:
    with box.open() as repository:
        revision = repository.head_revisions()["privacy"]
        repository.stamp(posting_of(revision, repository), stamped(revision), f"7 {'a' * 64}")
    for setting in ("log.showSignature true", "color.ui always", "diff.renames false", "log.follow true",
                    "i18n.logOutputEncoding UTF-16", "core.quotePath true", "diff.noprefix true",
                    "grep.patternType fixed", "diff.relative true"):  # fmt: skip
        box.git("config", *setting.split())
    box.commit("Über", {"policies/datenschutz.md": "# Ü\n"}, author="Jörg <j@x.example>")

    with box.open() as repository:
        newest = next(history(repository))
        witness = [one.number for one in repository.told.heads_seen(repository.tip)]

    assert (newest.commit.subject, newest.commit.author, newest.policy_id) == ("Über", "Jörg", "datenschutz")
    assert witness == [7], "the journal's head in the stamp commit, which its rewriting would not fit"


def test_without_git_one_line_says_so(box: Sandbox, tmp_path: Path) -> None:
    code = f"import pathlib, notifier.repository as r; r.Repository.open(pathlib.Path({str(box.root)!r}))"
    bare = {"PATH": str(tmp_path / "nothing")}

    ran = subprocess.run([sys.executable, "-c", code], env=bare, capture_output=True, text=True, check=False)

    assert ran.stderr.splitlines()[-1] == "notifier.errors.RepositoryError: git is not installed, or not on PATH"


def test_run_from_a_git_hook_the_hooks_own_variables_lead_nowhere(
    box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sandbox(tmp_path / "other")
    other.commit("Elsewhere", {"policies/terms.md": "# Terms\n"})
    for name, value in (
        ("GIT_DIR", ".git"),
        ("GIT_WORK_TREE", "."),
        ("GIT_INDEX_FILE", ".git/index"),
        ("GIT_PREFIX", ""),
    ):
        monkeypatch.setenv(name, str(other.root / value) if value else value)

    with Repository.open(box.root) as repository:
        commit_id = post(repository)

    assert box.git("rev-parse", "HEAD") == commit_id
    assert other.git("rev-list", "--count", "HEAD") == "1"


def test_what_a_script_set_for_its_own_git_neither_dates_a_posting_nor_hides_a_policy(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.setenv(name, "1999-01-01T00:00:00Z")
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")

    with Repository.open(box.root) as repository:
        post(repository)

    assert "1999" not in box.git("log", "-1", "--format=%ad %cd")
    assert "1999" not in box.git("tag", "--list", "--format=%(taggerdate)", "posted/*")


def test_a_parent_that_was_grafted_on_is_no_parent(box: Sandbox) -> None:
    with box.open() as repository:
        post(repository)
    newest = box.commit("More", {"policies/privacy.md": "# Privacy\n\nMore.\n"})
    (box.root / ".git" / "info").mkdir(exist_ok=True)
    (box.root / ".git" / "info" / "grafts").write_text(f"{newest}\n")

    with box.open() as repository:
        assert all(record.is_on_branch for record in repository.tag_records())


def test_a_tag_named_like_the_branch_leads_nobody_astray(box: Sandbox) -> None:
    box.git("tag", "main")
    newest = box.commit("More", {"policies/privacy.md": "# Privacy\n\nMore.\n"})

    with box.open() as repository:
        assert (repository.branch, repository.tip) == ("main", newest)
        assert repository.resolve("main") == newest
        post(repository)


def test_what_is_published_is_never_merely_what_is_checked_out(box: Sandbox) -> None:
    box.git("checkout", "--quiet", "-b", "draft")

    with pytest.raises(
        RepositoryError, match=r"which branch is published\? there is draft, main; set repository\.branch"
    ):
        box.open()
    with box.open(branch="main") as repository:
        assert repository.branch == "main"


@pytest.mark.parametrize("became", ["gone", "moved", "a link", "a submodule", "a file"])
def test_policies_that_are_not_where_they_were_are_an_alarm_and_not_an_empty_answer(box: Sandbox, became: str) -> None:
    box.git("mv", "policies", "legal")
    if became == "gone":
        box.git("rm", "-rqf", "legal")
    if became == "a link":
        (box.root / "policies").symlink_to("legal")
    if became == "a file":
        box.write("policies", "x")
    box.commit("Move")
    if became == "a submodule":
        box.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},policies")
        box.git("commit", "--quiet", "-m", "Submodule")

    with box.open() as repository, pytest.raises(PolicyError, match=r"policies: is .*put it back"):
        repository.head_revisions()


def test_policies_behind_a_link_or_in_a_submodule_are_named(box: Sandbox) -> None:
    (box.root / "policies/legal").symlink_to("../elsewhere")
    box.commit("Link", {"elsewhere/terms.md": "# Terms\n", "policies/cookies.markdown": "# Cookies\n"})
    box.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},policies/other")
    box.git("commit", "--quiet", "-m", "Submodule")

    with box.open() as repository:
        found = repository.heads()

    assert list(found.revisions) == ["privacy"]
    assert [finding.path for finding in found.mistakes[""]] == [
        "policies/cookies.markdown", "policies/legal", "policies/other",
    ]  # fmt: skip


NO_TEXTS = (
    ("version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "a pointer of Git LFS"),
    ("# Cookies\r\rLast updated: January 2, 2026\r\rWe set one.\r", "one line for all that reads it"),
    ("\ufeff<!doctype html>\n<p>Privacy</p>\n", "an HTML page"),
    ("# Privacy\n\nA\n||||||| base\nB\n", "a conflict marker"),
    ('{"message": "Not Found"}\n', "a JSON document"),
    ("404: Not Found\n", "a server's error message"),
    ("<?xml version='1.0'?><Error/>\n", "an HTML page"),
    ("# X\n\n<<<<<<< HEAD\nA\n=======\nB\n>>>>>>> b\n", "a conflict marker"),
    ("<!DOCTYPE html><title>502 Bad Gateway</title>", "an HTML page"),
    (" \n", "an empty file"),
    ("# X\n\n\0\n", "a zero byte"),
)
"""What stands where a policy should, and how it is named."""


def test_a_text_that_is_none_is_named_and_holds_up_no_other(box: Sandbox) -> None:
    box.commit("Break", {f"policies/terms-{at:02}.md": text for at, (text, _) in enumerate(NO_TEXTS)})

    with box.open() as repository:
        found = repository.heads()

    assert list(found.revisions) == ["privacy"]
    named = [found.mistakes[f"terms-{at:02}"][0].message for at in range(len(NO_TEXTS))]
    assert [told for (_, told), message in zip(NO_TEXTS, named, strict=True) if told not in message] == []


@pytest.mark.parametrize("path", [".notifier/ledger.db", ".Notifier/clone/config", "site/index.html"])
def test_nothing_of_notifiers_own_comes_from_git(box: Sandbox, path: str) -> None:
    box.commit("Take over", {path: "x"})

    with pytest.raises(RepositoryError, match=f"{path}: git tracks a file where Notifier keeps its own; run: git rm"):
        Repository.open(box.root, private=[box.root / ".notifier", box.root / "site"])


def test_a_config_that_takes_in_a_tracked_file_is_refused(box: Sandbox) -> None:
    box.commit("Settings", {".gitconfig": "[core]\n\tfsmonitor = touch /tmp/x\n"})
    box.git("config", "include.path", "../.gitconfig")

    with pytest.raises(RepositoryError, match=r"\.gitconfig: git's own config is taken from a file that is part of"):
        box.open()


def test_settings_of_the_repository_run_nothing(box: Sandbox, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.sshCommand", "core.hooksPath", "alias.commit", "alias.log", "core.pager"):
        box.git("config", key, f"!{trap}" if key.startswith("alias") else str(trap))
    for key in ("filter.a=b.clean", "filter.c.process", "filter.c.required"):
        box.git("config", key, "true" if key.endswith("required") else str(trap))
    (box.root / ".git" / "info").mkdir(exist_ok=True)
    (box.root / ".git" / "info" / "attributes").write_text("*.md filter=a=b\nprivacy.md filter=c\n")
    box.git("config", "protocol.ext.allow", "always")

    with Repository.open(box.root) as repository:
        post(repository)
        list(history(repository))
    with pytest.raises(RepositoryError, match="cannot fetch"):
        Repository.open(box.root, remote=f"ext::{trap}")

    assert not (tmp_path / "ran").exists()

"""Posting to a remote by Notifier's own clone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from notifier.errors import RepositoryError
from notifier.repository import Repository, remote
from notifier.repository.git import Git, GitFailed
from tests.repository.sandbox import Sandbox, last_posted, post, posting_of, stamped

POLICY = "policies/privacy.md"


@pytest.fixture
def pushed(box: Sandbox, tmp_path: Path) -> Sandbox:
    """A checkout whose branch stands at a bare remote `origin`."""
    box.git("clone", "--quiet", "--bare", str(box.root), str(tmp_path / "origin.git"))
    box.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    box.commit("Share", {POLICY: "# Privacy\n\nUpdated May 1, 2014.\n\nWe share.\n"})
    box.git("push", "--quiet", "origin", "main")
    return box


def origin(box: Sandbox) -> Sandbox:
    return Sandbox(Path(box.git("config", "remote.origin.url")))


def test_the_stamp_and_its_tag_go_to_the_remote_and_the_checkout_is_not_touched(pushed: Sandbox) -> None:
    pushed.write(POLICY, "# Privacy\n\nA draft.\n")
    before = pushed.git("rev-parse", "HEAD")

    with pushed.open(remote="origin") as repository:
        assert repository.uncommitted("privacy") == ()
        commit_id = post(repository)

    assert origin(pushed).git("rev-parse", "main") == commit_id
    assert origin(pushed).git("rev-parse", "posted/privacy/2026-11-24^{commit}") == commit_id
    assert pushed.git("rev-parse", "HEAD") == before
    assert (pushed.root / POLICY).read_text() == "# Privacy\n\nA draft.\n"
    assert pushed.git("tag") == ""


def test_a_rejected_push_is_done_again_on_what_the_others_pushed(
    pushed: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed.git("clone", "--quiet", str(origin(pushed).root), str(tmp_path / "colleague"))
    colleague = Sandbox(tmp_path / "colleague")
    colleague.git("config", "user.name", "Ben")
    colleague.git("config", "user.email", "ben@x.example")
    push = remote.push
    pushes: list[str] = []

    def push_late(clone: Git, ref: str, **_: object) -> None:
        if not pushes:
            colleague.commit("Terms", {"policies/terms.md": "# Terms\n"})
            colleague.git("push", "--quiet", "origin", "main")
        pushes.append(ref)
        push(clone, ref)

    monkeypatch.setattr(remote, "push", push_late)
    with pushed.open(remote="origin") as repository:
        post(repository)

    assert pushes == ["refs/heads/main", "refs/heads/main", "refs/tags/posted/privacy/2026-11-24"]
    assert origin(pushed).git("log", "--format=%s", "main").splitlines()[:3] == [
        "Post privacy, significant",
        "Terms",
        "Share",
    ]


def test_a_run_that_died_before_its_push_is_done_again(pushed: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pushed.open(remote="origin") as repository:
        patched.setattr(remote, "push", die)
        with pytest.raises(KeyboardInterrupt):
            post(repository)

    with pushed.open(remote="origin") as repository:
        assert last_posted(repository, "privacy") is None
        commit_id = post(repository)

    assert origin(pushed).git("rev-parse", "main") == commit_id
    assert origin(pushed).git("rev-list", "--count", "main") == "3"


def test_a_tag_that_never_reached_the_remote_does_not_count(pushed: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    push = remote.push

    def die(clone: Git, ref: str, **_: object) -> None:
        if ref.startswith("refs/tags/"):
            raise KeyboardInterrupt
        push(clone, ref)

    with monkeypatch.context() as patched, pushed.open(remote="origin") as repository:
        patched.setattr(remote, "push", die)
        with pytest.raises(KeyboardInterrupt):
            post(repository)

    with pushed.open(remote="origin") as repository:
        assert last_posted(repository, "privacy") is None
        post(repository)

    assert origin(pushed).git("tag") == "posted/privacy/2026-11-24"
    assert origin(pushed).git("rev-list", "--count", "main") == "3"


def test_a_run_that_died_between_branch_and_tag_is_finished(pushed: Sandbox) -> None:
    with pushed.open(remote="origin") as repository:
        revision = repository.head_revisions()["privacy"]
        posting = posting_of(revision, repository)
        commit_id = repository.stamp(posting, stamped(revision))

    with pushed.open(remote="origin") as repository:
        assert repository.stamp(posting, stamped(revision)) == commit_id
        repository.tag(posting, commit_id)
        posted = last_posted(repository, "privacy")

    assert posted is not None
    assert origin(pushed).git("tag") == "posted/privacy/2026-11-24"


def test_reading_without_a_fetch_needs_no_network(pushed: Sandbox) -> None:
    with pushed.open(remote="origin"):
        pass
    pushed.git("config", "remote.origin.url", "https://nowhere.invalid/x.git")

    with Repository.open(pushed.root, remote="origin", is_fresh=False) as repository:
        assert list(repository.head_revisions()) == ["privacy"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("/nowhere/at/all.git", "cannot fetch from the remote"),
        ("--upload-pack=touch /tmp/x", "is neither a remote of this repository nor an address"),
        ("ext::sh -c id", "cannot fetch from the remote: transport 'ext' not allowed"),
    ],
)
def test_an_address_that_is_none_or_unsafe_is_refused(pushed: Sandbox, name: str, told: str) -> None:
    with pytest.raises(RepositoryError, match=told):
        Repository.open(pushed.root, remote=name)


def test_a_branch_that_the_remote_lacks_is_named(pushed: Sandbox) -> None:
    with pytest.raises(RepositoryError, match="the remote has no branch 'live'"):
        Repository.open(pushed.root, remote="origin", branch="live")


def test_a_remote_that_refuses_the_push_is_quoted(pushed: Sandbox) -> None:
    hook = origin(pushed).root / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho protected branch >&2\nexit 1\n")
    hook.chmod(0o755)

    with (
        pushed.open(remote="origin") as repository,
        pytest.raises(RepositoryError, match="the remote refused refs/heads/main"),
    ):
        post(repository)
    assert origin(pushed).git("log", "-1", "--format=%s", "main") == "Share"


def test_nothing_that_stands_in_the_clone_is_believed(pushed: Sandbox, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f'#!/bin/sh\ntouch {tmp_path}/ran\nexec git-upload-pack "$@"\n')
    trap.chmod(0o755)
    with pushed.open(remote="origin"):
        pass
    clone = pushed.root / ".notifier/clone"
    (clone / "config").write_text(
        f"[core]\n\tbare = true\n\tfsmonitor = {trap}\n\tsshCommand = {trap}\n[include]\n\tpath = {tmp_path}/more\n"
        f'[remote "origin"]\n\turl = /nowhere\n\tuploadpack = {trap}\n\treceivepack = {trap}\n'
    )
    clone.chmod(0o755)

    with pushed.open(remote="origin") as repository:
        post(repository)

    assert not (tmp_path / "ran").exists()
    assert (clone / "config").read_text() == "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
    assert clone.stat().st_mode & 0o777 == 0o700


def test_a_token_in_the_remotes_address_is_written_nowhere(pushed: Sandbox) -> None:
    pushed.git("config", "remote.origin.url", f"file://user:s3cret@localhost{origin(pushed).root}")

    with suppress(RepositoryError):  # whether git takes a user in such an address is not the question
        pushed.open(remote="origin").close()
    assert "s3cret" not in str(GitFailed("fatal: unable to access 'https://user:s3cret@x.example/r.git/': gone"))
    kept = [path for path in (pushed.root / ".notifier").rglob("*") if path.is_file()]
    assert not [path for path in kept if b"s3cret" in path.read_bytes()]


def test_an_outage_of_seconds_is_waited_for_and_a_refusal_is_not(
    pushed: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ["fatal: unable to access: Could not resolve host: x", "ssh: connect to host x: Connection refused"]
    run, tried = Git.run, list[str]()

    def unreachable(git: Git, *arguments: str, **options: Any) -> str:
        if arguments[0] == "push" and len(tried) < len(said):
            tried.append(arguments[-1])
            raise GitFailed(said[len(tried) - 1])
        return run(git, *arguments, **options)

    monkeypatch.setattr(remote, "PAUSES_S", (0.01, 0.01, 0.01))
    with pushed.open(remote="origin") as repository:
        monkeypatch.setattr(Git, "run", unreachable)
        commit_id = post(repository)

    assert tried == ["refs/heads/main:refs/heads/main"] * 2
    assert origin(pushed).git("rev-parse", "main") == commit_id

"""Who signed what, as a real git, real keys and a real keyring say it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from notifier.policy.editor_word import Approvals, Signature, editor_word
from notifier.significance import Significance
from tests.repository.sandbox import Sandbox, sandbox

LENA = "Lena Legal <lena@co.example>"
CLAIM = "Significance: minor\nSignificance-Reason: only spelling"
POLICY = "policies/privacy.md"


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    """A repository, and beside it a list of signers with Lena's key; Eve has a key that nobody lists."""
    box = sandbox(tmp_path / "chat")
    for name in ("lena", "eve"):
        key = tmp_path / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    public = (tmp_path / "lena.pub").read_text()
    (tmp_path / "signers").write_text(f'lena@co.example namespaces="git" {public}')
    box.git("config", "gpg.format", "ssh")
    box.git("config", "gpg.ssh.allowedSignersFile", str(tmp_path / "signers"))
    box.commit("Add", {POLICY: "# Privacy\n\nWe keep it.\n"})
    return box


def signing(box: Sandbox, name: str) -> tuple[str, ...]:
    return ("-c", f"user.signingkey={box.root.parent / name}")


def land(box: Sandbox, message: str, *, by: str | None, words: str = "We keep it here.") -> str:
    """Commit a change of Ana's, signed by somebody or by nobody."""
    box.write(POLICY, f"# Privacy\n\n{words}\n")
    key = (*signing(box, by), "commit", "-S") if by else ("commit",)
    box.git(*key, "-qam", message)
    return box.git("rev-parse", "HEAD")


def approvals(box: Sandbox, *commit_ids: str) -> Approvals:
    with box.open() as repository:
        commits = [one.commit for one in repository.revisions("privacy") if one.commit.commit_id in commit_ids]
        return repository.approvals(commits, [LENA])


def word(box: Sandbox) -> Significance | None:
    with box.open(branch="main") as repository:
        commit = next(repository.revisions("privacy")).commit
        return editor_word([commit], repository.approvals([commit], [LENA])).significance


def test_a_landing_commit_signed_by_a_listed_key_is_its_owners_word(box: Sandbox) -> None:
    good, bad, none = (land(box, f"{by}\n\n{CLAIM}", by=by, words=f"We {by}.") for by in ("lena", "eve", None))

    assert approvals(box, good, bad, none).signed == {good: (Signature("lena@co.example"),)}


def test_only_that_makes_a_claim_count(box: Sandbox) -> None:
    counts = []
    for by in ("lena", "eve", None):
        land(box, f"Fix\n\n{CLAIM}", by=by, words=f"We {by}.")
        counts.append(word(box))

    assert counts == [Significance.MINOR, None, None]


def test_a_merge_signed_by_an_approver_lands_anothers_claim(box: Sandbox) -> None:
    box.git("switch", "-qc", "edit")
    land(box, f"Fix\n\n{CLAIM}", by=None)
    box.git("switch", "-q", "main")
    box.git(*signing(box, "lena"), "merge", "-S", "-q", "--no-ff", "-m", "Merge edit", "edit")

    assert word(box) is Significance.MINOR


@pytest.mark.parametrize(("name", "by", "counts"), [("approved/1", "lena", True), ("approved/1", "eve", False),
                                                    ("release/1", "lena", False)])  # fmt: skip
def test_a_signed_tag_below_approved_is_a_word_too(box: Sandbox, name: str, by: str, counts: bool) -> None:
    commit_id = land(box, "Fix", by=None)
    box.git(*signing(box, by), "tag", "-s", name, "-m", f"Approve\n\n{CLAIM}", commit_id)

    assert (word(box) is Significance.MINOR) is counts


def test_a_tag_that_was_copied_to_another_commit_is_no_signature(box: Sandbox) -> None:
    commit_id = land(box, "Fix", by=None)
    box.git(*signing(box, "lena"), "tag", "-s", "approved/1", "-m", f"Approve\n\n{CLAIM}", commit_id)
    other = land(box, "Share", by=None, words="We sell it.")
    moved = box.git("cat-file", "tag", "approved/1").replace(commit_id, other)
    forged = subprocess.run(
        ["git", "hash-object", "-t", "tag", "-w", "--stdin"],
        cwd=box.root, input=moved + "\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    box.git("update-ref", "refs/tags/approved/2", forged.stdout.strip())

    assert approvals(box, other).signed == {}


def test_a_list_of_signers_that_is_part_of_the_repository_is_not_used(box: Sandbox) -> None:
    shutil.copy(box.root.parent / "signers", box.root / "signers")
    box.git("config", "gpg.ssh.allowedSignersFile", "signers")
    box.git("add", "signers")
    commit_id = land(box, f"Fix\n\n{CLAIM}", by="lena")

    found = approvals(box, commit_id)

    assert found.signed == {}
    assert "signers is part of the repository, so whoever changes it could sign for anybody" in found.trouble


def test_a_list_of_revoked_keys_is_heeded_and_not_used_where_it_is_part_of_the_repository(box: Sandbox) -> None:
    commit_id = land(box, f"Fix\n\n{CLAIM}", by="lena")
    shutil.copy(box.root.parent / "lena.pub", box.root.parent / "revoked")
    box.git("config", "gpg.ssh.revocationFile", str(box.root.parent / "revoked"))
    assert approvals(box, commit_id).signed == {}

    box.write("revoked", "")
    box.git("add", "revoked")
    box.git("config", "gpg.ssh.revocationFile", "revoked")
    assert (approvals(box, commit_id).signed, "revoked is part of the" in approvals(box, commit_id).trouble) == (
        {},
        True,
    )


def test_a_key_whose_time_is_over_counts_on_no_day_that_the_signature_gives_itself(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git holds the key against the date of commit or tag, which is whatever its author writes."""
    signers = box.root.parent / "signers"
    signers.write_text(signers.read_text().replace('namespaces="git"', 'valid-before="20240101Z"'))
    today = land(box, f"Fix\n\n{CLAIM}", by="lena", words="We fix.")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2023-05-05T12:00:00Z")
    backdated = land(box, f"Fix\n\n{CLAIM}", by="lena", words="We date back.")
    box.git(*signing(box, "lena"), "tag", "-s", "approved/1", "-m", f"Approve\n\n{CLAIM}", today)
    assert box.git("log", "-1", "--format=%G?", backdated) == "G"

    assert approvals(box, today, backdated).signed == {}


def test_a_program_that_the_repositorys_config_names_does_not_verify(box: Sandbox, tmp_path: Path) -> None:
    liar = tmp_path / "liar"
    liar.write_text('#!/bin/sh\necho "Good \\"git\\" signature for lena@co.example with ED25519 key SHA256:x"\n')
    liar.chmod(0o755)
    commit_id = land(box, f"Fix\n\n{CLAIM}", by="eve")
    box.git("config", "gpg.ssh.program", str(liar))

    assert approvals(box, commit_id).signed == {}


def test_the_clone_of_a_remote_verifies_by_the_checkouts_list(box: Sandbox, tmp_path: Path) -> None:
    commit_id = land(box, f"Fix\n\n{CLAIM}", by="lena")
    tagged = land(box, "Fix", by=None, words="We keep it there.")
    box.git(*signing(box, "lena"), "tag", "-s", "approved/1", "-m", f"Approve\n\n{CLAIM}", tagged)
    box.git("clone", "-q", "--bare", str(box.root), str(tmp_path / "origin.git"))
    box.git("remote", "add", "origin", str(tmp_path / "origin.git"))

    with box.open(remote="origin", branch="main") as repository:
        commits = [one.commit for one in repository.revisions("privacy")]
        found = repository.approvals(commits, [LENA]).signed

    assert {key: [one.signer for one in signed] for key, signed in found.items()} == {
        commit_id: ["lena@co.example"], tagged: ["lena@co.example"],
    }  # fmt: skip


@pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg is not installed")
def test_a_key_of_the_keyring_counts_once_it_is_trusted(
    box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "k"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    gpg = ["gpg", "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]
    subprocess.run([*gpg, "--quick-gen-key", LENA, "ed25519", "sign"], check=True, capture_output=True)
    box.git("config", "gpg.format", "openpgp")
    box.git("config", "user.signingkey", "lena@co.example")
    box.write(POLICY, "# Privacy\n\nWe keep it now.\n")
    box.git("commit", "-S", "-qam", f"Fix\n\n{CLAIM}")
    commit_id = box.git("rev-parse", "HEAD")
    trusted = approvals(box, commit_id).signed
    (home / "trustdb.gpg").unlink()
    untrusted = approvals(box, commit_id).signed
    subprocess.run(["gpgconf", "--kill", "all"], check=True, env=dict(os.environ))

    assert trusted == {commit_id: (Signature(LENA),)}
    assert untrusted == {}

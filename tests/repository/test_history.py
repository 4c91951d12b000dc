"""Which commits are revisions, of which policy, with which texts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from notifier.policy.editor_word import editor_word
from notifier.policy.revision import Revision
from notifier.repository.policy_files import Files
from notifier.significance import Significance
from tests.repository.sandbox import Sandbox, history, last_posted, post, sandbox

POLICY = "policies/privacy.md"


def told(revisions: Iterator[Revision]) -> list[tuple[str, str]]:
    return [(revision.policy_id, revision.commit.subject) for revision in revisions]


def test_a_merge_is_one_revision_however_many_commits_it_brings(box: Sandbox) -> None:
    box.git("checkout", "--quiet", "-b", "edit")
    box.commit("Draft", {POLICY: "# Privacy\n\nWe share.\n"})
    box.commit("Draft again\n\nSignificance: significant", {POLICY: "# Privacy\n\nWe share more.\n"})
    box.git("checkout", "--quiet", "main")
    box.commit("Meanwhile", {"policies/terms.md": "# Terms\n"})
    box.git("merge", "--quiet", "--no-ff", "-m", "Merge edit", "edit")

    with box.open(branch="main") as repository:
        assert told(history(repository)) == [
            ("privacy", "Merge edit"),
            ("terms", "Meanwhile"),
            ("privacy", "Add the policy"),
        ]
        merge = next(repository.revisions("privacy"))

    assert [commit.subject for commit in merge.commit.merged] == ["Draft again", "Draft"]
    assert merge.commit.is_mere_merge
    assert editor_word([merge.commit]).significance is Significance.SIGNIFICANT


def test_text_written_while_merging_is_not_a_mere_merge(box: Sandbox) -> None:
    box.git("checkout", "--quiet", "-b", "edit")
    box.commit("Draft", {POLICY: "# Privacy\n\nWe share.\n"})
    box.git("checkout", "--quiet", "main")
    box.git("merge", "--quiet", "--no-ff", "--no-commit", "edit")
    box.write(POLICY, "# Privacy\n\nWe sell.\n")
    box.commit("Merge edit")

    with box.open(branch="main") as repository:
        merge = next(repository.revisions("privacy")).commit

    assert [commit.subject for commit in merge.merged] == ["Draft"]
    assert not merge.is_mere_merge


def test_revisions_since_a_commit_leave_out_what_came_before(box: Sandbox) -> None:
    first = box.git("rev-parse", "HEAD")
    box.commit("Two", {POLICY: "# Privacy\n\nTwo.\n"})
    box.commit("Other", {"policies/terms.md": "# Terms\n"})
    box.commit("Three", {POLICY: "# Privacy\n\nThree.\n"})

    with box.open() as repository:
        assert told(repository.revisions("privacy", first)) == [("privacy", "Three"), ("privacy", "Two")]


def test_each_revision_has_all_its_languages_as_they_stood_then(box: Sandbox) -> None:
    box.commit("German", {"policies/privacy.de.md": "# Datenschutz\n\nEins.\n"})
    box.commit("Both", {POLICY: "# Privacy\n\nTwo.\n", "policies/privacy.de.md": "# Datenschutz\n\nZwei.\n"})
    box.commit("English", {POLICY: "# Privacy\n\nThree.\n"})

    with box.open() as repository:
        revisions = list(history(repository))

    assert [sorted(revision.texts) for revision in revisions] == [["de", "en"], ["de", "en"], ["de", "en"], ["en"]]
    assert ["Zwei" in one.texts["de"].text for one in revisions[:3]] == [True, True, False]
    assert [one.controlling.title for one in revisions] == ["Privacy"] * 4


def test_a_renamed_policy_keeps_its_history_under_its_new_id(box: Sandbox) -> None:
    box.commit("German", {"policies/privacy.de.md": "# Datenschutz\n\nWir speichern Chats.\n"})
    with box.open() as repository:
        post(repository)
    (box.root / "policies/legal").mkdir()
    box.git("mv", POLICY, "policies/legal/data.md")
    box.git("mv", "policies/privacy.de.md", "policies/legal/data.de.md")
    box.commit("Move")
    box.commit("New under the old name", {POLICY: "# Chat privacy\n\nSomething else altogether.\n"})

    with box.open() as repository:
        assert told(repository.revisions("legal/data")) == [("legal/data", "German"), ("legal/data", "Add the policy")]
        assert told(repository.revisions("privacy")) == [("privacy", "New under the old name")]
        last = last_posted(repository, "legal/data")
        assert last_posted(repository, "privacy") is None
        assert repository.policies_posted() == ("legal/data",)

    assert last is not None
    assert (last.posting.policy_id, last.posting.tag) == ("legal/data", "posted/privacy/2026-11-24")
    assert last.revision.texts["de"].path == "policies/privacy.de.md"


def test_a_new_policy_under_a_name_that_another_gave_up_has_its_own_postings(box: Sandbox) -> None:
    with box.open() as repository:
        post(repository, on=date(2026, 1, 1))
    box.git("mv", POLICY, "policies/data.md")
    box.commit("Move")
    box.commit("Under the old name", {POLICY: "# Chat privacy\n\nSomething else altogether.\n"})
    with box.open() as repository:
        post(repository, on=date(2026, 2, 2))
        tags = {name: [one.tag for one in repository.postings(name)] for name in ("data", "privacy")}

    assert tags == {"data": ["posted/privacy/2026-01-01"], "privacy": ["posted/privacy/2026-02-02"]}


def test_a_policy_renamed_there_and_back_is_one_policy(box: Sandbox) -> None:
    for number, (old, new) in enumerate([("privacy", "data"), ("data", "privacy")], 1):
        with box.open() as repository:
            post(repository, old, on=date(2026, number, 1))
        box.git("mv", f"policies/{old}.md", f"policies/{new}.md")
        box.commit(f"Call it {new}")

    with box.open() as repository:
        tags = [one.tag for one in repository.postings("privacy")]
        assert told(repository.revisions("privacy")) == [("privacy", "Add the policy")]

    assert tags == ["posted/privacy/2026-01-01", "posted/data/2026-02-01"]


def test_a_rename_with_edits_is_a_revision(box: Sandbox) -> None:
    box.commit("Long", {POLICY: "# Privacy\n\n" + "We keep chats for a while.\n\n" * 9})
    box.git("mv", POLICY, "policies/data.md")
    box.commit(
        "Move and edit", {"policies/data.md": "# Privacy\n\n" + "We keep chats for a while.\n\n" * 9 + "We share.\n"}
    )

    with box.open() as repository:
        assert told(history(repository)) == [("data", "Move and edit"), ("data", "Long"), ("data", "Add the policy")]


def test_an_archived_copy_does_not_take_the_policy_with_it(box: Sandbox) -> None:
    text = (box.root / POLICY).read_text()
    box.commit("Archive", {"policies/privacy-2014.md": text, POLICY: "# Privacy\n\nUpdated May 1, 2024.\n\nNew.\n"})

    with box.open() as repository:
        assert ("privacy", "Add the policy") in told(history(repository))


def test_what_changes_no_text_is_no_revision(box: Sandbox) -> None:
    (box.root / POLICY).chmod(0o755)
    box.commit("Mode only")
    box.commit("Elsewhere", {"README.md": "x", "policies/logo.svg": "<svg/>", "policies/.draft.md": "x"})
    box.commit("Empty")

    with box.open() as repository:
        assert told(history(repository)) == [("privacy", "Add the policy")]


def test_a_removed_policy_is_told_of_and_is_no_policy_of_today(box: Sandbox) -> None:
    box.commit("Add terms", {"policies/terms.md": "# Terms\n"})
    (box.root / "policies/terms.md").unlink()
    box.commit("Remove terms")

    with box.open() as repository:
        assert list(repository.head_revisions()) == ["privacy"]
        assert told(history(repository)) == [("terms", "Add terms"), ("privacy", "Add the policy")]


def test_a_stamp_is_no_revision_and_the_revision_keeps_its_summary(box: Sandbox) -> None:
    box.commit("Share", {POLICY: "---\nsummary: We share.\n---\n# Privacy\n\nUpdated May 1, 2014.\n\nWe share.\n"})
    with box.open() as repository:
        post(repository)
        head = repository.head_revisions()["privacy"]

        assert told(history(repository)) == [("privacy", "Share"), ("privacy", "Add the policy")]
        assert head.commit.subject == "Share"
        assert head.controlling.front_matter.summary == "We share."


def test_a_forged_stamp_hides_no_revision(box: Sandbox) -> None:
    stamp = "Post privacy\n\nNotifier-Posting: posted/privacy/2026-01-01\nNotifier-Revision: " + "a" * 40
    box.commit(stamp, {POLICY: "# Privacy\n\nUpdated May 2, 2014.\n\nWe sell chats.\n"})

    with box.open() as repository:
        assert told(history(repository))[0] == ("privacy", "Post privacy")


def test_a_date_changed_by_hand_is_a_revision_without_the_trailers(box: Sandbox) -> None:
    box.commit("Touch the date", {POLICY: "# Privacy\n\nUpdated May 2, 2014.\n\nWe keep chats.\n"})

    with box.open() as repository:
        assert told(history(repository))[0] == ("privacy", "Touch the date")


def test_history_reads_past_old_mistakes(box: Sandbox) -> None:
    box.commit("Broken", {POLICY: "---\ntitle: [\n---\n# P\xe9\n".encode("latin-1")})
    box.commit("Mended", {POLICY: "# Privacy\n"})

    with box.open() as repository:
        assert [one.controlling.title for one in history(repository)] == ["Privacy", "P\ufffd", "Privacy"]


def test_odd_file_names_are_taken_as_they_are(box: Sandbox) -> None:
    odd = ("Privacy Policy.md", "*.md", "tab\there.md", "new\nline.md", ":(top)x.md", "ünï.md", "-rf.md")
    names = [f"policies/{name}" for name in odd]
    box.commit("Odd", dict.fromkeys(names, "# Odd\n"))

    with box.open() as repository:
        found = repository.head_revisions()

    assert sorted(one.controlling.path for one in found.values()) == sorted([*names, POLICY])


def test_messages_with_control_characters_do_not_break_the_reading(box: Sandbox) -> None:
    message = "Subj\x01ect\n\n:100644 100644 aaaa bbbb M\x1b[31m\n\nSignificance: significant"
    box.commit(message, {POLICY: "# Privacy\n\nTwo.\n"}, author="A\"\x02'; B <a@x.example>")

    with box.open() as repository:
        newest = next(history(repository))

    assert newest.commit.body.endswith("Significance: significant")
    assert len(list(newest.texts)) == 1


def test_the_published_branch_may_be_another_than_the_one_checked_out(box: Sandbox) -> None:
    box.git("branch", "live")
    box.commit("Not live yet", {POLICY: "# Privacy\n\nTwo.\n"})

    with box.open(branch="live") as repository:
        assert told(history(repository)) == [("privacy", "Add the policy")]


def test_the_working_tree_is_read_as_an_editor_left_it(box: Sandbox) -> None:
    box.write("policies/terms.md", "# Terms\n")
    box.write("policies/terms.de.md", "# Bedingungen\n")
    box.write(POLICY, "---\naudience: 3\n---\n# Privacy\n")

    with box.open() as repository:
        assert repository.working_policies() == ("privacy", "terms")
        terms = repository.working_revision("terms")
        assert terms is not None
        assert terms.texts["de"].title == "Bedingungen"
        (mistake,) = repository.working_mistakes()["privacy"]
        assert str(mistake) == f"{POLICY}:2: front matter audience: expected a list of customer tags, got '3'"
        assert repository.working_revision("cookies") is None


def test_a_checkout_with_windows_line_endings_reads_as_committed(box: Sandbox) -> None:
    box.git("config", "core.autocrlf", "true")
    box.write(POLICY, (box.root / POLICY).read_bytes().replace(b"\n", b"\r\n"))

    with box.open() as repository:
        working = repository.working_revision("privacy")
        assert working is not None
        assert working.controlling.blob_id == repository.head_revisions()["privacy"].controlling.blob_id


def test_an_author_is_known_by_every_address_and_the_mailmap(box: Sandbox) -> None:
    box.commit("One", {"a": "1"}, author="Ana <ana@home.example>")
    box.commit("Two", {"a": "2"}, author="Anita <anita@old.example>")
    box.commit("Map", {".mailmap": "Ana <ana@x.example> <anita@old.example>\n"}, author="Ben <ben@x.example>")

    with box.open() as repository:
        aliases = repository.aliases

    assert aliases["ana@home.example"] == aliases["ana@x.example"] == aliases["anita@old.example"]
    assert aliases["ben@x.example"] != aliases["ana@x.example"]


def test_a_folder_of_policies_at_the_top_of_a_repository(tmp_path: Path) -> None:
    box = sandbox(tmp_path / "flat")
    box.commit("Add", {"privacy.md": "# Privacy\n", "docs/terms.md": "# Terms\n"})

    with box.open(policies_path=".") as repository:
        assert sorted(repository.head_revisions()) == ["docs/terms", "privacy"]


def contents(box: Sandbox, commit_id: str, policy_id: str) -> dict[str | None, str]:
    """The blobs of a policy's files at a commit, as git lists them."""
    listed = box.git("ls-tree", "-r", commit_id, "policies/").splitlines()
    blobs = {line.split("\t")[1]: line.split()[2] for line in listed}
    paths = {None: f"policies/{policy_id}.md", "de": f"policies/{policy_id}.de.md"}
    return {language: blobs[path] for language, path in paths.items() if path in blobs}


def blobs_of(files: Files) -> dict[str | None, str]:
    return {language: entry.object_id for language, (_, entry) in files.items()}


@pytest.mark.parametrize("seed", range(2))
def test_a_change_knows_the_files_as_its_commit_found_and_left_them(tmp_path: Path, seed: int) -> None:
    """Edits, translations, renames, removals and returns at random, against what git itself lists at each commit."""
    chance, box = random.Random(seed), sandbox(tmp_path / "random")  # noqa: S311  # no secret is made of it
    names, last = ["a", "b", "c"], dict[str, dict[str | None, str]]()
    expected: list[tuple[str, dict[str | None, str], dict[str | None, str]]] = []
    box.commit("Begin", {"policies/kept.md": "# Kept\n"})
    for number in range(25):
        name = chance.choice(names)
        path, there = f"policies/{name}.md", contents(box, "HEAD", name)
        if None in there and chance.random() < 0.3:
            box.git("rm", "--quiet", path, *(["policies/" + name + ".de.md"] if "de" in there else []))
            last[name] = there
            box.commit(f"Remove {name}")
            continue
        files = {path: f"# {name}\n\nText {number} of {name}.\n"}
        if chance.random() < 0.3:
            files[f"policies/{name}.de.md"] = f"# {name}\n\nFassung {number}.\n"
        commit_id = box.commit(f"Write {name}", dict[str, str | bytes](files))
        expected.append((commit_id, there if None in there else last.get(name, {}), contents(box, "HEAD", name)))

    with box.open() as repository:
        found = [
            (change.commit.commit_id, blobs_of(change.before), blobs_of(change.after))
            for change in repository.changes()
            if change.policy_id != "kept"
        ]

    assert found == expected[::-1]


def test_one_policy_that_goes_as_one_other_comes_was_renamed_however_much_was_rewritten(box: Sandbox) -> None:
    box.commit("Terms", {"policies/terms.md": "# Terms\n"})
    (box.root / POLICY).unlink()
    box.commit("Replace", {"policies/data.md": "# How we use data\n\nAll of it is new, and reads otherwise.\n"})

    with box.open() as repository:
        assert told(repository.revisions("data")) == [("data", "Replace"), ("data", "Add the policy")]
        newest = next(repository.changes())
        assert newest.before[None][0] == POLICY

    (box.root / "policies/data.md").unlink()
    (box.root / "policies/terms.md").unlink()
    box.commit("Replace two", {"policies/use.md": "# Use\n", "policies/sale.md": "# Sale\n"})
    with box.open() as repository:
        assert told(repository.revisions("use")) == [("use", "Replace two")]


@pytest.mark.parametrize("was", ["policies/terms.markdown", "policies/.terms.md", "drafts/terms.md"])
def test_a_file_that_becomes_a_policy_by_its_name_alone_is_a_revision(box: Sandbox, was: str) -> None:
    box.commit("Draft", {was: "# Terms\n\nWe part ways.\n"})
    box.git("mv", was, "policies/terms.md")
    box.commit("Publish")

    with box.open() as repository:
        assert repository.heads().revisions["terms"].commit.subject == "Publish"
        assert told(repository.revisions("terms")) == [("terms", "Publish")]
        assert next(repository.changes()).before == {}


def test_texts_that_change_their_language_by_their_names_alone_are_a_revision(box: Sandbox) -> None:
    box.commit("German", {"policies/privacy.de.md": "# Datenschutz\n\nWir speichern Chats.\n"})
    box.git("mv", POLICY, "policies/privacy.fr.md")
    box.git("mv", "policies/privacy.de.md", POLICY)
    box.commit("Swap")

    with box.open() as repository:
        assert told(repository.revisions("privacy"))[0] == ("privacy", "Swap")

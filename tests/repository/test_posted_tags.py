"""What was posted: in the order in which it was, and held against what Notifier would have made."""

from __future__ import annotations

from datetime import date

import pytest

from notifier.policy.posting import posting_trailers
from notifier.policy.trailers import folded
from notifier.repository import Repository
from notifier.repository.objects import blob_id
from notifier.repository.worktree import write_over
from tests.repository.sandbox import ON, Sandbox, history, last_posted, post, posting_of, stamped

POLICY = "policies/privacy.md"


def days_of(repository: Repository) -> list[tuple[date, str]]:
    return [(one.posting.posted_on, one.revision.controlling.text[-4:-2]) for one in repository.posted("privacy")]


def test_postings_come_in_the_order_of_their_commits_whatever_clocks_said(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Posted under a date years ahead, then by a clock set back, then right, with commits dated as wildly."""
    for words, on, dated in (
        ("v1", date(2035, 1, 1), "2035-01-01T00:00:00Z"),
        ("v2", date(2020, 1, 1), "1999-01-01T00:00:00Z"),
        ("v3", ON, "2026-11-24T00:00:00Z"),
    ):
        monkeypatch.setenv("GIT_COMMITTER_DATE", dated)
        box.commit(words, {POLICY: f"# Privacy\n\nUpdated May 1, 2014.\n\nWe {words}.\n"})
        with box.open() as repository:
            post(repository, on=on)
    box.git("tag", "-d", "posted/privacy/2026-11-24")  # made anew: the tag is younger than all, its commit is not
    with box.open() as repository:
        again = posting_of(repository.head_revisions()["privacy"], repository)
        repository.tag(again, box.git("rev-parse", "HEAD"))

    with box.open() as repository:
        assert days_of(repository) == [(date(2035, 1, 1), "v1"), (date(2020, 1, 1), "v2"), (ON, "v3")]
        last = last_posted(repository, "privacy")
        assert last is not None
        assert last.posting.posted_on == ON
        assert [one.posting.tag for one in repository.posted("privacy")] == [
            one.tag for one in repository.postings("privacy")
        ]
        assert repository.posted_at("privacy", "posted/privacy/2020-01-01").posting.posted_on == date(2020, 1, 1)


def test_a_second_posting_of_the_same_day_comes_after_the_first_and_the_tenth_after_the_second(box: Sandbox) -> None:
    for number in range(11):
        box.commit(f"{number}", {POLICY: f"# Privacy\n\n{number}.\n"})
        with box.open() as repository:
            post(repository)

    with box.open() as repository:
        assert [one.tag.rpartition("/")[2] for one in repository.postings("privacy")] == [
            "2026-11-24", *(f"2026-11-24.{number}" for number in range(2, 12)),
        ]  # fmt: skip


@pytest.mark.parametrize("dated", ["2035-01-01T00:00:00Z", "1980-01-01T00:00:00Z", "@99999999999999 +0000"])
def test_a_commit_with_a_wild_date_is_neither_hidden_nor_seen_twice(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, dated: str
) -> None:
    with box.open() as repository:
        post(repository)
    box.git("checkout", "--quiet", "-b", "edit", "HEAD~1")
    monkeypatch.setenv("GIT_COMMITTER_DATE", dated)
    box.commit("Wild", {"policies/terms.md": "# Terms\n"})
    box.git("checkout", "--quiet", "main")
    box.git("merge", "--quiet", "--no-ff", "-m", "Merge", "edit")
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    box.commit("Share", {POLICY: "# Privacy\n\nUpdated May 1, 2014.\n\nWe share.\n"})

    with box.open(branch="main") as repository:
        since = repository.postings("privacy")[0].commit_id
        assert [one.commit.subject for one in repository.revisions("privacy", since)] == ["Share"]
        assert [one.commit.subject for one in repository.revisions("terms", since)] == ["Merge"]
        assert [one.commit.subject for one in history(repository)] == ["Share", "Merge", "Add the policy"]


def test_a_record_made_by_notifier_has_no_fault(box: Sandbox) -> None:
    box.commit("Two", {POLICY: "# Privacy\n\nTwo.\n", "policies/privacy.de.md": "# Datenschutz\n\nZwei.\n"})
    box.commit("Terms", {"policies/terms.md": "# Terms\n"})
    with box.open() as repository:
        adopted = posting_of(repository.head_revisions()["terms"], repository)._replace(is_adoption=True)
        repository.tag(adopted, adopted.commit_id)
        post(repository)
        box.commit("Later", {"policies/terms.md": "# Terms\n\nLater.\n"})
        (privacy, terms) = repository.tag_records()

        assert repository.record_faults(privacy) == repository.record_faults(terms) == ()
        assert (privacy.is_annotated, privacy.is_on_branch) == (True, True)
        assert privacy.object_id == box.git("rev-parse", privacy.name)


@pytest.mark.parametrize(
    ("forged", "told"),
    [
        ("lightweight", "is no annotated tag"),
        ("moved", "has other words than revision"),
        ("other message", "tells of no posting by this name"),
        ("other significance", "tells another posting than the tag"),
        ("other words", "has other words than revision"),
        ("other file", "changes README.md"),
        ("off the branch", "is on no commit of the branch"),
        ("adopted elsewhere", "adopts"),
    ],
)
def test_a_record_that_somebody_forged_is_told_from_notifiers_own(box: Sandbox, forged: str, told: str) -> None:
    box.commit("Share", {POLICY: "# Privacy\n\nUpdated May 1, 2014.\n\nWe share.\n"})
    with box.open() as repository:
        commit_id = post(repository)
        posting = repository.postings("privacy")[0]
    on, tells = commit_id, posting
    if forged == "other significance":
        tells = posting._replace(word="minor by nobody")
    if forged == "adopted elsewhere":
        tells = posting._replace(is_adoption=True)
    if forged in ("other words", "other file", "off the branch"):
        path, text = (POLICY, "# Privacy\n\nWe sell.\n") if forged == "other words" else ("README.md", "x")
        box.write(path, text)
        box.git("add", "--all")
        box.git("commit", "--quiet", "--amend", "--no-edit")
        on = box.git("rev-parse", "HEAD")
    if forged == "off the branch":
        box.git("reset", "--quiet", "--hard", commit_id)
    if forged == "moved":
        on = box.commit("Sell\n\n" + "\n".join(folded(posting_trailers(posting))), {POLICY: "# Privacy\n\nWe sell.\n"})
    said = "Post\n\n" + "\n".join(folded(posting_trailers(tells)))
    box.git("tag", "-d", posting.tag)
    annotated = [] if forged == "lightweight" else ["-a", "-m", "Mine" if forged == "other message" else said]
    box.git("tag", *annotated, posting.tag, on)

    with box.open() as repository:
        (record,) = repository.tag_records()
        assert any(told in fault for fault in repository.record_faults(record))


def test_what_a_stamp_says_of_itself_finishes_a_killed_run(box: Sandbox) -> None:
    with box.open() as repository:
        revision = repository.head_revisions()["privacy"]
        posting = posting_of(revision, repository)._replace(word="significant by Ana: said so")
        assert repository.stamped(posting.tag, posting.commit_id) is None
        stamp_id = repository.stamp(posting, stamped(revision))
        box.commit("Forged\n\n" + "\n".join(folded(posting_trailers(posting))), {POLICY: "# Privacy\n\nWe sell.\n"})

        assert repository.stamped(posting.tag, posting.commit_id) == (stamp_id, posting)
        assert repository.stamped(posting.tag + ".2", posting.commit_id) is None


@pytest.mark.parametrize("slips_in", ["", "README.md"])
def test_a_killed_runs_stamp_is_only_the_one_that_it_had_planned(box: Sandbox, slips_in: str) -> None:
    """Somebody could make it in the run's place, with a file of theirs in it, or another date."""
    with box.open() as repository:
        revision = repository.head_revisions()["privacy"]
        posting = posting_of(revision, repository)
        planned = {path: blob_id(text) for path, text in stamped(revision).items()}
        repository.stamp(posting, stamped(revision))
        assert repository.stamped(posting.tag, posting.commit_id, planned) is not None
    if slips_in:
        box.write(slips_in, "x")
    else:
        box.write(POLICY, next(iter(stamped(revision).values())).replace("2026", "2025"))
    box.git("add", "--all")
    box.git("commit", "--quiet", "--amend", "--no-edit")

    with box.open() as repository:
        assert repository.stamped(posting.tag, posting.commit_id) is not None
        assert repository.stamped(posting.tag, posting.commit_id, planned) is None


def test_what_a_dropped_stamp_wrote_is_put_back_and_nothing_else(box: Sandbox) -> None:
    box.commit("Terms", {"policies/terms.md": "# Terms\n\nUpdated May 1, 2014.\n"})
    with box.open() as repository:
        ours = {}
        for policy_id in ("privacy", "terms"):
            texts = stamped(repository.head_revisions()[policy_id])
            for path, text in texts.items():
                write_over(box.root / path, text.encode())
                ours[path] = blob_id(text)
        box.write("policies/terms.md", "# Terms\n\nAn editor's.\n")

        assert repository.put_back(ours) == (POLICY,)
        assert repository.put_back(ours) == ()

    assert box.git("status", "--porcelain") == "M policies/terms.md"

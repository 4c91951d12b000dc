"""What an editor may say in a commit, and what does not count."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.policy.revision import Commit
from notifier.policy.trailers import EditorWord, aliases_of, editor_word, folded, read_trailers, says_minor
from notifier.significance import Significance

APPROVED = "Significance: minor\nSignificance-Reason: only spelling\nApproved-by: Ben Bo <ben@co.example>"


def commit(
    message: str, *, commit_id: str = "a" * 40, author: str = "Ana Ay", email: str = "ana@co.example",
    committer: str = "noreply@github.com", merged: tuple[Commit, ...] = (), is_mere_merge: bool = False,
) -> Commit:  # fmt: skip
    subject, _, body = message.partition("\n\n")
    return Commit(
        commit_id, datetime(2026, 1, 1, tzinfo=UTC), author, email, committer, subject, body, merged, is_mere_merge
    )


def word(message: str, committer: str = "noreply@github.com") -> EditorWord:
    return editor_word([commit(message, committer=committer)])


def test_minor_with_a_reason_and_a_second_person_counts() -> None:
    said = word(f"Fix typos\n\n{APPROVED}")

    assert said.significance is Significance.MINOR
    assert (said.by, said.because, said.approved_by) == ("Ana Ay", "only spelling", "Ben Bo")
    assert said.ignored == ()


def test_significant_needs_nobody_else() -> None:
    said = word("Share data\n\nSignificance: Significant")

    assert said.significance is Significance.SIGNIFICANT


def test_a_commit_that_says_nothing_leaves_the_verdict() -> None:
    assert word("Significant changes for minor users") == EditorWord()


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("x\n\nSignificance: minor\nApproved-by: Ben <ben@co.example>", "no Significance-Reason"),
        ("x\n\nSignificance: minor\nSignificance-Reason: typo", "no Approved-by"),
        ("x\n\nSignificance: minor\nSignificance-Reason:\nApproved-by: Ben <ben@co.example>", "no Significance-Reason"),
        (f"x\n\n{APPROVED.replace('Ben Bo <ben@', 'Ana Ay <ana@')}", "who made the commit"),
        (f"x\n\n{APPROVED.replace('ben@', 'ANA@')}", "who made the commit"),
        (f"x\n\n{APPROVED.replace('ben@', 'ana+approvals@')}", "who made the commit"),
        (f"x\n\n{APPROVED.replace('Ben Bo <ben@co', 'ana  AY <a.ay@home')}", "who made the commit"),
        (f"x\n\n{APPROVED.replace('Ben Bo <ben@co.example>', 'Ben')}", 'is not "Name <address>"'),
        (f"x\n\n{APPROVED.replace('ben@', 'аna@')}", 'is not "Name <address>"'),
        (f"x\n\n{APPROVED.replace('Ben Bo <', 'Ben Bo' + chr(10) + ' <ana@co.example> <')}", 'is not "Name <address>"'),
    ],
)
def test_minor_without_a_true_second_person_is_ignored_and_said_so(message: str, why: str) -> None:
    said = word(message)

    assert said.significance is None
    assert why in said.ignored[0].why
    assert str(said.ignored[0]).startswith("aaaaaaa: ")


def test_the_committer_cannot_approve_either() -> None:
    assert word(f"x\n\n{APPROVED}", committer="Ben@co.example").significance is None


def test_an_address_the_author_used_elsewhere_is_the_author() -> None:
    aliases = aliases_of([("Ana Ay", "ana@co.example"), ("Ana Ay", "ay@home.example"), ("A. Ay", "ay@home.example"),
                          ("A. Ay", "third@x.example"), ("Ben Bo", "ben@co.example")])  # fmt: skip
    sneaky = [commit(f"x\n\n{APPROVED.replace('Ben Bo <ben@co', 'Bea Bee <third@x')}")]

    assert editor_word(sneaky).significance is Significance.MINOR
    assert editor_word(sneaky, aliases=aliases).significance is None
    assert editor_word([commit(f"x\n\n{APPROVED}")], aliases=aliases).significance is Significance.MINOR


@pytest.mark.parametrize(
    "message",
    [
        "Significance: minor",
        "Significance: minor\nApproved-by: Ben <ben@co.example>",
        "x\n\n" + "\n".join(f"> {line}" for line in APPROVED.split("\n")),
        f"x\n\n{APPROVED}\n\nThat is what we decided.",
        f"x\n\nSome words before.\n{APPROVED}",
        f"x\n\nNotes: see below\n {APPROVED.replace(chr(10), chr(10) + ' ')}",
        "x\n\nsignificance minor",
    ],
    ids=["subject", "subject-lines", "quoted", "not-last", "in-prose", "folded", "no-colon"],
)
def test_what_is_no_trailer_says_nothing(message: str) -> None:
    assert word(message) == EditorWord()


def test_of_two_words_that_contradict_significant_wins() -> None:
    said = word(f"x\n\n{APPROVED}\nSignificance: significant")

    assert said.significance is Significance.SIGNIFICANT
    assert "which wins" in said.ignored[0].why


def test_a_doubled_approval_counts_if_one_of_them_does() -> None:
    said = word(f"x\n\n{APPROVED}\nApproved-by: Ana Ay <ana@co.example>")

    assert said.significance is Significance.MINOR


def test_an_unknown_word_is_said_to_be_ignored() -> None:
    said = word("x\n\nSignificance: trivial\x1b[2J")

    assert said.significance is None
    [one] = said.ignored
    assert str(one) == 'aaaaaaa: "Significance: trivial [2j" is neither minor nor significant'


def test_minor_on_one_commit_says_nothing_of_another_posted_with_it() -> None:
    two = [commit("Share data", commit_id="b" * 40), commit(f"Fix typos\n\n{APPROVED}")]

    assert editor_word(two).significance is None
    assert "says nothing of bbbbbbb" in editor_word(two).ignored[0].why
    assert editor_word(two, settled=["b" * 40]).significance is Significance.MINOR


def test_significant_on_any_commit_of_a_posting_wins() -> None:
    two = [commit("x\n\nSignificance: significant", commit_id="b" * 40), commit(f"Fix typos\n\n{APPROVED}")]

    assert editor_word(two).significance is Significance.SIGNIFICANT


def test_the_word_may_stand_in_a_commit_that_a_merge_brought_in() -> None:
    own = commit(f"Fix typos\n\n{APPROVED}", commit_id="b" * 40)
    merge = commit("Merge branch 'typos'", author="Ben Bo", email="ben@co.example", merged=(own,), is_mere_merge=True)

    assert editor_word([merge]).significance is Significance.MINOR


def test_who_edited_while_merging_cannot_approve_it() -> None:
    own = commit(f"Fix typos\n\n{APPROVED}", commit_id="b" * 40)
    merge = commit("Merge branch 'typos'", author="Ben Bo", email="ben@co.example", merged=(own,))

    assert editor_word([merge]).significance is None


def test_addresses_are_only_worth_gathering_where_minor_is_said() -> None:
    assert says_minor([commit("x\n\nSignificance: Minor")])
    assert not says_minor([commit("x\n\nSignificance: significant")])


MESSAGES = [
    "subject", "subject\n\nbody", "s\n\nA: b", "s\n\nA: b\n c\nD: e", "s\n\nbody\n\nA: b", "s\n\nbody\nA: b",
    "s\n\nbody\nSigned-off-by: x <y>", "s\n\nbody\n\nA: b\nSigned-off-by: x <y>\nprose", "A: b", "A: b\n\nC: d",
    "s\n\nA: b\n\n", "s\n\nA : b", "s\n\n A: b", "s\n\nA:b\n(cherry picked from commit 12)", "s\n\nA:\nB: ",
    "s\n\nA b: c", "s\n\nA: b\n> C: d", "s\n\none\ntwo\nthree\nfour\nSigned-off-by: a", "s\nA: b", "s\n\n\n\nA: b",
]  # fmt: skip


@pytest.mark.parametrize("message", MESSAGES)
def test_trailers_are_read_as_git_reads_them(message: str, tmp_path: Path) -> None:
    assert [f"{key}: {value}".strip() for key, value in read_trailers(message)] == git_trailers(message, tmp_path)


def git_trailers(message: str, folder: Path) -> list[str]:
    read = subprocess.run(
        ["git", "interpret-trailers", "--parse", "--no-divider"],
        input=message + "\n", cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [line.strip() for line in read.stdout.splitlines()]


@given(st.dictionaries(st.from_regex(r"\A[A-Za-z][A-Za-z0-9-]{0,9}\Z"), st.text(max_size=40), max_size=4))
def test_trailers_that_were_written_are_read_back_on_one_line(trailers: dict[str, str]) -> None:
    message = "\n".join(["subject", "", *folded(trailers)])

    assert dict(read_trailers(message)) == {key: " ".join(value.split()) for key, value in trailers.items()}

"""Whose word on significance counts, and what a word that does not is worth."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from notifier.policy.editor_word import Approvals, EditorWord, Signature, editor_word, says_minor
from notifier.policy.persons.committers import aliases_of
from notifier.policy.revision import Commit
from notifier.significance import Significance

CLAIM = "Significance: minor\nSignificance-Reason: only spelling"
LENA = "Lena Legal <lena@co.example>"
ONE, TWO = "a" * 40, "b" * 40


def commit(
    message: str, *, commit_id: str = ONE, author: str = "Ana Ay", email: str = "ana@co.example",
    committer: str = "noreply@github.com", merged: tuple[Commit, ...] = (), is_mere_merge: bool = False,
) -> Commit:  # fmt: skip
    subject, _, body = message.partition("\n\n")
    return Commit(
        commit_id, datetime(2026, 1, 1, tzinfo=UTC), author, email, committer, subject, body, merged, is_mere_merge
    )


def signed(*signers: str, commit_id: str = ONE, message: str = "", **more: object) -> Approvals:
    signatures = tuple(Signature(signer, message) for signer in signers)
    return Approvals((LENA,), {commit_id: signatures}, **more)  # type: ignore[arg-type]  # passed through


def test_significant_needs_nobody_else() -> None:
    assert editor_word([commit("Share data\n\nSignificance: Significant")]).significance is Significance.SIGNIFICANT


def test_a_commit_that_says_nothing_leaves_the_verdict() -> None:
    assert editor_word([commit("Significant changes for minor users")]) == EditorWord()


@pytest.mark.parametrize("signer", ["lena@co.example", "LENA@co.example", "Lena L. <lena@co.example>"])
def test_minor_with_a_reason_and_an_approvers_signature_counts(signer: str) -> None:
    said = editor_word([commit(f"Fix typos\n\n{CLAIM}")], signed(signer))

    assert said.significance is Significance.MINOR
    assert (said.by, said.because, said.approved_by) == ("Ana Ay", "only spelling", "Lena Legal")
    assert said.ignored == ()


def test_an_approvers_signed_tag_counts_too_and_may_say_it_alone() -> None:
    said = editor_word([commit("Fix typos")], signed("lena@co.example", message=f"Approve\n\n{CLAIM}\n"))

    assert (said.significance, said.approved_by) == (Significance.MINOR, "Lena Legal")


@pytest.mark.parametrize(
    ("approvals", "why"),
    [
        (Approvals(), "only notifier decide settles it, since judgement.approvers names nobody"),
        (Approvals((LENA,)), "it counts once Lena Legal has signed the landing commit"),
        (signed("eve@co.example"), "it counts once Lena Legal"),
        (signed("Lena Legal <eve@co.example>"), "it counts once Lena Legal"),
        (signed("lena@co.example <eve@co.example>"), "it counts once Lena Legal"),
        (signed("Lena Legal"), "it counts once Lena Legal"),
        (signed("lena@co.example", commit_id=TWO), "it counts once Lena Legal"),
        (signed("lena@co.example", trouble="the list is part of the repository"), "the list is part of the repository"),
    ],
)
def test_anything_else_is_a_claim(approvals: Approvals, why: str) -> None:
    message = f"Fix\n\n{CLAIM}\nApproved-by: {LENA}"
    said = editor_word([commit(message)], approvals)

    [claim] = said.ignored
    assert said.significance is None
    assert claim.is_claim
    assert str(claim).startswith('aaaaaaa: "Significance: minor" is a claim of Ana Ay (only spelling): ')
    assert why in claim.why
    assert claim.why.endswith("; the verdict stands")


@pytest.mark.parametrize("email", ["lena@co.example", "LENA@CO.example", "lena+work@co.example", "l@home.example"])
def test_who_wrote_the_change_cannot_approve_it(email: str) -> None:
    aliases = aliases_of([("Lena Legal", "lena@co.example"), ("Lena Legal", "l@home.example")])
    own = commit(f"Fix\n\n{CLAIM}", author="Somebody", email=email)

    said = editor_word([own], signed("lena@co.example", aliases=aliases))

    assert said.significance is None
    assert "Lena Legal signed it and also wrote it" in said.ignored[0].why


def test_who_merged_anothers_words_may_approve_them_and_who_edited_while_merging_may_not() -> None:
    own = commit(f"Fix typos\n\n{CLAIM}", commit_id=TWO)
    mere, edited = (
        commit("Merge", author="Lena", email="lena@co.example", merged=(own,), is_mere_merge=is_mere)
        for is_mere in (True, False)
    )

    assert editor_word([mere], signed("lena@co.example")).significance is Significance.MINOR
    assert editor_word([edited], signed("lena@co.example")).significance is None


def test_a_signature_on_a_merged_commit_is_not_one_on_the_landing() -> None:
    own = commit(f"Fix typos\n\n{CLAIM}", commit_id=TWO)
    merge = commit("Merge", author="Eve", email="eve@co.example", merged=(own,), is_mere_merge=True)

    assert editor_word([merge], signed("lena@co.example", commit_id=TWO)).significance is None


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("x\n\nSignificance: minor", "has no Significance-Reason"),
        ("x\n\nSignificance: minor\nSignificance-Reason:", "has no Significance-Reason"),
        ("x\n\nSignifcance: minor\nSignificance-Reason: a", '"Signifcance: minor" is not heard'),
        (f"x\n\n{CLAIM}\n\nThat is what we decided.", "is not heard"),
        (f"Squash\n\n* one\n\n{CLAIM}\n\n* two", "is not heard"),
        ("x\n\nSignificance: trivial\x1b[2J", '"Significance: trivial [2J" is neither minor nor significant'),
    ],
)
def test_a_word_that_is_not_heard_is_refused_by_name(message: str, why: str) -> None:
    said = editor_word([commit(message)], signed("lena@co.example"))

    assert said.significance is None
    assert why in said.ignored[0].why
    assert not said.ignored[0].is_claim


def test_of_two_words_that_contradict_significant_wins() -> None:
    said = editor_word([commit(f"x\n\n{CLAIM}\nSignificance: significant")], signed("lena@co.example"))

    assert said.significance is Significance.SIGNIFICANT
    assert "which wins" in said.ignored[0].why


def test_minor_on_one_commit_says_nothing_of_another_posted_with_it() -> None:
    two = [commit("Share data", commit_id=TWO), commit(f"Fix typos\n\n{CLAIM}")]

    assert editor_word(two, signed("lena@co.example")).significance is None
    assert "says nothing of bbbbbbb" in editor_word(two, signed("lena@co.example")).ignored[0].why
    assert editor_word(two, signed("lena@co.example"), settled=[TWO]).significance is Significance.MINOR


def test_significant_on_any_commit_of_a_posting_wins() -> None:
    two = [commit("x\n\nSignificance: significant", commit_id=TWO), commit(f"Fix typos\n\n{CLAIM}")]

    assert editor_word(two, signed("lena@co.example")).significance is Significance.SIGNIFICANT


def test_signatures_are_only_worth_asking_for_where_minor_is_said() -> None:
    assert says_minor([commit("x\n\nSignificance: Minor")])
    assert not says_minor([commit("x\n\nSignificance: significant")])

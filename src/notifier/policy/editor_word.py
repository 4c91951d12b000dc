"""Whose word on significance counts. "Significant" always does; "minor" only as a verifiable word of an approver.

Whoever may push can write any name into a trailer, and whoever could wave a change through alone would. So
`Significance: minor` against the verdict is a claim until one of `judgement.approvers`, who did not write the change,
has signed the landing commit or a tag on it, or has run `notifier decide`. A claim is shown wherever the verdict is;
the verdict stands, and the policy waits for that word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from notifier.policy.persons.committers import MACHINES, find_person, owner_of, shown_name
from notifier.policy.revision import Commit
from notifier.policy.trailers import Saying, message_of, reasons_said, sayings
from notifier.significance import Significance


class Signature(NamedTuple):
    """A signature that git has verified on a commit, or on a tag of it, and what the tag says."""

    signer: str
    """As the list of signers or the keyring names them: an address, or `Name <address>`."""
    message: str = ""


class Approvals(NamedTuple):
    """Who may call a change minor, and what is known of their word."""

    approvers: tuple[str, ...] = ()
    """`judgement.approvers`, as `Name <address>`."""
    signed: Mapping[str, tuple[Signature, ...]] = {}
    """By the id of a landing commit."""
    aliases: Mapping[str, str] = {}
    """From an address to one name for its owner, for people who commit under several."""
    trouble: str = ""
    """Why no signature can be verified here, where that is so."""


class IgnoredTrailer(NamedTuple):
    """A word on significance that does not count, and why. `unsaid`: commits that it would have had to speak of too."""

    commit_id: str
    why: str
    unsaid: tuple[str, ...] = ()
    is_claim: bool = False
    """Well said, and lacking only the verifiable word of somebody who may say so."""
    says: Significance | None = None
    is_aside: bool = False
    """Said by a commit that changes no policy: nothing waits for it."""

    def __str__(self) -> str:
        return f"{_short(self.commit_id)}: {self.why}"


class EditorWord(NamedTuple):
    """What editors said about a change's significance, as far as it counts; None where nobody said what counts."""

    significance: Significance | None = None
    commit_id: str = ""
    by: str = ""
    because: str = ""
    approved_by: str = ""
    ignored: tuple[IgnoredTrailer, ...] = ()


def editor_word(
    commits: Sequence[Commit], approvals: Approvals | None = None, *, settled: Collection[str] = ()
) -> EditorWord:
    """The editors' word on the change that `commits` make together.

    "Significant" wins wherever it is said. "Minor" holds when it is said, and approved, for every commit but those in
    `settled` (commit ids of commits that are clearly minor by themselves, or decided).
    """
    words = [_word(commit, approvals or Approvals()) for commit in commits]
    ignored = tuple(one for word in words for one in word.ignored)
    said = [word for word in words if word.significance]
    for word in said:
        if word.significance is Significance.SIGNIFICANT:
            return word._replace(ignored=ignored)
    minor = {word.commit_id for word in said}
    unsaid = [one for one in commits if one.commit_id not in minor and one.commit_id not in settled]
    if said and not unsaid:
        return said[-1]._replace(ignored=ignored)
    if said:
        unsaid_ids = tuple(one.commit_id for one in unsaid)
        why = f'"Significance: minor" says nothing of {", ".join(map(_short, unsaid_ids))}, posted with it'
        ignored += (IgnoredTrailer(said[-1].commit_id, why, unsaid_ids, says=Significance.MINOR),)
    return EditorWord(ignored=ignored)


def says_minor(commits: Sequence[Commit]) -> bool:
    """Whether any commit claims to be minor: only then is it worth asking who is who, and who signed."""
    return any(
        one.significance is Significance.MINOR
        for commit in commits
        for message in _messages(commit)
        for one in sayings(message)
    )


def _short(commit_id: str) -> str:
    """As people write it; what is not committed yet has none."""
    return commit_id[:7] or "this text"


def _messages(commit: Commit) -> list[str]:
    return [message_of(one) for one in (commit, *commit.merged)]


def _word(commit: Commit, approvals: Approvals) -> EditorWord:
    """What one commit says, in its own message, in those of the commits it merged, or by an approver's signed tag."""
    tagged = [one for one in approvals.signed.get(commit.commit_id, ()) if one.message and _approver(one, approvals)]
    messages = [*_messages(commit), *(one.message for one in tagged)]
    said = [one for message in messages for one in sayings(message)]
    ignored = tuple(IgnoredTrailer(commit.commit_id, _fault(one), says=one.significance) for one in said if _fault(one))
    because = " ".join(dict.fromkeys(one for message in messages for one in reasons_said(message)))
    meant = {one.significance for one in said}
    if Significance.SIGNIFICANT in meant:
        if Significance.MINOR in meant:
            why = '"Significance: minor" beside "Significance: significant", which wins'
            ignored += (IgnoredTrailer(commit.commit_id, why, says=Significance.MINOR),)
        return EditorWord(Significance.SIGNIFICANT, commit.commit_id, commit.author, because, ignored=ignored)
    if any(one.significance is Significance.MINOR and one.is_trailer for one in said):
        return _minor_word(commit, because, approvals, ignored)
    return EditorWord(commit_id=commit.commit_id, ignored=ignored)


def _fault(said: Saying) -> str:
    """Why a word is not heard; empty where it is."""
    if said.significance is None:
        return f'"{_brief(said.written)}" is neither minor nor significant'
    if said.significance is Significance.MINOR and not said.is_trailer:
        where = 'write "Significance: minor" in the last paragraph of the message, beside nothing but trailers'
        return f'"{_brief(said.written)}" is not heard: {where}'
    return ""


def _minor_word(commit: Commit, because: str, approvals: Approvals, ignored: tuple[IgnoredTrailer, ...]) -> EditorWord:
    said = '"Significance: minor"'
    if not because:
        why = f"{said} is ignored: it has no Significance-Reason"
        silent = IgnoredTrailer(commit.commit_id, why, says=Significance.MINOR)
        return EditorWord(commit_id=commit.commit_id, ignored=(*ignored, silent))
    approver, lacking = _approval(commit, approvals)
    if approver:
        name = shown_name(approver)
        return EditorWord(Significance.MINOR, commit.commit_id, commit.author, because, name, ignored)
    why = f"{said} is a claim of {_brief(commit.author)} ({_brief(because)}): {lacking}; the verdict stands"
    claim = IgnoredTrailer(commit.commit_id, why, is_claim=True, says=Significance.MINOR)
    return EditorWord(commit_id=commit.commit_id, ignored=(*ignored, claim))


def _approval(commit: Commit, approvals: Approvals) -> tuple[str, str]:
    """Who approved it verifiably, or what that lacks."""
    if not approvals.approvers:
        return "", "only notifier decide settles it, since judgement.approvers names nobody"
    if approvals.trouble:
        return "", approvals.trouble
    signers = [_approver(one, approvals) for one in approvals.signed.get(commit.commit_id, ())]
    found = [one for one in signers if one]
    others = [one for one in found if owner_of(_address(one), approvals.aliases) not in _authors(commit, approvals)]
    if others:
        return others[0], ""
    if found:
        return "", f"{shown_name(found[0])} signed it and also wrote it"
    names = " or ".join(shown_name(one) for one in approvals.approvers)
    return "", f"it counts once {names} has signed the landing commit, or a tag on it, or has run notifier decide"


def _approver(signature: Signature, approvals: Approvals) -> str:
    """Whom of the approvers a signature means, by address alone: a name in a keyring is anybody's to choose."""
    address = _address(signature.signer)
    return (find_person(address, approvals.approvers) or "") if "@" in address else ""


def _authors(commit: Commit, approvals: Approvals) -> set[str]:
    """Who wrote what landed. Who merely merged another's words, or landed another's commit, may approve them."""
    makers = commit.merged if commit.is_mere_merge else (commit, *commit.merged)
    return {owner_of(one.author_email, approvals.aliases) for one in makers} - {*MACHINES}


def _address(person: str) -> str:
    found = re.search(r"<([^<>\s]+)>\s*\Z", person)
    return (found[1] if found else person).strip()


def _brief(words: str) -> str:
    return re.sub(r"[^\S ]|[\x00-\x1f\x7f-\x9f]", " ", words)[:60]

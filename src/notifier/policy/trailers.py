"""What commit messages say to Notifier: an editor's word on significance, and Notifier's own marks on its commits.

Trailers are read as `git interpret-trailers --parse` reads them: only in the message's last paragraph, folded lines
joined. An editor's "significant" always wins. Her "minor" needs a reason and a second person, since whoever could
wave a change through alone would; what falls short of that is ignored, and the word says why. Whoever may push can
write any name into a trailer: that the second person agreed is for the branch's protection to make sure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from notifier.policy.revision import Commit
from notifier.significance import Significance

SIGNIFICANCE = "significance"
REASON = "significance-reason"
APPROVED_BY = "approved-by"

_TRAILER = re.compile(r"(?P<key>[A-Za-z0-9-]+)[ \t]*:[ \t]*(?P<value>.*)")
_GIT_WROTE = re.compile(r"Signed-off-by: |\(cherry picked from commit ")
_PERSON = re.compile(r"(?P<name>[^<>]*?)\s*<(?P<email>[^<>\s@]+@[^<>\s@]+)>")
MACHINES = frozenset({"noreply@github.com"})
"""Committers that stand for a web editor and are nobody."""


def read_trailers(message: str) -> tuple[tuple[str, str], ...]:
    """The trailers of a whole commit message, in order, keys as written."""
    paragraphs = re.split(r"\n(?:[ \t]*\n)+", message.replace("\r\n", "\n").strip("\n").rstrip())
    lines = paragraphs[-1].split("\n") if len(paragraphs) > 1 else []
    trailers: list[list[str]] = []
    strangers = 0
    for line in lines:
        found = _TRAILER.fullmatch(line)
        if line[:1] in " \t" and trailers:
            trailers[-1][1] = f"{trailers[-1][1]} {line.strip()}".strip()
        elif found:
            trailers.append([found["key"], found["value"].strip()])
        elif not line.startswith("(cherry picked from commit "):
            strangers += 1
    is_gits = any(_GIT_WROTE.match(line) for line in lines)
    if strangers and not (is_gits and len(trailers) * 3 >= strangers):
        return ()
    return tuple((key, value) for key, value in trailers)


def message_of(commit: Commit) -> str:
    """A commit's whole message."""
    return f"{commit.subject}\n\n{commit.body}" if commit.body else commit.subject


@dataclass(frozen=True, slots=True)
class IgnoredTrailer:
    """A word on significance that does not count, and why. `unsaid`: commits that it would have had to speak of too."""

    commit_id: str
    why: str
    unsaid: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{_short(self.commit_id)}: {self.why}"


@dataclass(frozen=True, slots=True)
class EditorWord:
    """What editors said about a change's significance, as far as it counts; None where nobody said what counts."""

    significance: Significance | None = None
    commit_id: str = ""
    by: str = ""
    because: str = ""
    approved_by: str = ""
    ignored: tuple[IgnoredTrailer, ...] = ()


def editor_word(
    commits: Sequence[Commit], *, aliases: Mapping[str, str] | None = None, settled: Collection[str] = ()
) -> EditorWord:
    """The editors' word on the change that `commits` make together.

    "Significant" wins wherever it is said. "Minor" holds when it is said, as the two-person rule has it, for every
    commit but those in `settled` (commit ids of commits that are clearly minor by themselves). `aliases` leads
    from an address to one name for its owner, for people who commit under several.
    """
    words = [_word(commit, aliases or {}) for commit in commits]
    ignored = tuple(one for word in words for one in word.ignored)
    said = [word for word in words if word.significance]
    for word in said:
        if word.significance is Significance.SIGNIFICANT:
            return _with_ignored(word, ignored)
    minor = {word.commit_id for word in said}
    unsaid = [one for one in commits if one.commit_id not in minor and one.commit_id not in settled]
    if said and not unsaid:
        return _with_ignored(said[-1], ignored)
    if said:
        unsaid_ids = tuple(one.commit_id for one in unsaid)
        why = f'"Significance: minor" says nothing of {", ".join(map(_short, unsaid_ids))}, posted with it'
        ignored += (IgnoredTrailer(said[-1].commit_id, why, unsaid_ids),)
    return EditorWord(ignored=ignored)


def says_minor(commits: Sequence[Commit]) -> bool:
    """Whether any commit claims to be minor: only then are `aliases` worth gathering."""
    return any(value.lower() == "minor" for one in commits for value in _values(_messages(one), SIGNIFICANCE))


def _short(commit_id: str) -> str:
    """As people write it; what is not committed yet has none."""
    return commit_id[:7] or "this text"


def _with_ignored(word: EditorWord, ignored: tuple[IgnoredTrailer, ...]) -> EditorWord:
    return EditorWord(word.significance, word.commit_id, word.by, word.because, word.approved_by, ignored)


def _messages(commit: Commit) -> list[str]:
    return [message_of(one) for one in (commit, *commit.merged)]


def _values(messages: Sequence[str], key: str) -> list[str]:
    return [value for message in messages for name, value in read_trailers(message) if name.lower() == key]


def _word(commit: Commit, aliases: Mapping[str, str]) -> EditorWord:
    """What one commit says, in its own message or in those of the commits it merged."""
    messages = _messages(commit)
    said = [value.lower() for value in _values(messages, SIGNIFICANCE)]
    odd = [value for value in said if value not in ("minor", "significant")]
    ignored = tuple(
        IgnoredTrailer(commit.commit_id, f'"Significance: {_brief(value)}" is neither minor nor significant')
        for value in odd
    )
    if "significant" in said:
        if "minor" in said:
            why = '"Significance: minor" beside "Significance: significant", which wins'
            ignored += (IgnoredTrailer(commit.commit_id, why),)
        because = " ".join(_values(messages, REASON))
        return EditorWord(Significance.SIGNIFICANT, commit.commit_id, commit.author, because, ignored=ignored)
    if "minor" not in said:
        return EditorWord(commit_id=commit.commit_id, ignored=ignored)
    return _minor_word(commit, messages, aliases, ignored)


def _minor_word(
    commit: Commit, messages: Sequence[str], aliases: Mapping[str, str], ignored: tuple[IgnoredTrailer, ...]
) -> EditorWord:
    because = " ".join(value for value in _values(messages, REASON) if value)
    approvals = _values(messages, APPROVED_BY)
    faults = [_fault(approval, commit, aliases) for approval in approvals]
    approved_by = next((value for value, fault in zip(approvals, faults, strict=True) if not fault), "")
    lacking = [] if because else ["it has no Significance-Reason"]
    if not approved_by:
        lacking += [fault for fault in faults if fault] or ["it has no Approved-by"]
    if not lacking:
        return EditorWord(
            Significance.MINOR, commit.commit_id, commit.author, because, approved_by.split("<")[0].strip(), ignored
        )
    ignored += (IgnoredTrailer(commit.commit_id, f'"Significance: minor" is ignored: {"; ".join(lacking)}'),)
    return EditorWord(commit_id=commit.commit_id, ignored=ignored)


def _fault(approval: str, commit: Commit, aliases: Mapping[str, str]) -> str:
    """Why this approval does not count; empty when it does. Who merely merged another's words may approve them."""
    found = _PERSON.fullmatch(approval)
    if found is None or not found["email"].isascii():
        return f'"Approved-by: {_brief(approval)}" is not "Name <address>"'
    if not _same_name(found["name"]) or has_made(commit, found["name"], found["email"], aliases):
        return "its Approved-by is who made the commit"
    return ""


def has_made(commit: Commit, name: str, email: str, aliases: Mapping[str, str]) -> bool:
    """Whether this person made the commit, or what it merged, by name or by any of their addresses.

    Who merely merged another's work did not make it. An empty `email` is nobody's.
    """
    makers = commit.merged if commit.is_mere_merge else (commit, *commit.merged)
    emails = {address for one in makers for address in (one.author_email, one.committer_email)} - MACHINES
    own = {_owner(address, aliases) for address in emails} | {_mailbox(address) for address in emails}
    names = {_same_name(one.author) for one in makers}
    is_own = bool(email) and bool({_owner(email, aliases), _mailbox(email)} & own)
    return is_own or _same_name(name) in names


def _owner(email: str, aliases: Mapping[str, str]) -> str:
    mailbox = _mailbox(email)
    return aliases.get(mailbox, mailbox)


def _mailbox(email: str) -> str:
    """The address that mail to `email` ends in: without regard to case, and without a `+tag`."""
    local, _, domain = email.strip().casefold().rpartition("@")
    return f"{local.split('+')[0]}@{domain}"


def _same_name(name: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold()))


def _brief(words: str) -> str:
    return re.sub(r"[^\S ]|[\x00-\x1f\x7f-\x9f]", " ", words)[:60]


def aliases_of(people: Collection[tuple[str, str]]) -> dict[str, str]:
    """From (name, address) pairs to one owner for each address: who shares a name, or an address, is one person."""
    owners: dict[str, str] = {}

    def owner(key: str) -> str:
        while owners.setdefault(key, key) != key:
            key = owners[key]
        return key

    for name, email in sorted(people):
        first, second = owner(_mailbox(email)), owner(f"name {_same_name(name)}")
        owners[max(first, second)] = min(first, second)
    return {key: owner(key) for key in list(owners) if not key.startswith("name ")}


def folded(trailers: Mapping[str, str]) -> Iterator[str]:
    """Trailer lines as they stand in a message: one line each, whatever is in a value."""
    for key, value in trailers.items():
        yield f"{key}: {' '.join(value.split())}"

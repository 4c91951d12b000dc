"""Standings → `Plan`: the steps of one run as values, in order. `--dry-run` prints it, `run` carries it out.

What a killed run left is part of the plan, as git and the ledger have it: no run remembers anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from notifier.errors import Finding, RepositoryError
from notifier.policy.editor_word import IgnoredTrailer
from notifier.policy.posting import Posting, is_end
from notifier.policy.revision import Revision
from notifier.policy.revision_comparison import RevisionComparison, compare_revisions
from notifier.policy.standing import NEWCOMER, Standing
from notifier.policy.timeline import Telling, Timeline
from notifier.policy.waiting import Waiting, WaitReason
from notifier.usecases.interrupted import Interrupted
from notifier.usecases.standings import Records
from notifier.usecases.two_records import differences

if TYPE_CHECKING:
    from notifier.ledger.types import StoredNotice


@dataclass(frozen=True, slots=True)
class FinishPosting:
    """A killed run's posting stands in git: confirm it, and tag it where that is lacking."""

    interrupted: Interrupted


@dataclass(frozen=True, slots=True)
class DropPosting:
    """A killed run's posting never reached git: forget it, and put our half-written files back."""

    interrupted: Interrupted


@dataclass(frozen=True, slots=True)
class MakePosting:
    """Write it down, stamp and tag it in git, write that down. `texts`: path → the file as it will stand."""

    posting: Posting
    must_tell: bool
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Announcement:
    """A posting that customers must be told of: what they will read, beside what they know (None: a new policy)."""

    posting: Posting
    revision: Revision
    """As written: with the summary that stamping takes out."""
    known: Revision | None
    """What it is set against: what customers know, or what is in force until then; None for a new policy."""
    comparison: RevisionComparison | None
    compared_version: str = ""
    """The version that it is set against, where other postings lie between."""
    told_on: date | None = None
    """The day on which customers are told; None where that is the day of the posting."""
    instead_of: tuple[Posting, ...] = ()
    """What was announced and does not come: taken back, or overtaken by this posting."""
    meanwhile: tuple[Posting, ...] = ()
    """What was announced before and still comes: before this posting, or (a taken back one) as the text that stays."""

    is_end: bool = False
    """Does the policy end on that day?"""
    came_since: frozenset[str] = frozenset()
    """Languages that the version it is set against did not have yet."""

    @property
    def is_in_force(self) -> bool:
        return self.posting.effective_on <= (self.told_on or self.posting.posted_on)


@dataclass(frozen=True, slots=True)
class Announce:
    """One notice for all of these, in place of notices that it `replaces`; what it `settles` needs telling no more."""

    announcements: tuple[Announcement, ...]
    replaces: tuple[str, ...] = ()
    settles: tuple[str, ...] = ()
    delays: tuple[tuple[str, date], ...] = ()
    """What it settles comes with it, so none of that may bind before it: tag → the first day on which it may."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Notices that wait and tell of what is taken back; nothing comes in their place."""

    notices: tuple[str, ...]
    settles: tuple[str, ...]


Step = FinishPosting | DropPosting | MakePosting | Announce | Withdraw


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do now, but for writing the pages and delivering, with which every run ends."""

    standings: tuple[Standing, ...] = ()
    steps: tuple[Step, ...] = ()
    differences: tuple[str, ...] = ()
    """Where git and ledger tell different stories: then nothing is posted or announced until a person has looked."""

    @property
    def postings(self) -> tuple[Posting, ...]:
        """Everything that becomes public by this plan, what a killed run began among it."""
        finished = [one.interrupted.posting for one in self.steps if isinstance(one, FinishPosting)]
        return (*finished, *(one.posting for one in self.steps if isinstance(one, MakePosting)))

    def changes_text(self, posting: Posting) -> bool:
        """Does it set the date in a file, as all do but what the first run takes as it stands?"""
        return any(
            isinstance(step, MakePosting) and step.posting.tag == posting.tag and step.texts for step in self.steps
        )

    @property
    def announce(self) -> Announce | None:
        return next((step for step in self.steps if isinstance(step, Announce)), None)

    @property
    def announced(self) -> frozenset[str]:
        """The tags of the postings that this plan's notice tells of."""
        return frozenset(one.posting.tag for one in self.announce.announcements) if self.announce else frozenset()

    @property
    def ended(self) -> frozenset[str]:
        """Of these, the tags of those by which a policy ends."""
        told = self.announce.announcements if self.announce else ()
        return frozenset(one.posting.tag for one in told if one.is_end)

    @property
    def withdrawn(self) -> tuple[str, ...]:
        """The ids of notices that come to their end unsent."""
        ended = (one for one in self.steps if isinstance(one, Announce | Withdraw))
        return tuple(
            name for one in ended for name in (one.replaces if isinstance(one, Announce) else one.notices)
        )  # fmt: skip

    @property
    def gone(self) -> tuple[str, ...]:
        """The ids of policies whose file was removed, and of which a person said that nobody need be told."""
        return tuple(one.policy_id for one in self.standings if one.head is None and one.wait is None)

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        return tuple(standing.wait for standing in self.standings if standing.wait)

    @property
    def ignored(self) -> tuple[IgnoredTrailer, ...]:
        """Editors' words that do not count."""
        return tuple(one for standing in self.standings if standing.verdict for one in standing.verdict.word.ignored)

    @property
    def close_calls(self) -> tuple[tuple[str, str], ...]:
        """(policy, commit) of all that nobody has spoken on, also where the time for it has run out."""
        return tuple(
            (standing.policy_id, commit.commit_id)
            for standing in self.standings
            if standing.verdict
            for commit in standing.verdict.unsettled
        ) + tuple((standing.policy_id, NEWCOMER) for standing in self.standings if standing.is_unsaid)


def make_plan(
    records: Records,
    heads: Mapping[str, Revision] | None = None,
    mistakes: Mapping[str, tuple[Finding, ...]] | None = None,
) -> Plan:
    """What a run would do; with `heads` (drafts, say) and what is wrong with them in place of what is published."""
    standings = records.standings(heads, mistakes)
    found = differences(records.repository, records.ledger, records.config.page_dir)
    if found:
        return Plan(tuple(_stopped(standing) for standing in standings), (), found)
    steps: list[Step] = [FinishPosting(one) if one.is_made else DropPosting(one) for one in records.interrupted]
    for standing in standings:
        if standing.due:
            steps.append(MakePosting(standing.due, standing.must_tell, standing.texts))
    return Plan(standings, (*steps, *_telling(records, standings)))


def _stopped(standing: Standing) -> Standing:
    if standing.posting is None or standing.wait:
        return standing
    why = "git and the ledger tell different stories of what was posted; see notifier status"
    return standing._replace(wait=Waiting(standing.policy_id, WaitReason.RECORDS, why))


def withheld_notices(records: Records) -> frozenset[str]:
    """Waiting notices that may not begin to go out: a posting of theirs was overtaken, or the two records differ."""
    waiting = _waiting_notices(records)
    if not waiting:
        return frozenset()
    if differences(records.repository, records.ledger, records.config.page_dir):
        return frozenset(one.notice_id for one in waiting)
    policies = records.repository.policies_posted()
    settled = {posting.tag for policy_id in policies for posting in records.timeline(policy_id).overtaken}
    return frozenset(one.notice_id for one in waiting if settled & set(one.tags))


def letters_anew(records: Records, notice_id: str) -> Announce | None:
    """What a notice that waits tells of, told as of today; nothing is posted beside."""
    standings = [standing._replace(posting=None) for standing in records.standings()]
    return next((step for step in _telling(records, standings, {notice_id}) if isinstance(step, Announce)), None)


def _telling(records: Records, standings: Sequence[Standing], late: Collection[str] = ()) -> Iterator[Step]:
    """One notice for all that must be told and is not, and the end of those that it overtakes, or that are `late`."""
    standings = tuple(one for one in standings if one.policy_id not in records.unfit)  # also: overtakes nothing
    timelines = {standing.policy_id: _after(standing) for standing in standings}
    settled = [posting.tag for timeline in timelines.values() for posting in timeline.overtaken]
    replaced = [one for one in _waiting_notices(records) if set(settled) & set(one.tags) or one.notice_id in late]
    freed = {tag for one in replaced for tag in one.tags}
    announcements = tuple(_announcements(records, standings, timelines, freed))
    names = tuple(one.notice_id for one in replaced)
    if announcements:
        days = {one.posting.policy_id: one.posting.effective_on for one in announcements}
        delays = (
            (posting.tag, days[policy_id])
            for policy_id, timeline in timelines.items()
            if policy_id in days
            for posting in timeline.overtaken
        )
        yield Announce(announcements, names, tuple(settled), tuple(delays))
    elif settled:
        yield Withdraw(names, tuple(settled))


def _waiting_notices(records: Records) -> tuple[StoredNotice, ...]:
    return records.ledger.notices.waiting() if records.ledger else ()


def _after(standing: Standing) -> Timeline:
    """The policy's postings as they will be once the plan is carried out."""
    if standing.due is None:
        return standing.timeline
    return standing.timeline.with_posting(
        standing.due, Telling.UNANNOUNCED if standing.must_tell else Telling.NOT_NEEDED
    )


def _announcements(
    records: Records, standings: Iterable[Standing], timelines: Mapping[str, Timeline], freed: Collection[str]
) -> Iterator[Announcement]:
    for standing in standings:
        timeline = timelines[standing.policy_id]
        posting = timeline.unannounced
        if posting is None or (timeline.telling(posting) is Telling.WAITING and posting.tag not in freed):
            continue
        is_new = posting is standing.due and standing.head is not None
        revision = standing.head if is_new and standing.head else _as_written(records, posting)
        yield _announcement(records, timeline, posting, revision, standing)


def _announcement(
    records: Records, timeline: Timeline, posting: Posting, revision: Revision, standing: Standing
) -> Announcement:
    today, told = records.today, posting._replace(effective_on=timeline.effective_on(posting))
    if posting.restores:
        kept = next(one for one in timeline.postings if one.tag == posting.restores)
        return Announcement(
            told,
            revision,
            standing.known,
            None,
            told_on=today,
            instead_of=_moved(timeline, *timeline.taken_back_by(posting)),
            meanwhile=_moved(timeline, *timeline.still_coming(kept, today)),
        )
    if is_end(posting, revision):
        return Announcement(told, revision, standing.known, None, told_on=today, is_end=True)
    known_posting, against = timeline.last_announced, timeline.set_against(posting)
    is_overtaken = bool(known_posting and (against is None or against.tag != known_posting.tag))
    known, verdict = standing.known, standing.verdict
    if is_overtaken:
        known = records.text_before(posting.policy_id, against)
    comparison = compare_revisions(known, revision) if known else None
    if verdict and verdict.before is known and verdict.after is revision:
        comparison = verdict.comparison
    at = timeline.index(posting)
    is_between = bool(known and against and at and against.tag != timeline.postings[at - 1].tag)
    return Announcement(
        told,
        revision,
        known,
        comparison,
        against.version if against and is_between else "",
        today,
        _moved(timeline, known_posting) if known_posting and is_overtaken else (),
        _moved(timeline, *timeline.meanwhile(posting, today)),
        came_since=_came_since(records, posting.policy_id, against, known) if is_between else frozenset(),
    )


def _came_since(records: Records, policy_id: str, against: Posting | None, known: Revision | None) -> frozenset[str]:
    then = records.text_of(policy_id, against)
    return frozenset(known.texts.keys() - then.texts.keys()) if known and then else frozenset()


def _moved(timeline: Timeline, *postings: Posting) -> tuple[Posting, ...]:
    """With the days they bind as those stand now."""
    return tuple(one._replace(effective_on=timeline.effective_on(one)) for one in postings)


def _as_written(records: Records, posting: Posting) -> Revision:
    """The text of a posting that an earlier run made, with its summary; as stamped where a rename hides that."""
    stamped = records.text_of(posting.policy_id, posting)
    assert stamped is not None  # noqa: S101 - the posting was just read from git
    try:
        written = records.repository.revision_at(posting.commit_id, posting.name)
    except RepositoryError:
        return stamped
    return written or stamped

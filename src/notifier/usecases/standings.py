"""What git and the ledger say of every policy, gathered for `policy/standing.py`. Read only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from notifier.errors import Finding, RepositoryError
from notifier.policy.drafts.public_words import action_findings
from notifier.policy.editor_word import Approvals, EditorWord
from notifier.policy.posting import Posting, is_end
from notifier.policy.revision import Commit, PolicyText, Revision
from notifier.policy.revision_comparison import has_changed, is_of_translation
from notifier.policy.standing import DRAFT, PolicyFacts, PostingRules, Standing, standing_of
from notifier.policy.timeline import PostingFacts, Telling, Timeline
from notifier.policy.translations.left_behind import first_lacked
from notifier.policy.waiting import Waiting, WaitReason, wait_for_text
from notifier.significance import Significance
from notifier.usecases.absences import ended_silently
from notifier.usecases.form_findings import marketing_findings
from notifier.usecases.interrupted import Interrupted, read_interrupted

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.repository import Repository


def posting_rules(config: Config, now: datetime) -> PostingRules:
    """What the config says about posting. A period begins when the letters may leave, not while they are held."""
    patience, zone = timedelta(hours=config.judgement.wait_hours), config.posting_zone
    leaves = now + timedelta(hours=config.notice.hold_hours)
    days = config.notice.period_days + (leaves.astimezone(zone).date() - now.astimezone(zone).date()).days
    stamps_minor, waits = config.posting.stamp == "all", config.posting.translations == "wait"
    reading, hosts = (config.policies.language, config.policies.layout), config.own_hosts
    return PostingRules(days, stamps_minor, patience, zone, hosts, waits, reading)


@dataclass(frozen=True)
class Records:
    """Git and, where it is asked, the ledger, read together at one moment."""

    config: Config
    repository: Repository
    now: datetime
    ledger: Ledger | None = None
    interrupted: tuple[Interrupted, ...] = ()
    until: str | None = None
    """Only revisions up to this commit count; by default all on the published branch."""
    unfit: Mapping[str, str] = field(default_factory=dict)
    """Policies of which no letter can be made as words and templates are now, and why."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """New id → old, of policies that drafts give another name; what is committed, git tells."""

    @property
    def today(self) -> date:
        return self.now.astimezone(self.config.posting_zone).date()

    def standings(
        self,
        heads: Mapping[str, Revision] | None = None,
        mistakes: Mapping[str, tuple[Finding, ...]] | None = None,
    ) -> tuple[Standing, ...]:
        """Where every policy stands; with `heads` (drafts, say) and their mistakes in place of what is published."""
        if heads is not None and not self.renamed:
            named = self.with_names_of(heads)
            if named.renamed:
                return named.standings(heads, mistakes)
        published = self.repository.heads() if heads is None else None
        revisions = published.revisions if published else heads or {}
        mistakes = (published.mistakes if published else mistakes) or {}
        posted = set(self.repository.policies_posted()) - set(self.renamed.values())
        policies = sorted({*revisions, *mistakes, *posted} - {""})
        strays = ((one.path, wait_for_text(one.path, [one])) for one in mistakes.get("", ()))
        return (
            *(self.standing(one, revisions.get(one), mistakes.get(one, ())) for one in policies),
            *(Standing(path, Timeline(), None, None, wait=wait) for path, wait in strays),
        )

    def with_names_of(self, heads: Mapping[str, Revision]) -> Records:
        """The same, where drafts give a policy another name: one goes and one comes, or it says `renamed_from`."""
        if self.until or not self.repository.has_commits:
            return self
        there = set(self.repository.policies_at(self.repository.tip))
        come, gone = set(heads) - there, there - set(heads)
        said = {one: heads[one].controlling.front_matter.renamed_from or "" for one in come}
        renamed = {new: old for new, old in said.items() if old in gone}
        if len(come) == len(gone) == 1 and not renamed:
            renamed = {come.pop(): gone.pop()}
        return replace(self, renamed=renamed)

    def standing(self, policy_id: str, head: Revision | None, mistakes: tuple[Finding, ...] = ()) -> Standing:
        """Where one policy stands with this text at its head, or with none that can be read."""
        try:
            facts = self.facts(policy_id, head)._replace(mistakes=mistakes)
        except RepositoryError as error:  # git lacks a text that the ledger names: this policy waits, alone
            wait = Waiting(policy_id, WaitReason.TEXT, str(error))
            return Standing(policy_id, self.timeline(policy_id), None, None, wait=wait)
        standing = standing_of(facts, posting_rules(self.config, self.now), self.now)
        if policy_id in self.unfit:
            return standing._replace(wait=Waiting(policy_id, WaitReason.TEXT, self.unfit[policy_id]))
        if head is None or standing.wait or not standing.must_tell:
            return standing
        unfit = [finding for text in head.texts.values() for finding in marketing_findings(text)]
        unfit += action_findings(self.config.notice.action, self.config.own_hosts, self.config.path.name)
        return standing._replace(wait=wait_for_text(policy_id, unfit)) if unfit else standing

    def facts(self, policy_id: str, head: Revision | None) -> PolicyFacts:
        """Everything that is known of one policy. Revisions and words are read only where something would be posted."""
        timeline = self.timeline(policy_id)
        known = timeline.last_announced
        posted = self.text_of(policy_id, timeline.last)
        facts = PolicyFacts(
            policy_id,
            timeline,
            head,
            posted=posted,
            known=self._known(policy_id, known, posted),
            uncommitted=self._uncommitted(policy_id, head),
            is_first_run=self._is_first_run,
            tags_taken=self.repository.tags_taken(),
        )
        if head is None:
            return self._with_parting(facts)
        if posted is None:
            is_asked = not facts.is_first_run and head.controlling.front_matter.announce is None
            return self.with_steps(facts, head, None) if is_asked else facts
        if not facts.is_over:
            zone, today, last = self.config.posting_zone, self.today, timeline.last
            ended_on = ended_silently(self.repository, last, posted, head, zone=zone, today=today)
            facts = facts._replace(ended_on=ended_on)
        if not has_changed(posted, head) and not facts.comes_back:
            return self._with_retirement(facts, head)
        facts = facts._replace(earlier=self._earlier(policy_id, timeline), behind=self._behind(posted))
        since = known or timeline.last  # told, or adopted
        return self._with_retirement(self.with_steps(facts, head, since.commit_id if since else None), head)

    def text_before(self, policy_id: str, posting: Posting | None) -> Revision | None:
        """The posted text as what a later one is set against, with the languages that came since."""
        return self._known(policy_id, posting, self.text_of(policy_id, self.timeline(policy_id).last))

    def _known(self, policy_id: str, known: Posting | None, posted: Revision | None) -> Revision | None:
        """What customers know; of a policy that has ended, as they were told, nothing that still applies."""
        text = posted if known == self.timeline(policy_id).last else self.text_of(policy_id, known)
        is_over = known is not None and text is not None and is_end(known, text) and known.effective_on <= self.today
        if is_over or known is None or text is None or posted is None or posted.texts.keys() <= text.texts.keys():
            return None if is_over else text
        return self._with_added(policy_id, known, text)

    def _with_added(self, policy_id: str, known: Posting, text: Revision) -> Revision:
        """With the languages that came since, as they were first posted: a change of theirs is compared with that."""
        timeline, found = self.timeline(policy_id), dict[str, PolicyText]()
        for posting in reversed(timeline.postings[timeline.index(known) + 1 :]):
            since = self.text_of(policy_id, posting)
            found |= since.texts if since else {}
        return text._replace(texts={**found, **text.texts})

    def _behind(self, posted: Revision) -> frozenset[str]:
        """Translations that the last posting left behind; the history is read only where there are any."""
        if len(posted.texts) < 2:
            return frozenset()
        history = [one.revision for one in self.repository.posted(posted.policy_id)]
        return frozenset(one for one in posted.texts if history and first_lacked(history, one) is not None)

    def _earlier(self, policy_id: str, timeline: Timeline) -> tuple[tuple[Posting, Revision], ...]:
        """What a change that has yet to come could be taken back to, newest first: nothing that was posted, and that
        customers were never told of."""
        now = timeline.in_force(self.today)
        if now is None:
            return ()
        candidates = (one for one in reversed(timeline.postings[now:-1]) if timeline.is_known(one))
        texts = ((posting, self.text_of(policy_id, posting)) for posting in candidates)
        return tuple((posting, text) for posting, text in texts if text is not None)

    def _with_retirement(self, facts: PolicyFacts, head: Revision) -> PolicyFacts:
        """Who retired it by its front matter, since it was last posted, and what a person said of that."""
        posted, now = facts.posted, head.controlling.front_matter.retired
        if now is None or posted is None or posted.controlling.front_matter.retired == now:
            return facts
        commit_id = head.commit.commit_id
        for step in facts.steps:
            if step.controlling.front_matter.retired != now:
                break
            commit_id = step.commit.commit_id
        decisions = {**facts.decisions, **self._decisions(facts.policy_id, [commit_id])}
        return facts._replace(retired_by=commit_id, decisions=decisions)

    def _with_parting(self, facts: PolicyFacts) -> PolicyFacts:
        """Who removed it, and what a person said of that. Where customers must be told, it is put back to say so."""
        posted = facts.posted
        if posted is None:
            return facts
        commit_id = self.repository.past().removal_of(facts.policy_id)
        decisions = self._decisions(facts.policy_id, [commit_id] if commit_id else [])
        facts = facts._replace(removed_by=commit_id or DRAFT, decisions=decisions)
        said = decisions.get(commit_id or DRAFT)
        if not commit_id or facts.is_over or not said or said.significance is Significance.MINOR:
            return facts
        there = self.repository.revision_at(f"{commit_id}^", facts.policy_id)
        names = {language: one.path for language, one in there.texts.items()} if there else {}
        texts = {one: text._replace(path=names[one]) for one, text in posted.texts.items() if one in names}
        head = posted._replace(commit=self.repository.past().commit(commit_id), texts=texts)
        return facts._replace(head=head if posted.language in texts else None, retired_by=commit_id)

    def with_steps(self, facts: PolicyFacts, head: Revision, since: str | None) -> PolicyFacts:
        """The same with the revisions from commit `since` to the head, and what people said of them."""
        name = self.renamed.get(facts.policy_id, facts.policy_id)
        steps = tuple(self.repository.revisions(name, since, self.until))
        if head.commit.commit_id == DRAFT:
            steps = (head, *steps)
        commits = [step.commit for step in steps]
        known = {one.commit_id for commit in commits for one in (commit, *commit.merged)}
        past = self.repository.past(self.repository.resolve(self.until) if self.until else "")
        asides = tuple(one for one in (past.asides(since) if since else ()) if one.commit_id not in known)
        seen = self._first_seen
        return facts._replace(
            steps=steps,
            asides=asides,
            approvals=self.approvals(commits),
            decisions=self._decisions(name, [commit.commit_id for commit in commits]),
            first_seen={commit_id: at for (policy_id, commit_id), at in seen.items() if policy_id == facts.policy_id},
        )

    def approvals(self, commits: Sequence[Commit]) -> Approvals:
        """Who may call these commits minor, and has verifiably done so."""
        return self.repository.approvals(commits, self.config.judgement.approvers)

    def timeline(self, policy_id: str) -> Timeline:
        """The policy's postings, with those that a killed run made and did not finish."""
        postings = self.repository.postings(self.renamed.get(policy_id, policy_id))
        timeline = Timeline(tuple(one._replace(policy_id=policy_id) for one in postings), self._posting_facts)
        for one in self.interrupted:
            if one.is_made and one.posting.policy_id == policy_id:
                telling = Telling.UNANNOUNCED if one.must_tell else Telling.NOT_NEEDED
                timeline = timeline.with_posting(one.posting, telling)
        return timeline

    def own_timeline(self, standing: Standing) -> Timeline:
        """Of the controlling text, from what is in force on: what was posted while only a translation changed is none
        of its postings, and no date of the policy."""
        timeline, after = standing.timeline, standing.posted
        postings, bound = list(timeline.postings), timeline.in_force(self.today) or 0
        with suppress(RepositoryError):  # a text that git lacks is told of elsewhere
            for at in reversed(range(1, len(postings))):
                before = self.text_of(standing.policy_id, postings[at - 1]) if after else None
                if before and after and is_of_translation(before, after) and not postings[at].ended_on:
                    del postings[at]
                elif at <= bound:
                    break
                after = before
        return replace(timeline, postings=tuple(postings))

    def text_of(self, policy_id: str, posting: Posting | None) -> Revision | None:
        """The posted text."""
        if posting is None:
            return None
        for one in self.interrupted:
            if one.posting.tag == posting.tag and one.is_made:
                return self.repository.revision_at(one.stamp_id or posting.commit_id, posting.name)
        name = self.renamed.get(policy_id, policy_id)
        return self.repository.posted_at(name, posting.tag).revision._replace(policy_id=policy_id)

    def _uncommitted(self, policy_id: str, head: Revision | None) -> tuple[str, ...]:
        """An editor's files; what a killed run left of its own stamp is none, and a draft is what is asked about."""
        if self.ledger is None or (head and head.commit.commit_id == DRAFT):
            return ()
        ours = {path: blob for one in self.interrupted for path, blob in one.blobs.items()}
        return self.repository.uncommitted(policy_id, ours)

    def _decisions(self, policy_id: str, commits: Sequence[str]) -> dict[str, EditorWord]:
        if self.ledger is None:
            return {}
        found = {commit_id: self.ledger.reviews.decision(commit_id, policy_id) for commit_id in commits}
        return {
            commit_id: EditorWord(decision.significance, commit_id, decision.decided_by, decision.because)
            for commit_id, decision in found.items()
            if decision is not None
        }

    @cached_property
    def _is_first_run(self) -> bool:
        """Also where the first one was killed among its adoptions."""
        policies = self.repository.policies_posted()
        if not policies or self.ledger is None:
            return not policies
        is_adopting = all(one.is_adoption for policy_id in policies for one in self.repository.postings(policy_id))
        return is_adopting and not self.ledger.runs.has_succeeded()

    @cached_property
    def _posting_facts(self) -> dict[str, PostingFacts]:
        return self.ledger.postings.facts() if self.ledger else {}

    @cached_property
    def _first_seen(self) -> dict[tuple[str, str], datetime]:
        return self.ledger.reviews.first_seen() if self.ledger else {}


def read_records(config: Config, repository: Repository, ledger: Ledger, now: datetime) -> Records:
    """Both records, with what killed runs left. What was posted is read from the commits that the ledger names."""
    hold_to_ledger(repository, ledger)
    return Records(config, repository, now, ledger, read_interrupted(repository, ledger))


def hold_to_ledger(repository: Repository, ledger: Ledger) -> None:
    """No tag that was moved, deleted or forged changes what is said of a posting that the ledger knows."""
    repository.hold_to(
        {posting.tag: (posting, stamp_id or posting.commit_id) for posting, stamp_id in ledger.postings.stamped()}
    )


def drafts(records: Records, heads: Mapping[str, Revision], message: str = "") -> dict[str, Revision]:
    """Each policy as it would stand if the working tree were committed now, with that `message`."""
    found = {}
    for policy_id in records.repository.working_policies():
        draft, head = records.repository.working_revision(policy_id), heads.get(policy_id)
        if draft is not None:
            is_same = head is not None and _blobs(head) == _blobs(draft)
            found[policy_id] = head if head and is_same else as_draft(records, draft, message)
    return found


def as_draft(records: Records, revision: Revision, message: str) -> Revision:
    """The revision as if who works here committed it now with this message."""
    name, address = records.repository.identity()
    subject, _, body = message.strip().partition("\n\n")
    commit = Commit(DRAFT, records.now, name, address, address, subject or "not committed yet", body)
    return revision._replace(commit=commit)


def _blobs(revision: Revision) -> dict[str, str]:
    return {text.path: text.blob_id for text in revision.texts.values()}

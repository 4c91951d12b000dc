"""What evidence says, from ledger and git: the rows, the texts, what was in force, and git's own proof of the texts."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from notifier.errors import Refused, RepositoryError
from notifier.notice.delivery import language_for
from notifier.policy.timeline import Timeline
from notifier.proof.entry import instant
from notifier.repository.tags.journal_heads import RESTORED
from notifier.usecases.evidence.git_proof import said_in_git
from notifier.usecases.evidence.journal_check import witnesses
from notifier.usecases.evidence.parcel import ROOTS, VERSION, Files, file_name
from notifier.usecases.publish import history_of, retirements
from notifier.usecases.standings import hold_to_ledger

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.ledger.asked.told import ToldNotice
    from notifier.policy.posting import Posting
    from notifier.policy.revision import Revision
    from notifier.repository import Repository


class Question(NamedTuple):
    """What evidence is asked for: of one customer (by id) or one notice; `day`: as of when, and in force when."""

    day: date
    customer_id: str | None = None
    notice_id: str | None = None
    policy_id: str | None = None


@dataclass
class Gathering:
    """One question being answered. `files` are the texts and git's objects, by their path."""

    config: Config
    repository: Repository
    ledger: Ledger
    question: Question
    files: Files = field(default_factory=dict)
    _texts: dict[str, Any] = field(default_factory=dict)
    _timelines: dict[str, Timeline] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """All that the evidence says, as JSON has it."""
        hold_to_ledger(self.repository, self.ledger)
        found = self.ledger.postings.facts()
        for policy_id in self.repository.policies_posted():
            self._timelines[policy_id] = Timeline(self.repository.postings(policy_id), found)
        if self.question.policy_id and self.question.policy_id not in self._timelines:
            raise Refused(f"{self.question.policy_id}: no policy was ever posted under this name")
        told = [one for one in self._told() if self._is_asked(one.notice, {row["policy_id"] for row in one.postings})]
        gone = self.ledger.told.past_recipients() if self.question.customer_id is not None else []
        past = [row for row in gone if self._is_asked(row, json.loads(row["audiences"]))]
        notices = [self._notice(one) for one in told]
        for one in told:
            raw = self.repository.told.raw(one.notice["notice_id"])
            self.files |= {f"git/{object_id}": content for object_id, content in raw.items()}
        accepted = self._accepted()
        in_force = list(self._in_force(notices))
        more = [*(("acceptance", row) for row in accepted), *(("notice", row) for row in past)]
        entries = self.ledger.journal_proofs.entries(told, more)
        anchors = list(self._anchors(sorted(entries)))
        heads = {*self._heads(sorted(entries)), *(one["number"] for one in anchors)}
        return {
            "format": VERSION,
            "about": self._about(told),
            "company": asdict(self.config.company),
            "time_zone": str(self.config.posting_zone),
            "day": self.question.day.isoformat(),
            "notices": notices,
            "past": past,
            "in_force": in_force,
            "texts": self._texts,
            "acceptances": accepted,
            "taken_back": dict(self._taken_back(accepted)),
            "journal": self.ledger.journal_proofs.of(told, entries, heads),
            "anchors": anchors,
        }

    def _heads(self, entries: Sequence[int]) -> Iterator[int]:
        """Entries that git's objects here bear. Of those later than all of them git's first one that has seen them is
        brought along, and where some are of a ledger that an older copy replaced, what says so."""
        borne = witnesses(self.files)
        known = self.ledger.journal.hashes(one.number for one in borne)
        ours = [one.number for one in borne if known.get(one.number) == one.hash]
        later = [entry for entry in entries if entry > max(ours, default=0)]
        restored = self._restored({(one.number, one.hash) for one in borne if known.get(one.number) != one.hash})
        if later or restored:
            seen = sorted(self.repository.told.heads_seen(self.repository.tip), key=lambda one: one.number)
            known = self.ledger.journal.hashes(one.number for one in seen)
            true = [one for one in seen if known.get(one.number) == one.hash]
            wanted = {next((one for one in true if one.number >= entry), None) for entry in later}
            wanted |= {one for one in true if one.number in restored and one.where.startswith(RESTORED)}
            raw = self.repository.told.raw_of(filter(None, wanted))
            self.files |= {f"git/{object_id}": content for object_id, content in raw.items()}
        yield from restored
        yield from (one.number for one in witnesses(self.files) if entries and one.number > entries[0])

    def _restored(self, lost: Set[tuple[int, str]]) -> set[int]:
        """The entries that say of these that a copy which was brought back lacks them."""
        said = {
            entry.number: {(one["number"], one["hash"]) for one in entry.facts.get("lost", ())}
            for entry in (self.ledger.journal.restorations() if lost else ())
        }
        return {number for number, those in said.items() if those & lost}

    def _anchors(self, entries: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Of each entry here the first time stamp over a head past it, with its answer as it came."""
        stamped = sorted(self.ledger.head_stamps.all(), key=lambda one: one.head.number)
        wanted = {next((one.head.number for one in stamped if one.head.number >= entry), None) for entry in entries}
        root = self.config.proof.anchor_ca
        for one in stamped:
            if one.head.number in wanted:
                wanted.discard(one.head.number)
                path = f"anchors/{one.head.number}.tsr"
                self.files[path] = one.token
                said = {"number": one.head.number, "hash": one.head.hash, "authority": one.authority}
                yield {**said, "stamped_at": instant(one.stamped_at), "file": path}
                if root and (self.config.root / root).is_file():
                    self.files[ROOTS] = (self.config.root / root).read_bytes()

    def _accepted(self) -> list[dict[str, Any]]:
        """What this person said of postings up to the day."""
        if self.question.customer_id is None:
            return []
        zone, policy = self.config.posting_zone, self.question.policy_id
        return [
            row
            for row in self.ledger.told.acceptances_of(self.question.customer_id)
            if datetime.fromisoformat(row["at"]).astimezone(zone).date() <= self.question.day
            and policy in (None, row["policy_id"])
        ]

    def _taken_back(self, accepted: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
        """Postings that this person spoke on and that were taken back by the day: what was said counts for nothing."""
        for tag in sorted({row["tag"] for row in accepted}):
            policy_id, posting = self._find(tag)
            if posting is not None:
                timeline = self._timelines[policy_id]
                by = timeline.withdrawn_by(timeline.postings.index(posting))
                if by is not None and by.posted_on <= self.question.day:
                    yield tag, by.tag

    def _told(self) -> Iterator[ToldNotice]:
        if self.question.customer_id is not None:
            yield from self.ledger.told.of_customer(self.question.customer_id)
        else:
            yield self.ledger.told.of_notice(self.question.notice_id or "")

    def _is_asked(self, notice: Mapping[str, Any], policies: Collection[str]) -> bool:
        made_on = datetime.fromisoformat(notice["created_at"]).astimezone(self.config.posting_zone).date()
        return made_on <= self.question.day and self.question.policy_id in (None, *policies)

    def _about(self, told: Sequence[ToldNotice]) -> dict[str, Any]:
        if self.question.customer_id is None:
            return {"notice": self.question.notice_id}
        known = self.ledger.roster.customer(self.question.customer_id)
        if known is not None and known.customer_id == self.question.customer_id:
            said = {"address": known.email, "name": known.name, "language": known.language}
            is_there = self.ledger.roster.left_at(known.customer_id) is None
            return {"customer": {"id": known.customer_id, **said, "is_on_roster": is_there}}
        last = told[-1].delivery or {} if told else {}
        said = {"address": last.get("email", ""), "name": last.get("name", ""), "language": ""}
        return {"customer": {"id": self.question.customer_id, **said, "is_on_roster": False}}

    def _notice(self, told: ToldNotice) -> dict[str, Any]:
        counts = {} if told.delivery else asdict(self.ledger.deliveries.counts(told.notice["notice_id"]))
        return {
            "notice": told.notice,
            "messages": told.messages,
            "postings": [self._posting(row, told) for row in told.postings],
            "decisions": told.decisions,
            "audit": told.audit,
            "attempts": told.attempts,
            "letterheads": told.letterheads,
            **({"delivery": told.delivery, "events": told.events} if told.delivery else {}),
            **({"counts": counts} if counts else {}),
        }

    def _posting(self, row: Mapping[str, Any], told: ToldNotice) -> dict[str, Any]:
        """The row, and which text it brought in place of which, in the languages that were read."""
        language = told.messages[0]["language"] if told.delivery else ""
        policy_id, posting = self._find(row["tag"])
        if posting is None:
            return {"row": dict(row), "after": None, "before": None}
        before = self._timelines[policy_id].set_against(posting)
        return {
            "row": dict(row),
            "policy": policy_id,
            "after": self._text(policy_id, posting, language),
            "before": self._text(policy_id, before, language) if before else None,
            "says": said_in_git(posting),
        }

    def _find(self, tag: str) -> tuple[str, Posting | None]:
        for policy_id, timeline in self._timelines.items():
            for posting in timeline.postings:
                if posting.tag == tag:
                    return policy_id, posting
        return "", None

    def _text(self, policy_id: str, posting: Posting, language: str) -> str:
        """The posting's texts in this language and the controlling one, kept; the tag by which they are found."""
        revision = self.repository.posted_at(policy_id, posting.tag).revision
        kept = self._texts.setdefault(posting.tag, {"policy": policy_id, "version": posting.version, "files": {}})
        wanted = language_for(language, revision.texts, revision.language)
        for one in sorted({wanted, revision.language}):
            text = revision.texts[one]
            path = f"texts/{file_name(policy_id)}/{posting.version}/{file_name(one)}.md"
            self.files[path] = text.text.encode()
            kept["files"][one] = {"file": path, "path": text.path, "blob": text.blob_id, "title": text.title}
        kept["language"] = revision.language
        self._witness(posting, revision, kept)
        return posting.tag

    def _witness(self, posting: Posting, revision: Revision, kept: dict[str, Any]) -> None:
        stamps = {known.tag: stamp or known.commit_id for known, stamp in self.ledger.postings.stamped()}
        commit_id = stamps.get(posting.tag, posting.commit_id)
        paths = tuple(one["path"] for one in kept["files"].values())
        try:
            witness = self.repository.git_proof(posting, commit_id, paths)
        except RepositoryError:
            return
        kept |= {"tag_object": witness.tag_object, "commit": witness.commit}
        self.files |= {f"git/{one}": content for one, content in witness.objects.items()}
        kept["revision"] = posting.commit_id
        kept["author"] = f"{revision.commit.author} <{revision.commit.author_email}>"

    def _in_force(self, notices: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """Of each policy asked for, else of each that the notices tell of, else of all: the text of the day."""
        told = {one["policy"] for notice in notices for one in notice["postings"] if one["after"]}
        asked = [self.question.policy_id] if self.question.policy_id else sorted(told) or list(self._timelines)
        language = self._language(notices)
        facts = self.ledger.postings.facts()
        retired = retirements(self.config, self.repository, facts, asked)
        for policy_id in asked:
            timeline = history_of(self.repository, policy_id, facts, retired.get(policy_id)).timeline
            index = timeline.in_force(self.question.day)
            gone = retired.get(policy_id)
            if index is None or (gone and gone <= self.question.day):
                yield {"policy": policy_id, "tag": None}
                continue
            period = timeline.period(index)
            until = period.until.isoformat() if period.until else None
            tag = self._text(policy_id, timeline.postings[index], language)
            yield {"policy": policy_id, "tag": tag, "from": period.start.isoformat(), "until": until}

    def _language(self, notices: Sequence[Mapping[str, Any]]) -> str:
        spoken = [one["messages"][0]["language"] for one in notices if "delivery" in one]
        return spoken[-1] if spoken else self.config.policies.language

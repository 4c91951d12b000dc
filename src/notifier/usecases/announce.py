"""Announce: the significant postings of one run → one notice, its variants frozen before anybody is written to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from notifier.notice.delivery import NoticeState, language_for
from notifier.notice.message import Message, Notice, PolicyUpdate
from notifier.policy.posting import Posting, told_before
from notifier.policy.revision import Revision
from notifier.significance.comparison import Comparison
from notifier.usecases.judge import compare_in

if TYPE_CHECKING:
    from pathlib import Path

    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.repository import Repository


@dataclass(frozen=True, slots=True)
class Untold:
    """A posting that customers must be told of: what they will read, beside what they know (None: a new policy)."""

    posting: Posting
    revision: Revision
    told: Revision | None
    since: str = ""
    """The version (as in addresses) that customers know, where other postings lie between."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A notice ready to be frozen: its messages, and whom each policy concerns."""

    untold: tuple[Untold, ...]
    messages: tuple[Message, ...]
    changes: tuple[tuple[PolicyUpdate, ...], ...]
    """What each message says, in the same order."""
    audiences: Mapping[str, frozenset[str]]


def compose_notice(config: Config, ledger: Ledger, templates: Path, untold: Sequence[Untold]) -> Composed | None:
    """Every variant that somebody on the roster needs; None where there is nothing to tell.

    Raises TemplateError, or Refused where a message may not leave as it is.
    """
    from notifier.render.message.lint import require_clean

    if not untold:
        return None
    audiences = {one.posting.policy_id: one.revision.controlling.front_matter.audience for one in untold}
    variants = variants_needed(config, ledger, templates, untold, audiences)
    changes = tuple(changes_for(config, untold, language, policies) for language, policies in variants)
    messages = tuple(
        compose_variant(config, templates, language, told)
        for (language, _), told in zip(variants, changes, strict=True)
    )
    for message, told in zip(messages, changes, strict=True):
        require_clean(message, told, hosts=link_hosts(config))
    return Composed(tuple(untold), messages, changes, audiences)


def variants_needed(
    config: Config,
    ledger: Ledger,
    templates: Path,
    untold: Sequence[Untold],
    audiences: Mapping[str, frozenset[str]],
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(language, policies) of each message: every group on the roster, and whoever may join it before sending.

    A letter can also stand in a language that the templates speak and a policy does not.
    """
    from notifier.render.message.compose import message_languages

    offered = {text.language for one in untold for text in one.revision.texts.values()} | {config.policies.language}
    groups = ledger.roster.reader_groups(audiences)
    subsets = {policies for _, policies in groups} | {tuple(sorted(audiences))}
    spoken = {language_for(language, message_languages(templates), "") for language, _ in groups} - {""}
    return tuple((language, policies) for language in sorted(offered | spoken) for policies in sorted(subsets))


def compose_variant(config: Config, templates: Path, language: str, changes: Sequence[PolicyUpdate]) -> Message:
    """One message, as its readers get it."""
    from notifier.render.message.compose import compose

    return compose(
        changes,
        language=language,
        controlling_language=config.policies.language,
        company=config.company,
        action=config.notice.action_in(language) or config.notice.action_in(config.policies.language),
        templates=templates,
        hosts=link_hosts(config),
    )


def add_notice(config: Config, ledger: Ledger, composed: Composed, now: datetime) -> str:
    """Freeze the notice in the ledger; its id."""
    postings = tuple(one.posting for one in composed.untold)
    notice_id = ledger.notices.next_id(_wanted_id(postings))
    needs_approval = config.notice.approval == "manual"
    send_after = now + timedelta(hours=config.notice.hold_hours)
    ledger.notices.add(
        Notice(notice_id, postings, now),
        composed.messages,
        audiences=composed.audiences,
        language=config.policies.language,
        send_after=send_after,
        deadline=_deadline(config, postings),
        state=NoticeState.AWAITING_APPROVAL if needs_approval else NoticeState.SCHEDULED,
    )
    return notice_id


def unannounced(repository: Repository, ledger: Ledger) -> tuple[Untold, ...]:
    """Postings that a killed run made and did not announce, with their texts read back from git."""
    return tuple(read_back(repository, ledger, posting) for posting in ledger.postings.unannounced())


def address_of(config: Config, path: str) -> str:
    """The public address of a page; a file on this machine where no `page.url` is configured."""
    base = config.page.url.rstrip("/") if config.page.url else config.page_dir.as_uri()
    return f"{base}/{path}" if config.page.url else f"{base}/{path}index.html"


def link_hosts(config: Config) -> frozenset[str]:
    """Where links in a message may lead."""
    return config.link_hosts


def read_back(repository: Repository, ledger: Ledger, posting: Posting) -> Untold:
    """A posting with its texts: as written, and as customers knew them before."""
    posted = {one.posting.tag: one for one in repository.posted(posting.policy_id)}
    as_written = repository.texts_at(posting.commit_id, posting.policy_id)
    told_tag = ledger.postings.last_announced(posting.policy_id, before=posting.tag)
    told = posted.get(told_tag or "")
    revision = replace(posted[posting.tag].revision, texts=as_written)
    every = repository.postings(posting.policy_id)
    earlier = every[: [one.tag for one in every].index(posting.tag)]
    return Untold(posting, revision, told.revision if told else None, since_told(earlier, posting, told_tag))


def changes_for(
    config: Config, untold: Iterable[Untold], language: str, policies: Collection[str]
) -> tuple[PolicyUpdate, ...]:
    """What readers of `language` who are in the audience of `policies` are told."""
    return tuple(_change(config, one, language) for one in untold if one.posting.policy_id in policies)


def _change(config: Config, untold: Untold, language: str) -> PolicyUpdate:
    """What readers of `language` are told of one posting: in their language where the policy has changed in it too."""
    own = _own_comparison(untold, language)
    is_fallback = own is None and language != untold.revision.language
    text = untold.revision.controlling if own is None else untold.revision.texts[language]
    reasons = untold.posting.reasons if own is None or language == untold.revision.language else own.reasons
    prefix = "" if text.language == untold.revision.language else f"{text.language}/"
    return PolicyUpdate(
        policy_id=untold.posting.policy_id,
        title=untold.revision.texts.get(language, text).title,
        language=text.language,
        is_fallback=is_fallback,
        posted_on=untold.posting.posted_on,
        effective_on=untold.posting.effective_on,
        summary=text.front_matter.summary,
        reasons=reasons,
        redline_url=address_of(config, f"{prefix}{_redline_page(untold)}") if untold.told else "",
        text_url=address_of(config, f"{prefix}{untold.posting.policy_id}/{_version(untold.posting.tag)}/"),
    )


def _redline_page(untold: Untold) -> str:
    posting = untold.posting
    if untold.since:
        return f"{posting.policy_id}/compare/{untold.since}..{_version(posting.tag)}/"
    return f"{posting.policy_id}/changes/{_version(posting.tag)}/"


def since_told(earlier: Sequence[Posting], posting: Posting, told_tag: str | None) -> str:
    """The version that customers know, where the page compares with it: not for the posting right before."""
    told = told_before((*earlier, posting), len(earlier)) if earlier else 0
    is_right_before = told == len(earlier) - 1
    return "" if not earlier or is_right_before or earlier[told].tag != told_tag else _version(earlier[told].tag)


def _version(tag: str) -> str:
    return tag.rpartition("/")[2]


def _own_comparison(untold: Untold, language: str) -> Comparison | None:
    """The comparison in `language`, where there is a translation and it is not left behind."""
    if untold.told is None:
        return None
    own = compare_in(language, untold.told, untold.revision)
    return own if own is not None and own.redline.diff.edits else None


def _wanted_id(postings: Sequence[Posting]) -> str:
    names = "-".join(sorted(posting.policy_id.replace("/", "-") for posting in postings))
    return f"{max(posting.posted_on for posting in postings).isoformat()}-{names}"


def _deadline(config: Config, postings: Sequence[Posting]) -> datetime:
    """The end of the last day on which telling everybody still leaves the whole notice period."""
    first_effect: date = min(posting.effective_on for posting in postings)
    last_day = first_effect - timedelta(days=config.notice.period_days)
    return datetime.combine(last_day + timedelta(days=1), time(), tzinfo=config.posting_zone)

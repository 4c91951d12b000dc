"""Announce: the significant postings of one run → one notice, its variants frozen before anybody is written to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from notifier.errors import PolicyError
from notifier.ledger.notices import LATE, OVERTAKEN
from notifier.notice.delivery import NoticeState, language_for
from notifier.notice.message import Announced, Message, Notice, PolicyUpdate, UpdateKind
from notifier.notice.naming import notice_name
from notifier.policy.drafts.public_words import action_findings
from notifier.policy.posting import Posting
from notifier.policy.revision import PolicyText, Revision
from notifier.policy.revision_comparison import reads_differently, switches
from notifier.policy.translations.translated_change import has_followed
from notifier.render.site.page_addresses import absolute
from notifier.significance import Reason, Significance
from notifier.text.front_matter import Consent
from notifier.usecases.audience import first_state
from notifier.usecases.plan import Announce, Announcement

if TYPE_CHECKING:
    from pathlib import Path

    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.ledger.types import StoredNotice


class Composed(NamedTuple):
    """A notice ready to be frozen: its messages, and whom each policy concerns."""

    announcements: tuple[Announcement, ...]
    messages: tuple[Message, ...]
    updates: tuple[tuple[PolicyUpdate, ...], ...]
    """What each message says, in the same order."""
    audiences: Mapping[str, frozenset[str]]


def compose_notice(config: Config, ledger: Ledger, templates: Path, announcements: Sequence[Announcement]) -> Composed:
    """Every variant that somebody on the roster needs.

    Raises TemplateError, or Refused where a message may not leave as it is.
    """
    from notifier.render.message.lint import require_clean

    unfit = action_findings(config.notice.action, config.own_hosts, config.path.name)
    if unfit:
        raise PolicyError(*unfit)
    audiences = audiences_of(announcements)
    variants = variants_needed(config, ledger, templates, announcements)
    updates = tuple(updates_for(config, announcements, language, policies) for language, policies in variants)
    messages = tuple(
        compose_variant(config, templates, language, told)
        for (language, _), told in zip(variants, updates, strict=True)
    )
    for message, told in zip(messages, updates, strict=True):
        require_clean(message, told, hosts=config.link_hosts)
    return Composed(tuple(announcements), messages, updates, audiences)


def audiences_of(announcements: Iterable[Announcement]) -> dict[str, frozenset[str]]:
    """Whom each policy concerns: customer tags, none for everybody."""
    return {one.posting.policy_id: one.revision.controlling.front_matter.audience for one in announcements}


def variants_needed(
    config: Config, ledger: Ledger, templates: Path, announcements: Sequence[Announcement]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(language, policies) of each message: every group on the roster, and whoever may join it before sending.

    A letter can also stand in a language that the templates speak and a policy does not.
    """
    from notifier.render.message.compose import message_languages

    audiences = audiences_of(announcements)
    written = {text.language for one in announcements for text in one.revision.texts.values()}
    offered = written | {config.policies.language}
    groups = ledger.roster.reader_groups(audiences)
    subsets = {policies for _, policies in groups} | {tuple(sorted(audiences))}
    subsets |= ledger.roster.shared_policies(audiences)
    spoken = {language_for(language, message_languages(templates), "") for language, _ in groups} - {""}
    return tuple((language, policies) for language in sorted(offered | spoken) for policies in sorted(subsets))


def letter_languages(revision: Revision, templates: Path) -> frozenset[str]:
    """In which a letter about this policy can be: those of its texts, and those that there are words for."""
    from notifier.render.message.compose import message_languages

    return frozenset((*revision.texts, *message_languages(templates)))


def compose_variant(config: Config, templates: Path, language: str, updates: Sequence[PolicyUpdate]) -> Message:
    """One message, as its readers get it."""
    from notifier.render.message.compose import compose

    return compose(
        updates,
        language=language,
        controlling_language=config.policies.language,
        company=config.company,
        action=config.notice.action_in(language) or config.notice.action_in(config.policies.language),
        templates=templates,
        hosts=config.link_hosts,
    )


def add_notice(
    config: Config,
    ledger: Ledger,
    composed: Composed,
    step: Announce,
    now: datetime,
    taken: Collection[str] = (),
    *,
    late: StoredNotice | None = None,
) -> str:
    """Freeze the notice in the ledger, in place of those that it replaces; its id, which is none of those `taken`.

    One that comes for a `late` one, told by other days alone, waits no longer, and for nobody who has let that one go.
    """
    postings = tuple(one.posting for one in composed.announcements)
    notice_id = ledger.notices.next_id(_wanted_id(postings), taken)
    state, why = first_state(config, ledger, composed.announcements, composed.audiences)
    if late and late.approved_at:
        state, why = NoticeState.AWAITING_APPROVAL, None
    for tag, effective_on in step.delays:
        ledger.postings.delay_effect(tag, effective_on)
    ledger.notices.add(
        Notice(notice_id, postings, now),
        composed.messages,
        audiences=composed.audiences,
        language=config.policies.language,
        send_after=now if late else now + timedelta(hours=config.notice.hold_hours),
        deadline=_deadline(config, postings, now.astimezone(config.posting_zone).date()),
        state=state,
        why=why,
        replaces=step.replaces,
        settles=step.settles,
        overtaken=LATE if late else OVERTAKEN,
    )
    if late and late.approved_at:
        ledger.notices.approve(notice_id, late.approved_by or "", late.approved_at, f"as notice {late.notice_id}")
    return notice_id


def address_of(config: Config, path: str) -> str:
    """The public address of a page; a file on this machine where no `page.url` is configured."""
    if config.page.url:
        return absolute(config.page.url, path)
    return absolute(config.page_dir.as_uri(), f"{path}index.html")


def updates_for(
    config: Config, announcements: Iterable[Announcement], language: str, policies: Collection[str]
) -> tuple[PolicyUpdate, ...]:
    """What readers of `language` who are in the audience of `policies` are told."""
    concerned = [one for one in announcements if one.posting.policy_id in policies]
    return tuple(
        _update(config, one, language, text, of_several=len(quoted) > 1)
        for one in concerned
        for quoted in (_quoted(one, language),)
        for text in quoted
    )


def _update(
    config: Config, announcement: Announcement, language: str, text: PolicyText, *, of_several: bool
) -> PolicyUpdate:
    """What readers of `language` are told of one posting, quoted from one of its texts."""
    posting, revision = announcement.posting, announcement.revision
    prefix = "" if text.language == revision.language else f"{text.language}/"
    page = _redline_page(announcement, text.language)
    return PolicyUpdate(
        policy_id=posting.policy_id,
        title=(text if of_several else revision.texts.get(language, revision.controlling)).title,
        language=text.language,
        is_fallback=text.language != language and not _keeps_every_word(announcement, language),
        posted_on=posting.posted_on,
        effective_on=posting.effective_on,
        summary=_summary(announcement, language, text.language),
        reasons=_reasons(announcement, text.language),
        judged=() if of_several else _judged(announcement, text.language),
        changes=_changes(announcement, text.language),
        redline_url=address_of(config, f"{prefix}{page}") if announcement.comparison else "",
        text_url=address_of(config, f"{prefix}{posting.policy_id}/{posting.version}/"),
        is_of_translation=text.language not in (language, revision.language),
        prevails=revision.language if announcement.known and switches(announcement.known, revision) else "",
        kind=_kind(announcement),
        is_in_force=announcement.is_in_force,
        instead_of=tuple(map(_announced, announcement.instead_of)),
        meanwhile=tuple(map(_announced, announcement.meanwhile)),
        asks_agreement=_asks_agreement(announcement),
    )


def _asks_agreement(announcement: Announcement) -> bool:
    """Where topics alone propose a yes nobody has said that it will be asked for: a letter promises nothing then."""
    said = announcement.revision.controlling.front_matter.consent
    is_new_text = _kind(announcement) in (UpdateKind.CHANGE, UpdateKind.NEW)
    return is_new_text and announcement.posting.consent is Consent.ACCEPT is said


def _quoted(announcement: Announcement, language: str) -> tuple[PolicyText, ...]:
    """The text in the reader's language where that changed, else the controlling one, else the one that did.

    Both, where the controlling text has a change of weight that the reader's language lacks beside its own.
    """
    revision, comparison = announcement.revision, announcement.comparison
    controlling, own_text = revision.controlling, revision.texts.get(language)
    if comparison is None:
        is_own = _is_said_in if announcement.is_end else _has_own_version
        return (own_text if own_text and is_own(announcement, own_text) else controlling,)
    own = comparison.languages.get(language)
    if own_text and own and own.redline.diff.edits:
        if announcement.known is None or has_followed(announcement.known, revision, language):
            return (own_text,)
        return (controlling,) if own.significance is Significance.MINOR else (controlling, own_text)
    is_changed = revision.language in comparison.languages
    return (controlling if is_changed else revision.texts[comparison.language],)


def _keeps_every_word(announcement: Announcement, language: str) -> bool:
    """Does it only say which text counts from now on? Then no translation lacks anything."""
    comparison = announcement.comparison
    is_there = language in announcement.revision.texts
    return is_there and comparison is not None and not any(one.has_changed for one in comparison.languages.values())


def _has_own_version(announcement: Announcement, text: PolicyText) -> bool:
    """Does a text of which no change is told have a page of its own? All of a new policy have, and what goes back."""
    if announcement.known is None:
        return True
    before = announcement.known.texts.get(text.language)
    return before is not None and reads_differently(before, text)


def _is_said_in(announcement: Announcement, text: PolicyText) -> bool:
    """An end changes no text: readers of each hear it whole, unless what comes instead is said in another language."""
    posting, controlling = announcement.posting, announcement.revision.language
    return not posting.summary or posting.summary_in(text.language, controlling=controlling) is not None


def _summary(announcement: Announcement, language: str, quoted: str) -> str | None:
    """In the reader's language, else in that of the text that is quoted to them."""
    posting, revision = announcement.posting, announcement.revision
    said = {one: posting.summary_in(one, controlling=revision.language) for one in (language, quoted)}
    own = revision.texts[quoted].front_matter.summary if quoted != revision.language else None
    return said[language] or said[quoted] or own


def _kind(announcement: Announcement) -> UpdateKind:
    if announcement.posting.restores:
        return UpdateKind.WITHDRAWAL
    if announcement.is_end:
        return UpdateKind.END
    return UpdateKind.CHANGE if announcement.known else UpdateKind.NEW


def _announced(posting: Posting) -> Announced:
    return Announced(posting.posted_on, posting.effective_on)


def _reasons(announcement: Announcement, language: str) -> tuple[Reason, ...]:
    """In the language of the text where something of weight changed in it; else those of the language that decided."""
    from notifier.render.message.unjudged import reasons_to_quote

    comparison = announcement.comparison
    if comparison is None:
        return ()
    own = comparison.languages.get(language)
    decided = comparison.language
    if own and (own.significance is Significance.SIGNIFICANT or decided == announcement.revision.language):
        return reasons_to_quote(own.reasons, own.redline, language)
    return comparison.weightiest.reasons


def _judged(announcement: Announcement, language: str) -> tuple[Reason, ...]:
    """Of the controlling text, where another one is quoted."""
    controlling, comparison = announcement.revision.language, announcement.comparison
    followed = comparison.languages.get(controlling) if comparison and language != controlling else None
    return followed.reasons if followed else ()


def _changes(announcement: Announcement, language: str) -> int:
    """In how many places words changed, in the text whose redline the message leads to."""
    from notifier.render.redline.hunks import hunks

    own = announcement.comparison.languages.get(language) if announcement.comparison else None
    return len(hunks(own.redline)) if own else 0


def _redline_page(announcement: Announcement, language: str) -> str:
    posting = announcement.posting
    if announcement.compared_version and language not in announcement.came_since:
        return f"{posting.policy_id}/compare/{announcement.compared_version}..{posting.version}/"
    return f"{posting.policy_id}/changes/{posting.version}/"


def _wanted_id(postings: Sequence[Posting]) -> str:
    return notice_name(max(one.posted_on for one in postings), [one.policy_id for one in postings])


def _deadline(config: Config, postings: Sequence[Posting], today: date) -> datetime:
    """The end of the last day on which telling everybody still leaves the whole notice period. What is in force
    already cannot wait for that, and what stays as it was announced before needs none."""
    coming = [one.effective_on for one in postings if one.effective_on > today and not one.restores]
    first_effect: date = min(coming, default=today + timedelta(days=config.notice.period_days))
    last_day = first_effect - timedelta(days=config.notice.period_days)
    return datetime.combine(last_day + timedelta(days=1), time(), tzinfo=config.posting_zone)

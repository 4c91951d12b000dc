"""Revision + Classification + today → `Posting` with its dates, and a posting as git keeps it.

Commits and tags carry the same trailers, so that what was posted, when, and as how significant can be read back
from git alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta, tzinfo
from typing import NamedTuple

from notifier.policy.consent import consent_for, said_consent
from notifier.policy.editor_word import EditorWord
from notifier.policy.revision import PolicyText, Revision, drop_used_up
from notifier.policy.revision_comparison import has_changed, reads_differently
from notifier.significance import Classification, Reason, Significance
from notifier.text.dates.posted_date import find_effective_date, find_posted_date, set_posted_date
from notifier.text.front_matter import Consent, set_day


class Posting(NamedTuple):
    """A revision made public. `posted_on` is what the top of the page says; `effective_on` when it binds."""

    policy_id: str
    commit_id: str
    """The revision's commit (not the stamp commit)."""
    posted_on: date
    effective_on: date
    significance: Significance
    tag: str
    """`posted/<policy>/<YYYY-MM-DD>`, `.2` for a second that day."""
    is_adoption: bool = False
    reasons: tuple[Reason, ...] = ()
    summary: str | None = None
    word: str = ""
    """Who settled the significance instead of the verdict, and why; empty where the verdict stands."""
    compared_with: str = ""
    """The tag of the posting that customers knew, which this one was judged against; empty where they knew none."""
    restores: str = ""
    """The tag of the posting whose text this one keeps in force, in place of what was announced since."""
    summaries: tuple[tuple[str, str], ...] = ()
    """What changed in plain words by language, for those beside the controlling one, which `summary` has."""
    is_announced: bool = False
    """Are customers told of it although nothing came before it: a new policy that says so?"""
    consent: Consent = Consent.NONE
    """What is asked of each customer; a minor posting asks nothing."""
    language: str = ""
    """Of files whose names say none, as the config had it; empty where nobody knows."""
    layout: str = ""
    """By which habit files were named, as the config had it."""
    ended_on: date | None = None
    """The first day on which the text before this one applied no longer: the policy was gone until this came."""

    def summary_in(self, language: str, *, controlling: str) -> str | None:
        """What changed in plain words of `language`; None where nobody said it in that."""
        return self.summary if language == controlling else dict(self.summaries).get(language)

    @property
    def version(self) -> str:
        """The last part of its addresses: `2026-11-22`, `2026-11-22.2` for a second that day."""
        return self.tag.rpartition("/")[2]

    @property
    def name(self) -> str:
        """What the policy was called when this was posted: its id then."""
        return self.tag.removeprefix("posted/").rpartition("/")[0]


class Posted(NamedTuple):
    """A posting with its text as stamped, as read back from git: what pages are made from."""

    posting: Posting
    revision: Revision
    """Texts as they stand at the tag (the posted date in them)."""


def post(
    revision: Revision,
    classification: Classification,
    *,
    posted_on: date,
    notice_days: int,
    tag: str,
    word: EditorWord | None = None,
    significance: Significance | None = None,
    not_before: date | None = None,
    compared_with: str = "",
    before: Revision | None = None,
) -> Posting:
    """The posting of `revision` on `posted_on`.

    A significant one binds after `notice_days`, or on the policy's own later `effective`. An editor's `word` counts
    before the verdict, which is `significance`, by default the classification's. `not_before` is when the text before
    this one binds, and the one that customers know: a later text contains them, so it cannot bind sooner than they were
    told. What the text posted `before` still says of
    itself in its front matter is used up.
    """
    settled = word is not None and word.significance is not None
    significance = (word.significance if word else None) or significance or classification.significance
    effective, summaries = effective_of(revision, before), summaries_of(revision, before)
    dates = [posted_on, not_before or posted_on, effective or posted_on]
    if significance is Significance.SIGNIFICANT:
        dates.append(posted_on + timedelta(days=notice_days))
    return Posting(
        policy_id=revision.policy_id,
        commit_id=revision.commit.commit_id,
        posted_on=posted_on,
        effective_on=max(dates),
        significance=significance,
        tag=tag,
        reasons=classification.reasons,
        summary=summaries.pop(revision.language, None),
        summaries=tuple(sorted(summaries.items())),
        word=_told(word) if word and settled else "",
        compared_with=compared_with,
        consent=consent_for(said_consent(revision, before), significance, classification.reasons),
    )


def effective_of(revision: Revision, before: Revision | None) -> date | None:
    """The day that its editor asks for."""
    asked = revision.controlling.front_matter.effective
    return asked if before is None or before.controlling.front_matter.effective != asked else None


def post_on_of(revision: Revision, before: Revision | None) -> date | None:
    """The day before which its editor does not want it posted."""
    asked = revision.controlling.front_matter.post_on
    return asked if before is None or before.controlling.front_matter.post_on != asked else None


def summaries_of(revision: Revision, before: Revision | None) -> dict[str, str]:
    """What changed in plain words, by language: of the controlling text for all, of each translation for itself."""
    found = _said(revision.controlling, before)
    for language, text in revision.texts.items():
        found |= {one: words for one, words in _said(text, before).items() if one == language}
    return found


def _said(text: PolicyText, before: Revision | None) -> dict[str, str]:
    said = text.front_matter
    earlier = before.texts.get(text.language) if before else None
    used = earlier.front_matter if earlier else None
    own = {text.language: said.summary} if said.summary and not (used and used.summary == said.summary) else {}
    return {**own, **({} if used and used.summaries == said.summaries else said.summaries)}


def _told(word: EditorWord) -> str:
    approved = f", approved by {word.approved_by}" if word.approved_by else ""
    because = f": {word.because}" if word.because else ""
    return f"{word.significance} by {word.by}{approved}{because}"


def adopt(revision: Revision, *, timezone: tzinfo, today: date, taken: Collection[str]) -> Posting:
    """What stands there already, taken as posted: on the date its text bears, else on the day it landed.

    Never later than `today`: a commit may be dated in years to come.
    A date in the text that is later than the commit is when it binds. Raises PolicyError for an unreadable date.
    """
    text = revision.controlling
    landed_on = min(revision.commit.landed_at.astimezone(timezone).date(), today)
    effective = find_effective_date(text.text, language=text.language, path=text.path)
    borne = find_posted_date(text.text, language=text.language, path=text.path) or effective
    posted_on = min(borne.value, landed_on) if borne else landed_on
    dates = [found.value for found in (borne, effective) if found]
    effective_on = max(posted_on, *dates, text.front_matter.effective or posted_on)
    return Posting(
        policy_id=revision.policy_id,
        commit_id=revision.commit.commit_id,
        posted_on=posted_on,
        effective_on=effective_on,
        significance=Significance.MINOR,
        tag=next_tag(revision.policy_id, posted_on, taken),
        is_adoption=True,
        consent=text.front_matter.consent or Consent.NONE,
    )


def stamped_texts(
    revision: Revision, posting: Posting, *, stamps_minor: bool, before: Revision | None
) -> dict[str, str]:
    """Each file as it will stand once posted: its dates set, what was said of this posting alone gone.

    Where the config leaves minor postings undated, and in a language that reads as it did while another one does not,
    dates stay as the text posted `before` has them, whatever an editor wrote. Raises PolicyError for a date that cannot
    be read.
    """
    earlier = before.texts if before else {}
    is_of_all = before is None or not has_changed(before, revision)
    is_dated = stamps_minor or posting.significance is Significance.SIGNIFICANT or posting.is_adoption
    return {
        text.path: _dated(text, posting.posted_on, posting.effective_on)
        if is_dated and (is_of_all or _follows(text, earlier.get(language)))
        else _dated_as(text, earlier.get(language))
        for language, text in revision.texts.items()
    }


def _follows(text: PolicyText, before: PolicyText | None) -> bool:
    return before is None or reads_differently(before, text)


def _dated(text: PolicyText, on: date, effective_on: date | None) -> str:
    dated = set_posted_date(text.text, on, effective_on=effective_on, language=text.language, path=text.path)
    return drop_used_up(dated)


def _dated_as(text: PolicyText, posted: PolicyText | None) -> str:
    on = find_posted_date(posted.text, language=posted.language, path=posted.path) if posted else None
    effective = find_effective_date(posted.text, language=posted.language, path=posted.path) if posted else None
    if not on and not effective:
        return drop_used_up(text.text)
    posted_on = (on or effective).value  # type: ignore[union-attr]  # one of them is there
    return _dated(text, posted_on, effective.value if effective else None)


def retire(revision: Revision, day: date) -> Revision:
    """The same with that day in its front matter as its last, unless it says one."""
    text = revision.controlling
    if text.front_matter.retired:
        return revision
    front_matter = text.front_matter._replace(retired=day)
    retired = text._replace(text=set_day(text.text, "retired", day), front_matter=front_matter)
    return revision._replace(texts={**revision.texts, revision.language: retired})


def end(revision: Revision, word: EditorWord, *, posted_on: date, on: date, tag: str, known: str) -> Posting:
    """The posting that tells customers that the policy applies no longer from that day `on`. `known`: the tag of the
    text that they know.
    """
    summaries = summaries_of(revision, None)
    return Posting(
        policy_id=revision.policy_id,
        commit_id=revision.commit.commit_id,
        posted_on=posted_on,
        effective_on=on,
        significance=Significance.SIGNIFICANT,
        tag=tag,
        summary=summaries.pop(revision.language, None),
        summaries=tuple(sorted(summaries.items())),
        word=_told(word),
        compared_with=known,
    )


def is_end(posting: Posting, revision: Revision) -> bool:
    """Does the policy end on the very day from which this text of it would bind?"""
    retired = revision.controlling.front_matter.retired
    return posting.significance is Significance.SIGNIFICANT and retired == posting.effective_on


def ended_texts(revision: Revision, before: Revision) -> dict[str, str]:
    """Each file as it will stand once its end is posted: with the dates that it had."""
    return {text.path: _dated_as(text, before.texts.get(language)) for language, text in revision.texts.items()}


def next_tag(policy_id: str, posted_on: date, taken: Collection[str]) -> str:
    """`posted/<policy>/<YYYY-MM-DD>`; the second that day ends in `.2`."""
    first = f"posted/{policy_id}/{posted_on.isoformat()}"
    tag, count = first, 1
    while tag in taken:
        count += 1
        tag = f"{first}.{count}"
    return tag


_SUMMARY_IN = "Notifier-Summary-"
LANGUAGE, LAYOUT = "Notifier-Language", "Notifier-Layout"
"""How files were read when this was posted: their config may say something else by now."""


def _by_language(said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, words in said.items():
        if key.startswith(_SUMMARY_IN.lower()):
            yield key.removeprefix(_SUMMARY_IN.lower()), words


def posting_trailers(posting: Posting) -> dict[str, str]:
    """A posting as trailers, for its stamp commit and its tag."""
    trailers = {
        "Notifier-Posting": posting.tag,
        "Notifier-Revision": posting.commit_id,
        "Notifier-Significance": posting.significance.value,
        "Notifier-Posted": posting.posted_on.isoformat(),
        "Notifier-Effective": posting.effective_on.isoformat(),
    }
    if posting.is_adoption:
        trailers["Notifier-Adopted"] = "true"
    if posting.is_announced:
        trailers["Notifier-Announced"] = "true"
    if posting.compared_with:
        trailers["Notifier-Compared-With"] = posting.compared_with
    if posting.restores:
        trailers["Notifier-Restores"] = posting.restores
    if posting.word:
        trailers["Notifier-Word"] = posting.word
    if posting.consent is not Consent.NONE:
        trailers["Notifier-Consent"] = posting.consent.value
    if posting.ended_on:
        trailers["Notifier-Ended"] = posting.ended_on.isoformat()
    if posting.language:
        trailers |= {LANGUAGE: posting.language, LAYOUT: posting.layout}
    if posting.summary:
        trailers["Notifier-Summary"] = posting.summary
    trailers |= {f"{_SUMMARY_IN}{language}": words for language, words in posting.summaries}
    return trailers


def read_posting(policy_id: str, trailers: Iterable[tuple[str, str]]) -> Posting | None:
    """The posting that trailers tell of; None where they tell of none (somebody else's tag)."""
    said: Mapping[str, str] = {key.lower(): value for key, value in trailers}
    ended = said.get("notifier-ended")
    try:
        return Posting(
            policy_id=policy_id,
            commit_id=said["notifier-revision"],
            posted_on=date.fromisoformat(said["notifier-posted"]),
            effective_on=date.fromisoformat(said["notifier-effective"]),
            significance=Significance(said["notifier-significance"]),
            tag=said["notifier-posting"],
            is_adoption=said.get("notifier-adopted") == "true",
            is_announced=said.get("notifier-announced") == "true",
            summary=said.get("notifier-summary"),
            word=said.get("notifier-word", ""),
            compared_with=said.get("notifier-compared-with", ""),
            restores=said.get("notifier-restores", ""),
            summaries=tuple(sorted(_by_language(said))),
            consent=Consent(said.get("notifier-consent", Consent.NONE)),
            language=said.get(LANGUAGE.lower(), ""),
            layout=said.get(LAYOUT.lower(), ""),
            ended_on=date.fromisoformat(ended) if ended else None,
        )
    except (KeyError, ValueError):
        return None

"""All that a reader opens, made from facts and texts alone: mails, events, redlines, and the page that tells of them.

Whoever checks a folder makes it again and compares: a page that says something else than the facts is found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from notifier.diff import diff
from notifier.diff.redline import draw
from notifier.ledger.states import FROZEN_ANEW, LEFT_ROSTER, SHARED_ADDRESS
from notifier.ledger.types import NoticeCounts, may_be_on
from notifier.notice.delivery import DeliveryStatus, NoticeState
from notifier.policy.agreement import AgreementMethod
from notifier.render.evidence import draw_index, draw_redline
from notifier.text.compared_text import compared_text, own_days
from notifier.text.front_matter import Consent
from notifier.text.markdown import parse
from notifier.usecases.evidence.journal_check import telling_entries
from notifier.usecases.evidence.letters import folder_of, letter_files, letters_of, message_of
from notifier.usecases.evidence.parcel import Files, file_name, format_of

Facts = Mapping[str, Any]
Told = Mapping[str, Any]
MOST_ATTEMPTS = 200
"""Rows of a table that somebody reads; all of them are in the facts."""
STANDING: Mapping[str, str] = {
    DeliveryStatus.QUEUED: "not sent yet",
    DeliveryStatus.SUPPRESSED: "never sent: the address must not be written to",
    DeliveryStatus.ATTEMPTED: "being sent",
    DeliveryStatus.IN_DOUBT: "sent, and nobody can tell whether it was taken",
    DeliveryStatus.ACCEPTED: "taken by the mail provider; nothing was reported since",
    DeliveryStatus.PROCESSED: "taken by the mail provider, which said it would deliver",
    DeliveryStatus.DEFERRED: "put off by the receiving server; nothing was reported since",
    DeliveryStatus.DELIVERED: "taken by the receiving mail server",
    DeliveryStatus.DROPPED: "not delivered: refused before it was delivered",
    DeliveryStatus.BOUNCED: "not delivered: the receiving server refused it",
    DeliveryStatus.COMPLAINED: "delivered, and reported as spam",
    DeliveryStatus.CANCELLED: "never sent: the notice was cancelled before",
}
STANDING_BECAUSE: Mapping[str, str] = {
    SHARED_ADDRESS: "one letter went to this address, which another customer shares; it is in their evidence",
    FROZEN_ANEW: "not delivered to this address; the letter to the one of now counts",
    LEFT_ROSTER: "never sent: this person had left the roster",
}
BY_THE_OUTBOX = "written to the outbox, a folder of the company; whether anybody sent it from there is not known here"
OVER = (NoticeState.FINISHED, NoticeState.CANCELLED)
BY_WORD = "no attempt is on record; how the notice ended was said by git or a person, as is told below"
NO_YES = "went on using the service, which is not the yes that was asked for"
ANSWERS: Mapping[str, str] = {"none": "agreed", "acknowledge": "acknowledged", "accept": "accepted"}
STATUS_OF_OUTCOME: Mapping[str, str] = {
    "intent": DeliveryStatus.ATTEMPTED,
    "accepted": DeliveryStatus.ACCEPTED,
    "in_doubt": DeliveryStatus.IN_DOUBT,
}
COUNTS = tuple(field.name for field in fields(NoticeCounts))
OUTCOME: Mapping[str, str] = {
    "intent": "begun, and its outcome was never recorded",
    "accepted": "taken",
    "not_sent": "not taken; tried again",
    "rejected_items": "refused because of some recipients",
    "rejected_request": "refused as a whole",
    "account_blocked": "the account could not send",
    "in_doubt": "nobody can tell",
}


def mail_files(facts: Facts) -> Files:
    """The mails as sent, and what providers reported as it came."""
    files: Files = {}
    for told in facts["notices"]:
        folder = folder_of(facts, told)
        files |= letter_files(told, folder)
        files |= {path: raw.encode() for path, raw in _raws(told, folder)}
    return files


def page_files(facts: Facts, texts: Mapping[str, bytes]) -> Files:
    """What is drawn: redlines and `index.html`."""
    files = {path: _redline(facts, texts, one, path) for path, one in redlines_of(facts).items()}
    return {**files, "index.html": draw_index(_said(facts))}


def redlines_of(facts: Facts) -> dict[str, dict[str, str]]:
    """Which redlines there are, by path: two tags and a language each."""
    found: dict[str, dict[str, str]] = {}
    for told in facts["notices"]:
        for change in told["postings"]:
            for language in _both(facts, change):
                before, after = change["before"], change["after"]
                versions = f"{facts['texts'][before]['version']}..{facts['texts'][after]['version']}"
                path = f"redlines/{file_name(change['policy'])}/{versions}.{file_name(language)}.html"
                found[path] = {"before": before, "after": after, "language": language}
    return found


def _both(facts: Facts, change: Mapping[str, Any]) -> list[str]:
    """The languages that both of its texts are here in."""
    if not change["after"] or not change["before"]:
        return []
    before, after = (facts["texts"][change[name]]["files"] for name in ("before", "after"))
    return sorted(before.keys() & after.keys())


def _redline(facts: Facts, texts: Mapping[str, bytes], one: Mapping[str, str], path: str) -> bytes:
    language = one["language"]
    files = [facts["texts"][one[name]]["files"][language] for name in ("before", "after")]
    before, after = (texts[file["file"]].decode() for file in files)
    compared = (compared_text(text, language=language) for text in (before, after))
    days = own_days(before, after, language=language)
    top = "../" * path.count("/")
    return draw_redline(
        draw(diff(*map(parse, compared)), days=days),
        {**one, "title": files[1]["title"], "top": top, "format": format_of(facts)},
    )


def _raws(told: Told, folder: str) -> Iterator[tuple[str, str]]:
    for number, event in enumerate(told.get("events", ()), 1):
        if "raw" in event:
            kind = "json" if event["raw"].startswith("{") else "txt"
            yield f"{folder}/event-{number}.{kind}", event["raw"]


def _said(facts: Facts) -> dict[str, Any]:
    """What the page says, in the order and words of a reader."""
    person = facts["about"].get("customer")
    about = (person["name"] or person["address"] or person["id"]) if person else f"notice {facts['about']['notice']}"
    return {
        "title": f"What {about} was told" if person else f"What was told by {about}",
        "facts": facts,
        "format": format_of(facts),
        "person": person,
        "notices": [_notice(facts, told, number) for number, told in enumerate(facts["notices"], 1)],
        "past": [{"retired_at": None, **row} for row in facts.get("past", ())],
        "in_force": [_in_force(facts, one) for one in facts["in_force"]],
        "acceptances": [{**one, "what": _answer(facts, one)} for one in facts["acceptances"]],
        "journal_lines": journal_lines(facts),
    }


def journal_lines(facts: Facts) -> list[str]:
    """What the page says of the journal."""
    chain = facts["journal"].get("chain")
    if not chain:
        return ["The journal has nothing to say of these facts: they are from before it was kept."]
    said = _chain_of_1(chain) if format_of(facts) == 1 else _chain(chain, telling_entries(facts))
    return [
        f"The company's journal chains every entry to the one before by its hash. {said}",
        *(
            f"Entry {one['number']:,}, and with it all before, was there at {one['stamped_at']} by the clock of "
            f"{one['authority']}: {one['file']}."
            for one in facts["anchors"]
        ),
    ]


def _chain(chain: Sequence[Mapping[str, Any]], telling: Sequence[int]) -> str:
    return (
        f"{len(telling):,} of its entries, from {telling[0]:,} on, tell of the facts here. From entry "
        f"{chain[-1]['number']:,} hashes lead back to each of them, and the way is in facts.json, the other entries on "
        "it by their hash alone. Some entries name one that is far back, and what lies between those is not here."
    )


def _chain_of_1(chain: Sequence[Mapping[str, Any]]) -> str:
    whole = sum("facts" in line for line in chain)
    return (
        f"{whole:,} of its entries tell of the facts here; the chain goes from entry {chain[0]['number']:,} to entry "
        f"{chain[-1]['number']:,}, and is in facts.json. The other entries are there by their hash alone."
    )


def _notice(facts: Facts, told: Told, number: int) -> dict[str, Any]:
    delivery, folder = told.get("delivery"), folder_of(facts, told)
    letters = list(letters_of(told))
    attempts = [_attempt(folder, one, letters) for one in told["attempts"]]
    reports = dict(_places(told, folder))
    events = [
        {"reason": "", **event, "status": _status(facts, event), "file": reports.get(place), "signed": _signed(event)}
        for place, event in enumerate(told.get("events", ()), 1)
    ]
    frozen = [message_of(row) for row in told["messages"]]
    name = delivery["name"] if delivery else ""
    moments = [told["notice"]["created_at"], *(one.get("finished_at") or "" for one in attempts)]
    return {
        "id": told["notice"]["notice_id"],
        "anchor": f"notice-{number}",
        "row": {**dict.fromkeys(("approved_by", "approved_at", "started_at", "finished_at")), **told["notice"]},
        "delivery": {"reason": "", "is_possible_duplicate": False, **delivery} if delivery else None,
        "standing": _standing(facts, told) if delivery else told["notice"]["state"],
        "counts": [(name.replace("_", " "), told["counts"][name]) for name in COUNTS if name in told.get("counts", {})],
        "titles": [_title(facts, one["after"], one["row"]["policy_id"]) for one in told["postings"]],
        "letters": [_letter(one.to(name), one.sha256) for one in frozen],
        "attempts": attempts[:MOST_ATTEMPTS],
        "more_attempts": max(0, len(attempts) - MOST_ATTEMPTS),
        "is_by_request": bool(delivery) and any(one["mailer"] == "sendgrid" for one in attempts),
        "events": events,
        "last_at": max([*moments, *(event["at"] for event in events)]),
        "changes": [_change(facts, told, one) for one in told["postings"]],
        "audit": [{"detail": "", **one} for one in told["audit"]],
    }


def _answer(facts: Facts, one: Mapping[str, Any]) -> str:
    """What a person said, and no more: mere use accepts nothing, and a posting that was taken back binds nobody."""
    if by := facts.get("taken_back", {}).get(one["tag"]):
        return f"{ANSWERS.get(one['asked'], one['asked'])}; taken back by {by}, so that it counts for nothing"
    if one["method"] == AgreementMethod.CONTINUED_USE and one["asked"] == Consent.ACCEPT and format_of(facts) > 1:
        return NO_YES
    return ANSWERS.get(one["asked"], str(one["asked"]))


def _standing(facts: Facts, told: Told) -> str:
    """How far it came for this person: as their own row says, else as the last attempt does."""
    if because := STANDING_BECAUSE.get(told["delivery"].get("reason", "")):
        return because
    last = told["attempts"][-1]["outcome"] if told["attempts"] else ""
    status = told["delivery"].get("status") or STATUS_OF_OUTCOME.get(last, DeliveryStatus.QUEUED)
    if status == DeliveryStatus.QUEUED and told["notice"]["state"] in OVER and format_of(facts) > 2:
        return BY_WORD
    mailers = {one["mailer"] for one in told["attempts"][-1:]}
    if status == DeliveryStatus.ACCEPTED and mailers == {"outbox"} and format_of(facts) > 1:
        return BY_THE_OUTBOX
    return STANDING.get(status, status)


def _letter(message: Any, sha256: str) -> dict[str, str]:
    said = {"language": message.language, "subject": message.subject, "text": message.text}
    return {**said, "sha256": sha256}


def _attempt(folder: str, row: Mapping[str, Any], letters: list[Any]) -> dict[str, Any]:
    files = []
    for number, letter in enumerate(letters, 1):
        if letter.attempt["attempt_id"] == row["attempt_id"]:
            path = f"{folder}/attempt-{number}"
            files = [*([f"{path}.request.json"] if letter.request is not None else []), f"{path}.eml"]
    blank = dict.fromkeys(("destination", "error", "provider_request_id", "finished_at"))
    return {**blank, **row, "words": OUTCOME.get(row["outcome"], row["outcome"]), "files": files}


def _places(told: Told, folder: str) -> Iterator[tuple[int, str]]:
    for path, _ in _raws(told, folder):
        yield int(path.rpartition("-")[2].partition(".")[0]), path


def _status(facts: Facts, event: Mapping[str, Any]) -> str:
    """What a report says of the mail; nothing where it is about something else."""
    status = event.get("status") or ""
    return STANDING.get(status, status).partition(";")[0] if format_of(facts) > 2 else status


def _signed(event: Mapping[str, Any]) -> str:
    return "yes, by the provider" if event.get("report", {}).get("signature") else "no"


def _title(facts: Facts, tag: str | None, policy_id: str) -> tuple[str, str]:
    """Of a posting's text, with its language; of none that is here, the policy's name, which is in none."""
    if not tag:
        return policy_id, ""
    text = facts["texts"][tag]
    return str(text["files"][text["language"]]["title"]), _spoken(facts, text)


def _spoken(facts: Facts, text: Mapping[str, Any]) -> str:
    """The language of what is quoted of it; earlier formats did not say it."""
    return str(text.get("language", "")) if format_of(facts) > 3 else ""


def _change(facts: Facts, told: Told, change: Mapping[str, Any]) -> dict[str, Any]:
    row = {"summary": "", **change["row"]}
    text = facts["texts"].get(change["after"] or "", {})
    links = [*_links(facts, change["before"], "before"), *_links(facts, change["after"], "after")]
    drawn = [(path, one) for path, one in redlines_of({**facts, "notices": [{**told, "postings": [change]}]}).items()]
    links += [{"file": path, "words": f"every change ({one['language']})"} for path, one in drawn]
    words = may_be_on(row["commit_id"], row["policy_id"])
    return {
        "row": row,
        "title": _title(facts, change["after"], row["policy_id"]),
        "language": _spoken(facts, text),
        "says": {"word": "", **change.get("says", {})},
        "author": text.get("author", ""),
        "decisions": [one for one in told["decisions"] if one["commit_id"] in words],
        "reasons": json.loads(row["reasons"]),
        "links": links,
    }


def _links(facts: Facts, tag: str | None, words: str) -> list[dict[str, str]]:
    files = facts["texts"][tag]["files"] if tag else {}
    return [{"file": one["file"], "words": f"{words} ({language})"} for language, one in sorted(files.items())]


def _in_force(facts: Facts, one: Mapping[str, Any]) -> dict[str, Any]:
    if not one["tag"]:
        return {**one, "title": (one["policy"], ""), "links": []}
    title, version = _title(facts, one["tag"], one["policy"]), facts["texts"][one["tag"]]["version"]
    return {**one, "title": title, "version": version, "links": _links(facts, one["tag"], "text")}

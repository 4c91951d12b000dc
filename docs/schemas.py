"""`python -m docs.schemas`: write `docs/schemas/`, a JSON Schema (draft 2020-12) for what each `--json` prints.

What several verbs print stands here once, so that names and types agree. Each file is whole: it refers to no other.
The suite holds every answer that its tests see to these, and the files to this module.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from notifier.diff import Layer
from notifier.ledger.cluster.processes import ProcessRole
from notifier.ledger.people.api_keys import Scope
from notifier.notice.delivery import DeliveryStatus, NoticeState
from notifier.policy.agreement import AgreementMethod, AgreementStatus
from notifier.policy.waiting import WaitReason
from notifier.significance import Certainty, Significance
from notifier.text.document import BlockKind
from notifier.text.front_matter import Consent
from notifier.usecases.comings import Fate
from notifier.usecases.doctor import PartHealth

FOLDER = Path(__file__).parent / "schemas"
Schema = dict[str, Any]


def text(says: str = "") -> Schema:
    return {"type": "string"} | ({"description": says} if says else {})


def whole(says: str = "") -> Schema:
    return {"type": "integer", "minimum": 0} | ({"description": says} if says else {})


def yes_or_no(says: str = "") -> Schema:
    return {"type": "boolean"} | ({"description": says} if says else {})


def one_of(kind: Any, says: str = "") -> Schema:
    return {"type": "string", "enum": [member.value for member in kind]} | ({"description": says} if says else {})


def code(says: str) -> Schema:
    """One of a set that grows: a program must not break at a new one."""
    return {"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$", "description": says}


def day(says: str = "") -> Schema:
    return {"type": "string", "format": "date"} | ({"description": says} if says else {})


def moment(says: str = "") -> Schema:
    return {"type": "string", "format": "date-time"} | ({"description": says} if says else {})


def listed(items: Schema, says: str = "") -> Schema:
    return {"type": "array", "items": items} | ({"description": says} if says else {})


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    if "properties" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    nothing = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return schema | {"type": [schema["type"], "null"]} | nothing


def obj(properties: dict[str, Schema], *, optional: frozenset[str] = frozenset(), says: str = "") -> Schema:
    """An object with exactly these keys; all are there but the optional ones."""
    return ({"description": says} if says else {}) | {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def by_key(values: Schema, says: str) -> Schema:
    return {"description": says, "type": "object", "additionalProperties": values}


# What several verbs print

POLICY = text("A policy's id, such as `privacy` or `legal/dpa`.")
POLICIES = listed(POLICY)
REVISION = text("The full id of a git commit.")
TAG = text("The posting's tag, such as `posted/privacy/2026-11-22`.")
NOTICE_ID = text("A notice's id, such as `2026-11-22-privacy`.")
SIGNIFICANCE = one_of(Significance)
CERTAINTY = one_of(Certainty, "A close one waits for an editor's word.")
CONSENT = one_of(Consent, "What its posting asks of customers.")
PERSON_STANDING = {
    "person": text("A customer's id."),
    "policy": text("A policy's id, such as `privacy` or `legal/dpa`."),
    "status": one_of(AgreementStatus),
    "required": CONSENT,
    "by": maybe(day("From when the text applies that asks; past where it does already.")),
}
API_KEY = {
    "id": text("What it is called."),
    "name": text(),
    "scopes": listed(one_of(Scope)),
    "created_at": moment(),
    "revoked_at": maybe(moment()),
}
POSTED_ON = day("When it was posted.")
EFFECTIVE_ON = day("From when it applies.")
LANGUAGE = text("A language tag, such as `de`; empty where none is known.")
SECTION = listed(text(), "The headings that it stands under, outermost first.")
IGNORED = listed(text(), "Words on significance that do not count, each with the reason.")
WHY = text("For people.")

REASON = obj(
    {
        "topic": maybe(text("What it is about, such as `sharing`.")),
        "rule": text("`notifier rules RULE` tells what it looks for."),
        "section": SECTION,
        "paragraph": maybe(whole("Its place under the last heading, from 1.")),
        "before": text("The sentence as it was; empty where it is new."),
        "after": text("The sentence as it is; empty where it went."),
        "changed_before": text("The words of it that changed."),
        "changed_after": text(),
        "basis": maybe(text("Where a rule of law asks for the notice, such as `WP260 ¶30`.")),
        "line": maybe(whole("Where in the file, from 1.")),
    }
)
PASSAGE = obj(
    {
        "text": text("What stood or stands there; empty where something went in or out."),
        "line": whole("From 1."),
        "column": whole(),
        "section": SECTION,
        "paragraph": maybe(whole()),
        "block": one_of(BlockKind),
        "sentence": text("The whole sentence around it."),
    }
)
MOVE = obj(
    {
        "title": text(),
        "words": whole(),
        "from_section": SECTION,
        "to_section": SECTION,
        "from_line": whole(),
        "to_line": whole(),
    }
)
REDLINE = {
    "edits": listed(
        obj({"layer": one_of(Layer), "in_move": yes_or_no(), "before": PASSAGE, "after": PASSAGE}),
        "In the order of the new text.",
    ),
    "moves": listed(MOVE),
    "stats": obj(
        {name: whole() for name in ("words_deleted", "words_inserted", "words_moved", "runs", "words_in_links")}
    ),
    "budget_reached": yes_or_no("The texts are so long and so different that the redline is coarser than usual."),
}
COMPARISON = {"significance": SIGNIFICANCE, "certainty": CERTAINTY, "reasons": listed(REASON), **REDLINE}
ALARM = obj(
    {
        "code": code('See "What each alarm means" in docs/operator.md; none is renamed, and new ones come.'),
        "text": text("For people; it may change."),
        "policy": POLICY,
        "notice_id": NOTICE_ID,
        "transport": text("As in `mail.transport`."),
        "channel": text("As under `alarms` in the config."),
        "count": whole("How many customers (or rows) it is about."),
        "until": moment("When it ends by itself."),
    },
    optional=frozenset({"policy", "notice_id", "transport", "channel", "count", "until"}),
)
ALARMS = listed(ALARM, "What needs a person; the exit code is 1 while there is one.")
COUNTS = {
    name: whole()
    for name in (
        "recipients", "queued", "accepted", "delivered", "deferred", "bounced", "dropped", "complained", "suppressed",
        "cancelled", "in_doubt", "possible_duplicates", "not_reached",
    )
}  # fmt: skip
NOTICE = {
    "notice_id": NOTICE_ID,
    "id": text("As `notice_id`."),
    "state": one_of(NoticeState),
    "why": maybe(text("Why it is held, waits or was cancelled.")),
    "policies": POLICIES,
    "effective_on": maybe(day("From when it applies; null where another notice tells of it now.")),
    "overdue": yes_or_no("Not everybody was reached by the deadline."),
    **COUNTS,
    "per_second": maybe({"type": "number", "description": "While it is being sent."}),
    "seconds_left": maybe({"type": "number"}),
}
CUSTOMER = {
    "id": text("As in the roster."),
    "email": text(),
    "name": text(),
    "language": LANGUAGE,
    "tags": listed(text()),
}
OUTCOME = {
    "status": one_of(DeliveryStatus),
    "reason": maybe(text("What the provider or the receiving server said, or why it was not sent.")),
    "possible_duplicate": yes_or_no("It may have come twice."),
}
STATE_OF_NOTICE = obj({"notice_id": NOTICE_ID, "id": text("As `notice_id`."), "state": one_of(NoticeState)})
RULE = obj({"rule": text(), "says": text(), "before": text(), "after": text(), "never_clearly_minor": yes_or_no()})
WAITING = {"reason": one_of(WaitReason), "why": WHY, "until": maybe(moment("When it goes out by itself."))}
SHARE = maybe({"type": "number", "minimum": 0, "maximum": 1})


# What each verb prints

LETTERS = listed(
    obj(
        {
            "language": LANGUAGE,
            "policies": POLICIES,
            "recipients": whole(),
            "subject": text(),
            "text": text(),
            "html": text(),
            "findings": listed(text(), "What must be mended in it."),
        }
    ),
    "With --email: the messages.",
)
PREVIEWS = listed(
    obj(
        {
            "policy": POLICY,
            "title": text(),
            "before": text("What it is compared with, in words."),
            "after": text(),
            **COMPARISON,
            "significance": maybe(SIGNIFICANCE),
            "certainty": maybe(CERTAINTY),
            "languages": by_key(obj(COMPARISON), "The other languages that changed; the one that decides is above."),
            "posted_as": maybe(SIGNIFICANCE),
            "posted_on": maybe(POSTED_ON),
            "effective_on": maybe(EFFECTIVE_ON),
            "consent": maybe(CONSENT),
            "word": text("An editor's word where it decides; empty where none does."),
            "ignored": IGNORED,
            "waits": maybe(obj({"why": WHY, "until": WAITING["until"]})),
            "foreign": listed(text(), "Texts that read like another language than their own."),
            "gone": listed(text(), "Languages that were posted and are kept no longer."),
            "is_told": yes_or_no("Would a run's notice tell of it?"),
            "readers": by_key(whole(), "How many would be told, by language."),
            "is_by_git": yes_or_no("An editor's clone: roster, decisions and notices are known where Notifier runs."),
            "state": text("What is public of it now; empty where nothing is."),
            "fate": maybe(one_of(Fate, "What became of it; without a verdict where it went.")),
            "says": text("What will be said of that."),
            "mend": text("What somebody has to say first."),
        }
    ),
    "One for each policy that a run would touch, came, went, has another name, or was asked for by name.",
)
FINDING = obj(
    {
        "path": text(),
        "line": maybe(whole()),
        "rule": code("What kind of finding; none is renamed, and new ones come."),
        "text": text(),
        "mend": text(),
        "is_error": yes_or_no(),
        "basis": maybe(text()),
    }
)
POSTING = obj(
    {
        "policy": POLICY,
        "revision": REVISION,
        "significance": SIGNIFICANCE,
        "posted_on": POSTED_ON,
        "effective_on": EFFECTIVE_ON,
        "tag": TAG,
        "adopted": yes_or_no("Taken over as it stood at the first run."),
    }
)
NOT_REACHED_BY = listed(
    obj({"notice_id": NOTICE_ID, "until": day(), "customers": whole()}),
    "Notices whose period runs, and how many joined their audience since they went out.",
)
RUN_NOTICE = obj(
    {
        "notice_id": NOTICE_ID,
        "id": text("As `notice_id`."),
        "state": one_of(NoticeState),
        "policies": POLICIES,
        "effective_on": EFFECTIVE_ON,
        "audience": whole("As `recipients`."),
        "sent": whole("Taken by the provider, whatever became of them."),
        "failed": whole("Bounced or dropped."),
        **COUNTS,
    }
)
IN_FORCE = obj(
    {
        "tag": TAG,
        "version": text("As in the page's address."),
        "revision": REVISION,
        "posted_on": POSTED_ON,
        "effective_on": EFFECTIVE_ON,
        "until": maybe(day("Until when; null where no end is set.")),
        "significance": SIGNIFICANCE,
        "language": LANGUAGE,
        "title": text(),
        "path": text(),
        "page": maybe(text("Where it can be read.")),
        "lacks": maybe(text("The tag of the posting whose change this translation does not have.")),
        "translates": maybe(text("The tag of the posting that this translation of it came too late for.")),
    }
)
CALLED = ("minor", "close", "significant")
WRONG = obj(
    {
        "id": text("As in the labels."),
        "significance": SIGNIFICANCE,
        "called": text(),
        "why": text(),
        "reasons": listed(REASON),
        "redline": obj({**REDLINE, "spans": listed(obj({"kind": text(), "layer": maybe(text()), "text": text()}))}),
    }
)

EVIDENCE = obj(
    {
        "path": text("The folder or .zip."),
        "files": whole(),
        "bytes": whole(),
        "pdf": maybe(text("Its pages in one file, where --pdf asked for it.")),
    }
)

JOURNAL_HEAD = obj({"number": whole("Of the last entry."), "hash": text()})
MISFIT = obj({"entry": maybe(whole()), "says": text("For people; the entry that does not fit, where one tells of it.")})
TIERS = listed(
    obj(
        {
            "tier": text("consistent, chained, matches git, matches the pages, anchored."),
            "holds": maybe(yes_or_no()),
            "says": text("What it was held against."),
            "misfits": listed(MISFIT),
        }
    )
)
VERIFIED = obj(
    {
        "holds": yes_or_no("Nothing was found that does not fit."),
        "head": JOURNAL_HEAD,
        "tiers": TIERS,
        "first_misfit": maybe(MISFIT),
    }
)
EXAMINED = obj(
    {
        "about": text("Of what, as of when, made when and by what."),
        "holds": yes_or_no(),
        "steps": listed(
            obj(
                {
                    "step": text("Such as `mails`."),
                    "holds": maybe(yes_or_no()),
                    "found": text("What was computed; where it does not hold, the first thing that does not fit."),
                    "rests_on": text("What would have to be believed for it to be false."),
                }
            )
        ),
    }
)

VERBS: dict[str, Schema] = {
    "init": obj(
        {
            "root": text(),
            "made": listed(text()),
            "kept": listed(text()),
            "commit": maybe(REVISION),
            "policies": text("The folder of policies."),
            "to_fill_in": listed(text(), "Keys of the config that nobody has said yet."),
        }
    ),
    "import": obj(
        {
            "path": text("The policy that was made."),
            "title": text(),
            "headings": whole(),
            "lost": listed(text(), "What could not be carried over."),
        }
    ),
    "preview": {"anyOf": [PREVIEWS, LETTERS]},
    "diff": obj(COMPARISON),
    "check": obj(
        {
            "findings": listed(FINDING),
            "changed": listed(
                obj(
                    {
                        "policy": POLICY,
                        "before": text("What it is compared with, in words."),
                        "lacks_word": yes_or_no("It would wait for an editor's word."),
                        "counts_as": SIGNIFICANCE,
                        "consent": CONSENT,
                        "ignored": IGNORED,
                        **COMPARISON,
                    }
                )
            ),
        }
    ),
    "log": listed(
        obj(
            {
                "policy": POLICY,
                "revision": REVISION,
                "landed_at": moment(),
                "author": text(),
                "subject": text(),
                "significance": maybe(SIGNIFICANCE),
                "certainty": maybe(CERTAINTY),
                "reasons": listed(REASON),
                "editor": maybe(obj({"because": text(), "approved_by": maybe(text())})),
                "ignored": IGNORED,
            }
        ),
        "Newest first; a policy's first revision has no significance.",
    ),
    "run": obj(
        {
            "posted": listed(POSTING),
            "notices": listed(RUN_NOTICE),
            "waiting": listed(obj({"policy": POLICY, **WAITING, "revisions": listed(REVISION)})),
            "ignored": IGNORED,
            "announced": listed(TAG, "Postings that a notice tells of."),
            "withdrawn": listed(NOTICE_ID, "Overtaken before anybody was told."),
            "alarms": ALARMS,
        }
    ),
    "schedule": obj(
        {"cron": text(), "timezone": text(), "next_run_at": maybe(moment()), "last_run_at": maybe(moment())}
    ),
    "status": obj(
        {
            "policies": listed(
                obj(
                    {
                        "policy": POLICY,
                        "posted_on": maybe(POSTED_ON),
                        "effective_on": maybe(EFFECTIVE_ON),
                        "in_force_since_posting_of": maybe(day("When the text that binds today was posted.")),
                        "waiting_for": maybe(text()),
                        "people": maybe(
                            obj(
                                {one.value: whole() for one in AgreementStatus},
                                says="Of its audience, who stands where.",
                            )
                        ),
                    }
                )
            ),
            "notices": listed(obj(NOTICE)),
            "not_reached_by": NOT_REACHED_BY,
            "processes": listed(
                obj(
                    {
                        "host": text(),
                        "pid": whole(),
                        "role": one_of(ProcessRole),
                        "version": text("Of Notifier."),
                        "began_at": moment(),
                        "seen_at": moment("When it last gave a sign of life."),
                    }
                ),
                "Who works on the ledger.",
            ),
            "alarms": ALARMS,
        }
    ),
    "notice-list": listed(obj(NOTICE), "Oldest first."),
    "notice-show": obj(
        {
            **NOTICE,
            "tags": listed(TAG),
            "created_at": moment(),
            "deadline": moment(),
            "approved_by": maybe(text()),
            "messages": listed(
                obj(
                    {
                        "language": LANGUAGE,
                        "policies": POLICIES,
                        "subject": text(),
                        "recipients": whole(),
                        "sha256": text("Of the message as it was frozen."),
                    }
                )
            ),
            "causes": listed(
                obj({"status": one_of(DeliveryStatus), "reason": text(), "customers": whole()}),
                "Why it did not reach those whom it did not, the most frequent first.",
            ),
            "audit": listed(obj({"at": moment(), "who": text(), "what": text(), "detail": text()})),
        }
    ),
    "notice-recipients": listed(
        obj(
            {
                "id": text("The customer, as in the roster."),
                "email": text(),
                "name": text(),
                "language": LANGUAGE,
                **OUTCOME,
                "moved": yes_or_no("The roster has another address for them now, or they left it since it was frozen."),
                "attempt": maybe(whole("Which one.")),
                "attempt_id": maybe(text()),
                "attempted_at": maybe(moment()),
            }
        )
    ),
    **{
        f"notice-{verb}": STATE_OF_NOTICE
        for verb in (
            "approve",
            "hold",
            "resume",
            "cancel",
            "retry",
            "extend",
            "settle",
            "move",
            "accept-unreached",
        )
    },
    "notice-test": obj(
        {
            "source": text("The notice's id, or `working-tree`."),
            "notice_id": maybe(NOTICE_ID),
            "languages": listed(LANGUAGE),
        }
    ),
    "customers-import": obj(
        {
            "added": whole(),
            "changed": whole(),
            "unchanged": whole(),
            "gone": whole(),
            "bad_rows": listed(text()),
            "remarks": listed(text(), "What was recognised, and what cannot be known."),
            "not_reached_by": NOT_REACHED_BY,
            "dry_run": yes_or_no(),
            "first": listed(obj(CUSTOMER), "With --dry-run: the first rows, masked."),
            "languages": by_key(whole(), 'With --dry-run: how many customers read each, `""` where none is given.'),
            "tags": by_key(whole(), "With --dry-run: how many customers have each."),
        }
    ),
    "people-list": listed(obj(PERSON_STANDING)),
    "people-show": obj(
        {
            "person": text("A customer's id."),
            "standings": listed(obj(PERSON_STANDING)),
            "acceptances": listed(
                obj(
                    {
                        "policy": POLICY,
                        "posting": TAG,
                        "text_sha256": text(),
                        "language": LANGUAGE,
                        "method": one_of(AgreementMethod),
                        "at": moment(),
                        "recorded_at": moment(),
                        "receipt": text("The last part of its page's address."),
                    }
                ),
                "Oldest first.",
            ),
        }
    ),
    "people-import": obj(
        {"added": whole(), "known": whole("Brought in by an earlier import."), "dry_run": yes_or_no()}
    ),
    "people-receipt": obj({"is_genuine": yes_or_no(), "fault": maybe(text())}),
    "keys-create": obj({**API_KEY, "key": text("The key itself, shown this once.")}),
    "keys-list": listed(obj(API_KEY)),
    "keys-revoke": obj(API_KEY),
    "customers-export": listed(obj(CUSTOMER)),
    "customers-list": listed(obj(CUSTOMER)),
    "customers-show": obj(
        {
            "customer": maybe(obj(CUSTOMER)),
            "left_at": maybe(moment("When they were no longer on the company's list; told nothing since.")),
            "suppressed": listed(text(), "Why the address is not written to; empty where it is."),
            "notices": listed(
                obj(
                    {
                        "notice_id": NOTICE_ID,
                        "accepted_at": maybe(moment()),
                        "language": LANGUAGE,
                        "subject": text(),
                        **OUTCOME,
                    }
                )
            ),
        }
    ),
    "customers-suppress": obj({"suppressed": listed(text())}),
    "customers-forget": obj({"records_erased": whole()}),
    "at": obj(
        {
            "policy": POLICY,
            "asked_for": text("As it was called in the question."),
            "day": day(),
            "is_to_come": yes_or_no("It is said as things stand today."),
            "first_in_force_on": day(),
            "retired_on": maybe(day("When the policy was taken away.")),
            "in_force": maybe(IN_FORCE),
        }
    ),
    "evidence-customer": EVIDENCE,
    "evidence-notice": EVIDENCE,
    "anchor": obj(
        {
            "is_new": yes_or_no("False where nothing was written since the last one."),
            "head": maybe(JOURNAL_HEAD),
            "stamped_at": maybe(text()),
            "authority": text(),
        }
    ),
    "export-notice": obj({"file": text(), "rows": whole()}),
    "backup": obj({"file": text(), "bytes": whole(), "head": JOURNAL_HEAD}),
    "restore": obj(
        {
            "aside": text("Where the ledger that was there before is kept."),
            "head": JOURNAL_HEAD,
            "lost": whole("Commits and tags that have seen entries which the copy does not have."),
            "forgotten": whole("Customers who were forgotten since the copy was made, and now once more."),
            "unaccepted": whole("Acceptances that came after the copy, as far as what was there before tells."),
            "acceptances": maybe(text("Where those are, as `people import` takes them; null where there are none.")),
            "customers": maybe(text("Where those are who came or changed since, as `customers import` takes them.")),
            "learnt": obj(
                {
                    "held_back": whole("Addresses that were suppressed after the copy, and are still."),
                    "let_go": whole("Addresses that were let go after the copy, and are suppressed again."),
                    "revoked": whole("Keys that were revoked after the copy, and are still."),
                    "stopped": by_key(text(), "Notices that are cancelled or held again, each with which."),
                    "gone": by_key(whole(), "By kind the entries of the journal that the copy lacks."),
                }
            ),
            "key": maybe(text("The key that signed receipts lies not here, and what to do; null where it does.")),
            "differences": listed(text(), "What `recover` must settle first."),
        }
    ),
    "migrate": obj(
        {
            "schema": maybe(text("Which one the ledger has now; null: there is none yet.")),
            "newest": text("Which one this version brings."),
            "was": maybe(text()),
            "steps": listed(
                obj(
                    {
                        "version": text(),
                        "says": text(),
                        "compatible_since": text("The oldest schema whose processes may go on beside it."),
                    }
                ),
                "Taken, or with `--dry-run` pending.",
            ),
        }
    ),
    "ledger-move": obj(
        {
            "holds": yes_or_no("As `verify` finds it in its new place."),
            "url": text("Where it is now, without a password."),
            "key": text("What says so from now on: `ledger.url`, or the variable that stands in for it."),
            "tables": listed(
                obj({"table": text(), "rows": whole(), "digest": text("The sum of the hashes of its rows.")}),
                "Empty where it had been moved before.",
            ),
            "tiers": TIERS,
        }
    ),
    "verify": {"anyOf": [VERIFIED, EXAMINED]},
    "publish": obj(
        {
            "folder": maybe(text()),
            "written": whole(),
            "kept": whole(),
            "removed": whole(),
            "left_out": by_key(text(), "Policies without a page, each with the reason."),
            "alarms": ALARMS,
        }
    ),
    "decide": obj(
        {
            "policies": POLICIES,
            "revisions": listed(REVISION),
            "significance": SIGNIFICANCE,
            "because": text(),
            "by": text(),
        }
    ),
    "withdraw": obj(
        {
            "policy": POLICY,
            "withdrawn": listed(TAG),
            "stays": TAG,
            "commit": REVISION,
            "is_told": yes_or_no("Customers are told that it does not come."),
        }
    ),
    "evaluate": obj(
        {
            "revisions": whole(),
            "confusion": obj({label: obj({name: whole() for name in CALLED}) for label in ("minor", "significant")}),
            **dict.fromkeys(("missed", "false_alarms", "close", "recall", "precision", "topic_hits"), SHARE),
            "topic_recall": by_key({"type": "number", "minimum": 0, "maximum": 1}, "By topic."),
            "wrong": listed(WRONG),
        }
    ),
    "explain": listed(
        obj(
            {
                "policy": POLICY,
                "revision": REVISION,
                "landed_at": moment(),
                "author": text(),
                "subject": text(),
                **COMPARISON,
                "trailer": maybe(SIGNIFICANCE),
                "ignored": IGNORED,
                "decision": maybe(SIGNIFICANCE),
                "decided_by": maybe(text()),
                "because": maybe(text()),
                "tag": maybe(TAG),
                "posted_on": maybe(POSTED_ON),
                "effective_on": maybe(EFFECTIVE_ON),
                "posted_as": maybe(SIGNIFICANCE),
                "notice_id": maybe(NOTICE_ID),
                "notice": maybe(text("As `notice_id`.")),
                "recipients": maybe(whole()),
                "waits_until": maybe(moment()),
            },
            optional=frozenset(COMPARISON),
        ),
        "A policy's first revision has nothing that it is compared with.",
    ),
    "rules": {"anyOf": [listed(RULE), RULE]},
    "recover": obj(
        {
            "tags": listed(TAG, "Made anew in git."),
            "postings": listed(TAG, "Written down again in the ledger."),
            "notices": listed(text(), "Notices written down again, each in a line."),
            "questions": listed(TAG, "Were customers told of these?"),
            "differences": listed(text()),
        }
    ),
    "doctor": obj(
        {
            "is_well": yes_or_no(),
            "parts": listed(obj({"part": text(), "health": one_of(PartHealth), "says": text()})),
        }
    ),
}


def schemas() -> dict[str, Schema]:
    """Each by the name of its file."""
    return {
        f"{name}.json": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"notifier {name.replace('-', ' ', 1)} --json",
            **schema,
        }
        for name, schema in VERBS.items()
    }


def written(schema: Schema) -> str:
    """As it stands in its file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for name, schema in schemas().items():
        (FOLDER / name).write_text(written(schema), "utf-8")

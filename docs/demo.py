"""`make demo`: the main job, played in `build/demo/` with the project's own policies, templates and config.

Every line under a `$` is what the command itself prints; nothing here is canned.
"""

from __future__ import annotations

import email
import email.policy
import json
import os
from pathlib import Path
from typing import Any

from docs.gate_app import Twin, notifier_serving
from docs.stage import CHECKOUT, CUSTOMERS, SHARED_WITH_ADVERTISERS, Stage

STAGE = Stage(CHECKOUT / "build" / "demo")
MISSPELLED = ("misuse", "missuse")


def main() -> None:
    set_the_stage()
    adopt()
    fix_a_spelling()
    share_with_someone_new()
    run_again()
    ask_for_a_yes()
    prove_it()
    say_where_to_look()


def set_the_stage() -> None:
    """A fresh installation, with one misspelled word in a policy."""
    STAGE.set()
    STAGE.rewrite("privacy.md", *MISSPELLED)
    STAGE.commit("Write down our policies")
    chapter("A company's policies in git, twelve customers in three languages")
    notifier("customers", "import", str(CUSTOMERS))


def adopt() -> None:
    chapter("The first run adopts what is posted already: no text changes, nobody is mailed")
    notifier("run")


def fix_a_spelling() -> None:
    STAGE.rewrite("privacy.md", *reversed(MISSPELLED))
    STAGE.commit("Fix a spelling mistake")
    chapter("An editor fixes a spelling mistake: posted with a new date, no mail")
    notifier("preview", "privacy")
    before = date_lines()
    notifier("run")
    show_date_lines(before)


def share_with_someone_new() -> None:
    for revised in SHARED_WITH_ADVERTISERS:
        STAGE.rewrite(revised.name, revised.before, revised.after)
        STAGE.summarise(revised.name, revised.summary)
    STAGE.commit("Measure campaigns with advertising partners")
    chapter("A revision by which data goes to a new kind of third party: every customer must be told")
    notifier("preview", "privacy")
    before = date_lines()
    notifier("run")
    show_date_lines(before)
    notifier("status")
    show_first_message()


def run_again() -> None:
    chapter("The next run finds nothing to do: nobody is told twice")
    before = len(STAGE.messages())
    notifier("run")
    say(f"messages in the outbox before and after: {before} and {len(STAGE.messages())}")


def ask_for_a_yes() -> None:
    """What an application does: ask where a customer stands, write down what they say."""
    chapter("An application asks who has yet to acknowledge the new text, and writes down who did")
    first = STAGE.git_says("tag", "--list", "posted/privacy/*", "--sort=creatordate").splitlines()[0]
    kept = STAGE.folder / "accepted-before.csv"
    kept.write_text(f"person,policy,posting,at\n1001,privacy,{first},2026-04-01T09:30:00Z\n")
    notifier("people", "import", str(kept))
    notifier("people", "list", "--outdated")
    with notifier_serving(STAGE.folder) as twin:
        asked = next(one for one in request(twin, "1001")["policies"] if one["policy"] == "privacy")
        say(f"  {asked['status']}: {asked['required']} by {asked['by']}; redline {asked['asked']['redline']}")
        said = {"policy": "privacy", "method": "click"}
        said |= {name: asked["asked"][name] for name in ("posting", "text_sha256")}
        status, answer = twin.accept("1001", said, "demo")
        say(f"\n> POST /v1/acceptances {json.dumps(said)}\n  {status}, receipt {json.loads(answer)['page']}")
        request(twin, "1001")
    notifier("people", "show", "1001")


def request(twin: Twin, person: str) -> dict[str, Any]:
    status, answer = twin.standing(person, "en")
    say(f"\n> GET /v1/people/{person}/standing\n  {status}")
    found: dict[str, Any] = json.loads(answer)
    for one in found["policies"]:
        say(f"  {one['policy']}: {one['status']}, required: {one['required']}")
    return found


def prove_it() -> None:
    chapter("Years later a court asks what one customer was told: a folder that needs nothing else, checked offline")
    notifier("evidence", "customer", "ana.lim@mail.example", "--out", "proof")
    notifier("verify", "proof")


def say_where_to_look() -> None:
    chapter("Where to look")
    stage = STAGE.folder.relative_to(CHECKOUT)
    say(f"the messages       {stage}/.notifier/outbox/*/*.eml   (open one in a mail program)")
    say(f"the posted pages   {stage}/site/index.html            (open it in a browser)")
    say(f"the evidence       {stage}/proof/index.html           (to read and to print)")
    say(f"git's record       git -C {stage} log --decorate")
    say(f"the gate           .venv/bin/python -m docs.gate_app {stage}   (an application's page that asks)")
    say(f"by hand            cd {stage} && ../../.venv/bin/notifier status")


def date_lines() -> list[str]:
    """The posted date as readers see it, in each language."""
    return [date_line(STAGE.policy(revised.name).read_text()) for revised in SHARED_WITH_ADVERTISERS]


def date_line(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("*") and "20" in line)


def show_date_lines(before: list[str]) -> None:
    say("\nthe date line, before and after:")
    for old, new in zip(before, date_lines(), strict=True):
        say(f"  {old:<44} {new}")


def show_first_message() -> None:
    messages = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in STAGE.messages()]
    message = next(one for one in messages if "Ana Lim" in one["To"])
    body = message.get_body(("plain",))
    say(f"\none of the {len(messages)} messages, as {message['To']} reads it:\n")
    print(f"    Subject: {message['Subject']}\n")
    for line in (body.get_content() if body else "").splitlines():
        print(f"    {line}".rstrip())


def notifier(*arguments: str) -> None:
    """Run the real command and show what it prints."""
    shown = " ".join(Path(word).name if os.sep in word else word for word in arguments)
    say(f"\n$ notifier {shown}")
    STAGE.notifier(*arguments, is_shown=True)


def chapter(title: str) -> None:
    say(f"\n{'─' * 100}\n{title}\n{'─' * 100}")


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()

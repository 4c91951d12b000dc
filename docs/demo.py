"""`make demo`: the main job, played in `build/demo/` with the project's own policies, templates and config.

Every line under a `$` is what the command itself prints; nothing here is canned.
"""

from __future__ import annotations

import email
import email.policy
import os
from pathlib import Path

from docs.stage import CHECKOUT, CUSTOMERS, SHARED_WITH_ADVERTISERS, Stage

STAGE = Stage(CHECKOUT / "build" / "demo")
MISSPELLED = ("misuse", "missuse")


def main() -> None:
    set_the_stage()
    adopt()
    fix_a_spelling()
    share_with_someone_new()
    run_again()
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


def say_where_to_look() -> None:
    chapter("Where to look")
    stage = STAGE.folder.relative_to(CHECKOUT)
    say(f"the messages       {stage}/.notifier/outbox/*/*.eml   (open one in a mail program)")
    say(f"the posted pages   {stage}/site/index.html            (open it in a browser)")
    say(f"git's record       git -C {stage} log --decorate")
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

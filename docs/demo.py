"""`make demo`: the main job, played in `build/demo/` with the project's own policies, templates and config.

Every line under a `$` is what the command itself prints; nothing here is canned.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
STAGE = CHECKOUT / "build" / "demo"
INSTALLATION = ("policies", "templates", "config.toml")
EDITOR = {
    "GIT_AUTHOR_NAME": "Erin Editor",
    "GIT_AUTHOR_EMAIL": "erin@chat.example",
    "GIT_COMMITTER_NAME": "Erin Editor",
    "GIT_COMMITTER_EMAIL": "erin@chat.example",
}
MISSPELLED = ("misuse", "missuse")
SHARED_WITH_ADVERTISERS = (
    (
        "privacy.md",
        "only with processors that work for us.",
        "only with processors that work for us and with advertising partners that help us measure our campaigns.",
        "We will share personal information with advertising partners that help us measure our campaigns.",
    ),
    (
        "privacy.de.md",
        "nur an Auftragsverarbeiter weiter, die für uns tätig sind.",
        "nur an Auftragsverarbeiter weiter, die für uns tätig sind, und an Werbepartner, mit denen wir unsere "
        "Kampagnen messen.",
        "Wir werden personenbezogene Daten auch an Werbepartner weitergeben, mit denen wir unsere Kampagnen messen.",
    ),
    (
        "privacy.fr.md",
        "qu'avec des sous-traitants qui travaillent pour nous.",
        "qu'avec des sous-traitants qui travaillent pour nous et avec des partenaires publicitaires qui nous aident "
        "à mesurer nos campagnes.",
        "Nous partagerons aussi des données personnelles avec des partenaires publicitaires qui nous aident à mesurer "
        "nos campagnes.",
    ),
)
"""Each file with the words before and after, and the summary for the notice."""


def main() -> None:
    set_the_stage()
    adopt()
    fix_a_spelling()
    share_with_someone_new()
    run_again()
    say_where_to_look()


def set_the_stage() -> None:
    """A fresh installation: policies in a git repository of their own, with one misspelled word in them."""
    shutil.rmtree(STAGE, ignore_errors=True)
    STAGE.mkdir(parents=True)
    for name in INSTALLATION:
        source = CHECKOUT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, STAGE / name)
    (STAGE / ".gitignore").write_text(".notifier/\nsite/\n")
    git("init", "-q", "-b", "main")
    rewrite("privacy.md", *MISSPELLED)
    commit("Write down our policies")
    chapter("A company's policies in git, twelve customers in three languages")
    notifier("customers", "import", str(CHECKOUT / "docs" / "demo-customers.csv"))


def adopt() -> None:
    chapter("The first run adopts what is posted already: no text changes, nobody is mailed")
    notifier("run")


def fix_a_spelling() -> None:
    rewrite("privacy.md", *reversed(MISSPELLED))
    commit("Fix a spelling mistake")
    chapter("An editor fixes a spelling mistake: posted with a new date, no mail")
    notifier("preview", "privacy")
    before = date_lines()
    notifier("run")
    show_date_lines(before)


def share_with_someone_new() -> None:
    for name, old, new, summary in SHARED_WITH_ADVERTISERS:
        rewrite(name, old, new)
        summarise(name, summary)
    commit("Measure campaigns with advertising partners")
    chapter("A revision by which data goes to a new kind of third party: every customer must be told")
    notifier("preview", "privacy")
    before = date_lines()
    notifier("run")
    show_date_lines(before)
    notifier("status")
    show_first_message()


def run_again() -> None:
    chapter("The next run finds nothing to do: nobody is told twice")
    before = len(messages())
    notifier("run")
    say(f"messages in the outbox before and after: {before} and {len(messages())}")


def say_where_to_look() -> None:
    chapter("Where to look")
    stage = STAGE.relative_to(CHECKOUT)
    say(f"the messages       {stage}/.notifier/outbox/*/*.eml   (open one in a mail program)")
    say(f"the posted pages   {stage}/site/index.html            (open it in a browser)")
    say(f"git's record       git -C {stage} log --decorate")
    say(f"by hand            cd {stage} && ../../.venv/bin/notifier status")


def date_lines() -> list[str]:
    """The posted date as readers see it, in each language."""
    return [date_line((STAGE / "policies" / name).read_text()) for name, *_ in SHARED_WITH_ADVERTISERS]


def date_line(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("*") and "20" in line)


def show_date_lines(before: list[str]) -> None:
    say("\nthe date line, before and after:")
    for old, new in zip(before, date_lines(), strict=True):
        say(f"  {old:<44} {new}")


def show_first_message() -> None:
    import email
    import email.policy

    letters = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in messages()]
    message = next(letter for letter in letters if "Ana Lim" in letter["To"])
    body = message.get_body(("plain",))
    say(f"\none of the {len(messages())} messages, as {message['To']} reads it:\n")
    print(f"    Subject: {message['Subject']}\n")
    for line in (body.get_content() if body else "").splitlines():
        print(f"    {line}".rstrip())


def messages() -> list[Path]:
    return sorted((STAGE / ".notifier" / "outbox").glob("*/*.eml"))


def rewrite(name: str, before: str, after: str) -> None:
    """Change words as an editor would; the words must be there, or the demo shows nothing."""
    path = STAGE / "policies" / name
    text = path.read_text()
    if before not in text:
        raise SystemExit(f"{path}: the demo changes {before!r}, which is not there any more")
    path.write_text(text.replace(before, after, 1))


def summarise(name: str, summary: str) -> None:
    path = STAGE / "policies" / name
    path.write_text(f'---\nsummary: "{summary}"\n---\n\n{path.read_text()}')


def commit(subject: str) -> None:
    git("add", "-A")
    git("commit", "-q", "-m", subject)


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=STAGE, env=os.environ | EDITOR, check=True)


def notifier(*arguments: str) -> None:
    """Run the real command and show what it prints; a failure ends the demo."""
    shown = " ".join(Path(word).name if os.sep in word else word for word in arguments)
    print(f"\n$ notifier {shown}", flush=True)
    subprocess.run([sys.executable, "-m", "notifier", *arguments], cwd=STAGE, check=True)


def chapter(title: str) -> None:
    print(f"\n{'─' * 100}\n{title}\n{'─' * 100}", flush=True)


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()

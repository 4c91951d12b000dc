"""A whole installation in a folder: an editor who commits, an operator who runs, an outbox to look into."""

from __future__ import annotations

import email
import email.policy
import os
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from notifier.cli import exit_code
from tests.acceptance.run_as_of import run_as_of
from tests.called import Said, called
from tests.processes import in_child
from tests.schemas import hold_to_schema

CONFIG = """\
[mail]
from = "Harbour Chat <privacy@chat.example>"

[page]
url = "https://chat.example/legal"
title = "Harbour Chat: our policies"

[company]
name = "Harbour Chat Pte Ltd"
address = "1 Sample Quay, Singapore"
contact = "privacy@chat.example"
"""
PRIVACY = """\
# Privacy Policy

*Last updated: 3 March 2026*

Harbour Chat runs a chat service and explains here what it does with personal information.

## Information we collect

We collect your name and your email address when you open an account.

## Sharing

We share personal information only with processors that work for us.

## Retention

We keep chats for 30 days after they end.
"""
TERMS = """\
# Terms of Service

Last updated: March 3, 2026

You may use the service if you are at least 16 years old.
"""
ROSTER = """\
id,email,name,language,tags
1,ana@mail.example,Ana,en,chat
2,bruno@mail.example,Bruno,de,
3,chloe@mail.example,Chloé,fr,
"""


@dataclass(frozen=True)
class Stage:
    """One installation, with what people do in it."""

    root: Path

    def set_up(self, roster: str = ROSTER) -> Stage:
        self.root.mkdir(parents=True)
        (self.root / "config.toml").write_text(CONFIG)
        self.git("init", "-q", "-b", "main")
        self.write("privacy.md", PRIVACY)
        self.write("terms.md", TERMS)
        self.commit("Write down our policies")
        (self.root / "roster.csv").write_text(roster)
        self.notifier("customers", "import", "roster.csv")
        return self

    def copied(self, root: Path) -> Stage:
        """The same somewhere else: making an installation costs a hundred times as much."""
        shutil.copytree(self.root, root, symlinks=True)
        return type(self)(root)

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=Erin Editor", "-c", "user.email=erin@chat.example")
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True).stdout.rstrip("\n")

    def configure(self, table: str, line: str) -> None:
        """Add a line to the config, in a table that it does not have yet."""
        config = self.root / "config.toml"
        config.write_text(f"{config.read_text()}\n[{table}]\n{line}\n")

    def path(self, name: str) -> Path:
        return self.root / "policies" / name

    def text(self, name: str) -> str:
        return self.path(name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_text(text, encoding="utf-8")

    def change(self, name: str, before: str, after: str) -> None:
        text = self.text(name)
        assert before in text
        self.write(name, text.replace(before, after))

    def commit(self, subject: str, *trailers: str) -> str:
        self.git("add", "-A", "policies")
        message = [subject, "\n".join(trailers)] if trailers else [subject]
        self.git("commit", "-q", *(word for part in message for word in ("-m", part)))
        return self.git("rev-parse", "HEAD")

    def commit_on(self, moment: str, subject: str, *, remove: str = "") -> None:
        """A commit that bears this moment, of all that lies there, but for the policy that it shall `remove`."""
        if remove:
            self.path(remove).unlink()
        self.commit(subject)
        identity = ("-c", "user.name=Erin Editor", "-c", "user.email=erin@chat.example")
        command = ["git", *identity, "commit", "-q", "--amend", "--no-edit", "--date", moment]
        subprocess.run(command, cwd=self.root, check=True, env={**os.environ, "GIT_COMMITTER_DATE": moment})

    def notifier(self, *arguments: str) -> Said:
        """The command."""
        said = called(lambda: exit_code(list(arguments)), self.root)
        if said.code in (0, 1):
            hold_to_schema(arguments, said.out)
        return said

    def run_as_of(self, moment: str) -> Said:
        """A run as if it were `moment` (ISO 8601); it names its steps on stderr."""
        return called(lambda: run_as_of(moment), self.root)

    def killed_at(self, step: str, moment: str) -> int:
        """The exit code of the same, in a process of its own that is killed with SIGKILL at the step."""

        def live() -> None:
            os.chdir(self.root)
            run_as_of(moment, step)

        return in_child(live)

    def messages(self) -> list[EmailMessage]:
        paths = sorted((self.root / ".notifier" / "outbox").glob("*/*.eml"))
        return [
            email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
            for path in paths
        ]

    def letter_to(self, address: str) -> str:
        """The text part of the only message to an address, on one line."""
        [letter] = [message for message in self.messages() if address in str(message["To"])]
        return _words(letter)

    def last_letter_to(self, address: str) -> tuple[str, str]:
        """Subject and text part of the newest message to an address: the one of the newest notice."""
        folders = sorted((self.root / ".notifier" / "outbox").iterdir(), key=lambda folder: folder.stat().st_mtime_ns)
        for folder in reversed(folders):
            for path in folder.glob("*.eml"):
                letter = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
                if address in str(letter["To"]):
                    return str(letter["Subject"]), _words(letter)
        raise AssertionError(f"nothing went to {address}")

    def told(self) -> Counter[str]:
        """How many messages each address has."""
        return Counter(address.addr_spec for message in self.messages() for address in message["To"].addresses)

    def tags(self) -> list[str]:
        return self.git("tag", "--list", "posted/*").split()

    def date_line(self, name: str = "privacy.md") -> str:
        return next(line for line in self.text(name).splitlines() if "pdated" in line)


def _words(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())

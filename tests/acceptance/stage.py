"""A whole installation in a folder: an editor who commits, an operator who runs, an outbox to look into."""

from __future__ import annotations

import email
import email.policy
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

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
class Said:
    """What one call of the command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


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

    def notifier(self, *arguments: str, environment: dict[str, str] | None = None) -> Said:
        """The real command in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "notifier", *arguments],
            cwd=self.root,
            env=os.environ | (environment or {}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode in (0, 1):
            hold_to_schema(arguments, done.stdout)
        return Said(done.returncode, done.stdout, done.stderr)

    def run_as_of(self, moment: str, *, killed_at: str = "") -> Said:
        """A run as if it were `moment` (ISO 8601); killed with SIGKILL at the step `killed_at` where one is named."""
        command = [sys.executable, str(Path(__file__).with_name("run_as_of.py")), moment, killed_at]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        return Said(done.returncode, done.stdout, done.stderr)

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

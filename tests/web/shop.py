"""A company with an application: policies in git and on pages, customers, a key, and the real server before it all."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.standins.web import serving

from notifier.cli import exit_code
from notifier.config import load
from notifier.ledger import Ledger
from notifier.ledger.people.api_keys import Scope
from notifier.web.server import _application

CONFIG = '[mail]\nfrom = "Harbour Shop <legal@shop.example>"\n'
TERMS = "# Terms\n\nLast updated: March 1, 2026\n\nThe fee is 10 euros a month. You can write to us at any time.\n"
AGB = "# AGB\n\nStand: 1. März 2026\n\nDie Gebühr beträgt 10 Euro im Monat. Sie können uns jederzeit schreiben.\n"
PRIVACY = "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep your messages for 30 days.\n"
DEARER = '---\nsummary: "The fee goes up to 20 euros a month."\n---\n\n' + TERMS.replace("10 euros", "20 euros")
TEURER = '---\nsummary: "Die Gebühr steigt auf 20 Euro im Monat."\n---\n\n' + AGB.replace("10 Euro", "20 Euro")
ROSTER = "id,email,name,language\nu-1,ana@x.example,Ana,en\nu-2,bruno@x.example,Bruno,de\nu-3,c@x.example,Carla,\n"


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Shop:
    """The installation, and what its application does."""

    root: Path

    def notifier(self, *arguments: str) -> int:
        """The command, in this process."""
        return exit_code([*arguments, "--config", str(self.root / "config.toml")])

    def post(self, subject: str, **texts: str) -> None:
        """Commit these policies (`terms_de` is `terms.de.md`) and make a run."""
        for name, text in texts.items():
            (self.root / "policies" / f"{name.replace('_', '.')}.md").write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject)
        assert self.notifier("run") == 0

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=Erin", "-c", "user.email=erin@shop.example")
        done = subprocess.run(["git", *identity, *arguments], cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        with Ledger.open(load(self.root / "config.toml", {}).ledger_url) as found:
            yield found

    def key(self, *scopes: Scope) -> str:
        with self.ledger() as ledger:
            return ledger.api_keys.create("shop", scopes or tuple(Scope), datetime.now(UTC))[1]

    @contextmanager
    def served(self) -> Iterator[str]:
        """What `notifier serve` serves, on loopback."""
        config = load(self.root / "config.toml", {})
        with self.ledger() as ledger, serving(_application(config, ledger)) as url:
            yield url


def open_shop(root: Path) -> Shop:
    """Terms in two languages and a privacy policy, taken as posted; three customers."""
    shop = Shop(root)
    (root / "policies").mkdir(parents=True)
    (root / "config.toml").write_text(CONFIG)
    (root / ".gitignore").write_text(".notifier/\nsite/\nroster.csv\n")
    (root / "roster.csv").write_text(ROSTER)
    shop.git("init", "-q", "-b", "main")
    assert shop.notifier("customers", "import", str(root / "roster.csv")) == 0
    shop.post("Write", terms=TERMS, terms_de=AGB, privacy=PRIVACY)
    return shop


@dataclass(frozen=True)
class Application:
    """The company's own server, which holds the key."""

    url: str
    key: str

    def ask(self, path: str, method: str = "GET", body: object = None, **headers: str) -> Reply:
        """One request; `body` as JSON, or as the bytes that it is."""
        place = urlsplit(self.url)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=60)
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, raw, {"Authorization": f"Bearer {self.key}", **named})
            answer = connection.getresponse()
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def standing(self, person: str, language: str = "") -> dict[str, Any]:
        """By policy."""
        found = self.ask(f"/v1/people/{person}/standing" + (f"?language={language}" if language else ""))
        assert found.status == 200, found.body
        return {one["policy"]: one for one in found.json["policies"]}

    def accept(self, person: str, text: dict[str, Any], once: str = "", **more: object) -> Reply:
        """This person says yes to a text, as `standing` names it."""
        policy = text["posting"].split("/")[1]
        said = {"person": person, "policy": policy, "posting": text["posting"], "text_sha256": text["text_sha256"]}
        return self.post({**said, "method": "click", **more}, once)

    def post(self, said: object, key: str = "") -> Reply:
        return self.ask("/v1/acceptances", "POST", said, Idempotency_Key=key or os.urandom(8).hex())

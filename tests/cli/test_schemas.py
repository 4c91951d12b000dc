"""Each verb that prints JSON has a schema, and what it prints is as the schema says: one installation's whole life."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from docs.schemas import STATE_OF_NOTICE, VERBS, schemas, written
from tests.cli.conftest import TERMS, Configure, Editor, Notifier
from tests.cli.verbs import every_verb, takes
from tests.schemas import FOLDER, hold_to_schema, schema_of

PRINT_JSON = [path.split() for path, command in every_verb() if takes(command, "--json")]
POLICY = "# Privacy\n\nUpdated March 1, 2026.\n\n## Keeping\n\nWe keep chats for {days} days.\n\nBe *kind*.\n"
ROSTER = "email,name,language,tags\nana@mail.example,Ana Díaz,en,chat\nben@mail.example,Ben,de,\n"


def test_every_verb_that_prints_json_has_a_schema_and_no_schema_is_left_over() -> None:
    assert {schema_of(path) for path in PRINT_JSON} == {path.name for path in FOLDER.glob("*.json")}


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.json")))
def test_a_schema_is_one_and_is_written_as_described(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads((FOLDER / name).read_text()))

    assert (FOLDER / name).read_text() == written(schemas()[name]), "write them anew: python -m docs.schemas"


def test_an_answer_that_says_something_new_is_noticed() -> None:
    with pytest.raises(AssertionError, match="'worse' was unexpected"):
        hold_to_schema(["customers", "forget", "--json"], '{"records_erased": 1, "worse": true}')
    with pytest.raises(AssertionError, match="is not a 'date-time'"):
        hold_to_schema(
            ["schedule", "--json"],
            '{"cron": "", "timezone": "", "next_run_at": "2026-11-01T09:00:00", "last_run_at": null}',
        )


@dataclass
class Interview:
    """Asks verbs for JSON; `notifier` holds each answer to its schema. Remembers which schemas were seen at work."""

    notifier: Notifier
    seen: set[str] = field(default_factory=set)

    def __call__(self, *arguments: str | Path) -> Any:
        answer = self.notifier(*arguments, "--json")
        assert answer.code in (0, 1), (arguments, answer)
        self.seen.add(schema_of([str(argument) for argument in arguments]))
        return answer.json


@pytest.fixture
def ask(notifier: Notifier) -> Interview:
    return Interview(notifier)


@pytest.mark.processes
def test_what_every_verb_prints_is_as_its_schema_says(
    ask: Interview, editor: Editor, configure: Configure, root: Path
) -> None:
    """Every verb is asked, over all that an installation lives through."""

    def change(days: int, on: str, trailers: str) -> str:
        return editor.commit(POLICY.format(days=days), f"Keep {days} days\n\n{trailers}", on=on)

    configure('[notice]\napproval = "manual"\n')
    first = change(30, "2026-03-01", "")
    (root / "roster.csv").write_text(ROSTER + "nobody,,,\n")
    ask("customers", "import", "roster.csv", "--dry-run")
    ask("customers", "import", "roster.csv")
    ask("run")
    second = change(60, "2026-03-02", "Significance: significant")
    editor.commit(TERMS, "Write terms", name="policies/terms.md", on="2026-03-02")
    for call in ("check", "preview", "preview --email", "run --dry-run"):
        ask(*call.split())
    (notice,) = ask("run")["notices"] or ask("notice", "list")
    for word in ("approve", "hold", "resume"):
        ask("notice", word, notice["notice_id"])
    ask("notice", "test", "olga@chat.example", "--notice", notice["notice_id"])
    configure()
    assert ask("run")["notices"][0]["accepted"] == 2
    (root / "roster.csv").write_text(ROSTER + "chloe@mail.example,Chloé,fr,\n")
    ask("customers", "import", "roster.csv")
    for verb in ("extend", "show", "recipients"):
        ask("notice", verb, notice["notice_id"])
    for revision in (first, second):
        ask("explain", revision)
    (root / "old.html").write_text("<h1>Cookies</h1><p>We set one cookie.</p><video></video>")
    ask("import", "old.html", "--as", "cookies")
    (root / "policies" / "cookies.md").unlink()
    third = change(90, "2026-03-03", "Significance: minor")
    ask("log")
    ask("explain", third)
    ask("decide", third, "significant", "--because", "it is longer", "--by", "Erin")
    ask("run")
    for verb in (
        "status",
        "notice list",
        "customers list",
        "customers export",
        "publish",
        "recover",
        "doctor",
        "schedule",
    ):
        ask(*verb.split())
    for day in ("2999-03-02", "2001-01-01"):
        ask("at", "privacy", day)
    ask("withdraw", "privacy", "--because", "a mistake", "--by", "Erin")
    for verb in ("list", "show ana@mail.example"):
        ask("people", *verb.split())
    ask("keys", "revoke", ask("keys", "create")["id"])
    ask("keys", "list")
    ask("customers", "suppress", "ana@mail.example")
    ask("evidence", "notice", notice["notice_id"], "--out", root / "proof")
    ask("evidence", "customer", "ana@mail.example", "--out", root / "proof.zip", "--zip")
    ask("verify", root / "proof.zip")
    ask("verify")
    ask("export", "notice", notice["notice_id"], "--out", root / "told.csv")
    ask("migrate", "--dry-run")
    ask("backup", root / "copy.ledger")
    ask("restore", root / "copy.ledger")
    for verb in ("show", "forget"):
        ask("customers", verb, "ana@mail.example")

    of_the_words = {name for name, schema in VERBS.items() if schema is STATE_OF_NOTICE}
    missing = {schema_of(path) for path in PRINT_JSON} - ask.seen
    elsewhere = ("rules", "ledger-move", "init", "diff", "evaluate", "people-import", "people-receipt", "anchor")
    assert missing <= {f"{name}.json" for name in (*of_the_words, *elsewhere)}


@pytest.mark.processes
def test_what_verbs_print_that_need_no_installation_is_as_their_schemas_say(ask: Interview, root: Path) -> None:
    for call in ("rules", "rules link-line", "init another --samples"):
        ask(*call.split())
    (root / "revisions").mkdir()
    for name, text in (("old", POLICY.format(days=30)), ("new", "# New\n\n" + POLICY.format(days=9) + "\n[us](/us)\n")):
        (root / f"{name}.md").write_text(text)
        (root / "revisions" / f"a.{name}.md").write_text(text)
    (root / "labels.jsonl").write_text('{"id": "a", "significance": "minor", "topics": ["retention"]}\n')
    for call in ("diff old.md new.md", "evaluate labels.jsonl"):
        assert ask(*call.split())

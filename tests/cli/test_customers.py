"""`notifier customers`, against a real ledger."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from tests.cli.conftest import Notifier
from tests.mailers import MemoryMailer
from tests.scenes import NOON, RULES, Clock, announced, people

from notifier.ledger import Ledger
from notifier.usecases.deliver import deliver

ROSTER = "email;name;language;tags\nana@mail.example;Ana Díaz;de-AT;eu\nben@mail.example;Ben;;\n"


def write(root: Path, text: str, name: str = "roster.csv") -> Path:
    (root / name).write_text(text, encoding="utf-8")
    return root / name


def test_customers_come_in_once_however_often_they_are_imported(notifier: Notifier, root: Path) -> None:
    path = write(root, ROSTER)

    first, second = notifier("customers", "import", path, "--json"), notifier("customers", "import", path, "--json")

    assert first.json == {"added": 2, "changed": 0, "unchanged": 0, "bad_rows": []}
    assert second.json == {"added": 0, "changed": 0, "unchanged": 2, "bad_rows": []}
    assert (first.code, second.code) == (0, 0)


def test_a_customer_is_known_again_by_address_without_regard_to_case_and_by_id(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, "email,name\nana@mail.example,Ana\n"))
    notifier("customers", "import", write(root, "email,name,id\nANA@mail.example,Ana Díaz,7\n"))
    notifier("customers", "import", write(root, "email,name,id\nana@work.example,Ana Díaz,7\n"))

    (ana,) = notifier("customers", "list", "--json").json
    assert ana == {"id": "7", "email": "ana@work.example", "name": "Ana Díaz", "language": "", "tags": []}


def test_a_known_id_stays_when_a_later_file_names_the_address_alone(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, "email,id\nana@mail.example,7\n"))
    notifier("customers", "import", write(root, "email,name\nana@mail.example,Ana\n"))

    assert [(each["id"], each["name"]) for each in notifier("customers", "list", "--json").json] == [("7", "Ana")]


def test_bad_rows_are_named_and_the_others_come_in(notifier: Notifier, root: Path) -> None:
    path = write(root, "email,name\nana@mail.example,Ana\nnobody,Nobody\nben@mail.example,Ben\n")
    answer = notifier("customers", "import", path)

    assert answer.code == 1
    assert answer.err == f"{path}:3: email: an email address must have an @-sign\n"
    assert answer.out == f"{path}: 2 new, 0 changed, 0 as before, 1 bad row\n"


@pytest.mark.parametrize(
    ("text", "reason"), [(None, "no such file or directory"), ("name\nAna\n", '1: no column "email"')]
)
def test_a_file_that_cannot_be_read_changes_nothing(
    notifier: Notifier, root: Path, text: str | None, reason: str
) -> None:
    if text is not None:
        write(root, text)
    answer = notifier("customers", "import", "roster.csv")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("roster.csv:")
    assert reason in answer.err
    assert notifier("customers", "list", "--json").json == []


def test_latin_1_bytes_cost_their_row_only(notifier: Notifier, root: Path) -> None:
    (root / "roster.csv").write_bytes(b"email,name\nana@mail.example,D\xedaz\nben@mail.example,Ben\n")
    answer = notifier("customers", "import", "roster.csv")

    assert (answer.code, answer.err) == (1, "roster.csv:2: not UTF-8\n")


def test_customers_come_from_standard_input(notifier: Notifier, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ROSTER.encode())))

    assert notifier("customers", "import", "-").out == "-: 2 new, 0 changed, 0 as before, 0 bad rows\n"


def test_an_export_is_read_back_without_a_change(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, ROSTER + "'=sum@mail.example;=cmd();;\n"))
    exported = notifier("customers", "export", root / "out.csv")

    assert (exported.code, exported.err) == (0, f"{root}/out.csv: 3 customers\n")
    assert (root / "out.csv").stat().st_mode & 0o777 == 0o600
    assert notifier("customers", "import", root / "out.csv", "--json").json["unchanged"] == 3
    assert notifier("customers", "export").out == (root / "out.csv").read_text(encoding="utf-8")
    assert "'=cmd()" in notifier("customers", "export").out


def test_the_list_is_aligned_and_safe_to_print(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, "email,name,id\nana@mail.example,A\x1b[2Jna,7\n"))
    listed = notifier("customers", "list").out

    assert listed.splitlines()[0] == "id   email              name      language   tags"
    assert "\x1b" not in listed


def test_an_empty_roster_says_how_to_fill_it(notifier: Notifier, root: Path) -> None:
    assert notifier("customers", "list").out == "no customers yet: notifier customers import FILE\n"


@pytest.mark.parametrize("key", ["7", "ANA@mail.example"])
def test_a_forgotten_customer_is_gone(notifier: Notifier, root: Path, key: str) -> None:
    notifier("customers", "import", write(root, "email,id\nana@mail.example,7\nben@mail.example,8\n"))
    answer = notifier("customers", "forget", key)

    assert answer.code == 0
    assert "mail.example" not in answer.out + answer.err
    assert [each["id"] for each in json.loads(notifier("customers", "list", "--json").out)] == ["8"]


def test_forgetting_somebody_unknown_is_refused(notifier: Notifier, root: Path) -> None:
    answer = notifier("customers", "forget", "nobody@mail.example")

    assert (answer.code, "nobody@" in answer.err) == (2, False)


def test_whoever_stands_in_a_configured_roster_file_comes_back_unless_taken_out_there(
    notifier: Notifier, root: Path
) -> None:
    config = (root / "config.toml").read_text(encoding="utf-8")
    write(root, config + '[customers]\nfile = "roster.csv"\n', "config.toml")
    notifier("customers", "import", write(root, ROSTER))

    assert "roster.csv too" in notifier("customers", "forget", "ana@mail.example").err


def test_letters_written_before_are_told_of(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, ROSTER))
    (root / ".notifier" / "outbox" / "2026-03-01-privacy").mkdir(parents=True)
    (root / ".notifier" / "outbox" / "2026-03-01-privacy" / "letter.eml").write_bytes(b"")

    assert "letters written before stay" in notifier("customers", "forget", "ana@mail.example").err


def test_what_became_of_every_notice_to_one_customer_can_be_shown(notifier: Notifier, root: Path) -> None:
    with Ledger.open(f"sqlite:///{root}/.notifier/ledger.db") as ledger:
        announced(ledger, people(3))
        deliver(ledger, MemoryMailer(), RULES, Clock().environment())

    shown = notifier("customers", "show", "PERSON1@example.com", "--json").json

    assert shown["customer"]["id"] == "c1"
    assert [(each["status"], each["accepted_at"]) for each in shown["notices"]] == [("accepted", NOON.isoformat())]
    assert "accepted" in notifier("customers", "show", "c1").out
    assert notifier("customers", "show", "nobody").code == 1


def test_an_address_can_be_suppressed_and_that_be_lifted(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, ROSTER))

    assert notifier("customers", "suppress", "Ana@mail.example", "--json").json == {"suppressed": ["manual"]}
    assert notifier("customers", "show", "ana@mail.example", "--json").json["suppressed"] == ["manual"]
    assert notifier("customers", "suppress", "ana@mail.example", "--lift", "--json").json == {"suppressed": []}

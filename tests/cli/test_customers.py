"""`notifier customers`, against a real ledger."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from tests.cli.conftest import Editor, Notifier
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

    assert (first.json["added"], first.json["changed"], first.json["unchanged"]) == (2, 0, 0)
    assert (second.json["added"], second.json["changed"], second.json["unchanged"]) == (0, 0, 2)
    assert (first.code, second.code) == (0, 0)


def test_who_only_becomes_the_file_s_is_not_counted_as_changed(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, ROSTER))
    path = write(root, ROSTER.replace("Ana Díaz", "Ana"))

    tried, done = (notifier("customers", "import", path, "--replace", *more) for more in (["--dry-run"], []))

    assert (tried.code, done.code) == (0, 0)
    assert "0 new, 1 changed, 1 as before" in tried.out
    assert "0 new, 1 changed, 1 as before" in done.out


def test_days_that_nobody_can_read_are_said_to_be_none(notifier: Notifier, root: Path) -> None:
    days = ("05/01/2024", "2024-05-01 10:00:00")
    lists = [write(root, f"email,customer since\nana@mail.example,{day}\n", f"{at}.csv") for at, day in enumerate(days)]

    unread, read = (notifier("customers", "import", path) for path in lists)

    assert "no row has a day such as 2024-05-01 as since" in unread.err
    assert "no row has" not in read.err
    assert unread.code == read.code == 0


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


def test_bad_rows_of_a_list_that_came_by_hand_stand_in_status_until_it_comes_without_them(
    notifier: Notifier, adopted: Editor
) -> None:
    lists = {"a.csv": "email\nana@mail.example\nnobody\n", "b.csv": "email\nben@mail.example\n"}
    for name, rows in lists.items():
        (adopted.root / name).write_text(rows)
        notifier("customers", "import", name)

    said = notifier("status")
    assert said.code == 1
    assert "1 row of a.csv came in for nobody" in said.out
    assert [one["code"] for one in notifier("run", "--json").json["alarms"]] == ["list-lacks"]
    (adopted.root / "a.csv").write_text(lists["a.csv"].replace("nobody", "bo@mail.example"))
    notifier("customers", "import", "a.csv")
    assert notifier("status").code == 0


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


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", "Windows-1252"), ("utf-16", "UTF-16")])
def test_another_encoding_is_recognised_and_said(notifier: Notifier, root: Path, encoding: str, name: str) -> None:
    (root / "roster.csv").write_bytes("email,name\nana@mail.example,Díaz\n".encode(encoding))
    answer = notifier("customers", "import", "roster.csv")

    assert (answer.code, answer.err) == (0, f"roster.csv: read as {name}\n")
    assert notifier("customers", "list", "--json").json[0]["name"] == "Díaz"


def test_an_encoding_that_nobody_can_tell_is_asked_for_and_taken(notifier: Notifier, root: Path) -> None:
    (root / "roster.csv").write_bytes("email,name\nana@mail.example,Żółć\n".encode("cp1250"))

    assert "neither UTF-8 nor Windows-1252" in notifier("customers", "import", "roster.csv").err
    assert notifier("customers", "import", "roster.csv", "--encoding", "cp1250").code == 0
    assert notifier("customers", "list", "--json").json[0]["name"] == "Żółć"
    assert "no such encoding" in notifier("customers", "import", "roster.csv", "--encoding", "klingon").err


def test_a_byte_gone_wrong_costs_its_row_only(notifier: Notifier, root: Path) -> None:
    bad = b"email,name\nana@mail.example,D\xedaz\n" + "ben@mail.example,Bén\n".encode()
    (root / "roster.csv").write_bytes(bad)
    answer = notifier("customers", "import", "roster.csv")

    assert (answer.code, answer.err) == (1, "roster.csv:2: not UTF-8\n")


def test_a_dry_run_shows_ten_masked_rows_and_what_would_change_and_changes_nothing(
    notifier: Notifier, root: Path
) -> None:
    notifier("customers", "import", write(root, "email,name\nana@mail.example,Ana\n"))
    rows = "".join(f"person{n}@mail.example;Percy Person;4711{n};German\n" for n in range(12))
    path = write(root, f"Mail;Contact;Kundennr;Sprache\nana@mail.example;Ana Díaz;1;de\n{rows}")

    answer = notifier("customers", "import", path, "--dry-run", "--map", "email=Mail,name=Contact")

    assert answer.code == 0
    assert f"{path}: 12 new, 1 changed, 0 as before, 0 bad rows; nothing was changed" in answer.out
    assert answer.out.count("p…@mail.example   P… P…   de") == 9
    assert "Ana" not in answer.out
    assert f'{path}: "Sprache" is read as language' in answer.err
    assert len(notifier("customers", "list", "--json").json) == 1
    told = notifier("customers", "import", path, "--dry-run", "--map", "email=Mail", "--map", "name=Contact", "--json")
    assert (told.json["dry_run"], len(told.json["first"]), told.json["added"]) == (True, 10, 12)


def test_a_column_that_looks_like_tags_is_an_error_until_somebody_says_what_it_is(
    notifier: Notifier, root: Path
) -> None:
    path = write(root, "email,tgas\nana@mail.example,eu\n")

    assert notifier("customers", "import", path).code == 1
    assert notifier("customers", "import", path, "--map", "tags=tgas").code == 0
    assert notifier("customers", "list", "--json").json[0]["tags"] == ["eu"]


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
    notifier("customers", "import", write(root, "email,since\nana@mail.example,2024-05-01\n"))
    assert "ana@mail.example,Ana Díaz,de-AT,eu,,2024-05-01" in notifier("customers", "export").out


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


def test_many_are_forgotten_at_once_and_who_is_unknown_keeps_nobody(notifier: Notifier, root: Path) -> None:
    rows = "".join(f"p{number}@mail.example,{number}\n" for number in range(30))
    notifier("customers", "import", write(root, f"email,id\n{rows}"))
    said = notifier("customers", "forget", *(f"p{number}@mail.example" for number in range(20)))
    with_unknown = notifier("customers", "forget", "p25@mail.example", "nobody@mail.example", "p26@mail.example")

    assert (said.code, said.out.startswith("forgotten: ")) == (0, True)
    assert (with_unknown.code, "2. of 3" in with_unknown.err, "nobody@" in with_unknown.err) == (2, True, False)
    assert len(json.loads(notifier("customers", "list", "--json").out)) == 8


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


def test_two_accounts_with_one_mailbox_stay_two_whichever_file_they_come_in(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, "email,id,tags\nana@mail.example,7,shop\n"))
    notifier("customers", "import", write(root, "email,id,tags\nana@mail.example,8,forum\n"))

    assert [one["id"] for one in notifier("customers", "list", "--json").json] == ["7", "8"]


def test_addresses_that_only_fold_alike_are_two_people(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, "email\nstraße@mail.example\nstrasse@mail.example\n"))

    assert len(notifier("customers", "list", "--json").json) == 2


def test_without_ids_what_nobody_can_know_of_those_who_moved_is_said(notifier: Notifier, root: Path) -> None:
    path = write(root, "email\nana@mail.example\n")
    assert notifier("customers", "import", path).err == ""
    write(root, "email\nana@mail.example\nana@work.example\n")

    assert "nobody can know which of the new ones are customers who moved" in notifier("customers", "import", path).err


def test_a_file_that_is_the_whole_roster_lets_the_others_go_and_says_how_many(notifier: Notifier, root: Path) -> None:
    rows = [f"p{n}@mail.example\n" for n in range(10)]
    notifier("customers", "import", write(root, "email\n" + "".join(rows)))
    path = write(root, "email\n" + "".join(rows[2:]))

    assert ", 2 would leave, " in notifier("customers", "import", path, "--replace", "--dry-run").out
    answer = notifier("customers", "import", path, "--replace")
    assert (answer.code, ", 2 gone, " in answer.out) == (0, True)
    assert len(notifier("customers", "list", "--json").json) == 8


def test_who_has_left_is_shown_so_and_comes_back_with_what_was_known(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, "email,name,tags\nana@mail.example,Ana,eu\nben@mail.example,Ben,\n"))
    notifier("customers", "import", write(root, "email\nben@mail.example\n"), "--replace", "--yes")

    shown = notifier("customers", "show", "ana@mail.example")
    assert "left the roster on 2" in shown.out
    assert notifier("customers", "show", "ana@mail.example", "--json").json["left_at"] is not None

    notifier("customers", "import", write(root, "email\nana@mail.example\n"))
    shown = notifier("customers", "show", "ana@mail.example", "--json")
    assert (shown.json["left_at"], shown.json["customer"]["tags"]) == (None, ["eu"])


def test_a_list_that_says_nothing_of_tags_or_language_takes_none_away(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, "email,name,language,tags\nana@mail.example,Ana,de,eu beta\n"))
    answer = notifier("customers", "import", write(root, "email,Vorname\nana@mail.example,Anna\n"))

    assert "1 changed" in answer.out
    (ana,) = notifier("customers", "list", "--json").json
    assert (ana["name"], ana["language"], ana["tags"]) == ("Anna", "de", ["beta", "eu"])
    notifier("customers", "import", write(root, "email,tags\nana@mail.example,\n"))
    assert notifier("customers", "list", "--json").json[0]["tags"] == []


def test_more_than_a_fifth_goes_only_where_somebody_says_so(notifier: Notifier, root: Path) -> None:
    rows = [f"p{n}@mail.example\n" for n in range(10)]
    notifier("customers", "import", write(root, "email\n" + "".join(rows)))
    path = write(root, "email\n" + "".join(rows[3:]))

    refused = notifier("customers", "import", path, "--replace")
    assert (refused.code, "3 of 10 customers are not in it" in refused.err) == (2, True)
    assert len(notifier("customers", "list", "--json").json) == 10
    assert notifier("customers", "import", path, "--replace", "--yes", "--json").json["gone"] == 3


def test_nobody_is_let_go_while_a_row_is_bad(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, "email\nana@mail.example\nben@mail.example\n"))
    answer = notifier("customers", "import", write(root, "email\nana@mail.example\nben\n"), "--replace", "--yes")

    assert (answer.code, "nobody is let go while a row is bad" in answer.err) == (1, True)
    assert len(notifier("customers", "list", "--json").json) == 2


def test_an_address_that_nobody_has_is_suppressed_only_where_somebody_says_so(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, ROSTER))
    answer = notifier("customers", "suppress", "anna@mail.example")

    assert (answer.code, "nobody on the roster has the address" in answer.err) == (2, True)
    assert notifier("customers", "suppress", "anna@mail.example", "--yes").code == 0


@pytest.mark.parametrize(
    "no_address", ["anna", "anna@", "Ana Díaz <ana@mail.example>", "ana@mail.example,ben@mail.example"]
)
def test_what_is_no_address_is_not_suppressed(notifier: Notifier, root: Path, no_address: str) -> None:
    """Nobody would be held back by it, and the operator would think so."""
    answer = notifier("customers", "suppress", no_address, "--yes")

    assert answer.code == 2
    assert "nothing is suppressed" in answer.err


def test_an_address_can_be_suppressed_and_that_be_lifted(notifier: Notifier, root: Path) -> None:
    notifier("customers", "import", write(root, ROSTER))

    assert notifier("customers", "suppress", "Ana@mail.example", "--json").json == {"suppressed": ["manual"]}
    assert notifier("customers", "show", "ana@mail.example", "--json").json["suppressed"] == ["manual"]
    assert notifier("customers", "suppress", "ana@mail.example", "--lift", "--json").json == {"suppressed": []}

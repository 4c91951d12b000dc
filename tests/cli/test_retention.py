"""Who was told can be exported, and goes when its time is over; how many there were stays, and verify holds."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from tests.cli.conftest import Editor, Notifier
from tests.cli.test_verify import in_ledger, told

__all__ = ["told"]


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((folder / ".notifier").glob("ledger.db*")))


def counts(notifier: Notifier, notice_id: str) -> list[int]:
    shown = notifier("notice", "show", notice_id, "--json").json
    return [shown[name] for name in ("recipients", "accepted", "bounced")]


def test_a_notice_is_exported_and_its_recipients_go_when_their_time_is_over(notifier: Notifier, told: Editor) -> None:
    notice_id = notifier("notice", "list", "--json").json[0]["notice_id"]
    out, table = told.root / "told.csv", told.root / "told.parquet"
    assert notifier("export", "notice", notice_id, "--out", out).code == 0
    assert notifier("export", "notice", notice_id, "--out", out).code == 2
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["email"], row["status"]) for row in rows] == [
        ("ana@mail.example", "accepted"),
        ("ben@mail.example", "accepted"),
    ]
    parquet = pytest.importorskip("pyarrow.parquet")
    assert notifier("export", "notice", notice_id, "--out", table).code == 0
    assert parquet.read_table(table).num_rows == 2
    with (told.root / "config.toml").open("a") as config:
        config.write("\n[retention]\ndays_after_effect = 10\n")
    notifier("customers", "forget", "ben@mail.example")

    assert notifier("run").code == 0
    assert b"ana@mail.example" in content(told.root)
    before = counts(notifier, notice_id)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=730), tick=True):
        notifier("run")

    assert counts(notifier, notice_id) == before == [2, 2, 0]
    verified = notifier("verify", "--json").json
    assert verified["tiers"][0]["holds"]
    assert verified["tiers"][1]["holds"], verified
    assert notifier("export", "notice", notice_id, "--out", told.root / "late.csv").code == 2


def test_a_notice_that_is_over_is_exported_and_taken_out_at_once(notifier: Notifier, told: Editor) -> None:
    notice_id = notifier("notice", "list", "--json").json[0]["notice_id"]
    before = counts(notifier, notice_id)

    exported = notifier("export", "notice", notice_id, "--out", told.root / "told.csv", "--drop")

    assert exported.out.endswith("2 recipients, no longer in the ledger\n")
    with pytest.raises(AssertionError):  # there is none left to change
        in_ledger(told.root, "UPDATE delivery SET name = ''")
    assert counts(notifier, notice_id) == before
    assert all(tier["holds"] for tier in notifier("verify", "--json").json["tiers"][:2])
    notifier("evidence", "customer", "ana@mail.example", "--out", told.root / "ana")
    page = (told.root / "ana" / "index.html").read_text()
    assert "On record is no notice that was made for this person" in page
    assert f'<span class="id">{notice_id}</span>, made ' in page.partition("nobody can say here whether")[2]
    assert notifier("verify", told.root / "ana").code == 0

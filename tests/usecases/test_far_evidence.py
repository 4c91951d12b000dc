"""Evidence of what lies years back: as small as any, bound to the head of today, and to what git has seen since."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from notifier.ledger import Ledger
from notifier.ledger.asked import journal_proof
from notifier.ledger.journal import append
from notifier.proof.canonical_json import canonical
from notifier.proof.entry import EntryKind
from notifier.usecases.evidence import journal_check
from notifier.usecases.evidence.derived import page_files
from notifier.usecases.evidence.examination import Examined, _anchors, _journal, examine
from notifier.usecases.evidence.parcel import FACTS, MANIFEST, as_json, read_parcel, write_folder
from tests.acceptance.stage import Stage
from tests.usecases.test_evidence import fields, is_believed, resealed, with_field_edited

OF_1 = Path(__file__).parents[1] / "cases" / "evidence" / "format-1.zip"
SAID = "person,policy,posting,text_sha256,method,at\n1,privacy,2026-11-24,{sha256},click,2026-11-25T10:00:00+00:00\n"
ADS = "work for us and with advertising partners that measure our campaigns."


@pytest.fixture(scope="module")
def years_later(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Ana was told of advertisers and accepted them, thousands of entries later; then another text was posted."""
    stage = Stage(tmp_path_factory.mktemp("years") / "chat").set_up()
    stage.run_as_of("2026-11-01T09:00:00+00:00")
    stage.change("privacy.md", "work for us.", ADS)
    stage.commit("Measure our campaigns", "Significance: significant")
    stage.run_as_of("2026-11-24T09:00:00+00:00")
    with Ledger.open(f"sqlite:///{stage.root / '.notifier' / 'ledger.db'}") as ledger, ledger.database.write() as one:
        for _ in range(7_000):
            append(one, EntryKind.RUN, {}, datetime(2026, 11, 24, 10, tzinfo=UTC))
    text = stage.git("show", "posted/privacy/2026-11-24:policies/privacy.md") + "\n"
    (stage.root / "said.csv").write_text(SAID.format(sha256=hashlib.sha256(text.encode()).hexdigest()))
    assert stage.notifier("people", "import", "said.csv").code == 0
    stage.change("terms.md", "at least 16 years old", "at least 18 years old")
    stage.commit("Raise the age", "Significance: significant")
    stage.run_as_of("2026-11-28T09:00:00+00:00")
    return stage


def evidence_of_ana(stage: Stage, folder: Path) -> dict[str, bytes]:
    said = stage.notifier("evidence", "customer", "1", "--policy", "privacy", "--out", str(folder))
    assert said.code == 0, said.err
    return read_parcel(folder)


def found(examined: Examined) -> dict[str, str]:
    return {step.name: step.found for step in examined.steps}


def test_a_folder_over_thousands_of_entries_is_small_and_whole(years_later: Stage, tmp_path: Path) -> None:
    files = evidence_of_ana(years_later, tmp_path / "ana")
    chain = json.loads(files[FACTS])["journal"]["chain"]
    examined = examine(tmp_path / "ana")

    assert chain[-1]["number"] - chain[0]["number"] > 7_000
    assert sum(map(len, files.values())) < 200_000
    assert (examined.holds, examined.unchecked) == (True, ())
    assert f"down to entry {chain[0]['number']}" in found(examined)["chained"]
    assert "<td>pressed a button</td>" in files["index.html"].decode()


def test_what_was_accepted_since_is_in_a_head_that_git_has_seen(years_later: Stage, tmp_path: Path) -> None:
    files = evidence_of_ana(years_later, tmp_path / "ana")
    [accepted] = [
        line["number"]
        for line in json.loads(files[FACTS])["journal"]["chain"]
        if line["kind"] == "accepted" and "facts" in line
    ]
    last = journal_check.witnesses(files)[-1]

    assert last.number > accepted
    assert f"entry {last.number:,} in {last.of[:12]}" in found(examine(tmp_path / "ana"))["witness"]
    assert "no object of git here bears" not in found(examine(tmp_path / "ana"))["witness"]


def test_until_git_has_seen_it_the_witness_does_not_claim_it(years_later: Stage, tmp_path: Path) -> None:
    stage = years_later.copied(tmp_path / "chat")
    sent = (stage.root / "said.csv").read_text().replace("click,2026-11-25", "checkbox,2026-11-29")
    (stage.root / "said.csv").write_text(sent)
    assert stage.notifier("people", "import", "said.csv").code == 0
    evidence_of_ana(stage, tmp_path / "ana")

    assert found(examine(tmp_path / "ana"))["witness"].endswith(
        "; 1 that tell of this are later, and no object of git here bears them"
    )


def test_mere_use_is_not_shown_as_the_yes_that_was_asked_for(years_later: Stage, tmp_path: Path) -> None:
    stage = years_later.copied(tmp_path / "chat")
    used = (stage.root / "said.csv").read_text().replace("click,2026-11-25", "continued_use,2026-11-29")
    (stage.root / "said.csv").write_text(used)
    assert stage.notifier("people", "import", "said.csv").code == 0
    files = evidence_of_ana(stage, tmp_path / "ana")
    facts = json.loads(files[FACTS])
    asked = [{**one, "asked": "accept"} for one in facts["acceptances"]]

    page = page_files({**facts, "acceptances": asked}, files)["index.html"].decode()

    assert page.count("<td>accepted</td>") == 1
    assert page.count("which is not the yes that was asked for</td>") == 1


def test_what_git_has_seen_of_a_ledger_that_a_copy_replaced_speaks_against_nobody(
    years_later: Stage, tmp_path: Path
) -> None:
    """A notice goes out, an older copy is brought back, and the journal goes on past what git has seen of the other."""
    stage = years_later.copied(tmp_path / "chat")
    stage.notifier("backup", "before.db")
    stage.change("privacy.md", "30 days", "90 days")
    stage.commit("Keep longer", "Significance: significant")
    stage.run_as_of("2026-11-29T09:00:00+00:00")
    stage.notifier("restore", "before.db")
    stage.notifier("recover")
    for name in range(12):
        stage.notifier("keys", "create", "--name", str(name))
    notice = stage.git("tag", "--list", "told/2026-11-29*").split("/")[1]
    assert stage.notifier("evidence", "notice", notice, "--out", str(tmp_path / "told")).code == 0

    examined = examine(tmp_path / "told")

    assert (examined.holds, examined.unchecked) == (True, ())
    assert "are of a ledger that an older copy replaced" in found(examined)["witness"]
    files = read_parcel(tmp_path / "told")
    [restored] = [path for path, content in files.items() if b"\nNotifier-Restored: " in content]
    write_folder(resealed({path: one for path, one in files.items() if path != restored}), tmp_path / "without")
    assert "has another hash than git's object" in found(examine(tmp_path / "without"))["witness"]


def test_what_was_accepted_of_a_posting_that_was_taken_back_is_not_shown_as_binding(
    years_later: Stage, tmp_path: Path
) -> None:
    stage = years_later.copied(tmp_path / "chat")
    said = stage.notifier("withdraw", "privacy", "--because", "It was a mistake")
    stage.run_as_of("2026-11-29T09:00:00+00:00")
    files = evidence_of_ana(stage, tmp_path / "ana")

    assert json.loads(files[FACTS])["taken_back"].keys() == {"posted/privacy/2026-11-24"}, said.err
    assert "taken back by posted/privacy/2026-11-29, so that it counts for nothing" in files["index.html"].decode()
    assert examine(tmp_path / "ana").holds


def test_every_field_of_the_way_is_held(years_later: Stage, tmp_path: Path) -> None:
    files = evidence_of_ana(years_later, tmp_path / "ana")
    facts = json.loads(files[FACTS])
    kept = {path: content for path, content in files.items() if not path.endswith(".html")}
    for path in fields(facts["journal"], ("journal",)):
        written = with_field_edited(files[FACTS], path)
        assert not holds(kept, json.loads(written)), path


def holds(files: dict[str, bytes], facts: dict[str, Any]) -> bool:
    """For a forger who makes whatever is made from the facts: do chain and journal hold?"""
    try:
        return all(step.holds for check in (_journal, _anchors) for step in check({**files}, facts))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return False


def test_an_entry_that_the_head_does_not_lead_to_is_not_believed(years_later: Stage, tmp_path: Path) -> None:
    """A forger hangs another acceptance behind a true entry; every hash of it is right, and the head knows nothing."""
    files = evidence_of_ana(years_later, tmp_path / "ana")
    facts = json.loads(files[FACTS])
    chain = facts["journal"]["chain"]
    place = next(at for at, line in enumerate(chain[1:], 1) if "previous" in line)
    before = chain[place - 1]
    number, written = before["number"] + 1, canonical({"rows": {}})
    false = {"number": number, "kind": "accepted", "at": before["at"], "facts": written}
    chain.insert(place, false)
    forged = resealed({**files, FACTS: as_json(facts), **page_files(facts, files)})
    write_folder(forged, tmp_path / "forged")

    assert found(examine(tmp_path / "forged"))["chained"].startswith("nothing leads from entry")


def test_where_an_older_journal_has_no_links_the_far_ones_are_said_to_be_unbound(
    years_later: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (journal_proof, journal_check):
        monkeypatch.setattr(module, "MOST_LINES", 40)
    evidence_of_ana(years_later, tmp_path / "ana")

    examined = examine(tmp_path / "ana")

    assert (examined.holds, examined.unchecked) == (True, ("chained",))
    assert "is too long to be here" in found(examined)["chained"]


def test_a_folder_of_the_first_format_still_holds_and_still_finds_what_was_forged(tmp_path: Path) -> None:
    examined = examine(OF_1)
    assert (examined.holds, [step.name for step in examined.steps if step.name != "pages"][-3:]) == (
        True,
        ["chained", "journal", "witness"],
    )

    files = read_parcel(OF_1)
    assert json.loads(files[MANIFEST])["version"] == 1
    facts = json.loads(files[FACTS])
    for path in fields(facts["journal"], ("journal",)):
        assert not holds(files, json.loads(with_field_edited(files[FACTS], path))), path
    facts["format"] = 2
    assert not is_believed(resealed({**files, FACTS: as_json(facts)}), tmp_path / "e")

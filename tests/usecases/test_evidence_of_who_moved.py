"""Evidence of somebody whose address changed while a notice was on its way: every row of theirs, with its own mail."""

from __future__ import annotations

import json
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path

from notifier.ledger import Ledger
from notifier.notice.delivery import DeliveryStatus
from notifier.usecases.evidence.examination import examine
from notifier.usecases.evidence.parcel import FACTS
from tests.acceptance.stage import ROSTER, Stage
from tests.scenes import event

GERMAN = (
    "# Datenschutz\n\n*Letzte Aktualisierung: 3. März 2026*\n\nWir geben Daten nur an Auftragsverarbeiter weiter.\n"
)
MAILED = "2026-11-24T09:00:00+00:00"
WHEN = "2026-11-24T1{}:00:00+00:00"


def bounces(stage: Stage, address: str) -> None:
    """The letter to this address comes back, and the operator has whoever was not reached written to again."""
    with Ledger.open(f"sqlite:///{stage.root / '.notifier' / 'ledger.db'}") as ledger:
        told = [one for one in ledger.told.of_customer("1") if (one.delivery or {})["email"] == address]
        row, attempt = told[-1].delivery or {}, told[-1].attempts[-1]
        said = event(DeliveryStatus.BOUNCED, row["delivery_key"], attempt_id=attempt["attempt_id"], event_id=address)
        ledger.events.record([said], said.at)


def test_each_address_that_a_letter_went_to_has_its_mail_and_who_left_is_not_on_the_list(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "chat").set_up()
    (stage.root / "config.toml").write_text(
        (stage.root / "config.toml").read_text() + '\n[policies]\nlanguage = "de"\n'
    )
    for name in ("privacy.md", "terms.md"):
        stage.write(name, GERMAN)
    stage.commit("Auf Deutsch")
    stage.run_as_of("2026-11-01T09:00:00+00:00")
    stage.notifier("customers", "suppress", "bruno@mail.example")
    stage.change("privacy.md", "nur an Auftragsverarbeiter", "an Auftragsverarbeiter und an Werbepartner")
    stage.commit("An Werbepartner", "Significance: significant")
    stage.run_as_of(MAILED)
    addresses = ["ana@mail.example", "ana@second.example", "ana@third.example"]
    for hour, (before, after) in enumerate(pairwise(addresses)):
        bounces(stage, before)
        (stage.root / "roster.csv").write_text(ROSTER.replace("ana@mail.example", after))
        stage.notifier("customers", "import", "--replace", "roster.csv")
        assert stage.notifier("notice", "retry", "2026-11-24-privacy").code == 0
        stage.run_as_of(WHEN.format(hour))
    (stage.root / "roster.csv").write_text("".join(line for line in ROSTER.splitlines(True) if line[0] != "1"))
    stage.notifier("customers", "import", "--replace", "--yes", "roster.csv")

    assert stage.notifier("evidence", "customer", "1", "--out", "ana").code == 0

    folder = stage.root / "ana"
    facts = json.loads((folder / FACTS).read_text())
    assert [one["delivery"]["email"] for one in facts["notices"]] == addresses
    mails = [
        folder / "notices" / f"2026-11-24-privacy{part}" / "attempt-1.eml" for part in ("-before", "-before-2", "")
    ]
    assert [message_from_bytes(mail.read_bytes())["To"] for mail in mails] == [f'"Ana" <{one}>' for one in addresses]
    assert all(step.holds for step in examine(folder).steps)
    page = (folder / "index.html").read_text()
    assert "<dd>no longer</dd>" in page
    assert '<h3><span lang="de">Datenschutz</span>: what changed</h3>' in page
    assert (
        '<ins><span lang="de">Wir geben Daten an Auftragsverarbeiter und an Werbepartner weiter.</span></ins>' in page
    )
    stage.notifier("evidence", "customer", "2", "--out", "bruno")
    assert "<dt>Meant for</dt><dd>Bruno" in (stage.root / "bruno" / "index.html").read_text()

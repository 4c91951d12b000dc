"""Somebody with the database's password writes into the ledger by hand, and does it well: every sum still adds up.

The installation is the one of `test_record_cannot_be_fooled`, with a notice that waits for approval. What is posted,
told and waited for follows from a few rows; each attack turns one into a silence or a lie.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.acceptance.test_record_cannot_be_fooled import TOLD, Attacked, base, stage

__all__ = ["base", "stage"]
WAITING = "2026-11-20-terms"
ATTACKS = {
    "UPDATE notice SET state = 'finished' WHERE number = 2": f"notice {WAITING}: another hand changed it",
    "UPDATE notice SET state = 'cancelled' WHERE number = 2": "state is cancelled and was awaiting_approval",
    "UPDATE notice SET state = 'scheduled', approved_by = 'Lena'": "approved_by is Lena and was not set",
    "UPDATE posting SET must_tell = 0 WHERE notice_no = 2": "must_tell is False and was True",
    "UPDATE posting SET notice_no = 1 WHERE notice_no = 2": "notice_no is 1 and was 2",
    "UPDATE posting SET effective_on = '2026-11-21' WHERE notice_no = 2": "effective_on is 2026-11-21",
    "DELETE FROM notice WHERE number = 2": "took it out of the ledger",
    "INSERT INTO decision VALUES (9, '{head}', 'minor', 'wording', 'Lena', '2026-11-20 09:00:00.000000')": (
        "no entry of the journal has it"
    ),
    "DELETE FROM posting WHERE notice_no = 2": "took it out of the ledger",
}


def by_hand(stage: Attacked, statement: str) -> None:
    with closing(sqlite3.connect(stage.root / ".notifier" / "ledger.db")) as connection, connection:
        connection.execute(statement.replace("{head}", stage.git("rev-parse", "HEAD")))


def test_a_row_that_another_hand_wrote_stops_everything_and_is_put_back(stage: Attacked) -> None:
    stage.configure("notice", 'approval = "manual"')
    stage.raise_the_age()
    assert stage.notifier("run").code == 1
    for attack, said in ATTACKS.items():
        by_hand(stage, attack)
        stage.stops(said)
        assert stage.notifier("publish").code == 1
        assert stage.notifier("verify").code == 1
        assert stage.notifier("recover").code == 0
        assert stage.notifier("verify").code == 0, attack
        assert f"{WAITING} waits for approval" in stage.notifier("run").out, attack
    assert stage.notifier("notice", "approve", WAITING).code == 0
    stage.goes_on(10)


def test_nobody_s_word_is_taken_on_such_a_row_but_one_that_stops_it(stage: Attacked) -> None:
    stage.configure("notice", 'approval = "manual"')
    stage.raise_the_age()
    stage.notifier("run")
    by_hand(stage, "UPDATE notice SET deadline = '2030-01-01 00:00:00.000000' WHERE number = 2")

    refused = stage.notifier("notice", "approve", WAITING)

    assert (refused.code, "deadline is 2030" in refused.err) == (2, True)
    held = stage.notifier("notice", "cancel", WAITING, "--because", "somebody was here")
    assert (held.code, "put back" in held.err) == (0, True), held
    assert stage.notifier("verify").code == 0


ROSTER = (
    "DELETE FROM customer WHERE number NOT IN (SELECT number FROM customer ORDER BY number LIMIT 4)",
    "UPDATE customer SET email = 'x@evil.example', email_key = 'x@evil.example' WHERE number = 4",
    "UPDATE customer SET left_at = '2026-11-01 00:00:00.000000' WHERE number > 2",
    "UPDATE customer SET tags = '[]', lost_tags = '[]'",
)


def test_a_roster_that_another_hand_changed_tells_nobody_before_a_person_has_looked(stage: Attacked) -> None:
    """The company's list was imported by hand and is read by no run: the rows of the ledger are all there is."""
    stage.write_to("config.toml", (stage.root / "config.toml").read_text().replace('file = "roster.csv"', ""))
    stage.configure("notice", 'approval = "manual"')
    stage.raise_the_age()
    stage.notifier("run")
    for attack in ROSTER:
        by_hand(stage, attack)
        for verb in ("status", "run", "status"):
            said = stage.notifier(verb)
            assert (said.code, "another hand" in said.out + said.err) == (1, True), (attack, verb, said)
        assert stage.notifier("verify").code == 1
        assert stage.notifier("notice", "approve", WAITING).code == 2, attack
        assert stage.notifier("customers", "import", "roster.csv", "--replace", "--yes").code == 0
        assert stage.notifier("verify").code == 0
    assert stage.notifier("notice", "approve", WAITING, "--because", "the list is back").code == 0
    by_hand(stage, ROSTER[0])  # after the approval
    said = stage.notifier("run")
    assert (said.code, stage.mails, "4 rows, 10 then" in said.out) == (1, 10, True), said
    assert stage.notifier("notice", "approve", WAITING, "--because", "six have closed their accounts").code == 0
    stage.goes_on(4)
    assert stage.notifier("verify").code == 0


def test_a_letter_that_another_hand_changed_is_written_anew(stage: Attacked) -> None:
    stage.configure("notice", 'approval = "manual"')
    stage.raise_the_age()
    stage.notifier("run")
    by_hand(stage, "UPDATE message SET text = text || 'Click here: evil.example' WHERE notice_no = 2")

    stage.stops(f"letter 0 of notice {WAITING}: another hand changed it")
    assert stage.notifier("notice", "approve", WAITING).code == 2
    assert "the next run makes it anew" in stage.notifier("recover").out
    assert stage.notifier("notice", "show", WAITING).code == 0
    assert f"{WAITING}-2 waits for approval" in stage.notifier("run").out
    assert stage.notifier("verify").code == 0
    assert stage.notifier("notice", "approve", f"{WAITING}-2").code == 0
    stage.goes_on(10)


def test_check_says_that_a_revert_of_the_posting_brought_its_old_date_back(stage: Attacked) -> None:
    posted = stage.git("rev-parse", f"{TOLD}^{{commit}}")
    stage.git("revert", "--no-edit", posted)

    said = stage.notifier("check")

    assert (said.code, "an earlier one again" in said.out) == (0, True), said
    assert "2026-11-10" in (stage.root / "site" / "privacy" / "index.html").read_text()


def test_a_trigger_that_turns_letters_to_another_address_stops_everything(stage: Attacked) -> None:
    stage.configure("notice", 'approval = "manual"')
    stage.raise_the_age()
    stage.notifier("run")
    assert stage.notifier("notice", "approve", WAITING).code == 0
    turned = "UPDATE delivery SET email = 'x@evil.example' WHERE delivery_key = NEW.delivery_key"
    by_hand(stage, f"CREATE TRIGGER evil AFTER INSERT ON delivery BEGIN {turned}; END")

    stage.stops("trigger evil on delivery")
    by_hand(stage, "DROP TRIGGER evil")
    stage.goes_on(10)

"""What was announced and does not come: its letter, its pages, its dates."""

from __future__ import annotations

import json
import re

from starlette.requests import Request

from notifier import config as configs
from notifier.web.pages import pages_for
from tests.acceptance.stage import PRIVACY, Stage
from tests.databases import write_as_ours


def page(stage: Stage, address: str) -> str:
    """A page's words on one line."""
    html = (stage.root / "site" / address / "index.html").read_text()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def answered(stage: Stage, path: str) -> str:
    """The words of a page as the server answers it, on one line."""
    pages = pages_for(configs.load(stage.root / "config.toml"))
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    html = bytes(pages.respond(Request(scope)).body).decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def event_in(stage: Stage) -> dict[str, str]:
    """The only event of the calendar."""
    text = (stage.root / "site/effective.ics").read_text().replace("\n ", "")
    [event] = re.findall(r"BEGIN:VEVENT\n(.*?)END:VEVENT", text, re.DOTALL)
    return dict(line.split(":", 1) for line in event.splitlines())


def test_taking_back_an_announced_change_tells_everybody_that_nothing_changes(stage: Stage) -> None:
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners. It is all explianed below.")
    stage.commit("Measure our campaigns", "Significance: significant")
    stage.run_as_of("2026-11-24T09:00:00+00:00")
    stage.change("privacy.md", "explianed", "explained")
    stage.commit("Mend a typo")
    assert stage.run_as_of("2026-11-25T09:00:00+00:00").json["posted"][0]["significance"] == "minor"
    assert "its content applies from 24 December 2026" in page(stage, "privacy/changes")

    waiting = event_in(stage)  # the typo on top of it takes it out of no calendar
    assert (waiting["DTSTART;VALUE=DATE"], waiting["SEQUENCE"], "STATUS" in waiting) == ("20261224", "30", False)

    stage.write("privacy.md", PRIVACY)
    stage.commit("Take the partners back")
    said = stage.run_as_of("2026-11-28T09:00:00+00:00")

    assert (said.json["posted"][0]["effective_on"], said.json["notices"][0]["sent"]) == ("2026-11-28", 3)
    subject, text = stage.last_letter_to("ana@mail.example")
    assert subject == "Privacy Policy: the change announced on 24 November 2026 will not take effect"
    assert "nothing changes" in text
    assert "Before:" not in text
    changes = page(stage, "privacy/changes")
    assert changes.count("announced, and taken back on 28 November 2026: it never applied") == 2
    assert ("in force since 3 March 2026" in changes, "until 27 November" in changes) == (True, False)  # one text
    assert "Announced, and taken back on 28 November 2026: it never applied." in page(stage, "privacy/2026-11-24")
    assert "the text of 3 March 2026 stays in force" in page(stage, "privacy")
    listed = json.loads((stage.root / "site/index.json").read_text())["policies"]
    [privacy] = [one for one in listed if one["id"] == "privacy"]
    assert [one["withdrawn_on"] for one in privacy["postings"]] == [None, "2026-11-28", "2026-11-28", None]
    assert [one["in_force"] and one["in_force"]["from"] for one in privacy["postings"]] == [
        "2026-03-03", None, None, "2026-11-28"
    ]  # fmt: skip
    assert event_in(stage) == {**waiting, "SEQUENCE": "31", "STATUS": "CANCELLED", "DTSTAMP": "20261128T000000Z"}
    after = stage.run_as_of("2026-12-26T09:00:00+00:00")
    assert (after.json["posted"], after.json["notices"], after.json["alarms"]) == ([], [], [])
    assert "the text of 3 March 2026 stays in force" in page(stage, "privacy")


def test_whom_a_notice_had_reached_before_it_was_cancelled_hears_that_its_change_does_not_come(stage: Stage) -> None:
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners.")
    stage.commit("Measure our campaigns", "Significance: significant")
    stage.run_as_of("2026-11-24T09:00:00+00:00")
    write_as_ours(stage.root, "UPDATE notice SET state = 'cancelled'")  # as if stopped after the first of them
    assert "its notice was cancelled when it had reached some" in stage.notifier("preview", "privacy").out

    stage.write("privacy.md", PRIVACY)
    stage.commit("Take the partners back")
    said = stage.run_as_of("2026-11-28T09:00:00+00:00")

    assert said.json["notices"][0]["sent"] == 3
    subject, _ = stage.last_letter_to("ana@mail.example")
    assert subject == "Privacy Policy: the change announced on 24 November 2026 will not take effect"


def test_a_second_change_on_top_of_one_that_waits_says_what_applies_before_it(stage: Stage) -> None:
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners.")
    stage.commit("Measure our campaigns", "Significance: significant")
    stage.run_as_of("2026-11-24T09:00:00+00:00")
    stage.change("privacy.md", "30 days", "60 days")
    stage.commit("Keep chats longer", "Significance: significant")

    stage.run_as_of("2026-12-01T09:00:00+00:00")

    _, text = stage.last_letter_to("ana@mail.example")
    assert "The new text applies from 31 December 2026. Before that, from 24 December 2026, what we" in text
    assert "until then the earlier one" not in text
    assert "in force from 24 December 2026" in page(stage, "privacy/changes")


def test_what_nobody_was_told_of_yet_and_is_taken_back_never_waits_as_a_new_text(stage: Stage) -> None:
    stage.configure("notice", 'approval = "manual"')
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners.")
    stage.commit("Measure our campaigns", "Significance: significant")
    stage.run_as_of("2026-11-24T09:00:00+00:00")
    stage.write("privacy.md", PRIVACY)
    stage.commit("Take the partners back")

    said = stage.run_as_of("2026-11-28T09:00:00+00:00")

    assert (said.json["posted"][0]["significance"], said.json["notices"]) == ("minor", [])
    assert "A new text applies" not in page(stage, "privacy")


def test_what_goes_back_to_a_text_that_nobody_was_told_of_is_told(stage: Stage) -> None:
    stage.configure("notice", 'approval = "manual"')
    told = "Significance: significant"
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners.")
    stage.commit("Measure our campaigns", told)
    stage.run_as_of("2026-11-24T09:00:00+00:00")
    stage.change("privacy.md", "and with advertising partners.", "and with anybody who asks.")
    stage.commit("Widen it", told)
    stage.run_as_of("2026-11-25T09:00:00+00:00")
    stage.change("privacy.md", "and with anybody who asks.", "and with advertising partners.")
    stage.commit("Only partners after all", told)

    stage.run_as_of("2026-11-26T09:00:00+00:00")

    (waiting,) = (one for one in stage.notifier("notice", "list", "--json").json if one["state"] == "awaiting_approval")
    stage.notifier("notice", "approve", waiting["id"])
    stage.run_as_of("2026-11-27T09:00:00+00:00")
    assert "advertising partners" in stage.last_letter_to("ana@mail.example")[1]


def test_withdraw_brings_the_earlier_text_back_and_the_next_run_says_that_nothing_changes(stage: Stage) -> None:
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners.")
    stage.commit("Measure our campaigns", "Significance: significant")
    stage.run_as_of("2099-11-24T09:00:00+00:00")

    said = stage.notifier("withdraw", "privacy/2099-11-24", "--because", "the partner backed out")

    assert said.code == 0, said.err
    assert "was to apply from 2099-12-24 does not come" in said.out
    assert "the partner backed out" in stage.git("log", "-1", "--format=%b")
    assert "advertising" not in stage.text("privacy.md")
    assert "consent: none: customers are asked nothing (nothing changes for them)" in stage.notifier("check").out
    assert "asked nothing (nothing changes for them)" in stage.notifier("preview", "privacy").out
    stage.run_as_of("2099-11-28T09:00:00+00:00")
    subject, text = stage.last_letter_to("ana@mail.example")
    assert "announced on 24 November 2099 will not take effect" in subject
    assert "nothing changes" in text
    again = stage.notifier("withdraw", "posted/privacy/2099-11-24", "--because", "once more")
    assert again.code == 1 or again.code == 2
    assert "it was taken back on 2099-11-28" in again.err
    assert "nothing that was posted waits" in stage.notifier("withdraw", "terms", "--because", "no").err


def test_a_typo_mended_meanwhile_may_stay_when_an_announced_price_is_taken_back(fresh: Stage) -> None:
    fresh.write("fees.md", "# Fees\n\nLast updated: March 3, 2026\n\nIt is explianed below.\n\nIt costs £12 a month.\n")
    fresh.commit("Write down our fees")
    fresh.run_as_of("2026-11-01T09:00:00+00:00")
    fresh.change("fees.md", "£12", "£15")
    fresh.commit("Raise the price", "Significance: significant")
    fresh.run_as_of("2026-11-24T09:00:00+00:00")
    fresh.change("fees.md", "explianed", "explained")
    fresh.commit("Mend a typo")
    assert fresh.run_as_of("2026-11-24T10:00:00+00:00").json["posted"][0]["significance"] == "minor"
    fresh.change("fees.md", "£15", "£12")
    fresh.commit("Keep the price")

    said = fresh.run_as_of("2026-11-24T11:00:00+00:00")

    assert said.json["posted"][0]["effective_on"] == "2026-11-24"
    subject, text = fresh.last_letter_to("ana@mail.example")
    assert "the change announced on 24 November 2026 will not take effect" in subject
    assert "Before:" not in text
    assert page(fresh, "fees/changes").count("taken back on 24 November 2026: it never applied") == 2


def test_a_price_that_overtakes_one_on_its_own_day_is_set_against_what_was_ever_paid(fresh: Stage) -> None:
    fresh.write("fees.md", "# Fees\n\nLast updated: March 3, 2026\n\nIt is explianed below.\n\nIt costs £12 a month.\n")
    fresh.commit("Write down our fees")
    fresh.run_as_of("2026-11-01T09:00:00+00:00")
    for before, after, *trailers in (
        ("£12", "£15", "Significance: significant"),
        ("explianed", "explained"),
        ("£15", "£18", "Significance: significant"),
    ):
        fresh.change("fees.md", before, after)
        fresh.commit(f"Say {after}", *trailers)
        fresh.run_as_of("2026-11-24T09:00:00+00:00")

    subject, text = fresh.last_letter_to("ana@mail.example")
    assert "Before: It costs £12 a month." in text
    assert "From 24 December: It costs £18 a month." in text
    assert "It replaces what we announced on 24 November 2026" in text
    assert subject == "Changes to our Fees from 24 December 2026, not those announced on 24 November 2026"
    assert page(fresh, "fees/changes").count("replaced before it came into force") == 2


def test_a_new_policy_that_changes_before_its_first_day_has_no_text_before_it(fresh: Stage) -> None:
    fresh.write("fees.md", "# Fees\n\nLast updated: March 3, 2026\n\nIt costs £12 a month.\n")
    fresh.commit("Write down our fees")
    fresh.run_as_of("2026-11-01T09:00:00+00:00")
    fresh.write("refunds.md", "---\nannounce: true\n---\n# Refunds\n\nWe refund you within 14 days.\n")
    fresh.commit("Rules for refunds")
    fresh.run_as_of("2026-11-24T09:00:00+00:00")
    fresh.change("refunds.md", "14 days", "30 days")
    fresh.commit("Refund slower", "Significance: significant")
    fresh.run_as_of("2026-11-24T12:00:00+00:00")

    subject, text = fresh.last_letter_to("ana@mail.example")
    assert subject.startswith("New: Refunds, from 24 December 2026")
    assert "It replaces what we announced on 24 November 2026" in " ".join(text.split())
    assert "stays in force" not in text
    assert "Before:" not in text


def test_of_three_texts_in_waiting_the_first_keeps_its_day_when_both_on_top_of_it_are_taken_back(stage: Stage) -> None:
    stage.change("privacy.md", "30 days", "60 days")
    stage.commit("Keep chats longer", "Significance: significant")
    stage.run_as_of("2099-11-01T09:00:00+00:00")
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners.")
    stage.commit("Measure our campaigns", "Significance: significant")
    stage.run_as_of("2099-11-10T09:00:00+00:00")
    stage.change("privacy.md", "your name and", "your name, your location and")
    stage.commit("Ask where people are", "Significance: significant")
    stage.run_as_of("2099-11-20T09:00:00+00:00")
    _, text = stage.last_letter_to("ana@mail.example")
    meanwhile = "Before that, from {}, what we announced on {} applies."
    second = meanwhile.format("10 December 2099", "10 November 2099")
    assert f"from 20 December 2099. {second} {meanwhile.format('1 December 2099', '1 November 2099')}" in text

    stage.notifier("withdraw", "privacy/2099-11-10", "--because", "the partner backed out")
    said = stage.run_as_of("2099-11-22T09:00:00+00:00")

    assert (said.code, said.json["alarms"]) == (0, [])
    subject, text = stage.last_letter_to("ana@mail.example")
    assert (
        subject == "Privacy Policy: the changes announced on 10 November 2099 and 20 November 2099 will not take effect"
    )
    for told, was_to_apply in (("10 November", "10 December"), ("20 November", "20 December")):
        assert f"announced on {told} 2099 will not take effect; it was to apply from {was_to_apply} 2099." in text
    assert "What we announced on 1 November 2099 still applies from 1 December 2099." in text
    assert "The text that applies" not in text
    for day in ("2099-11-24", "2099-12-02"):
        stage.run_as_of(f"{day}T09:00:00+00:00")
        shown = page(stage, "privacy")
        assert ("60 days" in shown, "from 1 December 2099" in shown) == (day > "2099-12", day < "2099-12")


def test_a_letter_on_what_does_not_come_that_goes_out_late_moves_no_day(stage: Stage) -> None:
    for day, before, after in (("01", "30 days", "60 days"), ("10", "work for us.", "work for us and with partners.")):
        stage.change("privacy.md", before, after)
        stage.commit("Change what weighs", "Significance: significant")
        stage.run_as_of(f"2099-11-{day}T09:00:00+00:00")
    stage.configure("notice", 'approval = "manual"')
    stage.notifier("withdraw", "privacy/2099-11-10", "--because", "the partner backed out")
    stage.run_as_of("2099-11-20T09:00:00+00:00")
    stage.notifier("notice", "approve", "2099-11-20-privacy", "--because", "read")

    late = stage.run_as_of("2099-11-25T09:00:00+00:00")

    assert late.json["notices"][0]["sent"] == 3
    assert not [one for one in late.json["alarms"] if one["code"] == "ended-late"]
    stage.run_as_of("2099-12-02T09:00:00+00:00")
    assert "60 days" in page(stage, "privacy")


def test_what_is_brought_back_before_anybody_heard_that_it_was_taken_back_comes_on_the_day_it_was_told_for(
    stage: Stage,
) -> None:
    announced = PRIVACY.replace("30 days", "12 months")
    stage.write("privacy.md", announced)
    stage.commit("Keep chats longer", "Significance: significant")
    stage.run_as_of("2026-11-24T09:00:00+00:00")
    stage.write("privacy.md", PRIVACY)
    stage.commit("Take it back")
    assert stage.killed_at("posted", "2026-11-26T09:00:00+00:00") != 0

    stage.write("privacy.md", announced)
    stage.commit("Keep chats longer after all")
    back = stage.run_as_of("2026-11-27T09:00:00+00:00")

    assert [(one["significance"], one["effective_on"]) for one in back.json["posted"]][-1] == ("minor", "2026-12-24")
    assert set(stage.told().values()) == {1}
    assert "We keep chats for 30 days after they end." in page(stage, "privacy")
    assert "A new text applies from 24 December 2026." in page(stage, "privacy")

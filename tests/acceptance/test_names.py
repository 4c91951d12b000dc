"""Policies called as their house calls them: in its own script, and many at once."""

from __future__ import annotations

from datetime import date
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.mail.outbox import safe_key
from notifier.notice.naming import LONGEST, notice_name
from tests.acceptance.stage import Stage

DAY = "2026-11-24T09:00:00+00:00"
TEXT = "# {title}\n\nLast updated: 3 March 2026\n\nWe keep your messages for 30 days.\n"
JAPANESE = "利用規約"


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=60))
def test_every_notice_has_a_name_that_a_message_id_and_a_file_take(policy_ids: list[str]) -> None:
    name = notice_name(date(2026, 11, 24), policy_ids)

    assert name.startswith("2026-11-24-")
    assert name.isascii()
    assert len(name) <= LONGEST
    assert safe_key(name) == name


@pytest.mark.parametrize(
    ("policy_ids", "name"),
    [
        (["legal/dpa", "privacy"], "2026-11-24-legal-dpa-privacy"),
        (["données", "łódź"], "2026-11-24-donnees-lodz"),
        ([JAPANESE], "2026-11-24-policy"),
        ([f"terms-of-shop-{n:02}" for n in range(30)], "2026-11-24-terms-of-shop-00-terms-of-shop-01-terms-of-shop-02-"
         "terms-of-shop-03-and-26-more"),
    ],
)  # fmt: skip
def test_it_says_what_it_is_about_as_far_as_there_is_room(policy_ids: list[str], name: str) -> None:
    assert notice_name(date(2026, 11, 24), policy_ids) == name


def test_policies_in_other_scripts_and_many_of_them_are_told_of_with_links_that_every_mail_program_takes(
    fresh: Stage,
) -> None:
    names = ["données", JAPANESE, *(f"conditions-for-customers-of-shop-{n}" for n in range(8))]
    for name in names:
        fresh.write(f"{name}.md", TEXT.format(title=name))
    fresh.commit("Write what applies")
    fresh.run_as_of("2026-11-01T09:00:00+00:00")
    for name in names:
        fresh.change(f"{name}.md", "30 days", "90 days")
    fresh.commit("Keep them longer")

    said = fresh.run_as_of(DAY)

    letters = fresh.messages()
    assert said.code == 0, said.out
    assert letters
    for letter in letters:
        assert letter["Message-ID"].isascii()
        assert b"\xc3" not in letter.as_bytes(policy=default).partition(b"\n\n")[0]
        text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        links = [word for word in text.split() if word.startswith("https://")]
        assert any("donn%C3%A9es" in link for link in links)
        assert all(link.isascii() for link in links)
    site = fresh.root / "site"
    assert (site / JAPANESE / "index.html").is_file()
    calendar = (site / "effective.ics").read_text().replace("\r\n ", "")
    addresses = [line for line in calendar.splitlines() if line.startswith("URL:")]
    assert addresses
    assert all(line.isascii() for line in addresses)

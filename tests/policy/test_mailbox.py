from __future__ import annotations

import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from notifier.policy.persons.committers import find_person, shown_name
from notifier.policy.persons.mailbox import PLAIN, split_person
from notifier.repository.commit import people


@given(st.from_regex(PLAIN, fullmatch=True))
def test_no_address_is_called_plain_in_which_the_library_finds_a_fault(address: str) -> None:
    validate_email(address, check_deliverability=False, test_environment=True)


@pytest.mark.parametrize(
    "person",
    ["Doe, Jane <jane@chat.example>", '"Doe, Jane" <jane@chat.example>', "Müller, Söhne & 明日 AG <jane@chat.example>"],
)
def test_a_name_with_a_comma_is_a_person_with_an_address(person: str) -> None:
    assert split_person(person).address == "jane@chat.example"
    assert find_person("jane@chat.example", [person]) == person
    assert shown_name(person) in person
    assert people(person)["GIT_AUTHOR_EMAIL"] == "jane@chat.example"

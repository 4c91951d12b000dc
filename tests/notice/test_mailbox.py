from __future__ import annotations

from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from notifier.notice.mailbox import PLAIN


@given(st.from_regex(PLAIN, fullmatch=True))
def test_no_address_is_called_plain_in_which_the_library_finds_a_fault(address: str) -> None:
    validate_email(address, check_deliverability=False, test_environment=True)

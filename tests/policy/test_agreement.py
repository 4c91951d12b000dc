"""Where a person stands with a policy, by what they said and what was posted since."""

from __future__ import annotations

from datetime import date

import pytest

from notifier.policy.agreement import Agreement, AgreementMethod, AgreementStatus, Asking
from notifier.policy.posting import Posting
from notifier.policy.timeline import Timeline
from notifier.significance import Significance
from notifier.text.front_matter import Consent


def posting(day: int, *, consent: str = "none", is_minor: bool = False, **more: object) -> Posting:
    on = date(2026, 3, day)
    significance = Significance.MINOR if is_minor else Significance.SIGNIFICANT
    tag = f"posted/terms/{on}"
    return Posting("terms", f"c{day}", on, date(2026, 4, day), significance, tag, consent=Consent(consent), **more)  # type: ignore[arg-type]


ADOPTED = posting(1, is_minor=True, is_adoption=True)
FEES, MENDED, SHARING = posting(2, consent="accept"), posting(3, is_minor=True), posting(4, consent="acknowledge")
SILENT = posting(5)
ALL = (ADOPTED, FEES, MENDED, SHARING, SILENT)


def said(*words: str) -> list[Agreement]:
    """`2` for a click on the posting of the second day, `2~` for mere use."""
    tags = {one.tag[-1]: one.tag for one in ALL}
    uses = {True: AgreementMethod.CONTINUED_USE, False: AgreementMethod.CLICK}
    return [Agreement(tags[word[0]], uses[word.endswith("~")]) for word in words]


@pytest.mark.parametrize(
    ("postings", "words", "expected"),
    [
        (ALL[:1], (), "none none"),
        (ALL[:1], ("1",), "accepted none"),
        (ALL[:2], (), "none accept 2026-04-02"),
        (ALL[:2], ("1",), "outdated accept 2026-04-02"),
        (ALL[:2], ("1", "2"), "accepted none"),
        (ALL[:3], ("2",), "accepted none"),  # a minor posting outdates nothing
        (ALL[:3], ("3",), "accepted none"),  # the newer text holds the older change
        (ALL[:4], ("2",), "outdated acknowledge 2026-04-04"),
        (ALL[:4], ("1",), "outdated accept 2026-04-02"),
        (ALL[:4], ("2", "4"), "acknowledged none"),
        (ALL[:4], ("2", "4~"), "acknowledged none"),
        (ALL[:4], ("1", "4~"), "outdated accept 2026-04-02"),  # going on says no yes
        (ALL[:2], ("2~",), "outdated accept 2026-04-02"),
        (ALL[:3], ("2", "3~"), "accepted none"),
        (ALL, ("2", "4"), "acknowledged none"),  # what asks nothing outdates nothing
        (ALL, ("5",), "accepted none"),
    ],
)
def test_where_a_person_stands(postings: tuple[Posting, ...], words: tuple[str, ...], expected: str) -> None:
    found = Asking(Timeline(postings)).standing(said(*words))

    assert " ".join(map(str, filter(None, (found.status, found.required, found.by)))) == expected


def test_what_was_taken_back_asks_nothing_and_counts_for_nothing() -> None:
    back = posting(6, restores=ADOPTED.tag)
    asking = Asking(Timeline((ADOPTED, FEES, back)))

    assert asking.is_withdrawn(1)
    assert asking.standing(said("1")).status is AgreementStatus.ACCEPTED
    assert asking.standing(said("2")).status is AgreementStatus.NONE
    assert asking.standing([]).required is Consent.NONE

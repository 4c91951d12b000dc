"""Policy files: their ids, their front matter, their titles, and what of them counts as text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.policy.revision import drop_used_up, policy_id_of, read_front_matter, title_of
from notifier.text.compared_text import compared_text, line_numbers
from notifier.text.dates.posted_date import set_posted_date
from notifier.text.front_matter import split_front_matter


@pytest.mark.parametrize(
    ("path", "root", "expected"),
    [
        ("policies/privacy.md", "policies", ("privacy", None)),
        ("policies/legal/dpa.md", "policies", ("legal/dpa", None)),
        ("policies/privacy.de.md", "policies", ("privacy", "de")),
        ("policies/privacy.pt-BR.md", "policies", ("privacy", "pt-BR")),
        ("policies/privacy.zh-Hans.md", "policies", ("privacy", "zh-Hans")),
        ("policies/terms.v2.md", "policies", ("terms.v2", None)),
        ("policies/terms.old.md", "policies", ("terms.old", None)),
        ("policies/de.md", "policies", ("de", None)),
        ("policies/Privacy Policy.md", "policies", ("Privacy-Policy", None)),
        ("policies/--force.md", "policies", ("force", None)),
        ("policies/datenschutzerklärung.md", "policies", ("datenschutzerklärung", None)),
        ("site/legal/terms.md", "site/legal", ("terms", None)),
        ("terms.md", "", ("terms", None)),
        ("policies/logo.svg", "policies", None),
        ("policies/.draft.md", "policies", None),
        ("policies/.github/x.md", "policies", None),
        ("README.md", "policies", None),
        ("policies-old/privacy.md", "policies", None),
    ],
)
def test_a_policys_id_is_its_path(path: str, root: str, expected: tuple[str, str | None] | None) -> None:
    assert policy_id_of(path, root) == expected


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=30)


@given(words, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.dates(date(1990, 1, 1), date(2099, 1, 1)))
def test_a_stamped_text_compares_equal_to_what_the_editor_wrote(
    summary: str, newline: str, has_date: bool, on: date
) -> None:
    quoted = summary.replace("'", "''")
    lines = [
        "---",
        "title: T",
        f"summary: '{quoted}'",
        "---",
        "# T",
        "",
        *(["Updated May 1, 2014."] * has_date),
        "Words.",
    ]
    text = newline.join(lines)

    stamped = set_posted_date(drop_used_up(text), on, language="en")

    assert "summary" not in stamped
    assert compared_text(stamped, language="en") == compared_text(text, language="en")


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: T\n---\n# T\n\nUpdated May 1, 2014.\n\nWords.\n",
        "---\ntitle: T\n---\n# T\n\nWords.\n",
        "# T\r\nWords.\r\n",
        "Words.\n",
        "---\ntitle: T\n---\n---\nprice: 5 EUR\n---\nWords.\n",
    ],
)
def test_a_line_of_the_compared_text_is_found_again_in_the_file(text: str) -> None:
    line = compared_text(text, language="en").splitlines().index("Words.") + 1

    assert text.splitlines()[line_numbers(text, language="en").in_file(line) - 1] == "Words."


def test_what_follows_the_front_matter_is_text_whatever_it_looks_like() -> None:
    compared = compared_text("---\ntitle: T\n---\n---\nprice: 5 EUR\n---\nWords.\n", language="en")

    assert "price: 5 EUR" in split_front_matter(compared)[1]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Privacy Policy\n", "Privacy Policy"),
        ("intro\n\n## *Privacy* [Policy](x) `v2` {#top}\n", "Privacy Policy v2"),
        ("Privacy Policy\n======\n", "Privacy Policy"),
        ("---\ntitle: Ours\n---\n# Privacy\n", "Ours"),
        ("\ufeff# Privacy Policy\r\n\r\nWords.\r\n", "Privacy Policy"),
        ("\ufeff---\r\naudience: all\r\n---\r\n# Privacy Policy\r\n\r\nWords.\r\n", "Privacy Policy"),
        ("no heading\n", "Data processing"),
        ("# snake_case_name #\n", "snake_case_name"),
    ],
)
def test_a_policys_title(text: str, title: str) -> None:
    assert title_of(text, read_front_matter(text), "legal/data-processing") == title

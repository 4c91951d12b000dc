"""Policy files: their ids, their front matter, their titles, and what of them counts as text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.errors import PolicyError
from notifier.policy.revision import (
    FrontMatter,
    body_line,
    compared_text,
    drop_summary,
    policy_id_of,
    read_front_matter,
    title_of,
)
from notifier.text.dates.posted_date import set_posted_date


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


def test_front_matter_is_read_and_unknown_keys_are_ignored() -> None:
    text = (
        "---\ntitle: Privacy\neffective: 2026-06-01\naudience: [eu, beta]\nsummary: >\n  We share\n  more.\n"
        "language: en-GB\nannounce: true\nlayout: page\n---\n# X\n"
    )

    assert read_front_matter(text) == FrontMatter(
        "Privacy", date(2026, 6, 1), frozenset({"eu", "beta"}), "We share more.", "en-GB", announce=True
    )


@pytest.mark.parametrize(
    "text", ["# Privacy\n", "", "---\n\nA rule above.\n", "---\n---\n# X\n", "Words\n---\ntitle: x\n---\n"]
)
def test_without_front_matter_there_is_none(text: str) -> None:
    assert read_front_matter(text) == FrontMatter()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("---\ntitle: Privacy\n\n# X\n", "p.md:1: the front matter is not closed"),
        ("---\ntitle: x\neffective: [\n---\n", "p.md:4: the front matter is not YAML"),
        ("---\ntitle: x\ntitle: : y\n---\n", "p.md:3: the front matter is not YAML"),
        ("---\n- a\n---\n", 'p.md:2: the front matter must be one "key: value" a line'),
        ("---\n{title: x, summary: y}\n---\n", 'p.md:2: the front matter must be one "key: value" a line'),
        (
            "---\nx: 1\neffective: soon\n---\n",
            "p.md:3: front matter effective: expected a date as in 2024-05-01, got 'soon'",
        ),
        ("---\neffective: 2024-13-01\n---\n", "p.md:1: the front matter is not YAML: month must be in 1..12"),
        ("---\nannounce: maybe\n---\n", "p.md:2: front matter announce: expected true or false, got 'maybe'"),
        ("---\naudience: 3\n---\n", "p.md:2: front matter audience: expected a list of customer tags, got '3'"),
        ("---\nx: !!python/object/apply:os.system [id]\n---\n", "p.md:2: the front matter is not YAML"),
        ("---\nx: " + "[" * 5000 + "\n---\n", "p.md:"),
    ],
)
def test_broken_front_matter_is_an_error_at_its_line(text: str, complaint: str) -> None:
    with pytest.raises(PolicyError) as raised:
        read_front_matter(text, "p.md")

    assert str(raised.value).startswith(complaint)
    assert "\n" not in str(raised.value)


def test_every_mistake_in_front_matter_is_told_at_once() -> None:
    with pytest.raises(PolicyError) as raised:
        read_front_matter("---\ntitle: [a]\nannounce: 3\n---\n", "p.md")

    assert [line[:7] for line in str(raised.value).splitlines()] == ["p.md:2:", "p.md:3:"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\ntitle: T\nsummary: We share.\nlayout: x\n---\n# T\n", "---\ntitle: T\nlayout: x\n---\n# T\n"),
        ("---\nsummary: |\n  We share.\n\n  And more.\nlayout: x\n---\n", "---\nlayout: x\n---\n"),
        ('---\nlayout: x\nsummary: "We\n  share."\n---\n', "---\nlayout: x\n---\n"),
        ("---\r\nsummary: We share.\r\nlayout: x\r\n---\r\nW\r\n", "---\r\nlayout: x\r\n---\r\nW\r\n"),
        ("---\nsummary: We share.\n---\n# T\n", "# T\n"),
        ("\ufeff---\nsummary: We share.\n---\n# T\n", "\ufeff# T\n"),
        ("---\ntitle: summary\n---\n# summary: x\n", "---\ntitle: summary\n---\n# summary: x\n"),
        ("# T\n\nsummary: no front matter\n", "# T\n\nsummary: no front matter\n"),
        ("---\nmeta:\n  summary: theirs\n---\n", "---\nmeta:\n  summary: theirs\n---\n"),
    ],
)
def test_a_used_summary_goes_and_nothing_else(before: str, after: str) -> None:
    assert drop_summary(before) == after
    assert drop_summary(after) == after


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

    stamped = set_posted_date(drop_summary(text), on, language="en")

    assert "summary" not in stamped
    assert compared_text(stamped, language="en") == compared_text(text, language="en")


def test_a_line_of_the_compared_text_is_found_again_in_the_file() -> None:
    text = "---\ntitle: T\n---\n# T\n\nUpdated May 1, 2014.\n\nWords.\n"

    line = compared_text(text, language="en").split("\n").index("Words.") + 1

    assert text.split("\n")[line + body_line(text) - 1] == "Words."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Privacy Policy\n", "Privacy Policy"),
        ("intro\n\n## *Privacy* [Policy](x) `v2` {#top}\n", "Privacy Policy v2"),
        ("Privacy Policy\n======\n", "Privacy Policy"),
        ("---\ntitle: Ours\n---\n# Privacy\n", "Ours"),
        ("no heading\n", "Data processing"),
        ("# snake_case_name #\n", "snake_case_name"),
    ],
)
def test_a_policys_title(text: str, title: str) -> None:
    assert title_of(text, read_front_matter(text), "legal/data-processing") == title

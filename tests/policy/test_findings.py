"""What is said about a policy's text before it lands."""

from __future__ import annotations

import pytest

from notifier.errors import Finding
from notifier.policy.findings import date_findings, law_findings, placeholder_findings
from notifier.policy.revision import PolicyText
from notifier.text.front_matter import FrontMatter


def policy(text: str, language: str = "en", path: str = "policies/privacy.md") -> PolicyText:
    return PolicyText(path, language, "b" * 40, text, FrontMatter(), "Privacy Policy")


def rules(findings: list[Finding]) -> list[tuple[int, str]]:
    return [(finding.line, finding.code) for finding in findings]


def test_a_posted_date_changed_by_hand_is_told_with_the_one_to_put_back() -> None:
    before = policy("# Privacy\n\nUpdated May 1, 2014.\n")
    after = policy("# Privacy\n\nUpdated: 2026-02-03\n")

    found = date_findings(after, before)

    assert [str(one) for one in found] == [
        'policies/privacy.md:3: the posted date was changed by hand to "2026-02-03"; '
        'write "May 1, 2014" back; it is set when this is posted'
    ]
    assert found[0].is_error


def test_an_effective_date_changed_by_hand_is_told_too_and_each_line_once() -> None:
    before = policy("# T\n\nUpdated May 1, 2014. Effective May 1, 2014.\n\nWords.\n")
    after = policy(before.text.replace("Effective May 1", "Effective May 2"))
    alone, moved = policy("# T\n\nEffective May 1, 2014.\n"), policy("# T\n\nEffective May 2, 2014.\n")

    assert [one.message for one in date_findings(after, before)] == [
        'the effective date was changed by hand to "May 2, 2014"'
    ]
    assert len(date_findings(moved, alone)) == 1


def test_a_text_without_a_date_in_a_language_without_words_for_one_says_what_to_write() -> None:
    (found,) = date_findings(policy("# Siri\n\nMaandishi.\n", "sw"), None)

    assert found.is_error
    assert "last_updated: 2014-05-01" in found.mend


def test_the_same_date_in_another_style_is_no_hand_edit() -> None:
    assert date_findings(policy("# P\n\nUpdated: 2014-05-01\n"), policy("# P\n\nUpdated May 1, 2014.\n")) == []


@pytest.mark.parametrize("before", [None, policy("# P\n"), policy("# P\n\nUpdated [DATE]\n")])
def test_a_first_date_is_no_hand_edit(before: PolicyText | None) -> None:
    assert date_findings(policy("# P\n\nUpdated May 1, 2014.\n"), before) == []


@pytest.mark.parametrize(
    "words",
    ["Contact [COMPANY NAME].", "[Insert address here]", "Fees: TBD", "TODO: ask legal",
     "{{ company }}", "Lorem ipsum dolor",
     "[YOUR EMAIL]", "<INSERT NAME>"],
)  # fmt: skip
def test_a_placeholder_is_found_where_it_stands(words: str) -> None:
    assert rules(placeholder_findings(policy(f"# P\n\nText.\n\n{words}\n"))) == [(5, "placeholder")]


@pytest.mark.parametrize(
    "words",
    ["See [DATE](x.md) and [NAME][1].", "```\nTODO {{ x }}\n```", "`{{ x }}`", "<!-- TODO -->", "[GDPR] applies.",
     "the ToDo list", "[CCPA NOTICE]: x"],
)  # fmt: skip
def test_links_code_and_comments_are_no_placeholders(words: str) -> None:
    assert placeholder_findings(policy(f"# P\n\n{words}\n")) == []


def test_a_placeholder_for_the_date_is_told_once() -> None:
    text = policy("# P\n\nUpdated [DATE].\n")

    assert placeholder_findings(text) == []
    assert rules(date_findings(text, None)) == [(3, "posted-date")]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Please check this page periodically for changes."),
        ("en", "We encourage you to review this policy from time to time."),
        ("en", "You should check back often."),
        ("de", "Bitte informieren Sie sich regelmäßig über Änderungen."),
        ("de", "Wir empfehlen, diese Seite von Zeit zu Zeit zu prüfen."),
        ("fr", "Veuillez consulter cette page régulièrement."),
        ("es", "Le recomendamos que revise esta página periódicamente."),
        ("nl", "Raadpleeg deze pagina regelmatig."),
    ],
)
def test_leaving_it_to_readers_to_notice_changes_is_told_with_its_source(language: str, sentence: str) -> None:
    found = law_findings(policy(f"# T\n\n{sentence}\n", language), policy_id="terms", is_controlling=False)

    assert [(one.line, one.code, one.basis, one.is_error) for one in found] == [(3, "check-back", "WP260 ¶29", False)]


@pytest.mark.parametrize(
    "sentence",
    ["We review this policy regularly.", "We regularly check our systems for changes.",
     "Our team often visits customers.", "Review your settings. We send mail regularly."],
)  # fmt: skip
def test_what_the_company_does_regularly_is_no_such_sentence(sentence: str) -> None:
    assert law_findings(policy(f"# T\n\n{sentence}\n"), policy_id="terms", is_controlling=False) == []


def test_a_privacy_policy_must_say_how_changes_are_told_and_since_when_it_applies() -> None:
    bare = policy("# Privacy\n\nWe keep chats.\n")
    whole = policy("# Privacy\n\nEffective May 1, 2014\n\nIf we change this policy, we notify you by email.\n")

    assert [one.code for one in law_findings(bare, policy_id="privacy", is_controlling=True)] == [
        "how-we-notify",
        "effective-date",
    ]
    assert law_findings(whole, policy_id="privacy", is_controlling=True) == []
    assert law_findings(bare, policy_id="privacy", is_controlling=False) == []


def test_other_policies_need_no_such_statements() -> None:
    text = PolicyText("policies/terms.md", "en", "b" * 40, "# Terms\n", FrontMatter(), "Terms")

    assert law_findings(text, policy_id="terms", is_controlling=True) == []


def test_a_language_without_rule_words_is_left_alone() -> None:
    assert law_findings(policy("# プライバシー\n", "ja"), policy_id="privacy", is_controlling=True) == []

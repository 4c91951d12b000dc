"""`notifier check` and `notifier hook`, as an editor and a pull request meet them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import Answer, Editor, Notifier

POLICY = "policies/privacy.md"
TEXT = (
    "# Privacy Policy\n\nLast updated: May 1, 2014\n\n## Data\n\nWe keep chats for 30 days.\n\n"
    "## Changes\n\nIf we change this policy, we tell you by email.\n"
)
SHARING = TEXT.replace("30 days.", "30 days. We share your personal data with advertising partners for marketing.")
APPROVED = "Significance: minor\nSignificance-Reason: it was so before\nApproved-by: Ben Bo <ben@chat.example>"


def rules(answer: Answer) -> list[tuple[str, int | None, str]]:
    return [(one["path"], one["line"], one["rule"]) for one in answer.json["findings"]]


@pytest.fixture
def committed(root: Path, editor: Editor) -> Path:
    editor.git("init", "-q", "-b", "main")
    editor.commit(TEXT, "Add the policy")
    return root


def test_languages_of_the_roster_that_letters_have_no_words_in_are_named(
    notifier: Notifier, editor: Editor, root: Path
) -> None:
    editor.commit("# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep chats.\n", "Write")
    rows = "a@x.example,fi\nb@x.example,Finnish\nc@x.example,de-AT\nd@x.example,\ne@x.example,sv\n"
    (root / "roster.csv").write_text("email,language\n" + rows)
    notifier("customers", "import", "roster.csv")

    answer = notifier("check")

    assert answer.code == 0
    assert "templates/notice/words/fi.toml: 2 customers on the roster read fi, and letters have no words" in answer.out
    assert answer.out.count("no words in it") == 1


def test_nothing_to_mend(committed: Path, notifier: Notifier) -> None:
    answer = notifier("check")

    assert (answer.code, answer.out, answer.err) == (0, "1 policy: nothing to mend\n", "")


def test_each_thing_to_mend_is_one_line_that_names_its_place(committed: Path, notifier: Notifier) -> None:
    (committed / POLICY).write_text(TEXT.replace("May 1", "May 2") + "\nSee [fees](#fees) of [COMPANY NAME].\n")

    answer = notifier("check")

    assert answer.code == 1
    assert answer.out.splitlines() == [
        f'{POLICY}:3: the posted date was changed by hand to "May 2, 2014"; '
        'write "May 1, 2014" back; it is set when this is posted (posted-date)',
        f'{POLICY}:13: "[COMPANY NAME]" is a placeholder; write what belongs there (placeholder)',
        f"{POLICY}:13: no heading here has the anchor #fees; link to a heading that is there (link)",
        f"{POLICY}:12: a close call: whether this is significant needs a person's word; "
        'say so in the commit, "Significance: significant", or by notifier decide (advice: close-call)',
        "privacy: consent: accept: customers are asked to accept it (proposed for fees_refunds)",
        "1 policy: 3 to mend, and 1 piece of advice",
    ]


SOUND = (
    "[x](#data)",
    "[x](#2-fees)\n\n## 2. Fees",
    "[x](#fees)\n\n## 2. Fees",
    "[x](terms.md#fees)",
    "[x](./terms.md)",
    "[x](../config.toml)",
    "[x](https://chat.example/legal/terms/#fees)",
    "[x](https://elsewhere.example/#nowhere)",
    "[x](mailto:a@chat.example)",
    "[x][ref]\n\n[ref]: #data",
    '<a id="old"></a> [x](#old)',
    "`[x](#nowhere)`",
    "x[^1]\n\n[^1]: Leaving is free.",
    "\\[x][ref]",
)
BROKEN = {
    "[x](terms.md#fee)": "no heading in policies/terms.md has the anchor #fee; did you mean #fees?",
    "[x](gone.md)": "there is no file policies/gone.md; mend the link or add the file",
    "[x](../../etc/passwd)": "there is no file ../etc/passwd; mend the link or add the file",
    "[x](https://chat.example/legal/fees/)": (
        "https://chat.example/legal/fees/ is no posted page; there are privacy, terms"
    ),
    "[x][ref]": "[…][ref] is defined nowhere; add: [ref]: address",
    '<a href="#nowhere">x</a>': "no heading here has the anchor #nowhere; link to a heading that is there",
}
"""Links, and what is told of them."""


def test_links_that_lead_nowhere(committed: Path, editor: Editor, notifier: Notifier) -> None:
    config = (committed / "config.toml").read_text()
    (committed / "config.toml").write_text(config + '[page]\nurl = "https://chat.example/legal"\n')
    editor.commit("# Terms\n\n## Fees\n", "Add terms", name="policies/terms.md")

    def told(*links: str) -> list[str]:
        (committed / POLICY).write_text(TEXT + "".join(f"\n{link}\n" for link in links))
        return [line for line in notifier("check").out.splitlines() if line.endswith("(link)")]

    alone = [link for link in SOUND if "##" in link or link.startswith("\\")]
    assert [told(link) for link in alone] == [[], [], []]
    assert told(*(link for link in SOUND if link not in alone)) == []
    assert told(*BROKEN) == [f"{POLICY}:{13 + 2 * at}: {words} (link)" for at, words in enumerate(BROKEN.values())]


def test_a_heading_that_goes_takes_its_anchor_from_under_mails_and_pages(committed: Path, notifier: Notifier) -> None:
    (committed / POLICY).write_text(TEXT.replace("## Data", "## What we keep"))
    gone = notifier("check", "--json")
    (committed / POLICY).write_text(TEXT.replace("## Data", '## What we keep\n\n<a id="data"></a>'))
    kept = notifier("check", "--json")

    assert (POLICY, 1, "anchor") in rules(gone)
    assert gone.code == 0
    assert [rule for _, _, rule in rules(kept) if rule == "anchor"] == []


def test_a_translation_left_behind_is_told(committed: Path, editor: Editor, notifier: Notifier) -> None:
    editor.commit("# Datenschutz\n\nWir speichern Chats 30 Tage.\n", "German", name="policies/privacy.de.md")
    (committed / POLICY).write_text(SHARING)
    left = notifier("check", "--json")
    (committed / "policies/privacy.de.md").write_text("# Datenschutz\n\nWir geben Daten weiter.\n")
    followed = notifier("check", "--json")

    assert ("policies/privacy.de.md", 1, "stale-translation") in rules(left)
    assert [rule for _, _, rule in rules(followed) if rule == "stale-translation"] == []


def test_every_unreadable_policy_is_a_finding_and_the_others_are_checked_all_the_same(
    committed: Path, notifier: Notifier
) -> None:
    (committed / "policies/terms.md").write_bytes("# Terms\n\nStra\xdfe TODO\n".encode("latin-1"))
    (committed / "policies/cookies.md").write_text("---\naudience: 3\n---\n# Cookies\n\nUpdated 03/04/2024\n")
    (committed / POLICY).write_text(TEXT + "\nTBD\n")

    answer = notifier("check", "--json")

    assert answer.code == 1
    assert rules(answer) == [
        ("policies/cookies.md", 2, "unreadable"),
        ("policies/cookies.md", 6, "posted-date"),
        (POLICY, 13, "placeholder"),
        ("policies/terms.md", 3, "unreadable"),
        ("policies/terms.md", 3, "placeholder"),
        (POLICY, 12, "close-call"),
    ]


def test_minor_that_does_not_count_is_told_with_its_commit(committed: Path, editor: Editor, notifier: Notifier) -> None:
    start = editor.git("rev-parse", "HEAD")
    commit_id = editor.commit(SHARING, "Clarify\n\nSignificance: minor")

    answer = notifier("check", "--from", start)

    assert answer.code == 1
    assert f'commit {commit_id[:7]}: "Significance: minor" is ignored: it has no Significance-Reason' in answer.out


def test_minor_with_a_second_persons_name_is_a_claim_and_the_verdict_stands(
    committed: Path, editor: Editor, notifier: Notifier
) -> None:
    start = editor.git("rev-parse", "HEAD")
    commit_id = editor.commit(SHARING, f"Clarify\n\n{APPROVED}")
    claim = f'commit {commit_id[:7]}: "Significance: minor" is a claim of Erin (it was so before): only notifier decide'

    answer, shown = notifier("check", "--from", start), notifier("check", "--from", start, "--format", "github")

    assert (answer.code, shown.code) == (0, 0)
    assert claim in answer.out
    assert "is a claim of Erin" in shown.out
    assert "significant (clear)" in shown.out


def test_a_claim_is_shown_wherever_the_verdict_is(committed: Path, editor: Editor, notifier: Notifier) -> None:
    notifier("run")
    commit_id = editor.commit(SHARING, f"Clarify\n\n{APPROVED}")
    claim = '"Significance: minor" is a claim of Erin'

    previews = [notifier("preview", *more).out for more in ((), ("--format", "markdown"), ("--json",))]
    explained, ran = notifier("explain", commit_id), notifier("run")

    assert all("is a claim of Erin" in one for one in previews)
    assert "claim     " in explained.out
    assert claim in explained.out
    assert ran.code == 1
    assert claim in ran.err
    assert "waits" in ran.out


def test_a_word_on_what_is_committed_does_not_cover_what_is_being_written(
    committed: Path, editor: Editor, notifier: Notifier
) -> None:
    start = editor.git("rev-parse", "HEAD")
    editor.commit(SHARING, f"Clarify\n\n{APPROVED}")
    (committed / POLICY).write_text(SHARING.replace("30 days", "12 months"))

    assert "an editor says" not in notifier("check", "--from", start, "--format", "github").out


def test_a_pull_request_is_compared_with_where_it_left_the_branch(
    committed: Path, editor: Editor, notifier: Notifier
) -> None:
    editor.git("checkout", "-q", "-b", "edit")
    editor.commit(SHARING, "Share data")
    editor.git("checkout", "-q", "main")
    editor.commit(TEXT.replace("May 1, 2014", "June 9, 2025"), "Posted meanwhile")
    editor.git("checkout", "-q", "--detach", "edit")

    answer = notifier("check", "--from", "main", "--format", "github")

    assert answer.code == 0
    assert "privacy against" in answer.out
    assert "<ins>We share your personal data with advertising partners for marketing.</ins>" in answer.out
    assert "changed by hand" not in answer.out


def test_the_comment_on_a_pull_request_cannot_call_anyone_or_break_out(
    committed: Path, editor: Editor, notifier: Notifier
) -> None:
    (committed / POLICY).write_text(TEXT + "\n[x](#@boss|</details><img src=x>) We share data with @team and #12.\n")

    comment = notifier("check", "--format", "github").out

    assert "@boss" not in comment
    assert "@team" not in comment
    assert "#12" not in comment
    assert "<img" not in comment


def test_an_unknown_revision_is_wrong_use(committed: Path, notifier: Notifier) -> None:
    answer = notifier("check", "--from", "--output=x")

    assert (answer.code, answer.err) == (2, "'--output=x' names no commit here\n")


def test_before_the_first_commit_it_checks_what_is_there(root: Path, editor: Editor, notifier: Notifier) -> None:
    editor.git("init", "-q", "-b", "main")
    (root / "policies").mkdir()
    (root / POLICY).write_text(TEXT.replace("May 1, 2014", "TBD"))

    answer = notifier("check")

    assert answer.code == 1
    assert f'{POLICY}:3: the posted date "TBD" is a placeholder' in answer.out


def test_a_summary_that_cheers_is_found_whatever_the_change(committed: Path, notifier: Notifier) -> None:
    for words in ("Great news! We are excited.", "Wir freuen uns sehr.", "Buy now: 20 % off"):
        text = TEXT.replace("we tell you", "we will tell you")
        (committed / POLICY).write_text(f'---\nsummary: "{words}"\n---\n{text}')

        answer = notifier("check", "--json")

        assert answer.code == 1
        assert (POLICY, 2, "marketing") in rules(answer)


def test_a_plain_summary_is_no_marketing(committed: Path, notifier: Notifier) -> None:
    said = "We will work with advertising partners to measure our campaigns, and offer refunds to whoever is unhappy."
    (committed / POLICY).write_text(f'---\nsummary: "{said}"\n---\n{SHARING}')

    assert not [one for one in rules(notifier("check", "--json")) if one[2] == "marketing"]


def test_what_a_converter_left_behind_gets_advice(committed: Path, notifier: Notifier) -> None:
    debris = (
        "[]{#_Toc123456}Data", "See [Fees](#_Ref99)", "[kept]{.underline}", "::: {.section}",
        "Error! Bookmark not defined.",
    )  # fmt: skip
    for one in debris:
        (committed / POLICY).write_text(f"{TEXT}\n{one}\n")

        assert (POLICY, 13, "debris") in rules(notifier("check", "--json"))


def test_a_long_policy_without_headings_gets_advice(committed: Path, notifier: Notifier) -> None:
    (committed / POLICY).write_text("# Privacy\n\n" + "We keep chats for 30 days and tell you of changes.\n\n" * 40)
    advised = notifier("check", "--json")
    (committed / POLICY).write_text("# Privacy\n\n## Data\n\n" + "We keep chats for 30 days and tell you.\n\n" * 40)

    assert (POLICY, 1, "no-headings") in rules(advised)
    assert not [one for one in rules(notifier("check", "--json")) if one[2] == "no-headings"]


def commit(root: Path, message: str) -> subprocess.CompletedProcess[str]:
    identity = ["-c", "user.name=Erin", "-c", "user.email=erin@chat.example"]
    command = ["git", *identity, "commit", "-a", "-m", message]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=dict(os.environ))


def test_the_hook_stops_a_commit_that_has_something_to_mend(committed: Path, notifier: Notifier) -> None:
    assert notifier("hook", "install").code == 0
    (committed / POLICY).write_text(TEXT.replace("May 1, 2014", "[DATE]"))
    stopped = commit(committed, "Break the date")
    (committed / POLICY).write_text(TEXT.replace("30 days", "thirty days"))
    made = commit(committed, "Write it out")

    assert stopped.returncode == 1
    assert '"[DATE]" is a placeholder' in stopped.stdout + stopped.stderr
    assert made.returncode == 0, made.stderr


def test_the_hook_stops_a_message_whose_minor_would_not_count(committed: Path, notifier: Notifier) -> None:
    notifier("hook", "install")
    (committed / POLICY).write_text(SHARING)

    stopped = commit(committed, "Clarify\n\nSignificance: minor")
    made = commit(committed, f"Clarify\n\n{APPROVED}")

    assert stopped.returncode == 1
    assert 'commit message: "Significance: minor" is ignored' in stopped.stdout + stopped.stderr
    assert made.returncode == 0, made.stderr


def test_the_hook_judges_what_is_staged_in_the_worktree_it_runs_in(
    committed: Path, editor: Editor, notifier: Notifier, tmp_path_factory: pytest.TempPathFactory
) -> None:
    notifier("hook", "install")
    desk = tmp_path_factory.mktemp("desks") / "desk"
    editor.git("worktree", "add", "-q", "-b", "draft", str(desk))
    (desk / POLICY).write_text(TEXT.replace("May 1, 2014", "[DATE]"))
    (committed / POLICY).write_text(SHARING)
    stopped, here = commit(desk, "Break the date"), commit(committed, "Share")

    assert stopped.returncode == 1
    assert '"[DATE]" is a placeholder' in stopped.stdout + stopped.stderr
    assert here.returncode == 0, here.stderr


def test_the_hook_looks_at_what_would_be_committed_and_at_nothing_else_on_disk(
    committed: Path, editor: Editor, notifier: Notifier
) -> None:
    terms = committed / "policies/terms.md"
    editor.commit("# Terms\n\nThe fee is [AMOUNT NAME].\n", "An old fault", name="policies/terms.md")
    notifier("hook", "install")
    (committed / POLICY).write_text(TEXT.replace("30 days", "thirty days"))
    terms.write_text("# Terms\n\nThe fee is TBD.\n")
    command = ["git", "-c", "user.name=Erin", "-c", "user.email=erin@chat.example", "commit", "-m", "Write it out"]
    made = subprocess.run([*command, POLICY], cwd=committed, capture_output=True, text=True, check=False)
    stopped = commit(committed, "And the fee")

    assert made.returncode == 0, made.stderr
    assert "terms" not in made.stdout + made.stderr
    assert stopped.returncode == 1
    assert '"TBD" is a placeholder' in stopped.stdout + stopped.stderr


def test_what_a_commit_breaks_in_a_file_that_it_leaves_alone_is_found(committed: Path, notifier: Notifier) -> None:
    (committed / "policies/terms.md").write_text("# Terms\n\nSee [what we keep](privacy.md#data).\n")
    (committed / "policies/fees.md").write_text("# Fees\n\nSee [nothing](privacy.md#none).\n")
    commit_all = ["git", "-c", "user.name=E", "-c", "user.email=e@chat.example", "commit", "-qm", "Add them"]
    subprocess.run(["git", "add", "policies"], cwd=committed, check=True)
    subprocess.run(commit_all, cwd=committed, check=True)
    (committed / POLICY).write_text(TEXT.replace("## Data", "## What we hold"))
    subprocess.run(["git", "add", "policies"], cwd=committed, check=True)

    answer = notifier("check", "--staged", "--json")

    assert answer.code == 1
    assert ("policies/terms.md", 3, "link") in rules(answer)
    assert not [path for path, _, _ in rules(answer) if path == "policies/fees.md"]


def test_against_a_revision_the_date_is_still_held_against_the_last_posting(
    committed: Path, editor: Editor, notifier: Notifier
) -> None:
    notifier("run")
    start = editor.git("rev-parse", "HEAD")
    editor.commit(SHARING, "Share")
    notifier("run")
    stamped = (committed / POLICY).read_text()

    answer = notifier("check", "--from", start)

    assert "May 1, 2014" not in stamped
    assert (answer.code, "posted date" in answer.out) == (0, False)
    (committed / POLICY).write_text(stamped.replace("2026", "2025").replace("2027", "2025"))
    assert "changed by hand" in notifier("check", "--from", start).out


def test_a_text_from_before_the_first_run_brought_back_is_no_edit_by_hand_either(
    root: Path, editor: Editor, notifier: Notifier
) -> None:
    editor.commit(TEXT.replace("May 1, 2014", "April 1, 2013"), "Add the policy")
    start = editor.git("rev-parse", "HEAD")
    editor.commit(TEXT, "Write it anew")
    notifier("run")
    editor.git("checkout", start, "--", POLICY)

    assert "changed by hand" not in notifier("check").out
    (root / POLICY).write_text(TEXT.replace("2014", "2015"))
    editor.git("commit", "-qam", "Set a date by hand")
    assert "changed by hand" in notifier("check").out


def test_an_earlier_text_brought_back_brings_its_date_and_that_is_no_edit_by_hand(
    committed: Path, editor: Editor, notifier: Notifier
) -> None:
    notifier("run")
    start = editor.git("rev-parse", "HEAD")
    editor.commit(SHARING, "Share")
    notifier("run")
    editor.git("checkout", start, "--", POLICY)

    answer = notifier("check")

    assert (answer.code, "changed by hand" in answer.out) == (0, False)


def test_hooks_of_others_are_not_touched(committed: Path, notifier: Notifier) -> None:
    theirs = committed / ".git/hooks/pre-commit"
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("#!/bin/sh\nexit 0\n")

    installed = notifier("hook", "install")
    removed = notifier("hook", "remove")

    assert installed.code == 1
    assert "there is a hook already; add to it:" in installed.err
    assert theirs.read_text() == "#!/bin/sh\nexit 0\n"
    assert f"{committed}/.git/hooks/commit-msg: removed" in removed.out.splitlines()


def test_hooks_go_where_the_repository_looks_for_them(committed: Path, editor: Editor, notifier: Notifier) -> None:
    editor.git("config", "core.hooksPath", "githooks")

    assert notifier("hook", "install").code == 0
    assert sorted(path.name for path in (committed / "githooks").iterdir()) == ["commit-msg", "pre-commit"]


@pytest.mark.parametrize(
    ("front_matter", "told"),
    [
        ("summary: See evil.example", 'the summary reaches every customer, and holds the address "evil.example"'),
        ("title: At www.evil.example", 'the title reaches every customer, and holds the address "www.evil.example"'),
        ("summary: Dear {{ name }}", "the summary reaches every customer, and holds"),
    ],
)  # fmt: skip
def test_words_that_reach_everybody_name_no_address_elsewhere(
    committed: Path, editor: Editor, notifier: Notifier, front_matter: str, told: str
) -> None:
    notifier("run")
    editor.commit(f"---\n{front_matter}\n---\n{SHARING}", "Share")

    checked, ran = notifier("check", "--from", "HEAD~1"), notifier("run")

    assert checked.code == 1
    assert f"{POLICY}:2: {told}" in checked.out
    assert ran.code == 1
    assert told in ran.out
    assert "tag posted" not in ran.out


LONG = TEXT + "\n".join(
    f"\nWe keep the {word} that you give us, and delete it when you ask us to." for word in "abcdefgh"
)


def test_a_text_that_lost_nearly_all_of_its_words_waits_for_a_word(
    committed: Path, editor: Editor, notifier: Notifier
) -> None:
    editor.commit(LONG, "Say more")
    notifier("run")
    editor.commit("# Privacy Policy\n\nLast updated: May 1, 2014\n\nWe keep chats.\n", "Break it")

    checked, ran = notifier("check", "--json"), notifier("run", "--json")
    decided = notifier("decide", "privacy", "significant", "--because", "we wrote it anew")
    after = notifier("run", "--json")

    assert (POLICY, 1, "shrunk") in rules(checked)
    assert checked.code == 0
    assert ran.json["posted"] == []
    assert "lost four fifths of its words" in ran.json["waiting"][0]["why"]
    assert decided.code == 0
    assert [one["significance"] for one in after.json["posted"]] == ["significant"]


def test_a_word_in_the_commit_says_that_so_short_a_text_is_meant(
    committed: Path, editor: Editor, notifier: Notifier
) -> None:
    editor.commit(LONG, "Say more")
    notifier("run")
    editor.commit("# Privacy Policy\n\nWe keep chats.\n", "Write it anew\n\nSignificance: significant")

    assert [one["significance"] for one in notifier("run", "--json").json["posted"]] == ["significant"]


def test_a_file_that_is_no_policy_needs_a_word_before_it_is_published(
    committed: Path, editor: Editor, notifier: Notifier
) -> None:
    notifier("run")
    editor.commit("# Readme\n\nThis folder holds our policies.\n", "Add", name="policies/README.md")

    assert ("policies/README.md", 1, "new-policy") in rules(notifier("check", "--json"))
    editor.commit("---\nannounce: false\n---\n# Readme\n\nOur policies.\n", "Say so", name="policies/README.md")
    assert notifier("check").code == 0


def test_a_pull_request_shows_everything_that_merging_would_do(
    committed: Path, editor: Editor, notifier: Notifier
) -> None:
    editor.commit(
        "# Datenschutz\n\nStand: 1. Mai 2014\n\nWir bewahren Chats auf.\n", "German", name="policies/privacy.de.md"
    )
    editor.commit("# Terms\n\nLast updated: May 1, 2014\n\nBe kind.\n", "Terms", name="policies/terms.md")
    notifier("run")
    start = editor.git("rev-parse", "HEAD")
    claimed = editor.commit(SHARING, f"Clarify\n\n{APPROVED}")[:7]
    odd = editor.commit(SHARING.replace("30 days", "31 days"), "More\n\nSignifcance: minor")[:7]
    front_matter = "---\naudience: [chat]\nsummary: We share more.\n---\n"
    editor.commit(front_matter + SHARING, "Say it")
    (committed / "policies/terms.md").write_text(
        "---\naudience: [pro]\n---\n" + (committed / "policies/terms.md").read_text()
    )
    (committed / "policies/new.md").write_text("---\nannounce: true\n---\n# New\n\nWe begin.\n")

    comment = notifier("check", "--from", start, "--format", "github").out

    assert "### privacy against" in comment
    assert "significant (clear)" in comment
    assert f'{claimed}: "Significance: minor" is a claim of Erin' in comment
    assert f'{odd}: "Signifcance: minor" is not heard' in comment
    assert "told to customers tagged chat, quoted from en or de" in comment
    assert "; in force 30 days after it is posted" in comment
    assert "in its own words: We share more." in comment
    assert "| policies/privacy.md | audience |  | chat |" in comment
    assert "| policies/privacy.md | summary |  | We share more. |" in comment
    assert "| policies/terms.md | audience |  | pro |" in comment
    assert "it is new: it is posted, and customers are told" in comment
    assert "- [ ] " in comment
    assert "<summary>Redline of privacy</summary>" in comment
    assert "<summary>Letter in de: " in comment
    assert "<summary>Letter in en: " in comment
    assert comment.count("We share more.") >= 4


def test_a_minor_change_tells_nobody_and_has_no_letter(committed: Path, editor: Editor, notifier: Notifier) -> None:
    start = editor.git("rev-parse", "HEAD")
    editor.commit(TEXT.replace("We keep chats", "We keep  chats").replace("tell you by", "will tell you by"), "Slip")

    comment = notifier("check", "--from", start, "--format", "github").out

    assert "posted without a notice" in comment
    assert "Letter in" not in comment


def test_a_comment_is_never_longer_than_a_forge_takes(committed: Path, editor: Editor, notifier: Notifier) -> None:
    start = editor.git("rev-parse", "HEAD")
    long = "".join(
        f"\n\n## Part {n}\n\nWe share your location {n} with partners, {'very ' * 40}often." for n in range(400)
    )
    editor.commit(TEXT + long, "Say much")

    comment = notifier("check", "--from", start, "--format", "github").out

    assert len(comment) < 65_536
    assert "### privacy against" in comment
    assert "too long for a comment" in comment


@pytest.mark.parametrize(
    ("where", "word"),
    [
        ("empty", "Significance: significant"),
        ("merged", "Signifcance: signficant"),
        ("squashed", "**Significance:** significant"),
        ("crlf", "Significance: significant"),
    ],
)
def test_a_word_that_counts_is_never_lost(
    committed: Path, editor: Editor, notifier: Notifier, where: str, word: str
) -> None:
    notifier("run")
    slip = TEXT.replace("We keep chats", "We keep  chats").replace("we tell you", "we will tell you")
    if where == "merged":
        editor.git("switch", "-qc", "edit")
    subjects = {
        "squashed": f"Merge #12\n\n* Mend a slip\n\n{word}\n\n* Mend another\n",
        "crlf": f"Mend a slip\r\n\r\n{word}\r\n",
    }
    editor.commit(slip, subjects.get(where, "Mend a slip"))
    if where in ("empty", "merged"):
        editor.git("commit", "-q", "--allow-empty", "-m", f"Say it\n\n{word}")
    if where == "merged":
        editor.git("switch", "-q", "main")
        editor.git("merge", "-q", "--no-ff", "-m", "Merge edit", "edit")
        editor.git("branch", "-D", "edit")

    posted = notifier("run", "--json").json["posted"]

    assert [one["significance"] for one in posted] == ["significant"]


def test_minor_in_a_commit_that_changes_no_policy_is_refused_by_name(
    committed: Path, editor: Editor, notifier: Notifier
) -> None:
    notifier("run")
    editor.commit(SHARING, "Share")
    editor.git("commit", "-q", "--allow-empty", "-m", f"Say it\n\n{APPROVED}")

    checked, ran = notifier("check"), notifier("run")

    assert "it changes no policy" in checked.out
    assert "it changes no policy" in ran.err
    assert "significant" in ran.out
    assert "tag posted/privacy/" in ran.out


def test_a_change_of_who_may_decide_is_shown_to_reviewers(committed: Path, editor: Editor, notifier: Notifier) -> None:
    start = editor.git("rev-parse", "HEAD")
    with (committed / "config.toml").open("a") as config:
        config.write('[judgement]\napprovers = ["Eve <eve@chat.example>"]\nwait_hours = 0\n')
    editor.git("commit", "-qam", "Tidy up")

    comment = notifier("check", "--from", start, "--format", "github").out

    assert "judgement.approvers was not set, and is " in comment
    assert "eve" in comment
    assert "judgement.wait\\_hours was not set, and is 0" in comment


@pytest.mark.parametrize("is_imported", [True, False])
def test_reviewers_see_how_many_would_be_told_where_the_customers_are_known(
    committed: Path, editor: Editor, notifier: Notifier, is_imported: bool
) -> None:
    start = editor.git("rev-parse", "HEAD")
    (committed / "roster.csv").write_text("email,language\na@x.example,en\nb@x.example,de\nc@x.example,en-GB\n")
    with (committed / "config.toml").open("a") as config:
        config.write('[customers]\nfile = "roster.csv"\n')
    if is_imported:
        notifier("customers", "import", "roster.csv")
    editor.commit(SHARING, "Share")

    comment = notifier("check", "--from", start, "--format", "github").out

    assert "told to every customer, quoted from en: 3 now (de 1, en 2); in force 30 days" in comment
    assert "Hello,\n" in comment


@pytest.mark.parametrize(
    ("summary", "why"),
    [
        ("{en: We share more., de: Mehr unter boese.example}", 'holds the address "boese.example"'),
        ("Buy now and get 20% off", '"Buy now" in the summary is marketing'),
    ],
)
def test_what_would_stop_a_letter_holds_its_policy_alone(
    committed: Path, editor: Editor, notifier: Notifier, summary: str, why: str
) -> None:
    editor.commit("# Terms\n\nLast updated: May 1, 2014\n\nThe fee is 5 euros.\n", "Terms", name="policies/terms.md")
    notifier("run")
    editor.commit(f"---\nsummary: {summary}\n---\n{SHARING}", "Share")
    editor.commit("# Terms\n\nThe fee is 50 euros.\n", "More", name="policies/terms.md")

    ran = notifier("run", "--json")

    assert [one["policy"] for one in ran.json["posted"]] == ["terms"]
    [waiting] = ran.json["waiting"]
    assert waiting["policy"] == "privacy"
    assert why in waiting["why"]

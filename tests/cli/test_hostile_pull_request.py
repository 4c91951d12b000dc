"""A pull request by somebody who wants a change to pass unseen, or to speak to every customer: one story, two acts."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Editor, Notifier

PRIVACY = (
    "# Privacy Policy\n\nLast updated: May 1, 2014\n\n## Rights\n\nYou may object at any time.\n\n## Sharing\n\n"
    "We never sell your data.\n\n## Changes\n\nIf we change this policy, we tell you by email.\n"
)
TERMS = "# Terms\n\nLast updated: May 1, 2014\n\nThe fee is 5 euros a month.\n"
CLAIM = "Significance: minor\nSignificance-Reason: wording\nApproved-by: Lena Legal <lena@chat.example>"


def test_what_a_hostile_pull_request_tries_is_named_before_it_lands_and_stopped_after(
    root: Path, editor: Editor, notifier: Notifier
) -> None:
    editor.commit(PRIVACY, "Add")
    editor.commit(TERMS, "Add", name="policies/terms.md")
    (root / "customers.csv").write_text("id,email,name,language\n1,ada@x.example,Ada,en\n")
    notifier("customers", "import", "customers.csv")
    assert notifier("run").code == 0
    editor.git("switch", "-qc", "tidy")
    # a right hidden in the source, with a minor word for it in somebody else's name
    editor.commit(PRIVACY.replace("You may object", "<script>\nYou may object"), f"Tidy the markup\n\n{CLAIM}")
    # a higher fee called a link, and a summary that leads elsewhere by a letter that looks alike
    fee = TERMS.replace("5 euros", "50 euros").replace(
        "# Terms", "---\nsummary: Renew at сhat.example now\n---\n# Terms"
    )
    editor.commit(fee, "Mend a link\n\nSignificance: minor\nSignificance-Reason: a link", name="policies/terms.md")
    # a page in the place of another, and the rule of who may decide
    editor.commit("# Changes\n\nAll is well.\n", "Add", name="policies/privacy/changes.md")
    with (root / "config.toml").open("a") as config:
        config.write('[judgement]\napprovers = ["Eve <eve@chat.example>"]\n')
    editor.git("commit", "-qam", "Tidy up")

    comment = notifier("check", "--from", "main", "--format", "github")

    assert comment.code == 1
    for named in (
        "hides all below it, since it is never closed",
        '"Significance: minor" is a claim of Erin',
        "the summary reaches every customer, and holds the address",
        "no policy can have this name: pages of policy privacy stand at /privacy/changes/",
        "judgement.approvers was not set",
        "### privacy against",
        "### terms against",
    ):
        assert named in comment.out.replace("\\", "")
    assert comment.out.count("significant (clear)") == 2

    editor.git("switch", "-q", "main")
    editor.git("merge", "-q", "--no-ff", "-m", "Merge tidy", "tidy")
    editor.git("branch", "-D", "tidy")
    ran, status = notifier("run", "--json"), notifier("status")

    assert ran.code == status.code == 1
    assert ran.json["posted"] == []
    assert not list((root / ".notifier/outbox").rglob("*.eml"))
    for said in ("privacy waits for an editor's word", "terms is not posted: ", "privacy/changes is not posted: "):
        assert said in status.out
    assert "You may object at any time." in (root / "site/privacy/index.html").read_text(encoding="utf-8")

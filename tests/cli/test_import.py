"""`notifier import FILE`: a policy from Word, LibreOffice or the web, and what of it could not be carried over."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest
from tests.cli.conftest import Answer, Notifier

pypandoc = pytest.importorskip("pypandoc", reason="the extra policy-notifier[import] is not installed")

SOURCE = """\
---
title: Terms of Service
---

# Scope

We offer this.[^1] See [Fees](#fees) and *read* it **well**.

[^1]: Since 2020.

# Fees

| Plan  | Price |
|-------|-------|
| Basic | 10    |

- one
- two
"""
PAGE = """\
<html><head><title>Privacy | Firm</title></head><body><nav><a href="/">Home</a></nav><main>
<h1>Privacy <u>Policy</u></h1><p class="MsoNormal">We keep <span style="color:red">chats</span> for x<sup>2</sup> days,
for the 1<sup>st</sup> time.</p><h2 id="old-place">Data we hold</h2><img src="a.png" alt="Logo">
<table><tr><th>A</th><th>B</th></tr><tr><td rowspan=2>1</td><td><p>p1<p>p2</td></tr><tr><td>3</td></tr></table>
<ol type="a"><li>one<li>two</ol><p><a href="#old-place">see data</a> <a href="#gone">nowhere</a></p>
<iframe src="https://example.com/"></iframe></main><footer>All rights reserved</footer></body></html>
"""
GOOGLE_DOCS = """\
<html><head><style type="text/css">.c1{font-weight:700}.c2{font-style:italic}.c0{color:#000}</style></head>
<body class="c9 doc-content"><p class="c3 title" id="h.x1"><span class="c0">Privacy Policy</span></p>
<p class="c3"><span class="c0">Last updated: March 3, 2026</span></p>
<h1 class="c7" id="h.abc"><span class="c1">1. Data we collect</span></h1>
<p class="c3"><span class="c1">Name</span><span>&nbsp;and </span><span class="c2">email</span><span>.</span><sup><a
href="#ftnt1" id="ftnt_ref1">[1]</a></sup><sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p>
<ul class="c6 lst-kix_q-0 start"><li class="c4 li-bullet-0"><span class="c0">top</span></li></ul>
<ol class="c6 lst-kix_q-1 start" start="1"><li class="c4"><span>nested</span></li></ol>
<ul class="c6 lst-kix_q-0"><li class="c4 li-bullet-0"><span class="c0">top two</span></li></ul>
<hr style="page-break-before:always;display:none;">
<p class="c3">See <a class="c10" href="https://www.google.com/url?q=https://acme.example/cookies?a%3Db&amp;sa=D&amp;usg=A">
cookies</a>.</p><hr class="c15"><div><p class="c3"><a href="#ftnt_ref1" id="ftnt1">[1]</a>
<span>&nbsp;Only if you give it.</span></p></div>
<div class="c2"><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Ask legal first</span></p></div></body></html>
"""
WORD_DEBRIS = ("[]{", "{#", "<span", "<u>", "_Toc", ":::", "[TABLE]")


def made(folder: Path, kind: str, text: str = SOURCE, *, name: str = "Terms of Service") -> Path:
    path = folder / f"{name}.{kind}"
    options = ["--standalone", "--table-of-contents"] if kind == "docx" else ["--standalone"]
    command = [pypandoc.get_pandoc_path(), "--from", "markdown", "--to", kind, *options, "-o", str(path)]
    subprocess.run(command, input=text.encode(), check=True, capture_output=True)
    return path


def taken(notifier: Notifier, root: Path, source: Path, *more: str) -> tuple[Answer, str]:
    answer = notifier("import", source, "--json", *more)
    assert answer.code == 0, answer.err
    return answer, Path(answer.json["path"]).read_text()


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_a_document_becomes_a_policy_with_title_headings_table_and_note(
    notifier: Notifier, root: Path, kind: str
) -> None:
    answer, text = taken(notifier, root, made(root, kind))

    assert Path(answer.json["path"]) == root / "policies/terms-of-service.md"
    assert text == (
        "# Terms of Service\n\n## Scope\n\nWe offer this.[^1] See [Fees](#fees) and *read* it **well**.\n\n## Fees\n\n"
        "| Plan  | Price |\n|-------|-------|\n| Basic | 10    |\n\n- one\n- two\n\n[^1]: Since 2020.\n"
    )
    contents = ["the table of contents is left out: pages make their own"] if kind == "docx" else []
    assert answer.json["lost"] == contents


def test_a_page_becomes_its_main_text_and_what_it_cannot_be_is_named(notifier: Notifier, root: Path) -> None:
    page = root / "privacy.html"
    page.write_text(PAGE)
    answer, text = taken(notifier, root, page)

    assert text.startswith("# Privacy Policy\n\nWe keep chats for x² days, for the 1st time.\n\n## Data we hold\n")
    assert "| 1   | p1; p2 |\n| 1   | 3      |" in text
    assert "[see data](#data-we-hold) nowhere" in text
    assert not [one for one in (*WORD_DEBRIS, "Home", "All rights") if one in text]
    assert set(answer.json["lost"]) == {
        "underlining is left out",
        "an image is left out: Logo",
        "a table's cell over several rows or columns is repeated in each",
        "a table's cell of several paragraphs is written in one line",
        "lists numbered (a), (b) or i, ii are numbered 1, 2",
        "a link within the document has lost its place, and only its words are kept",
        "an embedded page is left out",
    }


def test_a_page_without_a_main_part_is_read_without_its_window_title_and_buttons(
    notifier: Notifier, root: Path
) -> None:
    page = root / "cookies.html"
    page.write_text(
        "<html><head><title>Cookies | Firm</title></head><body><h1>Cookies</h1><noscript>Turn scripts on</noscript>"
        "<p>We set one.</p><button>Accept all</button></body></html>"
    )

    _, text = taken(notifier, root, page)

    assert text == "# Cookies\n\nWe set one.\n"


def test_a_web_page_of_google_docs_keeps_title_notes_lists_and_words_and_leads_nowhere_by_way_of_google(
    notifier: Notifier, root: Path
) -> None:
    page = root / "export.html"
    page.write_text(GOOGLE_DOCS)

    answer, text = taken(notifier, root, page)

    assert text.startswith("# Privacy Policy\n\nLast updated: March 3, 2026\n\n## 1. Data we collect\n\n")
    assert "**Name** and *email*.[^1]\n" in text
    assert "[^1]: Only if you give it." in text
    assert "- top\n  1.  nested\n- top two\n" in text
    assert "[cookies](https://acme.example/cookies?a=b)" in text
    assert "google.com" not in text
    assert "Ask legal" not in text
    assert "---" not in text
    assert answer.json["lost"] == ['a comment is left out: "Ask legal first"']


def test_bold_lines_are_the_headings_of_a_text_that_has_none(notifier: Notifier, root: Path) -> None:
    text = "**Scope**\n\nWe offer this.\n\n**Fees**\n\nYou pay.\n"
    answer, text = taken(notifier, root, made(root, "docx", text, name="terms"))

    assert [line for line in text.splitlines() if line.startswith("#")] == ["# terms", "## Scope", "## Fees"]
    assert "2 bold lines were taken for headings" in answer.json["lost"]
    assert 'no title in the file: it is called "terms" after its name' in answer.json["lost"]


def test_words_that_are_bold_by_style_alone_are_read_so(notifier: Notifier, root: Path) -> None:
    page = root / "terms.html"
    bold = '<p><span style="color:red; font-weight:700">{}</span></p><p>You pay.</p>'
    page.write_text("<html><body><p>Terms of Use</p>" + bold.format("Scope") + bold.format("Fees") + "</body></html>")
    _, text = taken(notifier, root, page)

    assert text == "# Terms of Use\n\n## Scope\n\nYou pay.\n\n## Fees\n\nYou pay.\n"


def test_tracked_changes_and_comments_are_settled_and_named(notifier: Notifier, root: Path) -> None:
    who = 'author="Ana" date="2026-01-01T00:00:00Z"'
    words = (
        f"# Privacy\n\nWe keep [30]{{.deletion {who}}}[60]{{.insertion {who}}} days"
        f'[sure?]{{.comment-start id="0" {who}}}.[]{{.comment-end id="0"}}\n'
    )
    answer, text = taken(notifier, root, made(root, "docx", words, name="privacy"))

    assert text == "# Privacy\n\nWe keep 60 days.\n"
    assert answer.json["lost"][-2:] == [
        "tracked changes are taken as accepted (2 times)",
        'a comment by Ana is left out: "sure?"',
    ]


def test_what_word_keeps_beside_the_text_is_named(notifier: Notifier, root: Path) -> None:
    path = made(root, "docx", name="privacy")
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("word/header9.xml", "<w:hdr><w:p><w:r><w:t>Draft, confidential</w:t></w:r></w:p></w:hdr>")

    assert 'the page header is left out: "Draft, confidential"' in taken(notifier, root, path)[0].json["lost"]


def test_a_page_without_end_tags_in_an_old_encoding_is_read_as_browsers_read_it(notifier: Notifier, root: Path) -> None:
    page = root / "privacy.html"
    rows = "<table><tr><th>What<th>How long<tr><td>Na\xefve<td>2 years</table>"
    said = f'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252"><h1>Privacy</h1>{rows}'
    page.write_bytes(f'{said}<p style="display:none">Ask legal first</p><p>\x93Yes\x94'.encode("latin-1"))

    answer, text = taken(notifier, root, page)

    assert "| Naïve | 2 years  |" in text
    assert "“Yes”" in text
    assert 'what was hidden there may be text here: "Ask legal first"' in answer.json["lost"]


def test_what_word_hid_from_readers_is_named(notifier: Notifier, root: Path) -> None:
    source = made(root, "docx")
    with zipfile.ZipFile(source) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Ask legal first</w:t></w:r></w:p>"
    with zipfile.ZipFile(source, "w") as file:
        for name, content in parts.items():
            is_text = name == "word/document.xml"
            file.writestr(name, content.replace(b"</w:p>", hidden.encode(), 1) if is_text else content)

    answer, _ = taken(notifier, root, source)

    assert 'what was hidden there may be text here: "Ask legal first"' in answer.json["lost"]


def test_nothing_is_ever_written_over(notifier: Notifier, root: Path) -> None:
    path = made(root, "docx", name="privacy")
    (root / "policies").mkdir()
    (root / "policies/privacy.md").write_text("# Ours\n")
    refused, named = notifier("import", path), notifier("import", path, "--as", "privacy.de")

    assert refused.code == 2
    assert "policies/privacy.md: is there already, and nothing is written over" in refused.err
    assert (root / "policies/privacy.md").read_text() == "# Ours\n"
    assert (named.code, (root / "policies/privacy.de.md").exists()) == (0, True)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"%PDF", ".pdf cannot be imported; there are .docx, .htm"),
        ("a.docx", b"no zip at all", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    notifier: Notifier, root: Path, name: str, content: bytes, said: str
) -> None:
    (root / name).write_bytes(content)
    answer = notifier("import", root / name)

    assert (answer.code, said in answer.err, (root / "policies").exists()) == (2, True, False)


def test_a_name_leads_nowhere_else(notifier: Notifier, root: Path) -> None:
    answer = notifier("import", made(root, "docx"), "--as", "../config")

    assert (answer.code, (root / "config.md").exists()) == (2, False)


def test_the_title_of_a_libreoffice_file_is_its_title_wherever_it_stands(notifier: Notifier, root: Path) -> None:
    plain = made(root, "odt", text="# Harbour Chat\n\nHello, all of you.\n\n## Chats\n\nWe keep them.\n")
    with zipfile.ZipFile(plain) as file, zipfile.ZipFile(root / "privacy.odt", "w") as titled:
        for name in file.namelist():
            part = file.read(name)
            title = b'<text:p text:style-name="Title">Privacy <text:span>Policy</text:span></text:p><text:p'
            titled.writestr(name, part.replace(b"<text:p", title, 1) if name == "content.xml" else part)

    _, text = taken(notifier, root, root / "privacy.odt")

    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings == ["# Privacy Policy", "## Harbour Chat", "### Chats"]
    assert text.count("Privacy Policy") == 1


def test_what_goes_on_with_an_item_in_a_word_file_is_no_item_of_its_own(notifier: Notifier, root: Path) -> None:
    words = "# Terms\n\n1. You pay.\n\n    Within ten days.\n\n2. We deliver.\n\n- one\n\n    still one\n- two\n"

    _, text = taken(notifier, root, made(root, "docx", text=words))

    lines = text.splitlines()
    assert [line for line in lines if line][1:4] == ["1.  You pay.", "    Within ten days.", "2.  We deliver."]
    assert [line for line in lines if line.startswith("- ")] == ["- one", "- two"]

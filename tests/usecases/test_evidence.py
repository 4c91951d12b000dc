"""Evidence of what one person was told: whole by itself, about nobody else, and found out when a byte of it changes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from notifier.errors import Unproven
from notifier.usecases.evidence.derived import mail_files, page_files
from notifier.usecases.evidence.examination import CHECKS, examine
from notifier.usecases.evidence.parcel import FACTS, MANIFEST, VERSION, as_json, own_hash, read_parcel, write_folder
from tests.acceptance.stage import Stage

DAY = "2026-11-24T09:00:00+00:00"
STEPS = ("whole", "words", "mails", "texts", "chained", "journal", "witness", "pages")
OTHERS = ("bruno@mail.example", "chloe@mail.example", "Bruno", "Chloé")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Ana, Bruno and Chloé were told that data goes to advertisers, after a lawyer had said so and let it go."""
    stage = Stage(tmp_path_factory.mktemp("told") / "chat").set_up()
    stage.run_as_of("2026-11-01T09:00:00+00:00")
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners that measure our campaigns.")
    stage.commit("Measure our campaigns", "Significance: significant")
    assert stage.run_as_of(DAY).code == 0
    return stage


@pytest.fixture(scope="module")
def evidence(told: Stage) -> Path:
    assert told.notifier("evidence", "customer", "Ana@mail.example", "--out", "ana").code == 0
    return told.root / "ana"


def verdicts(place: Path) -> dict[str, bool | None]:
    return {step.name: step.holds for step in examine(place).steps}


def test_it_holds_on_a_machine_that_has_nothing_else(evidence: Path, tmp_path: Path) -> None:
    shutil.copytree(evidence, tmp_path / "elsewhere")

    assert verdicts(tmp_path / "elsewhere") == dict.fromkeys(STEPS, True)


def test_git_bears_witness_of_the_journal_as_it_was_when_the_notice_began_and_ended(
    told: Stage, evidence: Path
) -> None:
    names = told.git("tag", "--list", "told/*").split()
    objects = [told.git("rev-parse", f"refs/tags/{name}").strip() for name in names]

    [witness] = [step for step in examine(evidence).steps if step.name == "witness"]

    assert witness.holds
    assert len(objects) == 2
    assert all(one[:12] in witness.found for one in objects)


def test_what_was_not_checked_is_said_and_counts_as_neither(
    evidence: Path, told: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifier.usecases.evidence.examination.__version__", "9.9")

    examined = examine(evidence)

    assert (examined.holds, examined.unchecked) == (True, ("pages",))
    said = told.notifier("verify", str(evidence)).out
    assert said.endswith("it holds, but for what was not checked: pages\n")


def test_the_mail_in_it_is_the_mail_that_was_written_byte_for_byte(told: Stage, evidence: Path) -> None:
    [mail] = evidence.glob("notices/*/*.eml")
    sent = [path.read_bytes() for path in (told.root / ".notifier" / "outbox").glob("*/*.eml")]

    assert mail.read_bytes() in sent
    assert b"ana@mail.example" in mail.read_bytes()


def test_another_sender_in_the_config_changes_no_mail_that_was_sent(
    told: Stage, evidence: Path, tmp_path: Path
) -> None:
    moved = told.copied(tmp_path / "chat")
    config = moved.root / "config.toml"
    config.write_text(config.read_text().replace("Harbour Chat <privacy@", "New Owner <hello@"))
    moved.notifier("evidence", "customer", "1", "--out", str(tmp_path / "ana"))

    assert [mail.read_bytes() for mail in (tmp_path / "ana").glob("notices/*/*.eml")] == [
        mail.read_bytes() for mail in evidence.glob("notices/*/*.eml")
    ]


def test_it_says_nothing_of_anybody_else(evidence: Path) -> None:
    whole = b"".join(path.read_bytes() for path in evidence.rglob("*") if path.is_file())

    assert b"ana@mail.example" in whole
    assert [each for each in OTHERS if re.search(rb"\b" + re.escape(each.encode()) + rb"\b", whole)] == []


def test_both_texts_the_redline_and_the_reasons_are_in_it(evidence: Path) -> None:
    before, after = sorted(evidence.glob("texts/privacy/*/en.md"))
    page = (evidence / "index.html").read_text()

    assert "advertising" not in before.read_text()
    assert "advertising partners" in after.read_text()
    assert "<ins>" in next(evidence.glob("redlines/*/*.html")).read_text()
    assert "What Ana was told" in page
    assert "written to the outbox, a folder of the company" in page
    assert "taken by the mail provider" not in page
    assert (
        '<ins><span lang="en">We share personal information only with processors that work for us and with advertising'
        in page
    )
    assert "who receives information" in page
    assert "<script" not in page


def test_an_earlier_day_has_the_text_of_that_day_and_no_later_notice(told: Stage, tmp_path: Path) -> None:
    told.notifier(
        "evidence", "customer", "1", "--policy", "privacy", "--at", "2026-11-23", "--out", str(tmp_path / "e")
    )
    facts = json.loads((tmp_path / "e" / FACTS).read_text())

    assert facts["notices"] == []
    assert [one["tag"] for one in facts["in_force"]] == ["posted/privacy/2026-03-03"]
    assert all(verdicts(tmp_path / "e").values())


def test_a_notice_has_every_variant_and_no_recipient(told: Stage, tmp_path: Path) -> None:
    [notice] = [path.name for path in (told.root / ".notifier" / "outbox").iterdir()]
    told.notifier("evidence", "notice", notice, "--zip", "--out", str(tmp_path / "notice.zip"))
    whole = b"".join(read_parcel(tmp_path / "notice.zip").values())

    assert all(verdicts(tmp_path / "notice.zip").values())
    assert b"@mail.example" not in whole
    assert json.loads(read_parcel(tmp_path / "notice.zip")[FACTS])["notices"][0]["counts"]["accepted"] == 3


@pytest.mark.parametrize(
    "asked", [("customer", "nobody@mail.example"), ("notice", "2026-01-01-none"), ("customer", "")]
)
def test_who_or_what_is_not_on_record_is_refused_in_a_line(told: Stage, asked: tuple[str, str]) -> None:
    said = told.notifier("evidence", *asked)

    assert (said.code, said.err.count("\n")) == (2, 1)
    assert not list(told.root.glob("evidence-*"))


def test_who_was_forgotten_leaves_no_evidence_by_name(told: Stage, tmp_path: Path) -> None:
    moved = told.copied(tmp_path / "chat")
    assert moved.notifier("customers", "forget", "bruno@mail.example").code == 0

    assert moved.notifier("evidence", "customer", "bruno@mail.example").code == 2


def fields(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from fields(inner, (*path, key))
    else:
        yield path


def edited(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return not value
    return value + 1 if isinstance(value, int) else f"{value[:-1]}{'y' if value.endswith('x') else 'x'}"


def with_field_edited(content: bytes, path: tuple[Any, ...]) -> bytes:
    whole = json.loads(content)
    place = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = edited(place[path[-1]])
    return as_json(whole)


def is_believed(files: dict[str, bytes], folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    write_folder(files, folder)
    try:
        return examine(folder).holds
    except Unproven as error:
        return "\n" in str(error)


def test_a_byte_changed_in_any_file_a_file_less_and_a_file_more_are_found(evidence: Path, tmp_path: Path) -> None:
    files = read_parcel(evidence)
    assert is_believed(files, tmp_path / "e")
    for path, content in files.items():
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        assert not is_believed({**files, path: flipped}, tmp_path / "e"), path
        assert not is_believed({name: content for name, content in files.items() if name != path}, tmp_path / "e"), path
    assert not is_believed({**files, "git/more": b"x"}, tmp_path / "e")


def test_every_field_of_the_facts_and_the_manifest_is_held(evidence: Path, tmp_path: Path) -> None:
    files = read_parcel(evidence)
    for name in (FACTS, MANIFEST):
        for path in fields(json.loads(files[name])):
            changed = {**files, name: with_field_edited(files[name], path)}
            assert not is_believed(changed, tmp_path / "e"), (name, path)


BY_THE_COMPANY_ALONE = re.compile(
    r"about\.customer\.(address|name|language|is_on_roster)|company\..*|time_zone|day|(in_force|taken_back)\..*"
    r"|notices\.\d+\.postings\.\d+\.(policy|before)|texts\.[^ ]*\.(policy|language|title)"
)
"""What neither git nor the journal speaks of: today's roster and config, what was in force on the
day asked for, what a posting is set against, and what a policy is called."""


def test_a_forger_who_makes_everything_anew_is_found_by_git_and_journal_at_every_field(evidence: Path) -> None:
    files = read_parcel(evidence)
    facts = json.loads(files[FACTS])
    missed = set()
    for path in fields(facts):
        written = with_field_edited(files[FACTS], path)
        forged = json.loads(written)
        try:
            mails = mail_files(forged)
            rest = {name: content for name, content in files.items() if not name.startswith("notices/")}
            steps = [step for check in CHECKS[:-1] for step in check({**rest, **mails, FACTS: written}, forged)]
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            continue
        if all(step.holds for step in steps):
            missed.add(".".join(map(str, path)))

    assert {path for path in missed if not BY_THE_COMPANY_ALONE.fullmatch(path)} == set()
    assert CHECKS[-1].__name__ == "_pages"


def resealed(files: dict[str, bytes]) -> dict[str, bytes]:
    manifest = json.loads(files[MANIFEST])
    manifest["files"] = {path: hashlib.sha256(files[path]).hexdigest() for path in files if path != MANIFEST}
    return {**files, MANIFEST: as_json({**manifest, "sha256": own_hash(manifest)})}


@pytest.mark.parametrize("name", ["index.html", "notices", "texts", "redlines", "git"])
def test_a_new_manifest_over_a_forged_file_does_not_help(evidence: Path, tmp_path: Path, name: str) -> None:
    files = read_parcel(evidence)
    path = next(path for path in files if path.startswith(name))
    forged = resealed({**files, path: files[path][:-9] + bytes([files[path][-9] ^ 1]) + files[path][-8:]})

    assert not is_believed(forged, tmp_path / "e")


def test_other_words_with_their_own_hash_are_no_longer_the_text_of_the_tag(evidence: Path, tmp_path: Path) -> None:
    """Whoever forges the text forges facts, redline and page with it; git's objects are what is left."""
    files = read_parcel(evidence)
    path = max(path for path in files if path.startswith("texts/privacy/"))
    files[path] = files[path].replace(b"advertising", b"charitable!")
    facts = json.loads(files[FACTS])
    blob = hashlib.sha1(b"blob %d\0" % len(files[path]) + files[path]).hexdigest()  # noqa: S324  # as git does
    tag = next(tag for tag, one in facts["texts"].items() if one["files"]["en"]["file"] == path)
    facts["texts"][tag]["files"]["en"]["blob"] = blob
    files[FACTS] = as_json(facts)
    write_folder(resealed({**files, **page_files(facts, files)}), tmp_path / "e")

    assert verdicts(tmp_path / "e")["texts"] is False


def test_its_pages_can_be_had_as_a_pdf_that_a_screen_reader_reads(told: Stage) -> None:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:  # OSError: it finds no Pango on this machine
        pytest.skip(f"a PDF needs WeasyPrint and Pango: {error}")

    said = told.notifier("evidence", "customer", "1", "--zip", "--pdf", "--out", "printed.zip")

    assert said.code == 0, said.err
    printed = (told.root / "printed.pdf").read_bytes()
    packed = (part.partition(b"endstream")[0] for part in printed.split(b"stream\n")[1:])
    whole = printed + b"".join(zlib.decompressobj().decompress(part) for part in packed if part.startswith(b"\x78"))
    assert all(mark in whole for mark in (b"%PDF-", b"/StructTreeRoot", b"/Marked true", b"pdfuaid:part"))
    assert told.notifier("evidence", "customer", "1", "--pdf", "--out", "printed").code != 0
    assert not (told.root / "printed").exists()


def test_who_was_in_no_attempt_of_a_notice_that_a_person_ended_is_not_said_to_wait(evidence: Path) -> None:
    """A copy from the midst of sending was brought back, and an operator said that everybody had been told."""
    files = read_parcel(evidence)
    facts = json.loads(files[FACTS])
    [told] = facts["notices"]

    page = page_files({**facts, "notices": [{**told, "attempts": []}]}, files)["index.html"].decode()

    assert "not sent yet" not in page
    assert page.count("no attempt is on record") == 2


def test_what_is_no_evidence_is_said_in_a_line(told: Stage, evidence: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    whole = tmp_path / "ana.zip"
    told.notifier("evidence", "customer", "1", "--zip", "--out", str(whole))
    (tmp_path / "cut.zip").write_bytes(whole.read_bytes()[:-700])
    newer = read_parcel(evidence)
    manifest = json.loads(newer[MANIFEST]) | {"version": VERSION + 1}
    write_folder({**newer, MANIFEST: as_json({**manifest, "sha256": own_hash(manifest)})}, tmp_path / "newer")
    with zipfile.ZipFile(tmp_path / "climbs.zip", "w") as archive:
        archive.writestr("../../etc/x", "x")

    shutil.copytree(evidence, tmp_path / "huge")
    os.truncate(tmp_path / "huge" / "index.html", 300_000_000)
    shutil.copytree(evidence, tmp_path / "linked")
    (tmp_path / "linked" / "git" / "more").symlink_to("/etc/passwd")
    shutil.copytree(evidence, tmp_path / "two-faced")
    sealed = (evidence / MANIFEST).read_text()
    (tmp_path / "two-faced" / MANIFEST).write_text(sealed.replace("{", '{"made_at": "2020-01-01T00:00:00Z",', 1))

    odd = ("empty", "cut.zip", "newer", "climbs.zip", "huge", "linked", "two-faced")
    said = {name: told.notifier("verify", str(tmp_path / name)) for name in odd}

    assert {name: (one.code, one.err.count("\n")) for name, one in said.items()} == dict.fromkeys(said, (1, 1))
    assert "made by a newer Notifier" in said["newer"].err
    assert "index.html: with it the folder is larger than any evidence" in said["huge"].err
    assert "git/more: is no plain file" in said["linked"].err
    assert "manifest.json is not as it was written" in said["two-faced"].err
    assert told.notifier("verify", str(whole)).code == 0

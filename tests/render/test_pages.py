from __future__ import annotations

import json
import os
import random
import re
import resource
import shutil
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import feedparser
import pytest

from notifier.errors import Refused, TemplateError
from notifier.policy.timeline import Timeline
from notifier.render.labels import Labels
from notifier.render.plain_text import plain_text
from notifier.render.site.anchors import NO_ANCHORS, next_anchors
from notifier.render.site.build import publish
from notifier.render.site.editions import PolicyHistory
from notifier.render.site.page_addresses import relative
from notifier.render.site.policy_body import draw_policy
from notifier.render.site.translations import translation_for
from notifier.text.markdown import parse
from notifier.web.answers import body_of

from .histories import PRIVACY, TEMPLATES, TERMS, hostile, lived, posted, privacy, site
from .reading import elements, read

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    publish(site(hostile()), folder, templates=TEMPLATES)
    return folder


def page(out: Path, address: str) -> str:
    return (out / address / "index.html").read_text(encoding="utf-8")


def test_the_policy_page_shows_the_text_in_force_and_says_what_waits(out: Path) -> None:
    shown = read(page(out, "privacy"), "said")

    assert "Chats are kept for 12 months" in shown
    assert "advertising partners" not in shown
    assert "A new text applies from 22 December 2026." in shown
    assert 'href="2026-11-22/">Read the new text' in page(out, "privacy")


def test_the_new_text_is_the_page_from_its_effective_date_on(tmp_path: Path) -> None:
    publish(site(today=date(2026, 12, 22)), tmp_path, templates=TEMPLATES)

    shown = read(page(tmp_path, "privacy"), "said")
    assert "advertising partners" in shown
    assert "A new text applies" not in shown


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2026, 3, 2), None),
        (date(2026, 3, 3), 0),
        (date(2026, 6, 30), 0),
        (date(2026, 7, 1), 1),
        (date(2026, 12, 21), 1),
        (date(2026, 12, 22), 2),
    ],
)
def test_the_text_in_force_is_the_newest_whose_date_has_come(day: date, version: int | None) -> None:
    assert Timeline(tuple(one.posting for one in privacy().postings)).in_force(day) == version


def test_what_was_announced_and_comes_with_a_later_text_is_not_called_replaced(tmp_path: Path) -> None:
    first, waits, carries, undoes = (
        posted("p", date(2026, 1, 1), {"en": "# P\n\nWe keep logs.\n"}, is_adoption=True),
        posted(
            "p", date(2026, 2, 1), {"en": "# P\n\nWe sell logs.\n"}, effective=date(2026, 3, 3), is_significant=True
        ),
        posted("p", date(2026, 2, 9), {"en": "# P\n\nWe sell logs!\n"}, effective=date(2026, 3, 3)),
        posted("p", date(2026, 2, 9), {"en": "# P\n\nNo.\n"}, effective=date(2026, 3, 3), is_significant=True),
    )
    for name, last in (("carried", carries), ("undone", undoes)):
        today = date(2026, 2, 10)
        publish(site(PolicyHistory("p", (first, waits, last)), today=today), tmp_path / name, templates=TEMPLATES)

    assert "its content applies from 3 March 2026, with the text of 9 February 2026" in read(
        page(tmp_path / "carried", "p/changes")
    )
    assert "replaced before it came into force" in read(page(tmp_path / "undone", "p/changes"))


def test_every_version_has_its_page_its_source_and_its_plain_text(out: Path) -> None:
    for version in ("2026-03-03", "2026-06-01", "2026-11-22"):
        assert "<article" in page(out, f"privacy/{version}")
        assert (out / f"privacy/{version}.md").read_text().startswith("# Privacy Policy")
        assert "**" not in (out / f"privacy/{version}.txt").read_text()
    assert (out / "hostile/2026-09-01.2/index.html").is_file()
    assert "1 September 2026 (2)" in page(out, "hostile/changes")


def test_the_list_of_changes_has_date_significance_and_summary(out: Path) -> None:
    shown = read(page(out, "privacy/changes"), "said")

    assert "1 June 2026 significant in force since 1 July 2026" in shown
    assert "We keep chats for 12 months instead of 30 days." in shown
    assert shown.index("22 November 2026") < shown.index("1 June 2026")


def test_the_change_page_gives_reasons_in_words_and_every_change_in_place(out: Path) -> None:
    html = page(out, "privacy/changes/2026-11-22")

    assert "We share personal information only with processors that work for us and with advertising partners." in read(
        html, "said"
    )
    assert "and with advertising partners" in elements(html, "ins")
    assert "was moved from here" in read(html, "said")


def test_a_heading_has_the_same_id_on_the_page_and_on_the_redline_page(out: Path) -> None:
    ids = [
        re.findall(r'<h\d[^>]* id="([^"]+)">', page(out, address).partition("<article")[2])
        for address in ("privacy/2026-11-22", "privacy/changes/2026-11-22")
    ]

    assert ids[0] == [anchor for anchor in ids[1] if anchor != "privacy-policy"]


def test_links_that_lead_elsewhere_are_named_whole(tmp_path: Path) -> None:
    texts = (f"# P\n\nSee [the list](https://{host}.example/list?a=b) of partners.\n" for host in ("old", "new"))
    history = PolicyHistory("p", tuple(posted("p", date(2026, 3, n), {"en": text}) for n, text in enumerate(texts, 1)))
    publish(site(history), tmp_path, templates=TEMPLATES)

    html = page(tmp_path, "p/changes/2026-03-02")
    assert "No words changed." in read(html)
    assert "https://old.example/list?a=b" in elements(html, "del")
    assert "https://new.example/list?a=b" in elements(html, "ins")


def test_the_posted_date_is_no_change(out: Path) -> None:
    assert "22 November 2026" not in elements(page(out, "privacy/changes/2026-11-22"), "ins")


def test_neighbours_can_be_compared_at_an_address_of_their_own(out: Path) -> None:
    compared, change = page(out, "privacy/compare/2026-06-01..2026-11-22"), page(out, "privacy/changes/2026-11-22")

    assert read(compared) == read(change)
    assert '<link rel="canonical" href="https://chat.example/legal/privacy/changes/2026-11-22/">' in compared


def test_a_translation_stands_under_its_language_and_both_name_each_other(out: Path) -> None:
    german = page(out, "de/privacy")

    assert '<html lang="de">' in german
    assert "Aufbewahrung" in german
    assert "Maßgeblich ist der Text auf Englisch" in read(german)
    for html in (german, page(out, "privacy")):
        assert '<link rel="alternate" hreflang="de" href="https://chat.example/legal/de/privacy/">' in html
        assert '<link rel="alternate" hreflang="en" href="https://chat.example/legal/privacy/">' in html


def test_a_date_is_written_as_the_reader_of_the_language_writes_it(out: Path) -> None:
    assert "1. Juli 2026" in read(page(out, "de/privacy"))


def test_a_link_from_policy_to_policy_leads_to_its_page(out: Path) -> None:
    assert '<a href="../legal/terms/"' in page(out, "privacy")
    assert '<a href="../../../legal/terms/"' in page(out, "privacy/changes/2026-11-22")


def test_an_untrusted_policy_comes_out_safe_and_readable(out: Path) -> None:
    html = page(out, "hostile/2026-09-01")

    assert "<script" not in html
    assert "<svg" not in html
    assert "<img" not in html
    assert "onload" not in html
    assert "style=" not in html
    assert 'href="javascript' not in html
    assert html.count('id="text"') == 1
    assert "covered" in read(html)
    assert "שלום עולם" in html


def test_a_page_allows_no_script_or_style_but_its_own_and_no_request_elsewhere(out: Path) -> None:
    for path in out.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'" in html
        assert not re.search(r'<(?:script|link rel="stylesheet"|img)[^>]*(?:src|href)="(?:https?:)?//', html)


def test_no_page_weighs_more_than_a_small_picture(out: Path) -> None:
    """With style, script and icon, before anything is packed; nothing else is asked for."""
    shared = sum(path.stat().st_size for path in (out / "assets").iterdir())
    heaviest = max(path.stat().st_size for path in out.rglob("index.html"))
    assert shared + heaviest < 60_000


def _sent(path: Path) -> int:
    """Bytes on the wire."""
    body = body_of(path.read_bytes())
    return len(body.packed or body.plain)


def test_a_policy_of_nine_thousand_words_travels_in_less_than_sixty_kilobytes(tmp_path: Path) -> None:
    """Its words alone are more than that; packed, as `serve` and nginx send them, every page is less."""
    words = random.Random(9)  # noqa: S311 - the same words each time, for no secret
    vocabulary = ["".join(words.choices("aaeeiioubcdfghlmnprstvw", k=words.randint(2, 12))) for _ in range(1_500)]
    sections = [
        f"## {n}. {' '.join(words.choices(vocabulary, k=4))}\n\n{' '.join(words.choices(vocabulary, k=90))}.\n"
        for n in range(100)
    ]
    text = "# Terms\n\nLast updated: 1 March 2026\n\n" + "\n".join(sections)
    longer = text.replace("# Terms", "# Terms\n\n" + " ".join(words.choices(vocabulary, k=90)))
    days = date(2026, 3, 1), date(2026, 5, 1)
    terms = PolicyHistory(
        "terms", tuple(posted("terms", day, {"en": one}) for day, one in zip(days, (text, longer), strict=True))
    )

    publish(replace(site(), policies=(terms,)), tmp_path, templates=TEMPLATES)

    shared = sum(_sent(path) for path in (tmp_path / "assets").iterdir())
    heaviest = max(map(_sent, tmp_path.rglob("index.html")))
    assert len(text.split()) > 9_300
    assert shared + heaviest < 60_000, (shared, heaviest)


def test_headings_have_no_gaps_and_one_first_level(out: Path) -> None:
    for path in out.rglob("*.html"):
        levels = [int(level) for level in re.findall(r"<h([1-6])", path.read_text(encoding="utf-8"))]
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path


def test_anchors_stay_when_other_headings_come_go_or_are_renamed() -> None:
    first = next_anchors(
        NO_ANCHORS, parse("# P\n\n## A\n\n### Exceptions\n\n## B\n\n### Exceptions\n\n## 3. Sharing\n")
    )
    renamed = "# P\n\n## Z\n\n### Special\n\n## B\n\n### Exceptions\n\n## New\n\n## 4. Sharing\n"
    second = next_anchors(first, parse(renamed))

    assert [anchor for _, anchor in first.names] == ["p", "a", "exceptions", "b", "exceptions-2", "sharing"]
    assert [anchor for _, anchor in second.names] == [
        "p",
        "z",
        "special",
        "b",
        "exceptions-2",
        "new",
        "sharing",
    ]


def test_an_anchor_never_comes_to_mean_another_section() -> None:
    first = next_anchors(NO_ANCHORS, parse("## Sharing\n\nOld.\n"))
    gone = next_anchors(first, parse("## Other\n\nText.\n"))
    again = next_anchors(gone, parse("## Other\n\n## Sharing\n\nQuite another section.\n"))

    assert again.names[1] == ("Sharing", "sharing-2")


def test_the_feeds_are_read_by_a_feed_reader_and_lead_to_pages_for_people(out: Path) -> None:
    everything, significant = (feedparser.parse((out / name).read_bytes()) for name in ("feed.xml", "significant.xml"))

    assert not everything.bozo
    assert not significant.bozo
    assert everything.version == "atom10"
    assert [entry.link for entry in significant.entries] == [
        "https://chat.example/legal/privacy/changes/2026-11-22/",
        "https://chat.example/legal/privacy/changes/2026-06-01/",
    ]
    assert significant.entries[1].summary == "We keep chats for 12 months instead of 30 days."
    assert len({entry.id for entry in everything.entries}) == len(everything.entries) == 7


def test_ids_of_feed_entries_stay_when_the_text_comes_into_force(tmp_path: Path) -> None:
    ids = []
    for day in (date(2026, 11, 24), date(2027, 1, 1)):
        publish(site(today=day), tmp_path, templates=TEMPLATES)
        ids.append([entry.id for entry in feedparser.parse((tmp_path / "feed.xml").read_bytes()).entries])

    assert ids[0] == ids[1]


def test_the_list_for_programs_is_as_its_schema_says(out: Path) -> None:
    schema = json.loads((DOCS / "index.schema.json").read_text())
    told = json.loads((out / "index.json").read_text())

    assert list(faults(told, schema, schema)) == []
    by_page = {policy["page"]: policy for policy in told["policies"]}
    assert (by_page["privacy/"]["in_force"], by_page["privacy/"]["waiting"]) == ("2026-06-01", "2026-11-22")


def faults(value: Any, schema: dict[str, Any], root: dict[str, Any], place: str = "") -> Any:
    """What of JSON Schema the index uses: types, required and only known properties, items, enum, const, $ref."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "null": type(None)}
    allowed = schema.get("type", [])
    allowed = [allowed] if isinstance(allowed, str) else allowed
    if allowed and not any(isinstance(value, kinds[kind]) for kind in allowed):
        yield f"{place}: not {allowed}"
    if value is not None and "enum" in schema and value not in schema["enum"]:
        yield f"{place}: not one of {schema['enum']}"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{place}: not like {schema['pattern']}"
    if isinstance(value, dict):
        known = schema["properties"]
        yield from (f"{place}: no {name}" for name in schema["required"] if name not in value)
        yield from (f"{place}: unknown {name}" for name in value if name not in known)
        for name in value.keys() & known.keys():
            yield from faults(value[name], known[name], root, f"{place}/{name}")
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from faults(one, schema["items"], root, f"{place}/{index}")


def test_a_second_publication_writes_nothing_and_one_change_only_its_policy(tmp_path: Path) -> None:
    publish(site(), tmp_path, templates=TEMPLATES)
    again = publish(site(), tmp_path, templates=TEMPLATES)
    more = privacy()._replace(postings=(*privacy().postings, posted("privacy", date(2026, 11, 24), {"en": PRIVACY})))
    changed = publish(replace(site(), policies=(more, *site().policies[1:])), tmp_path, templates=TEMPLATES)

    assert (again.written, again.policies) == (0, 0)
    assert changed.policies == 1
    assert (tmp_path / "privacy/2026-11-24/index.html").is_file()


def test_a_file_that_was_lost_is_made_again(tmp_path: Path) -> None:
    publish(site(), tmp_path, templates=TEMPLATES)
    (tmp_path / "privacy/changes/index.html").unlink()

    publish(site(), tmp_path, templates=TEMPLATES)

    assert (tmp_path / "privacy/changes/index.html").is_file()


def test_only_our_own_files_are_taken_away_and_what_was_there_is_remembered(tmp_path: Path) -> None:
    publish(site(hostile()), tmp_path, templates=TEMPLATES)
    (tmp_path / "CNAME").write_text("legal.chat.example")

    done = publish(site(), tmp_path, templates=TEMPLATES)

    assert done.removed > 0
    assert not (tmp_path / "hostile").exists()
    assert (tmp_path / "CNAME").exists()
    assert "hostile/index.html" in json.loads((tmp_path / ".manifest.json").read_text())["gone"]


def test_a_reader_never_meets_half_a_page(tmp_path: Path) -> None:
    publish(site(), tmp_path, templates=TEMPLATES)
    before = page(tmp_path, "privacy")

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, hard))  # no room for more, as on a full disk
    try:
        with pytest.raises(Refused, match="File too large"):
            publish(site(today=date(2027, 1, 1)), tmp_path, templates=TEMPLATES)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert page(tmp_path, "privacy") == before
    assert not list(tmp_path.rglob("*.part"))


def test_every_web_server_can_read_the_pages_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        publish(site(), tmp_path / "www" / "site", templates=TEMPLATES)
    finally:
        os.umask(before)

    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in (tmp_path / "www").rglob("*")}
    assert modes == {True: 0o755, False: 0o644}


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Refused, match="cannot be made a folder of pages"):
        publish(site(), tmp_path / "file" / "site", templates=TEMPLATES)


@pytest.mark.processes
def test_many_policies_are_made_on_every_core_with_the_same_result(tmp_path: Path) -> None:
    many = [
        PolicyHistory(f"p{n}", (posted(f"p{n}", date(2026, 3, 3), {"en": f"# P {n}\n\nText.\n"}),)) for n in range(7)
    ]
    publish(site(*many), tmp_path / "together", templates=TEMPLATES)
    for one in many:
        publish(site(one), tmp_path / "alone", templates=TEMPLATES)
        assert page(tmp_path / "together", one.policy_id) == page(tmp_path / "alone", one.policy_id)


@pytest.mark.parametrize("policy_id", ["de", "assets", "privacy/changes", "privacy/2026-03-03"])
def test_a_policy_whose_page_would_hide_another_is_left_out_by_name(tmp_path: Path, policy_id: str) -> None:
    clash = PolicyHistory(policy_id, (posted(policy_id, date(2026, 3, 3), {"en": TERMS}),))

    published = publish(site(clash), tmp_path, templates=TEMPLATES)

    assert list(published.left_out) == [policy_id]
    assert (tmp_path / "privacy/index.html").is_file()


def test_a_broken_template_is_named_with_its_line(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    (templates / "pages/policy.html.j2").write_text("line one\n{{ nobody.knows }}\n")

    with pytest.raises(TemplateError, match=r"policy\.html\.j2:2: "):
        publish(site(), tmp_path / "out", templates=templates)


def test_templates_of_an_older_installation_still_make_pages(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    for words in (templates / "pages/words").iterdir():
        lines = words.read_text().splitlines(keepends=True)
        words.write_text(
            "".join(line for line in lines if not re.match(r"struck|done|not_done|note|alert|carried", line))
        )

    publish(site(hostile()), tmp_path / "out", templates=templates)

    assert "<article" in page(tmp_path / "out", "privacy")


@pytest.mark.parametrize("language", ["de", "fr"])
def test_every_language_says_everything_with_the_same_places(language: str) -> None:
    import tomllib

    english, other = (
        tomllib.loads((TEMPLATES / "pages/words" / f"{code}.toml").read_text()) for code in ("en", language)
    )

    assert english.keys() == other.keys()
    assert english["topics"].keys() == other["topics"].keys()
    for name, text in english.items():
        if isinstance(text, str):
            assert set(re.findall(r"\{\w*\}", text)) == set(re.findall(r"\{\w*\}", other[name])), name


def test_a_page_says_in_its_language_who_decided_and_gives_nobodys_address() -> None:
    german = translation_for(TEMPLATES, "de")

    assert german.settled("minor by Lena <lena@chat.example>, approved by Ben <b@c.d>: dasselbe") == (
        "geringfügig (Lena, Ben): dasselbe"
    )
    assert german.settled("significant by Erin") == "wesentlich (Erin)"
    assert german.settled("as <x@y.z> said") == "as said"


def test_plain_text_keeps_structure_without_markup() -> None:
    assert plain_text(
        parse("# A *b*\n\nSee [this](u).\n\n- one\n- two\n  - three\n\n| a | b |\n|---|---|\n| c | d |\n")
    ) == ("A b\n===\n\nSee this.\n\n- one\n- two\n  - three\n\na | b\nc | d\n")


def test_the_number_of_an_item_stands_once_before_it() -> None:
    document = parse("30. Juni ist der Tag.\n\nAnd\n\n14. # Title\n")

    assert plain_text(document) == "  30. Juni ist der Tag.\n\nAnd\n\n  14.\n\nTitle\n=====\n"
    assert (
        '<ol start="30">\n<li>\n Juni ist der Tag.'
        in draw_policy(document, next_anchors(NO_ANCHORS, document), Labels()).body
    )


@pytest.mark.parametrize(
    ("source", "target", "link"),
    [
        ("", "privacy/", "privacy/"),
        ("privacy/", "", "../"),
        ("privacy/changes/2026-01-01/", "privacy/2026-01-01.md", "../../2026-01-01.md"),
        ("privacy/", "privacy/", "./"),
    ],
)
def test_links_are_relative(source: str, target: str, link: str) -> None:
    assert relative(source, target) == link


def _redline_of(tmp_path: Path, before: str, after: str) -> str:
    """The page of what a posting of 1 May changed."""
    days = date(2026, 3, 1), date(2026, 5, 1)
    stamped = (text.format(day=day) for text, day in zip((before, after), ("1 March 2026", "1 May 2026"), strict=True))
    texts = tuple(
        posted("fees", day, {"en": text}, is_significant=True) for day, text in zip(days, stamped, strict=True)
    )
    publish(replace(site(), policies=(PolicyHistory("fees", texts),)), tmp_path, templates=TEMPLATES)
    return page(tmp_path, "fees/changes/2026-05-01")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Last updated: {day} | Version 7", "Last updated: 1 May 2026 | Version 7"),
        ("**Last updated: {day}** | Version 7", "Last updated: 1 May 2026 | Version 7"),
        ("Last updated: **{day}** | Version 7", "Last updated: 1 May 2026 | Version 7"),
        ("Last updated: {day}\n\nEffective date: {day}", "Effective date: 1 May 2026"),
    ],
)
def test_a_redline_shows_the_day_that_the_new_text_bears_and_calls_it_no_change(
    tmp_path: Path, line: str, shown: str
) -> None:
    text = f"# Fees\n\n{line}\n\nThe fee is 10 euros a month.\n"

    html = _redline_of(tmp_path, text, text.replace("10 euros", "12 euros"))

    [article] = elements(html, "article")
    assert shown in article
    assert "1 March" not in article
    assert 'data-before="1 March 2026">1 May 2026<' in html.replace('before=" ', 'before="').replace("> 1", ">1")
    assert html.count('id="change-') == 1


def test_a_version_that_changed_beside_the_day_is_marked_alone(tmp_path: Path) -> None:
    text = "# Fees\n\nLast updated: {day} | Version 7\n\nThe fee is 10 euros a month.\n"

    html = _redline_of(tmp_path, text, text.replace("Version 7", "Version 8"))

    [article] = elements(html, "article")
    assert "Last updated: 1 May 2026 | Version" in article
    assert elements(html, "ins")[1:] == ["8"]  # the first is the legend's


def test_each_reason_leads_to_the_change_that_it_speaks_of(tmp_path: Path) -> None:
    """Also where two sections have one name, and where a sentence is gone or a whole paragraph."""
    before = (
        "# Fees\n\nLast updated: {day}\n\n## Home\n\n### Exceptions\n\nYou may cancel at any time. We give notice.\n\n"
        "## Work\n\n### Exceptions\n\nThe fee is 10 euros a month.\n\n"
        "We refund what you paid.\n\n## End\n\nThat is all.\n"
    )
    after = before.replace("You may cancel at any time. ", "").replace("10 euros", "12 euros")

    html = _redline_of(tmp_path, before, after.replace("We refund what you paid.\n\n", ""))

    led = dict(re.findall(r'<h3 lang="en"><a href="#(.+?)">(.+?)</a>', html))
    told = {section: re.search(rf'<p[^>]*id="{place}"[^>]*>(.*?)</p>', html) for place, section in led.items()}
    assert {section: read(found[1], "said") for section, found in told.items() if found} == {
        "Work › Exceptions": "The fee is 1012 euros a month.",
        "Home › Exceptions": "You may cancel at any time. We give notice.",
    }


def test_a_page_says_what_it_is_to_whoever_links_to_it(out: Path) -> None:
    """In a search's results, and in the preview of a chat."""
    html = page(out, "privacy")
    about = "Privacy Policy. Posted on 1 June 2026 · in force since 1 July 2026"

    assert f'<meta name="description" content="{about}">' in html
    assert f'<meta property="og:description" content="{about}">' in html
    assert '<meta property="og:title" content="Privacy Policy">' in html
    assert '<meta property="og:url" content="https://chat.example/legal/privacy/">' in html
    changed = page(out, "privacy/changes/2026-06-01")
    assert '<meta name="description" content="We keep chats for 12 months instead of 30 days.">' in changed
    assert "&lt;script&gt;alert(1)&lt;/script&gt; of &#34;Service&#34;" in page(out, "hostile")


def test_a_printed_page_bears_the_address_at_which_its_text_stays(out: Path) -> None:
    assert '<p class="printed">https://chat.example/legal/privacy/2026-06-01/</p>' in page(out, "privacy")
    changed = page(out, "privacy/changes/2026-06-01")
    assert '<p class="printed">https://chat.example/legal/privacy/changes/2026-06-01/</p>' in changed


def test_an_address_that_is_written_out_is_not_printed_twice(tmp_path: Path) -> None:
    text = "# P\n\nLast updated: {day}\n\nSee https://example.org/a and [ours](https://example.org/b).\n"
    _redline_of(tmp_path, text, text)

    html = page(tmp_path, "fees")
    assert '<a class="bare" href="https://example.org/a">' in html
    assert '<a href="https://example.org/b">ours' in html


def test_the_first_page_speaks_one_language_of_every_policy(tmp_path: Path) -> None:
    """Of a German policy it said "Last updated 3. November 2026 · gilt seit dem 3. November 2026"."""
    publish(site(*lived()), tmp_path, templates=TEMPLATES)

    html = (tmp_path / "index.html").read_text()

    assert '<a href="preise/" lang="de" hreflang="de">Preisverzeichnis</a>' in html
    assert "Last updated 3 November 2026 · in force since 3 November 2026" in html
    assert "gilt seit" not in html

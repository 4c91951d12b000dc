"""The docs lead somewhere: every link, picture, verb and config key in them exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from notifier.alarms import AlarmCode
from notifier.cli import VERBS

ROOT = Path(__file__).parents[1]
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md"))]
PAGES = [page for page in PAGES if page.exists()]


CODE = re.compile(r"^```.*?^```|``.*?``|`[^`\n]*`", re.M | re.S)


def prose(page: Path) -> str:
    """The page without its code."""
    return CODE.sub("", page.read_text())


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_and_picture_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", prose(page))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_anchor_within_the_page_is_a_heading_of_it(page: Path) -> None:
    text = prose(page)
    headings = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.M)
    }

    assert [anchor for anchor in re.findall(r"\]\(#([^)]+)\)", text) if anchor not in headings] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_verb_is_one(page: Path) -> None:
    verbs = re.findall(r"(?:`|\$ |^|&& )notifier ([a-z]+)", page.read_text(), re.M)

    assert [verb for verb in verbs if verb not in VERBS] == []


def test_every_config_key_the_operator_is_told_of_stands_in_the_sample() -> None:
    sample = (ROOT / "config.toml").read_text()
    keys = set(
        re.findall(
            r"`((?:notice|judgement|page|mail|ledger|schedule|customers|repository|alarms)\.(?!py)\w+)[` ]",
            "\n".join(page.read_text() for page in PAGES),
        )
    )

    known = {f"{table}.{key}" for table in tomllib.loads(sample) for key in _keys(sample, table)}

    assert keys - known - {"mail.smtp", "mail.sendgrid", "mail.outbox"} == set()


def _keys(sample: str, table: str) -> list[str]:
    body = re.search(rf"^\[{table}\]\n(.*?)(?=^\[|\Z)", sample, re.M | re.S)
    return re.findall(r"^(?:# )?(\w+) = ", body[1], re.M) if body else []


def test_the_table_of_verbs_has_them_all_and_no_other() -> None:
    rows = (ROOT / "README.md").read_text().partition("| verb | does |")[2].partition("\n\n")[0].splitlines()[2:]
    named = [verb for row in rows for verb in re.findall(r"`([a-z]+)`", row.split("|")[1])]

    assert sorted(named) == sorted(VERBS)


def test_the_operator_is_told_what_each_alarm_means_and_of_no_other() -> None:
    table = (ROOT / "docs" / "operator.md").read_text().partition("## What each alarm means")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.M)) == set(AlarmCode)


def test_the_picture_of_the_rooms_is_the_code_s_own() -> None:
    from docs.rooms import PICTURE, measure, picture

    assert PICTURE.read_text() == picture(measure()), "draw it anew: python -m docs.rooms"


def test_the_months_that_are_kept_are_babel_s() -> None:
    from docs.calendars import calendars

    from notifier.text.dates.locale_calendar import CALENDARS

    assert CALENDARS.read_text("utf-8") == calendars(), "write them anew: python -m docs.calendars"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_file_of_the_code_that_is_named_is_there(page: Path) -> None:
    paths = re.findall(r"`((?:src/notifier|tests|templates|docs|benchmarks|\.ci)/[\w./-]+)`", page.read_text())
    rooms = re.findall(
        r"`((?:text|diff|significance|policy|notice|repository|ledger|mail|render|usecases|web)/[\w./]*)`",
        page.read_text(),
    )

    missing = [path for path in paths if not (ROOT / path).exists()]
    assert missing + [path for path in rooms if not (ROOT / "src" / "notifier" / path).exists()] == []

"""The cost of every input from outside is bounded and grows with its length: four times as much, at most eightfold.

CPU of this process alone is measured, and again where it was too much, so that a busy machine does not matter.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from starlette.requests import Request

from notifier import compare
from notifier.errors import CustomerError, PolicyError, Unreadable
from notifier.mail.returned.reports import read_report
from notifier.mail.sendgrid.webhook import parse as parse_events
from notifier.notice.customer_csv import read_roster
from notifier.policy.drafts.public_words import word_faults
from notifier.policy.drafts.unseen import unseen_findings
from notifier.policy.findings import date_findings, law_findings, placeholder_findings
from notifier.policy.persons.mailbox import without_addresses
from notifier.policy.revision import FrontMatter, PolicyText, read_front_matter
from notifier.policy.trailers import read_trailers, reasons_said, sayings
from notifier.render.site.build import publish
from notifier.text import front_matter_syntax
from notifier.text.dates.posted_date import set_posted_date, without_posted_date
from notifier.text.markdown import parse
from notifier.usecases.policy_links import link_findings, linked
from notifier.web.pages import LONGEST_ADDRESS, Pages
from tests.render.histories import TEMPLATES, TODAY, site
from tests.standins.returned import DELIVERY_REPORT

TIMES = 8.0
"""Four times the input: 4 is linear, and 16 is the square."""
WORTH_MEASURING_S = 0.004
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
Work = Callable[[str], object]


def cost(work: Work, text: str) -> float:
    """CPU seconds."""
    for cached in (parse, front_matter_syntax.yaml_fields, front_matter_syntax.toml_fields):
        cached.cache_clear()
    start = time.process_time()
    with suppress(PolicyError, CustomerError, Unreadable):
        work(text)
    return time.process_time() - start


def grows_with_its_length(work: Work, make: Callable[[int], str], times: int) -> bool:
    """Whether four times the pieces cost at most eightfold; a slow measurement is made again."""
    for _ in range(4):
        once, fourfold = cost(work, make(times)), cost(work, make(times * 4))
        if fourfold <= TIMES * max(once, WORTH_MEASURING_S):
            return True
    return False


def _text(text: str) -> PolicyText:
    return PolicyText("policies/p.md", "en", "", text, FrontMatter(), "P")


def _checked(text: str) -> None:
    one = _text(text)
    date_findings(one, None)
    placeholder_findings(one)
    unseen_findings(one)
    law_findings(one, policy_id="privacy", is_controlling=True)


def _links(text: str) -> None:
    linked_text = linked(_text(text), "p", None)
    link_findings({"policies/p.md": linked_text}, has_file=lambda _: True, page_url="")


def _dates(text: str) -> None:
    set_posted_date(text, date(2026, 1, 1), effective_on=date(2026, 2, 1), language="de")
    without_posted_date(text, language="en")


def _message(text: str) -> None:
    message = f"Subject\n\n{text}"
    list(sayings(message))
    read_trailers(message)
    reasons_said(message)


SIZE = 2_000
"""Characters, and four times as many."""
PIECES = {
    "markdown": (
        lambda text: parse(text).visible_words(),
        "[a](b) |[|![|](|[a]: /x\n|[a][b] |*a |**a|_a |*|~~|`|`` |<b>|<div>\n|<a href=\"|<!--|&|# a\n|a\n===\n|> |- "
        "|  - a\n|a \\| b\n|\n\\| a \\|\n\\|---\\|\n|[^a]|[^a]: x\n|http://a.example/ |a@b.example |<p hidden>|```\n",
    ),
    "dates": (
        _dates,
        "May 1, 2014 |Last updated: |Last updated: May 1, 2014 |1.1.2014 |2014年5月1日|updated |2014 |Stand ",
    ),
    "findings": (
        _checked,
        "TBD |[INSERT |{{|check it regularly |we will |<script>|<!--| title=\"a b c d\"|```\n|We notify |a. ",
    ),
    "links": (_links, "[a](b) |[a][b] |[a](#b) |[|](|<a href=\"#x\">|# a\n|# a\n\n[x](#y)\n\n|[a]: /x\n"),
    "trailers": (
        _message,
        "Significance: minor\n|significance|a: b\n| folded\n|Significance-Reason: x\n|\n|- a: b\n|=: |: ",
    ),
    "judgement": (
        lambda text: compare(f"We keep logs.\n\n{text}", f"Acme keeps logs.\n\n{text}"),
        "NO WARRANTIES, EXPRESS OR IMPLIED, |THEWARRANTIES|Acme (\"|A. |We keep 3 logs. |(a) b\n\n",
    ),
    "public words": (lambda text: list(word_faults(text, {"a.example"})), "a.|a@|https:|1.|[.]|x@y.|\u200b|{|%a%"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "piece"),
    [(name, piece.replace("\\p", "|")) for name, (_, listed) in PIECES.items()
     for piece in listed.replace("\\|", "\\p").split("|") if piece],
)  # fmt: skip
def test_a_text_costs_what_its_length_says(name: str, piece: str) -> None:
    work = PIECES[name][0]

    assert grows_with_its_length(work, lambda times: piece * times, max(1, SIZE // len(piece)))


@pytest.mark.parametrize(
    ("fence", "piece"),
    [*(("---", piece) for piece in ("a{n}: b\n", "- a\n", "a: &x [b]\n", "a: *x\n", "? a\n", "{", "[a, ", 'k: "',
                                    "k: |\n  x\n", "!!x ")),
     *(("+++", piece) for piece in ("a{n} = 1\n", "[a{n}]\n", "a.", '"""', "[[", "a = [1,\n"))],
)  # fmt: skip
def test_front_matter_costs_what_its_length_says(fence: str, piece: str) -> None:
    def make(times: int) -> str:
        return f"{fence}\n{''.join(piece.replace('{n}', str(at)) for at in range(times))}\n{fence}\n# P\n"

    assert grows_with_its_length(read_front_matter, make, max(1, SIZE // len(piece)))


def test_yaml_that_would_grow_to_gigabytes_is_refused_at_once() -> None:
    names = [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9 if at else ['x'] * 9)}]" for at in range(12)]

    start = time.process_time()
    with pytest.raises(PolicyError, match="has an alias"):
        read_front_matter("---\n" + "\n".join(names) + "\n---\n# P\n")
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "piece", ["ada{n}@x.example,Ada,en\n", '"', ",", "a", "a@", '"a"', "ada{n}@x.example,'=1+1,en\n"]
)
def test_a_roster_costs_what_its_length_says(piece: str) -> None:
    def make(times: int) -> str:
        return "email,name,language\n" + "".join(piece.replace("{n}", str(at)) for at in range(times))

    assert grows_with_its_length(lambda text: list(read_roster(text.splitlines(keepends=True))), make, 150)


EVENT = json.dumps({"event": "delivered", "timestamp": 1, "sg_event_id": "x", "delivery": "d"})


@pytest.mark.parametrize("piece", [EVENT + ",", "[", '{"a":', "9", '"a",', '"\\u0000",', " "])
def test_an_event_body_costs_what_its_length_says(piece: str) -> None:
    def make(times: int) -> str:
        return "[" + piece * times + "null]"

    assert grows_with_its_length(lambda text: parse_events(text.encode(), received_at=NOON), make, 200)


@pytest.mark.parametrize("piece", ["x", "a@", "+", "a+", "+0123456789abcdef", ".", "<", " ", "é"])
@pytest.mark.parametrize(
    "field", ["To: ", "Delivered-To: ", "Message-ID: <pn.", "Diagnostic-Code: smtp;", "Content-Type: "]
)
def test_a_returned_message_costs_what_its_length_says(field: str, piece: str) -> None:
    """Anybody can write to that mailbox."""
    head, _, rest = DELIVERY_REPORT.replace("{headers}", "Message-ID: <pn.a.b@c.d>").partition(
        "To: privacy@example.com\n"
    )

    def make(times: int) -> str:
        return f"{head}{field}{piece * times * 20}\n{rest}"

    assert grows_with_its_length(lambda text: read_report(text.encode(), received_at=NOON), make, 300)


def test_a_returned_message_of_parts_within_parts_is_not_read() -> None:
    deep = "".join(f'Content-Type: multipart/report; boundary="b{n}"\n\n--b{n}\n' for n in range(300))

    assert cost(lambda text: read_report(text.encode(), received_at=NOON), deep + "x\n" * 100_000) < 1


@pytest.mark.parametrize("piece", ["x", "a@", "@", " a"])
def test_addresses_are_left_out_of_words_of_any_length(piece: str) -> None:
    assert grows_with_its_length(without_addresses, lambda times: piece * times * 20, 300)


@pytest.mark.parametrize("piece", ["a/", "../", "%2e/", "a/compare/", "2026-03-03..", "at/", "privacy/", "é", "."])
def test_an_address_of_any_length_costs_next_to_nothing(tmp_path: Path, piece: str) -> None:
    publish(site(), tmp_path, templates=TEMPLATES)
    pages = Pages(tmp_path, load=site, templates=TEMPLATES, today=lambda: TODAY)
    paths = [piece * (LONGEST_ADDRESS // len(piece)), piece * 16_000]
    pages.respond(_asking("/nothing"))

    start = time.process_time()
    answers = [pages.respond(_asking(f"/{path}")).status_code for path in paths]

    assert all(status in (301, 308, 404, 410) for status in answers)
    assert time.process_time() - start < 1


def _asking(path: str) -> Request:
    return Request({"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "headers": []})

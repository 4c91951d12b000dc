"""What may not leave in a notice, and what may."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from notifier.errors import Refused
from notifier.notice.message import NAME_TAG_HTML, NAME_TAG_TEXT, Announced, Message, PolicyUpdate, UpdateKind
from notifier.render.message.lint import lint, require_clean
from tests.render.notices import HOSTS, TEMPLATES, change, message_about, reason


def findings(message: Message, changes: Sequence[PolicyUpdate] = (change(),)) -> list[str]:
    return [str(finding) for finding in lint(message, changes, hosts=HOSTS)]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "en-US"])
def test_the_shipped_templates_pass(language: str) -> None:
    changes = [
        change(),
        change("terms", title="Terms of Service", effective_on=date(2027, 1, 1), summary="Prices rise."),
    ]

    assert findings(message_about(*changes, language=language), changes) == []


_EARLIER = Announced(date(2026, 11, 1), date(2026, 12, 1))
KINDS = [
    change(),
    change()._replace(is_in_force=True),
    change()._replace(meanwhile=(_EARLIER,)),
    change()._replace(instead_of=(_EARLIER,)),
    change()._replace(kind=UpdateKind.NEW),
    change(reasons=())._replace(kind=UpdateKind.END, redline_url=""),
    change(reasons=())._replace(kind=UpdateKind.WITHDRAWAL, instead_of=(_EARLIER,)),
]
"""What one letter can say of one policy."""


def test_any_two_kinds_make_a_letter_that_can_go_out() -> None:
    for one, other in product(KINDS, repeat=2):
        changes = [one, other._replace(policy_id="terms", title="Terms of Service", effective_on=date(2027, 1, 1))]
        assert findings(message_about(*changes), changes) == [], changes


@pytest.mark.parametrize(
    "selling",
    [
        "Upgrade now to Fleet!",
        "Get 20% off this month.",
        "Jetzt bestellen und sparen.",
        "Exklusives Angebot für Sie.",
        "Profitez-en vite.",
        "Use the promo code HARBOUR.",
        "Discover our new Pro plan today!",
        "Entdecken Sie unseren neuen Pro-Tarif!",
        "Nous avons le plaisir de vous annoncer du nouveau.",
        "¡Descubre nuestro nuevo plan Pro!",
        "Ottime notizie: il testo è più chiaro.",
        "Approfitta del 20% in meno!",
        "We zijn enthousiast over ons nieuwe beleid.",
        "Profiteer nu van ons aanbod.",
        "Temos o prazer de apresentar a nova política.",
        "Aproveite já!",
        "Z radością przedstawiamy nową politykę.",
        "Skorzystaj z oferty do piątku.",
        "Vi är glada att presentera vår nya policy.",
        "Upptäck vår nya Pro-plan!",
        "Vi er begejstrede for vores nye politik.",
        "Bestil nu og få mere.",
    ],
)
def test_marketing_is_refused(selling: str) -> None:
    found = findings(message_about(change(summary=selling)))

    assert len(found) == 2
    assert all("is marketing" in finding for finding in found)


def test_words_quoted_from_a_policy_are_not_taken_for_marketing() -> None:
    told = change(
        title="Special offers",
        reasons=(
            reason("You get 20% off if you order now.", "You get 10% off if you order now.", section=("Buy now",)),
        ),
    )

    assert findings(message_about(told), [told]) == []


@pytest.mark.parametrize(
    "plain",
    [
        "The discount for yearly plans ends.",
        "Skorzystaj z prawa do sprzeciwu do 5 maja.",
        "Aproveite o seu direito de oposição.",
        "Aproveche el plazo de 30 días para oponerse.",
        "Passa på att exportera dina data före den 1 maj.",
        "Prøveperioden er nu 7 dage.",
        "De korting voor studenten vervalt.",
    ],
)
def test_a_summary_may_say_that_a_discount_ends_and_what_readers_can_do(plain: str) -> None:
    assert findings(message_about(change(summary=plain))) == []


def test_a_message_without_the_effective_date_is_refused() -> None:
    later = change(effective_on=date(2027, 2, 3))

    found = findings(message_about(change(), action=None), [later])

    assert [finding.split(":")[0] for finding in found] == ["subject", "text", "html"]
    assert "3 February 2027" in found[0]


def test_each_policys_date_must_stand_in_the_letter() -> None:
    other = change("terms", effective_on=date(2027, 2, 3))

    assert [finding.split(":")[0] for finding in findings(message_about(change()), [change(), other])] == [
        "text",
        "html",
    ]


@pytest.mark.parametrize(
    "open_place", ["[DATE]", "TBD", "{{ summary }}", "[insert reason]", "{effective_date}", "%name%"]
)
def test_a_placeholder_left_open_is_refused(open_place: str) -> None:
    found = findings(message_about(change(summary=f"It starts {open_place}.")))

    assert any("is not filled in" in finding for finding in found)


@pytest.mark.parametrize("part", ["subject", "text", "html"])
def test_only_our_own_name_tags_may_stand_open(part: str) -> None:
    message = message_about(change())
    strange = {"text": NAME_TAG_HTML, "html": NAME_TAG_TEXT}.get(part, NAME_TAG_TEXT)
    spoilt = {part: getattr(message, part).replace("Changes to", f"{strange} to").replace("Hello", f"{strange}, hello")}

    found = findings(message._replace(**spoilt))

    assert any(finding.startswith(f"{part}: {strange} would stay as it is") for finding in found)


def test_a_link_that_leaves_the_configured_hosts_is_refused_in_both_parts() -> None:
    found = findings(message_about(change(), action="See https://chat.example.evil.test/ by {effective_on}"))

    assert found == [
        "html: a link leads to chat.example.evil.test, which is not a configured host",
        "text: a link leads to chat.example.evil.test, which is not a configured host",
    ]


def test_pages_that_are_published_on_this_machine_only_may_be_linked() -> None:
    told = change()._replace(redline_url="file:///srv/site/changes/index.html", text_url="file:///srv/site/index.html")

    assert findings(message_about(told), [told]) == []


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//evil.test/", "data:text/html,x", "https://chat.example@evil.test/"]
)
def test_a_link_that_is_none_is_refused(address: str) -> None:
    message = message_about(change())

    found = findings(message._replace(html=message.html.replace("https://chat.example/account", address, 1)))

    assert any("not a configured host" in finding for finding in found)


def test_a_link_inside_quoted_words_loses_its_scheme_instead_of_stopping_the_notice() -> None:
    told = change(reasons=(reason("", "Read [how](https://elsewhere.test/a) and <https://chat.example/b>."),))

    message = message_about(told)

    assert "New: Read how (elsewhere.test/a) and https://chat.example/b." in message.text
    assert findings(message, [told]) == []


@pytest.mark.parametrize(
    "subject", ["", "Changes\r\nBcc: a@b.test", "Changes \u202eecilop", "Changes\x07", "C" * 151, " Changes"]
)
def test_an_unsafe_subject_is_refused(subject: str) -> None:
    found = findings(message_about(change())._replace(subject=subject))

    assert any(finding.startswith("subject: ") and "take" not in finding for finding in found)


@pytest.mark.parametrize(
    "loading",
    [
        '<img src="https://chat.example/pixel.gif">',
        "<script>1</script>",
        "<style>@import url(https://fonts.test/a.css);</style>",
        '<p style="background: url(https://chat.example/a.png)">a</p>',
        '<p onclick="a()">a</p>',
        '<link rel="stylesheet" href="https://chat.example/a.css">',
    ],
)
def test_html_that_loads_or_runs_something_is_refused(loading: str) -> None:
    message = message_about(change())

    found = findings(message._replace(html=message.html.replace("</body>", f"{loading}</body>")))

    assert any("loads" in finding for finding in found)


def test_html_that_mail_programs_would_cut_off_is_refused() -> None:
    message = message_about(change())

    found = findings(message._replace(html=message.html.replace("</body>", f"<p>{'word ' * 20_000}</p></body>")))

    assert len(found) == 1
    assert "cut off" in found[0]


def test_html_without_a_language_is_refused() -> None:
    message = message_about(change())

    assert any(
        "lang" in finding for finding in findings(message._replace(html=message.html.replace("<html lang", "<html x")))
    )


def test_the_refusal_says_which_message_and_what(tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES / "notice", tmp_path / "notice")
    (tmp_path / "notice" / "subject.txt.j2").write_text("News, order now")

    with pytest.raises(Refused) as raised:
        require_clean(message_about(change(), templates=tmp_path), [change()], hosts=HOSTS)

    assert str(raised.value).splitlines() == [
        'notice about privacy (en): subject: "order now" is marketing; a notice is only about the change',
        'notice about privacy (en): html: "order now" is marketing; a notice is only about the change',
        "notice about privacy (en): subject: does not say that a change takes effect on 22 December 2026",
    ]

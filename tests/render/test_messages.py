"""What a customer reads when a policy changes."""

from __future__ import annotations

import re
import shutil
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.errors import TemplateError
from notifier.notice.message import NAME_TAG_HTML, NAME_TAG_TEXT, Announced, Company, UpdateKind
from notifier.render.localised import long_date
from notifier.render.message.compose import message_languages
from notifier.render.message.unjudged import reasons_to_quote
from notifier.significance.comparison import compare_files
from tests.examples import examples
from tests.render.notices import RETENTION, TEMPLATES, change, message_about, reason


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_subject_names_the_policy_and_the_day_it_takes_effect() -> None:
    assert message_about(change()).subject == "Changes to our Privacy Policy from 22 December 2026"


def test_the_text_part_is_complete_by_itself() -> None:
    message = message_about(change(summary="We keep chats for 12 months instead of 30 days."))

    assert message.text == (
        f"Hello{NAME_TAG_TEXT},\n"
        "\n"
        "We are changing our Privacy Policy. The new text applies from 22 December\n"
        "2026; until then the earlier one stays in force.\n"
        "\n"
        "In short: We keep chats for 12 months instead of 30 days.\n"
        "\n"
        "What changes\n"
        "\n"
        "1. How long we keep data (how long information is kept)\n"
        "   Before: Chats are kept for 30 days after they end.\n"
        "   From 22 December: Chats are kept for 12 months after they end.\n"
        "\n"
        "What you can do\n"
        "\n"
        "You may close your account before 22 December 2026:\n"
        "https://chat.example/account\n"
        "\n"
        "Every change, word for word:\n"
        "https://chat.example/legal/privacy/changes/2026-11-22/\n"
        "\n"
        "The new text in full:\n"
        "https://chat.example/legal/privacy/2026-11-22/\n"
        "\n"
        "You get this message because you have an account with us and we promised to\n"
        "tell you. It is not advertising, and there is nothing to unsubscribe from.\n"
        "\n"
        "Harbour Chat Pte Ltd, 1 Sample Street, Singapore · privacy@chat.example\n"
    )


def test_without_a_summary_the_letter_says_in_plain_words_what_the_change_is_about() -> None:
    assert "In short, the change is about: how long information is kept." in message_about(change()).text


def test_a_letter_in_a_language_that_nobody_can_judge_says_what_the_text_it_follows_is_about() -> None:
    quoted = reason("Przez 30 dni.", "Przez 12 miesięcy.", section=("Jak długo",), topic=None)
    polish = change(language="pl", reasons=[quoted])._replace(judged=(RETENTION,))

    assert "W skrócie zmiana dotyczy następujących spraw: jak długo dane są przechowywane." in " ".join(
        message_about(polish, language="pl").text.split()
    )


def test_a_letter_about_a_text_that_needs_a_yes_says_so_until_when_and_that_silence_is_none() -> None:
    message = message_about(change(summary="We keep chats longer.")._replace(asks_agreement=True))

    asked = "We will ask for your agreement to the new text; please decide by 22 December 2026."
    silent = "Neither silence nor further use of our services counts as agreement."
    assert f"{asked} {silent}" in flat(message.text)
    assert f"Your agreement</strong> {asked} {silent}" in flat(message.html)
    assert "agreement" not in message_about(change(summary="We keep chats longer.")).text


def test_of_two_policies_the_one_that_needs_a_yes_is_named_for_it() -> None:
    terms = change("terms", title="Terms of Service")._replace(asks_agreement=True)

    text = message_about(change(), terms).text

    assert "Your agreement" in message_about(change(), terms).html
    assert text.index("Terms of Service\n=") < text.index("We will ask for your agreement")
    assert text.count("agreement to the new text") == 1


def test_where_the_text_is_in_force_already_no_day_to_decide_by_is_named() -> None:
    text = flat(message_about(change()._replace(asks_agreement=True, is_in_force=True)).text)

    assert "We will ask for your agreement to the new text. Neither silence" in text


def test_a_german_reader_gets_german_words_and_a_german_date() -> None:
    message = message_about(change(title="Datenschutzerklärung", language="de"), language="de")

    assert message.subject == "Datenschutzerklärung: Änderungen ab 22. Dezember 2026"
    assert "Die neue Fassung gilt ab dem 22. Dezember 2026" in flat(message.text)
    assert '<html lang="de"' in message.html


def test_a_french_reader_gets_french_words_and_the_first_of_a_month_as_the_french_write_it() -> None:
    first = change(title="Politique de confidentialité", language="fr", effective_on=date(2027, 1, 1))

    message = message_about(first, language="fr")

    assert message.subject == "Politique de confidentialité : modifications à partir du 1er janvier 2027"
    assert "À partir du 1er janvier : Chats are kept" in flat(message.text)


def test_an_american_reader_gets_the_month_first() -> None:
    assert message_about(change(), language="en-US").subject.endswith("from December 22, 2026")


def test_a_missing_translation_is_said_politely() -> None:
    terms = change("terms", title="Terms of Service", is_fallback=True)

    text = flat(message_about(terms, language="de").text)

    assert "Leider noch nicht ins Deutsche übersetzt: Terms of Service." in text
    assert "Sprache des Originals: Englisch" in text


def test_a_reader_of_a_language_without_words_gets_the_controlling_one_and_is_told_so() -> None:
    german = change(title="Datenschutzerklärung", language="de", is_fallback=True)

    message = message_about(german, language="ca", controlling_language="de")

    assert message.language == "ca"
    assert "noch nicht in Ihrer Sprache (Katalanisch)" in flat(message.text)
    assert "übersetzt" not in message.text


def test_one_apology_is_enough() -> None:
    german = change(title="Datenschutzerklärung", language="de", is_fallback=True)

    text = flat(message_about(german, language="ca", controlling_language="en").text)

    assert "we do not have this message in Catalan yet" in text
    assert "translated into English" not in text


def test_a_section_with_a_number_of_its_own_is_not_counted_again() -> None:
    numbered = replace(RETENTION, section=("2. How long we keep data",))

    for told, said in ((RETENTION, "1. How long we keep data ("), (numbered, "-  2. How long we keep data (")):
        message = message_about(change(reasons=(told,)))
        assert said in message.text
        assert f">{said.removeprefix('-  ').removesuffix(' (')}</h3>" in message.html


def test_a_long_address_stays_whole_so_that_it_can_be_followed() -> None:
    address = f"https://chat.example/{'long-' * 30}address"

    assert address in message_about(change(), action=f"Write to us there: {address}").text.splitlines()


def test_a_controlling_language_without_words_falls_back_to_english() -> None:
    message = message_about(change(language="fi", title="Seloste"), language="fi", controlling_language="fi")

    assert "we do not have this message in Finnish yet" in flat(message.text)


def test_several_policies_come_in_one_letter_each_with_its_links() -> None:
    message = message_about(change(), change("terms", title="Terms of Service"))

    assert message.policies == ("privacy", "terms")
    assert message.subject == "Changes to our Privacy Policy and Terms of Service from 22 December 2026"
    for policy in message.policies:
        assert f"https://chat.example/legal/{policy}/changes/2026-11-22/" in message.text
        assert f"https://chat.example/legal/{policy}/changes/2026-11-22/" in message.html


def test_policies_that_take_effect_on_different_days_each_say_theirs() -> None:
    later = change("terms", title="Terms of Service", effective_on=date(2027, 3, 1))

    text = flat(message_about(change(), later).text)

    assert "from 22 December 2026 at the earliest" in text
    assert "Terms of Service ================ The new text applies from 1 March 2027" in text


def test_five_of_eight_changes_are_quoted_the_weightiest_first_and_the_rest_left_to_the_redline() -> None:
    reasons = [reason(f"Old {n}.", f"New {n}.", section=(f"Part {n}",), weight=n) for n in range(8)]

    text = message_about(change(reasons=reasons)).text

    assert [int(n) for n in re.findall(r"Part (\d)", text)] == [7, 6, 5, 4, 3]
    assert "3 more changes are shown in the comparison" in flat(text)


def test_a_message_counts_every_place_where_words_changed_not_only_those_with_a_reason() -> None:
    reasons = [reason("", f"We keep list {number}.", weight=number) for number in range(12)]

    text = message_about(change(reasons=reasons)._replace(changes=30)).text

    assert "25 more changes are shown in the comparison" in flat(text)


def test_changes_in_one_section_stand_under_one_heading() -> None:
    two = reason("We answer in 10 days.", "We answer in 30 days.", section=("P", "How long we keep data"))

    text = message_about(change(reasons=(RETENTION, two))).text

    assert text.count("How long we keep data") == 1
    assert "2. " not in text


def test_two_reasons_about_one_sentence_quote_it_once() -> None:
    text = message_about(change(reasons=(RETENTION, replace(RETENTION, topic="purpose", weight=0.5)))).text

    assert text.count("Chats are kept for 12 months") == 1
    assert "(how long information is kept, what information is used for)" in flat(text)


def test_a_new_sentence_and_a_removed_one_are_called_so() -> None:
    reasons = (reason("", "We sell data.", section=("A",)), reason("We ask first.", "", section=("B",)))

    text = message_about(change(reasons=reasons)).text

    assert "New: We sell data." in text
    assert "Removed: We ask first." in text


def test_reasons_of_a_topic_yet_unknown_are_called_other_terms() -> None:
    assert "other terms" in message_about(change(reasons=(reason("a", "b", topic="telepathy"),))).text


def test_where_no_page_is_published_no_link_is_promised() -> None:
    message = message_about(change()._replace(redline_url="", text_url=""))

    assert "word for word" not in message.text
    assert "word for word" not in message.html


def test_without_a_configured_action_the_reader_learns_whom_to_ask() -> None:
    message = message_about(change(), action=None)

    assert "please tell us before 22 December 2026: privacy@chat.example" in flat(message.text)


def test_a_company_that_gives_only_its_name_signs_with_it() -> None:
    assert message_about(change(), company=Company("Harbour Chat")).text.endswith("\n\nHarbour Chat\n")


def test_the_greeting_stands_once_in_each_part_and_never_in_the_subject() -> None:
    message = message_about(change(title=f"Policy {NAME_TAG_TEXT}", summary=f"{NAME_TAG_HTML} {NAME_TAG_TEXT}"))

    assert message.text.count(NAME_TAG_TEXT) == message.html.count(NAME_TAG_HTML) == 1
    assert "-notifier_" not in message.subject


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_html_has_one_h1_a_title_and_tables_that_only_lay_out(language: str) -> None:
    html = message_about(change(summary="A <b>bold</b> plan."), language=language).html

    assert html.count("<h1>") == 1
    assert re.search(r"<title>[^<]+2026</title>", html)
    assert html.count("<table") == len(re.findall(r'<table[^>]*role="presentation"', html))
    assert "<img" not in html
    assert "fonts.g" not in html


def test_policy_text_cannot_bring_markup_into_the_html() -> None:
    told = (
        reason("", "`<img src=x>` & more"),
        reason("`<img>` a `<img>`", "`<img>` `<img>` `<img>`", section=("`<img>`",)),
    )

    html = message_about(change(title="<script>a</script>", summary="`<img>`", reasons=told)).html

    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_a_letter_too_long_quotes_less() -> None:
    many = [
        change(f"p{n}", title=f"Policy {n}", reasons=[reason("", f"{k} {'word ' * 60}") for k in range(5)])
        for n in range(80)
    ]

    message = message_about(*many)

    assert len(message.html.encode()) <= 100_000
    assert message.subject == "Changes to our Policy 0 and 79 other texts from 22 December 2026"
    assert "https://chat.example/legal/p79/changes/2026-11-22/" in message.text


@pytest.mark.parametrize(
    ("name", "line", "broken", "says"),
    [
        ("text.txt.j2", 3, "a\nb\n{{ lettre }}\n", "'lettre' is undefined"),
        ("text.txt.j2", 2, "a\n{% if %}\n", "Expected an expression"),
        ("subject.txt.j2", 1, "{{ message.effective_on / 0 }}", "unsupported operand"),
        ("subject.txt.j2", 1, "{{ message.__class__.__mro__ }}", "unsafe"),
        (
            "message.mjml",
            3,
            "<mjml><mj-body>\n<mj-section>\n<mj-colum></mj-colum></mj-section></mj-body></mjml>",
            "mj-colum",
        ),
        ("message.mjml", 1, "<mjml><mj-body>", "not well-formed"),
    ],
)
def test_a_template_that_fails_names_file_and_line(
    tmp_path: Path, name: str, line: int, broken: str, says: str
) -> None:
    shutil.copytree(TEMPLATES / "notice", tmp_path / "notice")
    (tmp_path / "notice" / name).write_text(broken)

    with pytest.raises(TemplateError) as raised:
        message_about(change(), templates=tmp_path)

    assert str(raised.value).startswith(f"{tmp_path / 'notice' / name}:{line}: ")
    assert says in str(raised.value)


def test_templates_of_an_older_installation_say_the_same(tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES / "notice", tmp_path / "notice")
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        path.write_text(
            re.sub(r"\bmessage\b(?=[.),|])|(?<=for )message\b", "letter", path.read_text()).replace(
                "updates", "entries"
            )
        )

    assert message_about(change(), templates=tmp_path) == message_about(change())


def test_a_wrong_name_deep_in_the_mjml_is_found_at_its_line_there(tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES / "notice", tmp_path / "notice")
    mjml = tmp_path / "notice" / "message.mjml"
    source = mjml.read_text().replace("say.why(message)", "say.whyever(message)")
    mjml.write_text(source)
    line = source[: source.index("whyever")].count("\n") + 1

    with pytest.raises(TemplateError, match=rf"message\.mjml:{line}: .*whyever"):
        message_about(change(), templates=tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("subject.txt.j2", b"\xff\xfe", "is not UTF-8 text"),
        ("message.mjml", b"<mjml>\xff</mjml>", "is not UTF-8 text"),
    ],
)
def test_a_template_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    shutil.copytree(TEMPLATES / "notice", tmp_path / "notice")
    (tmp_path / "notice" / name).write_bytes(content)

    with pytest.raises(TemplateError) as raised:
        message_about(change(), templates=tmp_path)

    assert str(raised.value).startswith(f"{tmp_path / 'notice' / name}:1: ")
    assert says in str(raised.value)
    assert str(raised.value).endswith("; without this file Notifier's own is used")


def test_what_an_installation_has_no_template_for_is_said_as_shipped(tmp_path: Path) -> None:
    as_shipped = message_about(change(), templates=TEMPLATES)
    (tmp_path / "notice").mkdir()
    assert message_about(change(), templates=tmp_path) == as_shipped

    (tmp_path / "notice" / "subject.txt.j2").write_text("News of us")

    own = message_about(change(), templates=tmp_path)
    assert (own.subject, own.text) == ("News of us", as_shipped.text)


@settings(max_examples=examples(20), deadline=None)
@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=80), st.sampled_from(["en", "de", "fr"]))
def test_whatever_a_policy_says_no_line_is_too_long_and_nothing_steers_the_reader(
    before: str, after: str, title: str, language: str
) -> None:
    message = message_about(change(title=title, reasons=(reason(before, after),)), language=language)

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", message.text + message.subject)
    assert all(len(line) <= 76 or " " not in line.strip() for line in message.text.splitlines())


BACK = change(effective_on=date(2026, 12, 2), reasons=())
TAKEN_BACK = BACK._replace(
    kind=UpdateKind.WITHDRAWAL,
    is_in_force=True,
    redline_url="",
    instead_of=(Announced(date(2026, 11, 24), date(2026, 12, 24)),),
)


def test_a_letter_about_what_is_taken_back_says_that_nothing_changes_and_quotes_nothing() -> None:
    message = message_about(TAKEN_BACK)

    assert message.subject == "Privacy Policy: the change announced on 24 November 2026 will not take effect"
    assert "What we announced on 24 November 2026 will not take effect; it was to apply from 24 December 2026." in flat(
        message.text
    )
    assert "The current text stays in force; nothing changes." in flat(message.text)
    assert "If you have questions, please ask us: privacy@chat.example" in flat(message.text)
    assert not re.search(r"Before:|From 2|until then|In short|close your account", message.text)


def test_what_is_taken_back_is_said_in_german_and_french_too() -> None:
    german = message_about(TAKEN_BACK._replace(language="de"), language="de")
    french = message_about(TAKEN_BACK._replace(language="fr"), language="fr")

    assert "Der geltende Text bleibt in Kraft; es ändert sich nichts." in flat(german.text)
    assert "Die am 24. November 2026 angekündigte Änderung tritt nicht in Kraft" in german.subject
    assert "la modification annoncée le 24 novembre 2026 n’entrera pas en vigueur" in french.subject


def test_all_that_is_taken_back_is_named_with_its_day() -> None:
    both = (*TAKEN_BACK.instead_of, Announced(date(2026, 11, 30), date(2026, 12, 30)))
    message = message_about(TAKEN_BACK._replace(instead_of=both, language="fr"), language="fr")

    days = "le 24 novembre 2026 et le 30 novembre 2026"
    assert f"les modifications annoncées {days} n’entreront pas en vigueur" in message.subject
    assert flat(message.text).count("n’entrera pas en vigueur") == 2
    assert "30 décembre 2026" in flat(message.text)


def test_where_something_announced_earlier_still_comes_the_letter_says_so() -> None:
    earlier = Announced(date(2026, 11, 10), date(2026, 12, 10))

    text = flat(message_about(TAKEN_BACK._replace(meanwhile=(earlier,))).text)

    assert "What we announced on 10 November 2026 still applies from 10 December 2026." in text
    assert "nothing changes" not in text


def test_a_new_policy_has_a_letter_in_which_nothing_earlier_stays_in_force() -> None:
    new = change(reasons=(), summary="We process for you.")._replace(kind=UpdateKind.NEW, redline_url="")

    message = message_about(new)

    assert message.subject == "New: Privacy Policy, from 22 December 2026"
    assert "We are introducing a new text: our Privacy Policy. It applies from 22 December 2026." in flat(
        message.text.replace("text: Privacy", "text: our Privacy")
    )
    assert "earlier" not in message.text
    assert "In short, the change is about" not in message_about(new._replace(summary=None)).text


def test_a_change_in_force_already_is_never_announced_as_one_to_come() -> None:
    message = message_about(change()._replace(is_in_force=True))

    assert message.subject == "Changes to our Privacy Policy since 22 December 2026"
    assert "The new text has applied since 22 December 2026." in flat(message.text)
    assert "Now: Chats are kept for 12 months" in flat(message.text)
    assert not re.search(r"from 22 December|From 22 December|before 22 December|until then", flat(message.text))


def test_what_comes_before_it_and_what_it_takes_the_place_of_are_said() -> None:
    meanwhile, overtaken = (
        Announced(date(2026, 11, 1), date(2026, 12, 1)),
        Announced(date(2026, 11, 2), date(2026, 12, 2)),
    )

    text = flat(message_about(change()._replace(meanwhile=(meanwhile,), instead_of=(overtaken,))).text)

    assert "The new text applies from 22 December 2026. Before that, from 1 December 2026, what we" in text
    assert "announced on 1 November 2026 applies." in text
    assert "It replaces what we announced on 2 November 2026" in text
    assert "until then the earlier one stays" not in text


def test_a_heading_that_has_another_name_is_not_told_as_removed() -> None:
    """Its section stands as it stood; where that is gone, too, it is removed."""
    gone = replace(reason("5. Children", "", section=("Terms", "5. Children"), topic="children_age"), paragraph=0)
    new = replace(reason("", "5. Age limits", section=("Terms", "5. Age limits"), topic="children_age"), paragraph=0)

    text = flat(message_about(change(reasons=(gone, new))).text)
    assert "5. Age limits (age limits) Before: 5. Children From 22 December: 5. Age limits" in text
    assert "Removed:" not in text
    emptied = reason("Nobody under 16.", "", section=("Terms", "5. Children"), topic="children_age")
    assert "Removed: 5. Children" in flat(message_about(change(reasons=(gone, new, emptied))).text)


def test_a_letter_of_several_kinds_says_of_each_what_applies() -> None:
    message = message_about(TAKEN_BACK._replace(policy_id="terms", title="Terms"), change())

    assert message.subject == "About our Terms and Privacy Policy"
    assert "will not take effect" in message.text
    assert "The new text applies from 22 December 2026; until then the earlier one stays in force." in flat(
        message.text
    )


def test_what_comes_before_one_of_several_changes_keeps_the_day_in_the_subject() -> None:
    meanwhile = Announced(date(2026, 11, 1), date(2026, 12, 1))

    message = message_about(change(), change("fees", title="Fees")._replace(meanwhile=(meanwhile,)))

    assert message.subject == "Changes to our Privacy Policy and Fees from 22 December 2026"
    assert "at the earliest; the date is given for each of them" in flat(message.text)
    assert "Before that, from 1 December 2026, what we announced on 1 November 2026 applies." in flat(message.text)


WORDS = sorted(path.stem for path in (TEMPLATES / "notice" / "words").glob("*.toml"))


@pytest.mark.parametrize("language", WORDS)
def test_every_language_says_each_kind_of_letter_with_its_own_dates(language: str) -> None:
    for told in (change(language=language, title="T"), TAKEN_BACK._replace(language=language)):
        message = message_about(told, language=language)
        assert not re.search(r"[{}]", message.text + message.subject)
        days = (told.effective_on, told.instead_of[0].effective_on if told.instead_of else told.effective_on)
        assert any(long_date(day, language) in flat(message.text) for day in days)
        assert "We are sorry" not in message.text
    both = [change(one, title=one, language=language) for one in ("a", "b")]
    many = message_about(*both, language=language)
    assert not re.search(r"[{}]", many.text + many.subject)


def test_an_older_installation_says_in_our_words_what_came_since(tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES / "notice", tmp_path / "notice")
    for path in (tmp_path / "notice" / "words").glob("*.toml"):
        path.write_text("".join(one for one in path.read_text().splitlines(True) if "ends_on" not in one))
    ended = change(language="de", reasons=())._replace(kind=UpdateKind.END, redline_url="")

    message = message_about(ended, language="de", templates=tmp_path)

    assert "bis dahin bleibt er in Kraft" in " ".join(message.text.split())


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("subject = ", "betreff = ", 5, "betreff: has no value {date}"),
        ("{date}", "{dat}", 5, "subject: has no value {dat}"),
        ("{date}", "{date", 5, "subject: expected '}'"),
        ('subject = "', "subject = ", 5, "Expected '='"),
    ],
)
def test_words_with_a_mistake_name_the_line_to_mend(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    shutil.copytree(TEMPLATES / "notice", tmp_path / "notice")
    words = tmp_path / "notice" / "words" / "de.toml"
    source = words.read_text()
    at = source.index("subject = ")
    words.write_text(source[:at] + source[at:].replace(old, new, 1))

    with pytest.raises(TemplateError) as raised:
        message_about(change(language="de"), language="de", templates=tmp_path)

    assert str(raised.value).startswith(f"{words}:{line}: ")
    assert says in str(raised.value)


def test_an_installation_with_words_of_its_own_speaks_no_other_language(tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES / "notice" / "words", tmp_path / "notice" / "words")
    (tmp_path / "notice" / "words" / "fr.toml").unlink()

    assert "fr" in message_languages(TEMPLATES)
    assert set(message_languages(tmp_path)) == set(message_languages(TEMPLATES)) - {"fr"}


@pytest.mark.parametrize("kind", ["notice", "pages"])
def test_no_french_line_begins_with_a_colon(kind: str) -> None:
    """The blank before `: ; ! ?` and within « » is one at which no line breaks."""
    words = (TEMPLATES / kind / "words/fr.toml").read_text(encoding="utf-8")

    said = [line.partition("=")[2] for line in words.splitlines() if not line.startswith("#")]
    assert [line for line in said if re.search(r"« | [:;!?»]", line)] == []


def test_other_terms_are_named_only_where_nothing_else_says_where() -> None:
    """Of a language that the judgement does not read no topic is known."""
    unread = reason("مدة 30 يومًا", "مدة 12 شهرًا", section=("P", "الاحتفاظ"), topic="other")
    message = message_about(change(reasons=(unread,)))

    assert "1. الاحتفاظ\n" in message.text
    assert "ther terms" not in message.text + message.html
    both = replace(unread, topic="retention", weight=0.9)
    assert "1. الاحتفاظ (how long information is kept)\n" in message_about(change(reasons=(unread, both))).text


@pytest.mark.parametrize("language", ["da", "en", "fr", "it", "pl"])
def test_no_line_of_a_letter_parts_a_day_from_its_month(language: str) -> None:
    for length in range(20):
        named = change(title=f"Privacy {'y' * length}", language=language, effective_on=date(2026, 12, 20))

        assert not re.search(r"\b\d{1,2}\.?\n", message_about(named, language=language).text)


@pytest.mark.parametrize("kind", ["notice", "pages"])
def test_in_no_language_what_is_to_come_is_said_as_what_is_there(kind: str) -> None:
    """Polish has one tense for "applies" and another for "will apply"; Italian said "in vigore" of both."""
    pairs = (
        [("in_force_from", "in_force_since")]
        if kind == "pages"
        else [("applies_from", "applies_since"), ("new_from", "new_since")]
    )
    for path in (TEMPLATES / kind / "words").glob("*.toml"):
        words = tomllib.loads(path.read_text(encoding="utf-8"))
        assert [one for one in pairs if words[one[0]] == words[one[1]]] == [], path


def test_in_a_language_that_the_judgement_does_not_read_every_changed_paragraph_is_quoted() -> None:
    """It knows figures alone there: of a letter that quoted those, nobody would learn with whom data is shared."""
    before = (
        "# Polityka\n\n## Komu udostępniamy dane\n\nUdostępniamy dane wyłącznie podmiotom, które pracują dla nas.\n\n"
        "## Jak długo\n\nPliki przechowujemy przez 30 dni.\n\n| Plik | Czas |\n|---|---|\n| sesja | dzień |\n"
    )
    after = before.replace(", które pracują dla nas", " oraz partnerom reklamowym").replace("30 dni", "12 miesięcy")
    found = compare_files(before, after.replace("| dzień", "| tydzień"), language="pl")

    quoted = reasons_to_quote(found.reasons, found.redline, "pl")
    text = message_about(change(title="Polityka", language="pl", reasons=quoted), language="pl").text

    assert "1. Jak długo\n   Dotychczas: Pliki przechowujemy przez 30 dni.\n" in text  # what has a reason comes first
    assert "   Od 22 grudnia: sesja · tydzień\n" in text
    assert "   Od 22 grudnia: Udostępniamy dane wyłącznie podmiotom oraz partnerom\n   reklamowym.\n" in text
    assert reasons_to_quote(found.reasons, found.redline, "en") == found.reasons


def test_three_long_titles_leave_room_for_the_day_in_the_subject_and_stand_in_the_letter() -> None:
    """A phone showed "Datenschutzerklärung, Allgemeine Geschäftsbed…", and no day."""
    titles = ("Datenschutzerklärung", "Allgemeine Geschäftsbedingungen", "Cookie-Richtlinie")
    updates = (change(f"p{n}", title=title, language="de") for n, title in enumerate(titles))

    message = message_about(*updates, language="de")

    assert message.subject == "Datenschutzerklärung und 2 weitere Texte: Änderungen ab 22. Dezember 2026"
    assert "Datenschutzerklärung, Allgemeine Geschäftsbedingungen und Cookie-Richtlinie" in flat(message.text)


@pytest.mark.parametrize("language", message_languages(TEMPLATES))
def test_no_line_breaks_between_a_day_and_its_month_in_either_part(language: str) -> None:
    message = message_about(change(language=language), language=language)
    first, blank, rest = long_date(date(2026, 12, 22), language).partition(" ")

    assert f"{first}\u00a0{rest}" in message.html
    assert f"{first}{blank}{rest}" not in message.html.partition("<h1>")[2]
    assert not re.search(rf"\b{re.escape(first)}$", message.text, re.MULTILINE)


def test_what_is_taken_back_is_not_told_under_when() -> None:
    html = message_about(TAKEN_BACK).html

    assert re.search(r"What changes</strong>\s*What we announced on", html)
    assert ">When<" not in html


def test_each_language_that_is_quoted_untranslated_is_named() -> None:
    """A letter about an English, a Japanese and an Arabic text called the original English."""
    updates = [change(one, title=one, language=one, is_fallback=True) for one in ("en", "ja", "ar")]

    text = flat(message_about(*updates, change("de", language="de"), language="de").text)

    assert "Leider noch nicht ins Deutsche übersetzt: en, ja und ar." in text
    assert "Sprache des Originals: Englisch, Japanisch und Arabisch." in text

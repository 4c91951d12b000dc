"""The posted date, as people write it."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifier.errors import PolicyError
from notifier.text.dates.date_words import EAST_ASIAN_LABELS, WORDS
from notifier.text.dates.posted_date import find_posted_date, set_posted_date, without_posted_date

LINK = "(https://a.example/2021-05-03)"
FORMS = [
    ("en", "Updated May 1, 2014.", "Updated November 3, 2026."),
    ("en", "*Last updated: April 20, 2023*", "*Last updated: November 3, 2026*"),
    ("en", "**Last Modified:** 1 March 2024", "**Last Modified:** 3 November 2026"),
    ("en", "Effective date: 2024-02-01", "Effective date: 2026-11-03"),
    ("en", "Last Updated: 2024/02/01", "Last Updated: 2026/11/03"),
    ("en", "LAST UPDATED: NOVEMBER 1, 2023", "LAST UPDATED: NOVEMBER 3, 2026"),
    ("en", "Last modified: February 1st, 2018", "Last modified: November 3rd, 2026"),
    ("en", "Last updated: Thursday, May 5, 2022", "Last updated: Tuesday, November 3, 2026"),
    ("en", "Version 2.1, effective Sept 12, 2024", "Version 2.1, effective Nov 3, 2026"),
    ("en", "Revised: Jan. 05, 2024", "Revised: Nov. 03, 2026"),
    ("en", "Effective: **03 September 2024**", "Effective: **03 November 2026**"),
    ("en", "> Last Updated: October 10, 2022", "> Last Updated: November 3, 2026"),
    ("en", "#### Last Updated: 12 August, 2020", "#### Last Updated: 3 November, 2026"),
    ("en", "UPDATED AS OF: September 12, 2020", "UPDATED AS OF: November 3, 2026"),
    ("en", "_Last Updated/Effective Date: July 1, 2023_", "_Last Updated/Effective Date: November 3, 2026_"),
    ("en", "This policy was last updated on May 21, 2022.", "This policy was last updated on November 3, 2026."),
    ("en", "| Last updated | May 3, 2021 |", "| Last updated | November 3, 2026 |"),
    ("en", f"Last updated: [May 3, 2021]{LINK}", f"Last updated: [November 3, 2026]{LINK}"),
    ("en", 'Effective May 25, 2018 {: datetime="2018-05-25"}', 'Effective November 3, 2026 {: datetime="2026-11-03"}'),
    ("en", "<p>Updated <time datetime='2024-05-01'>May 1, 2024</time></p>",
     "<p>Updated <time datetime='2026-11-03'>November 3, 2026</time></p>"),
    ("en", "Last updated:\u00a0October\u00a031,\u00a02020", "Last updated:\u00a0November\u00a03,\u00a02026"),
    ("en", "Version 1.0, dated March 1, 2019", "Version 1.0, dated November 3, 2026"),
    ("en", "Last updated at: February 9, 2020", "Last updated at: November 3, 2026"),
    ("en", "Last updated: 12/25/2024", "Last updated: November 3, 2026"),
    ("en", "Last updated: December 2023", "Last updated: November 3, 2026"),
    ("en", "Last&nbsp;updated:&nbsp;May&nbsp;1,&nbsp;2024", "Last&nbsp;updated:&nbsp;November&nbsp;3,&nbsp;2026"),
    ("en", "This policy applies from May 1, 2024.", "This policy applies from November 3, 2026."),
    ("de", "Letztes Update: 1.5.2024", "Letztes Update: 3.11.2026"),
    ("en-GB", "Last updated: 03/04/2024", "Last updated: 03/11/2026"),
    ("en-US", "Last updated: 03/04/2024", "Last updated: 11/03/2026"),
    ("de", "Stand: 1. März 2024", "Stand: 3. November 2026"),
    ("de", "Stand: 01.03.2024", "Stand: 03.11.2026"),
    ("de", "Zuletzt aktualisiert am 3. Mai 2024", "Zuletzt aktualisiert am 3. November 2026"),
    ("de", "Letzte Änderung: Montag, 6. Mai 2024", "Letzte Änderung: Dienstag, 3. November 2026"),
    ("fr", "Dernière mise à jour : 1er mai 2024", "Dernière mise à jour : 3 novembre 2026"),
    ("fr", "En vigueur le 25/05/2018", "En vigueur le 03/11/2026"),
    ("es", "Última actualización: 3 de mayo de 2024", "Última actualización: 3 de noviembre de 2026"),
    ("nl", "Laatst bijgewerkt op 3 mei 2024", "Laatst bijgewerkt op 3 november 2026"),
    ("it", "Ultimo aggiornamento: 3 maggio 2024", "Ultimo aggiornamento: 3 novembre 2026"),
    ("pt-BR", "Última atualização: 3 de maio de 2024", "Última atualização: 3 de novembro de 2026"),
    ("ja", "最終更新日: 2024年5月1日", "最終更新日: 2026年11月3日"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "before", "after"), FORMS)
def test_a_date_line_moves_to_the_new_day_and_keeps_its_form(language: str, before: str, after: str) -> None:
    text = f"# Privacy Policy\n\n{before}\n\nWe keep chats.\n"

    assert set_posted_date(text, date(2026, 11, 3), language=language) == text.replace(before, after)


CASES = [
    line.split(" | ", 1)
    for line in (Path(__file__).parents[1] / "cases" / "date_lines.txt").read_text().splitlines()
    if not line.startswith("#")
]
POSTED_ON, EFFECTIVE_ON = date(2026, 11, 24), date(2026, 12, 29)


@pytest.mark.parametrize(("language", "case"), CASES)
def test_each_line_carries_the_date_that_it_names_and_a_sentence_keeps_its_own(language: str, case: str) -> None:
    before, after = _before_and_after(case.replace("\\n", "\n"))
    text = f"# Title\n\n{before}\n\nWords.\n"
    if after.startswith("! "):
        with pytest.raises(PolicyError, match=re.escape(after[2:])):
            find_and_set(text, language)
        return

    new = find_and_set(text, language)
    added = new.replace(text.removeprefix("# Title\n\n"), "")
    assert (added.count("\n"), len(added) > 12) == (4, True) if after == "+" else new == text.replace(before, after)
    assert without_posted_date(new, language=language) == without_posted_date(text, language=language)


def find_and_set(text: str, language: str) -> str:
    return set_posted_date(text, POSTED_ON, effective_on=EFFECTIVE_ON, language=language, path="p.md")


def _before_and_after(case: str) -> tuple[str, str]:
    """Tables have bars of their own: before and after are the same number of cells."""
    cells = case.split(" | ")
    half = len(cells) // 2 if cells[-1][:1] not in "+!" else len(cells) - 1
    return " | ".join(cells[:half]), " | ".join(cells[half:])


@pytest.mark.parametrize(
    ("front", "after"),
    [
        ("date: 2014-06-02\nlastmod: 2014-06-09", "date: 2014-06-02\nlastmod: 2026-11-24"),
        ("lastmod: 2014-06-09T10:00:00+02:00", "lastmod: 2026-11-24"),
        ("last_update:\n  date: 2014-06-09\n  author: Ann", "last_update:\n  date: 2026-11-24\n  author: Ann"),
        ('last_updated: "June 9, 2014"', 'last_updated: "November 24, 2026"'),
        ("effective_date: 2014-06-09", "effective_date: 2026-12-29"),
        ("effective_date: 2014-06-09\nupdated: 2014-06-02", "effective_date: 2026-12-29\nupdated: 2026-11-24"),
    ],
)
def test_the_keys_of_site_generators_carry_their_dates(front: str, after: str) -> None:
    text = f"---\ntitle: T\n{front}\n---\n# T\n\nWords.\n"
    toml = "+++\ndate = 2014-06-02\nlastmod = 2014-06-09\n+++\n# T\n"

    assert set_posted_date(text, POSTED_ON, effective_on=EFFECTIVE_ON, language="en") == text.replace(front, after)
    assert set_posted_date(toml, POSTED_ON, language="en") == toml.replace("2014-06-09", "2026-11-24")


def test_the_day_on_which_a_page_was_created_is_left_alone() -> None:
    text = "---\ntitle: T\ndate: 2014-06-02\n---\n# T\n\nWords.\n"

    posted = set_posted_date(text, POSTED_ON, language="en")

    assert posted == text.replace("# T\n", "# T\n\nLast updated: November 24, 2026\n")
    assert find_posted_date(text, language="en") is None
    assert without_posted_date(posted, language="en") == without_posted_date(text, language="en")


@pytest.mark.parametrize("language", [*WORDS, *EAST_ASIAN_LABELS, "en-GB", "pt-BR", "zh-TW", "de-AT"])
def test_the_line_that_is_added_is_read_again_all_through_the_year(language: str) -> None:
    for days in range(0, 365, 9):
        on = date(2026, 1, 1) + timedelta(days)
        text = set_posted_date("# T\n\nWords.\n", on, language=language)
        found = find_posted_date(text, language=language)

        assert found is not None
        assert found.value == on
        assert set_posted_date(text, date(2027, 5, 1), language=language) == set_posted_date(
            "# T\n\nWords.\n", date(2027, 5, 1), language=language
        )


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Last updated: 03/04/2024", '"03/04/2024" is ambiguous'),
        ("Last updated: [DATE]", '"[DATE]" is a placeholder'),
        ("Last updated: [Insert date]", '"[Insert date]" is a placeholder'),
        ("Last updated: TBD", '"TBD" is a placeholder'),
        ("Effective date: _TBD_", '"TBD" is a placeholder'),
        ("Last updated: XX/XX/2024", '"XX/XX/2024" is a placeholder'),
        ("Last updated: March XX, 2024", '"March XX, 2024" is a placeholder'),
        ("Last updated: MM/DD/YYYY", '"MM/DD/YYYY" is a placeholder'),
        ("Last updated: {{ page.date }}", '"{{ page.date }}" is a placeholder'),
        ("Updated Mai 1, 2014.", '"Mai 1, 2014" is not a date'),
        ("Last updated: February 30, 2024", '"February 30, 2024" is not a date'),
        ("Last updated: Spring 2024", '"Spring 2024" is not a date'),
        ("Updated: 5/25/18", '"5/25/18" has no four-digit year'),
    ],
)
def test_a_date_that_is_none_is_an_error_at_its_place(line: str, fault: str) -> None:
    with pytest.raises(PolicyError) as raised:
        find_posted_date(f"# Privacy\n\n{line}\n", language="en", path="policies/privacy.md")

    assert str(raised.value).startswith(f"policies/privacy.md:3: the posted date {fault}; write ")
    assert '"May 1, 2014"' in str(raised.value)


@pytest.mark.parametrize(
    "line",
    [
        "We have updated our policy. Please read it before the changes go into effect on June 1, 2020.",
        "Effective communication matters to us.",
        "* Users who update between November 1, 2022 and March 2, 2023 are eligible.",
        "We posted 3 updates in 2023.",
        "<!-- Last updated: May 1, 2014 -->",
    ],
)
def test_prose_and_comments_are_no_date_line(line: str) -> None:
    assert find_posted_date(f"# Privacy\n\n{line}\n", language="en") is None


def test_updated_comes_before_effective_wherever_it_stands() -> None:
    text = "# Terms\n\nEffective June 13, 2024. Last revised May 12, 2024.\n"

    found = find_posted_date(text, language="en")

    assert found is not None
    assert found.value == date(2024, 5, 12)
    assert "Effective June 13, 2024." in set_posted_date(text, date(2026, 1, 2), language="en")


def test_a_date_far_down_the_document_is_not_the_posted_date() -> None:
    text = "# Privacy\n\n" + "Words.\n\n" * 20 + "Updated May 1, 2014.\n"

    assert find_posted_date(text, language="en") is None


def test_front_matter_and_document_are_kept_in_step() -> None:
    text = "---\ntitle: Privacy\nlast_updated: 2024-02-01\n---\n# Privacy\n\nLast updated: February 1, 2024\n"

    after = set_posted_date(text, date(2026, 11, 3), language="en")

    assert after == text.replace("2024-02-01", "2026-11-03").replace("February 1, 2024", "November 3, 2026")


@pytest.mark.parametrize("key", ["last_updated", "posted_on", "lastUpdated", "last-modified", "updated"])
def test_a_date_in_front_matter_alone_is_the_posted_date(key: str) -> None:
    text = f'---\n{key}: "2024-02-01"  # set by hand\n---\n# Privacy\n'

    assert set_posted_date(text, date(2026, 11, 3), language="en") == text.replace("2024-02-01", "2026-11-03")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Last updated: November 1, 2026"),
        ("de", "Zuletzt aktualisiert: 1. November 2026"),
        ("fr", "Dernière mise à jour : 1er novembre 2026"),
        ("es", "Última actualización: 1 de noviembre de 2026"),
        ("nl", "Laatst bijgewerkt: 1 november 2026"),
        ("sv", "Senast uppdaterad: 1 november 2026"),
        ("ja", "最終更新日：2026年11月1日"),
    ],
)
def test_a_text_without_a_date_gets_a_line_in_its_language_under_its_heading(language: str, line: str) -> None:
    text = "# Privacy\n\nWe keep chats.\n"

    assert set_posted_date(text, date(2026, 11, 1), language=language) == f"# Privacy\n\n{line}\n\nWe keep chats.\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# T\nWords.\n", "# T\nLast updated: May 1, 2024\n\nWords.\n"),
        ("Title\n=====\n\nWords.\n", "Title\n=====\n\nLast updated: May 1, 2024\n\nWords.\n"),
        ("Words.\n", "Last updated: May 1, 2024\n\nWords.\n"),
        ("---\ntitle: T\n---\nWords.\n", "---\ntitle: T\n---\nLast updated: May 1, 2024\n\nWords.\n"),
        ("\ufeff# T\r\n\r\nWords.", "\ufeff# T\r\n\r\nLast updated: May 1, 2024\r\n\r\nWords."),
        ("<h1>T</h1>\nWords.\n", "<h1>T</h1>\n\nLast updated: May 1, 2024\n\nWords.\n"),
        ("# T", "# T\nLast updated: May 1, 2024\n"),
        ("", "Last updated: May 1, 2024\n"),
    ],
)
def test_the_new_line_stands_where_a_reader_looks_and_keeps_line_endings(before: str, after: str) -> None:
    assert set_posted_date(before, date(2024, 5, 1), language="en") == after


def test_everything_but_the_date_stays_byte_for_byte() -> None:
    text = "\ufeff# Privacy \r\n\r\n*Last updated: May 1, 2014*  \r\n\r\nNo final\u2028newline"

    assert set_posted_date(text, date(2014, 6, 2), language="en") == text.replace("May 1", "June 2")


def test_a_hand_edited_date_line_is_no_change_of_the_text() -> None:
    before = "# Privacy\n\nLast updated: May 1, 2014\n\nWords.\n"
    after = "# Privacy\n\n**Last revised** [DATE]\n\nWords.\n"

    assert without_posted_date(before, language="en") == without_posted_date(after, language="en")


def test_the_rest_of_a_shared_line_still_counts_as_text() -> None:
    before = "# Terms\n\nVersion 3. Effective June 13, 2024. Last revised May 12, 2024.\n"
    dates = before.replace("13", "20").replace("12", "19")

    assert without_posted_date(before, language="en") == without_posted_date(dates, language="en")
    assert without_posted_date(before, language="en") != without_posted_date(before.replace("3", "4", 1), language="en")


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("**Last updated: May 1, 2026** | Version 7", "**Last updated:** | Version 7"),
        ("Updated on **May 1, 2026** | Version 7", "Updated on  | Version 7"),
        ("*Last updated: May 1, 2026* (Version 7)", "*Last updated:* (Version 7)"),
    ],
)
def test_what_is_left_of_a_date_line_is_still_emphasis(line: str, left: str) -> None:
    assert without_posted_date(f"# Terms\n\n{line}\n", language="en") == f"# Terms\n\n{left}\n"


def test_what_else_a_date_line_shows_still_counts() -> None:
    before = "# Terms\n\nUpdated May 1, 2014 <img src='seal.png' alt='We sell nothing'>\n"

    assert without_posted_date(before, language="en") != without_posted_date(
        before.replace("nothing", "your data"), language="en"
    )


LINES = [
    *(before for _, before, _ in FORMS), "# Title", "Title\n===", "## Updated", "", "Words of the policy.", "---",
    "title: T", "last_updated: 2024-02-01", "date: 3 May 2024", "Last updated:", "May 3, 2021", "[DATE]", "TBD",
    "03/04/2024", "- item", "> quote", "<h2>x</h2>", "<!--", "-->", "\ufeff", "{: datetime='2020-01-02' }", "* * *",
]  # fmt: skip
texts = st.builds(
    lambda lines, newline, tail: newline.join(lines).replace("\n", newline) + tail,
    st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=12)), max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\n", "\r\n"]),
)
days = st.dates(date(1990, 1, 1), date(2099, 12, 31))
languages = st.sampled_from(["en", "en-US", "en-GB", "de", "fr", "es", "nl", "it", "pt", "ja", "sv"])


@given(texts, days, languages)
@example("---\nlast_updated: 2024-02-01\n---", date(2000, 1, 1), "en")
@example("Last updated:\n\n# T", date(2000, 1, 1), "en")
def test_what_was_set_is_found_again_and_setting_twice_is_setting_once(text: str, on: date, language: str) -> None:
    try:
        once = set_posted_date(text, on, language=language)
    except PolicyError:
        return

    found = find_posted_date(once, language=language)
    assert found is not None
    assert found.value == on
    assert set_posted_date(once, on, language=language) == once


@given(texts, days, languages)
@example("\ufeffUpdated May 1, 2014.", date(2000, 1, 1), "en")
@example("\ufeff", date(2000, 1, 1), "en")
@example("<!--\n#### Last Updated: 12 August, 2020\n>", date(2000, 1, 1), "en")
@example("<!--\n# T\n-->\nWords.", date(2000, 1, 1), "en")
def test_setting_the_date_is_no_change_of_the_text(text: str, on: date, language: str) -> None:
    bare = without_posted_date(text, language=language)
    try:
        stamped = set_posted_date(text, on, effective_on=on + timedelta(30), language=language)
    except PolicyError:
        return

    assert without_posted_date(stamped, language=language) == bare


@given(st.text(max_size=300), languages)
def test_no_text_whatever_makes_the_comparison_fail(text: str, language: str) -> None:
    assert isinstance(without_posted_date(text, language=language), str)


def test_dates_without_end_cost_time_that_grows_with_the_text() -> None:
    began = time.process_time()
    for hostile in (
        "May 1, 2018 ",
        "Last updated: May 1, 2018\n",
        "Last updated ",
        "2020年5月1日 ",
        "\n\n",
        "<!--",
        "| date ",
    ):
        without_posted_date("# T\n\n" + hostile * (160_000 // len(hostile)), language="en")

    assert time.process_time() - began < 2


BEFORE, BEHIND = "# Privacy\n\n", "\n\nWe keep chats.\n"


@pytest.mark.parametrize(
    ("language", "line", "why"),
    [
        ("en", "May 1, 2014", '"May 1, 2014" may be a date line'),
        ("en", "*1 May 2014*", '"1 May 2014" may be a date line'),
        ("en", "Drafted: May 1, 2014", '"Drafted: May 1, 2014" may be a date line'),
        ("en", "Updated: May 1, 2014 by Jane", "says more than a date"),
        ("en", "Dernière mise à jour : 1er mai 2014", "in a date line of another language (fr) than the text (en)"),
        ("en", "Stand: 1. Mai 2014", "in a date line of another language (de)"),
        ("de", "Dernière mise à jour : 1er mai 2014", "(fr) than the text (de)"),
        ("ro", "Ultima actualizare: 1 mai 2014", "write last_updated: 2014-05-01 into the front matter"),
        ("bg", "Последна актуализация: 1 май 2014 г.", "into the front matter"),
        ("hr", "Posljednje ažuriranje: 1. svibnja 2014.", "into the front matter"),
        ("lt", "Words.", 'how one is introduced in "lt" is not known'),
    ],
)
def test_a_date_line_that_is_not_understood_is_named_and_gets_no_second_one_beside_it(
    language: str, line: str, why: str
) -> None:
    with pytest.raises(PolicyError) as raised:
        set_posted_date(f"{BEFORE}{line}{BEHIND}", date(2026, 11, 24), language=language, path="p.md")

    assert why in str(raised.value)


@pytest.mark.parametrize(
    "line", ["First published: May 1, 2014", "Founded in 2014.", "Rooms: 12", "See 1 May 2014 at 9."]
)
def test_what_is_plainly_none_is_left_alone(line: str) -> None:
    assert "\nLast updated: November 24, 2026\n" in set_posted_date(
        f"{BEFORE}{line}{BEHIND}", date(2026, 11, 24), language="en"
    )


@pytest.mark.parametrize(
    "line",
    ["Last updated and effective: May 1, 2014", "Last Updated/Effective Date: May 1, 2014",
     "Effective and last updated on May 1, 2014", "Zuletzt aktualisiert und gültig ab: 1. Mai 2014"],
)  # fmt: skip
def test_one_date_cannot_be_two_days(line: str) -> None:
    text, language = f"{BEFORE}{line}{BEHIND}", "de" if "und" in line else "en"
    posted, later = date(2026, 11, 24), date(2026, 12, 29)

    with pytest.raises(PolicyError, match="is both when this was updated and since when it applies"):
        set_posted_date(text, posted, effective_on=later, language=language)
    assert find_posted_date(set_posted_date(text, posted, effective_on=posted, language=language), language=language)


TWO_LABELS = [
    ("en", "Effective:", "Last updated:", "3 May 2024", "1 June 2024", "29 November 2026", "29 December 2026"),
    ("en", "Effective", "updated", "2024-05-03", "2024-06-01", "2026-11-29", "2026-12-29"),
    ("de", "Gültig ab", "Stand:", "3. Mai 2024", "1. Juni 2024", "29. November 2026", "29. Dezember 2026"),
    ("fr", "En vigueur le", "mis à jour le", "3 mai 2024", "1 juin 2024", "29 novembre 2026", "29 décembre 2026"),
    ("es", "Vigente desde el", "última actualización:", "3 de mayo de 2024", "1 de junio de 2024",
     "29 de noviembre de 2026", "29 de diciembre de 2026"),
]  # fmt: skip
SEPARATORS = [
    " · ",
    " • ",
    " | ",
    " / ",
    " – ",
    " — ",
    ", ",
    "; ",
    " & ",
    "  ",
    "<br>",
    "<br>\n",
    " (",
    "\n",
    "  \n",
    "\n\n",
]


@pytest.mark.parametrize("between", SEPARATORS)
@pytest.mark.parametrize("label", TWO_LABELS, ids=lambda label: f"{label[0]}-{label[2]}")
@pytest.mark.parametrize("is_bold", [False, True])
def test_two_date_lines_stay_true_whatever_stands_between_them(
    label: tuple[str, ...], between: str, is_bold: bool
) -> None:
    language, since, updated, on, applies, posted, effective = label
    since, updated = (f"**{since}**", f"**{updated}**") if is_bold else (since, updated)
    end = ")" if between == " (" else ""
    for line, wanted in (
        (f"{since} {applies}{between}{updated} {on}{end}", f"{since} {effective}{between}{updated} {posted}{end}"),
        (f"{updated} {on}{between}{since} {applies}{end}", f"{updated} {posted}{between}{since} {effective}{end}"),
    ):
        text = f"# Notice\n\n{line}\n\nBody.\n"
        stamped = set_posted_date(text, date(2026, 11, 29), effective_on=date(2026, 12, 29), language=language)
        assert stamped == f"# Notice\n\n{wanted}\n\nBody.\n"


@pytest.mark.parametrize(("language", "line"), [
    ("en", "Last updated May 1, 2024 / Dernière mise à jour le 1 mai 2024"),
    ("en", "v3 – 1 May 2024"),
    ("de", "Wien, am 1. Mai 2024"),
    ("de", "Wien, 1. Mai 2024"),
])  # fmt: skip
def test_a_date_that_would_be_left_stale_beside_the_posted_one_is_asked_about(language: str, line: str) -> None:
    with pytest.raises(PolicyError, match=r"may be a date line|of another language"):
        set_posted_date(f"# Notice\n\n{line}\n\nBody.\n", date(2026, 11, 29), language=language)


@pytest.mark.parametrize("line", [
    "Effective: 1 May 2024. This wording, made with care, was last updated on 3 May 2024 by Ida",
    "Published 1 May 2024\n\nEverything here was last updated on 3 May 2024",
    "Innsbruck, updated 3 May 2024",
])  # fmt: skip
def test_an_update_told_in_a_sentence_is_asked_about_also_beside_another_date(line: str) -> None:
    with pytest.raises(PolicyError, match="is it the posted date"):
        set_posted_date(f"# Notice\n\n{line}\n\nBody.\n", date(2026, 11, 29), language="en")


def test_two_dates_in_one_line_are_both_kept_true() -> None:
    text = f"{BEFORE}Stand 01.05.2014, gültig ab 01.06.2014{BEHIND}"

    stamped = set_posted_date(text, date(2026, 11, 24), effective_on=date(2026, 12, 29), language="de")

    assert "Stand 24.11.2026, gültig ab 29.12.2026" in stamped


def test_a_list_is_no_date() -> None:
    with pytest.raises(PolicyError, match="is not a date"):
        set_posted_date("---\nlast_updated: [2014-05-01]\n---\n# X\n", date(2026, 11, 24), language="en")

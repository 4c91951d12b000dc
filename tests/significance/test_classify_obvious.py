"""Changes that no lawyer would hesitate about: each must get a clear verdict, and the right topic first."""

from __future__ import annotations

import pytest

from notifier import compare
from notifier.significance import Certainty, Significance

POLICY = """\
# Privacy Policy

*Last updated: 3 March 2026*

Harbour Chat runs a chat service and explains here what it does with personal information.

## Information we collect

We collect your name and your email address when you open an account.

## Sharing

We share personal information only with processors that work for us.

## Retention

We keep chats for 30 days after they end.

## Your choices

You may ask us for a copy of your data at any time, and we will answer within one month.

## Security

We use these logs to keep the service running and to notice misuse.
"""

CLEARLY_SIGNIFICANT = [
    ("work for us.", "work for us and with advertising partners that measure our campaigns.", {"sharing", "purpose"}),
    ("only with processors", "with processors", {"sharing", "subprocessors"}),
    ("30 days", "60 days", {"retention"}),
    ("30 days", "33 days", {"retention"}),
    ("30 days", "30 months", {"retention"}),
    ("your name and your email", "your name, your phone number and your email", {"data_collection"}),
    ("We share personal", "We may sell personal", {"sharing"}),
    ("You may ask us", "You may not ask us", {"rights_choices"}),
    ("within one month", "within three months", {"rights_choices", "retention"}),
    (
        "We collect your name",
        "We and our affiliates collect your name",
        {"data_collection", "sharing", "controller_entity"},
    ),
]
CLEARLY_MINOR = [
    ("explains here", "explanes here"),
    ("to notice misuse", "to notice missuse"),
    ("to notice missuse", "to notice misuse"),
    ("runs a chat service and explains", "runs a chat service, and explains"),
    ("3 March 2026", "24 November 2026"),
    ("We share personal information", "We share *personal information*"),
    ("## Retention", "## Retention periods"),
]


@pytest.mark.parametrize(("before", "after", "topics"), CLEARLY_SIGNIFICANT)
def test_a_change_that_anyone_would_want_to_be_told_of_is_clearly_significant(
    before: str, after: str, topics: set[str]
) -> None:
    assert before in POLICY

    comparison = compare(POLICY, POLICY.replace(before, after))

    assert (comparison.significance, comparison.certainty) == (Significance.SIGNIFICANT, Certainty.CLEAR)
    assert comparison.reasons[0].topic in topics


@pytest.mark.parametrize(
    ("title", "said", "before", "after", "language"),
    [
        ("Terms of sale", "We charge 5 euros for each delivery.", "5", "9", "en"),
        ("Conditions générales de vente", "Nous facturons 5 euros par livraison.", "5", "9", "fr"),
        ("Condiciones de venta", "Cobramos 5 euros por cada envío.", "5", "9", "es"),
    ],
)
def test_terms_of_sale_speak_of_a_price_and_not_of_who_receives_data(
    title: str, said: str, before: str, after: str, language: str
) -> None:
    old = f"# {title}\n\n{said}\n"

    told = compare(old, old.replace(before, after), language=language)

    assert [reason.topic for reason in told.reasons] == ["fees_refunds"]


def test_a_privacy_notice_is_not_about_notices_because_of_its_name() -> None:
    old = "# Privacy notice\n\nYou may ask us for a copy. We answer within 30 days.\n"

    told = compare(old, old.replace("30", "60"))

    assert [reason.topic for reason in told.reasons] != ["notice_terms"]


@pytest.mark.parametrize(("before", "after"), CLEARLY_MINOR)
def test_a_change_that_nobody_needs_to_be_told_of_is_clearly_minor(before: str, after: str) -> None:
    old = POLICY if before in POLICY else POLICY.replace(after, before)

    comparison = compare(old, old.replace(before, after))

    assert (comparison.significance, comparison.certainty) == (Significance.MINOR, Certainty.CLEAR)


@pytest.mark.parametrize(
    ("language", "sentence", "countries"),
    [
        ("en", "These terms are governed by {} law, and we gladly advise you.", ("Austrian", "German")),
        ("de", "Für diese Bedingungen gilt {} Recht, und wir beraten Sie gern.", ("österreichisches", "deutsches")),
        ("fr", "Le droit {} s'applique à ces conditions, que nous expliquons volontiers.", ("français", "belge")),
        ("es", "Estas condiciones se rigen por el derecho {}, y le ayudamos con gusto.", ("español", "francés")),
        ("nl", "Op deze voorwaarden is {} recht van toepassing, en wij helpen u graag.", ("Nederlands", "Duits")),
    ],
)
def test_another_countrys_law_is_clear_in_every_language(
    language: str, sentence: str, countries: tuple[str, str]
) -> None:
    found = compare(*(f"# A\n\n{sentence.format(one)}\n" for one in countries), language=language)

    assert (found.significance, found.certainty) == (Significance.SIGNIFICANT, Certainty.CLEAR)
    assert found.reasons[0].topic == "disputes_law"


@pytest.mark.parametrize(
    "sentence",
    [
        "We film the changing room.",
        "Insurance ends at the border.",
        "The lift is extra.",
        "Winners appear on our wall.",
    ],
)
def test_a_new_sentence_of_words_that_no_list_holds_is_never_clearly_minor(sentence: str) -> None:
    short = "# Privacy\n\nWe keep your data for 30 days.\n"

    for old, new in ((short, f"{short}\n{sentence}\n"), (f"{short}\n{sentence}\n", short)):
        found = compare(old, new)
        assert (found.significance, found.certainty) != (Significance.MINOR, Certainty.CLEAR)


@pytest.mark.parametrize(
    ("heading", "before", "after"),
    [
        ("Location", "We share your location data.", "We share your data."),
        ("Students", "Students get a discount of 10 percent.", "Get a discount of 10 percent."),
        ("Backups", "We delete backups after 30 days.", "We delete after 30 days."),
        ("Trial", "You can cancel the trial at any time.", "You can cancel at any time."),
    ],
)
def test_a_word_that_a_heading_also_has_is_not_said_by_the_heading(heading: str, before: str, after: str) -> None:
    old, new = (f"# Terms\n\n## {heading}\n\n{text}\n" for text in (before, after))

    for found in (compare(old, new), compare(new, old)):
        assert (found.significance, found.certainty) != (Significance.MINOR, Certainty.CLEAR)


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "Leave before the end of June and get half back", "Leave before the end of April and get half back"),
        ("en", "You get half of the fee back", "You get a quarter of the fee back"),
        ("en", "Payment is due on the 5th of June", "Payment is due on the 5th of July"),
        ("en", "Fees are due in March", "Fees are due in May"),
        ("de", "Sie erhalten die Hälfte zurück", "Sie erhalten ein Drittel zurück"),
        ("de", "Bis Ende Juni ist die Kündigung frei", "Bis Ende Mai ist die Kündigung frei"),
        ("fr", "Nous remboursons la moitié du prix", "Nous remboursons un quart du prix"),
        ("es", "Devolvemos la mitad de la cuota", "Devolvemos un tercio de la cuota"),
        ("nl", "U krijgt de helft van de prijs terug", "U krijgt een kwart van de prijs terug"),
    ],
)  # fmt: skip
def test_a_part_of_a_whole_and_a_month_are_quantities(language: str, before: str, after: str) -> None:
    told = compare(f"# Terms\n\n## 1\n\n{before}.\n", f"# Terms\n\n## 1\n\n{after}.\n", language=language)

    assert (told.significance, told.certainty) == (Significance.SIGNIFICANT, Certainty.CLEAR)


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "You get half of the fee back.", "You get 50 % of the fee back."),
        ("de", "Im Juni buchen wir ab.", "Wir buchen im Juni ab."),
    ],
)
def test_the_same_part_and_month_written_otherwise_is_no_change(language: str, before: str, after: str) -> None:
    told = compare(f"# Terms\n\n{before}\n", f"# Terms\n\n{after}\n", language=language)

    assert told.significance is Significance.MINOR


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Any dispute is settled by an arbitrator whom we appoint."),
        ("en", "You waive your right to a jury trial."),
        ("en", "The law of Delaware applies."),
        ("de", "Streitigkeiten entscheidet ein Schiedsgericht."),
        ("de", "Es gilt österreichisches Recht."),
        ("fr", "Tout litige est tranché par un arbitre."),
        ("es", "Las disputas se resuelven por arbitraje."),
        ("nl", "Geschillen worden beslecht door arbitrage."),
    ],
)
def test_who_decides_disputes_and_by_whose_law_is_asked_by_nobody(language: str, sentence: str) -> None:
    without, with_it = "# A\n\nHarbour Chat.\n", f"# A\n\nHarbour Chat.\n\n{sentence}\n"
    for old, new in ((without, with_it), (with_it, without)):
        told = compare(old, new, language=language)
        assert (told.significance, told.certainty) == (Significance.SIGNIFICANT, Certainty.CLEAR)


WAYS = {
    "en": ("cancel", "opt out", "object", "close your account", "complain", "report abuse", "return a book",
           "export your files", "stop the calls", "leave", "reach a human", "reject cookies"),
    "de": ("zu kündigen", "zu widersprechen", "das Konto zu löschen", "die Kopie anzufordern"),
    "fr": ("résilier", "vous opposer", "supprimer votre compte", "demander une copie"),
    "es": ("cancelar", "oponerse", "borrar su cuenta", "pedir una copia"),
    "nl": ("op te zeggen", "bezwaar te maken", "te klagen", "geld terug te krijgen"),
}  # fmt: skip
LEADING = {
    "en": ("Click [here](/x) to {}.", "To {}, see [this page](/x).", "[Click here to {}](/x)", "See [how to {}](/x)."),
    "de": ("Klicken Sie [hier](/x), um {}.", "[Hier klicken, um {}](/x)"),
    "fr": ("Cliquez [ici](/x) pour {}.", "Pour {}, voir [cette page](/x)."),
    "es": ("Haga clic [aquí](/x) para {}.", "Para {}, vea [esta página](/x)."),
    "nl": ("Klik [hier](/x) om {}.", "Om {}, zie [deze pagina](/x)."),
}
LINES = (
    "[Opt out](/x)", "- [Cancel](/x)", "**[Stop](/x)**", "[Object here](/x)", "[Read more](/r) | [Leave](/x)",
    '<a href="/x">Opt out</a>', "<https://shop.example/optout>", "See our [cancellation page](/x).",
    "Find the [objection form](/x).",
)  # fmt: skip


@pytest.mark.parametrize("language", WAYS)
def test_a_link_by_which_somebody_does_something_is_no_further_reading(language: str) -> None:
    passed = []
    for line in [lead.format(way) for lead in LEADING[language] for way in WAYS[language]] + (
        list(LINES) if language == "en" else []
    ):
        without = "# Shop\n\nWe sell books.\n\n## Account\n\nWe keep your name.\n\n{}## Rest\n\nWe like books.\n"
        old, new = without.format(f"{line}\n\n"), without.format("")
        for before, after in ((old, new), (new, old)):
            if compare(before, after, language=language).significance is Significance.MINOR:
                passed.append(line)
    assert passed == []


def test_a_link_on_which_one_only_reads_on_still_is() -> None:
    for line in ("Learn more [here](/x).", "See [our guide on paper](/x).", "[Read more](/x)"):
        told = compare("# Shop\n\nWe sell books.\n", f"# Shop\n\nWe sell books.\n\n{line}\n")
        assert told.significance is Significance.MINOR, line


@pytest.mark.parametrize(
    "title",
    ["**Your boss sees it.**", "**Bookings are final.**", "### Sales are final.", "### Kept forever", "**Old rules**",
     "### At your own risk", "**Final sale**", "### Draft"],
)  # fmt: skip
def test_a_sentence_set_as_a_title_and_a_title_over_old_text_say_something(title: str) -> None:
    old = "# Shop\n\nWe sell books.\n\n## Account\n\nWe note what you buy.\n\n## Rest\n\nWe like books.\n"
    for place in ("We note", "## Rest"):
        new = old.replace(place, f"{title}\n\n{place}")
        for before, after in ((old, new), (new, old)):
            assert compare(before, after).significance is Significance.SIGNIFICANT, (title, place)


def test_a_usual_title_over_old_text_says_nothing() -> None:
    old = "# Shop\n\nWe sell books.\n\n## Account\n\nWe note what you buy.\n"
    assert compare(old, old.replace("We note", "### Overview\n\nWe note")).significance is Significance.MINOR

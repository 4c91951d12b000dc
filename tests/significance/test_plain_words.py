"""The same in other words, in a sentence that was turned round beside: nobody is asked; what binds otherwise is."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifier import compare
from notifier.significance import Significance
from notifier.significance.equivalence.speech import plain_speech

CASES = Path(__file__).parents[1] / "cases"
POLICY = {
    "en": "# Terms\n\n## Use\n\n{}\n\nOur servers stand in Ghent. We read all messages.\n",
    "de": "# Bedingungen\n\n## Nutzung\n\n{}\n\nUnsere Server stehen in Gent. Wir lesen alle Nachrichten.\n",
    "fr": "# Conditions\n\n## Usage\n\n{}\n\nNos serveurs sont à Gand. Nous lisons tous les messages.\n",
    "es": "# Condiciones\n\n## Uso\n\n{}\n\nNuestros servidores están en Gante. Leemos todos los mensajes.\n",
    "nl": "# Voorwaarden\n\n## Gebruik\n\n{}\n\nOnze servers staan in Gent. Wij lezen alle berichten.\n",
}
SAME = (
    ("en", "We collect your answers when you sign up.", "When you register, we gather your answers."),
    ("en", "Changes are announced by us in advance.", "We announce alterations beforehand."),
    ("en", "Before you file a lawsuit, you agree to talk to us.", "Before filing a lawsuit, you agree to talk to us."),
    ("en", "By registering, you accept them.", "When you register, you accept them."),
    ("en", "Only employees who need it see it.", "Only employees needing it see it."),
    ("en", "Consult a doctor prior to starting a course.", "Consult a doctor before you start a course."),
    ("en", "The price of each box is shown in the app.", "Each box's price is shown in the app."),
    ("en", "We deliver to New York and Ohio.", "We deliver to Ohio and New York."),
    ("en", "Journalists can reach us at press@example.org.", "For the press: write to press@example.org."),
    ("en", "Calls are not recorded unless you agree.", "Calls are only recorded if you agree."),
    ("en", "Tutors see the name and age of their pupils.", "Tutors see their pupils' name and age."),
    ("de", "Die Post erhält Ihren Namen und Ihre Anschrift.", "Die Post erhält Ihre Anschrift und Ihren Namen."),
    ("de", "Unseren Beauftragten erreichen Sie per Post.", "Sie erreichen unseren Beauftragten per Post."),
    ("de", "Wir antworten spätestens nach einem Monat.", "Wir antworten innerhalb eines Monats."),
    ("de", "Möchten Sie kündigen, schreiben Sie uns.", "Wenn Sie kündigen möchten, schreiben Sie uns."),
    ("fr", "Vous serez informé par courriel.", "Nous vous informerons par courriel."),
    ("es", "Los datos se eliminan al cabo de treinta días.", "Los datos se borran a los 30 días."),
    ("nl", "Betaalt u niet op tijd, dan vervalt de huur.", "Als u niet op tijd betaalt, vervalt de huur."),
    ("en", "Lena Ltd hosts your data in Germany.", "Your data is hosted by Lena Ltd in Germany."),
    ("en", "Receipts can be downloaded at any time.", "You can download receipts at any time."),
    ("en", "You must report defects to us.", "Defects must be reported to us."),
    ("en", "We use one cookie, which keeps you logged in.", "We use one cookie. It keeps you logged in."),
    ("en", "Logs go after 14 days. Copies go after 30.", "Logs go after 14 days, while copies go after 30."),
    ("en", "You must not smoke. You must not cook.", "You must not:\n\n- smoke, or\n- cook."),
    ("en", "You have the right\n\n- to see it, and\n- to end it.", "You have the right to see it, and to end it."),
    ("en", "You have\nthe\nright to see it at once.", "You have the right to see it immediately."),
    ("en", "The following is banned:\n\n- loud insults\n- open fires", "Loud insults and open fires are banned."),
    ("en", "We collect:\n\n- your name, and\n- your pets.", "Your name and your pets are collected."),
    ("en", "We do not sell or rent your data.", "We neither sell nor rent your data."),
    ("en", "Guests must, on the last day, leave early.", "On the last day, guests must leave early."),
    ("de", "Fotos von Schäden werden nach einem Jahr gelöscht.", "Wir löschen Fotos von Schäden nach einem Jahr."),
    ("de", "Die Einwilligung kann widerrufen werden.", "Sie können die Einwilligung widerrufen."),
    ("de", "Bei Verspätung berechnen wir 4 Euro pro Tag.", "Wir berechnen 4 Euro pro Tag bei Verspätung."),
    ("fr", "Vos données ne sont jamais vendues.", "Nous ne vendons jamais vos données."),
    ("fr", "Elles sont conservées un an, puis supprimées.", "Nous les conservons un an, puis nous les supprimons."),
    ("es", "Sus datos no serán comunicados a terceros.", "No comunicaremos sus datos a terceros."),
    ("nl", "Uw gegevens worden niet verkocht.", "Wij verkopen uw gegevens niet."),
    ("en", "Data is deleted when we no longer need it.", "We delete data when we no longer need it."),
    ("en", "Guests must:\n\n- be polite, and\n- pay.", "Guests must be polite. They must pay."),
    ("en", "Guests must be polite and pay.", "Guests must be polite and must pay."),
    (
        "en",
        "The price covers the boat, the sail and the suit. Food is extra.",
        "The price covers the boat, the sail and the suit, but food is extra.",
    ),
    ("en", "We delete your name a year after your last order.", "A year after your last order, we delete your name."),
    ("en", "After the visit our staff washes the boat.", "Our staff washes the boat after the visit."),
    ("de", "Für Schäden haften wir nicht.", "Wir haften nicht für Schäden."),
    ("de", "Die Gebühr ist hoch und ist bar zu zahlen.", "Die Gebühr ist hoch. Sie ist bar zu zahlen."),
    ("en", "We comply with Article 28 GDPR.", "We comply with Art. 28 GDPR."),
    ("en", "We follow the DSA.", "We follow the Digital Services Act (DSA)."),
    (
        "en",
        "Logs are rotated daily and are deleted after 14 days.",
        "Logs are rotated daily. They are deleted after 14 days.",
    ),
    ("en", "We store your name, and we store your address.", "We store your name and your address."),
    ("en", "Delivery takes 3-5 days.", "Delivery takes three to five days."),
    ("en", "The desk is open Mon-Fri, 9am-5.30pm.", "The desk is open Monday to Friday from 9:00 to 17:30."),
    ("en", "**Fees.** A course costs 20 euros.", "**Prices.** A course costs 20 euros."),
    ("en", "Users must be honest.", "You must be honest."),
    ("en", "A guest who smokes pays a fine.", "Guests who smoke pay a fine."),
    (
        "en",
        "For questions, contact desk@acme.example.",
        "If you have any questions, please write to desk@acme.example.",
    ),
    ("en", "On closure of the account, data is deleted.", "When the account is closed, data is deleted."),
    ("en", "Keys are to be returned on departure.", "Keys must be returned on departure."),
    ("en", "We do not use it for any other purpose.", "We use it for no other purpose."),
    ("en", "The list can only be seen by the treasurer.", "Only the treasurer can see the list."),
    ("de", "Werbung schicken wir Ihnen nicht.", "Wir schicken Ihnen keine Werbung."),
    ("de", "Wir folgen Art. 6 DSGVO.", "Wir folgen Artikel 6 DSGVO."),
    ("fr", "Fumer est interdit.", "Il est interdit de fumer."),
    ("es", "Puedes irte cuando quieras.", "Puedes irte en cualquier momento."),
    ("nl", "Roken is verboten.", "Roken is niet toegestaan."),
    ("en", "No data is sold or lent.", "No data is sold. No data is lent."),
    ("en", "Your data is not sold or lent.", "Your data is not sold. Your data is not lent."),
    ("en", "You must not:\n\n1. smoke;\n2. cook.", "You must not:\n\n(a) smoke;\n\n(b) cook."),
    ("en", "You must not:\n\n- smoke;\n- cook.", "You must not (i) smoke, or (ii) cook."),
    ("en", "Please contact our officer at a@b.example.", "Please write to our officer at a@b.example."),
    ("en", "We will not be held liable for losses.", "We are not liable for losses."),
    ("en", "Fees are charged on a monthly basis.", "Fees are charged monthly."),
    ("en", "When the trial ends, we ask you.", "At the end of the trial, we ask you."),
    ("en", "You agree not to copy it.", "You must not copy it."),
    ("en", "It is your responsibility to keep it safe.", "You are responsible for keeping it safe."),
    ("fr", "Nous le faisons afin d'assurer la sécurité.", "Nous le faisons pour assurer la sécurité."),
    ("fr", "Lorsque vous créez un compte, vous acceptez.", "En créant un compte, vous acceptez."),
    ("fr", "Nous ne partageons pas vos données.", "Vos données ne sont pas partagées."),
    ("de", "Wir behalten uns vor, den Text anzupassen.", "Wir können den Text anpassen."),
    ("es", "Si tiene preguntas, escríbanos.", "En caso de preguntas, escríbanos."),
    ("en", "You must not use it for illegal purposes.", "You must not use it for any illegal purpose."),
    ("en", "Some parts may not work if you block it.", "If you block it, some parts may not work."),
    ("en", "We do not share it unless you agree.", "Unless you agree, we do not share it."),
    ("en", "The app is provided on an “as is” basis.", "The app is provided “as is”."),
    ("en", "You agree that you will not copy it.", "You agree not to copy it."),
    (
        "en",
        "The terms are governed by the laws of Malta.",
        "The terms are governed by and construed in accordance with the laws of Malta.",
    ),
    ("en", "Please note that visits take an hour.", "Visits take an hour."),
    ("en", "We use it to:\n\n- answer you;\n- send bills.", "We use it to:\n\n- send bills, and\n- answer you."),
    ("en", "You can end it by clicking the link.", "To end it, click the link."),
    ("en", "Either may end it with one month's notice.", "Either may end it by giving one month's notice."),
    ("en", "We cannot promise it, but pages are error-free.", "We cannot promise it, but pages are free from errors."),
    ("en", "To the extent permitted by law, we are not bound.", "We are not bound to the extent permitted by law."),
    ("en", "Refunds are not available.", "No refunds are available."),
    ("de", "Nach einem Jahr werden die Daten gelöscht.", "Die Daten werden nach einem Jahr gelöscht."),
    ("de", "Ihr Konto können Sie jederzeit löschen.", "Sie können Ihr Konto jederzeit löschen."),
    ("de", "Den Vertrag kann der Kunde kündigen.", "Der Kunde kann den Vertrag kündigen."),
    ("de", "Wir werden Ihre Anfrage beantworten.", "Wir beantworten Ihre Anfrage."),
    ("de", "Wir setzen Cookies ein.", "Wir verwenden Cookies."),
    ("fr", "Le droit belge régit ces conditions.", "Ces conditions sont régies par le droit belge."),
    ("es", "La ley española rige estos términos.", "Estos términos se rigen por la ley española."),
)
OTHER = (
    ("en", "Before you file a lawsuit, we agree to talk to you.", "Before filing a lawsuit, we agree to talk to you."),
    ("en", "You must ask us before we copy it.", "You must ask us before copying it."),
    ("en", "By registering, you accept them.", "Before you register, you accept them."),
    ("en", "Changes are announced by us in advance.", "We announce alterations afterwards."),
    ("en", "We gather your answers when you sign up.", "When you register, we sell your answers."),
    ("en", "Journalists can reach us at press@example.org.", "Journalists cannot reach us at press@example.org."),
    ("en", "Write to jobs@example.org.", "We keep applicants' letters: write to jobs@example.org."),
    ("en", "With your permission, we call you.", "If they give us permission, we call you."),
    ("en", "The press writes to press@example.org.", "The press writes to press@example.org and may print it."),
    ("en", "Customers can revoke their consent.", "We can withdraw customers' consent."),
    ("en", "Calls are not recorded unless both agree.", "Calls are only recorded if one agrees."),
    ("en", "We do not share it unless you agree.", "We share it unless you agree."),
    ("de", "Ihre Mieter verklagen Sie.", "Sie verklagen Ihre Mieter."),
    ("de", "Die Zahlung erfolgt monatlich.", "Wir zahlen monatlich."),
    ("fr", "Vous serez informé par courriel.", "Vous nous informerez par courriel."),
    ("nl", "Betaalt u niet op tijd, dan vervalt de huur.", "Als u op tijd betaalt, vervalt de huur."),
    ("en", "You may not:\n\n- smoke\n- cook\n\nYou may drink.", "You may not:\n\n- smoke\n- cook\n- drink."),
    ("en", "We use it for:\n\n- billing\n- support", "We use it for billing, support and marketing."),
    ("en", "The following is banned:\n\n- insults\n- threats", "Insults are banned."),
    ("en", "You have the right\n\n- to see it", "You have the duty\n\n- to see it"),
)


ASKED = (
    ("de", "Sie werden nicht verkauft.", "Wir verkaufen sie nicht."),
    ("en", "Smoking is prohibited throughout the building.", "Smoking is not permitted anywhere in the building."),
    ("en", "We take cards; cheques are not accepted.", "We take cards, but no cheques."),
    ("en", "You may request a copy or ask us to fix it.", "You may ask us for a copy or to fix it."),
    ("en", "You may return it, provided that it is unused.", "You may return it as long as it is unused."),
)  # fmt: skip


def calls(language: str, one: str, other: str) -> set[tuple[Significance, str]]:
    texts = [POLICY[language].format(text) for text in (one, other)]
    found = (compare(*pair, language=language) for pair in (texts, texts[::-1]))
    return {(verdict.significance, str(verdict.certainty)) for verdict in found}


@pytest.mark.parametrize(("language", "one", "other"), SAME)
def test_the_same_in_other_words_is_clearly_minor(language: str, one: str, other: str) -> None:
    assert calls(language, one, other) == {(Significance.MINOR, "clear")}


STAMPS = (
    "*Version 4.1 – last updated 12 March 2026*", "Version 4.1, in effect from 12 March 2026", "v4.1", "March 2026",
    "This version (4.1) was published on 12 March 2026.", "**Last revised:** March 12th, 2026 (v4.1)",
    "These terms apply from 12 March 2026.", "We last updated this policy on 12 March 2026.",
    "In force since 12/03/2026",
)  # fmt: skip


def test_a_date_line_may_be_written_as_any_other() -> None:
    body = "# Terms\n\n{}\n\n" + POLICY["en"].format("We sell boats and all that goes with them.").partition("\n")[2]
    texts = [body.format(stamp) for stamp in STAMPS]
    found = [compare(one, other) for one, other in zip(texts, [*texts[1:], texts[0]], strict=True)]

    assert {(one.significance, str(one.certainty)) for one in found} == {(Significance.MINOR, "clear")}


@pytest.mark.parametrize(
    "stamp", ["Prices apply from 12 March 2026.", "Expires 12 March 2026", "In force until 12 March 2026"]
)
def test_a_line_on_anything_else_is_no_date_line(stamp: str) -> None:
    body = "# Terms\n\n{}\n\n" + POLICY["en"].format("We sell boats and all that goes with them.").partition("\n")[2]

    assert (
        compare(body.format(stamp), body.format(stamp.replace("March", "May"))).significance is not Significance.MINOR
    )


@pytest.mark.parametrize(("language", "one", "other"), ASKED)
def test_what_may_only_be_said_otherwise_decides_nothing(language: str, one: str, other: str) -> None:
    assert (Significance.SIGNIFICANT, "clear") not in calls(language, one, other)


@pytest.mark.parametrize(("language", "one", "other"), OTHER)
def test_what_binds_otherwise_is_not(language: str, one: str, other: str) -> None:
    assert (Significance.MINOR, "clear") not in calls(language, one, other)


@pytest.mark.parametrize("language", POLICY)
def test_no_turn_of_speech_is_overlooked_for_a_word_that_it_need_not_have(language: str) -> None:
    tables = (CASES / "near_words.tsv", CASES / "single_edits" / "harmless.tsv")
    rows = [line.split("\t") for table in tables for line in table.read_text("utf-8").splitlines()]
    texts = [text for code, *both in (*rows, *SAME, *OTHER) if code == language for text in both]
    turns = plain_speech._turns(language)
    found = [
        (at, text) for at, turn in enumerate(turns) for text in texts if plain_speech._turn(turn.pattern).search(text)
    ]

    assert found
    assert [text for at, text in found if at not in plain_speech._turns_in(text, language)] == []

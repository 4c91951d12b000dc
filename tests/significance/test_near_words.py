"""Words that stand near each other in a dictionary and promise different things: nobody may call them the same."""

from __future__ import annotations

import pytest

from notifier import compare
from notifier.significance import Significance

POLICY = {
    "en": "# Terms\n\n## Use\n\n{}\n\nOur servers stand in Ghent. We read all messages.\n",
    "de": "# Bedingungen\n\n## Nutzung\n\n{}\n\nUnsere Server stehen in Gent. Wir lesen alle Nachrichten.\n",
    "fr": "# Conditions\n\n## Usage\n\n{}\n\nNos serveurs sont à Gand. Nous lisons tous les messages.\n",
    "es": "# Condiciones\n\n## Uso\n\n{}\n\nNuestros servidores están en Gante. Leemos todos los mensajes.\n",
    "nl": "# Voorwaarden\n\n## Gebruik\n\n{}\n\nOnze servers staan in Gent. Wij lezen alle berichten.\n",
}
NEAR = (
    ("en", "We use your address just to deliver your order.", "We use your address to deliver your order."),
    ("en", "We use it simply for delivery.", "We use it for delivery."),
    ("en", "We keep it for a year from the date of your order.", "We keep it for a year from the end of your order."),
    ("en", 'The shop ("Meadow Ltd", "we", "us") lends bikes.', 'The shop ("Brook Ltd", "we", "us") lends bikes.'),
    ("en", "We tell you of a breach without undue delay.", "We tell you of a breach as soon as we can."),
    ("en", "We refund damaged items.", "We refund broken items."),
    ("en", "The cover applies to cars.", "The cover applies to vehicles."),
    ("en", "You can cancel with our form.", "You can cancel with our online form."),
    ("en", "Pupils pay half the price.", "Students pay half the price."),
    ("en", "You may return the bike within 14 days.", "You may send back the bike within 14 days."),
    ("en", "We hold your deposit.", "We keep your deposit."),
    ("en", "We see where you are.", "We visit where you are."),
    ("en", "We prevent misuse of your data.", "We avoid misuse of your data."),
    ("en", "Applicants may ask for a copy.", "Job applicants may ask for a copy."),
    ("en", "A course costs 20 euros.", "A class costs 20 euros."),
    ("en", "Cancel no later than 3 days before it.", "Cancel at most 3 days before it."),
    ("en", "Your name and address are kept.", "Your name and her address are kept."),
    ("de", "Sie können spätestens drei Tage vorher absagen.", "Sie können höchstens drei Tage vorher absagen."),
    ("fr", "Annulez au plus tard trois jours avant.", "Annulez au maximum trois jours avant."),
    ("es", "Cancele a más tardar tres días antes.", "Cancele como máximo tres días antes."),
    ("nl", "Zeg uiterlijk drie dagen vooraf af.", "Zeg hoogstens drie dagen vooraf af."),
    ("en", "We keep your data as long as you are a customer.", "We keep your data if you are a customer."),
    ("en", "We do not sell your data.", "We have not sold your data."),
    ("en", "We sell your data.", "We sold your data."),
    ("en", "We share data where necessary.", "We share data where appropriate."),
    ("en", "Data already collected are deleted.", "Data still collected are deleted."),
    ("en", "We must delete it.", "We ought to delete it."),
    ("de", "Wir speichern sie, solange Sie Kunde sind.", "Wir speichern sie, wenn Sie Kunde sind."),
    ("de", "Bereits erhobene Daten löschen wir.", "Weiterhin erhobene Daten löschen wir."),
    ("fr", "Nous les gardons tant que vous êtes client.", "Nous les gardons si vous êtes client."),
    ("es", "Los datos ya recogidos se borran.", "Los datos aún recogidos se borran."),
    ("nl", "Wij bewaren ze zolang u klant bent.", "Wij bewaren ze als u klant bent."),
    ("de", "Wir verhindern Missbrauch.", "Wir vermeiden Missbrauch."),
    ("fr", "Un cours coûte 20 euros.", "Une leçon coûte 20 euros."),
    ("es", "Un curso cuesta 20 euros.", "Una clase cuesta 20 euros."),
    ("nl", "Een cursus kost 20 euro.", "Een les kost 20 euro."),
    ("de", "Wir löschen die Daten sofort.", "Wir löschen die Daten unverzüglich."),
    ("de", "Wir beantworten Anträge binnen einer Woche.", "Wir bearbeiten Anträge binnen einer Woche."),
    ("de", "Wir sind verpflichtet, das zu melden.", "Wir sind gehalten, das zu melden."),
    ("de", "Beschädigte Ware nehmen wir zurück.", "Defekte Ware nehmen wir zurück."),
    ("de", "Sie können das Rad zurückgeben.", "Sie können das Rad zurückbringen."),
    ("fr", "Vous pouvez porter plainte.", "Vous pouvez introduire une réclamation."),
    ("fr", "Nous garantissons la livraison.", "Nous assurons la livraison."),
    ("fr", "Nous assurons les voitures.", "Nous assurons les véhicules."),
    ("es", "Le avisamos por correo.", "Le avisamos por email."),
    ("es", "Garantizamos la entrega.", "Aseguramos la entrega."),
    ("es", "Le damos una factura.", "Le damos un recibo."),
    ("nl", "Wij beantwoorden vragen binnen een week.", "Wij behandelen vragen binnen een week."),
    ("nl", "Wij bewaren uw adres.", "Wij bewaren uw woonadres."),
)  # fmt: skip


@pytest.mark.parametrize(("language", "one", "other"), NEAR)
def test_near_words_are_not_the_same(language: str, one: str, other: str) -> None:
    for before, after in ((one, other), (other, one)):
        found = compare(POLICY[language].format(before), POLICY[language].format(after), language=language)
        assert (found.significance, found.certainty) != (Significance.MINOR, "clear"), (before, after)

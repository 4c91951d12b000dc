"""Dutch: the words a lawyer looks for."""

from __future__ import annotations

from notifier.significance.lexicon.languages import LANGUAGES

TOPICS: dict[str, str] = {
    "data_collection": """verzamel* persoonsgegevens persoonlijke-gegevens locatie* ip-adres* identificat*
        biometrisch* gezondheid* logbestand* telefoonnummer* geboortedatum gebruiksgegevens
        gevoelige contactgegevens""",
    "purpose": """doel* doeleind* adverten* reclame profiel* profiler* personalis* analys* marketing
        meting* statistiek* rechtsgrond* gerechtvaardigd*""",
    "ai_training": "ai kunstmatige-intelligentie trainen getraind taalmodel* algoritm* geautomatiseerd*",
    "sharing": """delen deel deelt gedeeld* verstrek* verkoop* verkop* verkocht* openbaar* doorgev*
        derden derde ontvanger* partner* autoriteit*""",
    "subprocessors": "verwerker* subverwerker* dienstverlener* leverancier* onderaannemer*",
    "transfers": "doorgift* derde-landen modelcontractbepaling* adequaatheid* eer",
    "retention": "bewaar* bewar* bewaartermijn* verwijder* wissen gewist* opslag opslaan archiv* anonim*",
    "security": "beveilig* versleutel* wachtwoord* vertrouwelijk* datalek* toegang",
    "cookies_tracking": "cookie* tracking volgen pixel* baken*",
    "rights_choices": """recht rechten bezwaar toestemming* rectific* inzage overdraagbaarheid intrek* klacht*
        keuze* afmeld* voorkeur* instelling* vragen""",
    "contact_channel": "contact* e-mail mail schrijf* adres telefoon* formulier* post",
    "controller_entity": """verwerkingsverantwoordelijke verantwoordelijke bv nv functionaris vertegenwoordiger*
        vennootschap* gevestigd*""",
    "children_age": "kind* minderjarig* leeftijd jaar ouder* voogd*",
    "user_obligations": """verbod* verboden verplicht* naleven nalev* toegestaan mag-niet mogen-niet
        verantwoordelijk* onrechtmatig* misbruik*""",
    "enforcement_termination": "beëindig* opschort* blokker* geblokkeerd* deactiver* uitsluit* opzeg*",
    "fees_refunds": """kosten prijs prijzen tarief tarieven betal* terugbetal* factur* abonnement* verleng*
        belasting* btw gratis euro""",
    "service_level": "beschikbaarheid onderhoud ondersteuning opslagruimte gb mb",
    "liability_warranty": "aansprakelijk* garantie* schade vrijwar* verlies nalatig*",
    "disputes_law": "rechter* rechtbank* toepasselijk-recht arbitrage geschil* bemiddeling",
    "intellectual_property": "licentie* auteursrecht* merk* octrooi* intellectuele-eigendom inbreuk*",
    "scope": "toepassing van-toepassing geldt gelden dienst* product* beschikbaar* land landen regio*",
    "notice_terms": """wijzig* kennisgev* inwerkingtreding treedt-in-werking treden-in-werking bericht* informer*
        ingangsdatum""",
}

CLASSES: dict[str, str] = {
    "may": "kan kunnen kunt mag mogen zou zouden optioneel mogelijk",
    "must": "moet moeten zal zullen zult dient dienen verplicht vereist",
    "negation": "niet geen nooit zonder noch behalve tenzij uitgezonderd",
    "quantifier": """alle elk elke ieder iedere alleen uitsluitend slechts minstens hoogstens sommige
        bepaalde andere""",
    "limit": "alleen uitsluitend slechts nooit",
    "exception": "tenzij behalve indien mits als uitzondering* voorwaarde*",
    "conjunction": "en of",
    "we": "wij we ons onze",
    "you": "u uw jij je jou jouw gebruiker* klant* abonnee*",
    "party": """partner* derde* medewerker* leverancier* dochter* verkoper* autoriteit* ouders
        dienstverlener*""",
    "unit": """seconde* minuut minuten uur uren dag dagen week weken maand maanden jaar jaren procent
        euro gb mb werkdagen""",
    "month": "januari februari maart april mei juni juli augustus september oktober november december",
    "date_line": "bijgewerkt laatst versie datum gewijzigd per herzien van op",
    "stamp_line": "bijgewerkt laatst versie datum gewijzigd herzien",
    "pointer": "zie meer-informatie klik hier lees-meer",
    "transitional": "vorige-versie eerdere-versie tot-die-tijd",
    "upcoming": "met-ingang vanaf aanstaand*",
    "example": "bijvoorbeeld zoals inclusief waaronder bijv",
    "summary": "samenvatting kortom overzicht",
    "values": "geloven waarden belangrijk",
    "support": "ondersteuning hulp helpdesk pers",
    "instrument": "overeenkomst* beleid voorwaarden contract* verklaring* licentie*",
    "duty_verb": """verzamelen gebruiken delen bewaren verwijderen verstrekken verkopen verwerken
        doorgeven betalen terugbetalen opschorten beëindigen publiceren vragen antwoorden
        bewaard verwerkt factureren""",
    "hedge": "gewoonlijk doorgaans meestal vaak soms onmiddellijk onverwijld redelijk* voornamelijk wezenlijk*",
    "binding": """akkoord instemt instemmen geldt gelden toepassing onderworpen gebonden bindend overeenkomstig
        integraal naleven""",
    "authority": "toezichthouder* autoriteit-persoonsgegevens ombudsman toezichthoudende-autoriteit",
    "deadline": "tot uiterlijk vóór voor na termijn* verloopt vervalt",
    "renaming": "hernoemd voorheen nieuwe-naam naamswijziging heet-nu",
    "announcement": "treedt-in-werking treden-in-werking we-werken-bij",
    "language": LANGUAGES,
    "law": "avg wet verordening richtlijn artikel",
}

SYNONYMS: tuple[str, ...] = (
    "gebruiken benutten",
    "gegevens informatie",
    "e-mail mail",
    "wij we",
    "jij je",
)

FUNCTION_WORDS = """de het een en in op aan van voor met bij uit naar over onder door om te tot als ook zo
    dat die dit deze er is zijn was waren wordt worden zich hier daar hierbij daarbij
    daarvoor dan"""

PLACES = """nederland duitsland oostenrijk zwitserland italië spanje frankrijk belgië ierland
    polen india china japan brazilië canada vs europa europese eer koninkrijk rusland
    turkije oekraïne singapore australië suriname luxemburg"""

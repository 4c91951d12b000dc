"""Dutch: the words a lawyer looks for. `bewaar*` is a beginning of words; two or three words are a phrase."""

from __future__ import annotations

TOPICS: dict[str, str] = {
    "data_collection": """verzamel* locatie* gps biometrisch* identificatie* gezondheid* genetisch* geboortedatum
        contacten foto's stem camera microfoon metadata persoonsgegevens ip-adres* telefoonnummer*
        telefoon creditcard* wachtwoord logbestand*""",
    "purpose": """doel doeleinden personaliser* profiel* profiler* advert* reclame marketing analys* meten
        gemeten onderzoek verbeter* aanbevel* gerechtvaardigd* rechtsgrond* grondslag* campagne*""",
    "ai_training": "ai chatbot* trainen training kunstmatige-intelligentie algoritm* geautomatiseerd* taalmodel*",
    "sharing": """delen deelt gedeeld verstrek* openbaar* verkoop* verkopen ontvanger* derde derden partner*
        adverteerder* gelieerde* autoriteit* fusie* overname*""",
    "subprocessors": "verwerker* subverwerker* dienstverlener* leverancier* onderaannemer*",
    "transfers": "doorgifte* doorgeven derde-land* modelcontract* adequaat* internationaal* server* datacent* eer",
    "retention": """bewaar* bewaren bewaard opslaan opslag opgeslagen verwijder* wissen gewist anonimiser*
        archiver* vernietig*""",
    "security": "beveilig* veiligheid versleutel* wachtwoord* authenticat* vertrouwelijk* toegang* datalek* misbruik",
    "cookies_tracking": "cookie* pixel* tracker* volgen tracking do-not-track",
    "rights_choices": """recht rechten bezwaar* toestemming* intrekken rectific* overdraagbaar* afmeld* uitschrijv*
        keuze* kiezen voorkeur* instelling* klacht* inzage* verzoek*""",
    "contact_channel": "contact* e-mail email telefoon* fax post adres schrijven formulier*",
    "controller_entity": """verwerkingsverantwoordelijke* bv nv ltd vertegenwoordiger* functionaris-voor
        dochteronderneming* vestiging* gevestigd""",
    "children_age": "kind kinderen minderjarig* ouder* leeftijd jaar voogd*",
    "user_obligations": """verbod* verboden verplicht* naleven overtred* lastigvall* spam misbruik* toegestaan
        onrechtmatig*""",
    "enforcement_termination": "beëindig* opzeg* opschort* blokker* deactiver* verwijder* sluit* handhav* sancti*",
    "fees_refunds": """vergoeding* prijs prijzen betal* terugbetal* abonnement* verleng* belasting* btw kosten
        gratis factuur* facturer* tarief* tarieven eur usd""",
    "service_level": "beschikbaarheid storing* onderhoud ondersteuning reactietijd* bandbreedte gb mb",
    "liability_warranty": "aansprakelijk* garantie* schade* vrijwaar* nalatig* uitgesloten",
    "disputes_law": "toepasselijk-recht rechter rechtbank* arbitrage geschil* bemiddeling",
    "intellectual_property": "licentie* auteursrecht* merk* octrooi* eigendom intellectue*",
    "scope": "geldt gelden toepassing toepasselijk omvat product* dienst* website* landen regio*",
    "notice_terms": """wijzig* gewijzigd melden kennisgeving* meedelen inwerking* van-kracht bijgewerkt bijwerken
        prevaleert""",
}

CLASSES: dict[str, str] = {
    "may": "mag mogen kan kunnen kunt zou zouden mogelijk* toegestaan optioneel",
    "must": "moet moeten zal zullen dient dienen verplicht vereist noodzakelijk* nodig",
    "negation": "niet geen nooit noch zonder niemand niets verboden",
    "quantifier": """alle alles elk elke ieder iedere alleen uitsluitend slechts enkele bepaalde meer minder
        andere overige aanvullende extra maximaal minimaal beide tot""",
    "limit": "alleen uitsluitend slechts nooit",
    "exception": "tenzij behalve uitgezonderd uitzondering* mits indien als echter onverminderd tot",
    "conjunction": "en of alsmede en/of",
    "we": "wij we ons onze",
    "you": "u uw je jij jouw gebruiker gebruikers klant klanten lid leden",
    "party": """partner partners adverteerder adverteerders leverancier leveranciers agent agenten
        medewerker medewerkers bedrijf bedrijven verwerker verwerkers autoriteit autoriteiten ouders
        derde derden bezoeker bezoekers""",
    "unit": """seconde seconden minuut minuten uur dag dagen week weken maand maanden maandelijks jaar
        jaren jaarlijks procent eur euro usd gb mb werkdagen""",
    "month": "januari februari maart april mei juni juli augustus september oktober november december",
    "date_line": "bijgewerkt laatst gewijzigd versie datum ingangsdatum gepubliceerd",
    "stamp_line": "bijgewerkt laatst gewijzigd versie datum gepubliceerd",
    "pointer": "zie meer-informatie lees-meer hier klik hieronder hierboven",
    "transitional": "vorige-versie eerdere-versie we-hebben-bijgewerkt",
    "upcoming": "met-ingang-van vanaf",
    "example": "bijvoorbeeld zoals waaronder",
    "summary": "samenvatting kort-gezegd",
    "values": "geloven waarden belangrijk respect principes",
    "support": "hulp ondersteuning vragen pers suggesties",
    "instrument": "overeenkomst* beleid verklaring* voorwaarden bijlage* richtlijn*",
    "duty_verb": """verzamelen gebruiken delen verstrekken openbaren verwerken bewaren verwijderen doorgeven
        verkopen leveren verzenden ontvangen terugbetalen melden opschorten publiceren verzoeken
        betalen meten""",
    "law": "wet wetten verordening richtlijn avg artikel wetboek besluit",
}

SYNONYMS: tuple[str, ...] = (
    "gegevens informatie",
    "website site webpagina",
    "e-mail email",
    "gebruiken benutten",
    "ook tevens",
    "ontvangen krijgen",
    "beginnen starten",
    "als indien wanneer",
    "foto afbeelding",
)

FUNCTION_WORDS = """de het een van te in op aan bij met voor door als is zijn was waren er hier daar dat die dit
        deze wat wie welke waar hoe dan zo om uit naar over via per tot hun haar zich worden wordt"""

PLACES = """nederland duitsland frankrijk belgië europa ierland italië spanje portugal polen zwitserland
        oostenrijk canada india china japan singapore brazilië australië rusland denemarken zweden
        noorwegen finland griekenland turkije israël mexico eer eu californië"""

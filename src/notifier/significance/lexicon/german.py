"""German: the words a lawyer looks for. Word beginnings carry far, as words are joined and inflected."""

from __future__ import annotations

from notifier.significance.lexicon.languages import LANGUAGES

TOPICS: dict[str, str] = {
    "data_collection": """erheb* erfass* sammel* personenbezogen* standort* ip-adresse* nutzungsdaten
        gerätedaten kennung* biometrisch* gesundheit* protokoll* telefonnummer* geburtsdatum
        kontaktdaten bestandsdaten verbindungsdaten e-mail-adresse* anschrift* sensible*""",
    "purpose": """zweck* werb* profil* personalis* analys* marketing* statistik* interessenabwägung
        rechtsgrundlage* berechtigt* verbesser* messung*""",
    "ai_training": "ki künstlich* maschinell* trainier* training* sprachmodell* algorith* automatisiert*",
    "sharing": """weitergab* weitergeb* weitergegeb* geben-weiter teil* übermitt* offenleg* offengeleg*
        verkauf* verkäuf* dritte* empfänger* partner* werbepartner* behörd* konzern*""",
    "subprocessors": "auftragsverarbeit* unterauftrag* dienstleist* subunternehm* anbieter* zulieferer*",
    "transfers": """drittland* drittländer* drittstaat* standardvertragsklausel* angemessenheitsbeschluss*
        übertrag* ewr""",
    "retention": "speicher* aufbewahr* lösch* gelöscht* gespeichert* archiv* anonymis* pseudonym* aufheb*",
    "security": """sicherheit* verschlüssel* passwort* schutzmaßnahm* vertraulich* datenpanne* zugriff*
        unbefugt*""",
    "cookies_tracking": "cookie* tracking* zählpixel* pixel* wiedererkenn* endgerät*",
    "rights_choices": """recht rechte rechten widerspr* widerruf* widerrufen einwillig* auskunft* berichtig*
        beschwerde* übertragbarkeit opt-out abmeld* wahl* einstellung*""",
    "contact_channel": "kontakt* e-mail mail telefon* postanschrift schreib* formular* ansprechpartner* erreich*",
    "controller_entity": """verantwortlich* gmbh ag datenschutzbeauftragt* vertreter* sitz gesellschaft*
        vertragspartner*""",
    "children_age": "kind* minderjährig* alter jahre jährig* eltern* erziehungsberechtigt* jugendlich*",
    "user_obligations": """verpflicht* untersag* verboten* unzulässig* pflicht* darf-nicht dürfen-nicht verstoß*
        verstöß* einhalt* gestattet* erlaubt* missbrauch* rechtswidrig*""",
    "enforcement_termination": "kündig* sperr* gesperrt* aussetz* beend* deaktivier* ausschließ* entzieh*",
    "fees_refunds": """gebühr* preis* entgelt* zahl* erstatt* rückerstatt* rechnung* abonnement* verlänger*
        steuer* kosten* kostenlos* euro""",
    "service_level": "verfügbarkeit* wartung* kundendienst* speicherplatz* gigabyte megabyte leistungsumfang*",
    "liability_warranty": "haft* gewährleist* schaden* schäden* freistell* garantie* verschulden* fahrlässig*",
    "disputes_law": """gerichtsstand* recht-der schiedsverfahren* streit* gericht* klage*
        verbraucherschlichtung*""",
    "intellectual_property": "lizenz* urheber* marke* patent* nutzungsrecht* geistig* eigentum*",
    "scope": "gilt gelten geltungsbereich* betrifft umfasst dienst* produkt* verfügbar* länder* region*",
    "notice_terms": """änder* inkrafttret* tritt-in-kraft treten-in-kraft mitteil* benachrichtig* ankündig*
        wirksam*""",
}

CLASSES: dict[str, str] = {
    "may": "kann können könnte könnten darf dürfen möglicherweise berechtigt freiwillig",
    "must": "muss müssen soll sollen wird werden verpflichtet erforderlich zwingend hat-zu",
    "negation": "nicht kein keine keinen keiner keinem nie niemals ohne weder ausgenommen außer nur-wenn",
    "quantifier": """alle allen jeder jede jedes nur ausschließlich mindestens höchstens sämtliche einige
        bestimmte weitere""",
    "limit": "nur ausschließlich niemals",
    "exception": "sofern soweit falls wenn außer ausnahme* vorbehaltlich unbeschadet",
    "conjunction": "und oder",
    "we": "wir uns unser unsere unseren unserem unserer",
    "you": """sie ihr ihre ihren ihrem ihrer ihnen du dich dir dein deine deinen deinem deiner
        nutzer kunde kunden kundin""",
    "party": """partner* dritte* mitarbeiter* dienstleister* anbieter* unternehmen behörde* tochter*
        händler* eltern""",
    "unit": """sekunde* minute* stunde* tag tage tagen woche wochen monat monate monaten jahr jahre
        jahren prozent euro gb mb werktage werktagen""",
    "month": "januar februar märz april mai juni juli august september oktober november dezember",
    "date_line": "stand aktualisiert geändert gültig version datum zuletzt am vom",
    "stamp_line": "stand aktualisiert geändert version datum zuletzt",
    "pointer": "siehe weitere-informationen mehr-erfahren hier näheres",
    "transitional": "bisherige-fassung frühere-fassung vorherige-version bis-dahin",
    "upcoming": "ab-dem künftig tritt treten",
    "example": "beispielsweise etwa zum-beispiel z.b einschließlich wie",
    "summary": "zusammenfassung kurzfassung überblick kurz",
    "values": "überzeugt wichtig glauben werte",
    "support": "support hilfe kundendienst presse",
    "instrument": "vertrag* richtlinie* bedingungen agb erklärung* vereinbarung* lizenz*",
    "duty_verb": """erheben verwenden nutzen verarbeiten speichern löschen übermitteln teilen verkaufen
        weitergeben offenlegen verlangen kündigen sperren bezahlen zahlen erstatten
        veröffentlichen bewahren bitten antworten bewahrt speichert nutzt verwendet verkauft
        löscht""",
    "hedge": """grundsätzlich üblicherweise normalerweise regelmäßig oft manchmal unverzüglich umgehend
        angemessen* wesentlich* vorwiegend""",
    "binding": """zustimmen stimmen einverstanden gelten gilt unterliegen unterliegt gebunden verbindlich
        bestandteil einhalten akzeptieren gemäß""",
    "authority": """aufsichtsbehörde* datenschutzbehörde* datenschutzbeauftragte-des-landes bundesbeauftragte*
        landesbeauftragte* ombudsstelle*""",
    "deadline": "bis spätestens vor nach frist* ablauf",
    "renaming": "umbenannt umbenennung ehemals vormals heißt-jetzt neuer-name firmiert",
    "announcement": "wird-wirksam tritt-in-kraft treten-in-kraft wir-aktualisieren",
    "language": LANGUAGES,
    "law": "dsgvo gesetz* verordnung* richtlinie bdsg tmg ttdsg artikel",
}

SYNONYMS: tuple[str, ...] = (
    "beispielsweise etwa",
    "nutzen verwenden",
    "daten informationen",
    "website webseite internetseite",
)

FUNCTION_WORDS = """der die das den dem des ein eine einen einem einer eines und in im an am auf aus bei
    mit nach von vom zu zum zur für über unter um als auch so dass daß es ist sind war
    waren sich wie dies diese dieser dieses diesen hier dort bitte dabei damit dazu hierzu
    ferner sowie z.b bzw"""

PLACES = """deutschland österreich schweiz frankreich italien spanien niederlande belgien irland
    polen indien china japan brasilien kanada usa vereinigte europa europäische ewr
    großbritannien russland türkei ukraine singapur australien"""

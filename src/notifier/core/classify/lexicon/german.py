"""German: the words a lawyer looks for. `speicher*` is a beginning of words; two or three words are a phrase."""

from __future__ import annotations

TOPICS: dict[str, str] = {
    "data_collection": """erheb* erhob* erfass* sammel* sammeln gesammelt standort* gps biometri* kennung*
        benutzername* gesundheit* genetisch* geburtsdatum kontakte fotos stimme kamera mikrofon
        metadaten nutzungsdaten protokolldaten personenbezogene-daten ip-adresse* telefonnummer*
        telefon e-mail-adresse* kreditkart* zahlungskart* gerätedaten passwort""",
    "purpose": """zweck* personalisier* profil* werbung werbe* marketing analys* auswert* messen gemessen
        mess* forschung verbesser* empfehl* berechtigte-interess* rechtsgrundlage* kampagne*""",
    "ai_training": """ki chatbot* trainier* training künstliche-intelligenz maschinelle* algorithm*
        automatisierte* sprachmodell*""",
    "sharing": """weitergabe weitergeb* weitergegeben geben-weiter gibt-weiter teilen teilt geteilt offenleg*
        übermittel* verkauf* verkaufen empfänger* dritte dritten partner* werbepartner*
        werbetreibende* verbundene* behörde* zusammenschluss* fusion* übernahme*""",
    "subprocessors": "auftragsverarbeit* unterauftrag* dienstleister* anbieter* lieferant* subunternehm*",
    "transfers": """übermittlung drittland* drittländer* standardvertragsklausel* angemessenheit*
        grenzüberschreit* serverstandort* rechenzentr* ausland ewr""",
    "retention": """aufbewahr* speicher* gespeichert speicherdauer lösch* gelöscht behalten anonymisier*
        pseudonymisier* archiv* sicherungskop* vernicht*""",
    "security": """sicherheit* verschlüssel* passwort* schutzmaßnahm* zugriff* authentifizier* vertraulich*
        datenpanne* missbrauch""",
    "cookies_tracking": "cookie* pixel* tracking tracker* nachverfolg* fingerprint* do-not-track zählpixel*",
    "rights_choices": """recht rechte rechten widerspruch widersprechen widerruf* einwillig* zustimm* auskunft*
        berichtig* übertragbar* abmeld* abbestell* wahl wählen einstellung* beschwer*
        aufsichtsbehörde* verlangen einverständnis""",
    "contact_channel": "kontakt* e-mail email telefon* fax post anschrift adresse schreiben formular*",
    "controller_entity": """verantwortliche* gmbh ag kg ltd pte vertreter* datenschutzbeauftragte* tochtergesellschaft*
        gesellschaft sitz niederlassung*""",
    "children_age": "kind kinder kindern minderjährig* eltern alter jahre-alt jugendlich* sorgeberechtigt*",
    "user_obligations": """verboten verbot* untersag* verpflicht* pflicht* einhalten verstoß* verstöße belästig* spam
        missbrauch* erlaub* gestattet unzulässig* zulässig* dürfen-nicht""",
    "enforcement_termination": """kündig* kündigung* sperr* aussetz* beend* deaktivier* entfern* durchsetz* schließen
        schließung ausschluss""",
    "fees_refunds": """gebühr* preis* zahl* zahlung* bezahl* erstatt* rückerstatt* abonnement* abo* verlänger*
        steuer* mehrwertsteuer kosten kostenlos rechnung* kaufpreis* entgelt* eur usd""",
    "service_level": "verfügbarkeit ausfall* wartung* support* reaktionszeit* bandbreite* speicherplatz gb mb",
    "liability_warranty": "haft* gewähr* garantie* schaden* schäden freistell* fahrlässig* ausgeschlossen",
    "disputes_law": "recht-von gerichtsstand gericht* schieds* streit* schlichtung* klage* anwendbare* rechtswahl",
    "intellectual_property": "lizenz* urheber* marke* patent* eigentum* geistige* nutzungsrecht*",
    "scope": "gilt gelten geltung* anwendbar umfasst umfassen betrifft produkt* dienst* website* länder region*",
    "notice_terms": """änder* geändert mitteil* benachrichtig* ankündig* inkraft* in-kraft wirksam aktualisier*
        frist* vorrang""",
}

CLASSES: dict[str, str] = {
    "may": "darf dürfen kann können könnte könnten möglich* erlaubt berechtigt optional freiwillig",
    "must": "muss müssen soll sollen wird werden verpflichtet erforderlich zwingend hat-zu haben-zu notwendig",
    "negation": """nicht kein keine keinen keiner keinem keines nie niemals weder ohne niemand nichts
        ausgeschlossen verboten""",
    "quantifier": """alle allen aller jede jeder jedes nur ausschließlich einzig einige bestimmte höchstens
        mindestens mehr weniger sämtliche weitere weiteren andere anderen zusätzlich* beide bis-zu""",
    "limit": "nur ausschließlich lediglich einzig niemals",
    "exception": """außer sofern soweit falls wenn ausgenommen ausnahme* jedoch vorbehaltlich unbeschadet
        es-sei-denn bis""",
    "conjunction": "und oder sowie beziehungsweise",
    "we": "wir uns unser unsere unserer unserem unseren unseres",
    "you": """sie ihr ihre ihrer ihrem ihren ihres ihnen du dein deine nutzer nutzern kunde kunden kundin
        mitglied mitglieder""",
    "party": """partner partnern werbepartner werbepartnern anbieter händler agent agenten mitarbeiter
        unternehmen dienstleister auftragsverarbeiter behörde behörden eltern besucher besuchern
        dritte dritten""",
    "unit": """sekunde sekunden minute minuten stunde stunden tag tage tagen woche wochen monat monate
        monaten monatlich jahr jahre jahren jährlich prozent eur euro usd gb mb werktage werktagen""",
    "month": """januar jänner februar märz april mai juni juli august september oktober november dezember
        jan feb apr jun jul aug sep okt nov dez""",
    "date_line": "stand aktualisiert zuletzt geändert fassung gültig version datum vom",
    "stamp_line": "stand aktualisiert zuletzt geändert fassung version datum",
    "pointer": "siehe mehr-erfahren weitere-informationen hier unten oben finden einsehen klicken",
    "transitional": "vorherige-fassung frühere-fassung bisherige-fassung wir-haben-aktualisiert",
    "upcoming": "wirksam-ab gilt-ab ab-dem tritt-in-kraft",
    "example": "beispielsweise z.b zum-beispiel etwa wie einschließlich insbesondere",
    "summary": "zusammenfassung kurz-gesagt überblick kurzfassung",
    "values": "glauben werte wichtig respekt grundsätze selbstverständnis",
    "support": "hilfe support fragen rückmeldung presse anregungen",
    "instrument": "vereinbarung* vertrag* erklärung* richtlinie* bedingungen nutzungsbedingungen zusatz* agb",
    "duty_verb": """erheben nutzen teilen weitergeben offenlegen verarbeiten speichern löschen aufbewahren
        übermitteln verkaufen bereitstellen senden empfangen erstatten mitteilen kündigen sperren
        entfernen veröffentlichen verlangen prüfen überwachen zahlen haften messen geben""",
    "law": "gesetz gesetze gesetzes verordnung richtlinie dsgvo bdsg ttdsg tdddg artikel art paragraph",
}

SYNONYMS: tuple[str, ...] = (
    "daten informationen angaben",
    "website webseite seite internetseite",
    "e-mail email mail",
    "nutzen verwenden benutzen",
    "nutzung verwendung",
    "zudem außerdem ferner",
    "beispielsweise etwa",
    "bekommen erhalten",
    "beginnen starten",
    "falls wenn",
    "anmelden einloggen",
    "abmelden ausloggen",
    "foto bild",
    "und sowie",
)

FUNCTION_WORDS = """der die das den dem des ein eine einen einem einer eines zu im in am an auf bei von vom für
        mit als ist sind war waren sein es da dort hier und so auch dann dabei dazu damit davon wie
        wo was wer welche welcher welches dass ob aus nach über durch gemäß per unter bitte zum zur
        um sich diese dieser dieses diesem diesen"""

PLACES = """deutschland österreich schweiz europa usa frankreich irland niederlande belgien italien
        spanien polen großbritannien kanada indien china japan singapur brasilien australien
        russland dänemark schweden norwegen finnland portugal tschechien ungarn rumänien
        griechenland luxemburg türkei israel mexiko ewr eu kalifornien"""

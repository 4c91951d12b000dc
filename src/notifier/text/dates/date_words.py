"""The words of date lines, by language: what says that a date is the posted one, or the effective one, or neither.

A word missing here makes a date line invisible. Patterns in lower case; a space stands for any white space.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple


class DateWords(NamedTuple):
    """What date lines of one language say. Earlier ones win where two match at one place."""

    updated: str
    """The text changed on that day: its posted date."""
    effective: str
    """The text binds from that day on."""
    reviewed: str = ""
    """Somebody looked at it: its posted date where no line says more."""
    dated: str = ""
    """Of this version: its posted date where no line says more."""
    other: str = ""
    """Of something else, such as the first version: never touched."""
    label: str = ""
    """How a new line begins."""


WORDS = {
    "en": DateWords(
        updated=(
            r"(?:last|latest|most recent(?:ly)?)(?: date)? (?:updated?|revised|revision|modified|modification|changed?"
            r"|amended|amendment|edited)"
            r"|(?:date )?(?:last )?(?:updated|revised|modified|amended|edited)"
            r"|date of (?:the )?(?:last |latest )?(?:update|revision|change|modification)|(?:revision|update) date"
            r"|rev\.?|revision|current as of"
        ),
        effective=(
            r"effective(?: date| as of| from| on| since)*|date effective"
            r"|(?:comes? |came |enters? |entered |takes? )?in(?:to)? (?:force|effect)|takes effect"
            r"|(?:valid|applicable|appl(?:y|ies)|binding) (?:from|as of|since|on)|valid|start date|commencement date"
        ),
        reviewed=r"(?:last|date) reviewed|reviewed",
        dated=r"published|posted|dated|issued|release date|released|version date|version|as of|date",
        other=(
            r"(?:first|originally|initially) (?:published|posted|issued|adopted|written|created)|created(?: on)?"
            r"|adopted|approved|signed|next review(?: date)?|expires|copyright"
        ),
        label="Last updated: ",
    ),
    "de": DateWords(
        updated=(
            r"(?:zuletzt|letztmals) (?:aktualisiert|geändert|überarbeitet|bearbeitet|angepasst)"
            r"|(?:datum der )?letzte[ns]? (?:update|aktualisierung|änderung|überarbeitung|anpassung|stand)"
            r"|letzter stand"
            r"|aktualisiert|geändert|überarbeitet|stand"
        ),
        effective=(
            r"gültig(?: ab| seit)?|(?:tritt|treten|getreten)?(?: am)?in kraft(?: seit| ab)?|wirksam(?: ab)?"
            r"|gilt(?: ab)?|gelten(?: ab)?|inkrafttreten|geltungsbeginn"
        ),
        reviewed=r"(?:zuletzt )?geprüft",
        dated=r"veröffentlicht|datum|(?:in der )?fassung|version",
        other=r"erstmals veröffentlicht|erstellt|beschlossen|verabschiedet",
        label="Zuletzt aktualisiert: ",
    ),
    "fr": DateWords(
        updated=(
            r"(?:date de )?(?:la )?derni[èe]re (?:mise à jour|modification|révision|actualisation)|mise? à jour"
            r"|maj|modifiée?s?|révisée?s?|actualisée?s?"
        ),
        effective=(
            r"(?:date d[’'])?(?:entrée )?en vigueur(?: depuis| à compter)?|date d[’']effet|applicables?"
            r"|prend effet|valable"
        ),
        reviewed=r"relue?",
        dated=r"publiée?|date|version",
        other=r"première (?:publication|version)|créée?|adoptée?|signée?",
        label="Dernière mise à jour : ",
    ),
    "es": DateWords(
        updated=(
            r"(?:fecha de )?(?:la )?[úu]ltima (?:actualizaci[óo]n|modificaci[óo]n|revisi[óo]n)|actualizad[oa]s?"
            r"|modificad[oa]s?|fecha de (?:actualizaci[óo]n|revisi[óo]n)"
        ),
        effective=(
            r"(?:fecha de )?(?:entrada )?en vigor|vigentes?(?: a partir| desde)?|(?:fecha de )?vigencia"
            r"|efectiv[oa]s?|v[áa]lid[oa]s?"
        ),
        reviewed=r"revisad[oa]s?",
        dated=r"publicad[oa]|fecha|versi[óo]n",
        other=r"primera (?:publicación|versión)|cread[oa]|aprobad[oa]",
        label="Última actualización: ",
    ),
    "nl": DateWords(
        updated=(
            r"(?:datum |voor het )?laatste? (?:bijgewerkt|gewijzigd|aangepast|herzien|update|wijziging|aanpassing"
            r"|herziening|versie)"
            r"|bijgewerkt|gewijzigd|aangepast|herzien"
        ),
        effective=(
            r"ingangsdatum|van kracht(?: sinds| vanaf)?|geldig|geldend|van toepassing(?: sinds| vanaf)?"
            r"|inwerkingtreding|in werking"
        ),
        reviewed=r"(?:laatst )?gecontroleerd",
        dated=r"gepubliceerd|datum|versie",
        other=r"eerst gepubliceerd|aangemaakt|vastgesteld",
        label="Laatst bijgewerkt: ",
    ),
    "it": DateWords(
        updated=(
            r"(?:data (?:di|dell[’'])\s?)?(?:l[’'])?ultim[oa] (?:aggiornamento|modifica|revisione)|aggiornat[oaie]"
            r"|modificat[oaie]|aggiornamento"
        ),
        effective=r"(?:entrata )?in vigore|decorrenza|valid[oaie]|efficac[ei]",
        dated=r"pubblicat[oa]|data|versione",
        other=r"prima (?:pubblicazione|versione)|creat[oa]",
        label="Ultimo aggiornamento: ",
    ),
    "pt": DateWords(
        updated=(
            r"(?:data d[ae] )?[úu]ltima (?:atualização|actualização|modificação|revisão|alteração)|atualizad[oa]s?"
            r"|alterad[oa]s?"
        ),
        effective=r"(?:entrada )?em vigor|vigência|vigentes?|válid[oa]s?",
        reviewed=r"revisad[oa]s?",
        dated=r"publicad[oa]|data|versão",
        other=r"primeira (?:publicação|versão)|criad[oa]",
        label="Última atualização: ",
    ),
    "pl": DateWords(
        updated=(
            r"(?:data )?ostatni(?:a|ej|o) (?:aktualizacja|aktualizacji|zmiana|zmiany|modyfikacja|zaktualizowano)"
            r"|zaktualizowan[oay]|aktualizacja|zmienion[oay]"
        ),
        effective=r"(?:wchodzi |obowiązuje )?w życie|obowiązuj(?:e|ą|ąc[aey])(?: od)?|data wejścia w życie",
        dated=r"opublikowano|data|wersja",
        label="Ostatnia aktualizacja: ",
    ),
    "sv": DateWords(
        updated=(
            r"sen(?:ast|aste) (?:uppdaterad|uppdaterat|uppdatering(?:en)?|ändrad|ändring(?:en)?|reviderad)"
            r"|uppdaterad|ändrad|reviderad"
        ),
        effective=r"gäller(?: från(?: och med)?)?|(?:träder )?i kraft|giltig(?: från)?",
        dated=r"publicerad|datum|version(?: (?:av|från))?(?: den)?",
        label="Senast uppdaterad: ",
    ),
    "da": DateWords(
        updated=(
            r"(?:sidst|senest) (?:opdateret|ændret|revideret)|sidste? (?:opdatering|ændring)|opdateret|ændret"
            r"|revideret"
        ),
        effective=r"gæld(?:er|ende)(?: fra(?: og med)?)?(?: d\.)?|(?:træder )?i kraft|gyldig(?: fra)?",
        dated=r"offentliggjort|dato|version(?: (?:af|fra))?(?: den)?",
        label="Sidst opdateret: ",
    ),
    "nb": DateWords(
        updated=(
            r"(?:sist|senest) (?:oppdatert|endret|revidert)|siste (?:oppdatering|endring)|oppdatert|endret"
            r"|revidert"
        ),
        effective=r"gjeld(?:er|ende)(?: fra(?: og med)?)?|(?:trer )?i kraft|gyldig(?: fra)?",
        dated=r"publisert|dato|versjon(?: (?:av|fra))?(?: den)?",
        label="Sist oppdatert: ",
    ),
    "fi": DateWords(
        updated=(
            r"(?:viimeksi |päivitetty |muutettu )*(?:päivitetty|muutettu|muokattu|viimeksi)|viimeisin päivitys"
            r"|päivitys(?:päivä)?"
        ),
        effective=r"voimassa(?: alkaen)?|(?:tulee )?voimaan",
        dated=r"julkaistu|päiväys|versio",
        label="Päivitetty viimeksi: ",
    ),
    "cs": DateWords(
        updated=(
            r"(?:datum )?posledn(?:í|ě) (?:aktualizac[eí]|změn[ay]|úprav[ay]|aktualizováno)|aktualizováno"
            r"|aktualizace|změněno"
        ),
        effective=r"účinn(?:ost|é|ý|á)(?: od| ode dne)?|platn(?:ost|é|ý|á)(?: od)?|v platnosti",
        dated=r"zveřejněno|datum|verze",
        label="Poslední aktualizace: ",
    ),
    "ru": DateWords(
        updated=(
            r"(?:дата )?последне(?:е|го) (?:обновлени[ея]|изменени[ея])|последняя редакция|обновлен[оаы]?"
            r"|изменен[оаы]?|редакция от"
        ),
        effective=r"(?:вступает |вступила |вступило )?в силу|действует(?: с)?|дата вступления в силу",
        dated=r"опубликован[оа]?|дата|версия|редакция",
        label="Последнее обновление: ",
    ),
    "uk": DateWords(
        updated=r"(?:дата )?останн(?:є|ього) (?:оновлення|змін[ие]?)|оновлен[оаі]|змінен[оаі]",
        effective=r"(?:набуває |набирає )?чинності|діє(?: з)?",
        dated=r"опубліковано|дата|версія|редакція",
        label="Останнє оновлення: ",
    ),
    "tr": DateWords(
        updated=(
            r"son (?:güncelleme|güncellenme|değişiklik)(?: tarihi)?|güncelleme(?: tarihi)?|güncellendi"
            r"|güncellenmiştir"
        ),
        effective=r"yürürlük(?: tarihi)?|yürürlüğe|geçerlilik(?: tarihi)?",
        dated=r"yayın(?: tarihi)?|tarih|sürüm",
        label="Son güncelleme: ",
    ),
    "el": DateWords(
        updated=(r"(?:ημερομηνία )?τελευταία[ςσ]? (?:ενημέρωση[ςσ]?|τροποποίηση[ςσ]?)|ενημερώθηκε|τροποποιήθηκε"),
        effective=r"(?:σε |έναρξη )?ισχύ(?:ει|ος|ς)?(?: από)?",
        dated=r"δημοσιεύθηκε|ημερομηνία|έκδοση",
        label="Τελευταία ενημέρωση: ",
    ),
    "hu": DateWords(
        updated=(r"utolsó (?:frissítés|módosítás)(?: dátuma)?|utoljára (?:frissítve|módosítva)|frissítve|módosítva"),
        effective=r"hatályos|hatályba lépés|érvényes",
        dated=r"közzétéve|dátum|verzió",
        label="Utolsó frissítés: ",
    ),
    "ar": DateWords(
        updated=r"آخر تحديث|تاريخ (?:آخر )?(?:التحديث|تحديث)|تم (?:ال)?تحديث(?:ها|ه)?",
        effective=r"(?:تاريخ )?(?:السريان|النفاذ)|ساري(?:ة)? من",
        dated=r"نُشر|التاريخ|تاريخ|الإصدار",
        label="آخر تحديث: ",
    ),
}

EAST_ASIAN = DateWords(
    updated=(
        r"(?:最終|最后|最後|最近)?(?:更新|修[订訂]|修改|改[訂定]|変更|改正)(?:于|於|日期|时间|時間|年月日|日)?|최종\s?(?:수정|개정|업데이트)\s?(?:일자|일)?"
        r"|(?:개정|수정|변경)\s?(?:일자|일)|업데이트"
    ),
    effective=r"(?:生效|施行|発効|实施|適用開始)(?:于|於|日期|时间|時間|年月日|日)?|(?:시행|적용|발효)\s?(?:일자|일)?",
    dated=r"(?:公布|发布|發布|発行|公開)(?:日期|日)?|(?:공고|게시)\s?(?:일자|일)|版本|バージョン",
    other=r"制定(?:日期|日)?|策定日|제정\s?(?:일자|일)",
)
"""Read in every language, since figures need no names of months."""
EAST_ASIAN_LABELS = {"ja": "最終更新日：", "zh": "最后更新日期：", "ko": "최종 수정일: "}

_DOCUMENT = """
    policy policies privacy terms conditions service services use document notice statement agreement page
    website site version date cookie cookies rules guidelines addendum annex title status it they and last most
    recently terms-of-use datenschutzerklärung datenschutz nutzungsbedingungen bedingungen agb erklärung
    dokument seite richtlinie ordnung satzung fassung datenschutzhinweise hinweise allgemeine geschäftsbedingungen
    politique confidentialité générales charte utilisation vente présente présent présentes política privacidad
    términos condiciones aviso documento uso privacybeleid beleid voorwaarden verklaring privacyverklaring algemene dit
    versión versione versão versie informativa termini condizioni termos polityka prywatności regulamin
"""
_SMALL = """
    on at as of from in starting since the is are was were has have been be being and this these our we it by
    date time am vom vor ab den seit zum per dem der die das des datum wurde wurden ist sind diese dieser dieses
    unsere im und le la les du de depuis a été ont est sont ce cette ces notre nos compter partir à au aux dans
    en et el los las del desde ha sido fue fueron es son este esta estos estas nuestra y op van vanaf zijn werd
    deze dit onze het sinds il al alla dal dalla di data em da do dia o foi od dnia z från fra ze dne с от з від من في
"""
ALLOWED = frozenset((_DOCUMENT + _SMALL).split())
"""Words that may stand in a date line beside its keyword: whatever says more is a sentence, and its date is text."""


class Keywords(NamedTuple):
    """What a language's date lines are found by; groups: `updated`, `effective`, `other`, `reviewed`, `dated`.

    Those of East Asian words, which no space parts, end in `_`.
    """

    pattern: re.Pattern[str]
    label: str
    """How a new line begins; empty where nobody knows."""


@cache
def keywords(language: str) -> Keywords:
    """Of this language and of English, whose lines many sites keep in every language; of all where it is not known."""
    code = re.split(r"[-_]", language.lower())[0]
    code = "nb" if code in ("no", "nn") else code
    own = WORDS.get(code)
    tables = [own, WORDS["en"]] if own and code != "en" else [own] if own else list(WORDS.values())
    label = own.label if own else EAST_ASIAN_LABELS.get(code, "")
    names = ("other", "updated", "effective", "reviewed", "dated")
    spaced, unspaced = [], []
    for name in names:
        words = "|".join(getattr(table, name) for table in tables if getattr(table, name)).replace(" ", r"[\s\x00]+")
        spaced.append(rf"(?P<{name}>{words or '(?!)'})")
        unspaced.append(rf"(?P<{name}_>{getattr(EAST_ASIAN, name) or '(?!)'})")
    pattern = rf"(?<![^\W_])(?:{'|'.join(spaced)})(?![^\W_])|(?=[\u3000-\ud7ff])(?:{'|'.join(unspaced)})"
    return Keywords(re.compile(pattern), label)

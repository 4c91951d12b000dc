"""Numbers and units as the four languages write them: only those that the sentences have."""

from __future__ import annotations

WORDS = {
    "en": {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten",
           12: "twelve", 14: "fourteen", 15: "fifteen", 18: "eighteen", 20: "twenty", 21: "twenty-one",
           24: "twenty-four", 28: "twenty-eight", 30: "thirty", 36: "thirty-six", 40: "forty", 45: "forty-five",
           48: "forty-eight", 60: "sixty", 72: "seventy-two", 90: "ninety"},
    "de": {2: "zwei", 3: "drei", 4: "vier", 5: "fünf", 6: "sechs", 7: "sieben", 8: "acht", 9: "neun", 10: "zehn",
           12: "zwölf", 14: "vierzehn", 15: "fünfzehn", 18: "achtzehn", 20: "zwanzig", 21: "einundzwanzig",
           24: "vierundzwanzig", 28: "achtundzwanzig", 30: "dreißig", 36: "sechsunddreißig", 40: "vierzig",
           45: "fünfundvierzig", 48: "achtundvierzig", 60: "sechzig", 72: "zweiundsiebzig", 90: "neunzig"},
    "fr": {2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six", 7: "sept", 8: "huit", 9: "neuf", 10: "dix",
           12: "douze", 14: "quatorze", 15: "quinze", 18: "dix-huit", 20: "vingt", 21: "vingt et un",
           24: "vingt-quatre", 28: "vingt-huit", 30: "trente", 36: "trente-six", 40: "quarante",
           45: "quarante-cinq", 48: "quarante-huit", 60: "soixante", 72: "soixante-douze", 90: "quatre-vingt-dix"},
    "es": {2: "dos", 3: "tres", 4: "cuatro", 5: "cinco", 6: "seis", 7: "siete", 8: "ocho", 9: "nueve", 10: "diez",
           12: "doce", 14: "catorce", 15: "quince", 18: "dieciocho", 20: "veinte", 21: "veintiún",
           24: "veinticuatro", 28: "veintiocho", 30: "treinta", 36: "treinta y seis", 40: "cuarenta",
           45: "cuarenta y cinco", 48: "cuarenta y ocho", 60: "sesenta", 72: "setenta y dos", 90: "noventa"},
}  # fmt: skip
VALUES = {language: {word: number for number, word in words.items()} for language, words in WORDS.items()}

LARGER_UNIT = {
    "en": {"hours": "days", "days": "weeks", "weeks": "months", "months": "years", "minutes": "hours"},
    "de": {"Tagen": "Wochen", "Tage": "Wochen", "Monaten": "Jahren", "Monate": "Jahre", "Minuten": "Stunden"},
    "fr": {"heures": "semaines", "jours": "mois", "mois": "ans", "minutes": "heures"},
    "es": {"horas": "semanas", "días": "meses", "meses": "años", "minutos": "horas"},
}
"""The next unit that takes the same case and gender, so that the sentence stays one."""
WORKING_UNIT = {
    "en": {"days": "business days", "hours": "working hours"},
    "de": {"Tagen": "Werktagen", "Tage": "Werktage"},
    "fr": {"jours": "jours ouvrés"},
    "es": {"días": "días hábiles"},
}
MONTHS_AS_YEARS = {
    "en": ("months", "years"), "fr": ("mois", "ans"), "es": ("meses", "años"),
}  # fmt: skip
GERMAN_MONTHS_AS_YEARS = {"Monate": "Jahre", "Monaten": "Jahren"}

CHANGED = {
    1: 3, 2: 5, 3: 6, 4: 8, 5: 2, 6: 9, 7: 3, 8: 4, 9: 3, 10: 5, 12: 24, 14: 28, 15: 45, 18: 36, 20: 40, 21: 14, 24: 48,
    28: 14, 30: 90, 36: 60, 40: 60, 45: 15, 48: 72, 60: 30, 72: 48, 90: 45,
}  # fmt: skip
"""Another number that a lawyer may write in its place."""


def written(number: int, language: str) -> str | None:
    """A number in words, where the sentences have it."""
    return WORDS[language].get(number)

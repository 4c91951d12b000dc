"""Names of languages, each in its own and in English: a page that offers them is the same in any."""

from __future__ import annotations

LANGUAGES = """english deutsch german français francais french español espanol spanish italiano italian nederlands
    dutch polski polish português portugues portuguese русский russian türkçe turkish svenska swedish norsk dansk
    danish suomi finnish čeština czech magyar hungarian ελληνικά greek română romanian български hrvatski
    slovenčina slovenščina українська ukrainian 日本語 한국어 中文 العربية עברית ไทย bahasa català thai
    japanese korean chinese arabic tiếng indonesia"""

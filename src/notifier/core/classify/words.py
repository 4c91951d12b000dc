"""Text → words: Markdown, addresses of links and typography fall away, what a reader reads stays."""

from __future__ import annotations

import re
import unicodedata

MARKUP = re.compile(
    r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\s*\)|\]\[[^\]]*\]|<https?://[^>\s]*>|https?://[^\s<>()\]]+"
    r"|<!--.*?-->|</?[a-zA-Z][^<>]*>|\{[:#%][^{}]*\}|\{\{[^{}]*\}\}|&(?:[a-z]{2,8}|#\d{2,5});",
    re.DOTALL,
)
DECORATION = re.compile(r"\((?:opens in (?:a )?new (?:window|tab)|external(?: link)?)\)", re.IGNORECASE)
"""What a page adds to a link for screen readers."""
WORD = re.compile(
    r"[$€£¥§]|[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+"
    r"|\d+(?:[.,:/\-]\d+)*(?:T\d[\d:.]*Z?)?(?:[^\W\d_]{1,2}(?![^\W_]))?%?"
    r"|(?:[A-Z]\.)+[A-Z](?![^\W_])"
    r"|[^\W\d_][^\W_]*(?:['\-&/][^\W_]+|\.[^\W\dA-Z_][^\W_]*)*"
)
CONTRACTIONS = {"n't": ("not",), "'re": ("are",), "'ll": ("will",), "'ve": ("have",), "'d": ("would",)}
IRREGULAR = {"can't": ("can", "not"), "won't": ("will", "not"), "cannot": ("can", "not")}


def words_of(text: str) -> tuple[str, ...]:
    """The words of a stretch of source, as written, quotes straightened and contractions spelled out."""
    plain = MARKUP.sub(" ", unicodedata.normalize("NFC", text)).replace("’", "'").replace("\\", "")
    if "(" in plain:
        plain = DECORATION.sub(" ", plain)
    words: list[str] = []
    for word in WORD.findall(plain):
        words.extend(_spelled_out(word) if "'" in word or word == "cannot" else _split(word))
    return tuple(words)


def _spelled_out(word: str) -> tuple[str, ...]:
    lower = word.lower()
    if lower in IRREGULAR:
        return IRREGULAR[lower]
    for ending, spelled in CONTRACTIONS.items():
        if lower.endswith(ending):
            return (word[: -len(ending)], *spelled)
    return (word.removesuffix("'s"),)


def _split(word: str) -> tuple[str, ...]:
    """`he/she` are two words; `and/or`, numbers and addresses are one."""
    if "/" in word and "@" not in word and word.lower() != "and/or" and not word[0].isdigit():
        return tuple(part for part in word.split("/") if part)
    return (word,)

"""Words of a contributor that reach every customer by mail: a summary, a title, what customers can do.

Whoever gets a change merged writes them under the company's name. So they hold no address but the company's own, in
no spelling that a mail program or a reader could take for one; nothing that is not seen; and nothing that a template
or a mail provider fills in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from notifier.errors import Finding, FindingCode
from notifier.policy.revision import PolicyText

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Controls, turns of the direction of writing, and what has no width; joiners within words are some scripts' own."""
_FILLED_IN = re.compile(r"[{}]|<%|%>|\[%|%\]|(?<![\w-])-notifier_\w+-(?![\w-])|%\w+%|\*\|\w+\|\*")
_DOTS = re.compile(
    r"[\u3002\uff0e\uff61\u2024\ufe52\u0701\u0702\ua4f8]|\s?[\[(]\s?(?:\.|dot|punkt|point|punto)\s?[\])]\s?", re.I
)
"""What stands for the dot of a domain, for a browser or for a reader."""
_AT = re.compile(r"[\uff20\ufe6b]|\s?[\[(]\s?(?:@|at|ät)\s?[\])]\s?", re.I)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS = re.compile(
    rf"(?<![\w@.-])(?:(?P<scheme>[a-z][a-z\d+.-]{{1,20}}):(?://|(?=[^\s\d])))?(?P<user>[^\s@<>()\"',;:/]{{1,64}}@)?"
    rf"(?P<host>(?:{_LABEL}\.)+(?:[^\W\d_][\w-]*[^\W_])|\d{{1,3}}(?:\.\d{{1,3}}){{3}}|\[[\da-f:]+\])(?![\w@])",
    re.I,
)
_SCHEME = re.compile(
    r"(?<![\w.-])(?:[a-z][a-z\d+.-]{1,20}://|(?:mailto|tel|sms|javascript|data|skype|whatsapp):)\S+", re.I
)
ACTION_PLACEHOLDERS = ("{effective_on}",)
_ABBREVIATIONS = frozenset({"p.ej"})


def word_faults(words: str, hosts: Collection[str], *, filled_in: Collection[str] = ()) -> Iterator[str]:
    """What is wrong with such words. `hosts` are the company's own; `filled_in` are placeholders that are meant."""
    unseen = _UNSEEN.search(words)
    if unseen:
        yield f"holds U+{ord(unseen[0]):04X}, which nobody sees"
    braces = _FILLED_IN.search(_without(words, filled_in))
    if braces:
        yield f'holds "{braces[0]}", which a template or a mail provider would fill in'
    for address in dict.fromkeys(foreign_addresses(words, hosts)):
        yield f'holds the address "{address}", which is not one of the company; mail.link_hosts names those that are'


def foreign_addresses(words: str, hosts: Collection[str]) -> Iterator[str]:
    """Whatever a mail program or a reader could take for an address elsewhere: links, bare domains, mailboxes."""
    text = unicodedata.normalize("NFKC", _AT.sub("@", _DOTS.sub(".", words)))
    text = _UNSEEN.sub("", text).replace("\u200c", "").replace("\u200d", "")
    own = {host.casefold().rstrip(".") for host in hosts}
    for found in _ADDRESS.finditer(text):
        host = found["host"].casefold()
        if host not in _ABBREVIATIONS and not _is_own(host, own):
            yield found[0]
    for found in _SCHEME.finditer(text):
        if not _ADDRESS.match(text, found.start()):
            yield found[0]


def _is_own(host: str, own: Collection[str]) -> bool:
    """One of them, below one of them, or the domain that one of them lies in."""
    return any(host == one or host.endswith(f".{one}") or one.endswith(f".{host}") for one in own)


def _without(words: str, filled_in: Collection[str]) -> str:
    for placeholder in filled_in:
        words = words.replace(placeholder, "")
    return words


def public_word_findings(text: PolicyText, hosts: Collection[str]) -> list[Finding]:
    """What is wrong with the title and the summary of a policy text."""
    found = []
    said = text.front_matter
    summaries = (said.summary or "", *said.summaries.values())
    for name, words in (("title", text.title), *(("summary", words) for words in summaries)):
        line = _line_of(text.text, name, words)
        for fault in word_faults(words, hosts):
            why = f"the {name} reaches every customer, and {fault}"
            found.append(Finding(FindingCode.PUBLIC_WORDS, text.path, line, why, "write it without"))
    return found


def action_findings(action: Mapping[str, str], hosts: Collection[str], path: str) -> list[Finding]:
    """What is wrong with `notice.action` of the config at `path`: what customers can do, by language."""
    return [
        Finding(FindingCode.PUBLIC_WORDS, path, 0, f"notice.action reaches every customer, and {fault}", "change it")
        for words in action.values()
        for fault in word_faults(words, hosts, filled_in=ACTION_PLACEHOLDERS)
    ]


def _line_of(text: str, name: str, words: str) -> int:
    """Where they stand: behind their key, else where their first words are."""
    first = words.split("\n")[0].strip()[:40]
    at = re.search(rf"^[ \t]*[\"']?{name}[\"']?[ \t]*[:=]", text, re.M)
    start = at.start() if at else max(text.find(first), 0) if first else 0
    return len(re.findall(r"\r\n|\n|\r", text[:start])) + 1

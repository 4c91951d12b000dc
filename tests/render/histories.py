"""A small site with everything a page has to show, for tests: three languages, a text that waits, a move, tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from notifier.policy.posting import Posted, Posting
from notifier.policy.revision import Commit, FrontMatter, PolicyText, Revision
from notifier.render.site.editions import PolicyHistory, Site
from notifier.significance import Significance

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TODAY = date(2026, 11, 24)

PRIVACY = """# Privacy Policy

Last updated: 3 March 2026

We are **Example Chat**. This policy says what we do with personal information.

## What we collect

We collect these:

- your name and email address
- what is said in a chat
- the kind of browser you use

### Cookies

| Name | Purpose | Lifetime |
|:-----|:--------|---------:|
| session | keeps you signed in | 1 day |
| choice | remembers your language | 1 year |

## Information sharing

We share personal information only with processors that work for us. They may use it for nothing else.
See [our terms](legal/terms.md) and [the list of processors](https://example.org/processors).

## Do Not Track

Browsers can send a signal that says you do not want to be followed from one site to the next. We honour it everywhere.

## How long we keep data

Chats are kept for 30 days after they end. After that they are deleted, together with everything that belongs to them.
"""
_KEPT_LONGER = PRIVACY.replace("30 days", "12 months").replace("3 March 2026", "1 June 2026")


def _moved(text: str) -> str:
    """Do Not Track before Information sharing."""
    start, sharing, track, rest = text.split("\n## ")[0:2], *text.split("\n## ")[2:5]
    return "\n## ".join([*start, track, sharing, rest])


_SHARED = (
    _moved(_KEPT_LONGER)
    .replace("for us. They", "for us and with advertising partners. They")
    .replace("| choice | remembers your language | 1 year |\n", "| ads | measures campaigns | 2 years |\n")
    .replace("- the kind of browser you use\n", "- the kind of browser you use\n- where you are\n")
    .replace("1 June 2026", "22 November 2026")
)
GERMAN = """# Datenschutzerklärung

Zuletzt aktualisiert: 3. März 2026

## Aufbewahrung

Chats werden 30 Tage nach ihrem Ende aufbewahrt.
"""
TERMS = "# Terms of Service\n\nLast updated: 3 March 2026\n\nBe kind to each other.\n"
HOSTILE = (
    """# Terms <script>alert(1)</script> of "Service"

Last updated: 3 March 2026

<script>document.title = "owned"</script>

<svg onload="document.title='owned'"><circle r="10"/></svg>

<div style="position:fixed;inset:0;background:red" class="gone" id="text">covered</div>

[click](javascript:document.title='owned') and ![picture](https://tracker.example/pixel.png) <img src=x onerror=1>

<a name="old-anchor"></a>## Not a heading

It has a note.[^1]

[^1]: Which says more than one word.

שלום עולם, זהו טקסט מימין לשמאל with English in it.

| """
    + " | ".join(f"column {n}" for n in range(30))
    + " |\n|"
    + "---|" * 30
    + "\n| "
    + " | ".join(["cell"] * 30)
    + """ |

"""
    + "\n".join(f"{'  ' * depth}- level {depth}" for depth in range(30))
    + "\n\n"
    + "x" * 400
    + "\n"
)


def posted(
    policy_id: str, day: date, texts: dict[str, str], *, effective: date | None = None, summary: str | None = None,
    is_significant: bool = False, is_adoption: bool = False, count: int = 1,
) -> Posted:  # fmt: skip
    tag = f"posted/{policy_id}/{day.isoformat()}" + (f".{count}" if count > 1 else "")
    posting = Posting(
        policy_id, "c" * 40, day, effective or day,
        Significance.SIGNIFICANT if is_significant else Significance.MINOR,
        tag, is_adoption, (), summary,
    )  # fmt: skip
    commit = Commit("c" * 40, datetime(2026, 1, 1, tzinfo=UTC), "Ed", "ed@chat.example", "ed@chat.example", "Say", "")
    shown = {
        language: PolicyText(
            f"policies/{policy_id}{'' if language == 'en' else '.' + language}.md", language, "b" * 40, text,
            FrontMatter(), text.partition("\n")[0].lstrip("# "),
        )
        for language, text in texts.items()
    }  # fmt: skip
    return Posted(posting, Revision(policy_id, "en", commit, shown))


def privacy() -> PolicyHistory:
    return PolicyHistory(
        "privacy",
        (
            posted("privacy", date(2026, 3, 3), {"en": PRIVACY, "de": GERMAN}, is_adoption=True),
            posted(
                "privacy", date(2026, 6, 1), {"en": _KEPT_LONGER, "de": GERMAN.replace("30 Tage", "12 Monate")},
                effective=date(2026, 7, 1), summary="We keep chats for 12 months instead of 30 days.",
                is_significant=True,
            ),
            posted(
                "privacy", date(2026, 11, 22), {"en": _SHARED, "de": GERMAN.replace("30 Tage", "12 Monate")},
                effective=date(2026, 12, 22), is_significant=True,
            ),
        ),
    )  # fmt: skip


def site(*more: PolicyHistory, today: date = TODAY, url: str = "https://chat.example/legal") -> Site:
    terms = PolicyHistory("legal/terms", (posted("legal/terms", date(2026, 3, 3), {"en": TERMS}, is_adoption=True),))
    return Site("Example Chat policies", url, today, "en", (privacy(), terms, *more))


PRICES = """# Preisverzeichnis

Stand: 3. März 2026

| Leistung | Giro | Plus | Premium | Jugend | Geschäft | Grundlage | Seit |
|:---------|-----:|-----:|--------:|-------:|---------:|:----------|:-----|
| Kontoführung im Monat, ohne Bedingungen | 4,90 € | 7,90 € | 14,90 € | 0 € | 12,00 € | § 675f BGB | 2024-01-01 |
| Überweisung auf Papier | 1,90 € | 1,50 € | 0 € | 1,90 € | 2,50 € | je Auftrag, mindestens 5,00 € | 2019-03-01 |

Die Rechtsschutzversicherungsgesellschaftsbeteiligungsankündigungsfrist beträgt 30 Tage.
"""
ARABIC = """# شروط الاستخدام

آخر تحديث: 3 مارس 2026

## الرسوم

الرسوم 20 درهمًا في الشهر.

| خدمة | رسوم |
|------|------|
| تحويل | 50 |
"""


def lived() -> tuple[PolicyHistory, ...]:
    """What came to an end, took another name, or was announced and taken back; a German one, and an Arabic one."""
    first, later, back = (date(2026, month, 3) for month in (3, 10, 11))
    was = posted("terms", first, {"en": TERMS}, is_adoption=True)
    told = posted("terms", later, {"en": TERMS.replace("kind", "brief")}, is_significant=True, effective=TODAY)
    kept = posted("terms", back, {"en": TERMS}, is_significant=True)
    kept = kept._replace(posting=kept.posting._replace(restores=was.posting.tag))
    dearer = PRICES.replace("4,90 €", "6,90 €").replace("2024-01-01", "2026-07-01")
    return (
        PolicyHistory("loyalty", (posted("loyalty", first, {"en": TERMS, "de": GERMAN}),), retired_on=later),
        PolicyHistory("use", (was, told, kept)),
        _led_by("de", "preise", {first: PRICES, back: dearer}),
        _led_by("ar", "shuroot", {first: ARABIC, back: ARABIC.replace("20", "30")}),
    )


def _led_by(language: str, policy_id: str, texts: dict[date, str]) -> PolicyHistory:
    """A policy in one language, which is not the site's."""
    found = [posted(policy_id, day, {language: text}, is_significant=True) for day, text in texts.items()]
    return PolicyHistory(
        policy_id, tuple(one._replace(revision=one.revision._replace(language=language)) for one in found)
    )


def hostile() -> PolicyHistory:
    return PolicyHistory(
        "hostile",
        (
            posted("hostile", date(2026, 3, 3), {"en": TERMS}, is_adoption=True),
            posted("hostile", date(2026, 9, 1), {"en": HOSTILE}),
            posted("hostile", date(2026, 9, 1), {"en": HOSTILE.replace("English", "Latin")}, count=2),
        ),
    )

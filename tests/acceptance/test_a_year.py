"""A year in the life of four policies in three languages: whatever became of them, every page and letter stays true."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote

import feedparser

from notifier import config as configs
from notifier.bootstrap import installation, locked
from notifier.usecases.run import RunReport, run
from tests.acceptance.stage import CONFIG, ROSTER, Stage
from tests.acceptance.test_taken_back import page
from tests.render.crawler import broken_links, published_in

URL = "https://chat.example/legal/"
PRIVACY = {
    "en": "# Privacy Policy\n\n*Last updated: 5 January 2026*\n\n## Retention\n\nWe keep chats for 30 days.\n\n"
    "## Sharing\n\nWe share data with processors only.\n",
    "de": "# Datenschutzerklärung\n\n*Stand: 5. Januar 2026*\n\n## Speicherung\n\nWir speichern Chats 30 Tage lang.\n\n"
    "## Weitergabe\n\nWir geben Daten nur an Auftragsverarbeiter weiter.\n",
    "fr": "# Politique de confidentialité\n\n*Dernière mise à jour : 5 janvier 2026*\n\n## Conservation\n\n"
    "Nous conservons les conversations 30 jours.\n\n## Partage\n\nNous partageons des données avec nos prestataires.\n",
}
IN_FORCE = {
    "privacy": (("2026-01-05", "30 days"), ("2026-04-01", "12 months"), ("2026-04-08", "advertising partners")),
    "cookies": (("2026-01-05", "one cookie"),),
    "terms": (("2026-01-05", "at least 16"), ("2026-10-01", "at least 18")),
    "dpa": (("2026-01-05", "We process for you"),),
}
"""What each policy said from which day on, as a lawyer would write it down by hand."""
TRANSLATED = {
    "de/privacy": (("2026-01-05", "30 Tage"), ("2026-04-01", "12 Monate"), ("2026-05-05", "Werbepartner")),
    "fr/privacy": (("2026-01-05", "30 jours"), ("2026-04-01", "12 mois")),
}
"""And each translation of one: French lacks what came in April to this day."""
ANNOUNCED = [
    "Changes to our Privacy Policy from 1 April 2026",
    "Changes to our Privacy Policy from 8 April 2026",
    "Changes to our Cookies from 15 April 2026",
    "Cookies: the change announced on 16 March 2026 will not take effect",
    "Changes to our Terms from 1 October 2026",
]
"""What a reader of English was told, in this order."""


KEPT_LONGER = (
    ("privacy.md", "30 days", "12 months"),
    ("privacy.de.md", "30 Tage", "12 Monate"),
    ("privacy.fr.md", "30 jours", "12 mois"),
)


@dataclass
class Year:
    """The installation, and all that it ever gave out."""

    stage: Stage
    given_out: set[str] = field(default_factory=set)

    def passes(self, day: str) -> RunReport:
        """One run at nine in the morning of that day; what it made is looked at as its readers would."""
        config = configs.load(self.stage.root / "config.toml")
        now = datetime.fromisoformat(f"{day}T09:00:00+00:00")
        with locked(config), installation(config, now=lambda: now) as parts:
            report = run(parts)
        site = self.stage.root / "site"
        self.given_out |= {path.relative_to(site).as_posix() for path in site.rglob("*") if _is_given_out(path)}
        self._holds_on(date.fromisoformat(day))
        return report

    def _holds_on(self, today: date) -> None:
        for name, texts in {**IN_FORCE, **TRANSLATED}.items():
            folder = "legal/terms" if name == "terms" and (self.stage.root / "site/legal/terms").exists() else name
            shown = page(self.stage, folder)
            said = [words for day, words in texts if date.fromisoformat(day) <= today]
            unsaid = [words for day, words in texts if date.fromisoformat(day) > today]
            assert said[-1] in shown, (today, name)
            assert not any(words in shown for words in unsaid), (today, name)


def _is_given_out(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and "assets" not in path.parts


def begun(root: Path) -> Year:
    stage = Stage(root)
    root.mkdir()
    (root / "config.toml").write_text(CONFIG)
    stage.git("init", "-q", "-b", "main")
    for language, text in PRIVACY.items():
        stage.write("privacy.md" if language == "en" else f"privacy.{language}.md", text)
    rule = "Please read these terms with caer.\n\nYou may use it if you are at least 16 years old.\n"
    stage.write("terms.md", f"# Terms\n\nLast updated: January 5, 2026\n\n{rule}")
    stage.write("cookies.md", "# Cookies\n\nLast updated: January 5, 2026\n\nWe set one cookie.\n")
    stage.write("dpa.md", "# Data processing\n\nLast updated: January 5, 2026\n\nWe process for you.\n")
    stage.commit("Write down our policies")
    (root / "roster.csv").write_text(ROSTER)
    stage.notifier("customers", "import", "roster.csv")
    year = Year(stage)
    year.passes("2026-01-05")
    return year


def until_spring(year: Year) -> None:
    """A typo; a significant change in all languages; a second one on top of it that is not translated."""
    stage = year.stage
    stage.change("terms.md", "caer", "care")
    stage.commit("Mend a typo")
    [posted] = year.passes("2026-02-02").posted
    assert posted.significance == "minor"
    for name, before, after in KEPT_LONGER:
        stage.change(name, before, after)
    summary = "  en: We keep chats longer.\n  de: Wir speichern Chats länger.\n  fr: Nous conservons plus longtemps."
    stage.write("privacy.md", f"---\nsummary:\n{summary}\n---\n" + stage.text("privacy.md"))
    stage.commit("Keep chats longer", "Significance: significant")
    year.passes("2026-03-02")
    assert "Kurz gesagt: Wir speichern Chats länger." in stage.last_letter_to("bruno@mail.example")[1]
    assert "Nous conservons plus longtemps." in stage.last_letter_to("chloe@mail.example")[1]
    stage.change("privacy.md", "with processors only", "with processors and advertising partners")
    stage.commit("Measure campaigns", "Significance: significant")
    year.passes("2026-03-09")
    _, text = stage.last_letter_to("ana@mail.example")
    assert "applies from 8 April 2026. Before that, from 1 April 2026, what we announced on 2 March" in text
    assert "fehlt sie noch" in page(stage, "de/privacy")
    assert "Stand: 2. März 2026" in stage.text("privacy.de.md")


def until_summer(year: Year) -> None:
    """A change announced and taken back; a rename; a translation that catches up."""
    stage = year.stage
    stage.change("cookies.md", "one cookie", "two hundred cookies for advertising")
    stage.commit("Set more cookies", "Significance: significant")
    year.passes("2026-03-16")
    assert stage.notifier("at", "cookies", "2026-03-17").code == 0
    stage.change("cookies.md", "two hundred cookies for advertising", "one cookie")
    stage.commit("Take it back")
    year.passes("2026-03-20")
    assert "will not take effect" in stage.last_letter_to("ana@mail.example")[0]
    stage.path("legal").mkdir()
    stage.git("mv", "policies/terms.md", "policies/legal/terms.md")
    stage.commit("Put the terms where they belong")
    year.passes("2026-04-20")
    stage.change("privacy.de.md", "nur an Auftragsverarbeiter", "an Auftragsverarbeiter und Werbepartner")
    stage.commit("Translate")
    year.passes("2026-05-04")
    stage.notifier("decide", "privacy", "minor", "--because", "the same in German", "--by", "Lena <lena@chat.example>")
    year.passes("2026-05-05")
    assert "fehlt sie noch" not in page(stage, "de/privacy")
    assert "manque encore" in page(stage, "fr/privacy")


def until_winter(year: Year) -> None:
    """A policy retired; a change to a policy under its new name."""
    stage = year.stage
    stage.write("dpa.md", "---\nretired: 2026-07-01\n---\n" + stage.text("dpa.md"))
    stage.commit("End the service")
    year.passes("2026-06-01")
    stage.notifier("decide", "dpa", "minor", "--because", "nobody uses it", "--by", "Lena <lena@chat.example>")
    stage.change("legal/terms.md", "at least 16", "at least 18")
    stage.commit("Raise the age", "Significance: significant")
    year.passes("2026-09-01")
    year.passes("2026-10-01")
    assert "has not applied since 1 July 2026" in page(stage, "dpa")


def test_after_a_year_every_address_answers_and_every_letter_was_right(tmp_path: Path) -> None:
    year = begun(tmp_path / "chat")
    until_spring(year)
    until_summer(year)
    until_winter(year)
    year.passes("2026-12-01")

    site, stage = year.stage.root / "site", year.stage
    assert {name for name in year.given_out if not (site / name).is_file()} == set()
    assert broken_links(published_in(site)) == []
    letters = [letter for letter in stage.messages() if "ana@" in str(letter["To"])]
    assert sorted(str(letter["Subject"]) for letter in letters) == sorted(ANNOUNCED)
    address = re.compile(r"https://chat\.example/legal/[^\s\"<]*")
    links = {link for letter in stage.messages() for link in address.findall(_html(letter))}
    assert len(links) > 8
    for link in links:
        assert (site / unquote(link.removeprefix(URL)) / "index.html").is_file(), link
    assert dict(stage.told()) == dict.fromkeys(("ana@mail.example", "bruno@mail.example", "chloe@mail.example"), 5)
    for name, texts in (("privacy", IN_FORCE["privacy"]), ("terms", IN_FORCE["terms"])):
        for day, words in texts:
            assert words in stage.notifier("at", name, day, "--text").out
    _every_day_has_its_text(site)
    _feeds_are_whole(site)


def _every_day_has_its_text(site: Path) -> None:
    """On each day of the year `index.json` names one text at most of each policy, and it is the one of that day."""
    told = json.loads((site / "index.json").read_text())["policies"]
    first, ended = date(2026, 1, 5), date(2026, 7, 1)
    for policy in (one for one in told if not one["is_translation"]):
        texts = IN_FORCE[policy["id"].rpartition("/")[2]]
        for day in (first + timedelta(days=n) for n in range(330)):
            bound = [one for one in policy["postings"] if _binds(one["in_force"], day.isoformat())]
            if policy["id"] == "dpa" and day >= ended:
                assert bound == []
                continue
            [one] = bound
            words = [words for since, words in texts if since <= day.isoformat()][-1]
            assert words in (site / one["text"]).read_text(), (policy["id"], day)


def _binds(days: dict[str, str | None] | None, day: str) -> bool:
    return days is not None and str(days["from"]) <= day <= (days["until"] or day)


def _html(letter: EmailMessage) -> str:
    body = letter.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def _feeds_are_whole(site: Path) -> None:
    """Every feed parses strictly, and all that it links to is there, as the crawler has seen."""
    atom = sorted(site.rglob("*.xml"))
    for path in atom:
        feed = feedparser.parse(path.read_bytes())
        assert not feed.bozo, path
        assert {"id", "title", "updated", "links"} <= feed.feed.keys()
        assert len({entry.id for entry in feed.entries}) == len(feed.entries)
        beside = json.loads(path.with_suffix(".json").read_text()) if path.name == "feed.xml" else None
        if beside:
            assert beside["version"] == "https://jsonfeed.org/version/1.1"
            assert [item["id"] for item in beside["items"]] == [entry.id for entry in feed.entries]
    assert len(atom) > 6

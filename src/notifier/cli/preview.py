"""`notifier preview`: what a revision would change, who would be told, and the message itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli import suggestions
from notifier.cli.consent_words import consent_line
from notifier.cli.frame import (
    config_option,
    json_option,
    load_config,
    note,
    say,
    say_json,
    terminal_width,
    wants_colour,
)

if TYPE_CHECKING:
    from datetime import date

    from notifier.cli.preview_found import Found
    from notifier.config import Config
    from notifier.policy.posting import Posting
    from notifier.usecases.comings import Coming
    from notifier.usecases.preview import Preview
    from notifier.usecases.preview_site import DraftSite

NO_POLICY = "no policy here yet: write one as Markdown, or notifier import FILE"
BY_GIT_ALONE = (
    "judged by git alone: the ledger is where Notifier runs, and it alone knows who is on the roster, what was said by "
    "notifier decide, and which notices were held or cancelled"
)
FORMATS = ("terminal", "markdown", "html", "json")


@click.command(name="preview")
@click.argument("policies", nargs=-1, metavar="[POLICY]...", shell_complete=suggestions.policies)
@click.option("--from", "from_", metavar="REV", help="Compare with this; default: the text customers know.")
@click.option("--to", metavar="REV", help="Preview this; default: the working tree.")
@click.option("--format", "shape", type=click.Choice(FORMATS), default="terminal", help="How to show it.")
@click.option("--side-by-side", is_flag=True, help="Two columns, from 120 columns on.")
@click.option("--all", "show_all", is_flag=True, help="Show links, markup and typography too.")
@click.option("--email", "as_email", is_flag=True, help="Show the message itself, in each language.")
@click.option("--language", metavar="CODE", help="Of the message: only this one.")
@click.option("--html", "html_file", type=click.Path(path_type=Path), help="Write the message's HTML part to a file.")
@click.option("--open", "is_opened", is_flag=True, help="Open it in a browser: the message's HTML part, or the site.")
@click.option("--site", "as_site", is_flag=True, help="Build the pages and letters as they would stand once posted.")
@click.option("--serve", "is_served", is_flag=True, help="Show them in a browser, anew at each save, until stopped.")
@config_option
@json_option
def command(
    policies: tuple[str, ...],
    from_: str | None,
    to: str | None,
    shape: str,
    side_by_side: bool,
    show_all: bool,
    as_email: bool,
    language: str | None,
    html_file: Path | None,
    is_opened: bool,
    as_site: bool,
    is_served: bool,
    config_path: Path | None,
    as_json: bool,
) -> int:
    """Show what POLICIES (all by default) would change, whether customers would be told, and why. Changes nothing."""
    from notifier.bootstrap import open_ledger, open_repository
    from notifier.cli.preview_found import find
    from notifier.cli.preview_letters import Asked, show_letters
    from notifier.shipped import templates_for
    from notifier.usecases.preview import preview

    config = load_config(config_path)
    templates = templates_for(config.root)
    if as_site or is_served:
        return _show_site(config, templates, is_served=is_served, is_opened=is_opened)
    with open_repository(config) as repository, open_ledger(config) as ledger:
        found = find(config, repository, ledger, policies, from_, to)
        for mistake in found.broken if found.previews else ():
            note(f"{mistake} (that policy waits)")
        if as_email or html_file or is_opened:
            is_whole = not policies or from_ is not None
            everything = found.previews if is_whole else preview(found.records, ledger, (), from_=from_, to=to)
            asked = Asked(policies, language, html_file, is_opened, as_json)
            return show_letters(config, ledger, templates, everything, asked)
    if as_json or shape == "json":
        shown = [one for one in found.previews if policies or not one.is_idle]
        say_json(_all_json(shown, found.fates, is_by_git=found.records.ledger is None))
    else:
        _tell(found, policies, shape, side_by_side=side_by_side, show_all=show_all)
    return 1 if found.broken else 0


def _tell(found: Found, policies: tuple[str, ...], shape: str, *, side_by_side: bool, show_all: bool) -> None:
    if found.previews or not found.are_any:
        _show_all(found.previews, policies, shape, side_by_side=side_by_side, show_all=show_all)
    _tell_fates(found.fates)
    if found.records.ledger is None:
        say(f"\n{BY_GIT_ALONE}")
    if found.lacks_published:
        say("\nthis checkout lacks what was pushed since: git pull, or all of that reads as if it were taken back")


def _all_json(previews: Iterable[Preview], fates: Sequence[Coming], *, is_by_git: bool) -> list[dict[str, object]]:
    named = {one.policy_id: one for one in fates}
    shown = [preview_json(one, named.get(one.policy_id)) for one in previews]
    return [*shown, *(gone_json(one, is_by_git=is_by_git) for one in fates if one.is_gone)]


def _tell_fates(fates: Iterable[Coming]) -> None:
    """Which policies came, went or took another name, and what is said of that."""
    for one in fates:
        say(f"\n{one.policy_id}: {one.says}" + (f"\n  {one.mend}" if one.mend else ""))


def preview_json(preview: Preview, fate: Coming | None = None) -> dict[str, object]:
    """One policy as `preview --json` prints it: `diff --json` with who, when and against what."""
    from notifier.render.redline.json import comparison_json

    posting, verdict, wait = preview.posting, preview.standing.verdict, preview.standing.wait
    return {
        "policy": preview.policy_id,
        "title": preview.title,
        "before": preview.before,
        "after": preview.after,
        **comparison_json(preview.comparison),
        "languages": {language: comparison_json(other) for language, other in preview.others.items()},
        "posted_as": posting.significance.value if posting else None,
        "posted_on": posting.posted_on if posting else None,
        "effective_on": posting.effective_on if posting else None,
        "consent": posting.consent.value if posting else None,
        "word": posting.word if posting else "",
        "ignored": [str(one) for one in verdict.word.ignored] if verdict else [],
        "waits": {"why": wait.why, "until": wait.until} if wait else None,
        "foreign": [str(one) for one in preview.foreign],
        "gone": [str(one) for one in preview.gone],
        "is_told": preview.is_told,
        "is_by_git": preview.is_by_git,
        "readers": dict(preview.readers),
        "state": preview.state,
        **_fate_json(fate),
    }


def gone_json(gone: Coming, *, is_by_git: bool) -> dict[str, object]:
    """The same of a policy whose file is gone: nothing is compared, and a person is asked."""
    from notifier import redline
    from notifier.render.redline.json import redline_json

    nothing = dict.fromkeys(("significance", "certainty", "posted_as", "posted_on", "effective_on", "consent"))
    return {
        "policy": gone.policy_id,
        "title": gone.policy_id,
        "before": "",
        "after": "",
        **nothing,
        "reasons": [],
        **redline_json(redline("", "")),
        "languages": {},
        "word": "",
        "ignored": [],
        "waits": {"why": gone.mend, "until": None} if gone.mend else None,
        "foreign": [],
        "gone": [],
        "is_told": False,
        "is_by_git": is_by_git,
        "readers": {},
        "state": "",
        **_fate_json(gone),
    }


def _fate_json(fate: Coming | None) -> dict[str, object]:
    return {"fate": fate.fate if fate else None, "says": fate.says if fate else "", "mend": fate.mend if fate else ""}


def _show_all(
    previews: Sequence[Preview], policies: Sequence[str], shape: str, *, side_by_side: bool, show_all: bool
) -> None:
    """What goes out, then what waits; what stands as posted in a line each, where nothing else is to be said."""
    if not previews:
        return say(NO_POLICY)
    moving = [one for one in previews if not one.is_idle]
    if not moving and not policies:
        say("nothing to post: every policy reads as posted")
        return say("\n".join(f"  {one.policy_id}: {one.state}" for one in previews))
    waiting = [one for one in moving if one.standing.wait]
    for one in (*(one for one in moving if one not in waiting), *waiting):
        if waiting and one is waiting[0] and len(moving) > len(waiting):
            say("\nwhat follows waits, and would not go out now:\n")
        _show(one, shape, side_by_side=side_by_side, show_all=show_all)
    for one in previews if policies else ():
        if one.is_idle:
            say(f"{one.policy_id} · {one.title}\n  reads as posted: {one.state}")
    return None


def _show(preview: Preview, shape: str, *, side_by_side: bool, show_all: bool) -> None:
    heading = f"{preview.policy_id} · {preview.title}"
    if shape == "markdown":
        from notifier.render.redline.pull_request import draw_markdown

        told, tasks = _told(preview), [*_unheard(preview), *map(str, (*preview.foreign, *preview.gone))]
        consent = _consent(preview)
        say(draw_markdown(preview.comparison, heading=preview.policy_id, told=told, dates=consent, tasks=tasks))
        others = (draw_markdown(one, heading=_heading(preview, language)) for language, one in preview.others.items())
        return say("\n".join(others)) if preview.others else None
    if shape == "html":
        from notifier.cli.diff import as_html

        say(as_html(preview.comparison, heading, _consent(preview)))
        others = (as_html(one, _heading(preview, language)) for language, one in preview.others.items())
        return say("\n".join(others)) if preview.others else None
    if preview.is_first:
        return say("\n  ".join(filter(None, (heading, _told(preview), _consent(preview)))))
    from notifier.render.redline.terminal import draw_comparison

    draw = partial(
        draw_comparison,
        width=terminal_width(),
        colour=wants_colour(),
        side_by_side=side_by_side,
        show_all=show_all,
    )
    right = f"{preview.after} against {preview.before}"
    told, dates = _told(preview), _dates(preview)
    shown = draw(preview.comparison, heading=heading, heading_right=right, told=told, dates=dates, word=preview.word)
    say(shown, coloured=True)
    for language, other in preview.others.items():
        say(f"\n{draw(other, heading=_heading(preview, language))}", coloured=True)
    if _consent(preview):
        say(f"\n{_consent(preview)}")
    for line in (*_unheard(preview), *map(str, (*preview.foreign, *preview.gone))):
        say(f"\n{line}")
    if preview.is_told and preview.lacks_summary:
        say('\nAdd a summary for the notice in the front matter:  summary: "…"')
    return None


def _heading(preview: Preview, language: str) -> str:
    """Of a language beside the one that decides."""
    return f"{preview.policy_id} ({language}) · {preview.title_in(language)}"


def _consent(preview: Preview) -> str:
    """What is asked of customers, and whose call that is; empty where nothing would be posted or asked."""
    posting, head = preview.posting, preview.standing.head
    if posting is None or head is None:
        return ""
    return consent_line(head, posting.consent, posting.significance, posting.reasons, withdraws=bool(posting.restores))


def _unheard(preview: Preview) -> list[str]:
    """Words on significance that do not count, claims among them: shown wherever the verdict is."""
    verdict = preview.standing.verdict
    return [str(one) for one in verdict.word.ignored] if verdict else []


def _told(preview: Preview) -> str:
    """What becomes of it, and who hears of it."""
    posting, wait = preview.posting, preview.standing.wait
    if preview.is_idle:
        return "reads as posted"
    if preview.is_first and posting:
        return f"the first run takes it as it stands, as posted {posting.posted_on}, and tells nobody"
    people = "customers are told" + ("" if preview.is_by_git else f": {sum(preview.readers.values()):,}")
    if wait and wait.until and wait.commits:
        asks = preview.standing.verdict.asks if preview.standing.verdict else ""
        until = f"waits for an editor's word, until {wait.until:%Y-%m-%d %H:%M %Z}; then {people}"
        return f"{asks}: {until}" if asks else until
    if wait:
        return f"waits: {wait.why}; then {people}" if preview.standing.must_tell else f"waits: {wait.why}"
    if posting and posting.restores:
        stays = posting.restores.rpartition("/")[2]
        then = f"{people}, that it does not come" if preview.standing.must_tell else "nobody was told, and nobody is"
        return f"takes back what was to come, the text of {stays} stays; {then}"
    if not preview.standing.must_tell and not preview.is_told:
        return f"posted without a notice{_word(preview)}"
    by_language = " · ".join(f"{language} {count:,}" for language, count in sorted(preview.readers.items()))
    count = "" if preview.is_by_git else f": {sum(preview.readers.values()):,}"
    people = f"customers will be told{count}{_word(preview)}"
    return f"{people} ({by_language})" if by_language else people


def _word(preview: Preview) -> str:
    """Whose word decided, where the verdict by itself was another."""
    return f"; {preview.posting.word}" if preview.posting and preview.posting.word else ""


def _dates(preview: Preview) -> str:
    """When it would be posted and bind: today, or once it no longer waits."""
    posting, wait = preview.posting, preview.standing.wait
    if posting is None:
        return ""
    earliest = max(wait.until.date(), posting.posted_on) if wait and wait.until else posting.posted_on
    binds = _binds(preview, posting, earliest)
    days = (binds - earliest).days
    notice = f" (notice of {days} days)" if preview.standing.must_tell and days and not posting.restores else ""
    if wait and wait.until:
        unless = "" if wait.reason == "date" else "unless somebody decides, "
        return f"{unless}posted {earliest} at the earliest: in force {binds}{notice}"
    if wait:
        return ""
    what = "it applies until" if preview.is_end else "in force"
    return f"if posted today, {posting.posted_on}: {what} {posting.effective_on}{notice}"


def _binds(preview: Preview, posting: Posting, earliest: date) -> date:
    """The day from which it binds when it is posted on `earliest`: a day that its editor asks for stays."""
    head = preview.standing.head
    if head and posting.effective_on == head.controlling.front_matter.effective:
        return max(posting.effective_on, earliest)
    return earliest + (posting.effective_on - posting.posted_on)


def _show_site(config: Config, templates: Path, *, is_served: bool, is_opened: bool) -> int:
    import webbrowser

    from notifier.bootstrap import open_ledger, open_repository, utc_now
    from notifier.usecases.preview import records_for_drafts
    from notifier.usecases.preview_site import build_draft_site

    def build() -> DraftSite:
        with open_repository(config) as repository, open_ledger(config) as ledger:
            return build_draft_site(records_for_drafts(config, repository, ledger, utc_now()), ledger, templates)

    if is_served:
        from notifier.web.draft_server import serve_drafts

        watched = (config.policies_dir, config.path, templates)
        serve_drafts(build, watched, tell=note, is_opened=is_opened)
        return 0
    site = build()
    say(f"{site.start}: the pages and letters as they would stand once this is posted")
    for line in site.says:
        say(f"  {line}")
    if is_opened and not webbrowser.open(site.start.absolute().as_uri()):
        note(f"no browser could be opened; open {site.start} yourself")
    return 0

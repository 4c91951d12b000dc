"""The posted pages as files: policies that changed are made anew, on every core; lists and feeds come last."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import replace
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from notifier import __version__, worker_process
from notifier.errors import Refused
from notifier.policy.drafts.page_names import name_faults
from notifier.render.site.context import SiteContext, addresses_of, context_for
from notifier.render.site.days import days_page
from notifier.render.site.editions import PolicyHistory, Site, languages
from notifier.render.site.lists.feeds import policy_feed_files
from notifier.render.site.lists.index_json import list_files
from notifier.render.site.moved import moved_files, moved_overviews
from notifier.render.site.output import Manifest, is_whole, make_folder, put, read_manifest, take_away, write_manifest
from notifier.render.site.page_addresses import file_of
from notifier.render.site.policy_pages import PolicyPages
from notifier.render.site.theme import theme_files
from notifier.shipped import template_files

OnProgress = Callable[[int, int], None]
_WORTH_A_POOL = 6
"""Policies to make; for fewer, starting other processes takes longer than the work."""
_ASSETS, _LISTS, _MOVED, _ORPHANS = "assets", "lists", "moved addresses", "orphaned pages"
_OURS = (_ASSETS, _LISTS, _MOVED)
"""Units whose files come and go with what they list."""


class Published(NamedTuple):
    """What a publication did, in files."""

    written: int
    kept: int
    removed: int
    policies: int
    """Policies whose pages were made anew."""
    left_out: Mapping[str, str] = {}
    """Policies that have no pages, since something else stands there, and what."""
    orphans: tuple[str, ...] = ()
    """Pages that were given out and that no posted text makes any more; they stay as they were."""

    @property
    def omissions(self) -> tuple[str, ...]:
        """The same, in lines for people."""
        taken = [f"{policy_id} has no pages: {why}; rename the policy" for policy_id, why in self.left_out.items()]
        return (*taken, *self._orphaned())

    def _orphaned(self) -> Iterator[str]:
        if self.orphans:
            count = f"{len(self.orphans):,} more" if self.orphans[1:] else "it"
            yield (
                f"{self.orphans[0]} was given out, and no text makes it any more ({count}): was a file left out by "
                "policies.files, or a tag lost? The pages stay as they were; whoever wants them gone removes them"
            )


class _Made(NamedTuple):
    """The files of one unit, and how many of them changed."""

    name: str
    files: tuple[str, ...]
    written: int


def publish(
    site: Site, out: Path, *, templates: Path, on_progress: OnProgress = lambda _done, _total: None
) -> Published:
    """Write the site into `out`. Raises Refused for an unwritable folder, TemplateError for templates that cannot be
    rendered. `on_progress` hears policies done and policies to do."""
    _open(out)
    site, left_out = _placeable(site)
    context, known = context_for(site, templates), read_manifest(out)
    made_from = {history.policy_id: _digest(context, history) for history in site.policies}
    stale = [h for h in site.policies if not _is_fresh(out, known, h.policy_id, made_from[h.policy_id])]
    units = {name: unit for name, unit in known.units.items() if name in made_from}
    assets = _put_assets(out, site, templates)
    units[_ASSETS], written = ("", list(assets.files)), assets.written
    for done, made in enumerate(_make_all(context, stale, out), 1):
        units[made.name] = (made_from[made.name], list(made.files))
        written += made.written
        on_progress(done, len(stale))
    lists = _put_all(out, _LISTS, list_files(context, _pages(context)))
    units[_LISTS] = ("", list(lists.files))
    moved, count = _put_moved(context, units, out)
    units[_MOVED] = ("", list(moved))
    manifest = Manifest(units, known.gone, moved)
    published = _finish(out, known, manifest, written + lists.written + count, len(stale))
    return published._replace(left_out=left_out)


def _put_moved(
    context: SiteContext, units: Mapping[str, tuple[str, list[str]]], out: Path
) -> tuple[dict[str, str], int]:
    """The old addresses of renamed policies, but for those that another policy has taken; how many files changed."""
    taken = {name for _, names in units.values() for name in names}
    moved: dict[str, str] = {}
    written = 0
    policies = ((history, units[history.policy_id][1]) for history in context.site.policies)
    found = (one for history, files in policies for one in moved_files(context, history, files, out))
    for one in chain(found, moved_overviews(context)):
        if one.name not in taken:
            moved[one.name] = one.address
            written += put(out, one.name, one.content)
    return moved, written


def _open(out: Path) -> None:
    try:
        make_folder(out)
    except OSError as error:
        raise Refused(f"{out}: cannot be made a folder of pages: {error.strerror}") from error


def _finish(out: Path, known: Manifest, manifest: Manifest, written: int, policies: int) -> Published:
    """Take away what no unit has any more, and remember that it was there."""
    files = {name for _, names in manifest.units.values() for name in names}
    lasting = {*manifest.units, _ORPHANS} - {*_OURS}  # a policy that nobody has any more goes as a whole
    given_out = {name for unit in lasting & known.units.keys() for name in known.units[unit][1]}
    orphans = tuple(sorted(name for name in given_out - files if (out / name).is_file()))
    manifest.units[_ORPHANS] = ("", list(orphans))
    files.update(orphans)
    lost = sorted({name for _, names in known.units.values() for name in names} - files)
    removed = take_away(out, lost)
    manifest.gone = sorted((set(known.gone) | set(lost)) - files)
    write_manifest(out, manifest)
    return Published(written, len(files) - written, removed, policies, orphans=orphans)


def _is_fresh(out: Path, known: Manifest, name: str, digest: str) -> bool:
    unit = known.units.get(name)
    return unit is not None and unit[0] == digest and is_whole(out, unit[1])


def _make_all(context: SiteContext, stale: Sequence[PolicyHistory], out: Path) -> Iterator[_Made]:
    workers = min(os.cpu_count() or 1, len(stale))
    if len(stale) < _WORTH_A_POOL or workers < 2:
        yield from (_make(context, history, out) for history in stale)
        return
    frame = SiteContext(
        replace(context.site, policies=()), context.templates, context.folders, context.once
    )  # each process gets its policies alone
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=worker_process.begin) as pool:
        waiting: list[Future[_Made]] = [pool.submit(_make, frame, history, out) for history in stale]
        try:
            yield from (future.result() for future in as_completed(waiting))
        finally:
            pool.shutdown(cancel_futures=True)


def _make(context: SiteContext, history: PolicyHistory, out: Path) -> _Made:
    pages = (PolicyPages(context, history, language) for language in languages(history))
    return _put_all(out, history.policy_id, chain.from_iterable(map(_files, pages)))


def _files(pages: PolicyPages) -> Iterator[tuple[str, str]]:
    yield from pages.files()
    yield pages.addresses.days, days_page(pages)
    yield from policy_feed_files(pages)


def _put_all(out: Path, name: str, files: Iterator[tuple[str, str]]) -> _Made:
    names: list[str] = []
    written = 0
    for address, content in files:
        names.append(file_of(address))
        written += put(out, names[-1], content.encode())
    return _Made(name, tuple(names), written)


def _put_assets(out: Path, site: Site, templates: Path) -> _Made:
    files = {path.name: path.read_bytes() for path in template_files(templates, "pages/assets").values()}
    files |= dict(theme_files(site.theme))
    written = sum(put(out, f"assets/{name}", content) for name, content in sorted(files.items()))
    return _Made(_ASSETS, tuple(f"assets/{name}" for name in sorted(files)), written)


def _pages(context: SiteContext) -> list[PolicyPages]:
    histories = context.site.policies
    return [PolicyPages(context, history, language) for history in histories for language in languages(history)]


def _placeable(site: Site) -> tuple[Site, dict[str, str]]:
    """The site without policies whose pages would overwrite others, and why each of these is left out."""
    translations = {language for history in site.policies for language in languages(history)[1:]}
    faults = name_faults([history.policy_id for history in site.policies], languages=translations)
    return replace(site, policies=tuple(one for one in site.policies if one.policy_id not in faults)), dict(faults)


def _digest(context: SiteContext, history: PolicyHistory) -> str:
    """Of everything a policy's pages are made from: its texts, its dates as they stand today, the templates."""
    found, site = hashlib.blake2b(digest_size=16), context.site
    timeline = history.timeline
    state = [timeline.period(index) for index in range(len(timeline.postings))]
    passed = [(days.start <= site.today, days.until is not None and days.until < site.today) for days in state]
    for part in (
        __version__,
        site.title,
        site.url,
        site.language,
        repr(site.theme),
        context.digest,
        repr(passed),
        repr((history.retired_on, history.retired_on is not None and history.retired_on <= site.today)),
        repr(sorted(context.folders.items())),
        repr([context.once.get(addresses.folder) for addresses in addresses_of(history).values()]),
    ):
        found.update(part.encode() + b"\0")
    found.update(repr(timeline.in_force(site.today)).encode())
    for posted in history.postings:
        found.update(repr(posted.posting).encode())
        for language, text in sorted(posted.revision.texts.items()):
            found.update(f"\0{language}\0{text.path}\0{text.title}\0".encode() + text.text.encode())
    return found.hexdigest()

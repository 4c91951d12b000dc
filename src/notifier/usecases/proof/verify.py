"""Verify: is everything as the records say, tier by tier, and who else bears witness? It says no more than it knows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from notifier.ledger.journal.foreign_triggers import foreign_triggers
from notifier.ledger.journal.last_images import Misfit
from notifier.ledger.journal.verification import JournalExamined, examine_journal
from notifier.plurals import counted
from notifier.render.site.output import MANIFEST
from notifier.repository.tags.journal_heads import RESTORED
from notifier.usecases.proof.anchor import Authority, NotAnchored, authority_of, fault_of, read_stamp
from notifier.usecases.proof.witnesses import lost_entries, unlike
from notifier.usecases.publish import publish_pages
from notifier.usecases.two_records import differences

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.ledger.evidence.head_stamps import StampedHead
    from notifier.repository import Repository

MOST_PAGES = 20
"""So many pages are named."""


class Tier(StrEnum):
    """What is claimed, each by more witnesses than the one before."""

    CONSISTENT = "consistent"  #: Counts and states add up; the ledger alone says so.
    CHAINED = "chained"  #: Every row is as the journal says last, and no entry of it was changed, cut or put in.
    MATCHES_GIT = "matches git"  #: The journal goes on from every head that commits and tags bear witness to.
    MATCHES_PAGES = "matches the pages"  #: What is published is what was posted.
    ANCHORED = "anchored"  #: An authority has stamped a head with its time.


class TierFound(NamedTuple):
    """One tier: it holds, it does not, or (None) there was nothing to hold it against."""

    tier: Tier
    holds: bool | None
    says: str
    misfits: tuple[Misfit, ...] = ()


def verify(
    config: Config,
    repository: Repository,
    ledger: Ledger,
    templates: Path,
    *,
    today: date,
    on_progress: Callable[[int, int], None] = lambda *_: None,
) -> Iterator[TierFound]:
    """Tier by tier, as each is known."""
    witnesses = repository.told.heads_seen(repository.tip)
    stamped = ledger.head_stamps.all()
    yield _consistent(ledger)
    wanted = frozenset((*(one.number for one in witnesses), *(one.head.number for one in stamped)))
    examined = examine_journal(ledger.database.read, on_progress, wanted)
    yield _chained(examined)
    yield _matches_git(config, repository, ledger, examined)
    yield _matches_pages(config, repository, ledger, templates, today)
    yield _anchored(stamped, authority_of(config), examined)


def first_misfit(tiers: list[TierFound]) -> Misfit | None:
    """The misfit with the lowest entry; where none has one, the first that was found."""
    found = [misfit for one in tiers for misfit in one.misfits]
    return min(found, key=lambda one: (one.entry is None, one.entry or 0), default=None)


def _tier(tier: Tier, misfits: list[Misfit], says: str) -> TierFound:
    return TierFound(tier, not misfits, says if not misfits else f"{len(misfits)} found", tuple(misfits))


def _consistent(ledger: Ledger) -> TierFound:
    ledger.database.check_integrity()
    notices = ledger.notices.all()
    with ledger.database.read() as connection:
        foreign = tuple(foreign_triggers(connection))
    misfits = [Misfit(None, line) for line in (*foreign, *ledger.deliveries.check_counts())]
    return _tier(Tier.CONSISTENT, misfits, f"the counts of {counted(len(notices), 'notice')} add up")


def _chained(examined: JournalExamined) -> TierFound:
    says = (
        f"{counted(examined.entries, 'entry')} to {examined.head.hash[:12]}…, and every row is as they have it last, "
        f"{counted(examined.deliveries, 'recipient')} among them; it speaks from "
        f"{examined.speaks_from or 'its first entry'} on"
    )
    return _tier(Tier.CHAINED, list(examined.misfits), says)


def _matches_git(config: Config, repository: Repository, ledger: Ledger, examined: JournalExamined) -> TierFound:
    witnesses = repository.told.heads_seen(repository.tip)
    lost = lost_entries(witnesses, ledger)
    misfits = [
        Misfit(one.number, f"{one.where} in git has seen entry {one.number} with hash {one.hash[:12]}…, {said}")
        for one in witnesses
        if (one.number, one.hash) not in lost
        and (said := unlike(one.number, one.hash, examined.head.number, examined.hashes))
    ]
    objects = repository.told.objects()
    for name, (object_id, entry) in examined.tags.items():
        if objects.get(name) != object_id:
            what = f"another than the one that entry {entry} knows" if name in objects else "gone"
            misfits.append(Misfit(entry, f"tag {name} is {what}"))
    misfits += [Misfit(None, line) for line in differences(repository, ledger, config.page_dir)]
    if not witnesses and not misfits:
        return TierFound(Tier.MATCHES_GIT, None, "no commit or tag bears witness to this journal yet")
    newest = max((one.number for one in witnesses), default=0)
    restored = ", ".join(dict.fromkeys(one.where for one in witnesses if one.where.startswith(RESTORED)))
    gone = f"; {counted(len(lost), 'entry')} went with a ledger that was replaced by an older copy ({restored})"
    verb = "bears" if len(witnesses) == 1 else "bear"
    return _tier(
        Tier.MATCHES_GIT,
        misfits,
        f"{len(witnesses):,} of git's commits and tags {verb} witness, up to entry {newest:,}{_unseen(ledger, newest)}"
        + gone * bool(lost),
    )


def _unseen(ledger: Ledger, newest: int) -> str:
    """What nobody but the ledger and an authority's stamp vouches for, until the next stamp commit, tag or notice."""
    after, accepted = ledger.journal.after(newest)
    if not after:
        return ""
    with_words = f" ({accepted:,} of them with what people accepted)" if accepted else ""
    return f"; {counted(after, 'entry')} after it{with_words} no clone has seen yet"


def _matches_pages(config: Config, repository: Repository, ledger: Ledger, templates: Path, today: date) -> TierFound:
    """Made anew beside, as of today, and what differs as of the day on which the pages were last written."""
    folder = config.page_dir
    if not (folder / MANIFEST).is_file():
        return TierFound(Tier.MATCHES_PAGES, None, f"no pages were published to {folder}")
    written_on = datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, UTC).astimezone(config.posting_zone).date()
    with tempfile.TemporaryDirectory(prefix="notifier-verify-") as beside:
        unlike: dict[str, str] = {}
        for day in dict.fromkeys((today, written_on, today - timedelta(days=1))):
            anew = Path(beside) / day.isoformat()
            publish_pages(config, repository, ledger, templates, today=day, out=anew)
            found = dict(_unlike_pages(anew, folder))
            unlike = found if day == today else {name: said for name, said in unlike.items() if name in found}
            if not unlike:
                break
        count = sum(1 for file in anew.rglob("*") if file.is_file()) - 1
    misfits = [Misfit(None, f"page {name} {said}") for name, said in list(unlike.items())[:MOST_PAGES]]
    found_tier = _tier(Tier.MATCHES_PAGES, misfits, f"{counted(count, 'file')} in {folder}, as posted")
    return found_tier._replace(says=f"{counted(len(unlike), 'file')} not as posted") if unlike else found_tier


def _anchored(stamped: tuple[StampedHead, ...], authority: Authority | None, examined: JournalExamined) -> TierFound:
    if not stamped:
        return TierFound(Tier.ANCHORED, None, "no authority has stamped a head with its time (notifier anchor)")
    roots = authority.roots if authority else None
    misfits = [
        Misfit(one.head.number, f"the time stamp over entry {one.head.number} does not hold: {fault}")
        for one in stamped
        if (fault := _stamp_fault(one, roots, examined))
    ]
    last = stamped[-1]
    unheld = "" if roots else "; its certificate was held against nothing (proof.anchor_ca)"
    says = f"entry {last.head.number:,} stood there before {last.stamped_at:%Y-%m-%d %H:%M:%S} UTC, by the clock of "
    return _tier(Tier.ANCHORED, misfits, f"{says}{last.authority}{unheld}")


def _stamp_fault(one: StampedHead, roots: Path | None, examined: JournalExamined) -> str:
    try:
        said = read_stamp(one.token, one.head, one.authority)
    except NotAnchored as error:
        return str(error)
    if said.gen_time.astimezone(UTC) != one.stamped_at:
        return "it bears another time"
    return unlike(one.head.number, one.head.hash, examined.head.number, examined.hashes) or fault_of(
        one.token, one.head, roots
    )


def _unlike_pages(anew: Path, folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(anew.rglob("*")):
        name = file.relative_to(anew).as_posix()
        if not file.is_file() or name == MANIFEST:
            continue
        there = folder / name
        if not there.is_file():
            yield name, "is not there"
        elif there.read_bytes() != file.read_bytes():
            yield name, "is not what was posted"
    ours = [one.name for one in anew.iterdir() if one.is_dir()]
    for file in sorted(path for name in ours for path in (folder / name).rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and not (anew / name).exists():
            yield name, "is there, and nobody posted it"

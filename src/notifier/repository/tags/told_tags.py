"""Annotated tags under `told/`: what customers were told, so that a ledger that is lost does not lose the fact.

One when a notice begins, one each time it ends; written once and never moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from notifier.errors import RepositoryError
from notifier.notice.telling import NoticeTold, TellingStage, read_told, trailers_of
from notifier.policy.trailers import read_trailers
from notifier.repository import remote
from notifier.repository.git import Git, GitFailed
from notifier.repository.tags.journal_heads import RESTORED, HeadSeen, head_trailer, read_heads_seen, tag_objects

UNDER = "refs/tags/told/"
_FORMAT = "%(refname:strip=3)%00%(objectname)%00%(objecttype)%00%(contents:body)%00"


class ToldTags:
    """What was told, as git has it at one moment, and writing more of it."""

    def __init__(self, git: Git, tagger: Mapping[str, str], *, is_remote: bool) -> None:
        self._git, self._tagger, self._is_remote = git, tagger, is_remote

    @cached_property
    def records(self) -> tuple[NoticeTold, ...]:
        """Everything below `told/` that tells of a notice by its own name."""
        found = (_record(name, kind, body) for name, _, kind, body in self._listed)
        return tuple(one for one in found if one)

    @property
    def told_objects(self) -> dict[str, str]:
        """Each tag below `told/`, whatever it says, and the object that it is."""
        return {f"told/{name}": object_id for name, object_id, _, _ in self._listed}

    @cached_property
    def _listed(self) -> tuple[tuple[str, str, str, str], ...]:
        fields = self._git.run("for-each-ref", f"--format={_FORMAT}", UNDER).split("\0")
        rows = (fields[at : at + 4] for at in range(0, len(fields) - 1, 4))
        return tuple((name.lstrip("\n"), object_id, kind, body) for name, object_id, kind, body in rows)

    def of(self, notice_id: str, stage: TellingStage) -> NoticeTold | None:
        """What is told of a notice at this stage, the last time it came to it."""
        return self._latest.get((notice_id, stage))

    @cached_property
    def _latest(self) -> dict[tuple[str, TellingStage], NoticeTold]:
        return {(one.notice_id, one.stage): one for one in self.records}

    def heads_seen(self, tip: str) -> tuple[HeadSeen, ...]:
        """How far the journal went, as every stamp commit and tag of ours says."""
        return tuple(read_heads_seen(self._git, tip))

    def raw(self, notice_id: str) -> dict[str, bytes]:
        """The objects of the tags that tell of a notice, whole as git hashes them, by their ids."""
        begins = f"told/{notice_id}/"
        return self._whole(sorted({one for name, one in self.objects().items() if name.startswith(begins)}))

    def raw_of(self, seen: Iterable[HeadSeen]) -> dict[str, bytes]:
        """The same of the commits and tags that bear these heads of the journal."""
        names = sorted({f"refs/tags/{one.where}" if "/" in one.where else one.where for one in seen})
        found = (self._git.run("rev-parse", "--verify", "--end-of-options", name).strip() for name in names)
        return self._whole(list(found))

    def _whole(self, ids: list[str]) -> dict[str, bytes]:
        whole = (f"{kind} {len(content)}\0".encode() + content for kind, content in self._git.read_all(ids))
        return dict(zip(ids, whole, strict=True)) if ids else {}

    def objects(self) -> dict[str, str]:
        """Each tag of ours, postings' among them, and the object that it is."""
        return tag_objects(self._git)

    def write_restored(self, head: str, by: str, tip: str) -> None:
        """Tags the tip: an older copy of the ledger was brought back, as the entry says that is its journal's `head`.

        Raises RepositoryError.
        """
        said = {"Notifier-Restored": by, **head_trailer(head)}
        lines = ["The ledger was brought back from an older copy", "", *(f"{key}: {one}" for key, one in said.items())]
        self._tag(f"{RESTORED}{head.partition(' ')[0]}-{head[-12:]}", tip, lines)

    def write(self, told: NoticeTold, commit_id: str, head: str = "") -> tuple[str, str] | None:
        """Tags the commit of one of its postings, bearing the journal's `head`; the tag's name and object.

        Does nothing where git says the same already.

        Raises RepositoryError, also where the remote cannot be reached.
        """
        taken = [one for one in self.records if (one.notice_id, one.stage) == (told.notice_id, told.stage)]
        if told in taken:
            return None
        number = f".{len(taken) + 1}" if taken else ""
        name = f"told/{told.notice_id}/{told.stage}{number}"
        said = (*trailers_of(told), *head_trailer(head).items())
        lines = [f"Notice {told.notice_id}: {told.stage}", "", *(f"{key}: {value}" for key, value in said)]
        self._tag(name, commit_id, lines)
        return name, self._git.id_of(f"refs/tags/{name}")

    def _tag(self, name: str, commit_id: str, lines: list[str]) -> None:
        try:
            self._git.run(
                "tag", "--annotate", "--cleanup=whitespace", "-F", "-", "--", name, commit_id,
                stdin="\n".join([*lines, ""]), environment=dict(self._tagger),
            )  # fmt: skip
        except GitFailed as error:
            taken_by_others = self._git.answer("rev-parse", "--verify", "--quiet", f"refs/tags/{name}")
            mend = f"; it is not ours, run: git tag -d {name}" if taken_by_others else ""
            raise RepositoryError(f"cannot make tag {name}: {error.brief}{mend}") from error
        for kept in ("records", "_latest", "_listed"):
            self.__dict__.pop(kept, None)
        if self._is_remote:
            try:
                remote.push(self._git, f"refs/tags/{name}")
            except remote.Moved as error:
                raise RepositoryError(f"the remote has another tag {name}; run again") from error


def _record(name: str, kind: str, body: str) -> NoticeTold | None:
    told = read_told(read_trailers(f"tag\n\n{body}")) if kind == "tag" else None
    if told is None:
        return None
    notice_id, _, stage = name.rpartition("/")
    return told if (notice_id, stage.partition(".")[0]) == (told.notice_id, told.stage) else None

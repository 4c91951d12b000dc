"""Make an installation: config, templates and a folder for policies in a git repository. Nothing is overwritten."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from json import dumps
from pathlib import Path

from notifier.config import load
from notifier.errors import Refused
from notifier.policy.layout import Habit, Layout, habit_of, is_policys
from notifier.policy.persons.mailbox import split_person
from notifier.policy.translations.misplaced import may_read_as
from notifier.repository.first_commit import BRANCH, check_place, found
from notifier.repository.open import checked_out
from notifier.shipped import CONFIG, POLICIES, TEMPLATES, shipped
from notifier.state import STATE, state_folder
from notifier.usecases.samples import UNSAID_HOST

ROSTERS = "# names and addresses of customers do not belong into git\n/customers*.csv\n/roster*.csv\n"
SUBJECT = "Set up the policies and their notices"
PAGES = ("site", "policy-pages")
"""Where pages are written; the other name where somebody's own site is there already."""
KEEP = ".gitkeep"
"""Git knows no empty folder."""
_FOLDERS = frozenset({"policies", "policy", "legal", "privacy"})
"""What people call the folder that holds their policies."""
_DEEP = 3


@dataclass(frozen=True, slots=True)
class Wishes:
    """What whoever sets up an installation said; None where nothing was said.

    `policies`: the folder that holds them, from the installation's own. `with_samples`: the shipped company and its
    policies, to play with.
    """

    company: str | None = None
    sender: str | None = None
    pages: str | None = None
    language: str | None = None
    policies: str | None = None
    with_samples: bool = False


@dataclass(frozen=True, slots=True)
class Installed:
    """What `install` did: the names it made and those it found, and the first commit where it made one."""

    root: Path
    made: tuple[str, ...]
    kept: tuple[str, ...]
    commit_id: str | None
    policies: str
    """The folder of the policies."""
    has_policies: bool
    unsaid: tuple[str, ...]
    """Keys of the config that somebody must fill in before anybody is written to."""


def install(root: Path, *, author: str, wishes: Wishes = Wishes()) -> Installed:
    """Make an installation in `root`, or complete one; `author` signs the first commit where git knows nobody.

    Raises RepositoryError where the repository there cannot be used, Refused where several folders may be meant.
    """
    check_place(root)
    policies = wishes.policies or _folder_of_policies(root)
    names = tuple(name for name in (CONFIG, policies, TEMPLATES, ".gitignore") if name != ".")
    pages = PAGES[(root / PAGES[0]).exists()]
    kept = tuple(name for name in names if _is_there(root / name))
    made = tuple(name for name in names if name not in kept)
    try:
        for name in made:
            if name == ".gitignore":
                _ignore(root / name, pages)
            else:
                _make(root, name, is_policies=name == policies, with_samples=wishes.with_samples)
        if CONFIG in made:
            _configure(root / CONFIG, wishes, policies, pages, checked_out(root) or BRANCH)
            _configure_files(root / CONFIG, root, policies, wishes.language or "en")
        state_folder(root)
    except OSError as error:
        raise Refused(f"{error.filename or root}: {(error.strerror or str(error)).lower()}") from error
    present = [name for name in names if (root / name).exists()]
    commit_id = found(root, [*present, *_loose(root, policies)], subject=SUBJECT, author=author)
    has_policies = any((root / policies).rglob("*.md"))
    return Installed(root, made, kept, commit_id, policies, has_policies, _unsaid(wishes) if CONFIG in made else ())


# Where the policies are


def _folder_of_policies(root: Path) -> str:
    """The configured one; one that is there already, by its name and what is in it; `policies`. Refused for several."""
    if (root / CONFIG).is_file():
        return load(root / CONFIG, {}).policies.path
    if _is_there(root / POLICIES):
        return POLICIES
    found = sorted(folder.relative_to(root).as_posix() for folder in _folders(root) if any(folder.glob("*.md")))
    if root.is_dir() and any(is_policys(path.name) for path in root.glob("*.md")):
        found.insert(0, ".")
    if len(found) > 1:
        raise Refused(f"{root}: which folder holds the policies? there is {', '.join(found)}; say --policies FOLDER")
    return found[0] if found else POLICIES


def _folders(root: Path, deep: int = _DEEP) -> Iterator[Path]:
    for path in sorted(root.iterdir()) if root.is_dir() else ():
        if path.is_dir() and not path.is_symlink() and not path.name.startswith(".") and path.name != TEMPLATES:
            if path.name.lower() in _FOLDERS:
                yield path
            elif deep > 1:
                yield from _folders(path, deep - 1)


def _loose(root: Path, policies: str) -> list[str]:
    """Policies that lie at the top, beside everything else, and their translations wherever these are."""
    if policies != ".":
        return []
    said = load(root / CONFIG, {}).policies
    layout = Layout("", said.language, is_shared=True, habit=Habit(said.layout), files=tuple(said.files))
    paths = {file.relative_to(root).as_posix() for file in root.rglob("*.md")}
    placed = {path: one[0] for path in paths if (one := layout.place(path))}
    own = {policy_id for path, policy_id in placed.items() if "/" not in path and is_policys(path)}
    return sorted(path for path, policy_id in placed.items() if policy_id in own)


# What is made


def _is_there(path: Path) -> bool:
    """An empty folder counts as not there yet."""
    return any(path.iterdir()) if path.is_dir() else path.exists()


def _ignore(path: Path, pages: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"/{STATE}/\n/{pages}/\n{ROSTERS}", encoding="utf-8")


def _make(root: Path, name: str, *, is_policies: bool, with_samples: bool) -> None:
    root.mkdir(parents=True, exist_ok=True)
    if is_policies and not with_samples:
        (root / name).mkdir(parents=True, exist_ok=True)
        (root / name / KEEP).write_bytes(b"")
        return
    source = shipped(POLICIES if is_policies else name)
    for path in _files(source):
        target = root / name / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _files(source: Path) -> Iterator[Path]:
    """The file itself, or every file in the folder but hidden ones."""
    if source.is_file():
        yield source
        return
    inside = ((path, path.relative_to(source).parts) for path in sorted(source.rglob("*")) if path.is_file())
    yield from (path for path, parts in inside if not any(part.startswith((".", "__")) for part in parts))


# The config


def _unsaid(wishes: Wishes) -> tuple[str, ...]:
    said = {"company.name": wishes.company, "mail.from": wishes.sender, "page.url": wishes.pages}
    return tuple(key for key, value in said.items() if not value)


def _configure(path: Path, wishes: Wishes, policies: str, pages: str, branch: str) -> None:
    """The shipped config with what was said in it, and nothing of the samples but where they are wanted."""
    text = path.read_text(encoding="utf-8")
    if not wishes.with_samples:
        text = re.sub(r"^(name|address|contact|action|link_hosts|url|title) = ", r"# \1 = ", text, flags=re.M)
        text = _set(text, "mail", "from", f"Notices <privacy@{UNSAID_HOST}>")
    said = (
        ("company", "name", wishes.company),
        ("company", "contact", split_person(wishes.sender).address if wishes.sender else None),
        ("repository", "branch", branch),
        ("policies", "path", policies if policies != POLICIES else None),
        ("policies", "language", wishes.language if wishes.language != "en" else None),
        ("mail", "from", wishes.sender),
        ("page", "url", wishes.pages),
        ("page", "path", pages if pages != PAGES[0] else None),
    )
    for table, key, value in said:
        if value:
            text = _set(text, table, key, value)
    path.write_text(text, encoding="utf-8")


def _configure_files(path: Path, root: Path, policies: str, language: str) -> None:
    """How translations are named there, and in a project's own folder which files are policies."""
    layout = Layout("" if policies == "." else policies, language, policies == ".")
    paths = [file.relative_to(root).as_posix() for file in (root / policies).rglob("*.md")]
    named = [one for one in paths if layout.place(one)]
    text, habit = path.read_text(encoding="utf-8"), habit_of(named, layout.folder, language)
    others = (one for one in named if (placed := layout._replace(habit=habit).place(one)) and placed[1])
    if any(may_read_as((root / one).read_text(encoding="utf-8", errors="replace"), language) for one in others):
        habit = Habit.SUFFIX  # terms-uk.md is for the United Kingdom
    text = _set(text, "policies", "layout", habit) if habit is not Habit.SUFFIX else text
    unlikely = sorted(one for one in named if layout.wants_word(one))
    if policies == "." and unlikely:
        text = text.replace("# files = []", f"files = {dumps([f'!{one}' for one in unlikely], ensure_ascii=False)}", 1)
    path.write_text(text, encoding="utf-8")


def _set(text: str, table: str, key: str, value: str) -> str:
    """That key of that table with this value, its comment kept."""

    def with_value(line: re.Match[str]) -> str:
        said = f"{key} = {dumps(value, ensure_ascii=False)}"
        return line["before"] + (f"{said:<{len(line['was'])}}" + (line["comment"] or "")).rstrip()

    pattern = (
        rf'^(?P<before>\[{table}\]\n(?:(?!\[)[^\n]*\n)*?)(?P<was>(?:# )?{key} = "[^"\n]*")(?P<comment> +#[^\n]*)?$'
    )
    return re.sub(pattern, with_value, text, count=1, flags=re.M)

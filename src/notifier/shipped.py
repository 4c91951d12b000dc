"""Where the shipped `templates/`, `policies/` and `config.toml` are: in the package, else at the checkout's top."""

from __future__ import annotations

from pathlib import Path

CONFIG = "config.toml"
POLICIES = "policies"
TEMPLATES = "templates"


def shipped(name: str) -> Path:
    """The shipped file or folder `name`. A wheel carries them inside the package; a checkout has them on top."""
    package = Path(__file__).resolve().parent
    packaged = package / "shipped" / name
    return packaged if packaged.exists() else package.parents[1] / name


def templates_for(root: Path) -> Path:
    """The templates that an installation uses: its own, else the shipped ones."""
    own = root / TEMPLATES
    return own if own.is_dir() and any(own.iterdir()) else shipped(TEMPLATES)


def template_file(templates: Path, name: str) -> Path:
    """The template `name`, as `notice/subject.txt.j2`: the installation's own, else the shipped one."""
    own = templates / name
    return own if own.is_file() else shipped(TEMPLATES) / name


def template_files(templates: Path, below: str = "") -> dict[str, Path]:
    """Every template below a folder by its name, in order: the installation's own and those that it has none for."""
    found: dict[str, Path] = {}
    for folder in (shipped(TEMPLATES), templates):
        paths = (path for path in (folder / below).rglob("*") if path.is_file())
        found |= {path.relative_to(folder).as_posix(): path for path in paths}
    return dict(sorted(found.items()))

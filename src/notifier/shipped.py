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

"""What makes the posted pages look like the company's: its logo, its colour, its typeface, its imprint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from notifier.errors import Refused

_LARGEST = 200_000
"""Bytes of a logo or a typeface: what a reader on a phone waits for."""
_PICTURES = frozenset({".svg", ".png", ".webp", ".jpg", ".jpeg"})
_TYPEFACES = {".woff2": "woff2", ".woff": "woff"}


@dataclass(frozen=True, slots=True)
class Theme:
    """Empty values leave the pages as they come. `font` is a list of typefaces as CSS has it, or a file of one."""

    accent: str = ""
    accent_on_dark: str = ""
    font: str = ""
    font_file: Path | None = None
    logo: Path | None = None
    imprint: str = ""
    company: str = ""
    """Name and address, as the foot of each page says them."""

    @property
    def logo_name(self) -> str:
        """The logo's name among the assets."""
        return f"logo{self.logo.suffix.lower()}" if self.logo else ""

    @property
    def has_style(self) -> bool:
        return bool(self.accent or self.font or self.font_file)


def theme_files(theme: Theme) -> Iterator[tuple[str, bytes]]:
    """The theme's assets by name. Raises Refused for a file that is missing, too large or of a kind no page shows."""
    if theme.logo is not None:
        yield theme.logo_name, _content(theme.logo, "page.logo", _PICTURES)
    if theme.font_file is not None:
        yield _font_name(theme.font_file), _content(theme.font_file, "page.font", frozenset(_TYPEFACES))
    if theme.has_style:
        yield "theme.css", "".join(_rules(theme)).encode()


def _content(path: Path, key: str, kinds: frozenset[str]) -> bytes:
    if path.suffix.lower() not in kinds:
        raise Refused(f"{key}: {path.name} is none of {', '.join(sorted(kinds))}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Refused(f"{key}: {path} cannot be read: {error.strerror}") from error
    if len(content) > _LARGEST:
        raise Refused(f"{key}: {path.name} has {len(content):,} bytes; readers wait for more than {_LARGEST:,}")
    if path.suffix.lower() == ".svg" and b"<script" in content.lower():
        raise Refused(f"{key}: {path.name} holds a script; save it as a plain picture")
    return content


def _rules(theme: Theme) -> Iterator[str]:
    if theme.accent:
        yield f"@media screen {{ :root {{ --accent: {theme.accent}; }} }}\n"
        yield f"@media screen and (prefers-color-scheme: dark) {{ :root {{ --accent: {theme.accent_on_dark}; }} }}\n"
    if theme.font_file is not None:
        name, kind = _font_name(theme.font_file), _TYPEFACES[theme.font_file.suffix.lower()]
        yield f'@font-face {{ font-family: "House"; src: url("{name}") format("{kind}"); font-display: swap; }}\n'
        yield 'body { font-family: "House", system-ui, sans-serif; }\n'
    elif theme.font:
        yield f"body {{ font-family: {theme.font}; }}\n"


def _font_name(path: Path) -> str:
    return f"font{path.suffix.lower()}"

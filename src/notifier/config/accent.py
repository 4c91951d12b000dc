"""The colour of links on the posted pages: readable on light and dark paper, or refused with the nearest that is."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LEAST_CONTRAST = 4.5
"""Between text and its ground: WCAG 2.2, success criterion 1.4.3."""
LIGHT_PAPERS = ("#ffffff", "#f4f6f8", "#fff5d6")
DARK_PAPERS = ("#14171b", "#1d2227", "#352b0b")
"""The grounds that `assets/pages.css` puts links on: `--paper`, `--tint`, `--note`."""
_STEPS = 50

Channels = tuple[int, int, int]


def accent(value: object) -> str:
    """A colour as `#rrggbb`. Raises ValueError where nobody could read links in it, with one that comes nearest."""
    if not isinstance(value, str) or not _COLOUR.fullmatch(value):
        raise ValueError(f'expected a colour such as "#0a55a3", got {value!r}')
    nearest = _readable(value.lower(), LIGHT_PAPERS, "#000000")
    if nearest != value.lower():
        found = min(contrast(value, paper) for paper in LIGHT_PAPERS)
        raise ValueError(
            f"links in {value} have a contrast of {found:.1f} and need {_LEAST_CONTRAST}; the nearest is {nearest}"
        )
    return value.lower()


def on_dark_paper(colour: str) -> str:
    """The colour, as far lightened as dark paper needs."""
    return _readable(colour, DARK_PAPERS, "#ffffff")


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((_luminance(_channels(one)), _luminance(_channels(other))))
    return (lighter + 0.05) / (darker + 0.05)


def _readable(colour: str, papers: tuple[str, ...], towards: str) -> str:
    return next(
        shade for shade in _shades(colour, towards) if all(contrast(shade, on) >= _LEAST_CONTRAST for on in papers)
    )


def _shades(colour: str, towards: str) -> Iterator[str]:
    """From the colour to the other one."""
    start, end = _channels(colour), _channels(towards)
    for step in range(_STEPS + 1):
        mixed = (round(a + (b - a) * step / _STEPS) for a, b in zip(start, end, strict=True))
        yield "#" + "".join(f"{channel:02x}" for channel in mixed)


def _channels(colour: str) -> Channels:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _luminance(channels: Channels) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in channels)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

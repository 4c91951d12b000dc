"""A company makes the posted pages look like its own, and no choice of colour makes them unreadable."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.config.accent import DARK_PAPERS, LIGHT_PAPERS, accent, contrast, on_dark_paper
from notifier.errors import Refused
from notifier.render.site.build import publish
from notifier.render.site.theme import Theme
from tests.render.histories import TEMPLATES, site

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def published(tmp_path: Path, theme: Theme) -> Path:
    out = tmp_path / "site"
    publish(replace(site(), theme=theme), out, templates=TEMPLATES)
    return out


@given(COLOURS)
def test_links_can_be_read_on_any_paper_whatever_colour_is_asked_for(colour: str) -> None:
    try:
        light = accent(colour)
    except ValueError as refused:
        light = str(refused).rpartition(" ")[2]
        assert accent(light) == light
    assert min(contrast(light, paper) for paper in LIGHT_PAPERS) >= 4.5
    assert min(contrast(on_dark_paper(colour), paper) for paper in DARK_PAPERS) >= 4.5


def test_the_papers_are_those_of_the_style_sheet() -> None:
    """A banner has a ground of its own, and the link in it is what a reader most wants to read."""
    style = (TEMPLATES / "pages/assets/pages.css").read_text()
    screen = style.partition("@media print")[0]
    for name, papers in zip(("paper", "tint", "note"), zip(LIGHT_PAPERS, DARK_PAPERS, strict=True), strict=True):
        assert tuple(re.findall(rf"--{name}: (#\w+);", screen)) == papers


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_logo_colour_typeface_and_imprint_stand_on_every_page(tmp_path: Path) -> None:
    (tmp_path / "mark.SVG").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "serif.woff2").write_bytes(b"wOF2")
    theme = Theme(
        accent="#0a55a3",
        accent_on_dark="#83bcff",
        font_file=tmp_path / "serif.woff2",
        logo=tmp_path / "mark.SVG",
        imprint="https://chat.example/imprint",
        company="Chat & Sons, 1 Street",
    )
    out = published(tmp_path, theme)

    style = (out / "assets/theme.css").read_text()
    assert "--accent: #0a55a3" in style
    assert "--accent: #83bcff" in style
    assert 'url("font.woff2")' in style
    for page in out.rglob("index.html"):
        html = page.read_text()
        assert "assets/theme.css" in html
        assert 'assets/logo.svg" alt=""' in html
        assert 'href="https://chat.example/imprint"' in html
        assert "Chat &amp; Sons, 1 Street" in html
    assert (out / "assets/logo.svg").is_file()
    assert (out / "assets/font.woff2").is_file()


def test_pages_without_a_theme_ask_for_no_style_of_it(tmp_path: Path) -> None:
    out = published(tmp_path, Theme())
    assert not (out / "assets/theme.css").exists()
    assert "theme.css" not in (out / "index.html").read_text()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("logo.svg", b"<svg><SCRIPT>1</SCRIPT></svg>", "holds a script"),
        ("logo.bmp", b"BM", "none of"),
        ("logo.png", b"0" * 300_000, "300,000 bytes"),
        ("gone.png", None, "cannot be read"),
    ],
)
def test_a_file_that_pages_cannot_show_is_refused_by_its_key(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused, match=rf"page\.logo: .*{said}"):
        published(tmp_path, Theme(logo=tmp_path / name))

"""docs/scale.md is what its model says of the figures that were measured, and the model knows what it must."""

from __future__ import annotations

import dataclasses

import pytest
from docs.scale import PAGE, Figures, page, read_figures


@pytest.fixture(scope="module")
def figures() -> Figures:
    return read_figures()


def test_the_page_is_what_the_model_says_of_the_measured_figures(figures: Figures) -> None:
    assert PAGE.read_text() == page(figures), "write it anew: python -m docs.scale"


def test_twice_the_recipients_take_twice_the_room_and_other_figures_make_another_page(figures: Figures) -> None:
    doubled = Figures({**figures.values, "bytes_per_recipient": 2 * figures["bytes_per_recipient"]})

    assert page(figures) != page(doubled)
    assert page(figures, recipients=200_000_000).startswith("# The way to 200 million recipients")


def test_every_figure_that_is_measured_is_on_the_page(figures: Figures) -> None:
    for name, value in figures.values.items():
        assert page(Figures({**figures.values, name: 3 * value})) != page(figures), name


def test_what_binds_is_whatever_there_is_least_of(figures: Figures) -> None:
    slow_journal = dataclasses.replace(figures, values={**figures.values, "writes_per_s": 1.0})

    assert figures.send_rate(1, 1_000)[1] in ("workers", "journal")
    assert figures.send_rate(1_000, 1)[1] in ("database", "journal")
    assert slow_journal.send_rate(8, 8)[1] == "journal"
    assert figures.send_rate(2, 2)[0] <= figures.send_rate(4, 2)[0] <= figures.send_rate(4, 4)[0]

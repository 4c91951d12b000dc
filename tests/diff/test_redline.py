"""Spans and their figures: what renderers draw."""

from __future__ import annotations

import pytest
from tests.diff.marks import lossless, marked

from notifier import compare, redline
from notifier.diff.redline import SpanKind


def test_the_library_gives_a_redline_without_a_verdict() -> None:
    drawn = redline("We may share it.", "We will share it.")
    assert [(span.kind, span.text) for span in drawn.spans] == [
        (SpanKind.KEPT, "We "),
        (SpanKind.DELETED, "may"),
        (SpanKind.INSERTED, "will"),
        (SpanKind.KEPT, " share it."),
    ]


def test_a_comparison_holds_the_redline_and_the_verdict() -> None:
    comparison = compare("We do not sell your data.\n", "We sell your data.\n")
    assert comparison.redline.accept() == "We sell your data.\n"
    assert comparison.significance == comparison.classification.significance


def test_a_link_that_leads_elsewhere_counts_as_the_words_that_changed_in_its_target() -> None:
    stats = lossless("See [it](https://a.example/one) for 30 days", "See [it](https://a.example/two) for 60 days").stats
    assert (stats.words_deleted, stats.words_inserted, stats.runs) == (2, 2, 2)
    assert stats.words_in_links == 2


def test_a_tracking_parameter_put_on_a_link_is_told_apart_from_an_edited_sentence() -> None:
    old, new = "Read [the list](https://a.example/list).", "Read [the list](https://a.example/list?from=mail&day=3)."
    stats = lossless(old, new).stats
    assert (stats.words_deleted, stats.words_inserted) == (0, 4)
    assert stats.words_in_links == stats.words_inserted


def test_numbers_bullets_and_quotes_that_changed_hold_no_words() -> None:
    stats = lossless('1. Keep "it"\n2. Erase it\n', "1) Keep “it”\n* Erase **it**\n").stats
    assert (stats.words_deleted, stats.words_inserted, stats.runs, stats.words_in_links) == (0, 0, 0, 0)


def test_a_run_is_one_stretch_of_changed_words_however_many_spans_it_takes() -> None:
    stats = lossless("one two three four five", "one 2 3 four 5").stats
    assert (stats.words_deleted, stats.words_inserted, stats.runs) == (3, 3, 2)


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("We tell you before it.", "You tell us before it.", "[-We tell you-]{+You tell us+} before it."),
        ("our firm: all data", "this group: no data", "[-our firm: all-]{+this group: no+} data"),
        (
            'We call it "the list" here',
            "We call it “the list” here",
            'We call it [-type:"the list"-]{+type:“the list”+} here',
        ),
        (
            "Read our list there",
            "Read [our list](https://a.example) there",
            "Read [-link:our list-]{+link:[our list](https://a.example)+} there",
        ),
    ],
)
def test_changes_with_next_to_nothing_between_them_are_drawn_as_one(old: str, new: str, seen: str) -> None:
    assert marked(old, new) == seen


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("* one", "*   one", "*[-markup: -]{+markup:   +}one"),
        ("1. one", "1) one", "1[-markup:.-]{+markup:)+} one"),
        ("must *not*", "must **not**", "must [-markup:*-]{+markup:**+}not[-markup:*-]{+markup:**+}"),
        (
            "[it](https://a.example/x/y)",
            "[it](https://a.example/z/y)",
            "[it](https://a.example/[-link:x-]{+link:z+}/y)",
        ),
        (
            "**Title**\n---------",
            "Title\n-----",
            "[-markup:**Title**-]{+markup:Title+}\n[-markup:----------]{+markup:-----+}",
        ),
    ],
)
def test_of_markup_and_addresses_only_what_changed_is_drawn(old: str, new: str, seen: str) -> None:
    assert marked(old, new) == seen


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("We may not tell you", "They may not tell us", "[-We-]{+They+} may not tell [-you-]{+us+}"),
        ("You must pay", "**You must** pay", "{+markup:**+}You must{+markup:**+} pay"),
        ("$5 or 10%", "€5 or 12%", "[-$5-]{+€5+} or [-10%-]{+12%+}"),
        ("He saw it. She went.", "We like it. They went.", "[-He saw-]{+We like+} it. [-She-]{+They+} went."),
        ("|one|it|two|", "|three|it|four|", "|[-one-]{+three+}|it|[-two-]{+four+}|"),
        ("now and then again", "new now and then more", "{+new +}now and then [-again-]{+more+}"),
    ],
)
def test_what_a_reader_must_see_apart_is_drawn_apart(old: str, new: str, seen: str) -> None:
    assert marked(old, new) == seen


def test_what_is_drawn_as_one_stays_two_edits_for_the_judgement() -> None:
    drawn = lossless("We tell you before.", "You tell us before.")
    assert [(edit.before.text, edit.after.text) for edit in drawn.diff.edits] == [("We", "You"), ("you", "us")]
    assert (drawn.stats.words_deleted, drawn.stats.words_inserted, drawn.stats.runs) == (3, 3, 1)


def test_moved_words_are_counted_once_and_apart() -> None:
    first, second = "First a few words here.", "Then a good many more words than there."
    stats = lossless(f"{first}\n\n{second}\n\nEnd.", f"{second}\n\n{first}\n\nEnd.").stats
    assert (stats.words_deleted, stats.words_inserted, stats.words_moved) == (0, 0, 5)


def test_spans_of_a_move_name_it_at_both_places() -> None:
    first, second = "First a few words here.", "Then a good many more words than there."
    drawn = lossless(f"{first}\n\n{second}\n\nEnd.", f"{second}\n\n{first}\n\nEnd.")
    kinds = {span.kind for span in drawn.spans if span.move == 0}
    assert kinds == {SpanKind.MOVED_AWAY, SpanKind.MOVED_HERE}

"""Yes and no, in and out, before and after: the direction of a rule."""

from __future__ import annotations

from tests.edits.operator import Operator, either, exchanged, forward, grown, shrunk, significant

OPERATORS: tuple[Operator, ...] = (
    significant("polarity", "negation-dropped", "what was not done is done", shrunk("not")),
    significant("polarity", "negation-added", "what was done is not", grown("not")),
    significant("polarity", "negation-moved", "another part is denied", either("notmoved")),
    significant("polarity", "prefix-turned", "un-, non-, in-, -less and opposites", either("prefix")),
    significant("polarity", "lookalike", "another word that looks alike", either("near")),
    significant("polarity", "opt-turned", "silence is consent, or not", either("opt")),
    significant("polarity", "switch-turned", "on is not off", either("onoff")),
    significant("polarity", "time-turned", "before is not after", either("when")),
    significant("polarity", "with-without", "with is not without", either("with")),
    significant("polarity", "inside-outside", "inside is not outside", either("inout")),
    significant("polarity", "direction-turned", "to is not from", either("dir")),
    significant("polarity", "include-exclude", "within is not beyond", either("incl")),
    significant("polarity", "free-paid", "free is not paid", either("price")),
    significant("polarity", "yes-no-in-cell", "yes is not no", either("yesno")),
    significant("polarity", "heading-lost-its-not", "the list says the opposite", shrunk("headnot", "lead")),
    significant("polarity", "heading-got-a-not", "the list says the opposite", grown("headnot", "lead")),
    significant("polarity", "footnote-turned", "the footnote takes back the text", either("footnot")),
    significant("polarity", "word-struck-out", "struck out, it no longer holds", forward("strike")),
    significant("polarity", "box-ticked", "consent is given beforehand", either("box")),
    significant("polarity", "order-exchanged", "first is not second", exchanged("xorder")),
)

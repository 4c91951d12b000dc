"""The roster's CSV: what makes a customer, what is named by line and reason, and the way back."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.errors import CustomerError
from notifier.notice.customer_csv import BadRow, customer_id_of, read_roster, row_of
from notifier.notice.delivery import Customer
from notifier.usecases.customers import export_roster


def read(text: str) -> list[Customer | BadRow]:
    return list(read_roster(io.StringIO(text, newline="")))


def test_an_address_alone_makes_a_customer() -> None:
    assert read("email\nana@mail.example\n") == [
        Customer(customer_id=customer_id_of("ana@mail.example"), email="ana@mail.example")
    ]


def test_a_full_row_makes_a_customer_with_all_that_is_known() -> None:
    (ana,) = read("id,email,name,language,tags\n42,ana@mail.example,Ana Díaz,de-AT,eu beta\n")

    assert ana == Customer("42", "ana@mail.example", "Ana Díaz", "de-AT", frozenset({"eu", "beta"}))


def test_semicolons_a_byte_order_mark_capitals_and_quotes_are_all_fine() -> None:
    (ana,) = read('\ufeff"E-Mail-Nr";"EMAIL";" Name "\r\n1;ana@mail.example;"Díaz; Ana"\r\n')

    assert isinstance(ana, Customer)
    assert (ana.email, ana.name) == ("ana@mail.example", "Díaz; Ana")


def test_columns_that_notifier_does_not_know_are_left_alone() -> None:
    (ana,) = read("shoe size,email\n38,ana@mail.example\n")

    assert isinstance(ana, Customer)


def test_addresses_are_told_apart_without_regard_to_case() -> None:
    assert customer_id_of("Ana@Mail.example") == customer_id_of("ana@mail.example")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("ana at mail.example,,", "email: an email address must have an @-sign"),
        (",Ana,", "email: missing"),
        ("ana@localhost,,", "email: the part after the @-sign is not valid. It should have a period"),
        ("ana@mail.example,Ana,Marsian", 'language: expected a code such as "en", got "Marsian"'),
        ("ana@mail.example,Díaz, Ana,en", "4 cells under 3 columns"),
        (f"ana@mail.example,{'A' * 321},", "a cell is longer than 320 characters"),
        ("ana@mail.example,\udcfc,", "not UTF-8"),
    ],
)
def test_a_bad_row_is_named_by_line_and_reason_and_does_not_stop_the_others(row: str, reason: str) -> None:
    first, bad, last = read(f"email,name,language\nben@mail.example,,\n{row}\neva@mail.example,,\n")

    assert isinstance(first, Customer)
    assert isinstance(last, Customer)
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.reason.startswith(reason.split(". ")[0])) == (3, True)


def test_a_row_is_named_by_its_line_even_after_a_cell_of_two_lines() -> None:
    rows = read('email,name\nana@mail.example,"Ana\nDíaz"\nnobody,\n')

    assert isinstance(rows[1], BadRow)
    assert rows[1].line == 4


def test_a_quotation_mark_out_of_place_costs_its_own_row_only() -> None:
    bad, ben = read('email,name\nana@mail.example,"Ana" Díaz\nben@mail.example,Ben\n')

    assert isinstance(bad, BadRow)
    assert isinstance(ben, Customer)


def test_a_quotation_mark_that_never_closes_is_named_where_it_opens() -> None:
    ana, bad = read('email,name\nana@mail.example,Ana\nben@mail.example,"Ben\neva@mail.example,Eva\n')

    assert isinstance(ana, Customer)
    assert isinstance(bad, BadRow)
    assert (bad.line, "never closes" in bad.reason) == (3, True)


def test_the_same_row_twice_is_one_customer() -> None:
    assert len(read("email\nana@mail.example\nana@mail.example\n")) == 1


def test_the_same_address_with_other_details_is_named_with_the_line_it_contradicts() -> None:
    _, bad = read("email,language\nana@mail.example,de\nANA@mail.example,fr\n")

    assert bad == BadRow(3, "the same address as in line 2, with other details")


def test_the_same_id_with_another_address_is_named_with_the_line_it_contradicts() -> None:
    _, bad = read("email,id\nana@mail.example,7\nben@mail.example,7\n")

    assert bad == BadRow(3, "the same id as in line 2, with other details")


@pytest.mark.parametrize("header", ["", "\n", "ana@mail.example\n", "name,language\n"])
def test_a_file_without_an_email_column_is_refused_with_the_line_that_mends_it(header: str) -> None:
    with pytest.raises(CustomerError, match=r'1: no column "email"; .* "email,name,language,tags,id,since"'):
        read(header)


def test_two_email_columns_are_refused() -> None:
    with pytest.raises(CustomerError, match='1: two columns "email"'):
        read("email,Email\na@mail.example,b@mail.example\n")


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "'=1", "''@x"])
def test_a_name_that_is_a_formula_is_exported_as_text(name: str) -> None:
    cell = row_of(Customer("1", "ana@mail.example", name))[1]

    assert cell == "'" + name


def customers() -> st.SearchStrategy[Customer]:
    text = st.text(st.characters(exclude_categories=("C", "Z")), max_size=12)
    word = st.text("abc=+-@'", min_size=1, max_size=5)
    return st.builds(
        Customer,
        customer_id=word,
        email=st.from_regex(r"[a-z+\-]{1,8}@[a-z]{1,8}\.example", fullmatch=True),
        name=text,
        language=st.sampled_from(["", "en", "de", "fr"]),
        tags=st.frozensets(word, max_size=3),
    )


@given(st.lists(customers(), max_size=5, unique_by=(lambda each: each.customer_id, lambda each: each.email)))
def test_what_is_exported_is_imported_as_it_was(before: list[Customer]) -> None:
    out = io.StringIO(newline="")
    assert export_roster(before, out) == len(before)

    assert read(out.getvalue()) == before


@given(st.from_regex(r"[a-zA-Z0-9._+=-]{1,70}@[a-zA-Z0-9.-]{1,12}\.(example|de|x)", fullmatch=True))
def test_an_address_is_read_as_the_validator_reads_it(written: str) -> None:
    """Most addresses are read a quicker way, and come out the same."""
    from email_validator import EmailNotValidError, validate_email

    try:
        expected = validate_email(written, check_deliverability=False).normalized
    except EmailNotValidError:
        expected = ""
    (row,) = read(f"email\n{written}\n")

    assert (row.email if isinstance(row, Customer) else "") == expected


CELLS = (
    ("ana@mail.example", " Ana@MAIL.example ", "a..b@x.example", "a.@x.example", f"{'a' * 65}@x.example",
     "a@b@x.example", "ö@x.example", "a@bücher.example", "a@localhost", "@x.example", "", f"a@{'x' * 250}.example"),
    ("Ana", "", " Ana  Díaz ", "A" * 321, "\N{NO-BREAK SPACE}", "\udcfc", "A\tB", "O'Neil"),
    ("Ada", "", " "),
    ("", "en", "German", " de_AT ", "Marsian"),
    ("", "eu beta", "beta|eu,eu"),
    ("", "7", " 7 ", "ana@mail.example"),
    ("", "2026-03-01", "yesterday", " 2026-03-01T10:00"),
)  # fmt: skip
ODD = ("odd@x.example", "'+1", "", "", "", "odd", "")
"""Beside a row with an apostrophe each is looked at by itself."""


@pytest.mark.parametrize("names", ["name,shoe size", "first name,last name"])
def test_a_row_makes_the_same_whatever_stands_beside_it(names: str) -> None:
    def made(*written: Sequence[str]) -> list[Customer | BadRow]:
        out = io.StringIO(newline="")
        csv.writer(out).writerows(written)
        return read(f"email,{names},language,tags,id,since\n{out.getvalue()}")

    usual = [cells[0] for cells in CELLS]
    for place, cells in enumerate(CELLS):
        for cell in cells:
            row = [*usual[:place], cell, *usual[place + 1 :]]
            assert made(row) == made(row, ODD)[:-1], row


def test_no_exported_cell_begins_like_a_formula() -> None:
    out = io.StringIO(newline="")
    export_roster([Customer("=1", "+ana@mail.example", "@x", "", frozenset({"-eu"}))], out)

    rows = list(csv.reader(io.StringIO(out.getvalue())))
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in rows[1])

"""Rosters as other programs and people write them: recognised and said, or named; nothing guessed."""

from __future__ import annotations

import io

import pytest

from notifier.errors import CustomerError
from notifier.notice.customer_csv import BadRow, read_roster
from notifier.notice.delivery import Customer
from notifier.notice.language_names import language_code
from notifier.notice.roster_columns import SYNONYMS, Columns, Role, plain, read_map
from notifier.notice.roster_encoding import encoding_of

MAILCHIMP = (
    '"Email Address","First Name","Last Name",Address,"Phone Number",Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,'
    "CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
)
HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Marketing contact status,"
    "Preferred language"
)
EXPORTS = {
    MAILCHIMP: {Role.EMAIL: 0, Role.FIRST_NAME: 1, Role.LAST_NAME: 2, Role.ID: 20, Role.TAGS: 22},
    HUBSPOT: {Role.ID: 0, Role.FIRST_NAME: 1, Role.LAST_NAME: 2, Role.EMAIL: 3, Role.LANGUAGE: 8},
    "Salutation,First Name,Last Name,Title,Account Name,Mailing City,Email,Contact ID": {
        Role.FIRST_NAME: 1, Role.LAST_NAME: 2, Role.EMAIL: 6, Role.ID: 7,
    },
    "Id,Name,FirstName,LastName,Email,LanguageLocaleKey": {Role.ID: 0, Role.NAME: 1, Role.EMAIL: 4, Role.LANGUAGE: 5},
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Company,Tags,Note,Tax Exempt": {
        Role.ID: 0, Role.FIRST_NAME: 1, Role.LAST_NAME: 2, Role.EMAIL: 3, Role.TAGS: 6,
    },
    "id,Description,Email,Name,Created (UTC),Delinquent,Card ID,Currency": {Role.ID: 0, Role.EMAIL: 2, Role.NAME: 3},
    "EMAIL,FIRST_NAME,LAST_NAME,ADDRESS_LINE_1,CITY,CREATED_AT,CONTACT_ID": {
        Role.EMAIL: 0, Role.FIRST_NAME: 1, Role.LAST_NAME: 2, Role.ID: 6,
    },
    "CONTACT ID,EMAIL,PRENOM,NOM,SMS,ADDED_TIME": {
        Role.ID: 0, Role.EMAIL: 1, Role.FIRST_NAME: 2, Role.LAST_NAME: 3,
    },
    "Email,Klaviyo ID,First Name,Last Name,Organization,Locale,Email Marketing Consent": {
        Role.EMAIL: 0, Role.ID: 1, Role.FIRST_NAME: 2, Role.LAST_NAME: 3, Role.LANGUAGE: 5,
    },
    "id,name,email,external_id,locale,tags,role,organization": {
        Role.ID: 0, Role.NAME: 1, Role.EMAIL: 2, Role.LANGUAGE: 4, Role.TAGS: 5,
    },
    "First Name,Middle Name,Last Name,Company,E-mail Address,E-mail 2 Address,Language,Web Page": {
        Role.FIRST_NAME: 0, Role.LAST_NAME: 2, Role.EMAIL: 4, Role.LANGUAGE: 6,
    },
    "First Name,Middle Name,Last Name,Nickname,Labels,E-mail 1 - Label,E-mail 1 - Value": {
        Role.FIRST_NAME: 0, Role.LAST_NAME: 2, Role.EMAIL: 6,
    },
    "First Name [Required],Last Name [Required],Email Address [Required],Status": {
        Role.FIRST_NAME: 0, Role.LAST_NAME: 1, Role.EMAIL: 2,
    },
    "(Do Not Modify) Contact,Full Name,Email,Business Phone": {Role.NAME: 1, Role.EMAIL: 2},
    "Kundennummer;Anrede;Vorname;Nachname;E-Mail-Adresse;Sprache": {
        Role.ID: 0, Role.FIRST_NAME: 2, Role.LAST_NAME: 3, Role.EMAIL: 4, Role.LANGUAGE: 5,
    },
    "Prénom;Nom;Adresse e-mail;Langue": {Role.FIRST_NAME: 0, Role.LAST_NAME: 1, Role.EMAIL: 2, Role.LANGUAGE: 3},
    "CONTACT ID,EMAIL,FIRSTNAME,LASTNAME,SMS,EXT_ID,EMAIL_BLACKLISTED,ADDED_TIME": {
        Role.ID: 0, Role.EMAIL: 1, Role.FIRST_NAME: 2, Role.LAST_NAME: 3,
    },
    "Record Id,Contact Owner.id,Contact Owner,First Name,Last Name,Email,Secondary Email,Email Opt Out,Tag": {
        Role.ID: 0, Role.FIRST_NAME: 3, Role.LAST_NAME: 4, Role.EMAIL: 5, Role.TAGS: 8,
    },
    "id,External ID,Name,Email,Phone,Language,Tags,Company,Active": {
        Role.ID: 0, Role.NAME: 2, Role.EMAIL: 3, Role.LANGUAGE: 5, Role.TAGS: 6,
    },
    "Name,Username,Last Active,Date Registered,Email,Orders,Total Spend,AOV,Country / Region,City,Region": {
        Role.NAME: 0, Role.EMAIL: 4,
    },
    "ID,user_login,user_nicename,user_email,user_registered,display_name,first_name,last_name,roles": {
        Role.ID: 0, Role.EMAIL: 3, Role.NAME: 5,
    },
    "Name,Email,User ID,Phone,Last seen (UTC),Signed up (UTC),Language Override,Tag": {
        Role.NAME: 0, Role.EMAIL: 1, Role.ID: 2, Role.TAGS: 7,
    },
    "ID,Name,Email,Group,Phone,ZIP,Country,State/Province,Customer Since,Web Site": {
        Role.ID: 0, Role.NAME: 1, Role.EMAIL: 2, Role.SINCE: 8,
    },
    "ID,Title,First name,Last name,Email address,Enabled,Newsletter,Partner offers,Registration": {
        Role.ID: 0, Role.FIRST_NAME: 2, Role.LAST_NAME: 3, Role.EMAIL: 4,
    },
    "id,first_name,email_address,state,created_at,tags": {
        Role.ID: 0, Role.FIRST_NAME: 1, Role.EMAIL: 2, Role.TAGS: 5,
    },
    "Primary email,Secondary email,Name": {Role.EMAIL: 0, Role.NAME: 2},
    "\ufeffE-Mail;Name;Sprache": {Role.EMAIL: 0, Role.NAME: 1, Role.LANGUAGE: 2},
    "Imię\tNazwisko\tAdres e-mail\tJęzyk": {Role.FIRST_NAME: 0, Role.LAST_NAME: 1, Role.EMAIL: 2, Role.LANGUAGE: 3},
}  # fmt: skip
"""The header of an export, as the program documents or writes it → what each column is taken for."""


def read(text: str, *maps: str) -> tuple[list[Customer | BadRow], Columns]:
    found: list[Columns] = []
    rows = list(read_roster(io.StringIO(text, newline=""), read_map(maps), on_columns=found.append))
    return rows, found[0]


@pytest.mark.parametrize(("header", "places"), EXPORTS.items())
def test_the_exports_of_usual_programs_are_read_and_what_was_recognised_is_said(
    header: str, places: dict[Role, int]
) -> None:
    _, columns = read(header + "\n")

    assert dict(columns.places) == places
    named_otherwise = sum(plain(SYNONYMS[role][0]) != role for role in places)
    assert sum(" is read as " in line for line in columns.recognised) >= named_otherwise - 1
    assert columns.suspicious == ()


def test_a_first_and_a_last_name_make_a_name_and_language_and_tags_are_as_the_program_writes_them() -> None:
    (ana,), _ = read('Email Address,First Name,Last Name,Language,TAGS\na@x.example,Ana,Díaz,German,"""vip"",""eu"""\n')

    assert isinstance(ana, Customer)
    assert (ana.name, ana.language, ana.tags) == ("Ana Díaz", "de", frozenset({"vip", "eu"}))


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ("Deleted", "leave out the rows of those who left"),
        ("deleted_at", "leave out the rows of those who left"),
        ("Active", "leave out the rows of those who left"),
        ("Status", "leave out the rows of those who left"),
        ("Email Opt Out", "nobody opts out of what must be told"),
        ("Accepts Email Marketing", "nobody opts out of what must be told"),
        ("UNSUB_TIME", "nobody opts out of what must be told"),
    ],
)
def test_a_column_that_seems_to_say_who_is_not_written_to_is_named_as_one_that_nobody_reads(
    column: str, why: str
) -> None:
    (ana, ben), columns = read(f"email,{column}\na@x.example,1\nb@x.example,0\n")

    assert isinstance(ana, Customer)
    assert isinstance(ben, Customer)
    (said,) = columns.recognised
    assert said.startswith(f'"{column}" is not read: ')
    assert why in said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("a@x.example; b@x.example", "more than one address in a cell"),
        ('"a@x.example, b@x.example"', "more than one address in a cell"),
        ("a@x.example ::: b@x.example", "more than one address in a cell"),
        ("mailto:a@x.example", "expected the bare address"),
        ("Ana Díaz <a@x.example>", "expected the bare address"),
        ("a@x.example.", "cannot end with a period"),
        ("a\u00a0b@x.example", "NO-BREAK SPACE"),
        ("a@x.exam\u200bple", "ZERO WIDTH SPACE"),
        ("a＠x.example", "full-width"),
        ("Total", "must have an @-sign"),
        ("n/a", "must have an @-sign"),
        ('="a@x.example"', "must have an @-sign"),
    ],
)
def test_a_cell_that_is_not_one_address_is_named_with_what_is_wrong_and_never_cut_to_one(cell: str, said: str) -> None:
    (bad, ben), _ = read(f"email|name\n{cell}|Ana\nb@x.example|Ben\n")

    assert isinstance(bad, BadRow)
    assert bad.line == 2
    assert said in bad.reason
    assert isinstance(ben, Customer)


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("\u00a0a@x.example\u00a0", "a@x.example"),
        ("Ana@X.EXAMPLE", "Ana@x.example"),
        ("a@xn--mller-kva.example", "a@müller.example"),
        ("a@x。example", "a@x.example"),
    ],
)
def test_an_address_is_kept_in_its_normal_form(cell: str, address: str) -> None:
    (ana,), _ = read(f'email,name\n,\n \n{cell},"Ana\nDíaz"\n\n')

    assert isinstance(ana, Customer)
    assert (ana.email, ana.name) == (address, "Ana Díaz")


def test_a_map_says_which_column_is_which() -> None:
    (ana,), columns = read("Mail;Kontakt;Contact\na@x.example;x;Ana\n", "email=Mail,name=Contact")

    assert isinstance(ana, Customer)
    assert (ana.email, ana.name, columns.recognised) == ("a@x.example", "Ana", ())


@pytest.mark.parametrize(
    ("header", "maps", "said"),
    [
        ("Email,Name,Email", (), 'two columns "email"'),
        ("Work Email,Private Email", (), 'if it is "Work Email", say --map "email=Work Email"'),
        ("a@x.example,Ana", (), 'no column "email"; the first line names the columns'),
        ("Customers of Example Ltd\n\nE-Mail,Name", (), "line 3 seems to be that line: take out those above it"),
        ("Mail,Contact Email", (), 'could both be email; say which: --map email='),
        ("Person - Email - Work,Person - Name", (), 'if it is "Person - Email - Work", say --map'),
        ("email,x", ("name=Contact",), 'no column "Contact"; there are "email", "x"'),
        ("email,x", ("phone=x",), "expected as in email=Mail,name=Contact"),
    ],
)  # fmt: skip
def test_where_nobody_can_know_the_words_that_settle_it_are_named(
    header: str, maps: tuple[str, ...], said: str
) -> None:
    with pytest.raises(CustomerError) as refused:
        read(header + "\n", *maps)

    assert said in str(refused.value)


@pytest.mark.parametrize("header", ["Contact", "Land", "Tage", "Local", "Stage", "Domain", "Games", "Image"])
def test_an_ordinary_column_is_under_no_suspicion(header: str) -> None:
    assert read(f"Mail,{header}\n")[1].suspicious == ()


@pytest.mark.parametrize("header", ["tgas", "Tagss", "langauge", "nmae"])
def test_a_column_that_nearly_has_a_name_that_nobody_else_fills_is_named(header: str) -> None:
    _, columns = read(f"email,{header}\n")
    role = {"t": "tags", "T": "tags", "l": "language", "n": "name"}[header[0]]

    assert len(columns.suspicious) == 1
    assert f'--map "{role}={header}"' in columns.suspicious[0]
    assert read(f"email,{header}\n", f"{role}=")[1].suspicious == ()


def test_an_unquoted_comma_is_named_and_shifts_nothing() -> None:
    (bad, ben), _ = read("email,name,tags\na@x.example,Díaz, Ana,eu\nb@x.example,Ben,eu,\n")

    assert isinstance(bad, BadRow)
    assert (bad.line, bad.reason[:27]) == (2, "4 cells under 3 columns: a ")
    assert isinstance(ben, Customer)


def test_a_byte_gone_wrong_in_a_column_that_nobody_reads_harms_nobody() -> None:
    (ana, bad), _ = read("email,city\na@x.example,M\udcfcnchen\n\udcfc@x.example,x\n")

    assert isinstance(ana, Customer)
    assert bad == BadRow(3, "not UTF-8")


def test_a_spreadsheets_line_about_its_delimiter_is_no_header() -> None:
    (bad, ana), _ = read("sep=;\r\nemail;name\r\nnobody;\r\na@x.example;Ana, the first\r\n")

    assert isinstance(bad, BadRow)
    assert bad.line == 3
    assert isinstance(ana, Customer)


@pytest.mark.parametrize(
    ("text", "written_as", "read_as"),
    [
        ("email,name\na@x.example,Ana Díaz\n", "utf-8", "utf-8-sig"),
        ("email,name\na@x.example,Ana Díaz\n", "utf-16", "utf-16"),
        ("email,name\na@x.example,Ana Díaz\n", "utf-16-be", "utf-16-be"),
        ("email,name\na@x.example,“Ångström” – l’été à Œuvre, SØREN, «¿qué?» 5 €, 25 °C, Mª\n", "cp1252", "cp1252"),
        ("email,name\na@x.example,Łukasz Żółć\n", "cp1250", None),
        ("email,name\na@x.example,Иван Петров\n", "cp1251", None),
        ("email,name\na@x.example,Γιώργος\n", "cp1253", None),
        ("email,name\na@x.example,田中太郎\n", "shift_jis", None),
        ("email,name\na@x.example,山田\nb@x.example,鈴木\n", "shift_jis", None),
        ("email,name\na@x.example,山田\n", "iso-2022-jp", None),
        ("email,name\na@x.example,Conan O’Brien – Krüger\n", "cp1252", "cp1252"),
        ("email,name\na@x.example,Ana Díaz\n", "utf-32", "utf-32"),
    ],
)
def test_an_encoding_is_said_by_its_bytes_or_asked_for(text: str, written_as: str, read_as: str | None) -> None:
    lines = text.encode(written_as).splitlines(keepends=True)
    if read_as is not None:
        assert encoding_of(lines) == read_as
        return
    with pytest.raises(CustomerError, match="--encoding"):
        encoding_of(lines)


def test_a_spreadsheet_that_is_no_text_is_told_to_be_saved_as_one() -> None:
    with pytest.raises(CustomerError, match="save the table as CSV"):
        encoding_of([b"PK\x03\x04\x14\x00\n", b"xl/workbook.xml"])


def test_a_few_bytes_that_are_no_encoding_s_make_no_file_another_s() -> None:
    plain = [b"email,city\n", *(b"a%d@x.example,here\n" % n for n in range(40))]

    assert encoding_of([*plain, b"b@x.example,\x81\x90\n"]) == "utf-8-sig"
    with pytest.raises(CustomerError):
        encoding_of([*plain, *[b"b@x.example,\x81\x90\n"] * 10])


def test_one_letter_of_utf_8_makes_the_file_utf_8_and_costs_a_bad_byte_its_row() -> None:
    assert encoding_of([b"email,name\n", b"a@x.example,D\xedaz\n", "b@x.example,Díaz\n".encode()]) == "utf-8-sig"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("German", "de"), ("Deutsch", "de"), ("français", "fr"), ("Englisch", "en"), ("English (United States)", "en"),
        ("Deutsch - Schweiz", "de"), ("deu", "de"), ("ger", "de"), ("EN", "en"), ("en_US", "en-US"), ("pt-BR", "pt-BR"),
        ("日本語", "ja"), ("", ""), ("Marsian", None),
    ],
)  # fmt: skip
def test_a_language_may_be_a_code_or_a_name(written: str, code: str | None) -> None:
    assert language_code(written) == code

"""Which column of a roster means what: our own names first, then the headers that other programs write.

Nothing is guessed between two: where several columns could hold the address, a person says which (`--map`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from notifier.errors import CustomerError


class Role(StrEnum):
    """What a column holds, as in `--map`."""

    EMAIL = "email"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    LANGUAGE = "language"
    TAGS = "tags"
    ID = "id"
    SINCE = "since"


COLUMNS = (Role.EMAIL, Role.NAME, Role.LANGUAGE, Role.TAGS, Role.ID, Role.SINCE)
"""As `customers export` writes them."""

SYNONYMS: Mapping[Role, tuple[str, ...]] = MappingProxyType(
    {
        Role.EMAIL: (
            *("email", "emailaddress", "mail", "mailaddress", "contactemail", "customeremail", "useremail"),
            *("subscriberemail", "primaryemail", "email1value", "emailadresse", "mailadresse", "adresseemail"),
            *("adressemail", "courriel", "correoelectronico", "correo", "indirizzoemail", "emailadres", "epost"),
            *("enderecodeemail", "adresemail", "mejl", "email1", "emailaddress1", "emailadress", "epostadress"),
        ),
        Role.NAME: (
            *("name", "fullname", "displayname", "contactname", "customername", "vollername", "vollstandigername"),
            *("nomcomplet", "nombrecompleto", "nomecompleto", "volledigenaam", "naam", "imieinazwisko", "namn", "navn"),
        ),
        Role.FIRST_NAME: (
            *("firstname", "givenname", "forename", "fname", "vorname", "prenom", "nombre", "nome", "voornaam"),
            *("imie", "fornamn", "fornavn", "primeironome"),
        ),
        Role.LAST_NAME: (
            *("lastname", "surname", "familyname", "lname", "nachname", "familienname", "nom", "nomdefamille"),
            *("apellidos", "apellido", "cognome", "achternaam", "sobrenome", "nazwisko", "efternamn", "efternavn"),
        ),
        Role.LANGUAGE: (
            *("language", "lang", "languagecode", "preferredlanguage", "customerlanguage", "communicationlanguage"),
            *("languagelocalekey", "locale", "sprache", "langue", "idioma", "lingua", "taal", "jezyk", "sprak"),
            *("sprog", "korrespondenzsprache", "languagepreference", "userlanguage", "contactlanguage", "langcode"),
            *("languageiso", "userlocale", "customerlocale", "preferredlocale", "hslanguage", "localeid"),
        ),
        Role.TAGS: ("tags", "tag", "customertags", "contacttags", "schlagworter", "etiquetas", "etichette"),
        Role.ID: (
            *("id", "customerid", "customernumber", "userid", "externalid", "contactid", "subscriberid", "recordid"),
            *("recordidcontact", "klaviyoid", "euid", "kundennummer", "kundennr", "kundenid", "kundid", "kundeid"),
        ),
        Role.SINCE: (
            *("since", "customersince", "membersince", "signupdate", "signedupat", "registeredat", "registeredon"),
            *("registrationdate", "joinedat", "joinedon", "kundeseit", "clientdepuis", "clientedesde", "klantsinds"),
        ),
    }
)
"""Headers as programs and people write them, without case, accents, spaces and signs; the more telling ones first."""
WHO_LEFT = "(is)?(deleted|archived|closed|active|inactive|enabled|disabled|suspended)(at|on)?|(account|customer)?status"
OPTED_OUT = (
    "(email|has)*opt(ed)?out.*|unsub.*|email(blacklisted|marketingconsent)|accepts(email)?marketing|newsletter|"
    "marketingcontactstatus|donot.*mail.*"
)
UNREAD = (
    (re.compile(WHO_LEFT), "whoever is on the list is a customer; leave out the rows of those who left"),
    (re.compile(OPTED_OUT), "nobody opts out of what must be told; see notifier customers suppress"),
)
"""Headers, as above, of what seems to say who must not be written to, and why nobody reads it."""
MISTYPED: Mapping[Role, tuple[str, ...]] = MappingProxyType(
    {Role.NAME: ("name", "fullname"), Role.LANGUAGE: ("language", "sprache", "langue", "idioma"), Role.TAGS: ("tags",)}
)
"""What is nearly one of these costs customers something, where nobody reads it."""
REMARK = re.compile(r"\s*[(\[][^)\]]*[)\]]")
"""`Email Address [Required]`, `E-Mail (geschäftlich)`"""
MOST_ALIKE = 0.8
PAIR = re.compile(r"\s*([a-z_]+)\s*=(.*)", re.DOTALL)
BETWEEN_PAIRS = re.compile(r",(?=\s*[a-z_]+\s*=)")


class Columns(NamedTuple):
    """Where each role stands in a row (from 0), and what a person should know of the choice."""

    width: int
    places: Mapping[Role, int]
    recognised: tuple[str, ...] = ()
    """What was taken for one of ours though it is called otherwise, as in `"E-Mail" is read as email`."""
    suspicious: tuple[str, ...] = ()
    """What looks like one of ours and is not read."""


def read_map(texts: Sequence[str]) -> dict[Role, str]:
    """`email=Mail,name=Contact` → the header of each role; an empty one says that there is none."""
    found: dict[Role, str] = {}
    for part in (part for text in texts for part in BETWEEN_PAIRS.split(text)):
        pair = PAIR.fullmatch(part)
        if pair is None or pair[1] not in tuple(Role):
            raise CustomerError(f"--map: expected as in email=Mail,name=Contact, with {', '.join(Role)}; got {part!r}")
        found[Role(pair[1])] = pair[2].strip()
    return found


def find_columns(headers: Sequence[str], mapped: Mapping[Role, str]) -> Columns:
    """Raises `CustomerError`, beginning with the line, where no column can be the address or two are the same."""
    names = [header.strip() for header in headers]
    places = {role: _place_of(header, names) for role, header in mapped.items() if header}
    recognised = []
    for role in Role:
        if role in mapped:
            continue
        place = _find(role, names, taken=set(places.values()))
        if place is not None:
            places[role] = place
            if names[place].lower() != role:
                recognised.append(f'"{names[place]}" is read as {role}')
    if Role.EMAIL not in places:
        raise CustomerError(_no_email(names))
    if Role.NAME in places:
        places = {role: at for role, at in places.items() if role not in (Role.FIRST_NAME, Role.LAST_NAME)}
        recognised = [line for line in recognised if not line.endswith(("first_name", "last_name"))]
    unread = ((name, why) for name in names for kind, why in UNREAD if kind.fullmatch(plain(name)))
    recognised += [f'"{name}" is not read: {why}' for name, why in unread]
    return Columns(len(names), places, tuple(recognised), tuple(_suspicious(names, places, mapped)))


def plain(header: str) -> str:
    """A header without case, accents, spaces and signs, and without what stands in brackets."""
    header = REMARK.sub("", header) or header
    letters = unicodedata.normalize("NFKD", header.replace("ł", "l").replace("ø", "o")).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def _place_of(header: str, names: Sequence[str]) -> int:
    same = [at for at, name in enumerate(names) if name == header] or [
        at for at, name in enumerate(names) if plain(name) == plain(header)
    ]
    if len(same) != 1:
        shown = ", ".join(f'"{name}"' for name in names)
        raise CustomerError(f'1: --map: {"two columns" if same else "no column"} "{header}"; there are {shown}')
    return same[0]


def _find(role: Role, names: Sequence[str], *, taken: set[int]) -> int | None:
    own = [at for at, name in enumerate(names) if name.lower() == role]
    if len(own) > 1:
        raise CustomerError(f'1: two columns "{role}"')
    if own and own[0] not in taken:
        return own[0]
    by_rank = [
        (SYNONYMS[role].index(plain(name)), at)
        for at, name in enumerate(names)
        if at not in taken and plain(name) in SYNONYMS[role]
    ]
    if len(by_rank) > 1 and role in (Role.EMAIL, Role.TAGS):
        shown = " and ".join(f'"{names[at]}"' for _, at in sorted(by_rank, key=lambda found: found[1]))
        raise CustomerError(f"1: {shown} could both be {role}; say which: --map {role}={names[by_rank[0][1]]}")
    return min(by_rank)[1] if by_rank else None


def _no_email(names: Sequence[str]) -> str:
    example = ",".join(COLUMNS)
    like = next((name for name in names if "mail" in plain(name)), "")
    mend = f'; if it is "{like}", say --map "email={like}"' if like else ""
    return f'1: no column "email"; the first line names the columns, as in "{example}"{mend}'


def _is_nearly(name: str, synonyms: Sequence[str]) -> bool:
    """A letter wrong, or two of them in each other's place."""
    is_like = bool(get_close_matches(name, synonyms, n=1, cutoff=MOST_ALIKE))
    return is_like or sorted(name) in [sorted(one) for one in synonyms]


def _suspicious(names: Sequence[str], places: Mapping[Role, int], mapped: Mapping[Role, str]) -> Iterator[str]:
    """Columns that nobody reads and that are called nearly as a role that nobody fills: a slip of the pen, perhaps."""
    open_roles = [role for role in MISTYPED if role not in places and role not in mapped]
    if Role.FIRST_NAME in places or Role.LAST_NAME in places:
        open_roles = [role for role in open_roles if role is not Role.NAME]
    read = set(places.values())
    for role in open_roles:
        for at, name in enumerate(names):
            if at not in read and _is_nearly(plain(name), MISTYPED[role]):
                mend = f'if it is the {role}, say --map "{role}={name}", else --map {role}='
                yield f'the column "{name}" is not read; {mend}'

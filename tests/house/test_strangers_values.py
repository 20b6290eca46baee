"""No value that a stranger writes breaks a page: numbers, dates and ids beyond every range are only words.

First every address is asked once while its view is watched: which fields it reads. Then it is asked with
values that trip parsers in exactly those fields, and in the parts of its path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict

from mpaspor.applications import form_pages
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from mpaspor.web.access import Audience, audiences
from tests.house.test_routes import Address, addresses, is_officers, no_tokens, rules  # noqa: F401
from tests.stage import cast, desk, drafts
from tests.stage.cast import Person

# What int(), date.fromisoformat(), uuid.UUID(), a database's integer and LIKE stumble over.
VALUES = (
    "9" * 32,  # a UUID, too
    "-1",
    "²",  # a digit to str.isdigit(), no number to int()
    "٣٤",  # a number to int(), no digit on our keyboards
    "0001-01-01",
    "9999-12-31",
    "%_\\",
    "🙂" * 300,
)
IN_PATHS = ("9" * 40, "²٣", "%25_%5C", "🙂" * 20)
HEADERS = [
    *(
        ("Host", name)
        for name in ("[", "[::1", "localhost:99999999", "localhost:²", "a" * 300, "..", "ä.example")
    ),
    *(("HX-Current-URL", url) for url in ("http://[::1", "//", "²", "http://x:99999999/")),
    *(("Referer", url) for url in ("http://[::1", "http://x:99999999/")),
    ("Origin", "http://[::1"),
    ("Accept-Language", "²;q=²,id;q=9e999"),
    ("Accept-Encoding", "gzip;q=²"),
    ("Cookie", "mp_warga=²; mp_petugas=.; mp_perangkat=%FF"),
    ("If-Modified-Since", "Sun, 99 Feb 9999 99:99:99 GMT"),
    ("If-None-Match", 'W/"'),
    ("Range", "bytes=9-1"),
    ("Content-Type", "multipart/form-data"),
    ("Content-Type", "text/plain; charset=²"),
    ("X-Forwarded-For", "²"),
    ("Forwarded", "for=["),
]
_SLUGS = [page.slug for page in form_pages.PAGES]
_COMMON = 8  # a field that so many addresses read is read by one piece of ours
# They read no field, and would end what all others are asked about.
_ENDS = ("applicants.sign_out", "officers.sign_out", "officers.make_kiosk", "applicants.discard")


class Watched(ImmutableMultiDict):  # type: ignore[type-arg]
    """Fields of a request that remember which of them were asked for."""

    asked: set[str] = set()

    def get(self, key: str, *args: Any, **kwargs: Any) -> Any:
        self.asked.add(key)
        return super().get(key, *args, **kwargs)

    def getlist(self, key: str, *args: Any, **kwargs: Any) -> Any:
        self.asked.add(key)
        return super().getlist(key, *args, **kwargs)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


@dataclass
class Asker:
    """Everybody who may ask for an address, with a case of their own to ask about."""

    app: Flask
    visitor: FlaskClient
    applicant: FlaskClient
    officer: FlaskClient
    codes: dict[str, str]
    asked: int = 0
    broken: list[str] = field(default_factory=list)

    def addresses(self) -> list[Address]:
        """Every address once, with the case of whoever may open it, and every page of the form."""
        found = {
            address
            for owner, code in self.codes.items()
            for slug, paper in zip(_SLUGS, cycle(("ktp", "identity")), strict=False)
            for address in addresses(self.app, code=code, slug=slug, paper=paper)
            if Audience.BANK not in audiences(address.endpoint)
            if not address.has_code or owner == ("officer" if is_officers(address) else "applicant")
        }
        return sorted(found, key=str)

    def _is_open(self, found: Address) -> bool:
        return bool(audiences(found.endpoint) & {Audience.ANYONE, Audience.VISITOR, Audience.DEMO})

    def still_has_everything(self) -> bool:
        """Whether nobody was signed out on the way, nor lost the case."""
        own = (self.applicant, f"/permohonan/{self.codes['applicant']}/isi")
        desk = (self.officer, f"/petugas/kasus/{self.codes['officer']}")
        return all(client.get(path).status_code == 200 for client, path in (own, desk))

    def asks(self, found: Address, path: str | None = None, **typed: Any) -> None:
        client = self.officer if is_officers(found) else self.applicant
        if self._is_open(found):
            client = self.visitor
        fields = {"query_string": typed} if found.method == "GET" else {"data": typed}
        answer = client.open(path or found.path, method=found.method, **fields)
        self.asked += 1
        if answer.status_code >= 500:
            self.broken.append(f"{found} {path or ''} {typed}")


@pytest.fixture
def asker(app: Flask, palembang: Office, ratna: Person, now: datetime, no_tokens: None) -> Asker:  # noqa: F811
    draft = drafts.starts(ratna, now)
    drafts.fills(ratna, draft, now)
    officer = cast.officer(palembang, *Role, now=now)
    codes = {"applicant": draft, "officer": desk.guest(palembang, now)}
    return Asker(app, app.test_client(), ratna.at(app), officer.at(app), codes)


@pytest.fixture
def read(asker: Asker, app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[Address, set[str]]:
    """Which fields each address reads, those of every address left out but once."""
    monkeypatch.setattr(app.request_class, "parameter_storage_class", Watched)
    found: dict[Address, set[str]] = {}
    for address in asker.addresses():
        if address.endpoint in _ENDS:
            continue
        Watched.asked = set()
        asker.asks(address, any="thing")
        found[address] = Watched.asked - {"any", "csrf_token"}
    for name in set().union(*found.values()):
        readers = [address for address in found if name in found[address]]
        for address in readers[1:] if len(readers) > _COMMON else []:
            found[address].discard(name)
    return found


@pytest.mark.parametrize(
    "every", [pytest.param(len(VALUES), id="one each"), pytest.param(1, id="all", marks=pytest.mark.long)]
)
def test_no_value_of_a_field_breaks_a_page(asker: Asker, read: dict[Address, set[str]], every: int) -> None:
    """In a form all fields at once, each is checked; in an address one, for the first may end the view."""
    assert sum(map(len, read.values())) > 150
    for shift, (address, names) in enumerate(read.items()):
        for turn in range(shift % every, len(VALUES), every):
            values = VALUES[turn:] + VALUES[:turn]
            if address.method == "POST":
                asker.asks(address, **dict(zip(sorted(names), cycle(values), strict=False)))
            else:
                for name in names:
                    asker.asks(address, **{name: values[0]})
    assert asker.still_has_everything()
    assert asker.broken == []


def test_no_part_of_a_path_breaks_a_page(asker: Asker, app: Flask) -> None:
    """All parts at once, and each beside a code that is right; every address meets one of the values."""
    for owner, code in [("nobody", None), *asker.codes.items()]:
        for number, rule in enumerate(rules(app)):
            value = IN_PATHS[number % len(IN_PATHS)]
            parts = dict.fromkeys(("slug", "paper", "kind", "name", "digest"), value)
            for address in addresses(app, code=code or value, **parts):
                mine = code is None or owner == ("officer" if is_officers(address) else "applicant")
                is_varied = rule.arguments and (code is None or set(rule.arguments) & set(parts))
                is_theirs = address.endpoint == rule.endpoint and mine
                if is_theirs and is_varied and Audience.BANK not in audiences(rule.endpoint):
                    asker.asks(address)
    assert asker.asked > 60
    assert asker.broken == []


def test_no_header_breaks_a_page(asker: Asker, app: Flask) -> None:
    asked = [(app.test_client(), path) for path in ("/jadwal", "/permohonan", "/demo/pesan", "/petugas")]
    for name, value in HEADERS:
        for client, path in [*asked, (asker.applicant, "/permohonan")]:
            answer = client.get(path, headers={"HX-Request": "true", name: value})
            assert answer.status_code < 500, (path, name, value)


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5_000, "-1", "0", "²", "1e9", ""])
def test_the_board_has_no_page_that_cannot_be_counted(asker: Asker, number: str) -> None:
    answer = asker.officer.get("/petugas", query_string={"halaman": number})
    assert answer.status_code == (200 if len(number) < 4_000 else 414)

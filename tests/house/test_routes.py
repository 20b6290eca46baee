"""Closed unless opened: every address is for somebody, and refuses everybody else in the same way."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

import mpaspor
from mpaspor.applications.models import Document
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from mpaspor.web.access import Audience, audiences
from mpaspor.web.sessions import TOKEN
from tests.house.audiences import AUDIENCES
from tests.stage import cast, desk, drafts
from tests.stage.bills import owing
from tests.stage.cast import Person

HTMX = {"HX-Request": "true"}
# Parts of an address that a view checks itself, against a list or the database; others have a converter.
PLAIN_PARTS = {"slug", "paper", "kind", "name", "digest"}
# What stands in an address where the walk has nothing better.
FILLINGS: dict[str, Any] = {
    "slug": "identitas",
    "paper": "identity",
    "kind": "surat-pengantar",
    "name": "x.pdf",
    "digest": "0" * 12,
    "message_id": uuid.UUID(int=1),
    "slot_id": uuid.UUID(int=1),
    "staff_id": uuid.UUID(int=1),
    "closure_id": uuid.UUID(int=1),
    "release_id": uuid.UUID(int=1),
    "key_id": uuid.UUID(int=1),
    "question_id": uuid.UUID(int=1),
    "code": "0000-0000",
}


@dataclass(frozen=True)
class Address:
    """One method of one rule."""

    endpoint: str
    method: str
    path: str
    has_code: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.endpoint})"


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))


def addresses(app: Flask, **filled: Any) -> Iterator[Address]:
    """Every method of every rule, with something in each of its parts."""
    for rule in rules(app):
        values = {name: {**FILLINGS, **filled}[name] for name in rule.arguments}
        _domain, path = rule.build(values) or ("", "")
        assert path, rule
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Address(rule.endpoint, method, path, "code" in rule.arguments)


def closed(app: Flask, **filled: Any) -> Iterator[Address]:
    """The addresses for applicants or officers."""
    free = {Audience.ANYONE, Audience.VISITOR, Audience.BANK, Audience.DEMO}
    return (found for found in addresses(app, **filled) if not audiences(found.endpoint) & free)


def is_officers(address: Address) -> bool:
    return Audience.APPLICANT not in audiences(address.endpoint)


def ask(client: FlaskClient, address: Address, **headers: str) -> Any:
    return client.open(address.path, method=address.method, headers=headers)


@pytest.fixture
def no_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the forms' tokens, so that a refusal comes from the guard or the view and not from them."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


def test_every_address_is_for_somebody_and_the_table_says_for_whom(app: Flask) -> None:
    with app.test_request_context():
        found = {name: audiences(name) for name in app.view_functions}
    assert found == AUDIENCES


def test_every_file_of_views_is_imported_by_its_blueprint() -> None:
    """A forgotten one would leave its addresses out without a word."""
    rooms = Path(mpaspor.__file__).parent
    files = sorted(rooms.glob("*/*_routes.py"))
    assert len(files) > 20
    for file in files:
        package = (file.parent / "__init__.py").read_text("utf-8")
        assert re.search(rf"^    .*\b{file.stem}\b", package, re.MULTILINE), file


def test_a_view_that_says_nothing_never_runs(app: Flask, client: FlaskClient) -> None:
    view = app.view_functions["public.alive"]
    app.view_functions["public.alive"] = lambda: "ran"
    try:
        assert client.get("/sehat/hidup").status_code == 404
    finally:
        app.view_functions["public.alive"] = view


def test_addresses_are_in_kebab_case_and_codes_and_ids_are_converted(app: Flask) -> None:
    plain: set[str] = set()
    for rule in rules(app):
        bare = re.sub(r"<[^>]+>", "", rule.rule)
        assert re.fullmatch(r"/?(?:[a-z0-9][a-z0-9.\-]*|/)*", bare), rule.rule
        assert rule.rule == "/" or not rule.rule.endswith("/"), rule.rule
        plain |= set(re.findall(r"<(\w+)>", rule.rule))
    assert plain == PLAIN_PARTS


def test_a_plain_part_that_names_nothing_is_refused(
    app: Flask, ratna: Person, palembang: Office, now: datetime, no_tokens: None
) -> None:
    """No converter stands before these parts: each view looks them up, on every verb."""
    only_a_way_back = {"applicants.return_to_document"}
    case = drafts.ready_draft(ratna, palembang, cast.RATNA_NIK, now)
    guest = desk.guest(palembang, now)
    officer = cast.officer(palembang, *Role, now=now).at(app)
    nothing = dict.fromkeys(PLAIN_PARTS, "tidak-ada")
    plain = {rule.endpoint for rule in rules(app) if rule.arguments & PLAIN_PARTS} - only_a_way_back
    found = {}
    for client, code in ((ratna.at(app), case.code), (officer, guest)):
        for address in addresses(app, code=code, **nothing):
            if address.endpoint in plain and is_officers(address) == (client is officer):
                found[str(address)] = ask(client, address).status_code
    assert len(found) >= len(plain)
    assert {address: status for address, status in found.items() if status not in (404, 409, 422)} == {}


def test_nothing_is_changed_by_reading(app: Flask) -> None:
    """One address never takes GET and POST in one view, so that no operation hangs on a link."""
    for rule in rules(app):
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert len(methods) == 1, rule


def test_an_address_that_only_takes_a_form_leads_a_reader_to_the_page_of_the_form(app: Flask) -> None:
    """What Back, a reload or a kept link asks for: the page above, never "method not allowed"."""
    readable = {found.path for found in addresses(app) if found.method == "GET"}
    only_sent = {found.path for found in addresses(app)} - readable
    walked = 0
    for path in only_sent:
        if path.startswith("/snap/"):
            continue
        answer = app.test_client().get(f"{path}?next=/akun")
        assert answer.status_code == 303, path
        page, _mark, query = answer.headers["Location"].partition("?")
        assert page in readable and path.startswith(f"{page}/"), path
        assert query == "next=/akun"
        walked += 1
    assert walked > 10


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_abuse_12_nobody_signed_in_is_sent_to_sign_in_from_everywhere(
    app: Flask, client: FlaskClient, no_tokens: None, headers: dict[str, str]
) -> None:
    walked = 0
    for address in closed(app):
        answer = ask(client, address, **headers)
        door = "/petugas/masuk" if is_officers(address) else "/masuk"
        if headers:
            assert answer.status_code == 401, address
            assert answer.headers["HX-Redirect"].split("?")[0] == door, address
            assert answer.data == b"", address
        else:
            assert answer.status_code == 303, address
            assert answer.headers["Location"].split("?")[0] == door, address
        walked += 1
    assert walked > 40


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_abuse_12_no_cookie_opens_the_other_half_of_the_house(
    app: Flask, palembang: Office, ratna: Person, now: datetime, no_tokens: None, headers: dict[str, str]
) -> None:
    """Not even when its token is planted where the other side looks."""
    officer = cast.officer(palembang, *Role, now=now)
    for address in closed(app):
        person = ratna if is_officers(address) else officer
        client = app.test_client()
        with client.session_transaction("/petugas" if is_officers(address) else "/akun") as session:
            session[TOKEN] = person.token
        assert ask(client, address, **headers).status_code == (401 if headers else 303), address


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_abuse_11_a_strangers_case_looks_like_none(
    app: Flask,
    palembang: Office,
    ratna: Person,
    budi: Person,
    now: datetime,
    no_tokens: None,
    headers: dict[str, str],
) -> None:
    owed = owing(palembang, now)
    case = drafts.ready_draft(ratna, palembang, cast.RATNA_NIK, now)
    db.session.add(
        Document(
            id=uuid7(), application_id=case.id, kind="identity", file_key="x", sha256=b"", uploaded_at=now
        )
    )
    db.session.commit()
    budis = budi.at(app)
    only_a_way_back = {"applicants.return_to_document"}
    for code in (case.code, owed.application_code):
        for address in closed(app, code=code):
            if not address.has_code or is_officers(address) or address.endpoint in only_a_way_back:
                continue
            assert ask(budis, address, **headers).status_code == 404, address


def test_abuse_15_every_role_meets_every_address(
    app: Flask, palembang: Office, now: datetime, no_tokens: None
) -> None:
    """Refused exactly where the table does not name the role; else any answer but that."""
    for role in Role:
        client = cast.officer(palembang, role, now=now).at(app)
        # Whoever opens a kiosk is signed out by it: asked last.
        for address in sorted(closed(app), key=lambda one: one.endpoint == "officers.make_kiosk"):
            if not is_officers(address):
                continue
            who = AUDIENCES[address.endpoint]
            may = Audience.OFFICER in who or role in who
            status = ask(client, address).status_code
            assert (status != 403) == may, f"{role}: {address} {status}"
            assert status < 500, f"{role}: {address}"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_abuse_15_an_officer_of_another_office_finds_no_case(
    app: Flask, palembang: Office, padang: Office, now: datetime, no_tokens: None, headers: dict[str, str]
) -> None:
    code = desk.guest(palembang, now)
    stranger = cast.officer(padang, *Role, now=now).at(app)
    for address in closed(app, code=code):
        if address.has_code and is_officers(address):
            assert ask(stranger, address, **headers).status_code == 404, address


def test_dismissed_officers_and_ended_sign_ins_are_nobody(
    app: Flask, palembang: Office, ratna: Person, now: datetime, no_tokens: None, scalar: Any
) -> None:
    officer = cast.officer(palembang, *Role, now=now).at(app)
    ratnas = ratna.at(app)
    assert officer.get("/petugas").status_code == 200
    assert ratnas.get("/akun").status_code == 200
    db.session.execute(db.text("UPDATE sign_in SET revoked_at = :at"), {"at": now})
    db.session.commit()
    for address in closed(app):
        client = officer if is_officers(address) else ratnas
        assert ask(client, address).status_code == 303, address


def test_demo_pages_are_not_there_outside_the_demo(
    app: Flask, client: FlaskClient, no_tokens: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = [found for found in addresses(app) if Audience.DEMO in audiences(found.endpoint)]
    assert demo
    for address in demo:
        answer = client.open(address.path, method=address.method, environ_base={"REMOTE_ADDR": "192.0.2.7"})
        assert answer.status_code == 404, address
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], demo=False))
    for address in demo:
        assert ask(client, address).status_code == 404, address

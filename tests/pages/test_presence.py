"""A page that asks by itself is no sign of a person, else a shared phone stays signed in for ever."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient

from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.models import SignIn
from mpaspor.people.rules import SHARED_IDLE, Role
from mpaspor.web.sessions import TOKEN
from tests.stage import cast
from tests.stage.bills import Owing
from tests.stage.cast import Person
from tests.stage.visitor import GOOD, Visitor


@dataclass
class Poll:
    """A request that a page makes by itself: by htmx, or by a browser without scripts."""

    url: str
    headers: dict[str, str]


class Polls(HTMLParser):
    """What of a page asks by itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Poll] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("hx-trigger", "").startswith("every"):
            marks = {"HX-Request": "true", "HX-Target": given["hx-target"].removeprefix("#")}
            self.found.append(Poll(given["hx-get"], {**marks, **json.loads(given["hx-headers"])}))
        if given.get("http-equiv") == "refresh":
            self.found.append(Poll(given["content"].partition("url=")[2], {}))


LATER = timedelta(minutes=5)


def last_seen(person: Person) -> datetime:
    who = SignIn.staff_id if person.audience == "officer" else SignIn.account_id
    found = db.session.scalars(db.select(SignIn.last_seen_at).where(who == person.id)).one()
    db.session.rollback()
    return found


def keeps_nobody_signed_in(
    client: FlaskClient, path: str, person: Person, now: datetime, *, polls: int
) -> None:
    """What the page asks for by itself is answered and leaves no trace of a person; opening it leaves one."""
    asked = Polls(client.get(path).text).found
    assert len(asked) == polls, path
    for poll in asked:
        with clock.at(now + LATER):
            assert client.get(poll.url, headers=poll.headers).status_code in (200, 204), poll
        assert last_seen(person) == now, poll
    with clock.at(now + LATER):
        client.get(path)
    assert last_seen(person) == now + LATER, path


def owner_of(owed: Owing, person: Person) -> Person:
    """This person's sign-in, at the account that owes."""
    db.session.execute(db.update(SignIn).values(account_id=owed.account_id, is_shared_device=True))
    db.session.commit()
    return Person(owed.account_id, person.name, person.token)


def test_a_bill_left_open_keeps_nobody_signed_in(
    app: Flask, owed: Owing, ratna: Person, now: datetime
) -> None:
    owner, path = owner_of(owed, ratna), f"/permohonan/{owed.application_code}/tagihan"
    keeps_nobody_signed_in(owner.at(app), path, owner, now, polls=2)


def test_a_timeline_left_open_keeps_nobody_signed_in(
    app: Flask, owed: Owing, ratna: Person, now: datetime
) -> None:
    owner, path = owner_of(owed, ratna), f"/permohonan/{owed.application_code}"
    keeps_nobody_signed_in(owner.at(app), path, owner, now, polls=2)


def test_a_board_left_open_keeps_nobody_signed_in(app: Flask, palembang: Office, now: datetime) -> None:
    officer = cast.officer(palembang, Role.VERIFIER, now=now)
    keeps_nobody_signed_in(officer.at(app), "/petugas", officer, now, polls=1)


def test_messages_left_open_keep_nobody_signed_in(app: Flask, ratna: Person, now: datetime) -> None:
    keeps_nobody_signed_in(ratna.at(app), "/demo/pesan", ratna, now, polls=2)


def test_a_page_that_waits_for_its_mail_keeps_nobody_signed_in(
    app: Flask, client: FlaskClient, ratna: Person, now: datetime
) -> None:
    waiting = Visitor(client).opens("/daftar").presses("/daftar", **GOOD).then().address
    with client.session_transaction("/akun") as session:
        session[TOKEN] = ratna.token
    keeps_nobody_signed_in(client, waiting, ratna, now, polls=1)


def test_a_shared_phone_is_signed_out_under_a_page_that_goes_on_asking(
    app: Flask, owed: Owing, ratna: Person, now: datetime
) -> None:
    client = owner_of(owed, ratna).at(app)
    poll = Polls(client.get(f"/permohonan/{owed.application_code}/tagihan").text).found[-1]
    statuses = []
    for minutes in range(0, int(SHARED_IDLE.total_seconds() // 60) + 2, 2):
        with clock.at(now + timedelta(minutes=minutes)):
            statuses.append(client.get(poll.url, headers=poll.headers).status_code)
    assert statuses[0] in (200, 204) and statuses[-1] == 401

"""Abuse case 42: an address that is only read, by a link or a picture on any page, changes nothing."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from flask import Flask
from sqlalchemy import text

from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.house.test_routes import addresses
from tests.stage import cast, desk
from tests.stage.cast import Person
from tests.stage.drafts import fills, gives_papers, starts

# Not what anybody owns: when a browser was last seen, how often it asked, what was looked at by whom.
BESIDE = {"sign_in", "rate_counter", "kept_form"}


def contents() -> dict[str, str]:
    """A fingerprint of every table."""
    db.session.rollback()
    names = db.session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    found = {}
    for name in sorted(set(names) - BESIDE):
        looks = " WHERE kind <> 'opened'" if name == "event" else ""
        rows = db.session.scalars(
            text(f'SELECT row_to_json(t)::text FROM "{name}" t{looks} ORDER BY 1')
        ).all()
        found[name] = sha256("\n".join(rows).encode()).hexdigest()
    db.session.rollback()
    return found


def test_abuse_42_nothing_changes_by_reading_any_address(
    app: Flask, palembang: Office, ratna: Person, now: datetime
) -> None:
    """Every GET of the product, by whom it is for, on a case that it is about."""
    code = starts(ratna, now)
    fills(ratna, code, now)
    gives_papers(code, now)
    guest = desk.guest(palembang, now)
    everybody = cast.officer(palembang, *Role, now=now)
    before, read = contents(), 0
    for person, about in ((ratna, code), (everybody, guest), (everybody, code)):
        browser = person.at(app)
        for address in addresses(app, code=about):
            if address.method == "GET":
                answer = browser.get(address.path)
                assert answer.status_code < 500, address
                read += answer.status_code == 200
    assert read > 40
    assert contents() == before

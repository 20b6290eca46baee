"""A visit missed twice: the newest booking is the one that is attended."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.booking.models import Booking
from mpaspor.desk.check_in import check_in
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.stage.desk import House


def test_who_missed_two_visits_attends_the_last_of_them(
    app: Flask, palembang: Office, now: datetime, scalar
) -> None:  # type: ignore[no-untyped-def]
    house = House(app, palembang, now)
    code = house.guest(hours=-24, state=CaseState.MISSED)
    case_id = db.session.scalars(select(Application.id).where(Application.code == code)).one()
    newest = db.session.scalars(select(Booking).where(Booking.application_id == case_id)).one()
    earlier = now - timedelta(days=20)
    db.session.add(
        Booking(application_id=case_id, slot_id=newest.slot_id, state="missed", created_at=earlier)
    )
    db.session.commit()
    check_in(house[Role.RECEPTION].id, code, reason="Datang hari ini", now=now)
    assert house.state_of(code) == "arrived"
    assert scalar("SELECT created_at FROM booking WHERE state = 'attended'") == now
    assert scalar("SELECT count(*) FROM booking WHERE state = 'missed'") == 1

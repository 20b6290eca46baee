"""Who is not there, and who stands in: a role for a while ends by itself, and is theirs to give."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from mpaspor.applications.rules import CaseState
from mpaspor.desk.give_second_chance import give_second_chance
from mpaspor.desk.refusals import NotYourStep
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.people import administration, staff_queries, stand_in
from mpaspor.people.refusals import BadTerm, HasRole, NotAnAdministrator, NotYourself
from mpaspor.people.rules import Role
from mpaspor.people.sign_in import signed_in
from tests import postgres
from tests.stage import cast
from tests.stage.cast import Person
from tests.stage.desk import House

pytestmark = pytest.mark.usefixtures("app")
_INTO = "INSERT INTO staff_role (staff_id, role, office_id, granted_by, granted_at, until) SELECT "
TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def head(palembang: Office, now: datetime) -> Person:
    return cast.officer(palembang, Role.SUPERVISOR, now=now)


@pytest.fixture
def rina(palembang: Office, now: datetime) -> Person:
    return cast.officer(palembang, Role.RECEPTION, now=now)


def gives(head: Person, rina: Person, now: datetime, role: Role = Role.VERIFIER, until: date = TODAY) -> None:
    stand_in.delegate_role(head.id, rina.id, role, until_on=until, now=now)


def roles_of(rina: Person, now: datetime) -> set[str]:
    found = signed_in.find(rina.token, "officer", now=now)
    assert found is not None
    db.session.rollback()
    return set(found.roles)


def test_a_role_for_a_while_counts_until_the_end_of_that_day_and_no_longer(head, rina, now, scalar):
    gives(head, rina, now)
    assert roles_of(rina, now) == {"reception", "verifier"}
    midnight = datetime.fromisoformat("2026-11-24T00:00+07:00")
    assert scalar("SELECT until FROM staff_role WHERE role = 'verifier'") == midnight
    db.session.execute(text("UPDATE sign_in SET created_at = :at, last_seen_at = :at"), {"at": midnight})
    db.session.commit()
    assert roles_of(rina, midnight - timedelta(seconds=1)) == {"reception", "verifier"}
    assert roles_of(rina, midnight) == {"reception"}
    assert stand_in.end_run_out(now=midnight) == 1
    assert stand_in.end_run_out(now=midnight) == 0
    assert scalar("SELECT actor_kind FROM event WHERE kind = 'delegation_ended'") == "system"


def test_an_operation_asks_the_clock_too(app: Flask, palembang: Office, head, rina, now):
    house = House(app, palembang, now)
    code = house.guest(state=CaseState.MISSED)
    gives(head, rina, now, Role.SUPERVISOR)
    later = now + timedelta(days=1)
    with clock.at(later), pytest.raises(NotYourStep):
        give_second_chance(rina.id, code, reason="Sakit", now=later)
    give_second_chance(rina.id, code, reason="Sakit", now=now)


def test_it_is_recorded_told_given_anew_and_taken_back(head, rina, now, scalar):
    gives(head, rina, now)
    gives(head, rina, now + timedelta(seconds=1), until=TOMORROW)
    assert scalar("SELECT count(*) FROM staff_role WHERE staff_id = :of", of=rina.id) == 2
    assert (
        scalar("SELECT count(*) FROM event WHERE kind = 'role_delegated' AND actor_role = 'supervisor'") == 2
    )
    assert scalar("SELECT count(*) FROM outbox WHERE payload ->> 'what' = 'roles_changed'") == 2
    stand_in.end_delegation(head.id, rina.id, Role.VERIFIER, now=now)
    assert roles_of(rina, now) == {"reception"}
    with pytest.raises(NotFound):
        stand_in.end_delegation(head.id, rina.id, Role.VERIFIER, now=now)
    with pytest.raises(NotFound):  # what an administrator gave for good is not the supervisor's to take
        stand_in.end_delegation(head.id, rina.id, Role.RECEPTION, now=now)


@pytest.mark.parametrize("until", [date(2026, 11, 22), date(2026, 12, 31), date(2030, 1, 1)])
def test_a_term_is_ahead_and_short(head, rina, now, until):
    with pytest.raises(BadTerm):
        gives(head, rina, now, until=until)


def test_abuse_39_nobody_gives_for_a_while_what_is_not_theirs_to_give(palembang, padang, head, rina, now):
    with pytest.raises(NotFound):
        gives(head, rina, now, Role.ADMIN)
    with pytest.raises(HasRole):
        gives(head, rina, now, Role.RECEPTION)
    with pytest.raises(NotYourself):
        gives(head, head, now)
    with pytest.raises(NotAnAdministrator):
        gives(rina, head, now, Role.PRINTER)
    stranger = cast.officer(padang, Role.RECEPTION, now=now)
    with pytest.raises(NotFound):
        gives(head, stranger, now)
    gives(head, rina, now, Role.SUPERVISOR)
    other = cast.officer(palembang, Role.PRINTER, now=now)
    with pytest.raises(NotAnAdministrator):  # who stands in hands nothing on
        gives(rina, other, now)


def test_an_administrator_gives_for_good_what_was_for_a_while(palembang, head, rina, now, scalar):
    admin = cast.officer(palembang, Role.ADMIN, now=now).id
    gives(head, rina, now)
    administration.set_roles(admin, rina.id, ["reception"], now=now)  # the page shows what is for good
    assert roles_of(rina, now) == {"reception", "verifier"}
    administration.set_roles(admin, rina.id, ["reception", "verifier"], now=now)
    assert scalar("SELECT until FROM staff_role WHERE role = 'verifier'") is None


@pytest.mark.parametrize(
    ("values", "error"),
    [
        (":rina, 'printer', :office, :head, :now, NULL", "given by an administrator"),
        (":rina, 'printer', :office, :head, :now, :late", "ck_staff_role_term"),
        (":rina, 'admin', :office, :head, :now, :soon", "ck_staff_role_term"),
        (":head, 'printer', :office, :head, :now, :soon", "ck_staff_role_not_own"),
        (":rina, 'printer', :office, NULL, :now, :soon", "given by an administrator|term"),
        (":rina, 'printer', :office, :rina, :now, :soon", "given by an administrator|not_own"),
    ],
)
def test_abuse_39_the_database_holds_who_gives_for_a_while(
    database: postgres.Urls, palembang, head, rina, now, values, error
):
    named = {"rina": rina.id, "head": head.id, "office": palembang.id, "now": now}
    named |= {"soon": now + timedelta(days=1), "late": now + timedelta(days=32)}
    with psycopg.connect(database.owner.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("ALTER TABLE staff_role ENABLE TRIGGER staff_role_is_given")
        try:
            with pytest.raises(Exception, match=error):
                db.session.execute(
                    text(_INTO + values),
                    named,
                )
            db.session.rollback()
            good = ":rina, 'printer', :office, :head, :now, :soon"
            db.session.execute(
                text(_INTO + good),
                named,
            )
        finally:
            db.session.rollback()
            owner.execute("ALTER TABLE staff_role DISABLE TRIGGER staff_role_is_given")


# Absence.


def seen(office: Office, who: uuid.UUID, day: date, now: datetime) -> date | None:
    row = staff_queries.officer(office.id, who, today=day, now=now)
    db.session.rollback()
    assert row is not None
    return row.absent_until


def test_an_absence_is_shown_on_its_days_and_ends(palembang, head, rina, now, scalar):
    stand_in.note_absence(head.id, rina.id, from_on=TOMORROW, until_on=date(2026, 11, 27), now=now)
    assert seen(palembang, rina.id, TODAY, now) is None
    assert seen(palembang, rina.id, TOMORROW, now) == date(2026, 11, 27)
    assert seen(palembang, rina.id, date(2026, 11, 28), now) is None
    stand_in.note_absence(head.id, rina.id, from_on=TODAY, until_on=TODAY, now=now)
    assert seen(palembang, rina.id, TODAY, now) == TODAY and seen(palembang, rina.id, TOMORROW, now) is None
    stand_in.end_absence(head.id, rina.id, now=now)
    assert seen(palembang, rina.id, TODAY, now) is None
    with pytest.raises(NotFound):
        stand_in.end_absence(head.id, rina.id, now=now)
    assert scalar("SELECT count(*) FROM event WHERE kind LIKE 'absence%'") == 3


def test_an_absence_is_noted_by_those_who_lead_and_about_their_own_people(padang, head, rina, now):
    stranger = cast.officer(padang, Role.RECEPTION, now=now)
    days = {"from_on": TODAY, "until_on": TODAY, "now": now}
    with pytest.raises(NotFound):
        stand_in.note_absence(head.id, stranger.id, **days)
    with pytest.raises(NotAnAdministrator):
        stand_in.note_absence(rina.id, head.id, **days)
    stand_in.note_absence(head.id, head.id, **days)
    with pytest.raises(BadTerm):
        stand_in.note_absence(head.id, rina.id, from_on=TOMORROW, until_on=TODAY, now=now)
    with pytest.raises(BadTerm):
        stand_in.note_absence(
            head.id, rina.id, from_on=date(2026, 11, 1), until_on=date(2026, 11, 2), now=now
        )

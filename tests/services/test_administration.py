"""Administrators look after the officers of their own office: nobody else's, never themselves."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from mpaspor.cli import doctor
from mpaspor.cli.staff import staff
from mpaspor.foundation import clock, encryption
from mpaspor.foundation.database import db
from mpaspor.foundation.models import OutboxRow
from mpaspor.foundation.outbox import SECRET_PURPOSE
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.offices.models import Office
from mpaspor.people import administration, staff_queries
from mpaspor.people.models import Staff
from mpaspor.people.refusals import (
    LinkOver,
    NoRoleLeft,
    NotAnAdministrator,
    NotYourself,
    ReasonMissing,
    StaffAddressTaken,
    UnknownRole,
    WrongCredentials,
)
from mpaspor.people.rules import LINK_LIFE, LinkPurpose, Role
from mpaspor.people.sign_in import signed_in
from mpaspor.people.sign_in.officers import check_staff_password
from mpaspor.people.staff_accounts import NewOfficer, dismiss_staff
from mpaspor.worker.loop import make_worker
from tests import postgres
from tests.stage import cast
from tests.stage.officers_in import EMAIL, PASSWORD, computer, joins, serves, signs_in

pytestmark = pytest.mark.usefixtures("app")
RINA = NewOfficer("Rina Kusuma", EMAIL, ["reception"])


@pytest.fixture
def admin(palembang: Office, now: datetime) -> uuid.UUID:
    return cast.officer(palembang, Role.ADMIN, now=now).id


def mailed_token() -> str:
    """What stands in the newest link that is on its way."""
    row = db.session.query(OutboxRow).filter_by(kind="staff_link").order_by(OutboxRow.id.desc()).first()
    path = encryption.unseal(bytes(row.secret), SECRET_PURPOSE).decode()
    db.session.rollback()
    return path.rpartition("=")[2]


def rina(admin: uuid.UUID, now: datetime) -> uuid.UUID:
    """Rina, invited by the administrator, who has come in."""
    found = uuid.UUID(administration.invite_officer(admin, RINA, now=now))
    joins(mailed_token(), now)
    return found


def test_an_invited_officer_gets_a_link_by_mail_and_comes_in(admin, now, scalar):
    administration.invite_officer(admin, RINA, now=now)
    phone = joins(mailed_token(), now)
    assert signs_in(phone, now).sign_in_token
    assert scalar("SELECT granted_by FROM staff_role WHERE role = 'reception'") == admin
    assert scalar("SELECT count(*) FROM event WHERE kind = 'officer_invited' AND actor_role = 'admin'") == 1


def test_abuse_47_a_link_that_was_sent_is_wiped_and_one_that_is_void_is_never_sent(app, admin, now, scalar):
    found = uuid.UUID(administration.invite_officer(admin, RINA, now=now))
    administration.reset_way_in(admin, found, LinkPurpose.JOIN, reason="salah kirim", now=now)
    token = mailed_token()
    with clock.at(now):
        make_worker(app).once()
    assert scalar("SELECT count(*) FROM demo_message WHERE kind = 'staff_link'") == 1
    body = scalar("SELECT body FROM demo_message WHERE kind = 'staff_link'")
    assert token in body and "salah kirim" in body
    assert scalar("SELECT count(*) FROM outbox WHERE secret IS NOT NULL") == 0


def test_roles_are_given_and_taken_and_the_officer_is_told(admin, now, scalar):
    found = rina(admin, now)
    administration.set_roles(admin, found, ["verifier", "printer"], now=now)
    roles = "SELECT array_agg(role ORDER BY role) FROM staff_role WHERE staff_id = :of"
    assert scalar(roles, of=found) == ["printer", "verifier"]
    assert scalar("SELECT details ->> 'taken' FROM event WHERE kind = 'officer_roles'") == '["reception"]'
    assert scalar("SELECT count(*) FROM outbox WHERE payload ->> 'what' = 'roles_changed'") == 1
    administration.set_roles(admin, found, ["verifier", "printer"], now=now)
    assert scalar("SELECT count(*) FROM event WHERE kind = 'officer_roles'") == 1
    with pytest.raises(NoRoleLeft):
        administration.set_roles(admin, found, [], now=now)
    with pytest.raises(UnknownRole):
        administration.set_roles(admin, found, ["king"], now=now)


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_a_reset_has_a_reason_ends_what_it_replaces_and_is_recorded(admin, now, scalar, purpose):
    phone = joins_and_enters(admin, now)
    found = scalar("SELECT id FROM staff WHERE email = :email", email=EMAIL)
    with pytest.raises(ReasonMissing):
        administration.reset_way_in(admin, found, purpose, reason="  ", now=now)
    administration.reset_way_in(admin, found, purpose, reason="HP hilang", now=now)
    assert scalar("SELECT reason FROM event WHERE kind = 'officer_reset'") == "HP hilang"
    is_gone = purpose is not LinkPurpose.PASSWORD
    assert (scalar("SELECT count(*) FROM staff_totp WHERE staff_id = :of", of=found) == 0) is is_gone
    stands = signed_in.find(phone.sign_in_token, "officer", now=now) is not None
    assert stands is not is_gone


def joins_and_enters(admin, now):
    administration.invite_officer(admin, RINA, now=now)
    return signs_in(joins(mailed_token(), now), now)


def test_a_dismissed_officer_is_out_at_once_and_their_link_is_dead(admin, now):
    entered = joins_and_enters(admin, now)
    found = db.session.query(Staff.id).filter_by(email=EMAIL).scalar()
    administration.reset_way_in(admin, found, LinkPurpose.PASSWORD, reason="lupa", now=now)
    token = mailed_token()
    administration.dismiss_officer(admin, found, reason="Pindah tugas", now=now)
    assert signed_in.find(entered.sign_in_token, "officer", now=now) is None
    with pytest.raises(WrongCredentials):
        check_staff_password(EMAIL, PASSWORD, browser=computer(), now=now)
    with pytest.raises((LinkOver, AssertionError)):
        joins(token, now)
    with pytest.raises(NotFound):
        administration.set_roles(admin, found, ["printer"], now=now)
    with pytest.raises(StaffAddressTaken):
        administration.invite_officer(admin, RINA, now=now)


# Whose officers they are.


def acts_on(admin: uuid.UUID, officer: uuid.UUID, now: datetime) -> list[type[Refusal]]:
    """What each act of an administrator on this officer is refused with."""
    refused = []
    for act in (
        lambda: administration.set_roles(admin, officer, ["supervisor"], now=now),
        lambda: administration.reset_way_in(admin, officer, LinkPurpose.JOIN, reason="x", now=now),
        lambda: administration.dismiss_officer(admin, officer, reason="x", now=now),
    ):
        with pytest.raises(Refusal) as refusal:
            act()
        refused.append(refusal.type)
    return refused


def test_abuse_15_an_administrator_cannot_touch_another_offices_officers(admin, padang: Office, now, scalar):
    stranger = cast.officer(padang, Role.RECEPTION, now=now).id
    before = scalar("SELECT string_agg(s::text, ' ') FROM staff s")
    assert acts_on(admin, stranger, now) == [NotFound] * 3
    assert acts_on(admin, uuid.UUID(int=7), now) == [NotFound] * 3
    assert scalar("SELECT string_agg(s::text, ' ') FROM staff s") == before
    assert staff_queries.officer(padang.id, stranger, today=now.date(), now=now) is not None
    own_office = scalar("SELECT office_id FROM staff WHERE id = :of", of=admin)
    assert staff_queries.officer(own_office, stranger, today=now.date(), now=now) is None


def test_abuse_39_an_administrator_gives_themselves_nothing(admin, now):
    assert acts_on(admin, admin, now) == [NotYourself] * 3


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADJUDICATOR])
def test_abuse_39_whoever_is_no_administrator_administers_nobody(palembang, admin, now, role):
    other = cast.officer(palembang, role, now=now).id
    assert acts_on(other, admin, now) == [NotAnAdministrator] * 3
    with pytest.raises(NotAnAdministrator):
        administration.invite_officer(other, RINA, now=now)


def test_a_dismissed_administrator_administers_nobody(palembang, admin, now):
    gone = cast.officer(palembang, Role.ADMIN, now=now).id
    administration.dismiss_officer(admin, gone, reason="Pindah", now=now)
    assert acts_on(gone, admin, now) == [NotAnAdministrator] * 3


@pytest.mark.real_clock
def test_two_administrators_who_dismiss_each_other_at_once_leave_one(
    app: Flask, palembang, admin, now, scalar
):
    other = cast.officer(palembang, Role.ADMIN, now=now).id

    def dismisses(pair: tuple[uuid.UUID, uuid.UUID]) -> str:
        with app.app_context(), clock.at(now):
            try:
                administration.dismiss_officer(*pair, reason="x", now=now)
            except Refusal as refusal:
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(dismisses, [(admin, other), (other, admin)]))
    assert outcomes == ["NotAnAdministrator", "done"]
    assert scalar("SELECT count(*) FROM staff WHERE dismissed_at IS NULL") == 1


# What the database itself holds, whatever the code does.

_INTO = "INSERT INTO staff_role (staff_id, role, office_id, granted_by) SELECT "


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        (
            _INTO + ":rina, 'printer', :office, NULL",
            "given by an administrator",
        ),
        (
            _INTO + ":rina, 'printer', :office, :rina",
            "given by an administrator",
        ),
        (
            _INTO + ":rina, 'printer', :padang, :admin",
            "fk_staff_role_office",
        ),
        (
            _INTO + ":admin, 'printer', :office, :admin",
            "ck_staff_role_not_own",
        ),
        ("UPDATE staff_role SET role = 'supervisor'", "permission denied"),
        ("UPDATE staff SET office_id = :padang", "permission denied"),
        ("UPDATE staff SET email = 'x'", "permission denied"),
        ("DELETE FROM staff", "permission denied"),
        ("UPDATE staff SET dismissed_at = NULL WHERE id = :gone", "stays dismissed"),
    ],
)
def test_abuse_39_the_application_makes_nobody_an_officer_by_itself(
    database: postgres.Urls,
    palembang,
    padang: Office,
    admin,
    now,
    statement,
    error,
):
    people = {
        "rina": cast.officer(palembang, Role.RECEPTION, now=now).id,
        "gone": cast.officer(palembang, Role.RECEPTION, now=now).id,
        "admin": admin,
        "office": palembang.id,
        "padang": padang.id,
    }
    administration.dismiss_officer(admin, people["gone"], reason="x", now=now)
    with psycopg.connect(database.owner.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("ALTER TABLE staff_role ENABLE TRIGGER staff_role_is_given")
        try:
            with pytest.raises(Exception, match=error):
                db.session.execute(text(statement), people)
            db.session.rollback()
            good = _INTO + ":rina, 'verifier', :office, :admin"
            db.session.execute(text(good), people)
        finally:
            db.session.rollback()
            owner.execute("ALTER TABLE staff_role DISABLE TRIGGER staff_role_is_given")


# The first one.

FIRST = ["first-admin", "--office", "palembang", "--name", "Intan Permata", "--email", "intan@kantor.example"]


def runs(*words: str):
    return CliRunner().invoke(staff, list(words))


def token_in(words: str) -> str:
    return words.strip().rpartition("=")[2]


def test_the_first_administrator_comes_in_by_a_command_that_works_until_then(palembang, now, scalar):
    first = token_in(runs(*FIRST).output)
    second = token_in(runs(*FIRST).output)
    assert scalar("SELECT count(*) FROM staff") == 1
    with pytest.raises(LinkOver):
        joins(first, now)
    with pytest.raises(LinkOver):
        joins(second, now + LINK_LIFE)
    joins(second, now)
    done = runs(*FIRST)
    assert done.exit_code != 0 and "has an administrator" in done.output
    intan = scalar("SELECT id FROM staff")
    assert administration.invite_officer(intan, RINA, now=now)


def test_the_last_administrator_is_not_dismissed_by_the_command_either(palembang, now):
    joins(token_in(runs(*FIRST).output), now)
    done = runs("dismiss", "intan@kantor.example")
    assert done.exit_code != 0 and "last administrator" in done.output
    serves(now, roles=("admin",))
    dismiss_staff("intan@kantor.example", now=now + timedelta(minutes=1))


def test_the_doctor_names_an_office_that_nobody_administers(app: Flask, palembang, now):
    real = replace(app.extensions["settings"], demo=False)
    (fault,) = doctor.of_administrators(real)
    assert "palembang has no administrator" in fault and "staff first-admin" in fault
    joins(token_in(runs(*FIRST).output), now)
    assert list(doctor.of_administrators(real)) == []

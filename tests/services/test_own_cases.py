"""Abuse case 38: an officer's own case or a relative's is a colleague's work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, update

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.applications.save_page import NIK_PURPOSE
from mpaspor.cli.staff import staff
from mpaspor.desk import adjudicate, check_documents
from mpaspor.desk.close_case import close_case
from mpaspor.desk.correct_identity import Identity, correct_identity
from mpaspor.desk.give_second_chance import give_second_chance
from mpaspor.desk.hand_over import Collector, Scanned, hand_over
from mpaspor.desk.refusals import OwnCase
from mpaspor.desk.rules import Relation, Seen
from mpaspor.desk.take_back import take_back
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.people.models import Staff
from mpaspor.people.rules import Role
from tests.stage.desk import House, Officer, officer

NIK = "1671015203850001"
S = CaseState
STEPS = (S.ARRIVED, S.DOCUMENTS_CHECKED, S.BIOMETRICS_TAKEN, S.INTERVIEWED, S.GRANTED, S.PRINTED, S.READY)
CARD = Identity("BUDI SANTOSO", "Palembang", date(1985, 3, 12), "male")

# What the walk through the house does not do; each is tried whatever state the case is in.
Operation = Callable[..., object]
OPERATIONS: dict[str, Operation] = {
    "accept a paper": lambda who, code, **as_usual: check_documents.decide_paper(
        who, code, "ktp", accepted=True, held=True, reason=None, seen=None, **as_usual
    ),
    "ask for a paper": lambda who, code, **as_usual: check_documents.decide_paper(
        who, code, "ktp", accepted=False, reason="Buram", seen=None, **as_usual
    ),
    "conclude the papers": lambda who, code, **as_usual: check_documents.finish_documents(
        who, code, **as_usual
    ),
    "propose": lambda who, code, **as_usual: adjudicate.propose(
        who, code, verdict=S.REFUSED, reason="-", told=adjudicate.Told("-", "-", None), **as_usual
    ),
    "agree": lambda who, code, **as_usual: adjudicate.decide_proposal(
        who, code, agreed=True, reason=None, seen=None, **as_usual
    ),
    "disagree": lambda who, code, **as_usual: adjudicate.decide_proposal(
        who, code, agreed=False, reason="Tidak", seen=None, **as_usual
    ),
    "correct": lambda who, code, **as_usual: correct_identity(who, code, CARD, reason="KTP", **as_usual),
    "hand over": lambda who, code, **as_usual: hand_over(
        who, code, Scanned(code, ""), Collector(Relation.SELF, list(Seen)), **as_usual
    ),
    "close": lambda who, code, **as_usual: close_case(who, code, reason="Tutup", **as_usual),
    "give a second chance": lambda who, code, **as_usual: give_second_chance(
        who, code, reason="Sakit", **as_usual
    ),
    "take back": lambda who, code, **as_usual: take_back(
        who, code, state=S.ARRIVED, reason="Salah", **as_usual
    ),
}


def keep_away(who: Officer, code: str) -> None:
    """Declare the NIK of this case as the officer's own or a relative's."""
    email = db.session.scalars(select(Staff.email).where(Staff.id == who.id)).one()
    db.session.execute(
        update(Application).where(Application.code == code).values(nik_lookup=lookup_hash(NIK, NIK_PURPOSE))
    )
    db.session.commit()
    db.session.remove()
    assert CliRunner().invoke(staff, ["kin", email], input=f"{NIK}\n").exit_code == 0


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_abuse_38_no_step_on_an_own_case_whatever_the_role(house: House, number: int) -> None:
    code = house.guest()
    if number:
        house.walk(code, STEPS[number - 1])
    everything = officer(house.app, house.office, *Role, now=house.now)
    keep_away(everything, code)
    before = house.state_of(code)
    theirs = House(house.app, house.office, house.now, dict.fromkeys(Role, everything))
    with pytest.raises(OwnCase):
        theirs.walk_on(code, STEPS[number], house.now)
    assert house.state_of(code) == before
    house.walk_on(code, STEPS[number], house.now)
    assert house.state_of(code) == STEPS[number]


@pytest.mark.parametrize("name", OPERATIONS)
def test_abuse_38_no_other_operation_on_an_own_case_either(house: House, name: str, scalar: Any) -> None:
    code = house.guest()
    everything = officer(house.app, house.office, *Role, now=house.now)
    keep_away(everything, code)
    events = scalar("SELECT count(*) FROM event")
    with pytest.raises(OwnCase):
        OPERATIONS[name](everything.id, code, now=house.now)
    assert scalar("SELECT count(*) FROM event") == events


def test_abuse_38_every_address_of_an_own_case_is_closed(house: House) -> None:
    code = house.walk(house.guest(), S.INTERVIEWED)
    everything = officer(house.app, house.office, *Role, now=house.now)
    keep_away(everything, code)
    cases = "/petugas/kasus/<code:code>"
    rules = [rule for rule in house.app.url_map.iter_rules() if rule.rule.startswith(cases)]
    assert len(rules) > 15
    for rule in rules:
        path = rule.rule.replace("<code:code>", code).replace("<paper>", "ktp")
        answer = everything.post(path) if "POST" in (rule.methods or ()) else everything.get(path)
        assert answer.status_code == 403, path
        assert everything.get(f"/petugas/kasus/{code}").status_code == 403  # again, within the same look
        assert "TAMU KE" not in answer.text, path


def test_abuse_38_opening_it_is_refused_in_words_and_recorded(house: House, scalar: Any) -> None:
    code = house.guest()
    who = house[Role.RECEPTION]
    keep_away(who, code)
    for path in ("", "/berkas/ktp/gambar"):
        answer = who.get(f"/petugas/kasus/{code}{path}")
        assert answer.status_code == 403 and "Minta rekan menanganinya" in answer.text
    assert who.post("/petugas/hadir", scan=code).status_code == 403
    assert scalar("SELECT count(*) FROM event WHERE kind = 'own_case_refused'") == 3
    page = house[Role.SUPERVISOR].get(f"/petugas/kasus/{code}").text
    assert "permohonan sendiri atau keluarga" in page and who.name in page


@pytest.mark.parametrize("typed", ["123\n", "", f"{NIK}\n12\n"])
def test_only_a_nik_can_be_declared(app: Flask, now: datetime, scalar: Any, typed: str) -> None:
    assert CliRunner().invoke(staff, ["kin", "x@kantor.example"], input=typed).exit_code == 1
    assert scalar("SELECT count(*) FROM staff_kin") == 0


def test_only_an_officer_in_service_can_declare(app: Flask, now: datetime) -> None:
    done = CliRunner().invoke(staff, ["kin", "x@kantor.example"], input=f"{NIK}\n")
    assert done.exit_code == 1 and "no officer" in done.output

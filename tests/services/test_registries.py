"""Registers before the decision: asked by message, answered once, and never granted against in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from mpaspor.applications.choices import Sex
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.cli.check import breaches
from mpaspor.desk import adjudicate
from mpaspor.desk.ask_registries import KIND, answer, ask_again
from mpaspor.desk.correct_identity import Identity, correct_identity
from mpaspor.desk.find_duplicates import DuplicateSearch
from mpaspor.desk.models import RegistryCheck
from mpaspor.desk.record_interview import record_interview
from mpaspor.desk.refusals import ChecksNeedReason
from mpaspor.desk.registries import NotConnected, RegistryUnavailable
from mpaspor.desk.registry_rules import CheckState, Registry, read
from mpaspor.desk.rules import InterviewVerdict
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from mpaspor.simulators.registries import PopulationSimulator, WatchListSimulator
from mpaspor.worker.loop import Worker, make_worker
from mpaspor.worker.registry_work import registry_handlers
from tests.stage.desk import AllWell, House, registers_answer

S, C, R = CaseState, CheckState, Registry
Scalar = Callable[..., Any]


def interviewed(house: House, nik: str = "1671010101900001", **facts: object) -> str:
    """A case that was just interviewed: its registers are asked, nobody has answered yet."""
    code = house.walk(house.guest(), S.BIOMETRICS_TAKEN)
    db.session.execute(update(Application).where(Application.code == code).values(nik=nik, **facts))
    db.session.commit()
    interview(house, code)
    return code


def interview(house: House, code: str) -> None:
    recommended = InterviewVerdict.RECOMMEND
    who = house[Role.INTERVIEWER].id
    record_interview(who, code, notes="Baik", verdict=recommended, now=house.now)


def checks(code: str) -> dict[Registry, RegistryCheck]:
    found = db.session.scalars(
        select(RegistryCheck)
        .join(Application, Application.id == RegistryCheck.application_id)
        .where(Application.code == code)
    ).all()
    db.session.expunge_all()
    db.session.remove()
    return {check.asked_of: check for check in found}


def states(code: str) -> dict[Registry, CheckState]:
    return {registry: check.state for registry, check in checks(code).items()}


def found_by(code: str, registry: Registry) -> list[tuple[str, str, int]]:
    return [(one.kind, one.text, one.count) for one in read(checks(code)[registry].details)]


def broken(now: datetime) -> list[str]:
    """What `bin/mpaspor check` says of registers."""
    return [found.name for found in breaches(now) if "register" in found.name]


def elsewhere() -> Office:
    return db.session.scalars(select(Office).where(Office.code != "palembang").limit(1)).one()


def grants(house: House, code: str, reason: str | None = None) -> None:
    adjudicate.grant(house[Role.ADJUDICATOR].id, code, reason=reason, now=house.now)


def test_the_interview_asks_and_the_worker_brings_the_answers(house: House, scalar: Scalar) -> None:
    code = interviewed(house)
    assert states(code) == dict.fromkeys(Registry, C.ASKED)
    with pytest.raises(ChecksNeedReason):
        grants(house, code)
    make_worker(house.app).once()
    assert states(code) == dict.fromkeys(Registry, C.CLEAR)
    make_worker(house.app).once()
    assert scalar("SELECT count(*) FROM event WHERE kind = 'registry_answered'") == len(Registry)
    grants(house, code)
    assert broken(house.now) == []


@pytest.mark.parametrize(
    ("nik", "registry", "finding"),
    [
        ("1671010101909901", R.WATCH_LIST, ("listed", "SIMULASI-CEGAH-0001", 1)),
        ("1671010101909902", R.POPULATION, ("nik_unknown", "", 1)),
        ("1671010101909903", R.POPULATION, ("differs", "full_name", 1)),
    ],
)
def test_a_hit_is_granted_with_a_reason_only_and_the_reason_stays(
    house: House, scalar: Scalar, nik: str, registry: Registry, finding: tuple[str, str, int]
) -> None:
    code = interviewed(house, nik)
    make_worker(house.app).once()
    assert states(code) == {**dict.fromkeys(Registry, C.CLEAR), registry: C.HIT}
    assert found_by(code, registry) == [finding]
    with pytest.raises(ChecksNeedReason):
        grants(house, code, "  ")
    grants(house, code, "Orang lain, nomor KTP diperiksa")
    assert scalar("SELECT reason FROM event WHERE to_state = 'granted'") == "Orang lain, nomor KTP diperiksa"
    assert broken(house.now) == []


def test_what_is_found_lies_sealed(house: House, scalar: Scalar) -> None:
    interviewed(house, "1671010101909901")
    make_worker(house.app).once()
    kept = scalar("SELECT details FROM registry_check WHERE state = 'hit'")
    assert b"SIMULASI" not in bytes(kept)


def test_a_register_that_is_down_says_so_and_is_asked_again(house: House, scalar: Scalar) -> None:
    code = interviewed(house)
    population = PopulationSimulator(slow_for=1)
    sources = {R.WATCH_LIST: WatchListSimulator(), R.DUPLICATES: AllWell(), R.POPULATION: population}
    worker = Worker(house.app, registry_handlers(sources), scans=())
    worker.once()
    assert states(code) == {R.WATCH_LIST: C.CLEAR, R.DUPLICATES: C.CLEAR, R.POPULATION: C.UNAVAILABLE}
    with pytest.raises(ChecksNeedReason):
        grants(house, code)
    waiting = "FROM outbox WHERE kind = 'ask_registry' AND sent_at IS NULL AND available_at > created_at"
    assert scalar(f"SELECT count(*) {waiting}") == 1
    assert scalar(f"SELECT attempts {waiting}") == 0
    answer(sources, checks(code)[R.POPULATION].ask_id, now=house.now)
    assert states(code) == dict.fromkeys(Registry, C.CLEAR)


def test_once_it_is_decided_nobody_waits_for_a_register_any_more(house: House) -> None:
    code = interviewed(house)
    sources = dict.fromkeys(Registry, NotConnected())
    ask_id = checks(code)[R.WATCH_LIST].ask_id
    with pytest.raises(RegistryUnavailable):
        answer(sources, ask_id, now=house.now)
    grants(house, code, "Semua pemeriksaan mati")
    answer(sources, ask_id, now=house.now)
    assert states(code)[R.WATCH_LIST] is C.UNAVAILABLE


def test_an_answer_to_an_older_question_changes_nothing(house: House) -> None:
    code = interviewed(house)
    old = checks(code)[R.WATCH_LIST].ask_id
    ask_again(house[Role.ADJUDICATOR].id, code, now=house.now)
    answer(dict.fromkeys(Registry, AllWell()), old, now=house.now)
    assert states(code) == dict.fromkeys(Registry, C.ASKED)


def test_another_name_is_another_question(house: House) -> None:
    code = interviewed(house)
    registers_answer(code, house.now)
    card = Identity("Nama Di Kartu", "Palembang", date(1990, 1, 1), Sex.MALE)
    correct_identity(house[Role.VERIFIER].id, code, card, reason="Sesuai KTP", now=house.now)
    assert states(code) == dict.fromkeys(Registry, C.ASKED)


def test_a_case_from_before_registers_were_asked_needs_a_reason_or_an_answer(house: House) -> None:
    code = interviewed(house)
    db.session.execute(RegistryCheck.__table__.delete())  # type: ignore[attr-defined]
    db.session.commit()
    with pytest.raises(ChecksNeedReason):
        grants(house, code)
    assert house[Role.ADJUDICATOR].get(f"/petugas/kasus/{code}").text.count("Belum ditanyakan") == 3
    ask_again(house[Role.ADJUDICATOR].id, code, now=house.now)
    registers_answer(code, house.now)
    grants(house, code)


def test_the_same_person_elsewhere_is_a_number_and_a_state(house: House) -> None:
    who = {"full_name": "RATNA DEWI", "birth_on": date(1992, 8, 7)}
    first = house.guest(state=S.REFUSED)
    unpaid = house.guest(state=S.AWAITING_PAYMENT)
    named = house.guest(state=S.COLLECTED)
    same = {"nik_lookup": b"r" * 32}
    for code, facts in (
        (first, same),
        (named, {**who, "full_name": "Ratna Dewi", "office_id": elsewhere().id}),
        (unpaid, who),
    ):
        db.session.execute(update(Application).where(Application.code == code).values(**facts))
    db.session.commit()
    code = interviewed(house, **who, **same)
    registers_answer(code, house.now, duplicates=DuplicateSearch())
    assert found_by(code, R.DUPLICATES) == [("same_nik", "refused", 1), ("same_person", "collected", 1)]
    shown = house[Role.ADJUDICATOR].get(f"/petugas/kasus/{code}").text
    assert "NIK sama: 1 permohonan lain" in shown and "Nama dan tanggal lahir sama" in shown
    assert first not in shown and named not in shown


def test_an_officer_of_another_office_neither_sees_nor_asks(house: House) -> None:
    code = interviewed(house, "1671010101909901")
    make_worker(house.app).once()
    other = House(house.app, elsewhere(), house.now)[Role.ADJUDICATOR]
    assert other.get(f"/petugas/kasus/{code}").status_code == 404
    assert other.post(f"/petugas/kasus/{code}/pemeriksaan").status_code == 404
    with pytest.raises(NotFound):
        ask_again(other.id, code, now=house.now)
    assert states(code)[R.WATCH_LIST] is C.HIT


def test_who_does_not_decide_is_told_nothing_of_it(house: House) -> None:
    code = interviewed(house, "1671010101909901")
    make_worker(house.app).once()
    for role in (Role.INTERVIEWER, Role.VERIFIER, Role.SUPERVISOR, Role.RECEPTION):
        assert "cegah" not in house[role].get(f"/petugas/kasus/{code}").text.lower()
        assert house[role].post(f"/petugas/kasus/{code}/pemeriksaan").status_code in (403, 404)
    assert "SIMULASI-CEGAH-0001" in house[Role.ADJUDICATOR].get(f"/petugas/kasus/{code}").text


def test_the_page_is_red_asks_for_the_reason_and_asks_again(house: House) -> None:
    code = interviewed(house, "1671010101909901")
    make_worker(house.app).once()
    at, who = f"/petugas/kasus/{code}", house[Role.ADJUDICATOR]
    page = who.get(at).text
    assert "Pemeriksaan sebelum keputusan: ada temuan" in page and 'name="grant-reason"' in page
    refused = who.post(f"{at}/setujui", **{"grant-reason": " "})
    assert refused.status_code == 422 and 'href="#grant-reason"' in refused.text
    assert who.post(f"{at}/pemeriksaan").status_code == 303
    assert who.get(at).text.count("Belum dijawab") == 3
    registers_answer(code, house.now)
    page = who.get(at).text
    assert page.count("Tidak ada temuan") == 3 and 'name="grant-reason"' not in page


def test_asking_is_a_message_and_a_repeat_is_harmless(house: House, scalar: Scalar) -> None:
    code = interviewed(house)
    assert scalar(f"SELECT count(*) FROM outbox WHERE kind = '{KIND}'") == len(Registry)
    who = house[Role.ADJUDICATOR]
    for _ in range(2):
        assert who.post(f"/petugas/kasus/{code}/pemeriksaan", kunci="sama-sama-1").status_code == 303
    assert scalar(f"SELECT count(*) FROM outbox WHERE kind = '{KIND}'") == 2 * len(Registry)

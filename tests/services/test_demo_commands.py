"""The people of the demo: those who live in it, and a crowd that can check out at once."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from mpaspor.billing.check_out import check_out
from mpaspor.cli.check import breaches
from mpaspor.cli.demo import demo
from mpaspor.config import BadSetting
from mpaspor.demo import crowd
from mpaspor.demo.cast import BUDI, DEWI, RATNA
from mpaspor.demo.load import load
from mpaspor.demo.partner import register_bank
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.sign_in.applicants import CodeAsked, sign_in
from mpaspor.people.sign_in.browsers import Browser
from tests import clean_tables
from tests.broken_by_hand import sweep_files
from tests.stage import bills


@pytest.fixture
def rows(app: Flask, palembang: Office, now: datetime) -> list[dict[str, str]]:
    sweep_files()
    answer = app.test_cli_runner().invoke(demo, ["crowd", "3", "--json"])
    assert answer.exit_code == 0, answer.output
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_each_of_the_crowd_is_signed_in_and_owns_a_draft(
    app: Flask, rows: list[dict[str, str]], client: FlaskClient, now: datetime
) -> None:
    assert len({row["id"] for row in rows}) == len({row["email"] for row in rows}) == 3
    for row in rows:
        client = app.test_client()
        client.set_cookie(row["cookie_name"], row["cookie"])
        page = client.get(f"/permohonan/{row['application']}/jadwal")
        assert page.status_code == 200 and 'name="kunci"' in page.text
    assert [str(breach) for breach in breaches(now)] == []


def test_each_of_the_crowd_can_check_out_and_sign_in(
    rows: list[dict[str, str]], palembang: Office, now: datetime, scalar
) -> None:  # type: ignore[no-untyped-def]
    slot = bills.free_slot(palembang, now)
    for row in rows:
        check_out(uuid.UUID(row["id"]), [(row["application"], slot)], now=now)
        assert isinstance(sign_in(row["email"], row["password"], browser=Browser(), now=now), CodeAsked)
    assert scalar("SELECT count(DISTINCT nik_lookup) FROM application WHERE state = 'awaiting_payment'") == 3


def test_all_of_the_crowd_have_what_the_operations_wrote_for_the_first(
    app: Flask, palembang: Office, now: datetime, scalar
) -> None:  # type: ignore[no-untyped-def]
    sweep_files()
    answer = app.test_cli_runner().invoke(demo, ["crowd", "1"])
    assert answer.exit_code == 0, answer.output
    one = _rows_of_people()
    answer = app.test_cli_runner().invoke(demo, ["crowd", "49"])
    assert answer.exit_code == 0, answer.output
    assert len(answer.stdout.splitlines()) == 49 and answer.stderr == ""
    assert _rows_of_people() == {table: 50 * count for table, count in one.items()}
    for column in ("nik_lookup", "nik_encrypted", "phone", "code"):
        assert (
            scalar(f"SELECT count(DISTINCT {column}) FROM application WHERE declared_at = :now", now=now)
            == 50
        )
    assert scalar("SELECT count(DISTINCT phone) FROM account WHERE email_verified_at IS NOT NULL") == 50
    for table, columns in (
        ("event", "kind, details, to_state, office_id"),
        ("document", "kind, width, sha256"),
    ):
        alike = (
            f"SELECT count(*) FROM (SELECT {columns} FROM {table} GROUP BY {columns} HAVING count(*) = 50) x"
        )
        assert scalar(alike) == one[table], table
    assert scalar("SELECT count(DISTINCT answers) FROM answer_page") == one["answer_page"] * 50, "sealed anew"
    assert (
        scalar(
            "SELECT count(*) FROM event e JOIN application a ON a.id = e.application_id"
            " WHERE actor_kind = 'applicant' AND actor_id = a.account_id"
        )
        == one["event"] * 50
    )
    assert [str(breach) for breach in breaches(now)] == []


def _rows_of_people() -> dict[str, int]:
    """How many rows each table holds that making people adds to."""
    tables = [table.name for table in db.metadata.sorted_tables if table.name not in clean_tables.REFERENCE]
    counts = {name: db.session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}
    db.session.remove()
    return {name: count for name, count in counts.items() if count and name != "slot"}


def test_nobody_of_the_crowd_has_a_nik_that_somebody_has(
    app: Flask, palembang: Office, now: datetime, monkeypatch: pytest.MonkeyPatch, scalar
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(crowd, "_BIRTH_DAYS", 3)
    monkeypatch.setattr(crowd, "_SERIALS", 1)  # six NIKs in all
    for _ in range(2):
        assert len(list(crowd.gather(3, now=now))) == 3
    assert scalar("SELECT count(DISTINCT nik_lookup) FROM application") == 6


@pytest.mark.long
@pytest.mark.parametrize(
    "moment",
    [
        *(
            "2024-02-29T23:59",
            "2025-12-31T23:59",
            "2026-11-28T09:00",
            "2027-03-15T09:00",
            "2026-11-30T05:30",
        ),  # …, Saturday, Idulfitri, before the doors open
        *("2027-12-31T23:59", "2028-02-29T23:59", "2030-01-01T00:01"),
    ],
)
def test_everybody_whom_the_readme_names_is_there_on_any_date(app: Flask, moment: str, scalar) -> None:  # type: ignore[no-untyped-def]
    sweep_files()
    now = datetime.fromisoformat(f"{moment}+07:00").astimezone(UTC)
    with clock.at(now):
        register_bank(app.extensions["settings"].data_dir)
        load(now)
    states = {BUDI: "draft", RATNA: "scheduled", DEWI: "interviewed"}
    for person, state in states.items():
        found = scalar(
            "SELECT count(*) FROM application JOIN account ON account.id = account_id"
            " WHERE account.email = :email AND application.state = :state",
            email=person.email,
            state=state,
        )
        assert found == 1, person.email
    assert scalar("SELECT count(DISTINCT date(starts_at)) FROM slot WHERE starts_at > :now", now=now) >= 15
    for state in ("arrived", "documents_checked"):  # somebody for the verifier, somebody for the camera
        assert scalar("SELECT count(*) FROM application WHERE state = :state", state=state) >= 1, state
    assert [str(breach) for breach in breaches(now)] == []


@pytest.mark.parametrize("words", [["crowd", "1"], ["load"]])
def test_a_real_installation_gets_no_fictitious_people(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch, scalar, words: list[str]
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], demo=False))
    answer = app.test_cli_runner().invoke(demo, words)
    assert isinstance(answer.exception, BadSetting)
    assert scalar("SELECT count(*) FROM account") == 0

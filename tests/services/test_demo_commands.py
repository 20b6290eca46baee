"""The people of the demo: those who live in it, and a crowd that can check out at once."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mpaspor.billing.check_out import check_out
from mpaspor.cli.check import breaches
from mpaspor.cli.demo import demo
from mpaspor.config import BadSetting
from mpaspor.demo.cast import BUDI, DEWI, RATNA
from mpaspor.demo.load import load
from mpaspor.demo.partner import register_bank
from mpaspor.foundation import clock
from mpaspor.offices.models import Office
from mpaspor.people.sign_in.applicants import CodeAsked, sign_in
from mpaspor.people.sign_in.browsers import Browser
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

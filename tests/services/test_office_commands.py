"""The command line of offices and quotas."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, func, select, update

from mpaspor.booking.models import Slot
from mpaspor.cli import doctor
from mpaspor.cli.office import office
from mpaspor.cli.quota import quota
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import OfferedKind, Office, OpeningHour, ServicePoint


def _run(group, *words: str) -> str:  # type: ignore[no-untyped-def]
    result = CliRunner().invoke(group, words)
    assert result.exit_code == 0, result.output
    return result.output


def test_offices_are_listed_and_shown(app: Flask, now: datetime) -> None:
    assert "151 offices" in _run(office, "load")
    assert len(_run(office, "list").splitlines()) == 151
    assert _run(office, "list", "--in-service").startswith("* palembang")
    shown = _run(office, "show", "palembang")
    assert "Kantor Imigrasi Kelas I TPI Palembang" in shown
    assert "Fri 08:00-09:00   18 places" in shown and "electronic_laminated, 10 years" in shown


def test_an_unknown_code_ends_in_words(app: Flask) -> None:
    result = CliRunner().invoke(office, ["show", "atlantis"])
    assert result.exit_code == 1 and "No office has the code" in result.output


def test_an_office_is_opened_with_hours_of_its_own(app: Flask, now: datetime, tmp_path: Path) -> None:
    hours = tmp_path / "hours.csv"
    hours.write_text("weekday,starts_at,ends_at,capacity\n0,08:00,09:00,5\n")
    said = _run(office, "open", "bitung", "--hours", str(hours), "--address", "Jalan Rekaan 1")
    try:
        assert "4 hours were opened" in said or "5 hours were opened" in said
    finally:
        bitung = db.session.scalars(select(Office).where(Office.code == "bitung")).one()
        for table in (Slot, OpeningHour, OfferedKind, ServicePoint):
            db.session.execute(delete(table).where(table.office_id == bitung.id))
        db.session.execute(
            update(Office).where(Office.id == bitung.id).values(in_service=False, address=None)
        )
        db.session.commit()


def test_a_year_without_a_decree_stays_shut_and_the_commands_say_so(app: Flask) -> None:
    with clock.at(datetime(2027, 12, 20, 1, tzinfo=UTC)):
        said = _run(quota, "top-up")
        assert "The holidays of 2028 are not known here, so none of its days is opened." in said
        assert "bin/mpaspor office load" in said
        faults = "\n".join(doctor.of_holidays(app.extensions["settings"]))
        assert "The holidays of 2028 are not known here" in faults and "2027" not in faults
    last = db.session.scalar(select(func.max(Slot.starts_at)))
    assert last is not None and last.year == 2027


def test_places_are_made_and_released(app: Flask, now: datetime) -> None:
    assert "palembang: 143 hours added" in _run(quota, "top-up", "--percent", "0")
    assert db.session.scalar(select(func.sum(Slot.released))) == 0
    db.session.rollback()
    said = _run(quota, "release", "--office", "palembang", "--from", "2026-11-24", "--to", "2026-11-25")
    assert "places opened in 14 hours" in said
    assert db.session.scalar(select(func.sum(Slot.released))) == 200


def test_a_release_is_looked_at_planned_listed_and_cancelled(palembang: Office, now: datetime) -> None:
    week = ("--office", "palembang", "--from", "2026-12-24", "--to", "2026-12-31", "--percent", "50")
    words = ("release", *week, "--at", "2026-12-04 14:00")
    looked = _run(quota, *words)
    assert "2026-12-24  holiday: " in looked and "2026-12-26  no hours" in looked
    assert "2026-12-28  50 of 100 places open then, 0 are open" in looked
    assert "200 places will open." in looked and "Nothing was planned" in looked
    [made] = re.findall(r"Planned: (\S+)", _run(quota, *words, "--yes"))
    listed = _run(quota, "releases", "--office", "palembang")
    assert f"{made}  2026-12-04 14:00  2026-12-24..2026-12-31" in listed and "50 %, once" in listed
    assert "1 openings were cancelled" in _run(quota, "cancel-release", made)
    assert "cancelled" in _run(quota, "releases", "--office", "palembang")
    for wrong in (
        ("cancel-release", made),
        ("release", *week, "--at", "2026-11-20 14:00"),
        ("release", *week, "--weekly"),
        ("release", *week, "--at", "2026-12-04 14:00", "--programme", "no-such"),
    ):
        result = CliRunner().invoke(quota, wrong)
        assert result.exit_code != 0 and "Traceback" not in result.output, wrong

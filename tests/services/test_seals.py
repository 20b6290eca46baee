"""A sealed event cannot be changed, taken away or slipped in without it being seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from mpaspor.cli.audit import audit
from mpaspor.correspondence.handlers import HANDLERS
from mpaspor.foundation import anchors, clock, events, seals
from mpaspor.foundation.database import db
from mpaspor.foundation.models import Event, EventSeal
from mpaspor.foundation.operations import operation
from mpaspor.offices.models import Office
from mpaspor.worker.loop import Worker
from tests import postgres


@pytest.fixture(autouse=True)
def no_anchors_of_others(app: Flask) -> None:
    """The folder outlives a test, its database does not."""
    anchors.own_file().unlink(missing_ok=True)


@pytest.fixture
def sealed(app: Flask, palembang: Office, now: datetime) -> None:
    """Three events of one office, sealed the day after they were written."""

    @operation
    def write(*, now: datetime) -> None:
        for reason in ("a", "b", "c"):
            events.record("case", actor=events.SYSTEM, now=now, office_id=palembang.id, reason=reason)

    write(now=now)
    assert seals.seal_ended_days(now=now + timedelta(days=2)) == 1
    assert seals.seal_ended_days(now=now + timedelta(days=2)) == 0


def test_an_event_belongs_to_the_day_on_which_it_was_written_whatever_day_it_claims(
    app: Flask, palembang: Office, now: datetime
) -> None:
    """The demo writes events of past days, and an intruder could: neither slips into a sealed day."""

    @operation
    def write(*, now: datetime) -> None:
        events.record("case", actor=events.SYSTEM, now=now, office_id=palembang.id)

    write(now=now - timedelta(days=6))
    seals.seal_ended_days(now=now)
    assert db.session.scalars(db.select(EventSeal.on_date)).all() == []
    seals.seal_ended_days(now=now + timedelta(days=2))
    assert db.session.scalars(db.select(EventSeal.on_date)).all() == [now.date()]


def as_owner_of_everything(database: postgres.Urls, statement: str) -> None:
    with postgres._connect(database.superuser) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement)


def test_untouched_events_verify(sealed: None) -> None:
    assert seals.violations() == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE event SET reason = 'z' WHERE reason = 'b'",
        "DELETE FROM event WHERE reason = 'c'",
        "UPDATE event SET at = at + interval '1 second' WHERE reason = 'a'",
        "UPDATE event SET seq = seq + 10 WHERE reason = 'a'",
    ],
)
def test_abuse_37_tampering_is_found(sealed: None, database: postgres.Urls, tampering: str) -> None:
    as_owner_of_everything(database, tampering)
    assert len(seals.violations()) == 1


def test_the_application_itself_cannot_change_or_delete_an_event(sealed: None) -> None:
    for statement in ("UPDATE event SET reason = 'z'", "DELETE FROM event", "TRUNCATE event"):
        with pytest.raises(DBAPIError):
            db.session.execute(db.text(statement))
        db.session.rollback()


def test_one_run_ends_after_so_many_seals_and_the_next_goes_on_where_it_ended(
    app: Flask, palembang: Office, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was left unsealed, however long: no run takes more than a day or two of it."""

    @operation
    def write(*, now: datetime) -> None:
        events.record("case", actor=events.SYSTEM, now=now, office_id=palembang.id)
        events.record("case", actor=events.SYSTEM, now=now)

    days = [now + timedelta(days=number) for number in (0, 1, 200)]
    for day in days:
        with clock.at(day):
            write(now=day)
    monkeypatch.setattr(anchors, "_PIECE", 200)  # less than the anchors of a day
    later = now + timedelta(days=300)
    assert [seals.seal_ended_days(now=later, at_most=1) for _day in days] == [2, 2, 2]
    assert seals.seal_ended_days(now=later, at_most=1) == 0
    sealed = seals.all_seals()
    assert [seal.on_date for seal in sealed[::2]] == [day.date() for day in days]
    assert seals.violations() == []
    written = anchors.own_file().read_text().splitlines()
    assert written == [anchors.line_of(seal) for seal in sealed], "each once"


def test_an_event_carries_the_moment_at_which_its_operation_had_the_lock_not_its_request(
    app: Flask, now: datetime
) -> None:
    @operation
    def waits_for_a_lock(*, now: datetime) -> None:
        with clock.at(now + timedelta(seconds=3)):
            events.record("case", actor=events.SYSTEM, now=now)

    waits_for_a_lock(now=now)
    assert db.session.scalars(db.select(Event.at)).one() == now + timedelta(seconds=3)


def test_events_have_their_order_from_the_database_not_from_clocks(app: Flask, now: datetime) -> None:
    @operation
    def write(kind: str, *, now: datetime) -> None:
        events.record(kind, actor=events.SYSTEM, now=now)

    write("first", now=now + timedelta(seconds=2))
    with clock.at(now - timedelta(minutes=1)):
        write("second", now=now)
    assert db.session.scalars(db.select(Event.kind).order_by(*events.in_order())).all() == ["first", "second"]
    assert db.session.scalars(db.select(Event.kind).order_by(*events.newest_first())).first() == "second"


def test_seals_of_before_the_order_was_kept_still_verify(
    sealed: None, database: postgres.Urls, now: datetime
) -> None:
    as_owner_of_everything(database, "UPDATE event SET seq = NULL; DELETE FROM event_seal")
    seals.seal_ended_days(now=now + timedelta(days=2))
    before = db.session.scalars(db.select(EventSeal.digest)).one()
    event = db.session.execute(db.select(*seals._COLUMNS.values())).first()
    assert event is not None
    canonical = json.loads(seals._canonical(event))
    assert "seq" not in canonical and before
    assert seals.violations() == []


@pytest.mark.parametrize("sealed_again", [False, True])
def test_abuse_37_the_newest_day_cut_off_with_its_seal_is_found(
    app: Flask, sealed: None, database: postgres.Urls, now: datetime, sealed_again: bool
) -> None:
    assert app.test_cli_runner().invoke(audit, ["verify"]).exit_code == 0
    as_owner_of_everything(database, "DELETE FROM event WHERE reason <> 'a'; DELETE FROM event_seal")
    if sealed_again:
        assert seals.seal_ended_days(now=now + timedelta(days=2)) == 1
    assert seals.violations() == []
    said = app.test_cli_runner().invoke(audit, ["verify"])
    assert said.exit_code == 1 and "3 events were anchored" in said.output


def test_abuse_37_anchors_that_were_cut_too_are_found_by_a_copy_kept_elsewhere(
    app: Flask, sealed: None, database: postgres.Urls, tmp_path: Path
) -> None:
    with app.app_context():
        own = anchors.own_file()
    assert own.stat().st_mode & 0o777 == 0o600
    copy = tmp_path / "copy.jsonl"
    copy.write_text(own.read_text())
    as_owner_of_everything(database, "DELETE FROM event; DELETE FROM event_seal")
    own.write_text("")
    assert app.test_cli_runner().invoke(audit, ["verify"]).exit_code == 0
    said = app.test_cli_runner().invoke(audit, ["verify", "--anchors", str(copy)])
    assert said.exit_code == 1 and "its seal is gone" in said.output and "copy's anchor" in said.output


def test_anchors_go_by_mail_and_the_saved_mail_is_a_copy_to_compare_with(
    app: Flask,
    palembang: Office,
    database: postgres.Urls,
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scalar: Callable[..., str],
) -> None:
    given = replace(app.extensions["settings"], anchor_mail="arsip@kantor.example")
    monkeypatch.setitem(app.extensions, "settings", given)

    @operation
    def write(*, now: datetime) -> None:
        events.record("case", actor=events.SYSTEM, now=now, office_id=palembang.id)
        events.record("case", actor=events.SYSTEM, now=now)

    write(now=now)
    later = now + timedelta(days=2)
    assert seals.seal_ended_days(now=later) == 2
    with clock.at(later):
        assert Worker(app, HANDLERS).hand_out(urgent=False) == 0, "the run may still be going on"
    with clock.at(later + timedelta(minutes=10)):
        assert Worker(app, HANDLERS).hand_out(urgent=False) == 1, "one mail a run"
    copy = tmp_path / "mail.txt"
    copy.write_text(scalar("SELECT body FROM demo_message WHERE sent_to = 'arsip@kantor.example'"))
    assert len(anchors.read(copy)) == 2
    check = ["verify", "--anchors", str(copy)]
    assert app.test_cli_runner().invoke(audit, check).exit_code == 0
    as_owner_of_everything(database, "DELETE FROM event; DELETE FROM event_seal")
    anchors.own_file().unlink()
    assert app.test_cli_runner().invoke(audit, check).exit_code == 1

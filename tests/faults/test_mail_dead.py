"""A dead mail server: the letter waits, is tried again, is listed as failed, and leaves once it lives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from flask import Flask

from mpaspor.applications.models import Application
from mpaspor.billing.withdraw import withdraw
from mpaspor.cli.worker import outbox_commands
from mpaspor.foundation import clock, outbox_queue
from mpaspor.foundation.outbox_queue import MAX_ATTEMPTS
from mpaspor.offices.models import Office
from mpaspor.worker.loop import make_worker
from tests import live_web
from tests.stage.cast import RATNA_NIK, applicant
from tests.stage.drafts import ready_draft

Scalar = Callable[..., Any]


class Postbox(Message):
    """Keeps the subjects of what came."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[str] = []

    def handle_message(self, message: Any) -> None:
        self.came.append(str(message["Subject"]))


@pytest.fixture
def port(app: Flask, monkeypatch: pytest.MonkeyPatch) -> int:
    """The port of a mail server that nobody has started."""
    port = live_web.free_port()
    dead = replace(
        app.extensions["settings"], smtp_url=f"smtp://127.0.0.1:{port}", public_url="http://mpaspor.id"
    )
    monkeypatch.setitem(app.extensions, "settings", dead)
    return port


@pytest.fixture
def withdrawn(app: Flask, palembang: Office, now: datetime) -> Application:
    """Ratna has withdrawn, and a message to a real address is to tell her so."""
    ratna = applicant("Ratna Dewi Kusuma", "ratna@kantor.id", now)
    case = ready_draft(ratna, palembang, RATNA_NIK, now, state="awaiting_place", number="1234567890123452")
    withdraw(ratna.id, case.code, now=now)
    return case


def work(app: Flask, begin: datetime, hours: int) -> None:
    """A worker that looks once a minute, without its timed scans."""
    worker = make_worker(app)
    for minute in range(hours * 60):
        with clock.at(begin + timedelta(minutes=minute)):
            worker.hand_out(urgent=False)


def test_a_letter_outlives_a_dead_mail_server(
    app: Flask, withdrawn: Application, port: int, now: datetime, scalar: Scalar
) -> None:
    with clock.at(now):
        make_worker(app).hand_out(urgent=False)
    assert scalar("SELECT attempts FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL") == 1

    work(app, now, 3)
    assert scalar("SELECT attempts FROM outbox") == MAX_ATTEMPTS
    [failed] = outbox_queue.dead()
    assert failed.kind == "withdrawn" and "ratna" not in (failed.last_error or "")
    listed = app.test_cli_runner().invoke(outbox_commands, ["failed"])
    assert str(failed.id) in listed.output

    postbox = Postbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        later = now + timedelta(hours=4)
        with clock.at(later):
            assert app.test_cli_runner().invoke(outbox_commands, ["retry", "--all"]).exit_code == 0
        work(app, later, 1)
    finally:
        controller.stop()
    assert len(postbox.came) == 1, "once, not once for each try"
    assert scalar("SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL AND dead_at IS NULL") == 1


def test_a_mail_server_that_comes_back_in_time_is_noticed_by_itself(
    app: Flask, withdrawn: Application, port: int, now: datetime, scalar: Scalar
) -> None:
    with clock.at(now):
        make_worker(app).hand_out(urgent=False)
    postbox = Postbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        work(app, now + timedelta(minutes=1), 1)
    finally:
        controller.stop()
    assert len(postbox.came) == 1
    assert outbox_queue.dead() == [] and scalar("SELECT attempts FROM outbox") == 2

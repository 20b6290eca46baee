"""Starting an application."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import datetime

import pytest
from flask import Flask

from mpaspor.applications import queries
from mpaspor.applications.discard_draft import discard_draft
from mpaspor.applications.refusals import TooManyDrafts
from mpaspor.applications.rules import Need, PassportKind
from mpaspor.applications.start_application import start_application
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.foundation.refusals import NotFound
from tests.stage.cast import Person
from tests.stage.drafts import case_of, starts


def test_a_draft_knows_its_kind_and_nothing_else(ratna: Person, now: datetime, scalar) -> None:  # type: ignore[no-untyped-def]
    case = case_of(starts(ratna, now))
    assert (case.state, case.need, case.kind, case.validity_years) == (
        "draft",
        "new",
        "electronic_laminated",
        5,
    )
    assert case.number is None and case.nik is None and case.office_id is None
    assert scalar("SELECT kind FROM event WHERE application_id = :id", id=case.id) == "started"


def test_the_same_key_starts_one_draft(ratna: Person, now: datetime) -> None:
    key = OneTimeKey(str(ratna.id), "/permohonan/baru", "k", b"body", now)
    codes = {_start(ratna, now, key) for _n in range(2)}
    assert len(codes) == 1 and queries.draft_count(ratna.id) == 1


def test_no_more_than_five_drafts_until_one_is_gone(ratna: Person, now: datetime) -> None:
    codes = [starts(ratna, now) for _n in range(5)]
    with pytest.raises(TooManyDrafts) as refusal:
        starts(ratna, now)
    assert refusal.value.facts == {"allowed": 5}
    discard_draft(ratna.id, codes[0], now=now)
    starts(ratna, now)


def test_many_starts_at_once_do_not_pass_the_limit(app: Flask, ratna: Person, now: datetime) -> None:
    def one() -> None:
        with app.app_context(), suppress(TooManyDrafts):
            starts(ratna, now)

    threads = [threading.Thread(target=one) for _n in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert queries.draft_count(ratna.id) == 5


def test_an_account_that_is_not_there_starts_nothing(ratna: Person, now: datetime) -> None:
    ghost = Person(ratna.id.__class__(int=1), "Hantu", "-")
    with pytest.raises(NotFound):
        starts(ghost, now)


def _start(who: Person, now: datetime, key: OneTimeKey) -> str:
    return start_application.once(
        key,
        who.id,
        need=Need.NEW,
        replacement_reason=None,
        kind=PassportKind.ELECTRONIC_LAMINATED,
        validity_years=5,
        now=now,
    )

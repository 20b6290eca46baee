"""What the benches of check-outs share: hours that everybody wants, browsers at the last page, the button."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select, update

from benchmarks.people import Ready
from benchmarks.requests import address_of, post
from mpaspor.booking.models import Slot
from mpaspor.cli.check import breaches
from mpaspor.demo.cookies import cookie_for
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from tests.races.crowd import Browser, open_forms


def hot_hours(office: Office, count: int, places: int) -> list[uuid.UUID]:
    """So many hours of the office, some days ahead, with so many places each."""
    begin = clock.now() + timedelta(days=5)
    wanted = select(Slot.id).where(Slot.office_id == office.id, Slot.starts_at > begin)
    found = list(db.session.scalars(wanted.order_by(Slot.starts_at).limit(count)))
    if len(found) < count:
        raise RuntimeError(f"the office has only {len(found)} hours ahead")
    db.session.execute(update(Slot).where(Slot.id.in_(found)).values(capacity=places, released=places))
    db.session.commit()
    db.session.remove()
    return found


def together(port: int, people: Sequence[Ready], hour: uuid.UUID) -> list[Browser]:
    """Everybody in a browser of their own, with the form open and the hour chosen, not yet pressed."""
    browsers = [
        Browser(f"http://127.0.0.1:{port}", address_of(number), one.code, dict([cookie_for(one.token)]))
        for number, one in enumerate(people)
    ]
    open_forms(browsers, hour)
    return browsers


def press(browser: Browser) -> bytes:
    """The button."""
    return post(browser.path, browser.form, browser.cookies, address=browser.address)


def expect_clean(taken: Mapping[uuid.UUID, int]) -> None:
    """What was measured was real: so many places are taken, and nothing that must hold is broken."""
    for hour, expected in taken.items():
        found = db.session.get_one(Slot, hour, populate_existing=True).taken
        if found != expected:
            raise RuntimeError(f"{found} places taken, {expected} expected")
    broken = [str(breach) for breach in breaches(clock.now())]
    if broken:
        raise RuntimeError(f"{len(broken)} promises broken: {broken[:5]}")
    db.session.remove()

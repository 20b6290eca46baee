"""The office on its day: a clock that is moved, a worker, officers at their counters, who is on the way."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import psycopg
from flask import Flask
from playwright.async_api import Browser
from sqlalchemy import make_url, select

from mpaspor.demo import telephones
from mpaspor.demo.cookies import cookie_for
from mpaspor.desk.stages import HOME, Stage
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.people.models import Staff
from mpaspor.people.rules import Role
from mpaspor.people.staff_accounts import NewOfficer, add_staff
from mpaspor.worker.loop import make_worker
from tests.days import stations
from tests.days.hands import SCREEN, Hands, Spent, new_hands
from tests.days.people import Guest
from tests.journeys.near import Near
from tests.stage import cast

PASSWORD = "pempek kapal selam dua porsi"
WATCHED = timedelta(minutes=9)  # a worker that looks less often was away, and says so
PATIENCE = 120.0  # seconds in which nobody has anything to do, though people are on the way
_MEETS_PEOPLE = (Role.VERIFIER, Role.BIOMETRICS, Role.INTERVIEWER, Role.HANDOVER)


@dataclass
class Officer:
    """One officer with their role and counter, and the browser in front of them."""

    role: Role
    email: str
    counter: int
    hands: Hands


@dataclass
class Day:
    """Everything that happens, and what it cost."""

    app: Flask
    near: Near
    superuser: str
    guests: Sequence[Guest]
    officers: list[Officer] = field(default_factory=list)
    spent: dict[tuple[str, Role], Spent] = field(default_factory=lambda: defaultdict(Spent))
    on_the_way: set[str] = field(default_factory=set)
    aside: list[Guest] = field(default_factory=list)  # parked, or not there when called
    questions: list[Guest] = field(default_factory=list)  # before the supervisor
    changes: int = 0
    in_vain: Spent = field(default_factory=Spent)  # where a colleague had called the last one: nobody's cost
    clicks: int | None = None  # by mouse, counted at the end
    fetched: Sequence[Guest] = ()

    def __post_init__(self) -> None:
        self.by_code = {guest.code: guest for guest in self.guests}
        self.worker = make_worker(self.app)
        self.changed = asyncio.Condition()
        self.serials = (f"X{number:07d}" for number in count(1))
        plain = make_url(self.superuser).set(drivername="postgresql").render_as_string(hide_password=False)
        self.database = psycopg.connect(plain, autocommit=True)

    # What is true meanwhile.

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self.database.execute(sql, values).fetchall()

    def states(self) -> dict[str, int]:
        return dict(self.rows("SELECT state, count(*)::int FROM application GROUP BY 1"))

    def waits(self, station: Stage) -> bool:
        """Whether somebody stands in this queue."""
        asked = "SELECT 1 FROM turn WHERE station = %s AND state = 'waiting' AND ended_at IS NULL LIMIT 1"
        return bool(self.rows(asked, str(station)))

    def is_here(self, guest: Guest) -> bool:
        asked = (
            "SELECT 1 FROM presence JOIN application ON application.id = application_id"
            " WHERE code = %s AND left_at IS NULL"
        )
        return bool(self.rows(asked, guest.code))

    # The clock.

    async def passes(self, until: datetime, *, watched: bool = True) -> None:
        """Time passes, and the worker does what is due; `watched`, so that nobody takes it for an outage."""
        while self.near.now < until:
            self.near.now = min(until, self.near.now + WATCHED) if watched else until
            await self._worker(self.worker.once)

    async def hands_out(self) -> None:
        """What lies in the outbox is done: registers answer, mail leaves."""
        while await self._worker(partial(self.worker.hand_out, urgent=False)):
            pass

    async def _worker(self, act: Any) -> Any:
        with clock.at(self.near.now):
            return await asyncio.to_thread(act)

    # The officers.

    async def employs(self, browser: Browser, *roles: Role) -> None:
        """An officer for each of these, with a password and a telephone; all of them sit down."""
        for number, role in enumerate(roles, start=1):
            email = f"{role}{number}@kantor.example"
            add_staff("palembang", NewOfficer(f"Petugas {role} {number}", email, (role,)), now=self.near.now)
            staff_id = db.session.scalars(select(Staff.id).where(Staff.email == email)).one()
            telephones.equip(staff_id, PASSWORD, now=self.near.now)
            context = await browser.new_context(base_url=self.near.url, viewport=SCREEN, locale="id-ID")
            hands = await new_hands(context, self.near.now)
            self.officers.append(Officer(role, email, number, hands))
        await self.sit_down()

    async def sit_down(self) -> None:
        """Everybody signs in anew: their day begins."""
        for officer in self.officers:
            with self.app.app_context(), self.app.test_request_context("/petugas"):
                staff_id = db.session.scalars(select(Staff.id).where(Staff.email == officer.email)).one()
                row, token = cast.sign_in(self.near.now, audience="officer", staff_id=staff_id)
                db.session.add(row)
                db.session.commit()
                name, value = cookie_for(token, audience="officer")
            cookie = {"name": name, "value": value, "url": self.near.url}
            await officer.hands.context.add_cookies([cookie])  # type: ignore[list-item]
        await asyncio.gather(*(self._takes_place(officer) for officer in self.officers))

    async def _takes_place(self, officer: Officer) -> None:
        """The board lies open; whoever meets people says at which counter."""
        hands = officer.hands
        hands.code = partial(self._code_of, officer)
        await hands.page.goto("/petugas")
        await hands.looks()
        if officer.role in _MEETS_PEOPLE:
            await hands.goes_to("#loket")
            await hands.press(*str(officer.counter))
            await hands.goes_to(".counterpick button")
            await hands.sends("Enter")
        hands.spent()

    def _code_of(self, officer: Officer) -> str:
        with self.app.app_context():
            return telephones.codes_now(officer.email, now=self.near.now)[0].code

    def of(self, *roles: Role) -> list[Officer]:
        return [officer for officer in self.officers if officer.role in roles]

    # The work.

    async def calls(self, officer: Officer) -> Guest | None:
        """Whoever was called by the end of the last turn, or by N where somebody waits; else None."""
        hands = officer.hands
        if not await hands.has(".turnbar.nowbox"):
            if not self.waits(HOME[officer.role]):
                return None
            await hands.sends("n")
        if await hands.has(".turnbar.nowbox"):
            return self.by_code[hands.open_case()]
        self.in_vain += hands.spent()
        return None

    async def works(self, officer: Officer) -> None:
        """Serve one after the other, until nobody is on the way any more."""
        station, seen = HOME[officer.role], -1

        def is_needed() -> bool:
            return self.changes != seen and (self.waits(station) or self._has_aside(officer))

        while True:
            await self._comes_true(lambda: not self.on_the_way or is_needed(), f"{officer.role}: somebody")
            if not self.on_the_way:
                return
            seen = self.changes
            while (guest := await self.calls(officer)) is not None:
                await self._serves(officer, guest)
            if self._has_aside(officer):
                guest = self.aside.pop()
                await stations.picks(officer.hands, guest)
                await self._serves(officer, guest, again=True)

    async def _comes_true(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for what a colleague does; where nobody does anything any more, the day ends and says so."""
        async with self.changed:
            while not holds():
                before = self.changes
                try:
                    await asyncio.wait_for(self.changed.wait(), PATIENCE)
                except TimeoutError:
                    if self.changes == before:
                        raise AssertionError(f"waited in vain for {what}\n{self._as_it_stands()}") from None

    def _as_it_stands(self) -> str:
        """Who is on the way and where, and what every officer does: told when the day does not end."""
        asked = (
            "SELECT code, application.state, station, turn.state, officer_id IS NOT NULL FROM application"
            " LEFT JOIN turn ON turn.application_id = application.id AND ended_at IS NULL"
            " WHERE code = ANY(%s)"
        )
        people = [f"{row} {self.by_code[row[0]].fate}" for row in self.rows(asked, sorted(self.on_the_way))]
        desks = [
            f"{one.role} {one.counter}: {one.hands.does} at {one.hands.page.url}" for one in self.officers
        ]
        return "\n".join([*people, *desks])

    def _has_aside(self, officer: Officer) -> bool:
        return officer.role is Role.VERIFIER and bool(self.aside)

    async def _serves(self, officer: Officer, guest: Guest, *, again: bool = False) -> None:
        hands = officer.hands
        hands.does = f"serves {guest.code}, {guest.fate}"
        if officer.role is Role.HANDOVER:
            await stations.hand_over(hands, guest, self._booklet_of(guest))
        elif officer.role is Role.VERIFIER:
            await stations.check_papers(hands, guest, again=again)
        else:
            await stations.SERVE[officer.role](hands, guest)
        self.spent[guest.code, officer.role] += hands.spent()
        hands.does = f"has served {guest.code}"
        if officer.role is Role.INTERVIEWER:
            await self.hands_out()
        if officer.role is not Role.QUALITY and not self.is_here(guest):
            self.on_the_way.discard(guest.code)
        if officer.role is Role.VERIFIER and self._was_set_aside(guest):
            self.aside.append(guest)
        await self.tells()

    def _was_set_aside(self, guest: Guest) -> bool:
        asked = (
            "SELECT 1 FROM turn JOIN application ON application.id = application_id"
            " WHERE code = %s AND ended_at IS NULL AND turn.state IN ('parked', 'missed')"
        )
        return bool(self.rows(asked, guest.code))

    def _booklet_of(self, guest: Guest) -> str:
        asked = (
            "SELECT booklet.number FROM booklet JOIN application ON application.id = application_id"
            " WHERE code = %s ORDER BY printed_at DESC LIMIT 1"
        )
        return str(self.rows(asked, guest.code)[0][0])

    async def lets_in(self, guests: Sequence[Guest]) -> None:
        """They come at their times; whoever has another day is put before the supervisor."""
        [door] = self.of(Role.RECEPTION)
        hands = door.hands
        if not await hands.has("main .scanbox"):
            await hands.sends("c")
            hands.spent()
        for guest in guests:
            hands.does = f"lets {guest.code} in"
            await self.passes(guest.comes_at)
            await stations.let_in(hands, guest)
            if not guest.is_today and not self.is_here(guest):
                await stations.asks_supervisor(hands, "Salah hari, rumahnya jauh")
                self.questions.append(guest)
            self.spent[guest.code, door.role] += hands.spent()
            await self.tells()

    async def answers(self, count: int) -> None:
        """The supervisor lets in whom the door may not, one after the other."""
        [officer] = self.of(Role.SUPERVISOR)
        if count:
            await officer.hands.sends("c")
            officer.hands.spent()
        for _ in range(count):
            await self._comes_true(lambda: bool(self.questions), "the door to ask the supervisor")
            guest = self.questions.pop(0)
            officer.hands.does = f"lets {guest.code} in"
            await stations.admits(officer.hands, guest)
            self.spent[guest.code, officer.role] += officer.hands.spent()
            await self.tells()

    async def tells(self) -> None:
        async with self.changed:
            self.changes += 1
            self.changed.notify_all()

    async def serves(self, guests: Sequence[Guest]) -> None:
        """They come, and every officer works until each of them is through."""
        self.on_the_way |= {guest.code for guest in guests}
        asked = sum(not guest.is_today and not self._was_here(guest) for guest in guests)
        at_work = self.of(Role.VERIFIER, Role.BIOMETRICS, Role.INTERVIEWER, Role.ADJUDICATOR, Role.HANDOVER)
        await asyncio.gather(
            self.lets_in(guests), self.answers(asked), *(self.works(officer) for officer in at_work)
        )

    def _was_here(self, guest: Guest) -> bool:
        asked = (
            "SELECT 1 FROM presence JOIN application ON application.id = application_id"
            " WHERE code = %s LIMIT 1"
        )
        return bool(self.rows(asked, guest.code))

    async def prints(self) -> Spent:
        """All that was granted, sheet by sheet, then every booklet is tested; what the sheets cost."""
        [printer], [tester] = self.of(Role.PRINTER), self.of(Role.QUALITY)
        while await stations.print_sheet(printer.hands, lambda: next(self.serials)):
            pass
        while (guest := await self.calls(tester)) is not None:
            await self._serves(tester, guest)
        return printer.hands.spent()

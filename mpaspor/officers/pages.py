"""What the pages of the desk are made of: words for time, and the case page with its one next step."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import session
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from mpaspor.applications.paper_queries import PaperCard
from mpaspor.applications.rules import PAID_FOR, CaseState, PaperState
from mpaspor.config import settings
from mpaspor.desk import stock_queries
from mpaspor.desk.models import RegistryCheck
from mpaspor.desk.queries import WholeCase
from mpaspor.desk.queue_rules import COUNTERS, HELD
from mpaspor.desk.registry_rules import CheckState, Registry, is_all_clear, read
from mpaspor.desk.rules import (
    CLOSABLE,
    CORRECTED_BY,
    CORRECTED_IN,
    PAPERS_DECIDED_BY,
    PAPERS_DECIDED_IN,
    PHOTO_SEEN_BY,
    WHO,
    InterviewVerdict,
    after_papers,
    may_move,
    may_see_paper,
    may_take_back,
)
from mpaspor.desk.stages import PERSON_WAITS, stations_of
from mpaspor.foundation.kept import kept
from mpaspor.officers.happenings import Line, in_words
from mpaspor.offices.models import Office
from mpaspor.offices.queries import office_by_id
from mpaspor.offices.rules import local_date
from mpaspor.people.rules import Role
from mpaspor.web.formats import hour
from mpaspor.web.labels.desk import finding_in_words
from mpaspor.web.labels.people import ROLES

S = CaseState
COUNTER = "loket"  # where the session of an officer's browser keeps its counter
GOES_ON = "lanjut"  # and whether a step that ends a turn calls the next person
PHOTO = "foto"  # the picture taken at the counter, beside the papers
# The step that a station offers, by state; papers are decided in several.
_PANELS = {
    S.SCHEDULED: "check_in",
    S.MISSED: "check_in",
    S.DOCUMENTS_CHECKED: "biometrics",
    S.BIOMETRICS_TAKEN: "interview",
    S.INTERVIEWED: "adjudicate",
    S.GRANTED: "print",
    S.PRINTED: "quality",
    S.READY: "hand_over",
}


def my_office() -> Office:
    """The office of the officer behind this request."""
    office = office_by_id(current_user.office_id)
    assert office is not None
    return office


def my_counter() -> int | None:
    """The counter at which this browser stands, if its officer has said so."""
    found = session.get(COUNTER)
    return found if found in COUNTERS else None


def goes_on() -> bool:
    """Whether this officer works through the queue: the end of a turn calls the next person."""
    return bool(session.get(GOES_ON))


def frame(office: Office, now: datetime, nav: str) -> dict[str, Any]:
    """What every page of the desk shows in its head."""
    local = now.astimezone(ZoneInfo(office.time_zone))
    day = format_date(local.date(), "EEE, d MMM", locale=get_locale())
    return {
        "office_name": office.full_name,
        "clock_text": f"{day}, {hour(now, office.time_zone)}",
        "zone": office.time_zone,
        "nav": nav,
        "now": now,
        "low_stock": _low_stock(office.id) if nav != "case" else None,
    }


def _low_stock(office_id: uuid.UUID) -> int | None:
    """How many booklets are left, told to a supervisor when they are few; not beside an open case."""
    if Role.SUPERVISOR not in current_user.roles:
        return None
    return kept().get(("low_stock", office_id), lambda: stock_queries.low(office_id))


def clock_hour(moment: datetime, zone: str) -> str:
    """`08` for a full hour, `08.30` otherwise."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%H.%M}" if local.minute else f"{local:%H}"


def duration(minutes: int) -> str:
    """`28 mnt`, `3 jam 5 mnt`, `2 hari`: how long something has been, short enough for a table."""
    return _duration(abs(minutes), str(get_locale()))


@lru_cache(maxsize=4000)
def _duration(minutes: int, _language: str) -> str:
    if minutes < 60:
        return _("%(m)s mnt", m=minutes)
    if minutes < 24 * 60:
        return _("%(h)s jam %(m)s mnt", h=minutes // 60, m=minutes % 60)
    return _("%(d)s hari", d=minutes // (24 * 60))


@dataclass(frozen=True)
class CheckLine:
    """What one register says, in words; `is_outside` of those that are not our own."""

    registry: Registry
    state: CheckState | None
    at: datetime | None
    lines: list[str]

    @property
    def is_clear(self) -> bool:
        return self.state is CheckState.CLEAR

    @property
    def is_hit(self) -> bool:
        return self.state is CheckState.HIT

    @property
    def is_outside(self) -> bool:
        return self.registry is not Registry.DUPLICATES


@dataclass(frozen=True)
class CasePage:
    """One case, and exactly what this officer may do with it now."""

    case: WholeCase
    roles: frozenset[Role]
    me: uuid.UUID
    shown: str | None
    now: datetime

    @property
    def state(self) -> CaseState:
        return self.case.state

    @property
    def cards(self) -> Sequence[PaperCard]:
        """The papers that this officer's work needs."""
        return [card for card in self.case.papers.cards if may_see_paper(card.paper.code, self.roles)]

    @property
    def card(self) -> PaperCard | None:
        """The paper on the screen: the one asked for, else the first that is not decided, else the first."""
        if self.shown == PHOTO:
            return None
        named = next((card for card in self.cards if card.paper.code == self.shown), None)
        return named or self.undecided or (self.cards[0] if self.cards else None)

    @property
    def is_doubted(self) -> bool:
        """Whether the interviewer advised against granting."""
        return (
            self.case.interview is not None and self.case.interview.verdict is not InterviewVerdict.RECOMMEND
        )

    @property
    def checks(self) -> list[CheckLine]:
        """What the registers answered."""
        return [_check_line(registry, found) for registry, found in self.case.checks.items()]

    @property
    def has_hit(self) -> bool:
        return any(check.is_hit for check in self.checks)

    @property
    def is_unanswered(self) -> bool:
        """Whether a register has yet to say something."""
        return any(check.state in (None, CheckState.ASKED) for check in self.checks)

    @property
    def needs_reason(self) -> bool:
        """Whether the passport is granted with a reason only: against a doubt, a hit, or silence."""
        return self.is_doubted or not is_all_clear([check.state for check in self.checks])

    @property
    def is_demo(self) -> bool:
        return settings().demo

    @property
    def face_paper(self) -> PaperCard | None:
        """The identity card, to hold the photo of the counter against before deciding."""
        if self.panel != "adjudicate" or self.shown is not None or not self.has_photo:
            return None
        card = next((card for card in self.cards if card.paper.code == "ktp"), None)
        return card if card is not None and card.document is not None and card.document.file_key else None

    @property
    def shows_photo(self) -> bool:
        is_held_against = self.shown is None and self.panel in ("interview", "quality", "hand_over")
        return (self.shown == PHOTO or is_held_against) and self.has_photo

    @property
    def has_photo(self) -> bool:
        is_taken = self.case.application.biometrics_at is not None and self.case.biometrics is not None
        return is_taken and bool(PHOTO_SEEN_BY & self.roles)

    @property
    def undecided(self) -> PaperCard | None:
        return next((card for card in self.cards if _is_undecided(card)), None)

    @property
    def is_unpaid(self) -> bool:
        return self.case.bill is None and self.state in PAID_FOR

    @property
    def may_decide_papers(self) -> bool:
        in_time = self.state in PAPERS_DECIDED_IN and not self.is_unpaid
        return in_time and bool(self.roles & PAPERS_DECIDED_BY)

    @property
    def conclusion(self) -> CaseState | None:
        """Where the papers lead, if this officer may take the case there."""
        if not self.may_decide_papers or self.undecided is not None:
            return None
        given = [card.document.state for card in self.cards if card.document is not None]
        asked_from = self.case.application.wanted_from
        new = after_papers(given, asked_from or self.state)
        if new is S.DOCUMENTS_WANTED and self.state is new and (self.is_sent or self.is_here):
            return new
        if new is None or new is self.state or not may_move(self.state, new, self.roles):
            return None
        return new

    @property
    def is_sent(self) -> bool:
        """Whether every wanted paper was sent and waits for somebody to look at it."""
        return self.state is S.DOCUMENTS_WANTED and self.case.application.papers_until is None

    @property
    def is_here(self) -> bool:
        """Whether the person is in the house."""
        found, zone = self.case.presence, self.case.office.time_zone
        return found is not None and found.day == local_date(self.now, zone)

    @property
    def is_mine(self) -> bool:
        """Whether this officer has called the person, or serves the case."""
        turn = self.case.turn
        return turn is not None and turn.state in HELD and turn.officer_id == self.me

    @property
    def is_held_by_colleague(self) -> bool:
        """Whether a colleague has the case: nothing is done to it before it is taken over."""
        turn = self.case.turn
        return turn is not None and turn.state in HELD and turn.officer_id != self.me

    @property
    def may_call(self) -> bool:
        """Whether this officer may call the person out of order."""
        turn = self.case.turn
        if turn is None or turn.state in HELD or turn.station not in PERSON_WAITS:
            return False
        return self.is_here and turn.station in stations_of(self.roles)

    @property
    def may_call_next(self) -> bool:
        return bool(stations_of(self.roles))

    @property
    def may_take_over(self) -> bool:
        turn = self.case.turn
        return turn is not None and self.is_held_by_colleague and turn.station in stations_of(self.roles)

    @property
    def may_put_first(self) -> bool:
        turn = self.case.turn
        return Role.SUPERVISOR in self.roles and turn is not None and not turn.is_emergency

    @property
    def panel(self) -> str | None:
        """The one step that is offered, by name; None when it is somebody else's turn."""
        if self.is_unpaid or self.is_held_by_colleague:
            return None
        if self.state in (S.ARRIVED, S.DOCUMENTS_WANTED):
            return "papers" if self.may_decide_papers else None
        if self.conclusion is not None or (self.undecided is not None and self.may_decide_papers):
            return "papers"
        allowed = any(may_move(self.state, new, self.roles) for new in _forward(self.state))
        return _PANELS.get(self.state) if allowed else None

    @property
    def may_correct(self) -> bool:
        return self.state in CORRECTED_IN and bool(self.roles & CORRECTED_BY)

    @property
    def may_second_chance(self) -> bool:
        return self.state is S.MISSED and may_move(self.state, S.AWAITING_PLACE, self.roles)

    @property
    def may_close(self) -> bool:
        return self.state in CLOSABLE and may_move(self.state, S.CLOSED, self.roles)

    @property
    def may_take_back(self) -> bool:
        return may_take_back(self.state, self.roles)

    @property
    def whose_turn(self) -> str:
        """The roles that make the next step, in words."""
        if self.state is S.AWAITING_PLACE and self.case.walk_in is None:
            return ""
        roles = {role for new in _forward(self.state) for role in WHO[self.state, new]}
        return ", ".join(sorted(str(ROLES[role]) for role in roles))

    @property
    def history(self) -> list[Line]:
        zone = self.case.office.time_zone
        return [line for happening in self.case.history if (line := in_words(happening, zone)) is not None]


def _check_line(registry: Registry, found: RegistryCheck | None) -> CheckLine:
    if found is None:
        return CheckLine(registry, None, None, [])
    lines = [finding_in_words(finding) for finding in read(found.details)]
    return CheckLine(registry, found.state, found.answered_at or found.asked_at, lines)


def _is_undecided(card: PaperCard) -> bool:
    if card.document is None:
        return card.paper.is_required
    return card.document.state == PaperState.SUBMITTED


def _forward(state: CaseState) -> list[CaseState]:
    """The steps that lead on through the house; asking for papers and closing stand beside them."""
    return [new for old, new in WHO if old is state and new not in (S.DOCUMENTS_WANTED, S.CLOSED)]

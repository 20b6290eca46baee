"""Who may do which step at the desk, and when a person may be let in. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from mpaspor.applications.rules import STEPS_BACK, CaseState, PaperState, PassportKind
from mpaspor.people.rules import Role

S = CaseState
R = Role

NOBODY: frozenset[Role] = frozenset()  # a move that the applicant, the money or the clock makes
AT_THE_DOOR = frozenset({R.RECEPTION, R.SUPERVISOR})
_SUPERVISOR = frozenset({R.SUPERVISOR})
_VERIFIER = frozenset({R.VERIFIER})
_ADJUDICATOR = frozenset({R.ADJUDICATOR})
_QUALITY = frozenset({R.QUALITY})

# Every step of `MOVES` stands here once; a test holds the two tables together.
WHO: Mapping[tuple[CaseState, CaseState], frozenset[Role]] = {
    (S.DRAFT, S.AWAITING_PAYMENT): AT_THE_DOOR,  # somebody who came without an appointment
    (S.DRAFT, S.SCHEDULED): NOBODY,
    (S.DRAFT, S.AWAITING_PLACE): NOBODY,
    (S.DRAFT, S.DISCARDED): NOBODY,
    (S.AWAITING_PAYMENT, S.SCHEDULED): NOBODY,
    (S.AWAITING_PAYMENT, S.DRAFT): NOBODY,
    (S.AWAITING_PAYMENT, S.AWAITING_PLACE): NOBODY,
    (S.AWAITING_PLACE, S.SCHEDULED): AT_THE_DOOR,  # of those whom the door registered alone
    (S.AWAITING_PLACE, S.WITHDRAWN): NOBODY,
    (S.SCHEDULED, S.ARRIVED): AT_THE_DOOR,
    (S.SCHEDULED, S.MISSED): NOBODY,
    (S.SCHEDULED, S.AWAITING_PLACE): NOBODY,
    (S.SCHEDULED, S.WITHDRAWN): NOBODY,
    (S.MISSED, S.ARRIVED): AT_THE_DOOR,
    (S.MISSED, S.AWAITING_PLACE): _SUPERVISOR,
    (S.MISSED, S.CLOSED): NOBODY,
    (S.ARRIVED, S.DOCUMENTS_CHECKED): _VERIFIER,
    (S.ARRIVED, S.DOCUMENTS_WANTED): _VERIFIER,
    (S.ARRIVED, S.CLOSED): _SUPERVISOR,
    (S.DOCUMENTS_CHECKED, S.BIOMETRICS_TAKEN): frozenset({R.BIOMETRICS}),
    (S.DOCUMENTS_CHECKED, S.DOCUMENTS_WANTED): _VERIFIER,
    (S.DOCUMENTS_CHECKED, S.CLOSED): _SUPERVISOR,
    (S.BIOMETRICS_TAKEN, S.INTERVIEWED): frozenset({R.INTERVIEWER}),
    (S.BIOMETRICS_TAKEN, S.DOCUMENTS_WANTED): frozenset({R.VERIFIER, R.INTERVIEWER}),
    (S.BIOMETRICS_TAKEN, S.CLOSED): _SUPERVISOR,
    (S.INTERVIEWED, S.GRANTED): _ADJUDICATOR,
    (S.INTERVIEWED, S.DEFERRED): _ADJUDICATOR,
    (S.INTERVIEWED, S.REFUSED): _ADJUDICATOR,
    (S.INTERVIEWED, S.DOCUMENTS_WANTED): frozenset({R.VERIFIER, R.ADJUDICATOR}),
    (S.INTERVIEWED, S.CLOSED): _SUPERVISOR,
    # Back to where the paper was asked from: by the applicant who sends it, or by who is shown it.
    (S.DOCUMENTS_WANTED, S.ARRIVED): _VERIFIER,
    (S.DOCUMENTS_WANTED, S.DOCUMENTS_CHECKED): _VERIFIER,
    (S.DOCUMENTS_WANTED, S.BIOMETRICS_TAKEN): _VERIFIER,
    (S.DOCUMENTS_WANTED, S.INTERVIEWED): _VERIFIER,
    (S.DOCUMENTS_WANTED, S.CLOSED): _SUPERVISOR,
    (S.GRANTED, S.PRINTED): frozenset({R.PRINTER}),
    (S.PRINTED, S.READY): _QUALITY,
    (S.PRINTED, S.GRANTED): _QUALITY,
    (S.READY, S.COLLECTED): frozenset({R.HANDOVER}),
    (S.READY, S.VOID): NOBODY,
}

# One step back: by those who made the step, or a supervisor; what has left the house by a supervisor alone.
WHO_BACK: Mapping[CaseState, frozenset[Role]] = {
    S.ARRIVED: AT_THE_DOOR,
    S.DOCUMENTS_CHECKED: frozenset({R.VERIFIER, R.SUPERVISOR}),
    S.BIOMETRICS_TAKEN: frozenset({R.BIOMETRICS, R.SUPERVISOR}),
    S.INTERVIEWED: frozenset({R.INTERVIEWER, R.SUPERVISOR}),
    S.GRANTED: frozenset({R.ADJUDICATOR, R.SUPERVISOR}),
    S.PRINTED: frozenset({R.PRINTER, R.SUPERVISOR}),
    S.READY: frozenset({R.QUALITY, R.SUPERVISOR}),
    S.COLLECTED: _SUPERVISOR,
}

DESK_ROLES = frozenset(Role) - {R.ADMIN}
# States in which a paper may be looked at and decided on.
PAPERS_DECIDED_IN = (S.ARRIVED, S.DOCUMENTS_CHECKED, S.BIOMETRICS_TAKEN, S.INTERVIEWED, S.DOCUMENTS_WANTED)
PAPERS_DECIDED_BY = frozenset({R.VERIFIER, R.INTERVIEWER, R.ADJUDICATOR})
# Whose work needs which papers, by their codes, and whose the photo of the counter; no other role sees any.
_EVERY_PAPER = frozenset({"ktp", "kk", "bukti", "paspor-lama", "ganti-nama", "kewarganegaraan"})
PAPERS_SEEN: Mapping[Role, frozenset[str]] = {
    R.VERIFIER: _EVERY_PAPER,
    R.INTERVIEWER: _EVERY_PAPER,
    R.ADJUDICATOR: _EVERY_PAPER,
    R.SUPERVISOR: _EVERY_PAPER,
    R.BIOMETRICS: frozenset({"ktp"}),
    R.HANDOVER: frozenset({"ktp", "kk"}),
}
PHOTO_SEEN_BY = frozenset(
    {R.BIOMETRICS, R.INTERVIEWER, R.ADJUDICATOR, R.PRINTER, R.QUALITY, R.HANDOVER, R.SUPERVISOR}
)
# Frozen facts are corrected against the card while the person is here, never after the decision.
CORRECTED_IN = PAPERS_DECIDED_IN
CORRECTED_BY = frozenset({R.VERIFIER, R.SUPERVISOR})
CLOSABLE = (S.ARRIVED, S.DOCUMENTS_CHECKED, S.BIOMETRICS_TAKEN, S.INTERVIEWED, S.DOCUMENTS_WANTED)
IN_HOUSE = (
    S.ARRIVED,
    S.DOCUMENTS_WANTED,
    S.DOCUMENTS_CHECKED,
    S.BIOMETRICS_TAKEN,
    S.INTERVIEWED,
    S.GRANTED,
    S.PRINTED,
    S.READY,
)

PAPERS_TERM = timedelta(days=7)
PICKUP_MONTHS = 1  # unclaimed one month after issue: Permenkumham 8/2014 as amended by 18/2022
DEFERRAL_MONTHS = range(6, 25)  # Permenkumham 8/2014 art. 41
# Terms that end a case by themselves, by name, as they stand in the history.
PAPERS_NEVER_CAME = "papers_never_came"
NEVER_COLLECTED = "never_collected"
# States in which the office owes a passport by a day.
PROMISED = (S.INTERVIEWED, S.GRANTED, S.PRINTED, S.READY)
MAY_COME_EARLY = timedelta(minutes=60)
MAY_COME_LATE = timedelta(minutes=15)
WAITS_LONG = timedelta(minutes=25)
LOW_STOCK = 100  # booklets of one kind: about a day's work of a large office
# Whoever counts the boxes in; whoever finds a booklet that cannot be printed on.
STOCK_RECEIVED_BY = _SUPERVISOR
STOCK_SPOILT_BY = frozenset({R.PRINTER, R.SUPERVISOR})
# Closing hours, leaving them fewer places, opening them again, announcing a delay.
HOURS_CLOSED_BY = _SUPERVISOR
# Registering somebody of a priority group at the door; anybody else by a supervisor's word.
REGISTERED_BY = AT_THE_DOOR
ADMITTED_BY = _SUPERVISOR
LONGEST_DELAY = 480  # minutes
REASON_LENGTH = 500
NOTES_LENGTH = 4000


class InterviewVerdict(StrEnum):
    RECOMMEND = "recommend"
    DOUBT = "doubt"
    AGAINST = "against"


class BlankState(StrEnum):
    """What became of an empty booklet of the stock: it leaves it once, by printing or by its end."""

    IN_STOCK = "in_stock"
    USED = "used"
    SPOILT = "spoilt"


class Capture(StrEnum):
    """Whether prints or a signature were taken; a hand may have none to give, and then the reason is kept."""

    TAKEN = "taken"
    IMPOSSIBLE = "impossible"


class Tick(StrEnum):
    """What a tester looks at in a booklet, beside its lines; all of it, or the booklet does not pass."""

    PHOTO = "photo"
    DATA = "data"
    SIGNATURE = "signature"
    CHIP = "chip"
    LAMINATE = "laminate"
    PAGES = "pages"


class Relation(StrEnum):
    """Who takes the passport home (DOMAIN §10.1), or that it travels by post."""

    SELF = "self"
    FAMILY = "family"
    PROXY = "proxy"
    POST = "post"


class Seen(StrEnum):
    """What an officer looks at before a passport leaves the house."""

    FACE = "face"
    CARD = "card"
    ADDRESS = "address"


# Whoever is not the owner shows a card and leaves the paper that says they may: a copy of the family card, or
# the letter of attorney. By post it goes to the owner's address alone.
SEEN_BEFORE_HANDOVER: Mapping[Relation, tuple[Seen, ...]] = {
    Relation.SELF: (Seen.FACE, Seen.CARD),
    Relation.FAMILY: (Seen.CARD,),
    Relation.PROXY: (Seen.CARD,),
    Relation.POST: (Seen.ADDRESS,),
}
FOR_ANOTHER = frozenset({Relation.FAMILY, Relation.PROXY})


class Arrival(StrEnum):
    """How the moment at the door fits the visit."""

    ON_TIME = "on_time"
    EARLY = "early"
    LATE = "late"
    WRONG_DAY = "wrong_day"


def arrival(
    *,
    now: datetime,
    today: date,
    visit_on: date,
    starts_at: datetime,
    ends_at: datetime,
    delay_minutes: int = 0,
    is_walk_in: bool = False,
) -> Arrival:
    """Whether the person is in time; `today` and `visit_on` are days at the office.

    A quarter of an hour late is in time: the queue, not the door, decides who is first. Whom the office told
    to come later may be as much later. A place of the door is one of its day: paying takes what it takes.
    """
    if today != visit_on:
        return Arrival.WRONG_DAY
    if is_walk_in:
        return Arrival.ON_TIME
    if now < starts_at - MAY_COME_EARLY:
        return Arrival.EARLY
    until = ends_at + MAY_COME_LATE + timedelta(minutes=delay_minutes)
    return Arrival.LATE if now > until else Arrival.ON_TIME


def may_admit(found: Arrival, is_missed: bool, roles: Collection[Role]) -> bool:
    """Whether these roles may let the person in as an exception, with a reason.

    Another hour of the right day is for the door to decide; another day for a supervisor. Who came too
    late and is marked as missed is let in like anybody late (DOMAIN §8.4).
    """
    if found is Arrival.WRONG_DAY and not is_missed:
        return Role.SUPERVISOR in roles
    return bool(AT_THE_DOOR & set(roles))


def may_move(state: CaseState, new: CaseState, roles: Collection[Role]) -> bool:
    """Whether one of these roles may make this step forward."""
    return bool(WHO.get((state, new), NOBODY) & set(roles))


def may_take_back(state: CaseState, roles: Collection[Role]) -> bool:
    """Whether one of these roles may take the last step back."""
    return state in STEPS_BACK and bool(WHO_BACK[state] & set(roles))


def may_see_paper(paper_code: str, roles: Collection[Role]) -> bool:
    """Whether the work of one of these roles needs this paper."""
    return any(paper_code in PAPERS_SEEN.get(role, frozenset()) for role in roles)


def after_papers(states: Collection[PaperState], came_from: CaseState) -> CaseState | None:
    """Where the decisions on the papers lead: None while one is open.

    `came_from` is the state of the case, or the one from which papers were asked for.
    """
    if not states or PaperState.SUBMITTED in states:
        return None
    if PaperState.WANTED in states:
        return S.DOCUMENTS_WANTED
    return S.DOCUMENTS_CHECKED if came_from is S.ARRIVED else came_from


def ticks_of(kind: PassportKind | None) -> tuple[Tick, ...]:
    """What is looked at in a booklet of this kind: one without a chip has none to read."""
    return tuple(tick for tick in Tick if tick is not Tick.CHIP or kind is not PassportKind.NON_ELECTRONIC)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def collect_by(ready_on: date) -> date:
    """The last day on which a passport that became ready on `ready_on` is handed over."""
    return add_months(ready_on, PICKUP_MONTHS)

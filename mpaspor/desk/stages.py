"""The stations of the house: which state waits for whom. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from mpaspor.applications.rules import CaseState
from mpaspor.people.rules import Role

S = CaseState


class Stage(StrEnum):
    """What a case waits for, as the board shows it."""

    DUE = "due"
    PAPERS = "papers"
    PHOTO = "photo"
    INTERVIEW = "interview"
    DECISION = "decision"
    PRINT = "print"
    QUALITY = "quality"
    PICKUP = "pickup"
    SHELF = "shelf"
    WANTED = "wanted"
    SENT = "sent"
    AWAY = "away"
    DONE = "done"


STAGE_OF: Mapping[CaseState, Stage] = {
    S.SCHEDULED: Stage.DUE,
    S.MISSED: Stage.DUE,
    S.ARRIVED: Stage.PAPERS,
    S.DOCUMENTS_CHECKED: Stage.PHOTO,
    S.BIOMETRICS_TAKEN: Stage.INTERVIEW,
    S.INTERVIEWED: Stage.DECISION,
    S.GRANTED: Stage.PRINT,
    S.PRINTED: Stage.QUALITY,
    S.READY: Stage.PICKUP,
    S.DOCUMENTS_WANTED: Stage.WANTED,
    S.COLLECTED: Stage.DONE,
    S.DEFERRED: Stage.DONE,
    S.REFUSED: Stage.DONE,
    S.CLOSED: Stage.DONE,
    S.VOID: Stage.DONE,
    S.WITHDRAWN: Stage.DONE,
    S.AWAITING_PLACE: Stage.DONE,
}

# Not of a state alone: papers that were sent and wait for the verifier, people who left before they were
# done, passports whose owner is not here. None of them is queued at a counter.
BESIDE = frozenset({Stage.SENT, Stage.AWAY, Stage.SHELF})

# The stations where a person sits and waits; printing and testing happen without them.
PERSON_WAITS = frozenset({Stage.PAPERS, Stage.PHOTO, Stage.INTERVIEW, Stage.PICKUP})

# The stations at which cases are taken one after the other, by a call or from a pile.
STATIONS = (
    Stage.PAPERS,
    Stage.PHOTO,
    Stage.INTERVIEW,
    Stage.DECISION,
    Stage.PRINT,
    Stage.QUALITY,
    Stage.PICKUP,
)

# Which station an officer looks at first.
HOME: Mapping[Role, Stage] = {
    Role.VERIFIER: Stage.PAPERS,
    Role.BIOMETRICS: Stage.PHOTO,
    Role.INTERVIEWER: Stage.INTERVIEW,
    Role.ADJUDICATOR: Stage.DECISION,
    Role.PRINTER: Stage.PRINT,
    Role.QUALITY: Stage.QUALITY,
    Role.HANDOVER: Stage.PICKUP,
}


def stations_of(roles: Collection[Role]) -> list[Stage]:
    """The stations at which somebody with these roles works."""
    return sorted({HOME[role] for role in roles if role in HOME}, key=STATIONS.index)


def station_of(state: CaseState, *, is_here: bool) -> Stage | None:
    """Where a case stands in a queue: at a counter only while its person is in the house."""
    station = Stage.PAPERS if state is S.DOCUMENTS_WANTED else STAGE_OF.get(state)
    if station not in STATIONS or (station in PERSON_WAITS and not is_here):
        return None
    return station


def states_of(stage: Stage) -> list[CaseState]:
    """The states that stand at this station."""
    return [state for state, found in STAGE_OF.items() if found is stage]

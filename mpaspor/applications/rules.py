"""The case: its states and their moves, the states of a paper, and what may be applied for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class CaseState(StrEnum):
    DRAFT = "draft"
    DISCARDED = "discarded"
    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_PLACE = "awaiting_place"
    SCHEDULED = "scheduled"
    MISSED = "missed"
    ARRIVED = "arrived"
    DOCUMENTS_CHECKED = "documents_checked"
    DOCUMENTS_WANTED = "documents_wanted"
    BIOMETRICS_TAKEN = "biometrics_taken"
    INTERVIEWED = "interviewed"
    GRANTED = "granted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    PRINTED = "printed"
    READY = "ready"
    COLLECTED = "collected"
    VOID = "void"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


S = CaseState

# STATES §1. Steps back (one, with reason) are their own table: they are taken by an operation of their own.
MOVES: Mapping[CaseState, frozenset[CaseState]] = {
    S.DRAFT: frozenset({S.AWAITING_PAYMENT, S.SCHEDULED, S.AWAITING_PLACE, S.DISCARDED}),
    S.AWAITING_PAYMENT: frozenset({S.SCHEDULED, S.DRAFT, S.AWAITING_PLACE}),
    S.AWAITING_PLACE: frozenset({S.SCHEDULED, S.WITHDRAWN}),
    S.SCHEDULED: frozenset({S.ARRIVED, S.MISSED, S.AWAITING_PLACE, S.WITHDRAWN}),
    S.MISSED: frozenset({S.ARRIVED, S.AWAITING_PLACE, S.CLOSED}),
    S.ARRIVED: frozenset({S.DOCUMENTS_CHECKED, S.DOCUMENTS_WANTED, S.CLOSED}),
    S.DOCUMENTS_CHECKED: frozenset({S.BIOMETRICS_TAKEN, S.DOCUMENTS_WANTED, S.CLOSED}),
    S.BIOMETRICS_TAKEN: frozenset({S.INTERVIEWED, S.DOCUMENTS_WANTED, S.CLOSED}),
    S.INTERVIEWED: frozenset({S.GRANTED, S.DEFERRED, S.REFUSED, S.DOCUMENTS_WANTED, S.CLOSED}),
    S.DOCUMENTS_WANTED: frozenset(
        {S.ARRIVED, S.DOCUMENTS_CHECKED, S.BIOMETRICS_TAKEN, S.INTERVIEWED, S.CLOSED}
    ),
    S.GRANTED: frozenset({S.PRINTED}),
    S.PRINTED: frozenset({S.READY, S.GRANTED}),
    S.READY: frozenset({S.COLLECTED, S.VOID}),
}

STEPS_BACK: Mapping[CaseState, CaseState] = {
    S.ARRIVED: S.SCHEDULED,
    S.DOCUMENTS_CHECKED: S.ARRIVED,
    S.BIOMETRICS_TAKEN: S.DOCUMENTS_CHECKED,
    S.INTERVIEWED: S.BIOMETRICS_TAKEN,
    S.GRANTED: S.INTERVIEWED,
    S.PRINTED: S.GRANTED,
    S.READY: S.PRINTED,
    S.COLLECTED: S.READY,
}

# The states in which a NIK is taken: not drafts (an unverified NIK must not block its owner), no ended case.
LIVE = (
    S.AWAITING_PAYMENT,
    S.AWAITING_PLACE,
    S.SCHEDULED,
    S.ARRIVED,
    S.DOCUMENTS_WANTED,
    S.DOCUMENTS_CHECKED,
    S.BIOMETRICS_TAKEN,
    S.INTERVIEWED,
    S.GRANTED,
    S.PRINTED,
    S.READY,
)
ENDED = frozenset({S.DISCARDED, S.DEFERRED, S.REFUSED, S.COLLECTED, S.VOID, S.WITHDRAWN, S.CLOSED})
# From here on a paid bill must stand behind the case (STATES §9.3).
PAID_FOR = frozenset(LIVE) - {S.AWAITING_PAYMENT}
# Papers and unfrozen answers may change until check-in, and again while a paper is wanted.
PAPERS_OPEN = (S.DRAFT, S.AWAITING_PAYMENT, S.AWAITING_PLACE, S.SCHEDULED, S.DOCUMENTS_WANTED)


class PaperState(StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    WANTED = "wanted"


class LetterKind(StrEnum):
    PAYMENT = "payment_letter"
    RECEIPT = "receipt"
    VISIT = "visit_letter"
    REFUSAL = "refusal_letter"
    DEFERRAL = "deferral_letter"
    VOIDING = "voiding_letter"
    CLOSING = "closing_letter"


# An end that somebody else than the applicant decided is told by a letter: why, on what ground, what next.
LETTER_OF_END: Mapping[CaseState, LetterKind] = {
    S.REFUSED: LetterKind.REFUSAL,
    S.DEFERRED: LetterKind.DEFERRAL,
    S.VOID: LetterKind.VOIDING,
    S.CLOSED: LetterKind.CLOSING,
}


# How long the codes are that people type or scan. The number is never an authority, the other two are random.
CODE_LENGTH = 8
NUMBER_LENGTH = 16
LETTER_CODE_LENGTH = 16


class Need(StrEnum):
    NEW = "new"
    REPLACEMENT = "replacement"


class ReplacementReason(StrEnum):
    EXPIRED = "expired"
    PAGES_FULL = "pages_full"
    TO_ELECTRONIC = "to_electronic"  # a valid passport without a chip may be exchanged at any time


class PassportKind(StrEnum):
    ELECTRONIC_LAMINATED = "electronic_laminated"
    ELECTRONIC_POLYCARBONATE = "electronic_polycarbonate"
    NON_ELECTRONIC = "non_electronic"

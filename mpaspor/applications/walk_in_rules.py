"""People whom an officer registers at the door: on what ground, by what proof, and for how long. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Protocol


class Ground(StrEnum):
    """Why somebody comes without an appointment: a priority group (DOMAIN §4), or a supervisor's word."""

    CHILD = "child"
    ELDERLY = "elderly"
    DISABILITY = "disability"
    PREGNANT = "pregnant"
    ADMITTED = "admitted"


class Proof(StrEnum):
    """What the officer at the door saw of the ground. Nothing of it is copied."""

    ID_CARD = "id_card"  # the birth date on it
    CARD = "card"  # the card of a person with a disability
    DOCTOR = "doctor"  # a doctor's letter
    BOOK = "book"  # the book of mother and child (buku KIA)
    EYES = "eyes"  # plain to see
    WORD = "word"  # the supervisor's own decision, with the reason


PROOFS: Mapping[Ground, tuple[Proof, ...]] = {
    Ground.ELDERLY: (Proof.ID_CARD,),
    Ground.DISABILITY: (Proof.CARD, Proof.DOCTOR, Proof.EYES),
    Ground.PREGNANT: (Proof.BOOK, Proof.DOCTOR, Proof.EYES),
    Ground.CHILD: (Proof.ID_CARD,),
    Ground.ADMITTED: (Proof.WORD,),
}
CLAIM_TRIES = 5
NIK_DIGITS = 4  # of a NIK's end, asked beside the code and the birth date
# How long what was typed at the door of somebody who never paid is kept, from the moment the bill lapsed:
# money that was on its way still finds its case.
UNPAID_KEPT = timedelta(hours=24)


class Group(Protocol):
    """The ages of a priority group, in full years; None where there is no such bound."""

    code: str
    least_age: int | None
    most_age: int | None


def ages_fit(ground: Ground, age: int, groups: Collection[Group]) -> bool:
    """Whether somebody of this age belongs to the group that holds today; a supervisor's word has none.

    A group that no row names is not served.
    """
    if ground is Ground.ADMITTED:
        return True
    found = next((group for group in groups if group.code == ground), None)
    if found is None:
        return False
    is_old_enough = found.least_age is None or age >= found.least_age
    return is_old_enough and (found.most_age is None or age <= found.most_age)

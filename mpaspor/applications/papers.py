"""Which papers a case needs (DOMAIN §5.2). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from mpaspor.applications.rules import Need

# A passport issued in Indonesia since this year proves by itself who its owner is.
TRUSTED_SINCE_YEAR = 2009


class DocumentKind(StrEnum):
    """What a picture shows."""

    ID_CARD = "national_id_card"
    FAMILY_CARD = "family_card"
    BIRTH_CERTIFICATE = "birth_certificate"
    DIPLOMA = "diploma"
    MARRIAGE_CERTIFICATE = "marriage_certificate"
    MARRIAGE_BOOK = "marriage_book"
    BAPTISM_LETTER = "baptism_letter"
    OLD_PASSPORT = "old_passport"
    NAME_CHANGE_DECREE = "name_change_decree"
    CITIZENSHIP_LETTER = "citizenship_letter"


@dataclass(frozen=True)
class Paper:
    """One paper that is asked for: any one of `kinds` will do."""

    code: str
    kinds: tuple[DocumentKind, ...]
    is_required: bool = True


ID_CARD = Paper("ktp", (DocumentKind.ID_CARD,))
FAMILY_CARD = Paper("kk", (DocumentKind.FAMILY_CARD,))
PROOF = Paper(
    "bukti",
    (
        DocumentKind.BIRTH_CERTIFICATE,
        DocumentKind.DIPLOMA,
        DocumentKind.MARRIAGE_CERTIFICATE,
        DocumentKind.MARRIAGE_BOOK,
        DocumentKind.BAPTISM_LETTER,
    ),
)
OLD_PASSPORT = Paper("paspor-lama", (DocumentKind.OLD_PASSPORT,))
NAME_CHANGE = Paper("ganti-nama", (DocumentKind.NAME_CHANGE_DECREE,), is_required=False)
# Who became a citizen shows how (Permenkumham 18/2022 art. 4 d).
CITIZENSHIP = Paper("kewarganegaraan", (DocumentKind.CITIZENSHIP_LETTER,), is_required=False)

ALL_PAPERS = (ID_CARD, FAMILY_CARD, PROOF, OLD_PASSPORT, NAME_CHANGE, CITIZENSHIP)


@dataclass(frozen=True)
class OldPassport:
    """What is known of the passport that is to be replaced."""

    issued_in_indonesia: bool
    issued_year: int
    same_data: bool  # name, place and date of birth stand on it as on the identity card

    @property
    def proves_identity(self) -> bool:
        return self.issued_in_indonesia and self.issued_year >= TRUSTED_SINCE_YEAR and self.same_data


def papers_for(need: Need | None, old_passport: OldPassport | None = None) -> tuple[Paper, ...]:
    """The papers an adult's case needs, in the order in which they are asked for.

    While the old passport's facts are not known, everything is asked: less is a relief, more a shock.
    """
    if need is not Need.REPLACEMENT:
        return (ID_CARD, FAMILY_CARD, PROOF, NAME_CHANGE, CITIZENSHIP)
    if old_passport is not None and old_passport.proves_identity:
        return (ID_CARD, OLD_PASSPORT, NAME_CHANGE)
    return (ID_CARD, FAMILY_CARD, PROOF, OLD_PASSPORT, NAME_CHANGE, CITIZENSHIP)


def paper_by_code(code: str) -> Paper | None:
    """The paper that an address names, whoever needs it."""
    return next((paper for paper in ALL_PAPERS if paper.code == code), None)


def still_missing(papers: Iterable[Paper], given: Collection[str]) -> list[Paper]:
    """The required papers of which no picture is there; `given` holds the kinds that are."""
    return [paper for paper in papers if paper.is_required and not any(kind in given for kind in paper.kinds)]

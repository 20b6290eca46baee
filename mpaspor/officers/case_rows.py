"""What the applicant wrote, in rows: held against a card or one paper, or asked about in the interview."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from mpaspor.applications import nik
from mpaspor.applications.form_pages import OCCUPATION, PAGES, RELATIVES, TRIP
from mpaspor.applications.paper_queries import PaperCard
from mpaspor.desk.queries import WholeCase
from mpaspor.web.answer_summary import value_words
from mpaspor.web.formats import grouped
from mpaspor.web.labels.answers import FIELDS, nik_doubt, words_of


def identity_rows(case: WholeCase) -> list[tuple[str, str, str | None]]:
    """What is held against the identity card: term, value, and a doubt in words."""
    found = case.application
    answers = case.answers.get("identity", {})
    place = str(answers.get("birth_place", ""))
    rows = [
        (str(FIELDS["nik"]), grouped(found.nik or ""), _doubts(case)),
        (str(FIELDS["full_name"]), found.full_name or "", None),
        (str(FIELDS["birth_place"]), place, None),
        (str(FIELDS["birth_on"]), birth_date(found.birth_on), None),
        (str(FIELDS["sex"]), words_of("sex", found.sex or ""), None),
        (str(FIELDS["civil_status"]), words_of("civil_status", answers.get("civil_status", "")), None),
        (str(FIELDS["address"]), _address(case.answers.get("address", {})), None),
        (str(FIELDS["phone"]), found.phone or "", None),
    ]
    return [row for row in rows if row[1]]


def birth_date(day: date | None) -> str:
    """`14 Agustus 1996`, as it stands on the card: no weekday."""
    return format_date(day, "d MMMM y", locale=get_locale()) if day is not None else ""


def _doubts(case: WholeCase) -> str | None:
    found = case.application
    if not (found.nik and found.birth_on and found.sex) or nik.fault(found.nik) is not None:
        return None
    return "; ".join(nik_doubt(doubt) for doubt in nik.warnings(found.nik, found.birth_on, found.sex)) or None


def _address(answers: Mapping[str, Any]) -> str:
    fields = ("address", "district", "city", "province", "postcode")
    return ", ".join(value_words(field, answers) for field in fields if answers.get(field))


# What each paper says, to be held against it; a paper that is not named here says the name.
_SAID_BY = {
    "ktp": ("nik", "full_name", "birth_place", "birth_on", "sex", "civil_status", "address"),
    "kk": ("nik", "full_name", "birth_on", "mother_name", "father_name", "address"),
    "bukti": ("full_name", "birth_place", "birth_on", "mother_name", "father_name"),
    "paspor-lama": ("full_name", "birth_place", "birth_on", "number"),
}


class Row(NamedTuple):
    """One field that a paper must say: its name, its term and what the applicant wrote, in words."""

    field: str
    term: str
    value: str


def paper_rows(case: WholeCase, card: PaperCard | None) -> list[Row]:
    """What the paper on the screen should say: only its own fields."""
    if card is None:
        return []
    known = {term: value for term, value, _doubt in identity_rows(case)}
    answers = case.answers
    known |= {
        str(FIELDS.get(field, field)): value_words(field, answers[name])
        for name, field in _BESIDE
        if answers.get(name, {}).get(field)
    }
    fields = _SAID_BY.get(card.paper.code, ("full_name",))
    rows = (Row(field, term := str(FIELDS.get(field, field)), known.get(term, "")) for field in fields)
    return [row for row in rows if row.value]


_BESIDE = (("parents", "mother_name"), ("parents", "father_name"), ("old_passport", "number"))


# The form says "you" to the applicant; at the desk somebody else reads it.
_AT_THE_DESK = {
    "relative_relation": _l("Hubungan dengan pemohon"),
    "abroad_relation": _l("Hubungan dengan pemohon"),
}


def _asked(field: str) -> str:
    words = _AT_THE_DESK.get(field) or FIELDS.get(field)
    return str(words or field)


def journey_rows(case: WholeCase) -> list[tuple[str, str]]:
    """What the applicant wrote of the journey and of relatives, for whoever asks about it."""
    return [
        (_asked(field), value_words(field, case.answers[page.name]))
        for page in (TRIP, RELATIVES, OCCUPATION)
        for field in page.fields
        if case.answers.get(page.name, {}).get(field) not in (None, "", [])
    ]


_SHOWN_ABOVE = frozenset({"kind", "wish", "identity", "contact", "address"})


def other_rows(case: WholeCase) -> list[tuple[str, str]]:
    """Every other answer, in the order of the form."""
    rows = []
    for page in PAGES:
        if page.name in _SHOWN_ABOVE:
            continue
        answers = case.answers.get(page.name, {})
        rows += [
            (_asked(field), value_words(field, answers))
            for field in page.fields
            if answers.get(field) not in (None, "", [])
        ]
    return rows

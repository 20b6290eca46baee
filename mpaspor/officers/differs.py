"""A paper that says something else than the form: the message, or the correction, drafted with what it says.

Nothing of it is stored or sent: the officer reads the draft, changes it, and sends it by its own form.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import Form, StringField

from mpaspor.officers.case_rows import Row, paper_rows
from mpaspor.officers.pages import CasePage
from mpaspor.web.forms import AtMost, BaseForm
from mpaspor.web.labels.answers import FIELDS, SEXES
from mpaspor.web.labels.papers import PAPER_NAMES
from mpaspor.web.typed_dates import read_month, split_date

# The forms that a draft is written into.
MESSAGE, CORRECTION = "want", "correction"
# What the form of corrections takes; everything else is asked of the applicant.
_CORRECTABLE = ("full_name", "birth_place", "birth_on", "sex")
_READ_LENGTH = 120
_SHOWN_OF_A_NIK = 4


def _read(field: str) -> StringField:
    return StringField(
        FIELDS[field], [AtMost(_READ_LENGTH)], render_kw={"autocomplete": "off", "spellcheck": "false"}
    )


class DiffersForm(BaseForm):
    """What a paper says where it says something else than the applicant; empty where it agrees."""

    nik = _read("nik")
    full_name = _read("full_name")
    birth_place = _read("birth_place")
    birth_on = _read("birth_on")
    sex = _read("sex")
    civil_status = _read("civil_status")
    address = _read("address")
    mother_name = _read("mother_name")
    father_name = _read("father_name")
    number = _read("number")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        is_right = bool(super().validate(*args, **kwargs))
        if is_right and not self.read:
            self.form_errors.append(_("Tulis yang berbeda seperti di berkas."))
        return is_right and bool(self.read)

    @property
    def read(self) -> dict[str, str]:
        """By field, what was read on the paper."""
        return {field.short_name: field.data for field in self if field.data}


@dataclass(frozen=True)
class Draft:
    """What an officer read on a paper, and the form that it is written into."""

    form: str
    read: Mapping[str, str]


def fill(forms: Mapping[str, Any], page: CasePage, draft: Draft) -> None:
    """Write what was read into the forms of a page: what can be corrected, and the rest into the message."""
    if page.card is None:
        return
    rows, paper = paper_rows(page.case, page.card), str(PAPER_NAMES[page.card.paper])
    if draft.form == CORRECTION:
        rows = correct(forms[CORRECTION], paper, rows, draft.read)
    if words := message(paper, rows, draft.read):
        forms[MESSAGE].why.data, forms[MESSAGE].message.data = "differs", words
    first = forms[CORRECTION].reason if draft.form == CORRECTION else forms[MESSAGE].message
    first.render_kw = {**(first.render_kw or {}), "autofocus": True}


def message(paper: str, rows: Collection[Row], read: Mapping[str, str]) -> str:
    """What to tell the applicant: each field that differs, as the paper has it and as they wrote it.

    Of a NIK only how it ends: the message stays in the history and leaves by mail.
    """
    return " ".join(_sentence(paper, row, read[row.field]) for row in rows if read.get(row.field))


def _sentence(paper: str, row: Row, read: str) -> str:
    words = {"term": row.term, "paper": paper, "read": read, "typed": row.value}
    if row.field == "nik":
        words |= {"read": read[-_SHOWN_OF_A_NIK:], "typed": row.value[-_SHOWN_OF_A_NIK:]}
        return _("%(term)s: di %(paper)s berakhiran %(read)s, di isian Anda %(typed)s.", **words)
    return _("%(term)s: di %(paper)s tertulis “%(read)s”, di isian Anda “%(typed)s”.", **words)


def correct(form: Form, paper: str, rows: Sequence[Row], read: Mapping[str, str]) -> list[Row]:
    """Fill the form of corrections with what the paper says; returns the rows that it has no place for."""
    rest = []
    for row in rows:
        found = _value(row.field, read[row.field]) if read.get(row.field) else None
        if found is not None:
            form[row.field].process(None, found)
        elif read.get(row.field):
            rest.append(row)
    form["reason"].data = _("Sesuai %(paper)s asli", paper=paper)
    return rest


def _value(field: str, read: str) -> Any:
    """What the form of corrections holds for what was read; None where it cannot be understood."""
    if field not in _CORRECTABLE:
        return None
    if field == "birth_on":
        return _day(read)
    if field == "sex":
        return next((code for code, word in SEXES.items() if str(word).casefold() == read.casefold()), None)
    return read


def _day(read: str) -> date | None:
    parts = split_date({"day": read})
    month = read_month(parts["month"]) if parts else None
    if parts is None or month is None or not (parts["day"].isdecimal() and parts["year"].isdecimal()):
        return None
    try:
        return date(int(parts["year"]), month, int(parts["day"]))
    except ValueError:
        return None

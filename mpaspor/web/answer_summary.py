"""What a case says of itself, in words and in order: for checking answers and for whoever reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _

from mpaspor.applications import form_pages
from mpaspor.applications.choices import NO_DESTINATION
from mpaspor.applications.form_pages import FROZEN, Answers, FormPage
from mpaspor.applications.regions import PROVINCES
from mpaspor.people.contact import phone_in_words
from mpaspor.web.formats import grouped, long_date
from mpaspor.web.labels import answers as words
from mpaspor.web.labels.applications import PASSPORT_NAMES, REPLACEMENT_REASONS, passport_name

# Shown inside another line of the same page, so without a line of their own.
_TOLD_ELSEWHERE = frozenset({"replacement_reason", "validity_years"})
_PHONES = frozenset({"phone", "relative_phone", "abroad_phone"})


@dataclass(frozen=True)
class Line:
    """One answer: its name, its words, and whether it is frozen once an hour was taken."""

    field: str
    term: str
    value: str
    is_frozen: bool


@dataclass(frozen=True)
class Section:
    """The answers of one page."""

    page: FormPage
    title: str
    lines: tuple[Line, ...]

    @property
    def is_frozen(self) -> bool:
        """Nothing on the page may change any more once an hour was taken."""
        return self.page.is_frozen


def sections(answers: Answers, office_name: str | None) -> list[Section]:
    """Every page that applies, with what was answered; an unanswered field is left out."""
    found = []
    for page in form_pages.pages_for(answers):
        lines = tuple(_lines(page, answers.get(page.name, {}), office_name))
        found.append(Section(page, str(words.SECTIONS[page.name]), lines))
    return found


def _lines(page: FormPage, given: Any, office_name: str | None) -> Iterator[Line]:
    for field in page.fields:
        if field in _TOLD_ELSEWHERE or given.get(field) in (None, "", []):
            continue
        text = office_name or "" if field == "office_code" else value_words(field, given)
        yield Line(field, str(words.TERMS[field]), text, field in FROZEN)


def value_words(field: str, given: Any) -> str:
    """One answer in words; `given` holds the whole page, since some answers are told together."""
    value = given[field]
    if field == "need":
        reason = given.get("replacement_reason")
        title = words.NEED_TITLES[value]
        return f"{title}, {REPLACEMENT_REASONS[reason]}" if reason else str(title)
    if field == "kind":
        years = given.get("validity_years")
        return passport_name(value, years) if years else str(PASSPORT_NAMES[value])
    if field == "birth_on":
        return long_date(date.fromisoformat(value))
    if field == "nik":
        return grouped(value)
    if field in _PHONES:
        return phone_in_words(value)
    if field in ("province", "domicile_province"):
        return PROVINCES.get(value, value)
    if field == "destination":
        return country_name(value)
    return words.words_of(field, value)


def country_name(code: str) -> str:
    """A destination by its name in the reader's language."""
    if code == NO_DESTINATION:
        return str(words.NO_DESTINATION)
    locale = get_locale() or Locale("id")
    return str(locale.territories.get(code, code))


def task_line(task_name: str, answers: Answers, price: str | None, office_name: str | None) -> str | None:
    """What was entered in a task, in one line; None before anything was."""
    if task_name == "kind":
        given = answers.get("kind", {})
        told = [value_words(field, given) for field in ("need", "kind") if given.get(field)]
        return ", ".join([*told, *([price] if price else [])])
    if task_name == "wish":
        return office_name
    if task_name == "contact":
        address = answers.get("address", {})
        return ", ".join(address[field] for field in ("district", "city") if address.get(field)) or None
    shown = {
        "identity": ("identity", "full_name"),
        "family": ("occupation", "occupation"),
        "trip": ("trip", "purpose"),
    }
    page, field = shown.get(task_name, ("", ""))
    given = answers.get(page, {})
    return value_words(field, given) if given.get(field) else None


def not_yet(task_name: str) -> str:
    """What a task will ask, before it was begun."""
    return {
        "wish": _("Lihat sisa kuota dulu, belum memesan apa pun"),
        "identity": _("Siapkan KTP"),
        "contact": _("Nomor HP dan alamat"),
        "family": _("Pekerjaan, orang tua"),
        "trip": _("Sekitar 3 menit"),
        "documents": _("Foto berkas dengan HP"),
        "check": _("Terbuka setelah bagian lain selesai"),
    }.get(task_name, "")

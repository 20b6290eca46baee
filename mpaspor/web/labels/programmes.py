"""Programmes in words: what one is, what it promises, when and where it runs, why it does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from mpaspor.applications.models import Application
from mpaspor.applications.rules import PassportKind
from mpaspor.offices.models import Office, ProgrammeTerms
from mpaspor.offices.programme_rules import CapCause, Errand, Unfit
from mpaspor.offices.programmes import Agreed, Offer, Place
from mpaspor.offices.queries import days_promised
from mpaspor.web import language
from mpaspor.web.formats import short_date
from mpaspor.web.labels.answers import WEEKDAYS
from mpaspor.web.labels.applications import passport_name

ERRANDS = {
    Errand.NEW: _l("paspor baru"),
    Errand.EXPIRED: _l("penggantian karena habis masa berlaku"),
    Errand.PAGES_FULL: _l("penggantian karena halaman penuh"),
    Errand.TO_ELECTRONIC: _l("penukaran ke paspor elektronik"),
}
CAP_CAUSES = {
    CapCause.CAMERAS: _l("kamera kurang"),
    CapCause.PRINTERS: _l("mesin cetak kurang"),
    CapCause.BOOKLETS: _l("persediaan buku paspor"),
    CapCause.STAFF: _l("petugas kurang"),
    CapCause.ROOM: _l("ruang tunggu terbatas"),
    CapCause.OTHER: _l("sebab lain"),
}
ALL_WEEKDAYS = {**WEEKDAYS, "5": _l("Sabtu"), "6": _l("Minggu")}
MISFITS = {
    Unfit.WALK_IN: _l("Datang langsung ke kantor, tidak perlu memilih jam."),
    Unfit.BY_REQUEST: _l("Belum bisa dipesan lewat situs ini."),
    Unfit.ERRAND: _l("Hanya untuk %(errands)s."),
    Unfit.TOO_YOUNG: _l("Untuk usia %(age_from)s tahun ke atas."),
    Unfit.TOO_OLD: _l("Untuk usia sampai %(age_to)s tahun."),
}
_SINGLE_DAYS_TOLD = 3


FEE_ITEMS = {
    "expedited": _l("Percepatan"),
    "charge_lost": _l("Beban paspor hilang"),
    "charge_damaged": _l("Beban paspor rusak"),
}


def service_words(case: Application, agreed: Agreed | None) -> str:
    """What is applied for: the passport, and the programme where it is not the usual one."""
    if not case.kind or not case.validity_years:
        return ""
    passport = passport_name(case.kind, case.validity_years)
    return passport if agreed is None or agreed.is_regular else f"{passport} · {name_of(agreed.terms)}"


def item_words(item: str, validity_years: int) -> str:
    """A line of a bill."""
    if item in set(PassportKind):
        return passport_name(item, validity_years)
    return str(FEE_ITEMS.get(item, item))


def name_of(terms: ProgrammeTerms) -> str:
    """Its name in the reader's language."""
    return terms.name_en if language.choose() == "en" else terms.name


def about(terms: ProgrammeTerms) -> str:
    """The sentence about it, with what has to be shown."""
    if language.choose() == "en":
        said, proof = terms.about_en, terms.proof_en
    else:
        said, proof = terms.about, terms.proof
    return f"{said} {proof}" if proof else said


def promise(terms: ProgrammeTerms, office: Office) -> str:
    """When a passport is ready, counted from the interview at the visit."""
    days = days_promised(office, terms.promise_days)
    if days == 0:
        return _("Siap pada hari Anda datang")
    return ngettext("Siap dalam %(num)s hari kerja", "Siap dalam %(num)s hari kerja", days)


def when(places: Iterable[Place]) -> list[str]:
    """Its days and hours, a line for each place: `Senin–Kamis 08.00–16.00, Kantor Palembang`."""
    of_points: dict[str, list[Place]] = {}
    for place in places:
        of_points.setdefault(place.point_name, []).append(place)
    return [f"{', '.join(_days(hours))}: {point}" for point, hours in of_points.items()]


def misfit(why: Unfit, terms: ProgrammeTerms) -> str:
    """Why somebody cannot choose it here."""
    errands = _(" atau ").join(str(ERRANDS[Errand(word)]) for word in terms.errands)
    facts = {"errands": errands, "age_from": terms.age_from, "age_to": terms.age_to}
    return str(MISFITS[why]) % facts


def not_offered(offer: Offer) -> str | None:
    """Why nobody can choose it now, whoever they are; None where there is no such reason."""
    if offer.terms.is_booked and not offer.is_bookable:
        return _("Belum ada jam yang dibuka.")
    return None


def _days(places: Sequence[Place]) -> Iterator[str]:
    """The weekdays with equal hours together, then the single dates."""
    spans: dict[int, tuple[time, time]] = {}
    for place in places:
        if place.weekday is not None:
            first, last = spans.get(place.weekday, (place.starts_at, place.ends_at))
            spans[place.weekday] = min(first, place.starts_at), max(last, place.ends_at)
    run: list[int] = []
    for weekday in [*sorted(spans), None]:
        if run and (weekday is None or weekday != run[-1] + 1 or spans[weekday] != spans[run[-1]]):
            yield f"{_weekdays(run)} {_span(*spans[run[0]])}"
            run = []
        if weekday is not None:
            run.append(weekday)
    dates = sorted({place.on_date for place in places if place.on_date is not None})
    yield from (short_date(day) for day in dates[:_SINGLE_DAYS_TOLD])
    if len(dates) > _SINGLE_DAYS_TOLD:
        yield _("%(count)s hari lain", count=len(dates) - _SINGLE_DAYS_TOLD)


def _weekdays(run: Sequence[int]) -> str:
    names = [str(ALL_WEEKDAYS[str(day)]) for day in (run[0], run[-1])]
    return names[0] if len(run) == 1 else "–".join(names)


def _span(begins: time, ends: time) -> str:
    return f"{begins:%H.%M}–{ends:%H.%M}"

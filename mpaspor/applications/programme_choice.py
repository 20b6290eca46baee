"""Which programme a case goes by: what fits its person, and the one that is chosen with the office."""

from __future__ import annotations

from datetime import date, datetime

from mpaspor.applications.models import Application
from mpaspor.applications.refusals import ProgrammeNotFor, ProgrammeNotOffered
from mpaspor.applications.rules import Need, ReplacementReason
from mpaspor.offices.models import Office, Programme, ProgrammeTerms
from mpaspor.offices.programme_rules import Errand, Unfit, why_not
from mpaspor.offices.programmes import Offer, bookable_at, sold_on
from mpaspor.offices.queries import REGULAR, office_by_id, programme_by_code
from mpaspor.offices.rules import local_date
from mpaspor.people.rules import age_on


def errand_of(need: Need | None, reason: ReplacementReason | None) -> Errand | None:
    """What somebody comes for, as programmes name it; None while it is not known."""
    if need is Need.NEW:
        return Errand.NEW
    return Errand(reason) if need is Need.REPLACEMENT and reason is not None else None


def misfit(terms: ProgrammeTerms, case: Application, today: date) -> Unfit | None:
    """Why the case's person cannot book under these terms; None where they can, as far as they have said."""
    age = age_on(case.birth_on, today) if case.birth_on is not None else None
    return why_not(terms.conditions, errand_of(case.need, case.replacement_reason), age)


def refuse_misfit(terms: ProgrammeTerms, case: Application, today: date) -> None:
    """Raises `ProgrammeNotFor` with what stands against it."""
    why = misfit(terms, case, today)
    if why is not None:
        raise ProgrammeNotFor(why=why, name=terms.name, age_from=terms.age_from, age_to=terms.age_to)


def refuse_changed_misfit(case: Application, *, now: datetime) -> None:
    """Raises `ProgrammeNotFor` or `ProgrammeNotOffered` where what was said since stands against it."""
    office = office_by_id(case.office_id)
    if office is None:
        return
    today = local_date(now, office.time_zone)
    sold = sold_on(case.programme_id, today)
    if sold is None:
        raise ProgrammeNotOffered()
    refuse_misfit(sold.terms, case, today)


def chosen_at(office: Office, code: str | None, case: Application, *, now: datetime) -> Programme:
    """The programme that a wish for `office` means: the one named, else the one that the case has if the
    office offers it too, else the regular one.

    Raises `ProgrammeNotOffered`, `ProgrammeNotFor`.
    """
    today = local_date(now, office.time_zone)
    offers = bookable_at(office.id, today, office.opens_weeks_ahead)
    found = _named(offers, code) if code else _usual(offers, case)
    if found is not None:
        refuse_misfit(found.terms, case, today)
        return found.programme
    regular = programme_by_code()
    if regular is None or code not in (None, "", REGULAR):
        raise ProgrammeNotOffered()
    return regular


def _named(offers: list[Offer], code: str) -> Offer | None:
    return next((offer for offer in offers if offer.programme.code == code), None)


def _usual(offers: list[Offer], case: Application) -> Offer | None:
    own = next((offer for offer in offers if offer.programme.id == case.programme_id), None)
    return own or _named(offers, REGULAR) or (offers[0] if offers else None)

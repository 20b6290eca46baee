"""The programmes of an office as an applicant weighs them: which fit, at which price, why others do not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from markupsafe import Markup

from mpaspor.applications.models import Application
from mpaspor.applications.programme_choice import misfit
from mpaspor.offices.models import Office
from mpaspor.offices.programmes import Offer, offers_of
from mpaspor.offices.queries import offices_in_service
from mpaspor.offices.rules import local_date
from mpaspor.web.formats import rupiah
from mpaspor.web.labels import programmes as words


@dataclass(frozen=True)
class ProgrammeCard:
    """One programme on the page of the wish."""

    id: uuid.UUID
    code: str
    name: str
    about: str
    price: str | None
    promise: str
    when: tuple[str, ...]
    is_bookable: bool
    why_not: str | None  # in words; None for one that fits

    @property
    def hint(self) -> Markup:
        """What stands below its name, a line for each thing."""
        first = " · ".join(text for text in (self.price, self.promise) if text)
        return Markup("<br>").join([first, self.about, *self.when])


def programme_cards(office_code: str | None, case: Application, *, now: datetime) -> list[ProgrammeCard]:
    """What the office offers, as far as the case has said who comes and for what."""
    office = next((one for one in offices_in_service() if one.code == office_code), None)
    if office is None:
        return []
    today = local_date(now, office.time_zone)
    asked = office.id, today, office.opens_weeks_ahead, case.kind, case.validity_years
    return [_card(offer, office, case, today) for offer in offers_of(*asked)]


def _card(offer: Offer, office: Office, case: Application, today: date) -> ProgrammeCard:
    terms = offer.terms
    why = misfit(terms, case, today)
    return ProgrammeCard(
        id=offer.programme.id,
        code=offer.programme.code,
        name=words.name_of(terms),
        about=words.about(terms),
        price=_price(offer) if terms.is_booked else None,
        promise=words.promise(terms, office),
        when=tuple(words.when(offer.places)),
        is_bookable=offer.is_bookable,
        why_not=words.misfit(why, terms) if why is not None else words.not_offered(offer),
    )


def _price(offer: Offer) -> str | None:
    """The whole price, and what of it is the programme's own."""
    if offer.passport_rp is None:
        return None
    if offer.surcharge is None:
        return rupiah(offer.passport_rp)
    extra = offer.surcharge.amount_rp
    total = rupiah(offer.passport_rp + extra)
    return _("%(total)s, termasuk %(extra)s untuk layanan ini", total=total, extra=rupiah(extra))

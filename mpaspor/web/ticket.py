"""The ticket of a confirmed visit: when to be there, and the code that opens the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from markupsafe import Markup

from mpaspor.applications import visit_token
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.booking.queries import Visit
from mpaspor.config import settings
from mpaspor.offices.models import Office


@dataclass(frozen=True)
class Ticket:
    """Everything that `macros/visit.html: visit_ticket` shows."""

    case: Application
    office: Office
    visit: Visit
    qr: Markup

    @property
    def arrive_at(self) -> datetime:
        """A while before the hour; whom the office told to come later comes then, and not earlier still."""
        if self.visit.delay_minutes:
            return self.visit.come_at
        return self.visit.starts_at - timedelta(minutes=self.office.arrive_minutes_early)


def ticket_of(case: Application, office: Office, visit: Visit | None) -> Ticket | None:
    """The ticket of a case that has a confirmed hour ahead of it, which was not closed; else None."""
    if case.state != CaseState.SCHEDULED or visit is None or not visit.stands:
        return None
    return Ticket(case, office, visit, _qr(case, office, visit))


def _qr(case: Application, office: Office, visit: Visit) -> Markup:
    token = visit_token.sign(
        visit_token.Visit(case.code, office.code, visit.starts_at), settings().secrets.signing_key
    )
    svg = segno.make(token, error="m", micro=False).svg_inline(
        border=3, dark="#000", light="#fff", omitsize=True
    )
    return Markup(svg)  # noqa: S704  (made here from our own token, nothing typed is in it)

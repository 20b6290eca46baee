"""What the door says of somebody whom it does not let in: one true sentence for each state of a case."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _

from mpaspor.applications.rules import PAID_FOR, CaseState
from mpaspor.billing.models import Bill
from mpaspor.desk.day_list import Expected
from mpaspor.desk.queries import WholeCase
from mpaspor.desk.rules import MAY_COME_EARLY
from mpaspor.desk.stages import Stage, station_of
from mpaspor.offices.rules import local_date
from mpaspor.web.formats import hour, long_date, rupiah
from mpaspor.web.labels.applications import OFFICER_STATES
from mpaspor.web.labels.desk import DOOR

S = CaseState


def where_to(stage: Stage | None) -> str:
    """Which counter somebody who is let in goes to."""
    if stage is Stage.PHOTO:
        return _("Ke loket foto.")
    if stage is Stage.INTERVIEW:
        return _("Ke loket wawancara.")
    if stage is Stage.PICKUP:
        return _("Ke loket pengambilan.")
    if stage is Stage.DECISION:
        return _("Menunggu keputusan di ruang tunggu.")
    return _("Ke loket berkas, dengan berkas asli.")


def sentence_for(case: WholeCase, bill: Bill | None, promised_on: date | None, *, now: datetime) -> str:
    """How the case stands, as the door tells the person. `bill` is the one that nobody has paid yet."""
    zone, state = case.office.time_zone, case.state
    if case.presence is not None and case.presence.day == local_date(now, zone):
        number, where = case.presence.ticket, where_to(station_of(state, is_here=True))
        return _("Sudah diterima, nomor %(number)s. %(where)s", number=number, where=where)
    if case.bill is None and state in PAID_FOR:
        return _("Pembayarannya ditarik kembali oleh bank. Antar ke penyelia.")
    if state is S.AWAITING_PAYMENT and bill is not None:
        day = long_date(case.slot.starts_at, zone) if case.slot is not None else ""
        return _(
            "Belum dibayar: %(amount)s, untuk kunjungan %(day)s.", amount=rupiah(bill.amount_rp), day=day
        )
    if state is S.COLLECTED and case.handover is not None:
        day, who = long_date(case.handover.handed_at, zone), case.handover.collected_by
        return _("Paspornya sudah diambil %(who)s pada %(day)s.", who=who, day=day)
    if state in (S.INTERVIEWED, S.GRANTED, S.PRINTED) and promised_on is not None:
        return _(
            "Tidak perlu datang sekarang: paspornya dijanjikan siap %(day)s.", day=long_date(promised_on)
        )
    return str(DOOR.get(state, OFFICER_STATES[state]))


def sentence_in_list(line: Expected) -> str:
    """The same in the list of the day, which knows less: a computer keeps it for when the server is away."""
    if line.ticket is not None:
        where = where_to(station_of(line.state, is_here=True))
        return _("Sudah diterima, nomor %(number)s. %(where)s", number=line.ticket, where=where)
    if not line.is_paid and line.state in PAID_FOR:
        return _("Pembayarannya ditarik kembali oleh bank. Antar ke penyelia.")
    return str(DOOR.get(line.state, OFFICER_STATES[line.state]))


def may_return_at(starts_at: datetime, zone: str) -> str:
    """From when on somebody who came too early is let in."""
    return hour(starts_at - MAY_COME_EARLY, zone)

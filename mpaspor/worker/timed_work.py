"""What the worker does by the clock: scans that may run on any number of workers, and twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mpaspor.applications.forget_walk_ins import forget_unpaid
from mpaspor.billing.due import beat, lapse_due
from mpaspor.billing.lapse_offer import lapse_offers
from mpaspor.billing.reseat import seat_after_outages, seat_again
from mpaspor.billing.restore_hours import restore_hours
from mpaspor.booking.generate_slots import top_up
from mpaspor.booking.mark_missed import mark_missed
from mpaspor.booking.releases import open_due, plan_on
from mpaspor.booking.returns import return_due
from mpaspor.config import Settings
from mpaspor.desk.close_case import end_overdue
from mpaspor.desk.presence import close_days
from mpaspor.desk.remind_to_collect import remind_to_collect
from mpaspor.foundation import files, kept_forms, limits, outbox_queue, seals
from mpaspor.offices.queries import offices_in_service
from mpaspor.offices.seed import plant_fixed_holidays
from mpaspor.people.sign_in import officers
from mpaspor.people.stand_in import end_run_out


@dataclass(frozen=True)
class Scan:
    """One piece of timed work: its name in the log, how often, what."""

    name: str
    every_seconds: float
    act: Callable[[datetime], object]


def sweep(now: datetime) -> int:
    """Beat before lapsing, so that the time nobody was watching is given back before anything lapses."""
    return_due(now=now)
    beat(now=now)
    return lapse_due(now=now) + lapse_offers(now=now)


def closed_hours(now: datetime) -> int:
    """Seat people of closed hours again, and undo closures that were ended; returns how many changed."""
    return restore_hours(now=now) + seat_again(now=now)


@dataclass
class OpenPlaces:
    """Keeps every office's calendar filled up to its horizon: some offices a run, each once in a quarter of
    an hour. All of them at once would keep the sweep waiting."""

    _done: dict[uuid.UUID, datetime] = field(default_factory=dict)

    def __call__(self, now: datetime) -> int:
        """Returns how many hours were added."""
        due = [office.id for office in offices_in_service() if not self._was_done(office.id, now)]
        added = 0
        for office_id in due[:_OFFICES]:
            added += top_up(office_id, now=now)
            self._done[office_id] = now
        return added

    def _was_done(self, office_id: uuid.UUID, now: datetime) -> bool:
        before = self._done.get(office_id)
        # A clock set back must not silence it for as long as it was set back.
        return before is not None and before <= now < before + _QUARTER


_SEALS = 100  # of one run, or a day of all offices
_OFFICES, _QUARTER = 10, timedelta(minutes=15)


SCANS: tuple[Scan, ...] = (
    Scan("sweep", 3, sweep),
    Scan("releases", 2, lambda now: open_due(now=now)),
    Scan("weekly_releases", 600, lambda now: plan_on(now=now)),
    Scan("closed_hours", 3, closed_hours),
    Scan("days_down", 600, lambda now: seat_after_outages(now=now)),
    Scan("missed", 60, lambda now: mark_missed(now=now)),
    Scan("ended_days", 60, lambda now: close_days(now=now)),
    Scan("overdue_cases", 60, lambda now: end_overdue(now=now)),
    Scan("unpaid_walk_ins", 600, lambda now: forget_unpaid(now=now)),
    Scan("roles_run_out", 60, lambda now: end_run_out(now=now)),
    Scan("pickup_reminders", 600, lambda now: remind_to_collect(now=now)),
    Scan("places", 30, OpenPlaces()),
    Scan("lost_messages", 30, lambda now: outbox_queue.bury_lost(now=now)),
    Scan("old_forms", 3600, lambda now: kept_forms.forget_expired(now=now)),
    Scan("old_counters", 3600, lambda now: limits.forget_old(now=now)),
    Scan("old_questions", 3600, lambda now: officers.forget_old(now=now)),
    Scan("seals", 600, lambda now: seals.seal_ended_days(now=now, at_most=_SEALS)),
    Scan("lost_files", 60, lambda now: files.sweep_orphans(now=now, parts=files.parts_due(now))),
)


def scans_of(settings: Settings) -> tuple[Scan, ...]:
    """All of them, and in a demo its own: days can be opened in years whose holidays no decree has named."""
    if not settings.demo:
        return SCANS
    from mpaspor.demo import messages

    return (
        Scan("demo_holidays", 900, lambda now: plant_fixed_holidays(now=now)),
        *SCANS,
        Scan("old_demo_messages", 3600, lambda now: messages.forget_old(now=now)),
    )

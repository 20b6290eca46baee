"""Days, hours and names of offices. Pure: time, zone and holidays come in as arguments.

An office's day is the day in its own zone; a visit in Jayapura ends its "day before" two hours
earlier than one in Palembang (DOMAIN §7.2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

UNKNOWN_CLASS = "unknown"

# The capital's: for a day or an hour of somebody who has chosen no office yet, for fees and for banks.
HOME_ZONE = "Asia/Jakarta"
# The three zones of Indonesia, by all their names; the label is what people write behind an hour.
ZONE_LABELS = {
    HOME_ZONE: "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Ujung_Pandang": "WITA",
    "Asia/Jayapura": "WIT",
}

# National holidays that no decree moves: month, day, name.
_FIXED_HOLIDAYS = (
    (1, 1, "Tahun Baru Masehi"),
    (5, 1, "Hari Buruh Internasional"),
    (6, 1, "Hari Lahir Pancasila"),
    (8, 17, "Hari Kemerdekaan Republik Indonesia"),
    (12, 25, "Hari Raya Natal"),
)

_SATURDAY = 5


@dataclass(frozen=True)
class Hour:
    """One arrival hour of a weekday (Monday 0), in the office's own time, with its places."""

    weekday: int
    starts_at: time
    ends_at: time
    capacity: int


@dataclass(frozen=True)
class SlotTime:
    """One hour of one day as moments in UTC."""

    starts_at: datetime
    ends_at: datetime
    capacity: int


def zone_label(time_zone: str) -> str:
    """WIB, WITA or WIT. Raises `KeyError` for a zone outside Indonesia."""
    return ZONE_LABELS[time_zone]


def local_date(moment: datetime, time_zone: str) -> date:
    """The calendar day of `moment` at the office."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def local_time(moment: datetime, time_zone: str) -> time:
    """The wall-clock time of `moment` at the office."""
    return moment.astimezone(ZoneInfo(time_zone)).time()


def moment_of(day: date, at: time, time_zone: str) -> datetime:
    """The moment in UTC at which the office's clock shows `at` on `day` (no zone here has summer time)."""
    return datetime.combine(day, at, ZoneInfo(time_zone)).astimezone(UTC)


def fixed_holidays(year: int) -> dict[date, str]:
    """What is known of a year before its decree: day and name."""
    return {date(year, month, day): name for month, day, name in _FIXED_HOLIDAYS}


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Monday to Friday, neither public holiday nor joint leave (DOMAIN §7.3)."""
    return day.weekday() < _SATURDAY and day not in holidays


def working_days(first: date, last: date, holidays: Collection[date]) -> Iterator[date]:
    """The working days from `first` to `last`, both included."""
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if is_working_day(day, holidays):
            yield day


def add_working_days(day: date, count: int, holidays: Collection[date]) -> date:
    """The `count`-th working day after `day`, which itself is not counted; 0 gives `day` back.

    Raises `ValueError` for a negative count: no promise of this service looks back.
    """
    if count < 0:
        raise ValueError("working days are only counted forwards")
    while count:
        day += timedelta(days=1)
        if is_working_day(day, holidays):
            count -= 1
    return day


def earliest_start(now: datetime, time_zone: str, days_ahead: int) -> datetime:
    """The moment before which no hour may be claimed: midnight `days_ahead` days on, at the office."""
    return moment_of(local_date(now, time_zone) + timedelta(days=days_ahead), time.min, time_zone)


def last_claim_moment(starts_at: datetime, time_zone: str, days_ahead: int) -> datetime:
    """The moment from which an hour may no longer be claimed; the other side of `earliest_start`."""
    day = local_date(starts_at, time_zone) - timedelta(days=days_ahead - 1)
    return moment_of(day, time.min, time_zone)


def last_open_day(today: date, weeks_ahead: int) -> date:
    """The last day whose hours are open for claiming."""
    return today + timedelta(weeks=weeks_ahead)


def slot_starts(day: date, hours: Iterable[Hour], time_zone: str) -> list[SlotTime]:
    """The hours of `day`, in order, as moments. A weekday without hours has none."""
    return [
        SlotTime(
            starts_at=moment_of(day, hour.starts_at, time_zone),
            ends_at=moment_of(day, hour.ends_at, time_zone),
            capacity=hour.capacity,
        )
        for hour in sorted(hours, key=lambda hour: hour.starts_at)
        if hour.weekday == day.weekday()
    ]


def in_force(valid_from: date, valid_until: date | None, day: date) -> bool:
    """Whether a dated row holds on `day`; `valid_until` is its last day."""
    return valid_from <= day and (valid_until is None or day <= valid_until)


def full_name(name: str, class_name: str, has_checkpoint: bool | None) -> str:
    """The office's full name; where class or checkpoint are not known, they are left out."""
    words = ["Kantor Imigrasi"]
    if class_name != UNKNOWN_CLASS:
        words.append(class_name)
        if has_checkpoint is not None:
            words.append("TPI" if has_checkpoint else "Non TPI")
    return " ".join([*words, name])


def sort_key(name: str) -> str:
    """What a name is sorted and searched by, since the database sorts bytewise: plain small letters."""
    # One by one: what is not ASCII goes anyway, and a long run of accents would be sorted for seconds.
    parts = "".join(unicodedata.normalize("NFKD", sign) for sign in name)
    plain = parts.encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()

"""Today's board: who is due, who waits for what, and the next case for the officer who looks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_login import current_user

from mpaspor.desk import board_figures, board_queries, board_side
from mpaspor.desk.attention import Attention
from mpaspor.desk.board_figures import Figures
from mpaspor.desk.board_queries import BoardRow
from mpaspor.desk.queue_rules import COUNTERS
from mpaspor.desk.rules import DESK_ROLES
from mpaspor.desk.stages import Stage, stations_of
from mpaspor.foundation import clock
from mpaspor.foundation.columns import read_code
from mpaspor.officers import blueprint, going_on, pages
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from mpaspor.web.access import Audience, open_to
from mpaspor.web.asked import asked
from mpaspor.web.htmx import go_to, page_or_part, wants_part
from mpaspor.web.labels.desk import NEEDS_LOOK, STAGES

TEXT_LENGTH = 80
_LAST_PAGE = 10_000  # beyond what any office has, and within what the database can count


@blueprint.get("")
@open_to(Audience.OFFICER)
def board() -> Response:
    """The board as a page, and as the part that refreshes itself."""
    now, office = clock.now(), pages.my_office()
    stage, text = _stage(request.args.get("tahap")), asked("q", TEXT_LENGTH)
    need = _need(request.args.get("perlu"))
    page = min(max(1, request.args.get("halaman", 1, type=int)), _LAST_PAGE)
    if not wants_part():
        going_on.pause()  # whoever goes back to the list chooses themselves
    rows, total = _rows(office, stage, need, text, page, now)
    if len(rows) == 1 and text and not wants_part() and _names_exactly(rows[0], text):
        return go_to("officers.case", code=rows[0].code)
    figures = board_figures.figures(office, now=now)
    busy = board_side.busy(office, now=now) if current_user.roles & DESK_ROLES else []
    return page_or_part(
        "officers/board.html",
        "officers/_board.html",
        rows=rows,
        total=total,
        page=page,
        last_page=max(1, -(-total // board_queries.PAGE)),
        text=text,
        stage=stage,
        figures=figures,
        filters=_filters(figures, stage, need),
        busy=busy,
        mine=next((one for one in busy if one.is_held and one.officer_id == current_user.staff_id), None),
        may_call=bool(stations_of(current_user.roles)),
        counters=COUNTERS,
        counter=pages.my_counter(),
        nobody_waits=request.args.get("kosong") == "1",
        needs_counter=request.args.get("loket") == "pilih",
        base_url=_url(stage, text, need),
        need=need,
        needs=_needs(figures) + _without_hour(figures),
        waits=figures.waits,
        duration=pages.duration,
        stage_names=STAGES,
        is_update=wants_part(),
        is_admin_only=not current_user.roles & DESK_ROLES,
        **_hours(figures, office.time_zone, now),
        **pages.frame(office, now, "board"),
    )


def _rows(
    office: Office, stage: Stage | None, need: Attention | None, text: str, page: int, now: datetime
) -> tuple[Sequence[BoardRow], int]:
    """The people on the board, for those who work with them: an administrator sees figures alone."""
    if not current_user.roles & DESK_ROLES:
        return [], 0
    first = stations_of(current_user.roles)
    return board_queries.rows(office, stage=stage, need=need, text=text, page=page, first=first, now=now)


def _stage(text: str | None) -> Stage | None:
    return Stage(text) if text in set(Stage) else None


def _need(text: str | None) -> Attention | None:
    return Attention(text) if text in set(Attention) else None


def _needs(figures: Figures) -> list[tuple[str, int, str]]:
    """What somebody should look at: in words, how many, and where they stand. Nothing that is nowhere."""
    stages = ((Stage.AWAY, NEEDS_LOOK["away"]), (Stage.SENT, NEEDS_LOOK["sent"]))
    found = [(str(words), figures.stages.get(stage, 0), _url(stage, "")) for stage, words in stages]
    found += [(str(NEEDS_LOOK[why]), figures.needs.get(why, 0), _url(None, "", why)) for why in Attention]
    if Role.SUPERVISOR in current_user.roles:
        door = (str(NEEDS_LOOK["door"]), figures.asked_at_door, url_for("officers.show_questions"))
        found.insert(0, door)
    return [one for one in found if one[1]]


def _without_hour(figures: Figures) -> list[tuple[str, int, str]]:
    """For supervisors: who has paid and waits for an hour that nobody holds for them."""
    if Role.SUPERVISOR not in current_user.roles or not figures.without_hour:
        return []
    return [(_("Belum punya jadwal"), figures.without_hour, url_for("officers.show_without_hour"))]


def _names_exactly(row: BoardRow, text: str) -> bool:
    return read_code(text) == row.code


def _filters(
    figures: Figures, current: Stage | None, need: Attention | None
) -> list[tuple[str, int, str, bool]]:
    """Every station with its count; those that stand empty are left out, the chosen one stays."""
    open_count = figures.total - figures.stages.get(Stage.DONE, 0)
    found = [(_("Semua"), open_count, url_for("officers.board"), current is None and need is None)]
    found += [
        (str(STAGES[stage]), figures.stages.get(stage, 0), _url(stage, ""), stage is current)
        for stage in Stage
        if figures.stages.get(stage) or stage is current
    ]
    return found


def _url(stage: Stage | None, text: str, need: Attention | None = None) -> str:
    chosen = str(stage) if stage else None
    return url_for("officers.board", tahap=chosen, perlu=str(need) if need else None, q=text or None)


def _hours(figures: Figures, zone: str, now: datetime) -> dict[str, Any]:
    return {
        "hours": [
            {
                "hour": pages.clock_hour(hour.starts_at, zone),
                "present": hour.present,
                "quota": hour.quota,
                "now": hour.is_now,
            }
            for hour in figures.hours
        ],
        "late": sum(max(0, hour.quota - hour.present) for hour in figures.hours if hour.ends_at <= now),
    }

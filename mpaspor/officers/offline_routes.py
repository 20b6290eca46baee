"""The door while the server is away: the page that it keeps, the list of the day, what it tells later."""

from __future__ import annotations

import uuid
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from flask import abort, jsonify, render_template, request
from flask.wrappers import Response
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from mpaspor.applications.rules import CODE_LENGTH
from mpaspor.applications.visit_token import public_key
from mpaspor.config import settings
from mpaspor.desk import day_list
from mpaspor.desk.day_list import take_day_list
from mpaspor.desk.door_rules import Told
from mpaspor.desk.merge_arrival import Arrival, merge_arrival
from mpaspor.desk.refusals import NoDayList, ToldOtherwise
from mpaspor.desk.rules import AT_THE_DOOR, MAY_COME_EARLY, MAY_COME_LATE, REASON_LENGTH
from mpaspor.foundation import clock
from mpaspor.foundation.columns import read_code
from mpaspor.officers import blueprint, door, pages
from mpaspor.offices.rules import local_date
from mpaspor.people.rules import OFFICER_IDLE
from mpaspor.web.access import open_to
from mpaspor.web.labels.door import TOLD
from mpaspor.web.labels.refusals import sentence

_FARTHEST = 32_503_680_000_000  # the year 3000 in ms: beyond it lies no clock, only nonsense


@blueprint.get("/hadir/luring")
@open_to(*AT_THE_DOOR)
def show_offline_door() -> str:
    """The page that works without us. Nobody's data is in it, nor who asked for it: a browser keeps it."""
    return render_template("officers/offline_door.html", signed_in=None, is_kept=True)


@blueprint.get("/hadir/luring/tanda")
@open_to(*AT_THE_DOOR)
def show_sign_of_life() -> Response:
    """That we are here and know who asks, with what a form of theirs must carry."""
    return jsonify(token=generate_csrf(), owner=str(current_user.staff_id))


@blueprint.post("/hadir/luring/daftar")
@open_to(*AT_THE_DOOR)
def take_list() -> Response:
    """The list of today for the computer at the door."""
    now, office, who = clock.now(), pages.my_office(), current_user.staff_id
    list_id = take_day_list(who, now=now)
    lines = day_list.expected(office, who, now=now)
    return jsonify(
        id=list_id,
        owner=str(who),
        office=office.code,
        officeName=office.full_name,
        zone=office.time_zone,
        day=local_date(now, office.time_zone).isoformat(),
        made=_ms(now),
        until=_ms(day_list.kept_until(office, now)),
        idle=int(OFFICER_IDLE.total_seconds() * 1000),
        early=int(MAY_COME_EARLY.total_seconds() * 1000),
        late=int(MAY_COME_LATE.total_seconds() * 1000),
        key=b64encode(public_key(settings().secrets.signing_key)).decode(),
        rows=[_row(line) for line in lines],
    )


@blueprint.post("/hadir/luring/kirim")
@open_to(*AT_THE_DOOR)
def tell_arrival() -> tuple[Response, int]:
    """One arrival that was written down meanwhile; what became of it, in words."""
    try:
        became, ticket = merge_arrival(current_user.staff_id, _told(), now=clock.now())
    except (NoDayList, ToldOtherwise) as refusal:
        return jsonify(became="refused", words=sentence(refusal)), 200
    words = str(TOLD[Told(became)]) % {"number": ticket or "–"}
    return jsonify(became=became, words=words), 200


def _told() -> Arrival:
    form = request.form
    try:
        key, list_id = uuid.UUID(form.get("key", "")), uuid.UUID(form.get("list", ""))
        at = int(form.get("at", ""))
    except ValueError:
        abort(400)
    code = read_code(form.get("code", "")[: 2 * CODE_LENGTH])
    if not 0 <= at <= _FARTHEST or len(code) != CODE_LENGTH:
        abort(400)
    reason = form.get("reason", "")[:REASON_LENGTH] or None
    return Arrival(key, list_id, code, datetime.fromtimestamp(at / 1000, UTC), reason)


def _row(line: day_list.Expected) -> dict[str, Any]:
    """A person in the least that the door needs; `says` where they are not simply let in."""
    return {
        "code": line.code,
        "number": line.number,
        "name": line.name,
        "year": line.birth_year,
        "from": _ms(line.starts_at),
        "until": _ms(line.ends_at),
        "here": line.ticket,
        "says": None if line.may_come else door.sentence_in_list(line),
    }


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)

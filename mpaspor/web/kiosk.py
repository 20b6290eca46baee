"""Which browser is a kiosk today, and whose letters it may print for the next minute.

An officer opens a computer as kiosk (`officers/kiosk_routes.py`): a signed cookie that holds until the day
at the office is over. What somebody has scanned there lies in the session of that browser, so that no address
and no form says whose letters they are; it ends with the clock, the next scan and the way back to the start.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Response, current_app, request, session
from itsdangerous import BadData, URLSafeSerializer

from mpaspor.config import settings
from mpaspor.offices.models import Office
from mpaspor.web.sessions import host_name

_COOKIE = "mp_kios"
_SCAN = "kios"


@dataclass(frozen=True)
class Scan:
    """Whose visit letter was scanned at this browser, and until when that counts."""

    application_id: uuid.UUID
    until: datetime


def make_kiosk(response: Response, office_code: str, *, until: datetime, now: datetime) -> None:
    """Let the browser that gets this answer be a kiosk of the office until then."""
    response.set_cookie(
        host_name(_COOKIE),
        _signer().dumps({"office": office_code, "until": until.timestamp()}),
        max_age=int((until - now).total_seconds()),
        secure=settings().is_https,
        httponly=True,
        samesite="Strict",
        path="/",
    )


def is_kiosk_of(office: Office, now: datetime) -> bool:
    """Whether the browser at hand was opened as a kiosk of this office, today."""
    try:
        said = _signer().loads(request.cookies.get(host_name(_COOKIE), "")[:500])
    except BadData:
        return False
    return bool(said["office"] == office.code and now.timestamp() < said["until"])


def keep_scan(application_id: uuid.UUID, now: datetime) -> Scan:
    """Whoever stands here now may print their letters for as long as the page stands."""
    scan = Scan(application_id, now + timedelta(seconds=settings().kiosk_seconds))
    session[_SCAN] = [str(application_id), scan.until.timestamp()]
    return scan


def scan_at(office: Office, now: datetime) -> Scan | None:
    """The scan that counts now at this kiosk; None without one, or where this is no kiosk any more."""
    kept = session.get(_SCAN)
    if kept is None or not is_kiosk_of(office, now):
        return None
    scan = Scan(uuid.UUID(kept[0]), datetime.fromtimestamp(kept[1], UTC))
    return scan if now < scan.until else None


def forget_scan() -> None:
    """The next person stands here."""
    session.pop(_SCAN, None)


def _signer() -> URLSafeSerializer:
    keys = [*(current_app.config["SECRET_KEY_FALLBACKS"] or ()), current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="kiosk")

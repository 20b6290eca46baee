"""Pages that need no account."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("public", __name__)

# Last, since each of them needs the Blueprint that it adds its views to.
from mpaspor.public import (  # noqa: E402, F401
    check_routes,
    display_routes,
    health_routes,
    info_routes,
    kiosk_routes,
    office_routes,
    schedule_routes,
    start_routes,
    verify_letter_routes,
)

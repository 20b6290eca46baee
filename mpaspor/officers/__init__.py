"""What officers see: everything under /petugas, with a cookie of its own."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("officers", __name__, url_prefix="/petugas")

# Last, since each of them needs the Blueprint that it adds its views to.
from mpaspor.officers import (  # noqa: E402, F401
    board_routes,
    case_routes,
    case_step_routes,
    check_in_routes,
    closure_routes,
    differs_routes,
    interview_routes,
    kiosk_routes,
    link_routes,
    locked_routes,
    message_routes,
    nik_routes,
    offline_routes,
    own_routes,
    pickup_routes,
    print_routes,
    quality_routes,
    question_routes,
    queue_routes,
    release_routes,
    report_routes,
    scan_routes,
    search_routes,
    sign_in_routes,
    staff_routes,
    stand_in_routes,
    stock_routes,
    walk_in_routes,
)

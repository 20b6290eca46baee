"""What applicants see."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("applicants", __name__)

# Last, since each of them needs the Blueprint that it adds its views to.
from mpaspor.applicants import (  # noqa: E402, F401
    account_routes,
    answer_routes,
    application_routes,
    claim_routes,
    document_routes,
    opening_routes,
    sign_in_routes,
    slot_routes,
    status_routes,
)

"""What people and banks see of money."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("payments", __name__)
snap_blueprint = Blueprint("snap", __name__, url_prefix="/snap/v1.0")

# Last, since each of them needs the Blueprint that it adds its views to.
from mpaspor.payments import (  # noqa: E402, F401
    bill_routes,
    letter_routes,
    snap_routes,
)

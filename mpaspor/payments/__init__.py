"""What people and banks see of money."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("payments", __name__)
snap_blueprint = Blueprint("snap", __name__, url_prefix="/snap/v1.0")

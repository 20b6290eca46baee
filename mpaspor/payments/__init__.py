"""What people and banks see of money."""

from __future__ import annotations

from flask import Blueprint

from mpaspor.web.views import load_views

blueprint = Blueprint("payments", __name__)
snap_blueprint = Blueprint("snap", __name__, url_prefix="/snap/v1.0")

load_views(__name__, __path__)

"""Pages that need no account."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("public", __name__)

from mpaspor.public import health_routes, start_routes  # noqa: E402, F401  (views register themselves)

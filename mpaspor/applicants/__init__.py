"""What applicants see."""

from __future__ import annotations

from flask import Blueprint

from mpaspor.web.views import load_views

blueprint = Blueprint("applicants", __name__)

load_views(__name__, __path__)

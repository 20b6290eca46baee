"""What applicants see."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("applicants", __name__)

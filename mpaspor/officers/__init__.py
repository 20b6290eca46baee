"""What officers see: everything under /petugas, with a cookie of its own."""

from __future__ import annotations

from flask import Blueprint

from mpaspor.web.views import load_views

blueprint = Blueprint("officers", __name__, url_prefix="/petugas")

load_views(__name__, __path__)

"""What officers see: everything under /petugas, with a cookie of its own."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("officers", __name__, url_prefix="/petugas")

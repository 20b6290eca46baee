"""The front door, as anybody finds it."""

from __future__ import annotations

from datetime import datetime

from flask.testing import FlaskClient


def test_the_start_page_says_what_is_free(client: FlaskClient, palembang, now: datetime) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Sisa kuota 100" in page.text
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"].startswith("public")


def test_the_schedule_counts_down_and_says_why_not(client: FlaskClient, palembang, now: datetime) -> None:
    page = client.get("/jadwal?tanggal=2026-12-24")
    assert page.status_code == 200
    assert "Libur:" in page.text

"""What is answered instead of a turn that would come too late."""

from __future__ import annotations

import json
import re

import pytest

from mpaspor.billing.snap.rules import Service
from mpaspor.server import busy


def test_a_page_that_was_looked_at_comes_again_by_itself_and_not_with_all_others_at_once() -> None:
    seconds = set()
    for _ in range(200):
        found = busy.answer("GET", "/jadwal", is_htmx=False)
        page, headers = found.body.decode(), dict(found.headers)
        again = re.search(r'<meta http-equiv="refresh" content="(\d+)">', page)
        assert again is not None and f"dalam {again[1]} detik" in page and f"in {again[1]} seconds" in page
        seconds.add(int(again[1]))
        assert found.status.startswith("503 ") and headers["Retry-After"] == "5"
        assert len(found.body) == int(headers["Content-Length"]) <= 1_000
    assert seconds == set(range(busy.AGAIN[0], busy.AGAIN[1] + 1))


def test_what_was_sent_is_not_sent_again_by_itself_and_its_sender_knows_that_nothing_was_done() -> None:
    page = busy.answer("POST", "/permohonan/AAAABBBB/jadwal", is_htmx=False).body.decode()
    assert "refresh" not in page and len(page.encode()) <= 1_000
    assert "belum dijalankan dan tidak mengubah apa pun" in page
    assert "was not carried out and changed nothing" in page


def test_it_needs_nothing_else_and_is_kept_by_nobody() -> None:
    for command in ("GET", "POST"):
        found = busy.answer(command, "/", is_htmx=False)
        headers = dict(found.headers)
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["Cache-Control"] == "no-store" and headers["X-Frame-Options"] == "DENY"
        page = found.body.decode()
        assert not re.search(r"<(?:style|script|img|link)\b|\bstyle=", page)
        assert '<html lang="id">' in page and '<div lang="en">' in page and "$" not in page


def test_a_bank_and_htmx_are_answered_in_their_own_ways() -> None:
    call = busy.answer("POST", "/snap/v1.0/transfer-va/payment", is_htmx=False)
    assert json.loads(call.body)["responseCode"].startswith("503")
    part = busy.answer("POST", "/permohonan/AAAABBBB/jadwal", is_htmx=True)
    assert dict(part.headers)["HX-Retarget"] == "#kabar"
    assert b"belum dijalankan" in part.body and b"<html" not in part.body


@pytest.mark.parametrize("service", Service)
def test_a_bank_is_told_503_for_the_service_that_it_called(service: Service) -> None:
    """By the digits in the middle it knows which of its calls to ask about; a code without them is none."""
    said = json.loads(busy.answer("POST", f"/snap{service.path or '/x'}", is_htmx=False).body)
    assert said["responseCode"] == f"503{service.digits}00"

"""Papers: pictures made on the spot, and somebody with a case who gives them."""

from __future__ import annotations

import io
import itertools
import uuid
from datetime import datetime
from functools import cache
from typing import Any

from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.foundation.database import db
from mpaspor.offices import queries as offices
from tests.stage import cast
from tests.stage.drafts import ready_draft
from tests.stage.visitor import Visitor

_numbers = itertools.count(1)


class Giver(Visitor):
    """An applicant with a case, who gives papers."""

    def __init__(self, app: Flask, who: cast.Person, case: Application) -> None:
        self.account_id, self.application_id, self.code = who.id, case.id, case.code
        super().__init__(who.at(app))

    def give(
        self, paper: str, data: bytes, name: str = "foto.jpg", *, htmx: bool = False, **fields: Any
    ) -> TestResponse:
        """Send one picture as the page's form does."""
        headers = {"HX-Request": "true"} if htmx else {}
        form = {f"{paper}-photo": (io.BytesIO(data), name), "kunci": uuid.uuid4().hex, **fields}
        return self.post(f"/permohonan/{self.code}/dokumen/{paper}", headers=headers, **form)


def giver(app: Flask, now: datetime, *, state: CaseState = CaseState.DRAFT, need: str = "new") -> Giver:
    """A verified applicant with one case in `state`, signed in."""
    number = next(_numbers)
    office = offices.office_by_code("palembang")
    assert office is not None
    siti = cast.applicant("Siti Rekaan", f"siti{number}@contoh.example", now)
    case = ready_draft(
        siti,
        office,
        f"167101{number:010d}",
        now,
        number=f"{number:016d}",
        state=state,
        wanted_from="arrived" if state is CaseState.DOCUMENTS_WANTED else None,
        need=need,
    )
    found = Giver(app, siti, case)
    db.session.remove()
    return found


def picture(width: int = 1200, height: int = 800, kind: str = "JPEG", **options: Any) -> bytes:
    """A sharp, grainy picture of this size."""
    return encoded(_grain(width, height), kind, **options)


@cache
def _grain(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 90).convert("RGB")


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()

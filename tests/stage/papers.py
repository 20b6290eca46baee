"""What tests about papers share: two people, their cases, and pictures made on the spot."""

from __future__ import annotations

import io
import itertools
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.foundation.columns import public_code
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.offices.models import Office, Programme
from mpaspor.people.models import Account, SignIn
from mpaspor.people.sign_in.signed_in import TOKEN_PURPOSE
from mpaspor.web.sessions import TOKEN

_numbers = itertools.count(1)
_ADDRESS = "/permohonan/x/dokumen"  # a page with a session: public ones carry no cookie


@dataclass(frozen=True)
class Person:
    """An applicant with a case and a signed-in browser."""

    account_id: uuid.UUID
    application_id: uuid.UUID
    code: str
    client: FlaskClient

    def give(self, paper: str, data: bytes, name: str = "foto.jpg", *, htmx: bool = False, **fields: str):  # type: ignore[no-untyped-def]
        """Send one picture as the page's form does."""
        form = {f"{paper}-photo": (io.BytesIO(data), name), "kunci": uuid.uuid4().hex, **fields}
        headers = {"HX-Request": "true"} if htmx else {}
        address = f"/permohonan/{self.code}/dokumen/{paper}"
        return self.client.post(
            address,
            data=form | {"csrf_token": token_of(self.client)},
            headers=headers,
            content_type="multipart/form-data",
        )


def person(app: Flask, now: datetime, *, state: CaseState = CaseState.DRAFT, need: str = "new") -> Person:
    """A verified applicant with one case in `state`, signed in."""
    number = next(_numbers)
    account = Account(
        full_name="Siti Rekaan",
        birth_on=date(1990, 5, 17),
        gender="female",
        email=f"siti{number}@contoh.example",
        phone="+6281200000000",
        password_hash="-",
        terms_version="1",
        created_at=now,
        email_verified_at=now,
    )
    programme_id = db.session.scalar(select(Programme.id))
    office_id = db.session.scalar(select(Office.id).where(Office.code == "palembang"))
    db.session.add(account)
    db.session.flush()
    token = f"token-{number}"
    case = Application(
        account_id=account.id,
        code=public_code(8),
        number=f"{number:016d}",
        state=state,
        wanted_from="arrived" if state is CaseState.DOCUMENTS_WANTED else None,
        programme_id=programme_id,
        office_id=office_id,
        need=need,
        nik_lookup=bytes([number % 256]) * 32,
        created_at=now,
        changed_at=now,
    )
    db.session.add_all([case, _sign_in(account, token, now)])
    db.session.commit()
    found = Person(account.id, case.id, case.code, app.test_client())
    db.session.remove()
    with found.client.session_transaction(_ADDRESS) as session:
        session[TOKEN] = token
    return found


def _sign_in(account: Account, token: str, now: datetime) -> SignIn:
    return SignIn(
        token_hash=lookup_hash(token, TOKEN_PURPOSE),
        audience="applicant",
        account_id=account.id,
        device_name="Peramban uji",
        created_at=now,
        last_seen_at=now,
    )


def token_of(client: FlaskClient) -> str:
    """A CSRF token that fits this browser, as its pages carry it."""
    with client.application.test_request_context(_ADDRESS), client.session_transaction(_ADDRESS) as session:
        from flask import g
        from flask import session as inner
        from flask_wtf.csrf import generate_csrf

        inner.update(session)
        token = generate_csrf()
        session["csrf_token"] = inner["csrf_token"]
        g.pop("csrf_token", None)
        return str(token)


def picture(width: int = 1200, height: int = 800, kind: str = "JPEG", **options: object) -> bytes:
    """A sharp, grainy picture of this size."""
    return encoded(_grain(width, height), kind, **options)


@cache
def _grain(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 90).convert("RGB")


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()

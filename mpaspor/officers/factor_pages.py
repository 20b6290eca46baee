"""What the pages about a second factor share: the QR code of an app, and the sheet of recovery codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import segno
from flask import render_template
from markupsafe import Markup

from mpaspor.config import settings
from mpaspor.people.second_factor import totp


@dataclass(frozen=True)
class AppToScan:
    """A secret as people take it into their app: by camera, or typed; in a demo, what the app would show."""

    qr: Markup
    typed: str
    shown_in_a_demo: str | None


def app_to_scan(secret: str, email: str, *, now: datetime) -> AppToScan:
    """The QR code and the letters of a secret that is offered."""
    svg = segno.make(totp.address(secret, email), error="m", micro=False).svg_inline(
        border=3, dark="#000", light="#fff", omitsize=True
    )
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    demo_code = totp.code_at(secret, totp.step_at(now)) if settings().demo else None
    return AppToScan(Markup(svg), groups, demo_code)  # noqa: S704  (made here, nothing typed is in it)


def show_codes(codes: Sequence[str], *, is_signed_in: bool) -> str:
    """The recovery codes, this once."""
    halves = [f"{code[:5]}-{code[5:]}" for code in codes]
    return render_template("officers/recovery_codes.html", codes=halves, is_signed_in=is_signed_in)

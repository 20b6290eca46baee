"""The cookie of somebody who was signed in without a browser: for crowds and for tests."""

from __future__ import annotations

from flask import current_app

from mpaspor.web.sessions import TOKEN, TwoCookies, host_name


def cookie_for(token: str, audience: str = "applicant") -> tuple[str, str]:
    """Name and value of the cookie of a sign-in that was made without a browser."""
    serializer = TwoCookies().get_signing_serializer(current_app)
    if serializer is None:
        raise RuntimeError("the application has no key to sign cookies with")
    name = "mp_petugas" if audience == "officer" else "mp_warga"
    return host_name(name), str(serializer.dumps({TOKEN: token, "_permanent": True}))

"""The cookie of somebody who was signed in without a browser: for crowds and for tests."""

from __future__ import annotations

from flask import current_app

from mpaspor.web.sessions import TOKEN, TwoCookies, host_name


def cookie_for(token: str) -> tuple[str, str]:
    """Name and value of the cookie of an applicant's sign-in that was made without a browser."""
    serializer = TwoCookies().get_signing_serializer(current_app)
    if serializer is None:
        raise RuntimeError("the application has no key to sign cookies with")
    return host_name("mp_warga"), str(serializer.dumps({TOKEN: token, "_permanent": True}))

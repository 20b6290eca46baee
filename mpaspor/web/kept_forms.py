"""What is typed is never lost: a form sent after the sign-in ended comes back after signing in again.

The guard keeps the fields (`keep`), the sign-in page sends the person back (`way_back`), and the view
of the form fills itself again (`restore`). Files are not kept, passwords never. Only the browser that sent
a form finds it again: an address that somebody passes on fills nothing in.
"""

from __future__ import annotations

import uuid
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, request, session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from mpaspor.foundation import clock, kept_forms, limits
from mpaspor.foundation.kept_forms import SentForm
from mpaspor.people.sign_in import signed_in
from mpaspor.web.sessions import TOKEN, browser_token

PARAMETER = "isian"
_MOST_BYTES = 32 * 1024
_KEPT_PER_ADDRESS = 30
_NEVER = frozenset({"csrf_token", "kunci", "kunci_sandi"})
_SECRET = ("password", "sandi", "code", "kode", "otp", "bukti")


def keep() -> str | None:
    """Keep the fields of the request at hand; None when there is nothing to keep or nowhere to return.

    Called by the guard for a POST without a sign-in, so it is limited per address and in size.
    """
    fields = _fields()
    if not fields or not _can_be_read(request.path):
        return None
    return _keep(fields, browser=browser_token())


def _fields() -> list[tuple[str, str]]:
    """The fields of the request at hand that may be kept; none of too many."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if _may_be_kept(name)]
    return fields if sum(len(name) + len(value) for name, value in fields) <= _MOST_BYTES else []


def _keep(fields: list[tuple[str, str]], *, browser: str) -> str | None:
    now = clock.now()
    address = request.remote_addr or "?"
    if not limits.hit("kept_form", address, allowed=_KEPT_PER_ADDRESS, per_seconds=600, now=now):
        return None
    return kept_forms.keep(request.full_path.rstrip("?"), fields, browser=browser, now=now)


def keep_at_the_desk() -> str | None:
    """Keep the fields of an officer's form whose sign-in is over, for that officer in this browser alone."""
    token = session.get(TOKEN)
    owner = signed_in.whose_desk(token) if isinstance(token, str) else None
    return keep_for(owner) if owner is not None else None


def keep_for(staff_id: uuid.UUID) -> str | None:
    """Keep the fields of an officer's form at hand, to be sent once more by the same officer."""
    fields = _fields()
    return _keep(fields, browser=_desk_of(staff_id)) if fields else None


def to_send_again(token: str | None, staff_id: uuid.UUID) -> SentForm | None:
    """What this officer typed in this browser, to be sent once more."""
    if not token:
        return None
    return kept_forms.find(token[:64], browser=_desk_of(staff_id), now=clock.now())


def _desk_of(staff_id: uuid.UUID) -> str:
    return f"{browser_token()}|{staff_id}"


def way_back(token: str | None) -> str | None:
    """The address to return to after signing in, so that the form fills itself; None for an unknown token."""
    kept = _find(token)
    if kept is None:
        return None
    parts = urlsplit(kept.path)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != PARAMETER]
    return f"{parts.path}?{urlencode([*query, (PARAMETER, token)])}"


def restore() -> ImmutableMultiDict[str, str] | None:
    """The kept fields, if the request at hand asks for them and they were typed at this address."""
    kept = _find(request.args.get(PARAMETER))
    if kept is None or urlsplit(kept.path).path != request.path:
        return None
    return ImmutableMultiDict(kept.fields)


def _find(token: str | None) -> SentForm | None:
    return kept_forms.find(token, browser=browser_token(), now=clock.now()) if token else None


def page_of(path: str) -> str | None:
    """The path, if there is a page to read there."""
    return path if _can_be_read(path) else None


def _may_be_kept(name: str) -> bool:
    return name not in _NEVER and not any(word in name.lower() for word in _SECRET)


def _can_be_read(path: str) -> bool:
    """Whether the address also answers a GET, so that there is something to come back to."""
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except (HTTPException, RequestRedirect):
        return False
    return True

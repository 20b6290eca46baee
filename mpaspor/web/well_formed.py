"""What no browser of a person sends is refused before any view runs, in words.

Every text that comes in has a bound here, of an address, a field or a header: whatever is done with it later
(normalising, comparing, sorting, matching) then takes a bounded time. Signs that no database and no mail can
hold, NUL and half of a surrogate pair, are refused wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, Request, abort, current_app, request
from flask.wrappers import Response
from flask_babel import format_decimal
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from mpaspor.web.errors import error_page

LONGEST_PATH = 1_000
LONGEST_QUERY = 4_000
LONGEST_HEADER = 8_000
LONGEST_NAME = 200  # of a field
# Five times the longest text that a form of ours takes; up to here the form itself says what is too long.
LONGEST_FIELD = 10_000
_NUL = "\x00"


def init_app(app: Flask) -> None:
    for check in (refuse_long_address, refuse_large_form, refuse_long_field, refuse_impossible_characters):
        app.before_request(check)


def refuse_long_address() -> None:
    """414 or 431 for an address or a header that is longer than any of ours."""
    if len(request.path) > LONGEST_PATH or len(request.query_string) > LONGEST_QUERY:
        abort(414)
    if any(len(value) > LONGEST_HEADER for value in request.headers.values()):
        abort(431)


def refuse_large_form() -> Response | None:
    """413 for a plain form above the limit that multipart has already.

    Werkzeug reads a URL-encoded body whole, up to the size of an upload, and splits it into any number of
    fields: megabytes of `&` would keep a process busy (abuse 26).
    """
    if request.mimetype != "application/x-www-form-urlencoded":
        return None
    # Without a length there is no body: the server has read a chunked one whole, and says how long it is.
    too_large = (request.content_length or 0) > current_app.config["MAX_FORM_MEMORY_SIZE"]
    return too_long(_("Semua isian bersama-sama terlalu panjang.")) if too_large else None


def refuse_long_field() -> Response | None:
    """413 for a field beyond every bound of ours, or fields that are too much together."""
    if not _has_form(request):
        return None
    try:
        names = (*request.form, *request.files)
    except RequestEntityTooLarge:
        if (request.content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]:
            raise  # a file: the page of that status speaks of it
        return too_long(_("Semua isian bersama-sama terlalu panjang."))
    if any(len(name) > LONGEST_NAME for name in names):
        abort(400)
    have = max((len(value) for _name, value in request.form.items(multi=True)), default=0)
    if have <= LONGEST_FIELD:
        return None
    return too_long(
        _(
            "Satu isian berisi %(have)s karakter. Paling banyak %(most)s.",
            have=format_decimal(have),
            most=format_decimal(LONGEST_FIELD),
        )
    )


def too_long(message: str) -> Response:
    """413 for text, where the page's own words speak of a file."""
    return error_page(
        413,
        message,
        heading=_("Isian ini terlalu panjang"),
        next_words=_("Kembali ke halaman tadi, pendekkan isiannya, lalu kirim lagi."),
    )


def refuse_impossible_characters() -> None:
    """400 for a NUL or half a surrogate pair: PostgreSQL has no text with them, and nobody types them."""
    if not all(_is_possible(text) for text in _texts(request)):
        abort(400)


def _has_form(found: Request) -> bool:
    # A bank signs its body as it sent it, under whatever content type: only its own room may read it.
    if found.blueprint == "snap":
        return False
    return found.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data")


def _texts(found: Request) -> Iterator[str]:
    """Everything that a stranger can write into a request, names included."""
    yield found.path
    # A bank's headers are read in its own room as well, which answers in the bank's own words.
    if found.blueprint != "snap":
        yield from found.headers.values()
    # Cookies arrive escaped, so that the header's own text shows nothing.
    lists = [found.args, found.cookies]
    if _has_form(found):
        lists.append(found.form)
        for name, upload in found.files.items(multi=True):
            yield from (name, upload.filename or "")
    for values in lists:
        for name, value in values.items(multi=True):
            yield from (name, value)


def _is_possible(text: str) -> bool:
    if _NUL in text:
        return False
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)

"""The page when no page can be made: fixed words in both languages, without database, templates or assets.

For whatever escapes the application, and for requests so broken, large or slow that they never reach it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

import structlog

from mpaspor.foundation import logs

log = structlog.get_logger()

RETRY_AFTER = 5
BANKS = "/snap/"  # below it everybody is answered in the banks' language
# What stands in the middle of a bank's response code: the service that was called (`billing/snap/rules.py`,
# which lies above; a test holds both together).
SERVICES = {"/access-token/b2b": "73", "/inquiry": "24", "/payment": "25", "/status": "26"}
Headers = list[tuple[str, str]]


class Words(NamedTuple):
    """Heading and what to do, Indonesian and then English."""

    reason: str
    heading: str
    words: str
    heading_en: str
    words_en: str


_OURS = Words(
    "Internal Server Error",
    "Ada kesalahan di pihak kami",
    "Permintaan Anda belum dijalankan. Yang sudah tersimpan dan yang sudah dibayar tetap aman. "
    "Tunggu sebentar, lalu coba sekali lagi.",
    "Something went wrong on our side",
    "Your request was not carried out. What was saved or paid is safe. Wait a moment, then try once more.",
)
_WORDS = {
    400: Words(
        "Bad Request",
        "Permintaan ini tidak lengkap",
        "Alamat atau isinya tidak sampai dengan utuh, jadi belum ada yang tersimpan. "
        "Kembali ke halaman sebelumnya, lalu coba lagi.",
        "This request is incomplete",
        "Its address or content did not arrive whole, so nothing was saved. Go back and try again.",
    ),
    408: Words(
        "Request Timeout",
        "Kiriman Anda terhenti di jalan",
        "Sudah satu menit hampir tidak ada yang sampai, jadi belum ada yang tersimpan. "
        "Periksa jaringan Anda, lalu kirim lagi.",
        "Your upload stopped on its way",
        "For a minute almost nothing arrived, so nothing was saved. Check your connection and send it again.",
    ),
    413: Words(
        "Content Too Large",
        "Kiriman ini terlalu besar",
        "Satu berkas paling besar 8 MB. Kiriman Anda belum tersimpan. "
        "Foto ulang dengan ukuran lebih kecil, lalu kirim lagi.",
        "This is too large",
        "A file may have 8 MB at most. Nothing was saved. Take the photo again in a smaller size.",
    ),
    431: Words(
        "Request Header Fields Too Large",
        "Alamat ini terlalu panjang",
        "Alamat atau cookie yang dikirim browser Anda terlalu panjang. "
        "Hapus cookie untuk situs ini, lalu mulai dari halaman depan.",
        "This address is too long",
        "The address or the cookies that your browser sent are too long. Delete this site's cookies and "
        "start from the home page.",
    ),
    501: Words(
        "Not Implemented",
        "Cara mengirim ini tidak kami terima",
        "Belum ada yang tersimpan. Buka halaman ini dengan browser biasa.",
        "We do not accept this way of sending",
        "Nothing was saved. Open this page with an ordinary browser.",
    ),
    503: Words(
        "Service Unavailable",
        "Layanan sedang penuh atau diperbaiki",
        "Permintaan Anda belum dijalankan. Yang sudah tersimpan dan yang sudah dibayar tetap aman. "
        "Coba lagi sebentar; tombol yang sama bisa ditekan lagi.",
        "The service is full or being repaired",
        "Your request was not carried out. What was saved or paid is safe. Try again in a moment; the same "
        "button can be pressed again.",
    ),
}
_PAGE = Template((Path(__file__).parent / "last_resort.html").read_text(encoding="utf-8"))
_STYLE = _PAGE.template.partition("<style>")[2].partition("</style>")[0]
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
# What every answer tells a browser, whoever makes it.
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
}
# Of a file that a page of ours shows in a frame.
FRAMED_BY_OURSELVES = {"X-Frame-Options": "SAMEORIGIN"}
# The page brings its own style, since nobody may be left to hand out a style sheet.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
SAFE = {
    "Content-Security-Policy": POLICY,
    **ALWAYS,
    "Cache-Control": "no-store",
}


class Answer(NamedTuple):
    """One whole answer: `500 Internal Server Error`, its headers, its body."""

    status: str
    headers: Headers
    body: bytes


def answer(code: int, *, path: str = "", is_htmx: bool = False) -> Answer:
    """The last words for a status; one that has none gets those of its hundred."""
    code = code if code in _WORDS else 400 if code < 500 else 500
    words = _WORDS.get(code, _OURS)
    headers = dict(SAFE)
    if path.startswith(BANKS):
        body, headers["Content-Type"] = _for_a_bank(code, words, path), "application/json"
    elif is_htmx:
        body, headers["Content-Type"] = _part(words), "text/html; charset=utf-8"
        headers |= {"HX-Retarget": "#kabar", "HX-Reswap": "innerHTML"}
    else:
        body, headers["Content-Type"] = _page(words), "text/html; charset=utf-8"
    if code == 503:
        headers["Retry-After"] = str(RETRY_AFTER)
    headers["Content-Length"] = str(len(body))
    return Answer(f"{code} {words.reason}", list(headers.items()), body)


def guarded(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application, with the last words in place of an exception that escapes it."""

    def answered(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        except Exception as error:
            log.error("escaped", kind=type(error).__name__, where=logs.place_of(error))
            last = answer(
                500, path=environ.get("PATH_INFO", ""), is_htmx=environ.get("HTTP_HX_REQUEST") == "true"
            )
            # With the exception: headers that have left already raise it again instead of mixing two answers.
            start_response(last.status, last.headers, (type(error), error, error.__traceback__))
            return [] if environ.get("REQUEST_METHOD") == "HEAD" else [last.body]

    return answered


def _page(words: Words) -> bytes:
    said = {name: escape(value) for name, value in words._asdict().items()}
    return _PAGE.substitute(said).encode()


def _part(words: Words) -> bytes:
    said = f"<p><b>{escape(words.heading)}.</b> {escape(words.words)}</p>"
    return f'{said}<p lang="en"><b>{escape(words.heading_en)}.</b> {escape(words.words_en)}</p>'.encode()


def _for_a_bank(code: int, words: Words, path: str) -> bytes:
    """As SNAP answers; a bank that reads no clear success keeps the money in suspense and asks again."""
    service = next((digits for end, digits in SERVICES.items() if path.endswith(end)), "00")
    return json.dumps({"responseCode": f"{code}{service}00", "responseMessage": words.reason}).encode()

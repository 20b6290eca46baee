"""What somebody is answered whose turn would come too late: at most 1 kB, fixed words, in both languages.

A page that was only looked at comes again by itself. What was sent is never sent again by itself, and never
replaced by an empty form: its sender is told that nothing was done and how to send it once more.
"""

from __future__ import annotations

import random
from string import Template

from mpaspor.server import last_resort
from mpaspor.server.last_resort import Answer

# Seconds until the page comes again, drawn for each: else whoever was refused together comes back together.
AGAIN = (4, 10)

_PAGE = Template(
    '<!doctype html><html lang="id"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark">$refresh<title>Sedang penuh · M-Paspor Web</title>'
    '<h1>Sedang penuh</h1>$words<hr><div lang="en"><h2>Busy just now</h2>$words_en</div>\n'
)
_LOOKED = (
    "<p>Terlalu banyak orang datang bersamaan. Halaman ini dibuka lagi sendiri dalam $seconds detik. "
    'Yang sudah tersimpan dan yang sudah dibayar tetap aman.<p><a href="">Coba lagi sebentar lagi</a>',
    "<p>Too many people came at once. This page opens again by itself in $seconds seconds. What was saved or "
    'paid is safe.<p><a href="">Try again in a moment</a>',
)
_SENT = (
    "<p>Kiriman Anda belum dijalankan dan tidak mengubah apa pun. Tunggu sebentar, lalu muat ulang halaman "
    "ini: isian yang sama dikirim sekali lagi.",
    "<p>What you sent was not carried out and changed nothing. Wait a moment, then reload this page: it is "
    "sent once more.",
)


def answer(command: str, path: str, *, is_htmx: bool) -> Answer:
    """503 for one request that was not begun. Banks and htmx are told in their own ways."""
    if is_htmx or path.startswith(last_resort.BANKS):
        return last_resort.answer(503, path=path, is_htmx=is_htmx)
    body = _looked() if command in ("GET", "HEAD") else _page("", *_SENT)
    headers = {
        **last_resort.SAFE,
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'",
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
        "Retry-After": str(last_resort.RETRY_AFTER),
    }
    return Answer("503 Service Unavailable", list(headers.items()), body)


def _looked() -> bytes:
    seconds = random.randint(*AGAIN)
    words = (Template(text).substitute(seconds=seconds) for text in _LOOKED)
    return _page(f'<meta http-equiv="refresh" content="{seconds}">', *words)


def _page(refresh: str, words: str, words_en: str) -> bytes:
    return _PAGE.substitute(refresh=refresh, words=words, words_en=words_en).encode()

"""Somebody whom the house cannot let in: one look at what has come, one answer, and no connection is kept."""

from __future__ import annotations

import re
import socket

from mpaspor.server import busy, last_resort
from mpaspor.server.channel import ALIVE_PATH, alive

_FIRST_LINE = re.compile(rb"([A-Z]{3,7}) (/[^ ?\r\n]*)[^ \r\n]* HTTP/1\.[01]\r\n")
_HTMX = re.compile(rb"\r\nhx-request:[ \t]*true\r\n", re.IGNORECASE)
_LOOKED_AT = 32 * 1024  # bytes; what lay there unread would make the closing cut the answer off


def turn_away(conn: socket.socket) -> None:
    """Answer a connection that has just been taken, and close it. Waits for nothing."""
    try:
        conn.setblocking(False)
        conn.send(_words_for(_arrived(conn)))
        conn.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    finally:
        conn.close()


def _arrived(conn: socket.socket) -> bytes:
    try:
        return conn.recv(_LOOKED_AT)
    except BlockingIOError:
        return b""


def _words_for(arrived: bytes) -> bytes:
    asked = _FIRST_LINE.match(arrived)
    command, path = (asked[1].decode(), asked[2].decode("latin-1")) if asked else ("", "")
    if not asked:
        answer = last_resort.answer(503)
    elif path == ALIVE_PATH:
        answer = alive()
    else:
        answer = busy.answer(command, path, is_htmx=bool(_HTMX.search(arrived)))
    lines = [f"HTTP/1.1 {answer.status}", *(f"{name}: {value}" for name, value in answer.headers)]
    head = "\r\n".join([*lines, "Connection: close", "", ""]).encode()
    return head if command == "HEAD" else head + answer.body

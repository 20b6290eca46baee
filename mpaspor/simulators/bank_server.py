"""The counter of the pretend bank: a small HTTP server on this machine, driven by the demo's pay page."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from flask import Flask, Response, abort, jsonify, request

from mpaspor.foundation import clock
from mpaspor.server.web_server import Server
from mpaspor.simulators.bank import CHANNELS, Bank
from mpaspor.simulators.bank_client import WIB, SnapClient
from mpaspor.simulators.bank_identity import load_or_make
from mpaspor.simulators.bank_journal import Journal

HOST = "127.0.0.1"  # never anything else: whoever reaches it may pay
_BACK_OFFICE = timedelta(seconds=30)


def bank_in(folder: Path, partner_url: str) -> Bank:
    """The bank whose identity and journal lie in `folder`, with M-Paspor at `partner_url` as its partner."""
    identity = load_or_make(folder)
    return Bank(identity, SnapClient(partner_url, identity), Journal(folder / "journal.sqlite3"))


def counter(bank: Bank) -> Flask:
    """GET /channels; POST /payments {billingCode, channel}; POST /payments/<ntb>/resend. JSON throughout."""
    app = Flask(__name__, static_folder=None)
    by_code = {channel.code: channel for channel in CHANNELS}

    @app.get("/channels")
    def channels() -> Response:
        return jsonify([{"code": channel.code, "name": channel.name} for channel in CHANNELS])

    @app.post("/payments")
    def pay() -> Response:
        # A web page elsewhere cannot send this content type here without being asked first.
        wanted = request.get_json() if request.is_json else abort(415)
        channel = by_code.get(wanted.get("channel", "")) if isinstance(wanted, dict) else None
        code = wanted.get("billingCode", "") if channel else ""
        if channel is None or not isinstance(code, str) or not (code.isascii() and code.isdigit()):
            abort(400)
        return jsonify(asdict(bank.pay(code, channel)))

    @app.post("/payments/<ntb>/resend")
    def resend(ntb: str) -> Response:
        if not request.is_json:
            abort(415)
        try:
            return jsonify(asdict(bank.resend(ntb)))
        except KeyError:
            abort(404)

    return app


def serve(
    folder: Path, partner_url: str, *, port: int = 0, beat: Callable[[float], None] = lambda _: None
) -> None:
    """Serve until stopped. Port 0 takes a free one; the address is left in `folder/address`.

    `beat` is told, every second or so, when the counter last gave a sign of life.
    """
    bank = bank_in(folder, partner_url)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    server = Server(counter(bank), listener, threads=4)
    threading.Thread(target=_clear_suspense, args=(bank,), daemon=True).start()
    address = folder / "address"
    partial = folder / f"address.{os.getpid()}"
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"http://{HOST}:{server.effective_port}\n")
    partial.replace(address)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while True:
            beat(server.turn())
    finally:
        server.close()
        address.unlink(missing_ok=True)


def _clear_suspense(bank: Bank) -> None:
    """A bank's back office: whatever got no clear answer is asked again until it does."""
    while True:
        time.sleep(_BACK_OFFICE.total_seconds())
        bank.clear_suspense(clock.now().astimezone(WIB) - _BACK_OFFICE)

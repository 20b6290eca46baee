"""One web process: waitress on a socket that it shares with its siblings."""

from __future__ import annotations

import logging
import resource
import signal
import socket
import time
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore

from mpaspor.config import BadSetting

_CONNECTIONS = 2000  # open at once in one process; slow phones cost a descriptor each, not a thread
_SLOWEST_SILENCE = 30  # seconds without a byte before a connection is closed
_LARGEST_BODY = 32 * 1024 * 1024  # above the app's own limit, so that the app can say no in words
_DRAINING = 10.0  # seconds that answers under way may still take


def listen(bind: str, port: int) -> socket.socket:
    """The listening socket, shared by all web processes. Raises `BadSetting` when the port is taken."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(bind, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise BadSetting(f"MPASPOR_BIND={bind} is no address to listen on: {error}") from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    deadline = time.monotonic() + 2  # the children of a killed parent may need a moment to let go
    while True:
        try:
            listener.bind(address)
            listener.listen(1024)
            return listener
        except OSError as error:
            if time.monotonic() > deadline:
                listener.close()
                raise BadSetting(
                    f"Port {port} on {bind} cannot be used ({error.strerror}). Is bin/serve running already? "
                    f"Else choose another: PORT={port + 1} bin/serve"
                ) from error
            time.sleep(0.1)


def serve(app: Flask, listener: socket.socket, threads: int) -> None:
    """Answer requests until SIGTERM; then take no more, and finish those that are under way."""
    _raise_descriptor_limit()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is not worth a line
    sockets: dict[int, Any] = {}
    server = waitress.create_server(
        app,
        map=sockets,
        sockets=[listener],
        threads=threads,
        connection_limit=_CONNECTIONS,
        channel_timeout=_SLOWEST_SILENCE,
        cleanup_interval=10,
        max_request_body_size=_LARGEST_BODY,
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=False,  # the app itself decides which proxy it believes
        ident=None,
    )
    told: list[int] = []

    def stop(number: int, _: object) -> None:
        told.append(number)
        server.pull_trigger()

    signal.signal(signal.SIGTERM, stop)
    while not told:
        wasyncore.loop(timeout=1, use_poll=True, map=sockets, count=1)
    app.extensions["draining"] = True
    server.accepting = False
    deadline = time.monotonic() + _DRAINING
    while _is_busy(server) and time.monotonic() < deadline:
        wasyncore.loop(timeout=0.1, use_poll=True, map=sockets, count=1)
    server.task_dispatcher.shutdown()


def _is_busy(server: Any) -> bool:
    channels = list(server.active_channels.values())
    return any(channel.requests or channel.total_outbufs_len for channel in channels)


def _raise_descriptor_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS + 500
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))

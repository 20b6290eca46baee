"""One web process: our server on a socket that it shares with its siblings."""

from __future__ import annotations

import resource
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from mpaspor.config import BadSetting
from mpaspor.server import draining
from mpaspor.server.heartbeat import Beat, nobody_watches
from mpaspor.server.web_server import CONNECTIONS, LONGEST_QUEUE, Server

_OTHER_FILES = 500  # pictures and large answers on their way, the database, the program itself
_FINISHING = 10.0  # seconds that answers under way may still take


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


def serve(
    app: Callable[..., Any],
    listener: socket.socket,
    threads: int,
    beat: Beat = nobody_watches,
    *,
    per_address: int | None = None,
    drain: float = 0.0,
    longest_queue: float = LONGEST_QUEUE,
) -> None:
    """Answer requests until SIGTERM; then take no more, and finish those that are under way.

    In between it goes on as before for `drain` seconds, only that `/sehat/siap` says no: a proxy that asks
    there sends its next requests elsewhere before this process turns any away.
    The heartbeat tells of the loop and of the threads: it goes on only while both move.
    """
    server = Server(
        app,
        listener,
        threads,
        per_address=per_address,
        connections=_connections_that_descriptors_allow(),
        longest_queue=longest_queue,
    )
    told: list[int] = []

    def stop(number: int, _: object) -> None:
        told.append(number)
        draining.begin()
        server.pull_trigger()

    signal.signal(signal.SIGTERM, stop)
    while not told:
        beat(server.turn())
    deadline = time.monotonic() + drain
    while time.monotonic() < deadline:
        beat(server.turn(timeout=0.1))
    server.accepting = False
    deadline = time.monotonic() + _FINISHING
    while server.is_busy and time.monotonic() < deadline:
        beat(server.turn(timeout=0.1))
    server.task_dispatcher.shutdown()


def _connections_that_descriptors_allow() -> int:
    """Raise this process's limit of open files as far as it needs; returns what is left for connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else max(50, min(CONNECTIONS, soft - _OTHER_FILES))

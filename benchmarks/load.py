"""A client that costs little: raw requests over a few connections that stay open."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence

CONNECTIONS = 8


def drive(port: int, requests: Sequence[bytes]) -> tuple[float, Counter[int]]:
    """Send all requests over `CONNECTIONS` connections; answers per second, and how many had which status."""
    start = threading.Barrier(CONNECTIONS + 1)
    statuses: Counter[int] = Counter()
    lock = threading.Lock()

    def send(mine: Sequence[bytes]) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            start.wait()
            found = Counter(_ask(connection, request)[0] for request in mine)
        with lock:
            statuses.update(found)

    shares = [requests[number::CONNECTIONS] for number in range(CONNECTIONS)]
    threads = [threading.Thread(target=send, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    if statuses.total() != len(requests):
        raise RuntimeError("a connection broke")
    return len(requests) / elapsed, statuses


def fetch(port: int, request: bytes) -> tuple[int, bytes]:
    """One request; status and body as they came over the wire."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        return _ask(connection, request)


def _ask(connection: socket.socket, request: bytes) -> tuple[int, bytes]:
    connection.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    size = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            size = int(value)
        elif name.lower() == b"transfer-encoding":
            raise RuntimeError("an answer without its length")
    parts, have = [body], len(body)
    while have < size:
        parts.append(_more(connection))
        have += len(parts[-1])
    return int(head.split(b" ", 2)[1]), b"".join(parts)


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise RuntimeError("the server closed the connection")
    return data

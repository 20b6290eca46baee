"""`page`: the start page through HTTP, beside a bare waitress application with a page of the same size."""

from __future__ import annotations

from statistics import median

from benchmarks.figure import Figure
from benchmarks.load import drive, fetch
from benchmarks.stage import processes, stage

_ROUNDS = 3
_SECONDS = 3.0  # about, for each round
_REQUEST = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 10.2.0.1\r\n"
    b"Accept: text/html\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\r\n"
)


def run() -> Figure:
    """Pages per second as a phone asks for them (compressed, without its cache)."""
    with stage() as found:
        urls = found.urls
        with processes("product", str(found.data_dir), urls.app, urls.owner, urls.superuser) as product:
            status, body = fetch(product, _REQUEST)
            if status != 200:
                raise RuntimeError(f"the start page answered {status}")
            with processes("bare", str(len(body))) as bare:
                sizes = [_size(port) for port in (product, bare)]
                rates = [(_rate(product, sizes[0]), _rate(bare, sizes[1])) for _ in range(_ROUNDS)]
    value, floor = (median(column) for column in zip(*rates, strict=True))
    return Figure(
        "page", round(value, 1), "pages/s", round(floor, 1), round(value / floor, 4),
        notes=(f"{len(body)} bytes over the wire, 8 connections, 2 processes",),
    )  # fmt: skip


def _size(port: int) -> int:
    """How many requests make a round of the wanted length; warms the processes up as well."""
    drive(port, [_REQUEST] * 50)
    return min(20_000, max(100, int(drive(port, [_REQUEST] * 100)[0] * _SECONDS)))


def _rate(port: int, count: int) -> float:
    rate, statuses = drive(port, [_REQUEST] * count)
    if set(statuses) != {200}:
        raise RuntimeError(f"answers: {dict(statuses)}")
    return rate

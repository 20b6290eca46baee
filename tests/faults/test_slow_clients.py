"""Slow readers, dripping heads, stalled uploads, crowds from one address: pages go on being answered."""

from __future__ import annotations

import json
import time

import pytest

from mpaspor.server.channel import HEAD_SECONDS, IDLE_SECONDS
from mpaspor.server.pace import LEAST, SPAN
from mpaspor.server.web_server import STANDSTILL
from mpaspor.web.headers import ALWAYS
from tests.faults.turned_by_hand import PICTURE, THREADS, House, channels, close, headers, wait_until

HEAD = b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"


def test_people_who_ask_for_many_pictures_and_read_none_hold_no_thread(house: House) -> None:
    for _ in range(20):
        house.client(b"GET /picture HTTP/1.1\r\nHost: a\r\n\r\n" * 100, window=4096)
    house.turn(50)
    assert house.get().endswith(b"fine\n")


def test_a_picture_arrives_whole_at_a_slow_reader_and_ends_the_connection(house: House) -> None:
    slow = house.client(b"GET /picture HTTP/1.1\r\nHost: a\r\n\r\n", window=4096)
    slow.setblocking(False)
    got, more = b"", b"?"
    while more:
        house.turn(1)
        try:
            more = slow.recv(200_000)
        except BlockingIOError:
            continue
        got += more
        house.now += len(more) / 6250  # 50 kbit/s: more than five minutes in all
    assert got.endswith(PICTURE) and len(got) > len(PICTURE)
    assert headers(got)["Connection"] == "close"


def test_a_reader_who_stopped_reading_loses_the_connection(house: House) -> None:
    slow = house.client(b"GET /picture HTTP/1.1\r\nHost: a\r\n\r\n", window=4096)
    wait_until(house, lambda: any(c.total_outbufs_len and not c.requests for c in channels(house)))
    house.later(2)
    house.later(SPAN + 1)
    house.later(SPAN + 1)
    assert channels(house) == []
    assert slow.fileno() > 0


def test_what_is_sent_ahead_is_answered_in_its_order(house: House) -> None:
    client = house.client(HEAD % 3 + b"abc" + HEAD % 5 + b"abcde" + b"GET /picture HTTP/1.0\r\n\r\n")
    got = house.answer(client)
    deadline = time.monotonic() + 60
    client.setblocking(False)
    while not got.endswith(PICTURE) and time.monotonic() < deadline:
        house.turn(1)
        try:
            got += client.recv(1_000_000)
        except BlockingIOError:
            continue
    bodies = [part.partition(b"\r\n\r\n")[2] for part in got.split(b"HTTP/1.")[1:]]
    assert bodies[0] == b"3" and bodies[1] == b"5" and bodies[2] == PICTURE


def test_thousands_of_half_heads_are_closed_and_pages_are_answered_meanwhile(house: House) -> None:
    halves = [house.client(b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ") for _ in range(300)]
    wait_until(house, lambda: len(channels(house)) == 300)
    for half in halves:
        half.sendall(b"b")  # a drop now and then does not help
    assert house.get().endswith(b"fine\n")
    house.later(HEAD_SECONDS - 1)
    for half in halves:
        half.sendall(b"b")
    house.later(2)
    assert all(house.is_closed(half) for half in halves)
    assert house.get().endswith(b"fine\n")


def test_an_honest_slow_upload_is_taken_however_long_it_lasts(house: House) -> None:
    photo = b"p" * 724_000
    client = house.client(HEAD % len(photo))
    for begin in range(0, len(photo), 50_000):
        client.sendall(photo[begin : begin + 50_000])
        house.turn(20)
        house.now += SPAN - 5  # 13 minutes in all
    assert house.answer(client).endswith(b"724000")


def test_an_upload_that_stopped_is_told_so_in_words(house: House) -> None:
    client = house.client(HEAD % 724_000 + b"p" * (LEAST + 10))
    house.later(2)
    house.later(SPAN + 1)  # that span brought enough
    client.sendall(b"p" * 10)
    assert not house.is_closed(client)
    house.later(SPAN + 1)
    got = house.answer(client)
    assert got.startswith(b"HTTP/1.1 408 ") and b"Kiriman Anda terhenti di jalan" in got
    house.turn()
    assert channels(house) == []


def test_a_connection_without_a_request_is_closed(house: House) -> None:
    idle = house.client()
    house.later(IDLE_SECONDS - 1)
    assert not house.is_closed(idle)
    house.later(2)
    assert house.is_closed(idle)


def test_one_address_has_its_share_of_connections_and_is_told_when_it_is_used_up() -> None:
    house = House(per_address=5)
    try:
        kept = [house.client() for _ in range(5)]
        wait_until(house, lambda: len(channels(house)) == 5)
        got = house.answer(house.client())
        assert got.startswith(b"HTTP/1.1 503 ") and b"Layanan sedang penuh" in got
        kept[0].close()
        wait_until(house, lambda: len(channels(house)) == 4)
        assert house.get().endswith(b"fine\n")
    finally:
        close(house)


def test_behind_a_proxy_all_visitors_share_its_address_and_none_is_sent_away(house: House) -> None:
    for _ in range(150):
        house.client()
    wait_until(house, lambda: len(channels(house)) == 150)
    assert house.get().endswith(b"fine\n")


def test_when_the_house_is_full_whoever_waited_longest_makes_room() -> None:
    house = House(connections=10)
    try:
        first = house.client(b"GET / HT")
        house.later(3)
        for _ in range(9):
            house.client(b"GET / HT")
        wait_until(house, lambda: len(channels(house)) == 10)
        assert house.get().endswith(b"fine\n")
        assert house.is_closed(first)
    finally:
        close(house)


def test_while_all_threads_hang_life_is_confirmed_and_pages_are_refused_in_words(house: House) -> None:
    house.fill()
    waiting = [house.client(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") for _ in range(3)]
    assert house.get("/sehat/hidup").endswith(b"hidup\n")
    house.later(STANDSTILL + 1)
    for client in waiting:
        got = house.answer(client)
        assert got.startswith(b"HTTP/1.1 503 ") and headers(got)["Retry-After"] == "5"
        assert b"Coba lagi sebentar" in got and b"Try again in a moment" in got
    house.gate.set()
    wait_until(house, lambda: house.server.task_dispatcher.active_count < THREADS)
    assert house.get().endswith(b"fine\n")


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        (b"GARBAGE\r\n\r\n", 400, "Permintaan ini tidak lengkap"),
        (b"get / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Permintaan ini tidak lengkap"),
        (b"GET / HTTP/1.1\r\nno header\r\n\r\n", 400, "Permintaan ini tidak lengkap"),
        (b"POST / HTTP/1.1\r\nContent-Length: -3\r\n\r\n", 400, "Permintaan ini tidak lengkap"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413, "Kiriman ini terlalu besar"),
        (b"GET / HTTP/1.1\r\nCookie: %s\r\n\r\n" % (b"c" * 40_000), 431, "Alamat ini terlalu panjang"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "Cara mengirim ini tidak kami terima"),
        (b"GET /broken HTTP/1.1\r\n\r\n", 500, "Ada kesalahan di pihak kami"),
        (b"GET /breaks-off HTTP/1.1\r\n\r\n", 500, "Ada kesalahan di pihak kami"),
    ],
)
def test_what_never_reaches_the_application_is_answered_in_both_languages(
    house: House, sent: bytes, status: int, words: str
) -> None:
    got = house.answer(house.client(sent))
    assert got.startswith(b"HTTP/1.1 %d " % status) or got.startswith(b"HTTP/1.0 %d " % status)
    assert words in got.decode() and '<section lang="en">' in got.decode()
    assert b"waitress" not in got and b"1671" not in got
    said = headers(got)
    assert {name.lower() for name in said} >= {name.lower() for name in ALWAYS}
    assert "default-src 'none'" in said["Content-Security-Policy"]
    # Where the application was reached and failed, what follows on the connection is still whole.
    assert said.get("Connection") == (None if sent.startswith(b"GET /broken ") else "close")


def test_htmx_gets_a_banner_and_a_bank_gets_json(house: House) -> None:
    banner = house.get("/broken", b"HX-Request: true\r\n")
    assert headers(banner)["Hx-Retarget"] == "#kabar" and b"<html" not in banner
    said = house.answer(house.client(b"GET /snap/v1.0/x HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"))
    assert json.loads(said.partition(b"\r\n\r\n")[2])["responseCode"] == "5010000"

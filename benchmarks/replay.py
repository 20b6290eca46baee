"""Transactions sent to the database by nobody but psycopg: the floors of a bench."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Mapping, Sequence
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

import psycopg

Statement = tuple[str, Mapping[str, Any]]
Transaction = Sequence[Statement]

_PROCESSES = 2
_THREADS = 4  # in each: as many at once as the client of the web has connections


def rate(dsn: str, transactions: Sequence[Transaction]) -> float:
    """Transactions per second, run by as many processes as the web has and as many at once as its client."""
    context = multiprocessing.get_context("spawn")
    start, done = context.Barrier(_PROCESSES), context.Queue()
    shares = [transactions[number::_PROCESSES] for number in range(_PROCESSES)]
    running = [context.Process(target=_work, args=(dsn, share, start, done)) for share in shares]
    for process in running:
        process.start()
    times = [done.get(timeout=120) for _ in running]
    for process in running:
        process.join()
    return len(transactions) / (max(end for _begin, end in times) - min(begin for begin, _end in times))


def _work(dsn: str, share: Sequence[Transaction], start: Barrier, done: Queue[tuple[float, float]]) -> None:
    connections = [psycopg.connect(dsn, prepare_threshold=None) for _ in range(_THREADS)]
    threads = [
        threading.Thread(target=_run, args=(connection, share[number::_THREADS]))
        for number, connection in enumerate(connections)
    ]
    start.wait(timeout=60)
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.put((begin, time.monotonic()))


def _run(connection: psycopg.Connection, share: Sequence[Transaction]) -> None:
    with connection, connection.cursor() as cursor:
        for transaction in share:
            for statement, values in transaction:
                cursor.execute(statement.encode(), values)
                if cursor.description is not None:
                    cursor.fetchall()
            connection.commit()

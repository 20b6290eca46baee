"""The listening side: who may have a connection, whose is taken back, and the loop's turn."""

from __future__ import annotations

import errno
import logging
import socket
import time
from collections.abc import Callable
from typing import Any

import structlog
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from mpaspor.server import last_resort
from mpaspor.server.channel import Channel
from mpaspor.server.thread_pool import ThreadPool
from mpaspor.server.turned_away import turn_away

log = structlog.get_logger()

CONNECTIONS = 2000  # open at once in one process; slow phones cost a descriptor each, not a thread
STANDSTILL = 8.0  # seconds without a free thread or a finished answer, after which nobody is left waiting
LONGEST_QUEUE = 8.0  # seconds that a request may wait for a thread
READY_PATH = "/sehat/siap"
# A bank's call may wait twice as long: by then it stands first, and refused it leaves money in suspense.
_BANKS_PATIENCE = 2
_LARGEST_HEAD = 32 * 1024
_LARGEST_BODY = 32 * 1024 * 1024  # above the app's own limit, so that the app can say no in words
_LARGEST_ANSWER = 64 * 1024 * 1024  # kept for a slow reader (most of it on disk), so that no thread waits
_SEND_BUFFER = 64 * 1024  # of the kernel, small: what goes beyond it is what somebody has read


class Server(TcpWSGIServer):
    """Waitress on a socket that was opened before. `per_address` caps the connections of one address;
    `longest_queue` is how many seconds a request waits for a thread before it is told to come again."""

    channel_class = Channel

    def __init__(
        self,
        app: Callable[..., Any],
        listener: socket.socket,
        threads: int,
        *,
        per_address: int | None = None,
        connections: int = CONNECTIONS,
        longest_queue: float = LONGEST_QUEUE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is not worth a line
        self.clock = clock
        self._per_address = per_address
        self._connections = connections
        self._tended = clock()
        self._longest_queue = longest_queue
        self._let_first_at = clock() - 1
        self.sockets: dict[int, Any] = {}
        super().__init__(
            app,
            self.sockets,
            _sock=listener,
            dispatcher=ThreadPool(threads, clock),
            adj=Adjustments(
                sockets=[listener],
                connection_limit=1_000_000,  # `handle_accept` keeps the limit
                max_request_header_size=_LARGEST_HEAD,
                max_request_body_size=_LARGEST_BODY,
                outbuf_high_watermark=_LARGEST_ANSWER,
                log_socket_errors=False,
                clear_untrusted_proxy_headers=False,  # the app itself decides which proxy it believes
                ident=None,
            ),
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            bind_socket=False,
        )

    def turn(self, timeout: float = 1.0) -> float:
        """One turn of the loop; returns when the threads last gave a sign of life."""
        wasyncore.loop(timeout=timeout, use_poll=True, map=self.sockets, count=1)
        now = self.clock()
        alive_at = self.task_dispatcher.last_sign_of_life()
        if now - alive_at > STANDSTILL:
            for channel in self.task_dispatcher.take_waiting():
                channel.say(503)
        if now - self._tended >= 1:
            self._tended = now
            self._refuse_the_late(now)
            for channel in list(self.active_channels.values()):
                channel.keep_deadlines(now)
        return float(alive_at)

    def line_up(self, channel: Channel) -> None:
        """Have a whole request answered by the next free thread.

        Once a second the question whether we are ready goes first. Whoever routes by it would else take a
        full process for a dead one and send its people to the next. Asked more often it stands in line, so
        that a stranger who asks for it all the time holds up nobody.
        """
        channel.lined_up_at = now = self.clock()
        if channel.path == READY_PATH and now - self._let_first_at >= 1:
            self._let_first_at = now
            self.task_dispatcher.add_first(channel)
        else:
            self.add_task(channel)

    def _refuse_the_late(self, now: float) -> None:
        def is_late(channel: Channel) -> bool:
            patience = _BANKS_PATIENCE if channel.path.startswith(last_resort.BANKS) else 1
            return now - channel.lined_up_at > patience * self._longest_queue

        late = self.task_dispatcher.take_waiting(is_late)
        for channel in late:
            channel.say(503)
        if late:
            log.warning("queue_too_long", refused=len(late))

    @property
    def is_busy(self) -> bool:
        """Whether an answer is under way."""
        return any(channel.requests or channel.total_outbufs_len for channel in self.active_channels.values())

    def maintenance(self, now: float) -> None:
        """Nothing: `turn` keeps the deadlines, by a clock that nobody sets."""

    def set_socket_options(self, conn: socket.socket) -> None:
        super().set_socket_options(conn)
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)

    def handle_accept(self) -> None:
        """Take a connection, or send it away at once in words when its address or the house is full."""
        try:
            found = self.accept()
            if found is None:
                return
            conn, address = found
            self.set_socket_options(conn)
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._give_one_back()  # else the loop would spin on a socket that it cannot take
            return  # or it was gone before it was taken
        if self._has_too_many(address[0]) or (self._is_full() and not self._give_one_back()):
            turn_away(conn)
            return
        self.channel_class(self, conn, address, self.adj, map=self._map)

    def _has_too_many(self, address: str) -> bool:
        if self._per_address is None:
            return False
        open_now = [channel for channel in self.active_channels.values() if channel.addr[0] == address]
        return len(open_now) >= self._per_address

    def _is_full(self) -> bool:
        return len(self.active_channels) >= self._connections

    def _give_one_back(self) -> bool:
        """Close the connection that has waited longest without a request; False when all are at work."""
        waiting = [channel for channel in self.active_channels.values() if channel.is_waiting]
        if not waiting:
            return False
        min(waiting, key=lambda channel: channel.since).handle_close()
        return True

"""One connection, as waitress keeps it, with our deadlines and our last words.

One request at a time: what a client sends ahead waits unread, so that a client which asks for many large
answers and reads none of them cannot hold a thread.
"""

from __future__ import annotations

import enum
from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask

from mpaspor.server import busy, last_resort
from mpaspor.server.pace import Pace

ALIVE_PATH = "/sehat/hidup"
HEAD_SECONDS = 20.0  # from the first byte of a request's head to its last
IDLE_SECONDS = 30.0  # without any request
_LARGE = 256 * 1024  # bytes of an answer after which the connection is not used again


class _Outcome:
    """What is answered without a thread and without the application; stands where waitress keeps errors."""

    def __init__(self, code: int) -> None:
        self.code = code


class _AppTask(WSGITask):
    def build_response_header(self) -> bytes:
        if (self.content_length or 0) > _LARGE:
            self.set_close_on_finish()  # its buffer and its slow reader go with it
        header: bytes = super().build_response_header()
        return header


class _LastWords(ErrorTask):
    def execute(self) -> None:
        request, code = self.request, self.request.error.code
        path, command = getattr(request, "path", ""), getattr(request, "command", "")
        is_htmx = request.headers.get("HX_REQUEST") == "true"
        if code == 200:
            answer = alive()
        elif code == 503:
            answer = busy.answer(command, path, is_htmx=is_htmx)
        else:
            answer = last_resort.answer(code, path=path, is_htmx=is_htmx)
        self.status = answer.status
        self.response_headers.extend(answer.headers)
        self.set_close_on_finish()
        self.content_length = len(answer.body)
        self.write(b"" if command == "HEAD" else answer.body)


def alive() -> last_resort.Answer:
    """That this process lives, said without a thread."""
    body = b"hidup\n"
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
    headers += [("X-Content-Type-Options", "nosniff"), ("Content-Length", str(len(body)))]
    return last_resort.Answer("200 OK", headers, body)


class Doing(enum.Enum):
    """What a connection is at; each has a deadline of its own."""

    IDLE = "idle"
    HEAD = "head"
    BODY = "body"
    ANSWERING = "answering"  # a thread has it, or it waits for one
    SENDING = "sending"


class Channel(HTTPChannel):
    """A connection whose deadlines `Server.tend` keeps."""

    task_class = _AppTask
    error_task_class = _LastWords
    request: Any  # what is being received
    sent_continue: bool

    def __init__(self, server: Any, *args: Any, **kwargs: Any) -> None:
        self._ahead = b""
        self._doing = Doing.IDLE
        self._pace = Pace(server.clock())
        self.since = server.clock()
        self.lined_up_at = 0.0  # since when its request waits for a thread, or has one
        super().__init__(server, *args, **kwargs)

    # In the loop's thread

    def received(self, data: bytes) -> bool:
        """Take bytes in. A whole request goes to a thread; whether we live is answered here."""
        with self.requests_lock:
            if self.will_close or self.close_when_flushed:
                return False
            if data and self._what() is Doing.IDLE:
                self._now_at(Doing.HEAD, self.server.clock())
            self._pace.move(len(data))
            self._ahead += data
            request = self._take_request()
            if request is not None:
                self.requests.append(request)
        if request is None:
            return True
        if request.error is not None:
            self.say(request.error.code)
        elif request.path == ALIVE_PATH and request.command in ("GET", "HEAD"):
            self.say(200)
        else:
            self.server.line_up(self)
        return True

    def _take_request(self) -> Any:
        while self._ahead and not self.requests:
            if self.request is None:
                self.request = self.parser_class(self.adj)
            request = self.request
            taken = request.received(self._ahead)
            self._ahead = self._ahead[taken:]
            if request.expect_continue and request.headers_finished and not self.sent_continue:
                self.send_continue()
            if not request.completed:
                return None
            self.sent_continue, self.request = False, None
            if not request.empty:
                return request
        return None

    def readable(self) -> bool:
        is_free = not (self.requests or self.total_outbufs_len or self.will_close or self.close_when_flushed)
        if self._ahead and is_free:
            self.received(b"")
        may_read: bool = super().readable()
        return may_read

    def send(self, data: bytes, do_close: bool = True) -> int:
        count: int = super().send(data, do_close=do_close)
        self._pace.move(count or 0)
        return count

    def say(self, code: int) -> None:
        """Answer the request at hand with the last words of a status, here and now."""
        if not self.requests:
            self.requests.append(self.request or self.parser_class(self.adj))
            self.request = None
        self.requests[0].error = _Outcome(code)
        super().service()

    def keep_deadlines(self, now: float) -> None:
        """Close or refuse what has made no progress for too long."""
        doing = self._what()
        if doing is not self._doing:
            self._now_at(doing, now)
        waited = now - self.since
        if doing is Doing.HEAD and waited > HEAD_SECONDS or doing is Doing.IDLE and waited > IDLE_SECONDS:
            self.handle_close()
        elif doing is Doing.BODY and self._pace.has_stalled(now):
            self.say(408)
        elif doing is Doing.SENDING and self._pace.has_stalled(now):
            self.handle_close()  # at once: `will_close` would wait until the socket takes bytes again

    def _now_at(self, doing: Doing, now: float) -> None:
        self._doing, self.since = doing, now
        self._pace.begin(now)

    def _what(self) -> Doing:
        if self.requests:
            return Doing.ANSWERING
        if self.total_outbufs_len:
            return Doing.SENDING
        if self.request is None:
            return Doing.IDLE
        return Doing.BODY if self.request.headers_finished else Doing.HEAD

    @property
    def path(self) -> str:
        """Of the request that is being answered, or waits to be."""
        return str(self.requests[0].path)

    @property
    def is_waiting(self) -> bool:
        """Whether it holds a place and nothing else: nobody loses an answer or an upload when it goes."""
        return self._what() in (Doing.IDLE, Doing.HEAD)

    # In a thread of the pool

    def service(self) -> None:
        self._doing = Doing.ANSWERING
        try:
            super().service()
        finally:
            self.server.task_dispatcher.finished()

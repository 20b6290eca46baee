"""Every message of the demo, so that one can try the whole journey without a mail server."""

from __future__ import annotations

import uuid

from flask import Response, abort, request

from mpaspor.config import settings
from mpaspor.demo import blueprint, messages, telephones
from mpaspor.foundation import clock
from mpaspor.offices.rules import HOME_ZONE
from mpaspor.web.access import Audience, open_to
from mpaspor.web.asked import asked
from mpaspor.web.htmx import page_or_part, wants_part


@blueprint.get("/pesan")
@open_to(Audience.DEMO)
def list_messages() -> Response:
    """The newest messages first; a poll that finds nothing new is answered 204 and changes nothing."""
    address = asked("alamat", 200)
    found = messages.newest(address)
    newest = str(found[0].id) if found else ""
    if wants_part() and request.args.get("terakhir") == newest:
        return Response(status=204)
    return page_or_part(
        "demo/messages.html",
        "demo/_messages.html",
        messages=[(message, _lines(message.body)) for message in found],
        telephones=telephones.codes_now(address, now=clock.now()),
        address=address,
        newest=newest,
        zone=HOME_ZONE,
    )


@blueprint.get("/kode")
@open_to(Audience.DEMO)
def show_telephones() -> Response:
    """What the officers' authenticator apps would show now."""
    address = asked("alamat", 200)
    found = telephones.codes_now(address, now=clock.now())
    return page_or_part(
        "demo/telephones.html",
        "demo/_telephones.html",
        telephones=found,
        address=address,
    )


@blueprint.get("/pesan/<uuid:message_id>/<name>")
@open_to(Audience.DEMO)
def show_file(message_id: uuid.UUID, name: str) -> Response:
    """A letter that came with a message."""
    content = messages.file_of(message_id, name)
    if content is None:
        abort(404)
    answer = Response(content, content_type="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=name)
    return answer


def _lines(body: str) -> list[tuple[str, bool]]:
    """The lines of a message, each with whether it is one of our own addresses and so may be a link."""
    return [(line, line.startswith(settings().public_url + "/")) for line in body.rstrip().split("\n")]

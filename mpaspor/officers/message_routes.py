"""Messages and calls that failed for good: seen by whoever runs the office's system, sent again by a tap."""

from __future__ import annotations

import uuid

from flask import abort, render_template, request
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_login import current_user

from mpaspor.foundation import clock, outbox_queue
from mpaspor.officers import blueprint
from mpaspor.offices.queries import office_by_id, time_zone_of
from mpaspor.people.rules import Role
from mpaspor.web.access import open_to
from mpaspor.web.htmx import go_to
from mpaspor.web.labels.correspondence import MESSAGE_KINDS


@blueprint.get("/pesan-gagal")
@open_to(Role.SUPERVISOR, Role.ADMIN)
def show_failed_messages() -> str:
    """What the worker gave up on, newest first; kinds and times only, nothing personal."""
    office = office_by_id(current_user.office_id)
    return render_template(
        "officers/failed_messages.html",
        rows=outbox_queue.dead(),
        kinds=MESSAGE_KINDS,
        unknown=_("Lainnya"),
        zone=time_zone_of(office),
    )


@blueprint.post("/pesan-gagal")
@open_to(Role.SUPERVISOR, Role.ADMIN)
def retry_message() -> Response:
    """Give one message eight more tries; doing it twice is the same."""
    try:
        row_id = uuid.UUID(request.form.get("pesan", ""))
    except ValueError:
        abort(400)
    outbox_queue.retry(row_id, now=clock.now())
    return go_to("officers.show_failed_messages")

"""A paper that says something else than the form: what to tell the applicant, or to correct, is drafted."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from mpaspor.applications.papers import paper_by_code
from mpaspor.desk.rules import PAPERS_DECIDED_BY
from mpaspor.foundation.refusals import NotFound
from mpaspor.officers import blueprint
from mpaspor.officers.case_routes import Answer, case_page, form_named
from mpaspor.officers.differs import CORRECTION, MESSAGE, Draft
from mpaspor.web.access import open_to


@blueprint.post("/kasus/<code:code>/berkas/<paper>/beda")
@open_to(*PAPERS_DECIDED_BY)
def draft_difference(code: str, paper: str) -> ResponseReturnValue:
    """The case with the draft in its form; nothing is stored, nobody is told."""
    if paper_by_code(paper) is None:
        raise NotFound()
    form = form_named("differs")
    if not form.validate_on_submit():
        return case_page(code, Answer(422, "differs", form, shown=paper))
    wanted = CORRECTION if request.form.get("jadi") == "pembetulan" else MESSAGE
    return case_page(code, Answer(shown=paper, draft=Draft(wanted, form.read)))

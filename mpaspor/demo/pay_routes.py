"""`/demo/bayar`: pay a bill at the simulated bank. Demo only; the money is as pretend as the bank."""

from __future__ import annotations

from flask import Response

from mpaspor.config import settings
from mpaspor.demo import bank_counter, blueprint
from mpaspor.demo.bank_counter import BankClosed, BankOutcome
from mpaspor.demo.pay_forms import DemoPayForm
from mpaspor.web.access import Audience, open_to
from mpaspor.web.asked import asked
from mpaspor.web.htmx import page_or_part


@blueprint.get("/bayar")
@open_to(Audience.DEMO)
def pay() -> Response:
    """The bank's counter, with the billing code filled in when a bill page led here."""
    form = DemoPayForm(formdata=None, code=asked("kode", 40))
    return _show(form, is_open=_offer_channels(form))


@blueprint.post("/bayar")
@open_to(Audience.DEMO)
def pay_send() -> Response:
    """Let the bank take the money and tell us over SNAP; show what it says."""
    form = DemoPayForm()
    if not _offer_channels(form):
        return _show(form, is_open=False)
    if not form.validate_on_submit():
        return _show(form, 422)
    try:
        outcome = bank_counter.pay(settings().data_dir, form.code.data, form.channel.data)
    except BankClosed:
        return _show(form, is_open=False)
    return _show(form, outcome=outcome)


def _offer_channels(form: DemoPayForm) -> bool:
    """Fill in the bank's list of channels; False while the bank is closed."""
    form.channel.choices = []
    try:
        form.channel.choices = bank_counter.channels(settings().data_dir)
    except BankClosed:
        return False
    return True


def _show(
    form: DemoPayForm, status: int = 200, *, is_open: bool = True, outcome: BankOutcome | None = None
) -> Response:
    return page_or_part(
        "demo/pay.html",
        "demo/_pay.html",
        status,
        form=form,
        is_open=is_open,
        outcome=outcome,
    )

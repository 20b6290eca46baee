"""A demo installation: its pages below `/demo`, its mailbox, and the fictitious people that fill it.

Nothing of it is loaded in a real installation. The people are made by the product's own operations, with a
past clock.
"""

from __future__ import annotations

from flask import Blueprint, Flask

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


def init_app(app: Flask) -> None:
    """Add the demo's pages, and keep a copy of every mail where they show it."""
    from mpaspor.demo import components_routes, messages, messages_routes, pay_routes  # noqa: F401

    app.register_blueprint(blueprint)
    app.extensions["mail_copy"] = messages.keep

"""`create_app`: all the wiring, readable on one screen. It starts nothing and touches no database."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_compress import Compress
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from mpaspor import applicants, officers, payments, public
from mpaspor.applications.images import MAX_BYTES
from mpaspor.config import BadSetting, Settings
from mpaspor.foundation import database, kept, logs
from mpaspor.foundation.database import engine_options
from mpaspor.foundation.encryption import Keyring
from mpaspor.server import last_resort
from mpaspor.web import (
    access,
    assets,
    calendar_looks,
    errors,
    formats,
    gaps,
    headers,
    htmx,
    language,
    page_context,
    request_log,
    same_site,
    sessions,
    url_converters,
    well_formed,
)
from mpaspor.web.addresses import Application

_ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings | None = None) -> Flask:
    """The application for one installation. Raises `BadSetting` when it could not run safely."""
    settings = settings or Settings.from_environment()
    if settings.database_url is None:
        raise BadSetting("No database: start bin/serve, or set DATABASE_URL.")
    logs.set_up()
    app = Application("mpaspor", root_path=str(_ROOT), template_folder="templates", static_folder=None)
    app.extensions["settings"] = settings
    app.extensions["keyring"] = Keyring(settings.secrets)
    app.config.update(_flask_settings(settings))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    behind_proxies = ProxyFix(
        app.wsgi_app,
        x_for=settings.trusted_proxies,
        x_proto=settings.trusted_proxies,
        x_host=0,
        x_port=0,
        x_prefix=0,
    )
    app.wsgi_app = last_resort.guarded(behind_proxies)  # type: ignore[method-assign]
    database.init_app(app)
    kept.init_app(app)
    app.extensions["compress"] = Compress(app)
    app.url_map.converters["code"] = url_converters.Code
    for piece in (request_log, sessions, htmx, language, same_site, well_formed, access):
        piece.init_app(app)
    csrf = CSRFProtect(app)
    for piece in (errors, headers, gaps, page_context, assets, calendar_looks):
        piece.init_app(app)
    formats.register(app)
    for blueprint in (public.blueprint, applicants.blueprint, officers.blueprint, payments.blueprint):
        app.register_blueprint(blueprint)
    app.register_blueprint(payments.snap_blueprint)
    csrf.exempt(payments.snap_blueprint)
    if settings.demo:
        from mpaspor import demo
        from mpaspor.simulators.devices import DevicesSimulator

        demo.init_app(app)
        app.extensions["devices"] = DevicesSimulator()
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secrets.session_key,
        "SECRET_KEY_FALLBACKS": list(settings.secrets.session_fallbacks),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings),
        "MAX_CONTENT_LENGTH": MAX_BYTES + 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 256 * 1024,
        "MAX_FORM_PARTS": 60,
        "TRUSTED_HOSTS": list(settings.allowed_hosts) or None,
        "WTF_CSRF_TIME_LIMIT": None,
        "COMPRESS_MIN_SIZE": 500,
        "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
    }

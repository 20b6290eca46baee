"""Styles, scripts and the mark: bundled, compressed and named by their content once, when the app starts.

Every process builds the same names from the same files, so any process can answer for any other, and a
browser never asks twice for the same content.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import brotli
from flask import Flask, Response, abort, current_app, request
from markupsafe import Markup

from mpaspor.web.access import Audience, open_to

STATIC = Path(__file__).resolve().parents[2] / "static"

# One file per kind: on a slow radio each further request costs more than the bytes it would save.
BUNDLES: dict[str, tuple[str, ...]] = {
    "site.css": ("css/tokens.css", "css/base.css", "css/forms.css"),
    "officer.css": ("css/officer.css",),
    "app.js": (
        "vendor/htmx-2.0.11.min.js",
        "js/errors.js",
        "js/banner.js",
        "js/forms.js",
        "js/copy.js",
        "js/password.js",
        "js/countdown.js",
        "js/shrink.js",
        "js/upload.js",
        "js/hours.js",
        "js/scan.js",
        "js/desk.js",
        "js/ask.js",
        "js/in_place.js",
        "js/station.js",
        "js/camera.js",
        "js/interview.js",
        "js/papers.js",
    ),
    "officer.js": ("js/passkeys.js", "js/idle.js", "js/drop-list.js"),
    "door.js": ("js/kept-list.js", "js/tell.js", "js/door.js"),
    "offline-door.js": (
        "js/kept-list.js",
        "js/visit-token.js",
        "js/door-answer.js",
        "js/door-screen.js",
        "js/tell.js",
        "js/offline-door.js",
    ),
    "offline-worker.js": ("js/offline-worker.js",),
    "display.css": ("css/display.css",),
    "display.js": ("js/display.js",),
    "kiosk.js": ("js/kiosk.js",),
    "mark.svg": ("mark.svg",),
}
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
# A worker stands in front of these pages and no others.
_STANDS_BEFORE = {"offline-worker.js": "/petugas/hadir"}
_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One bundle as it is sent: its content hash, its type and its bytes per encoding."""

    digest: str
    mimetype: str
    plain: bytes
    gzip: bytes
    brotli: bytes

    def encoded(self, accepted: str) -> tuple[bytes, str | None]:
        """The smallest form that the `Accept-Encoding` header allows."""
        names = {
            part.split(";")[0].strip() for part in accepted.lower().split(",") if not part.endswith("q=0")
        }
        if "br" in names:
            return self.brotli, "br"
        if "gzip" in names:
            return self.gzip, "gzip"
        return self.plain, None


def minify_css(source: str) -> str:
    """Our own CSS without comments and needless blanks; it holds no string with braces or comments."""
    text = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    return text.replace(": ", ":").replace(";}", "}").strip()


_VAR = re.compile(r"var\((--[\w-]+)(?:,((?:[^()]|\([^()]*\))*))?\)")
_DECLARATION = re.compile(r"(?<=[{;])([a-z-]+):([^;{}]*var\([^;{}]*)")


def with_plain_values(css: str) -> str:
    """The same with each colour of the light page written out before the `var()` that names it.

    An engine without custom properties drops what has `var()` in it, and would paint white on white; every
    other takes the second of the two. Squeezed CSS goes in; its first `:root` names the light page's values.
    """
    root = re.search(r":root\{([^}]*)\}", css)
    known = dict(re.findall(r"(--[\w-]+):([^;}]+)", root.group(1))) if root else {}

    def value(named: re.Match[str]) -> str:
        return str(known.get(named[1]) or named[2] or named[0])

    def plain_first(found: re.Match[str]) -> str:
        name, text = found[1], _VAR.sub(value, _VAR.sub(value, found[2]))
        # Cone gradients are younger than custom properties; a class's own colour has no value at the root.
        is_vain = name.startswith("--") or "var(" in text or "conic-gradient" in text
        return found[0] if is_vain else f"{name}:{text};{found[0]}"

    return _DECLARATION.sub(plain_first, css)


def build(name: str) -> Asset:
    """Read, join and compress the files of one bundle."""
    parts = [(STATIC / path).read_text("utf-8") for path in BUNDLES[name]]
    kind = Path(name).suffix
    text = with_plain_values(minify_css("".join(parts))) if kind == ".css" else "\n".join(parts)
    body = text.encode()
    return Asset(
        digest=hashlib.sha256(body).hexdigest()[:12],
        mimetype=_TYPES[kind],
        plain=body,
        gzip=gzip.compress(body, 9, mtime=0),
        brotli=brotli.compress(body),
    )


def source_of_inlined(name: str) -> str:
    """What the policy has to name for a page that holds this sheet itself."""
    digest = hashlib.sha256(_built()[name].plain).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _inlined(name: str) -> Markup:
    """The sheet as an element of the page. Our own bytes: they hold nothing that anybody typed."""
    return Markup(f"<style>{_built()[name].plain.decode()}</style>")


def _built() -> dict[str, Asset]:
    found: dict[str, Asset] = current_app.extensions["assets"]
    return found


def init_app(app: Flask) -> None:
    """Build the bundles, serve them, and give templates `asset_url(name)` and `inlined(name)`."""
    assets = app.extensions["assets"] = {name: build(name) for name in BUNDLES}

    def asset_url(name: str) -> str:
        return f"/static/{assets[name].digest}/{name}"

    @open_to(Audience.ANYONE)
    def serve(digest: str, name: str) -> Response:
        found = assets.get(name)
        if found is None:
            abort(404)
        body, encoding = found.encoded(request.headers.get("Accept-Encoding", ""))
        response = Response(body, content_type=found.mimetype)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.vary.add("Accept-Encoding")
        # During a rollout an older page may ask this process for a name it does not know: answer, but
        # let nobody keep today's bytes under yesterday's name.
        current = digest == found.digest
        response.headers["Cache-Control"] = _A_YEAR if current else "no-store"
        if name in _STANDS_BEFORE:
            response.headers["Service-Worker-Allowed"] = _STANDS_BEFORE[name]
        return response

    app.add_url_rule("/static/<digest>/<name>", "assets.serve", serve)
    app.jinja_env.globals["asset_url"] = asset_url
    app.jinja_env.globals["inlined"] = _inlined

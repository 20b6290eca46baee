"""Every setting of the product: its name in the environment, its meaning, its default.

A process reads the environment once, through `Settings.from_environment()`, and hands the result to
`create_app`. Nothing else in the product looks at `os.environ`.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit


class BadSetting(Exception):
    """A setting is missing or unusable; the message names it and says what to do."""


@dataclass(frozen=True)
class Secrets:
    """Keys that never reach the database or the repository."""

    session_key: str
    session_fallbacks: tuple[str, ...]
    data_keys: tuple[bytes, ...]
    lookup_key: bytes
    signing_key: bytes


@dataclass(frozen=True)
class Settings:
    """The settings of one installation. `demo` is None until the database has said what it is."""

    data_dir: Path
    secrets: Secrets
    database_url: str | None = None
    owner_url: str | None = None
    port: int = 8000
    bind: str = "127.0.0.1"
    demo: bool = False
    demo_open: bool = False
    public_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    officer_host: str | None = None
    officer_networks: tuple[str, ...] = ()
    smtp_url: str | None = None
    storage_url: str | None = None
    office_code: str = "palembang"
    # Clocks of CORE §6 and the limits of §7; seconds unless the name says otherwise.
    payment_window: int = 2 * 3600
    payment_grace: int = 15 * 60
    code_patience: int = 30 * 60
    undo_window: int = 5 * 60
    earliest_days_ahead: int = 1
    pool_size: int = 4
    web_threads: int = 8
    silence: int = 60

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Hosts we answer to; a demo that was given none answers to any."""
        if self.trusted_hosts or self.demo:
            return self.trusted_hosts
        named = (urlsplit(self.public_url).hostname, self.officer_host, "127.0.0.1", "localhost")
        return tuple(host for host in named if host)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings. Raises `BadSetting` where production would be unsafe."""
        env = os.environ if environ is None else environ
        data_dir = Path(env.get("MPASPOR_DATA") or "var").resolve()
        database_url = env.get("DATABASE_URL") or None
        demo_word = (env.get("MPASPOR_DEMO") or ("0" if database_url else "1")).strip().lower()
        demo = demo_word not in ("0", "no", "off", "false")
        port = _number(env, "PORT", 8000)
        bind = env.get("MPASPOR_BIND") or "127.0.0.1"
        return cls(
            data_dir=data_dir,
            secrets=_demo_secrets(data_dir) if demo else _given_secrets(env),
            database_url=_psycopg(database_url),
            owner_url=_psycopg(env.get("MPASPOR_OWNER_URL") or database_url),
            port=port,
            bind=bind,
            demo=demo,
            demo_open=demo_word == "open",
            public_url=(env.get("MPASPOR_PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
            trusted_hosts=_words(env.get("MPASPOR_TRUSTED_HOSTS")),
            trusted_proxies=_number(env, "MPASPOR_TRUSTED_PROXIES", 0),
            officer_host=env.get("MPASPOR_OFFICER_HOST") or None,
            officer_networks=_networks(env.get("MPASPOR_OFFICER_NETWORKS")),
            smtp_url=env.get("MPASPOR_SMTP_URL") or None,
            storage_url=env.get("MPASPOR_STORAGE_URL") or None,
            payment_window=_number(env, "MPASPOR_PAYMENT_MINUTES", 120) * 60,
            payment_grace=_number(env, "MPASPOR_GRACE_MINUTES", 15) * 60,
            undo_window=_number(env, "MPASPOR_UNDO_MINUTES", 5) * 60,
            web_threads=_number(env, "MPASPOR_WEB_THREADS", 8),
            silence=_number(env, "MPASPOR_SILENCE_SECONDS", 60),
        )

    def with_database(self, database_url: str, owner_url: str | None = None) -> Settings:
        """The same installation, on the database that `bin/serve` has just started."""
        return replace(self, database_url=database_url, owner_url=owner_url or self.owner_url)


def settings() -> Settings:
    """The settings of the running application."""
    from flask import current_app

    found: Settings = current_app.extensions["settings"]
    return found


def _psycopg(url: str | None) -> str | None:
    if url is None:
        return None
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


def _words(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").replace(",", " ").split())


def _networks(text: str | None) -> tuple[str, ...]:
    try:
        return tuple(str(ipaddress.ip_network(word)) for word in _words(text))
    except ValueError as error:
        raise BadSetting(f"MPASPOR_OFFICER_NETWORKS: {error}") from error


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if not text:
        return default
    if not text.isdigit():
        raise BadSetting(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def _given_secrets(env: Mapping[str, str]) -> Secrets:
    """Secrets of a real installation: required, and refused when weak."""
    session_keys = _words(env.get("MPASPOR_SECRET_KEY"))
    if not session_keys or len(session_keys[0]) < 32:
        raise BadSetting("MPASPOR_SECRET_KEY must be set to at least 32 random characters outside the demo.")
    data_keys = tuple(_key(word, "MPASPOR_DATA_KEYS") for word in _words(env.get("MPASPOR_DATA_KEYS")))
    if not data_keys:
        raise BadSetting(
            "MPASPOR_DATA_KEYS must hold one or more keys of 32 bytes in base64, newest first. "
            "Make one with: openssl rand -base64 32"
        )
    return Secrets(
        session_key=session_keys[0],
        session_fallbacks=session_keys[1:],
        data_keys=data_keys,
        lookup_key=_key(env.get("MPASPOR_LOOKUP_KEY", ""), "MPASPOR_LOOKUP_KEY"),
        signing_key=_key(env.get("MPASPOR_SIGNING_KEY", ""), "MPASPOR_SIGNING_KEY"),
    )


def _key(text: str, name: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32 or len(set(key)) < 8:
        raise BadSetting(f"{name} must be 32 random bytes in base64. Make it with: openssl rand -base64 32")
    return key


def _demo_secrets(data_dir: Path) -> Secrets:
    """Secrets of a demo: made once, kept beside its database, readable by its owner only."""
    path = data_dir / "secrets.json"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in _DEMO_NAMES}
        partial = path.with_suffix(f".{os.getpid()}")
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(fresh, file)
        try:
            os.link(partial, path)  # the first of two starters wins; the other reads what it wrote
        except FileExistsError:
            pass
        partial.unlink()
    words = json.loads(path.read_text())
    return Secrets(
        session_key=words["session"],
        session_fallbacks=(),
        data_keys=(base64.b64decode(words["data"]),),
        lookup_key=base64.b64decode(words["lookup"]),
        signing_key=base64.b64decode(words["signing"]),
    )


_DEMO_NAMES = ("session", "data", "lookup", "signing")

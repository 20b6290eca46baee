"""Every setting of the product, with its default; README.md says what each means.

A process reads the environment once, through `Settings.from_environment()`, and hands the result to
`create_app`. Nothing else in the product looks at `os.environ`. A few settings have no name there, since no
installation had to change them yet: `code_patience`, `earliest_days_ahead`, `pool_size`, `office_code`.
Reading the settings of a demo also writes: its secrets are made in the data folder when it has none.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from mpaspor.environment import BadSetting as BadSetting
from mpaspor.environment import Environment


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
    """The settings of one installation; None is what nobody has to give and nobody gave."""

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
    anchor_mail: str | None = None
    storage_url: str | None = None
    office_code: str = "palembang"
    # Clocks (STATES §6); seconds unless the name says otherwise.
    payment_window: int = 2 * 3600
    payment_grace: int = 15 * 60
    code_patience: int = 30 * 60
    undo_window: int = 5 * 60
    reentry_window: int = 10 * 60
    place_return: tuple[int, int] = (5 * 60, 30 * 60)
    offer_term: int = 24 * 60 * 60
    earliest_days_ahead: int = 1
    pool_size: int = 4
    web_threads: int = 8
    prepares: bool = True
    calendar_looks: int = 10
    kept_seconds: int = 1
    kiosk_seconds: int = 60
    silence: int = 60
    drain: int = 0
    longest_queue: int = 8

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def officer_url(self) -> str:
        """Where officers find us: the public address, under their own host name if they have one."""
        if self.officer_host is None:
            return self.public_url
        parts = urlsplit(self.public_url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{self.officer_host}{port}"

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Hosts we answer to; a demo that was given none answers to any."""
        if self.trusted_hosts or self.demo:
            return self.trusted_hosts
        named = (urlsplit(self.public_url).hostname, self.officer_host, "127.0.0.1", "localhost")
        return tuple(host for host in named if host)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings. Raises `BadSetting` with everything that is wrong with them."""
        env = Environment(os.environ if environ is None else environ)
        data_dir = Path(env.text("MPASPOR_DATA") or "var").resolve()
        demo, demo_open = env.demo()
        database_url, port = env.database("DATABASE_URL"), env.number("PORT", 8000, 1, 65535)
        smtp_url, freed = env.mail_server(demo=demo), env.range_of("MPASPOR_RETURN_MINUTES", (5, 30), 0, 1440)
        found = cls(
            data_dir=data_dir,
            secrets=_given_secrets(env, data_dir, demo=demo),
            database_url=database_url,
            owner_url=env.database("MPASPOR_OWNER_URL") or database_url,
            port=port,
            bind=env.text("MPASPOR_BIND") or "127.0.0.1",
            demo=demo,
            demo_open=demo_open,
            public_url=env.public_url(f"http://127.0.0.1:{port}", demo=demo),
            trusted_hosts=env.hosts("MPASPOR_TRUSTED_HOSTS"),
            trusted_proxies=env.number("MPASPOR_TRUSTED_PROXIES", 0, 0, 5),
            officer_host=env.host("MPASPOR_OFFICER_HOST"),
            officer_networks=env.networks("MPASPOR_OFFICER_NETWORKS"),
            smtp_url=smtp_url,
            anchor_mail=env.mail_address("MPASPOR_ANCHOR_MAIL", smtp_url=smtp_url),
            storage_url=env.storage(),
            payment_window=env.number("MPASPOR_PAYMENT_MINUTES", 120, 5, 7 * 1440) * 60,
            payment_grace=env.number("MPASPOR_GRACE_MINUTES", 15, 0, 1440) * 60,
            undo_window=env.number("MPASPOR_UNDO_MINUTES", 5, 0, 1440) * 60,
            reentry_window=env.number("MPASPOR_REENTRY_MINUTES", 10, 1, 720) * 60,
            place_return=(freed[0] * 60, freed[1] * 60),
            offer_term=env.number("MPASPOR_OFFER_MINUTES", 1440, 60, 7 * 1440) * 60,
            web_threads=env.number("MPASPOR_WEB_THREADS", 8, 1, 64),
            prepares=bool(env.number("MPASPOR_PREPARED", 1, 0, 1)),
            calendar_looks=env.number("MPASPOR_CALENDAR_LOOKS", 10, 1, 10_000),
            kept_seconds=env.number("MPASPOR_KEPT_SECONDS", 1, 0, 60),
            kiosk_seconds=env.number("MPASPOR_KIOSK_SECONDS", 60, 15, 300),
            silence=env.number("MPASPOR_SILENCE_SECONDS", 60, 20, 3600),
            drain=env.number("MPASPOR_DRAIN_SECONDS", 0, 0, 300),
            longest_queue=env.number("MPASPOR_LONGEST_QUEUE_SECONDS", 8, 1, 60),
        )
        found._check_hosts(env)
        env.finish()
        return replace(found, secrets=_demo_secrets(data_dir)) if demo else found

    def _check_hosts(self, env: Environment) -> None:
        """A host of ours that is not among the trusted ones would be refused."""
        for name, host in (
            ("MPASPOR_PUBLIC_URL", urlsplit(self.public_url).hostname),
            ("MPASPOR_OFFICER_HOST", self.officer_host),
        ):
            known = (
                f".{host}".endswith(trusted) if trusted.startswith(".") else host == trusted
                for trusted in self.trusted_hosts
            )
            if host and self.trusted_hosts and not any(known):
                env.wrong(f"MPASPOR_TRUSTED_HOSTS does not hold {host}, the host of {name}.")

    def with_database(self, database_url: str, owner_url: str | None = None) -> Settings:
        """The same installation, on the database that `bin/serve` has just started."""
        return replace(self, database_url=database_url, owner_url=owner_url or self.owner_url)


def settings() -> Settings:
    """The settings of the running application."""
    from flask import current_app

    found: Settings = current_app.extensions["settings"]
    return found


def _given_secrets(env: Environment, data_dir: Path, *, demo: bool) -> Secrets:
    """Secrets of a real installation: required, random, and each for one purpose. A demo makes its own."""
    session_keys, data_words = env.words("MPASPOR_SECRET_KEY"), env.words("MPASPOR_DATA_KEYS")
    lookup, signing = env.text("MPASPOR_LOOKUP_KEY"), env.text("MPASPOR_SIGNING_KEY")
    if demo:
        return Secrets("", (), (), b"", b"")
    if not session_keys or any(len(key) < 32 or len(set(key)) < 8 for key in session_keys):
        env.wrong("MPASPOR_SECRET_KEY must be at least 32 random characters outside the demo.")
    if not data_words:
        env.wrong(
            "MPASPOR_DATA_KEYS must hold one or more keys of 32 bytes in base64, newest first. "
            "Make one with: openssl rand -base64 32"
        )
    one_each = [*session_keys, *data_words, *(word for word in (lookup, signing) if word)]
    if len(set(one_each)) < len(one_each):
        env.wrong(
            "The four secrets must differ from each other: whoever learns one must not have the others."
        )
    path = data_dir / _DEMO_SECRETS
    if path.exists() and set(one_each) & set(json.loads(path.read_text()).values()):
        env.wrong(f"A secret of the demo ({path}) is used for a real installation. Make new ones.")
    return Secrets(
        session_key=session_keys[0] if session_keys else "",
        session_fallbacks=session_keys[1:],
        data_keys=tuple(env.key("MPASPOR_DATA_KEYS", word) for word in data_words),
        lookup_key=env.key("MPASPOR_LOOKUP_KEY", lookup),
        signing_key=env.key("MPASPOR_SIGNING_KEY", signing),
    )


def _demo_secrets(data_dir: Path) -> Secrets:
    """Secrets of a demo: made once, kept beside its database, readable by its owner only."""
    path = data_dir / _DEMO_SECRETS
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in _DEMO_NAMES}
        partial = path.with_suffix(f".{os.getpid()}")
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(fresh, file)
        with suppress(FileExistsError):  # the first of two starters wins; the other reads what it wrote
            os.link(partial, path)
        partial.unlink()
    words = json.loads(path.read_text())
    return Secrets(
        session_key=words["session"],
        session_fallbacks=(),
        data_keys=(base64.b64decode(words["data"]),),
        lookup_key=base64.b64decode(words["lookup"]),
        signing_key=base64.b64decode(words["signing"]),
    )


_DEMO_SECRETS = "secrets.json"
_DEMO_NAMES = ("session", "data", "lookup", "signing")

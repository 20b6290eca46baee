"""Who the pretend bank is: its name with us, its shared secret, its RSA key. Kept in a folder of its own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from mpaspor.billing.snap import signing

PARTNER_ID = "BANKDEMO"
BANK_NAME = "Bank Peragaan"
SERVICE_ID = "   99000"  # 8 characters, padded with spaces on the left as SNAP wants it


def folder(data_dir: Path) -> Path:
    """Where the simulated bank keeps its keys, its journal and its present address."""
    return data_dir / "bank"


@dataclass(frozen=True)
class BankIdentity:
    """What the bank signs with."""

    partner_id: str
    service_id: str
    secret: str = field(repr=False)
    key: RSAPrivateKey = field(repr=False)

    @property
    def public_key_pem(self) -> str:
        """What the bank hands to its partners."""
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def load_or_make(folder: Path) -> BankIdentity:
    """The identity kept in `folder`, made on first use and readable by its owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = _kept(folder / "secret", lambda: secrets.token_urlsafe(32).encode())
    pem = _kept(folder / "private.pem", _new_key)
    return BankIdentity(PARTNER_ID, SERVICE_ID, secret.decode(), signing.private_key(pem))


def _new_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's content; of two that make it at once the first wins and both read the same."""
    if not path.exists():
        partial = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(make())
        with suppress(FileExistsError):
            os.link(partial, path)
        partial.unlink()
    return path.read_bytes()

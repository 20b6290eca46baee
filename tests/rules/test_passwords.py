"""What a stored password costs whoever wants to guess it."""

from __future__ import annotations

from argon2 import PasswordHasher

from mpaspor.people import passwords


def test_a_stored_password_costs_19_mib_and_two_passes() -> None:
    hasher = PasswordHasher(passwords.PASSES, passwords.MEMORY_KIB, passwords.LANES)
    stored = hasher.hash("kuda baterai staples")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")

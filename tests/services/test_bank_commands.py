"""`bin/mpaspor bank partner …`: how an office lets a bank in."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from mpaspor.billing.snap import partners
from mpaspor.cli.bank import bank
from tests.conftest import MONDAY
from tests.stage import banks
from tests.stage.banks import TestBank


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """A secret and a public key, as a bank hands them over."""
    secret, key = tmp_path / "secret", tmp_path / "bank.pem"
    secret.write_text(banks.SECRET + "\n")
    key.write_text(banks.public_pem(banks.bank_key()))
    return str(secret), str(key)


def add(*options: str) -> tuple[int, str]:
    done = CliRunner().invoke(bank, ["partner", "add", *options])
    return done.exit_code, done.output


def test_a_bank_that_is_added_can_call(app: Flask, now: object, files: tuple[str, str]) -> None:
    status, said = add(
        "--id", "BANKUJI", "--name", "Bank Uji", "--secret-file", files[0], "--public-key", files[1]
    )
    assert (status, "BANKUJI" in said) == (0, True)
    assert TestBank(app.test_client(), MONDAY).ask_token().get_json()["responseCode"] == "2007300"
    listed = CliRunner().invoke(bank, ["partner", "list"]).output
    assert "BANKUJI\tBank Uji\tactive" in listed and banks.SECRET not in listed


def test_a_file_that_is_no_public_key_is_refused_in_words(app: Flask, files: tuple[str, str]) -> None:
    status, said = add("--id", "BANKUJI", "--secret-file", files[0], "--public-key", files[0])
    assert (status, "not a public key in PEM" in said) == (1, True)
    assert partners.all_partners() == []


def test_a_short_secret_is_refused_in_words(app: Flask, files: tuple[str, str], tmp_path: Path) -> None:
    short = tmp_path / "short"
    short.write_text("pendek")
    status, said = add("--id", "BANKUJI", "--secret-file", str(short), "--public-key", files[1])
    assert (status, "at least 16 characters" in said) == (1, True)

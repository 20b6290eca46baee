"""Settings are judged at start: what is missing, weak or nonsense is told at once, all of it, in words."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

from mpaspor.config import BadSetting, Settings


def key(name: str) -> str:
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()


REAL = {
    "DATABASE_URL": "postgresql://app@db/mpaspor",
    "MPASPOR_SECRET_KEY": key("session"),
    "MPASPOR_DATA_KEYS": key("data"),
    "MPASPOR_LOOKUP_KEY": key("lookup"),
    "MPASPOR_SIGNING_KEY": key("signing"),
    "MPASPOR_PUBLIC_URL": "https://paspor.kantor.example",
    "MPASPOR_SMTP_URL": "smtp://mail.kantor.example",
    "MPASPOR_TRUSTED_PROXIES": "1",
}


def faults(environ: dict[str, str], tmp_path: Path) -> tuple[str, ...]:
    try:
        Settings.from_environment({"MPASPOR_DATA": str(tmp_path / "var"), **environ})
    except BadSetting as trouble:
        return trouble.faults
    return ()


def test_settings_of_a_real_installation_are_taken(tmp_path: Path) -> None:
    found = Settings.from_environment({"MPASPOR_DATA": str(tmp_path), **REAL})
    assert not found.demo and found.is_https
    assert found.database_url == "postgresql+psycopg://app@db/mpaspor"


def test_a_bare_start_is_a_demo(tmp_path: Path) -> None:
    assert Settings.from_environment({"MPASPOR_DATA": str(tmp_path)}).demo


@pytest.mark.parametrize("name", [name for name in REAL if name != "DATABASE_URL"])
def test_one_production_setting_without_a_database_makes_no_demo(tmp_path: Path, name: str) -> None:
    said = faults({name: REAL[name]}, tmp_path)
    assert any(f"DATABASE_URL is not set, though {name} is" in fault for fault in said)
    assert not (tmp_path / "var").exists(), "and nothing was made"


@pytest.mark.parametrize("word", ["produksi", "tidak", "2", "nein"])
def test_an_unknown_word_for_the_demo_is_refused(tmp_path: Path, word: str) -> None:
    (fault,) = faults({**REAL, "MPASPOR_DEMO": word}, tmp_path)
    assert fault.startswith("MPASPOR_DEMO must be 0 (real), 1 (demo) or open")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    bad = {**REAL, "PORT": "70000", "MPASPOR_SECRET_KEY": "short", "MPASPOR_PUBLIC_URL": "kantor"}
    bad |= {"MPASPOR_SMTP_URL": "", "MPASPOR_OFFICER_NETWORKS": "kantor"}
    with pytest.raises(BadSetting) as trouble:
        Settings.from_environment({"MPASPOR_DATA": str(tmp_path), **bad})
    said = str(trouble.value)
    assert said.startswith("5 things are wrong:")
    for name in ("PORT", "SECRET_KEY", "PUBLIC_URL", "SMTP_URL", "OFFICER_NETWORKS"):
        assert name in said


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "0", "whole number from 1 to 65535"),
        ("PORT", "٨٠٠٠", "whole number"),
        ("MPASPOR_WEB_THREADS", "0", "whole number from 1"),
        ("MPASPOR_PREPARED", "yes", "whole number from 0 to 1"),
        ("MPASPOR_CALENDAR_LOOKS", "0", "whole number from 1"),
        ("MPASPOR_PAYMENT_MINUTES", "9" * 5000, "whole number"),
        ("MPASPOR_RETURN_MINUTES", "30", "two whole numbers from 0 to 1440"),
        ("MPASPOR_RETURN_MINUTES", "30-5", "two whole numbers"),
        ("MPASPOR_RETURN_MINUTES", "5-9999", "two whole numbers"),
        ("MPASPOR_RETURN_MINUTES", "5-30-60", "two whole numbers"),
        ("MPASPOR_RETURN_MINUTES", "٥-٣٠", "two whole numbers"),
        ("MPASPOR_RETURN_MINUTE", "5-30", "is no setting"),
        ("MPASPOR_ANCHOR_MAIL", "arsip", "must be an e-mail address"),
        ("MPASPOR_ANCHOR_MAIL", "arsíp@kantor.go.id", "must be an e-mail address"),
        ("MPASPOR_SILENCE_SECONDS", "1", "whole number from 20"),
        ("MPASPOR_DRAIN_SECONDS", "301", "whole number from 0 to 300"),
        ("MPASPOR_LONGEST_QUEUE_SECONDS", "0", "whole number from 1 to 60"),
        ("MPASPOR_TRUSTED_PROXIES", "-1", "whole number"),
        ("DATABASE_URL", "mysql://app@db/mpaspor", "must look like postgresql://"),
        ("DATABASE_URL", "postgresql://app@db:port/mpaspor", "must look like postgresql://"),
        ("DATABASE_URL", "postgresql://app@db", "must look like postgresql://"),
        ("MPASPOR_OWNER_URL", "nonsense", "must look like postgresql://"),
        ("MPASPOR_PUBLIC_URL", "http://paspor.kantor.example", "must begin with https://"),
        ("MPASPOR_PUBLIC_URL", "https://paspor.kantor.example/x", "must be a bare address"),
        ("MPASPOR_PUBLIC_URL", "ftp://paspor.kantor.example", "must be a bare address"),
        ("MPASPOR_PUBLIC_URL", "https://a b", "must be a bare address"),
        ("MPASPOR_SMTP_URL", "", "must be set outside the demo"),
        ("MPASPOR_SMTP_URL", "mail.kantor.example", "must be smtp://"),
        ("MPASPOR_STORAGE_URL", "s3://bucket", "must look like file:/"),
        ("MPASPOR_OFFICER_NETWORKS", "10.0.0.0/33", "must hold networks"),
        ("MPASPOR_OFFICER_HOST", "https://meja", "must hold host names"),
        ("MPASPOR_TRUSTED_HOSTS", "lain.example", "does not hold paspor.kantor.example"),
        ("MPASPOR_SECRET_KEY", "a" * 40, "32 random characters"),
        ("MPASPOR_DATA_KEYS", "", "must hold one or more keys"),
        ("MPASPOR_LOOKUP_KEY", "c2hvcnQ=", "32 random bytes"),
        ("MPASPOR_SIGNING_KEY", REAL["MPASPOR_DATA_KEYS"], "must differ from each other"),
        ("MPASPOR_OFFICER_NETWORK", "10.0.0.0/8", "is no setting; is it misspelt?"),
    ],
)
def test_each_nonsense_is_told_by_its_name(tmp_path: Path, name: str, value: str, words: str) -> None:
    (fault,) = faults({**REAL, name: value}, tmp_path)
    assert words in fault


def test_how_freed_places_return_and_who_gets_the_anchors_can_be_set(tmp_path: Path) -> None:
    found = Settings.from_environment(
        {
            "MPASPOR_DATA": str(tmp_path),
            **REAL,
            "MPASPOR_RETURN_MINUTES": "10 - 45",
            "MPASPOR_ANCHOR_MAIL": "arsip@kantor.go.id",
        }
    )
    assert found.place_return == (600, 2700)
    assert found.anchor_mail == "arsip@kantor.go.id"


def test_anchors_without_a_mail_server_are_refused(tmp_path: Path) -> None:
    (fault,) = faults({"MPASPOR_DEMO": "1", "MPASPOR_ANCHOR_MAIL": "arsip@kantor.go.id"}, tmp_path)
    assert "no MPASPOR_SMTP_URL" in fault


def test_a_secret_of_the_demo_is_refused_for_a_real_installation(tmp_path: Path) -> None:
    data = tmp_path / "var"
    Settings.from_environment({"MPASPOR_DATA": str(data)})
    taken = json.loads((data / "secrets.json").read_text())["lookup"]
    (fault,) = faults({**REAL, "MPASPOR_LOOKUP_KEY": taken}, tmp_path)
    assert "A secret of the demo" in fault

"""The officers' half answers only at its own host and from its own network, where such are set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from mpaspor.config import BadSetting, Settings


@pytest.fixture
def with_settings(app: Flask, now):
    before = app.extensions["settings"]

    def change(**given: object) -> None:
        app.extensions["settings"] = replace(before, **given)

    yield change
    app.extensions["settings"] = before


def test_abuse_10_officer_pages_are_unknown_at_the_public_host(app: Flask, with_settings) -> None:
    with_settings(officer_host="meja.contoh.example")
    client = app.test_client()
    assert client.get("/petugas/masuk").status_code == 404
    assert client.get("/petugas/masuk", base_url="http://meja.contoh.example").status_code == 200
    assert client.get("/").status_code == 200


def test_abuse_10_officer_pages_are_unknown_outside_the_office_network(app: Flask, with_settings) -> None:
    with_settings(officer_networks=("10.20.0.0/16",))
    client = app.test_client()
    assert client.get("/petugas/masuk").status_code == 404
    assert client.get("/petugas/masuk", environ_base={"REMOTE_ADDR": "10.20.3.4"}).status_code == 200


def test_a_network_that_is_none_is_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="MPASPOR_OFFICER_NETWORKS"):
        Settings.from_environment({"MPASPOR_OFFICER_NETWORKS": "kantor", "MPASPOR_DATA": str(tmp_path)})


@pytest.mark.parametrize("key", ["", "short", "c2hvcnQ=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="])
def test_a_real_installation_refuses_weak_keys(key: str) -> None:
    good = "x3Jq0m1vQb8o0YpUoQ2W0x8mH3m2i9b7r4K1c6Z5aP0="
    with pytest.raises(BadSetting, match="MPASPOR_DATA_KEYS|MPASPOR_LOOKUP_KEY"):
        Settings.from_environment(
            {
                "DATABASE_URL": "postgresql://app@db/mpaspor",
                "MPASPOR_SECRET_KEY": "s" * 40,
                "MPASPOR_DATA_KEYS": good,
                "MPASPOR_LOOKUP_KEY": key,
                "MPASPOR_SIGNING_KEY": good,
            }
        )

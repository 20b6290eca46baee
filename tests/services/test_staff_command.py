"""`bin/mpaspor staff`: an officer is added once, with a link that is shown once."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from mpaspor.cli.staff import staff
from tests.stage.officers_in import joins

RINA = ["add", "--office", "palembang", "--name", "Rina Kusuma", "--email", "Rina@Kantor.example"]
pytestmark = pytest.mark.usefixtures("app", "now")


def runs(*words: str):
    return CliRunner().invoke(staff, list(words))


def token_in(words: str) -> str:
    found = re.search(r"/petugas/tautan\?kunci=(\S+)", words)
    assert found is not None, words
    return found[1]


def test_an_officer_gets_a_link_that_is_shown_once_and_no_password(scalar, now):
    done = runs(*RINA, "--role", "reception", "--role", "supervisor")
    assert done.exit_code == 0 and "shown only now" in done.output
    assert scalar("SELECT email FROM staff WHERE password_hash IS NULL") == "rina@kantor.example"
    assert scalar("SELECT array_agg(role ORDER BY role) FROM staff_role") == ["reception", "supervisor"]
    assert joins(token_in(done.output), now)


def test_a_new_link_voids_the_first_and_all_that_it_made(scalar, now):
    first = token_in(runs(*RINA, "--role", "reception").output)
    joins(first, now)
    done = runs("link", "Rina@Kantor.example")
    assert scalar("SELECT count(*) FROM staff_totp") == 0
    assert joins(token_in(done.output), now)
    assert runs("link", "dian@kantor.example").exit_code != 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--role", "king"], "king"),
        (["--role", "reception", "--office", "atlantis"], "atlantis"),
        (["--role", "reception", "--email", "rina"], "not an e-mail address"),
        (["--role", "reception", "--name", "Rina 2"], "in Latin letters"),
        (["--role", "reception", "--name", "R" * 101], "at most 100"),
    ],
)
def test_what_cannot_be_is_said_and_adds_nobody(scalar, words, said):
    done = runs(*RINA, *words)
    assert done.exit_code != 0 and said in done.output
    assert scalar("SELECT count(*) FROM staff") == 0


def test_an_address_belongs_to_one_officer():
    runs(*RINA, "--role", "reception")
    assert "already belongs" in runs(*RINA, "--role", "printer").output


def test_a_dismissed_officer_is_told_apart_from_a_stranger():
    runs(*RINA, "--role", "reception")
    assert runs("dismiss", "rina@kantor.example").exit_code == 0
    assert runs("dismiss", "rina@kantor.example").exit_code != 0

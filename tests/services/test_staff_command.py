"""`bin/mpaspor staff`: an officer is added once, with a password that is shown once or not at all."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from mpaspor.cli.staff import staff

RINA = ["add", "--office", "palembang", "--name", "Rina Kusuma", "--email", "Rina@Kantor.example"]
pytestmark = pytest.mark.usefixtures("app", "now")


def runs(*words: str, typed: str | None = None):
    return CliRunner().invoke(staff, list(words), input=typed)


def test_an_officer_gets_a_password_that_is_shown_once(scalar):
    done = runs(*RINA, "--role", "reception", "--role", "supervisor")
    assert done.exit_code == 0 and "shown only now" in done.output
    assert scalar("SELECT email FROM staff") == "rina@kantor.example"
    assert scalar("SELECT array_agg(role ORDER BY role) FROM staff_role") == ["reception", "supervisor"]


def test_a_password_from_standard_input_is_not_repeated():
    done = runs(*RINA, "--role", "reception", "--password-stdin", typed="meja depan buka pukul delapan\n")
    assert done.exit_code == 0 and "meja depan" not in done.output


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (["--role", "king"], None, "king"),
        (["--role", "reception", "--office", "atlantis"], None, "atlantis"),
        (["--role", "reception", "--email", "rina"], None, "not an e-mail address"),
        (["--role", "reception", "--name", "Rina 2"], None, "in Latin letters"),
        (["--role", "reception", "--name", "R" * 101], None, "at most 100"),
        (["--role", "reception", "--password-stdin"], "imigrasi2026\n", "too easy to guess"),
    ],
)
def test_what_cannot_be_is_said_and_adds_nobody(scalar, words, typed, said):
    done = runs(*RINA, *words, typed=typed)
    assert done.exit_code != 0 and said in done.output
    assert scalar("SELECT count(*) FROM staff") == 0


def test_an_address_belongs_to_one_officer():
    runs(*RINA, "--role", "reception")
    assert "already belongs" in runs(*RINA, "--role", "printer").output


def test_a_dismissed_officer_is_told_apart_from_a_stranger():
    runs(*RINA, "--role", "reception")
    assert runs("dismiss", "rina@kantor.example").exit_code == 0
    assert runs("dismiss", "rina@kantor.example").exit_code != 0

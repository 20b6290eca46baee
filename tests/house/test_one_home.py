"""A rule that several rooms need is decided in one place: its signs are found there and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Rule:
    """What only one place may say: `sign` is a pattern for a line, `homes` the files that may have it."""

    sign: str
    homes: frozenset[str]
    among: tuple[str, ...] = ("mpaspor/**/*.py", "templates/**/*.html")


def _only(sign: str, *homes: str) -> Rule:
    return Rule(sign, frozenset(homes))


_TEXT = ("mpaspor/foundation/typed_text.py", "mpaspor/people/names.py")
_DATED = ("mpaspor/offices/rules.py", "mpaspor/offices/queries.py")
# The rule, in words → what gives it away and where that is at home.
RULES = {
    "how early an hour must be booked": _only(
        r"earliest_days_ahead", "mpaspor/config.py", "mpaspor/booking/bookable.py"
    ),
    "from when and until when an hour can be had": _only(
        r"\b(earliest_start|last_claim_moment)\b", "mpaspor/offices/rules.py", "mpaspor/booking/bookable.py"
    ),
    "the day by which something is promised": _only(
        r"\b(add_working_days|service_days)\b",
        "mpaspor/offices/rules.py",
        "mpaspor/offices/models.py",
        "mpaspor/offices/queries.py",
    ),
    "the last day on which a visit may be moved": _only(
        r"def last_change_on|(visit|starts).*- timedelta\(days=1\)", "mpaspor/booking/rules.py"
    ),
    "the capital's clock": _only(
        r"Asia/Jakarta|timedelta\(hours=7\)",
        "mpaspor/offices/rules.py",
        "mpaspor/simulators/bank_client.py",  # strangers with clocks of their own
        "mpaspor/simulators/bank_journal.py",
        "mpaspor/simulators/treasury.py",
    ),
    "what people write behind an hour": _only(r"[\"']WITA[\"']", "mpaspor/offices/rules.py"),
    "whose clock counts before an office is chosen": _only(
        r"else HOME_ZONE|HOME_ZONE if", "mpaspor/offices/queries.py"
    ),
    "how old somebody is": _only(r"\.year - birth", "mpaspor/people/rules.py"),
    "who counts as grown up": _only(r"ADULT_YEARS", "mpaspor/people/rules.py"),
    "on which days nobody was born": _only(r"\bOLDEST\b", "mpaspor/people/rules.py", "mpaspor/web/fields.py"),
    "which signs a name has": _only(r"\b(LETTERS|MARKS|APOSTROPHES)\b", *_TEXT),
    "what keeps a name off a letter": _only(
        r"\b(foreign_character|has_letter)\(", "mpaspor/people/names.py", "mpaspor/web/fields.py"
    ),
    "how much of a name strangers see": _only(r"word\[0\]", "mpaspor/people/names.py"),
    "what a telephone number is": _only(r"import phonenumbers", "mpaspor/people/contact.py"),
    "what an e-mail address is": _only(
        r"import .*validate_email",
        "mpaspor/people/contact.py",
        "mpaspor/environment.py",  # settings stand below all rooms
    ),
    "what the number of a passport is": _only(r"\[A-Z\]\{1,2\}", "mpaspor/applications/passport_number.py"),
    "how few places are few": _only(r"\bFEW_LEFT\b|left <= ?\d", "mpaspor/booking/rules.py"),
    "when a dated row holds": _only(
        r"valid_until (>=|<=)|<= valid_until|<= \w+\.valid_until|valid_until\.is_\(None\)", *_DATED
    ),
    "that a bill's case is locked before the bill": _only(
        r"of=Application\b", "mpaspor/billing/transitions.py"
    ),
    "whether a role has run out": _only(r"\.until > |\buntil > now", "mpaspor/people/in_force.py"),
    "who is absent": _only(r"from_on <= ", "mpaspor/people/in_force.py"),
    "that no row is locked FOR UPDATE (STATES §7)": _only(
        r"with_for_update=True|with_for_update\((?!.*key_share=True)"
    ),
    "what a role is called": _only(r"Role\.\w+: _l\(", "mpaspor/web/labels/people.py"),
    "what the sexes are called": _only(r"_l\(\"Perempuan\"\)", "mpaspor/web/labels/answers.py"),
    "how long a code is": _only(
        r"CODE_LENGTH = \d|len\(code\) [!=]= (8|16)|public_code\((8|16)", "mpaspor/applications/rules.py"
    ),
    "in which languages we speak": _only(r"\(\"id\", \"en\"\)", "mpaspor/web/language.py"),
    "who lets people in": _only(r"R\.RECEPTION, R\.SUPERVISOR|WHO\[\w+\.SCHEDULED", "mpaspor/desk/rules.py"),
    "what a browser is always told": _only(r"X-Frame-Options", "mpaspor/server/last_resort.py"),
    "how large a picture may be": _only(r"\b[89] \* 1024 \* 1024", "mpaspor/applications/images.py"),
    "that a place is taken only where one is left": _only(
        r"\btaken = taken \+ 1|Slot\.taken \+ 1", "mpaspor/booking/bookable.py"
    ),
}


def _places(rule: Rule) -> Iterator[tuple[str, str]]:
    """(file, file:line) wherever the rule shows."""
    for pattern in rule.among:
        for path in sorted(ROOT.glob(pattern)):
            name = path.relative_to(ROOT).as_posix()
            for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
                if re.search(rule.sign, line):
                    yield name, f"{name}:{number}"


@pytest.mark.parametrize("words", RULES)
def test_each_rule_has_one_home(words: str) -> None:
    rule = RULES[words]
    found = list(_places(rule))
    assert {name for name, _place in found} >= rule.homes, f"{words}: its home no longer holds it"
    assert [place for name, place in found if name not in rule.homes] == [], words

"""What registers find, and what of it tells against granting."""

from __future__ import annotations

import pytest

from mpaspor.applications.rules import CaseState, Need
from mpaspor.desk.registry_rules import (
    CheckState,
    Finding,
    FindingKind,
    Registry,
    is_all_clear,
    other_case_tells_against,
    read,
    verdict,
    written,
)

S, K = CaseState, FindingKind


@pytest.mark.parametrize(
    ("kind", "state", "need", "against"),
    [
        (K.SAME_NIK, S.WITHDRAWN, Need.NEW, False),
        (K.SAME_NIK, S.VOID, Need.NEW, False),
        (K.SAME_NIK, S.COLLECTED, Need.REPLACEMENT, False),
        (K.SAME_NIK, S.COLLECTED, Need.NEW, True),  # says to have had no passport
        (K.SAME_NIK, S.REFUSED, Need.REPLACEMENT, True),
        (K.SAME_NIK, S.SCHEDULED, Need.NEW, True),
        (K.SAME_PERSON, S.WITHDRAWN, Need.NEW, True),  # one person, two numbers
    ],
)
def test_an_earlier_case_is_a_duplicate_unless_it_explains_itself(
    kind: FindingKind, state: CaseState, need: Need, against: bool
) -> None:
    assert other_case_tells_against(kind, state, need) is against


def test_what_is_good_to_know_is_no_hit() -> None:
    known = Finding(K.SAME_NIK, S.WITHDRAWN, 2, tells_against=False)
    assert verdict([]) is verdict([known]) is CheckState.CLEAR
    assert verdict([known, Finding(K.LISTED, "1")]) is CheckState.HIT
    assert read(written([known])) == [known] and written([]) is None and read(None) == []


def test_silence_is_no_answer() -> None:
    clear = [CheckState.CLEAR] * len(Registry)
    assert is_all_clear(clear)
    for silence in (None, CheckState.ASKED, CheckState.UNAVAILABLE, CheckState.HIT):
        assert not is_all_clear([silence, *clear[1:]])
    assert not is_all_clear([])

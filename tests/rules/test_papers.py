"""Which papers a case needs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mpaspor.applications import papers
from mpaspor.applications.papers import DocumentKind, OldPassport
from mpaspor.applications.rules import Need

KINDS = st.frozensets(st.sampled_from(list(DocumentKind)))
OLD = st.none() | st.builds(OldPassport, st.booleans(), st.integers(1980, 2026))


def test_a_new_passport_asks_for_card_family_and_proof() -> None:
    assert papers.papers_for(Need.NEW) == (
        papers.ID_CARD,
        papers.FAMILY_CARD,
        papers.PROOF,
        papers.NAME_CHANGE,
        papers.CITIZENSHIP,
    )


def test_an_old_passport_issued_here_since_2009_needs_only_itself_and_the_card() -> None:
    asked = papers.papers_for(Need.REPLACEMENT, OldPassport(True, 2009, True))
    assert asked == (papers.ID_CARD, papers.OLD_PASSPORT, papers.NAME_CHANGE)


def test_an_older_one_or_one_issued_abroad_needs_everything() -> None:
    for old in (
        OldPassport(True, 2008, True),
        OldPassport(False, 2020, True),
        OldPassport(True, 2020, False),
        None,
    ):
        asked = papers.papers_for(Need.REPLACEMENT, old)
        assert {papers.FAMILY_CARD, papers.PROOF, papers.OLD_PASSPORT} <= set(asked)


@given(st.sampled_from(list(Need)), OLD, KINDS)
def test_giving_more_never_makes_more_missing(need: Need, old: OldPassport | None, kinds: frozenset) -> None:
    asked = papers.papers_for(need, old)
    missing = papers.still_missing(asked, kinds)
    assert set(missing) <= set(papers.still_missing(asked, ()))
    assert papers.NAME_CHANGE not in missing
    for paper in missing:
        assert paper not in papers.still_missing(asked, kinds | {paper.kinds[0]})


def test_any_one_of_the_five_proofs_will_do() -> None:
    assert len(papers.PROOF.kinds) == 5
    for kind in papers.PROOF.kinds:
        assert papers.still_missing([papers.PROOF], [str(kind)]) == []


def test_every_paper_is_found_by_its_address() -> None:
    assert all(papers.paper_by_code(paper.code) is paper for paper in papers.ALL_PAPERS)
    assert papers.paper_by_code("ijazah-palsu") is None

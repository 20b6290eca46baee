"""Pickup: the right person and the right booklet, and whoever is not the owner proves that they may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from mpaspor.applications.images import ImageRefusal
from mpaspor.applications.rules import CaseState
from mpaspor.desk import invariants, refusals
from mpaspor.desk.hand_over import Scanned
from mpaspor.desk.models import Handover
from mpaspor.desk.rules import Relation, Seen
from mpaspor.foundation import files
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from tests.stage import cast
from tests.stage.desk import House, hands_over, lines_of, newest_booklet

S = CaseState


@pytest.fixture
def ready(house: House) -> str:
    return house.walk(house.guest(), S.READY)


def handover() -> Handover:
    found = db.session.scalars(select(Handover)).one()
    db.session.expunge(found)
    db.session.remove()
    return found


def stored(house: House) -> int:
    return len(list(files.store().older_than(house.now + timedelta(days=9999))))


@pytest.mark.parametrize("relation", list(Relation))
def test_each_way_of_collecting_keeps_what_it_needs_and_no_more(
    house: House, ready: str, relation: Relation
) -> None:
    hands_over(house, ready, relation)
    kept, is_another = handover(), relation in (Relation.FAMILY, Relation.PROXY)
    assert house.state_of(ready) == "collected"
    assert kept.collected_by == ("BUDI" if is_another else kept.collected_by) and kept.collected_by
    assert kept.collector_nik == (cast.BUDI_NIK if is_another else None)
    assert (kept.letter_key is not None) == is_another
    assert (kept.tracking is not None) == (relation is Relation.POST)
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_the_booklet_may_be_read_by_its_two_lines(house: House, ready: str) -> None:
    hands_over(house, ready, scanned=Scanned(ready, lines_of(ready)))
    assert house.state_of(ready) == "collected"


def test_another_persons_code_or_booklet_blocks(house: House, ready: str) -> None:
    other = house.walk(house.guest(), S.READY)
    for scanned, refusal in (
        (Scanned(other, newest_booklet(ready)), refusals.WrongPerson),
        (Scanned("", newest_booklet(ready)), refusals.WrongPerson),
        (Scanned(ready, newest_booklet(other)), refusals.WrongBooklet),
        (Scanned(ready, lines_of(other)), refusals.WrongBooklet),
        (Scanned(ready, ""), refusals.WrongBooklet),
    ):
        with pytest.raises(refusal):
            hands_over(house, ready, scanned=scanned)
    assert house.state_of(ready) == "ready"


@pytest.mark.parametrize(
    ("relation", "seen"),
    [
        (Relation.SELF, [Seen.CARD]),
        (Relation.SELF, [Seen.FACE]),
        (Relation.PROXY, [Seen.FACE]),
        (Relation.POST, [Seen.FACE, Seen.CARD]),
    ],
)
def test_what_was_not_looked_at_blocks(
    house: House, ready: str, relation: Relation, seen: list[Seen]
) -> None:
    with pytest.raises(refusals.TicksMissing):
        hands_over(house, ready, relation, seen=seen)
    assert house.state_of(ready) == "ready"


@pytest.mark.parametrize("other", [{"name": " "}, {"nik": "123"}, {"nik": None}])
def test_another_without_name_or_nik_takes_nothing_and_leaves_no_file(
    house: House, ready: str, other: dict[str, str | None]
) -> None:
    before = stored(house)
    with pytest.raises(refusals.CollectorUnknown):
        hands_over(house, ready, Relation.FAMILY, **other)
    assert house.state_of(ready) == "ready" and stored(house) == before


def test_a_letter_that_is_no_picture_is_refused_like_any_other_file(house: House, ready: str) -> None:
    for letter in (b"", b"%PDF-1.7", b"GIF89a"):
        with pytest.raises(ImageRefusal):
            hands_over(house, ready, Relation.PROXY, letter=letter)
    with pytest.raises(refusals.CollectorUnknown):
        hands_over(house, ready, Relation.POST, tracking="")
    assert house.state_of(ready) == "ready"

"""What two adjudicators read of a proposal, and that the second agrees only to the one on the screen."""

from __future__ import annotations

import re

from flask import Flask

from mpaspor.applications.rules import CaseState
from mpaspor.people.rules import Role
from tests.stage.desk import House, officer


def test_the_second_agrees_to_the_proposal_that_the_page_shows(house: House, app: Flask) -> None:
    at = f"/petugas/kasus/{house.walk(house.guest(), CaseState.INTERVIEWED)}"
    typed = {"verdict": "refused", "reason": "Palsu", "told": "Akta tidak cocok.", "ground": "UU 6/2011"}
    first = house[Role.ADJUDICATOR].post(f"{at}/usul", **{f"proposal-{name}": typed[name] for name in typed})
    assert first.status_code == 303
    second = officer(app, house.office, Role.ADJUDICATOR, now=house.now)
    page = second.get(at).text
    assert "Palsu" in page and "Akta tidak cocok." in page
    [shown] = re.findall(r'name="dilihat" value="([^"]+)"', page)
    other = second.post(f"{at}/usul/setujui", dilihat="2026-01-01T00:00:00+00:00")
    assert other.status_code == 409 and "Permohonan ini sudah berubah" in other.text
    assert second.post(f"{at}/usul/setujui", dilihat=shown).status_code == 303
    assert house.state_of(at.rpartition("/")[2]) == "refused"

"""The photo of the counter: a blank one is refused, what is only doubtful is advised and kept beside it."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select

from mpaspor.applications.rules import CaseState
from mpaspor.desk.devices import DeviceDidNotAnswer
from mpaspor.desk.models import Biometrics
from mpaspor.desk.photo_rules import PhotoAdvice, advice, is_blank
from mpaspor.desk.refusals import BlankPhoto, DeviceSilent
from mpaspor.desk.take_biometrics import take_biometrics
from mpaspor.foundation import files
from mpaspor.foundation.database import db
from mpaspor.people.rules import Role
from mpaspor.simulators.devices import DevicesSimulator
from tests.stage.desk import House
from tests.stage.papers import encoded, picture

S = CaseState
TAKEN = {"photo-fingers": "taken", "photo-signature": "taken"}


def plain(colour: int) -> bytes:
    return encoded(Image.new("RGB", (800, 1000), (colour, colour, colour)))


def dim() -> bytes:
    """A face that is there, in too little light."""
    image = Image.new("L", (800, 1000), 12)
    ImageDraw.Draw(image).ellipse((200, 200, 600, 800), fill=60)
    return encoded(image.convert("RGB"))


@pytest.mark.parametrize("colour", [0, 128, 255])
def test_a_covered_lens_is_refused_with_what_it_saw_and_leaves_nothing(house: House, colour: int) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    before = len(list(files.store().older_than(house.now + timedelta(days=9999))))
    with pytest.raises(BlankPhoto) as told:
        take_biometrics(house[Role.BIOMETRICS].id, code, data=plain(colour), now=house.now)
    assert Image.open(io.BytesIO(told.value.thumb)).size == (256, 320)
    assert house.state_of(code) == "documents_checked"
    assert len(list(files.store().older_than(house.now + timedelta(days=9999)))) == before


@pytest.mark.parametrize(
    ("data", "expected"),
    [(picture(800, 1000), []), (picture(450, 560), ["small"]), (dim(), ["dark"])],
    ids=["good", "small", "dark"],
)
def test_what_is_doubtful_is_taken_and_said(house: House, data: bytes, expected: list[str]) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    take_biometrics(house[Role.BIOMETRICS].id, code, data=data, now=house.now)
    assert list(db.session.scalars(select(Biometrics.advice)).one()) == expected


class Silent:
    """Devices that are connected and switched off."""

    def fingerprints(self, application_code: str) -> str:
        raise DeviceDidNotAnswer

    signature = fingerprints


def hand() -> tuple[str | None, ...]:
    found = db.session.scalars(select(Biometrics)).one()
    kept = (found.fingers, found.fingers_reason, found.signature, found.signature_reason)
    db.session.remove()
    return kept


def test_a_hand_that_gives_no_prints_says_why_and_the_case_goes_on(house: House) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    at, who = f"/petugas/kasus/{code}", house[Role.BIOMETRICS]
    typed = {"photo-fingers": "impossible", "photo-signature": "taken"}
    assert who.post(f"{at}/foto", **typed, **{"photo-photo": good()}).status_code == 422
    typed["photo-no_fingers"] = "Luka bakar di kedua tangan"
    assert who.post(f"{at}/foto", **typed, **{"photo-photo": good()}).status_code == 303
    assert hand() == ("impossible", "Luka bakar di kedua tangan", "taken", None)
    assert "Luka bakar di kedua tangan" in house[Role.ADJUDICATOR].get(at).text


def test_a_device_that_does_not_answer_takes_no_step_and_a_simulated_one_says_that_it_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    monkeypatch.setitem(house.app.extensions, "devices", Silent())
    with pytest.raises(DeviceSilent):
        take_biometrics(house[Role.BIOMETRICS].id, code, data=picture(800, 1000), now=house.now)
    assert house.state_of(code) == "documents_checked"
    monkeypatch.setitem(house.app.extensions, "devices", DevicesSimulator())
    take_biometrics(house[Role.BIOMETRICS].id, code, data=picture(800, 1000), now=house.now)
    assert "SIMULASI-JARI-" in house[Role.INTERVIEWER].get(f"/petugas/kasus/{code}").text


def good() -> tuple[io.BytesIO, str]:
    return io.BytesIO(picture(800, 1000)), "foto.jpg"


def test_a_black_picture_comes_back_on_the_page_with_the_reason(house: House) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    upload = (io.BytesIO(plain(0)), "foto.jpg")
    answer = house[Role.BIOMETRICS].post(f"/petugas/kasus/{code}/foto", **{"photo-photo": upload}, **TAKEN)
    assert answer.status_code == 422
    assert "Foto ini kosong" in answer.text and 'src="data:image/jpeg;base64,' in answer.text


def test_the_interviewer_sees_what_was_advised(house: House) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    take_biometrics(house[Role.BIOMETRICS].id, code, data=dim(), now=house.now)
    assert "terlalu gelap" in house[Role.INTERVIEWER].get(f"/petugas/kasus/{code}?berkas=foto").text


def test_the_rules_by_themselves() -> None:
    assert is_blank(0.0) and not is_blank(20.0)
    assert advice(800, 1000, None) == [] and advice(800, 1000, "tiny") == []
    assert advice(400, 1000, "blurry") == [PhotoAdvice.BLURRY, PhotoAdvice.SMALL]

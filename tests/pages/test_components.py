"""The component sheet, the frame of every page, and our own field."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from mpaspor.web.fields import DateOfThree


def test_the_sheet_shows_every_component(client: FlaskClient) -> None:
    answer = client.get("/demo/komponen")
    assert answer.status_code == 200
    for piece in (
        'class="leaf',
        'class="slip',
        'class="ticket"',
        'class="line"',
        'class="cal',
        'class="errors"',
    ):
        assert piece.replace('class="leaf', 'class="leaf"') in answer.text


def test_a_page_with_errors_says_so_in_its_title(app: Flask) -> None:
    with app.test_request_context("/"):
        html = render_template("errors/404.html", has_errors=True, own={})
    assert "<title>Kesalahan: " in html


def test_assets_may_be_kept_for_a_year_under_their_own_name_only(client: FlaskClient) -> None:
    page = client.get("/demo/komponen").text
    url = page.split('rel="stylesheet" href="')[1].split('"')[0]
    fresh = client.get(url, headers={"Accept-Encoding": "br"})
    assert fresh.headers["Content-Encoding"] == "br"
    assert fresh.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in fresh.headers
    other = client.get("/static/000000000000/site.css")
    assert other.status_code == 200
    assert other.headers["Cache-Control"] == "no-store"
    assert client.get("/static/000000000000/none.css").status_code == 404


class BirthForm(FlaskForm):
    class Meta:
        csrf = False

    birth = DateOfThree("Tanggal lahir")


def _typed(day: str, month: str, year: str) -> MultiDict[str, str]:
    return MultiDict({"birth-day": day, "birth-month": month, "birth-year": year})


def _form(app: Flask, typed: MultiDict[str, str] | None, **data: date) -> BirthForm:
    with app.test_request_context("/"):
        form = BirthForm(formdata=typed, data=data)
        form.validate()
        return form


def test_three_numbers_become_a_date(app: Flask) -> None:
    assert _form(app, _typed("14", "8", "1996")).birth.data == date(1996, 8, 14)


def test_a_stored_date_is_shown_in_three_parts(app: Flask) -> None:
    form = _form(app, None, birth=date(1996, 8, 14))
    assert form.birth.parts == {"day": "14", "month": "8", "year": "1996"}


@pytest.mark.parametrize(
    ("typed", "wrong", "says"),
    [
        (("31", "9", "1996"), {"day", "month"}, "31 September tidak ada di kalender"),
        (("14", "13", "1996"), {"month"}, "Bulan"),
        (("14", "8", "96"), {"year"}, "Tahun"),
        (("14", "", "1996"), {"month"}, "angka"),
        (("empat", "8", "1996"), {"day"}, "angka"),
    ],
)
def test_a_wrong_date_keeps_what_was_typed_and_names_the_part(
    app: Flask, typed: tuple[str, str, str], wrong: set[str], says: str
) -> None:
    field = _form(app, _typed(*typed)).birth
    assert field.data is None
    assert field.wrong == wrong
    assert says in field.errors[0]
    assert tuple(field.parts.values()) == typed


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500, 503])
def test_every_error_says_what_happened_and_what_to_do_next(app: Flask, status: int) -> None:
    with app.test_request_context("/"):
        page = render_template(f"errors/{status}.html", as_part=False, own={})
        part = render_template(f"errors/{status}.html", as_part=True, own={})
    assert page.count("<h1>") == 1 and "Langkah berikutnya" in page and 'class="btn primary"' in page
    assert "<html" not in part and 'class="notice bad"' in part
    assert page.split("<h1>")[1].split("</h1>")[0] in part


def test_an_error_at_the_desk_leads_back_to_the_board(app: Flask) -> None:
    with app.test_request_context("/petugas/kasus/XXXX"):
        page = render_template("errors/404.html", as_part=False, own={})
    assert 'href="/petugas"' in page and "Ke antrean hari ini" in page

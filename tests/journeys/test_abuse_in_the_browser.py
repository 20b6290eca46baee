"""What other web pages, and the next person at the same computer, cannot do (abuse cases 42 and 46)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route

from mpaspor.demo.cast import BUDI
from tests.journeys.applicant import Applicant, Person
from tests.journeys.conftest import NewVisitor
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

ANI = Person("Ani Kurniasih", "ani@warga-uji.id", "1671015408960005", ("14", "8", "1996"))
STRANGER = "http://situs-lain.test/"
# htmx notes where it is (an address and nothing more); pages themselves are kept nowhere.
STORED = "() => [localStorage.length, Object.values(sessionStorage), htmx.config.historyCacheSize]"


def test_abuse_46_after_signing_out_back_shows_nothing_of_the_person(visitor: NewVisitor) -> None:
    ani = visitor()
    person = Applicant(ani, ANI).signs_up().types_the_code_from_the_mail()
    ani.opens("/akun").reads(ANI.email)
    assert ani.page.evaluate(STORED) == [0, ["/akun"], 0]
    person.signs_out()
    assert ani.page.evaluate(STORED) == [0, ["/keluar/selesai"], 0]
    for _ in range(2):
        ani.page.go_back()
        ani.looks()
        assert ANI.email not in ani.page.content() and ANI.name not in ani.page.content()
    ani.opens("/akun").reads_heading("Masuk")


def test_abuse_46_personal_pages_are_stored_nowhere(at_budis: Visitor, house: House) -> None:
    code = house.ask("SELECT code FROM application WHERE full_name = %s AND state = 'draft'", BUDI.name)[0]
    for path in ("/akun", "/permohonan", f"/permohonan/{code}/isi", f"/permohonan/{code}/isi/periksa"):
        headers = at_budis.context.request.get(path).headers
        assert headers["cache-control"] == "private, no-store", path
        assert "Cookie" in headers["vary"], path


@pytest.fixture
def other_site(browser: Browser, house: House) -> Callable[[Visitor, str], Page]:
    """Opens a page of somebody else's site, with this content, beside the person's own pages."""

    def show(at: Visitor, body: str) -> Page:
        def answer(route: Route) -> None:
            route.fulfill(body=f"<!doctype html><title>x</title>{body}", content_type="text/html")

        page = at.context.new_page()
        page.route(f"{STRANGER}**", answer)
        page.goto(STRANGER)
        return page

    return show


@pytest.mark.parametrize("path", ["/keluar", "/akun/bahasa", "/masuk", "/daftar"])
def test_abuse_42_a_form_on_another_site_does_nothing(
    at_budis: Visitor, house: House, other_site: Callable[[Visitor, str], Page], path: str
) -> None:
    """Also where nobody has to be signed in: signing somebody in as somebody else is abuse, too."""
    before = at_budis.context.cookies()
    page = other_site(
        at_budis,
        f'<form method="post" action="{house.url}{path}"><input name="language" value="en">'
        f'<input name="email" value="{BUDI.email}"><input name="password" value="x">'
        "<button>Menang hadiah</button></form>",
    )
    with page.expect_navigation() as answer:
        page.get_by_role("button").click()
    assert answer.value is not None and answer.value.status == 403
    assert at_budis.context.cookies() == before
    at_budis.opens("/akun").reads(BUDI.email).reads("Bahasa halaman")


def test_abuse_42_no_page_can_be_put_into_a_frame(
    at_budis: Visitor, house: House, other_site: Callable[[Visitor, str], Page]
) -> None:
    for path in ("/", "/akun", "/petugas/masuk"):
        page = other_site(at_budis, f'<iframe src="{house.url}{path}"></iframe>')
        [framed] = page.frames[1:]
        assert "M-Paspor" not in framed.content(), path
        page.close()

"""What each officer does at their station, by keys alone: the page says whose case lies open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from mpaspor.people.rules import Role
from tests.days.hands import Hands
from tests.days.people import Fate, Guest
from tests.stage.cast import BUDI_NIK
from tests.stage.desk import photo

GROUND = "UU 6/2011 Pasal 126 huruf c"
PAPERS_MOST = 8
REGISTERS, LOOKS = 2100, 60  # ms between two looks of the page at the registers; how many it makes here
Serve = Callable[[Hands, Guest], Awaitable[None]]


async def let_in(hands: Hands, guest: Guest) -> None:
    """A scan at the door: the ticket's number stands on the page, or why there is none."""
    async with hands.answered():
        await hands.scan(guest.token)
    if await hands.is_asked_over_the_page():
        await let_in(hands, guest)
        return
    is_in, said = await hands.has(".bignum"), await hands.page.locator("main").inner_text()
    assert is_in or not guest.is_today, (guest, said)


async def asks_supervisor(hands: Hands, words: str) -> None:
    """Whoever was not let in waits for a word; the door goes on with the next."""
    await hands.press("Escape")
    await hands.sends("m")
    await hands.note(words)
    await hands.sends("Control+Enter")
    assert await hands.has("main .scanbox"), await hands.page.locator("main").inner_text()


async def admits(hands: Hands, guest: Guest) -> None:
    """The person comes over with the letter: the supervisor scans it, and lets them in with a reason."""
    async with hands.answered():
        await hands.scan(guest.token)
    if await hands.is_asked_over_the_page():
        await admits(hands, guest)
        return
    if not await hands.has(".bignum"):
        await hands.goes_to("#alasan", "Shift+Tab")
        await hands.note("Datang hari ini atas izin penyelia")
        await hands.sends("Control+Enter")
    assert await hands.has(".bignum"), await hands.page.locator("main").inner_text()


async def check_papers(hands: Hands, guest: Guest, *, again: bool = False) -> None:
    """Hold every paper against the original; or the person is not there, or a paper."""
    if guest.fate is Fate.PASSED_OVER and not again:
        await hands.sends("l")
        return
    if guest.fate in (Fate.SENT_HOME, Fate.NEVER_BACK, Fate.WAITS_HERE) and not await _was_asked(hands):
        await _asks_for_a_paper(hands, guest)
        return
    for _ in range(PAPERS_MOST):
        if hands.open_case() != guest.code or not await hands.has("form[action$='/terima']"):
            return
        await hands.press("a", "Space")
        await hands.sends("Control+Enter")
    raise AssertionError(f"more papers than {PAPERS_MOST}: {guest}")


async def _was_asked(hands: Hands) -> bool:
    return await hands.has(".picks .tag.bad")


async def picks(hands: Hands, guest: Guest) -> None:
    """Find somebody on the board who was set aside, and call them."""
    if await hands.has(".casehead"):
        await hands.sends("b")
    await hands.press("/")
    await hands.note(guest.code)
    await hands.sends("Enter")
    await hands.goes_to("form[action$='/panggil'] button")
    await hands.sends("Enter")


async def _asks_for_a_paper(hands: Hands, guest: Guest) -> None:
    await hands.press("F9", "Space", "Tab")
    await hands.note("Yang asli tidak dibawa")
    await hands.sends("Control+Enter")
    for _ in range(PAPERS_MOST):
        if await hands.has("button[name=tunggu]"):
            break
        await hands.press("a", "Space")
        await hands.sends("Control+Enter")
    if guest.fate is Fate.WAITS_HERE:
        await hands.goes_to("button[name=tunggu]")
        await hands.sends("Enter")
    else:
        await hands.sends("Control+Enter")


async def take_photo(hands: Hands, guest: Guest) -> None:
    await hands.until_true("document.querySelector('.camera video')?.videoWidth > 0", "a camera that sees")
    await hands.press("Space")
    await hands.until_true("document.querySelector('main input[type=file]')?.files.length > 0", "a photo")
    await hands.sends("Control+Enter")


async def interview(hands: Hands, guest: Guest) -> None:
    await hands.note("Tujuan wisata ke Malaysia, keterangan sesuai berkas.")
    await hands.press("Alt+2" if guest.fate is Fate.DOUBTED else "Alt+1")
    await hands.sends("Control+Enter")


async def decide(hands: Hands, guest: Guest) -> None:
    """Grant, or propose the other way, which the second one confirms. What registers say comes by itself."""
    for _ in range(LOOKS):
        if not await hands.has("#pemeriksaan > [hx-get]"):
            break
        await hands.waits(REGISTERS)
    if guest.fate not in (Fate.REFUSED, Fate.DEFERRED) or await hands.has("form[action$='/usul/setujui']"):
        if guest.fate is Fate.DOUBTED:
            await hands.goes_to("form[action$='/setujui'] input[name$=reason]")
            await hands.note("Keraguan dijelaskan dengan surat kerja")
        await hands.sends("Control+Enter")
        return
    await hands.press("F9")
    await hands.press("Space" if guest.fate is Fate.DEFERRED else "ArrowRight")
    for words in ("Keterangan tidak sama dengan akta", "Keterangan berbeda dari akta kelahiran.", GROUND):
        await hands.press("Tab")
        await hands.note(words)
    await hands.press("Tab")
    if guest.fate is Fate.DEFERRED:
        await hands.note("6")
    await hands.sends("Control+Enter")


async def test_booklet(hands: Hands, guest: Guest) -> None:
    """Read the two lines, look at everything; a flawed one fails once."""
    if (
        guest.fate is Fate.FLAWED
        and "Gagal uji, dicetak ulang" not in await hands.page.locator("main").inner_text()
    ):
        await hands.press("F9", "Space")
        await hands.sends("Control+Enter")
        return
    await hands.scan("\n".join(await hands.page.locator("main code").all_inner_texts()))
    boxes = await hands.page.locator("input[name$=ticks]").count()
    await hands.press(*map(str, range(1, boxes + 1)))
    await hands.sends("Control+Enter")


async def hand_over(hands: Hands, guest: Guest, booklet: str) -> None:
    await hands.scan(guest.token)
    await hands.scan(booklet)
    if guest.fate is Fate.PROXY:
        await hands.press("Shift+Tab", "ArrowDown", "ArrowDown", "Tab", "2", "Tab")
        await hands.note("BUDI SANTOSO")
        await hands.press("Tab")
        await hands.note(BUDI_NIK)
        await hands.press("Tab")
        await hands.chooses_file(photo())
    else:
        await hands.press("1", "2")
    await hands.sends("Control+Enter")


async def print_sheet(hands: Hands, next_serial: Callable[[], str]) -> int:
    """What waits, as one sheet, then scan one booklet into each row; how many there were."""
    await hands.goes_to("nav a[href$='/cetak']")
    await hands.sends("Enter")
    if not await hands.has("main input[name=pilih]"):
        return 0
    await hands.sends("Control+Enter")
    rows = await hands.page.locator("table.printsheet form").count()
    for _ in range(rows):
        async with hands.answered():
            await hands.scan(next_serial())
    assert not await hands.has("table.printsheet form"), "every row has its booklet"
    return rows


SERVE: dict[Role, Serve] = {
    Role.BIOMETRICS: take_photo,
    Role.INTERVIEWER: interview,
    Role.ADJUDICATOR: decide,
    Role.QUALITY: test_booklet,
}

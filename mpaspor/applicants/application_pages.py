"""What the pages of one's applications show: cards, task rows, the questions before a start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from mpaspor.applications import form_pages
from mpaspor.applications.eligibility import Age, Before, Priority, Question, Way
from mpaspor.applications.form_pages import TASKS, Task, TaskState
from mpaspor.applications.models import Application
from mpaspor.applications.queries import Progress
from mpaspor.applications.rules import CaseState
from mpaspor.billing.models import Bill
from mpaspor.booking.queries import Visit
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date
from mpaspor.web.answer_summary import not_yet, task_line
from mpaspor.web.formats import rupiah
from mpaspor.web.labels.answers import NEED_TITLES, TASK_STATES, TASK_TITLES
from mpaspor.web.labels.journey import is_money_back, next_of

_TAGS = {
    TaskState.DONE: "ok",
    TaskState.IN_PROGRESS: "now",
    TaskState.NOT_STARTED: "plain",
    TaskState.LOCKED: "plain",
}

# Question → (heading, hint, choices).
QUESTIONS: Mapping[Question, tuple[Any, Any, Sequence[tuple[StrEnum, Any]]]] = {
    Question.AGE: (
        _l("Berapa usia pemohon?"),
        _l("Pemohon adalah orang yang namanya tertulis di paspor."),
        (
            (Age.ADULT, _l("17 tahun atau lebih, atau sudah pernah kawin")),
            (Age.CHILD, _l("Di bawah 17 tahun dan belum pernah kawin")),
        ),
    ),
    Question.BEFORE: (
        _l("Pernah punya paspor Indonesia?"),
        _l("Juga kalau paspor itu sudah lama habis masa berlakunya atau hilang."),
        (
            (Before.NEVER, _l("Belum pernah")),
            (Before.EXPIRED, _l("Pernah: masa berlaku habis, atau kurang dari 6 bulan lagi")),
            (Before.PAGES_FULL, _l("Pernah: halamannya penuh")),
            (Before.EXCHANGE, _l("Pernah: nonelektronik, masih berlaku, mau ditukar ke elektronik")),
            (Before.STILL_VALID, _l("Pernah: masih berlaku lebih dari 6 bulan, halaman belum penuh")),
            (Before.LOST, _l("Pernah: hilang")),
            (Before.DAMAGED, _l("Pernah: rusak")),
        ),
    ),
    Question.PRIORITY: (
        _l("Apakah pemohon perlu layanan prioritas?"),
        _l("Untuk usia 60 tahun atau lebih, penyandang disabilitas, dan ibu hamil."),
        (
            (Priority.NO, _l("Tidak")),
            (Priority.YES, _l("Ya, saya mau datang langsung tanpa memilih jam")),
            (Priority.YES_BUT_HERE, _l("Ya, tetapi saya mau memilih jam di sini")),
        ),
    ),
}

# Way → (heading, why and where, what to bring, topic of the information pages).
ELSEWHERE: Mapping[Way, tuple[Any, Any, Sequence[Any], str]] = {
    Way.CHILD: (
        _l("Paspor anak diurus bersama orang tua"),
        _l(
            "Anak di bawah 17 tahun belum bisa mendaftar lewat situs ini. "
            "Anak di bawah 5 tahun datang langsung ke kantor imigrasi; "
            "anak 5 tahun atau lebih didaftarkan orang tua di aplikasi M-Paspor resmi."
        ),
        (
            _l("e-KTP ayah atau ibu; banyak kantor meminta keduanya"),
            _l("Kartu Keluarga"),
            _l("Akta kelahiran anak"),
            _l("Surat pernyataan yang ditandatangani kedua orang tua, bermeterai"),
            _l("Salinan paspor ayah atau ibu, kalau ada"),
            _l("Paspor lama anak, kalau ada"),
        ),
        "anak",
    ),
    Way.LOST_OR_DAMAGED: (
        _l("Paspor hilang atau rusak diurus langsung di kantor"),
        _l(
            "Petugas harus membuat berita acara (BAP) dahulu. Jangan mendaftar sebagai paspor baru: "
            "permohonan itu ditolak dan biayanya tidak kembali. Datang ke kantor yang menerbitkan paspor itu "
            "atau kantor di tempat tinggal Anda; tanyakan lebih dulu lewat pesan."
        ),
        (
            _l("e-KTP dan Kartu Keluarga"),
            _l("Akta kelahiran, ijazah, atau buku nikah"),
            _l("Surat kehilangan dari kepolisian, kalau hilang"),
            _l("Paspor yang rusak, atau salinan paspor yang hilang kalau ada"),
        ),
        "hilang-rusak",
    ),
    Way.STILL_VALID: (
        _l("Paspor Anda belum bisa diganti"),
        _l(
            "Paspor diganti kalau sisa masa berlakunya kurang dari 6 bulan, halamannya penuh, hilang, "
            "atau rusak. "
            "Paspor nonelektronik boleh ditukar ke elektronik kapan saja. Data di paspor berubah? "
            "Datang ke kantor imigrasi."
        ),
        (),
        "persyaratan",
    ),
    Way.PRIORITY: (
        _l("Anda boleh datang langsung"),
        _l(
            "Layanan prioritas tidak memakai jam di situs ini karena ada jalur khusus. "
            "Datang pada pagi hari kerja."
        ),
        (
            _l(
                "Paspor lama terbit di Indonesia sejak 2009 dan datanya sama dengan KTP: "
                "cukup e-KTP dan paspor itu"
            ),
            _l("Selain itu: e-KTP, Kartu Keluarga, dan akta kelahiran, ijazah, atau buku nikah"),
            _l("Paspor lama, kalau ada"),
        ),
        "prioritas",
    ),
}


@dataclass(frozen=True)
class TaskRow:
    """One row of the task list."""

    title: str
    href: str | None
    tag_text: str
    tag_kind: str
    detail: str | None
    is_done: bool
    is_next: bool


@dataclass(frozen=True)
class TaskPage:
    """The task list of a draft."""

    case: Application
    title: str
    rows: list[TaskRow]
    done: int
    total: int
    next_href: str
    next_text: str
    is_ready: bool
    zone: str
    is_fresh: bool
    price: str | None


def task_page(found: Progress, now: datetime) -> TaskPage:
    """Everything that the task list shows."""
    case = found.application
    office = case.office
    zone = offices.time_zone_of(office)
    price = price_of(case, office, now)
    rows = [_row(task, found, price, office) for task in TASKS]
    is_ready = case.declared_at is not None and found.is_complete
    next_task = found.next_task
    if is_ready or next_task is None:
        href, text = url_for("applicants.choose_slot", code=case.code), _("Pilih jam kedatangan")
    else:
        href = task_href(next_task, found) or ""
        text = _("Lanjutkan: %(part)s", part=TASK_TITLES[next_task.name])
    return TaskPage(
        case=case,
        title=_title(case),
        rows=rows,
        done=found.done_count,
        total=len(TASKS),
        next_href=href,
        next_text=text,
        is_ready=is_ready,
        zone=zone,
        is_fresh=local_date(case.changed_at, zone) == local_date(now, zone),
        price=price,
    )


def _title(case: Application) -> str:
    need = NEED_TITLES[case.need] if case.need else _("Permohonan")
    return _("%(need)s untuk %(name)s", need=need, name=case.full_name) if case.full_name else str(need)


def _row(task: Task, found: Progress, price: str | None, office: Office | None) -> TaskRow:
    state = found.state(task)
    return TaskRow(
        title=str(TASK_TITLES[task.name]),
        href=None if state is TaskState.LOCKED else task_href(task, found),
        tag_text=str(TASK_STATES[state]),
        tag_kind=_TAGS[state],
        detail=_detail(task, found, price, office),
        is_done=state is TaskState.DONE,
        is_next=task == found.next_task,
    )


def _detail(task: Task, found: Progress, price: str | None, office: Office | None) -> str | None:
    if task.name == "documents" and found.papers.given:
        return _("%(given)s dari %(asked)s foto dikirim", given=found.papers.given, asked=found.papers.asked)
    if task.name == "check" and found.is_complete:
        return _("Baca sekali lagi sebelum memilih jam")
    return task_line(task.name, found.answers, price, office.name if office else None) or not_yet(task.name)


def task_href(task: Task, found: Progress) -> str | None:
    """Where work on the task goes on."""
    code = found.application.code
    if task.name == "documents":
        return url_for("applicants.show_documents", code=code)
    if task.name == "check":
        return url_for("applicants.check_answers", code=code)
    page = form_pages.first_open_page(task, found.answers)
    return url_for("applicants.edit_page", code=code, slug=page.slug) if page else None


def today_for(office: Office | None, now: datetime) -> date:
    """The day at the office, or in the capital before an office is chosen."""
    return local_date(now, offices.time_zone_of(office))


def price_of(case: Application, office: Office | None, now: datetime) -> str | None:
    """What the case costs today."""
    if case.kind is None:
        return None
    fee = offices.fee_on(case.kind, case.validity_years, today_for(office, now))
    return rupiah(fee.amount_rp) if fee else None


@dataclass(frozen=True)
class Card:
    """One case on the page of one's applications."""

    case: Application
    title: str
    words: tuple[Any, ...]  # tag, its kind, and the heading that says what is next
    visit_on: date | None
    href: str


def cards(cases: Sequence[tuple[Application, Bill | None, Visit | None]], now: datetime) -> list[Card]:
    """The cards, newest first, each as its money stands, with its day at the office if it has one."""
    return [_card(*case, now) for case in cases]


def _card(case: Application, bill: Bill | None, visit: Visit | None, now: datetime) -> Card:
    is_draft = case.state == CaseState.DRAFT
    href = url_for("applicants.show_tasks" if is_draft else "applicants.show_case", code=case.code)
    title = case.full_name or (str(NEED_TITLES[case.need]) if case.need else case.code)
    zone = case.office.time_zone if case.office is not None else None
    has_hour = visit is not None and visit.stands and not is_money_back(case, bill)
    day = local_date(visit.starts_at, zone) if visit and zone and has_hour else None
    return Card(case, title, next_of(case, bill, visit, now), day, href)

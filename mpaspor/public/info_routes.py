"""Information in plain words. Each page is a template per language, so that a new wording never
leaves half a page in the other one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, render_template
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from mpaspor.foundation import clock
from mpaspor.offices import queries
from mpaspor.offices.rules import HOME_ZONE, local_date
from mpaspor.public import blueprint
from mpaspor.web import language
from mpaspor.web.access import Audience, open_to
from mpaspor.web.kept_pages import kept_page
from mpaspor.web.labels.desk import PICKUP


@dataclass(frozen=True)
class Topic:
    """One page of information: its address, its heading, and what it answers."""

    slug: str
    title: LazyString
    answers: LazyString


TOPICS = {
    topic.slug: topic
    for topic in (
        Topic(
            "persyaratan",
            _l("Yang perlu Anda siapkan"),
            _l("Berkas, foto, dan siapa yang bisa mendaftar di sini"),
        ),
        Topic("biaya", _l("Biaya paspor"), _l("Semua tarif dengan dasar aturannya")),
        Topic("hilang-rusak", _l("Paspor hilang atau rusak"), _l("Datang langsung: ke mana dan membawa apa")),
        Topic("anak", _l("Paspor anak di bawah 17 tahun"), _l("Berkas orang tua dan cara mengurusnya")),
        Topic(
            "prioritas",
            _l("Layanan prioritas"),
            _l("Lansia, balita, disabilitas, ibu hamil, dan orang sakit"),
        ),
        Topic(
            "bantuan", _l("Bantuan"), _l("Kode tidak datang, jam penuh, sudah bayar tetapi belum tercatat")
        ),
        Topic(
            "privasi", _l("Data pribadi Anda"), _l("Apa yang disimpan, untuk apa, berapa lama, dan hak Anda")
        ),
        Topic(
            "syarat", _l("Ketentuan layanan"), _l("Yang berlaku ketika Anda mendaftar, membayar, dan datang")
        ),
        Topic("aksesibilitas", _l("Aksesibilitas"), _l("Bagaimana layanan ini bisa dipakai semua orang")),
    )
}


@blueprint.get("/info")
@open_to(Audience.ANYONE)
@kept_page
def list_topics() -> str:
    """What there is to read."""
    return render_template("public/topics.html", topics=TOPICS.values())


@blueprint.get("/info/<slug>")
@open_to(Audience.ANYONE)
@kept_page
def read_topic(slug: str) -> str:
    """One page of information."""
    topic = TOPICS.get(slug)
    if topic is None:
        abort(404)
    # Fees change at midnight in the capital.
    fees = queries.fees_on(local_date(clock.now(), HOME_ZONE)) if slug in _WITH_FEES else ()
    return render_template(
        "public/topic.html",
        topic=topic,
        body=f"public/info/{slug}.{language.choose()}.html",
        fees={(fee.item, fee.validity_years): fee.amount_rp for fee in fees},
        regulation=fees[0].regulation if fees else None,
        pickup=PICKUP,
    )


_WITH_FEES = frozenset({"biaya", "hilang-rusak"})

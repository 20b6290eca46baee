"""Sentences for what can happen in any room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from mpaspor.foundation.files import StoreFull
from mpaspor.foundation.operations import Busy
from mpaspor.foundation.refusals import KeyReused, NotFound, StateChanged, TooFast
from mpaspor.web.calendar_looks import TooManyLooks

SENTENCES = {
    NotFound: _l(
        "Halaman atau data ini tidak ada. Periksa alamatnya, atau kembali ke daftar permohonan Anda."
    ),
    StateChanged: _l(
        "Keadaan permohonan ini baru saja berubah, jadi langkah tadi tidak dijalankan. "
        "Lihat keadaan terbaru, lalu pilih lagi."
    ),
    TooFast: _l("Terlalu banyak percobaan. Coba lagi %(clock)s."),
    TooManyLooks: _l(
        "Jadwal dibuka terlalu sering dari akun atau sambungan ini. Tunggu beberapa detik, lalu muat ulang "
        "halaman. Jadwal yang sudah Anda pilih tidak berubah."
    ),
    KeyReused: _l(
        "Formulir ini sudah pernah dikirim dengan isi lain. Kiriman pertama sudah tersimpan; "
        "buka halaman terbaru untuk melihat atau mengubahnya."
    ),
    Busy: _l(
        "Server sedang penuh dan belum menyimpan apa pun. Tunggu sebentar, lalu tekan tombol yang sama."
    ),
    StoreFull: _l("Tempat penyimpanan kami sedang penuh, jadi foto ini belum tersimpan. Coba lagi nanti."),
}

"""Sentences about places."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from mpaspor.booking.move_booking import AlreadyMoved, SameDay, TooLateToMove
from mpaspor.booking.transitions import SlotFull

SENTENCES = {
    SlotFull: _l("Jam itu baru saja penuh. Pilih jam lain; isian Anda tetap tersimpan."),
    TooLateToMove: _l("Jadwal hanya bisa diubah paling lambat sehari sebelumnya. Datanglah pada jam Anda."),
    AlreadyMoved: _l(
        "Jadwal ini sudah pernah diubah, dan perubahan hanya bisa satu kali. Datanglah pada jam Anda."
    ),
    SameDay: _l("Jam itu pada hari yang sama. Pilih hari lain, atau tetap pada jam Anda."),
}

"""What passports and papers are called."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from mpaspor.applications.papers import DocumentKind
from mpaspor.applications.rules import PassportKind

PASSPORT_NAMES = {
    PassportKind.ELECTRONIC_LAMINATED: _l("Paspor elektronik laminasi"),
    PassportKind.ELECTRONIC_POLYCARBONATE: _l("Paspor elektronik polikarbonat"),
    PassportKind.NON_ELECTRONIC: _l("Paspor biasa nonelektronik"),
}
DOCUMENT_NAMES = {
    DocumentKind.ID_CARD: _l("e-KTP"),
    DocumentKind.FAMILY_CARD: _l("Kartu Keluarga (KK)"),
    DocumentKind.BIRTH_CERTIFICATE: _l("Akta kelahiran"),
    DocumentKind.DIPLOMA: _l("Ijazah"),
    DocumentKind.MARRIAGE_CERTIFICATE: _l("Akta perkawinan"),
    DocumentKind.MARRIAGE_BOOK: _l("Buku nikah"),
    DocumentKind.BAPTISM_LETTER: _l("Surat baptis"),
    DocumentKind.OLD_PASSPORT: _l("Paspor lama"),
    DocumentKind.NAME_CHANGE_DECREE: _l("Penetapan ganti nama"),
    DocumentKind.CITIZENSHIP_LETTER: _l("Surat pewarganegaraan"),
}


def passport_name(kind: str, validity_years: int) -> str:
    """`Paspor elektronik laminasi, 5 tahun`."""
    return _(
        "%(passport)s, %(years)s tahun", passport=PASSPORT_NAMES[PassportKind(kind)], years=validity_years
    )


def document_name(kind: str) -> str:
    """What a picture shows, in words."""
    return str(DOCUMENT_NAMES[DocumentKind(kind)])

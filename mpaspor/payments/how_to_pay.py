"""How to pay a billing code, channel by channel; menus as offices and banks describe them.

What stands on a bank's screen is not translated: people must find the very word."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

_CODE = _l("Masukkan kode billing")
_PIN = _l("Periksa nama dan jumlah, lalu PIN")


@dataclass(frozen=True)
class Way:
    """One bank or shop with its menu, step by step."""

    name: str | LazyString
    steps: tuple[str | LazyString, ...]


@dataclass(frozen=True)
class Channel:
    """A kind of channel with the ways in it."""

    title: LazyString
    line: str | LazyString
    ways: tuple[Way, ...]


CHANNELS = (
    Channel(
        _l("M-banking"),
        "BRImo, Livin’, BNI, BSI, myBCA, SimobiPlus",
        (
            Way("BRImo", ("Lainnya", "Penerimaan Negara", _CODE, _PIN)),
            Way("Livin’ by Mandiri", ("Bayar", "Pajak", "Pajak/PNBP/Cukai", _CODE, _PIN)),
            Way("BNI Mobile", ("Pembayaran", "Penerimaan Negara", _CODE, _l("Kata sandi transaksi"))),
            Way("BSI Mobile", ("Bayar", "Penerimaan Negara (MPN)", "Pajak/Cukai/SBN/Paspor", _CODE, _PIN)),
            Way("myBCA", ("Bayar & Isi Ulang", "MPN", _CODE, _PIN)),
            Way(_l("Bank Sumsel Babel dan bank lain"), ("Penerimaan Negara (MPN G3)", _CODE, _PIN)),
            Way("SimobiPlus", ("Pembayaran", "Pajak", "PNBP", _CODE, _PIN)),
        ),
    ),
    Channel(
        _l("ATM"),
        "BRI, BNI, Mandiri, BCA",
        (
            Way("BRI", ("Transaksi lain", "Pembayaran", "Lainnya", "MPN", _CODE, _l("Simpan struk"))),
            Way(
                "BNI", ("Menu lain", "Pembayaran", "Pajak/Penerimaan Negara", "Pajak/PNBP/Bea & Cukai", _CODE)
            ),
            Way(
                "Mandiri",
                ("Bayar/Beli", "Penerimaan Negara", "Pajak/PNBP/Cukai", _CODE, _l("Tekan 1 untuk setuju")),
            ),
            Way("BCA", ("Pembayaran", "MPN/Pajak", "Penerimaan Negara", _CODE, _l("Simpan struk"))),
        ),
    ),
    Channel(
        _l("Internet banking"),
        "KlikBCA, BRI",
        (
            Way("KlikBCA", ("Pembayaran", "Pajak", "Penerimaan Negara", _CODE, "KeyBCA", _l("Simpan bukti"))),
            Way("BRI", ("Pembayaran", "MPN", _l("Nomor MPN G3: kode billing"), _l("Kata sandi dan mToken"))),
        ),
    ),
    Channel(
        _l("Dompet dan toko daring"),
        "DANA, LinkAja, Tokopedia, Bukalapak",
        (
            Way("Tokopedia", ("Lihat semua", "Pajak", "Penerimaan negara", "Bayar PNBP", _CODE)),
            Way("Bukalapak", ("Semua menu", "Tagihan", "Penerimaan negara", "Bayar paspor", _CODE)),
            Way("DANA, LinkAja", (_l("Cari menu Penerimaan Negara"), _CODE, _PIN)),
        ),
    ),
    Channel(
        _l("Tunai"),
        _l("Indomaret, Kantor Pos, teller bank"),
        (
            Way(
                _l("Kantor Pos"),
                (
                    _l("Sebut “Pembayaran Paspor”"),
                    _l("Tunjukkan kode billing 15 angka"),
                    _l("Periksa nama dan jumlah"),
                    _l("Bayar dan simpan bukti"),
                ),
            ),
            Way(
                _l("Indomaret, teller bank"),
                (
                    _l("Sebut “bayar Penerimaan Negara”"),
                    _l("Tunjukkan kode billing 15 angka"),
                    _l("Periksa nama dan jumlah"),
                    _l("Bayar dan simpan bukti"),
                ),
            ),
        ),
    ),
)

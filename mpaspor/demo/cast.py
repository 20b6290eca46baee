"""Who plays in the demo. Nobody here exists; addresses end in `.example` and are never written to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from mpaspor.people.rules import Role
from mpaspor.people.sign_up import NewAccount

PASSWORD = "pempek-kapal-selam"

OFFICERS: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("Sari Wulandari", "loket@kantor.example", (Role.RECEPTION,)),
    ("Hendra Palawija", "berkas@kantor.example", (Role.VERIFIER,)),
    ("Maya Anggraini", "foto@kantor.example", (Role.BIOMETRICS,)),
    ("Bayu Kertapati", "wawancara@kantor.example", (Role.INTERVIEWER,)),
    ("Nina Marlina", "adjudikasi1@kantor.example", (Role.ADJUDICATOR,)),
    ("Yusran Lematang", "adjudikasi2@kantor.example", (Role.ADJUDICATOR,)),
    ("Yusuf Bahri", "cetak@kantor.example", (Role.PRINTER,)),
    ("Lestari Putri", "mutu@kantor.example", (Role.QUALITY,)),
    ("Fitri Handayani", "ambil@kantor.example", (Role.HANDOVER,)),
    ("Darmawan", "kepala@kantor.example", (Role.SUPERVISOR,)),
    ("Intan Permata", "admin@kantor.example", (Role.ADMIN,)),
)


@dataclass(frozen=True)
class Applicant:
    """One fictitious applicant."""

    name: str
    email: str
    phone: str
    birth_on: date
    sex: str
    civil_status: str
    occupation: str

    def account(self) -> NewAccount:
        return NewAccount(
            full_name=self.name, birth_on=self.birth_on, gender=self.sex, email=self.email, phone=self.phone
        )

    def nik(self, serial: int) -> str:
        """A NIK that fits the person: Palembang, the birth date (day + 40 for women), a serial of ours."""
        day = self.birth_on.day + (40 if self.sex == "female" else 0)
        return f"167101{day:02d}{self.birth_on:%m%y}{serial % 9999 + 1:04d}"

    def answers(self, nik: str) -> dict[str, dict[str, Any]]:
        """What the person types, page by page."""
        return {
            "wish": {"office_code": "palembang", "preferred_days": []},
            "identity": {
                "full_name": self.name,
                "nik": nik,
                "birth_place": "Palembang",
                "birth_on": self.birth_on.isoformat(),
                "sex": self.sex,
                "civil_status": self.civil_status,
            },
            "contact": {"phone": self.phone},
            "address": {
                "address": "Jl. Kapten A. Rivai No. 12, RT 03 RW 01",
                "province": "16",
                "city": "Kota Palembang",
                "district": "Ilir Timur I",
                "postcode": "30129",
                "domicile_same": "yes",
            },
            "occupation": {"occupation": self.occupation},
            "parents": {"mother_name": "Siti Aminah", "mother_citizenship": "indonesian"},
            "spouse": {},
            "first_passport": {"never_had_passport": "yes"},
            "trip": {"purpose": "tourism", "destination": "MY", "stay": "under_month"},
            "relatives": {
                "relative_name": "Ahmad Fauzi",
                "relative_phone": "+6281367001122",
                "relative_relation": "sibling",
            },
        }


def _person(
    name: str, email: str, phone: str, birth: tuple[int, int, int], sex: str, status: str, occupation: str
) -> Applicant:
    return Applicant(name, email, phone, date(*birth), sex, status, occupation)


RATNA = _person(
    "Ratna Dewi Kusuma", "ratna@contoh.example", "+6281271230001", (1992, 8, 7), "female", "single", "teacher"
)
BUDI = _person(
    "Budi Santoso",
    "budi@contoh.example",
    "+6281271230002",
    (1988, 3, 21),
    "male",
    "married",
    "private_employee",
)
DEWI = _person(
    "Dewi Lestari Simanjuntak",
    "dewi@contoh.example",
    "+6281271230003",
    (1979, 12, 2),
    "female",
    "married",
    "trader",
)
# Others who are in the house, so that the board looks like a morning at the office.
OTHERS: tuple[Applicant, ...] = (
    _person("Ahmad Rizky", "a1@warga.example", "+6281271230011", (1995, 1, 15), "male", "single", "student"),
    _person(
        "Kartika Sari", "a2@warga.example", "+6281271230012", (1985, 6, 30), "female", "married", "housewife"
    ),
    _person("Sutrisno", "a3@warga.example", "+6281271230013", (1961, 9, 9), "male", "married", "retired"),
    _person(
        "Melati Ayu Ningtyas",
        "a4@warga.example",
        "+6281271230014",
        (2001, 4, 4),
        "female",
        "single",
        "student",
    ),
    _person(
        "Johannes Panjaitan",
        "a5@warga.example",
        "+6281271230015",
        (1990, 11, 11),
        "male",
        "married",
        "seafarer",
    ),
    _person(
        "Nurul Hidayah", "a6@warga.example", "+6281271230016", (1983, 2, 28), "female", "widowed", "trader"
    ),
)

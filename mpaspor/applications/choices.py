"""What can be chosen on the pages of an application: codes that are stored. Pure.

Their words, and their order by those words, are in `mpaspor.web.labels.answers`.
"""

from __future__ import annotations

from enum import StrEnum


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class CivilStatus(StrEnum):
    SINGLE = "single"
    MARRIED = "married"
    DIVORCED = "divorced"
    WIDOWED = "widowed"


class Citizenship(StrEnum):
    INDONESIAN = "indonesian"
    FOREIGN = "foreign"


class Occupation(StrEnum):
    """Complaints of years went into this list: the retired and housewives are on it (DOMAIN §5.1)."""

    CIVIL_SERVANT = "civil_servant"
    POLICE = "police"
    MILITARY = "military"
    PRIVATE_EMPLOYEE = "private_employee"
    STATE_COMPANY_EMPLOYEE = "state_company_employee"
    SELF_EMPLOYED = "self_employed"
    TRADER = "trader"
    FARMER = "farmer"
    FISHER = "fisher"
    LABOURER = "labourer"
    DRIVER = "driver"
    TEACHER = "teacher"
    LECTURER = "lecturer"
    HEALTH_WORKER = "health_worker"
    SEAFARER = "seafarer"
    CLERGY = "clergy"
    ARTIST = "artist"
    FREELANCER = "freelancer"
    HOUSEHOLD_WORKER = "household_worker"
    MIGRANT_WORKER = "migrant_worker"
    HOUSEWIFE = "housewife"
    PUPIL = "pupil"
    STUDENT = "student"
    RETIRED = "retired"
    NOT_WORKING = "not_working"
    OTHER = "other"


class Purpose(StrEnum):
    """What the journey is for (DOMAIN §5.1)."""

    TOURISM = "tourism"
    UMRAH = "umrah"
    HAJJ = "hajj"
    FORMAL_WORK = "formal_work"
    MIGRANT_WORK = "migrant_work"
    STUDY = "study"
    MEDICAL = "medical"
    FAMILY = "family"


class Stay(StrEnum):
    """How long the stay is planned to be (DOMAIN §5.1)."""

    UNDER_MONTH = "under_month"
    UNDER_HALF_YEAR = "under_half_year"
    UNDER_YEAR = "under_year"
    UNDER_FIVE_YEARS = "under_five_years"
    LONGER = "longer"


class Relation(StrEnum):
    """How the named relative is related to the applicant (DOMAIN §5.1)."""

    SPOUSE = "spouse"
    FATHER = "father"
    MOTHER = "mother"
    SIBLING = "sibling"
    CHILD = "child"
    AUNT = "aunt"
    UNCLE = "uncle"
    COUSIN = "cousin"
    OTHER = "other"


# A destination is a country code of ISO 3166-1, or this.
NO_DESTINATION = "none"

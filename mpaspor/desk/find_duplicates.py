"""Our own register: whether the same person has another case, at whichever office."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk.registries import Subject
from mpaspor.desk.registry_rules import Finding, FindingKind, other_case_tells_against
from mpaspor.foundation.database import db

# What is typed there nobody has stood for yet: anybody can type anybody's NIK.
_UNPROVED = (CaseState.DRAFT, CaseState.DISCARDED, CaseState.AWAITING_PAYMENT)


class DuplicateSearch:
    """Keeps the promise of `desk.registries.Source` with how many cases there are and how they stand;
    nothing says whose office they are at."""

    def ask(self, subject: Subject) -> Sequence[Finding]:
        """Cases with the same NIK, or with the same name and birth date under another."""
        is_same_nik = Application.nik_lookup.is_not_distinct_from(subject.nik_lookup)
        same_nik = Application.nik_lookup == subject.nik_lookup
        same_person = and_(
            Application.birth_on == subject.birth_on,
            func.lower(Application.full_name) == subject.full_name.lower(),
        )
        rows = db.session.execute(
            select(is_same_nik, Application.state, func.count())
            .where(
                Application.id != subject.application_id,
                Application.state.not_in(_UNPROVED),
                or_(same_nik, same_person),
            )
            .group_by(is_same_nik, Application.state)
            .order_by(is_same_nik.desc(), Application.state)
        ).all()
        return [_finding(subject, bool(by_nik), state, count) for by_nik, state, count in rows]


def _finding(subject: Subject, by_nik: bool, state: CaseState, count: int) -> Finding:
    kind = FindingKind.SAME_NIK if by_nik else FindingKind.SAME_PERSON
    return Finding(kind, state, count, other_case_tells_against(kind, state, subject.need))

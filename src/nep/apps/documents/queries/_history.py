"""The history of revisions: what was decided, by whom, under which hat."""

from dataclasses import dataclass
from datetime import datetime

from nep.apps.documents import rules
from nep.apps.documents.models import LifeEntry


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a revision's history, in the words of its day."""

    id: int
    revision_id: int
    act: str
    at: datetime
    person_id: int | None
    person: str
    position: str
    unit: str
    prefix: str
    acting_for: str
    content_hash: str
    note: str
    round: int

    @property
    def act_name(self) -> str:
        """Return the act in words."""
        return rules.ACT_NAMES.get(self.act, self.act)

    @property
    def who(self) -> str:
        """Return "KT. Nguyễn Văn An: Trần Thị Bình, Phó Giám đốc" or "Hệ thống"."""
        if not self.person:
            return "Hệ thống"
        signed = f"{self.person}, {self.position}" if self.position else self.person
        return f"{self.prefix} {self.acting_for}: {signed}" if self.acting_for else signed

    @property
    def mark(self) -> str:
        """Return "Xác nhận trên hệ thống" for a person's answer, "Đã ký số" for a signature."""
        return rules.mark_of(self.act, is_of_person=bool(self.person))

    @property
    def short_hash(self) -> str:
        """Return the first twelve digits of the hash decided on."""
        return self.content_hash[:12]


def history(*, revision_id: int, agency_id: int) -> tuple[HistoryLine, ...]:
    """Return a revision's history, oldest line first; empty for another agency's."""
    rows = LifeEntry.objects.filter(revision_id=revision_id, agency_id=agency_id)
    return tuple(
        HistoryLine(
            id=row.id,
            revision_id=row.revision_id,
            act=row.act,
            at=row.at,
            person_id=row.person_id,
            person=row.person_name,
            position=row.position_name,
            unit=row.unit_name,
            prefix=row.prefix,
            acting_for=row.acting_for_name,
            content_hash=row.content_hash,
            note=row.note,
            round=row.round,
        )
        for row in rows.order_by("at", "id")
    )


def round_of(revision_id: int) -> int:
    """Return in which round of its approval a revision is: 1 + how often it went back."""
    gone_back = LifeEntry.objects.filter(revision_id=revision_id, act__in=list(rules.NEW_ROUND))
    return 1 + gone_back.count()


def checkers_of(revision_id: int) -> frozenset[int]:
    """Return who has checked a revision in its present round."""
    checks = LifeEntry.objects.filter(revision_id=revision_id, act=rules.CHECKED_ACT)
    found = checks.filter(round=round_of(revision_id)).values_list("person_id", flat=True)
    return frozenset(id_ for id_ in found if id_ is not None)

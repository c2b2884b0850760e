"""A department with an ISO secretary and two auditors of different units, led through an audit."""

from datetime import datetime, timedelta

import pytest

from nep.apps.audits import services
from nep.apps.audits.models import Audit, Finding, Programme
from nep.apps.cases.tests.scene import Office
from nep.apps.organization.tests.scene import NOW
from nep.apps.work.models import WorkItem
from nep.foundation.db.doctor import examine
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN

YEAR = NOW.year
LATER = datetime(2026, 12, 31, 16, 45, tzinfo=VN)


def with_auditors(at: Office) -> Office:
    at.scene.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    at.scene.unit("VP", "Văn phòng")
    at.scene.person("dga", "Vũ Văn Đánh", ("VP", "specialist", "Chuyên viên"))
    at.scene.appoint("dga", "VP", "auditor", "Đánh giá viên")
    at.scene.person("dgb", "Phan Thị Giá", ("PKH", "specialist", "Chuyên viên"))
    at.scene.appoint("dgb", "PKH", "auditor", "Đánh giá viên")
    return at


def proposed(at: Office, *, year: int = YEAR) -> Programme:
    """Propose a programme and return it."""
    programme_id = services.programme_propose(actor=at.actor("thu"), year=year, now=NOW)
    return Programme.objects.get(pk=programme_id)


def approved(at: Office) -> Programme:
    programme = proposed(at)
    services.programme_submit(actor=at.actor("thu"), programme_id=programme.pk, now=NOW)
    services.programme_approve(actor=at.actor("ha"), programme_id=programme.pk, now=NOW)
    programme.refresh_from_db()
    return programme


def planned(at: Office) -> Audit:
    """Plan the audit of the programme's month and return it; a world that has it already gives it."""
    known = Audit.objects.filter(agency_id=at.scene.agency_id).first()
    if known is not None:
        return known
    programme = approved(at)
    audit_id = services.audit_propose(
        actor=at.actor("thu"), programme_id=programme.pk, month=NOW.month, now=NOW
    )
    return Audit.objects.get(pk=audit_id)


def announced(at: Office) -> Audit:
    audit = planned(at)
    if audit.state != "planned":
        return audit
    services.audit_submit(actor=at.actor("thu"), audit_id=audit.pk, now=NOW)
    services.audit_announce(
        actor=at.actor("ha"), audit_id=audit.pk, now=NOW, decision="12/QĐ-SKHCN"
    )
    audit.refresh_from_db()
    return audit


def auditor_of(at: Office, finding: Finding) -> str:
    """Return the short name of who audits a finding's session."""
    person_id = finding.session.auditors.values_list("person_id", flat=True)[0]
    return next(key for key, id_ in at.scene.people.items() if id_ == person_id)


def leader_of(at: Office, audit: Audit) -> str:
    """Return the short name of who leads the team."""
    person_id = audit.members.get(part="leader").person_id
    return next(key for key, id_ in at.scene.people.items() if id_ == person_id)


def noted(at: Office, audit: Audit, *, minor: int = 1, now=LATER) -> None:
    """Answer every question, the first ones as minor nonconformities."""
    findings = Finding.objects.filter(session__audit=audit).order_by(
        "session__starts_at", "position"
    )
    for place, one in enumerate(findings):
        level = "minor" if place < minor else "conform"
        services.finding_note(
            actor=at.actor(auditor_of(at, one)), finding_id=one.pk, level=level, now=now,
            text="Hai trong năm phiếu kiểm soát thiếu chữ ký." if place < minor else "",
        )  # fmt: skip


def held(at: Office, *, minor: int = 1) -> Audit:
    audit = announced(at)
    noted(at, audit, minor=minor)
    services.audit_hold(actor=at.actor(leader_of(at, audit)), audit_id=audit.pk, now=LATER)
    audit.refresh_from_db()
    return audit


def confirmed(at: Office) -> Audit:
    audit = held(at)
    finding = Finding.objects.get(session__audit=audit, state="sent")
    services.findings_agree(
        actor=at.actor("ha"), session_id=finding.session_id, now=LATER + timedelta(hours=1)
    )
    audit.refresh_from_db()
    return audit


def reported(at: Office) -> Audit:
    known = Audit.objects.filter(agency_id=at.scene.agency_id, state="reported").first()
    if known is not None:
        return known
    audit = confirmed(at)
    services.audit_report(
        actor=at.actor(leader_of(at, audit)), audit_id=audit.pk, now=LATER + timedelta(hours=2),
        conclusion="Hệ thống được duy trì; cần sửa một điểm về phiếu kiểm soát.",
    )  # fmt: skip
    audit.refresh_from_db()
    return audit


def with_plan(at: Office) -> Office:
    planned(at)
    return at


def with_announcement(at: Office) -> Office:
    announced(at)
    return at


def with_report(at: Office) -> Office:
    reported(at)
    return at


def refused(act, **values) -> str:
    with pytest.raises(Refusal) as caught:
        act(**values)
    return caught.value.code


def faults() -> list[str]:
    return [str(one) for _title, found in examine(parts=("audits_",)) for one in found]


def items(kind: str = "audit") -> list[str]:
    return list(
        WorkItem.objects.filter(kind=kind, state=0)
        .order_by("id")
        .values_list("step_label", flat=True)
    )

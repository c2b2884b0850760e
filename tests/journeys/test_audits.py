"""The internal audit of a commune: proposed, approved, noted on a phone, answered, reported."""

from datetime import datetime, timedelta

import pytest

from nep.apps.audits.models import Audit, Finding, Programme, Session
from nep.apps.improvement.models import Nonconformity
from nep.apps.organization.models import Person
from nep.demonstration.audits import build_audits
from nep.kernel.vietnamese import VN
from tests import world
from tests.invariants import broken
from tests.standing import kept
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db


def build_ward() -> int:
    """Build the demonstration's ward with its audits of the year."""
    agency = world.agency_facts(world.WARD)
    agency_id = world.build(agency, procedures=False)
    build_audits(agency, agency_id=agency_id, now=datetime.now(VN))
    return agency_id


ward = kept(build_ward)


def login_of(person_id: int) -> str:
    """Return the log-in of a person."""
    return Person.objects.get(pk=person_id).user.username


def test_the_demonstration_tells_an_audit_to_its_report_and_all_of_it_is_legal(ward):
    states = list(Audit.objects.order_by("id").values_list("state", flat=True))
    levels = Finding.objects.exclude(level__in=["", "conform"]).values_list("level", flat=True)

    assert states == ["reported", "announced"]
    assert "minor" in levels
    assert Nonconformity.objects.filter(origin_kind="audit").exists()
    assert list(broken()) == []


def test_an_audit_is_noted_answered_contested_and_reported(ward):
    audit = Audit.objects.get(state="announced")
    for one in Session.objects.filter(audit=audit):  # a fortnight later
        one.starts_at, one.ends_at = (
            at - timedelta(days=21) for at in (one.starts_at, one.ends_at)
        )
        one.save()
    Audit.objects.filter(pk=audit.pk).update(announced_at=audit.announced_at - timedelta(days=21))
    place = f"/danh-gia/{audit.pk}/"
    sessions = list(Session.objects.filter(audit=audit).order_by("starts_at"))
    first = Finding.objects.filter(session=sessions[0]).order_by("position").first()
    leader = login_of(audit.members.get(part="leader").person_id)
    for session in sessions:
        auditor = Visitor().sign_in(login_of(session.auditors.get().person_id))
        auditor.visit(f"/danh-gia/phien/{session.pk}/").sees("Câu hỏi", "Hồ sơ lấy mẫu")
        if session == sessions[0]:
            data = {"level": "minor", "text": "Danh mục dán ở quầy thiếu hai thủ tục mới."}
            auditor.client.post(f"/danh-gia/cau/{first.pk}/", data)
            auditor.visit(f"/danh-gia/phien/{session.pk}/")
        auditor.press("Đã hỏi các câu còn lại, đều phù hợp")
    lead = Visitor().sign_in(leader)
    lead.visit(place).press("Kết thúc, gửi phát hiện")
    lead.visit(place).sees("1 điểm không phù hợp", "Danh mục dán ở quầy")

    unit = Visitor().sign_in(world.login_with(world.agency_facts(world.WARD), "leader"))
    page = unit.visit(f"/danh-gia/phien/{sessions[0].pk}/")
    page.sees("1 phát hiện chờ đơn vị xác nhận")
    page.press("Gửi ý kiến", {"reason": "Danh mục mới dán sáng nay."})
    lead.visit("/viec/").sees("Xem xét ý kiến của đơn vị")
    lead.visit(place).press(
        "Kết luận", {"note": "Ngày đánh giá chưa có.", "level": "Không phù hợp nhẹ"}
    )
    lead.visit(place).press("Lập báo cáo, mở 1 phiếu", {"conclusion": "Hệ thống được duy trì."})
    lead.visit(place).sees("đang khắc phục", "KPH")
    assert list(broken()) == []
    assert Programme.objects.get().state == "approved"

"""A year of objectives and training of a ward: proposed, approved, measured, taught, judged."""

from datetime import datetime

import pytest

from nep.apps.competence.models import Need, Qualification, Session, TrainingPlan
from nep.apps.planning.models import Objective, ObjectiveList
from nep.demonstration.competence import build_competence
from nep.demonstration.objectives import TRAINED, build_objectives
from nep.kernel.vietnamese import VN
from tests import world
from tests.invariants import broken
from tests.standing import kept
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db


def build_ward() -> int:
    """Build the demonstration's ward with its objectives and its training of the year."""
    agency = world.agency_facts(world.WARD)
    agency_id = world.build(agency, procedures=False)
    for build in (build_objectives, build_competence):
        build(agency, agency_id=agency_id, now=datetime.now(VN))
    return agency_id


ward = kept(build_ward)
is_early = datetime.now(VN).timetuple().tm_yday < 120  # the demonstration's year has just begun


@pytest.mark.skipif(is_early, reason="the demonstration tells a year that has begun")
def test_the_demonstration_of_plans_is_legal(ward):
    assert set(Objective.objects.values_list("state", flat=True)) >= {"approved"}
    assert ObjectiveList.objects.filter(state="approved").count() == 1
    assert TrainingPlan.objects.get().state == "approved"
    assert {"effective", "planned"} & set(Session.objects.values_list("state", flat=True))
    assert Qualification.objects.exists()
    assert list(broken()) == []


def test_a_proposal_is_approved_and_a_need_is_taught(ward):
    secretary, head = Visitor().sign_in("sn.thukyiso"), Visitor().sign_in("sn.chutich")
    unit_head = Visitor().sign_in("sn.chanhvp")
    year = datetime.now(VN).year + 2  # a year that the demonstration does not know
    unit_head.visit(f"/muc-tieu/moi/?nam={year}")
    owner = Objective.objects.filter(title=TRAINED).first()
    unit = Objective.objects.exclude(unit=None).first()
    answers = {
        "title": "Trả lời phản ánh trong năm ngày", "target": "95", "method": "Đếm trong sổ phản hồi",
    }  # fmt: skip
    if owner is not None and unit is not None:
        answers |= {"owner": str(owner.owner_id), "unit": str(unit.unit_id)}
    unit_head.press("Gửi đề xuất", answers)
    made = Objective.objects.latest("id")
    secretary.visit("/viec/").sees(f"Mục tiêu chất lượng năm {year}")
    secretary.visit(f"/muc-tieu/?nam={year}").press("Trình lãnh đạo phê duyệt")
    sheet = ObjectiveList.objects.latest("id")
    head.visit(f"/muc-tieu/danh-sach/{sheet.pk}/").sees("Trả lời phản ánh trong năm ngày")
    head.press("Phê duyệt 1 mục tiêu")
    secretary.visit(f"/muc-tieu/{made.pk}/").sees("Chưa có kết quả")

    secretary.visit("/nang-luc/nhu-cau/moi/")
    secretary.press(
        "Ghi nhu cầu", {"title": "Soạn thư xin lỗi đúng mẫu", "people": str(made.owner_id)}
    )
    need = Need.objects.latest("id")
    secretary.visit(f"/nang-luc/buoi/moi/?can={need.pk}").press("Đưa vào kế hoạch")
    Need.objects.get(pk=need.pk, state="planned")
    taught = Session.objects.latest("id")
    secretary.visit(f"/nang-luc/buoi/{taught.pk}/").sees("Dự kiến, chưa duyệt")
    assert list(broken()) == []

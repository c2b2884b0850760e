"""From what citizens say to a change that works: feedback, nonconformity, action, effect."""

from datetime import datetime

import pytest

from nep.apps.actions.models import Action
from nep.apps.improvement.models import Feedback, Nonconformity, Survey
from nep.demonstration.improvement import build_improvement
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import world
from tests.invariants import broken
from tests.standing import kept
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db


def build_ward() -> int:
    """Build the demonstration's ward with what it puts right in a year."""
    agency = world.agency_facts(world.WARD)
    agency_id = world.build(agency, procedures=False)
    build_improvement(agency, agency_id=agency_id, now=datetime.now(VN))
    return agency_id


ward = kept(build_ward)


def test_the_demonstration_tells_every_kind_of_thing_and_all_of_it_is_legal(ward):
    states = list(Nonconformity.objects.order_by("id").values_list("state", flat=True))

    assert states == ["closed", "acting", "reported"]
    assert Action.objects.filter(state="checked").count() == 1
    assert set(Feedback.objects.values_list("state", flat=True)) == {"closed", "received"}
    assert Survey.objects.get().answers.count() == 24
    assert list(broken()) == []


def test_a_complaint_becomes_a_change_that_somebody_else_finds_to_work(ward):
    today = datetime.now(VN).strftime("%d/%m/%Y")
    reception, head = Visitor().sign_in("sn.motcua"), Visitor().sign_in("sn.chanhvp")
    secretary = Visitor().sign_in("sn.thukyiso")
    reception.visit("/phan-hoi/").sees("2 phản hồi đang chờ xử lý")
    reception.visit("/phan-hoi/moi/")
    reception.press("Ghi vào sổ", {"kind": "opinion", "channel": "counter", "received_on": today,
                                 "title": "Chờ hơn một giờ mới đến lượt"})  # fmt: skip
    feedback = Feedback.objects.latest("id")
    secretary.visit(f"/phan-hoi/{feedback.pk}/").follow("Mở phiếu không phù hợp")
    owner = Nonconformity.objects.earliest("id").owner_id
    secretary.press("Ghi nhận", {"title": "Quầy tiếp nhận thiếu người giờ cao điểm",
                                 "owner": str(owner)})  # fmt: skip
    place = f"/khong-phu-hop/{Nonconformity.objects.latest('id').pk}/"

    head.visit("/viec/").sees("Quầy tiếp nhận thiếu người giờ cao điểm")
    head.visit(place).press("Lưu sự khắc phục", {"correction": "Mở thêm quầy số 3 buổi sáng."})
    head.press("Lưu nguyên nhân", {"why_1": "Ba người nghỉ cùng buổi",
                                  "cause": "Lịch nghỉ không ai xếp."})  # fmt: skip
    head.press("Giao việc", {"title": "Xếp lịch nghỉ của quầy hằng tuần", "due_on": today,
                             "owner": str(Action.objects.earliest("id").owner_id)})  # fmt: skip
    reception.visit(f"/hanh-dong/{Action.objects.latest('id').pk}/")
    reception.press("Báo xong", {"evidence": "Lịch nghỉ tuần này đã dán ở quầy."})
    secretary.visit(f"/hanh-dong/{Action.objects.latest('id').pk}/")
    secretary.press("Đạt, kết thúc việc này")
    drain(now=datetime.now(VN))
    secretary.visit("/viec/").sees("Kiểm tra kết quả khắc phục")
    secretary.visit(place).press("Đạt, chờ xét hiệu lực", {"effect_on": today})
    head.visit(place).press("Ghi lý do", {"reason": "Quy trình không nói về lịch nghỉ."})
    secretary.visit(place).press("Có hiệu lực", {
        "close": True, "note": "Hai tuần nay không ai chờ lâu.",
    })  # fmt: skip
    secretary.visit(place).sees("Đã đóng: Quầy tiếp nhận thiếu người giờ cao điểm")
    secretary.visit(f"/phan-hoi/{feedback.pk}/").sees("Đã đóng")
    assert list(broken()) == []

"""What an agency plans: context to policy in force, risks from a proposal to what is left of them."""

from datetime import datetime

import pytest

from nep.apps.actions.models import Action
from nep.apps.planning.models import Risk, Statement
from nep.demonstration.planning import build_planning
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import world
from tests.invariants import broken
from tests.standing import kept
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
NOVEMBER = datetime(2026, 11, 20, 9, 0, tzinfo=VN)  # the demonstration has planned by then


def build_department() -> int:
    """Build the demonstration's department with what it planned."""
    agency = world.agency_facts(world.DEPARTMENT)
    agency_id = world.build(agency, procedures=False)
    build_planning(agency, agency_id=agency_id, now=NOVEMBER)
    return agency_id


def build_ward() -> int:
    """Build the demonstration's ward, which has planned nothing yet."""
    return world.build(world.agency_facts(world.WARD), procedures=False)


department = kept(build_department)
ward = kept(build_ward)


def test_the_demonstration_tells_every_state_and_all_of_it_is_legal(department):
    states = Statement.objects.order_by("part", "edition").values_list("part", "state")

    assert list(states) == [
        ("context", "in_force"), ("parties", "in_force"), ("parties", "submitted"),
        ("policy", "in_force"), ("scope", "in_force"),
    ]  # fmt: skip
    assert set(Risk.objects.values_list("kind", "state")) >= {
        ("risk", "verified"), ("risk", "accepted"), ("risk", "treating"), ("opportunity", "treating")
    }  # fmt: skip
    assert list(broken()) == []


def test_a_ward_goes_from_nothing_to_a_policy_in_force_in_few_presses(ward):
    secretary, head = Visitor().sign_in("sn.thukyiso"), Visitor().sign_in("sn.chutich")
    pressed = 0
    secretary.visit("/boi-canh/").sees("Còn thiếu: bối cảnh của cơ quan")
    for part in ("context", "parties", "scope", "policy"):
        secretary.visit(f"/boi-canh/soan/{part}/").press("Lưu và trình phê duyệt")
        pressed += 1
    head.visit("/viec/").sees("Bối cảnh của cơ quan, lần 01")
    head.visit("/boi-canh/").follow("Đọc và phê duyệt 3 bản")
    head.sees("Số hồ sơ tăng nhanh sau khi nhận thêm việc", "8.3")  # opens what it approves
    head.press("Phê duyệt cả 3 bản trên")
    pressed += 2
    policy = Statement.objects.get(part="policy")
    assert (policy.state, policy.revision_id is not None) == ("submitted", True)
    head.visit("/boi-canh/").sees("Chờ phê duyệt: chính sách chất lượng")

    assert set(Statement.objects.exclude(part="policy").values_list("state", flat=True)) == {
        "in_force"
    }
    assert pressed <= 6
    assert list(broken()) == []


def test_a_proposed_risk_is_rated_treated_and_verified_by_another(ward):
    secretary, head = Visitor().sign_in("sn.thukyiso"), Visitor().sign_in("sn.chanhvp")
    today = datetime.now(VN).strftime("%d/%m/%Y")
    secretary.visit("/rui-ro/").follow("Xem gợi ý")
    secretary.press("Đưa các dòng đã đánh dấu vào sổ", expect=422).sees("chọn ít nhất một gợi ý")
    secretary.press("Đưa các dòng đã đánh dấu vào sổ", {"keys": True})
    row = Risk.objects.get()
    place = f"/rui-ro/{row.pk}/"
    secretary.visit(place).press("Tính mức", {"likelihood": "4", "impact": "4"})
    secretary.visit(place).press(
        "Giao việc", {"title": "Phân công người làm thay", "due_on": today}
    )
    action = Action.objects.get()
    secretary.visit(f"/hanh-dong/{action.pk}/").press(
        "Báo xong", {"evidence": "Đã ban hành bảng phân công."}
    )
    head.visit(f"/hanh-dong/{action.pk}/").press("Đạt, kết thúc việc này")
    drain(now=datetime.now(VN))
    head.visit(place).press(
        "Đã có tác dụng",
        {"note": "Hai buổi nghỉ đều có người thay.", "likelihood": "1", "impact": "4"},
    )
    row.refresh_from_db()

    assert (row.state, row.product, row.left_product) == ("verified", 16, 4)
    head.visit("/rui-ro/phong-ngua/").sees("Phân công người làm thay")
    assert list(broken()) == []

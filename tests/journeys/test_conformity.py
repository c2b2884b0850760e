"""A commune's ISO year and its way to declaring, on the true evidence of all its parts."""

from datetime import datetime, timedelta

import pytest
import time_machine

from nep.apps.actions import services as actions
from nep.apps.actions.queries import of_origin
from nep.apps.conformity.models import Declaration, YearItem
from nep.apps.conformity.services import declarations_watch, year_remind
from nep.apps.improvement import services as improvement
from nep.apps.improvement.models import Nonconformity
from nep.apps.procedures.models import Tthc
from nep.apps.work.models import WorkItem
from nep.demonstration.audits import build_audits
from nep.demonstration.conformity import build_conformity
from nep.demonstration.planning import build_planning
from nep.demonstration.procedures import actor_with
from nep.demonstration.reviews import build_reviews
from nep.kernel.vietnamese import VN
from tests import world
from tests.invariants import broken
from tests.standing import kept
from tests.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]
NOVEMBER = datetime(2026, 11, 20, 9, 0, tzinfo=VN)  # most of a year has been led


@pytest.fixture
def november():
    """Let the test happen then, whenever it runs."""
    with time_machine.travel(NOVEMBER, tick=True):
        yield


def build_ward() -> int:
    """Build the demonstration's ward with its evidence, its year and its open declaration."""
    agency = world.agency_facts(world.WARD)
    with time_machine.travel(NOVEMBER, tick=False):
        agency_id = world.build(agency)
        for build in (build_planning, build_audits, build_reviews, build_conformity):
            build(agency, agency_id=agency_id, now=NOVEMBER)
    return agency_id


ward = kept(build_ward)


def put_right(sheet: Nonconformity, agency_id: int, now: datetime) -> None:
    """Lead a nonconformity of the audit to its end, each step by who may do it."""
    agency = world.agency_facts(world.WARD)
    roles = ("unit_head", "iso_secretary", "reception", "leader")
    head, secretary, doer, leader = (
        actor_with(agency, role, agency_id=agency_id, now=now) for role in roles
    )
    own = {"nonconformity_id": sheet.pk, "now": now}
    improvement.nonconformity_act(
        actor=secretary, title="Soát lại phiếu mỗi tuần", owner_id=doer.person_id,
        due_on=now.date() + timedelta(days=5), **own,
    )  # fmt: skip
    for one in of_origin(
        agency_id=agency_id, kind="nonconformity", ids=[sheet.pk], today=now.date()
    ):
        if not one.is_ended:
            owner = doer if one.owner_id == doer.person_id else head
            if one.state in {"open", "returned"}:
                actions.action_done(actor=owner, action_id=one.id, evidence="Đã làm xong.", now=now)
            actions.action_check(actor=leader, action_id=one.id, accepted=True, note="", now=now)
    improvement.nonconformity_no_change(
        actor=secretary, reason="Quy trình đã ghi đúng việc này.", **own
    )
    judge = {"actor": leader, **own}
    improvement.nonconformity_check(effect_on=now.date(), note="", **judge)
    improvement.nonconformity_effect(worked=True, note="Xem 20 phiếu của tuần, đủ cả.", **judge)
    improvement.nonconformity_close(note="", **judge)


def test_the_demonstration_stands_where_its_evidence_lets_it_and_all_of_it_is_legal(ward):
    row = Declaration.objects.get()
    page = Visitor().sign_in("sn.thukyiso").visit(f"/cong-bo/{row.pk}/")

    assert row.state == "applied"
    page.sees("còn thiếu 1 điều kiện", "Còn 1 sự không phù hợp từ đánh giá chưa đóng.")
    assert YearItem.objects.get(is_own=True).done_on is not None
    assert list(broken()) == []


def test_with_the_last_finding_closed_the_head_confirms_declares_and_the_public_reads_it(ward):
    now = datetime.now(VN)
    row, today = Declaration.objects.get(), now.strftime("%d/%m/%Y")
    place = f"/cong-bo/{row.pk}/"
    for sheet in Nonconformity.objects.filter(origin_kind="audit").exclude(state="closed"):
        put_right(sheet, ward, now)
    asked = declarations_watch(now=now)
    secretary, head = Visitor().sign_in("sn.thukyiso"), Visitor().sign_in("sn.chutich")
    head.visit("/viec/").sees("Công bố phù hợp TCVN ISO 9001:2015")
    head.visit(place).sees("đủ điều kiện cho bước sau")
    head.press("Ký xác nhận hiệu lực", {"text": "Đã xem báo cáo, biên bản; hệ thống có hiệu lực."})
    head.press("Ký quyết định công bố", {"on": today, "number": ""})
    for kind, where, url in (
        ("notice", "Sở Khoa học và Công nghệ", ""),
        ("office", "Bảng niêm yết", ""),
        ("web", "Trang thông tin", "https://sn.example.vn/iso"),
    ):
        secretary.visit(place)
        secretary.press(
            "Ghi vào sổ gửi, niêm yết", {"kind": kind, "place": where, "url": url, "on": today}
        )
    Visitor().visit("/tra-cuu/cong-bo/").sees("1 cơ quan đã công bố")
    Tthc.objects.create(agency_id=ward, code="9.999", name="Thủ tục mới", folded="thu tuc moi")
    again = declarations_watch(now=now)

    assert (asked, again) == (1, 1)
    assert Declaration.objects.get().state == "maintained"
    secretary.visit("/cong-bo/").sees("Phạm vi đã thay đổi, cần công bố lại", "+ Thủ tục mới")
    assert list(broken()) == []


def test_a_first_time_secretary_is_led_from_thing_to_thing(ward):
    year_remind(now=datetime.now(VN))
    secretary = Visitor().sign_in("sn.thukyiso")
    secretary.visit("/nam-iso/").sees("Việc tiếp theo", "Vì sao", "Hiện có")
    secretary.visit("/nam-iso/ca-nam/").sees("Tháng 12", "Đánh giá nội bộ", "Xem xét của lãnh đạo")

    assert WorkItem.objects.filter(source_type="year_item", state__lt=1).exists()
    assert not YearItem.objects.filter(done_on__isnull=False, is_own=False).exists()

"""A commune's management review: figures gathered in one click, held, approved, packed."""

from datetime import datetime, timedelta

import pytest
import time_machine

from nep.apps.actions.models import Action
from nep.apps.conformity.models import EvidencePack
from nep.apps.records.models import Record
from nep.apps.reviews.models import Review
from nep.demonstration.reviews import build_reviews
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import world
from tests.invariants import broken
from tests.standing import kept
from tests.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]
NOVEMBER = datetime(2026, 11, 20, 9, 0, tzinfo=VN)  # a review and the year's pack are of one year


@pytest.fixture
def november():
    """Let the test happen then, whenever it runs."""
    with time_machine.travel(NOVEMBER, tick=True):
        yield


def build_ward() -> int:
    """Build the demonstration's ward with the review of its year."""
    agency = world.agency_facts(world.WARD)
    with time_machine.travel(NOVEMBER, tick=False):
        agency_id = world.build(agency, procedures=False)
        build_reviews(agency, agency_id=agency_id, now=NOVEMBER)
    return agency_id


ward = kept(build_ward)


def test_the_demonstration_tells_an_approved_review_and_all_of_it_is_legal(ward):
    row = Review.objects.get()

    assert row.state == "approved"
    assert sorted(Action.objects.values_list("state", flat=True)) == ["checked", "open", "open"]
    assert Record.objects.filter(source_code="XX 01/" + str(row.year)).count() == 2
    assert list(broken()) == []


def test_the_next_review_follows_what_is_left_and_the_head_approves_what_he_reads(ward):
    today = datetime.now(VN).strftime("%d/%m/%Y")
    secretary, head = Visitor().sign_in("sn.thukyiso"), Visitor().sign_in("sn.chutich")
    secretary.visit("/xem-xet/").sees("2 quyết định đang làm")
    secretary.follow("Chuẩn bị lần xem xét").sees("chép từ lần XX 01/")
    secretary.press("Chốt đầu vào và mời họp", {"meets_on": today})
    place = f"/xem-xet/{Review.objects.latest('id').pk}/"
    secretary.visit(place).sees("1/3 việc đã kết thúc")
    secretary.follow("Ghi biên bản")
    secretary.press(
        "Ghi biên bản, chuyển phê duyệt",
        {"all_present": "on", "follow": "on", "verdict": "effective", "nothing_else": "on"},
    )
    head.visit("/viec/").sees("Xem xét của lãnh đạo XX 02/")
    head.visit(place).sees("Hệ thống phù hợp, đầy đủ và có hiệu lực")
    head.press("Phê duyệt biên bản", {})
    head.sees("Đã phê duyệt, đang theo dõi quyết định")

    assert list(Review.objects.order_by("id").values_list("state", flat=True)) == [
        "closed", "approved"
    ]  # fmt: skip
    assert list(broken()) == []


def test_the_pack_of_the_year_holds_the_review_and_is_made_by_the_worker(ward):
    secretary = Visitor().sign_in("sn.thukyiso")
    secretary.visit("/bang-chung/goi/").sees("Chưa lập gói bằng chứng nào")
    secretary.press("Lập gói bằng chứng", {})
    drain(now=datetime.now(VN) + timedelta(minutes=5))
    row = EvidencePack.objects.get()

    assert row.state == "done"
    assert (
        row.files.filter(point="review", title__contains="xem xét của lãnh đạo XX 01/").count() == 2
    )
    secretary.visit(f"/bang-chung/goi/{row.pk}/").sees("Tải gói")
    assert list(broken()) == []

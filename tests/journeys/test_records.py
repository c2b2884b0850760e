"""Records and external documents from the browser's side: a leaver, a disposal, an ended law."""

from datetime import date, datetime

import pytest

from nep.apps.documents.models import Revision
from nep.apps.legal.jobs import open_reviews
from nep.apps.organization.queries import person_names
from nep.apps.records.models import Record, RecordFile
from nep.apps.work.models import WorkItem
from nep.demonstration.records import build_records
from nep.foundation.files.services import path_of
from nep.kernel.vietnamese import VN
from tests import world
from tests.standing import kept
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
SECRETARY, LEADER = "stp.thukyiso", "stp.giamdoc"
LEAVER, STAYS = "stp.bttp1", "Phạm Quốc Huy"


def build_department() -> int:
    """Build the demonstration's department with procedures, a register and a file plan."""
    agency = world.agency_facts(world.DEPARTMENT)
    agency_id = world.build(agency)
    build_records(agency, agency_id=agency_id, now=datetime.now(VN))
    return agency_id


department = kept(build_department)


def test_an_ended_decree_shows_on_the_procedure_the_library_and_the_secretarys_worklist(department):
    named = Revision.objects.filter(agency_id=department, state="in_force").order_by("id")
    open_reviews(datetime.now(VN))
    secretary = Visitor().sign_in(SECRETARY).visit("/van-ban/")
    secretary.sees("1 văn bản đã hết hiệu lực vẫn đang được viện dẫn")
    secretary.visit("/van-ban/?hl=cited_expired").follow("61/2018/NĐ-CP")
    secretary.sees("còn 1 nơi viện dẫn", "118/2025/NĐ-CP")
    procedure = secretary.links(r"/quy-trinh/ban/\d+/")[0]
    secretary.visit(procedure).sees("Đang viện dẫn văn bản đã hết hiệu lực: 61/2018/NĐ-CP")
    revision = named.get(pk=int(procedure.rstrip("/").rsplit("/", 1)[-1]))
    secretary.visit(f"/tai-lieu/{revision.document_id}/").sees("Viện dẫn văn bản hết hiệu lực")

    item = WorkItem.objects.get(agency_id=department, title__contains="61/2018/NĐ-CP hết hiệu lực")
    assert revision.document.code in item.detail
    secretary.visit(item.link).press(
        "Ghi kết quả",
        {"Kết quả": "Đã cập nhật tài liệu", "Tài liệu đã sửa": "Sửa quy trình lần sau"},
    )
    item.refresh_from_db()
    assert item.state == WorkItem.DONE


def test_everything_a_leaver_holds_goes_in_one_press_with_minutes(department):
    secretary = Visitor().sign_in(SECRETARY)
    keeper = Visitor().sign_in(LEAVER).visit("/luu-tru/ho-so/moi/")
    keeper.press("Mở hồ sơ", {"Tiêu đề hồ sơ": "Thẩm tra hồ sơ công chứng viên"})
    person = secretary.visit("/luu-tru/ban-giao/?q=Mai Lan").links(r"/luu-tru/ban-giao/\d+/$")[0]
    secretary.visit(person)
    chosen = {
        label.text_content().strip(): STAYS
        for label in secretary.page.xpath("//label[@class='lb']")
        if "Lý do" not in label.text_content()
    }
    assert chosen
    secretary.press("Bàn giao và lập biên bản", {**chosen, "Lý do": "Điều động theo QĐ 12/QĐ-STP"})
    secretary.sees("Trần Thị Mai Lan đã bàn giao", STAYS, "khóa tài khoản")

    file = RecordFile.objects.get(agency_id=department, title__startswith="Thẩm tra")
    assert person_names([file.keeper_id])[file.keeper_id] == STAYS
    pdf = secretary.download(secretary.links(r"bien-ban\.pdf$")[0])
    assert pdf.content.startswith(b"%PDF")


def test_a_disposal_needs_another_person_and_leaves_a_stub(
    department, django_capture_on_commit_callbacks
):
    file = RecordFile.objects.get(agency_id=department, state="closed")
    RecordFile.objects.filter(pk=file.pk).update(  # twenty years pass
        opened_on=date(2005, 1, 4), closed_on=date(2005, 6, 1), retain_until=date(2015, 12, 31)
    )
    digest = Record.objects.exclude(sha256="").get(file=file).sha256
    assert path_of(digest).exists()

    secretary = Visitor().sign_in(SECRETARY).visit("/luu-tru/")
    secretary.sees("1 hồ sơ đã hết thời hạn lưu")
    secretary.visit("/luu-tru/tieu-huy/moi/")
    secretary.press("Lập danh mục đề nghị", {file.code: True})
    place = secretary.path
    Visitor().sign_in(LEADER).visit(place).press(
        "Ghi quyết định",
        {"Hội đồng": "Hội đồng theo QĐ 40/QĐ-STP", "Số quyết định": "45/QĐ-STP"},
    )
    with django_capture_on_commit_callbacks(execute=True):
        secretary.visit(place).press("Tiêu hủy ngay", expect=422)
        assert path_of(digest).exists()
        secretary.press("Tiêu hủy ngay", {"Hội đồng đã đối chiếu": True})
    secretary.sees("đã tiêu hủy", digest[:12])
    secretary.visit(f"/luu-tru/ho-so/{file.pk}/").sees("Đã tiêu hủy ngày", "45/QĐ-STP")

    assert not path_of(digest).exists()
    assert Record.objects.filter(file=file, stored_file=None).count() == 2

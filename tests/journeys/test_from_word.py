"""A Word procedure becomes a procedure in force: asked, mapped, checked and approved by three."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from nep.foundation.journal.queries import history
from nep.foundation.outbox.worker import drain
from tests import world
from tests.standing import kept
from tests.visitor import Visitor
from tests.word.measure import data_folder

pytestmark = pytest.mark.django_db
ISO_FILE, DECISION = "QT-04_1.013817.docx", "QD-2929-UBND-Son-La.docx"
LONG_FILE = "QT-23_1.012644.docx"
SECRETARY, HEAD, LEADER = "stp.thukyiso", "stp.chanhvp", "stp.giamdoc"


def build_department() -> dict[str, Any]:
    """Build the demonstration's department without any procedure."""
    agency = world.agency_facts(world.DEPARTMENT)
    world.build(agency, procedures=False)
    return agency


department = kept(build_department)


def uploaded(visitor: Visitor, folder, name: str) -> Visitor:
    """Upload a file, let the worker read it, and look at what it read."""
    data = (folder / "quy_trinh_docx" / name).read_bytes()
    visitor.visit("/quy-trinh/nhap-tu-word/").press("Tải lên", {"Tệp Word": (name, data)})
    visitor.sees("Đang đọc 1 tệp", "chờ đến lượt")
    drain(now=datetime.now(UTC))
    return visitor.visit(visitor.path)


def drafted(visitor: Visitor, folder) -> str:
    """Import the ISO file and return the address of its draft."""
    uploaded(visitor, folder, ISO_FILE).press("Lập bản thảo")
    return visitor.links(r"/quy-trinh/ban/\d+/$")[0]


def build_draft(_department: dict[str, Any]) -> str:
    """Import the ISO file where it is at hand; return the address of its draft."""
    folder = data_folder()
    return drafted(Visitor().sign_in(SECRETARY), folder.parent) if folder.is_dir() else ""


def build_in_force(address: str) -> str:
    """Bring the draft into force through three people; return its address."""
    if not address:
        return ""
    secretary = Visitor().sign_in(SECRETARY)
    secretary.visit(address).press("Gửi kiểm tra", {"Người kiểm tra": "Trịnh Bá Lộc"})
    head = Visitor().sign_in(HEAD).visit(address)
    head.press("Trình phê duyệt", {"Người phê duyệt": "Đinh Quang Thạch"})
    leader = Visitor().sign_in(LEADER).visit(address)
    leader.press("Ban hành")
    leader.sees("Đã ban hành.")
    return address


kept_draft = kept(build_draft, on=build_department)
kept_in_force = kept(build_in_force, on=build_draft)


@pytest.fixture
def draft(real_data, kept_draft) -> str:
    """The address of the ISO file's draft."""
    return kept_draft


@pytest.fixture
def in_force(real_data, kept_in_force) -> str:
    """The address of the ISO file's procedure in force."""
    return kept_in_force


def test_a_real_iso_file_becomes_a_draft_that_keeps_its_steps_times_and_original(
    department, real_data
):
    secretary = Visitor().sign_in(SECRETARY)
    uploaded(secretary, real_data, ISO_FILE)
    secretary.sees("Đọc được 1 quy trình", "1.013817", "9 bước", "QT 04/BTXH")
    secretary.press("Lập bản thảo").sees("Đã lập 1 bản thảo.")

    secretary.visit(secretary.links(r"/quy-trinh/ban/\d+/$")[0])
    secretary.sees("Dự thảo, lần 01", "Tổng thời gian 5 ngày / 5 ngày làm việc")
    assert len(secretary.page.xpath("//table[@id='pt']/tbody/tr")) == 9
    original = secretary.download(secretary.path + "tep-goc/")
    kept = b"".join(original) if original.streaming else original.content
    assert kept == (real_data / "quy_trinh_docx" / ISO_FILE).read_bytes()
    model = secretary.download(secretary.path + "so-do.bpmn").content.decode()
    assert model.count("<userTask") + model.count(":userTask ") == 9


def test_the_page_of_a_long_draft_with_nothing_answered_stays_light(department, real_data):
    secretary = Visitor().sign_in(SECRETARY)
    uploaded(secretary, real_data, LONG_FILE).press("Lập bản thảo")
    secretary.visit(secretary.links(r"/quy-trinh/ban/\d+/$")[0])

    assert len(secretary.page.xpath("//table[@id='pt']/tbody/tr")) == 17
    assert len(secretary.page.xpath("//li[@data-sev='err']")) >= 5
    assert len(secretary.answer.content) <= 60 * 1024


def test_days_of_an_unnamed_kind_are_asked_and_an_unknown_responsible_is_mapped_once(
    department, real_data
):
    secretary = Visitor().sign_in(SECRETARY)
    uploaded(secretary, real_data, DECISION).sees("Tệp ghi “ngày”: đó là")
    boxes = [one.get("name") for one in secretary.page.xpath("//input[starts-with(@name,'nhan-')]")]
    kinds = boxes[0].replace("nhan-", "ngay-")
    secretary.press("Lập bản thảo", {
        **dict.fromkeys(boxes[1:], False), kinds: "ngày làm việc",
        "Vai trò của Hội đồng chính sách": "Chuyên viên, Văn phòng Sở",
        "Vai trò của Phòng Văn hóa - Xã hội": "Chuyên viên, Văn phòng Sở",
    })  # fmt: skip
    secretary.sees("Đã lập 1 bản thảo.")

    secretary.visit(secretary.links(r"/quy-trinh/ban/\d+/$")[0])
    secretary.sees("Tổng thời gian 12 ngày / 12 ngày làm việc")
    assert "Lỗi" not in secretary.page.xpath("//*[@id='kiem-tra']")[0].text_content()
    uploaded(secretary, real_data, DECISION)
    row = secretary.page.xpath("//tr[contains(., 'Hội đồng chính sách')]")[0]
    assert "đã nhớ từ lần trước" in row.text_content()


def test_an_unanswered_question_stays_on_the_draft_and_stops_it_from_being_approved(
    department, real_data
):
    secretary = Visitor().sign_in(SECRETARY)
    uploaded(secretary, real_data, DECISION).press("Lập bản thảo")
    secretary.visit(secretary.links(r"/quy-trinh/ban/\d+/$")[0])
    secretary.sees("“Ngày” là ngày làm việc hay ngày lịch?")

    sent = secretary.client.post(
        f"{secretary.path}gui-kiem-tra/", {"person": people_ids(secretary)[0]}, follow=True
    )
    assert sent.status_code == 422
    assert secretary.visit(secretary.path).sees("Dự thảo, lần 01")
    secretary.press("Ngày làm việc")
    assert "“Ngày” là ngày làm việc" not in secretary.text


def people_ids(visitor: Visitor) -> list[str]:
    """Return the people whom the page offers to send the revision to."""
    return [one for one in visitor.page.xpath("//select[@name='person']/option/@value") if one]


def test_author_checker_and_approver_are_three_people_whoever_tries(draft):
    secretary, address = Visitor().sign_in(SECRETARY), draft
    assert "Tạ Minh Châu" not in offered(secretary.visit(address))
    secretary.press("Gửi kiểm tra", {"Người kiểm tra": "Trịnh Bá Lộc"})
    shown = secretary.visit(address)
    sealed = re.search(r'name="content_hash" value="(\w+)"', source_of(HEAD, address)).group(1)

    refused = shown.client.post(
        f"{address}kiem-tra-xong/", {"content_hash": sealed, "person": "1"}, follow=True
    )
    assert refused.status_code in {403, 422}

    head = Visitor().sign_in(HEAD).visit(address)
    assert "Trịnh Bá Lộc" not in offered(head)
    head.press("Trình phê duyệt", {"Người phê duyệt": "Đinh Quang Thạch"})
    for login in (SECRETARY, HEAD):
        tried = (
            Visitor()
            .sign_in(login)
            .client.post(
                f"{address}ban-hanh/",
                {"content_hash": sealed, "effective_from": datetime.now().strftime("%d/%m/%Y")},
            )
        )
        assert tried.status_code == 403, login
    secretary.visit(address).sees("Chờ phê duyệt")


def test_who_checked_does_not_approve_even_with_the_right_to_approve(draft):
    secretary, address = Visitor().sign_in(SECRETARY), draft
    secretary.visit(address).press("Gửi kiểm tra", {"Người kiểm tra": "Lương Thị Bích Hạnh"})
    deputy = Visitor().sign_in("stp.phogiamdoc").visit(address)
    assert "Lương Thị Bích Hạnh" not in offered(deputy)
    deputy.press("Trình phê duyệt", {"Người phê duyệt": "Đinh Quang Thạch"})

    sealed = re.search(r'name="content_hash" value="(\w+)"', source_of(LEADER, address)).group(1)
    tried = deputy.client.post(
        f"{address}ban-hanh/",
        {"content_hash": sealed, "effective_from": datetime.now().strftime("%d/%m/%Y")},
    )
    assert tried.status_code in {403, 422}
    Visitor().sign_in(SECRETARY).visit(address).sees("Chờ phê duyệt")


def offered(visitor: Visitor) -> str:
    """Return the names the page offers for the next hand."""
    return " ".join(visitor.page.xpath("//select[@name='person']/option/text()"))


def source_of(login: str, address: str) -> str:
    """Return the page's source as this person gets it."""
    return Visitor().sign_in(login).visit(address).answer.content.decode()


def test_checked_and_approved_by_others_the_procedure_is_in_force(in_force):
    address = in_force
    secretary = Visitor().sign_in(SECRETARY).visit(address)
    secretary.sees("Đang hiệu lực", "Soạn: Tạ Minh Châu", "Kiểm tra: Trịnh Bá Lộc",
                   "Đinh Quang Thạch")  # fmt: skip
    secretary.visit("/quy-trinh/?tt=in_force").sees("QT 04/BTXH")
    actions = {entry.action for entry in history(object_type="revision", object_id=number(address))}
    assert len(actions) >= 3, actions


def number(address: str) -> str:
    """Return the id in an address."""
    return re.findall(r"\d+", address)[0]


def test_a_returned_draft_carries_the_reason_back_to_its_author(draft):
    secretary, address = Visitor().sign_in(SECRETARY), draft
    secretary.visit(address).press("Gửi kiểm tra", {"Người kiểm tra": "Trịnh Bá Lộc"})
    head = Visitor().sign_in(HEAD).visit(address)
    head.press("Trả lại", {"Lý do": "Bước 2 thiếu phiếu phân công, bổ sung biểu mẫu."})

    secretary.visit(address)
    secretary.sees("Bị trả lại", "Bước 2 thiếu phiếu phân công, bổ sung biểu mẫu.")
    secretary.visit("/viec/").sees("Bước 2 thiếu phiếu phân công")


def test_the_next_revision_retires_the_old_one_in_the_same_instant(in_force):
    first = in_force
    secretary = Visitor().sign_in(SECRETARY).visit(first)
    secretary.follow("Soạn lần sửa đổi mới").press(
        "Mở", {"Nội dung sửa đổi": "Thêm người thay khi vắng."}
    )
    second = secretary.path
    assert second != first
    secretary.press("Gửi kiểm tra", {"Người kiểm tra": "Trịnh Bá Lộc"})
    Visitor().sign_in(HEAD).visit(second).press(
        "Trình phê duyệt", {"Người phê duyệt": "Đinh Quang Thạch"}
    )
    Visitor().sign_in(LEADER).visit(second).press("Ban hành")

    secretary.visit(first).sees("Hết hiệu lực")
    secretary.visit(second).sees("Đang hiệu lực")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("hong.docx", b"PK\x03\x04 not a zip at all"),
        ("van-ban.docx", "Đây là văn bản thường".encode()),
        ("rong.docx", b""),
    ],
)
def test_a_file_that_is_no_word_file_gets_a_sentence_and_leaves_nothing(department, name, data):
    secretary = Visitor().sign_in(SECRETARY).visit("/quy-trinh/nhap-tu-word/")
    secretary.press("Tải lên", {"Tệp Word": (name, data)})

    assert secretary.page.xpath("//*[contains(@class,'t-late')]")
    assert "Lập bản thảo" not in secretary.text
    assert drain(now=datetime.now(UTC)) == 0

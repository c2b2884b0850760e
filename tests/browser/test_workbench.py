"""The procedure workbench in a real browser: lists, Word, packages, models, people, rules."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Locator, expect

from nep.apps.catalogue.tests import make
from nep.apps.procedures.services import procedures_read
from nep.foundation.printing import Paper, SheetColumn, line, paper_pdf, xlsx
from tests.browser.conftest import NARROW, Screen
from tests.word.measure import data_folder

SECRETARY, CHECKER, LEADER = "sn.thukyiso", "sn.chanhvp", "sn.chutich"
GIVER = "tinh.quantri"
PEOPLE = ("Họ và tên", "Thư điện tử", "Mã đơn vị", "Chức vụ", "Vai trò", "Từ ngày", "Đến ngày")
MORE_TABS = 90


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """The folder that files are chosen from."""
    return tmp_path_factory.mktemp("bàn làm việc")


@pytest.fixture(scope="module")
def giver(site) -> str:
    """The log-in of who holds models out, in a department of the ward's province."""
    done = site.python("-m", "tests.browser.giver")
    assert done.returncode == 0, done.stderr
    return GIVER


def press(screen: Screen, name: str) -> None:
    """Press the first shown button of this name, or where there is none, link."""
    place = screen.page.locator("main")
    button, link = (
        place.get_by_role(role, name=name, exact=True).locator("visible=true")
        for role in ("button", "link")
    )
    expect(button.or_(link).first).to_be_visible()
    (button if button.count() else link).first.click()


def told(screen: Screen, words: str) -> None:
    """Wait until the page says so."""
    expect(screen.page.get_by_text(words).locator("visible=true").first).to_be_visible()


def answered(screen: Screen, words: str | re.Pattern[str]) -> None:
    """Wait until the page's heading says so; the page follows what the worker does by itself."""
    expect(screen.page.get_by_role("heading", level=1)).to_have_text(words, timeout=40_000)


def tab_to(screen: Screen, label: str) -> None:
    """Go on from control to control until the one with this label has the focus."""
    where = "() => document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
    for _ in range(MORE_TABS):
        screen.page.keyboard.press("Tab")
        if (screen.page.evaluate(where) or "").strip() == label:
            return
    raise AssertionError(f"{label} is not reached by keyboard on {screen.page.url}")


def test_a_list_of_the_portal_becomes_a_procedure_by_one_tap(screen_of, desk):
    names = {"9.710001": "Cấp giấy xác nhận tạm trú vùng lũ", "9.710002": "Cấp lại giấy xác nhận"}
    rows = [make.record(ma_thu_tuc=code, ten_thu_tuc=name) for code, name in names.items()]
    path = desk / "danh sách tháng 11.jsonl"
    path.write_bytes(make.lines(*rows, make.record(ma_thu_tuc="chưa có mã")))
    secretary = screen_of(SECRETARY)
    secretary.open("/thu-tuc/nhap/")
    secretary.page.get_by_label("Tệp danh sách").set_input_files(str(path))
    press(secretary, "Tải lên và đọc")
    answered(secretary, "1 trong 3 dòng không nhận được")
    expect(secretary.page.locator("tbody tr")).to_contain_text(["Mã “chưa có mã” không đúng dạng"])
    secretary.check()

    secretary.open("/quy-trinh/thu-tuc/do-phu/")
    press(secretary, "Nhận từ danh mục")
    secretary.check()
    secretary.page.get_by_label("Nhận thủ tục 9.710002").uncheck()
    press(secretary, "Nhận các thủ tục đã chọn")
    row = secretary.page.locator("tr", has_text=names["9.710001"])
    expect(row).to_contain_text("Chưa có quy trình")
    expect(secretary.page.get_by_text(names["9.710002"])).to_have_count(0)
    secretary.check()
    row.get_by_role("button", name="Soạn quy trình").click()
    secretary.page.wait_for_url(re.compile(r"/quy-trinh/ban/\d+/"))
    assert secretary.heading() == names["9.710001"]
    secretary.open("/quy-trinh/thu-tuc/do-phu/?q=9.710001")
    expect(secretary.page.locator("#ds-do-phu tbody tr")).to_contain_text(["Đang soạn"])


def test_a_file_of_the_corpus_is_edited_by_keyboard_and_comes_out_as_word(screen_of):
    path = data_folder() / "QT-02_1.012990.docx"
    if not path.is_file():
        pytest.skip("không có bộ tệp Word (đặt NEP_TEST_DATA)")
    steps = len(procedures_read(path.read_bytes(), file=path.name).procedures[0].steps)
    secretary = screen_of(SECRETARY)
    page = secretary.page
    address = drafted(secretary, path)
    secretary.check()

    version = page.locator("#phien-ban").input_value()
    tab_to(secretary, "Tên bước 2")
    page.keyboard.press("Control+End")
    page.keyboard.type(" và đối chiếu")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tên bước 3")).to_be_focused()
    expect(page.locator("#phien-ban")).not_to_have_value(version)
    name = page.get_by_label("Tên bước 2").input_value()
    tab_to(secretary, "Thêm bước")
    page.keyboard.press("Enter")
    expect(page.get_by_label(f"Tên bước {steps + 1}")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.get_by_label(f"Tên bước {steps + 1}")).to_have_count(0)
    expect(page.get_by_role("link", name=f"Chi tiết bước {steps}")).to_be_focused()
    tab_to(secretary, "Hoàn tác")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tên bước 2")).not_to_have_value(name)
    expect(page.get_by_role("button", name="Làm lại")).to_be_focused()  # nothing is left to undo
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tên bước 2")).to_have_value(name)
    expect(page.locator("#lui :focus")).to_have_count(1)
    page.reload()
    expect(page.get_by_label("Tên bước 2")).to_have_value(name)
    assert name.endswith(" và đối chiếu")

    secretary.open(f"{address}van-ban/")
    page.get_by_label("1. MỤC ĐÍCH").fill("Quy định thống nhất việc cấp giấy xác nhận.")
    press(secretary, "Lưu văn bản")
    secretary.check()
    out = page.request.get(f"{secretary.address}{address}quy-trinh.docx").body()
    again = procedures_read(out, file="ra.docx").procedures[0]
    assert len(again.steps) == steps and again.steps[1].content == name
    printed = page.get_by_role("link", name="Xem bản in").get_attribute("href")
    assert page.request.get(f"{secretary.address}{printed}").body().startswith(b"%PDF")


def test_a_step_with_form_and_data_is_issued_as_a_package_that_its_people_read(screen_of, desk):
    secretary = screen_of(SECRETARY)
    page = secretary.page
    secretary.open("/tai-lieu/moi/")
    form = desk / "phiếu đối chiếu.pdf"
    form.write_bytes(paper_pdf(Paper("Phiếu đối chiếu", issuer="UBND phường",
                                     blocks=(line("Nội dung đối chiếu"),)),
                               made_at=datetime.now(UTC)))  # fmt: skip
    page.get_by_label("Loại tài liệu").select_option(label="Biểu mẫu")
    page.get_by_label("Tên tài liệu").fill("Phiếu đối chiếu hộ tịch")
    page.get_by_label("Mã hiệu").fill("BM-DC.01")
    page.locator("main input[type=file]").set_input_files(str(form))
    press(secretary, "Mở bản thảo")
    page.wait_for_url(re.compile(r"/tai-lieu/\d+/"))

    address = revised(secretary, "Thủ tục đăng ký giám hộ")
    page.get_by_role("link", name="Chi tiết bước 2").press("Enter")
    panel = page.get_by_role("dialog", name=re.compile("^Bước 2"))
    panel.get_by_label("Tên hồ sơ").fill("Phiếu đối chiếu")  # typed before another part is saved
    panel.get_by_label("Biểu mẫu trong thư viện").select_option(
        label="BM-DC.01 Phiếu đối chiếu hộ tịch"
    )
    saved(panel, "Thêm biểu mẫu")
    expect(panel.get_by_role("button", name="Bỏ biểu mẫu")).to_be_visible()
    expect(panel.get_by_role("status")).to_contain_text("BM-DC.01")  # said where it is seen
    expect(panel.get_by_label("Tên hồ sơ")).to_have_value("Phiếu đối chiếu")
    panel.get_by_label("Thời hạn lưu").fill("10 năm")
    saved(panel, "Lưu hồ sơ để lại")
    expect(panel.get_by_label("Tên hồ sơ")).to_have_value("Phiếu đối chiếu")
    expect(panel.get_by_label("Các lựa chọn")).to_be_hidden()
    panel.get_by_label("Tên ô").fill("Kết quả đối chiếu")
    panel.get_by_label("Loại").select_option(label="chọn một trong danh sách")
    panel.get_by_label("Các lựa chọn").fill("Khớp\nKhông khớp")
    saved(panel, "Thêm ô")
    expect(panel.locator("summary").filter(has_text="Kết quả đối chiếu")).to_be_visible()
    secretary.check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Chi tiết bước 2")).to_be_focused()
    press(secretary, "Gửi kiểm tra")
    dialog = page.locator("dialog[open]")
    expect(dialog.get_by_label("BM-DC.01")).to_be_checked()
    chosen(dialog, "Chu Văn Bình")
    secretary.check()
    dialog.get_by_role("button", name="Gửi kiểm tra").click()
    told(secretary, "Đã gửi kiểm tra.")

    checker = screen_of(CHECKER)
    checker.open(address)
    told(checker, "Gói ban hành gồm quy trình và 1 biểu mẫu")
    press(checker, "Kiểm tra xong")
    chosen(checker.page.locator("dialog[open]"), "Lê Thanh Sơn")
    checker.page.get_by_role("button", name="Trình phê duyệt").click()
    told(checker, "Đã kiểm tra xong, trình phê duyệt.")
    leader = screen_of(LEADER)
    leader.open(address)
    press(leader, "Phê duyệt và ban hành")
    leader.page.get_by_label("Số quyết định").fill("77/QĐ-UBND")
    leader.check()
    leader.page.locator("dialog[open]").get_by_role("button", name="Ban hành").click()
    told(leader, "Đã ban hành.")
    document = leader.page.get_by_role("link", name="BM-DC.01").first.get_attribute("href")
    leader.open(str(document))
    told(leader, "Đang hiệu lực")

    reader = screen_of("sn.hotich1")
    reader.open("/tai-lieu/can-doc/")
    reader.page.get_by_role("link", name=re.compile("Thủ tục đăng ký giám hộ")).first.click()
    told(reader, "Việc của bạn đổi như sau")
    reader.check()
    reader.page.get_by_role("link", name="Xem toàn bộ khác biệt").click()
    told(reader, "thêm biểu mẫu BM-DC.01")
    reader.check()
    reader.page.go_back()
    press(reader, "Tôi đã đọc và hiểu")
    told(reader, "Bạn đã đọc và hiểu bản này")


def revised(screen: Screen, title: str) -> str:
    """Open a new revision of a procedure in force; return its address."""
    screen.open("/quy-trinh/")
    screen.page.get_by_role("link", name=title, exact=True).first.click()
    press(screen, "Soạn lần sửa đổi mới")
    screen.page.get_by_label("Nội dung sửa đổi").fill("Rà soát năm 2026.")
    press(screen, "Mở bản thảo")
    screen.page.wait_for_url(re.compile(r"/quy-trinh/ban/\d+/"))
    return screen.page.url.removeprefix(screen.address).partition("?")[0]


def saved(panel: Locator, name: str) -> None:
    """Press a button of a step's dialog and wait until the draft is a version further."""
    version = panel.page.locator("#phien-ban")
    before = version.input_value()
    panel.get_by_role("button", name=name).click()
    expect(version).not_to_have_value(before)


def chosen(place: Locator, name: str) -> None:
    """Choose the person whose line begins with a name."""
    box = place.locator("select[name=person]")
    texts = box.locator("option").all_inner_texts()
    box.select_option(label=next(text for text in texts if name in text))


def test_a_commune_adopts_a_model_on_a_phone_and_answers_its_new_edition(screen_of, site, giver):
    publisher = screen_of(giver)
    publisher.open("/quy-trinh-mau/cong-bo/")
    publisher.check()
    press(publisher, "Làm mẫu")
    publisher.page.get_by_label("Ủy ban nhân dân cấp xã").check()
    publisher.check()
    press(publisher, "Công bố mẫu")
    told(publisher, "Đã công bố mẫu.")
    model = re.search(r"/quy-trinh-mau/\d+/", publisher.page.url).group(0)

    commune = screen_of(SECRETARY)
    commune.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    commune.open("/quy-trinh-mau/")
    commune.page.get_by_role("link", name="Xây dựng kế hoạch công tác tháng").first.click()
    for box in commune.page.locator("main select").all():
        box.select_option(index=1)
    press(commune, "Áp dụng mẫu này")
    commune.page.wait_for_url(re.compile(r"/quy-trinh/ban/\d+/"))
    told(commune, "Theo mẫu của Sở Tư pháp, bản 1")
    version = commune.page.locator("#phien-ban")
    before = version.input_value()
    commune.page.get_by_label("Thời gian bước 1").fill("12")
    commune.page.get_by_label("Thời gian bước 1").blur()
    expect(version).not_to_have_value(before)
    commune.page.reload()
    expect(commune.page.get_by_label("Thời gian bước 1")).to_have_value("12")
    commune.check()

    assert site.python("-m", "tests.browser.giver", "tighter").returncode == 0
    publisher.open(model)
    told(publisher, "Nguồn của mẫu đã có bản mới")
    publisher.page.get_by_label("Bản mới đổi gì, vì sao").fill("Kế hoạch có trước ngày 28.")
    publisher.check()
    press(publisher, "Công bố bản mới")
    expect(publisher.page.locator("tr", has_text="UBND phường Sông Nhuận")).to_contain_text(
        "Có bản mới chưa trả lời"
    )
    commune.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    commune.open("/quy-trinh-mau/?loc=drifted")
    commune.page.get_by_role("link", name="Có bản mới chưa trả lời").last.click()
    answered(commune, "Mẫu có bản 2, cơ quan đang theo bản 1")
    told(commune, "thành “16 giờ làm việc”")
    commune.check()
    commune.page.get_by_role("textbox", name="Lý do").fill("Phường đã làm 12 giờ, ngắn hơn mẫu.")
    press(commune, "Giữ bản cũ")
    told(commune, "Đã ghi lý do, nơi công bố mẫu đọc được.")
    publisher.open("/quy-trinh-mau/theo-doi/")
    publisher.check()
    publisher.page.get_by_role("link", name="UBND phường Sông Nhuận").click()
    told(publisher, "Phường đã làm 12 giờ, ngắn hơn mẫu.")


def test_people_come_from_a_sheet_and_texts_of_drafts_find_their_role(screen_of, desk):
    admin = screen_of("sn.quantri")
    path = desk / "nhân sự.xlsx"
    rows = [("Vũ Thị Lê Mới", "", "PMH", "Chuyên viên", "", "01/11/2026", ""),
            ("Bùi Văn Lạ", "", "KHONGCO", "Chuyên viên", "", "01/11/2026", "")]  # fmt: skip
    path.write_bytes(xlsx([
        ("Người", [SheetColumn(name) for name in PEOPLE], rows),
        ("Đơn vị", [SheetColumn(name) for name in ("Mã đơn vị", "Tên đơn vị", "Bộ phận một cửa")],
         [("PMH", "Phòng Môi trường", "")]),
    ]))  # fmt: skip
    sheet_chosen(admin, path)
    answered(admin, re.compile("^Xem trước, chưa ghi gì: 2 thêm mới.*1 không nhận"))
    admin.check()
    press(admin, "Ghi như xem trước")
    answered(admin, re.compile("^Đã nhập đơn vị và người: 2 thêm mới"))
    sheet_chosen(admin, path)
    answered(admin, re.compile("^Xem trước, chưa ghi gì: 0 thêm mới, 0 đổi, 2 không đổi"))

    secretary = screen_of(SECRETARY)
    flow = desk / "quy trình môi trường.docx"
    flow.write_bytes(word_flow())
    address = drafted(secretary, flow, roles={"Chuyên viên Phòng Môi trường": ""})
    secretary.open("/quy-trinh/nguoi-lam/")
    box = secretary.page.get_by_label("Vai trò của Chuyên viên Phòng Môi trường")
    expect(box).to_have_value("PMH/specialist")
    secretary.check()
    press(secretary, "Giao cho mọi bản thảo")
    told(secretary, "Đã giao")
    secretary.open(address)
    expect(secretary.page.get_by_label("Trách nhiệm bước 2")).to_have_value("PMH/specialist")


def word_flow() -> bytes:
    """Return a Word file whose second step falls to a unit that the sheet of people brings."""
    document = docx.Document()
    document.add_heading("QUY TRÌNH XÁC NHẬN ĐĂNG KÝ MÔI TRƯỜNG", 1)
    document.add_paragraph("Mã thủ tục: 9.720001. Thời hạn: 02 ngày làm việc.")
    table = document.add_table(rows=0, cols=4)
    for row in (
        ("Bước", "Trình tự", "Trách nhiệm", "Thời gian"),
        ("Bước 1", "Tiếp nhận hồ sơ", "Bộ phận một cửa", "0,5 ngày làm việc"),
        ("Bước 2", "Thẩm định hồ sơ", "Chuyên viên Phòng Môi trường", "1 ngày làm việc"),
        ("Bước 3", "Ký giấy xác nhận", "Chủ tịch UBND", "0,5 ngày làm việc"),
    ):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def drafted(screen: Screen, path: Path, *, roles: dict[str, str] | None = None) -> str:
    """Bring one procedure in from a file, `roles` given to its texts; return the draft's address."""
    screen.open("/quy-trinh/nhap-tu-word/")
    screen.page.locator("input[type=file]").set_input_files(str(path))
    press(screen, "Tải lên và đọc")
    answered(screen, "Đọc được 1 quy trình trong 1 tệp")
    screen.check()
    for text, role in (roles or {}).items():
        screen.page.get_by_label(f"Vai trò của {text}").select_option(role)
    press(screen, "Lập bản thảo từ 1 quy trình")
    told(screen, "Đã lập 1 bản thảo.")
    screen.page.locator("main a[href*='/quy-trinh/ban/']").first.click()
    screen.page.wait_for_url(re.compile(r"/quy-trinh/ban/\d+/"))
    found = re.search(r"/quy-trinh/ban/\d+/", screen.page.url)
    assert found is not None
    return found.group(0)


def sheet_chosen(screen: Screen, path: Path) -> None:
    """Let a sheet of people be tried."""
    screen.open("/co-quan/nguoi/nhap/")
    screen.page.locator("main input[type=file]").set_input_files(str(path))
    press(screen, "Đọc tệp và xem trước")


def test_a_rule_of_the_linter_blocks_here_once_the_agency_says_so(screen_of):
    secretary = screen_of(SECRETARY)
    page = secretary.page
    secretary.open("/quy-trinh/luat-soat/")
    rule = page.locator("details#one_holder")
    rule.locator("summary").click()
    rule.get_by_label("Mức độ").select_option(label="Chặn ban hành")
    rule.get_by_role("button", name="Đặt luật").click()
    told(secretary, "Đã đặt luật soát.")
    answered(secretary, "1 luật soát chặn ban hành, ngoài các lỗi luôn chặn")
    secretary.check()
    page.locator("details#one_holder summary").click()
    page.locator("details#one_holder").get_by_role("button", name="Về mức ban đầu").click()
    told(secretary, "Đã trở về mức ban đầu.")
    answered(secretary, "Luật soát quy trình chỉ cảnh báo và gợi ý, lỗi thì luôn chặn")

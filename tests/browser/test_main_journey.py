"""The main job in a real browser: from a Word file to a returned result that everybody sees."""

import io
import re
import time
from datetime import date

import docx
import pytest
from playwright.sync_api import expect

from nep.kernel.text import fold
from tests import world

SLIP = (
    ("1", "Tiếp nhận", "Dương Khánh Ly", "Định mức 4 giờ", "Trước hạn"),
    ("2", "Thẩm định", "Nghiêm Thùy Dung", "Định mức 8 giờ", "Trước hạn"),
    ("3", "Ký", "Lê Thanh Sơn", "Định mức 4 giờ", "Trước hạn"),
)


@pytest.fixture(scope="module")
def word_file(tmp_path_factory):
    """A small procedure as a Word file on the secretary's desk."""
    path = tmp_path_factory.mktemp("bàn làm việc") / "quy trình xác nhận.docx"
    path.write_bytes(world.word_file("thử"))
    return path


def button(screen, name):
    """Return the first shown button with this name."""
    return screen.page.get_by_role("button", name=name).locator("visible=true").first


def test_a_word_file_becomes_a_running_case_and_a_returned_result(screen_of, word_file):
    secretary = screen_of("sn.thukyiso")
    address = drafted(secretary, word_file)
    title = secretary.heading()
    assert title and "chưa có tên" not in title
    limit_tried(secretary)
    left_while_saving(secretary, address)
    secretary.check()
    drawn_on(secretary, address)
    drawn_around(secretary, address)
    played_through(secretary, address)
    secretary.open(address)
    button(secretary, "Gửi kiểm tra").click()
    secretary.page.get_by_label("Người kiểm tra").select_option(
        label=option(secretary, "Chu Văn Bình")
    )
    secretary.page.locator("dialog[open]").get_by_role("button", name="Gửi kiểm tra").click()
    expect(secretary.page.get_by_text("Đã gửi kiểm tra.").first).to_be_visible()

    checker = screen_of("sn.chanhvp")
    checker.open("/viec/")
    checker.check()
    checker.open(address)
    button(checker, "Kiểm tra xong").click()
    checker.page.get_by_label("Người phê duyệt").select_option(
        label=option(checker, "Lê Thanh Sơn")
    )
    checker.page.get_by_role("button", name="Trình phê duyệt").click()
    expect(checker.page.get_by_text("Đã kiểm tra xong, trình phê duyệt.").first).to_be_visible()

    leader = screen_of("sn.chutich")
    leader.open(address)
    button(leader, "Phê duyệt và ban hành").click()
    leader.page.locator("dialog[open]").get_by_role("button", name="Ban hành").click()
    expect(leader.page.get_by_text("Đã ban hành.").first).to_be_visible()
    leader.check()

    reception = screen_of("sn.motcua")
    code, case = accepted(reception, title)
    worked(reception, case)
    worked(screen_of("sn.hotich1"), case)
    before = counted(leader, "Trước và đúng hạn")
    worked(leader, case)
    assert public_state(screen_of(), reception, case, code) == "Đã xử lý xong"

    returned(reception, case)
    slip_holds_all_rows(leader, case, code)
    assert counted(leader, "Trước và đúng hạn") == before + 1
    counted_case_opens(leader, code)
    assert public_state(screen_of(), reception, case, code) == "Đã trả kết quả"


def drafted(secretary, word_file) -> str:
    """Import the file, map who is responsible, and return the draft's address."""
    secretary.open("/quy-trinh/nhap-tu-word/")
    secretary.page.locator("input[type=file]").set_input_files(str(word_file))
    button(secretary, "Tải lên và đọc").click()
    expect(secretary.page.get_by_role("heading", level=1)).to_contain_text(
        "Đọc được 1 quy trình", timeout=30_000
    )
    secretary.check()
    for text, role in (
        ("Bộ phận một cửa", "TTHCC/reception"),
        ("Công chức tư pháp", "VHXH/specialist"),
        ("Chủ tịch UBND", "LD/leader"),
    ):
        secretary.page.get_by_label(f"Vai trò của {text}").select_option(
            roles(secretary, text, role)
        )
    button(secretary, "Lập bản thảo").click()
    expect(secretary.page.get_by_text("Đã lập 1 bản thảo.").first).to_be_visible()
    secretary.page.locator("a[href*='/quy-trinh/ban/']").first.click()
    secretary.page.wait_for_url(re.compile(r"/quy-trinh/ban/\d+/"))
    return secretary.page.url.removeprefix(secretary.address).partition("?")[0]


def left_while_saving(secretary, address) -> None:
    """A page is left only when what was just typed is saved; without a line it stays."""
    page, saves = secretary.page, f"**{address}sua/"
    step = page.get_by_label("Tên bước 2")
    away = page.get_by_role("link", name="Văn bản", exact=True)
    page.route(saves, kept_waiting)
    step.fill("Thẩm định hồ sơ")
    away.click()
    page.wait_for_url(f"**{address}van-ban/")
    page.unroute(saves)
    secretary.open(address)
    expect(step).to_have_value("Thẩm định hồ sơ")

    page.route(saves, lambda route: route.abort())
    step.fill("Thẩm định hai lần")
    away.click()
    expect(page.get_by_text("Mất kết nối. Nội dung bạn nhập vẫn còn trên trang")).to_be_visible()
    expect(step).to_have_value("Thẩm định hai lần")
    expect(away).not_to_have_attribute("aria-busy", "true")
    page.unroute(saves)
    secretary.faults.clear()  # the line was cut by this test
    secretary.open(address)


def kept_waiting(route) -> None:
    """Send on what is saved, late, as over a slow line."""
    time.sleep(0.5)
    route.continue_()


def limit_tried(secretary) -> None:
    """See the limit read from the file's sentence; a tighter one stops the sending, until undone."""
    expect(secretary.page.get_by_text("Vừa đủ thời hạn").first).to_be_visible()
    limit_set(secretary, "1")
    expect(button(secretary, "Gửi kiểm tra")).to_be_disabled()
    secretary.check()
    limit_set(secretary, "2")
    expect(secretary.page.get_by_text("Vừa đủ thời hạn").first).to_be_visible()
    expect(button(secretary, "Gửi kiểm tra")).to_be_enabled()


def drawn_on(secretary, address: str) -> None:
    """Draw a step between two, see it as a row of the table, and take it back."""
    secretary.open(f"{address}luu-do/")
    page = secretary.page
    step = page.locator("#ban-ve .djs-shape").filter(has_text="Thẩm định").first
    expect(step).to_be_visible(timeout=20_000)
    expect(page.locator("#ban-ve .bjs-powered-by")).to_be_visible()
    secretary.check()
    step.locator(".djs-hit").first.click(force=True)
    long_name_shown(
        page, page.locator(f"[data-element-id='{step.get_attribute('data-element-id')}']")
    )
    page.locator(".djs-context-pad .entry[data-action=then-task]").click()
    page.keyboard.type("Lấy ý kiến")
    page.locator("#ve-o h2").click()
    page.get_by_role("button", name="Lưu lưu đồ").click()
    expect(page.locator(".toast").filter(has_text="Trên lưu đồ")).to_be_visible()
    secretary.open(address)
    expect(page.get_by_label("Tên bước 3")).to_have_value("Lấy ý kiến")
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    expect(page.get_by_label("Tên bước 3")).to_have_value(re.compile("^Ký"))
    page.reload()
    page.keyboard.press("Control+y")
    expect(page.get_by_label("Tên bước 3")).to_have_value("Lấy ý kiến")
    button(secretary, "Hoàn tác").click()
    expect(page.get_by_label("Tên bước 3")).to_have_value(re.compile("^Ký"))


def drawn_around(secretary, address: str) -> None:
    """Draw a note, what ends a step and a group of steps with the mouse; find them again; take them back."""
    page = secretary.page
    secretary.open(f"{address}luu-do/")
    board, side = page.locator("#ban-ve"), page.locator("#ve-o")
    expect(board.locator(".djs-shape").filter(has_text="Thẩm định").first).to_be_visible(
        timeout=20_000
    )
    corner = board.bounding_box()
    dragged(page, "note", corner["x"] + corner["width"] - 60, corner["y"] + 90)
    page.keyboard.type("Bản gốc")
    step = board.locator(".djs-shape").filter(has_text="Thẩm định").first
    picked(page, step, "on-late")
    expect(side.locator("h2")).to_contain_text("Xen vào bước")
    page.locator(".djs-context-pad .entry[data-action=then-end]").click()
    picked(page, step, "then-group")
    expect(side.locator("h2")).to_have_text("Nhóm bước")
    side.get_by_label("Tên nhóm").fill("Kiểm tra thực địa")
    side.locator("h2").click()
    page.get_by_role("button", name="Lưu lưu đồ").click()
    expect(page.locator(".toast").filter(has_text="Trên lưu đồ")).to_be_visible()
    page.reload()
    for words in ("Bản gốc", "Kiểm tra thực địa", "Quá thời gian"):
        expect(board).to_contain_text(words, timeout=20_000)
    secretary.open(address)
    expect(page.get_by_label("Tên bước 3")).to_have_value("Bước trong nhóm")
    for words in ("Kiểm tra thực địa", "quá 1 ngày làm việc"):
        expect(page.locator("main")).to_contain_text(words)
    button(secretary, "Hoàn tác").click()
    expect(page.get_by_label("Tên bước 3")).to_have_value(re.compile("^Ký"))


def dragged(page, tool: str, x: float, y: float) -> None:
    """Drag a shape from the palette to a place of the drawing."""
    entry = page.locator(f".djs-palette .entry[data-action={tool}]").bounding_box()
    page.mouse.move(entry["x"] + 10, entry["y"] + 10)
    page.mouse.down()
    page.mouse.move(x - 20, y, steps=4)
    page.mouse.move(x, y, steps=2)
    page.mouse.up()


def picked(page, shape, action: str) -> None:
    """Select a shape and pick what its ring of buttons offers; right after a drag no click counts."""
    entry = page.locator(f".djs-context-pad .entry[data-action={action}]")
    for _time in range(10):
        page.wait_for_timeout(600)
        shape.locator(".djs-hit").first.click(force=True)
        if entry.is_visible():
            break
    entry.click()


def long_name_shown(page, step) -> None:
    """Give a step a name longer than its box: it is shortened to fit, whole when pointed at."""
    name = "kiểm tra thành phần hồ sơ, đối chiếu bản chính, số hóa " * 8
    page.locator("#ve-o textarea").fill(name)
    page.locator("#ve-o h2").click()
    expect(step.locator(":scope > title")).to_have_text(name.strip())
    words, box = step.locator(".djs-visual text"), step.locator(".djs-visual > rect").first
    expect(words).to_contain_text("…")
    assert words.bounding_box()["height"] <= box.bounding_box()["height"] + 4
    page.locator("[data-do=undo]").click()
    expect(words).not_to_contain_text("…")


def played_through(secretary, address: str) -> None:
    """Play a case through the diagram, step by step and to the end."""
    secretary.open(f"{address}chay-thu/")
    page = secretary.page
    expect(page.get_by_role("heading", name="Đang ở bước 1")).to_be_visible()
    page.locator("[data-go=next]").click()
    expect(page.get_by_role("heading", name="Đang ở bước 2")).to_be_visible()
    expect(page.locator(".bp-now")).to_have_count(1)
    page.get_by_role("link", name="Chạy tới cuối").click()
    expect(page.get_by_role("heading", name="Kết thúc")).to_be_visible()
    secretary.check()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="Đang ở bước 3")).to_be_visible()


def limit_set(secretary, days: str) -> None:
    """Type the limit of the procedure."""
    secretary.page.get_by_label("Thời hạn giải quyết").fill(days)
    secretary.page.get_by_label("Đơn vị của thời hạn").select_option("working_day")
    secretary.page.locator("form.lim-form").first.get_by_role("button", name="Lưu").click()


def roles(screen, text, wanted) -> str:
    """Return the value of the choice for a role; a leader of the whole agency has no unit."""
    values = (
        screen.page.get_by_label(f"Vai trò của {text}")
        .locator("option")
        .evaluate_all("all => all.map(one => one.value)")
    )
    return wanted if wanted in values else wanted.partition("/")[2]


def option(screen, name) -> str:
    """Return the whole text of the choice that names a person."""
    texts = screen.page.locator("select[name=person] option").all_inner_texts()
    return next(text for text in texts if name in text)


def accepted(reception, title: str) -> tuple[str, str]:
    """Take a case of the new procedure in; return its code and address."""
    reception.open("/ho-so/tiep-nhan/")
    reception.page.get_by_label("Tìm thủ tục").fill(fold(title))
    reception.page.locator("#ds-tt a.b").filter(has_text=title).first.click()
    reception.page.wait_for_url(re.compile(r"tt=\d+"))
    reception.check()
    reception.page.get_by_label("Họ và tên hoặc tên tổ chức").fill("Nguyễn Thị Hòa")
    button(reception, "Tiếp nhận và in giấy hẹn").click()
    reception.page.wait_for_url(re.compile(r"/ho-so/\d+/"))
    reception.check()
    code = re.search(r"H99\.131-\d{6}-\d{4}", reception.page.inner_text("body")).group(0)
    case = re.search(r"/ho-so/\d+/", reception.page.url).group(0)
    assert f"{date.today():%y%m}" in code
    return code, case


def worked(screen, case) -> None:
    """Take the step when it waits for its role, finish it, and look at the page before."""
    screen.open(case)
    take = screen.page.get_by_role("button", name="Nhận việc này về tôi")
    if take.count():
        take.first.click()
        expect(screen.page.get_by_text("Bạn đã nhận bước này.").first).to_be_visible()
        screen.open(case)
    screen.check()
    screen.page.locator("form#buoc button[type=submit]").locator("visible=true").first.click()
    expect(
        screen.page.get_by_text(re.compile("Đã chuyển hồ sơ|Đã hoàn thành")).first
    ).to_be_visible()


def returned(reception, case) -> None:
    """Hand the result to the citizen at the counter."""
    reception.open(case)
    reception.check()
    button(reception, "Đã trả kết quả cho người nộp").click()
    expect(reception.page.get_by_text("Đã trả kết quả.").first).to_be_visible()
    reception.open(case)
    assert reception.page.get_by_role("button", name="Đã trả kết quả cho người nộp").count() == 0
    reception.check()


def slip_holds_all_rows(screen, case, code) -> None:
    """Read the control slip on screen: every hand-over, its planned and real time, its result."""
    screen.open(f"{case}phieu-kiem-soat/")
    screen.check()
    lines = screen.page.locator("article.paper tbody tr").all_inner_texts()
    rows = ["\n".join(pair) for pair in zip(lines[::2], lines[1::2], strict=True)]  # step, hands
    for row, words in zip(rows, SLIP, strict=True):
        missing = [one for one in words if one not in row]
        assert not missing, (row, missing)
    paper = screen.page.locator("article.paper").inner_text()
    assert code in paper
    assert "Kết quả giải quyết hồ sơ: trước hạn" in paper


def counted(screen, label) -> int:
    """Return how many finished cases the figures page counts as before or on time."""
    screen.open("/dieu-hanh/")
    screen.check()
    words = screen.page.locator(".stat").filter(has_text=label).first.inner_text()
    return sum(int(one) for one in re.findall(r"(\d+) (?:trước|đúng) hạn", words))


def counted_case_opens(screen, code) -> None:
    """Open the figure and find the case among the rows that make it."""
    screen.open("/dieu-hanh/")
    screen.page.get_by_role("link", name=re.compile(r"^\d+ trước hạn$")).first.click()
    screen.page.wait_for_url(re.compile("/ho-so/"))
    expect(screen.page.get_by_role("link", name=code).first).to_be_visible()
    screen.check()


def public_state(citizen, reception, case, code) -> str:
    """Look the case up by typed code and by the receipt's QR address; both say the same state."""
    citizen.open("/tra-cuu/")
    citizen.check()
    citizen.page.get_by_label("Mã hồ sơ").fill(code)
    citizen.page.get_by_role("button", name="Tra cứu").click()
    expect(citizen.page.locator("main").get_by_text(code)).to_be_visible()
    typed = citizen.heading()
    citizen.check()
    citizen.open(qr_address(reception, case))
    assert citizen.heading() == typed
    assert "Nguyễn Thị Hòa" not in citizen.page.inner_text("body")
    citizen.check()
    return typed


def qr_address(reception, case) -> str:
    """Return the look-up address that the printed receipt carries."""
    answer = reception.page.request.get(f"{reception.address}{case}giay-hen.docx")
    paper = docx.Document(io.BytesIO(answer.body()))
    cells = [one.text for table in paper.tables for row in table.rows for one in row.cells]
    words = " ".join([one.text for one in paper.paragraphs] + cells)
    return re.search(r"/tra-cuu/k/[\w-]+/", words).group(0)

"""The pages and papers of a declaration."""

import html
import io

import pytest
from django.urls import reverse
from docx import Document

from nep.apps.conformity.models import Declaration
from nep.apps.conformity.tests import declared
from nep.apps.organization.tests.scene import NOW
from nep.apps.records.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_the_year_of_the_scene(time_machine):
    """Have the pages' clock stand in the scene's year, whenever the test runs."""
    time_machine.move_to(NOW)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def test_a_first_declaration_is_led_to_its_end_on_the_page(agency, client, full):
    agency.scene.sign_in(client, "thu")
    empty = text(client.get("/cong-bo/"))
    form = text(client.get("/cong-bo/moi/"))
    made = client.post("/cong-bo/moi/", {
        "reason": "first", "edition": "2015", "scope_text": declared.SCOPE, "lead_unit": "Sở KHCN",
    })  # fmt: skip
    place = made["Location"]
    steps = [client.post(place + "ap-dung/").status_code]
    agency.scene.sign_in(client, "gd")
    before = text(client.get(place))
    bare = client.post(place + "xac-nhan/", {"text": ""})
    steps.append(client.post(place + "xac-nhan/", {"text": "Hệ thống có hiệu lực."}).status_code)
    today = Declaration.objects.get().confirmed_at.strftime("%d/%m/%Y")
    steps.append(
        client.post(place + "quyet-dinh/", {"on": today, "number": "12/QĐ-STP"}).status_code
    )
    agency.scene.sign_in(client, "thu")
    for kind, url in (("notice", ""), ("office", ""), ("web", "https://stp.example.vn/cb")):
        sent = {"kind": kind, "place": "Nơi nhận", "url": url, "on": today}
        steps.append(client.post(place + "gui/", sent).status_code)

    assert "chưa công bố" in empty
    assert "Phạm vi gồm 1 thủ tục" in form
    assert "Ký xác nhận hiệu lực" in before
    assert bare.status_code == 422
    assert steps == [302] * 6
    assert "Đang duy trì" in text(client.get(place))
    assert "12/QĐ-STP" in text(client.get("/cong-bo/"))


def test_an_open_gate_is_told_on_the_page_and_again_when_tried(agency, client, connect):
    connect(declared.without(ground=lambda _: (declared.GROUND[0], None)))
    one = declared.started(agency)
    agency.scene.sign_in(client, "thu")
    place = reverse("conformity:declaration", args=[one])
    shown = text(client.get(place))
    tried = client.post(place + "ap-dung/")

    assert "còn thiếu 1 điều kiện" in shown
    assert "Chưa có chính sách chất lượng đang có hiệu lực." in shown
    assert tried.status_code == 422
    assert "Chưa “Đưa vào áp dụng” được" in text(tried)


def test_papers_say_what_was_confirmed_and_decided(agency, client, full, time_machine):
    one = declared.brought(agency, "confirmed")
    agency.scene.sign_in(client, "thu")

    def words(paper: str) -> str:
        answer = client.get(reverse("conformity:declaration_paper", args=[one, paper, "docx"]))
        document = Document(io.BytesIO(answer.content))
        cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
        return "\n".join([one.text for one in document.paragraphs] + cells)

    draft, confirmed = words("quyet-dinh"), words("xac-nhan")
    declared.moved(agency, one, "declare")
    decision = words("quyet-dinh")
    declared.posted(agency, one, "notice")
    time_machine.move_to(declared.LATER)
    client.cookies.clear()
    agency.scene.sign_in(client, "thu")
    notice = words("thong-bao")
    pdf = client.get(reverse("conformity:declaration_paper", args=[one, "quyet-dinh", "pdf"]))

    assert "DỰ THẢO" in draft
    assert "01/XN-H99.18" in confirmed
    assert Declaration.objects.get().seal in confirmed
    for said in ("01/QĐ-H99.18", "Điều 1.", "TCVN ISO 9001:2015", "Trần Giám Đốc", "PHỤ LỤC"):
        assert said in decision
    assert "DỰ THẢO" not in decision
    assert "Kính gửi: Sở Khoa học và Công nghệ tỉnh Lam Sơn" in notice
    assert f"ngày {declared.LATER:%d} tháng" not in notice  # dated as it was sent
    assert pdf.content.startswith(b"%PDF")
    for bad in ((one, "khac", "pdf"), (one, "quyet-dinh", "zip")):
        assert client.get(reverse("conformity:declaration_paper", args=bad)).status_code == 404


def test_the_decision_is_kept_once_with_its_hash(agency, client, full):
    one = declared.brought(agency, "confirmed")
    agency.scene.sign_in(client, "thu")
    place = reverse("conformity:declaration", args=[one])
    early = client.post(place + "luu/")
    declared.moved(agency, one, "declare")
    for _ in range(2):
        client.post(place + "luu/")

    assert early.status_code == 422
    assert Record.objects.get().sha256[:12] in text(client.get(place))


def test_pages_ask_the_same_few_questions(agency, client, full, django_assert_max_num_queries):
    one = declared.brought(agency, "maintained")
    agency.scene.sign_in(client, "thu")
    for place in ("/cong-bo/", f"/cong-bo/{one}/"):
        client.get(place)
        with django_assert_max_num_queries(15):
            client.get(place)


def test_the_parts_below_themselves_are_asked_in_few_questions(
    agency, client, django_assert_max_num_queries
):
    one = declared.started(agency)
    agency.scene.sign_in(client, "thu")
    place = reverse("conformity:declaration", args=[one])
    shown = text(client.get(place))

    for told in ("Chưa có phạm vi hệ thống", "Chưa có chính sách chất lượng", "1/1 thủ tục"):
        assert told in shown
    with django_assert_max_num_queries(16):
        client.get(place)

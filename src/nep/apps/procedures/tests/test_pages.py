"""The pages: who may open them, what they show and do, another agency's objects."""

import html
import re
from dataclasses import replace
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nep.apps.organization import queries as organization
from nep.apps.procedures import queries, services
from nep.apps.procedures.models import Definition, RoleMapping, Tthc, WordImport
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.tests.scene import (
    begun,
    bring_into_force,
    draft,
    hash_of,
    published,
    tthc,
)
from nep.kernel.vietnamese import VN

NOW = datetime(2026, 12, 10, 10, 20, tzinfo=VN)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def at_the_time(time_machine):
    time_machine.move_to(NOW, tick=False)


def page(name: str, *args) -> str:
    return reverse(f"procedures:{name}", args=args)


def text(response) -> str:
    return html.unescape(response.content.decode())


@pytest.fixture
def lan(agency, client):
    agency.sign_in(client, "lan")
    return client


@pytest.mark.parametrize("name", ["list", "new", "tthc_list", "tthc_new", "word"])
def test_every_page_opens_for_a_specialist(lan, name):
    response = lan.get(page(name))

    assert response.status_code == 200
    assert "<h1>" in text(response)


@pytest.mark.parametrize("name", ["new", "tthc_new", "word"])
def test_a_reception_clerk_opens_no_page_of_drafting(agency, client, name):
    agency.sign_in(client, "tuan")

    assert client.get(page(name)).status_code == 403


def test_the_list_finds_with_and_without_marks_and_says_the_state(agency, lan):
    published(agency)
    begun(agency, name="Đăng ký khai sinh", code="1.000002", limit_amount=None, limit_unit="")

    everything = text(lan.get(page("list")))
    found = text(lan.get(page("list"), {"q": "dang ky KHAI sinh"}))
    in_force = text(lan.get(page("list"), {"tt": "in_force"}))

    assert "1 quy trình đang hiệu lực, 1 bản đang soạn" in everything
    assert "Đăng ký khai sinh" in found
    assert "Cấp giấy phép" not in found
    assert "Đăng ký khai sinh" not in in_force


def test_the_list_asks_the_same_number_of_queries_for_many(agency, lan):
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            lan.get(page("list"))
        return len(asked)

    begun(agency)
    count()
    few = count()
    for number in range(2, 12):
        begun(agency, name=f"Thủ tục {number}", code=f"1.00000{number:02d}")

    assert count() == few


def test_the_page_of_a_revision_shows_table_diagram_and_proof(agency, lan):
    made = begun(agency)
    shown = text(lan.get(page("revision", made.revision_id)))

    assert "Tổng thời gian 3 ngày 4 giờ / 5 ngày làm việc" in shown
    assert "Trong thời hạn, dư 1 ngày 4 giờ" in shown
    assert "<svg" in shown
    assert "Thiếu thành phần" in shown
    assert "8 mục đã đạt" in shown
    assert 'style="' not in shown


def test_a_page_of_a_revision_asks_few_queries_whatever_its_steps(agency, lan):
    made = begun(agency)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            lan.get(page("revision", made.revision_id))
        return len(asked)

    count()
    few = count()
    for _ in range(10):
        version = Definition.objects.get(revision_id=made.revision_id).version
        lan.post(page("edit", made.revision_id), {"do": "add", "version": version})

    assert count() == few
    assert 0 < few <= 21  # four of them for the rules beyond the proof, one for its model


def test_another_agencys_revision_is_not_found(agency, other_agency, client):
    made = begun(agency)
    other_agency.sign_in(client, "lan")

    for name in ("revision", "bpmn", "original"):
        assert client.get(page(name, made.revision_id)).status_code == 404
    assert client.post(page("edit", made.revision_id), {"do": "add"}).status_code == 404
    assert client.get(page("procedure", made.procedure_id)).status_code == 404


def test_a_changed_cell_brings_back_proof_diagram_and_version(agency, lan):
    made = begun(agency)
    response = lan.post(
        page("edit", made.revision_id),
        {"do": "row", "step": "b2", "version": "1", "name": "Thẩm định", "note": "",
         "role": "PKH/specialist", "amount": "9", "unit": "working_day", "forms": "Báo cáo"},
        headers=HTMX,
    )  # fmt: skip
    shown = text(response)

    assert response.status_code == 200
    assert "Vượt thời hạn" in shown
    assert 'id="phien-ban" name="version" value="2"' in shown
    assert "<textarea" not in shown  # the row being typed in is not replaced


def test_a_changed_shape_brings_back_the_whole_board(agency, lan):
    made = begun(agency)
    response = lan.post(page("edit", made.revision_id), {"do": "add", "version": "1"}, headers=HTMX)

    assert response["HX-Retarget"] == "#ban"
    assert text(response).count('class="no"') == 5


def test_without_script_an_edit_leads_back_to_the_row(agency, lan):
    made = begun(agency)
    response = lan.post(
        page("edit", made.revision_id), {"do": "move_up", "step": "b3", "version": "1"}
    )

    assert response["Location"].endswith(f"/{made.revision_id}/#b3")


def test_an_edit_that_cannot_be_done_says_why(agency, lan):
    made = begun(agency)
    response = lan.post(
        page("edit", made.revision_id),
        {"do": "limit", "step": "b1", "amount": "bốn", "unit": "working_hour", "version": "1"},
        headers=HTMX,
    )

    assert response.status_code == 422
    assert "Không đọc được thời gian “bốn”" in text(response)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_loser_of_a_race_sees_who_changed_what_and_keeps_the_words(agency, lan, headers):
    made = begun(agency)
    services.definition_edit(
        actor=agency.actor("huy"), revision_id=made.revision_id, expected_version=1, now=NOW,
        edit=Edit("rename", "b1", {"name": "Của Huy"}),
    )  # fmt: skip
    response = lan.post(
        page("edit", made.revision_id),
        {"do": "rename", "step": "b1", "name": "Của Lan", "version": "1"},
        headers=headers,
    )
    shown = text(response)

    assert response.status_code == 409
    assert "Phạm Quốc Huy: đổi tên bước 1" in shown
    assert "Của Lan" in shown
    again = lan.post(
        page("edit", made.revision_id),
        {"do": "rename", "step": "b1", "name": "Của Lan", "version": "2"},
    )
    assert again.status_code == 302
    assert queries.step_table(made.revision_id)[0].name == "Của Lan"


def test_the_dialog_of_a_step_offers_its_ways_and_places(agency, lan):
    made = begun(agency)
    fragment = text(lan.get(page("step", made.revision_id, "b2"), headers=HTMX))
    plain = lan.get(page("step", made.revision_id, "b2"))

    assert "Thiếu thành phần" in fragment
    assert "Xóa bước" in fragment
    assert "<h1>" not in fragment
    assert plain["Location"].endswith("?buoc=b2#b2")
    assert "Xóa bước" in text(lan.get(plain["Location"]))


def test_an_open_dialog_changes_nothing_beside_it(agency, lan):
    address = page("revision", begun(agency).revision_id)
    alone = beside_the_dialog(text(lan.get(address)))

    for query in ("buoc=b2", "buoc=b4", "buoc=bat-dau", "them=b1"):
        shown = text(lan.get(f"{address}?{query}"))
        assert "<dialog id=" in re.search(BOX, shown).group(), query
        assert beside_the_dialog(shown) == alone, query


BOX = re.compile(r'<div id="hop">.*?(?=<section class="sheet lint")', re.DOTALL)
TOKEN = re.compile(r'(?<=["\'])[\w-]{22,}(?=["\'])')  # of a form: another with every answer


def beside_the_dialog(shown: str) -> str:
    """Return a page of the editor without what stands in its dialog."""
    return TOKEN.sub("", BOX.sub("", shown))


def test_mapping_a_printed_text_from_the_proof_is_remembered(agency, lan):
    table = draft().table
    steps = (table.steps[0].with_fact("responsible", "Quầy tiếp nhận"), *table.steps[1:])
    blank = replace(table, steps=(replace(steps[0], role=""), *steps[1:]))
    made = begun(agency, content=draft(table=blank))
    shown = text(lan.get(page("revision", made.revision_id)))
    lan.post(
        page("edit", made.revision_id),
        {"do": "map_role", "text": "Quầy tiếp nhận", "role": "MC/reception", "version": "1"},
    )

    assert "Chưa rõ “Quầy tiếp nhận” là đơn vị và vai trò nào" in shown
    assert queries.step_table(made.revision_id)[0].role == "MC/reception"
    assert RoleMapping.objects.get().role == "MC/reception"


def test_the_whole_life_through_the_pages(agency, client):
    made = begun(agency)
    agency.sign_in(client, "lan")
    client.post(page("submit", made.revision_id), {"person": agency.people["toan"]})
    agency.sign_in(client, "toan")
    seen = text(client.get(page("revision", made.revision_id)))
    client.post(
        page("confirm", made.revision_id),
        {"person": agency.people["ha"], "content_hash": hash_of(made.revision_id)},
    )
    agency.sign_in(client, "ha")
    told = [
        html.unescape(text(client.post(page("publish", made.revision_id), {
            "effective_from": day, "decision_number": number,
            "content_hash": hash_of(made.revision_id),
        })))
        for day, number in [("31/02/2027", ""), ("", ""), ("10/12/2026", "9" * 121)]
    ]  # fmt: skip
    client.post(
        page("publish", made.revision_id),
        {"effective_from": "10/12/2026", "content_hash": hash_of(made.revision_id)},
    )
    shown = text(client.get(page("revision", made.revision_id)))

    assert "Kiểm tra xong" in seen
    assert "Không có ngày “31/02/2027”. Hãy ghi ngày hiệu lực" in told[0]
    assert "Hãy ghi ngày hiệu lực dạng dd/mm/yyyy." in told[1] and "Không có ngày" not in told[1]
    assert "Số quyết định ban hành dài quá 120 chữ." in told[2]
    assert "Đang hiệu lực, lần 01" in shown
    assert "Phê duyệt: Nguyễn Thị Thu Hà" in re.sub(r"\s+", " ", shown)
    assert "<textarea" not in shown


def test_a_blocked_button_says_why(agency, lan):
    made = begun(agency)
    lan.post(
        page("edit", made.revision_id),
        {"do": "limit", "step": "b2", "amount": "9", "unit": "working_day", "version": "1"},
    )
    shown = text(lan.get(page("revision", made.revision_id)))
    refused = lan.post(page("submit", made.revision_id), {"person": agency.people["toan"]})

    assert 'aria-disabled="true" title="Chưa gửi kiểm tra được: còn 1 lỗi phải sửa.' in shown
    assert refused.status_code == 422


def test_the_author_sees_why_the_own_draft_cannot_be_checked(agency, client):
    made = begun(agency, by="toan")
    services.revision_submit(
        actor=agency.actor("toan"), revision_id=made.revision_id,
        checker_id=agency.people["toan"], now=NOW,
    )  # fmt: skip
    agency.sign_in(client, "toan")

    shown = text(client.get(page("revision", made.revision_id)))
    assert 'title="Bạn đã soạn bản này nên không kiểm tra được nó.' in shown


def test_the_model_is_given_as_bpmn(agency, lan):
    made = begun(agency)
    response = lan.get(page("bpmn", made.revision_id))

    assert response["Content-Type"] == "application/xml"
    assert "BPMNDiagram" in text(response)


def test_a_tthc_is_added_and_changed_with_its_papers(agency, lan):
    rows = {"giay-TOTAL_FORMS": "2", "giay-INITIAL_FORMS": "0", "giay-0-name": "Tờ khai",
            "giay-0-originals": "1", "giay-0-copies": "0", "giay-0-is_required": "on",
            "giay-1-name": "", "giay-1-originals": "1", "giay-1-copies": "0"}  # fmt: skip
    values = {"name": "Đăng ký kết hôn", "code": "1.000894", "limit_amount": "1,5",
              "limit_unit": "working_day"}  # fmt: skip
    lan.post(page("tthc_new"), {**values, **rows})
    made = Tthc.objects.get()
    lan.post(
        page("tthc", made.id),
        {**values, **rows, "name": "Đăng ký kết hôn lưu động", "version": "1",
         "giay-INITIAL_FORMS": "1"},
    )  # fmt: skip
    facts = queries.tthc(tthc_id=made.id, agency_id=agency.agency_id)

    assert facts.name == "Đăng ký kết hôn lưu động"
    assert facts.limit_words == "1,5 ngày làm việc"
    assert [(p.name, p.originals, p.is_required) for p in facts.papers] == [("Tờ khai", 1, True)]


def test_a_tthc_form_says_what_is_wrong(agency, lan):
    tthc(agency)
    rows = {"giay-TOTAL_FORMS": "0", "giay-INITIAL_FORMS": "0"}
    missing = lan.post(page("tthc_new"), {**rows, "name": "", "limit_amount": "năm"})
    taken = lan.post(page("tthc_new"), {**rows, "name": "Khác", "code": "1.009645"})

    assert missing.status_code == 422
    assert "Hãy ghi số lớn hơn 0" in text(missing)
    assert "Cơ quan đã có thủ tục mang mã 1.009645" in text(taken)


def test_a_procedure_made_by_hand_begins_with_one_step(agency, lan):
    tthc_id = tthc(agency)
    response = lan.post(page("new"), {"tthc": tthc_id})

    assert "Tiếp nhận hồ sơ" in text(lan.get(response["Location"]))


def test_the_next_revision_begins_from_the_one_in_force(agency, lan):
    made = published(agency)
    response = lan.post(
        page("revise", made.procedure_id), {"kind": "amendment", "change_note": "Rút ngắn"}
    )
    shown = text(lan.get(response["Location"]))

    assert "Dự thảo, lần 01, sửa đổi 01" in shown
    assert "lần 01 đang hiệu lực" in shown


def test_an_upload_that_is_no_word_file_is_listed_with_its_reason(agency, lan):
    response = lan.post(
        page("word"), {"files": SimpleUploadedFile("gia.docx", b"\xd0\xcf\x11\xe0" + b"0" * 600)}
    )
    shown = text(lan.get(response["Location"]))

    assert "bản Office cũ hoặc có mật khẩu" in shown
    assert WordImport.objects.get().file_id is None


def test_an_upload_without_a_file_is_refused(agency, lan):
    response = lan.post(page("word"), {})

    assert response.status_code == 422
    assert "Hãy chọn ít nhất một tệp" in text(response)


def test_the_page_stays_small_and_holds_no_style_for_a_long_procedure(agency, lan):
    made = begun(agency)
    for _ in range(17):
        version = Definition.objects.get(revision_id=made.revision_id).version
        lan.post(page("edit", made.revision_id), {"do": "add", "version": version})
    body = lan.get(page("revision", made.revision_id)).content

    assert len(body) < 90_000
    assert b" style=" not in body


def test_public_procedures_hold_nothing_of_drafts(agency):
    made = published(agency)
    begun(agency, name="Bí mật đang soạn", code="1.000002")
    shown = queries.procedures_public(agency.agency_id)
    one = queries.procedure_public(agency_id=agency.agency_id, procedure_id=made.procedure_id)

    assert [line.version.tthc_name for line in shown] == ["Cấp giấy phép"]
    assert [step.label for step in one.steps] == ["Bước 1", "Bước 2", "Bước 3", "Bước 4"]
    assert queries.procedures_public(agency.agency_id, query="khong co") == ()


def test_options_of_roles_hold_only_roles_in_post(agency):
    keys = {one.key for one in queries.role_options(agency_id=agency.agency_id, today=NOW.date())}

    assert keys == {"LD/leader", "MC/reception", "PKH/unit_head", "PKH/specialist"}
    organization.forget()


def test_bringing_into_force_is_seen_in_the_list(agency, lan):
    made = begun(agency)
    bring_into_force(agency, made.revision_id)

    assert "Đang hiệu lực, lần 01" in text(lan.get(page("list")))


@pytest.mark.parametrize("number", ["9" * 19, "²", "9" * 5000], ids=["19 digits", "²", "5000"])
def test_a_posted_number_that_is_no_key_is_refused(agency, lan, number):
    made = begun(agency)
    edits = (
        {"do": "form_attach", "step": "b1", "document": number},
        {"do": "add_call", "step": "b1", "procedure": number},
    )
    said = [lan.post(page("edit", made.revision_id), {"version": "1", **one}) for one in edits]
    compared = lan.get(page("differences", made.revision_id), {"voi": number})

    assert [answer.status_code for answer in said] == [422, 422]
    assert compared.status_code == 404

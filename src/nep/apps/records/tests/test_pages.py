"""The pages of records."""

import html
import io
from datetime import date

import pytest
from django.urls import reverse
from docx import Document
from python_calamine import load_workbook

from nep.apps.organization.tests.scene import NOW
from nep.apps.records import ports, services
from nep.apps.records.models import Disposal, LeaverHandover, Record, RecordFile, Transfer
from nep.apps.records.ports import Held, LeaverGroup
from nep.apps.records.tests import make
from nep.kernel.errors import Refusal


@pytest.fixture(autouse=True)
def in_the_year_of_the_scene(time_machine):
    """Have the pages' clock stand in the scene's year, whenever the test runs."""
    time_machine.move_to(NOW)


@pytest.fixture
def secretary(agency, client):
    agency.sign_in(client, "thu")
    return client


@pytest.fixture
def line(agency):
    return make.series(agency, make.plan(agency, year=date.today().year))


@pytest.fixture
def file_id(agency, line):
    make.deposit(agency, series_id=line, file_id=make.stored(agency), made_on=date.today())
    return RecordFile.objects.get().id


@pytest.fixture
def old_file(agency, file_id):
    """A closed file whose retention was over years ago."""
    RecordFile.objects.update(
        state="closed", opened_on=date(2010, 1, 4), closed_on=date(2010, 5, 3),
        retain_until=date(2020, 12, 31), sealed_count=1,
    )  # fmt: skip
    return file_id


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def test_empty_pages_say_the_next_step(secretary):
    assert "Mở danh mục hồ sơ" in text(secretary.get(reverse("records:files")))
    assert "chép từ năm trước" in text(secretary.get(reverse("records:plan")))
    assert "Chưa có lần giao nộp" in text(secretary.get(reverse("records:movements")))
    assert "Mọi văn bản đều đã" in text(secretary.get(reverse("records:unfiled")))


def test_a_plan_is_opened_filled_and_issued_by_another(agency, secretary):
    made = secretary.post(reverse("records:plan_new"), {"year": "2026", "copy_year": ""})
    page = secretary.get(made["Location"])
    plan_id = page.context["page"].id
    refused = secretary.post(reverse("records:series", args=[plan_id]),
                             {"code": "ISO.01", "title": "", "mark": "?"})  # fmt: skip
    secretary.post(
        reverse("records:series", args=[plan_id]),
        {"code": "ISO.01", "title": "Hồ sơ đánh giá nội bộ", "years": "10", "mark": "?"},
    )
    shown = text(secretary.get(made["Location"]))
    agency.sign_in(secretary, "ha")
    secretary.post(reverse("records:plan_approve", args=[plan_id]), {"decision": "01/QĐ-SKHCN"})

    assert refused.status_code == 422
    assert "Hồ sơ đánh giá nội bộ" in shown
    assert "chưa xác minh" in shown
    issued = text(secretary.get(made["Location"]))
    assert "đã ban hành, 1 dòng" in issued
    agency.sign_in(secretary, "thu")
    issued = text(secretary.get(made["Location"]))
    assert "Bỏ dòng" not in issued
    assert "Thêm dòng" not in issued
    assert "Mở lại để sửa" in issued
    secretary.post(
        reverse("records:plan_reopen", args=[plan_id]), {"reason": "Bổ sung hồ sơ mới phát sinh"}
    )
    opened = text(secretary.get(made["Location"]))
    assert "lần 2" in opened
    assert "Thêm dòng" in opened


def test_the_keeper_adds_a_record_downloads_it_and_closes_the_file(agency, client, file_id):
    agency.sign_in(client, "lan")
    page = reverse("records:file", args=[file_id])
    client.post(reverse("records:record_add", args=[file_id]),
                {"title": "Biên bản", "made_on": "01/11/2026",
                 "file": io.BytesIO(b"a;b\n3;4\n")})  # fmt: skip
    got = client.get(reverse("records:record_file", args=[Record.objects.first().id]))
    version = RecordFile.objects.get().version
    today = date.today().strftime("%d/%m/%Y")
    closed = client.post(
        reverse("records:file_close", args=[file_id]),
        {"on": today, "years": "10", "version": version},
    )

    assert Record.objects.count() == 2
    assert got.content == b"a;b\n1;2\n"
    assert closed.status_code == 302
    assert "Đã kết thúc" in text(client.get(page))
    late = client.post(reverse("records:record_add", args=[file_id]),
                       {"title": "Muộn", "made_on": today})  # fmt: skip
    assert late.status_code == 422  # told at the top: the form itself is gone
    assert "đã kết thúc nên không nhận thêm" in text(late)


def test_who_neither_keeps_nor_manages_sees_the_line_but_not_the_bytes(agency, client, file_id):
    agency.sign_in(client, "huy")

    assert client.get(reverse("records:file", args=[file_id])).status_code == 200
    record = reverse("records:record_file", args=[Record.objects.get().id])
    assert client.get(record).status_code == 404


def test_a_disposal_runs_through_its_pages_and_its_minutes_print(
    agency, secretary, old_file, django_capture_on_commit_callbacks
):
    proposed = secretary.post(reverse("records:disposal_new"), {"file": old_file, "remark": ""})
    waiting = text(secretary.get(reverse("records:movements")))
    assert "1 danh mục tiêu hủy đang chờ" in waiting
    place = proposed["Location"]
    row = Disposal.objects.get()
    agency.sign_in(secretary, "ha")
    shown = text(secretary.get(place))
    secretary.post(
        reverse("records:disposal_approve", args=[row.id]),
        {"council": "Hội đồng theo QĐ 40", "decision_number": "45/QĐ-SKHCN",
         "decision_on": date.today().strftime("%d/%m/%Y")},
    )  # fmt: skip
    agency.sign_in(secretary, "thu")
    with django_capture_on_commit_callbacks(execute=True):
        slip = secretary.post(reverse("records:disposal_execute", args=[row.id]), {"yes": ""})
        kept = Record.objects.filter(destroyed_at=None).count()
        secretary.post(reverse("records:disposal_execute", args=[row.id]), {"yes": "on"})
    minutes = secretary.get(reverse("records:disposal_paper", args=[row.id, "pdf"]))
    assert "đang chờ" not in text(secretary.get(reverse("records:movements")))

    assert "Ghi quyết định" in shown
    assert slip.status_code == 422 and kept
    assert "Hãy đánh dấu sau khi đã đối chiếu" in text(slip)
    assert "đã tiêu hủy" in text(secretary.get(place))
    assert make.digest()[:12] in text(secretary.get(place))
    assert minutes.content[:5] == b"%PDF-"
    assert "Đã tiêu hủy ngày" in text(secretary.get(reverse("records:file", args=[old_file])))


def test_closed_files_are_handed_over_with_minutes_and_a_list(agency, secretary, file_id):
    services.file_close(actor=agency.actor("lan"), file_id=file_id, now=NOW,
                        on=RecordFile.objects.get().opened_on)  # fmt: skip
    refused = secretary.post(reverse("records:transfer_new"), {"receiver": "Ngô Thị Lưu"})
    made = secretary.post(reverse("records:transfer_new"),
                          {"receiver": "Ngô Thị Lưu", "file": file_id})  # fmt: skip
    row = Transfer.objects.get()
    files = {
        ending: secretary.get(reverse("records:transfer_paper", args=[row.id, ending])).content
        for ending in ("pdf", "docx", "xlsx")
    }
    table = load_workbook(io.BytesIO(files["xlsx"])).get_sheet_by_index(0).to_python()

    said = "\n".join(
        cell.text for table in Document(io.BytesIO(files["docx"])).tables for row in table.rows
        for cell in row.cells
    )  # fmt: skip

    assert refused.status_code == 422
    assert made.status_code == 302
    assert "Lam Sơn, ngày" in said
    assert "ỦY BAN NHÂN DÂN TỈNH LAM SƠN" in said.replace("\u00a0", " ")
    assert (files["pdf"][:4], files["docx"][:2]) == (b"%PDF", b"PK")
    assert table[1][1].startswith("ISO.01-01/")
    assert secretary.get(reverse("records:transfer_paper", args=[row.id, "exe"])).status_code == 404


def test_minutes_made_by_mistake_are_cancelled_on_their_page(agency, secretary, file_id):
    services.file_close(actor=agency.actor("lan"), file_id=file_id, now=NOW,
                        on=RecordFile.objects.get().opened_on)  # fmt: skip
    secretary.post(reverse("records:transfer_new"), {"receiver": "Ngô Thị Lưu", "file": file_id})
    args = [Transfer.objects.get().id]
    place, cancel = (
        reverse("records:transfer", args=args),
        reverse("records:transfer_cancel", args=args),
    )

    assert "Hủy biên bản" in text(secretary.get(place))
    assert secretary.get(cancel).status_code == 302
    refused = secretary.post(cancel, {"reason": "abc"})
    assert refused.status_code == 422 and "Hãy ghi lý do bằng một câu." in text(refused)
    assert secretary.post(cancel, {"reason": "Kho chưa nhận, lập nhầm"}).status_code == 302
    shown = text(secretary.get(place))
    assert "đã hủy" in shown and "Kho chưa nhận, lập nhầm" in shown and "Lập nhầm?" not in shown
    assert "Đã hủy biên bản" in text(secretary.get(reverse("records:movements")))
    paper = secretary.get(reverse("records:transfer_paper", args=[*args, "docx"])).content
    said = "\n".join(one.text for one in Document(io.BytesIO(paper)).paragraphs)
    assert "Biên bản này đã hủy ngày" in said and "Kho chưa nhận, lập nhầm" in said
    again = secretary.post(cancel, {"reason": "Kho chưa nhận, lập nhầm"})
    assert again.status_code == 422 and "Biên bản này đã hủy rồi." in text(again)


def test_a_leavers_things_go_in_one_go_or_not_at_all(agency, secretary, file_id, monkeypatch):
    seen = []

    def move(hand_over):
        seen.append(hand_over.ids)
        if hand_over.receiver_id == agency.people["toan"]:
            raise Refusal("receiver_unfit", "Người này không giữ vai trò của việc.")

    monkeypatch.setattr(ports, "_groups", dict(ports._groups))
    ports.register_leaver_group(
        LeaverGroup("work", "Việc đang mở", 99,
                    lambda agency_id, person_id, now: (Held(5, "H-5", "Thẩm định"),), move)
    )  # fmt: skip
    place = reverse("records:leaver", args=[agency.people["lan"]])
    shown = text(secretary.get(place))
    huy, toan = agency.people["huy"], agency.people["toan"]
    missing = secretary.post(place, {"reason": "Chuyển công tác", "work": huy})
    unfit = secretary.post(place, {"reason": "Chuyển công tác", "work": toan, "files": huy})
    kept = RecordFile.objects.get().keeper_id
    made = secretary.post(place, {"reason": "Chuyển công tác", "work": huy, "files": huy})
    row = LeaverHandover.objects.get()

    assert "đang giữ 2 thứ" in shown
    assert (missing.status_code, unfit.status_code, made.status_code) == (422, 422, 302)
    assert kept == agency.people["lan"]
    assert RecordFile.objects.get().keeper_id == huy
    assert seen == [(5,), (5,)]
    assert secretary.get(reverse("records:leaver_paper", args=[row.id, "pdf"])).content.startswith(
        b"%PDF"
    )
    assert "Phạm Quốc Huy" in text(secretary.get(made["Location"]))


def test_another_agencys_things_are_not_found(agency, other_agency, client, old_file):
    row = services.disposal_propose(
        actor=agency.actor("thu"), file_ids=[old_file], remark="", now=NOW
    )
    other_agency.sign_in(client, "thu2")
    reason = {"reason": "Lý do đủ dài", "title": "x", "medium": "digital", "version": "1",
              "made_on": "01/12/2026", "on": "01/12/2026", "yes": "1"}  # fmt: skip

    for name in ("file", "file_change", "file_close", "file_reopen", "record_add", "file_hold"):
        place = reverse(f"records:{name}", args=[old_file])
        assert client.post(place, reason).status_code in {404, 405} or name == "file", name
    assert client.get(reverse("records:file", args=[old_file])).status_code == 404
    assert client.get(reverse("records:disposal", args=[row])).status_code == 404
    execute = client.post(reverse("records:disposal_execute", args=[row]), {"yes": "1"})
    assert execute.status_code == 404
    leaver = reverse("records:leaver", args=[agency.people["lan"]])
    assert client.get(leaver).status_code == 404
    assert RecordFile.objects.get().state == "closed"


def test_the_list_is_read_in_a_fixed_number_of_queries(
    agency, secretary, line, django_assert_max_num_queries
):
    for number in range(30):
        services.file_open(
            actor=agency.actor("lan"), series_id=line, title=f"Hồ sơ {number}", now=NOW
        )
    secretary.get(reverse("records:files"))
    with django_assert_max_num_queries(16):
        shown = secretary.get(reverse("records:files"))
    assert "30 hồ sơ đang lập" in text(shown)

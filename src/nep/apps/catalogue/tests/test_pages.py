"""The pages of the catalogue."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nep.apps.catalogue.models import CatalogueImport
from nep.apps.catalogue.tests import make
from nep.apps.organization.tests.scene import NOW
from nep.foundation.outbox.worker import drain


def text(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def filled(agency):
    make.take(
        (
            "a.jsonl",
            make.lines(
                make.record(),
                make.record(
                    ma_thu_tuc="1.000002", ten_thu_tuc="Đăng ký kết hôn", linh_vuc="Hộ tịch"
                ),
            ),
        )
    )
    return agency


def test_an_empty_catalogue_says_the_next_step(agency, client):
    agency.sign_in(client, "thu")

    assert "Nhập danh sách" in text(client.get(reverse("catalogue:entries")))


def test_the_list_is_found_without_marks_and_by_field_level_and_state(filled, client):
    filled.sign_in(client, "lan")
    place = reverse("catalogue:entries")

    assert "Đăng ký kết hôn" in text(client.get(place, {"q": "dang ky ket hon"}))
    assert "Đăng ký kết hôn" not in text(client.get(place, {"lv": "Hoạt động xây dựng"}))
    assert "Không thấy thủ tục nào khớp" in text(client.get(place, {"cap": "ministry"}))
    assert "Đăng ký kết hôn" not in text(client.get(place, {"sau": "1.000002"}))
    assert "Không thấy" in text(client.get(place, {"tt": "abolished"}))


def test_a_page_shows_the_parts_and_an_unknown_code_is_not_found(filled, client):
    filled.sign_in(client, "lan")
    shown = text(client.get(reverse("catalogue:entry", args=["1.012345"])))

    assert "Bản vẽ thiết kế" in shown and "50/2014/QH13" in shown and "Ghi bãi bỏ" not in shown
    assert client.get(reverse("catalogue:entry", args=["1.999999"])).status_code == 404
    assert client.post(reverse("catalogue:abolish", args=["1.012345"])).status_code == 403


def test_a_secretary_uploads_and_reads_the_report_row_by_row(agency, other_agency, client):
    agency.sign_in(client, "thu")
    data = make.lines(make.record(), make.record(ma_thu_tuc="sai"))
    answer = client.post(
        reverse("catalogue:upload"),
        {"kind": "current", "files": SimpleUploadedFile("a.jsonl", data)},
    )
    waiting = text(client.get(answer["Location"]))
    drain(now=NOW)
    read = text(client.get(answer["Location"]))
    sheet = client.get(f"{answer['Location']}ket-qua.xlsx")
    other_agency.sign_in(client, "thu2")

    assert "Đang đọc" in waiting
    assert "1 trong 2 dòng không nhận được" in read
    assert "1 thêm mới, 0 đổi, 0 không đổi." in read
    assert "Mã “sai” không đúng dạng" in read
    assert sheet.content[:2] == b"PK"
    assert client.get(answer["Location"]).status_code == 404
    assert CatalogueImport.objects.get().agency_id == agency.agency_id


def test_an_administrator_adds_edits_and_abolishes_by_hand(filled, client):
    filled.sign_in(client, "admin")
    typed = {"code": "1.555555", "name": "Cấp thẻ", "levels": ["commune", "province"],
             "limit_amount": "2,5", "limit_unit": "working_day", "papers": "Đơn | 1 | 2\n\nẢnh",
             "basis": "Luật Căn cước", "effective_from": "01/03/2027"}  # fmt: skip
    unitless = client.post(reverse("catalogue:new"), {**typed, "limit_unit": ""})
    added = client.post(reverse("catalogue:new"), typed)
    shown = text(client.get(added["Location"]))
    place = reverse("catalogue:edit", args=["1.012345"])
    form = client.get(place).context["form"].initial
    edited = client.post(place, {**form, "levels": form["levels"], "fee": "5.000 đồng",
                                 "effective_from": ""})  # fmt: skip
    after = text(client.get(edited["Location"]))
    bad = client.post(
        reverse("catalogue:abolish", args=["1.012345"]),
        {"decision": "x", "version": 2, "on": "01/03/2027"},
    )

    assert unitless.status_code == 422 and "Hãy chọn đơn vị" in text(unitless)
    assert "Chưa có hiệu lực" in shown and "2,5 ngày làm việc" in shown
    assert "5.000 đồng" in after and "đổi 2 mục" not in after.split("Lần 1")[0].split("Lần 2")[0]
    assert bad.status_code == 422 and "số quyết định bãi bỏ" in text(bad)

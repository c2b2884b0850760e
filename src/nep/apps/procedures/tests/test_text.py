"""The text of a procedure: what the library shows where there is no file."""

import html
import io

import pypdfium2
import pytest
from django.urls import reverse

from nep.apps.documents.models import Revision
from nep.apps.procedures import queries
from nep.apps.procedures.tests import scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(agency):
    return scene.begun(agency, result="Giấy phép", fee="Không thu")


def test_the_text_says_what_it_is_about_and_every_step_with_who_and_how_long(agency, begun):
    blocks = queries.procedure_text(begun.revision_id, agency.agency_id)
    said = [block.text for block in blocks]
    rows = [block.cells for block in blocks if block.kind == "row"]

    assert said[0] == "Thông tin chung"
    assert "Thủ tục: Cấp giấy phép (mã 1.009645)" in said
    assert "Thời hạn giải quyết: 5 ngày làm việc" in said
    assert "Kết quả: Giấy phép" in said
    assert [row[0] for row in rows] == ["Bước", "1", "2", "3", "4"]
    _number, work, who, limit, forms = rows[2]
    assert work.startswith("Thẩm định\nThiếu thành phần → bước 1")
    assert "Phòng Kế hoạch" in who
    assert (limit, forms) == ("2 ngày làm việc", "Báo cáo")
    assert queries.procedure_text(begun.revision_id, agency.agency_id + 1) == ()


def test_the_library_shows_the_text_and_prints_it_under_the_stamp_of_its_state(
    agency, begun, client
):
    row = Revision.objects.get(pk=begun.revision_id)
    agency.sign_in(client, "lan")
    ids = [row.document_id, row.id]
    shown = html.unescape(client.get(reverse("documents:page", args=ids[:1])).content.decode())
    printed = client.get(reverse("documents:printed", args=ids))
    pages = [
        page.get_textpage().get_text_bounded()
        for page in pypdfium2.PdfDocument(io.BytesIO(printed.content))
    ]

    assert "Toàn văn" in shown
    assert "Trình tự thực hiện" in shown
    assert "2 ngày làm việc" in shown
    assert printed.status_code == 200
    assert all("DỰ THẢO" in said for said in pages)
    assert "Thẩm định" in "".join(pages)

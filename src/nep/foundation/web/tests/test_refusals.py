"""A refusal answers in the form the caller reads; every page carries strict headers."""

import re

import pytest
from django import forms
from django.test import Client

from nep.foundation.web import pages
from nep.foundation.web.tests.conftest import sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", ["403", "404", "409", "422", "429"])
def test_a_refusal_is_a_page_with_words_and_a_next_step(client, status):
    answer = client.get(f"/tu-choi/{status}/", HTTP_REFERER="http://testserver/truoc/?a=1")

    text = answer.content.decode()
    assert answer.status_code == int(status)
    assert "Quay lại trang trước" in text and 'href="/truoc/?a=1"' in text


def test_a_page_of_another_site_is_never_the_way_back(client):
    answer = client.get("/tu-choi/422/", HTTP_REFERER="https://example.org/x")

    assert "example.org" not in answer.content.decode()


def test_the_loser_of_an_edit_keeps_the_text_typed_but_no_secret(client):
    typed = {
        "reason": "Thiếu biên bản <b>kiểm tra</b>",
        "password": "Giấy tờ gọn gàng",
        "step": "4",
    }
    text = client.post("/tu-choi/409/", typed).content.decode()

    assert "Vũ Hải Yến đã chuyển hồ sơ này lúc 10:20." in text
    assert "Thiếu biên bản &lt;b&gt;kiểm tra&lt;/b&gt;" in text
    assert "Giấy tờ gọn gàng" not in text


def test_htmx_gets_a_fragment_for_its_own_place(client):
    answer = client.get("/tu-choi/422/", HTTP_HX_REQUEST="true")

    text = answer.content.decode()
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#tu-choi" and answer["X-Nep-Refusal"] == "ngay_qua"
    assert "Ngày này đã qua." in text and "Điều 17" in text and "<html" not in text


def test_programs_get_json_of_one_shape(client):
    answer = client.get("/tu-choi/422/", HTTP_ACCEPT="application/json")

    assert answer.json() == {
        "error": {
            "code": "ngay_qua",
            "message": "Ngày này đã qua.",
            "clause": "Điều 17 Nghị định 118/2025/NĐ-CP",
            "field": "on",
        }
    }


def test_an_unknown_address_is_a_page_of_ours(client):
    answer = client.get("/khong-co/")

    assert answer.status_code == 404
    assert "Không có nội dung này" in answer.content.decode()


def test_a_fault_tells_nothing_of_its_inside(client):
    client.raise_request_exception = False
    answer = client.get("/loi/")

    assert answer.status_code == 500
    assert "bí mật" not in answer.content.decode()
    assert "Máy chủ gặp lỗi" in answer.content.decode()


def test_a_form_without_its_secret_is_refused_with_words(people):
    strict = Client(enforce_csrf_checks=True)
    answer = sign_in(strict)

    assert answer.status_code == 403
    assert "Biểu mẫu này đã cũ" in answer.content.decode()


def test_every_page_carries_a_strict_policy_and_no_inline_code(client, people):
    sign_in(client)
    for path in ("/tai-khoan/", "/tai-khoan/mat-khau/", "/tai-khoan/ma-hai-lop/", "/khong-co/"):
        answer = client.get(path)
        policy = answer["Content-Security-Policy"]
        text = answer.content.decode()
        assert "unsafe" not in policy and "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
        assert not re.search(r"\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", text), path
        assert not re.search(r"""(src|href|action)=["']https?://""", text), path


class AskForm(forms.Form):
    """A form that a page may leave out."""

    reason = forms.CharField(label="Lý do")


def test_what_is_wrong_with_a_form_that_is_not_drawn_stands_at_the_top_of_the_page(rf):
    empty, late = AskForm({"reason": ""}), AskForm({"reason": "Đủ"})
    late.add_error(None, "Việc này đã <xong>.")

    def page(status: int) -> str:
        both = {"ask_form": empty, "late_form": late}
        return pages.render(rf.post("/"), "web/plain.html", both, status=status).content.decode()

    told = page(422).partition('id="tu-choi" role="alert">')[2].partition("</main>")[0]
    assert "Lý do: Hãy điền ô này." in told
    assert "Việc này đã &lt;xong&gt;." in told
    assert "Hãy điền" not in page(200)


@pytest.mark.parametrize(
    "address", ["/tra-cuu/?q=a%00b", "/tra-cuu/thu-tuc/1.0%0042/", "/dang-nhap/?x=%00"]
)
def test_an_address_with_a_nul_names_no_page(client, db, address):
    assert client.get(address).status_code == 404

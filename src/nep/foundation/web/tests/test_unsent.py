"""A form sent into a locked session loses no word: it comes back, to be sent again by its owner."""

import json
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from nep.foundation.accounts import services, unsent
from nep.foundation.accounts.models import OldPassword, User
from nep.foundation.journal.models import JournalEntry
from nep.foundation.web.tests.conftest import NOW, PASSWORD, sign_in

pytestmark = pytest.mark.django_db
RESEND = "/mo-khoa/gui-lai/"
TYPED = {
    "note": "Hồ sơ thiếu bản sao giấy khai sinh, đã gọi điện cho bà Vân.\nHẹn lại sáng thứ Hai.",
    "code": "QT-07",
    "chosen": ["3", "8"],
    "_once": "khoa-cua-bieu-mau",
}


@pytest.fixture
def locked(client, people, clock) -> Client:
    """An official's browser whose session has just rested long enough."""
    sign_in(client)
    clock.shift(timedelta(minutes=16))
    return client


def unlock(client: Client, **more):
    return client.post("/mo-khoa/", {"password": PASSWORD, "next": "/trang/"}, **more)


def sent_again(client: Client) -> tuple[str, dict[str, list[str]]]:
    """Return where the button of the page sends to, and every field it sends."""
    page = html.fromstring(client.get(RESEND).content.decode())
    form = page.xpath("//form[.//button[normalize-space()='Gửi lại']]")[0]
    fields: dict[str, list[str]] = {}
    for one in form.xpath(".//input[not(@type='file')] | .//textarea"):
        value = one.get("value") if one.tag == "input" else one.text.removeprefix("\n")
        fields.setdefault(one.get("name"), []).append(value or "")
    return form.get("action"), fields


def test_what_was_typed_comes_back_after_unlocking_and_is_done_once_when_sent_again(locked):
    answer = locked.post(
        "/ghi/?tu=trang", TYPED, headers={"referer": "http://testserver/trang/?a=1"}
    )
    assert answer["Location"].startswith("/mo-khoa/")
    assert not OldPassword.objects.exists()
    assert "được giữ lại" in locked.get("/mo-khoa/").content.decode()

    assert unlock(locked)["Location"] == RESEND
    address, fields = sent_again(locked)
    assert address == "/ghi/?tu=trang"
    assert not OldPassword.objects.exists()  # nothing is sent by itself
    for name, value in TYPED.items():
        expected = value if isinstance(value, list) else [value]
        assert [one.replace("\r\n", "\n") for one in fields[name]] == expected

    assert locked.post(address, fields).content.decode() == "dòng 1"
    assert locked.post(address, fields)["X-Nep-Repeated"] == "1"
    assert OldPassword.objects.count() == 1
    assert locked.get(RESEND).status_code == 302  # and then it is forgotten


def test_the_form_that_is_sent_again_carries_a_fresh_secret(people, clock):
    client = Client(enforce_csrf_checks=True)
    token = html.fromstring(client.get("/dang-nhap/").content).xpath(
        "//input[@name='csrfmiddlewaretoken']/@value"
    )[0]
    sign_in_fields = {"username": "mailan", "password": PASSWORD, "csrfmiddlewaretoken": token}
    client.post("/dang-nhap/", sign_in_fields)
    page = html.fromstring(client.get("/tai-khoan/").content)
    token = page.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
    clock.shift(timedelta(minutes=16))
    client.post("/ghi/", {**TYPED, "csrfmiddlewaretoken": token})
    assert token not in json.dumps(client.session[unsent.UNSENT])
    client.post("/mo-khoa/", {"password": PASSWORD, "csrfmiddlewaretoken": token})

    address, fields = sent_again(client)
    assert client.post(address, fields).status_code == 200
    assert OldPassword.objects.count() == 1


def test_a_form_that_another_site_sends_is_not_kept(people, clock):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(pk=people["mailan"]))
    client.get("/tai-khoan/")
    clock.shift(timedelta(minutes=16))
    client.post("/ghi/", {"note": "chuyển hết hồ sơ cho tôi", "csrfmiddlewaretoken": "x" * 64})

    assert unsent.UNSENT not in client.session


def test_no_password_no_file_and_no_automatic_refresh_is_kept(locked):
    locked.post("/tai-khoan/mat-khau/", {"old_password": PASSWORD, "note": "một câu"})
    locked.post("/ghi/", {"note": "một câu", "new_password": "Mat-Khau-Moi-2026"})
    locked.post("/ghi/", {"note": "tự làm mới"}, headers={"x-nep-auto": "1"})
    assert unsent.UNSENT not in locked.session

    file = SimpleUploadedFile("don.pdf", b"%PDF-1.7 noi dung rieng")
    locked.post("/ghi/", {"note": "kèm một tệp", "paper": file})
    assert "noi dung rieng" not in json.dumps(locked.session[unsent.UNSENT])
    unlock(locked)
    page = locked.get(RESEND).content.decode()
    assert 'type="file" name="paper"' in page
    assert "multipart/form-data" in page


def test_a_form_too_long_to_keep_is_let_go(locked):
    locked.post("/ghi/", {"note": "d" * (unsent.MOST_CHARACTERS + 1)})

    assert unsent.UNSENT not in locked.session
    assert unlock(locked)["Location"] == "/trang/"


def test_its_owner_may_drop_it_and_goes_back_to_the_page(locked):
    locked.post("/ghi/", TYPED, headers={"referer": "http://testserver/trang/?a=1"})
    unlock(locked)

    assert locked.post(RESEND)["Location"] == "/trang/?a=1"
    assert unsent.UNSENT not in locked.session
    assert not OldPassword.objects.exists()


def test_it_ends_an_hour_after_unlocking_and_with_the_session(locked, clock):
    locked.post("/ghi/", TYPED)
    unlock(locked)
    for _ in range(4):
        clock.shift(timedelta(minutes=10))
        assert locked.get("/trang/").status_code == 200
    assert locked.get(RESEND).status_code == 200
    for _ in range(3):
        clock.shift(timedelta(minutes=10))
        locked.get("/trang/")
    assert locked.get(RESEND).status_code == 302

    clock.shift(timedelta(minutes=16))
    locked.post("/ghi/", TYPED)
    locked.post("/dang-xuat/")
    kept = [one.get_decoded() for one in Session.objects.all()]
    assert "giấy khai sinh" not in json.dumps(kept, ensure_ascii=False)


def test_an_htmx_form_is_kept_with_its_page_and_nothing_is_journaled_of_it(locked):
    answer = locked.post(
        "/ghi/", TYPED,
        headers={"hx-request": "true", "hx-current-url": "http://testserver/trang/?b=2"},
    )  # fmt: skip
    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith("/mo-khoa/")

    assert locked.session[unsent.UNSENT]["came_from"] == "/trang/?b=2"
    told = " ".join(f"{e.old}{e.new}{e.reason}" for e in JournalEntry.objects.all())
    assert "giấy khai sinh" not in told


def test_known_fields_are_shown_under_their_labels(locked):
    locked.post("/ghi/", {"username": "mailan", "device": "x"})
    unlock(locked)
    page = html.fromstring(locked.get(RESEND).content.decode())

    label = page.xpath("//div[input[@name='username']]/label")[0]
    assert label.text_content() == "Tên đăng nhập"


def logged_in_again(client: Client, name: str = "mailan"):
    return client.post("/dang-nhap/", {"username": name, "password": PASSWORD, "next": "/trang/"})


@pytest.mark.parametrize("hours", [13, 63])
def test_a_form_sent_the_next_working_day_waits_for_its_owner_to_log_in(
    client, people, clock, hours
):
    sign_in(client)
    clock.shift(timedelta(hours=hours))
    answer = client.post("/ghi/?tu=trang", TYPED)
    assert answer["Location"].startswith("/dang-nhap/")
    assert "Điều vừa nhập được giữ lại" in client.get("/dang-nhap/").content.decode()
    assert client.get(RESEND).status_code == 302

    assert logged_in_again(client)["Location"] == RESEND
    address, fields = sent_again(client)
    assert address == "/ghi/?tu=trang"
    assert client.post(address, fields).content.decode() == "dòng 1"
    assert client.get(RESEND).status_code == 302


def test_what_was_left_behind_is_for_nobody_else_and_not_for_long(client, people, clock):
    services.account_create(
        username="congchuc", password=PASSWORD, must_change=False, actor=None, now=NOW
    )
    sign_in(client)
    clock.shift(timedelta(hours=13))
    client.post("/ghi/", TYPED)
    assert logged_in_again(client, "congchuc")["Location"] == "/trang/"
    kept = [one.get_decoded() for one in Session.objects.all()]
    assert "giấy khai sinh" not in json.dumps(kept, ensure_ascii=False)

    clock.shift(timedelta(hours=13))
    client.post("/ghi/", TYPED)
    clock.shift(timedelta(minutes=61))
    assert logged_in_again(client, "congchuc")["Location"] == "/trang/"


def test_a_page_that_refreshes_itself_ends_no_session_that_is_over(client, people, clock):
    sign_in(client)
    auto = {"x-nep-auto": "1", "hx-request": "true"}
    clock.shift(timedelta(minutes=16))
    locked = client.get("/trang/", headers=auto)
    assert (locked.status_code, locked["X-Nep-Session"]) == (401, "locked")
    clock.shift(timedelta(hours=13))
    over = client.get("/trang/", headers=auto)
    assert (over.status_code, over["X-Nep-Session"]) == (401, "over")
    client.post("/ghi/", TYPED)
    assert logged_in_again(client)["Location"] == RESEND

"""Being told of work, in the users' words: an address, a choice, a letter, a calendar."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from nep.apps.organization.models import Person
from nep.apps.work.services import letters_write
from nep.foundation.notify.delivery import letters_send
from tests.journeys.test_case import (
    MARRIAGE,
    RECEPTION,
    SPECIALIST,
    TUESDAY,
    accepted,
    case_address,
    clock,  # noqa: F401
    finish,
    kept_ward,  # noqa: F401
    ward,  # noqa: F401
)
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
ADDRESS = "hotich1@songnhuan.example"


def worker(now) -> None:
    """Do what the worker does for letters, once."""
    letters_write(now=now)
    letters_send(now=now)


def open_address(text: str) -> str:
    """Return the first address of the system in a letter, as a path."""
    return re.search(r"http://[^/\s]+(/ho-so/\d+/)", text).group(1)


def test_an_officer_is_told_once_in_one_letter_and_sees_due_dates_in_a_calendar(ward, clock):  # noqa: F811
    person_id = Person.objects.get(user__username=SPECIALIST).pk
    admin = Visitor().sign_in("sn.quantri").visit(f"/co-quan/nguoi/{person_id}/")
    admin.press("Lưu thông tin", {"Thư điện tử": ADDRESS})
    officer = Visitor().sign_in(SPECIALIST).visit("/viec/thong-bao/").follow("Cách nhận thông báo")
    assert officer.heading == "Thư gộp gửi từ 8 giờ mỗi ngày làm việc"
    officer.press("Lưu lựa chọn", {"Giờ gửi thư hằng ngày": "9:00"})
    assert officer.heading == "Thư gộp gửi từ 9 giờ mỗi ngày làm việc"

    address = case_address(accepted())
    finish(RECEPTION, address)
    Visitor().sign_in(SPECIALIST).visit(address).press("Nhận việc này về tôi")
    worker(TUESDAY.replace(hour=8))
    assert mail.outbox == []
    worker(TUESDAY + timedelta(days=1))
    worker(TUESDAY + timedelta(days=1, minutes=2))

    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    assert MARRIAGE in letter.body
    assert "Nguyễn Thị Hòa" not in letter.body + letter.alternatives[0][0]
    assert open_address(letter.body) == address
    officer.visit("/viec/thong-bao/cach-nhan/").sees(letter.subject, "đã gửi")

    officer.press("Tạo địa chỉ lịch").sees("Địa chỉ lịch của bạn, chỉ hiện lần này")
    phone = officer.page.xpath("//*[@data-copy]/@data-copy")[0].replace("http://testserver", "")
    first = Visitor().download(phone)
    assert first.content.count(b"BEGIN:VEVENT") == 1
    assert "Nguyễn Thị Hòa" not in first.content.replace(b"\r\n ", b"").decode()
    finish(SPECIALIST, address, outcome="Đạt")
    assert b"STATUS:CANCELLED" in Visitor().download(phone).content
    officer.visit("/viec/thong-bao/cach-nhan/").sees("Chương trình lịch lấy lần cuối")
    officer.press("Thôi dùng địa chỉ").sees("Địa chỉ lịch không còn dùng được nữa")
    Visitor().visit(phone, expect=404)

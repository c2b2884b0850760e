"""Log-in, locking, forced steps and sessions, as a browser sees them."""

from datetime import timedelta

import pyotp
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nep.foundation.accounts import services
from nep.foundation.accounts.models import SignIn, User
from nep.foundation.journal.models import JournalEntry
from nep.foundation.web.tests.conftest import NOW, PASSWORD, sign_in

pytestmark = pytest.mark.django_db
OUTSIDE = {"REMOTE_ADDR": "203.0.113.7"}
AUTO = {"HTTP_X_NEP_AUTO": "1"}


def enrol(user_id, now=NOW):
    secret = services.second_factor_start(user_id=user_id).secret
    codes = services.second_factor_confirm(
        user_id=user_id, code=pyotp.TOTP(secret).at(now), now=now
    )
    return secret, codes


def test_a_signed_out_person_is_led_to_the_log_in_and_back(client, people):
    first = client.get("/trang/")
    assert first.status_code == 302
    assert first["Location"] == "/dang-nhap/?next=/trang/"

    answer = client.post(
        "/dang-nhap/", {"username": "MaiLan", "password": PASSWORD, "next": "/trang/"}
    )
    assert answer["Location"] == "/trang/"
    assert client.get("/trang/").content.decode() == "nội dung"


@pytest.fixture
def commits(monkeypatch):
    """Tell of every time the disk is waited for: each commit, each write outside a transaction."""
    told: list[str] = []

    def seen(execute, sql, params, many, context):
        if not connection.in_atomic_block and sql.startswith(("INSERT", "UPDATE", "DELETE")):
            told.append(sql)
        return execute(sql, params, many, context)

    commit = connection._commit
    monkeypatch.setattr(connection, "_commit", lambda: (told.append("COMMIT"), commit()))
    with connection.execute_wrapper(seen):
        yield told


@pytest.mark.django_db(transaction=True)
def test_a_log_in_and_an_unlocking_wait_for_the_disk_four_times_each(
    client, people, clock, commits
):
    """Counted before it is looked at, forgiven, begun; then the session."""
    commits.clear()
    sign_in(client)
    assert commits == ["COMMIT"] * 4
    clock.shift(timedelta(minutes=20))
    client.get("/trang/")
    commits.clear()
    answer = client.post("/mo-khoa/", {"password": PASSWORD})
    assert answer.status_code == 302
    assert commits == ["COMMIT"] * 4
    assert client.get("/trang/").content.decode() == "nội dung"


def test_the_way_back_never_leads_to_another_site(client, people):
    answer = client.post(
        "/dang-nhap/",
        {"username": "mailan", "password": PASSWORD, "next": "https://example.org/"},
    )

    assert answer["Location"] == "/"


def test_a_wrong_password_says_so_without_naming_which_part_is_wrong(client, people):
    answer = sign_in(client, password="sai")

    assert answer.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in answer.content.decode()


def test_the_sixth_try_meets_a_locked_door_with_429(client, people):
    for _ in range(5):
        answer = sign_in(client, password="sai")
    assert answer.status_code == 429
    assert sign_in(client).status_code == 429


def test_fifteen_resting_minutes_lock_the_session_until_the_password(client, people, clock):
    sign_in(client)
    clock.shift(timedelta(minutes=14))
    assert client.get("/trang/").status_code == 200
    clock.shift(timedelta(minutes=15))

    locked = client.get("/trang/?a=1")
    assert locked["Location"] == "/mo-khoa/?next=%2Ftrang%2F%3Fa%3D1"
    assert client.post("/mo-khoa/", {"password": "sai"}).status_code == 422
    opened = client.post("/mo-khoa/", {"password": PASSWORD, "next": "/trang/?a=1"})
    assert opened["Location"] == "/trang/?a=1"
    assert client.get("/trang/").status_code == 200
    actions = list(JournalEntry.objects.values_list("action", flat=True))
    assert "account.session_locked" in actions and "account.session_unlocked" in actions


def test_automatic_refreshes_do_not_prolong_a_session(client, people, clock):
    sign_in(client)
    for _ in range(14):
        clock.shift(timedelta(minutes=1))
        assert client.get("/trang/", **AUTO).status_code == 200
    clock.shift(timedelta(minutes=1))

    answer = client.get(
        "/trang/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/viec/", **AUTO
    )
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/mo-khoa/?next=%2Fviec%2F"


def test_an_administrator_is_locked_after_five_minutes(client, people, clock):
    secret, _codes = enrol(people["quantri"])
    clock.shift(timedelta(minutes=1))
    sign_in(client, "quantri")
    code = pyotp.TOTP(secret).at(NOW + timedelta(minutes=1))
    assert client.post("/dang-nhap/ma/", {"code": code})["Location"] == "/"
    clock.shift(timedelta(minutes=5))

    assert client.get("/trang/")["Location"].startswith("/mo-khoa/")


def test_a_session_ends_after_twelve_hours_of_work(client, people, clock):
    sign_in(client)
    for _ in range(12 * 6):
        clock.shift(timedelta(minutes=10))
        answer = client.get("/trang/")
    assert answer["Location"].startswith("/dang-nhap/")


def test_an_administrator_must_enrol_before_anything_else(client, people):
    sign_in(client, "quantri")

    assert client.get("/trang/")["Location"].startswith("/tai-khoan/ma-hai-lop/")
    page = client.get("/tai-khoan/ma-hai-lop/").content.decode()
    assert "<svg" in page and "phải có mã hai lớp" in page
    secret = services.second_factor_start(user_id=people["quantri"]).secret
    wrong = client.post("/tai-khoan/ma-hai-lop/", {"code": "000000"})
    assert wrong.status_code == 422
    done = client.post("/tai-khoan/ma-hai-lop/", {"code": pyotp.TOTP(secret).at(NOW)})
    assert done.content.decode().count("<li>") == 10
    assert client.get("/trang/").status_code == 200


def test_the_right_password_alone_opens_nothing_when_a_code_is_due(client, people):
    enrol(people["mailan"])

    answer = sign_in(client)
    assert answer["Location"] == "/dang-nhap/ma/"
    assert client.get("/trang/")["Location"].startswith("/dang-nhap/")


def test_the_step_of_the_code_is_open_for_five_minutes(client, people, clock):
    secret, _codes = enrol(people["mailan"])
    sign_in(client)
    clock.shift(timedelta(minutes=6))

    code = pyotp.TOTP(secret).at(NOW + timedelta(minutes=6))
    assert client.post("/dang-nhap/ma/", {"code": code})["Location"] == "/dang-nhap/"
    assert client.get("/trang/")["Location"].startswith("/dang-nhap/")


def test_a_session_carried_out_to_the_internet_ends_without_a_second_factor(client, people):
    sign_in(client)
    assert client.get("/trang/").status_code == 200

    answer = client.get("/trang/", **OUTSIDE)
    assert answer["Location"].startswith("/dang-nhap/")
    assert client.get("/trang/").status_code == 302


def test_a_one_time_password_must_be_changed_first(client, people):
    fresh = services.account_reset(
        user_id=people["mailan"], actor=None, now=NOW, reason="Quên mật khẩu"
    )
    sign_in(client, password=fresh.password)
    assert client.get("/trang/")["Location"].startswith("/tai-khoan/mat-khau/")

    answer = client.post(
        "/tai-khoan/mat-khau/",
        {
            "old_password": fresh.password,
            "new_password": "Nep-Moi-Cua-Toi-26",
            "again": "Nep-Moi-Cua-Toi-26",
        },
    )
    assert answer.status_code == 302
    assert client.get("/trang/").status_code == 200


def test_an_old_administrators_password_must_be_changed(client, people, clock):
    secret, _codes = enrol(people["quantri"])
    clock.shift(timedelta(days=40))
    User.objects.filter(pk=people["quantri"]).update(last_active_at=NOW + timedelta(days=40))
    sign_in(client, "quantri")
    code = pyotp.TOTP(secret).at(NOW + timedelta(days=40))
    client.post("/dang-nhap/ma/", {"code": code})
    assert client.get("/trang/").status_code == 200

    User.objects.filter(pk=people["quantri"]).update(password_changed_at=NOW - timedelta(days=21))
    assert client.get("/trang/")["Location"].startswith("/tai-khoan/mat-khau/")


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(people):
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)

    here.post(
        "/tai-khoan/mat-khau/",
        {
            "old_password": PASSWORD,
            "new_password": "Nep-Moi-Cua-Toi-26",
            "again": "Nep-Moi-Cua-Toi-26",
        },
    )

    assert here.get("/trang/").status_code == 200
    assert elsewhere.get("/trang/").status_code == 302
    assert SignIn.objects.count() == 1
    assert here.session.session_key == SignIn.objects.get().session_key


def test_a_person_sees_and_ends_only_sessions_of_their_own(people):
    here, elsewhere, other = Client(), Client(), Client()
    sign_in(here)
    sign_in(elsewhere, HTTP_USER_AGENT="Mozilla/5.0 (Android 14) Firefox/140.0")
    services.account_create(
        username="hungtran", password=PASSWORD, must_change=False, actor=None, now=NOW
    )
    sign_in(other, "hungtran")

    assert "Firefox, Android" in here.get("/tai-khoan/").content.decode()
    foreign = here.post("/tai-khoan/phien/", {"key": other.session.session_key[:12]})
    assert foreign.status_code == 404
    for bad in ("", "\x00" * 12, "a"):
        assert here.post("/tai-khoan/phien/", {"key": bad}).status_code == 404
    here.post("/tai-khoan/phien/", {"key": elsewhere.session.session_key[:12]})
    assert elsewhere.get("/trang/").status_code == 302
    assert other.get("/trang/").status_code == 200


def test_a_stopped_account_is_out_at_its_next_request(client, people):
    sign_in(client)
    services.account_disable(user_id=people["mailan"], actor=None, now=NOW, reason="Nghỉ hưu")

    assert client.get("/trang/").status_code == 302


def test_log_in_and_log_out_are_journaled_with_the_address(client, people):
    sign_in(client)
    client.post("/dang-xuat/")

    opened = JournalEntry.objects.get(action="account.signed_in")
    assert opened.actor_id == people["mailan"] and "127.0.0.1" in opened.new
    assert JournalEntry.objects.filter(action="account.signed_out").count() == 1
    assert client.get("/trang/").status_code == 302


def test_only_a_system_administrator_sees_and_changes_the_security_values(client, people):
    sign_in(client)
    assert client.get("/thiet-lap/bao-mat/").status_code == 403
    User.objects.filter(pk=people["mailan"]).update(is_system_admin=True)

    page = client.get("/thiet-lap/bao-mat/").content.decode()
    assert "TCVN 14423:2026" in page and "chưa đối chiếu bản in" in page
    bad = client.post("/thiet-lap/bao-mat/", {"key": "login_failures", "value": "50"})
    assert bad.status_code == 422 and "từ 3 đến 5 lần" in bad.content.decode()
    good = client.post("/thiet-lap/bao-mat/", {"key": "login_failures", "value": "4"})
    assert good.status_code == 302


def asked_at_least(client) -> int:
    """Return the fewest queries of three visits: caches that look again now and then count once."""
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as visit:
            client.get("/tai-khoan/")
        counts.append(len(visit))
    return min(counts)


def test_the_account_page_asks_the_database_as_often_for_ten_sessions_as_for_one(client, people):
    sign_in(client)
    for_one = asked_at_least(client)
    for _ in range(9):
        sign_in(Client())

    assert asked_at_least(client) == for_one
    assert "Đang mở ở 10 nơi" in client.get("/tai-khoan/").content.decode()


@pytest.mark.parametrize("code", ["１２３４５６", "١٢٣٤٥٦"])
def test_digits_of_another_script_are_a_wrong_code(client, people, code):
    user = User.objects.get(username="mailan")
    enrol(user.pk)
    answer = client.post("/dang-nhap/", {"username": "mailan", "password": PASSWORD})
    assert answer.status_code == 302
    answer = client.post(answer["Location"], {"code": code})
    assert answer.status_code == 422


def test_a_code_of_an_account_stopped_since_the_password_is_refused(client, people):
    user = User.objects.get(username="mailan")
    _secret, codes = enrol(user.pk)
    answer = client.post("/dang-nhap/", {"username": "mailan", "password": PASSWORD})
    User.objects.filter(pk=user.pk).update(is_active=False, disabled_at=NOW, disabled_reason="x")
    answer = client.post(answer["Location"], {"code": codes[0]})
    assert answer.status_code < 500


def test_a_letter_with_marks_at_enrolment_is_a_wrong_code(client, people):
    sign_in(client, "mailan")
    from django.urls import reverse

    page = client.get(reverse("accounts:totp"))
    assert page.status_code == 200
    answer = client.post(reverse("accounts:totp"), {"code": "mã 123"})
    assert answer.status_code == 422

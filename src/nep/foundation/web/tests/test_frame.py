"""The menu, the first run, and what a first visit weighs."""

import gzip
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

import nep
from nep.foundation.web import access, hooks, navigation, slots
from nep.kernel.decisions import ALLOWED, Refused
from nep.kernel.errors import Refusal

STATIC = Path(navigation.__file__).parent / "static" / "nep" / "1"
SETUP = {
    "agency_name": "UBND xã Tân Lập", "agency_code": "H99.36.12", "agency_kind": "xa",
    "province": "Lam Sơn", "reception_name": "Bộ phận Một cửa", "morning": "7:30 - 11:30",
    "afternoon": "13:30-17:00", "admin_name": "Trần Thị Lan", "username": "tranlan",
    "password": "Giay-To-Gon-Gang-26", "again": "Giay-To-Gon-Gang-26",
}  # fmt: skip


@pytest.fixture
def menu(monkeypatch):
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(
        access,
        "_gate",
        lambda actor, what: ALLOWED if what in actor.may else Refused("x", "Không."),
    )
    navigation.register(
        navigation.NavItem("Giữ nền nếp", "Bảo mật", "accounts:security", "lock", "manage")
    )
    navigation.register(
        navigation.NavItem(
            navigation.WORK, "Tài khoản", "accounts:account", "users", "see", late=lambda _r: 2
        )
    )


def request_of(path, *permissions):
    request = RequestFactory().get(path)
    request.actor = SimpleNamespace(may=permissions)
    return request


def test_the_menu_shows_only_what_is_permitted(menu):
    groups = navigation.groups_for(request_of("/tai-khoan/mat-khau/", "see"))

    assert [str(group.title) for group in groups] == ["Làm việc"]
    assert groups[0].links[0].late == 2 and groups[0].links[0].is_here
    assert len(navigation.groups_for(request_of("/", "see", "manage"))) == 2


def test_a_menu_group_must_be_known():
    with pytest.raises(ValueError):
        navigation.register(navigation.NavItem("lạ", "x", "web:home", "x", "x"))


def test_slots_gather_in_order_and_leave_out_the_silent(monkeypatch):
    monkeypatch.setattr(slots, "_fillers", {})
    slots.register("case.side", lambda request, case: f"<p>{case} sau</p>", order=2)
    slots.register("case.side", lambda request, case: "", order=1)
    slots.register("case.side", lambda request, case: f"<p>{case} trước</p>", order=0)

    found = slots.collect("case.side", request=RequestFactory().get("/"), case="H99")
    assert found == ("<p>H99 trước</p>", "<p>H99 sau</p>")


@pytest.fixture
def first_run(monkeypatch):
    """A first-setup service that remembers what it was given."""
    world = {"done": False, "given": None}

    def found_agency(**values):
        if values["username"] == "admin":
            raise Refusal("username_taken", "Tên đăng nhập “admin” đã có.", field="username")
        world.update(done=True, given=values)

    monkeypatch.setattr(hooks, "_first_setup", found_agency)
    monkeypatch.setattr(hooks, "_setup_done", lambda: world["done"])
    monkeypatch.setattr(hooks, "_agency_kinds", {"xa": "Ủy ban nhân dân xã"})
    return world


def test_the_first_run_founds_an_agency_once(client, db, first_run):
    assert client.get("/")["Location"] == "/cai-dat/"
    assert client.get("/dang-nhap/")["Location"] == "/cai-dat/"
    page = client.get("/cai-dat/")
    assert "Lập cơ quan đầu tiên" in page.content.decode()

    answer = client.post("/cai-dat/", SETUP)

    assert answer["Location"] == "/dang-nhap/"
    given = first_run["given"]
    assert given["agency_name"] == "UBND xã Tân Lập" and "again" not in given
    assert [f"{hour:%H:%M}" for hour in given["morning"]] == ["07:30", "11:30"]
    assert given["saturday_morning"] is False
    assert client.get("/cai-dat/").status_code == 404
    assert client.post("/cai-dat/", SETUP).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"morning": "sáng"}, "Ghi giờ như 07:30-11:30."),
        ({"morning": "11:30-07:30"}, "Giờ kết thúc phải sau giờ bắt đầu."),
        ({"afternoon": "11:00-17:00"}, "Buổi chiều phải bắt đầu sau"),
        ({"again": "khác"}, "Hai lần gõ không giống nhau."),
        ({"username": "admin"}, "Tên đăng nhập “admin” đã có."),
    ],
)
def test_the_first_run_says_what_to_correct_and_keeps_the_rest(
    client, db, first_run, change, words
):
    answer = client.post("/cai-dat/", SETUP | change)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text and "UBND xã Tân Lập" in text
    assert first_run["given"] is None


def test_a_first_visit_weighs_at_most_100_kb_without_fonts():
    names = ("tokens.css", "app.css", "htmx-2.0.10.min.js", "nep.js", "icon.svg")
    weight = sum(len(gzip.compress((STATIC / name).read_bytes(), 6)) for name in names)

    assert weight + 60_000 / 4 < 100_000  # and a page of 60 KB, a quarter of it when compressed


def test_every_icon_named_by_a_template_is_drawn():
    css = (STATIC / "app.css").read_text(encoding="utf-8")
    folder = Path(nep.__file__).parent
    named = {
        part.split('"')[0]
        for path in folder.rglob("*.html")
        for part in path.read_text(encoding="utf-8").split('{% icon "')[1:]
    }
    assert [name for name in named if f".i-{name}{{" not in css] == []

"""An office with everything a declaration asks for, told by fakes of what the parts below tell."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from nep.apps.cases.tests.scene import Office
from nep.apps.conformity import services
from nep.apps.conformity.ports import Readers
from nep.apps.conformity.rules.declaration import Held
from nep.apps.organization.tests.scene import NOW
from nep.kernel.errors import Refusal

LATER = NOW + timedelta(days=3)
TODAY = NOW.date()
SCOPE = "Giải quyết thủ tục hành chính cho tổ chức, cá nhân."
GROUND = (
    Held(date(2026, 2, 2), "Phạm vi lần 01", "/boi-canh/1/"),
    Held(date(2026, 2, 2), "Chính sách lần 01", "/tai-lieu/1/"),
)
FULL = Readers(
    ground=lambda _agency: GROUND,
    audit=lambda _agency, _day: Held(date(2026, 10, 5), "Đánh giá 2026", "/danh-gia/1/"),
    review=lambda _agency, _day: Held(date(2026, 11, 2), "Xem xét 2026", "/xem-xet/1/"),
    findings=lambda _agency: 0,
    locked=lambda _agency, _edition: "",
)


def without(**gone) -> Readers:
    """Return readers that tell of everything but what is named."""
    return replace(FULL, **gone)


def with_people(at: Office) -> Office:
    at.scene.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    at.scene.person("gd", "Trần Giám Đốc", ("LD", "leader", "Giám đốc"))
    return at


def started(at: Office, *, by: str = "thu", **change) -> int:
    values = {"edition": "2015", "reason": "first", "scope_text": SCOPE,
              "lead_unit": "Sở Khoa học và Công nghệ tỉnh Lam Sơn"}  # fmt: skip
    return services.declaration_start(actor=at.actor(by), now=NOW, **{**values, **change})


def moved(at: Office, declaration_id: int, move: str, *, by: str = "", now: datetime = NOW) -> None:
    """Do one move with the values that are right for it."""
    own = {"declaration_id": declaration_id, "now": now}
    thu, gd = at.actor(by or "thu", now=now), at.actor(by or "gd", now=now)
    acts = {
        "change": lambda: services.declaration_change(
            actor=thu, edition="2015", scope_text="Mọi thủ tục của cơ quan.", lead_unit="Sở", **own
        ),
        "apply": lambda: services.declaration_apply(actor=thu, **own),
        "confirm": lambda: services.declaration_confirm(
            actor=gd, text="Hệ thống được áp dụng đầy đủ và có hiệu lực.", **own
        ),
        "declare": lambda: services.declaration_declare(actor=gd, on=now.date(), number="", **own),
        "post": lambda: posted(at, declaration_id, "office", by=by or "thu", now=now),
        "return": lambda: services.declaration_return(actor=thu, reason="Bổ sung thủ tục.", **own),
        "drop": lambda: services.declaration_drop(actor=thu, reason="Chờ sắp xếp lại.", **own),
    }
    acts[move]()


def posted(
    at: Office, declaration_id: int, kind: str, *, by: str = "thu", now=NOW, **change
) -> None:
    values = {"place": "Bảng tin tầng một", "url": "https://stp.example.vn/cong-bo" * (kind == "web"),
              "on": now.date()}  # fmt: skip
    services.declaration_post(
        actor=at.actor(by, now=now), declaration_id=declaration_id, kind=kind, now=now,
        **{**values, **change},
    )  # fmt: skip


ROAD = ("building", "applied", "confirmed", "declared", "maintained")


def brought(at: Office, state: str) -> int:
    """Lead a new declaration to a state by the shortest road."""
    declaration_id = started(at)
    if state == "dropped":
        moved(at, declaration_id, "drop")
        return declaration_id
    for move in ("apply", "confirm", "declare")[: ROAD.index(state)]:
        moved(at, declaration_id, move)
    if state == "maintained":
        for kind in ("notice", "office", "web"):
            posted(at, declaration_id, kind)
    return declaration_id


def refused(wanted: str, act, *args, **kwargs) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*args, **kwargs)
    assert caught.value.code == wanted
    return caught.value

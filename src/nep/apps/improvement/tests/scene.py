"""A department with a procedure, an ISO secretary, an auditor, and nonconformities."""

from datetime import date, timedelta

from nep.apps.actions import services as actions
from nep.apps.actions.models import Action
from nep.apps.cases.tests.scene import Office
from nep.apps.improvement import services
from nep.apps.organization.tests.scene import NOW
from nep.kernel.references import Reference

FOUND, DUE = date(2026, 12, 8), date(2026, 12, 20)
EFFECT = date(2027, 1, 15)
LATER = NOW + timedelta(days=45)
HAND = Reference("hand", 0, "")


def with_secretary(at: Office) -> Office:
    at.scene.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    at.scene.person("dga", "Vũ Văn Đánh", ("PKH", "auditor", "Đánh giá viên"))
    return at


def opened(
    at: Office, *, by: str = "dga", owner: str | None = "toan", origin=HAND, **change
) -> int:
    """Write a nonconformity down and return its id."""
    values = {
        "title": "Ba phiếu kiểm soát thiếu chữ ký người nhận", "found_on": FOUND, "due_on": DUE,
        "clause": "2015:8.5.1", "level": "minor",
        "owner_id": at.scene.people[owner] if owner else None,
    }  # fmt: skip
    return services.nonconformity_open(
        actor=at.actor(by),
        origin=origin,
        now=NOW,
        values=services.SheetValues(**{**values, **change}),
    )


def corrected(at: Office, sheet_id: int, *, by: str = "toan") -> None:
    services.nonconformity_correct(
        actor=at.actor(by),
        nonconformity_id=sheet_id,
        on=FOUND,
        now=NOW,
        correction="Đã ký bổ sung ba phiếu.",
    )


def analysed(at: Office, sheet_id: int, *, by: str = "toan", now=NOW) -> None:
    services.nonconformity_analyse(
        actor=at.actor(by),
        nonconformity_id=sheet_id,
        now=now,
        whys=["Người nhận không ký", "", "Phiếu đến sau hồ sơ"],
        cause="Phiếu in ở phòng khác nên đến sau hồ sơ.",
    )


def acted(
    at: Office, sheet_id: int, *, by: str = "toan", owner: str = "lan", now=NOW, **change
) -> int:
    values = {
        "title": "Đặt máy in phiếu tại quầy một cửa",
        "due_on": now.date() + timedelta(days=9),
    }
    return services.nonconformity_act(
        actor=at.actor(by),
        nonconformity_id=sheet_id,
        owner_id=at.scene.people[owner],
        now=now,
        **{**values, **change},
    )


def done_and_checked(at: Office, action_id: int, *, by: str = "lan", now=NOW) -> None:
    actions.action_done(
        actor=at.actor(by), action_id=action_id, evidence="Máy in đã đặt ngày 12/12.", now=now
    )
    actions.action_check(
        actor=at.actor("thu"), action_id=action_id, accepted=True, note="", now=now
    )


def checked(at: Office, sheet_id: int, *, by: str = "thu", now=NOW, on: date = EFFECT) -> None:
    services.nonconformity_check(
        actor=at.actor(by), nonconformity_id=sheet_id, effect_on=on, note="", now=now
    )


def judged(at: Office, sheet_id: int, *, worked: bool = True, by: str = "thu", now=LATER) -> None:
    services.nonconformity_effect(
        actor=at.actor(by),
        nonconformity_id=sheet_id,
        worked=worked,
        note="Xem 40 phiếu của tháng 1, phiếu nào cũng đủ chữ ký.",
        now=now,
    )


def no_change(at: Office, sheet_id: int, *, by: str = "toan") -> None:
    services.nonconformity_no_change(
        actor=at.actor(by), nonconformity_id=sheet_id, reason="Quy trình đã ghi đúng.", now=NOW
    )


def closed(at: Office, sheet_id: int, *, by: str = "thu", now=LATER) -> None:
    services.nonconformity_close(actor=at.actor(by), nonconformity_id=sheet_id, note="", now=now)


def brought(at: Office, sheet_id: int, state: str) -> None:
    """Lead a new nonconformity to a state by the shortest road."""
    if state == "reported":
        return
    if state == "rejected":
        services.nonconformity_reject(
            actor=at.actor("thu"), nonconformity_id=sheet_id, reason="Phiếu ký ở mặt sau.", now=NOW
        )
        return
    corrected(at, sheet_id)
    analysed(at, sheet_id)
    if state == "analysed":
        return
    done_and_checked(at, acted(at, sheet_id))
    if state == "acting":
        return
    no_change(at, sheet_id)
    checked(at, sheet_id)
    if state in {"effective", "closed", "again"}:
        judged(at, sheet_id, worked=state != "again")
    if state == "closed":
        closed(at, sheet_id)


def action_of(sheet_id: int) -> Action:
    """Return the newest action of a nonconformity."""
    return Action.objects.filter(origin_kind="nonconformity", origin_id=sheet_id).latest("id")

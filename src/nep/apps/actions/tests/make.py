"""Actions for tests."""

from datetime import date

from nep.apps.actions import services
from nep.apps.organization.tests.scene import NOW, Scene
from nep.kernel.references import Reference

DUE = date(2026, 12, 20)
AUDIT = Reference("audit", 7, "Đánh giá nội bộ năm 2026", "/danh-gia/7/")


def action(agency: Scene, *, by: str = "thu", owner: str = "lan", **change) -> int:
    """Give an action to a person and return its id."""
    values = {
        "origin": AUDIT, "title": "Bổ sung chữ ký vào phiếu kiểm soát", "unit_id": None,
        "due_on": DUE, "owner_id": agency.people[owner], "now": NOW,
    }  # fmt: skip
    return services.action_open(
        actor=agency.actor(by), agency_id=agency.agency_id, **{**values, **change}
    )


def done(agency: Scene, action_id: int, *, by: str = "lan", **change) -> None:
    """Report an action as done."""
    values = {"evidence": "Đã ký đủ 12 phiếu của tháng 11.", "now": NOW}
    services.action_done(actor=agency.actor(by), action_id=action_id, **{**values, **change})

"""A department with a procedure, an ISO secretary, a QMR, a head, and its risks."""

from datetime import date, timedelta

from nep.apps.actions import services as actions
from nep.apps.actions.models import Action
from nep.apps.cases.tests.scene import Office
from nep.apps.organization.tests.scene import NOW
from nep.apps.planning import services
from nep.apps.planning.rules import risks

DUE = date(2026, 12, 28)
REVIEW = date(2027, 6, 30)
LATER = NOW + timedelta(days=20)


def with_keepers(at: Office) -> Office:
    """Add an ISO secretary, a QMR and an auditor to the office."""
    at.scene.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    at.scene.person("qmr", "Hồ Đại Diện", ("PKH", "qmr", "QMR"))
    at.scene.person("dga", "Vũ Văn Đánh", ("PKH", "auditor", "Đánh giá viên"))
    return at


def opened(at: Office, *, by: str = "thu", owner: str | None = "lan", steps=None, **change) -> int:
    """Write a risk down and return its id."""
    values = {
        "kind": "risk", "title": "Hồ sơ dồn vào cuối tháng", "cause": "Người dân nộp muộn",
        "effect": "Trả kết quả trễ hẹn", "clause": "2015:8.5.1",
        "owner_id": at.scene.people[owner] if owner else None,
    }  # fmt: skip
    return services.risk_open(
        actor=at.actor(by), values=services.RiskValues(**{**values, **change}), now=NOW, steps=steps
    )


def rated(at: Office, risk_id: int, *, by: str = "lan", likelihood=3, impact=4, now=NOW) -> None:
    """Rate a risk."""
    services.risk_rate(
        actor=at.actor(by), risk_id=risk_id, likelihood=likelihood, impact=impact, now=now
    )


def acted(at: Office, risk_id: int, *, by: str = "lan", now=NOW, due_on=DUE) -> int:
    """Lay an action down and return its id."""
    return services.risk_act(
        actor=at.actor(by), risk_id=risk_id, title="Nhắc người dân nộp sớm",
        owner_id=at.scene.people["lan"], due_on=due_on, now=now,
    )  # fmt: skip


def done_and_checked(at: Office, action_id: int, *, now=NOW) -> None:
    """Do an action and have it checked."""
    actions.action_done(
        actor=at.actor("lan"), action_id=action_id, evidence="Đã nhắn tin 40 người.", now=now
    )
    actions.action_check(
        actor=at.actor("thu"), action_id=action_id, accepted=True, note="", now=now
    )


def verified(at: Office, risk_id: int, *, by: str = "qmr", now=LATER, **change) -> None:
    """Find the treatment effective."""
    values = {"likelihood": 1, "impact": 4, "note": "Cuối tháng không còn dồn hồ sơ.",
              "review_on": REVIEW}  # fmt: skip
    services.risk_verify(actor=at.actor(by), risk_id=risk_id, now=now, **{**values, **change})


def accepted(at: Office, risk_id: int, *, by: str = "qmr", **change) -> None:
    """Accept a risk as it is."""
    values = {"reason": "Xảy ra ít, sửa được trong ngày.", "review_on": REVIEW, "now": LATER}
    services.risk_accept(actor=at.actor(by), risk_id=risk_id, **{**values, **change})


def closed(at: Office, risk_id: int, *, by: str = "thu") -> None:
    """Watch a risk no more."""
    services.risk_close(
        actor=at.actor(by), risk_id=risk_id, reason="Thủ tục đã bị bãi bỏ.", now=LATER
    )


def brought(at: Office, risk_id: int, state: str) -> None:
    """Lead a risk that was just opened to a state."""
    if state == risks.DRAFT:
        return
    if state == risks.CLOSED:
        closed(at, risk_id)
        return
    rated(at, risk_id)
    if state == risks.ACCEPTED:
        accepted(at, risk_id)
    if state in {risks.TREATING, risks.VERIFIED}:
        acted(at, risk_id)
    if state == risks.VERIFIED:
        done_and_checked(at, Action.objects.get(origin_kind="risk", origin_id=risk_id).pk)
        verified(at, risk_id)

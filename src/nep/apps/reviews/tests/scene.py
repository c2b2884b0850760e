"""A department with a secretary, a second leader, and reviews on their way."""

from datetime import date, datetime, timedelta

from nep.apps.organization.tests.scene import NOW, Scene, department
from nep.apps.reviews import services
from nep.apps.reviews.models import Review
from nep.apps.reviews.rules import life
from nep.apps.reviews.rules.life import Decided, Minutes

TODAY = NOW.date()
MEETS = TODAY + timedelta(days=5)
MET = NOW + timedelta(days=5)
DUE = date(2027, 3, 1)


def office_of_review() -> Scene:
    scene = department()
    scene.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    scene.person("giam", "Vũ Đức Giám", ("LD", "leader", "Giám đốc"))
    return scene


def prepared(at: Scene, *, by: str = "thu", now: datetime = NOW, edition="2015", **change) -> int:
    """Prepare a review of the year so far and return its id."""
    people = at.people
    plan = services.ReviewPlan(
        **{"meets_on": now.date() + timedelta(days=5), "meets_at": "08:00",
           "place": "Phòng họp tầng 2", "chair_id": people["giam"],
           "people": (people["giam"], people["toan"], people["thu"]),
           "agenda": ("Xem việc đã giao", "Kết luận"), **change}
    )  # fmt: skip
    return services.review_prepare(
        actor=at.actor(by, now=now), edition=edition, starts_on=date(now.year, 1, 1),
        ends_on=now.date(), plan=plan, now=now,
    )  # fmt: skip


def minutes(at: Scene, *, held_on: date = MEETS, **change) -> Minutes:
    """Return the minutes of a meeting with one decision and one output in words."""
    values = {
        "held_on": held_on, "present": frozenset({at.people["giam"], at.people["toan"]}),
        "verdict": "effective", "outputs": {"improve": "Đặt máy in ở quầy."},
        "nothing_else": True,
        "decisions": (Decided("Mua máy in cho quầy", at.people["toan"], DUE, "resources"),),
    }  # fmt: skip
    return Minutes(**{**values, **change})


def written(at: Scene, review_id: int, *, by: str = "thu", now=MET, **change) -> None:
    change.setdefault("held_on", now.date())
    services.review_write(
        actor=at.actor(by), review_id=review_id, minutes=minutes(at, **change), now=now
    )


def returned(at: Scene, review_id: int, *, by: str = "giam", now=MET) -> None:
    services.review_return(
        actor=at.actor(by), review_id=review_id, reason="Thiếu ý kiến Phòng Kế hoạch.", now=now
    )


def approved(at: Scene, review_id: int, *, by: str = "giam", now=MET, read: str = "") -> None:
    shown = read or Review.objects.get(pk=review_id).minutes_hash
    services.review_approve(actor=at.actor(by), review_id=review_id, read_hash=shown, now=now)


def dropped(at: Scene, review_id: int, *, now=NOW) -> None:
    services.review_drop(
        actor=at.actor("thu"), review_id=review_id, reason="Hoãn sang quý sau.", now=now
    )


def brought(at: Scene, review_id: int, state: str) -> None:
    """Lead a prepared review to a state by the shortest road."""
    if state == life.DROPPED:
        dropped(at, review_id)
    if state in {life.PREPARED, life.DROPPED}:
        return
    written(at, review_id)
    if state == life.RETURNED:
        returned(at, review_id)
    if state in life.DONE:
        approved(at, review_id)
    if state == life.CLOSED:
        later = MET + timedelta(days=20)
        following = prepared(at, now=later)
        written(at, following, now=later + timedelta(days=5), follow=True)
        approved(at, following, now=later + timedelta(days=5))

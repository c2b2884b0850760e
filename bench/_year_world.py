"""What a whole ISO year leaves in an agency, by bulk inserts: plans, audits, training, reviews."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

RISKS, OBJECTIVES, VALUES, AUDITS, QUESTIONS, ACTIONS = 15, 10, 8, 3, 60, 20
CLAUSES = ("4.4", "6.2", "7.2", "7.5.3", "8.1", "8.5.1", "8.6", "9.1.2", "10.2")


def fill(scene: Any) -> None:
    """Write editions in force, rated risks, measured objectives, held audits with their findings,
    checked actions, training, certificates and an approved review of an agency."""
    from nep.apps.organization.tests.scene import NOW

    own = {"agency_id": scene.agency_id}
    who, other = scene.people["lan"], scene.people["ha"]
    _plans(own, who, other, NOW)
    _audits(scene, own, who, other, NOW)
    _people(own, who, other, NOW)
    _review(own, who, other, NOW)


def _plans(own: dict[str, Any], who: int, other: int, now: Any) -> None:
    from nep.apps.planning.models import Objective, ObjectiveList, ObjectiveValue, Risk, Statement

    Statement.objects.bulk_create(
        Statement(
            **own, part=part, edition=2, state="in_force", content={}, content_hash="0" * 64,
            author_id=who, drafted_at=now, submitted_at=now, approver_id=other, approved_at=now,
            effective_on=now.date(), changed_at=now, revision_id=1,
        )
        for part in ("context", "parties", "policy")
    )  # fmt: skip
    Risk.objects.bulk_create(
        Risk(
            **own, kind=("risk", "opportunity")[place % 3 == 0], year=2026, number=place,
            title="Máy chủ dừng", folded="may chu dung", opened_by_id=who, opened_at=now,
            state="rated", round_since=now, method="quantitative", likelihood=3, impact=4,
            product=12, level="medium", rated_by_id=who, rated_at=now, changed_at=now,
        )
        for place in range(1, RISKS + 1)
    )  # fmt: skip
    sheet = ObjectiveList.objects.create(
        **own, year=2026, edition=1, state="approved", gathered_by_id=who, gathered_at=now,
        approved_by_id=other, approved_at=now, sha256="0" * 64,
    )  # fmt: skip
    rows = Objective.objects.bulk_create(
        Objective(
            **own, year=2026, number=place, title="Trả kết quả đúng hẹn", target=Decimal(95),
            method="Đếm hồ sơ", owner_id=who, proposed_by_id=who, proposed_at=now,
            state="approved", of_list=sheet, changed_at=now,
        )
        for place in range(1, OBJECTIVES + 1)
    )  # fmt: skip
    ObjectiveValue.objects.bulk_create(
        ObjectiveValue(
            objective=row, starts_on=date(2026, month, 1), ends_on=date(2026, month, 28),
            value=Decimal(97), met=True, final=True, at=now,
        )
        for row in rows
        for month in range(1, VALUES + 1)
    )  # fmt: skip


def _audits(scene: Any, own: dict[str, Any], who: int, other: int, now: Any) -> None:
    from nep.apps.actions.models import Action
    from nep.apps.audits.models import Audit, Finding, Programme, Session

    unit_id = scene.units["PKH"]
    programme = Programme.objects.create(
        **own, year=2026, state="approved", made_by_id=who, made_at=now, approved_by_id=other,
        approved_at=now, changed_at=now,
    )  # fmt: skip
    for number in range(1, AUDITS + 1):
        audit = Audit.objects.create(
            **own, programme=programme, year=2026, number=number, state="reported",
            planned_by_id=who, planned_at=now, announced_by_id=other, announced_at=now,
            held_at=now, reported_by_id=who, reported_at=now, conclusion="Có hiệu lực.",
            decision="12/QĐ", changed_at=now,
        )  # fmt: skip
        session = Session.objects.create(
            audit=audit,
            unit_id=unit_id,
            clauses=list(CLAUSES),
            starts_at=now,
            ends_at=now + timedelta(hours=2),
        )
        Finding.objects.bulk_create(
            Finding(
                **own, session=session, position=place, clause=CLAUSES[place % len(CLAUSES)],
                question="Ai làm, khi nào?", state="noted", level="conform", noted_by_id=who,
                noted_at=now,
            )
            for place in range(1, QUESTIONS // AUDITS + 1)
        )  # fmt: skip
    Action.objects.bulk_create(
        Action(
            **own, year=2026, number=place, origin_kind="audit", title="Ký lại phiếu",
            folded="ky lai phieu", owner_id=who, opened_by_id=other, opened_at=now,
            first_due_on=now.date(), due_on=now.date(), state="checked", evidence="Phiếu đã ký.",
            done_by_id=who, done_at=now, checked_by_id=other, ended_at=now, changed_at=now,
        )
        for place in range(1, ACTIONS + 1)
    )  # fmt: skip


def _people(own: dict[str, Any], who: int, other: int, now: Any) -> None:
    from nep.apps.competence.models import Qualification, Session, TrainingPlan

    plan = TrainingPlan.objects.create(
        **own, year=2026, state="approved", approved_by_id=other, approved_at=now, sha256="0" * 64
    )
    Session.objects.bulk_create(
        Session(
            **own, plan=plan, number=place, title="Nghiệp vụ một cửa", form="inside",
            starts_at=now, hours=Decimal(3), organiser_id=who, state="held",
            key=f"{own['agency_id']}-{place}", held_at=now, effect_on=now.date(),
            changed_at=now,
        )
        for place in range(1, 7)
    )  # fmt: skip
    Qualification.objects.bulk_create(
        Qualification(
            **own, person_id=person, kind="auditor", course="Đánh giá viên nội bộ",
            given_by="Chi cục", given_on=now.date(), added_by_id=who, added_at=now,
        )
        for person in (who, other)
    )  # fmt: skip


def _review(own: dict[str, Any], who: int, other: int, now: Any) -> None:
    from nep.apps.reviews.models import FrozenInputs, Review

    row = Review.objects.create(
        **own, year=2026, number=1, edition="2015", starts_on=date(2026, 1, 1),
        ends_on=now.date(), state="approved", meets_on=now.date(), chair_id=other,
        prepared_by_id=who, prepared_at=now, held_on=now.date(), minutes_hash="0" * 64,
        written_by_id=who, written_at=now, approved_by_id=other, approved_at=now, changed_at=now,
    )  # fmt: skip
    FrozenInputs.objects.create(
        review=row,
        number=1,
        content={},
        sha256="0" * 64,
        ends_on=now.date(),
        frozen_by_id=who,
        frozen_at=now,
    )

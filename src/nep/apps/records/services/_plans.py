"""The file plan of a year: made, filled, copied forward, approved."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.records import rules
from nep.apps.records.models import DepositRule, FilePlan, Series
from nep.apps.records.services._ground import note
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

_COPIED = (
    "code", "code_key", "title", "unit_id", "keeper_id", "retention_years", "is_permanent",
    "basis", "mark", "note", "position",
)  # fmt: skip


@transaction.atomic
def plan_open(*, actor: Actor, year: int, now: datetime, copy_year: int | None = None) -> int:
    """Begin the plan of a year, with the lines of another year's when given; return its id.

    Raises Forbidden; NotFound without a plan of `copy_year`; Refusal("plan_exists", "plan_year").
    Source: Nghị định 30/2020/NĐ-CP Điều 28 (danh mục hồ sơ ban hành đầu năm).
    """
    require(may(actor, "record.manage"))
    if not 2000 <= year <= 2100:
        raise Refusal("plan_year", "Hãy ghi năm bằng bốn chữ số.", field="year")
    old = None
    if copy_year is not None:
        old = FilePlan.objects.filter(agency_id=actor.agency_id, year=copy_year).first()
        if old is None:
            raise NotFound()
    try:
        with transaction.atomic():
            plan = FilePlan.objects.create(
                agency_id=actor.agency_id, year=year, made_by_id=actor.person_id, made_at=now
            )
    except IntegrityError as error:
        raise Refusal("plan_exists", f"Danh mục hồ sơ năm {year} đã có.", field="year") from error
    if old is not None:
        _copy_lines(old, plan)
    note(
        actor, agency_id=actor.agency_id, action="file_plan.opened", object_type="file_plan",
        object_id=plan.id, at=now, new={"year": year, "copied_from": copy_year},
    )  # fmt: skip
    return plan.id


def _copy_lines(old: FilePlan, plan: FilePlan) -> None:
    Series.objects.bulk_create(
        [
            Series(
                agency_id=plan.agency_id, plan=plan,
                **{name: getattr(line, name) for name in _COPIED},
            )
            for line in Series.objects.filter(plan=old)
        ]
    )  # fmt: skip


@transaction.atomic
def series_keep(
    *,
    actor: Actor,
    plan_id: int,
    code: str,
    title: str,
    unit_id: int | None,
    keeper_id: int | None,
    years: int | None,
    is_permanent: bool,
    basis: str,
    mark: str,
    now: datetime,
    remark: str = "",
    series_id: int | None = None,
    version: int | None = None,
) -> int:
    """Write a line of a plan, a new one without `series_id`; return its id.

    Open files of the series take over a changed retention, those of a plan that was issued before
    when it is issued again; closed ones keep theirs.
    Raises Forbidden; NotFound; Conflict; Refusal(see `decide_series`, "series_taken").
    """
    require(may(actor, "record.manage"))
    plan = _plan(actor, plan_id)
    require(rules.decide_plan_change(plan.state), kind=Refusal)
    require(
        rules.decide_series(
            code=code, title=title, years=years, is_permanent=is_permanent, basis=basis, mark=mark
        ),
        kind=Refusal,
    )
    _require_known(actor, unit_id=unit_id, keeper_id=keeper_id, now=now)
    row = _series(plan, series_id, version)
    old = {name: getattr(row, name) for name in _COPIED} if series_id else None
    row.code, row.code_key = clean(code)[:40], rules.series_key(code)[:40]
    row.title, row.unit_id, row.keeper_id = clean(title)[:400], unit_id, keeper_id
    row.retention_years, row.is_permanent = years, is_permanent
    row.basis, row.mark, row.note = clean(basis)[:300], mark, clean(remark)[:400]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refusal(
            "series_taken", f"Danh mục đã có số, ký hiệu {row.code}.", field="code"
        ) from error
    if plan.edition == 1:
        _pass_on(row)
    note(
        actor, agency_id=actor.agency_id, action="series.kept", object_type="series",
        object_id=row.id, at=now, old=old, new={name: getattr(row, name) for name in _COPIED},
    )  # fmt: skip
    return row.id


def _pass_on(row: Series) -> None:
    """Give the open files of a series its retention."""
    row.files.filter(state=rules.OPEN).update(
        retention_years=row.retention_years, is_permanent=row.is_permanent
    )


def _series(plan: FilePlan, series_id: int | None, version: int | None) -> Series:
    if series_id is None:
        last = plan.series.aggregate(last=Max("position"))["last"] or 0
        return Series(agency_id=plan.agency_id, plan=plan, position=last + 1)
    row = Series.objects.select_for_update().filter(pk=series_id, plan=plan).first()
    if row is None:
        raise NotFound()
    if version is not None and row.version != version:
        raise Conflict("series_changed", "Người khác vừa sửa dòng này. Hãy tải lại trang.")
    row.version += 1
    return row


def _require_known(
    actor: Actor, *, unit_id: int | None, keeper_id: int | None, now: datetime
) -> None:
    units = {unit.id for unit in organization.units_of(actor.agency_id)}
    if unit_id is not None and unit_id not in units:
        raise Refusal("unit_unknown", "Hãy chọn đơn vị trong danh sách.", field="unit")
    people = organization.people_for(agency_id=actor.agency_id, today=local(now).date())
    if keeper_id is not None and keeper_id not in {person.id for person in people}:
        raise Refusal("keeper_unknown", "Hãy chọn người lập trong danh sách.", field="keeper")


@transaction.atomic
def series_drop(*, actor: Actor, series_id: int, now: datetime) -> None:
    """Remove a line that has no file yet from a plan that is not issued.

    Raises Forbidden; NotFound; Refusal("plan_issued", "series_used").
    """
    require(may(actor, "record.manage"))
    row = Series.objects.filter(pk=series_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    require(rules.decide_plan_change(_plan(actor, row.plan_id).state), kind=Refusal)
    if row.files.exists():
        raise Refusal("series_used", "Dòng này đã có hồ sơ nên không bỏ được.")
    row.delete()
    note(
        actor, agency_id=actor.agency_id, action="series.dropped", object_type="series",
        object_id=series_id, at=now, old={"code": row.code, "title": row.title},
    )  # fmt: skip


@transaction.atomic
def plan_approve(*, actor: Actor, plan_id: int, decision: str, now: datetime) -> None:
    """Approve the plan of a year under a decision; who made it may not.

    Raises Forbidden; NotFound; Refusal(see `decide_plan_approval`, "decision_missing").
    """
    require(may(actor, "record.approve"))
    plan = _plan(actor, plan_id)
    require(
        rules.decide_plan_approval(
            state=plan.state, series=plan.series.count(), maker_id=plan.made_by_id,
            actor_id=actor.person_id,
        ),
        kind=Refusal,
    )  # fmt: skip
    number = clean(decision)[:120]
    if not any(char.isdigit() for char in number):
        raise Refusal(
            "decision_missing", "Hãy ghi số quyết định ban hành danh mục.", field="decision"
        )
    plan.state, plan.decision = "approved", number
    plan.approved_by_id, plan.approved_at = actor.person_id, now
    plan.version += 1
    plan.save()
    for row in plan.series.all():
        _pass_on(row)
    note(
        actor, agency_id=actor.agency_id, action="file_plan.approved", object_type="file_plan",
        object_id=plan.id, at=now,
        new={"year": plan.year, "edition": plan.edition, "decision": number},
    )  # fmt: skip


@transaction.atomic
def plan_reopen(*, actor: Actor, plan_id: int, reason: str, now: datetime) -> None:
    """Open an issued plan for another edition; who opens it does not issue it.

    Open files keep their retention until the edition is issued.
    Raises Forbidden; NotFound; Refusal(see `decide_plan_reopening`).
    """
    require(may(actor, "record.manage"))
    plan = _plan(actor, plan_id)
    require(rules.decide_plan_reopening(state=plan.state, reason=reason), kind=Refusal)
    old = {
        "decision": plan.decision, "approved_by": plan.approved_by_id,
        "approved_at": plan.approved_at, "edition": plan.edition,
    }  # fmt: skip
    plan.state, plan.decision, plan.approved_by_id, plan.approved_at = "draft", "", None, None
    plan.made_by_id, plan.made_at = actor.person_id, now
    plan.edition, plan.version = plan.edition + 1, plan.version + 1
    plan.save()
    note(
        actor, agency_id=actor.agency_id, action="file_plan.reopened", object_type="file_plan",
        object_id=plan.id, at=now, old=old, new={"edition": plan.edition},
        reason=clean(reason)[:500],
    )  # fmt: skip


@transaction.atomic
def deposit_rule_set(*, actor: Actor, source_type: str, series_code: str, now: datetime) -> None:
    """Set into which series records of a kind of source go by themselves; empty takes it back.

    Raises Forbidden; Refusal("source_unknown", "series_unknown").
    """
    require(may(actor, "record.manage"))
    if source_type not in rules.SOURCE_NAMES or source_type == "upload":
        raise Refusal("source_unknown", "Hãy chọn nguồn trong danh sách.", field="source_type")
    rows = DepositRule.objects.filter(agency_id=actor.agency_id, source_type=source_type)
    key = rules.series_key(series_code)
    line = Series.objects.filter(agency_id=actor.agency_id, code_key=key).first()
    if key and line is None:
        raise Refusal(
            "series_unknown", "Chưa danh mục nào có số, ký hiệu này.", field="series_code"
        )
    old = rows.values_list("series_code", flat=True).first()
    if line is None:
        rows.delete()
    else:
        DepositRule.objects.update_or_create(
            agency_id=actor.agency_id, source_type=source_type,
            defaults={"series_code": line.code},
        )  # fmt: skip
    note(
        actor, agency_id=actor.agency_id, action="deposit_rule.set", object_type="deposit_rule",
        object_id=actor.agency_id, at=now, old=old,
        new={"source_type": source_type, "series": line.code if line else ""},
    )  # fmt: skip


def _plan(actor: Actor, plan_id: int) -> FilePlan:
    row = FilePlan.objects.select_for_update().filter(pk=plan_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    return row

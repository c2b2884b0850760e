"""Entering figures that nobody counts here, and setting a province's formulas."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.oversight.models import FormulaEdition, InputEdition
from nep.apps.oversight.queries._inputs import formulas_for
from nep.apps.oversight.rules import inputs as rules
from nep.apps.oversight.rules.indicators import BadFormula, read_indicators
from nep.apps.oversight.rules.periods import Period, read_period
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local


@transaction.atomic
def inputs_enter(
    *,
    actor: Actor,
    now: datetime,
    period: Period,
    values: Mapping[str, int | None],
    source: str,
) -> int:
    """Enter figures of the actor's agency and a period; return how many changed.

    Each becomes a new edition beside the earlier ones; None takes a figure back.
    Raises Forbidden; Refusal("input_unknown", "value_out_of_bounds", "source_missing",
    "period_ahead", "inputs_unchanged").
    """
    require(rules.may_enter(actor))
    here = local(now)
    if period.months[0] > here.year * 100 + here.month:
        raise Refusal("period_ahead", "Kỳ này chưa bắt đầu nên chưa có số liệu để nhập.")
    province_id = organization.agency(actor.agency_id).province_id
    labels, _, _ = formulas_for(province_id=province_id, period=period)
    for name, value in values.items():
        if name not in labels or name in rules.COUNTED:
            raise Refusal("input_unknown", "Số liệu này không nhập tay.")
        require(rules.decide_value(name, value), kind=Refusal)
    rows = InputEdition.objects.select_for_update().filter(
        agency_id=actor.agency_id, period=period.value
    )
    newest = {row.name: row for row in rows.order_by("edition")}
    old = {name: newest[name].value if name in newest else None for name in values}
    changed = {name: value for name, value in values.items() if value != old[name]}
    if not changed:
        raise Refusal("inputs_unchanged", "Chưa có số liệu nào khác trước.")
    require(rules.decide_source(source), kind=Refusal)
    InputEdition.objects.bulk_create(
        InputEdition(
            agency_id=actor.agency_id, period=period.value, name=name, value=value,
            edition=newest[name].edition + 1 if name in newest else 1,
            source=clean(source)[:300], at=now, by_id=actor.person_id,
        )
        for name, value in changed.items()
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="figures.inputs_entered",
        object_type="agency", object_id=actor.agency_id, at=now,
        old={"period": period.value, **{name: old[name] for name in changed}},
        new={"period": period.value, **changed}, reason=clean(source),
    )  # fmt: skip
    return len(changed)


@transaction.atomic
def formulas_set(
    *, actor: Actor, now: datetime, content: Mapping[str, Any], from_month: int, reason: str
) -> int:
    """Set the inputs and indicators of the actor's province for periods from a month on; return
    the number of the edition. Earlier periods keep the formulas they had.

    Raises Forbidden; Refusal("formula_wrong", "month_unknown", "month_past",
    "input_missing", "reason_missing").
    """
    require(may(actor, "province.manage"))
    made = dict(content)
    month = read_period(str(from_month))
    if month is None or not from_month > 100_000:
        raise Refusal("month_unknown", "Hãy ghi tháng như 202701.", field="from_month")
    if from_month // 100 < local(now).year:
        raise Refusal(
            "month_past",
            f"Các kỳ trước năm {local(now).year} giữ công thức đã dùng; hãy ghi tháng từ năm nay.",
            field="from_month",
        )
    try:
        labels, _ = read_indicators(made)
    except (BadFormula, KeyError, ValueError, TypeError) as fault:
        raise Refusal("formula_wrong", f"Công thức chưa đọc được: {fault}.") from fault
    lost = [name for name in rules.COUNTED if name not in labels]
    if lost:
        raise Refusal("input_missing", f"Không bỏ được số liệu mà Nếp đếm: {', '.join(lost)}.")
    if len(reason.strip()) < 5:
        raise Refusal("reason_missing", "Hãy ghi căn cứ, lý do đổi.", field="reason")
    province_id = organization.agency(actor.agency_id).province_id
    held = FormulaEdition.objects.select_for_update().filter(province_id=province_id)
    last = held.aggregate(last=Max("edition"))["last"] if list(held) else 0
    row = FormulaEdition.objects.create(
        province_id=province_id, edition=(last or 0) + 1, from_month=from_month, content=made,
        reason=clean(reason), at=now, by_id=actor.person_id,
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="figures.formulas_set",
        object_type="agency", object_id=actor.agency_id, at=now,
        new={"edition": row.edition, "from_month": from_month}, reason=row.reason,
    )  # fmt: skip
    return row.edition

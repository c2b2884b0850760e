"""The programme of a year: proposed whole, changed, submitted, approved, finished."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from nep.apps.audits.models import Audit, Programme, ProgrammeLine
from nep.apps.audits.queries import clause_titles, clauses, makers, unit_facts
from nep.apps.audits.rules import life, planning
from nep.apps.audits.services._ground import (
    LEADER,
    item_drop,
    moved,
    programme_item,
    programme_locked,
    refuse,
    stepped,
    work_day,
)
from nep.apps.audits.services._papers import programme_freeze
from nep.apps.organization.queries import units_of
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean, clean_lines
from nep.kernel.vietnamese import local

AIM = (
    "Xem hệ thống có phù hợp với TCVN ISO 9001 và quy định của cơ quan, có được thực hiện và duy trì "
    "hiệu lực hay không; tìm chỗ cần cải tiến."
)
APPROVE_DAYS = 3


@transaction.atomic
def programme_propose(*, actor: Actor, year: int, now: datetime) -> int:
    """Propose the whole programme of a year from units, procedures, figures; return its id.

    A draft that stands is proposed anew. Raises Forbidden; Refusal("year_unknown", "audit_state",
    "units_none"). Source: TCVN ISO 9001:2015 điều 9.2.2 a.
    """
    require(may(actor, "audit.manage"))
    today = local(now).date()
    if year not in {today.year, today.year + 1}:
        raise Refusal("year_unknown", "Lập chương trình cho năm nay hoặc năm sau.", field="year")
    units = unit_facts(agency_id=actor.agency_id, today=today)
    if not units:
        raise Refusal("units_none", "Cơ quan chưa có đơn vị nào. Hãy lập đơn vị trước.")
    row = (
        Programme.objects.select_for_update(of=("self",))
        .filter(agency_id=actor.agency_id, year=year)
        .first()
    )
    is_new = row is None
    if row is None:
        row = Programme.objects.create(
            agency_id=actor.agency_id, year=year, aim=AIM, made_by_id=actor.person_id, made_at=now,
            changed_at=now, version=0,
        )  # fmt: skip
    else:
        moved(life.PROGRAMME, row, life.EDIT)
        row.lines.all().delete()
    ProgrammeLine.objects.bulk_create(
        ProgrammeLine(programme=row, unit_id=one.unit_id, month=one.month,
                      clauses=list(one.clauses), weight=one.weight, reason=one.reason[:400])
        for one in planning.propose(units, clauses(), year=year, today=today)
    )  # fmt: skip
    programme_item(
        row, actor, now, step="Xem lại và trình chương trình", person_id=actor.person_id,
        due_on=work_day(row.agency_id, today, APPROVE_DAYS),
    )  # fmt: skip
    stepped(actor, row, "open" if is_new else life.EDIT, "Nếp đề xuất từ số liệu của cơ quan.", now)
    return row.id


@transaction.atomic
def programme_line_set(
    *, actor: Actor, programme_id: int, unit_id: int, months: Iterable[int],
    clause_numbers: Iterable[str], now: datetime,
) -> None:  # fmt: skip
    """Say in which months a unit is audited on which clauses; no month takes it out.

    Raises Forbidden; NotFound; Refusal("audit_state", "month_unknown", "clauses_none").
    """
    require(may(actor, "audit.manage"))
    row = programme_locked(actor, programme_id)
    moved(life.PROGRAMME, row, life.EDIT)
    units = {unit.id: unit.name for unit in units_of(actor.agency_id)}
    if unit_id not in units:
        raise NotFound()
    wanted = sorted(set(months))
    if any(not 1 <= month <= 12 for month in wanted):
        raise Refusal("month_unknown", "Hãy chọn tháng từ 1 đến 12.", field="months")
    numbers = [number for number in clause_titles() if number in set(clause_numbers)]
    if wanted and not numbers:
        raise Refusal("clauses_none", "Hãy chọn ít nhất một điều khoản.", field="clauses")
    old = row.lines.filter(unit_id=unit_id).order_by("month").first()
    row.lines.filter(unit_id=unit_id).delete()
    ProgrammeLine.objects.bulk_create(
        ProgrammeLine(programme=row, unit_id=unit_id, month=month, clauses=numbers,
                      weight=old.weight if old else 0, reason=old.reason if old else "")
        for month in wanted
    )  # fmt: skip
    told = f"{units[unit_id]}: tháng {', '.join(map(str, wanted))}" if wanted else ""
    stepped(actor, row, life.EDIT, told or f"{units[unit_id]}: bỏ ra", now)


@transaction.atomic
def programme_words(
    *, actor: Actor, programme_id: int, aim: str, excuse: str, now: datetime
) -> None:
    """Write what the programme is for, and why clauses are left out. Raises Forbidden; Refusal."""
    require(may(actor, "audit.manage"))
    row = programme_locked(actor, programme_id)
    moved(life.PROGRAMME, row, life.EDIT)
    row.aim, row.excuse = clean_lines(aim), clean(excuse)[:600]
    stepped(actor, row, life.EDIT, "Mục đích, điều không đánh giá", now)


def _whole(row: Programme) -> None:
    """Refuse a programme that leaves out a unit, or a clause without a reason."""
    lines = list(row.lines.values_list("unit_id", "clauses"))
    units, numbers = planning.missing(
        units=[(unit.id, unit.name) for unit in units_of(row.agency_id)], clauses=clauses(),
        lines=lines,
    )  # fmt: skip
    refuse(planning.decide_whole(units=units, clauses=numbers, lines=len(lines), excuse=row.excuse))


@transaction.atomic
def programme_submit(*, actor: Actor, programme_id: int, now: datetime) -> None:
    """Put a whole programme before the head of the agency.

    Raises Forbidden; NotFound; Refusal("audit_state", "units_missing", "clauses_missing",
    "programme_empty").
    """
    require(may(actor, "audit.manage"))
    row = programme_locked(actor, programme_id)
    _whole(row)
    moved(life.PROGRAMME, row, life.SUBMIT)
    programme_item(
        row, actor, now, step="Phê duyệt chương trình đánh giá", role=LEADER,
        due_on=work_day(row.agency_id, local(now).date(), APPROVE_DAYS),
    )  # fmt: skip
    stepped(actor, row, life.SUBMIT, "", now)


@transaction.atomic
def programme_return(*, actor: Actor, programme_id: int, reason: str, now: datetime) -> None:
    """Give a programme back to who made it. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "audit.approve"))
    row = programme_locked(actor, programme_id)
    refuse(life.decide_words(reason, field="reason", ask="Hãy ghi cần sửa gì."))
    moved(life.PROGRAMME, row, life.RETURN)
    programme_item(
        row, actor, now, step="Sửa chương trình bị trả lại", person_id=row.made_by_id,
        due_on=work_day(row.agency_id, local(now).date(), APPROVE_DAYS), note=clean(reason),
    )  # fmt: skip
    stepped(actor, row, life.RETURN, clean_lines(reason), now)


@transaction.atomic
def programme_approve(*, actor: Actor, programme_id: int, now: datetime) -> None:
    """Approve a whole programme; its paper is frozen and kept in the records.

    Raises Forbidden; NotFound; Refusal("audit_state", "units_missing", "clauses_missing",
    "programme_empty", "maker_approves"). Source: TCVN ISO 9001:2015 điều 9.2.2; QĐ 19/2014/QĐ-TTg
    Điều 4 khoản 4 b.
    """
    require(may(actor, "audit.approve"))
    row = programme_locked(actor, programme_id)
    if actor.person_id in makers(row):
        raise Refusal(
            "maker_approves", "Người lập, sửa hoặc trình chương trình không tự phê duyệt. Cần "
            "lãnh đạo khác.", life.CLAUSE,
        )  # fmt: skip
    _whole(row)
    moved(life.PROGRAMME, row, life.APPROVE)
    row.approved_by_id, row.approved_at = actor.person_id, now
    item_drop(row, actor.person_id, now)
    stepped(actor, row, life.APPROVE, "", now)
    programme_freeze(actor, row, now)


@transaction.atomic
def programme_revise(*, actor: Actor, programme_id: int, reason: str, now: datetime) -> None:
    """Open an approved programme again for another edition; what was approved stays as it was.

    Raises Forbidden; NotFound; Refusal("audit_state", "words_missing").
    """
    require(may(actor, "audit.manage"))
    row = programme_locked(actor, programme_id)
    refuse(life.decide_words(reason, field="reason", ask="Hãy ghi vì sao phải sửa."))
    moved(life.PROGRAMME, row, life.REVISE)
    row.edition += 1
    row.approved_by_id, row.approved_at = None, None
    programme_item(
        row, actor, now, step="Sửa và trình lại chương trình", person_id=actor.person_id,
        due_on=work_day(row.agency_id, local(now).date(), APPROVE_DAYS), note=clean(reason),
    )  # fmt: skip
    stepped(actor, row, life.REVISE, clean_lines(reason), now)


@transaction.atomic
def programme_finish(*, actor: Actor, programme_id: int, now: datetime) -> None:
    """End a programme whose units have all been audited and whose audits have ended.

    Raises Forbidden; NotFound; Refusal("audit_state", "units_unaudited", "audits_running").
    """
    require(may(actor, "audit.manage"))
    row = programme_locked(actor, programme_id)
    running = row.audits.exclude(state__in=life.AUDIT_ENDED).count()
    if running:
        raise Refusal("audits_running", f"Còn {running} cuộc đánh giá chưa kết thúc.", life.CLAUSE)
    held = set(
        Audit.objects.filter(programme_id=row.id, state=life.CLOSED)
        .values_list("sessions__unit_id", flat=True)
    )  # fmt: skip
    left = set(row.lines.values_list("unit_id", flat=True)) - held
    if left:
        raise Refusal("units_unaudited", f"Còn {len(left)} đơn vị chưa được đánh giá.", life.CLAUSE)
    moved(life.PROGRAMME, row, life.FINISH)
    stepped(actor, row, life.FINISH, "", now)

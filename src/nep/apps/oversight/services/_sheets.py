"""Writing on officers' sheets: own points, a proposal, a decision, a contest and its answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.oversight.models import (
    OfficerSheet,
    SheetEntry,
    SheetPeriodClosing,
    SheetTermsEdition,
)
from nep.apps.oversight.queries._sheets import (
    band_counts,
    member_of,
    place_of,
    step_counts,
    terms_content,
)
from nep.apps.oversight.rules import period_text
from nep.apps.oversight.rules import sheets as rules
from nep.apps.oversight.rules.indicators import BadFormula
from nep.apps.oversight.rules.periods import Period
from nep.apps.work import services as work
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, Forbidden, Refusal
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local


@transaction.atomic
def sheet_write(
    *,
    actor: Actor,
    now: datetime,
    person_id: int,
    period: Period,
    act: str,
    points: Mapping[str, int] | None = None,
    band: str = "",
    text: str = "",
    is_without_self: bool = False,
    expected_version: int | None = None,
) -> int:
    """Write one entry on a person's sheet of a period and return the sheet.

    `act` is tu-cham, de-xuat, quyet-dinh, kien-nghi or tra-loi; `points` are tenths by criterion
    (an answer without points leaves the decision as it is); `band` is what the head decides, by
    default the band of the points. What was written before stays.
    Raises NotFound; Forbidden("not_yours_to_do"); Conflict; Refusal("not_now", "period_ahead",
    "period_closed", "self_missing", "points_missing", "points_out_of_bounds", "reason_missing",
    "band_unknown", "quota_exceeded", "quota_needs_basis").
    Source: Nghị định 335/2025/NĐ-CP; Nghị định 233/2026/NĐ-CP.
    """
    place = place_of(actor, person_id, period=period, today=local(now).date())
    roles = place.roles
    sheet = _sheet(place.agency_id, person_id, period, now)
    if expected_version is not None and sheet.version != expected_version:
        raise _changed(sheet)
    decision = rules.decide_act(act, state=sheet.state, roles=roles)
    require(decision, kind=Refusal if getattr(decision, "code", "") == "not_now" else Forbidden)
    terms = rules.read_terms(sheet.terms)
    entry = SheetEntry(
        sheet=sheet, act=act, at=now, by_id=actor.person_id, text=clean_lines(text),
        evidence=step_counts(
            agency_id=place.agency_id, period=period, person_id=person_id
        ).get(person_id, {}),
    )  # fmt: skip
    _require_now(sheet, terms, act, period, now, is_without_self)
    is_recorded = rules.RECORDER in roles
    require(rules.decide_text(text, act=act, is_recorded=is_recorded), kind=Refusal)
    if points or act in (rules.SELF, rules.PROPOSED, rules.DECIDED):
        _fill(entry, terms, points or {}, band, act)
    _put(sheet, entry, terms)
    _told(actor, sheet, entry, terms, now)
    return sheet.pk


def _sheet(agency_id: int, person_id: int, period: Period, now: datetime) -> OfficerSheet:
    """Return the sheet, locked; a new one, of version 0, is opened by its first entry."""
    sheet, _ = OfficerSheet.objects.get_or_create(
        agency_id=agency_id, person_id=person_id, period=period.value,
        defaults={"terms": terms_content(agency_id=agency_id, at=now), "opened_at": now},
    )  # fmt: skip
    return OfficerSheet.objects.select_for_update().get(pk=sheet.pk)


def _changed(sheet: OfficerSheet) -> Conflict:
    last = SheetEntry.objects.filter(sheet=sheet).order_by("-id").first()
    name = organization.person_names([last.by_id]).get(last.by_id, "") if last else ""
    did = rules.STATE_NAMES[sheet.state].lower()
    return Conflict(
        "sheet_changed",
        f"{name or 'Người khác'} vừa ghi vào phiếu này ({did}). Hãy xem lại rồi gửi tiếp.",
    )


def _require_now(
    sheet: OfficerSheet, terms: rules.SheetTerms, act: str, period: Period, now: datetime,
    is_without_self: bool,
) -> None:  # fmt: skip
    require(rules.decide_period(period, today=local(now).date()), kind=Refusal)
    if act in (rules.SELF, rules.PROPOSED, rules.DECIDED) and _closing(sheet) is not None:
        raise Refusal(
            "period_closed",
            "Kỳ này đã chốt. Điểm chỉ còn đổi được khi trả lời kiến nghị của người được đánh giá.",
        )
    has_self = SheetEntry.objects.filter(sheet=sheet, act=rules.SELF).exists()
    require(
        rules.decide_self_first(
            terms, act=act, has_self=has_self, is_without_self=is_without_self
        ),
        kind=Refusal,
    )  # fmt: skip


def _closing(sheet: OfficerSheet) -> SheetPeriodClosing | None:
    return SheetPeriodClosing.objects.filter(agency_id=sheet.agency_id, period=sheet.period).first()


def _fill(
    entry: SheetEntry, terms: rules.SheetTerms, points: Mapping[str, int], band: str, act: str
) -> None:
    """Put points, their sum and the band into an entry; own points and proposals carry no band."""
    require(rules.decide_points(terms, points), kind=Refusal)
    entry.points = {one.code: points[one.code] for one in terms.criteria}
    entry.total = sum(entry.points.values())
    if act in (rules.DECIDED, rules.ANSWERED):
        entry.band = band or terms.band_of(entry.total).code
        if terms.band(entry.band) is None:
            raise Refusal("band_unknown", "Hãy chọn mức xếp loại trong danh sách.", field="band")


def _put(sheet: OfficerSheet, entry: SheetEntry, terms: rules.SheetTerms) -> None:
    """Store the entry and what the sheet repeats of it; a closed period keeps its quota."""
    if entry.band:
        sheet.points, sheet.band = entry.total, entry.band
    sheet.state = entry.act
    sheet.version += 1
    sheet.save()
    entry.save()
    closing = _closing(sheet)
    if closing is not None and entry.band:
        rows = OfficerSheet.objects.filter(agency_id=sheet.agency_id, period=sheet.period)
        check = rules.quota_check(terms, band_counts(list(rows)))
        require(rules.decide_quota(terms, check, exception=closing.exception), kind=Refusal)


def _told(
    actor: Actor, sheet: OfficerSheet, entry: SheetEntry, terms: rules.SheetTerms, now: datetime
) -> None:
    journal.record(
        actor_id=actor.person_id, agency_id=sheet.agency_id, action="sheet.written",
        object_type="officer_sheet", object_id=sheet.pk, at=now,
        new={
            "act": entry.act, "person": sheet.person_id, "period": sheet.period,
            "total": entry.total, "band": entry.band,
        },
        reason=entry.text,
    )  # fmt: skip
    when = period_text(sheet.period).lower()
    words = {
        rules.DECIDED: (sheet.person_id, f"Phiếu đánh giá {when} của bạn đã có quyết định"),
        rules.ANSWERED: (sheet.person_id, f"Kiến nghị về phiếu {when} của bạn đã được trả lời"),
        rules.CONTESTED: (_decider(sheet), f"Có kiến nghị về phiếu đánh giá {when}"),
    }
    person_id, told = words.get(entry.act, (0, ""))
    if person_id:
        work.notice_add(
            person_id=person_id, agency_id=_works_in(person_id, sheet, now), key=f"phieu:{entry.pk}", text=told,
            link=f"/dieu-hanh/can-bo/phieu/{sheet.person_id}/{sheet.period}/", at=now, icon="info",
        )  # fmt: skip


def _works_in(person_id: int, sheet: OfficerSheet, now: datetime) -> int:
    """Return in which agency a notice about a sheet is read: who judged it may be of the superior."""
    above = organization.agency(sheet.agency_id).parent_id
    is_here = member_of(sheet.agency_id, person_id, today=local(now).date()) is not None
    return sheet.agency_id if is_here or above is None else above


def _decider(sheet: OfficerSheet) -> int:
    acts = [rules.DECIDED, rules.ANSWERED]
    last = SheetEntry.objects.filter(sheet=sheet, act__in=acts).order_by("-id").first()
    return last.by_id if last else 0


@transaction.atomic
def sheet_period_close(
    *, actor: Actor, now: datetime, period: Period, exception: str = "", note: str = ""
) -> int:
    """Close a period's judging and return the closing: every sheet decided, the quota kept.

    `exception` is the basis of the higher quota. Raises Forbidden; Refusal("already_closed",
    "nothing_to_close", "undecided", "contested", "quota_exceeded", "quota_needs_basis").
    Source: Nghị định 335/2025/NĐ-CP (tỷ lệ xuất sắc).
    """
    if "leader" not in actor.roles:
        raise Forbidden("not_permitted", "Kỳ đánh giá do người đứng đầu cơ quan chốt.")
    sheets = list(
        OfficerSheet.objects.select_for_update()
        .filter(agency_id=actor.agency_id, period=period.value)
        .order_by("id")
    )
    if SheetPeriodClosing.objects.filter(agency_id=actor.agency_id, period=period.value).exists():
        raise Refusal("already_closed", "Kỳ này đã chốt.")
    require(rules.decide_closing(states=[sheet.state for sheet in sheets]), kind=Refusal)
    terms = rules.read_terms(terms_content(agency_id=actor.agency_id, at=now))
    bands = band_counts(sheets)
    check = rules.quota_check(terms, bands)
    require(rules.decide_quota(terms, check, exception=exception), kind=Refusal)
    row = SheetPeriodClosing.objects.create(
        agency_id=actor.agency_id, period=period.value, at=now, by_id=actor.person_id,
        bands=dict(bands), exception=clean_lines(exception), note=clean_lines(note),
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="sheet.period_closed",
        object_type="agency", object_id=actor.agency_id, at=now,
        new={"period": period.value, "bands": dict(bands)}, reason=row.exception or row.note,
    )  # fmt: skip
    return row.pk


@transaction.atomic
def terms_set(*, actor: Actor, now: datetime, content: Mapping[str, Any], reason: str) -> int:
    """Set the criteria, bands and quota for sheets opened from now on; return the edition.

    Raises Forbidden; Refusal("terms_wrong", "terms_unchanged", "reason_missing").
    """
    require(rules.may_set_terms(actor))
    made = dict(content)
    try:
        rules.read_terms(made)
    except (BadFormula, KeyError, ValueError, TypeError) as fault:
        raise Refusal("terms_wrong", f"Chưa lưu được: {fault}.") from fault
    if made == dict(terms_content(agency_id=actor.agency_id, at=now)):
        raise Refusal("terms_unchanged", "Chưa có tiêu chí nào khác trước.")
    if len(reason.strip()) < 5:
        raise Refusal("reason_missing", "Hãy ghi căn cứ, lý do đổi.", field="reason")
    row = SheetTermsEdition.objects.create(
        agency_id=actor.agency_id, since=now, content=made, reason=clean_lines(reason),
        by_id=actor.person_id,
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="sheet.terms_set",
        object_type="agency", object_id=actor.agency_id, at=now, new={"edition": row.pk},
        reason=row.reason,
    )  # fmt: skip
    return row.pk

"""The ISO year is opened, changed, and what no data can tell is written down.

Source: Quyết định 19/2014/QĐ-TTg Điều 4 khoản 4; each obligation names its own.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from nep.apps.conformity import queries
from nep.apps.conformity.models import IsoYear, YearItem
from nep.apps.conformity.rules import year as rules
from nep.apps.conformity.services._declaration_ground import due_from, unit_of_role
from nep.apps.organization.rules import ROLE_NAMES, Actor, may
from nep.apps.work import services as work
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

SOURCE = "year_item"
AHEAD = timedelta(days=rules.SOON_DAYS)


@transaction.atomic
def year_open(*, actor: Actor, year: int, copy: bool, now: datetime) -> int:
    """Open the obligations of a year, from the shipped set or from the year before; return its id.

    What is copied keeps its day, its owner and its exclusion; own lines and exclusions are marked
    and wait for a look. Raises Forbidden; Refusal("year_open", "year_bounds", "nothing_to_copy").
    """
    require(may(actor, "year.manage"))
    today = local(now).date()
    if not today.year - 1 <= year <= today.year + 1:
        raise Refusal("year_bounds", "Chỉ mở được năm trước, năm nay và năm sau.", field="year")
    if IsoYear.objects.filter(agency_id=actor.agency_id, year=year).exists():
        raise Refusal("year_open", f"Năm {year} đã mở.")
    before = list(YearItem.objects.filter(agency_id=actor.agency_id, year=year - 1)) if copy else []
    if copy and not before:
        raise Refusal("nothing_to_copy", f"Năm {year - 1} chưa mở nên không có gì để chép.")
    row = IsoYear.objects.create(
        agency_id=actor.agency_id, year=year, copied_from=year - 1 if copy else None,
        opened_by_id=actor.person_id, opened_at=now,
    )  # fmt: skip
    shipped = queries.obligations_of(actor.agency_id, today=today)
    made = [_copied(row, one, year, now) for one in before]
    known = {one.code for one in before}
    made += [_fresh(row, one, year, now) for one in shipped if one.code not in known]
    YearItem.objects.bulk_create(made, batch_size=100)
    _note(actor, row.id, "opened", now, new={"year": year, "copied": copy, "items": len(made)})
    return row.id


def _fresh(row: IsoYear, one: rules.Obligation, year: int, now: datetime) -> YearItem:
    return YearItem(
        iso_year=row, agency_id=row.agency_id, year=year, code=one.code, title=one.title,
        due_on=rules.day_of(one.due, year), role=one.role, minutes=one.minutes, changed_at=now,
    )  # fmt: skip


def _copied(row: IsoYear, one: YearItem, year: int, now: datetime) -> YearItem:
    """Return a line of the year before as a line of this one; what must change waits for a look."""
    asks = one.is_own or bool(one.excluded)
    return YearItem(
        iso_year=row, agency_id=row.agency_id, year=year, code=one.code, title=one.title,
        due_on=rules.moved_to(one.due_on, year), role=one.role, minutes=one.minutes,
        is_own=one.is_own, is_copied=True, confirmed_at=None if asks else now,
        excluded=one.excluded, changed_at=now,
    )  # fmt: skip


@transaction.atomic
def year_item_keep(
    *, actor: Actor, year: int, code: str, title: str, due_on: date, role: str, minutes: int,
    now: datetime,
) -> str:  # fmt: skip
    """Change an obligation of a year, or add one of the agency's own (empty `code`); return its code.

    The title of a shipped one stays. Raises Forbidden; NotFound; Refusal("title_missing",
    "due_other_year", "minutes_bounds", "role_unknown").
    """
    require(may(actor, "year.manage"))
    require(
        rules.decide_change(title=title, due_on=due_on, year=year, minutes=minutes), kind=Refusal
    )
    if role not in ROLE_NAMES:
        raise Refusal("role_unknown", "Hãy chọn người làm trong danh sách.", field="role")
    if code:
        row = _locked(actor, year, code)
    else:
        held = _year(actor, year)
        own = YearItem.objects.filter(iso_year=held, is_own=True).count()
        row = YearItem(
            iso_year=held, agency_id=actor.agency_id, year=year, is_own=True,
            code=f"rieng-{own + 1}", version=0,
        )  # fmt: skip
    if row.is_own:
        row.title = clean(title)[:300]
    row.due_on, row.role, row.minutes = due_on, role, minutes
    row.confirmed_at = now
    _save(actor, row, "kept", now)
    return row.code


@transaction.atomic
def year_item_tick(
    *, actor: Actor, year: int, code: str, on: date, evidence: str, now: datetime
) -> None:
    """Write down that an obligation is done, only where no data can tell.

    Raises Forbidden; NotFound; Refusal("seen_from_data", "evidence_missing", "done_later",
    "done_early").
    """
    require(may(actor, "year.manage"))
    today = local(now).date()
    row = _locked(actor, year, code)
    known = {one.code: one for one in queries.obligations_of(actor.agency_id, today=today)}
    require(
        rules.decide_tick(
            obligation=known.get(code), evidence=evidence, on=on, year=year, today=today
        ),
        kind=Refusal,
    )
    old = {"done_on": row.done_on, "evidence": row.evidence} if row.done_on else None
    row.done_on, row.evidence, row.done_by_id = on, clean(evidence)[:600], actor.person_id
    _close_item(row, actor.person_id, now)
    _save(actor, row, "done", now, old=old)


@transaction.atomic
def year_item_exclude(*, actor: Actor, year: int, code: str, reason: str, now: datetime) -> None:
    """Leave an obligation out of the year with a reason; an empty reason takes it in again.

    Raises Forbidden; NotFound; Refusal("reason_missing").
    """
    require(may(actor, "year.manage"))
    row = _locked(actor, year, code)
    if not row.excluded or clean(reason):
        require(rules.decide_exclude(reason=reason), kind=Refusal)
    row.excluded, row.confirmed_at = clean(reason)[:600], now
    if row.excluded:
        _close_item(row, actor.person_id, now)
    _save(actor, row, "excluded" if row.excluded else "included", now)


@transaction.atomic
def year_item_confirm(*, actor: Actor, year: int, code: str, now: datetime) -> None:
    """Say of a copied line that it holds this year too. Raises Forbidden; NotFound."""
    require(may(actor, "year.manage"))
    row = _locked(actor, year, code)
    row.confirmed_at = now
    _save(actor, row, "confirmed", now)


def year_remind(*, now: datetime) -> int:
    """Open a work item for what is due soon and not begun, close those of what is done.

    Of earlier years only what was asked then is looked at, and nothing new is asked. Returns how
    many items were opened.
    """
    today = local(now).date()
    left = YearItem.objects.filter(year__lt=today.year).exclude(item_id=None)
    opened = IsoYear.objects.filter(year=today.year)
    looked = [
        *left.order_by("agency_id", "year").values_list("agency_id", "year").distinct(),
        *opened.order_by("agency_id").values_list("agency_id", "year"),
    ]
    return sum(_remind(agency_id, year, today, now) for agency_id, year in looked)


@transaction.atomic
def _remind(agency_id: int, year: int, today: date, now: datetime) -> int:
    found = queries.year_lines(agency_id=agency_id, year=year, today=today)
    lines = {one.code: one for one in found}
    rows = YearItem.objects.select_for_update(of=("self",)).filter(agency_id=agency_id, year=year)
    made = 0
    for row in rows.order_by("id"):
        line = lines[row.code]
        asks = year == today.year and line.state in {rules.LATE, rules.SOON} and not line.begun
        if row.item_id is not None and line.state in {rules.DONE, rules.EXCLUDED}:
            _close_item(row, None, now)
            row.save(update_fields=["item_id"])
        elif asks and row.item_id is None:
            row.item_id = _open_item(row, line, now)
            row.save(update_fields=["item_id"])
            made += 1
    return made


def _open_item(row: YearItem, line: rules.Line, now: datetime) -> int:
    return work.item_open(
        batch=None, agency_id=row.agency_id, kind="year", title=row.title, detail=line.why[:300],
        link=line.start or line.url or f"/nam-iso/{row.year}/{row.code}/", source_type=SOURCE, source_id=row.id,
        source_code=f"Năm ISO {row.year}", opened_at=now, due_at=due_from(row.agency_id, line.due_on),
        role=row.role, unit_id=unit_of_role(row.agency_id, row.role, now),
        step_label=line.label or "Ghi đã làm xong",
    )  # fmt: skip


def _close_item(row: YearItem, by_id: int | None, now: datetime) -> None:
    if row.item_id is not None:
        work.item_close(batch=None, item_id=row.item_id, at=now, by_id=by_id)
        row.item_id = None


def _year(actor: Actor, year: int) -> IsoYear:
    row = IsoYear.objects.filter(agency_id=actor.agency_id, year=year).first()
    if row is None:
        raise NotFound("year_closed", f"Năm {year} chưa mở. Hãy mở năm trước.")
    return row


def _locked(actor: Actor, year: int, code: str) -> YearItem:
    row = (
        YearItem.objects.select_for_update(of=("self",))
        .filter(agency_id=actor.agency_id, year=year, code=code)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def _save(actor: Actor, row: YearItem, what: str, now: datetime, old: dict | None = None) -> None:
    row.changed_at, row.version = now, row.version + 1
    row.save()
    _note(
        actor, row.id, what, now,
        new={"code": row.code, "due_on": str(row.due_on), "role": row.role,
             "excluded": row.excluded, "done_on": str(row.done_on or "")},
        old=old,
    )  # fmt: skip


def _note(
    actor: Actor, object_id: int, what: str, now: datetime, new: dict, old: dict | None = None
) -> None:
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action=f"year.{what}",
        object_type="year", object_id=object_id, at=now, old=old,
        new=new,
    )  # fmt: skip

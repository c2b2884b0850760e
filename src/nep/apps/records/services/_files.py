"""The life of a file: opened, changed, closed, opened again, held back, given to another keeper."""

from datetime import date, datetime

from django.db import transaction

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.records import rules
from nep.apps.records.models import Hold, RecordFile, Series
from nep.apps.records.services._deposits import file_row
from nep.apps.records.services._ground import is_held, is_in_disposal, locked_file, note, save_file
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean, fold
from nep.kernel.vietnamese import local


@transaction.atomic
def file_open(
    *,
    actor: Actor,
    series_id: int,
    title: str,
    now: datetime,
    medium: str = "digital",
    location: str = "",
    keeper_id: int | None = None,
) -> int:
    """Open a file in a series of an approved or drafted plan; return its id.

    Raises Forbidden; NotFound; Refusal("title_missing", "medium_unknown", "keeper_unknown").
    Source: Nghị định 30/2020/NĐ-CP Điều 29 (người giải quyết công việc mở hồ sơ).
    """
    require(may(actor, "record.keep") or may(actor, "record.manage"))
    series = Series.objects.filter(pk=series_id, agency_id=actor.agency_id).first()
    if series is None:
        raise NotFound()
    _require_texts(title, medium)
    keeper = keeper_id or actor.person_id
    if keeper != actor.person_id:
        require(may(actor, "record.manage"))
        _require_person(actor.agency_id, keeper, now)
    row = file_row(series, title=title, keeper_id=keeper, opened_on=local(now).date(), now=now)
    row.medium, row.location = medium, clean(location)[:200]
    row.save(force_insert=True)
    note(
        actor, agency_id=actor.agency_id, action="record_file.opened", object_type="record_file",
        object_id=row.id, at=now, new={"code": row.code, "title": row.title},
    )  # fmt: skip
    return row.id


@transaction.atomic
def file_change(
    *,
    actor: Actor,
    file_id: int,
    version: int,
    title: str,
    medium: str,
    location: str,
    now: datetime,
) -> None:
    """Change an open file's title, medium and place; a closed one's place only.

    Raises Forbidden; NotFound; Conflict; Refusal.
    """
    row = _kept(actor, file_id)
    _require_texts(title, medium)
    old = {"title": row.title, "medium": row.medium, "location": row.location}
    if row.state == rules.OPEN:
        row.title, row.medium = clean(title)[:400], medium
        row.folded = fold(f"{row.code} {row.title}")[:500]
    elif row.state != rules.CLOSED:
        raise Refusal("file_state", "Hồ sơ này không còn sửa được.")
    row.location = clean(location)[:200]
    save_file(row, now=now, version=version)
    note(
        actor, agency_id=row.agency_id, action="record_file.changed", object_type="record_file",
        object_id=row.id, at=now, old=old,
        new={"title": row.title, "medium": row.medium, "location": row.location},
    )  # fmt: skip


@transaction.atomic
def file_close(
    *,
    actor: Actor,
    file_id: int,
    now: datetime,
    years: int | None = None,
    is_permanent: bool = False,
    sheets: int | None = None,
    on: date | None = None,
    version: int | None = None,
) -> None:
    """Close a file: nothing comes in any more, its retention is settled and begins to run.

    Without `years` and `is_permanent` the series' retention stays. `on` is the day the work ended,
    today by default. Raises Forbidden; NotFound; Conflict; Refusal(see `decide_close`,
    "retention_missing", "close_day").
    Source: Nghị định 30/2020/NĐ-CP Điều 29 khoản 3 (kết thúc hồ sơ, xác định lại thời hạn bảo quản).
    """
    row = _kept(actor, file_id)
    count = row.records.count()
    require(
        rules.decide_close(row.state, records=count, sheets=sheets, medium=row.medium),
        kind=Refusal,
    )
    if years or is_permanent:
        row.retention_years, row.is_permanent = (None if is_permanent else years), is_permanent
    if not row.is_permanent and not row.retention_years:
        raise Refusal(
            "retention_missing", "Hãy ghi thời hạn lưu trước khi kết thúc hồ sơ.", field="years"
        )
    day = on or local(now).date()
    if not row.opened_on <= day <= local(now).date():
        raise Refusal("close_day", "Ngày kết thúc phải từ ngày mở đến hôm nay.", field="on")
    row.state, row.closed_on, row.sheets, row.sealed_count = rules.CLOSED, day, sheets, count
    row.retain_until = rules.retain_until(
        closed_on=day, years=row.retention_years, is_permanent=row.is_permanent
    )
    save_file(row, now=now, version=version)
    note(
        actor, agency_id=row.agency_id, action="record_file.closed", object_type="record_file",
        object_id=row.id, at=now,
        new={"on": day, "records": count, "until": row.retain_until, "sheets": sheets},
    )  # fmt: skip


@transaction.atomic
def file_reopen(
    *, actor: Actor, file_id: int, reason: str, now: datetime, version: int | None = None
) -> None:
    """Open a closed file again, with the reason; its retention stops.

    Raises Forbidden; NotFound; Conflict; Refusal(see `decide_reopen`, "reason_missing",
    "other_file_open").
    """
    row = _kept(actor, file_id)
    require(rules.decide_reopen(row.state, is_in_disposal=is_in_disposal(file_id)), kind=Refusal)
    require(rules.decide_reason(reason), kind=Refusal)
    others = RecordFile.objects.filter(series_id=row.series_id, is_auto=True, state=rules.OPEN)
    if row.is_auto and others.exists():
        row.is_auto = False  # another file collects now; this one takes what is put in by hand
    row.state, row.closed_on, row.retain_until, row.sealed_count = rules.OPEN, None, None, None
    save_file(row, now=now, version=version)
    note(
        actor, agency_id=row.agency_id, action="record_file.reopened", object_type="record_file",
        object_id=row.id, at=now, reason=clean(reason)[:1000],
    )  # fmt: skip


@transaction.atomic
def file_hand_over(*, actor: Actor, file_id: int, receiver_id: int, now: datetime) -> None:
    """Give a file to another keeper.

    Raises Forbidden; NotFound; Refusal("keeper_unknown", "file_state").
    Source: Nghị định 30/2020/NĐ-CP Điều 31 (người nghỉ việc, chuyển công tác bàn giao hồ sơ).
    """
    row = _kept(actor, file_id)
    if row.state not in {rules.OPEN, rules.CLOSED}:
        raise Refusal("file_state", "Hồ sơ này không còn ở người lập.")
    _require_person(actor.agency_id, receiver_id, now)
    old, row.keeper_id = row.keeper_id, receiver_id
    save_file(row, now=now)
    note(
        actor, agency_id=row.agency_id, action="record_file.handed_over",
        object_type="record_file", object_id=row.id, at=now, old=old, new=receiver_id,
    )  # fmt: skip


@transaction.atomic
def file_hold(
    *, actor: Actor, file_id: int, reason: str, now: datetime, authority: str = ""
) -> None:
    """Hold a file back from disposal for an inspection, a complaint, a court.

    Raises Forbidden; NotFound; Refusal("reason_missing", "file_held", "file_state").
    """
    require(may(actor, "record.manage"))
    row = locked_file(actor.agency_id, file_id)
    require(rules.decide_reason(reason), kind=Refusal)
    if row.state == rules.DESTROYED:
        raise Refusal("file_state", "Hồ sơ này đã tiêu hủy.")
    if is_held(file_id):
        raise Refusal("file_held", "Hồ sơ này đang được giữ lại.")
    Hold.objects.create(
        agency_id=row.agency_id, file=row, reason=clean(reason)[:600],
        authority=clean(authority)[:200], placed_by_id=actor.person_id, placed_at=now,
    )  # fmt: skip
    note(
        actor, agency_id=row.agency_id, action="record_file.held", object_type="record_file",
        object_id=row.id, at=now, new={"authority": authority}, reason=clean(reason),
    )  # fmt: skip


@transaction.atomic
def hold_lift(*, actor: Actor, file_id: int, reason: str, now: datetime) -> None:
    """End the holding back of a file. Raises Forbidden; NotFound; Refusal("reason_missing")."""
    require(may(actor, "record.manage"))
    locked_file(actor.agency_id, file_id)
    row = Hold.objects.filter(file_id=file_id, lifted_at=None).first()
    if row is None:
        raise NotFound("hold_missing", "Hồ sơ này không được giữ lại.")
    require(rules.decide_reason(reason), kind=Refusal)
    row.lifted_by_id, row.lifted_at = actor.person_id, now
    row.lift_reason = clean(reason)[:600]
    row.save()
    note(
        actor, agency_id=row.agency_id, action="record_file.released", object_type="record_file",
        object_id=file_id, at=now, reason=row.lift_reason,
    )  # fmt: skip


def _kept(actor: Actor, file_id: int) -> RecordFile:
    """Return a locked file that the actor may work on."""
    row = locked_file(actor.agency_id, file_id)
    require(rules.keeps_file(actor, keeper_id=row.keeper_id, unit_id=row.unit_id))
    return row


def _require_texts(title: str, medium: str) -> None:
    if not clean(title):
        raise Refusal("title_missing", "Hãy ghi tiêu đề hồ sơ.", field="title")
    if medium not in rules.MEDIUM_NAMES:
        raise Refusal("medium_unknown", "Hãy chọn dạng hồ sơ.", field="medium")


def _require_person(agency_id: int, person_id: int, now: datetime) -> None:
    people = organization.people_for(agency_id=agency_id, today=local(now).date())
    if person_id not in {person.id for person in people}:
        raise Refusal(
            "keeper_unknown", "Người nhận phải đang giữ một vai trò ở cơ quan.", field="receiver"
        )

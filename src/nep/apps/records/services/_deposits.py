"""Deposits: a record comes in from a document, a form, a case, or by hand."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.records import rules
from nep.apps.records.models import DepositRule, Record, RecordFile, Series
from nep.apps.records.services._ground import locked_file, note, touch_file
from nep.foundation.files import queries as files
from nep.foundation.files.queries import FileFacts
from nep.foundation.numbering.services import take_number
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean, fold
from nep.kernel.vietnamese import local

SECRETARY = "iso_secretary"


@transaction.atomic
def record_deposit(
    *,
    actor: Actor,
    series_id: int | None,
    title: str,
    source_type: str,
    source_id: int,
    file_id: int | None,
    made_on: date,
    now: datetime,
    record_file_id: int | None = None,
    source_code: str = "",
    link: str = "",
) -> int:
    """Deposit a record and return its id; the same source again changes nothing.

    `file_id` is the stored file. The record goes into `record_file_id`, else into the collecting
    file of the series, else of the series that the agency set for this kind of source in the plan
    of the year; without any it waits to be filed. `source_type` is case, revision, form or upload.
    Raises Forbidden; NotFound; Refusal("title_missing", "source_unknown", "file_closed").
    """
    require(may(actor, "record.keep") or may(actor, "record.manage"))
    if not clean(title):
        raise Refusal("title_missing", "Hãy ghi tên văn bản.", field="title")
    if series_id and not Series.objects.filter(pk=series_id, agency_id=actor.agency_id).exists():
        raise NotFound()
    if record_file_id is not None:
        kept = locked_file(actor.agency_id, record_file_id)
        require(rules.keeps_file(actor, keeper_id=kept.keeper_id, unit_id=kept.unit_id))
    return _deposit(
        actor=actor, agency_id=actor.agency_id, series_id=series_id, title=title,
        source_type=source_type, source_id=source_id, file_id=file_id, made_on=made_on, now=now,
        record_file_id=record_file_id, source_code=source_code, link=link,
    )  # fmt: skip


@transaction.atomic
def record_collect(
    *,
    agency_id: int,
    title: str,
    source_type: str,
    source_id: int,
    file_id: int | None,
    made_on: date,
    now: datetime,
    source_code: str = "",
    link: str = "",
) -> int | None:
    """Deposit a record for the system, as the agency's setting says; None when it has set none.

    For subscribers: repeating it changes nothing, and nobody's permission is asked, because an
    action that was permitted has caused it.
    """
    if not DepositRule.objects.filter(agency_id=agency_id, source_type=source_type).exists():
        return None
    return _deposit(
        actor=None, agency_id=agency_id, series_id=None, title=title, source_type=source_type,
        source_id=source_id, file_id=file_id, made_on=made_on, now=now, record_file_id=None,
        source_code=source_code, link=link,
    )  # fmt: skip


@transaction.atomic
def record_leave(
    *,
    agency_id: int,
    by_id: int | None,
    series_code: str,
    title: str,
    source_id: int,
    file_id: int | None,
    made_on: date,
    now: datetime,
    source_code: str = "",
    link: str = "",
) -> int:
    """Deposit the record of a step for the system and return its id; repeating changes nothing.

    It goes into the collecting file of the series of that code in the plan of the year, else into
    that of the series the agency set for records of steps, else it waits to be filed. Nobody's
    permission is asked: finishing the step, which was permitted, has caused it.
    """
    key = rules.series_key(series_code)
    rows = Series.objects.filter(agency_id=agency_id, plan__year=made_on.year, code_key=key)
    return _deposit(
        actor=None, agency_id=agency_id,
        series_id=rows.values_list("id", flat=True).first() if key else None, title=title,
        source_type=rules.STEP, source_id=source_id, file_id=file_id, made_on=made_on, now=now,
        record_file_id=None, source_code=source_code, link=link, by_id=by_id,
    )  # fmt: skip


@transaction.atomic
def record_move(*, actor: Actor, record_id: int, record_file_id: int, now: datetime) -> None:
    """Put a record into another open file; both files must be open.

    Raises Forbidden; NotFound; Refusal("file_closed").
    """
    row = Record.objects.filter(pk=record_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    wanted = [record_file_id, *([row.file_id] if row.file_id else [])]
    kept = {id_: locked_file(actor.agency_id, id_) for id_ in sorted(set(wanted))}
    for file in kept.values():
        require(rules.keeps_file(actor, keeper_id=file.keeper_id, unit_id=file.unit_id))
        require(rules.decide_deposit(file.state, name=file.code), kind=Refusal)
    row.refresh_from_db()
    old = row.file_id
    if old == record_file_id:
        return
    row.file_id, row.number = record_file_id, _next_number(record_file_id)
    row.changed_at = now
    row.save(update_fields=["file", "number", "changed_at"])
    touch_file(old, now=now)
    touch_file(record_file_id, now=now)
    note(
        actor, agency_id=actor.agency_id, action="record.moved", object_type="record",
        object_id=row.id, at=now, old=old, new=record_file_id,
    )  # fmt: skip


def _deposit(
    *,
    actor: Actor | None,
    agency_id: int,
    series_id: int | None,
    title: str,
    source_type: str,
    source_id: int,
    file_id: int | None,
    made_on: date,
    now: datetime,
    record_file_id: int | None,
    source_code: str,
    link: str,
    by_id: int | None = None,
) -> int:
    by_id = actor.person_id if actor else by_id
    if source_type not in rules.SOURCE_NAMES:
        raise Refusal("source_unknown", "Nguồn của hồ sơ lưu không hợp lệ.")
    if source_type != "upload":
        known = Record.objects.filter(
            agency_id=agency_id, source_type=source_type, source_id=source_id
        ).values_list("id", flat=True)
        if found := known.first():
            return found
    stored = _stored(file_id, agency_id)
    file = _file_for(
        agency_id, record_file_id, series_id, source_type, made_on, actor, now
    )  # locked: nobody closes it until this is written
    try:
        with transaction.atomic():
            row = Record.objects.create(
                agency_id=agency_id, file=file,
                number=_next_number(file.id) if file else None,
                title=clean(title)[:600], folded=fold(f"{source_code} {title}")[:700],
                source_type=source_type, source_id=source_id, source_code=source_code[:60],
                link=link[:200], stored_file_id=file_id,
                file_name=stored.name if stored else "", size=stored.size if stored else 0,
                sha256=stored.sha256 if stored else "", made_on=made_on,
                deposited_by_id=by_id, deposited_at=now,
                changed_at=now,
            )  # fmt: skip
    except IntegrityError:  # the same source was deposited in the same instant
        return known.get()
    touch_file(row.file_id, now=now)
    note(
        actor, agency_id=agency_id, action="record.deposited", object_type="record",
        object_id=row.id, at=now,
        new={"title": row.title, "source": f"{source_type} {source_id}", "file": file and file.code,
             "sha256": row.sha256},
    )  # fmt: skip
    return row.id


def _stored(file_id: int | None, agency_id: int) -> FileFacts | None:
    if file_id is None:
        return None
    found = files.facts(file_id)
    if found.agency_id not in (None, agency_id):
        raise NotFound()
    return found


def _file_for(
    agency_id: int,
    record_file_id: int | None,
    series_id: int | None,
    source_type: str,
    made_on: date,
    actor: Actor | None,
    now: datetime,
) -> RecordFile | None:
    """Return the locked open file that takes the record, or None."""
    if record_file_id is not None:
        file = locked_file(agency_id, record_file_id)
        require(rules.decide_deposit(file.state, name=file.code), kind=Refusal)
        return file
    series = _series_for(agency_id, series_id, source_type, made_on)
    return _collecting_file(series, actor, made_on, now) if series else None


def _series_for(
    agency_id: int, series_id: int | None, source_type: str, made_on: date
) -> Series | None:
    rows = Series.objects.filter(agency_id=agency_id).select_related("plan")
    if series_id is not None:
        return rows.get(pk=series_id)
    rule = DepositRule.objects.filter(agency_id=agency_id, source_type=source_type).first()
    if rule is None:
        return None
    return rows.filter(plan__year=made_on.year, code_key=rules.series_key(rule.series_code)).first()


def _collecting_file(
    series: Series, actor: Actor | None, made_on: date, now: datetime
) -> RecordFile:
    """Return the open file in which a series collects its records, opened when there is none."""
    rows = RecordFile.objects.select_for_update(of=("self",)).filter(
        series=series, is_auto=True, state=rules.OPEN
    )
    if found := rows.first():
        return found
    try:
        with transaction.atomic():
            row = file_row(
                series, title=series.title, keeper_id=_keeper(series, actor, local(now).date()),
                opened_on=made_on, now=now,
            )  # fmt: skip
            row.is_auto = True
            row.save(force_insert=True)
    except IntegrityError:  # opened by another deposit in the same instant
        return rows.get()
    note(
        actor, agency_id=series.agency_id, action="record_file.opened", object_type="record_file",
        object_id=row.id, at=now, new={"code": row.code, "series": series.code},
    )  # fmt: skip
    return row


def _keeper(series: Series, actor: Actor | None, today: date) -> int:
    """Return who keeps a file that a series opens by itself: the first of those named for it who
    still works in the agency, else its ISO secretary; who was named first where nobody does."""
    named = [series.keeper_id, actor.person_id if actor else None, series.plan.made_by_id]
    wanted = [one for one in named if one is not None]
    here = organization.members(agency_id=series.agency_id, today=today)
    wanted += [one.id for one in here if SECRETARY in one.roles]
    known = {one.id for one in here}
    return next((one for one in wanted if one in known), wanted[0])


def file_row(
    series: Series, *, title: str, keeper_id: int, opened_on: date, now: datetime
) -> RecordFile:
    """Return a new open file of a series with the next number, not yet written."""
    year = series.plan.year
    number = take_number(
        agency_id=series.agency_id, book=f"hồ sơ {series.code_key}"[:60], year=year
    )
    code = f"{series.code}-{number:02d}/{year}"
    return RecordFile(
        agency_id=series.agency_id, series=series, code=code, title=clean(title)[:400],
        folded=fold(f"{code} {title}")[:500], unit_id=series.unit_id, keeper_id=keeper_id,
        opened_on=opened_on, retention_years=series.retention_years,
        is_permanent=series.is_permanent, changed_at=now,
    )  # fmt: skip


def _next_number(file_id: int) -> int:
    return (Record.objects.filter(file_id=file_id).aggregate(last=Max("number"))["last"] or 0) + 1

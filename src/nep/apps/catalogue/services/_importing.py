"""Files of the national portal into the catalogue: taken in, read in portions, told row by row.

Each portion is its own transaction: what is done stays done when the process dies, and the next
run goes on behind it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from nep.apps.catalogue.events import CatalogueChanged
from nep.apps.catalogue.models import CatalogueImport, ImportOutcome
from nep.apps.catalogue.services._files import OpenedFile, open_file
from nep.apps.catalogue.services._writing import (
    REFUSED,
    UNCHANGED,
    Incoming,
    Outcome,
    take_rows,
)
from nep.apps.organization.rules import Actor, may
from nep.foundation.files.services import safe_name
from nep.foundation.journal.services import record
from nep.foundation.outbox.services import enqueue, publish
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

READ_JOB = "catalogue.read"
MOST_FILES = 20
PORTION = 150  # rows in one transaction: nobody else can write on SQLite while it lasts


@dataclass(frozen=True, slots=True)
class ImportWish:
    """How files are to be taken in: `kind` is current, coming or abolished."""

    kind: str = "current"
    decision: str = ""
    on: date | None = None
    overwrite: bool = False


def import_upload(
    *,
    actor: Actor,
    files: Iterable[tuple[str, bytes]],
    wish: ImportWish,
    now: datetime,
    queued: bool = True,
) -> tuple[int, ...]:
    """Take files in for reading; return their ids in order. A file that cannot be opened is listed
    as refused with its reason.

    Raises Forbidden; Refusal("no_file", "too_many_files", "kind_unknown", "day_missing",
    "decision_missing").
    """
    _require(actor, wish)
    given = [(safe_name(name), data) for name, data in files]
    _refuse_wish(given, wish)
    made = []
    with transaction.atomic():
        for name, data in given:
            row = CatalogueImport(
                agency_id=actor.agency_id or None, person_id=actor.person_id or None, at=now,
                name=name, kind=wish.kind, decision=clean(wish.decision)[:80], on=wish.on,
                overwrite=wish.overwrite,
            )  # fmt: skip
            try:
                row.total = len(open_file(data, name=name).rows)
                row.upload = data
            except Refusal as refusal:
                row.state, row.refusal = "refused", refusal.message[:600]
            row.save()
            made.append(row.pk)
            if queued and row.upload is not None:
                enqueue(READ_JOB, {"id": row.pk}, at=now, key=f"{row.pk}:0", urgent=True)
        record(
            actor_id=actor.person_id or None, agency_id=actor.agency_id or None,
            action="catalogue.uploaded", object_type="catalogue_import", object_id=made[0], at=now,
            new={"files": [name for name, _data in given], "kind": wish.kind},
        )  # fmt: skip
    return tuple(made)


def _require(actor: Actor, wish: ImportWish) -> None:
    require(may(actor, "catalogue.import"))
    if wish.kind == "abolished" or wish.overwrite:
        require(may(actor, "catalogue.manage"))


def _refuse_wish(files: list[tuple[str, bytes]], wish: ImportWish) -> None:
    if not files:
        raise Refusal("no_file", "Hãy chọn ít nhất một tệp.", field="files")
    if len(files) > MOST_FILES:
        raise Refusal("too_many_files", f"Mỗi lần nhập tối đa {MOST_FILES} tệp.", field="files")
    if wish.kind not in {"current", "coming", "abolished"}:
        raise Refusal("kind_unknown", "Hãy chọn loại danh sách.", field="kind")


def import_portion(*, import_id: int, now: datetime) -> bool:
    """Read the next portion of a file; return whether rows are left.

    Reading again after a crash goes on where the last portion ended; a finished file is left alone.
    """
    with transaction.atomic():
        row = CatalogueImport.objects.select_for_update().filter(pk=import_id).first()
        if row is None or row.state not in {"waiting", "reading"} or row.upload is None:
            return False
        opened = open_file(bytes(row.upload), name=row.name)
        outcomes = _read(row, opened, now)
        _count(row, outcomes)
        is_left = row.done < row.total
        row.state = "reading" if is_left else "done"
        if not is_left:
            row.upload = None
            _tell(row, now)
        row.save()
    return is_left


def _read(row: CatalogueImport, opened: OpenedFile, now: datetime) -> list[Outcome]:
    last = min(row.done + PORTION, len(opened.rows))
    first_of: dict[str, int] = {}
    for place in range(last):
        first_of.setdefault(opened.code(place), place)
    fresh: list[int] = []
    again: list[int] = []
    for place in range(row.done, last):
        first = first_of[opened.code(place)]
        (fresh if first == place or not opened.code(place) else again).append(place)
    how = Incoming(
        source=opened.source, kind=row.kind, decision=row.decision, on=row.on,
        overwrite=row.overwrite, person_id=row.person_id, now=now, today=local(now).date(),
    )  # fmt: skip
    found = take_rows([opened.read(place) for place in fresh], how=how)
    found += [_repeated(opened, place, first_of[opened.code(place)]) for place in again]
    return found


def _repeated(opened: OpenedFile, place: int, first: int) -> Outcome:
    number, raw = opened.rows[place]
    before, known = opened.rows[first]
    if raw == known:
        return Outcome(number, opened.code(place)[:40], UNCHANGED)
    reason = f"Mã {opened.code(place)} đã có ở dòng {before} của tệp với nội dung khác."
    return Outcome(number, opened.code(place)[:40], REFUSED, "code_repeated", reason)


def _count(row: CatalogueImport, outcomes: list[Outcome]) -> None:
    for one in outcomes:
        setattr(row, one.outcome, getattr(row, one.outcome) + 1)
    row.done += len(outcomes)
    ImportOutcome.objects.bulk_create(
        ImportOutcome(
            of_import_id=row.pk, row=one.row, code=one.code[:40], outcome=one.outcome,
            reason_code=one.reason_code, reason=one.reason[:600],
        )
        for one in outcomes
        if one.outcome != UNCHANGED
    )  # fmt: skip


def _tell(row: CatalogueImport, now: datetime) -> None:
    """Write the end of a file into the journal; say that entries have changed."""
    counts = {name: getattr(row, name) for name in ("imported", "changed", "unchanged", "refused")}
    record(
        actor_id=row.person_id, agency_id=row.agency_id, action="catalogue.imported",
        object_type="catalogue_import", object_id=row.pk, at=now,
        new={"file": row.name, "kind": row.kind, **counts},
    )  # fmt: skip
    if row.imported or row.changed:
        publish(CatalogueChanged(), agency_id=None, at=now)


def import_job(*, import_id: int, now: datetime) -> None:
    """Read one portion for the worker and queue the next; a second run of a portion does nothing new."""
    if import_portion(import_id=import_id, now=now):
        done = CatalogueImport.objects.values_list("done", flat=True).get(pk=import_id)
        enqueue(READ_JOB, {"id": import_id}, at=now, key=f"{import_id}:{done}", urgent=True)


def import_files(
    *, actor: Actor, files: Iterable[tuple[str, bytes]], wish: ImportWish, now: datetime
) -> Iterator[tuple[int, int, int]]:
    """Take files in at once, without the worker; yield (import id, rows done, rows) by portion."""
    for import_id in import_upload(actor=actor, files=files, wish=wish, now=now, queued=False):
        is_left = True
        while is_left:
            is_left = import_portion(import_id=import_id, now=now)
            row = CatalogueImport.objects.only("done", "total").filter(pk=import_id).first()
            if row is None:
                raise NotFound()
            yield import_id, row.done, row.total

"""An evidence pack is asked for, gathered point by point, and closed as one archive."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from django.db import transaction

from nep.apps.conformity.models import EvidencePack, PackFile
from nep.apps.conformity.queries import pack_points
from nep.apps.conformity.rules import pack as law
from nep.apps.conformity.services._pack_archive import write_archive
from nep.apps.conformity.services._pack_sources import SOURCES, Gathering, Made, Missing
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.foundation.files import queries as files
from nep.foundation.files.services import store, store_written
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local

PACK_JOB = "conformity.pack"
MOST_BYTES = 1_000_000_000


@transaction.atomic
def pack_start(*, actor: Actor, year: int, statements: Mapping[str, str], now: datetime) -> int:
    """Ask for the evidence pack of a year and return its id; the worker gathers it.

    `statements` are the agency's own words by point. Raises Forbidden; Refusal("pack_building",
    "pack_year"). Source: Thông tư 26/2014/TT-BKHCN Điều 36.
    """
    require(may(actor, "declaration.manage"))
    today = local(now).date()
    is_building = EvidencePack.objects.filter(
        agency_id=actor.agency_id, state=law.BUILDING
    ).exists()
    first = organization.agency(actor.agency_id).valid_from.year
    require(
        law.decide_start(year=year, first_year=first, today=today, is_building=is_building),
        kind=Refusal,
    )
    known = {one.key for one in pack_points().points}
    said = {key: clean_lines(text)[: law.MOST_WORDS] for key, text in statements.items()}
    row = EvidencePack.objects.create(
        agency_id=actor.agency_id, year=year, ends_on=law.days_of(year, today)[1],
        statements={key: text for key, text in said.items() if text and key in known},
        asked_by_id=actor.person_id, asked_at=now,
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="pack.asked",
        object_type="evidence_pack", object_id=row.id, at=now, new={"year": year},
    )  # fmt: skip
    _next(row, now)
    return row.id


@transaction.atomic
def pack_run(*, pack_id: int, now: datetime) -> None:
    """Gather the next point of a pack, or close it; part of the worker's job, which goes on.

    Repeating a step that is done changes nothing.
    """
    row = EvidencePack.objects.select_for_update().get(pk=pack_id)
    if row.state != law.BUILDING:
        return
    try:
        with transaction.atomic():
            _step(row, now)
    except Refusal as refusal:
        row.refresh_from_db()
        row.state, row.finished_at, row.fault = law.FAILED, now, refusal.message[:600]
        row.save(update_fields=["state", "finished_at", "fault"])
        return
    if row.state == law.BUILDING:
        _next(row, now)


def pack_make(*, actor: Actor, year: int, now: datetime) -> EvidencePack:
    """Make the pack of a year at once, without the worker, and return it.

    Raises as `pack_start`; Refusal("pack_failed") with what stopped it.
    """
    pack_id = pack_start(actor=actor, year=year, statements={}, now=now)
    row = EvidencePack.objects.get(pk=pack_id)
    while row.state == law.BUILDING:
        pack_run(pack_id=pack_id, now=now)
        row.refresh_from_db()
    if row.state == law.FAILED:
        raise Refusal("pack_failed", row.fault)
    return row


def _next(row: EvidencePack, now: datetime) -> None:
    outbox.enqueue(
        PACK_JOB, {"id": row.id, "place": row.place}, at=now, key=f"{row.id}-{row.place}",
        agency_id=row.agency_id, urgent=True,
    )  # fmt: skip


def _step(row: EvidencePack, now: datetime) -> None:
    """Gather one point, or close the pack after the last."""
    points = pack_points().points
    if row.place >= len(points):
        _close(row, now)
        return
    point, actor = points[row.place], _actor(row, now)
    starts_on, _ = law.days_of(row.year, row.ends_on)
    at = Gathering(actor, row.year, starts_on, row.ends_on, now)
    _keep(row, point, SOURCES[point.key](at), now)
    row.place += 1
    row.save(update_fields=["place", "left_out"])


def _actor(row: EvidencePack, now: datetime) -> Actor:
    """Return who asked for the pack, as who they are today. Raises Refusal("asker_left")."""
    user = organization.person_user(agency_id=row.agency_id, person_id=row.asked_by_id)
    found = user and organization.actor_for(
        user_id=user, agency_id=row.agency_id, today=local(now).date()
    )
    if not found or found.agency_id != row.agency_id or not may(found, "declaration.manage"):
        raise Refusal("asker_left", "Người yêu cầu không còn quyền lập gói ở cơ quan này.")
    return found


def _keep(
    row: EvidencePack, point: law.Point, source: Iterator[Made | Missing], now: datetime
) -> None:
    """Write down every file of a point, and what it tells in place of a file."""
    taken: set[str] = set()
    held: list[PackFile] = []
    for one in source:
        if isinstance(one, Missing):
            row.left_out.append({"point": point.key, "title": one.title, "why": one.why})
            continue
        path = law.file_path(point, one.title, one.ending, taken, folder=one.folder)
        taken.add(path)
        file_id = one.file_id or _stored(row, path, one, now)
        held.append(
            PackFile(pack=row, point=point.key, path=path, title=one.title[:300], stored_id=file_id)
        )
    known = files.facts_of([one.stored_id for one in held])
    for file in held:
        file.sha256, file.size = known[file.stored_id].sha256, known[file.stored_id].size
    PackFile.objects.bulk_create(held)


def _stored(row: EvidencePack, path: str, made: Made, now: datetime) -> int:
    return store(
        data=made.data, name=path.rpartition("/")[2], agency_id=row.agency_id,
        actor_id=row.asked_by_id, at=now, kinds=(made.ending,),
    ).id  # fmt: skip


def _close(row: EvidencePack, now: datetime) -> None:
    """Write the archive: every file, the index, the manifest, the checker."""
    agency = organization.agency(row.agency_id)
    asker = organization.person_names([row.asked_by_id]).get(row.asked_by_id, "")
    starts_on, _ = law.days_of(row.year, row.ends_on)
    head = law.Head(
        agency.name, agency.code, row.year, starts_on, row.ends_on, asker, local(row.asked_at)
    )
    order = {one.key: place for place, one in enumerate(pack_points().points)}
    kept = sorted(
        row.files.all(), key=lambda one: (order[one.point], one.path.count("/"), one.path)
    )
    if sum(one.size for one in kept) > MOST_BYTES:
        raise Refusal(
            "pack_too_large",
            f"Gói vượt {MOST_BYTES // 1_000_000} MB. Hãy chuyển bớt tệp lớn ra khỏi tài liệu đang hiệu lực.",
        )
    row.file = store_written(
        write=partial(write_archive, head=head, row=row, kept=kept),
        name=f"goi-bang-chung-{agency.code}-{row.year}.zip", content_type="application/zip",
        agency_id=row.agency_id, actor_id=row.asked_by_id, at=now,
    )  # fmt: skip
    row.state, row.finished_at = law.DONE, now
    row.size, row.sha256 = row.file.size, row.file.sha256
    row.save()
    journal.record(
        actor_id=row.asked_by_id, agency_id=row.agency_id, action="pack.made",
        object_type="evidence_pack", object_id=row.id, at=now,
        new={"sha256": row.sha256, "files": len(kept), "size": row.size,
             "left_out": len(row.left_out)},
    )  # fmt: skip

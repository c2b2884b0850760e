"""An evidence pack is asked for, gathered point by point, and closed as one archive."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from nep.apps.conformity.models import EvidencePack, PackFile
from nep.apps.conformity.queries import pack_points
from nep.apps.conformity.rules import pack as law
from nep.apps.conformity.services._pack_index import STYLE, index_html, index_pdf
from nep.apps.conformity.services._pack_sources import SOURCES, Gathering, Made
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.foundation.files import queries as files
from nep.foundation.files.services import store, store_archive
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local

PACK_JOB = "conformity.pack"
MOST_BYTES = 400_000_000
_CHECKER = Path(__file__).with_name("_pack_checker.py")


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
        agency_id=row.agency_id,
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
    taken: list[str] = []
    for made in SOURCES[point.key](at):
        path = law.file_path(point, made.title, made.ending, taken)
        taken.append(path)
        _keep(row, point.key, path, made, now)
    row.place += 1
    row.save(update_fields=["place"])


def _actor(row: EvidencePack, now: datetime) -> Actor:
    """Return who asked for the pack, as who they are today. Raises Refusal("asker_left")."""
    user = organization.person_user(agency_id=row.agency_id, person_id=row.asked_by_id)
    found = user and organization.actor_for(
        user_id=user, agency_id=row.agency_id, today=local(now).date()
    )
    if not found or found.agency_id != row.agency_id or not may(found, "declaration.manage"):
        raise Refusal("asker_left", "Người yêu cầu không còn quyền lập gói ở cơ quan này.")
    return found


def _keep(row: EvidencePack, point: str, path: str, made: Made, now: datetime) -> None:
    file_id = made.file_id
    if file_id is None:
        file_id = store(
            data=made.data, name=path.rpartition("/")[2], agency_id=row.agency_id,
            actor_id=row.asked_by_id, at=now, kinds=(made.ending,),
        ).id  # fmt: skip
    facts = files.facts(file_id)
    PackFile.objects.create(
        pack=row,
        point=point,
        path=path,
        title=made.title[:300],
        stored_id=file_id,
        sha256=facts.sha256,
        size=facts.size,
    )


def _close(row: EvidencePack, now: datetime) -> None:
    """Write the archive: every file, the index, the manifest, the checker."""
    agency = organization.agency(row.agency_id)
    asker = organization.person_names([row.asked_by_id]).get(row.asked_by_id, "")
    starts_on, _ = law.days_of(row.year, row.ends_on)
    head = law.Head(
        agency.name, agency.code, row.year, starts_on, row.ends_on, asker, local(row.asked_at)
    )
    order = {one.key: place for place, one in enumerate(pack_points().points)}
    kept = sorted(row.files.all(), key=lambda one: (order[one.point], one.path))
    if sum(one.size for one in kept) > MOST_BYTES:
        raise Refusal(
            "pack_too_large",
            f"Gói vượt {MOST_BYTES // 1_000_000} MB. Hãy chuyển bớt tệp lớn ra khỏi tài liệu đang hiệu lực.",
        )
    data = _archive(head, row.statements, kept)
    name = f"goi-bang-chung-{agency.code}-{row.year}.zip"
    stored = store_archive(
        data=data, name=name, agency_id=row.agency_id, actor_id=row.asked_by_id, at=now,
        max_bytes=MOST_BYTES,
    )  # fmt: skip
    row.state, row.finished_at, row.file = law.DONE, now, stored
    row.size, row.sha256 = len(data), hashlib.sha256(data).hexdigest()
    row.save()
    journal.record(
        actor_id=row.asked_by_id, agency_id=row.agency_id, action="pack.made",
        object_type="evidence_pack", object_id=row.id, at=now,
        new={"sha256": row.sha256, "files": len(kept), "size": row.size},
    )  # fmt: skip


def _archive(head: law.Head, statements: Mapping[str, str], kept: list[PackFile]) -> bytes:
    points = pack_points()
    entries = [law.Entry(one.point, one.path, one.title, one.sha256, one.size) for one in kept]
    own = {
        law.INDEX_HTML: ("Mục lục", index_html(head, points, statements, entries)),
        law.INDEX_STYLE: ("Kiểu chữ của mục lục", STYLE.encode()),
        law.INDEX_PDF: ("Mục lục, bản in", index_pdf(head, points, statements, entries)),
        law.CHECKER: ("Chương trình kiểm tra gói", _CHECKER.read_bytes()),
    }
    listed = [
        law.Entry("", path, title, hashlib.sha256(data).hexdigest(), len(data))
        for path, (title, data) in own.items()
    ]
    told = law.manifest(head, points, statements, [*listed, *entries])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(told, ensure_ascii=False, indent=1)
        _write(archive, head, law.MANIFEST, text.encode())
        for path, (_title, data) in own.items():
            _write(archive, head, path, data)
        for one in kept:
            _write(archive, head, one.path, files.read(one.stored_id))
    return out.getvalue()


def _write(archive: zipfile.ZipFile, head: law.Head, path: str, data: bytes) -> None:
    made = head.made_at.timetuple()[:6]
    archive.writestr(
        zipfile.ZipInfo(path, date_time=made), data, compress_type=zipfile.ZIP_DEFLATED
    )

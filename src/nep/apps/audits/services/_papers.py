"""Papers of audits as PDF and Word, and how they are frozen when they are given out.

Source: Nghị định 30/2020/NĐ-CP Phụ lục I (thể thức); what stands in them follows điều 9.2 of TCVN
ISO 9001:2015, their layout is the product's own.
"""

from datetime import datetime
from typing import Literal

from django.db.models import Max

from nep.apps.audits import queries
from nep.apps.audits.models import Audit, AuditPaper, Programme
from nep.apps.audits.rules import life
from nep.apps.audits.services._layouts import LAYOUTS, programme_blocks
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.records import services as records
from nep.foundation.files.services import store
from nep.foundation.printing import Paper, paper_data, paper_docx, paper_of, paper_pdf
from nep.kernel.errors import NotFound
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import local

Ending = Literal["pdf", "docx"]
SOURCE = "form"  # the plan's line for filled forms takes it


def _paper(
    agency_id: int, *, title: str, subtitle: str, number: str, blocks: tuple, at: datetime,
    landscape: bool = False,
) -> Paper:  # fmt: skip
    agency = organization.agency(agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    return Paper(
        title=title, subtitle=subtitle, above=agency.parent_name or f"Ủy ban nhân dân {agency.province}",
        issuer=agency.name, number=number, blocks=blocks, landscape=landscape,
        place_date=place_and_date(place=place, at=at),
    )  # fmt: skip


def programme_paper(*, actor: Actor, year: int, now: datetime, ending: Ending) -> bytes:
    """Return the programme of a year: as it was approved, before that with what is known by now.

    Raises NotFound.
    """
    given = _given(
        kind="programme", agency_id=actor.agency_id, programme__year=year,
        programme__state__in=[life.APPROVED, life.DONE],
    )  # fmt: skip
    paper, at = given or (_programme(actor, year, now), now)
    return paper_pdf(paper, made_at=at) if ending == "pdf" else paper_docx(paper)


def _given(**of: object) -> tuple[Paper, datetime] | None:
    """Return the newest paper given out, as it was kept, and when that was; None for none."""
    row = AuditPaper.objects.filter(**of).order_by("edition", "id").last()
    return (paper_of(row.frozen), row.made_at) if row else None


def _programme(actor: Actor, year: int, now: datetime) -> Paper:
    page = queries.programme_page(actor=actor, year=year, today=local(now).date())
    if page.id is None:
        raise NotFound("programme_none", "Năm này chưa có chương trình đánh giá.")
    return _paper(
        actor.agency_id, title="Chương trình đánh giá nội bộ", subtitle=f"Năm {year}",
        number="Số: ……/CTr", blocks=programme_blocks(page), at=page.approved_at or now,
        landscape=True,
    )  # fmt: skip


def audit_paper(*, actor: Actor, audit_id: int, kind: str, now: datetime, ending: Ending) -> bytes:
    """Return a paper of an audit (a key of LAYOUTS): as it was given out, Word and PDF from the same
    frozen data; before that, and while the plan is made anew, with what is known by now.

    Raises NotFound.
    """
    given = _given(kind=kind, agency_id=actor.agency_id, audit_id=audit_id,
                   audit__state__in=[life.ANNOUNCED, *life.AUDIT_HELD])  # fmt: skip
    paper, at = given or (_of_audit(actor, audit_id, kind, now), now)
    return paper_pdf(paper, made_at=at) if ending == "pdf" else paper_docx(paper)


def _of_audit(actor: Actor, audit_id: int, kind: str, now: datetime) -> Paper:
    if kind not in LAYOUTS:
        raise NotFound("no_such_form", "Không có mẫu này.")
    page = queries.audit_page(actor=actor, audit_id=audit_id, now=now)
    made = LAYOUTS[kind](page, organization.agency(actor.agency_id))
    return _paper(
        actor.agency_id, title=made.title, subtitle=made.subtitle, number=made.number,
        blocks=made.blocks, at=made.at or now,
    )  # fmt: skip


def programme_freeze(actor: Actor, row: Programme, now: datetime) -> int:
    """Keep the programme as it was approved; part of the approval."""
    return _freeze(
        actor, _programme(actor, row.year, now), now, kind="programme", programme=row,
        title=f"Chương trình đánh giá nội bộ năm {row.year}", code=f"CTr ĐGNB {row.year}",
        link=f"/danh-gia/?nam={row.year}",
    )  # fmt: skip


def audit_freeze(actor: Actor, row: Audit, kind: str, now: datetime) -> int:
    """Keep a paper of an audit as it was given out; part of the step that gives it out."""
    code = queries.code_of(row)
    return _freeze(
        actor, _of_audit(actor, row.id, kind, now), now, kind=kind, audit=row,
        title=f"{queries.PAPER_NAMES[kind]} {code}", code=code, link=f"/danh-gia/{row.id}/",
    )  # fmt: skip


def _freeze(
    actor: Actor, paper: Paper, now: datetime, *, kind: str, title: str, code: str, link: str,
    audit: Audit | None = None, programme: Programme | None = None,
) -> int:  # fmt: skip
    """Keep a paper with its data and hash, and deposit its PDF in the records."""
    data = paper_pdf(paper, made_at=now)
    file = store(
        data=data, name=f"{title.replace('/', '-')}.pdf", agency_id=actor.agency_id,
        actor_id=actor.person_id, at=now, kinds=("pdf",),
    )  # fmt: skip
    before = AuditPaper.objects.filter(audit=audit, programme=programme, kind=kind)
    row = AuditPaper.objects.create(
        agency_id=actor.agency_id, programme=programme, audit=audit, kind=kind,
        edition=(before.aggregate(last=Max("edition"))["last"] or 0) + 1, title=title,
        frozen=paper_data(paper), sha256=file.sha256, file_id=file.id, made_by_id=actor.person_id,
        made_at=now,
    )  # fmt: skip
    row.record_id = records.record_deposit(
        actor=actor, series_id=None, title=title, source_type=SOURCE, source_id=row.id,
        file_id=file.id, made_on=local(now).date(), now=now, source_code=code, link=link,
    )  # fmt: skip
    row.save(update_fields=["record_id"])
    return row.id

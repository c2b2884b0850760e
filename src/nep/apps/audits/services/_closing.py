"""The report: nonconformities get their sheets, papers are frozen; then the audit is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from nep.apps.audits.models import Audit, Finding
from nep.apps.audits.queries import code_of, figure
from nep.apps.audits.rules import life
from nep.apps.audits.services._ground import (
    SECRETARY,
    audit_item,
    audit_locked,
    finding_stepped,
    item_drop,
    moved,
    refuse,
    require_leader,
    stepped,
    work_day_from,
)
from nep.apps.audits.services._papers import audit_freeze
from nep.apps.improvement import queries as improvement
from nep.apps.improvement import services as sheets
from nep.apps.improvement.rules.life import ENDED
from nep.apps.improvement.services import SheetValues
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import require
from nep.kernel.references import Reference
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local


@dataclass(frozen=True, slots=True)
class Treatment:
    """Who answers for a nonconformity and until when its cause is sought."""

    owner_id: int | None
    due_on: date


@transaction.atomic
def audit_report(
    *, actor: Actor, audit_id: int, conclusion: str, now: datetime,
    treatments: Mapping[int, Treatment] | None = None,
) -> None:  # fmt: skip
    """Report an audit: the conclusion, a sheet for every nonconformity, minutes and report frozen.

    Without a treatment the unit's representative answers, within the usual days. Raises Forbidden;
    NotFound; Refusal("audit_state", "words_missing", what `nonconformity_open` raises).
    Source: TCVN ISO 9001:2015 điều 9.2.2 d, e, f.
    """
    require(may(actor, "audit.read"))
    row = audit_locked(actor, audit_id)
    require_leader(actor, row)
    refuse(life.decide_words(conclusion, field="conclusion", ask="Hãy ghi kết luận của đoàn."))
    moved(life.AUDIT, row, life.REPORT)
    row.conclusion = clean_lines(conclusion)
    row.reported_by_id, row.reported_at = actor.person_id, now
    latest = _treat(actor, row, dict(treatments or {}), now)
    item_drop(row, actor.person_id, now)
    if latest is not None:
        audit_item(row, actor.person_id, now, step="Theo dõi khắc phục, kết thúc", role=SECRETARY,
                   due_on=latest)  # fmt: skip
    stepped(actor, row, life.REPORT, row.conclusion, now)
    for kind in ("checklist", "minutes", "report"):
        audit_freeze(actor, row, kind, now)
    if latest is None:
        _close(actor, row, now)


def _treat(
    actor: Actor, row: Audit, treatments: Mapping[int, Treatment], now: datetime
) -> date | None:
    """Open a sheet for every agreed or kept nonconformity; return the latest due day, None for none."""
    latest: date | None = None
    usual = work_day_from(row.agency_id, local(now).date() + timedelta(days=figure("treat_days")))
    found = Finding.objects.filter(
        session__audit=row, level__in=life.TO_CORRECT, state__in=[life.AGREED, life.KEPT]
    )
    for one in found.select_related("session").order_by("number"):
        asked = treatments.get(one.id) or Treatment(one.session.representative_id, usual)
        title = life.sheet_title(number=one.number, text=one.text)
        one.sheet_id = sheets.nonconformity_open(
            actor=actor, now=now,
            origin=Reference("audit", one.id, f"{code_of(row)}, phát hiện {one.number}: {title}",
                             f"/danh-gia/{row.id}/#ph-{one.id}"),
            values=SheetValues(
                title=title, detail=one.text, found_on=local(one.noted_at or now).date(),
                due_on=asked.due_on, clause=f"{row.standard}:{one.clause}", level=one.level,
                unit_id=one.session.unit_id, owner_id=asked.owner_id,
            ),
            subjects=[
                Reference("case", proof.ref_id, proof.title, proof.url)
                for proof in one.proofs.filter(kind="case", ref_id__gt=0)
            ],
        )  # fmt: skip
        moved(life.FINDING, one, life.TREAT)
        finding_stepped(actor, one, life.TREAT, title, now)
        latest = max(latest or asked.due_on, asked.due_on)
    return latest


@transaction.atomic
def audit_close(*, actor: Actor, audit_id: int, now: datetime) -> None:
    """Close an audit whose nonconformities have all been put right.

    Raises Forbidden; NotFound; Refusal("audit_state", "findings_untreated", "sheets_running").
    """
    if not may(actor, "audit.manage"):
        row = audit_locked(actor, audit_id)
        require_leader(actor, row)
    row = audit_locked(actor, audit_id)
    refuse(life.possible(life.AUDIT, row.state, life.CLOSE))
    lines = improvement.of_origin(
        agency_id=row.agency_id, kind="audit", today=local(now).date(),
        ids=Finding.objects.filter(session__audit=row, state=life.TREATED).values_list(
            "id", flat=True
        ),
    )  # fmt: skip
    untreated = Finding.objects.filter(
        session__audit=row, level__in=life.TO_CORRECT, state__in=[life.AGREED, life.KEPT]
    ).count()
    refuse(
        life.decide_close(untreated=untreated, running=sum(one.state not in ENDED for one in lines))
    )
    _close(actor, row, now)


def _close(actor: Actor, row: Audit, now: datetime) -> None:
    moved(life.AUDIT, row, life.CLOSE)
    row.ended_at = now
    item_drop(row, actor.person_id, now)
    stepped(actor, row, life.CLOSE, "", now)

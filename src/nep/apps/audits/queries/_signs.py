"""When programmes and plans were submitted and approved, what findings say: for the adviser."""

from datetime import datetime

from django.db.models import Q

from nep.apps.audits.models import Finding, Step
from nep.apps.audits.queries._audit import code_of
from nep.apps.audits.rules import life
from nep.kernel.references import Approval, Wording

MOST = 300
_ENDS = {life.APPROVE: "programme", life.ANNOUNCE: "audit"}


def approvals_of(*, agency_id: int, since: datetime) -> tuple[Approval, ...]:
    """Return approvals of programmes and of plans since a moment, with the last submission before
    each; one query."""
    rows = Step.objects.filter(
        Q(programme__agency_id=agency_id) | Q(audit__agency_id=agency_id),
        move__in=[life.SUBMIT, *_ENDS],
    ).select_related("programme", "audit")
    found, sent = [], {}
    for one in rows.order_by("at", "id"):
        key = (one.programme_id, one.audit_id)
        if one.move == life.SUBMIT:
            sent[key] = one.at
        elif key in sent and one.at >= since:
            title, url = _named(one)
            found.append(Approval(title, url, sent[key], one.at))
    return tuple(found[-MOST:])


def _named(one: Step) -> tuple[str, str]:
    if one.programme is not None:
        year = one.programme.year
        return f"Chương trình đánh giá nội bộ năm {year}", f"/danh-gia/?nam={year}"
    assert one.audit is not None
    return f"Kế hoạch {code_of(one.audit)}", f"/danh-gia/{one.audit_id}/"


def wordings_of(*, agency_id: int, since: datetime) -> tuple[Wording, ...]:
    """Return what auditors wrote of what they found since a moment; one query."""
    rows = Finding.objects.filter(agency_id=agency_id, noted_at__gte=since).exclude(text="")
    told = rows.exclude(level__in=["", life.CONFORM]).order_by("-noted_at", "-id")
    return tuple(
        Wording("phát hiện đánh giá", text, f"/danh-gia/phien/{session_id}/#c{id_}", unit_id)
        for text, id_, session_id, unit_id in told.values_list(
            "text", "id", "session_id", "session__unit_id"
        )[:MOST]
    )

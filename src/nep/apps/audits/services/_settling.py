"""Findings are agreed or contested by the unit, settled by the leader of the team."""

from datetime import datetime

from django.db import transaction

from nep.apps.audits.models import Audit, Finding, Session
from nep.apps.audits.rules import life
from nep.apps.audits.services._ground import (
    answers_for,
    audit_item,
    finding_locked,
    finding_stepped,
    item_drop,
    leader_id,
    moved,
    refuse,
    require_leader,
    session_locked,
    stepped,
    work_day,
)
from nep.apps.audits.services._noting import confirm_when_settled
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import require
from nep.kernel.errors import Forbidden, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

ANSWER_DAYS = 2


def _require_unit(actor: Actor, session: Session) -> None:
    require(may(actor, "audit.read"))
    if not answers_for(actor, session):
        raise Forbidden(
            "not_the_unit", "Chỉ đại diện hoặc trưởng đơn vị được đánh giá mới trả lời được."
        )


@transaction.atomic
def findings_agree(*, actor: Actor, session_id: int, now: datetime) -> int:
    """Agree to every finding of a session that waits; return how many.

    Raises NotFound; Forbidden("not_the_unit"); Refusal("audit_state", "findings_none").
    """
    audit, session = session_locked(actor, session_id)
    _require_unit(actor, session)
    refuse(life.possible(life.AUDIT, audit.state, life.ANSWER))
    rows = list(session.findings.filter(state=life.SENT).order_by("position"))
    if not rows:
        raise Refusal("findings_none", "Phiên này không còn phát hiện nào chờ xác nhận.")
    for row in rows:
        _answered(actor, row, life.AGREE, "", now)
    _after_answer(actor, audit, session, f"Xác nhận {len(rows)} phát hiện", now)
    return len(rows)


@transaction.atomic
def finding_contest(*, actor: Actor, finding_id: int, reason: str, now: datetime) -> None:
    """Say why a finding is not right. Raises NotFound; Forbidden; Refusal("audit_state",
    "words_missing")."""
    audit, session, row = finding_locked(actor, finding_id)
    _require_unit(actor, session)
    refuse(life.possible(life.AUDIT, audit.state, life.ANSWER))
    refuse(life.decide_words(reason, field="reason", ask="Hãy ghi vì sao chưa đồng ý."))
    _answered(actor, row, life.CONTEST, clean(reason)[:1000], now)
    _after_answer(actor, audit, session, f"Chưa đồng ý phát hiện {row.number}: {row.answer}", now)


def _answered(actor: Actor, row: Finding, move: str, answer: str, now: datetime) -> None:
    moved(life.FINDING, row, move)
    row.answer, row.answered_by_id, row.answered_at = answer, actor.person_id, now
    finding_stepped(actor, row, move, answer, now)


def _after_answer(actor: Actor, audit: Audit, session: Session, text: str, now: datetime) -> None:
    """Close the unit's item when it has answered all; put what is contested before the leader."""
    if not session.findings.filter(state=life.SENT).exists():
        item_drop(session, actor.person_id, now)
        session.save(update_fields=["item_id"])
    contested = Finding.objects.filter(session__audit=audit, state=life.CONTESTED).exists()
    if contested and audit.item_id is None:
        audit_item(
            audit, actor.person_id, now, step="Xem xét ý kiến của đơn vị",
            person_id=leader_id(audit),
            due_on=work_day(audit.agency_id, local(now).date(), ANSWER_DAYS),
        )  # fmt: skip
    stepped(actor, audit, life.ANSWER, text, now)
    confirm_when_settled(actor, audit, now)


@transaction.atomic
def finding_settle(*, actor: Actor, finding_id: int, level: str, note: str, now: datetime) -> None:
    """Decide about a contested finding: keep it, at this level or a milder one, or (level "")
    withdraw it; always with a reason.

    Raises NotFound; Forbidden("not_team_leader"); Refusal("audit_state", "level_unknown",
    "words_missing").
    """
    require(may(actor, "audit.read"))
    audit, _session, row = finding_locked(actor, finding_id)
    require_leader(actor, audit)
    refuse(life.possible(life.AUDIT, audit.state, life.SETTLE))
    refuse(life.decide_words(note, field="note", ask="Hãy ghi vì sao kết luận như vậy."))
    if level and (level not in life.LEVELS or level == life.CONFORM):
        raise Refusal("level_unknown", "Hãy chọn kết luận trong danh sách.", field="level")
    move = life.KEEP if level else life.WITHDRAW
    old = {"level": row.level}
    moved(life.FINDING, row, move)
    row.level = level or row.level
    row.settlement, row.settled_by_id, row.settled_at = clean(note)[:1000], actor.person_id, now
    finding_stepped(actor, row, move, row.settlement, now, old)
    if not Finding.objects.filter(session__audit=audit, state=life.CONTESTED).exists():
        item_drop(audit, actor.person_id, now)
    told = "giữ" if level else "rút"
    stepped(actor, audit, life.SETTLE, f"{told} phát hiện {row.number}: {row.settlement}", now)
    confirm_when_settled(actor, audit, now)

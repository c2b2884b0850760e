"""A year's objectives are put together, sent to the head, approved or returned as one list."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.documents.queries import exceptions_of
from nep.apps.documents.rules import AUTHOR_APPROVER
from nep.apps.organization.rules import Actor, may
from nep.apps.planning.models import Objective, ObjectiveList
from nep.apps.planning.queries import facts_of, objective_lines
from nep.apps.planning.rules import objectives as rules
from nep.apps.planning.services._objective_ground import (
    APPROVE_DAYS,
    GATHER_DAYS,
    LEADER,
    SECRETARY,
    item_renew,
    list_asked,
    list_item_close,
    list_item_open,
    locked_list,
    stepped,
)
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local


@transaction.atomic
def objectives_gather(
    *, actor: Actor, year: int, objective_ids: Iterable[int], now: datetime
) -> int:
    """Put chosen proposals into the year's list and send it to the head; return the list's id.

    Those not chosen stay proposals. Raises Forbidden; Refusal(see `decide_gather`, "list_sent").
    Source: TCVN ISO 9001:2015 điều 6.2.1.
    """
    require(may(actor, "objective.manage"))
    rows = list(
        Objective.objects.select_for_update(of=("self",))
        .filter(agency_id=actor.agency_id, year=year, pk__in=list(objective_ids))
        .order_by("number")
    )
    require(rules.decide_gather(actor, [facts_of(row) for row in rows]), kind=Refusal)
    sheet = list_asked(actor.agency_id, year, now)
    if sheet.state == rules.SET_SENT:
        raise Refusal(
            "list_sent", "Danh sách đang chờ lãnh đạo duyệt. Hãy đợi kết quả rồi trình tiếp."
        )
    for row in rows:
        row.state, row.of_list = rules.CONSOLIDATED, sheet
        stepped(actor, row, rules.GATHER, "", now, old={"state": rules.PROPOSED})
    sheet.state, sheet.gathered_by_id, sheet.gathered_at = rules.SET_SENT, actor.person_id, now
    sheet.return_note = ""
    sheet.frozen = _frozen(sheet, now)
    sheet.sha256 = digest_of(sheet.frozen)
    list_item_close(sheet, actor, now)
    list_item_open(
        sheet, now, role=LEADER, step="Phê duyệt mục tiêu", days=APPROVE_DAYS,
        link=f"/muc-tieu/danh-sach/{sheet.id}/",
    )  # fmt: skip
    _told(actor, sheet, "send", now)
    return sheet.id


def _frozen(sheet: ObjectiveList, now: datetime) -> list[dict[str, Any]]:
    """Return the rows of a list: those in force in the year and those that it adds."""
    rows = Objective.objects.filter(
        agency_id=sheet.agency_id, year=sheet.year, state__in=[*rules.IN_FORCE, rules.CONSOLIDATED]
    ).order_by("number")
    lines = objective_lines(list(rows), agency_id=sheet.agency_id, today=local(now).date())
    return [
        {"id": one.id, "number": place, "title": one.title, "target": one.target_text,
         "method": one.method, "frequency": one.frequency_name, "unit": one.unit,
         "owner": one.owner, "is_new": one.state == rules.CONSOLIDATED}
        for place, one in enumerate(lines, start=1)
    ]  # fmt: skip


def digest_of(rows: Iterable[Any]) -> str:
    """Return the SHA-256 of frozen rows."""
    text = json.dumps(list(rows), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def objectives_approve(*, actor: Actor, list_id: int, sha256: str, now: datetime) -> None:
    """Approve a year's list as it was shown: `sha256` is that of the rows on the page.

    Raises Forbidden; NotFound; Refusal(see `decide_approve`); Conflict("list_changed").
    Source: TCVN ISO 9001:2015 điều 6.2.1.
    """
    require(may(actor, "objective.approve"))
    sheet = locked_list(actor, list_id)
    require(_judged(actor, sheet), kind=Refusal)
    if sha256 != sheet.sha256:
        raise Conflict("list_changed", "Danh sách đã khác bản bạn xem. Hãy xem lại rồi phê duyệt.")
    sheet.state, sheet.approved_by_id, sheet.approved_at = rules.SET_APPROVED, actor.person_id, now
    list_item_close(sheet, actor, now)
    _told(actor, sheet, "approve", now)
    for row in _gathered(sheet):
        row.state = rules.APPROVED
        item_renew(row, actor, now)
        stepped(actor, row, rules.APPROVE, "", now, old={"state": rules.CONSOLIDATED})
    left = Objective.objects.filter(
        agency_id=sheet.agency_id, year=sheet.year, state=rules.PROPOSED
    )
    if left.exists():  # what the head was not asked about is gathered next
        list_asked(sheet.agency_id, sheet.year, now)


@transaction.atomic
def objectives_return(*, actor: Actor, list_id: int, reason: str, now: datetime) -> None:
    """Return a year's list to who put it together, with a reason; its rows are proposals again.

    Raises Forbidden; NotFound; Refusal(see `decide_approve`, "reason_missing").
    """
    require(may(actor, "objective.approve"))
    sheet = locked_list(actor, list_id)
    require(_judged(actor, sheet), kind=Refusal)
    if len(clean(reason)) < rules.LEAST_WORDS:
        raise Refusal("reason_missing", "Hãy ghi phải sửa gì.", field="reason")
    for row in _gathered(sheet):
        row.state, row.of_list = rules.PROPOSED, None
        stepped(actor, row, rules.RETURN, clean(reason), now, old={"state": rules.CONSOLIDATED})
    sheet.state, sheet.return_note = rules.SET_DRAFT, clean(reason)[:600]
    sheet.frozen, sheet.sha256 = [], ""
    list_item_close(sheet, actor, now)
    list_item_open(
        sheet, now, role=SECRETARY, step="Sửa và trình lại mục tiêu", days=GATHER_DAYS,
        link=f"/muc-tieu/?nam={sheet.year}",
    )  # fmt: skip
    _told(actor, sheet, "return", now)


def _judged(actor: Actor, sheet: ObjectiveList):
    return rules.decide_approve(
        actor, state=sheet.state, gathered_by_id=sheet.gathered_by_id,
        may_be_same=AUTHOR_APPROVER in exceptions_of(actor.agency_id),
    )  # fmt: skip


def _gathered(sheet: ObjectiveList) -> list[Objective]:
    rows = Objective.objects.select_for_update(of=("self",)).filter(
        of_list=sheet, state=rules.CONSOLIDATED
    )
    return list(rows.order_by("number"))


def _told(actor: Actor, sheet: ObjectiveList, action: str, now: datetime) -> None:
    sheet.version += 1
    sheet.save()
    journal.record(
        actor_id=actor.person_id, agency_id=sheet.agency_id, action=f"objective_list.{action}",
        object_type="objective_list", object_id=sheet.id, at=now, old=None,
        new={"year": sheet.year, "edition": sheet.edition, "state": sheet.state,
             "sha256": sheet.sha256},
        reason=sheet.return_note if action == "return" else "",
    )  # fmt: skip

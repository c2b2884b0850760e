"""Saying which step another system's words mean, where the match was wrong; and taking it back."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.cases.models import Case, CaseEvent, FedRow, FedWording
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import acting, fed_columns
from nep.apps.cases.rules.fed_timeline import nodes_of
from nep.apps.cases.rules.slip import CORRECTED
from nep.apps.cases.services._fed_writing import Importer
from nep.apps.cases.services._finding import case_of
from nep.apps.cases.services._holding import case_lock
from nep.apps.organization.rules import Actor, may
from nep.foundation.db import new_id
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean_lines, fold


@transaction.atomic
def fed_match_correct(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    row_id: int,
    node: str,
    reason: str,
    expected_version: int | None = None,
) -> int:
    """Say which step (`node`, empty for none) the words of a row mean; return how many rows change.

    Every row of the case with the same words and the same wrong step changes with it, the case is
    told anew, and the next files of the agency's TTHC read such words so from the start.
    Raises NotFound; Forbidden; Conflict; Refusal("not_fed", "step_unknown", "same_step",
    "reason_missing").
    """
    case = _fed_case(actor, case_id, expected_version)
    require(acting.decide_reason(reason), kind=Refusal)
    plan = plan_for(case.content_hash)
    if node and node not in plan.steps:
        raise Refusal("step_unknown", "Hãy chọn một bước của quy trình.", field="node")
    chosen = FedRow.objects.filter(pk=row_id, case=case).first()
    if chosen is None:
        raise NotFound()
    rows = _rows(case)
    nodes = nodes_of(list(rows.values()), plan=plan)
    old, words = nodes[chosen.key], _words(rows[chosen.key])
    if old == node:
        raise Refusal("same_step", "Việc này đang khớp đúng bước đó rồi.", field="node")
    keys = [
        key for key, row in rows.items() if nodes[key] == old and fold(_words(row)) == fold(words)
    ]
    facts = {
        "text": words, "old": old, "new": node, "reason": clean_lines(reason), "keys": keys,
        "before": _remember(case, actor, now, words, node, reason),
    }  # fmt: skip
    _retell(case, actor, now, dict.fromkeys(keys, node), facts)
    return len(keys)


@transaction.atomic
def fed_match_undo(
    *, actor: Actor, now: datetime, case_id: int, event_id: int, reason: str
) -> None:
    """Take a correction back: the words mean again what they meant before it, here and in memory.

    Raises NotFound; Forbidden; Conflict("correction_passed") when a later correction or undo has
    changed the same rows; Refusal("not_fed", "reason_missing").
    """
    case = _fed_case(actor, case_id, None)
    require(acting.decide_reason(reason), kind=Refusal)
    event = CaseEvent.objects.filter(pk=event_id, case=case, kind=CORRECTED).first()
    if event is None:
        raise NotFound()
    done: dict[str, Any] = json.loads(event.data)
    nodes = nodes_of(list(_rows(case).values()), plan=plan_for(case.content_hash))
    if "undo" in done or any(nodes.get(key) != done["new"] for key in done["keys"]):
        raise Conflict(
            "correction_passed",
            "Lần sửa này đã được hoàn tác hoặc sửa tiếp. Hãy tải lại trang.",
        )
    _forget(case, done)
    facts = {
        "text": done["text"], "old": done["new"], "new": done["old"], "keys": done["keys"],
        "reason": clean_lines(reason), "undo": event.pk,
    }  # fmt: skip
    _retell(case, actor, now, dict.fromkeys(done["keys"], done["old"]), facts)


def _fed_case(actor: Actor, case_id: int, expected_version: int | None) -> Case:
    case_of(actor, case_id)
    require(may(actor, "case.import"))
    case_lock(case_id)
    case = case_of(actor, case_id, expected_version)
    if case.origin != "fed":
        raise Refusal("not_fed", "Hồ sơ này giải quyết tại đây nên không có bước phải khớp.")
    return case


def _rows(case: Case) -> dict[str, fed_columns.FedRow]:
    rows = FedRow.objects.filter(case=case).order_by("id").values_list("key", "data")
    return {key: fed_columns.row_kept(key, data) for key, data in rows}


def _words(row: fed_columns.FedRow) -> str:
    return row.step or row.status


def _remember(
    case: Case, actor: Actor, now: datetime, words: str, node: str, reason: str
) -> dict[str, str] | None:
    """Keep what the words mean for the next files; return what was kept before."""
    place: dict[str, Any] = {
        "agency_id": case.agency_id, "tthc_id": case.tthc_id, "folded": fold(words)[:300]
    }  # fmt: skip
    known = FedWording.objects.filter(**place).values("node", "step_name", "reason").first()
    FedWording.objects.update_or_create(
        **place,
        defaults={
            "text": words[:300], "node": node, "step_name": _name(case, node),
            "reason": clean_lines(reason), "changed_at": now, "changed_by_id": actor.person_id,
        },
    )  # fmt: skip
    return {name: str(value) for name, value in known.items()} if known else None


def _forget(case: Case, done: Mapping[str, Any]) -> None:
    """Give the words back the meaning they had before a correction, unless another was given."""
    kept = FedWording.objects.filter(
        agency_id=case.agency_id, tthc_id=case.tthc_id, folded=fold(done["text"])[:300],
        node=done["new"],
    )  # fmt: skip
    if done["before"] is None:
        kept.delete()
    else:
        kept.update(**done["before"])


def _name(case: Case, node: str) -> str:
    return plan_for(case.content_hash).steps[node].name[:600] if node else ""


def _retell(
    case: Case, actor: Actor, now: datetime, nodes: Mapping[str, str], facts: Mapping[str, Any]
) -> None:
    CaseEvent.objects.create(
        id=new_id(), case=case, kind=CORRECTED, at=now, actor_id=actor.person_id,
        data=json.dumps(facts, ensure_ascii=False),
    )  # fmt: skip
    Importer(agency_id=case.agency_id, actor_id=actor.person_id, now=now).retell(case, nodes)
    journal.record(
        actor_id=actor.person_id, agency_id=case.agency_id, action="case.fed_corrected",
        object_type="case", object_id=case.pk, at=now,
        old={"text": facts["text"], "node": facts["old"]},
        new={"text": facts["text"], "node": facts["new"], "rows": len(facts["keys"])},
        reason=facts["reason"],
    )  # fmt: skip

"""Saying at once which step the unmatched words of many cases mean, for this source or for all."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from nep.apps.cases.models import Case, CaseEvent, FedRow, FedSource, FedWording
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.fed_steps import recalled_node
from nep.apps.cases.rules.slip import CORRECTED
from nep.apps.cases.services._fed_writing import Importer
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries as procedures
from nep.foundation.db import new_id
from nep.foundation.journal import services as journal
from nep.foundation.outbox import services as outbox
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean_lines

MEANING_JOB = "cases.fed_meaning"
CASES_AT_ONCE = 100
MOST_WORDS = 100


@transaction.atomic
def meanings_assign(
    *,
    actor: Actor,
    now: datetime,
    tthc_id: int,
    words: Sequence[str],
    node: str,
    reason: str,
    source_id: int = 0,
) -> int:
    """Let words (as rows have them, folded) of a TTHC mean a step, "" for none; return how many rows
    will be told anew by the worker.

    It is remembered for the source, or for every source with 0. Raises Forbidden; NotFound;
    Refusal("words_missing", "step_unknown", "reason_missing").
    """
    require(may(actor, "case.import"))
    require(acting.decide_reason(reason), kind=Refusal)
    procedures.tthc(tthc_id=tthc_id, agency_id=actor.agency_id)
    if source_id and not FedSource.objects.filter(pk=source_id, agency_id=actor.agency_id).exists():
        raise NotFound()
    asked = list(dict.fromkeys(words))[:MOST_WORDS]
    rows = FedRow.objects.filter(
        case__agency_id=actor.agency_id, case__tthc_id=tthc_id, unmatched__in=asked
    )
    texts = {row.unmatched: row.data["step"] or row.data["status"] for row in rows.iterator()}
    if not texts:
        raise Refusal("words_missing", "Không còn cách ghi nào như vậy chưa khớp.", field="words")
    step_name = _step_name(actor, tthc_id, node)
    for folded, text in texts.items():
        FedWording.objects.update_or_create(
            agency_id=actor.agency_id, source_id=source_id, tthc_id=tthc_id, by="words",
            folded=folded,
            defaults={
                "text": text[:300], "node": node, "step_name": step_name[:600],
                "reason": clean_lines(reason), "changed_at": now,
                "changed_by_id": actor.person_id,
            },
        )  # fmt: skip
    count = rows.count()
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="fed_wording.assigned",
        object_type="tthc", object_id=tthc_id, at=now, reason=clean_lines(reason),
        new={"words": sorted(texts.values()), "node": node, "rows": count, "source": source_id},
    )  # fmt: skip
    payload = {
        "agency": actor.agency_id, "actor": actor.person_id, "tthc": tthc_id,
        "words": sorted(texts), "node": node, "step": step_name, "reason": clean_lines(reason),
    }  # fmt: skip
    outbox.enqueue(MEANING_JOB, payload, at=now, agency_id=actor.agency_id)
    return count


def meanings_spread(*, payload: dict, now: datetime) -> bool:
    """Tell the next cases anew in which the words stand unmatched; return whether more are left."""
    rows = FedRow.objects.filter(
        case__agency_id=payload["agency"], case__tthc_id=payload["tthc"],
        unmatched__in=payload["words"], case_id__gt=payload.get("after", 0),
    )  # fmt: skip
    keys = list(rows.order_by("case_id").values_list("case_id", flat=True).distinct())
    with transaction.atomic():
        for case_id in keys[:CASES_AT_ONCE]:
            _tell(case_id, payload, now)
            payload["after"] = case_id
    return len(keys) > CASES_AT_ONCE


def meanings_go_on(*, payload: dict, now: datetime) -> None:
    """Tell a part of the cases anew and let the worker come back for what is left."""
    if meanings_spread(payload=payload, now=now):
        outbox.enqueue(MEANING_JOB, payload, at=now, agency_id=payload["agency"])


def _tell(case_id: int, payload: dict, now: datetime) -> None:
    case = Case.objects.select_for_update().get(pk=case_id)
    node = recalled_node(
        node=payload["node"], step_name=payload["step"], plan=plan_for(case.content_hash)
    )
    if node is None:  # the version of this case has no such step
        return
    rows = FedRow.objects.filter(case=case, unmatched__in=payload["words"])
    keys = {row.key: row.data["step"] or row.data["status"] for row in rows}
    for text in sorted(set(keys.values())):
        facts = {
            "text": text, "old": "", "new": node, "reason": payload["reason"], "before": None,
            "keys": [key for key, found in keys.items() if found == text],
        }  # fmt: skip
        CaseEvent.objects.create(
            id=new_id(), case=case, kind=CORRECTED, at=now, actor_id=payload["actor"],
            data=json.dumps(facts, ensure_ascii=False),
        )  # fmt: skip
    importer = Importer(agency_id=case.agency_id, actor_id=payload["actor"], now=now)
    importer.retell(case, dict.fromkeys(keys, node))
    journal.record(
        actor_id=payload["actor"], agency_id=case.agency_id, action="case.fed_corrected",
        object_type="case", object_id=case.pk, at=now, reason=payload["reason"],
        new={"text": sorted(set(keys.values())), "node": node, "rows": len(keys)},
    )  # fmt: skip


def _step_name(actor: Actor, tthc_id: int, node: str) -> str:
    if not node:
        return ""
    for version in procedures.versions_in_force(agency_id=actor.agency_id, tthc_id=tthc_id):
        step = plan_for(version.content_hash).steps.get(node)
        if step is not None:
            return step.name
    raise Refusal("step_unknown", "Hãy chọn một bước của quy trình đang áp dụng.", field="node")

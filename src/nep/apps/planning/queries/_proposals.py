"""What finished cases and starter texts propose for the registers; nothing is opened by itself."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from nep.apps.cases.queries import recurring
from nep.apps.organization import queries as organization
from nep.apps.planning.models import Statement
from nep.apps.planning.queries._risk_scale import proposal_rules
from nep.apps.planning.queries._risks import taken_keys
from nep.apps.planning.rules import context
from nep.apps.planning.rules.scales import OPPORTUNITY, RISK, ProposalRule, is_often, months_until
from nep.apps.procedures import queries as procedures
from nep.kernel.references import Reference
from nep.kernel.text import fold, named_once, shorten

MOST = 12
LATE, SUPPLEMENTS, CONTEXT, STARTER = "late_steps", "supplements", "context", "starter"
SOURCE_NAMES: dict[str, str] = {
    LATE: "Bước hay quá hạn trong hồ sơ đã xong",
    SUPPLEMENTS: "Thủ tục hay phải bổ sung hơn một lần",
    CONTEXT: "Bối cảnh đang có hiệu lực",
    STARTER: "Gợi ý chung cho loại cơ quan này",
}
COMMUNE_KINDS = frozenset({"xa", "phuong", "dac_khu"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A risk or an opportunity that is offered, why, and the rows behind it."""

    key: str
    kind: str
    source: str
    title: str
    cause: str
    effect: str
    clause: str
    told: str
    mark: str
    rows: tuple[Reference, ...] = ()
    procedure_id: int | None = None
    step: int | None = None


def starter_texts(agency_id: int) -> dict[str, Any]:
    """Return the starter texts for an agency of its kind."""
    kind = organization.agency(agency_id).kind
    return settings.STARTERS["commune" if kind in COMMUNE_KINDS else "department"]


def proposals(*, agency_id: int, today: date) -> tuple[Proposal, ...]:
    """Return all that is proposed and stands in no register: of cases first, then starter texts."""
    taken = taken_keys(agency_id)
    of_cases = case_proposals(agency_id=agency_id, today=today)
    return of_cases + _of_context(agency_id, taken) + _starters(agency_id, taken)


def _of_context(agency_id: int, taken: frozenset[str]) -> tuple[Proposal, ...]:
    row = Statement.objects.filter(
        agency_id=agency_id, part=context.CONTEXT, state=context.IN_FORCE
    ).first()
    if row is None:
        return ()
    said = context.read_content(context.CONTEXT, row.content)
    if not isinstance(said, context.Context):
        return ()
    groups = ((RISK, said.threats, "Thách thức"), (RISK, said.weaknesses, "Điểm yếu"),
              (OPPORTUNITY, said.opportunities, "Cơ hội"))  # fmt: skip
    found = [
        Proposal(
            key=f"{CONTEXT}:{fold(text)}"[:160], kind=kind, source=CONTEXT, title=text, cause="",
            effect="", clause="2015:4.1", told=f"{name}, bối cảnh lần {row.edition:02d}", mark="",
        )
        for kind, texts, name in groups
        for text in texts
    ]  # fmt: skip
    return tuple(one for one in found if one.key not in taken)


def _starters(agency_id: int, taken: frozenset[str]) -> tuple[Proposal, ...]:
    texts = starter_texts(agency_id)
    offered = [(RISK, one) for one in texts["risks"]]
    offered += [(OPPORTUNITY, one) for one in texts["opportunities"]]
    found = [
        Proposal(
            key=f"{STARTER}:{fold(one['title'])}"[:160], kind=kind, source=STARTER,
            title=one["title"], cause=one["cause"], effect=one["effect"], clause=one["clause"],
            told="", mark="",
        )
        for kind, one in offered
    ]  # fmt: skip
    return tuple(one for one in found if one.key not in taken)


def case_proposals(*, agency_id: int, today: date) -> tuple[Proposal, ...]:
    """Return what the agency's finished cases propose and is not in the register, with the rows.

    Six queries, besides the step tables of versions not read before in this process.
    """
    rules, taken = proposal_rules(), taken_keys(agency_id)
    in_force = {one.tthc_id: one for one in procedures.procedures_in_force(agency_id)}
    late = _late(agency_id, rules[LATE], taken, in_force, today)
    return late + _supplements(agency_id, rules[SUPPLEMENTS], taken, in_force, today)


def _late(
    agency_id: int,
    rule: ProposalRule,
    taken: frozenset[str],
    in_force: dict[int, procedures.VersionFacts],
    today: date,
) -> tuple[Proposal, ...]:
    months = months_until(today, rule.months)
    found = [
        one
        for one in recurring.late_steps(agency_id=agency_id, months=months)
        if is_often(rule, total=one.total, hit=one.late)
        and f"{LATE}:{one.tthc_id}:{one.node}" not in taken
    ][:MOST]
    cases = recurring.late_step_cases(
        agency_id=agency_id, months=months, steps=[(one.tthc_id, one.node) for one in found]
    )
    names = procedures.tthc_named({one.tthc_id for one in found})
    return tuple(
        _of_step(one, rule, in_force.get(one.tthc_id), names,
                 cases.get((one.tthc_id, one.node), ()))
        for one in found
    )  # fmt: skip


def _of_step(
    one: recurring.LateStep,
    rule: ProposalRule,
    version: procedures.VersionFacts | None,
    names: dict[int, procedures.TthcName],
    rows: tuple[Reference, ...],
) -> Proposal:
    table = procedures.steps_by_hash(one.content_hash)
    step = next((row for row in table if row.node == one.node), None)
    name = names[one.tthc_id].name if one.tthc_id in names else "này"
    where = f"{step.label} ({step.name})" if step else "một bước"
    number = None
    if version is not None:
        current = procedures.steps_by_hash(version.content_hash)
        number = next((row.number for row in current if row.node == one.node), None)
    return Proposal(
        key=f"{LATE}:{one.tthc_id}:{one.node}", kind=RISK, source=LATE,
        title=shorten(f"{where} của {named_once('thủ tục', name)} hay quá hạn", 300),
        cause="", effect="Hồ sơ trả kết quả sau ngày hẹn.", clause=rule.clause,
        told=f"{one.late}/{one.total} lượt làm bước này quá hạn trong {rule.months} tháng qua",
        mark=rule.verified, rows=rows, procedure_id=version.procedure_id if version else None,
        step=number,
    )  # fmt: skip


def _supplements(
    agency_id: int,
    rule: ProposalRule,
    taken: frozenset[str],
    in_force: dict[int, procedures.VersionFacts],
    today: date,
) -> tuple[Proposal, ...]:
    months = months_until(today, rule.months)
    found = [
        one
        for one in recurring.supplemented(agency_id=agency_id, months=months)
        if is_often(rule, total=one.total, hit=one.hit)
        and f"{SUPPLEMENTS}:{one.tthc_id}" not in taken
    ][:MOST]
    ids = [one.tthc_id for one in found]
    cases = recurring.supplemented_cases(agency_id=agency_id, months=months, tthc_ids=ids)
    names = procedures.tthc_named(set(ids))
    made = []
    for one in found:
        version = in_force.get(one.tthc_id)
        name = names[one.tthc_id].name if one.tthc_id in names else "này"
        made.append(
            Proposal(
                key=f"{SUPPLEMENTS}:{one.tthc_id}", kind=RISK, source=SUPPLEMENTS,
                title=shorten(
                    f"Người nộp {named_once('thủ tục', name)} phải bổ sung giấy tờ nhiều lần", 300
                ),
                cause="", effect="Người dân đi lại nhiều lần; hồ sơ bị tính là trễ.",
                clause=rule.clause, mark=rule.verified, rows=cases.get(one.tthc_id, ()),
                told=f"{one.hit}/{one.total} hồ sơ phải bổ sung hơn một lần trong "
                     f"{rule.months} tháng qua",
                procedure_id=version.procedure_id if version else None,
            )
        )  # fmt: skip
    return tuple(made)

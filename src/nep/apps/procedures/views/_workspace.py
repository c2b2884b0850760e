"""What the page of a revision shows: rows, proof, diagram and the buttons of its life."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from nep.apps.documents import queries as documents
from nep.apps.documents import rules as life
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries, services
from nep.apps.procedures.forms import PersonChoiceForm, PublishForm, ReasonForm
from nep.apps.procedures.queries import ProcedurePage
from nep.apps.procedures.rules.beginning import begins_said
from nep.apps.procedures.rules.by_hand import spare_lanes
from nep.apps.procedures.rules.carried import Carried
from nep.apps.procedures.rules.condition_words import condition_words, labels_of
from nep.apps.procedures.rules.diagram import drawn_process
from nep.apps.procedures.rules.differences import after_said
from nep.apps.procedures.rules.draft import POLICY_NAMES
from nep.apps.procedures.rules.edits import limit_cells
from nep.apps.procedures.rules.either import GATEWAY, together, together_said
from nep.apps.procedures.rules.events import event_said
from nep.apps.procedures.rules.opinions import asked_said, enough_of, way_of
from nep.apps.procedures.rules.report import CalledVersion, Finding, Report
from nep.apps.procedures.rules.table import (
    Branch,
    Meeting,
    Step,
    Table,
    meetings,
    node_rows,
)
from nep.apps.procedures.rules.targets import target_said
from nep.apps.procedures.rules.threads import shown_only, threads_said
from nep.apps.procedures.rules.wording import (
    OUTSIDE,
    SHORT_UNITS,
    amount_text,
    hours_text,
    limit_text,
)
from nep.apps.procedures.views._carried import CarriedLine, carried_lines
from nep.apps.procedures.views._groups import GroupCells, group_headings
from nep.apps.procedures.views._others import OtherRow, called_in, other_row, time_cell
from nep.apps.procedures.views._package import package_of
from nep.bpmn import render_svg

FEW = 5
UNMARKED = frozenset({"over_limit", "unit_ambiguous"})  # would mark every row

UNIT_CELLS = {**SHORT_UNITS, "none": "không tính", "ask": "ngày (?)", "": "–"}


@dataclass(frozen=True, slots=True)
class BranchCell:
    """One way out of a step, in words."""

    branch: Branch
    target: str
    condition: str = ""


@dataclass(frozen=True, slots=True)
class RowCells:
    """One row of the table as the template writes it."""

    step: Step
    number: str
    amount: str
    unit: str
    unit_words: str
    time_words: str
    role_words: str
    forms: str
    branches: tuple[BranchCell, ...]
    after: str
    is_failing: bool
    is_first: bool
    is_last: bool
    is_grouped: bool
    meeting: str
    printed_role: str
    printed_time: str
    carried: CarriedLine | None = None
    asked: str = ""
    asked_way: str = ""
    asked_enough: str = ""
    other: OtherRow | None = None
    events: tuple[tuple[str, str], ...] = ()
    either: str = ""
    headings: tuple[GroupCells, ...] = ()
    thread: str = ""


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding, with where its mending begins."""

    finding: Finding
    href: str


@dataclass(frozen=True, slots=True)
class Meter:
    """The ruler: folds of the worst path, the place of the limit, and the verdict in words."""

    folds: tuple[tuple[float, int, str], ...]
    used: int
    at: int
    total: str
    limit: str
    verdict: str
    is_over: bool
    is_known: bool


def workspace(request: HttpRequest, page: ProcedurePage, *, today: date) -> dict[str, Any]:
    """Return everything the page and its fragments show, with all reads done."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    agency_id = actor.agency_id
    table = page.draft.table
    report = queries.proof(
        agency_id=agency_id, draft=page.draft, tthc=page.tthc, today=today,
        document_id=page.revision.document_id,
    )  # fmt: skip
    keys = [step.role for step in table.steps] + [*spare_lanes(page.draft.places)]
    words = queries.role_texts(agency_id=agency_id, keys=keys)
    is_editable = page.revision.state == life.DRAFT and bool(may(actor, "procedure.draft"))
    failing = {step for one in report.errors if one.code not in UNMARKED for step in one.steps}
    return {
        "page": page,
        "revision": page.revision,
        "report": report,
        "meter": meter_of(page, report),
        "rows": rows_of(table, words, failing, page.draft.carried, called_in(page)),
        "shown_only": shown_only(table),
        "begins": begins_said(table) if table.begins or page.tthc.is_internal else "",
        **_findings(report),
        "diagram": diagram_of(page, words, report),
        "is_editable": is_editable,
        "options": queries.role_options(agency_id=agency_id, today=today) if is_editable else (),
        "limit_amount": amount_text(page.draft.limit_amount)
        if page.draft.limit_amount is not None
        else "",
        "path_lines": _path_lines(report, page.draft.limit_unit),
        "may_revise": bool(may(actor, "procedure.draft")),
        "policies": POLICY_NAMES.items(),
        "policy_name": POLICY_NAMES[page.draft.pause_policy],
        **life_of(actor, page, report, today=today),
        **package_of(request, page),
    }


def _path_lines(report: Report, unit: str) -> tuple[dict[str, str], ...]:
    """Return each way through in words; the ones with the least slack first, twenty at most."""
    ordered = sorted(report.paths, key=lambda path: -path.hours)[:20]
    return tuple(
        {
            "numbers": path.numbers,
            "hours": hours_text(path.hours, unit=unit),
            "slack": "" if path.slack is None else _slack(path.slack, unit),
        }
        for path in ordered
    )


def _slack(slack: Decimal, unit: str) -> str:
    verb = "dư" if slack >= 0 else "vượt"
    return f"{verb} {hours_text(abs(slack), unit=unit)}"


def rows_of(
    table: Table,
    words: Mapping[str, str],
    failing: set[str] | frozenset[str],
    carried: Mapping[str, Carried] | None = None,
    called: Mapping[str, CalledVersion] | None = None,
) -> tuple[RowCells, ...]:
    """Return the rows of a table for the template."""
    said = carried_lines(carried or {})
    labels = labels_of(carried or {})
    last = len(table.steps)
    met, headings, waiting = meetings(table), group_headings(table, labels), together(table)
    threads = threads_said(table, labels)
    rows = []
    for number, step in enumerate(table.steps, start=1):
        amount, unit = limit_cells(step)
        rows.append(
            RowCells(
                step=step,
                number=table.label(step.id),
                amount=amount,
                unit=unit,
                unit_words=UNIT_CELLS[unit],
                time_words=_time_words(step),
                role_words=words.get(step.role, step.role.removeprefix(OUTSIDE)),
                forms="\n".join(step.forms),
                branches=tuple(
                    BranchCell(
                        branch,
                        target_said(table, branch.target),
                        condition_words(branch.condition, labels),
                    )
                    for branch in step.branches
                ),
                after=after_said(table, step) if step.after else "",
                is_failing=step.id in failing,
                is_first=number == 1,
                is_last=number == last,
                is_grouped=bool(step.group),
                meeting=_meeting_words(table, met.get(step.id)),
                printed_role=step.fact("responsible"),
                printed_time=step.fact("time"),
                carried=said.get(step.id),
                asked=asked_said(step.instances),
                asked_way=way_of(step.instances),
                asked_enough=enough_of(step.instances),
                other=other_row(step, labels, called or {}),
                either=together_said(table, step.id, waiting),
                headings=headings.get(step.id, ()),
                events=tuple((one.id, event_said(table, one, labels)) for one in step.events),
                thread=threads.get(step.id, ""),
            )
        )
    return tuple(rows)


def _time_words(step: Step) -> str:
    if step.untimed:
        return "không tính"
    if step.limit is None:
        return time_cell(step)
    if step.fact("ask") == "unit":
        return f"{amount_text(step.limit.amount)} ngày (?)"
    return limit_text(step.limit.amount, step.limit.unit)


def _meeting_words(table: Table, meeting: Meeting | None) -> str:
    """Return what a gateway after a step does, in words."""
    if meeting is None:
        return ""
    steps = [target_said(table, one) for one in meeting.steps]
    said = " và ".join([", ".join(steps[:-1]), steps[-1]]) if len(steps) > 1 else "".join(steps)
    if meeting.kind == "parallel":
        return f"rồi làm song song {said}"
    if meeting.kind == GATEWAY:
        return f"rồi chờ {said.replace(' và ', ' hoặc ')}: việc nào đến trước thì đi"
    if meeting.kind == "inclusive":
        return f"rồi đi một hoặc nhiều nhánh: {said}"
    return f"chờ đủ các nhánh rồi đến {said}"


def _findings(report: Report) -> dict[str, Any]:
    """Return the findings to show; of many unknown responsibilities only the first few."""
    unmapped = [one for one in report.findings if one.fix == "map"]
    hidden = {id(one) for one in unmapped[FEW:]}
    lines = tuple(
        FindingLine(one, f"#{one.steps[0]}" if one.steps else "")
        for one in report.findings
        if id(one) not in hidden
    )
    return {"findings": lines, "more_unmapped": len(hidden)}


def meter_of(page: ProcedurePage, report: Report) -> Meter:
    """Return the ruler of total time against the limit."""
    unit = page.draft.limit_unit
    limit_words = limit_text(page.draft.limit_amount, unit)
    total_words = "" if report.total is None else hours_text(report.total, unit=unit)
    reach = max((report.total or 0, report.limit or 0)) or 1
    folds = tuple(
        (float(fold.hours), 0, "late" if fold.is_over else "done") for fold in report.folds
    )
    used = min(100, round(100 * float((report.total or 0) / reach)))
    at = min(100, 5 * round(20 * float((report.limit or 0) / reach)))
    verdict, is_over = _verdict(report, unit)
    return Meter(
        folds, used, at, total_words, limit_words, verdict, is_over, report.slack is not None
    )


def _verdict(report: Report, unit: str) -> tuple[str, bool]:
    if report.total is None:
        return "Chưa cộng được: còn bước chưa rõ thời gian", False
    if report.slack is None:
        return "Chưa có thời hạn của thủ tục để so", False
    if report.slack < 0:
        return f"Vượt thời hạn {hours_text(-report.slack, unit=unit)}", True
    if report.slack == 0:
        return "Vừa đủ thời hạn", False
    return f"Trong thời hạn, dư {hours_text(report.slack, unit=unit)}", False


def diagram_of(
    page: ProcedurePage, words: Mapping[str, str], report: Report, *, lanes: bool = False
) -> SafeString:
    """Return the diagram as SVG, the failing path marked; in one column, or a lane per role."""
    process = drawn_process(page.draft, words)
    marks = {
        flow.id: "err"
        for flow in process.flows
        if {flow.source, flow.target} <= report.failing
        and not (flow.supplement or flow.bound is not None)
    }
    marks |= {
        step: "err" for one in report.errors if one.code not in UNMARKED for step in one.steps
    }
    drawn = render_svg(
        process,
        marks=marks,
        labels=words,
        lanes=lanes,
        moved=page.draft.places if lanes else None,
        rows=node_rows(page.draft.table),
    )
    return mark_safe(drawn)  # noqa: S308


def life_of(actor: Actor, page: ProcedurePage, report: Report, *, today: date) -> dict[str, Any]:
    """Return which steps of the revision's life this person sees, and why one is blocked."""
    revision, agency_id = page.revision, actor.agency_id
    exceptions = documents.exceptions_of(agency_id)
    context: dict[str, Any] = {"exceptions": exceptions, "blocked": ""}
    if report.errors:
        context["blocked"] = services.refusal_sentence(report, verb=_VERBS.get(revision.state, ""))
    if revision.state == life.DRAFT and may(actor, "procedure.draft"):
        people = queries.people_who_may(
            agency_id=agency_id,
            permission="procedure.check",
            today=today,
            without=_left_out(
                revision.author_ids | {actor.person_id}, life.AUTHOR_CHECKER, exceptions
            ),
        )
        context["submit_form"] = PersonChoiceForm(label="Người kiểm tra", people=people)
        context["drop_form"] = ReasonForm(auto_id="bo_%s")
    if revision.state == life.SUBMITTED and may(actor, "procedure.check"):
        standing = _standing(page, exceptions)
        context["confirm_refused"] = _said(
            life.decide_check(standing, actor_id=actor.person_id, content_hash=page.content_hash)
        )
        people = queries.people_who_may(
            agency_id=agency_id,
            permission="procedure.approve",
            today=today,
            without=_left_out(revision.author_ids, life.AUTHOR_APPROVER, exceptions)
            | _left_out({actor.person_id}, life.CHECKER_APPROVER, exceptions),
        )
        context["confirm_form"] = PersonChoiceForm(label="Người phê duyệt", people=people)
        context["return_form"] = ReasonForm(auto_id="tra_%s")
    if revision.state == life.CHECKED and may(actor, "procedure.approve"):
        context["publish_refused"] = _said(
            life.decide_approve(
                _standing(page, exceptions),
                actor_id=actor.person_id,
                content_hash=page.content_hash,
            )
        )
        context["publish_form"] = PublishForm(initial={"effective_from": today})
        context["return_form"] = ReasonForm(auto_id="tra_%s")
    if not life.decide_recall(_standing(page, exceptions), actor_id=actor.person_id):
        return context
    if may(actor, "procedure.draft"):
        context["recall_form"] = ReasonForm(auto_id="rut_%s")
        context.pop("return_form", None)
    return context


_VERBS = {life.DRAFT: "gửi kiểm tra", life.SUBMITTED: "kiểm tra xong", life.CHECKED: "ban hành"}


def _left_out(people: set[int] | frozenset[int], pair: str, exceptions: Mapping) -> frozenset[int]:
    return frozenset() if pair in exceptions else frozenset(people)


def _standing(page: ProcedurePage, exceptions: Mapping[str, str]) -> life.Standing:
    return life.Standing(
        state=page.revision.state,
        content_hash=page.revision.content_hash,
        author_ids=page.revision.author_ids,
        checker_id=page.revision.checked_by,
        exceptions=frozenset(exceptions),
    )


def _said(decision: Any) -> str:
    return "" if decision else decision.message

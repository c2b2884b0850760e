"""The way on which a procedure fails, walked step by step on its diagram."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from nep.apps.procedures import queries
from nep.apps.procedures.queries import ProcedurePage
from nep.apps.procedures.rules.diagram import drawn_process
from nep.apps.procedures.rules.table import Table, node_rows
from nep.apps.procedures.rules.wording import HOURS_PER_DAY
from nep.bpmn import Node, Process, Reason, prove_soundness, prove_time, render_svg
from nep.bpmn.drawing import path_marks
from nep.foundation.web import pages

_GATES = {
    "start": "Bắt đầu", "end": "Kết thúc", "terminate": "Chấm dứt", "error_end": "Kết thúc có lỗi",
    "exclusive": "Rẽ nhánh", "parallel": "Làm song song, chờ đủ", "inclusive": "Các nhánh cần làm",
    "event_gateway": "Chờ việc nào đến trước",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passed:
    """One place on the way: its number in the table ("" for others) and its words."""

    number: str
    words: str
    href: str
    is_here: bool


def failing_path(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show the way to a failure of the proof, one place after the other."""
    agency_id = request.actor.agency_id  # type: ignore[attr-defined]
    page = queries.procedure_page(revision_id=revision_id, agency_id=agency_id)
    trails = _trails(page)
    context = {"page": page, "revision": page.revision, "trails": [r.message for r in trails]}
    if trails:
        context |= _walked(request, page, trails)
    part = "#board" if getattr(request, "htmx", False) else ""
    return pages.render(request, f"procedures/failing.html{part}", context)


def _trails(page: ProcedurePage) -> list[Reason]:
    """Return what the proofs refuse with a way to it."""
    process = page.draft.process
    proof = prove_soundness(process)
    time = prove_time(process, limit=page.draft.limit, hours_per_day=HOURS_PER_DAY)
    return [one for one in (*proof.reasons, *time.reasons) if len(one.path) > 1]


def _walked(request: HttpRequest, page: ProcedurePage, trails: list[Reason]) -> dict[str, object]:
    which = min(_number(request, "loi"), len(trails) - 1)
    reason, process = trails[which], page.draft.process
    last = len(reason.path) - 1
    at = min(_number(request, "o"), last)

    def address(place: int) -> str:
        return f"?loi={which}&o={place}"

    nodes = {node.id: node for node in process.nodes}
    words = queries.role_texts(
        agency_id=page.revision.agency_id, keys=[step.role for step in page.draft.table.steps]
    )
    return {
        "which": which,
        "reason": reason.message,
        "places": [
            Passed(*_said(page.draft.table, nodes.get(name), name), address(place), place == at)
            for place, name in enumerate(reason.path)
        ],
        "at": at + 1,
        "total": last + 1,
        "back": address(at - 1) if at else "",
        "next": address(at + 1) if at < last else "",
        "is_over": at == last,
        "diagram": mark_safe(  # noqa: S308
            _drawn(
                page,
                drawn_process(page.draft, words),
                reason.path[: at + 1],
                at == last,
                words,
            )
        ),
    }


def _drawn(
    page: ProcedurePage,
    process: Process,
    path: tuple[str, ...],
    is_over: bool,
    words: dict[str, str],
) -> str:
    marks = path_marks(process, path)
    marks[path[-1]] = "bp-err" if is_over else "bp-path bp-now"
    return render_svg(
        process,
        marks=marks,
        labels=words,
        moved=page.draft.places,
        rows=node_rows(page.draft.table),
    )


def _said(table: Table, node: Node | None, name: str) -> tuple[str, str]:
    step = table.step(name)
    if step is not None:
        return table.label(name), step.name
    if node is None:
        return "", name
    return "", node.name or _GATES.get(node.kind, node.id)


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0

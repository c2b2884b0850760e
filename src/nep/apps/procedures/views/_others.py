"""Rows that nobody here does: what the table says of them, and the dialog that adds and changes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.organization.queries import who
from nep.apps.procedures import queries
from nep.apps.procedures.queries import ProcedurePage
from nep.apps.procedures.rules.carried import DATE
from nep.apps.procedures.rules.condition_words import Labels, labels_of
from nep.apps.procedures.rules.differences import time_said
from nep.apps.procedures.rules.edits import DONE, HOWS, MOST_WAITED
from nep.apps.procedures.rules.events import HOSTS, effects_of
from nep.apps.procedures.rules.other_rows import (
    FOR,
    KIND_NAMES,
    hashes_called,
    row_said,
    waits_of,
    way_of,
)
from nep.apps.procedures.rules.report import CalledVersion
from nep.apps.procedures.rules.table import CALL, GROUP, SENDS, WAITS, Step, Table
from nep.apps.procedures.rules.wording import UNIT_NAMES
from nep.foundation.web import pages
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import date_text, parse_date

ICONS = {CALL: "link-2", **dict.fromkeys(WAITS, "hourglass"), **dict.fromkeys(SENDS, "send")}


@dataclass(frozen=True, slots=True)
class OtherRow:
    """What a row says that nobody does; `has_own_time` where its time is typed in its cell."""

    kind: str
    name: str
    icon: str
    said: str
    has_own_time: bool
    called: CalledVersion | None
    way: str = ""
    amount: str = ""
    unit: str = ""
    value: str = ""
    day: str = ""


def called_in(page: ProcedurePage) -> dict[str, CalledVersion]:
    """Return the versions that rows of a revision run, by content hash; no query without any."""
    hashes = hashes_called(page.draft.table)
    return queries.called_versions(agency_id=page.revision.agency_id, hashes=hashes)


def other_row(step: Step, labels: Labels, called: Mapping[str, CalledVersion]) -> OtherRow | None:
    """Return what a row shows that nobody does, None for a step."""
    if step.is_task:
        return None
    trigger, lasts = step.trigger, waits_of(step)
    kind = "call" if step.kind == CALL else "send" if step.kind in SENDS else "wait"
    return OtherRow(
        kind=kind,
        name=KIND_NAMES[step.kind],
        icon=ICONS[step.kind],
        said=row_said(step, labels),
        has_own_time=kind != "send" and not lasts,
        called=called.get(step.called.version) if step.called is not None else None,
        way=way_of(step),
        amount=f"{lasts[0].amount.normalize():f}" if len(lasts) == 1 else "",
        unit=lasts[0].unit if len(lasts) == 1 else "",
        value=(trigger.name or trigger.value) if trigger is not None else "",
        day=date_text(day) if trigger and (day := parse_date(trigger.value)) else "",
    )


def time_cell(step: Step) -> str:
    """Return the time of a row in words."""
    return time_said(step)


def row_choices(request: HttpRequest, page: ProcedurePage) -> dict[str, Any]:
    """Return what a row may run or wait for: procedures in force, fields that hold a day, units.

    A procedure without an applicant runs none that needs one.
    """
    versions = queries.procedures_in_force(who(request).agency_id)
    days = [one for one in labels_of(page.draft.carried).values() if one.kind == DATE]
    return {
        "callable": [
            (one.revision_id, f"{one.code} {one.title} ({one.number})")
            for one in versions
            if one.procedure_id != page.procedure_id
            and (one.is_internal or not page.tthc.is_internal)
        ],
        "day_fields": [(one.name, one.label) for one in days],
        "wait_units": UNIT_NAMES.items(),
        "most_waited": MOST_WAITED,
        "way_for": FOR,
    }


def event_choices(step: Step) -> dict[str, Any]:
    """Return what the dialog of a row or group offers to end or accompany it; nothing for what passes at once."""
    return {
        "may_be_ended": step.kind in HOSTS,
        "event_effects": effects_of(step).items(),
        "event_units": UNIT_NAMES.items(),
    }


def end_choices(step: Step, events: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return which ways out of a row or group may end the process, and how they may."""
    return {
        "end_ways": [
            (DONE, _("Xong cả nhóm") if step.kind == GROUP else _("Xong bước này")),
            *((one.id, _("Nhánh “%(name)s”") % {"name": one.name}) for one in step.branches),
            *events,
        ],
        "end_hows": [(key, said.capitalize()) for key, said in HOWS.items()],
    }


def row_new(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show the dialog that adds a row nobody does: a procedure run, a wait, a message sent."""
    after = request.GET.get("sau", "")
    if not getattr(request, "htmx", False):
        address = reverse("procedures:revision", args=[revision_id])
        return redirect(f"{address}?them={after or '1'}#them")
    page = queries.procedure_page(revision_id=revision_id, agency_id=who(request).agency_id)
    context = {"page": page, "revision": page.revision, **new_dialog(request, page, after)}
    return pages.render(request, "procedures/revision.html#other_new", context)


def new_dialog(request: HttpRequest, page: ProcedurePage, after: str) -> dict[str, Any]:
    """Return what the dialog of a new row needs; `after` is the row it shall follow, else the last.

    Raises NotFound for a revision that is no draft.
    """
    if page.revision.state != "draft":
        raise NotFound("not_a_draft", "Chỉ bản thảo mới thêm được bước.")
    table = page.draft.table
    chosen = after if table.step(after) else table.steps[-1].id if table.steps else ""
    return {
        "adding": True,
        "add_after": chosen,
        "add_places": list(_places(table, table.steps)),
        "is_htmx": bool(getattr(request, "htmx", False)),
        **row_choices(request, page),
    }


def _places(table: Table, steps: Iterable[Step]) -> Iterable[tuple[str, str]]:
    for step in steps:
        yield step.id, f"Bước {table.label(step.id)}: {step.name[:60]}"

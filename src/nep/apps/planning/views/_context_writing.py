"""Writing context, interested parties, scope and policy: one part, or all that are missing."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.documents.queries import people_who_may
from nep.apps.organization.queries import who
from nep.apps.planning import queries, services
from nep.apps.planning.forms import STATEMENT_FORMS, PeopleForm, StatementForm
from nep.apps.planning.rules import context as rules
from nep.apps.standards import queries as standards
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, today_of, when
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound


@once
def statement_write(request: HttpRequest, part: str) -> HttpResponse:
    """Write the edition of a part on its way; keep it, or keep and submit it."""
    if part not in rules.PART_NAMES:
        raise NotFound()
    agency_id = who(request).agency_id
    open_line, content = queries.open_statement(agency_id=agency_id, part=part)
    if open_line is not None and open_line.state != rules.DRAFT:
        return redirect("planning:statement", open_line.id)
    is_offered = content is None
    starter = content or queries.starter_content(agency_id=agency_id, part=part)
    form = _form(request, part, starter, open_line.version if open_line else 0)
    people = people_form(request) if part == rules.POLICY else None
    made: list[int] = []

    @transaction.atomic
    def act() -> None:
        made.append(_keep(request, form, people))

    asks = people is not None and request.POST.get("submit")
    if request.method == "POST" and (not asks or people.is_valid()) and did(form, act):  # type: ignore[union-attr]
        if request.POST.get("submit"):  # on to the next part
            return done(request, _("Đã trình phê duyệt."), "planning:context")
        return done(request, _("Đã lưu."), "planning:statement", made[0])
    context = {
        "form": form, "people": people, "part": part, "name": rules.PART_NAMES[part],
        "clause": rules.PART_CLAUSES[part], "is_offered": is_offered, "open": open_line,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return pages.render(request, "planning/statement_write.html", context, status=status)


@once
def statements_write(request: HttpRequest) -> HttpResponse:
    """Write every part that is neither in force nor before the head, on one page."""
    agency_id = who(request).agency_id
    found, people = [], None
    for part in queries.context_home(actor=who(request)).unwritten:
        open_line, content = queries.open_statement(agency_id=agency_id, part=part)
        said = content or queries.starter_content(agency_id=agency_id, part=part)
        version = open_line.version if open_line else 0
        found.append(_form(request, part, said, version, prefix=part))
        people = people_form(request) if part == rules.POLICY else people
    if not found:
        return redirect("planning:context")
    if request.method == "POST" and _kept_all(request, found, people):
        told = _("Đã trình phê duyệt.") if request.POST.get("submit") else _("Đã lưu.")
        return done(request, told, "planning:context")
    context = {
        "forms": [(one, rules.PART_NAMES[one.part], rules.PART_CLAUSES[one.part]) for one in found],
        "people": people,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return pages.render(request, "planning/statements_write.html", context, status=status)


def _kept_all(request: HttpRequest, found: list[StatementForm], people: PeopleForm | None) -> bool:
    """Keep every part or none; each refusal is told at its part."""
    asks = people is not None and bool(request.POST.get("submit"))
    valid = [one.is_valid() for one in found]
    if not all(valid) or (asks and not people.is_valid()):  # type: ignore[union-attr]
        return False
    with transaction.atomic():
        kept = all(did(one, _keeper(request, one, people)) for one in found)
        if not kept:
            transaction.set_rollback(True)
    return kept


def _keeper(
    request: HttpRequest, form: StatementForm, people: PeopleForm | None
) -> Callable[[], Any]:
    return lambda: _keep(request, form, people if form.part == rules.POLICY else None)


def _keep(request: HttpRequest, form: StatementForm, people: PeopleForm | None) -> int:
    """Keep what a form says; submit it where that was pressed. Return the edition's id."""
    made = services.statement_save(
        actor=who(request), part=form.part, content=form.content(), now=when(request),
        version=form.cleaned_data["version"],
    )  # fmt: skip
    if request.POST.get("submit"):
        chosen = people.cleaned_data if people is not None else {}
        services.statement_submit(
            actor=who(request), statement_id=made, now=when(request), **chosen
        )
    return made


def _form(
    request: HttpRequest, part: str, said: rules.Content, version: int, *, prefix: str = ""
) -> StatementForm:
    make = STATEMENT_FORMS[part]
    more: dict[str, Any] = {"prefix": prefix} if prefix else {}
    if part == rules.SCOPE:
        edition = standards.edition_of(who(request).agency_id).in_force
        more["clauses"] = [
            (one.number, f"{one.number} {one.full_vi}")
            for one in standards.clauses(edition)
            if "." in one.number
        ]
    start = {**make.start(said), "version": version}
    return make(request.POST or None, initial=start, **more)


def people_form(request: HttpRequest) -> PeopleForm:
    """Return the form that asks who checks and approves, the first of each chosen already."""
    own: dict[str, Any] = {"agency_id": who(request).agency_id, "today": today_of(request)}
    own["without"] = [who(request).person_id]
    checkers = people_who_may(permission="document.check", **own)
    approvers = people_who_may(permission="document.approve", **own)
    heads = {person_id for person_id, _name in approvers}
    checkers = tuple(one for one in checkers if one[0] not in heads) or checkers
    start = {"checker_id": checkers[0][0] if checkers else None,
             "approver_id": approvers[0][0] if approvers else None}  # fmt: skip
    sent = request.POST if request.POST.get("submit") else None
    return PeopleForm(sent, checkers=checkers, approvers=approvers, initial=start)

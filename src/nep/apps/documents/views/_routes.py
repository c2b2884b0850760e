"""Routes of approval: of one draft, and the usual one of each kind."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import RouteForm
from nep.apps.organization.queries import who
from nep.foundation.web import pages
from nep.foundation.web.acting import done, today_of, when
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound, Refusal

KINDS = tuple(kind for kind in rules.KIND_NAMES if kind != rules.PROCEDURE)


def _people(request: HttpRequest) -> tuple[tuple[int, str], ...]:
    return queries.people_who_may(
        agency_id=who(request).agency_id, permission="document.see", today=today_of(request)
    )


@once
def life_route(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Give a draft its own route."""
    found = queries.life(actor=who(request), revision_id=revision_id)
    document_id = found.revision.document_id
    if "route" not in found.acts:
        return redirect("documents:page", document_id)
    template = queries.route_template(agency_id=who(request).agency_id, kind=found.revision.kind)
    own = tuple(
        rules.Step(
            one.part,
            one.needs,
            tuple(person.person_id for person in one.people),
            None if one.days else one.due_on,
        )
        for one in found.lines
    )
    form = RouteForm(request.POST or None, people=_people(request), steps=own or template)
    if request.method == "POST" and form.is_valid():
        try:
            services.route_lay(
                actor=who(request), revision_id=revision_id, steps=form.steps(), now=when(request)
            )
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form.errors.append(refusal.message)
        else:
            return done(request, _("Đã lưu tuyến duyệt."), "documents:page", document_id)
    context = {"form": form, "life": found, "revision": found.revision}
    status = 422 if request.method == "POST" else 200
    return pages.render(request, "documents/life_route.html", context, status=status)


def route_templates(request: HttpRequest) -> HttpResponse:
    """List the usual route of every kind."""
    known = queries.route_templates(who(request).agency_id)
    names = dict(_people(request))
    lines = [
        (
            kind,
            rules.KIND_NAMES[kind],
            [
                (
                    rules.PART_NAMES[step.part],
                    ", ".join(names.get(id_, _("(đã thôi việc)")) for id_ in step.person_ids),
                    step.days,
                )
                for step in known.get(kind, ((), 0))[0]
            ],
        )
        for kind in KINDS
    ]
    return pages.render(request, "documents/route_templates.html", {"lines": lines})


@once
def route_template(request: HttpRequest, kind: str) -> HttpResponse:
    """Set the usual route of one kind."""
    if kind not in KINDS:
        raise NotFound()
    steps, version = queries.route_templates(who(request).agency_id).get(kind, ((), 0))
    form = RouteForm(request.POST or None, people=_people(request), steps=steps, is_template=True)
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("version", "")
        try:
            services.route_template_save(
                actor=who(request), kind=kind, steps=form.steps(), now=when(request),
                expected_version=int(seen) if seen.isdecimal() and len(seen) < 10 else -1,
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form.errors.append(refusal.message)
        else:
            return done(request, _("Đã lưu tuyến duyệt."), "documents:route_templates")
    context = {
        "form": form, "kind": kind, "kind_name": rules.KIND_NAMES[kind], "version": version,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return pages.render(request, "documents/route_template.html", context, status=status)

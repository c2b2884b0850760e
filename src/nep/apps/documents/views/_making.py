"""Pages that make and change documents: new, data, file of the draft, code masks."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import DocumentEditForm, DocumentForm, DraftFileForm, MaskForm
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.standards import queries as standards
from nep.apps.standards.rules import read_clause
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal


def _units(request: HttpRequest) -> list[tuple[int, str]]:
    return [(unit.id, unit.name) for unit in organization.units_of(who(request).agency_id)]


def _facts(request: HttpRequest, form: Form, *, kind: str) -> rules.DocumentFacts:
    """Return what a form states. Raises Refusal at the field that cannot be read."""
    found = form.cleaned_data
    parent_id = None
    if found["parent"].strip():
        parent_id = queries.document_id_by_code(actor=who(request), code=found["parent"])
        if parent_id is None:
            raise Refusal(
                "parent_unknown",
                _("Không thấy tài liệu mang mã hiệu %(code)s.") % {"code": found["parent"]},
                field="parent",
            )
    return rules.DocumentFacts(
        kind=kind,
        title=found["title"],
        code=found["code"],
        parent_id=parent_id,
        owner_unit_id=found["owner_unit"],
        level=found["level"],
        tags=rules.read_tags(found["tags"]),
        clauses=rules.read_clauses(found["clauses"]),
    )


def _clause_choices(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the clauses of the edition that the agency goes by, as the form writes them."""
    edition = standards.edition_of(who(request).agency_id).in_force
    return [
        (f"ISO 9001:{edition}: {one.number}", one.full_vi) for one in standards.clauses(edition)
    ]


def _clause_asked(request: HttpRequest) -> str:
    """Return the line of the clause that the address names, as the matrix does ("2015:7.1.3")."""
    edition, number = read_clause(request.GET.get("dieu", ""))
    known = standards.clause(edition, number)
    return f"ISO 9001:{edition}: {number}" if known else ""


@once
def document_new(request: HttpRequest) -> HttpResponse:
    """Make a document with its data and its first file."""
    actor, now = who(request), when(request)
    kind = request.GET.get("loai", "")
    initial = {
        "kind": kind if kind in rules.KIND_NAMES else rules.SYSTEM_PROCEDURE,
        "parent": request.GET.get("kem", "")[:60],
        "owner_unit": next(iter(sorted(actor.unit_ids)), None),
        "clauses": _clause_asked(request),
    }
    form = DocumentForm(
        request.POST or None, request.FILES or None, initial=initial, units=_units(request)
    )
    made: list[tuple[int, int]] = []

    def act() -> None:
        found = form.cleaned_data
        given = found["file"]
        made.append(
            services.document_add(
                actor=actor,
                facts=_facts(request, form, kind=found["kind"]),
                file=(given.name, given.read()) if given else None,
                issue=found["issue"],
                amendment=found["amendment"],
                now=now,
            )
        )

    if request.method == "POST" and did(form, act):
        code = queries.code_by_id(agency_id=actor.agency_id, document_id=made[0][0])
        text = _("Đã mở bản thảo %(code)s.") % {"code": code}
        return done(request, text, "documents:page", made[0][0])
    shown_kind = form["kind"].value() or rules.SYSTEM_PROCEDURE
    context = {
        "form": form,
        "clause_choices": _clause_choices(request),
        **_proposal(request, shown_kind, form["parent"].value() or ""),
    }
    return pages.render(request, "documents/new.html", context, status=status_of(form))


def code_proposal(request: HttpRequest) -> HttpResponse:
    """Say which code the next document of a kind would get."""
    found = _proposal(request, request.GET.get("kind", ""), request.GET.get("parent", "")[:60])
    return pages.render(request, "documents/new.html#proposal", found)


def _proposal(request: HttpRequest, kind: str, parent_code: str) -> dict[str, Any]:
    actor = who(request)
    if kind not in rules.KIND_NAMES:
        return {"proposal": ""}
    parent_id = (
        queries.document_id_by_code(actor=actor, code=parent_code) if parent_code.strip() else None
    )
    proposal = queries.code_proposal(
        agency_id=actor.agency_id, agency_code=actor.agency_code, kind=kind,
        parent_id=parent_id, on=today_of(request),
    )  # fmt: skip
    return {"proposal": proposal}


@once
def document_edit(request: HttpRequest, document_id: int) -> HttpResponse:
    """Change what is said about a document."""
    actor, now = who(request), when(request)
    page = queries.document_page(actor=actor, document_id=document_id)
    require(may(actor, "document.draft") or may(actor, "document.manage"))
    initial = {
        "title": page.title,
        "code": page.code,
        "parent": page.parent_code,
        "owner_unit": page.owner_unit_id,
        "level": page.level,
        "clauses": rules.clauses_text(page.clauses),
        "tags": ", ".join(page.tags),
        "version": page.version,
    }
    form = DocumentEditForm(request.POST or None, initial=initial, units=_units(request))
    is_named = page.status != "new" or page.kind == rules.PROCEDURE
    if is_named:
        for name in ("title", "code"):
            form.fields[name].disabled = True

    def act() -> None:
        services.document_change(
            actor=actor,
            document_id=document_id,
            facts=_facts(request, form, kind=page.kind),
            version=form.cleaned_data["version"],
            now=now,
        )

    if request.method == "POST" and did(form, act):
        text = _("Đã lưu thông tin của %(code)s.") % {"code": page.code}
        return done(request, text, "documents:page", document_id)
    context = {"form": form, "page": page, "is_named": is_named, "file_form": _file_form(page),
               "clause_choices": _clause_choices(request)}  # fmt: skip
    return pages.render(request, "documents/edit.html", context, status=status_of(form))


def _file_form(page: queries.DocumentPage) -> DraftFileForm | None:
    if page.kind == rules.PROCEDURE or page.open is None or page.open.state != rules.DRAFT:
        return None
    return DraftFileForm(initial={"version": page.open.version})


@require_POST
@once
def draft_file(request: HttpRequest, document_id: int) -> HttpResponse:
    """Give the draft of a document its file."""
    actor = who(request)
    page = queries.document_page(actor=actor, document_id=document_id)
    form = DraftFileForm(request.POST, request.FILES)
    opened = page.open
    if opened is None:
        raise Refusal("no_draft", _("Tài liệu này không có bản thảo để thay tệp."))

    def act() -> None:
        given = form.cleaned_data["file"]
        services.revision_file_replace(
            actor=actor, revision_id=opened.id, file=(given.name, given.read()),
            version=form.cleaned_data["version"], now=when(request),
        )  # fmt: skip

    if did(form, act):
        return done(request, _("Đã thay tệp của bản thảo."), "documents:page", document_id)
    data = DocumentEditForm(
        initial={"title": page.title, "code": page.code, "version": page.version},
        units=_units(request),
    )
    context = {"form": data, "page": page, "is_named": True, "file_form": form, "only_file": True}
    return pages.render(request, "documents/edit.html", context, status=422)


@once
def code_masks(request: HttpRequest) -> HttpResponse:
    """Show and set how the agency writes the codes of each kind."""
    actor = who(request)
    refused: MaskForm | None = None
    if request.method == "POST":
        form = MaskForm(request.POST)
        if form.is_valid():
            try:
                services.code_mask_save(actor=actor, now=when(request), **form.cleaned_data)
                return done(request, _("Đã lưu mẫu mã."), "documents:masks")
            except Refusal as refusal:
                if refusal.status != Refusal.status:
                    raise
                form_refused(form, refusal)
        refused = form
    lines = queries.mask_lines(
        agency_id=actor.agency_id, agency_code=actor.agency_code, on=today_of(request)
    )
    context = {
        "lines": lines,
        "refused": refused,
        "refused_kind": refused["kind"].value() if refused else "",
        "refused_errors": [text for found in refused.errors.values() for text in found]
        if refused
        else (),
        "library_url": reverse("documents:library"),
    }
    return pages.render(request, "documents/masks.html", context, status=422 if refused else 200)

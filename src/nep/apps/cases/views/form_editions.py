"""Pages of the forms of the law: which edition holds, how it prints, a new one from when."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.cases.forms.editions import (
    BlockFormSet,
    EditionForm,
    NewEditionForm,
    VersionForm,
    WithdrawForm,
    block_start,
    table_name,
    typed_blocks,
)
from nep.apps.cases.queries import form_editions as queries
from nep.apps.cases.rules.form_editions import block_text, compare
from nep.apps.cases.rules.form_fields import COLUMNS, TABLES, fields_of
from nep.apps.cases.rules.form_layout import KIND_NAMES, SEEN
from nep.apps.cases.services import form_editions as services
from nep.apps.cases.services import papers
from nep.apps.cases.views.papers import as_answer, known
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.printing import paper_data
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.vietnamese import date_text, local


def forms_page(request: HttpRequest) -> HttpResponse:
    """Show the seven forms and their editions."""
    groups = queries.form_groups(actor=who(request), today=local(when(request)).date())
    lines = [line for group in groups for line in group.lines]
    context = {
        "groups": groups,
        "holding": sum(group.holding is not None for group in groups),
        "drafts": sum(line.state == "draft" for line in lines),
        "missing": [group for group in groups if group.holding is None],
    }
    return pages.render(request, "cases/forms.html", context)


def form_page(
    request: HttpRequest, edition_id: int, *, withdraw: WithdrawForm | None = None
) -> HttpResponse:
    """Show one edition: its parts with their marks, how it prints, what may be done with it."""
    page = _page(request, edition_id)
    sheet, asked, fault = _sheet(request, edition_id)
    start = {"version": page.line.version}
    context = {
        "page": page,
        "line": page.line,
        "parts": [
            (number, KIND_NAMES[one.kind], block_text(one), one.mark if one.mark != SEEN else "")
            for number, one in enumerate(page.layout.blocks, start=1)
        ],
        "paper": paper_data(sheet),
        "asked": asked,
        "fault": fault,
        "new_form": NewEditionForm(),
        "may_province": bool(may(who(request), "province.manage")),
        "version_form": VersionForm(initial=start),
        "withdraw_form": withdraw or WithdrawForm(initial=start),
    }
    status = 422 if withdraw is not None else 200
    return pages.render(request, "cases/form.html", context, status=status)


def form_preview(request: HttpRequest, edition_id: int, ending: str) -> HttpResponse:
    """Give a form as an edition prints it, of the case asked for or the made-up one."""
    sheet, _asked, _fault = _sheet(request, edition_id)
    page = _page(request, edition_id)
    kind = known(ending)
    name = f"mau-{page.line.form}-xem-truoc.{kind}"
    return as_answer(papers.PaperFile(papers.made(sheet, when(request), kind), name), ending)


def form_compare(request: HttpRequest, edition_id: int, other_edition_id: int) -> HttpResponse:
    """Show two editions of a form side by side, the older first."""
    new, old = _page(request, edition_id), _page(request, other_edition_id)
    if new.line.form != old.line.form:
        raise NotFound("not_found", _("Chỉ so sánh được hai bản của cùng một mẫu."))
    found = compare(old.layout, new.layout)
    context = {
        "old": old.line, "new": new.line, "same": [one for one in found if one.kind == "same"],
        "differing": (differing := [one for one in found if one.kind != "same"]),
        "changed": len(differing),
    }  # fmt: skip
    return pages.render(request, "cases/form_compare.html", context)


@require_POST
@once
def form_new(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Begin an edition as a copy of this one."""
    form = NewEditionForm(request.POST)
    province = form.is_valid() and form.cleaned_data["province"]
    made = services.form_draft(
        actor=who(request), now=when(request), like_id=edition_id, province=bool(province)
    )
    messages.success(request, _("Đã chép thành bản mới. Sửa xong thì đưa vào áp dụng."))
    return redirect("cases:form_edit", made)


@once
def form_edit(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Change a draft: its head, its parts and their order."""
    page = _page(request, edition_id)
    if not page.may_change:
        return redirect("cases:form", edition_id)
    start = [block_start(at, one) for at, one in enumerate(page.layout.blocks, start=1)]
    form = EditionForm(request.POST or None, initial=_head(page))
    rows = BlockFormSet(request.POST or None, initial=start, prefix="p")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            _change(request, page, form, rows)
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            return _kept(request, edition_id)
    number = page.line.form
    context = {
        "page": page, "line": page.line, "form": form, "rows": rows,
        "known": fields_of(number).items(), "table": table_name(number),
        "columns": COLUMNS[TABLES[number][0]].items() if TABLES[number] else (),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return pages.render(request, "cases/form_edit.html", context, status=status)


def _head(page: queries.EditionPage) -> dict[str, Any]:
    line, layout = page.line, page.layout
    return {
        "name": line.name, "legal_number": line.legal_number, "since": line.since,
        "until": line.until, "mark": line.mark, "title": layout.title, "number": layout.number,
        "subtitle": layout.subtitle, "issuer": layout.issuer, "landscape": layout.landscape,
        "version": line.version,
    }  # fmt: skip


def _change(request: HttpRequest, page: queries.EditionPage, form: EditionForm, rows: Any) -> None:
    typed = form.cleaned_data
    services.form_change(
        actor=who(request), now=when(request), edition_id=page.line.id, name=typed["name"],
        legal_number=typed["legal_number"], since=typed["since"], until=typed["until"],
        mark=typed["mark"], layout=form.layout(typed_blocks(rows, page.line.form)),
        expected_version=typed["version"],
    )  # fmt: skip


def _kept(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Say that a draft was kept, and what is still wrong with it."""
    faults = _page(request, edition_id).faults
    if faults:
        messages.warning(
            request,
            _("Đã lưu bản đang soạn; còn %(n)s chỗ chưa in được: %(first)s")
            % {"n": len(faults), "first": faults[0]},
        )
        return redirect("cases:form_edit", edition_id)
    messages.success(request, _("Đã lưu bản đang soạn. Xem thử rồi đưa vào áp dụng."))
    return redirect("cases:form", edition_id)


@require_POST
@once
def form_publish(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Bring a draft into force from its first day on."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise NotFound()
    try:
        services.form_publish(
            actor=who(request), now=when(request), edition_id=edition_id,
            expected_version=form.cleaned_data["version"],
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        messages.error(request, refusal.message)
    else:
        since = _page(request, edition_id).line.since
        messages.success(
            request,
            _("Mẫu áp dụng cho văn bản lập từ ngày %(day)s. Văn bản đã cấp giữ mẫu cũ.")
            % {"day": date_text(since)},
        )
    return redirect("cases:form", edition_id)


@require_POST
@once
def form_withdraw(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Withdraw an edition: no new paper by it."""
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return form_page(request, edition_id, withdraw=form)
    services.form_withdraw(
        actor=who(request), now=when(request), edition_id=edition_id,
        reason=form.cleaned_data["reason"], expected_version=form.cleaned_data["version"],
    )  # fmt: skip
    messages.success(request, _("Đã rút mẫu. Văn bản đã cấp theo mẫu này vẫn in lại như cũ."))
    return redirect("cases:form", edition_id)


@require_POST
@once
def form_drop(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Remove a draft."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise NotFound()
    services.form_drop(
        actor=who(request), now=when(request), edition_id=edition_id,
        expected_version=form.cleaned_data["version"],
    )  # fmt: skip
    messages.success(request, _("Đã bỏ bản đang soạn."))
    return redirect("cases:forms")


def _page(request: HttpRequest, edition_id: int) -> queries.EditionPage:
    return queries.edition_page(
        actor=who(request), edition_id=edition_id, today=local(when(request)).date()
    )


def _sheet(request: HttpRequest, edition_id: int) -> tuple[Any, str, str]:
    """Return (paper, code asked for, why it was not found): the made-up case where none is."""
    asked = request.GET.get("ho-so", "").strip()[:60]
    case_id, fault = None, ""
    if asked:
        case_id = queries.case_id_of(actor=who(request), code=asked)
        if case_id is None:
            fault = _("Không thấy hồ sơ này trong cơ quan; đang xem với hồ sơ ví dụ.")
    sheet = papers.edition_sheet(
        actor=who(request), edition_id=edition_id, now=when(request), case_id=case_id
    )
    return sheet, asked, fault

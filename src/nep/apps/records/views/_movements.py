"""Hand-overs to the archive and disposals."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.records import queries, services
from nep.apps.records.forms import (
    ApprovalForm,
    ExecutionForm,
    ProposalForm,
    ReasonForm,
    TransferForm,
)
from nep.apps.records.views._ground import chosen_ids, paper_ending
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import given
from nep.foundation.web.once import once

COLUMNS = (
    SheetColumn("TT", "number", 6),
    SheetColumn("Số, ký hiệu", width=20),
    SheetColumn("Tiêu đề hồ sơ", width=60),
    SheetColumn("Bắt đầu", "date", 12),
    SheetColumn("Kết thúc", "date", 12),
    SheetColumn("Thời hạn", width=14),
    SheetColumn("Số văn bản", "number", 10),
    SheetColumn("Số tờ", "number", 10),
    SheetColumn("Dạng", width=16),
    SheetColumn("Nơi để", width=24),
)


def movements(request: HttpRequest) -> HttpResponse:
    """Show what was handed over and destroyed, newest first, and what is ready."""
    actor = who(request)
    lines = queries.movements(actor=actor)
    context = {
        "lines": lines,
        "waiting": sum(line.waits for line in lines),
        "due": len(queries.due_files(actor=actor, today=today_of(request))),
        "ready": len(queries.ready_files(actor=actor)),
        "may_manage": bool(may(actor, "record.manage")),
    }
    return pages.render(request, "records/movements.html", context)


@once
def transfer_new(request: HttpRequest) -> HttpResponse:
    """Choose closed files and hand them over to the archive."""
    form = TransferForm(request.POST or None)
    chosen = chosen_ids(request)
    made: list[int] = []

    def act() -> None:
        made.append(
            services.transfer_make(
                actor=who(request), file_ids=chosen, now=when(request), **form.cleaned_data
            )
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã lập biên bản nộp lưu."), "records:transfer", made[0])
    context = {"form": form, "files": queries.ready_files(actor=who(request)), "chosen": chosen}
    return pages.render(request, "records/transfer_new.html", context, status=status_of(form))


def transfer(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Show one hand-over with its files."""
    return _transfer_page(request, transfer_id)


@once
def transfer_cancel(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Cancel minutes made by mistake; the files stand closed here again."""
    if request.method != "POST":
        return redirect("records:transfer", transfer_id)
    form = ReasonForm(request.POST)

    def act() -> None:
        services.transfer_cancel(
            actor=who(request), transfer_id=transfer_id, now=when(request), **form.cleaned_data
        )

    if did(form, act):
        told = _("Đã hủy biên bản. Các hồ sơ trở lại trạng thái đã kết thúc.")
        return done(request, told, "records:transfer", transfer_id)
    return _transfer_page(request, transfer_id, form)


def _transfer_page(
    request: HttpRequest, transfer_id: int, form: ReasonForm | None = None
) -> HttpResponse:
    actor = who(request)
    page = queries.transfer_page(actor=actor, transfer_id=transfer_id)
    may_cancel = page.cancelled_at is None and bool(may(actor, "record.manage"))
    context = {"page": page, "cancel_form": (form or ReasonForm()) if may_cancel else form}
    return pages.render(request, "records/transfer.html", context, status=status_of(form))


def transfer_paper(request: HttpRequest, transfer_id: int, ending: str) -> HttpResponse:
    """Give the minutes with the list of files as PDF, Word or Excel."""
    name = f"bien-ban-nop-luu-{transfer_id}"
    if ending != "xlsx":
        kind = paper_ending(ending)
        data = services.transfer_paper(actor=who(request), transfer_id=transfer_id, ending=kind)
        return given(data, name=name, ending=ending, inline=ending == "pdf")
    page = queries.transfer_page(actor=who(request), transfer_id=transfer_id)
    rows = [
        (place, one.code, one.title, one.opened_on, one.closed_on, one.retention, one.records,
         one.sheets, one.medium_name, one.location)
        for place, one in enumerate(page.files, start=1)
    ]  # fmt: skip
    return given(xlsx([("Mục lục hồ sơ", COLUMNS, rows)]), name=name, ending="xlsx")


@once
def disposal_new(request: HttpRequest) -> HttpResponse:
    """Choose files whose time is over and propose them for disposal."""
    form = ProposalForm(request.POST if request.method == "POST" else None)
    chosen = chosen_ids(request)
    made: list[int] = []

    def act() -> None:
        made.append(
            services.disposal_propose(
                actor=who(request), file_ids=chosen, now=when(request), **form.cleaned_data
            )
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã lập danh mục đề nghị tiêu hủy."), "records:disposal", made[0])
    files = queries.due_files(actor=who(request), today=today_of(request))
    context = {"form": form, "files": files, "chosen": chosen}
    return pages.render(request, "records/disposal_new.html", context, status=status_of(form))


def disposal(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Show one disposal and what may be done now."""
    return _page(request, disposal_id)


def _page(request: HttpRequest, disposal_id: int, **bound: Form) -> HttpResponse:
    actor = who(request)
    page = queries.disposal_page(actor=actor, disposal_id=disposal_id)
    decides = bool(may(actor, "record.approve"))
    context: dict[str, Any] = {
        "page": page,
        "held": [one for one in page.lines if one.is_held],
        "may_execute": page.state == "approved" and bool(may(actor, "record.manage")),
    }
    if decides and page.state == "proposed":
        context["approval_form"] = ApprovalForm(
            auto_id="q_%s", initial={"decision_on": today_of(request)}
        )
    if decides and page.state in {"proposed", "approved"}:
        context["reject_form"] = ReasonForm(auto_id="k_%s")
    if context["may_execute"]:
        context["execute_form"] = ExecutionForm(auto_id="t_%s")
    return pages.render(
        request, "records/disposal.html", {**context, **bound}, status=status_of(*bound.values())
    )


def _act(
    request: HttpRequest, disposal_id: int, name: str, form: Form, told: str, act: Callable[[], Any]
) -> HttpResponse:
    if request.method != "POST":
        return redirect("records:disposal", disposal_id)
    queries.disposal_page(actor=who(request), disposal_id=disposal_id)
    if did(form, act):
        return done(request, told, "records:disposal", disposal_id)
    return _page(request, disposal_id, **{name: form})


@once
def disposal_approve(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Approve a disposal under a decision."""
    form = ApprovalForm(request.POST or None, auto_id="q_%s")
    return _act(
        request, disposal_id, "approval_form", form, _("Đã ghi quyết định tiêu hủy."),
        lambda: services.disposal_approve(
            actor=who(request), disposal_id=disposal_id, now=when(request), **form.cleaned_data
        ),
    )  # fmt: skip


@once
def disposal_reject(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Refuse a disposal."""
    form = ReasonForm(request.POST or None, auto_id="k_%s")
    return _act(
        request, disposal_id, "reject_form", form, _("Hồ sơ được giữ lại, không tiêu hủy."),
        lambda: services.disposal_reject(
            actor=who(request), disposal_id=disposal_id, now=when(request), **form.cleaned_data
        ),
    )  # fmt: skip


@once
def disposal_execute(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Carry an approved disposal out."""
    form = ExecutionForm(request.POST or None, auto_id="t_%s")
    return _act(
        request, disposal_id, "execute_form", form, _("Đã tiêu hủy. Biên bản đã sẵn sàng để in."),
        lambda: services.disposal_execute(
            actor=who(request), disposal_id=disposal_id, now=when(request)
        ),
    )  # fmt: skip


def disposal_paper(request: HttpRequest, disposal_id: int, ending: str) -> HttpResponse:
    """Give the list or the minutes of a disposal as PDF or Word."""
    data = services.disposal_paper(
        actor=who(request), disposal_id=disposal_id, now=when(request),
        ending=paper_ending(ending),
    )  # fmt: skip
    return given(data, name=f"tieu-huy-{disposal_id}", ending=ending, inline=ending == "pdf")

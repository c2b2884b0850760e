"""The programme of a year: its page and what is done with it."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.audits import queries, services
from nep.apps.audits.forms import EmptyForm, LineForm, MonthForm, ProgrammeWordsForm, ReasonForm
from nep.apps.audits.rules import life
from nep.apps.audits.views._ground import ending_of
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import paper_answer
from nep.foundation.web.once import once
from nep.kernel.errors import Refusal
from nep.kernel.text import whole_number

COLUMNS = (
    SheetColumn("TT", "number", 6),
    SheetColumn("Đơn vị", width=32),
    SheetColumn("Điều khoản", width=40),
    SheetColumn("Tháng", width=12),
    SheetColumn("Mức", "number", 8),
    SheetColumn("Căn cứ", width=50),
    SheetColumn("Đã đánh giá", width=14),
)


def _year(request: HttpRequest) -> int:
    asked = whole_number(request.GET.get("nam", ""))
    return asked if 2000 <= asked <= 2100 else today_of(request).year


def programme(request: HttpRequest) -> HttpResponse:
    """Show the programme of a year: units by months, what is missing, what comes next."""
    return _page(request, _year(request))


def _page(request: HttpRequest, year: int, **bound: Any) -> HttpResponse:
    page = queries.programme_page(actor=who(request), year=year, today=today_of(request))
    edits = life.EDIT in page.may
    context: dict[str, Any] = {
        "page": page,
        "months": range(1, 13),
        "line_forms": _line_forms(page, bound.pop("line", None)) if edits else (),
        "left_forms": _left_forms(page) if edits else (),
        "titles": queries.clause_titles(),
    }
    if edits:
        context["words_form"] = ProgrammeWordsForm(
            auto_id="w_%s", initial={"aim": page.aim, "excuse": page.excuse}
        )
    for move, name in ((life.RETURN, "return_form"), (life.REVISE, "revise_form")):
        if move in page.may:
            context[name] = ReasonForm(auto_id=f"{name[0]}_%s")
    context.update(bound)
    shown = [one for one in bound.values() if isinstance(one, Form)]
    return pages.render(request, "audits/programme.html", context, status=status_of(*shown))


def _line_forms(page: queries.ProgrammePage, bound: tuple[int, Form] | None) -> list:
    return [
        (
            one,
            bound[1]
            if bound and bound[0] == one.unit_id
            else LineForm(
                auto_id=f"d{one.unit_id}_%s",
                initial={"months": one.months, "clauses": ", ".join(one.clauses)},
            ),
        )
        for one in page.lines
    ]


def _left_forms(page: queries.ProgrammePage) -> list:
    return [
        (unit_id, name, LineForm(auto_id=f"d{unit_id}_%s", initial={"clauses": "7.5"}))
        for unit_id, name in page.left_units
    ]


@once
def propose(request: HttpRequest) -> HttpResponse:
    """Propose the programme of a year."""
    year = whole_number(request.POST.get("year", "")) or _year(request)
    if request.method == "POST":
        services.programme_propose(actor=who(request), year=year, now=when(request))
        return _back(request, year, _("Đã đề xuất chương trình. Xem lại rồi trình phê duyệt."))
    return redirect("audits:programme")


def _back(request: HttpRequest, year: int, text: str) -> HttpResponse:
    answer = done(request, text, "audits:programme")
    answer["Location"] = f"{reverse('audits:programme')}?nam={year}"
    return answer


def _act(
    request: HttpRequest, programme_id: int, form: Form, told: str, act: Callable[[], Any],
    name: str = "refused",
) -> HttpResponse:  # fmt: skip
    if request.method != "POST":
        return redirect("audits:programme")
    year = queries.programme_year(actor=who(request), programme_id=programme_id)
    if did(form, act):
        return _back(request, year, told)
    return _page(request, year, **{name: form})


@once
def line_set(request: HttpRequest, programme_id: int, unit_id: int) -> HttpResponse:
    """Say when a unit is audited on what."""
    form = LineForm(request.POST or None, auto_id=f"d{unit_id}_%s")
    return _act(
        request, programme_id, form,
        _("Đã sửa dòng chương trình.") if request.POST.getlist("months")
        else _("Đã bỏ đơn vị khỏi chương trình."),
        lambda: services.programme_line_set(
            actor=who(request), programme_id=programme_id, unit_id=unit_id, now=when(request),
            months=form.cleaned_data["months"], clause_numbers=form.cleaned_data["clauses"],
        ),
    )  # fmt: skip


@once
def programme_words(request: HttpRequest, programme_id: int) -> HttpResponse:
    """Write aim and excuse."""
    form = ProgrammeWordsForm(request.POST or None, auto_id="w_%s")
    return _act(
        request, programme_id, form, _("Đã lưu."),
        lambda: services.programme_words(
            actor=who(request), programme_id=programme_id, now=when(request), **form.cleaned_data
        ),
        "words_form",
    )  # fmt: skip


def _move(
    request: HttpRequest, programme_id: int, told: str, act: Callable[..., Any]
) -> HttpResponse:
    form = EmptyForm(request.POST if request.method == "POST" else None)
    return _act(
        request, programme_id, form, told,
        lambda: act(actor=who(request), programme_id=programme_id, now=when(request)),
    )  # fmt: skip


@once
def programme_submit(request: HttpRequest, programme_id: int) -> HttpResponse:
    """Put the programme before the head."""
    return _move(request, programme_id, _("Đã trình lãnh đạo phê duyệt."),
                 services.programme_submit)  # fmt: skip


@once
def programme_approve(request: HttpRequest, programme_id: int) -> HttpResponse:
    """Approve the programme."""
    return _move(request, programme_id, _("Đã phê duyệt chương trình."),
                 services.programme_approve)  # fmt: skip


@once
def programme_finish(request: HttpRequest, programme_id: int) -> HttpResponse:
    """End the programme."""
    return _move(request, programme_id, _("Đã kết thúc chương trình năm."),
                 services.programme_finish)  # fmt: skip


@once
def programme_return(request: HttpRequest, programme_id: int) -> HttpResponse:
    """Give the programme back."""
    form = ReasonForm(request.POST or None, auto_id="r_%s")
    return _act(
        request, programme_id, form, _("Đã trả lại người lập."),
        lambda: services.programme_return(
            actor=who(request), programme_id=programme_id, now=when(request), **form.cleaned_data
        ),
        "return_form",
    )  # fmt: skip


@once
def programme_revise(request: HttpRequest, programme_id: int) -> HttpResponse:
    """Open an approved programme again."""
    form = ReasonForm(request.POST or None, auto_id="r_%s")
    return _act(
        request, programme_id, form, _("Đã mở chương trình để sửa."),
        lambda: services.programme_revise(
            actor=who(request), programme_id=programme_id, now=when(request), **form.cleaned_data
        ),
        "revise_form",
    )  # fmt: skip


@once
def audit_propose(request: HttpRequest, programme_id: int) -> HttpResponse:
    """Plan the audit of a month."""
    if request.method != "POST":
        return redirect("audits:programme")
    year = queries.programme_year(actor=who(request), programme_id=programme_id)
    form = MonthForm(request.POST)
    if not form.is_valid():
        return _page(request, year, refused=form)
    try:
        audit_id = services.audit_propose(
            actor=who(request), programme_id=programme_id, now=when(request), **form.cleaned_data
        )
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        form.add_error(None, refusal.message)
        return _page(request, _year(request), refused=form)
    return done(
        request, _("Đã lập kế hoạch. Xem lại rồi trình phê duyệt."), "audits:audit", audit_id
    )


def programme_paper(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the programme of a year as PDF or Word."""
    year, kind = _year(request), ending_of(ending)
    data = services.programme_paper(actor=who(request), year=year, now=when(request), ending=kind)
    return paper_answer(data, name=f"chuong-trinh-danh-gia-{year}", ending=ending)


def programme_sheet(request: HttpRequest) -> HttpResponse:
    """Give the programme of a year as an Excel file."""
    year = _year(request)
    page = queries.programme_page(actor=who(request), year=year, today=today_of(request))
    rows = [
        (place, one.name, ", ".join(one.clauses), ", ".join(map(str, one.months)), one.weight,
         one.reason, "rồi" if one.is_held else "")
        for place, one in enumerate(page.lines, start=1)
    ]  # fmt: skip
    heading = f"Chương trình đánh giá nội bộ năm {year}, {organization.agency(who(request).agency_id).name}"
    data = xlsx([(f"Chương trình {year}", COLUMNS, rows)], heading=heading)
    return paper_answer(data, name=f"chuong-trinh-danh-gia-{year}", ending="xlsx")

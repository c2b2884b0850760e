"""Paper copies: those of a document, those to be recalled, the register on paper."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import CopyEndForm, CopyForm
from nep.apps.documents.queries import CopyLine, DocumentPage
from nep.apps.documents.views._panels import add_panel
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.printing import (
    Column,
    Paper,
    Signature,
    Signatures,
    Table,
    line,
    paper_pdf,
)
from nep.foundation.web import pages
from nep.foundation.web.acting import done, today_of, when
from nep.foundation.web.once import once
from nep.kernel.errors import Refusal
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import date_text


def copies(request: HttpRequest) -> HttpResponse:
    """List the copies to be recalled, then the whole register."""
    actor = who(request)
    context = {
        "recall": queries.copies_to_recall(actor=actor),
        "register": tuple(reversed(queries.copy_register(actor=actor))),
        "form": CopyEndForm(),
    }
    return pages.render(request, "documents/paper_list.html", context)


def copies_print(request: HttpRequest) -> HttpResponse:
    """Give the register of paper copies as PDF."""
    actor = who(request)
    lines = queries.copy_register(actor=actor)
    agency = organization.agency(actor.agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    head = {
        "above": agency.parent_name or f"Ủy ban nhân dân {agency.province}",
        "issuer": agency.name,
        "place_date": place_and_date(place=place, at=when(request)),
    }
    data = paper_pdf(_register(lines, head), made_at=when(request))
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="so-phan-phoi-thu-hoi.pdf"'
    return answer


def _register(lines: tuple[CopyLine, ...], head: dict[str, str]) -> Paper:
    columns = (
        Column(_("TT"), 0.5, "center"), Column(_("Mã hiệu"), 1.3), Column(_("Tên tài liệu"), 3),
        Column(_("Bản"), 1), Column(_("Bản số"), 0.7, "center"), Column(_("Nơi giữ"), 2.2),
        Column(_("Ngày phát"), 1.1, "center"), Column(_("Người phát"), 1.6),
        Column(_("Thu hồi, hủy"), 1.9), Column(_("Ghi chú"), 1.6),
    )  # fmt: skip
    rows = tuple(
        (
            str(place), one.code, one.title, one.revision, str(one.number), one.holder,
            date_text(one.given_on), one.giver,
            f"{one.state} {date_text(one.ended_on)}" if one.ended_on else one.state, one.end_note,
        )
        for place, one in enumerate(lines, start=1)
    )  # fmt: skip
    return Paper(
        title=_("Sổ phân phối, thu hồi tài liệu"),
        **head,
        landscape=True,
        blocks=(
            Table(columns, rows),
            line(_("Tổng số: %(n)s bản giấy.") % {"n": len(lines)}),
            Signatures((Signature(_("Thư ký ISO")), Signature(_("Lãnh đạo cơ quan")))),
        ),
    )


def copy_print(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Open a numbered paper copy in the browser, to be printed; noted as printed."""
    actor = who(request)
    copy, revision_id = queries.numbered_copy(actor=actor, copy_id=copy_id, now=when(request))
    services.access_note(
        actor=actor, revision_id=revision_id, what=rules.PRINTED, now=when(request)
    )
    answer = HttpResponse(copy.data, content_type=copy.content_type)
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(copy.name)}"
    return answer


@require_POST
@once
def copy_give(request: HttpRequest, document_id: int) -> HttpResponse:
    """Give a numbered paper copy."""
    actor = who(request)
    page = queries.document_page(actor=actor, document_id=document_id)
    services.copy_give(
        actor=actor, document_id=page.id, target=request.POST.get("target", ""),
        place=request.POST.get("place", "")[:80], now=when(request),
    )  # fmt: skip
    return done(request, _("Đã ghi phát bản giấy."), "documents:page", page.id)


@require_POST
@once
def copy_end(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Write a paper copy off."""
    form = CopyEndForm(request.POST)
    if not form.is_valid():
        raise Refusal("end_unknown", _("Hãy chọn thu hồi, hủy hoặc thất lạc."))
    services.copy_end(
        actor=who(request), copy_id=copy_id, kind=form.cleaned_data["kind"],
        note=form.cleaned_data["note"], now=when(request),
    )  # fmt: skip
    return done(request, _("Đã ghi vào sổ phân phối, thu hồi."), "documents:copies")


def _paper_tab(request: HttpRequest, page: DocumentPage) -> str:
    if not may(who(request), "document.manage"):
        return ""
    choices = queries.target_choices(agency_id=page.agency_id, today=today_of(request))
    context = {
        "page": page,
        "lines": queries.copies_of(document_id=page.id, agency_id=page.agency_id),
        "form": CopyForm(choices=choices, auto_id="ban-giay-%s") if page.current else None,
    }
    return render_to_string("documents/paper_tab.html", context, request)


add_panel("paper", _paper_tab, place="tab", order=55, label=_("Bản giấy"))

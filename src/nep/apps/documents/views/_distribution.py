"""The distribution list on the page of a document, and the log of who opened it."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import RecipientForm
from nep.apps.documents.queries import DocumentPage
from nep.apps.documents.views._panels import add_panel
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.web.acting import done, today_of, when
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound


def _list_tab(request: HttpRequest, page: DocumentPage) -> str:
    actor = who(request)
    today = today_of(request)
    found = queries.distribution(document_id=page.id, agency_id=page.agency_id, today=today)
    may_manage = bool(may(actor, "document.manage")) and page.status in ("new", "in_force")
    choices = queries.target_choices(agency_id=page.agency_id, today=today) if may_manage else ()
    context = {
        "page": page,
        "found": found,
        "may_manage": may_manage,
        "form": RecipientForm(choices=choices, auto_id="phan-phoi-%s") if may_manage else None,
    }
    return render_to_string("documents/distribution.html", context, request)


def _log_tab(request: HttpRequest, page: DocumentPage) -> str:
    actor = who(request)
    if not rules.may_follow_readers(actor, owner_unit_id=page.owner_unit_id):
        return ""
    lines = queries.access_lines(document_id=page.id, agency_id=page.agency_id)
    return render_to_string("documents/access_log.html", {"lines": lines}, request)


@require_POST
@once
def recipient_add(request: HttpRequest, document_id: int) -> HttpResponse:
    """Put a target on the list."""
    actor, now = who(request), when(request)
    page = queries.document_page(actor=actor, document_id=document_id)
    choices = queries.target_choices(agency_id=page.agency_id, today=today_of(request))
    form = RecipientForm(request.POST, choices=choices)
    services.recipient_add(
        actor=actor,
        document_id=page.id,
        target=form.data.get("target", ""),
        must_read="must_read" in form.data,
        now=now,
    )
    return done(request, _("Đã thêm nơi nhận."), "documents:page", page.id)


@require_POST
@once
def recipient_remove(request: HttpRequest, document_id: int, recipient_id: int) -> HttpResponse:
    """Take a line off the list."""
    actor, now = who(request), when(request)
    queries.document_page(actor=actor, document_id=document_id)
    found = services.recipient_remove(actor=actor, recipient_id=recipient_id, now=now)
    if found != document_id:
        raise NotFound()
    return done(request, _("Đã bỏ nơi nhận khỏi danh sách."), "documents:page", document_id)


@require_POST
@once
def public_set(request: HttpRequest, document_id: int) -> HttpResponse:
    """Put the document on the public pages, or take it off."""
    page = queries.document_page(actor=who(request), document_id=document_id)
    is_public = request.POST.get("is_public") == "1"
    services.document_public_set(
        actor=who(request), document_id=page.id, is_public=is_public, now=when(request)
    )
    said = _("Đã đưa tài liệu lên cổng.") if is_public else _("Đã rút tài liệu khỏi cổng.")
    return done(request, said, "documents:page", page.id)


add_panel("distribution", _list_tab, place="tab", order=50, label=_("Phân phối"))
add_panel("access", _log_tab, place="tab", order=90, label=_("Nhật ký truy cập"))

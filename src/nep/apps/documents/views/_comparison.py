"""The page that lays two revisions beside each other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import ChangeSummaryForm
from nep.apps.documents.views._panels import add_panel
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, when
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound


def comparison(request: HttpRequest, document_id: int, old_id: int, new_id: int) -> HttpResponse:
    """Show what one revision changes against another."""
    return _page(request, document_id, old_id, new_id)


def comparison_choose(request: HttpRequest, document_id: int) -> HttpResponse:
    """Go to the comparison of the two chosen revisions."""
    old, new = request.GET.get("cu", ""), request.GET.get("moi", "")
    if not (old.isdecimal() and new.isdecimal() and len(old + new) < 40):
        raise NotFound()
    return redirect("documents:comparison", document_id, int(old), int(new))


@require_POST
@once
def summary_save(request: HttpRequest, document_id: int, old_id: int, new_id: int) -> HttpResponse:
    """Keep the summary of what a draft changes."""
    queries.revision_file(actor=who(request), document_id=document_id, revision_id=new_id)
    form = ChangeSummaryForm(request.POST)

    def write() -> None:
        services.change_summary_save(
            actor=who(request), revision_id=new_id, summary=form.cleaned_data["summary"],
            now=when(request),
        )  # fmt: skip

    if did(form, write):
        return done(
            request, _("Đã ghi nội dung sửa đổi vào bảng theo dõi."), "documents:comparison",
            document_id, old_id, new_id,
        )  # fmt: skip
    return _page(request, document_id, old_id, new_id, form)


def _page(
    request: HttpRequest,
    document_id: int,
    old_id: int,
    new_id: int,
    form: ChangeSummaryForm | None = None,
) -> HttpResponse:
    found = queries.compared_revisions(
        actor=who(request), document_id=document_id, old_id=old_id, new_id=new_id
    )
    may_write = bool(may(who(request), "document.draft")) and found.new.state == rules.DRAFT
    start = {"summary": found.summary or found.proposed}
    context = {
        "page": found.page,
        "found": found,
        "may_write": may_write,
        "form": form or ChangeSummaryForm(initial=start),
    }
    status = status_of(form) if form else 200
    return pages.render(request, "documents/compare.html", context, status=status)


def _compare_tab(request: HttpRequest, page: queries.DocumentPage) -> str:
    """Offer the comparison of any two revisions, the last two first."""
    with_files = [one for one in page.revisions if one.original_file_id]
    if len(with_files) < 2:
        return ""
    context = {"page": page, "revisions": with_files, "new": with_files[0], "old": with_files[1]}
    return render_to_string("documents/compare_tab.html", context, request)


add_panel("compare", _compare_tab, place="tab", order=20, label=gettext_lazy("So sánh"))  # type: ignore[arg-type]

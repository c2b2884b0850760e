"""A person's kept filters: save, rename, remove."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.documents import queries, services
from nep.apps.documents.forms import ViewForm
from nep.apps.organization.queries import who
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, when
from nep.foundation.web.once import once


@require_POST
@once
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the filter of the list under a name."""
    form = ViewForm(request.POST)
    query = request.POST.get("query", "")[:500]

    def act() -> None:
        services.view_save(
            actor=who(request), name=form.cleaned_data["name"], query=query, now=when(request)
        )

    if did(form, act):
        return done(request, _("Đã lưu bộ lọc."), "documents:library")
    context = {"form": form, "query": query}
    return pages.render(request, "documents/view.html", context, status=422)


@once
def view_page(request: HttpRequest, view_id: int) -> HttpResponse:
    """Rename a kept filter."""
    one = queries.saved_view(actor=who(request), view_id=view_id)
    form = ViewForm(request.POST or None, initial={"name": one.name})

    def act() -> None:
        services.view_rename(
            actor=who(request), view_id=view_id, name=form.cleaned_data["name"], now=when(request)
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã đổi tên bộ lọc."), "documents:library")
    context = {"form": form, "one": one, "query": one.query}
    return pages.render(request, "documents/view.html", context, status=status_of(form))


@require_POST
@once
def view_remove(request: HttpRequest, view_id: int) -> HttpResponse:
    """Remove a kept filter."""
    services.view_remove(actor=who(request), view_id=view_id, now=when(request))
    return done(request, _("Đã xóa bộ lọc."), "documents:library")

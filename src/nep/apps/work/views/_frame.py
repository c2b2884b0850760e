"""The worklist's place in the menu with the count of late items, and the bell."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nep.apps.work import queries
from nep.foundation.web import hooks, navigation
from nep.foundation.web.navigation import NavItem


def _counts(request: HttpRequest) -> tuple[int, int]:
    """Return (late items, unread notices) of the request's person, asked once a page."""
    known = getattr(request, "frame_counts", None)
    if known is None:
        known = queries.frame_counts(actor=request.actor, now=request.now)  # type: ignore[attr-defined]
        request.frame_counts = known  # type: ignore[attr-defined]
    return known


def _late(request: HttpRequest) -> int:
    """Return how many of the person's items are late; the list page has counted them already."""
    known = getattr(request, "late_items", None)
    return _counts(request)[0] if known is None else known


def _bell(request: HttpRequest) -> hooks.Bell:
    return hooks.Bell(_counts(request)[1], reverse("work:notices"))


def _onward(request: HttpRequest) -> hooks.Onward | None:
    """Return what comes next for the person; on the worklist itself it stands in the list."""
    if request.path == reverse("work:mine"):
        return None
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.onward_item(actor=actor, path=request.path)
    return hooks.Onward(found.title, found.step, found.link) if found else None


navigation.register(
    NavItem(
        navigation.WORK, _("Việc của tôi"), "work:mine", "inbox", "work.own", order=10,
        short=_("Việc"), late=_late,
    )
)  # fmt: skip
hooks.connect_bell(_bell)
hooks.connect_onward(_onward)
hooks.register_account_link(
    hooks.AccountLink(_("Cách nhận thông báo"), "work:choices", "bell")
)  # fmt: skip
hooks.register_account_link(
    hooks.AccountLink(_("Thư báo"), "work:mail", "send", for_system_admin=True)
)

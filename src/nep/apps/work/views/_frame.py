"""The worklist's place in the menu with the count of late items, and the bell."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nep.apps.work import queries
from nep.foundation.web import hooks, navigation
from nep.foundation.web.navigation import NavItem


def _late(request: HttpRequest) -> int:
    """Return how many of the person's items are late; the list page has counted them already."""
    known = getattr(request, "late_items", None)
    if known is not None:
        return known
    actor = request.actor  # type: ignore[attr-defined]
    return queries.late_count(
        person_id=actor.person_id,
        agency_id=actor.agency_id,
        now=request.now,  # type: ignore[attr-defined]
    )


def _bell(request: HttpRequest) -> hooks.Bell:
    count = queries.notice_count(actor=request.actor)  # type: ignore[attr-defined]
    return hooks.Bell(count, reverse("work:notices"))


navigation.register(
    NavItem(
        navigation.WORK, _("Việc của tôi"), "work:mine", "inbox", "work.own", order=10,
        short=_("Việc"), late=_late,
    )
)  # fmt: skip
hooks.connect_bell(_bell)
hooks.register_account_link(
    hooks.AccountLink(_("Cách nhận thông báo"), "work:choices", "bell")
)  # fmt: skip
hooks.register_account_link(
    hooks.AccountLink(_("Thư báo"), "work:mail", "send", for_system_admin=True)
)

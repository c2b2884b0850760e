"""The agency's places in the menu, and the agency switch of the top bar."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nep.apps.organization import queries
from nep.foundation.web import hooks, navigation
from nep.foundation.web.navigation import NavItem
from nep.kernel.vietnamese import local

navigation.register(
    NavItem(
        navigation.ORDER, _("Đơn vị và người"), "organization:people", "users",
        "organization.see", order=60, short=_("Người"),
    )
)  # fmt: skip
navigation.register(
    NavItem(
        navigation.ORDER, _("Thiết lập cơ quan"), "organization:settings", "landmark",
        "organization.manage", order=80, short=_("Thiết lập"),
    )
)  # fmt: skip
navigation.register(
    NavItem(
        navigation.WHOLE, _("Cơ quan trong tỉnh"), "organization:province", "map",
        "province.manage", order=60, short=_("Cơ quan"),
    )
)  # fmt: skip


def _switch(request: HttpRequest) -> hooks.AgencySwitch | None:
    actor = request.actor  # type: ignore[attr-defined]
    if not actor or actor.user_id is None:
        return None
    today = local(request.now).date()  # type: ignore[attr-defined]
    choices = tuple(
        hooks.AgencyChoice(one.id, one.name, one.roles, one.id == actor.agency_id)
        for one in queries.agencies_of(user_id=actor.user_id, today=today)
    )
    return hooks.AgencySwitch(choices, "organization:switch")


hooks.connect_agencies(_switch)

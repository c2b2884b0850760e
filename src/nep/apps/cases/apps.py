"""The app's registration and its places in the menu."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation, slots


class CasesConfig(AppConfig):
    """Cases and their steps."""

    name = "nep.apps.cases"
    label = "cases"
    verbose_name = "Hồ sơ"

    def ready(self) -> None:
        """Add intake and the list of cases to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.WORK,
                label=_("Tiếp nhận"),
                url_name="cases:intake",
                icon="file-input",
                permission="case.accept",
                order=20,
            )
        )
        navigation.register(
            navigation.NavItem(
                group=navigation.WORK,
                label=_("Hồ sơ"),
                url_name="cases:list",
                icon="folder-open",
                permission="case.see",
                order=30,
            )
        )
        navigation.register(
            navigation.NavItem(
                group=navigation.ORDER,
                label=_("Dữ liệu người nộp"),
                url_name="cases:looks",
                icon="shield-check",
                permission="case.privacy",
                order=90,
            )
        )
        navigation.register(
            navigation.NavItem(
                group=navigation.WHOLE,
                label=_("Người dân đánh giá"),
                url_name="cases:ratings",
                icon="message-square",
                permission="figures.see",
                order=20,
            )
        )
        slots.register("workcal.side", calendar_card)


def calendar_card(*, request: HttpRequest) -> str:
    """Lead from the calendar to the open due dates that its change would move."""
    if "calendar.manage" not in request.actor.permissions:  # type: ignore[attr-defined]
        return ""
    return render_to_string("cases/_calendar_card.html", request=request)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class WorkcalConfig(AppConfig):
    """The working calendar."""

    name = "nep.apps.workcal"
    label = "workcal"
    verbose_name = "Lịch làm việc"

    def ready(self):
        navigation.register(
            navigation.NavItem(
                group=navigation.ORDER,
                label=_("Lịch làm việc"),
                url_name="workcal:year",
                icon="calendar-days",
                short=_("Lịch"),
                permission="calendar.see",
                order=80,
            )
        )

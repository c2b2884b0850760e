"""The app's registration and its places in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class ConformityConfig(AppConfig):
    """Matrix, evidence pack, guided year, declaration, adviser."""

    name = "nep.apps.conformity"
    label = "conformity"
    verbose_name = "Phù hợp"

    def ready(self) -> None:
        """Add the places to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.YEAR,
                label=_("Năm ISO"),
                url_name="conformity:year",
                icon="calendar-days",
                permission="year.see",
                short=_("Năm ISO"),
                order=5,
            )
        )
        navigation.register(
            navigation.NavItem(
                group=navigation.WHOLE,
                label=_("Ma trận toàn tỉnh"),
                url_name="conformity:province_matrix",
                icon="layers",
                permission="province.manage",
                short=_("Ma trận"),
                order=40,
            )
        )
        navigation.register(
            navigation.NavItem(
                group=navigation.YEAR,
                label=_("Ma trận điều khoản"),
                url_name="conformity:matrix",
                icon="layers",
                permission="year.see",
                short=_("Ma trận"),
                order=85,
                under=("/phu-hop/luat/",),
            )
        )
        navigation.register(
            navigation.NavItem(
                group=navigation.YEAR,
                label=_("Công bố phù hợp"),
                url_name="conformity:declarations",
                icon="stamp",
                permission="year.see",
                short=_("Công bố"),
                order=90,
            )
        )

"""The app's registration and its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class OversightConfig(AppConfig):
    """Figures and who is late."""

    name = "nep.apps.oversight"
    label = "oversight"
    verbose_name = "Điều hành"

    def ready(self) -> None:
        """Add the figures to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.WHOLE,
                label=_("Điều hành"),
                url_name="oversight:figures",
                icon="chart-no-axes-column",
                permission="figures.see",
                order=10,
            )
        )
        navigation.register(
            navigation.NavItem(
                group=navigation.WHOLE,
                label=_("Phiếu đánh giá"),
                url_name="oversight:sheets",
                icon="user-check",
                permission="work.own",
                order=15,
                under=("/dieu-hanh/can-bo/",),
            )
        )
        navigation.register(
            navigation.NavItem(
                group=navigation.WHOLE,
                label=_("Công thức chỉ số"),
                url_name="oversight:formulas",
                icon="pen-line",
                permission="province.manage",
                order=30,
            )
        )

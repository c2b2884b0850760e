"""The app's registration and its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class CompetenceConfig(AppConfig):
    """Competence and training."""

    name = "nep.apps.competence"
    label = "competence"
    verbose_name = "Năng lực, đào tạo"

    def ready(self) -> None:
        """Add the page to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.PLAN,
                label=_("Năng lực, đào tạo"),
                url_name="competence:home",
                icon="user-check",
                permission="competence.see",
                short=_("Đào tạo"),
                order=68,
            )
        )

"""The app's registration and its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class ReviewsConfig(AppConfig):
    """Management review."""

    name = "nep.apps.reviews"
    label = "reviews"
    verbose_name = "Xem xét của lãnh đạo"

    def ready(self) -> None:
        """Add the reviews to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.CHECK,
                label=_("Họp xem xét"),
                url_name="reviews:register",
                icon="users",
                permission="review.see",
                short=_("Xem xét"),
                order=70,
            )
        )

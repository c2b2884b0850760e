"""What every template may name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from nep.foundation.web import pages


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the frame (gathered by `pages.render`), the look and the moment of the request."""
    gathered = getattr(request, "nep_frame", None)  # a page asks it some thirty times
    return {
        "frame": gathered or SimpleLazyObject(lambda: pages.frame_of(request)),
        "theme": pages.theme_of(request),
        "now": getattr(request, "now", None),
        "actor": getattr(request, "actor", None),
        "language": getattr(request, "language", settings.LANGUAGE_CODE),
        "other_language": getattr(request, "other_language", None),
    }

"""Forms of the pages about documents."""

from nep.apps.documents.forms._exceptions import PAIR_CHOICES, ExceptionForm

__all__ = ["PAIR_CHOICES", "ExceptionForm"]

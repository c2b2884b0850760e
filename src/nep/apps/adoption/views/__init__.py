"""Pages of model procedures."""

from nep.apps.adoption.views import _slots as _slots  # fills the procedure's page
from nep.apps.adoption.views._adoption import accept, adoption, decline, leave, renew_forms
from nep.apps.adoption.views._library import adopt_many, library
from nep.apps.adoption.views._model import adopt, edition, model, withdraw
from nep.apps.adoption.views._publishing import oversight, publish

__all__ = [
    "accept",
    "adopt",
    "adopt_many",
    "adoption",
    "decline",
    "edition",
    "leave",
    "library",
    "model",
    "oversight",
    "publish",
    "renew_forms",
    "withdraw",
]

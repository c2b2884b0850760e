"""Writes of model procedures: each function is one user action."""

from nep.apps.adoption.services._adopting import (
    Adopted,
    AdoptedMany,
    acceptance_dropped,
    adoption_leave,
    drift_accept,
    drift_decline,
    model_adopt,
    models_adopt,
)
from nep.apps.adoption.services._following import drift_tell, source_changed
from nep.apps.adoption.services._forms import forms_renew
from nep.apps.adoption.services._publishing import (
    ModelValues,
    edition_publish,
    model_publish,
    model_withdraw,
)

__all__ = [
    "Adopted",
    "AdoptedMany",
    "ModelValues",
    "acceptance_dropped",
    "adoption_leave",
    "drift_accept",
    "drift_decline",
    "drift_tell",
    "edition_publish",
    "forms_renew",
    "model_adopt",
    "model_publish",
    "model_withdraw",
    "models_adopt",
    "source_changed",
]

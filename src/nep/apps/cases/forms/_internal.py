"""What is typed to open work of the agency itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.cases.queries import Suggestion
from nep.apps.organization.rules import Actor


class InternalForm(forms.Form):
    """Which internal procedure, about what, for which unit."""

    tthc = forms.TypedChoiceField(label=_("Quy trình nội bộ"), coerce=int)
    subject = forms.CharField(
        label=_("Việc cần làm"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    unit = forms.TypedChoiceField(label=_("Đơn vị đề nghị"), coerce=int, required=False)

    def __init__(
        self,
        *args: Any,
        procedures: tuple[Suggestion, ...],
        actor: Actor,
        units: dict[int, str],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["tthc"].choices = [(one.id, one.name) for one in procedures]  # type: ignore[attr-defined]
        own = [hat.unit_id for hat in actor.hats if hat.unit_id in units]
        if len(own) > 1:
            self.fields["unit"].choices = [(pk, units[pk]) for pk in own]  # type: ignore[attr-defined]
        else:
            del self.fields["unit"]

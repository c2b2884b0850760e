"""The form of a route: up to six steps, each with what it asks, of whom, and until when."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.documents.forms._life import DAY
from nep.apps.documents.rules import NEEDS_NAMES, PART_NAMES, Step

ROWS = 6


class StepForm(forms.Form):
    """One step; without what it asks it is not used."""

    part = forms.ChoiceField(
        label=_("Việc"), required=False, choices=[("", _("Không dùng")), *PART_NAMES.items()]
    )
    needs = forms.ChoiceField(
        label=_("Khi hỏi nhiều người"), required=False, choices=list(NEEDS_NAMES.items())
    )
    people = forms.TypedMultipleChoiceField(
        label=_("Người được hỏi"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=_("Số ngày làm việc"), required=False, min_value=1, max_value=60
    )
    due_on = forms.DateField(
        label=_("Hạn"), required=False, widget=forms.DateInput(format="%d/%m/%Y", attrs=DAY)
    )

    def __init__(
        self, *args: Any, people: Iterable[tuple[int, str]], is_template: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["people"].choices = list(people)  # type: ignore[attr-defined]
        del self.fields["due_on" if is_template else "days"]

    @property
    def chosen(self) -> str:
        """Return the names of the chosen people, for the folded list."""
        wanted = {str(one) for one in self["people"].value() or ()}
        known = self.fields["people"].choices  # type: ignore[attr-defined]
        return ", ".join(name for id_, name in known if str(id_) in wanted)


class RouteForm:
    """All steps of a route."""

    def __init__(
        self,
        data: Any = None,
        *,
        people: Iterable[tuple[int, str]],
        steps: Sequence[Step] = (),
        is_template: bool = False,
    ) -> None:
        known = list(people)
        self.errors: list[str] = []
        self.rows = [
            StepForm(
                data, prefix=f"b{number}", people=known, is_template=is_template,
                initial=_initial(steps[number - 1]) if number <= len(steps) else {},
            )
            for number in range(1, ROWS + 1)
        ]  # fmt: skip

    def is_valid(self) -> bool:
        """Say whether every step can be read."""
        found = [row.is_valid() for row in self.rows]
        return all(found)

    def steps(self) -> tuple[Step, ...]:
        """Return the steps that are used, in order."""
        return tuple(
            Step(
                part=row.cleaned_data["part"],
                needs=row.cleaned_data["needs"] or "all",
                person_ids=tuple(row.cleaned_data["people"]),
                due_on=row.cleaned_data.get("due_on"),
                days=row.cleaned_data.get("days"),
            )
            for row in self.rows
            if row.cleaned_data["part"]
        )


def _initial(step: Step) -> dict[str, Any]:
    return {
        "part": step.part,
        "needs": step.needs,
        "people": list(step.person_ids),
        "days": step.days,
        "due_on": step.due_on,
    }

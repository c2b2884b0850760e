"""The form somebody sent into a locked session, shown filled so that it can be sent again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from nep.foundation.accounts import unsent
from nep.foundation.web.pages import render

LONG = 60
_TEXTS = (forms.CharField, forms.DateField, forms.DecimalField, forms.IntegerField)


@dataclass(frozen=True, slots=True)
class TypedField:
    """One value of the form; one without a label goes back as it came, unseen."""

    name: str
    value: str
    label: Any
    is_long: bool


@never_cache
def resend(request: HttpRequest) -> HttpResponse:
    """Show what was typed with a button that sends it; a POST here drops it."""
    form = unsent.waiting(request)
    if form is None:
        return redirect("/")
    if request.method == "POST":
        unsent.drop(request)
        return redirect(form.came_from)
    labels = _labels({name for name, _values in form.fields})
    context = {
        "path": form.path,
        "came_from": form.came_from,
        "fields": [
            TypedField(name, value, _label(labels, name, value), len(value) > LONG or "\n" in value)
            for name, values in form.fields
            for value in values
        ],
        "files": form.files,
        "mark": unsent.MARK,
    }
    return render(request, "web/unsent.html", context)


def _label(labels: dict[str, Any], name: str, value: str) -> Any:
    if name.startswith("_"):
        return ""
    return labels.get(name) or (_("Nội dung đã nhập") if " " in value.strip() else "")


def _labels(names: set[str]) -> dict[str, Any]:
    """Return the labels of the typed fields, from the form of ours that has most of these names."""
    best = max(
        _known(forms.Form),
        key=lambda one: (len(names & set(one.base_fields)), -len(one.base_fields)),
        default=None,
    )
    if best is None:
        return {}
    return {
        name: field.label
        for name, field in best.base_fields.items()
        if isinstance(field, _TEXTS) and not hasattr(field, "choices")
        if field.label and not field.widget.is_hidden
    }


def _known(base: type[forms.Form]) -> Iterator[type[forms.Form]]:
    """Yield the forms of this product; the framework's own have other words or none."""
    for one in base.__subclasses__():
        if one.__module__.startswith("nep."):
            yield one
        yield from _known(one)

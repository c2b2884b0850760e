"""Form fields drawn as text: a page with a dozen closed dialogs has a hundred of them.

What Django's own widget templates draw, but for blank lines; a test holds them equal. Other widgets are
drawn by their templates.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Field, RadioSelect
from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_NEEDED = "is_needed_sometimes"
FieldKind = TypeVar("FieldKind", bound=Field)

_PLACE = "django/forms/widgets/"
_OPTION = f"{_PLACE}select_option.html"
_INPUTS = ("text", "hidden", "number", "email", "url", "password", "search", "tel", "input")
_TRIANGLE = '<i class="i i-triangle-alert i--sm"></i>'


def _written(value: Any) -> str:
    return conditional_escape(value if isinstance(value, SafeString) else str(value))


def _attributes(found: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}" + ("" if value is True else f'="{_written(value)}"')
        for name, value in found.items()
        if value is not False
    )


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    held = "" if value is None else f' value="{_written(value)}"'
    name, kind = _written(widget["name"]), _written(widget["type"])
    return f'<input type="{kind}" name="{name}"{held}{_attributes(widget["attrs"])}>'


def _area(widget: Mapping[str, Any]) -> str:
    name, text = _written(widget["name"]), widget["value"]
    inside = conditional_escape(text) if text else ""
    return f'<textarea name="{name}"{_attributes(widget["attrs"])}>\n{inside}</textarea>'


def _select(widget: Mapping[str, Any]) -> str | None:
    parts = [f'<select name="{_written(widget["name"])}"{_attributes(widget["attrs"])}>']
    for title, options, _index in widget["optgroups"]:
        if title:
            parts.append(f'\n  <optgroup label="{conditional_escape(title)}">')
        for one in options:
            if one["template_name"] != _OPTION:
                return None
            parts.append(
                f'\n  <option value="{_written(one["value"])}"{_attributes(one["attrs"])}>'
                f"{conditional_escape(one['label'])}</option>"
            )
        if title:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>"])


_DRAWERS: dict[str, Callable[[Mapping[str, Any]], str | None]] = {
    **{f"{_PLACE}{name}.html": _input for name in _INPUTS},
    f"{_PLACE}textarea.html": _area,
    f"{_PLACE}select.html": _select,
}


class FormRenderer(DjangoTemplates):
    """Draws the plain widgets as text and everything else by its template."""

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        """Return the HTML of a widget, a form or a list of errors."""
        drawer = _DRAWERS.get(template_name)
        text = drawer(context["widget"]) if drawer else None
        return super().render(template_name, context, request) if text is None else text


def needed_when(field: FieldKind) -> FieldKind:
    """Return a field that its form asks for in some cases only: its label does not call it optional."""
    setattr(field, _NEEDED, True)
    return field


def field_text(bound: BoundField, *, css: str, hint: str, source: str) -> SafeString:
    """Return one field: label, control, then the error or, without one, the hint."""
    widget = bound.field.widget
    is_choice = isinstance(widget, (RadioSelect, CheckboxSelectMultiple))
    is_check = isinstance(widget, CheckboxInput)
    errors, help_text = bound.errors, hint or source or bound.help_text
    described = f"{bound.id_for_label or bound.name}_ghi-chu"
    attrs: dict[str, Any] = {}
    if errors or help_text:
        attrs["aria-describedby"] = described
    if not is_choice and not is_check:
        attrs["class"] = f"in {widget.attrs.get('class', '')}".strip()
    if errors:
        attrs["aria-invalid"] = "true"
    if source:
        attrs["readonly"] = True
    control, label = bound.as_widget(attrs=attrs), str(conditional_escape(bound.label))
    block = f'class="field {conditional_escape(css)}"'
    if not is_check and not bound.field.required and not getattr(bound.field, _NEEDED, False):
        label += f" <small>{conditional_escape(_('(không bắt buộc)'))}</small>"
    if is_check:
        text = f'<div {block}><label class="ck">{control}<span>{label}</span></label>'
    elif is_choice:
        text = f'<fieldset {block}><legend class="lb">{label}</legend>{control}'
    else:
        target = conditional_escape(bound.id_for_label)
        text = f'<div {block}><label class="lb" for="{target}">{label}</label>{control}'
    if errors:
        said = "<br>".join(conditional_escape(str(one)) for one in errors)
        text += f'<p class="err" id="{described}">{_TRIANGLE}<span>{said}</span></p>'
    elif help_text:
        text += f'<p class="hint" id="{described}">{conditional_escape(help_text)}</p>'
    return SafeString(text + ("</fieldset>" if is_choice else "</div>"))

"""Forms of context, interested parties, scope and policy."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.planning.forms._fields import Choices, choice_field, choose, words_field
from nep.apps.planning.rules import context
from nep.apps.planning.rules.context import Content, Context, Policy, Scope

SPARE, MOST = 3, 30
_LINES = _("Mỗi dòng một điều.")


def _told(texts: Any) -> str:
    return "\n".join(texts)


def _typed(text: str) -> list[str]:
    return text.splitlines()[: context.MOST_LINES]


class StatementForm(forms.Form):
    """What every part has: the version that the page was opened with."""

    part = ""
    version = forms.IntegerField(widget=forms.HiddenInput)

    def content(self) -> Content:
        """Return what was written, as rules read it."""
        return context.read_content(self.part, self.stored())

    def stored(self) -> dict[str, Any]:
        """Return what was written as plain data."""
        raise NotImplementedError


class ContextForm(StatementForm):
    """Issues inside and outside, and climate."""

    part = context.CONTEXT
    strengths = words_field(_("Bên trong: điểm mạnh"), rows=5, required=False, help_text=_LINES)
    weaknesses = words_field(_("Bên trong: điểm yếu"), rows=5, required=False, help_text=_LINES)
    opportunities = words_field(_("Bên ngoài: cơ hội"), rows=5, required=False, help_text=_LINES)
    threats = words_field(_("Bên ngoài: thách thức"), rows=5, required=False, help_text=_LINES)
    climate = words_field(
        _("Biến đổi khí hậu có liên quan đến cơ quan không, vì sao"), rows=2, most=1000
    )  # fmt: skip

    @staticmethod
    def start(content: Content) -> dict[str, Any]:
        """Return the initial values of what is said."""
        if not isinstance(content, Context):
            return {}
        return {
            "strengths": _told(content.strengths), "weaknesses": _told(content.weaknesses),
            "opportunities": _told(content.opportunities), "threats": _told(content.threats),
            "climate": content.climate,
        }  # fmt: skip

    def stored(self) -> dict[str, Any]:
        """Return what was written as plain data."""
        kept = self.cleaned_data
        lists = ("strengths", "weaknesses", "opportunities", "threats")
        return {**{name: _typed(kept[name]) for name in lists}, "climate": kept["climate"]}


class _RowsForm(StatementForm):
    """A form of numbered rows; as many as are said, and a few spare ones."""

    cells: Mapping[str, Any] = {}
    heads: Mapping[str, Any] = {}

    def __init__(self, *args: Any, clauses: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = kwargs.get("initial") or {}
        own = tuple(self.add_prefix(f"{name}_") for name in self.cells)
        sent = [name for name in self.data if name.startswith(own)]
        last = max((int(name.rpartition("_")[2]) for name in [*said, *sent]
                    if name.rpartition("_")[2].isdigit()), default=0)  # fmt: skip
        self.count = min(last if self.is_bound else last + SPARE, MOST)
        for number in range(1, self.count + 1):
            for name, make in self.cells.items():
                field = make(clauses)
                field.label = f"{self.heads[name]}, {_('dòng')} {number}"
                self.fields[f"{name}_{number}"] = field

    def rows(self) -> list[list[forms.BoundField]]:
        """Return the fields row by row."""
        return [[self[f"{name}_{number}"] for name in self.cells]
                for number in range(1, self.count + 1)]  # fmt: skip

    def typed_rows(self) -> list[dict[str, str]]:
        """Return the rows that were written."""
        kept = self.cleaned_data
        return [{name: kept.get(f"{name}_{number}") or "" for name in self.cells}
                for number in range(1, self.count + 1)]  # fmt: skip


def _text(most: int) -> Any:
    def make(_clauses: Choices) -> forms.CharField:
        widget = forms.Textarea(attrs={"rows": 2})
        return forms.CharField(required=False, max_length=most, widget=widget)

    return make


def _clause(clauses: Choices) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, choices=[("", _("chọn điều")), *clauses])


class PartiesForm(_RowsForm):
    """Interested parties, what they need, how that is watched."""

    part = context.PARTIES
    cells = {"party": _text(200), "need": _text(600), "how": _text(600)}
    heads = {"party": _("Bên quan tâm"), "need": _("Nhu cầu, mong đợi"),
             "how": _("Theo dõi bằng gì")}  # fmt: skip

    @staticmethod
    def start(content: Content) -> dict[str, Any]:
        """Return the initial values of what is said."""
        rows = content if isinstance(content, tuple) else ()
        return {
            f"{name}_{number}": getattr(one, name)
            for number, one in enumerate(rows, start=1)
            for name in ("party", "need", "how")
        }

    def stored(self) -> dict[str, Any]:
        """Return what was written as plain data."""
        return {"rows": self.typed_rows()}


class ScopeForm(_RowsForm):
    """What the system covers, where, and what does not apply."""

    part = context.SCOPE
    cells = {"clause": _clause, "reason": _text(600)}
    heads = {"clause": _("Điều khoản"), "reason": _("Vì sao không áp dụng")}
    services = words_field(_("Áp dụng cho những việc nào"), rows=3)
    places = words_field(
        _("Đơn vị, địa điểm"), rows=2, most=1000, required=False,
        help_text=_("Để trống là mọi đơn vị của cơ quan."),
    )  # fmt: skip

    @staticmethod
    def start(content: Content) -> dict[str, Any]:
        """Return the initial values of what is said."""
        if not isinstance(content, Scope):
            return {}
        rows = {
            f"{name}_{number}": getattr(one, name)
            for number, one in enumerate(content.excluded, start=1)
            for name in ("clause", "reason")
        }
        return {"services": content.services, "places": content.places, **rows}

    def stored(self) -> dict[str, Any]:
        """Return what was written as plain data."""
        kept = self.cleaned_data
        rows = self.typed_rows()
        return {"services": kept["services"], "places": kept["places"], "excluded": rows}


class PolicyForm(StatementForm):
    """A motto and the commitments."""

    part = context.POLICY
    motto = forms.CharField(label=_("Phương châm"), max_length=160, required=False)
    commitments = words_field(_("Cam kết của lãnh đạo"), rows=8, help_text=_LINES)

    @staticmethod
    def start(content: Content) -> dict[str, Any]:
        """Return the initial values of what is said."""
        if not isinstance(content, Policy):
            return {}
        return {"motto": content.motto, "commitments": _told(content.commitments)}

    def stored(self) -> dict[str, Any]:
        """Return what was written as plain data."""
        kept = self.cleaned_data
        return {"motto": kept["motto"], "commitments": _typed(kept["commitments"])}


STATEMENT_FORMS: dict[str, Any] = {
    one.part: one for one in (ContextForm, PartiesForm, ScopeForm, PolicyForm)
}


class PeopleForm(forms.Form):
    """Who checks and who approves the policy as a document."""

    checker_id = choice_field(_("Người xem xét"))
    approver_id = choice_field(_("Người phê duyệt"))

    def __init__(
        self, *args: Any, checkers: Choices = (), approvers: Choices = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "checker_id", checkers, _("chọn người"))
        choose(self, "approver_id", approvers, _("chọn người"))
        for name, people in (("checker_id", checkers), ("approver_id", approvers)):
            if len(people) == 1:
                self.fields[name].initial = people[0][0]

"""Forms of distribution lists and reading."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.documents.queries import QuestionFacts
from nep.apps.documents.rules import TARGET_NAMES


class RecipientForm(forms.Form):
    """One more target of a distribution list."""

    target = forms.ChoiceField(label=_("Nơi nhận"))
    must_read = forms.BooleanField(
        label=_("Phải đọc và xác nhận mỗi bản mới"), required=False, initial=True
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for kind, key, name in choices:
            groups.setdefault(kind, []).append((key, name))
        self.fields["target"].choices = [  # type: ignore[attr-defined]
            ("", _("Chọn nơi nhận")),
            *((TARGET_NAMES[kind], some) for kind, some in groups.items()),
        ]


class QuestionForm(forms.Form):
    """One question that shows a document was understood."""

    text = forms.CharField(label=_("Câu hỏi"), max_length=400)
    options = forms.CharField(
        label=_("Các phương án"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi phương án một dòng, từ 2 đến 5 phương án."),
    )
    right = forms.IntegerField(
        label=_("Phương án đúng"), min_value=1, max_value=5,
        help_text=_("Ghi số thứ tự của dòng đúng, tính từ 1."),
    )  # fmt: skip

    def lines(self) -> tuple[str, ...]:
        """Return the options, blank lines left out."""
        raw = self.cleaned_data["options"].splitlines()
        return tuple(line.strip() for line in raw if line.strip())


class AnswersForm(forms.Form):
    """The questions of a revision as radio groups."""

    def __init__(self, *args: Any, questions: Sequence[QuestionFacts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for one in questions:
            self.fields[f"q{one.id}"] = forms.TypedChoiceField(
                label=one.text, choices=one.options, coerce=int, widget=forms.RadioSelect,
                error_messages={"required": _("Hãy chọn một phương án.")},
            )  # fmt: skip

    def answers(self) -> dict[int, int | None]:
        """Return the chosen option by question."""
        return {one.id: self.cleaned_data.get(f"q{one.id}") for one in self.questions}

    def mark_wrong(self, wrong: frozenset[int]) -> None:
        """Say at each wrong question where to look again, without giving the answer away."""
        for one in self.questions:
            if one.id in wrong:
                said = _("Chưa đúng. Hãy đọc lại nội dung này trong tài liệu rồi chọn lại.")
                self.add_error(f"q{one.id}", said)

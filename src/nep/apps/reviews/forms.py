"""Forms of reviews."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.reviews.queries import DecisionLine, ReviewPage, StartValues
from nep.apps.reviews.rules import life
from nep.apps.reviews.rules.inputs import EDITION_NAMES, NOTHING_ELSE, Input, OutputKind
from nep.apps.reviews.rules.life import Decided, Minutes
from nep.apps.reviews.services import ReviewPlan

Choices = Sequence[tuple[Any, Any]]
_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}
FEWEST_ROWS, SPARE_ROWS = 6, 2


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY), **more
    )


def _words(label: Any, *, rows: int = 3, most: int = 4000, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class PlanForm(forms.Form):
    """When, where, who, about what."""

    meets_on = _day(_("Ngày họp"))
    meets_at = forms.RegexField(
        r"^([01]?\d|2[0-3])[:hg]?[0-5]\d$", label=_("Giờ họp"), required=False,
        widget=forms.TextInput(attrs={"class": "num", "placeholder": "08:00"}),
        error_messages={"invalid": _("Hãy ghi giờ như 08:00.")},
    )  # fmt: skip
    place = forms.CharField(label=_("Địa điểm"), max_length=200, required=False)
    chair = forms.TypedChoiceField(label=_("Chủ trì"), coerce=int)
    people = forms.TypedMultipleChoiceField(
        label=_("Mời dự"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    agenda = _words(_("Nội dung họp, mỗi dòng một mục"), rows=4, required=False)

    def __init__(self, *args: Any, start: StartValues, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chair"].choices = list(start.leaders)  # type: ignore[attr-defined]
        self.fields["people"].choices = list(start.members)  # type: ignore[attr-defined]

    def plan(self) -> ReviewPlan:
        """Return what was planned."""
        kept = self.cleaned_data
        return ReviewPlan(
            meets_on=kept["meets_on"], chair_id=kept["chair"], people=tuple(kept["people"]),
            meets_at=_hour(kept["meets_at"]), place=kept["place"],
            agenda=tuple(kept["agenda"].splitlines()),
        )  # fmt: skip


def _hour(text: str) -> str:
    digits = "".join(letter for letter in text if letter.isdigit())
    return f"{digits[:-2].zfill(2)}:{digits[-2:]}" if digits else ""


def start_initial(start: StartValues) -> dict[str, Any]:
    """Return what a new review's form holds at first."""
    return {
        "edition": start.edition, "starts_on": start.starts_on, "ends_on": start.ends_on,
        "meets_on": start.meets_on, "meets_at": start.meets_at, "place": start.place,
        "chair": start.chair_id, "people": list(start.people), "agenda": "\n".join(start.agenda),
    }  # fmt: skip


def plan_initial(page: ReviewPage) -> dict[str, Any]:
    """Return what the form of a changed plan holds at first."""
    return {
        "meets_on": page.meets_on, "meets_at": page.meets_at, "place": page.place,
        "chair": page.chair_id, "people": [one.person_id for one in page.participants],
        "agenda": "\n".join(page.agenda),
    }  # fmt: skip


class PrepareForm(PlanForm):
    """Which period, by which edition, and the plan of the meeting."""

    starts_on = _day(_("Kỳ xem xét từ ngày"))
    ends_on = _day(_("đến ngày"))
    edition = forms.ChoiceField(label=_("Theo bản"), choices=list(EDITION_NAMES.items()))


class RemarksForm(forms.Form):
    """Words to each input, apart from its figures."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, inputs: Iterable[Input], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in inputs:
            self.fields[one.key] = _words(one.title, rows=2, most=life.MOST_REMARKS, required=False)


class OpinionForm(forms.Form):
    """What somebody who is called says of an input before the meeting."""

    input = forms.ChoiceField(label=_("Về mục"))
    text = _words(_("Ý kiến của bạn, của đơn vị bạn"), rows=3, most=1000)

    def __init__(self, *args: Any, inputs: Iterable[Input], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("chọn mục")), *((one.key, one.title) for one in inputs)]
        self.fields["input"].choices = choices  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    reason = _words(_("Lý do"), rows=2, most=1000)


class MinutesForm(forms.Form):
    """Who was there, what was concluded, what was decided."""

    held_on = _day(_("Ngày họp"))
    present = forms.TypedMultipleChoiceField(
        label=_("Có mặt"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    all_present = forms.BooleanField(label=_("Mọi người được mời đều có mặt"), required=False)
    follow = forms.BooleanField(
        label=_("Việc chưa xong của lần trước: đã xem lại, theo dõi tiếp"), required=False
    )
    verdict = forms.ChoiceField(
        label=_("Kết luận chung về hệ thống"), widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn kết luận chung về hệ thống.")},
        choices=list(life.VERDICT_NAMES.items()),
    )  # fmt: skip
    conclusion = _words(_("Lời kết luận"), rows=2, required=False,
                        help_text=_("Bắt buộc khi còn điểm phải sửa."))  # fmt: skip
    nothing_else = forms.BooleanField(
        label=_("Mục nào để trống: không có ý kiến khác"), required=False
    )

    def __init__(
        self, *args: Any, participants: Choices, people: Choices, outputs: Sequence[OutputKind],
        asks_follow: bool, rows: int = FEWEST_ROWS, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.outputs = tuple(outputs)
        self.fields["present"].choices = list(participants)  # type: ignore[attr-defined]
        if not asks_follow:
            del self.fields["follow"]
        for one in self.outputs:
            label = f"{one.title} ({one.number})"
            self.fields[f"out_{one.key}"] = _words(label, rows=2, required=False)
        known = [("", _("cả cuộc họp")), *((one.key, one.title) for one in self.outputs)]
        self.places = range(1, rows + 1)
        for place in self.places:
            self.fields[f"title_{place}"] = forms.CharField(
                label=_("Việc phải làm"), max_length=400, required=False
            )
            self.fields[f"owner_{place}"] = forms.TypedChoiceField(
                label=_("Người làm"), coerce=int, required=False, empty_value=None,
                choices=[("", _("chọn người làm")), *people],
            )  # fmt: skip
            self.fields[f"due_{place}"] = _day(_("Hạn"), required=False)
            self.fields[f"output_{place}"] = forms.ChoiceField(
                label=_("Thuộc kết luận"), choices=known, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Ask for who and until when of every decision that has words, and for the words."""
        kept = super().clean() or {}
        for place in self.places:
            if kept.get(f"title_{place}", "").strip():
                if not kept.get(f"owner_{place}"):
                    self.add_error(f"owner_{place}", _("Hãy chọn người làm."))
                if not kept.get(f"due_{place}") and f"due_{place}" not in self.errors:
                    self.add_error(f"due_{place}", _("Hãy ghi hạn."))
            elif kept.get(f"owner_{place}") or kept.get(f"due_{place}"):
                self.add_error(
                    f"title_{place}", _("Hãy ghi việc phải làm, hoặc bỏ cả người làm và hạn.")
                )
        return kept

    def minutes(self) -> Minutes:
        """Return what was written."""
        kept = self.cleaned_data
        return Minutes(
            held_on=kept["held_on"], present=self._present(), verdict=kept["verdict"],
            conclusion=kept["conclusion"],
            outputs={one.key: kept[f"out_{one.key}"] for one in self.outputs},
            nothing_else=kept["nothing_else"], follow=kept.get("follow", False),
            decisions=tuple(
                Decided(kept[f"title_{place}"], kept[f"owner_{place}"], kept[f"due_{place}"],
                        kept[f"output_{place}"])
                for place in self.places
                if kept[f"title_{place}"].strip()
            ),
        )  # fmt: skip

    def _present(self) -> frozenset[int]:
        if self.cleaned_data["all_present"]:
            return frozenset(id_ for id_, _name in self.fields["present"].choices)  # type: ignore[attr-defined]
        return frozenset(self.cleaned_data["present"])

    def output_fields(self) -> list[Any]:
        """Return the fields of the outputs, for the page."""
        return [self[f"out_{one.key}"] for one in self.outputs]

    def decision_rows(self) -> list[dict[str, Any]]:
        """Return the fields of each decision; a row `is_open` that is among the first or filled."""
        return [
            {
                "place": place,
                "is_open": place <= SPARE_ROWS or bool(self[f"title_{place}"].value()),
                **{name: self[f"{name}_{place}"] for name in ("title", "owner", "due", "output")},
            }
            for place in self.places
        ]


def minutes_initial(
    page: ReviewPage, *, today: date, decisions: Sequence[DecisionLine]
) -> dict[str, Any]:
    """Return what the form of minutes holds at first: everybody called, or what was written."""
    said: Mapping[str, Any] | None = page.minutes
    if said is None:
        day = min(max(page.meets_on, page.frozen_at.date()), today)
        return {"held_on": day}
    kept: dict[str, Any] = {
        "held_on": page.held_on, "verdict": said["verdict"], "conclusion": said["conclusion"],
        "present": [one.person_id for one in page.participants if one.present],
        "nothing_else": NOTHING_ELSE in said["outputs"].values(),
    }  # fmt: skip
    for key, text in said["outputs"].items():
        kept[f"out_{key}"] = "" if text == NOTHING_ELSE else text
    for place, one in enumerate(decisions, start=1):
        kept |= {f"title_{place}": one.title, f"owner_{place}": one.owner_id,
                 f"due_{place}": one.due_on, f"output_{place}": one.output}  # fmt: skip
    return kept

"""What a step carries besides role and limit: controlled forms, the record it leaves, its data.

It belongs to the definition, is versioned with it and covered by its content hash.
Source: ISO 9001:2015 điều 7.5 (thông tin dạng văn bản), 8.5.1; TCVN ISO 9001.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nep.bpmn import RESERVED
from nep.kernel.text import fold

TEXT, LONG, NUMBER, MONEY, DATE, CHOICE, YES_NO, FILE = (
    "text",
    "long",
    "number",
    "money",
    "date",
    "choice",
    "yes_no",
    "file",
)
KIND_NAMES: dict[str, str] = {
    TEXT: "chữ, một dòng",
    LONG: "chữ, nhiều dòng",
    NUMBER: "số",
    MONEY: "số tiền (đồng)",
    DATE: "ngày",
    CHOICE: "chọn một trong danh sách",
    YES_NO: "có hoặc không",
    FILE: "tệp đính kèm",
}
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NOT_NAME = re.compile(r"[^a-z0-9]+")
MAX_FORMS, MAX_FIELDS, MAX_CHOICES = 20, 40, 40
FILE_KINDS = ("pdf", "docx", "xlsx", "png", "jpg")


@dataclass(frozen=True, slots=True)
class FormRef:
    """A controlled form that a step uses; code and title as they were when it was chosen."""

    document_id: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """The record that a step leaves: what, kept by whom, how long.

    `series` is the code of a series of the agency's file plan, "" when it is kept elsewhere.
    """

    name: str
    place: str = ""
    term: str = ""
    series: str = ""


@dataclass(frozen=True, slots=True)
class DataField:
    """One field that is filled when the step is finished.

    `name` is what conditions read; `shown_if` a condition over the fields of this step and of the
    case; `is_personal` marks data about a person, masked where applicants are. A field of kind FILE
    takes the kinds of files in `choices` (all of FILE_KINDS where none is named), of at most
    `most_mb` megabytes (0: what the installation allows).
    """

    name: str
    label: str
    kind: str = TEXT
    is_required: bool = False
    choices: tuple[str, ...] = ()
    shown_if: str = ""
    is_personal: bool = False
    most_mb: int = 0

    @property
    def file_kinds(self) -> tuple[str, ...]:
        """Return the kinds of files that a field takes."""
        return self.choices or FILE_KINDS


@dataclass(frozen=True, slots=True)
class Carried:
    """What one step carries."""

    forms: tuple[FormRef, ...] = ()
    record: KeptRecord | None = None
    fields: tuple[DataField, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.forms or self.record or self.fields)

    def field(self, name: str) -> DataField | None:
        """Return a field by its name, or None."""
        return next((one for one in self.fields if one.name == name), None)


NOTHING = Carried()


def name_made_of(label: str) -> str:
    """Return the name that conditions read, made of a label: "Kết quả" gives "ket_qua"."""
    made = _NOT_NAME.sub("_", fold(label)).strip("_")[:36] or "o"
    return made if made[0].isalpha() and made not in RESERVED else f"o_{made}"[:36]


def carried_content(carried: Mapping[str, Carried]) -> dict[str, Any]:
    """Return what the steps carry as plain values; steps that carry nothing are left out."""
    return {step: _content(one) for step, one in sorted(carried.items()) if one}


def carried_text(carried: Mapping[str, Carried]) -> str:
    """Return what the steps carry as canonical JSON text, "" when none carries anything."""
    content = carried_content(carried)
    if not content:
        return ""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_carried(text: str) -> dict[str, Carried]:
    """Return what the steps carry from its JSON text."""
    return {step: _read(one) for step, one in json.loads(text or "{}").items()}


def _content(one: Carried) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if one.forms:
        content["forms"] = [[form.document_id, form.code, form.title] for form in one.forms]
    if one.record:
        kept = one.record
        content["record"] = [kept.name, kept.place, kept.term, kept.series]
    if one.fields:
        content["fields"] = [
            {
                "name": field.name,
                "label": field.label,
                "kind": field.kind,
                **({"required": True} if field.is_required else {}),
                **({"choices": list(field.choices)} if field.choices else {}),
                **({"shown_if": field.shown_if} if field.shown_if else {}),
                **({"personal": True} if field.is_personal else {}),
                **({"most_mb": field.most_mb} if field.most_mb else {}),
            }
            for field in one.fields
        ]
    return content


def _read(content: Mapping[str, Any]) -> Carried:
    record = content.get("record")
    return Carried(
        forms=tuple(FormRef(*form) for form in content.get("forms", ())),
        record=KeptRecord(*record) if record else None,
        fields=tuple(
            DataField(
                name=field["name"],
                label=field["label"],
                kind=field["kind"],
                is_required=field.get("required", False),
                choices=tuple(field.get("choices", ())),
                shown_if=field.get("shown_if", ""),
                is_personal=field.get("personal", False),
                most_mb=field.get("most_mb", 0),
            )
            for field in content.get("fields", ())
        ),
    )

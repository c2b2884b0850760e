"""The data that a step asks for: read as typed, shown under conditions, told in words. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from nep.apps.procedures.rules.carried import (
    CHOICE,
    DATE,
    FILE,
    LONG,
    MONEY,
    NUMBER,
    YES_NO,
    DataField,
)
from nep.bpmn import ConditionError, evaluate, parse_condition
from nep.kernel.text import clean, clean_lines
from nep.kernel.vietnamese import date_text, number_text, parse_date, parse_number

PREFIX = "d_"
LONGEST = {LONG: 4000}
SHORT = 300
MASK = "•••"
_LARGEST = Decimal(10) ** 15
_YES, _NO = "1", "0"


@dataclass(frozen=True, slots=True)
class Entered:
    """What was typed: values by name, a sentence for each field that is wrong."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_entered(
    fields: tuple[DataField, ...],
    typed: Mapping[str, str],
    known: Mapping[str, Any],
    *,
    is_whole: bool = True,
    given: Collection[str] = (),
) -> Entered:
    """Return what was typed into the fields that are asked for, in their order.

    `given` names the fields of kind FILE for which a file was chosen; they are left to the writer.

    `known` is the data of the case that conditions read too; a field whose condition does not
    hold is left out. Without `is_whole` what is missing is no error (the case goes back).
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for one in fields:
        if not is_shown(one, {**known, **values}):
            continue
        if one.kind == FILE:
            if one.is_required and is_whole and one.name not in given:
                errors[one.name] = f"Hãy chọn tệp “{one.label}”."
            continue
        text = clean_lines(typed.get(one.name, "")) if one.kind == LONG else ""
        text = text or clean(typed.get(one.name, ""))
        if not text:
            if one.is_required and is_whole:
                errors[one.name] = f"Hãy ghi “{one.label}”."
            continue
        value, wrong = _read(one, text)
        if wrong:
            errors[one.name] = wrong
        else:
            values[one.name] = value
    return Entered(values, errors)


def is_shown(one: DataField, data: Mapping[str, Any]) -> bool:
    """Say whether a field is asked for; one whose condition cannot be read is."""
    if not one.shown_if:
        return True
    try:
        return evaluate(parse_condition(one.shown_if), data)
    except ConditionError:
        return True


def _read(one: DataField, text: str) -> tuple[Any, str]:
    if one.kind in {NUMBER, MONEY}:
        return _number(one, text)
    if one.kind == DATE:
        day = parse_date(text)
        if day is None:
            return None, f"“{one.label}” phải là ngày dạng dd/mm/yyyy."
        return day.isoformat(), ""
    if one.kind == YES_NO:
        if text not in {_YES, _NO}:
            return None, f"Hãy chọn có hoặc không cho “{one.label}”."
        return text == _YES, ""
    if one.kind == CHOICE and text not in one.choices:
        return None, f"Hãy chọn một mục trong danh sách của “{one.label}”."
    most = LONGEST.get(one.kind, SHORT)
    if len(text) > most:
        return None, f"“{one.label}” dài quá {most} chữ."
    return text, ""


def _number(one: DataField, text: str) -> tuple[Any, str]:
    found = parse_number(text)
    if found is None or abs(found) >= _LARGEST:
        return None, f"“{one.label}” phải là số, ví dụ 1.250 hoặc 12,5."
    if one.kind == MONEY and (found < 0 or found != found.to_integral_value()):
        return None, f"“{one.label}” là số tiền chẵn đồng, ví dụ 150.000."
    return (int(found) if found == found.to_integral_value() else float(found)), ""


def impersonal(fields: tuple[DataField, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that are not about a person: gateways read them, an erasure of the
    applicant leaves them."""
    personal = {one.name for one in fields if one.is_personal}
    return {name: value for name, value in values.items() if name not in personal}


def deciding(fields: tuple[DataField, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that join the case's data, which ways out read: no person, no file."""
    kept = tuple(one for one in fields if one.kind != FILE)
    names = {one.name for one in kept}
    return {name: value for name, value in impersonal(kept, values).items() if name in names}


def file_of(value: Any) -> int | None:
    """Return the stored file that a value names, or None."""
    return value.get("file") if isinstance(value, Mapping) else None


def texts_of(values: Mapping[str, Any]) -> list[str]:
    """Return the words among values: texts, and the names of files."""
    words = [one.get("name") if isinstance(one, Mapping) else one for one in values.values()]
    return [one for one in words if isinstance(one, str)]


def replaced(values: Mapping[str, Any], replace: Callable[[str], str]) -> dict[str, Any]:
    """Return values with their words replaced."""
    return {
        key: {**value, "name": replace(str(value.get("name", "")))}
        if isinstance(value, Mapping)
        else replace(value)
        if isinstance(value, str)
        else value
        for key, value in values.items()
    }


def value_said(one: DataField, value: Any) -> str:
    """Return a stored value in words: "12,5", "150.000 đồng", "05/01/2026", "có"."""
    if isinstance(value, Mapping):
        return str(value.get("name", ""))
    if isinstance(value, bool):
        return "có" if value else "không"
    if one.kind == DATE and isinstance(value, str):
        day = parse_date(value)
        return date_text(day) if day else value
    if isinstance(value, int | float):
        said = number_text(value)
        return f"{said} đồng" if one.kind == MONEY else said
    return str(value)


def typed_of(one: DataField, value: Any) -> str:
    """Return a stored value as it would be typed again."""
    if isinstance(value, bool):
        return _YES if value else _NO
    said = value_said(one, value)
    return said.removesuffix(" đồng") if one.kind == MONEY else said


@dataclass(frozen=True, slots=True)
class Line:
    """A field that was filled: label, value in words, whether it is masked, the name of a field
    that holds a file ("" for others)."""

    label: str
    value: str
    is_masked: bool
    file: str = ""


def lines_said(
    fields: tuple[DataField, ...], values: Mapping[str, Any], *, masks: bool
) -> Iterator[Line]:
    """Yield what was filled, in the order of the fields."""
    for one in fields:
        if one.name in values:
            value = values[one.name]
            hidden = masks and one.is_personal
            file = one.name if file_of(value) else ""
            yield Line(one.label, MASK if hidden else value_said(one, value), hidden, file)

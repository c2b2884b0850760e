"""Conditions in words from the labels of the fields they read, and the same words read back. Pure.

`ket_qua = "Đạt"` is said "Kết quả là Đạt"; what has no label is said by its name. Words never parse
as the condition language itself, so that a reader can tell the two apart.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from nep.apps.procedures.rules.carried import DATE, MONEY, Carried, DataField, name_made_of
from nep.bpmn import ConditionError, Process, parse_condition
from nep.bpmn.conditions import (
    Both,
    Comparison,
    Either,
    Expr,
    Field,
    Literal,
    Membership,
    Not,
)
from nep.kernel.vietnamese import date_text, number_text, parse_date, parse_number

AND, OR = " và ", " hoặc "
YES, NO, NOT = ": có", ": không", "không phải"
_SIGNS = {
    "=": "là", "!=": "khác", "<": "dưới", "<=": "không quá", ">": "trên", ">=": "từ",
}  # fmt: skip
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_DAY_SIGNS = {**_SIGNS, "<": "trước", "<=": "đến", ">": "sau"}
_READ = {words: sign for signs in (_SIGNS, _DAY_SIGNS) for sign, words in signs.items()}
_AMONG = "thuộc"
_MONEY, _DAY = " đồng", "ngày "
_NEEDS_QUOTES = re.compile(
    r"[(),;:“”\[\]]|(?:^|\s)(?:và|hoặc|là|khác|dưới|trên|từ|thuộc|trước|đến|sau|không quá|không phải)(?:\s|$)"
)
_ATOM = re.compile(
    r"(?P<name>“[^“”]+”|.+?)(?: \((?P<key>[a-z_][\w.]*)\))?"
    r"(?:: (?P<truth>có|không)| (?P<sign>là|khác|dưới|không quá|trên|từ|thuộc|trước|đến|sau) (?P<value>.+))"
)
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|'[^']*'")
Labels = Mapping[str, DataField]


def labels_of(carried: Mapping[str, Carried]) -> dict[str, DataField]:
    """Return the data fields of all steps by the name that conditions read."""
    return {field.name: field for one in carried.values() for field in one.fields}


def condition_words(text: str, labels: Labels) -> str:
    """Return a condition in Vietnamese words; one that cannot be read stands as it was typed."""
    try:
        return _said(parse_condition(text), labels) if text.strip() else ""
    except ConditionError:
        return text


MOST_NESTED = 50
"""Words with more brackets are not read."""


def condition_of(text: str, labels: Labels) -> str:
    """Return the condition that words (or the condition language itself) say.

    A label nobody knows becomes the name made of it. Raises ConditionError.
    """
    try:
        parse_condition(text)
    except ConditionError as error:
        found = _Words(labels).read(text) if text.count("(") <= MOST_NESTED else None
        if found is None:
            raise error
        parse_condition(found)
        return found
    return text


def with_words(process: Process, labels: Labels) -> Process:
    """Return a graph for drawing whose conditions are said in words."""
    if not any(flow.condition for flow in process.flows):
        return process
    return replace(
        process,
        flows=tuple(
            replace(flow, condition=condition_words(flow.condition, labels))
            for flow in process.flows
        ),
    )


def same_condition(one: str, other: str) -> bool:
    """Say whether two texts are the same condition, however they are spaced or spelt."""
    if one == other:
        return True
    try:
        return bool(one and other) and (
            _normal(parse_condition(one)) == _normal(parse_condition(other))
        )
    except ConditionError:
        return False


def printed_condition(text: str, labels: Labels) -> str:
    """Return a condition in words that a reader without the labels reads back as the same one;
    where words cannot promise that, the condition as it was typed."""
    said = condition_words(text, labels)
    try:
        return said if same_condition(condition_of(said, {}), text) else text
    except ConditionError:
        return text


def _said(expr: Expr, labels: Labels) -> str:
    if isinstance(expr, Either):
        return OR.join(_said(part, labels) for part in expr.parts)
    if isinstance(expr, Both):
        return AND.join(
            f"({_said(part, labels)})" if isinstance(part, Either) else _said(part, labels)
            for part in expr.parts
        )
    if isinstance(expr, Not):
        return f"{NOT} ({_said(expr.operand, labels)})"
    if isinstance(expr, Comparison):
        return _comparison(expr, labels)
    if isinstance(expr, Membership):
        members = ", ".join(_operand(one, expr.operand, labels) for one in expr.members)
        return f"{_subject(expr.operand, labels)} {_AMONG} ({members})"
    if isinstance(expr, Field):
        return _subject(expr, labels) + YES
    return "luôn đúng" if expr.value is True else "luôn sai"


def _comparison(expr: Comparison, labels: Labels) -> str:
    sign, left, right = expr.sign, expr.left, expr.right
    if isinstance(left, Literal) and isinstance(right, Field):
        sign, left, right = _MIRRORED.get(sign, sign), right, left
    if isinstance(right, Literal) and isinstance(right.value, bool) and sign in ("=", "!="):
        is_yes = right.value is (sign == "=")
        return _subject(left, labels) + (YES if is_yes else NO)
    value = _operand(right, left, labels)
    signs = _DAY_SIGNS if value.startswith(_DAY) else _SIGNS
    return f"{_subject(left, labels)} {signs[sign]} {value}"


def _subject(operand: Field | Literal, labels: Labels) -> str:
    if isinstance(operand, Literal):
        return _value(operand, None)
    known = labels.get(operand.name)
    if known is None or "“" in known.label or "”" in known.label:
        return operand.name
    label = f"“{known.label}”" if _NEEDS_QUOTES.search(known.label) else known.label
    return label if name_made_of(known.label) == operand.name else f"{label} ({operand.name})"


def _operand(one: Field | Literal, beside: Field | Literal, labels: Labels) -> str:
    """Return what a field is compared with, in the unit of the field."""
    if isinstance(one, Field):
        return f"ô {_subject(one, labels)}"
    return _value(one, labels.get(beside.name) if isinstance(beside, Field) else None)


def _value(one: Literal, field: DataField | None) -> str:
    if isinstance(one.value, bool):
        return "có" if one.value else "không"
    if isinstance(one.value, Decimal):
        said = number_text(one.value)
        return said + _MONEY if field and field.kind == MONEY else said
    day = parse_date(one.value) if field and field.kind == DATE else None
    if day is not None and day.isoformat() == one.value:
        return _DAY + date_text(day)
    if "“" in one.value or "”" in one.value:
        return f'"{one.value}"' if '"' not in one.value else f"'{one.value}'"
    plain = one.value and one.value == one.value.strip() and not _NEEDS_QUOTES.search(one.value)
    told_apart = plain and parse_number(one.value) is None and not one.value.startswith("ô ")
    return one.value if told_apart and one.value not in ("có", "không") else f"“{one.value}”"


class _Words:
    """Read words back into a condition; None where they say nothing known."""

    def __init__(self, labels: Labels) -> None:
        self._names: dict[str, str] = {}
        for name, field in labels.items():  # of two fields with one label the one named by it
            if name_made_of(field.label) == name:
                self._names[field.label.casefold()] = name
            else:
                self._names.setdefault(field.label.casefold(), name)

    def read(self, text: str) -> str | None:
        """Return the condition of one whole text."""
        return self._joined(text.strip(), ((OR, "or"), (AND, "and")))

    def _joined(self, text: str, levels: Iterable[tuple[str, str]]) -> str | None:
        rest = tuple(levels)
        if not rest:
            return self._atom(text)
        (words, sign), *deeper = rest
        pieces = _parted(text, words)
        found = [self._joined(piece.strip(), deeper) for piece in pieces]
        said = [one for one in found if one is not None]
        if len(said) < len(found):
            return None
        return f" {sign} ".join(said)

    def _atom(self, text: str) -> str | None:
        if text.startswith(f"{NOT} (") and text.endswith(")"):
            inner = self.read(text[len(NOT) + 2 : -1])
            return None if inner is None else f"not ({inner})"
        if text.startswith("(") and text.endswith(")"):
            inner = self.read(text[1:-1])
            return None if inner is None else f"({inner})"
        if text in ("luôn đúng", "luôn sai"):
            return "true" if text == "luôn đúng" else "false"
        found = _ATOM.fullmatch(text)
        if found is None:
            return None
        name = found["key"] or self._name(found["name"])
        if found["truth"]:
            return f"{name} = {'true' if found['truth'] == 'có' else 'false'}"
        if found["sign"] == _AMONG:
            return self._membership(name, found["value"])
        value = self._value(found["value"])
        return None if value is None else f"{name} {_READ[found['sign']]} {value}"

    def _membership(self, name: str, text: str) -> str | None:
        if not (text.startswith("(") and text.endswith(")")):
            return None
        values = [self._value(one.strip()) for one in _parted(text[1:-1], ", ")]
        members = [one for one in values if one is not None]
        return f"{name} in ({', '.join(members)})" if len(members) == len(values) else None

    def _name(self, said: str) -> str:
        bare = said.strip("“”")
        known = self._names.get(bare.casefold())
        if known or re.fullmatch(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*", bare):
            return known or bare
        return name_made_of(bare)

    def _value(self, text: str) -> str | None:
        if _QUOTED.fullmatch(text):
            return text
        if text in ("có", "không"):
            return "true" if text == "có" else "false"
        if text.startswith("ô "):
            return self._name(text[2:])
        day = parse_date(text.removeprefix(_DAY)) if text.startswith(_DAY) else None
        if day is not None:
            return f'"{day.isoformat()}"'
        number = parse_number(text.removesuffix(_MONEY))
        if number is not None:
            return f"{number:f}"
        quote = '"' if '"' not in text else "'"
        return f"{quote}{text}{quote}" if text and quote not in text else None


def _parted(text: str, mark: str) -> list[str]:
    """Return a text cut at a mark that stands outside quotes and parentheses."""
    found, depth, start, at = [], 0, 0, 0
    while at < len(text):
        quoted = _QUOTED.match(text, at)
        if quoted is not None:
            at = quoted.end()
        elif depth == 0 and text.startswith(mark, at):
            found.append(text[start:at])
            at = start = at + len(mark)
        else:
            depth += (text[at] == "(") - (text[at] == ")")
            at += 1
    return [*found, text[start:]]


def _normal(expr: Expr) -> Expr:
    """Return a condition in one form of those that hold on the same data."""
    if isinstance(expr, Field):
        return Comparison("=", expr, Literal(True))
    if isinstance(expr, Not):
        return Not(_normal(expr.operand))
    if isinstance(expr, Both | Either):
        return type(expr)(tuple(_normal(part) for part in expr.parts))
    if not isinstance(expr, Comparison):
        return expr
    sign, left, right = expr.sign, expr.left, expr.right
    if isinstance(left, Literal) and isinstance(right, Field):
        sign, left, right = _MIRRORED.get(sign, sign), right, left
    if isinstance(right, Literal) and isinstance(right.value, bool) and sign == "!=":
        sign, right = "=", Literal(not right.value)
    return Comparison(sign, left, right)

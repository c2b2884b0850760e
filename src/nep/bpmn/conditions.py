"""The small typed language of conditions: parsed to a tree, total, never executed as code.

Comparison (= != < <= > >=), `and`/`or`/`not`, `in (…)`, fields by name, texts in quotes, numbers,
true and false; `và`, `hoặc`, `không`, `thuộc`, `đúng`, `sai` mean the same. A missing field or two
values that cannot be compared make a comparison false.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^']*'|\"[^\"]*\"|“[^”]*”)"
    r"|(?P<word>[^\W\d]\w*(?:\.[^\W\d]\w*)*)|(?P<sign><=|>=|!=|<>|==|&&|\|\||[=<>!(),;≠≤≥-]))"
)
_WORDS = {
    "and": "and", "và": "and", "or": "or", "hoặc": "or", "not": "not", "không": "not",
    "in": "in", "thuộc": "in", "true": "true", "đúng": "true", "false": "false", "sai": "false",
}  # fmt: skip
RESERVED = frozenset(_WORDS)  # what no field can be called
_SIGNS = {"==": "=", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">=", "&&": "and", "||": "or", ";": ","}
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_MAX_LENGTH = 2_000
_MAX_DEPTH = 50

Value = str | Decimal | bool


class ConditionError(ValueError):
    """The text is not a condition; `position` counts characters from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number or a truth value."""

    value: Value


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the case by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two operands and one of = != < <= > >=."""

    sign: str
    left: "Field | Literal"
    right: "Field | Literal"


@dataclass(frozen=True, slots=True)
class Membership:
    """An operand and the list it must be in."""

    operand: "Field | Literal"
    members: tuple["Field | Literal", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of one condition."""

    operand: "Expr"


@dataclass(frozen=True, slots=True)
class Both:
    """All conditions hold."""

    parts: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one condition holds."""

    parts: tuple["Expr", ...]


Expr = Literal | Field | Comparison | Membership | Not | Both | Either


def parse_condition(text: str) -> Expr:
    """Parse a condition into its tree.

    Raises ConditionError with a Vietnamese sentence and the position.
    """
    if len(text) > _MAX_LENGTH:
        raise ConditionError(f"Điều kiện dài quá {_MAX_LENGTH} ký tự.", _MAX_LENGTH)
    parser = _Parser(_scan(text), len(text))
    expression = parser.either(0)
    parser.expect_end()
    return expression


def evaluate(expr: Expr, data: Mapping[str, Any]) -> bool:
    """Tell whether the condition holds on the data of a case; never raises."""
    if isinstance(expr, Comparison):
        return _compare(expr.sign, _value(expr.left, data), _value(expr.right, data))
    if isinstance(expr, Both):
        return all(evaluate(part, data) for part in expr.parts)
    if isinstance(expr, Either):
        return any(evaluate(part, data) for part in expr.parts)
    if isinstance(expr, Not):
        return not evaluate(expr.operand, data)
    if isinstance(expr, Membership):
        value = _value(expr.operand, data)
        return any(_compare("=", value, _value(member, data)) for member in expr.members)
    return _value(expr, data) is True


def fields_of(expr: Expr) -> frozenset[str]:
    """Return the names of the fields a condition reads."""
    if isinstance(expr, Field):
        return frozenset({expr.name})
    if isinstance(expr, Comparison):
        return fields_of(expr.left) | fields_of(expr.right)
    if isinstance(expr, Membership):
        return fields_of(expr.operand).union(*(fields_of(m) for m in expr.members))
    if isinstance(expr, Not):
        return fields_of(expr.operand)
    if isinstance(expr, Both | Either):
        return frozenset().union(*(fields_of(part) for part in expr.parts))
    return frozenset()


def values_of(expr: Expr, name: str) -> frozenset[Value]:
    """Return the texts, numbers and truths that a condition compares a field with."""
    if isinstance(expr, Comparison):
        sides = (expr.left, expr.right)
        if Field(name) not in sides:
            return frozenset()
        return frozenset(one.value for one in sides if isinstance(one, Literal))
    if isinstance(expr, Membership):
        if expr.operand != Field(name):
            return frozenset()
        return frozenset(one.value for one in expr.members if isinstance(one, Literal))
    if isinstance(expr, Not):
        return values_of(expr.operand, name)
    if isinstance(expr, Both | Either):
        return frozenset().union(*(values_of(part, name) for part in expr.parts))
    return frozenset()


def _value(operand: Expr, data: Mapping[str, Any]) -> Value | None:
    if isinstance(operand, Literal):
        return operand.value
    found = data.get(operand.name) if isinstance(operand, Field) else None
    if isinstance(found, str | bool):
        return found
    if isinstance(found, int | float):
        found = Decimal(str(found))
    return found if isinstance(found, Decimal) and not found.is_nan() else None


def _compare(sign: str, left: Value | None, right: Value | None) -> bool:
    if left is None or right is None or isinstance(left, bool) is not isinstance(right, bool):
        return False
    if isinstance(left, str) is not isinstance(right, str):
        return False
    if sign == "=":
        return left == right
    if sign == "!=":
        return left != right
    if isinstance(left, bool):
        return False
    if sign == "<":
        return left < right  # type: ignore[operator]
    if sign == "<=":
        return left <= right  # type: ignore[operator]
    if sign == ">":
        return left > right  # type: ignore[operator]
    return left >= right  # type: ignore[operator]


def _scan(text: str) -> list[tuple[str, str, int]]:
    found, position = [], 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise ConditionError(
                f"Không hiểu điều kiện từ “{text[position:].strip()[:20]}”.", position
            )
        kind = str(match.lastgroup)
        piece = match.group(kind)
        if kind == "word":
            kind, piece = _word(piece)
        elif kind == "sign":
            piece = _SIGNS.get(piece, piece)
            kind, piece = ("key", "not") if piece == "!" else ("key", piece)
        found.append((kind, piece, match.start(str(match.lastgroup))))
        position = match.end()
    return found


def _word(piece: str) -> tuple[str, str]:
    key = _WORDS.get(piece.lower())
    return ("key", key) if key else ("field", piece)


class _Parser:
    def __init__(self, tokens: list[tuple[str, str, int]], length: int) -> None:
        self._tokens = tokens
        self._at = 0
        self._length = length

    def either(self, depth: int) -> Expr:
        parts = [self._both(depth)]
        while self._take("or"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def expect_end(self) -> None:
        if self._at < len(self._tokens):
            _, piece, position = self._tokens[self._at]
            raise ConditionError(f"Điều kiện thừa “{piece}”.", position)

    def _both(self, depth: int) -> Expr:
        parts = [self._negation(depth)]
        while self._take("and"):
            parts.append(self._negation(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _negation(self, depth: int) -> Expr:
        if depth > _MAX_DEPTH:
            raise ConditionError("Điều kiện lồng nhau quá sâu.", self._position())
        if self._take("not"):
            return Not(self._negation(depth + 1))
        if self._take("("):
            inner = self.either(depth + 1)
            self._need(")")
            return inner
        return self._relation()

    def _relation(self) -> Expr:
        left = self._operand()
        if self._at < len(self._tokens) and self._tokens[self._at][0] == "key":
            sign = self._tokens[self._at][1]
            if sign in _COMPARISONS:
                self._at += 1
                return Comparison(sign, left, self._operand())
            if sign == "in":
                self._at += 1
                return Membership(left, self._members())
            if sign == "not" and self._following() == "in":
                self._at += 2
                return Not(Membership(left, self._members()))
        if isinstance(left, Literal) and not isinstance(left.value, bool):
            raise ConditionError("Điều kiện thiếu phép so sánh.", self._position())
        return left

    def _following(self) -> str:
        after = self._tokens[self._at + 1 : self._at + 2]
        return after[0][1] if after and after[0][0] == "key" else ""

    def _members(self) -> tuple[Field | Literal, ...]:
        self._need("(")
        members = [self._operand()]
        while self._take(","):
            members.append(self._operand())
        self._need(")")
        return tuple(members)

    def _operand(self) -> Field | Literal:
        negative = self._take("-")
        if self._at >= len(self._tokens):
            raise ConditionError("Điều kiện bị bỏ dở.", self._length)
        kind, piece, position = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            return Literal(-Decimal(piece) if negative else Decimal(piece))
        if not negative and kind == "text":
            return Literal(piece[1:-1])
        if not negative and kind == "field":
            return Field(piece)
        if not negative and kind == "key" and piece in ("true", "false"):
            return Literal(piece == "true")
        raise ConditionError(
            f"Ở đây cần một trường hoặc một giá trị, không phải “{piece}”.", position
        )

    def _take(self, key: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at][:2] == ("key", key):
            self._at += 1
            return True
        return False

    def _need(self, key: str) -> None:
        if not self._take(key):
            raise ConditionError(f"Điều kiện thiếu dấu “{key}”.", self._position())

    def _position(self) -> int:
        return self._tokens[self._at][2] if self._at < len(self._tokens) else self._length

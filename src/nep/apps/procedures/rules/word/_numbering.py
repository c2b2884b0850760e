"""Numbers that Word writes by itself: they stand in no text and have to be counted."""

from dataclasses import dataclass, field

from nep.kernel.safexml import Element

_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
MAX_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered; `pattern` holds "%1" … "%9"."""

    kind: str = "decimal"
    pattern: str = "%1."
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """Count list paragraphs in the order of the document."""

    lists: dict[str, tuple[str, dict[int, Level]]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    outlines: dict[str, int] = field(default_factory=dict)
    _counts: dict[str, list[int]] = field(default_factory=dict)

    def next(self, *, list_id: str, level: int) -> str:
        """Return the number of the next paragraph of a list, "" for bullets and unknown lists."""
        known = self.lists.get(list_id)
        if known is None or not 0 <= level < MAX_LEVELS:
            return ""
        abstract, levels = known
        counts = self._counts.setdefault(abstract, [0] * MAX_LEVELS)
        own = levels.get(level, Level())
        counts[level] = counts[level] + 1 if counts[level] else own.start
        counts[level + 1 :] = [0] * (MAX_LEVELS - level - 1)
        if own.kind in ("bullet", "none"):
            return ""
        text = own.pattern
        for place in range(level + 1):
            shown = levels.get(place, Level())
            number = counts[place] or shown.start
            text = text.replace(f"%{place + 1}", _number(number, shown.kind))
        return text


def read_numbering(numbering: Element | None, styles: Element | None) -> Numbering:
    """Return the lists of a document and which paragraph styles number by themselves."""
    result = Numbering()
    if numbering is not None:
        abstracts = {
            _value(child, "abstractNumId"): _levels(child)
            for child in numbering
            if child.local == "abstractNum"
        }
        for child in numbering:
            if child.local == "num":
                abstract = next((part for part in child if part.local == "abstractNumId"), None)
                name = _value(abstract) if abstract is not None else ""
                result.lists[_value(child, "numId")] = (name, abstracts.get(name, {}))
    for style in styles if styles is not None else ():
        if style.local == "style":
            name = _value(style, "styleId")
            for properties in style:
                if properties.local == "pPr":
                    if found := list_of(properties):
                        result.styles[name] = found
                    if outline := outline_of(properties):
                        result.outlines[name] = outline
    return result


def outline_of(properties: Element) -> int:
    """Return the outline level of paragraph properties from 1, or 0 for body text."""
    for child in properties:
        if child.local == "outlineLvl" and (text := _value(child)).isdecimal() and int(text) < 9:
            return int(text) + 1
    return 0


def list_of(properties: Element) -> tuple[str, int] | None:
    """Return (list, level) of paragraph properties, or None."""
    for child in properties:
        if child.local == "numPr":
            parts = {part.local: _value(part) for part in child}
            if "numId" in parts or "ilvl" in parts:
                level = parts.get("ilvl", "0")
                return parts.get("numId", ""), int(level) if level.isdecimal() else 0
    return None


def _levels(abstract: Element) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for child in abstract:
        place = _value(child, "ilvl")
        if child.local != "lvl" or not place.isdecimal():
            continue
        parts = {part.local: _value(part) for part in child}
        start = parts.get("start", "1")
        levels[int(place)] = Level(
            parts.get("numFmt", "decimal"),
            parts.get("lvlText", ""),
            int(start) if start.isdecimal() and len(start) < 6 else 1,
        )
    return levels


def _value(element: Element, name: str = "val") -> str:
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""


def _number(number: int, kind: str) -> str:
    if kind in ("upperRoman", "lowerRoman") and number < 40:
        text, rest = "", number
        for worth, letters in _ROMAN:
            while rest >= worth:
                text, rest = text + letters, rest - worth
        return text if kind == "upperRoman" else text.lower()
    if kind in ("upperLetter", "lowerLetter") and number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if kind == "upperLetter" else letter
    return f"{number:02d}" if kind == "decimalZero" else str(number)

"""Headings of Word files and the numbers that Word counts by itself ("5.2", "b)", "IV")."""

import contextlib
import re

from nep.kernel.errors import Refusal
from nep.kernel.office import OfficeRefused, Package
from nep.kernel.safexml import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%(\d)")
_HEADING = re.compile(r"(?:heading|tiêu đề|đề mục)\s*(\d)", re.IGNORECASE)
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class Numbers:
    """Counts through one document; ask for each paragraph once, in order."""

    def __init__(self, package: Package) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        self._outline: dict[str, int] = {}
        self._styled: dict[str, tuple[str, int]] = {}
        with contextlib.suppress(OfficeRefused, Refusal, ValueError):
            if "word/numbering.xml" in package.names:
                self._read_lists(package.xml("word/numbering.xml"))
            if "word/styles.xml" in package.names:
                self._read_styles(package.xml("word/styles.xml"))

    def outline(self, paragraph: Element) -> int:
        """Return the level of a heading from 1, or 0 for text."""
        own = _path(paragraph, "pPr", "outlineLvl")
        if own is not None and _number(own) < 9:
            return _number(own) + 1
        return self._outline.get(_value(_path(paragraph, "pPr", "pStyle")), 0)

    def next(self, paragraph: Element) -> str:
        """Count the paragraph and return its number, or nothing."""
        settings = _path(paragraph, "pPr", "numPr")
        style = _value(_path(paragraph, "pPr", "pStyle"))
        list_, level = self._styled.get(style, ("", 0))
        if settings is not None:
            list_ = _value(settings.find(f"{W}numId")) or list_
            found = settings.find(f"{W}ilvl")
            level = _number(found) if found is not None else level
        if not list_ or list_ == "0" or not 0 <= level < 9:
            return ""
        return self._counted(self._lists.get(list_, list_), level)

    def _counted(self, list_: str, level: int) -> str:
        counts = self._counts.setdefault(list_, [0] * 9)
        start = self._levels.get((list_, level), ("", "", 1))[2]
        counts[level] = counts[level] + 1 if counts[level] else start
        counts[level + 1 :] = [0] * (8 - level)
        pattern, format_, _start = self._levels.get((list_, level), ("", "bullet", 1))
        if format_ in {"bullet", "none"}:
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            if not 0 <= at < 9:
                return ""
            own = self._levels.get((list_, at), ("", "decimal", 1))
            return _written(counts[at] or own[2], own[1])

        return _PLACE.sub(shown, pattern)[:40]

    def _read_lists(self, root: Element) -> None:
        for one in root.findall(f"{W}abstractNum"):
            key = str(one.get(f"{W}abstractNumId", ""))
            for level in one.findall(f"{W}lvl"):
                start = level.find(f"{W}start")
                self._levels[key, int(str(level.get(f"{W}ilvl", "0")))] = (
                    _value(level.find(f"{W}lvlText")),
                    _value(level.find(f"{W}numFmt")) or "decimal",
                    _number(start) if start is not None else 1,
                )
        for one in root.findall(f"{W}num"):
            self._lists[str(one.get(f"{W}numId", ""))] = _value(one.find(f"{W}abstractNumId"))

    def _read_styles(self, root: Element) -> None:
        for style in root.findall(f"{W}style"):
            key = str(style.get(f"{W}styleId", ""))
            level = _path(style, "pPr", "outlineLvl")
            named = _HEADING.match(_value(style.find(f"{W}name")))
            if level is not None and _number(level) < 9:
                self._outline[key] = _number(level) + 1
            elif named:
                self._outline[key] = int(named[1])
            list_ = _path(style, "pPr", "numPr", "numId")
            if list_ is not None:
                depth = _path(style, "pPr", "numPr", "ilvl")
                self._styled[key] = (_value(list_), _number(depth) if depth is not None else 0)


def _path(element: Element, *names: str) -> Element | None:
    found: Element | None = element
    for name in names:
        found = found.find(W + name) if found is not None else None
    return found


def _value(element: Element | None) -> str:
    return "" if element is None else str(element.get(f"{W}val", ""))


def _number(element: Element) -> int:
    text = _value(element)
    return int(text) if text.isdigit() else 9


def _written(number: int, format_: str) -> str:
    if format_ in {"lowerLetter", "upperLetter"} and 1 <= number <= 26:
        letter = chr(96 + number)
        return letter if format_ == "lowerLetter" else letter.upper()
    if format_ in {"lowerRoman", "upperRoman"} and 1 <= number < 40:
        text, left = "", number
        for value, sign in _ROMAN:
            while left >= value:
                text, left = text + sign, left - value
        return text if format_ == "lowerRoman" else text.upper()
    return str(number)

"""What PDF and Word work out alike of a paper's parts: widths of columns, recipients; pure.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I (trích yếu, nơi nhận).
"""

from collections.abc import Iterable, Sequence

from nep.foundation.printing.paper import Paper, Signature, Table

RECIPIENTS = "nơi nhận"
_LOOKED_AT = 400  # rows; more tell nothing new of how wide a column must be
_NARROW = frozenset("iIljtf.,;:'’!|()[]/- ")
_MARGINS, _WIDEST_WORD = 3.8, 34.0  # millimetres
_NARROW_LETTER, _LETTER, _CAPITAL, _BOLD = 1.3, 2.15, 3.1, 1.06  # millimetres at 12 points; a share


def column_widths(table: Table, width: float) -> list[float]:
    """Return the widths of a table's columns in millimetres.

    Each has its weight's share, but room for its longest word: what a narrow one needs more, the
    roomy ones give.
    """
    whole = sum(column.weight for column in table.columns)
    needs = _needs(table)
    widths = [
        max(width * column.weight / whole, need)
        for column, need in zip(table.columns, needs, strict=True)
    ]
    over = sum(widths) - width
    spare = [wide - need for wide, need in zip(widths, needs, strict=True)]
    if over <= 0:
        return widths
    if sum(spare) <= over:
        return [width * need / sum(needs) for need in needs]
    return [wide - over * more / sum(spare) for wide, more in zip(widths, spare, strict=True)]


def _needs(table: Table) -> list[float]:
    found = [_longest(column.title.split(), _BOLD) for column in table.columns]
    if any(not isinstance(one, str) for row in table.rows[:1] for one in row):
        return found
    for row in table.rows[:_LOOKED_AT]:
        for place, one in enumerate(row[: len(found)]):
            if isinstance(one, str):
                found[place] = max(found[place], _longest(one.split()))
    return found


def _longest(words: Iterable[str], face: float = 1.0) -> float:
    longest = max((sum(map(_wide, word)) for word in words), default=0.0)
    return min(longest * face + _MARGINS, _WIDEST_WORD)


def _wide(letter: str) -> float:
    if letter in _NARROW:
        return _NARROW_LETTER
    return _CAPITAL if letter.isupper() or letter in "mwMW%…" else _LETTER


def recipients(place: Signature) -> tuple[str, ...]:
    """Return the lines under "Nơi nhận:", () where a place is one to sign."""
    if place.title.lower() != RECIPIENTS:
        return ()
    parts = [one.strip(" .") for one in place.note.split(";") if one.strip(" .")]
    lines = [f"- {one[0].upper()}{one[1:]}" for one in parts]
    return tuple(f"{one}{'.' if one is lines[-1] else ';'}" for one in lines)


def tells_what_about(paper: Paper) -> bool:
    """Tell whether the subtitle says what a paper is about, set bold with a short rule below."""
    return paper.subtitle.startswith("Về việc ")


def places_data(places: Sequence[Signature]) -> list[dict[str, object]]:
    """Return places to sign as plain data, with the recipients' lines."""
    return [
        {
            "title": one.title,
            "note": one.note,
            "name": one.name,
            "recipients": list(recipients(one)),
        }
        for one in places
    ]

"""Two editions side by side, and clauses found by their words."""

from dataclasses import dataclass

from nep.apps.standards import rules
from nep.apps.standards.queries._shipped import edition_facts, mapping, shipped
from nep.apps.standards.rules import Clause, Edition, Link
from nep.kernel.text import fold


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """Clauses that answer to one another and what changed between them."""

    older: tuple[Clause, ...]
    newer: tuple[Clause, ...]
    change: str
    note: str
    mark: str

    @property
    def change_name(self) -> str:
        """Return the change in a word."""
        return rules.CHANGE_NAMES[self.change]

    @property
    def mark_name(self) -> str:
        """Return the mark in words."""
        return rules.MARK_NAMES.get(self.mark, "")

    @property
    def is_gap(self) -> bool:
        """Say whether the newer edition asks for something more, or in another place."""
        return self.change not in {rules.SAME, rules.RENAMED, rules.MOVED}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two editions by the clauses of the newer one; `lost` are older ones that nothing answers."""

    older: Edition
    newer: Edition
    lines: tuple[ComparisonLine, ...]
    lost: tuple[Clause, ...]

    @property
    def gaps(self) -> tuple[ComparisonLine, ...]:
        """Return the lines that ask for something to be done."""
        return tuple(line for line in self.lines if line.is_gap)

    @property
    def changed(self) -> int:
        """Return how many lines are not the same."""
        return sum(line.change != rules.SAME for line in self.lines)


def comparison(*, older: str, newer: str) -> Comparison:
    """Return two editions side by side, by the rows of the newer one in their order."""
    old, new = edition_facts(older), edition_facts(newer)
    assert old is not None
    assert new is not None
    back, pair = mapping(newer, older), shipped().pair(older, newer)
    links = _links(pair.links if pair else (), new)
    lines = []
    for row in new.rows:
        answers = _whole(tuple(old.numbers[number] for number in back[row.number]))
        link = links.get(row.number)
        if link is not None:
            change, note, mark = link.change, link.note, link.mark
        elif pair is None:
            change, note, mark = _through(row.number, older, newer)
        else:
            change, note, mark = (rules.SAME if answers else rules.NEW), "", ""
        lines.append(ComparisonLine(answers, (row,), change, note, mark))
    answered = {one.number for line in lines for one in line.older}
    lost = tuple(
        row for row in old.rows
        if row.number not in answered
        and not any(number.startswith(row.number + ".") for number in answered)
        and not mapping(older, newer)[row.number]
    )  # fmt: skip
    return Comparison(old, new, tuple(lines), lost)


def _whole(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Return clauses without the parts of those that are there as a whole."""
    rows = {one.number for one in clauses if not one.is_part}
    return tuple(one for one in clauses if not one.is_part or one.row not in rows)


def _links(links: tuple[Link, ...], new: Edition) -> dict[str, Link]:
    """Return the link of each row, what a part says under the row it is counted with."""
    found: dict[str, Link] = {}
    for link in links:
        for number in link.newer:
            row = new.numbers[number].row or number
            known = found.get(row)
            if known is None or (row == number and not known.note):
                found[row] = link
    return found


def _through(number: str, older: str, newer: str) -> tuple[str, str, str]:
    """Return what changed over 2015, where two editions do not stand side by side."""
    near = comparison(older="2015", newer=newer)
    line = next(one for one in near.lines if one.newer[0].number == number)
    first = comparison(older=older, newer="2015")
    before = [
        one for one in first.lines if any(one.newer[0].number == old.row for old in line.older)
    ]
    changes = [line.change, *(one.change for one in before)]
    notes = [line.note, *(one.note for one in before)]
    order = (rules.NEW, rules.STRONGER, rules.SPLIT, rules.MERGED, rules.MOVED, rules.RENAMED)
    change = next((one for one in order if one in changes), rules.SAME)
    return change, "; ".join(dict.fromkeys(filter(None, notes))), rules.KNOWN


def found_clauses(edition: Edition, asked: str) -> tuple[Clause, ...]:
    """Return the clauses whose number begins so, or whose titles hold the words; all for none."""
    if not asked:
        return edition.clauses
    words = fold(asked).split()
    return tuple(
        one
        for one in edition.clauses
        if one.number.startswith(asked)
        or all(word in fold(f"{one.full_vi} {one.en} {one.doc}") for word in words)
    )

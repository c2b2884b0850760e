"""What changed between two versions of a text, block by block and word by word.

Blocks are aligned in three passes: what is equal and occurs once on each side, what begins alike,
and what is alike by its words inside the gaps that remain. Every pass is bounded, so that two
texts of thousands of blocks are compared in less than a second.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"
HEADING, PARAGRAPH, ROW = "heading", "paragraph", "row"
ALIKE = 0.45
MAX_CELLS = 6_400
ONLY = "\u2063"  # invisible; stands before a cell that only one side has
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")
_LONG_ENOUGH_TO_MOVE = 20


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or a row of a table; a paragraph has one cell.

    `label` is a number that Word counts by itself ("5.2"); it shifts with its neighbours and is
    therefore shown, never compared.
    """

    kind: str
    cells: tuple[str, ...]
    level: int = 0
    label: str = ""

    @cached_property
    def text(self) -> str:
        """Return the cells in one line."""
        return " | ".join(self.cells) if self.kind == ROW else " ".join(self.cells)

    @cached_property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """Return what must be equal for the block to be the same; blanks count once."""
        return self.kind, tuple(" ".join(cell.split()) for cell in self.cells)

    @cached_property
    def bag(self) -> frozenset[str]:
        """Return its words in small letters."""
        return frozenset(_WORD.findall(self.text.lower()))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is SAME, ADDED or REMOVED."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a comparison: a block of the old text, of the new one, or one of each.

    `old` and `new` are indexes; `moved` is the index at which the other text has the same block.
    """

    mark: str
    old: int | None
    new: int | None
    cells: tuple[tuple[Piece, ...], ...]
    moved: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts laid beside each other, in the order of the new one."""

    old: tuple[Block, ...]
    new: tuple[Block, ...]
    changes: tuple[Change, ...]

    @property
    def is_same(self) -> bool:
        """Say whether nothing changed."""
        return all(change.mark == SAME for change in self.changes)

    def count(self, mark: str) -> int:
        """Return how many blocks carry a mark; moved ones are counted by `moved` alone."""
        return sum(change.mark == mark and change.moved is None for change in self.changes)

    @property
    def moved(self) -> int:
        """Return how many blocks moved."""
        return sum(change.mark == ADDED and change.moved is not None for change in self.changes)

    def block_of(self, change: Change) -> Block:
        """Return the block a change speaks of, as it is now where it still is."""
        return self.new[change.new] if change.new is not None else self.old[change.old or 0]


def compare(old: Sequence[Block], new: Sequence[Block]) -> Comparison:
    """Compare two texts; the pieces of the changes give each of them back, letter for letter."""
    before, after = tuple(old), tuple(new)
    changes = list(_changes(before, after))
    return Comparison(before, after, tuple(_with_moves(before, after, changes)))


def side(comparison: Comparison, *, is_new: bool) -> list[tuple[str, ...]]:
    """Return the cells of one side, put together again from the pieces of the changes."""
    left_out = REMOVED if is_new else ADDED
    found = []
    for change in comparison.changes:
        if (change.new if is_new else change.old) is not None:
            cells = (
                "".join(piece.text for piece in cell if piece.mark != left_out)
                for cell in _cells_of(change, is_new=is_new)
            )
            found.append(tuple(cell.removeprefix(ONLY) for cell in cells))
    return found


def _cells_of(change: Change, *, is_new: bool) -> Iterator[tuple[Piece, ...]]:
    """Yield the cells that one side has: a cell wholly of the other side is none of its own."""
    foreign = REMOVED if is_new else ADDED
    for cell in change.cells:
        if not (len(cell) == 1 and cell[0].mark == foreign and cell[0].text.startswith(ONLY)):
            yield cell


def words_changed(old: str, new: str) -> tuple[Piece, ...]:
    """Return the words of two texts, marked; runs of one mark are one piece."""
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    found: list[tuple[str, list[str]]] = []

    def put(mark: str, tokens: Sequence[str]) -> None:
        if tokens and found and found[-1][0] == mark:
            found[-1][1].extend(tokens)
        elif tokens:
            found.append((mark, list(tokens)))

    at_left = at_right = 0
    for one, other in [*_matches(left, right), (len(left), len(right))]:
        put(REMOVED, left[at_left:one])
        put(ADDED, right[at_right:other])
        if one < len(left):
            put(SAME, [left[one]])
        at_left, at_right = one + 1, other + 1
    return tuple(Piece(mark, "".join(tokens)) for mark, tokens in _whole_words(found))


def _whole_words(found: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """Join changes that only a blank stands between, and put what goes before what comes."""
    joined: list[tuple[str, list[str]]] = []
    removed: list[str] = []
    added: list[str] = []
    for index, (mark, tokens) in enumerate(found):
        is_between = 0 < index < len(found) - 1 and not "".join(tokens).strip()
        if mark == REMOVED:
            removed += tokens
        elif mark == ADDED:
            added += tokens
        elif is_between and removed and added:
            removed += tokens
            added += tokens
        else:
            _flush(joined, removed, added)
            removed, added = [], []
            joined.append((SAME, tokens))
    _flush(joined, removed, added)
    return joined


def _flush(joined: list[tuple[str, list[str]]], removed: list[str], added: list[str]) -> None:
    joined += [(mark, tokens) for mark, tokens in ((REMOVED, removed), (ADDED, added)) if tokens]


def _changes(old: tuple[Block, ...], new: tuple[Block, ...]) -> Iterator[Change]:
    at_old = at_new = 0
    for one, other in [*_aligned(old, new), (len(old), len(new))]:
        for index in range(at_old, one):
            yield Change(REMOVED, index, None, _whole(old[index], REMOVED))
        for index in range(at_new, other):
            yield Change(ADDED, None, index, _whole(new[index], ADDED))
        if one < len(old):
            yield _pair(one, other, old[one], new[other])
        at_old, at_new = one + 1, other + 1


def _pair(one: int, other: int, old: Block, new: Block) -> Change:
    if old.cells == new.cells and old.kind == new.kind:
        return Change(SAME, one, other, _whole(new, SAME))
    if old.key == new.key:  # blanks alone
        return Change(SAME, one, other, tuple(map(words_changed, old.cells, new.cells)))
    return Change(CHANGED, one, other, tuple(_cells_changed(old.cells, new.cells)))


def _cells_changed(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[tuple[Piece, ...]]:
    if len(old) == len(new):
        yield from map(words_changed, old, new)
        return
    at_old = at_new = 0
    for one, other in [*_matches(old, new), (len(old), len(new))]:
        yield from ((Piece(REMOVED, ONLY + cell),) for cell in old[at_old:one])
        yield from ((Piece(ADDED, ONLY + cell),) for cell in new[at_new:other])
        if one < len(old):
            yield (Piece(SAME, old[one]),)
        at_old, at_new = one + 1, other + 1


def _whole(block: Block, mark: str) -> tuple[tuple[Piece, ...], ...]:
    return tuple((Piece(mark, cell),) if cell else () for cell in block.cells)


def _with_moves(
    old: tuple[Block, ...], new: tuple[Block, ...], changes: list[Change]
) -> Iterator[Change]:
    """Tell of a removed block that the new text has elsewhere, and of its counterpart."""
    gone: dict[Hashable, list[int]] = {}
    for change in changes:
        if change.mark == REMOVED and change.old is not None:
            block = old[change.old]
            if len(block.text) >= _LONG_ENOUGH_TO_MOVE:
                gone.setdefault(block.key, []).append(change.old)
    to_new: dict[int, int] = {}
    for change in changes:
        if change.mark == ADDED and change.new is not None and gone.get(new[change.new].key):
            to_new[gone[new[change.new].key].pop(0)] = change.new
    to_old = {there: here for here, there in to_new.items()}
    for change in changes:
        moved = to_new.get(change.old, -1) if change.mark == REMOVED else -1  # type: ignore[arg-type]
        if change.mark == ADDED:
            moved = to_old.get(change.new, -1)  # type: ignore[arg-type]
        if moved < 0:
            yield change
        else:
            yield Change(change.mark, change.old, change.new, change.cells, moved)


def _aligned(old: tuple[Block, ...], new: tuple[Block, ...]) -> list[tuple[int, int]]:
    equal = _matches([block.key for block in old], [block.key for block in new])
    found: list[tuple[int, int]] = []
    at_old = at_new = 0
    for one, other in [*equal, (len(old), len(new))]:
        found += [
            (at_old + left, at_new + right)
            for left, right in _alike(old[at_old:one], new[at_new:other])
        ]
        if one < len(old):
            found.append((one, other))
        at_old, at_new = one + 1, other + 1
    return found


def _alike(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """Pair blocks that say nearly the same, in order, inside a gap without equal ones."""
    if not old or not new:
        return []
    if len(old) * len(new) <= MAX_CELLS:
        return _best_pairs(old, new)
    starts = _anchors([_start(block) for block in old], [_start(block) for block in new])
    if not starts:
        middle = len(old) // 2
        there = middle * len(new) // len(old)
        return [
            *_alike(old[:middle], new[:there]),
            *((middle + i, there + j) for i, j in _alike(old[middle:], new[there:])),
        ]
    found: list[tuple[int, int]] = []
    at_old = at_new = 0
    for one, other in [*starts, (len(old), len(new))]:
        found += [(at_old + i, at_new + j) for i, j in _alike(old[at_old:one], new[at_new:other])]
        if one < len(old) and _likeness(old[one], new[other]) >= ALIKE:
            found.append((one, other))
        at_old, at_new = one + 1, other + 1
    return found


def _start(block: Block) -> tuple[str, str]:
    return block.kind, block.text[:30].lower()


def _likeness(one: Block, other: Block) -> float:
    if (one.kind == ROW) != (other.kind == ROW):
        return 0.0
    size = len(one.bag) + len(other.bag)
    if not size:
        return 1.0 if one.key == other.key else 0.0
    return 2 * len(one.bag & other.bag) / size


def _best_pairs(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """Return the pairs in order whose likeness adds up to the most."""
    wide = len(new) + 1
    best = [[0.0] * wide for _ in range(len(old) + 1)]
    likes = [[_likeness(one, other) for other in new] for one in old]
    for i in range(len(old) - 1, -1, -1):
        row, below, like = best[i], best[i + 1], likes[i]
        for j in range(len(new) - 1, -1, -1):
            most = max(below[j], row[j + 1])
            if like[j] >= ALIKE and like[j] + below[j + 1] > most:
                most = like[j] + below[j + 1]
            row[j] = most
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if likes[i][j] >= ALIKE and best[i][j] == likes[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return pairs of equal items in order: the ends, then what occurs once, then the rest."""
    found: list[tuple[int, int]] = []
    todo = [(0, len(old), 0, len(new))]
    while todo:
        left, left_end, right, right_end = todo.pop()
        while left < left_end and right < right_end and old[left] == new[right]:
            found.append((left, right))
            left, right = left + 1, right + 1
        while left < left_end and right < right_end and old[left_end - 1] == new[right_end - 1]:
            left_end, right_end = left_end - 1, right_end - 1
            found.append((left_end, right_end))
        if left == left_end or right == right_end:
            continue
        anchors = _anchors(old[left:left_end], new[right:right_end])
        if not anchors:
            found += [
                (left + i, right + j) for i, j in _longest(old[left:left_end], new[right:right_end])
            ]
            continue
        start, there = left, right
        for i, j in [*anchors, (left_end - left, right_end - right)]:
            todo.append((start, left + i, there, right + j))
            if left + i < left_end:
                found.append((left + i, right + j))
            start, there = left + i + 1, right + j + 1
    return sorted(found)


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the longest run of pairs that occur exactly once on each side, in order."""
    counts, others = Counter(old), Counter(new)
    places = {item: index for index, item in enumerate(new) if others[item] == 1}
    pairs = [
        (index, places[item])
        for index, item in enumerate(old)
        if counts[item] == 1 and item in places
    ]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, there) in enumerate(pairs):
        place = bisect_left(tails, there)
        before.append(ends[place - 1] if place else -1)
        if place == len(tails):
            tails.append(there)
            ends.append(at)
        else:
            tails[place], ends[place] = there, at
    found, at = [], ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _longest(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return a longest common run of small sides; halves of larger ones by their place."""
    if not old or not new:
        return []
    if len(old) * len(new) > MAX_CELLS * 4:
        middle = (len(old) + 1) // 2
        there = middle * len(new) // len(old)
        return [
            *_longest(old[:middle], new[:there]),
            *((middle + i, there + j) for i, j in _longest(old[middle:], new[there:])),
        ]
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below, item = lengths[i], lengths[i + 1], old[i]
        for j in range(len(new) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if item == new[j] else max(below[j], row[j + 1])
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return found

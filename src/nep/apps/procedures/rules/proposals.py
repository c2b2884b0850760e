"""Which role a "responsible" text likely means: shared words, weighted by how telling they are.

No rule names a place or a person: words of units, roles and positions come from the agency. A text
that names but somebody else's unit is left to a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from nep.apps.organization.rules import ROLE_NAMES
from nep.kernel.text import words

_EMPTY = frozenset({"cua", "va", "thuoc", "tai", "cac", "co", "quan", "duoc", "phan", "cong"})
_SIGNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "reception": (
        ("mot", "cua"), ("tiep", "nhan"), ("tra", "ket", "qua"), ("hanh", "chinh", "cong"),
        ("bptn",), ("tn", "tkq"), ("ttpvhcc",), ("tthcc",), ("ttphcc",),
    ),
    "unit_head": (("truong", "phong"), ("pho", "phong"), ("lanh", "dao", "phong"),
                  ("truong", "bo", "phan"), ("lanh", "dao", "don", "vi")),
    "leader": (
        ("giam", "doc"), ("chu", "tich"), ("lanh", "dao", "so"), ("lanh", "dao", "ubnd"),
        ("lanh", "dao", "uy", "ban"), ("lanh", "dao", "co", "quan"), ("ban", "giam", "doc"),
        ("lanh", "dao", "chi", "cuc"),
    ),
    "specialist": (("chuyen", "vien"), ("cong", "chuc"), ("can", "bo"), ("nhan", "vien"),
                   ("thu", "ly"), ("van", "thu")),
}  # fmt: skip
_ANY_UNIT = frozenset(
    words(
        "phòng ban bộ sở trung tâm đơn vị chi cục ubnd ủy nhân dân cấp tỉnh huyện xã phường thành "
        "phố khu hoặc theo phụ trách lãnh đạo trưởng phó"
    )
)
"""Words that units of any agency have in their names, and who leads them; they tell no unit."""
LEAST = 0.34


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """One role of a unit that can be chosen; `also` is a further name of the unit."""

    key: str
    unit: str
    role: str
    words: str
    positions: tuple[str, ...] = ()
    also: str = ""
    people: int = 0


def propose_role(text: str, choices: Iterable[RoleChoice]) -> RoleChoice | None:
    """Return the likeliest choice for a printed text, or None when none is alike enough."""
    spoken = words(text)
    best: tuple[float, RoleChoice | None] = (LEAST, None)
    for choice in choices:
        if not _may_mean(spoken, choice):
            continue
        score = likeness_to(spoken, choice)
        if score > best[0]:
            best = (score, choice)
    return best[1]


def likeness_to(spoken: tuple[str, ...], choice: RoleChoice) -> float:
    """Return how alike a text is to a choice, about 0 to 2: role signs plus unit words."""
    told = set(spoken) - _EMPTY
    if not told:
        return 0.0
    role = _role_score(spoken, choice)
    unit = max(_shared(told, choice.unit), _shared(told, choice.also))
    position = max((_shared(told, name) for name in choice.positions), default=0.0)
    return role + 0.9 * unit + 0.5 * position


def _may_mean(spoken: tuple[str, ...], choice: RoleChoice) -> bool:
    """Say whether a text can mean a choice.

    One that tells a role may mean it in the likeliest unit, which a person then sees and confirms;
    one that names but a unit means this one only when most of its telling words do.
    """
    if any(_holds(spoken, sign) for signs in _SIGNS.values() for sign in signs):
        return True
    telling = set(spoken) - _EMPTY - _ANY_UNIT
    own = words(" ".join((choice.unit, choice.also, *choice.positions)))
    shared = telling & {*own, *words(ROLE_NAMES.get(choice.role, ""))}
    return 2 * len(shared) > len(telling)


def _role_score(spoken: tuple[str, ...], choice: RoleChoice) -> float:
    signs = {
        role: max((len(sign) for sign in known if _holds(spoken, sign)), default=0)
        for role, known in _SIGNS.items()
    }
    named = max(signs.values())
    own = signs.get(choice.role, 0)
    if not named:
        return _shared(set(spoken) - _EMPTY, ROLE_NAMES.get(choice.role, "")) * 0.5
    if own == named:
        return 0.7
    return 0.2 if own else -0.6


def _holds(spoken: tuple[str, ...], sign: tuple[str, ...]) -> bool:
    span = len(sign)
    return any(spoken[at : at + span] == sign for at in range(len(spoken) - span + 1))


def _shared(told: set[str], name: str) -> float:
    named = set(words(name)) - _EMPTY
    return len(told & named) / len(told | named) if named else 0.0

"""Log-in names proposed for people who have none."""

import re
from collections.abc import Collection, Iterable

from nep.kernel.text import fold

_NOT_NAME = re.compile(r"[^a-z0-9._-]+")
LONGEST, MOST_ALIKE = 40, 99


def bases(people: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the log-in name that each (name, e-mail) leads to, before others' are looked at.

    The e-mail's own part where there is one, as officials know it; else the given name and the first
    letters of what stands before it: "Nguyễn Văn An" gives "annv".
    """
    return tuple(_base(name, email) for name, email in people)


def alike(base: str) -> tuple[str, ...]:
    """Return the names that stand in where a name is taken, the first choice first."""
    return (base, *(f"{base}{number}" for number in range(2, MOST_ALIKE + 1)))


def propose(wanted: Iterable[str], taken: Collection[str]) -> tuple[str, ...]:
    """Return a free name for each wanted one, each once; "" where all that are alike are taken."""
    used = set(taken)
    found = []
    for base in wanted:
        name = next((one for one in alike(base) if one not in used), "")
        used.add(name)
        found.append(name)
    return tuple(found)


def _base(name: str, email: str) -> str:
    own = _NOT_NAME.sub("", email.partition("@")[0].lower()).strip("._-")
    if len(own) >= 3:
        return own[:LONGEST]
    words = [_NOT_NAME.sub("", word) for word in fold(name).split()]
    *before, given = [word for word in words if word] or ["nguoi"]
    made = given + "".join(word[0] for word in before)
    return (made if len(made) >= 3 else f"{made}.nd")[:LONGEST]

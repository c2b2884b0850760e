"""Finding the step, or the state, that another system's words mean. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from nep.apps.cases.rules.plan import Plan, PlanStep
from nep.apps.cases.rules.statuses import (
    ACCEPTED,
    DONE,
    PAUSED,
    PAYMENT,
    RETURNED,
    RUNNING,
    STATUS_NAMES,
    STOPPED,
    SUPPLEMENT,
    WITHDRAWN,
)
from nep.kernel.text import fold, words

NEW = 1
REFUSED = 3
_LIKE_ENOUGH = 0.5
_SAME_ENOUGH = 0.2
_MOST_MET = 10_000
_NUMBERED = re.compile(r"^(?:buoc|b)?\s*(\d{1,3})(?:\s*/\s*\d{1,3})?\s*[:.)\-–]?\s*(.*)$")
_CODED = re.compile(r"^(\d{1,2})(?:\s*[-–:.]\s*(.*))?$")
_WORDS: dict[int, tuple[str, ...]] = {
    NEW: ("moi dang ky", "cho tiep nhan", "new"),
    ACCEPTED: ("da tiep nhan", "tiep nhan", "tiep nhan ho so", "receiving"),
    REFUSED: ("khong duoc tiep nhan", "tu choi tiep nhan", "denied"),
    RUNNING: ("dang giai quyet", "dang xu ly ho so", "processing", "tiep tuc xu ly"),
    SUPPLEMENT: (
        "cho bo sung", "yeu cau bo sung", "bo sung ho so", "yeu cau bo sung ho so",
        "cho bo sung ho so", "waiting", "correcting",
    ),
    PAYMENT: ("cho nop phi", "cho thanh toan", "yeu cau nop phi", "cho nop le phi"),
    WITHDRAWN: ("rut ho so", "da rut", "rut", "nguoi nop rut ho so", "cancelled"),
    STOPPED: ("dung giai quyet", "tra lai ho so", "huy", "da huy", "tu choi giai quyet"),
    DONE: ("da xu ly", "da giai quyet", "hoan thanh", "co ket qua", "da co ket qua", "done"),
    RETURNED: ("tra ket qua", "da tra", "da tra ket qua cho nguoi nop"),
    PAUSED: ("tam dung", "tam dung giai quyet", "pausing"),
}  # fmt: skip
_STATES: dict[str, int] = {
    **{fold(name): code for code, name in STATUS_NAMES.items() if code > NEW},
    **{text: code for code, texts in _WORDS.items() for text in texts},
}


_ROLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("reception", ("mot cua", "tiep nhan", "tra ket qua", "phuc vu hanh chinh cong", "reception")),
    ("specialist", ("chuyen vien", "cong chuc", "can bo thu ly", "thu ly", "specialist")),
    ("unit_head", ("truong phong", "pho phong", "lanh dao phong", "chi cuc truong", "unit_head")),
    ("leader", ("giam doc", "chu tich", "lanh dao", "thu truong", "leader")),
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a row's words mean: a step, a state, or neither."""

    step: PlanStep | None = None
    status: int | None = None

    def __bool__(self) -> bool:
        return self.step is not None or self.status is not None


def meaning_of(*, step: str, status: str, plan: Plan, last_number: int, role: str = "") -> Meaning:
    """Return what a row means in a plan.

    The words of the step decide: by number, by name, by likeness; between steps of equal likeness
    the next one after the last matched. Words that are no step may name a state. Where words say
    nothing but that work goes on, the position of who did it decides: the next step of that role.
    """
    found = match_step(step, plan=plan, last_number=last_number) if step else None
    state = status_of(status)
    if found is None and step and state is None:
        state = status_of(step)
    if found is None and not step and state is None:
        found = match_step(status, plan=plan, last_number=last_number)
    if found is None and role and state in (None, RUNNING):
        found = match_role(role, plan=plan, last_number=last_number)
    return Meaning(found, state)


def match_role(text: str, *, plan: Plan, last_number: int = 0) -> PlanStep | None:
    """Return the next step of the role that a position names, the same again, or None."""
    role = role_of(text)
    steps = [step for step in plan.order if role and step.role == role]
    later = [step for step in steps if step.number > last_number]
    same = [step for step in steps if step.number == last_number]
    return next(iter(later or same), None)


@lru_cache(maxsize=1024)
def role_of(text: str) -> str:
    """Return the role that a position, as another system writes it, stands for; empty for none."""
    bare = f" {fold(text)} "
    named = [(len(words_), role) for role, known in _ROLES for words_ in known if words_ in bare]
    return max(named)[1] if named else ""


def pinned_meaning(*, step: str, status: str, node: str, plan: Plan) -> Meaning:
    """Return what a row means whose step is settled: `node`, or no step where it is empty.

    A state is still read from the words, as `meaning_of` reads it.
    """
    found = plan.steps.get(node) if node else None
    state = status_of(status)
    if found is None and step and state is None:
        state = status_of(step)
    return Meaning(found, state)


def recalled_node(*, node: str, step_name: str, plan: Plan) -> str | None:
    """Return the step of a plan that a remembered wording means, None when the plan has it no more.

    The wording was explained in another version perhaps, so the step's name has to agree.
    """
    if not node:
        return ""
    known = plan.steps.get(node)
    if known is not None and fold(known.name) == fold(step_name):
        return node
    named = [one.node for one in plan.order if fold(one.name) == fold(step_name)]
    return named[0] if len(named) == 1 else None


@lru_cache(maxsize=4096)
def status_of(text: str) -> int | None:
    """Return the state that a number of the national portal or a usual wording names."""
    bare = fold(text)
    if not bare:
        return None
    if coded := _CODED.match(bare):
        number = int(coded.group(1))
        return number if 1 <= number <= 10 else None
    return _STATES.get(bare)


def match_step(text: str, *, plan: Plan, last_number: int = 0) -> PlanStep | None:
    """Return the step that a text names, or None."""
    asked = text, last_number
    if asked not in plan.met:
        if len(plan.met) >= _MOST_MET:
            plan.met.clear()
        plan.met[asked] = _match(text, plan, last_number)
    return plan.met[asked]


def _match(text: str, plan: Plan, last_number: int) -> PlanStep | None:
    number, rest = _split(text)
    if number is not None and 1 <= number <= len(plan.order):
        step = plan.order[number - 1]
        if not rest or _alike(rest, step.name) >= _SAME_ENOUGH:
            return step
    scored = [(_alike(rest or text, step.name), step) for step in plan.order]
    best = max((score for score, _step in scored), default=0.0)
    if best < _LIKE_ENOUGH:
        return None
    tied = [step for score, step in scored if score == best]
    later = [step for step in tied if step.number > last_number]
    same = [step for step in tied if step.number == last_number]
    return (later or same or tied)[0]


def _split(text: str) -> tuple[int | None, str]:
    found = _NUMBERED.match(fold(text))
    if found is None:
        return None, text
    return int(found.group(1)), found.group(2).strip()


@lru_cache(maxsize=4096)
def _words_of(text: str) -> frozenset[str]:
    """Return the words of a name; a file says the same few names over and over."""
    return frozenset(words(text))


def _alike(one: str, other: str) -> float:
    """Return how alike two names are; a name that holds the whole other one is alike as well."""
    left, right = _words_of(one), _words_of(other)
    if not left or not right:
        return 0.0
    shared = len(left & right)
    whole = shared / len(left | right)
    inner = shared / min(len(left), len(right))
    return max(whole, 0.9 * inner if min(len(left), len(right)) > 1 else 0.0)

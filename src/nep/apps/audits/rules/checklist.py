"""Questions of a session: from its clauses, the steps and laws of its procedure, and what was
found before. All in the product's own words; of the standard only numbers and titles."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nep.apps.audits.rules.planning import GROUPS, ClauseRule
from nep.kernel.text import shorten

STEP_CLAUSE, FORM_CLAUSE, LAW_CLAUSE, AGAIN_CLAUSE = "8.5", "7.5", "8.2", "10.2"
MOST = 10
MOST_STEPS, MOST_LAWS, MOST_SHEETS = 3, 1, 2
MOST_TEXT = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its clause, what to look at, and where that stands."""

    clause: str
    text: str
    hint: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A step of the procedure that is audited."""

    label: str
    name: str
    limit: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcedureFacts:
    """The procedure of a session: its code, steps and the laws it names."""

    code: str
    title: str
    url: str
    steps: tuple[StepFacts, ...] = ()
    laws: tuple[str, ...] = ()


def read_clauses(shipped: Sequence[Mapping[str, Any]]) -> tuple[ClauseRule, ...]:
    """Return the shipped clauses with their questions. Raises ValueError for an unknown group."""
    found = []
    for one in shipped:
        groups = frozenset(one["groups"])
        if not groups <= set(GROUPS):
            raise ValueError(f"unknown group of units at clause {one['number']}")
        asked = tuple((text, hint) for text, hint in one.get("questions", ()))
        found.append(ClauseRule(one["number"], one["title"], groups, asked))
    return tuple(found)


def step_questions(procedure: ProcedureFacts) -> list[Asked]:
    """Return questions about the longest steps of a procedure, the forms it uses, and its laws."""
    found = []
    for one in procedure.steps[:MOST_STEPS]:
        limit = f" trong {one.limit}" if one.limit else ""
        text = f"{one.label} “{shorten(one.name, 120)}” có đúng người làm và xong{limit}?"
        hint = f"Hồ sơ lấy mẫu, phiếu kiểm soát; {procedure.code}"
        found.append(Asked(STEP_CLAUSE, text, hint, procedure.url))
    forms = tuple(dict.fromkeys(form for one in procedure.steps for form in one.forms))
    if forms:
        named = ", ".join(forms[:2])
        found.append(
            Asked(FORM_CLAUSE, f"Biểu mẫu đang dùng ({shorten(named, 120)}) có đúng lần ban hành?",
                  "Đối chiếu hồ sơ lấy mẫu với thư viện tài liệu", procedure.url)
        )  # fmt: skip
    for law in procedure.laws[:MOST_LAWS]:
        found.append(
            Asked(LAW_CLAUSE, f"{procedure.code} đã cập nhật theo {shorten(law, 160)}?",
                  "Văn bản còn hiệu lực; ngày cập nhật quy trình", procedure.url)
        )  # fmt: skip
    return found


def checklist(
    *,
    clauses: Sequence[str],
    known: Iterable[ClauseRule],
    procedure: ProcedureFacts | None,
    sheets: Sequence[tuple[str, str, str]] = (),
    most: int = MOST,
) -> tuple[Asked, ...]:
    """Return the questions of a session, at most so many, in the order of their clauses.

    `sheets` are the unit's nonconformities of before: (code, title, address). What comes from the
    procedure and from before goes first; every clause then gives its first question while there is
    room, then its second.
    """
    bank = {one.number: one.questions for one in known}
    own = [
        Asked(
            AGAIN_CLAUSE, f"{code} “{shorten(title, 120)}” có lặp lại?", "Phiếu của lần trước", url
        )
        for code, title, url in sheets[:MOST_SHEETS]
    ]
    own += step_questions(procedure) if procedure else []
    asked = own[:most]
    for turn in range(max((len(bank.get(one, ())) for one in clauses), default=0)):
        for number in clauses:
            if len(asked) >= most:
                break
            if turn == 0 and any(one.clause == number for one in asked):
                continue
            questions = bank.get(number, ())
            if turn < len(questions):
                asked.append(Asked(number, *questions[turn]))
    return tuple(sorted(asked, key=lambda one: clause_key(one.clause)))


def clause_key(number: str) -> tuple[int, ...]:
    """Return a key that orders clause numbers: 7.5 before 7.5.3 before 10.2."""
    return tuple(int(part) for part in number.split(".") if part.isdigit())

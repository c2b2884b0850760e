"""Which of several procedures of one TTHC the rows of a case speak of. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from nep.apps.cases.rules.fed_columns import FedRow
from nep.apps.cases.rules.fed_steps import match_step, status_of
from nep.apps.cases.rules.plan import Plan
from nep.kernel.text import fold


@dataclass(frozen=True, slots=True)
class Candidate:
    """One procedure in force: its code, the case (variant) it is for, its plan."""

    code: str
    variant: str
    plan: Plan

    @property
    def label(self) -> str:
        """Return "QT-05, cấp lại"."""
        return ", ".join(part for part in (self.code, self.variant) if part)


def choose_variant(
    *, rows: Sequence[FedRow], candidates: Sequence[Candidate], named: str = ""
) -> int | None:
    """Return the place of the procedure that the rows are of, None when it has to be asked.

    A name decides: of a row's column, else `named` for the whole file. Without one the words of the
    steps decide, when one procedure alone knows every step that any of them knows.
    """
    if len(candidates) == 1:
        return 0
    names = {fold(row.variant) for row in rows if row.variant} or ({fold(named)} - {""})
    if names:
        fitting = [
            place
            for place, one in enumerate(candidates)
            if names <= {fold(one.code), fold(one.variant), fold(one.label)}
        ]
        return fitting[0] if len(fitting) == 1 else None
    texts = {text for row in rows if (text := step_words(row))}
    known = [
        {text for text in texts if match_step(text, plan=one.plan) is not None}
        for one in candidates
    ]
    most: set[str] = set().union(*known)
    fitting = [place for place, found in enumerate(known) if found == most]
    return fitting[0] if most and len(fitting) == 1 else None


def step_words(row: FedRow) -> str:
    """Return the words of a row that may name a step; those that name a state do not."""
    text = row.step or row.status
    return "" if status_of(text) is not None else text


def question(candidates: Sequence[Candidate]) -> str:
    """Return what has to be asked, for the report of the import."""
    names = "; ".join(one.label or "chưa có mã" for one in candidates)
    return (
        f"Thủ tục này có {len(candidates)} quy trình đang áp dụng ({names}) và tên bước chưa cho "
        "biết hồ sơ theo quy trình nào. Hãy chọn quy trình của cả tệp, hoặc thêm cột mã quy trình."
    )

"""What a Word file says about procedures, as values."""

from dataclasses import dataclass, field
from decimal import Decimal

from nep.apps.procedures.rules.paper import NO_PAPER, Paper


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file was refused: a code and a full Vietnamese sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Caution:
    """What is uncertain and has to be asked.

    `procedure` is the index in `procedures` from 0, `step` the step's order from 1; None where
    the warning concerns the whole file or the whole procedure.
    """

    code: str
    message: str
    procedure: int | None = None
    step: int | None = None


@dataclass(frozen=True, slots=True)
class ImportedStep:
    """One row of a step table.

    `time_hours` counts a day as 8 hours; None where the row has no time of its own (no time is
    counted, the cell is empty, or it is merged with the row above). `time_unit` is
    "ngày làm việc", "ngày", "giờ" or None. `merged` names the cells shared with the row above:
    "content", "responsible", "forms", "time". `uncertain` tells that the time has to be asked.
    `told` and `listed` are `content` and `forms` with the line breaks of their cells.
    """

    order: int
    label: str
    section: str
    content: str
    responsible: str
    time_text: str
    time_hours: Decimal | None
    time_unit: str | None
    forms: str
    merged: tuple[str, ...] = ()
    uncertain: bool = False
    told: str = ""
    listed: str = ""


@dataclass(frozen=True, slots=True)
class ImportedProcedure:
    """One step table with the heading it stands under.

    `tthc_code` is bare ("1.009645"), `tthc_code_text` as printed ("1.009645.H05"); None where the
    document gives none. `variant` is the case where one code has several tables. Totals and sums
    are hours of 8-hour days; `sum_matches_declared` is None where there is nothing to compare.
    `day_meaning` is "ngày làm việc" where the head of the time column, the total or the limit
    says so of the procedure's days, else "".
    """

    tthc_code: str | None
    tthc_code_text: str | None
    name: str
    variant: str
    steps: tuple[ImportedStep, ...]
    declared_total_text: str | None = None
    declared_total_hours: Decimal | None = None
    declared_total_unit: str | None = None
    limit_text: str | None = None
    sections: tuple[str, ...] = ()
    part_totals: tuple[str, ...] = ()
    sum_hours: Decimal | None = None
    sum_matches_declared: bool | None = None
    day_meaning: str = ""


@dataclass(frozen=True, slots=True)
class DocumentData:
    """What an ISO procedure says about itself; empty where it does not.

    `sections` holds (heading, text) pairs in their order; `required_papers` and `forms` are lists
    of lines as printed. `paper` holds the words around the step table in the product's own
    sections; `quantities` is (originals, copies) of each required paper, () where not printed.
    """

    code: str = ""
    issue: str = ""
    effective_date: str = ""
    title: str = ""
    limit_text: str = ""
    sections: tuple[tuple[str, str], ...] = ()
    legal_basis: tuple[str, ...] = ()
    required_papers: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    paper: Paper = NO_PAPER
    quantities: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What was read from one Word file.

    A file without procedures is accepted with an empty list; a refused file has reasons.
    `document` is given for a procedure in the ISO form, else None.
    """

    file: str
    accepted: bool
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Caution, ...] = ()
    procedures: tuple[ImportedProcedure, ...] = field(default=())
    document: DocumentData | None = None

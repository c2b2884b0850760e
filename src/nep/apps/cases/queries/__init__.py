"""Reads of cases: frozen values of one agency; the applicant only where it is needed."""

from nep.apps.cases.queries import _invariants as _invariants  # registered for `nep doctor`
from nep.apps.cases.queries import _ledgers as _ledgers
from nep.apps.cases.queries._fed import FedFile, fed_file, fed_file_days, fed_files
from nep.apps.cases.queries._fed_matches import CorrectionLine, FedMatches, MatchLine, fed_matches
from nep.apps.cases.queries._forms import (
    ApplicantFacts,
    FormHead,
    FormPaper,
    ReceiptData,
    SlipData,
    SlipRow,
    SupplementData,
    control_slip,
    receipt_data,
    supplement_data,
)
from nep.apps.cases.queries._holding import HolderLine, LateCause, holder_lines, late_causes
from nep.apps.cases.queries._intake import Intake, Suggestion, intake, suggestions
from nep.apps.cases.queries._lists import (
    FIGURE_GROUPS,
    MOST_EXPORTED,
    CaseFilter,
    CaseLine,
    CaseLines,
    Figures,
    FigureTable,
    MonthFigures,
    ProcedureFigures,
    cases_count,
    cases_list,
    figure_years,
    figures,
    late_cases,
    month_asked,
)
from nep.apps.cases.queries._next import (
    Account,
    NextAction,
    next_action,
    result_account,
    step_account,
)
from nep.apps.cases.queries._page import CasePage, case_page, paper_file
from nep.apps.cases.queries._plans import plan
from nep.apps.cases.queries._public import PublicCase, PublicState, public_case, public_state

__all__ = [
    "FIGURE_GROUPS",
    "MOST_EXPORTED",
    "Account",
    "ApplicantFacts",
    "CaseFilter",
    "CaseLine",
    "CaseLines",
    "CasePage",
    "CorrectionLine",
    "FedFile",
    "FedMatches",
    "FigureTable",
    "Figures",
    "FormHead",
    "FormPaper",
    "HolderLine",
    "Intake",
    "LateCause",
    "MatchLine",
    "MonthFigures",
    "NextAction",
    "ProcedureFigures",
    "PublicCase",
    "PublicState",
    "ReceiptData",
    "SlipData",
    "SlipRow",
    "Suggestion",
    "SupplementData",
    "case_page",
    "cases_count",
    "cases_list",
    "control_slip",
    "fed_file",
    "fed_file_days",
    "fed_files",
    "fed_matches",
    "figure_years",
    "figures",
    "holder_lines",
    "intake",
    "late_cases",
    "late_causes",
    "month_asked",
    "next_action",
    "paper_file",
    "plan",
    "public_case",
    "public_state",
    "receipt_data",
    "result_account",
    "step_account",
    "suggestions",
    "supplement_data",
]
